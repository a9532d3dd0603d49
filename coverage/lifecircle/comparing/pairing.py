"""Which subject and which clause of one assessment is which of another."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from lifecircle.model.results.assessment import Assessment, ClauseResult

__all__ = ["Pairs", "pair_clauses", "pair_subjects"]


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


def pair_subjects(before: pd.Series, after: pd.Series) -> Pairs:
    """Pair the subjects of a layer by id and name.

    An id with the same name on both sides is one subject. Of the rest, a name that each side has
    once is one subject under another id: ledgers whose ids are row numbers shift them. What is
    left is paired by id: it was renamed.

    Parameters
    ----------
    before, after
        Names by id; ids are unique.
    """
    old, new = ({str(k): _name(v) for k, v in names.items()} for names in (before, after))
    found = {key: key for key, name in old.items() if key in new and new[key] == name}
    taken = set(found.values())
    once = [
        {name: key for key, name in side.items() if key not in done and name and counts[name] == 1}
        for side, done, counts in (
            (old, set(found), Counter(n for k, n in old.items() if k not in found)),
            (new, taken, Counter(n for k, n in new.items() if k not in taken)),
        )
    ]
    for name, key in once[0].items():
        if name in once[1]:
            found[key] = once[1][name]
    taken = set(found.values())
    for key in old:
        if key not in found and key in new and key not in taken:
            found[key] = key
    taken = set(found.values())
    rows: list[tuple[str | None, str | None]] = [(key, found.get(key)) for key in old]
    return Pairs.of([*rows, *((None, key) for key in new if key not in taken)])


def pair_clauses(
    before: Assessment, after: Assessment
) -> list[tuple[ClauseResult | None, ClauseResult | None]]:
    """Pair clauses: by standard and id; of two different documents by topic.

    The standards that only one side has are taken in order, the first with the first. Of those,
    clauses of one topic are a pair where each document has one clause on it, as are the checks
    of ours, which have the same id everywhere.
    """
    partner = {name: name for name in before.standards if name in after.standards}
    left = [name for name in before.standards if name not in after.standards]
    right = [name for name in after.standards if name not in before.standards]
    partner |= dict(zip(left, right, strict=False))
    found: list[tuple[ClauseResult | None, ClauseResult | None]] = []
    used: set[int] = set()
    for standard in before.standards:
        mine = [c for c in before.clauses if c.standard == standard]
        theirs = [c for c in after.clauses if c.standard == partner.get(standard)]
        by_id = {c.id: c for c in theirs}
        by_topic = {} if partner.get(standard) == standard else _alone(mine, theirs)
        for clause in mine:
            other = by_id.get(clause.id) or by_topic.get(clause.id)
            if other is not None:
                used.add(id(other))
            found.append((clause, other))
    return [*found, *((None, c) for c in after.clauses if id(c) not in used)]


def _alone(
    before: Sequence[ClauseResult], after: Sequence[ClauseResult]
) -> dict[str, ClauseResult]:
    """Return clause id → the clause of the same topic and subject, each alone on its side."""
    before, after = ([c for c in side if c.quote] for side in (before, after))  # not ours
    keys = [[(c.topic or c.measure, c.subject) for c in side] for side in (before, after)]
    counts = [Counter(side) for side in keys]
    theirs = dict(zip(keys[1], after, strict=True))
    return {
        clause.id: theirs[key]
        for clause, key in zip(before, keys[0], strict=True)
        if counts[0][key] == counts[1][key] == 1
    }


def _name(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
