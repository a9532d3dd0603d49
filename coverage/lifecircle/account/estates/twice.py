"""Estates that may stand on two rows: whose rooms are if they are one, and if they are two."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lifecircle.account.estates.claims import INSIDE
from lifecircle.account.sums import added_up
from lifecircle.model.inputs.layers import REPEATS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pandas as pd

    from lifecircle.account.estates.claims import Claim

    Row = tuple[str, str, float]
    Way = tuple[list[Claim], list[tuple[str, str]], Sequence[Row]]

__all__ = ["Again", "once_or_twice", "repeats"]


class Again(dict[str, str]):
    """Area → the one that its row may say again (``REPEATS``).

    ``others``: those that are said again → the areas that say them with other households. Two rows
    that say the same are alike: rooms of one of the two may be called the first's.
    """

    def __init__(self, pairs: Iterable[tuple[str, str]], counted: Mapping[str, float]) -> None:
        super().__init__(pairs)
        self.others: dict[str, list[str]] = {}
        for area, first in self.items():
            if counted[area] != counted[first]:
                self.others.setdefault(first, []).append(area)


def repeats(areas: pd.DataFrame) -> Again:
    """Return area → the one that its row may say again (``REPEATS``)."""
    told = areas[REPEATS].items() if REPEATS in areas else ()
    found = [(str(area), one) for area, one in told if isinstance(one, str) and one in areas.index]
    return Again(found, areas["counted"].astype(float).to_dict() if found else {})


def once_or_twice(ways: Sequence[Way], again: Again) -> list[Way]:
    """Return ways to read a facility, each as two areas that may be one are two, and as one.

    A record that names both, and no m², says the same either way: of the second it is not known
    whether it asks for anything. Where they are two of other households, what is the first's by
    name, or by a record of its name, may be the other's. ``again``: of :func:`repeats`.
    """
    found = list(ways)
    for claims, lost, rows in ways if again else ():
        theirs = {str(one[1]) for one in (*claims, *lost, *rows)}
        as_one = {**again, **_alike_either_way(rows, again)}
        found += [
            _meaning((claims, lost, rows), meant)
            for meant in (as_one, *_the_others(claims, theirs, again))
            if any(meant.get(area, area) != area for area in theirs)
        ]
    return found


def _the_others(
    claims: Iterable[Claim], theirs: Iterable[str], again: Again
) -> Iterator[dict[str, str]]:
    """Yield area → another of its name, for areas of ``theirs`` in which nothing stands."""
    there = {one.residential for one in claims if one.rank == INSIDE and not one.out}
    others = {area: again.others[area] for area in theirs if area in again.others}
    others = {area: some for area, some in others.items() if area not in there}
    for n in range(max(map(len, others.values()), default=0)):
        yield {area: some[n] for area, some in others.items() if n < len(some)}


def _meaning(way: Way, meant: Mapping[str, str]) -> Way:
    """Return a way to read a facility with other areas meant, each once."""
    claims, lost, rows = way
    theirs = [
        one._replace(residential=meant.get(one.residential, one.residential)) for one in claims
    ]
    first = {one.residential: one for one in reversed(theirs)}
    return (
        [one for one in theirs if first[one.residential] is one],
        list(dict.fromkeys((one, meant.get(area, area)) for one, area in lost)),
        added_up((one, meant.get(area, area), m2) for one, area, m2 in rows),
    )


def _alike_either_way(rows: Iterable[Row], again: Mapping[str, str]) -> dict[str, str]:
    """Return the areas of a record that it names beside what they may be again, without m²."""
    named = {area: m2 for _, area, m2 in rows}
    both = [one for one in named if again.get(one) in named]
    said = [named[area] for one in both for area in (one, again[one])]
    return {one: one for one in both} if all(map(math.isnan, said)) else {}
