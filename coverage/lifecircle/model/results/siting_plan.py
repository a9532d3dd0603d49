"""A siting plan of a study: where to build, and what the judgement says of it before and after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from lifecircle.model.allowed import Count, Language, OneOf, Words
from lifecircle.model.finding import Rate
from lifecircle.model.inputs.study import InputRecord
from lifecircle.model.results.siting import Districts, ProvisionAnswer, SitingAnswer
from lifecircle.model.status import Flag

__all__ = [
    "NATURES",
    "SITING_SCHEMA",
    "SOURCES",
    "TO_CHECK",
    "WEIGHTS",
    "Alternative",
    "ArrangedSpare",
    "Closing",
    "CurvePoint",
    "PlanOrigin",
    "PlannedPlace",
    "PlannedRecord",
    "PlannedServed",
    "ServedArea",
    "SitingNote",
    "SitingPlan",
    "Variant",
]

SITING_SCHEMA = 1
NATURES = ("new", "convert", "expand", "reuse")
"""新建; 改建 of an idle building; 扩建 of a place in use; 盘活 of a facility that is idle or
used for something else."""
SOURCES = ("candidates", "facilities", "residential", "streets")
"""Layer a place comes from: a listed candidate; a facility; the plot of an area; a street."""
TO_CHECK = ("floor", "land_use", "building", "plot", "street")
"""What nobody knows of a place: whether it is on a floor, or on land, where care may be; whether
there is a building or a plot at all; how one gets there, where the data have no street near it."""
WEIGHTS = ("areas", "households", "population", "elders")


@dataclass(frozen=True, slots=True)
class ServedArea:
    """One area that a place serves.

    Parameters
    ----------
    households
        That count; null where they are not known.
    m2
        Of the place's floor area for it; null for clauses on reach.
    cost
        From the area to the place in the plan's ``unit``; null where it is its own rooms.
    gained
        Whether it becomes compliant with this place, all places before it built.
    """

    area: str
    name: str
    households: float | None
    m2: float | None
    cost: float | None
    gained: bool


@dataclass(frozen=True, slots=True)
class PlannedPlace:
    """One place of the plan, in the order of building.

    Parameters
    ----------
    sequence
        From 1 on.
    candidate
        Id of the candidate, or of the facility that is enlarged or put back into use.
    facility
        Id under which the plan's facility was judged.
    source
        Layer it comes from.
    source_id
        Its row's id in that layer; null on a street.
    kind
        Kind that it is planned as; of a facility that exists the first of its own.
    floor_area_m2
        Usable there, or what it could be enlarged by; null where it is not known.
    size_m2
        To be built, fitted out or added; null for clauses on reach.
    land_m2
        Land that the candidate offers; null where nothing is said.
    beds
        As the candidate or facility says; null where nothing is said.
    cost
        Fixed price and price of its m², as the candidate says; null where nothing is said.
    x, y
        In the plan's CRS, metres.
    lon, lat
        The same, WGS 84 degrees.
    serves
        Areas planned for that it serves: for clauses on reach all within its reach, whoever else
        reaches them, for quotas those that it has m² for.
    gains
        Areas that become compliant with it, all places before it built; and their weight.
    households
        Of all that it serves, as far as they are known.
    to_check
        What is not known and may rule the place out.
    """

    sequence: Count
    candidate: str
    facility: str
    source: Annotated[str, OneOf(SOURCES)]
    source_id: str | None
    name: str
    nature: Annotated[str, OneOf(NATURES)]
    kind: str
    unit: str | None
    community: str | None
    floor_area_m2: float | None
    size_m2: float | None
    land_m2: float | None
    beds: float | None
    cost: float | None
    x: float
    y: float
    lon: float
    lat: float
    serves: tuple[ServedArea, ...]
    gains: tuple[str, ...]
    gained_weight: float
    households: float
    to_check: tuple[Annotated[str, OneOf(TO_CHECK)], ...]


@dataclass(frozen=True, slots=True)
class PlannedRecord:
    """A service relation of the plan: it takes the place of all records of its facility.

    Parameters
    ----------
    m2
        For that area; null: as much as it requires.
    existing
        Spare m² of a place in use that are arranged; else of a planned place.
    cost
        Straight line, metres; null where it is its own rooms.
    """

    facility: str
    residential: str
    m2: float | None
    existing: bool
    cost: float | None


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another choice: what it is worth, and what tells it from the plan.

    Parameters
    ----------
    objective
        As the answer's; for quotas the m² to be built; for service districts Σ minutes.
    sites
        For service districts the hosts that serve.
    instead_of, besides
        Sites of the plan that it lacks, and its own that the plan lacks.
    moves
        Service districts: unit → its host there, of the units that have another in the plan.
    cost
        Of all its places, by the candidates' own; null where one of them says nothing.
    gains, loses
        Areas that meet the clause's figure with it and not with the plan, and the other way round;
        of those planned for (p-median, p-center: of everybody the clause is about). Service
        districts: units that travel less, and that travel more than in the plan.
    """

    objective: float
    sites: tuple[str, ...]
    instead_of: tuple[str, ...]
    besides: tuple[str, ...]
    moves: Mapping[str, str] = field(default_factory=dict)
    cost: float | None = None
    gains: tuple[str, ...] = ()
    loses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """What so many sites are worth at best, and what the last of them adds.

    ``pays``: whether the last one gains at least a tenth of what the first did.
    """

    sites: Count
    objective: float
    gain: float
    proven: bool
    pays: bool


