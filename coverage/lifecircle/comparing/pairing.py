"""Which subject and which clause of one assessment is which of another."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lifecircle.model.rules.own_checks import is_own_check
from lifecircle.model.status import Flag, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

    from lifecircle.model.results.assessment import Assessment, ClauseResult

    _ClausePair = tuple[ClauseResult | None, ClauseResult | None]

__all__ = ["Pairs", "pair_clauses", "pair_subjects", "subject_name"]


@dataclass(frozen=True, slots=True)
class Pairs:
    """The subjects of one layer on both sides.

    ``rows`` holds (id before, id after), None where a side lacks the subject: those of the first
    side in its order, then what is new. ``before`` and ``after`` map each side's id to its row.
    """

    rows: tuple[tuple[str | None, str | None], ...]
    before: Mapping[str, int]
    after: Mapping[str, int]

    @classmethod
    def of(cls, rows: Sequence[tuple[str | None, str | None]]) -> Pairs:
        """Return the pairs of some rows."""
        return cls(
            tuple(rows),
            {a: n for n, (a, _) in enumerate(rows) if a is not None},
            {b: n for n, (_, b) in enumerate(rows) if b is not None},
        )


def pair_subjects(
    before: pd.Series,
    after: pd.Series,
    apart: Callable[[str], bool] = lambda _: False,
    in_place: Callable[[str, str], bool] = lambda _old, _new: False,
) -> Pairs:
    """Pair the subjects of a layer by id and name, and by place where several have one name.

    Of a name that several have on a side, those in one place are one subject: the id of one may
    have become another's. An id with the same name on both sides is one subject. Of the rest, a
    name that each side has once is one subject under another id: ledgers whose ids are row numbers
    shift them. What is left is paired by id: it was renamed.

    Parameters
    ----------
    before, after
        Names by id; ids are unique.
    apart
        Whether what two sides have under one id, by other names, is not one subject all the same:
        the row was used again.
    in_place
        Whether an id before and an id after lie in the same place.
    """
    old, new = ({str(k): _name(v) for k, v in names.items()} for names in (before, after))
    found = _doubled_in_place(old, new, in_place)
    taken = set(found.values())
    found |= {
        key: key
        for key, name in old.items()
        if key not in found and key not in taken and key in new and new[key] == name
    }
    alone = _names_once(new, set(found.values()))
    for name, key in _names_once(old, set(found)).items():
        if name in alone:
            found[key] = alone[name]
    found |= {key: key for key in _left(old, new, found) if not apart(key)}
    taken = set(found.values())
    rows: list[tuple[str | None, str | None]] = [(key, found.get(key)) for key in old]
    return Pairs.of([*rows, *((None, key) for key in new if key not in taken)])


def _doubled_in_place(
    old: Mapping[str, str], new: Mapping[str, str], in_place: Callable[[str, str], bool]
) -> dict[str, str]:
    """Return id before → id after of the subjects of doubled names that one place tells.

    Where several stand in one place, only those that kept their id.
    """
    sides: tuple[dict[str, list[str]], ...] = ({}, {})
    for side, names in zip(sides, (old, new), strict=True):
        for key, name in names.items():
            if name:
                side.setdefault(name, []).append(key)
    found: dict[str, str] = {}
    for name, mine in sides[0].items():
        theirs = sides[1].get(name, [])
        if len(mine) < 2 and len(theirs) < 2:  # noqa: PLR2004 - doubled on neither side
            continue
        hits = [(one, other) for one in mine for other in theirs if in_place(one, other)]
        times = Counter(one for one, _ in hits), Counter(other for _, other in hits)
        found |= {
            one: other
            for one, other in hits
            if one == other or (times[0][one] == times[1][other] == 1)
        }
    return found


def _left(old: Mapping[str, str], new: Mapping[str, str], found: Mapping[str, str]) -> list[str]:
    """Return the ids of both sides that are paired on neither."""
    taken = set(found.values())
    return [key for key in old if key in new and key not in found and key not in taken]


def _names_once(names: Mapping[str, str], done: set[str]) -> dict[str, str]:
    """Return name → id of the names that only one subject has, of those not yet done."""
    counts = Counter(name for key, name in names.items() if key not in done)
    return {
        name: key for key, name in names.items() if key not in done and name and counts[name] == 1
    }


def pair_clauses(
    before: Assessment, after: Assessment
) -> list[tuple[ClauseResult | None, ClauseResult | None]]:
    """Pair clauses: by what one replaces, by standard and id; of two documents by topic.

    The standards that only one side has are taken in order, the first with the first. Of those,
    clauses of one topic are a pair where each document has one clause on it, as are the checks
    of ours, which have the same id everywhere.

    A clause of the base that holds on one side, and on the other the clause that its standard
    puts in its place, are a pair. A clause not yet in force, or repealed, asks nothing and is not
    told beside what held in its place; one whose plan has ended is still told with its last value,
    and stands in two pairs.
    """
    partner = _partners(before.standards, after.standards)
    found: dict[tuple[int, int], _ClausePair] = {}
    used: set[int] = set()
    for standard in before.standards:
        mine = [c for c in before.clauses if c.standard == standard]
        theirs = [c for c in after.clauses if c.standard == partner.get(standard)]
        replaced = _replaced(mine, theirs) + [(a, b) for b, a in _replaced(theirs, mine)]
        by_id = {c.id: c for c in theirs}
        by_topic = {} if partner.get(standard) == standard else _alone(mine, theirs)
        for clause in mine:
            same = by_id.get(clause.id)
            pairs = _pairs_of((clause, same or by_topic.get(clause.id)), replaced)
            found |= {(id(old), id(new)): (old, new) for old, new in pairs}
            used |= {id(new) for _, new in pairs} | {id(same)}
    return [*found.values(), *((None, c) for c in after.clauses if id(c) not in used)]


def _pairs_of(one: _ClausePair, replaced: Sequence[_ClausePair]) -> list[_ClausePair]:
    """Return the pairs of a clause of the first side: what it was replaced by, and its own.

    ``one``: the clause with the one of its id or topic on the other side; where either asks
    nothing, that which holds in its place stands there instead.
    """
    clause, other = one
    instead = [pair for pair in replaced if pair[0] is clause or pair[1] is other]
    told = other is not None and clause is not None and other.id == clause.id
    told = told and Status.NOT_IN_FORCE not in {c.status for c in one if c is not None}
    return [*instead, one] if told or not instead else instead


def _replaced(
    base: Sequence[ClauseResult], own: Sequence[ClauseResult]
) -> list[tuple[ClauseResult, ClauseResult]]:
    """Return the clauses that hold on one side alone, each with what replaces it on the other."""
    holding = {c.id for c in base if _holds(c)}
    judged = {c.id for c in own if c.status != Status.NOT_IN_FORCE}
    return [
        (old, new)
        for new in own
        if new.replaces and _holds(new) and new.id not in holding
        for old in base
        if old.id in new.replaces and _holds(old) and old.id not in judged
    ]


def _holds(clause: ClauseResult) -> bool:
    """Return whether a clause is in force, and its plan not ended."""
    return clause.status != Status.NOT_IN_FORCE and Flag.EXPIRED not in clause.flags


def _partners(before: Sequence[str], after: Sequence[str]) -> dict[str, str]:
    """Return standard of one side → that of the other: the same, else those left, in order."""
    both = {name: name for name in before if name in after}
    left = [name for name in before if name not in both]
    right = [name for name in after if name not in both]
    return both | dict(zip(left, right, strict=False))


def _alone(
    before: Sequence[ClauseResult], after: Sequence[ClauseResult]
) -> dict[str, ClauseResult]:
    """Return clause id → the clause of the same topic and subject, each alone on its side."""
    before, after = ([c for c in side if not is_own_check(c.id)] for side in (before, after))
    keys = [[(c.topic or c.measure, c.subject) for c in side] for side in (before, after)]
    counts = [Counter(side) for side in keys]
    theirs = dict(zip(keys[1], after, strict=True))
    return {
        clause.id: theirs[key]
        for clause, key in zip(before, keys[0], strict=True)
        if counts[0][key] == counts[1][key] == 1
    }


def subject_name(
    layer: str, ids: tuple[str | None, str | None], sides: tuple[Assessment, Assessment]
) -> str:
    """Return a subject's name, the later one where there are two; its id where it has none."""
    for key, side in ((ids[1], sides[1]), (ids[0], sides[0])):
        if key is not None and layer in side.layers and key in side.layers[layer].index:
            name = side.layers[layer].at[key, "name"]
            return name if isinstance(name, str) and name.strip() else key
    return ids[1] or ids[0] or layer


def _name(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
