"""Points some kilometres outside the unit that their row names: a digit wrong, and 5 km off.

Nearer than ``contradicted`` asks, there are good reasons to lie so: outlines that are drawn
roughly, or from before a town grew, and exclaves. Rows that lie so for a reason lie with others of
their unit, or with the areas that they serve; one wrong digit lies alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from lifecircle.intake.joins.places.pool import Tie
from lifecircle.intake.joins.said_units import said_units

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from lifecircle.intake.joins.places.pool import Pool
    from lifecircle.intake.joins.units import UnitIndex

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

__all__ = ["slipped"]

_BEYOND_M = 2000.0
"""How far from its unit's outline a row is in none of its parts."""
_WITH_M = 1000.0
"""Within which another row of its unit, or an area that it serves, says that it is right."""
_APART_M, _TIMES, _SEVERAL = 3000.0, 4.0, 3
"""How far a row of a community without an outline lies from at least ``_SEVERAL`` other ones: so
many times as far as these do from each other."""
_FEW = 0.05
"""Share of the rows far from their unit at most: more are outlines that lie wrong, or a county
where estates bear the code of the town that they came from."""


def slipped(pool: Pool, units: UnitIndex, served_near: Callable[[int, float], bool]) -> list[Tie]:
    """Return the rows that lie some kilometres from the unit they name, and how far.

    Parameters
    ----------
    served_near
        Whether a row has to do, by a record, with another within some metres.
    """
    towns, locals_ = _named(pool, units)
    there = np.array([s is not None and s.geom_type == "Point" for s in pool.shapes], dtype=bool)
    rows = np.flatnonzero(there)
    if not len(rows):
        return []
    xy = np.full((len(pool.shapes), 2), np.nan)
    xy[rows] = shapely.get_coordinates(pool.shapes[rows])
    found = {tie.row: tie for tie in _of_communities(xy, rows, towns, locals_)}
    found |= {tie.row: tie for tie in _of_outlines(pool, units, rows, towns, locals_)}
    if len(found) > max(1, _FEW * len(rows)):
        return []
    own = np.where(locals_ == None, towns, locals_)  # noqa: E711 - of objects
    return [
        tie
        for tie in found.values()
        if not _in_company(xy, tie.row, own, towns) and not served_near(tie.row, _WITH_M)
    ]


def _named(pool: Pool, units: UnitIndex) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Return the town and the community of each row: codes, or as written where none is known."""
    found = []
    for level in ("unit", "community"):
        cells: list[str | None] = []
        for part in pool.parts:
            frame = part.ledger.frame
            codes = said_units(frame, units)[level].tolist()
            told = frame[level].tolist() if level in frame else [None] * len(frame)
            cells += [code or text for code, text in zip(codes, told, strict=True)]
        column: NDArray[np.object_] = np.empty(len(cells), dtype=object)
        column[:] = cells
        found.append(column)
    return found[0], found[1]


def _of_outlines(
    pool: Pool,
    units: UnitIndex,
    rows: NDArray[np.int64],
    towns: NDArray[np.object_],
    locals_: NDArray[np.object_],
) -> list[Tie]:
    """Return the points far from the outline of their community, else of their town."""
    lands = units.territories()
    codes = [
        next((one for one in (locals_[row], towns[row]) if one in lands), None) for row in rows
    ]
    asked = [(row, code) for row, code in zip(rows.tolist(), codes, strict=True) if code]
    if not asked:
        return []
    shapes, outlines = pool.shapes[[row for row, _ in asked]], [lands[code] for _, code in asked]
    away = shapely.distance(shapes, outlines)
    return [
        Tie(row, float(metres), unit=str(code))
        for (row, code), metres in zip(asked, away, strict=True)
        if metres > _BEYOND_M
    ]


def _of_communities(
    xy: Floats, rows: NDArray[np.int64], towns: NDArray[np.object_], locals_: NDArray[np.object_]
) -> list[Tie]:
    """Return the points many times farther from those of their community than these lie apart."""
    of: dict[tuple[str, str], list[int]] = {}
    for row in rows.tolist():
        if locals_[row] is not None:  # two towns may have a community of one name
            of.setdefault((str(towns[row]), str(locals_[row])), []).append(row)
    ties = []
    for (_, code), some in of.items():
        spots = xy[some]
        if len(some) <= _SEVERAL or np.hypot(*np.ptp(spots, axis=0)) <= _APART_M:
            continue
        far = int(np.hypot(*(spots - np.median(spots, axis=0)).T).argmax())
        rest = np.delete(spots, far, axis=0)
        away = float(np.hypot(*(rest - spots[far]).T).min())
        if away > max(_APART_M, _TIMES * float(np.hypot(*np.ptp(rest, axis=0)))):
            ties.append(Tie(some[far], away, unit=code))
    return ties


def _in_company(xy: Floats, row: int, own: NDArray[np.object_], towns: NDArray[np.object_]) -> bool:
    """Return whether another row of the unit lies beside a row."""
    mine = (own == own[row]) | ((towns == towns[row]) & (towns != None))  # noqa: E711 - of objects
    mine[row] = False
    others = xy[mine]
    if not len(others):
        return False
    return bool(np.nanmin(np.append(np.hypot(*(others - xy[row]).T), np.inf)) <= _WITH_M)
