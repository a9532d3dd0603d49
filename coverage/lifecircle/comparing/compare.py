"""Two assessments side by side: what changed, where, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.comparing.clauses import clause_change
from lifecircle.comparing.differences import pair_layers, setting_changes, subject_changes
from lifecircle.comparing.directions import direction_of
from lifecircle.comparing.findings import finding_changes
from lifecircle.comparing.pairing import pair_clauses, subject_name
from lifecircle.comparing.support import Ground
from lifecircle.comparing.units import unit_changes
from lifecircle.model.results.comparison import AreaChange, Comparison, Direction

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lifecircle.comparing.pairing import Pairs
    from lifecircle.model.results.assessment import Assessment
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
    areas = tuple(_areas(before, after, pairs, findings))
    return Comparison(
        before=before,
        after=after,
        settings=settings,
        clauses=tuple(clause_change(old, new) for old, new in clauses),
        findings=findings,
        subjects=tuple(subjects.values()),
        areas=areas,
        units=unit_changes(before, after, pairs, areas),
    )


def _areas(
    before: Assessment,
    after: Assessment,
    pairs: Mapping[str, Pairs],
    findings: Sequence[FindingChange],
) -> Iterator[AreaChange]:
    """Return the headline verdict of every area on both sides, and what changed there."""
    numbers: dict[int, list[int]] = {}
    areas = pairs["residential"]
    for n, change in enumerate(findings):
        if change.layer == "residential":
            rows, key = (
                (areas.after, change.id_after)
                if change.id_after is not None
                else (areas.before, change.id_before)
            )
            numbers.setdefault(rows[str(key)], []).append(n)
    verdicts = [
        {
            str(k): v if isinstance(v, str) else None
            for k, v in side.layers["residential"]["verdict"].items()
        }
        for side in (before, after)
    ]
    for row, ids in enumerate(areas.rows):
        a, b = (
            None if key is None else side.get(key) for key, side in zip(ids, verdicts, strict=True)
        )
        moved = direction_of(a, b) if None not in ids else Direction.OTHER
        yield AreaChange(
            id_before=ids[0],
            id_after=ids[1],
            name=subject_name("residential", ids, (before, after)),
            before=a,
            after=b,
            direction=moved,
            findings=tuple(numbers.get(row, ())),
        )
