"""The service relations that a quota plan rests on: who has how many m² of which facility."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.model.results.siting_plan import PlannedRecord
from lifecircle.siting.plans.shortage import SPARE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lifecircle.siting.plans.question import Question
    from lifecircle.siting.plans.shortage import Shortage

__all__ = ["planned_records"]

_CENT = 100


def planned_records(
    question: Question, short: Shortage, given: Mapping[tuple[str, str], int]
) -> tuple[PlannedRecord, ...]:
    """Return the records of a plan, facility by facility; each takes the place of its old ones.

    Rooms that are an area's own where they stand need none. A facility in use keeps the records it
    has, and one for its own area, which would lose its rooms to a record of others.

    Parameters
    ----------
    given
        Area and site → hundredths of an m².
    """
    by_id = {one.id: one for one in question.candidates}
    whose: dict[str, dict[str, int]] = {}
    far: dict[tuple[str, str], float] = {}
    spare: set[str] = set()
    for (area, site), m2 in given.items():
        if site in by_id:
            place = by_id[site].facility
        else:
            place = site.removeprefix(SPARE)
            spare.add(place)
        mine = whose.setdefault(place, {})
        mine[area] = mine.get(area, 0) + m2
        far[place, area] = short.pairs[area, site]
    found: list[PlannedRecord] = []
    recorded = set(question.study.sharing["facility"])
    for place in sorted(whose):
        mine = whose[place]
        own = mine.keys() == {short.homes.get(place)}
        stands = place in short.kept or place in short.alone
        if own and stands and place not in recorded:
            continue
        found += _of(place, mine, short, far, existing=place in spare)
    return tuple(found)


def _of(
    place: str,
    given: Mapping[str, int],
    short: Shortage,
    far: Mapping[tuple[str, str], float],
    *,
    existing: bool,
) -> Iterator[PlannedRecord]:
    mine, home = dict(given), short.homes.get(place)
    everything = mine.keys() == {home} and place not in short.kept
    for area, asked in short.kept.get(place, ()):
        more = mine.pop(str(short.lead.get(area, area)), 0) / _CENT
        named = None if asked is None else asked + more
        yield PlannedRecord(place, area, named, existing=True, cost=None)
    for area in sorted(mine):
        metres = None if area == home else round(far[place, area], 3)
        m2 = None if everything else mine[area] / _CENT
        yield PlannedRecord(place, area, m2, existing=existing, cost=metres)
