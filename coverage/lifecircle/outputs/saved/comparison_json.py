"""``compare.json``: what differs between two assessments, in codes and numbers.

The file does not depend on the language; a number that is missing or without bound is ``null``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import lifecircle
from lifecircle.model.allowed import Filled, OneOf, Operator, Readings, Value
from lifecircle.model.results.comparison import (
    SCHEMA,
    CauseCode,
    CauseKind,
    Direction,
    FindingState,
    RateChange,
    SettingChange,
    SubjectChange,
    UnitChange,
)
from lifecircle.model.status import Flag, StageView, Status
from lifecircle.outputs.saved.described import CLOSED
from lifecircle.outputs.saved.json_text import plain, told, write_json_text

if TYPE_CHECKING:
    from pathlib import Path

    from lifecircle.model.results.assessment import ClauseResult
    from lifecircle.model.results.comparison import (
        AreaChange,
        ClauseChange,
        Comparison,
        FindingChange,
    )

__all__ = ["ComparisonDocument", "comparison_document", "write_comparison_json"]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two assessments."""

    study: str
    county: str
    standards: tuple[str, ...]
    scenario: str | None
    stage: Annotated[str, OneOf(tuple(StageView))]
    as_of: dt.date
    headline_clause: str


@dataclass(frozen=True, slots=True)
class Terms:
    """A clause on one side.

    Parameters
    ----------
    target, value, low, high
        In ``unit``; None: missing, or without bound.
    counts
        Subjects by status.
    reading
        The readings it was judged under.
    """

    standard: str
    id: str
    comparison: Operator | None
    target: float | None
    unit: str
    value: float | None
    low: float | None
    high: float | None
    status: Status
    flags: tuple[Flag, ...]
    counts: Mapping[Annotated[str, OneOf(tuple(Status))], int]
    reading: Readings


@dataclass(frozen=True, slots=True)
class ClauseSides:
    """Two clauses side by side, or one that the other side does not have.

    Parameters
    ----------
    changed
        Whether status, value, target or any rate differs.
    change
        Of the clause's value, in its unit.
    asked_otherwise
        Whether the two sides are not held to the same, there or in a clause it rests on: the
        change is then no improvement or decline of the same measure.
    official
        The clause's own rate.
    """

    before: Terms | None
    after: Terms | None
    changed: bool
    asked_otherwise: bool
    direction: Direction
    change: float | None
    official: RateChange | None
    rates: tuple[RateChange, ...]


@dataclass(frozen=True, slots=True)
class FacilityIds:
    """The id of a facility on each side; None where a side does not have it."""

    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class CauseTold:
    """One difference behind a change.

    Parameters
    ----------
    kind
        The sort of difference.
    params
        Parameter → value, in the unit of its name. facility, facilities: ids by side, as one id
        may be two facilities.
    eliminated
        Found by elimination: the only difference that can matter.
    """

    kind: CauseKind
    code: CauseCode
    params: Mapping[str, Value | FacilityIds | tuple[FacilityIds, ...]]
    eliminated: bool


@dataclass(frozen=True, slots=True)
class FindingSides:
    """A finding that is not the same on both sides.

    Parameters
    ----------
    clause_before, clause_after
        Standard and id of the clause.
    before, after
        None: the subject is not on that side.
    """

    clause_before: str | None
    clause_after: str | None
    layer: str
    id_before: str | None
    id_after: str | None
    name: str
    part: str
    direction: Direction
    before: FindingState | None
    after: FindingState | None
    causes: Annotated[tuple[CauseTold, ...], Filled()]


@dataclass(frozen=True, slots=True)
class AreaSides:
    """A residential area's headline verdict on both sides; None: not there, or no verdict."""

    id_before: str | None
    id_after: str | None
    name: str
    before: str | None
    after: str | None
    direction: Direction


@dataclass(frozen=True, slots=True)
class ComparisonDocument:
    """Two assessments side by side.

    A number that is missing or without bound is null. A rate's change is after minus before, a
    share; null where one side is undecided.

    Parameters
    ----------
    version
        Version of lifecircle.
    empty
        Whether nothing differs.
    clauses
        Every clause of either side.
    findings
        Findings that changed.
    areas
        Residential areas whose headline verdict or whose findings changed.
    units
        Streets and towns, then communities; of each level ranked: the largest gain first, units
        without a rate on both sides last.
    uncompared
        Layer whose files differ → columns that a result does not keep: not compared row by row.
    headline_otherwise
        Whether the clauses behind the verdicts of areas do not ask the same on both sides.
    """

    schema: Annotated[int, OneOf((SCHEMA,))]
    version: str
    empty: bool
    before: Side
    after: Side
    settings: tuple[SettingChange, ...]
    clauses: tuple[ClauseSides, ...]
    findings: tuple[FindingSides, ...]
    subjects: tuple[SubjectChange, ...]
    areas: tuple[AreaSides, ...]
    units: tuple[UnitChange, ...]
    headline_otherwise: bool
    uncompared: Mapping[str, tuple[str, ...]]

    __pydantic_config__ = CLOSED


def write_comparison_json(comparison: Comparison, path: Path) -> Path:
    """Write ``comparison`` to ``path`` (UTF-8, one space of indent) and return the path.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    return write_json_text(comparison_document(comparison), path)


def comparison_document(comparison: Comparison) -> dict[str, Any]:
    """Return ``comparison`` as the plain mapping that ``compare.json`` holds.

    Every clause is there, side by side; of areas, those whose verdict or findings changed.
    """
    c = comparison
    record = told(
        ComparisonDocument,
        c,
        schema=SCHEMA,
        version=lifecircle.__version__,
        before=told(Side, c.before),
        after=told(Side, c.after),
        clauses=tuple(_clause(change) for change in c.clauses),
        findings=tuple(_finding(change, c.clauses[change.clause]) for change in c.findings),
        areas=tuple(told(AreaSides, area) for area in c.areas if _moved(area)),
    )
    found: dict[str, Any] = plain(record)
    return found


def _moved(area: AreaChange) -> bool:
    return area.direction is not Direction.SAME or bool(area.findings)


def _clause(change: ClauseChange) -> ClauseSides:
    return told(ClauseSides, change, before=_terms(change.before), after=_terms(change.after))


def _terms(clause: ClauseResult | None) -> Terms | None:
    return None if clause is None else told(Terms, clause)


def _finding(change: FindingChange, clauses: ClauseChange) -> FindingSides:
    return told(
        FindingSides,
        change,
        clause_before=_named(clauses.before),
        clause_after=_named(clauses.after),
        causes=tuple(told(CauseTold, cause) for cause in change.causes),
    )


def _named(clause: ClauseResult | None) -> str | None:
    return None if clause is None else f"{clause.standard} {clause.id}"
