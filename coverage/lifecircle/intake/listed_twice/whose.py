"""Whose a house is that two rows may be, as each of them has it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from lifecircle.intake.ledger.values import split_serves
from lifecircle.intake.listed_twice.called import core_of, estate_called
from lifecircle.intake.listed_twice.grounds import areas_called, by_project
from lifecircle.intake.listed_twice.rows import plain

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from lifecircle.intake.listed_twice.grounds import Ground

    Shapes = NDArray[np.object_]
    Row = dict[Hashable, Any]

__all__ = ["NEAR_M", "astray"]

NEAR_M = 200.0
"""One name and kind within this distance is one place that was put on the map twice."""


def astray(
    house: Mapping[int, int], said: Sequence[Row], shapes: Shapes, areas: Iterable[Ground]
) -> list[int]:
    """Return the rows of houses of which nobody knows whose they are.

    They stand by one area on one line and by another on the next; or one line has a record of whom
    they serve, and another without one stands by somebody else.
    """
    areas, by_house = [*areas], defaultdict[int, list[int]](list)
    for row, first in house.items():
        by_house[first].append(row)
    houses = [mine for mine in by_house.values() if len(mine) > 1]
    placed = [row for mine in houses for row in mine if shapes[row] is not None]
    near = _nearest(placed, shapes, areas)
    named = areas_called(areas)
    return [
        row
        for mine in houses
        if _of_two(mine, near) or _recorded_elsewhere(mine, near, said, named)
        for row in mine
    ]


def _of_two(rows: Iterable[int], near: Mapping[int, frozenset[object]]) -> bool:
    return len({near[row] for row in rows if row in near}) > 1


def _recorded_elsewhere(
    rows: Iterable[int],
    near: Mapping[int, frozenset[object]],
    said: Sequence[Row],
    named: Mapping[str, set[object]],
) -> bool:
    """Return whether a row without a record may be of others than the records name.

    Where nobody is near such a row its name tells: it is to be that of a row with a record.
    """
    records = {row: one for row in rows if (one := plain(said[row].get("serves")))}
    silent = [row for row in rows if row not in records]
    if not records or not silent:
        return False
    told = split_serves(next(iter(records.values())))
    if len({*records.values()}) > 1 or len(told) != 1:
        return True
    whose, cores = (
        named.get(estate_called(told[0][0]), set()),
        {core_of(said[row]) for row in records},
    )
    return any(
        near[row] != whose if near.get(row) else core_of(said[row]) not in cores for row in silent
    )


def _nearest(rows: list[int], shapes: Shapes, areas: list[Ground]) -> dict[int, frozenset[object]]:
    """Return the areas that each row with a position stands by: none where none is near."""
    outlines, names = by_project(areas) if rows else ([], [])
    if not outlines:
        return dict.fromkeys(rows, frozenset())
    asked = np.array(rows)
    which, area = shapely.STRtree(outlines).query_nearest(shapes[asked], max_distance=NEAR_M)
    nearest: dict[int, set[object]] = defaultdict(set)
    for at, one in zip(asked[which].tolist(), area.tolist(), strict=True):
        nearest[at].add(names[one])
    return {row: frozenset(nearest[row]) for row in rows}
