"""The Assessment: every result of one run. Outputs read it and compute nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Annotated, Any

from lifecircle.model.allowed import Count, Like, OneOf, Operator, Readings, Words
from lifecircle.model.finding import Rate
from lifecircle.model.inputs.exemption import Exemption
from lifecircle.model.inputs.mapping.map_settings import MapSettings
from lifecircle.model.inputs.parameters import ParameterRecord
from lifecircle.model.inputs.study import InputRecord
from lifecircle.model.on_demand import Later
from lifecircle.model.problem import Problem
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.results.counted.brief import Brief
from lifecircle.model.results.counted.tally import Tally, tallied
from lifecircle.model.results.curves import Curve, CurveStep, SensitivityRow
from lifecircle.model.results.result_columns import (
    ALLOCATION_COLUMNS,
    LAYER_COLUMNS,
    REACH_TABLE_COLUMNS,
)
from lifecircle.model.results.service_district import ServiceDistrict
from lifecircle.model.results.settlement import (
    PROVISION_COLUMNS,
    REMEDY_COLUMNS,
    STAGE_COLUMNS,
    Settlement,
    empty_table,
)
from lifecircle.model.results.siting_plan import SitingPlan
from lifecircle.model.results.unbuilt import Unbuilt
from lifecircle.model.rules.clause import ChangedTerm, Reference
from lifecircle.model.rules.rule import COUNTED
from lifecircle.model.status import Flag, Status
from lifecircle.model.strings import plain_strings

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

__all__ = [
    "ALLOCATION_COLUMNS",
    "LAYER_COLUMNS",
    "REACH_TABLE_COLUMNS",
    "SCHEMA",
    "STREETS",
    "Assessment",
    "ClauseResult",
    "Curve",
    "CurveStep",
    "HostJourney",
    "ReadingRecord",
    "ReadingSwitch",
    "SensitivityRow",
]

STREETS = ("used", "table", "refused", "absent")
"""The streets were walked; a table of walks was handed in; what was given could not be used; none
was."""

SCHEMA = 2
"""Number of the ``assessment.json`` format; a change is a CHANGELOG entry."""


@dataclass(frozen=True, slots=True)
class ReadingRecord:
    """One reading taken.

    Parameters
    ----------
    id
        Its number.
    clause
        The clause it was taken for; empty: none of the study's switches it.
    default
        The choice where a study makes none.
    """

    id: Annotated[str, Like("^A[0-9]+$")]
    clause: str
    choice: str
    default: str


@dataclass(frozen=True, slots=True)
class ReadingSwitch:
    """What another choice of a reading would make of one clause, all else as it is.

    Parameters
    ----------
    id
        The reading's number.
    value, low, high
        In the clause's unit; None: missing, or without bound.
    differing
        How many subjects would have another status.
    """

    id: str
    choice: str
    standard: str
    clause: str
    status: Status
    value: float | None
    low: float | None
    high: float | None
    differing: int


@dataclass(frozen=True, slots=True)
class HostJourney:
    """One unit of a service district: the journey to its fixed host, and the nearest of its kind.

    Minutes by car at the study's speeds; a ferry counts at its own time and the study's wait.

    Parameters
    ----------
    host
        Facility; None: the district has none.
    start
        Where the journey begins (A33); None: nowhere known.
    starts
        How many there are: of several villages, the nearest and the farthest are told.
    straight_far_m, walk_far_min, drive_far_min
        From the farthest start.
    straight_m, walk_min, drive_min
        From the nearest start; None: not known.
    walk_ferry, drive_ferry
        Whether it takes a ferry.
    ferry_only
        Whether no way on land leads there, from one of the starts at least.
    walk_unknown, drive_unknown
        Why it is not known.
    nearest, nearest_walk, nearest_drive
        The nearest facility of the host's kind: by straight line, on foot, by car.
    nearest_m, nearest_walk_min, nearest_drive_min
        How far that is.
    """

    standard: str
    clause: str
    district: str
    unit: str
    host: str | None
    host_name: str
    status: Status
    start: Annotated[str, OneOf(("seat", "villages"))] | None
    starts: int
    straight_m: float | None = None
    straight_far_m: float | None = None
    walk_min: float | None = None
    walk_far_min: float | None = None
    walk_ferry: bool = False
    walk_unknown: Reason | None = None
    drive_min: float | None = None
    drive_far_min: float | None = None
    drive_ferry: bool = False
    drive_unknown: Reason | None = None
    ferry_only: bool = False
    nearest: str | None = None
    nearest_m: float | None = None
    nearest_walk: str | None = None
    nearest_walk_min: float | None = None
    nearest_drive: str | None = None
    nearest_drive_min: float | None = None


@dataclass(frozen=True, slots=True)
class ClauseResult:
    """One clause judged: its words, its value and target, status, counts and rates.

    Parameters
    ----------
    quote
        Exact words; empty for a reference check of ours.
    force
        The document's own words for its force.
    deadline
        The date the document sets.
    subject
        ``residential``, ``facilities``, ``units`` or ``county``.
    kinds
        Facility kinds, or one reach group's name such as ``group:community``.
    target
        In ``unit``; None: the clause has no number.
    unit
        Of target, value, low and high.
    value
        A rate clause's official rate in per cent, a count, a sum; None for a clause whose
        subjects each have their own.
    low, high
        What the unknowns leave of the value; None: missing, or without bound.
    reading
        The readings it was judged under.
    counts
        Subjects by status.
    official
        The rate the document asks for; one of the rates.
    topic
        What it has in common with clauses of other documents.
    changes
        What a scenario asks otherwise than the quote: empty without one.
    fact
        The first clause of the document that states the same fact and came to the same; empty:
        no other does. Counted and listed once by it.
    covered_at_least
        Of a clause on reach: the share that must be within it, per cent of its official basis;
        None: everybody.
    said
        What the result rests on where no finding tells: a count, a figure typed instead of a
        ledger's, what to supply.
    same_as
        The other clauses that state it, in the document's order.
    replaces
        The clauses of the base document that it stands in for while it is in force.
    counted
        The units that it speaks of: ``streets``, ``towns``, ``townships`` (both), ``communities``,
        ``villages``, ``committees`` (both), ``districts`` (service districts, each of which stands
        with one unit); empty: the rows of its subject.
    unbuilt
        How it comes out without the places of a siting plan; None: the same, or there is no plan.
    """

    standard: str
    id: str
    title: Words
    section: str
    quote: str
    force: str
    references: tuple[Reference, ...]
    deadline: dt.date | None
    measure: str
    subject: str
    kinds: tuple[str, ...]
    comparison: Operator | None
    target: float | None
    unit: str
    value: float | None
    low: float | None
    high: float | None
    reading: Readings
    status: Status
    flags: tuple[Flag, ...]
    counts: Mapping[Annotated[str, OneOf(tuple(Status))], Count]
    official: Rate | None
    rates: tuple[Rate, ...]
    topic: str = ""
    changes: tuple[ChangedTerm, ...] = ()
    covered_at_least: float | None = None
    said: Reason | None = None
    fact: str = ""
    same_as: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    unbuilt: Unbuilt | None = None
    counted: Annotated[str, OneOf(("", *COUNTED))] = ""

    @property
    def counts_in(self) -> str:
        """What one of its subjects is: ``counted``, else ``subject``."""
        return self.counted or self.subject

    @property
    def typed(self) -> bool:
        """Whether a figure that was typed decides, and no ledger."""
        instead = {ReasonCode.TYPED, ReasonCode.TYPED_ALONE, ReasonCode.TYPED_INSTEAD}
        return self.measure == "indicator" or (self.said is not None and self.said.code in instead)

    @property
    def at_most(self) -> bool:
        """Whether what is said is why the best case is no better: nothing is missing for that."""
        bounds = {ReasonCode.MET_AT_MOST, ReasonCode.REACHED_AT_MOST, ReasonCode.UNITS_AT_MOST}
        return self.said is not None and self.said.code in bounds

    @property
    def repeated(self) -> bool:
        """Whether an earlier clause of the document states the same fact: it is told there."""
        return bool(self.fact) and self.fact != self.id


@dataclass(frozen=True, eq=False)
class Assessment:
    """A study judged.

    Parameters
    ----------
    layers
        Name → GeoDataFrame, the names and columns of ``LAYER_COLUMNS``; index ``id``, projected
        CRS; empty frames keep their columns.
    reach, allocation, findings, provision, remedies, stages
        The tables of the same names; columns of the last three: ``model.settlement``.
    settlements
        How good each distribution of spare m² is.
    streets
        What walks were asked of (``STREETS``); without any, coverage is the radius, and nothing is
        known of detours, gates and streets.
    sites
        A siting plan whose places are taken as built: what is told is a future. None: what stands.
    brief
        What one page says, counted and added up.

    Layers, sensitivity, curves, switches, provision, remedies, stages and brief may be made only
    when they are first read; copying or storing an Assessment reads them all.
    """

    study: str
    county: str
    standards: tuple[str, ...]
    scenario: str | None
    stage: str
    as_of: dt.date
    language: str
    crs: str
    headline_clause: str
    clauses: tuple[ClauseResult, ...]
    findings: pd.DataFrame
    reach: pd.DataFrame
    allocation: pd.DataFrame
    layers: Mapping[str, gpd.GeoDataFrame]
    parameters: tuple[ParameterRecord, ...]
    readings: tuple[ReadingRecord, ...]
    inputs: tuple[InputRecord, ...] = ()
    problems: tuple[Problem, ...] = ()
    banners: tuple[str, ...] = ()
    attribution: tuple[str, ...] = ()
    sensitivity: tuple[SensitivityRow, ...] = ()
    curves: tuple[Curve, ...] = ()
    switches: tuple[ReadingSwitch, ...] = ()
    hosts: tuple[HostJourney, ...] = ()
    districts: tuple[ServiceDistrict, ...] = ()
    standard_titles: Mapping[str, Words] = field(default_factory=dict)
    exemptions: tuple[Exemption, ...] = ()
    settlements: tuple[Settlement, ...] = ()
    provision: pd.DataFrame = field(default_factory=lambda: empty_table(PROVISION_COLUMNS))
    remedies: pd.DataFrame = field(default_factory=lambda: empty_table(REMEDY_COLUMNS))
    stages: pd.DataFrame = field(default_factory=lambda: empty_table(STAGE_COLUMNS))
    map: MapSettings = field(default_factory=MapSettings)
    streets: str = "used"
    sites: SitingPlan | None = None
    brief: Brief = field(default_factory=Brief)

    def __getattribute__(self, name: str) -> Any:
        value = object.__getattribute__(self, name)
        if isinstance(value, Later):
            with plain_strings():
                value = value.make()
            object.__setattr__(self, name, value)
        return value

    def __getstate__(self) -> dict[str, Any]:
        return {f.name: getattr(self, f.name) for f in fields(self)}

    @property
    def tallies(self) -> tuple[Tally, ...]:
        """How many clauses came to what; a fact that several state is counted once as one."""
        asked = (c for c in self.clauses if Flag.REFERENCE not in c.flags)
        return tallied((c.status, c.repeated) for c in asked)

    def clause(self, clause_id: str, standard: str | None = None) -> ClauseResult:
        """Return the result of one clause; of the first standard that has it by default."""
        for result in self.clauses:
            if result.id == clause_id and standard in {None, result.standard}:
                return result
        raise KeyError(clause_id)