@dataclass(frozen=True, slots=True)
class Variant:
    """The best choice under another question: which places of the plan stay in it.

    Parameters
    ----------
    asked
        ``sites``: with so many; ``hosts``: with so many hosts of service districts; ``speed``: at
        that walking speed, m/s.
    value
        Number of sites or hosts, or m/s.
    objective
        As the plan's own; null where there is no answer. For quotas the m² to be built.
    unmet
        Quotas: m² that stay short; null for clauses on reach.
    """

    asked: Annotated[str, OneOf(("sites", "hosts", "speed"))]
    value: float
    objective: float | None
    sites: tuple[str, ...]
    stay: tuple[str, ...]
    unmet: float | None = None


@dataclass(frozen=True, slots=True)
class Closing:
    """What closing one existing place would lose, by judging again; the least loss first."""

    facility: str
    name: str
    loses: tuple[str, ...]
    lost_weight: float
    undecided: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SitingNote:
    """What is to be said of a plan, as a code, and of which ids."""

    code: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlannedServed:
    """An area that a plan is about, as its outputs name it.

    Parameters
    ----------
    households
        As rates count them; null where the study does not say.
    x, y
        Its representative point in the study's CRS, metres; null where its place is not known.
    """

    id: str
    name: str
    households: float | None
    x: float | None
    y: float | None


@dataclass(frozen=True, slots=True)
class ArrangedSpare:
    """Spare m² of a place in use that a plan for a quota arranges, before anything is built."""

    facility: str
    name: str
    area: str
    area_name: str
    m2: float


@dataclass(frozen=True, slots=True)
class PlanOrigin:
    """The study that a plan was made of: what its outputs say of it, and what tells it again.

    Parameters
    ----------
    units
        Code of a unit or community where something is planned, or with a rate → its name, if any.
    areas
        Those planned for, those that a place of the plan serves, those that a closing would lose,
        and those that another choice gains or loses.
    inputs
        The files that the plan rests on: a study of other ones is another study.
    arranged
        Quotas: which spare m² of places in use go to which area.
    marks
        Of the clause: on whose figures it rests.
    """

    county: str
    language: Language
    standard_title: Words
    clause_title: Words
    units: Mapping[str, str]
    areas: tuple[PlannedServed, ...]
    attribution: tuple[str, ...]
    inputs: tuple[InputRecord, ...]
    arranged: tuple[ArrangedSpare, ...] = ()
    marks: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class SitingPlan:
    """Where to build for one clause, judged before and after.

    Parameters
    ----------
    measure
        Of the clause: radius, walk, provision, or assignment: units to hosts, nothing is built.
    unit
        Of the costs of ``serves``: m or min.
    crs
        Of ``x`` and ``y``.
    weight
        What is weighed; ``unweighted`` lists areas planned for whose weight is missing: they
        count 0.
    planned_for
        Areas that do not meet the clause (and with ``include_undecided`` those 待核实).
    answer
        The choice among candidates; its demand are the areas planned for. null for quotas.
    provision
        Places with sizes; null for clauses on reach.
    records
        Service relations that the plan rests on; each takes the place of all there were of its
        facility.
    deficits
        Quotas: area → m² it is short of before and after; a phase has its project's. null: not
        known.
    districts
        Clauses on service districts alone.
    area_by_area
        Quotas: places and m² if every area got rooms of its own; null for clauses on reach.
    before, after
        The clause's rates as judged, for the county and each unit.
    statuses
        Area planned for → its status before and after.
    """

    study: str
    standard: str
    clause: str
    measure: Annotated[str, OneOf(("radius", "walk", "provision", "assignment"))]
    unit: Annotated[str, OneOf(("m", "min"))]
    stage: str
    as_of: dt.date
    crs: str
    weight: Annotated[str, OneOf(WEIGHTS)]
    include_undecided: bool
    planned_for: tuple[str, ...]
    unweighted: tuple[str, ...]
    answer: SitingAnswer | None
    provision: ProvisionAnswer | None
    places: tuple[PlannedPlace, ...]
    records: tuple[PlannedRecord, ...]
    deficits: Mapping[str, tuple[float | None, float | None]]
    area_by_area: tuple[int, float] | None
    alternatives: tuple[Alternative, ...]
    curve: tuple[CurvePoint, ...]
    variants: tuple[Variant, ...]
    closing: tuple[Closing, ...]
    notes: tuple[SitingNote, ...]
    before: tuple[Rate, ...]
    after: tuple[Rate, ...]
    statuses: Mapping[str, tuple[str, str]]
    origin: PlanOrigin
    districts: Districts | None = None

    @property
    def chosen(self) -> tuple[str, ...]:
        """What the plan chose: its places' candidates in their order, or the hosts that serve."""
        if self.districts is not None:
            hosts = {one.host for one in self.districts.units if one.host is not None}
            return tuple(sorted(hosts))
        return tuple(place.candidate for place in self.places)

    @property
    def cost(self) -> float | None:
        """What all its places cost, by the candidates' own; None where one of them says nothing."""
        costs = [place.cost for place in self.places if place.cost is not None]
        return sum(costs) if costs and len(costs) == len(self.places) else None

    @property
    def complete(self) -> bool:
        """Whether nobody is left out whom more could not help: nothing is out of all reach."""
        if self.districts is not None:
            return self.districts.objective is not None and not self.districts.unreachable
        if self.answer is not None:
            return self.answer.feasible
        return self.provision is None or not self.provision.unmet
