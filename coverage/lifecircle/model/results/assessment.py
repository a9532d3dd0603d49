"""The Assessment: every result of one run. Outputs read it and compute nothing."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from lifecircle.model.inputs.map_settings import MapSettings
from lifecircle.model.on_demand import Later
from lifecircle.model.results.result_columns import (
    ALLOCATION_COLUMNS,
    LAYER_COLUMNS,
    REACH_TABLE_COLUMNS,
)
from lifecircle.model.results.settlement import (
    PROVISION_COLUMNS,
    REMEDY_COLUMNS,
    STAGE_COLUMNS,
    empty_table,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd

    from lifecircle.model.finding import Rate
    from lifecircle.model.inputs.exemption import Exemption
    from lifecircle.model.inputs.parameters import ParameterRecord
    from lifecircle.model.inputs.study import InputRecord
    from lifecircle.model.problem import Problem
    from lifecircle.model.reason import Reason
    from lifecircle.model.results.settlement import Settlement
    from lifecircle.model.rules.clause import Reference
    from lifecircle.model.status import Flag, Status

__all__ = [
    "ALLOCATION_COLUMNS",
    "LAYER_COLUMNS",
    "REACH_TABLE_COLUMNS",
    "SCHEMA",
    "Assessment",
    "ClauseResult",
    "Curve",
    "CurveStep",
    "HostJourney",
    "ReadingRecord",
    "ReadingSwitch",
    "SensitivityRow",
]

SCHEMA = 2
"""Number of the ``assessment.json`` format; a change is a CHANGELOG entry."""


@dataclass(frozen=True, slots=True)
class ReadingRecord:
    """One reading taken: its number, the choice, and the default."""

    id: str
    clause: str
    choice: str
    default: str


@dataclass(frozen=True, slots=True)
class ReadingSwitch:
    """What another choice of a reading would make of one clause, all else as it is.

    ``differing`` counts the subjects whose status would be another.
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

    ``start`` is ``seat`` or ``villages`` (A33); of several villages there are the nearest and the
    farthest (``*_far_*``). Minutes by car at the study's speeds; a ferry counts at its own time,
    the wait for it does not. None: not known, ``*_unknown`` says why.
    """

    standard: str
    clause: str
    district: str
    unit: str
    host: str | None
    host_name: str
    status: Status
    start: str | None
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
    nearest: str | None = None
    nearest_m: float | None = None
    nearest_walk: str | None = None
    nearest_walk_min: float | None = None
    nearest_drive: str | None = None
    nearest_drive_min: float | None = None


@dataclass(frozen=True, slots=True)
class SensitivityRow:
    """Rate of one reach measure at one threshold and speed."""

    reach_group: str
    measure: str
    threshold: float
    unit: str
    speed_m_s: float | None
    basis: str
    numerator: float
    denominator: float
    not_assessed: float
    low: float | None
    high: float | None
    rate: float | None


@dataclass(frozen=True, slots=True)
class CurveStep:
    """Weight within one threshold: ``numerator`` for certain, and its share of the total.

    ``low``: what is within for certain; ``high``: with the unknowns; None: the total is nothing.
    """

    threshold: float
    numerator: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Curve:
    """How many households (areas) are within reach, threshold by threshold.

    ``measure`` is ``radius`` (steps in m) or ``walk`` (steps in min at ``speed_m_s``); ``total``
    the weight of all areas whose weight is known; ``missing`` areas are not in it.
    """

    reach_group: str
    measure: str
    unit: str
    speed_m_s: float | None
    basis: str
    total: float
    missing: int
    steps: tuple[CurveStep, ...]


@dataclass(frozen=True, slots=True)
class ClauseResult:
    """One clause judged: its words, its value and target, status, counts and rates.

    ``value`` is in the clause's unit: a rate clause's official rate in per cent, a count, a sum;
    None for a clause whose subjects each have their own. ``counts`` maps status → subjects.
    ``topic`` is what it has in common with clauses of other documents.
    """

    standard: str
    id: str
    title: Mapping[str, str]
    section: str
    quote: str
    force: str
    references: tuple[Reference, ...]
    deadline: dt.date | None
    measure: str
    subject: str
    kinds: tuple[str, ...]
    comparison: str | None
    target: float | None
    unit: str
    value: float | None
    low: float | None
    high: float | None
    reading: Mapping[str, str]
    status: Status
    flags: tuple[Flag, ...]
    counts: Mapping[str, int]
    official: Rate | None
    rates: tuple[Rate, ...]
    topic: str = ""


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

    Layers, sensitivity, curves, switches, provision, remedies and stages may be made only when they
    are first read; copying or storing an Assessment reads them all.
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
    standard_titles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    exemptions: tuple[Exemption, ...] = ()
    settlements: tuple[Settlement, ...] = ()
    provision: pd.DataFrame = field(default_factory=lambda: empty_table(PROVISION_COLUMNS))
    remedies: pd.DataFrame = field(default_factory=lambda: empty_table(REMEDY_COLUMNS))
    stages: pd.DataFrame = field(default_factory=lambda: empty_table(STAGE_COLUMNS))
    map: MapSettings = field(default_factory=MapSettings)

    def __getattribute__(self, name: str) -> Any:
        value = object.__getattribute__(self, name)
        if isinstance(value, Later):
            value = value.make()
            object.__setattr__(self, name, value)
        return value

    def __getstate__(self) -> dict[str, Any]:
        return {f.name: getattr(self, f.name) for f in fields(self)}

    def clause(self, clause_id: str, standard: str | None = None) -> ClauseResult:
        """Return the result of one clause; of the first standard that has it by default."""
        for result in self.clauses:
            if result.id == clause_id and standard in {None, result.standard}:
                return result
        raise KeyError(clause_id)
