"""Rooms: planned places enlarged or put together, and the fewest m² with which that will do."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from lifecircle.model.finding import meets, rounded_up
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = [
    "added_m2",
    "at_once",
    "groups",
    "rooms",
    "rooms_of_several",
    "sized",
    "steps_of",
]

_MOST_PLOTS = 8
"""Plots whose small places are tried together: every choice of so many is 247."""


def steps_of(change: Reason) -> tuple[Reason, ...]:
    """Return the steps of a change one by one: those on other plots are its ``notes``."""
    more = [Reason.from_json(note) for note in change.params.get("notes", ())]
    return (change, *more)


def added_m2(change: Reason) -> float:
    """Return the m² that a change adds in all."""
    return float(sum(step.params.get("m2", 0.0) for step in steps_of(change)))


def at_once(steps: Sequence[Reason]) -> Reason:
    """Return several changes as one: the first, the others as its ``notes``."""
    notes = [step.to_json() for step in steps[1:]]
    return Reason(steps[0].code, {**steps[0].params, **({"notes": notes} if notes else {})})


def sized(group: list[tuple[str, float]], m2: float) -> Reason:
    """Return the change that makes one place of ``m2`` or more of a group of places."""
    total = sum(size for _, size in group)
    more = max(0.0, m2 - total)
    if len(group) == 1:
        return _larger(*group[0], more)
    return _merged([facility for facility, _ in group], total, more)


def groups(places: list[tuple[str, float]], least_m2: float) -> list[list[tuple[str, float]]]:
    """Return every way worth a look to make one place: each alone, and places put together."""
    small = [p for p in places if p[1] > 0 and meets(p[1], "<", least_m2)]
    large = [p for p in places if meets(p[1], ">=", least_m2) and p[1] > 0]
    return [*([p] for p in (*large, *small)), *_merges(large, small)]


def rooms(
    places: list[tuple[str, float]], need_m2: float, least_m2: float, have_m2: float
) -> Reason:
    """Return the change of fewest m² that brings the credit to what is needed.

    Parameters
    ----------
    places
        Facility that stands for the place, and the place's m², one each (A8).
    need_m2
        m² that the area must have.
    least_m2
        m² under which a place earns no credit.
    have_m2
        m² credited now.

    Notes
    -----
    Tried are: to enlarge a place that counts; to bring one that does not up to the minimum; to
    put places together as one. Of equal m² the one that moves fewer rooms is taken, then the
    larger place.
    """
    short = max(0.0, need_m2 - have_m2)
    small = [p for p in places if p[1] > 0 and meets(p[1], "<", least_m2)]
    large = [p for p in places if meets(p[1], ">=", least_m2) and p[1] > 0]
    options: list[tuple[float, int, float, Reason]] = []
    for facility, m2 in large:
        options.append((short, 0, -m2, _larger(facility, m2, short)))
    for facility, m2 in small:
        added = max(least_m2, short) - m2
        options.append((added, 0, -m2, _larger(facility, m2, added)))
    for joined in _merges(large, small):
        total = sum(m2 for _, m2 in joined)
        credit = sum(m2 for _, m2 in joined if meets(m2, ">=", least_m2))
        added = max(0.0, least_m2 - total, short - (total - credit))
        names = [facility for facility, _ in joined]
        options.append((added, len(joined) - 1, -total, _merged(names, total, added)))
    if not options:
        m2 = rounded_up(max(short, least_m2))
        return Reason(ReasonCode.REMEDY_PLAN_ROOM, {"m2": m2})
    return min(options, key=lambda option: (rounded_up(option[0]), *option[1:3]))[3]


def rooms_of_several(
    by_plot: Sequence[list[tuple[str, float]]], need_m2: float, least_m2: float, have_m2: float
) -> Iterator[Reason]:
    """Yield changes on several plots at once: the small places of each made one that counts.

    What is still short then is added to the first. Parameters as of :func:`rooms`, a list a plot.
    """
    small = [[p for p in places if p[1] > 0 and meets(p[1], "<", least_m2)] for places in by_plot]
    small = [places for places in small if places][:_MOST_PLOTS]
    for count in range(2, len(small) + 1):
        for chosen in combinations(small, count):
            sizes = [max(least_m2, sum(m2 for _, m2 in places)) for places in chosen]
            sizes[0] += max(0.0, need_m2 - have_m2 - sum(sizes))
            yield at_once([sized(one, m2) for one, m2 in zip(chosen, sizes, strict=True)])


def _merges(
    large: list[tuple[str, float]], small: list[tuple[str, float]]
) -> list[list[tuple[str, float]]]:
    """Return places to put together: small ones, the largest first, alone or with a large one."""
    order = sorted(small, key=lambda place: -place[1])
    alone = [order[:count] for count in range(2, len(order) + 1)]
    most = sorted(large, key=lambda place: -place[1])[:1]
    beside = [[*most, *order[:count]] for count in range(1, len(order) + 1)] if most else []
    return alone + beside


def _larger(facility: str, m2: float, added: float) -> Reason:
    params = {
        "facility": facility,
        "from_m2": m2,
        "to_m2": m2 + rounded_up(added),
        "m2": rounded_up(added),
    }
    return Reason(ReasonCode.REMEDY_PLAN_LARGER, params)


def _merged(facilities: list[str], total: float, added: float) -> Reason:
    if meets(added, "<=", 0.0):
        params = {"facilities": facilities, "total_m2": total}
        return Reason(ReasonCode.REMEDY_PLAN_TOGETHER, params)
    params = {"facilities": facilities, "total_m2": total, "m2": rounded_up(added)}
    return Reason(ReasonCode.REMEDY_PLAN_TOGETHER_LARGER, params)
