"""Two assessments side by side: what changed, where, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.comparing.clauses import clause_change
from lifecircle.comparing.differences import (
    pair_layers,
    setting_changes,
    subject_changes,
    uncompared,
)
from lifecircle.comparing.directions import asked_otherwise, direction_of
from lifecircle.comparing.findings import finding_changes
from lifecircle.comparing.pairing import pair_clauses, subject_name
from lifecircle.comparing.support import Ground
from lifecircle.comparing.units import unit_changes
from lifecircle.model.results.comparison import AreaChange, Comparison, Direction

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lifecircle.comparing.pairing import Pairs
    from lifecircle.model.results.assessment import Assessment, ClauseResult
    from lifecircle.model.results.comparison import FindingChange

__all__ = ["compare"]


def compare(before: Assessment, after: Assessment) -> Comparison:
    """Compare two assessments: of two years, stages, scenarios or standards.

    Areas, facilities and units are paired by id and name, clauses by id or, between two documents,
    by what they are about. A finding changed if its status, a number (beyond the tolerance; metres
    and minutes beyond what a place within its decimetres makes), a flag, the kind of its reason or
    the facility reached differs. The findings of a clause that one side does not have are not
    listed; those of a subject that is on one side only are. What a clause is not about, on either
    side, has not changed.

    Parameters
    ----------
    before, after
        As judged or as read back; any projected CRS each.

    Returns
    -------
    Comparison
        Empty where both say the same.
    """
    pairs = pair_layers(before, after)
    clauses = pair_clauses(before, after)
    settings = tuple(setting_changes(before, after))
    subjects = subject_changes(before, after, pairs)
    ground = Ground(before, after, pairs, subjects, settings)
    findings = finding_changes((before, after), clauses, pairs, ground)
    follows = {f.clause for f in findings if asked_otherwise(f.causes)}
    changes = tuple(clause_change(*both, follows=n in follows) for n, both in enumerate(clauses))
    headline = _headline(before, after, clauses)
    named = bool(before.headline_clause or after.headline_clause)
    otherwise = named if headline is None else changes[headline].asked_otherwise
    areas = tuple(_areas((before, after), pairs, findings, _told_by(before, after, clauses)))
    return Comparison(
        before=before,
        after=after,
        settings=settings,
        clauses=changes,
        findings=findings,
        subjects=tuple(subjects.values()),
        areas=areas,
        units=unit_changes(before, after, pairs, areas),
        headline_otherwise=otherwise,
        uncompared={
            change.name: uncompared(change.name)
            for change in settings
            if change.what == "input" and change.name in pairs
        },
    )


def _headline(
    before: Assessment,
    after: Assessment,
    clauses: Sequence[tuple[ClauseResult | None, ClauseResult | None]],
) -> int | None:
    """Return the pair of both headline clauses; None: they are no pair."""
    wanted = (before.headline_clause, after.headline_clause)
    for number, (old, new) in enumerate(clauses):
        if old is not None and new is not None and (old.id, new.id) == wanted:
            return number
    return None


def _told_by(
    before: Assessment,
    after: Assessment,
    clauses: Sequence[tuple[ClauseResult | None, ClauseResult | None]],
) -> dict[tuple[str, str], int]:
    """Return the clauses that verdicts of areas may be of, on both sides → their pair."""
    firsts = (before.standards[0], after.standards[0])
    return {
        (old.id, new.id): number
        for number, (old, new) in enumerate(clauses)
        if old is not None and new is not None and (old.standard, new.standard) == firsts
    }


def _areas(
    sides: tuple[Assessment, Assessment],
    pairs: Mapping[str, Pairs],
    findings: Sequence[FindingChange],
    told_by: Mapping[tuple[str, str], int],
) -> Iterator[AreaChange]:
    """Return the headline verdict of every area on both sides, and what changed there.

    It is told by the clause that is about the area, a village's by another one than a new estate's.
    Where the two sides tell it by clauses that are no pair, they do not ask the same.
    """
    areas = pairs["residential"]
    numbers = _numbered(areas, findings)
    verdicts, asked = ([_texts(s, name) for s in sides] for name in ("verdict", "clause"))
    for row, ids in enumerate(areas.rows):
        a, b = (
            None if key is None else side.get(key) for key, side in zip(ids, verdicts, strict=True)
        )
        by = tuple(side.get(key or "") for key, side in zip(ids, asked, strict=True))
        pair = told_by.get((by[0] or "", by[1] or ""))
        mine = [findings[n] for n in numbers.get(row, ()) if findings[n].clause == pair]
        otherwise = pair is None or any(asked_otherwise(f.causes) for f in mine)
        moved = direction_of(a, b, asked_otherwise=otherwise)
        yield AreaChange(
            id_before=ids[0],
            id_after=ids[1],
            name=subject_name("residential", ids, sides),
            before=a,
            after=b,
            direction=moved if None not in ids else Direction.OTHER,
            findings=tuple(numbers.get(row, ())),
        )


def _texts(side: Assessment, column: str) -> dict[str, str | None]:
    """Return id of an area → its text in a column of the layer."""
    rows = side.layers["residential"][column].items()
    return {str(key): text if isinstance(text, str) else None for key, text in rows}


def _numbered(areas: Pairs, findings: Sequence[FindingChange]) -> dict[int, list[int]]:
    """Return row of the pairs → the numbers of the findings that changed there."""
    numbers: dict[int, list[int]] = {}
    for n, change in enumerate(findings):
        if change.layer == "residential":
            rows, key = (
                (areas.after, change.id_after)
                if change.id_after is not None
                else (areas.before, change.id_before)
            )
            numbers.setdefault(rows[str(key)], []).append(n)
    return numbers
