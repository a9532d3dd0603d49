"""A Comparison: what differs between two assessments, and why, as far as they tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any

from lifecircle.model.allowed import OneOf, Value
from lifecircle.model.finding import Rate
from lifecircle.model.reason import Reason
from lifecircle.model.status import Flag, Status

if TYPE_CHECKING:
    from lifecircle.model.results.assessment import Assessment, ClauseResult

__all__ = [
    "SCHEMA",
    "AreaChange",
    "Cause",
    "CauseCode",
    "CauseKind",
    "ClauseChange",
    "Comparison",
    "Direction",
    "FindingChange",
    "FindingState",
    "RateChange",
    "SettingChange",
    "SubjectChange",
    "UnitChange",
]

SCHEMA = 2
"""Number of the ``compare.json`` format; a change is a CHANGELOG entry."""


class Direction(StrEnum):
    """Which way a status went.

    Learning what was unknown is no improvement on the ground, nor is being asked less.
    """

    BETTER = "better"
    """From deficient to compliant."""
    WORSE = "worse"
    """From compliant to deficient."""
    MET_ANEW = "met_anew"
    """From deficient to compliant, where the two sides are not held to the same."""
    MISSED_ANEW = "missed_anew"
    """From compliant to deficient, where the two sides are not held to the same."""
    DECIDED = "decided"
    """From not assessed to compliant or deficient."""
    UNDECIDED = "undecided"
    """From compliant or deficient to not assessed."""
    OTHER = "other"
    """Into or out of not applicable, exempt, not in force, reported; or on one side only."""
    SAME = "same"
    """The status is the same on both sides; figures may differ."""


class CauseKind(StrEnum):
    """What sort of difference stands behind a change."""

    INPUT = "input"
    RULE = "rule"
    STAGE = "stage"
    PLAN = "plan"
    """A siting plan taken as built on one side."""
    READING = "reading"
    PARAMETER = "parameter"
    FOLLOWS = "follows"
    """From other findings of the same comparison."""
    UNTOLD = "untold"
    """Not told apart."""


class CauseCode(StrEnum):
    """Closed list of causes; texts: domain ``compare``, ``cause.<code>``."""

    # input
    FACILITY_ADDED = "facility_added"  # facility
    FACILITY_REMOVED = "facility_removed"  # facility
    FACILITY_MOVED = "facility_moved"  # facility, metres
    FACILITY_CHANGED = "facility_changed"  # facility, columns
    AREA_ADDED = "area_added"
    AREA_REMOVED = "area_removed"
    AREA_CHANGED = "area_changed"  # columns
    AREA_QUOTA = "area_quota"  # before, after, measure_unit: asked of it, and nothing else says why
    UNIT_CHANGED = "unit_changed"  # columns
    GATES = "gates"  # before, after: how many are open
    INPUT_FILE = "input_file"  # layer, path
    EXEMPTION = "exemption"
    # stage
    FACILITY_STAGE = "facility_stage"  # facility, before, after
    AREA_STAGE = "area_stage"  # before, after
    STAGE_VIEW = "stage_view"  # before, after: now, plan
    # plan
    PLANNED_PLACE = "planned_place"  # facility: of the plan of the later side
    PLANNED_PLACE_GONE = "planned_place_gone"  # facility: of the plan of the earlier side alone
    PLAN = "plan"  # before, after: clause and places, None without one
    # rule
    OTHER_CLAUSE = "other_clause"  # before, after: standard and id
    REPLACED = "replaced"  # before, after: standard and id; one holds in the place of the other
    TARGET = "target"  # before, after, measure_unit
    TERMS = "terms"  # columns: comparison, kinds, unit, measure, subject, counted, covered_at_least
    SCENARIO = "scenario"  # before, after
    DAY = "day"  # before, after: the clause's dates on another day
    # the rest
    READING = "reading"  # reading, before, after
    PARAMETER = "parameter"  # parameter, before, after
    CLAUSES = "clauses"  # clauses: findings of these for the same subject changed
    SHARED = "shared"  # facilities: their m² go to other areas than before
    SEVERAL = "several"  # candidates: kinds of differences that could each be the cause
    NOTHING = "nothing"  # nothing that the two record differs


KIND_OF: Mapping[CauseCode, CauseKind] = MappingProxyType(
    {
        CauseCode.FACILITY_STAGE: CauseKind.STAGE,
        CauseCode.AREA_STAGE: CauseKind.STAGE,
        CauseCode.STAGE_VIEW: CauseKind.STAGE,
        CauseCode.PLANNED_PLACE: CauseKind.PLAN,
        CauseCode.PLANNED_PLACE_GONE: CauseKind.PLAN,
        CauseCode.PLAN: CauseKind.PLAN,
        CauseCode.OTHER_CLAUSE: CauseKind.RULE,
        CauseCode.REPLACED: CauseKind.RULE,
        CauseCode.TARGET: CauseKind.RULE,
        CauseCode.TERMS: CauseKind.RULE,
        CauseCode.SCENARIO: CauseKind.RULE,
        CauseCode.DAY: CauseKind.RULE,
        CauseCode.READING: CauseKind.READING,
        CauseCode.PARAMETER: CauseKind.PARAMETER,
        CauseCode.CLAUSES: CauseKind.FOLLOWS,
        CauseCode.SHARED: CauseKind.FOLLOWS,
        CauseCode.SEVERAL: CauseKind.UNTOLD,
        CauseCode.NOTHING: CauseKind.UNTOLD,
    }
)
"""Kind of each code; a code not named here is ``input``."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One difference behind a change: a code with parameters.

    Parameters
    ----------
    params
        As the code lists them. A facility is told as ``{"before": id, "after": id}``, None where
        a side does not have it: ids are often row numbers, and one number may be two facilities.
    eliminated
        Found by elimination, as the only difference there is that can matter, and not by what
        the finding itself rests on.
    """

    code: CauseCode
    params: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    eliminated: bool = False

    @property
    def kind(self) -> CauseKind:
        """The sort of difference."""
        return KIND_OF.get(self.code, CauseKind.INPUT)


@dataclass(frozen=True, slots=True)
class FindingState:
    """One finding on one side.

    Parameters
    ----------
    measured, low, high, required, deficit
        In ``unit``; None: missing, or without bound.
    facility
        The one reached, of radius and walk.
    """

    status: Annotated[str, OneOf(tuple(Status))]
    measured: float | None
    low: float | None
    high: float | None
    required: float | None
    deficit: float | None
    unit: str
    flags: tuple[Annotated[str, OneOf(tuple(Flag))], ...]
    facility: str | None
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class FindingChange:
    """A finding that is not the same on both sides; None: the subject is not on that side.

    ``clause`` numbers :attr:`Comparison.clauses`.
    """

    clause: int
    layer: str
    id_before: str | None
    id_after: str | None
    name: str
    part: str
    before: FindingState | None
    after: FindingState | None
    direction: Direction
    causes: tuple[Cause, ...] = ()


@dataclass(frozen=True, slots=True)
class RateChange:
    """One rate on both sides.

    Parameters
    ----------
    before, after
        None: that side has no such rate.
    change
        After minus before, a share; None: one side is undecided, or what is open on either may
        make it another.
    """

    basis: str
    scope: str
    before: Rate | None
    after: Rate | None
    change: float | None


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """Two clauses side by side, or one that the other side does not have.

    ``official`` is the clause's own rate; ``change`` that of its value, in its unit; ``changed``
    whether status, value, target or any rate differs; ``asked_otherwise`` whether the two sides are
    not held to the same: whom the clause counts, of what, or how much it asks, there or in a clause
    that it rests on. No difference is then better or worse.
    """

    before: ClauseResult | None
    after: ClauseResult | None
    official: RateChange | None
    rates: tuple[RateChange, ...]
    change: float | None
    changed: bool
    direction: Direction
    asked_otherwise: bool = False


@dataclass(frozen=True, slots=True)
class SettingChange:
    """A setting, input, parameter or reading that differs.

    Parameters
    ----------
    name
        Of the setting or parameter; the layer of an input; clause and number of a reading.
    before, after
        Of an input, the files that the other side has not.
    """

    what: Annotated[str, OneOf(("setting", "input", "parameter", "reading"))]
    name: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class SubjectChange:
    """An area, facility or unit that is new, gone, or described otherwise.

    Parameters
    ----------
    change
        ``renumbered``: another id under the same name.
    columns
        Column → its values before and after; ``place`` is there with the metres it moved, None
        where it was or is unknown.
    """

    layer: Annotated[str, OneOf(("residential", "facilities", "units"))]
    change: Annotated[str, OneOf(("added", "removed", "changed", "renumbered"))]
    id_before: str | None
    id_after: str | None
    name: str
    columns: Mapping[str, tuple[Value, Value]] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class AreaChange:
    """A residential area's headline verdict on both sides; None: not there, or no verdict.

    ``findings`` number :attr:`Comparison.findings`.
    """

    id_before: str | None
    id_after: str | None
    name: str
    before: str | None
    after: str | None
    direction: Direction
    findings: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitChange:
    """An administrative unit by the headline's rate of its areas, and how its areas went.

    Parameters
    ----------
    before, after, change
        Shares; None: nothing is decided there, or what is open may make the change another.
    counts
        Areas by which way they went.
    """

    id: str
    name: str
    level: str
    before: float | None
    after: float | None
    change: float | None
    counts: Mapping[Annotated[str, OneOf(tuple(Direction))], int]


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Two assessments side by side.

    Parameters
    ----------
    before, after
        The two assessments.
    settings
        Settings, files, parameters and readings that differ.
    clauses
        Every clause of either side, in the order of the first.
    findings
        Findings that changed, by clause, layer and subject.
    subjects
        Areas, facilities and units added, removed, changed or renumbered.
    areas
        Every residential area of either side.
    units
        Units whose areas changed, streets and towns before communities: of each level the largest
        gain first, the largest loss last, then those without a rate on both sides.
    uncompared
        Layer whose files differ → columns of its ledger that a result does not keep, and that are
        therefore not compared row by row.
    headline_otherwise
        Whether the verdicts of areas, and so the rates of units, are of clauses that do not ask
        the same on both sides.
    """

    before: Assessment
    after: Assessment
    settings: tuple[SettingChange, ...]
    clauses: tuple[ClauseChange, ...]
    findings: tuple[FindingChange, ...]
    subjects: tuple[SubjectChange, ...]
    areas: tuple[AreaChange, ...]
    units: tuple[UnitChange, ...]
    headline_otherwise: bool = False
    uncompared: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether nothing differs."""
        return not (
            self.settings
            or self.findings
            or self.subjects
            or self.units
            or any(c.changed for c in self.clauses)
        )
