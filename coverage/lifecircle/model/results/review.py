"""The Review: one proposal judged, clause by clause. Outputs read it and compute nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from lifecircle.model.allowed import Filled, Operator, OrNothing, Words
from lifecircle.model.reason import Reason
from lifecircle.model.rules.clause import Reference
from lifecircle.model.status import Flag, Status

if TYPE_CHECKING:
    import datetime as dt

    from shapely.geometry.base import BaseGeometry

    from lifecircle.model.inputs.proposal import Proposal, Supplement
    from lifecircle.model.inputs.study import InputRecord
    from lifecircle.model.problem import Problem

__all__ = [
    "MANUAL_CHECKS",
    "SCHEMA",
    "Condition",
    "ManualCheck",
    "Phase",
    "Review",
    "ReviewedClause",
    "SideEffect",
    "Sketch",
    "SketchPlace",
    "Standing",
    "Step",
    "Verdict",
]

SCHEMA = 2
"""Number of the ``review.json`` format; a change is a CHANGELOG entry."""

MANUAL_CHECKS = ("floor", "entrance", "daylight", "tenure")
"""What data cannot show and a person looks at (A37)."""


class Verdict(StrEnum):
    """The conclusion of a review (A37).

    ``agree`` 同意, ``amend`` 修改后同意, ``refuse`` 不同意, ``supply`` 待补充材料.
    """

    AGREE = "agree"
    """同意: every clause is met, whatever is not known."""
    AMEND = "amend"
    """修改后同意: every deficit can be made up inside the proposal's own plot."""
    REFUSE = "refuse"
    """不同意: a deficit cannot."""
    SUPPLY = "supply"
    """待补充材料: nothing is missed, and something is not known."""

    @property
    def exit_code(self) -> int:
        """The command's answer: 0 同意, 1 修改后同意 or 不同意, 3 待补充材料."""
        return {Verdict.AGREE: 0, Verdict.SUPPLY: 3}.get(self, 1)


@dataclass(frozen=True, slots=True)
class Step:
    """One line of arithmetic behind a requirement: a code and its numbers."""

    code: str
    params: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase of the project that stands in the study already, and is counted with the plots.

    ``exempt``: from its quota, so that its households ask for nothing; None: it is not known.
    """

    id: str
    households: float | None
    exempt: bool | None = False


@dataclass(frozen=True, slots=True)
class ReviewedClause:
    """One clause for one plot, or for several that it judges as one, phases of a project.

    Parameters
    ----------
    plots
        All that are judged together; of one alone, itself.
    quote
        Exact words; empty for a reference check of ours.
    force
        The document's own words for its force.
    target
        What the clause asks, in ``target_unit``; None: it has no number.
    required, provided, deficit
        In ``unit``; None: not known, or without bound. For clauses that are met or not, 1 and 0
        without a unit.
    low, high
        What the unknowns leave of ``provided``.
        Of floor area, ``deficit`` is what ``remedy`` adds.
    remedy
        The smallest change that makes it pass, whatever other clauses lack.
    cures
        The other clauses missed in the same project that ``remedy`` makes pass too.
    curable
        Whether that lies inside the proposal's own plot; None: there is nothing to cure.
    working
        How a required floor area comes about.
    standard
        The document the clause is of, which may be the province's.
    phases
        Phases of the project that stand in the study and are counted together with the plots.
    uncounted_m2
        Places on the drawing that earn no credit because one place must have ``least_m2``.
    decides
        Whether the verdict rests on it: not on a reference, nor on a clause of an ended plan where
        another rule is in force.
    """

    id: str
    plot: str
    plots: Annotated[tuple[str, ...], Filled()]
    title: Words
    section: str
    quote: str
    force: str
    references: tuple[Reference, ...]
    measure: str
    comparison: Operator | None
    target: float | None
    target_unit: str
    required: float | None
    provided: float | None
    low: float | None
    high: float | None
    unit: str
    deficit: float | None
    status: Status
    flags: tuple[Flag, ...]
    reason: Reason | None
    remedy: Reason | None
    curable: bool | None
    working: tuple[Step, ...] = ()
    standard: str = ""
    phases: tuple[Phase, ...] = ()
    uncounted_m2: tuple[float, ...] = ()
    least_m2: float | None = None
    decides: bool = True
    cures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SideEffect:
    """What the proposal does to one neighbour under one clause, both by the stage ``plan``.

    Parameters
    ----------
    residential, name
        The neighbour.
    facilities
        Those that give less (or, where the neighbour gains, more).
    before_m2, after_m2, change_m2
        Floor area that counts for certain, own and by recorded sharing.
    blocking
        It was met before for certain, and is missed for certain then.
    open
        It may have been met before, and may be missed then for what it loses, or may lose: the
        opinion waits for it.
    remedy
        What would make it up; or, where rooms promised to it count nothing there, why.
    curable
        Whether the remedy lies inside the proposal's own plot; None: there is nothing to cure.
    """

    residential: str
    name: str
    clause: str
    facilities: tuple[str, ...]
    required: float | None
    before_m2: Annotated[float, OrNothing()]
    after_m2: Annotated[float, OrNothing()]
    change_m2: Annotated[float, OrNothing()]
    status_before: Status
    status_after: Status
    blocking: bool
    open: bool
    remedy: Reason | None
    curable: bool | None


@dataclass(frozen=True, slots=True)
class Condition:
    """What is to be kept to later: a code and its parameters."""

    code: str
    params: Mapping[str, str | float]
    clause: str | None


@dataclass(frozen=True, slots=True)
class ManualCheck:
    """A row for a person: what to look at, and what the file says of it.

    Parameters
    ----------
    subject
        The facility or the clause it is about; empty: the project.
    """

    code: str
    subject: str
    stated: str | None


class Standing(StrEnum):
    """How a facility on the sketch stands to the plots: whether it counts, and towards what."""

    COUNTED = "counted"
    """Its m² are credited to a plot."""
    NEAR = "near"
    """It serves within the radius; its m² are not the plots'."""
    ASIDE = "aside"
    """It counts towards neither."""
    OPEN = "open"
    """Not known."""


@dataclass(frozen=True, slots=True)
class SketchPlace:
    """A facility on the sketch, everything planned built.

    Parameters
    ----------
    number
        From 1 on: what stands beside its mark.
    x, y
        Metres.
    m2
        What is credited to the plots; of one that is not counted what its rooms have; None: not
        known, or there are none.
    distance_m
        Straight line to the nearest plot's representative point.
    stage
        Of an existing facility that is not in use; else None.
    reason
        Why its m² do not count, where there is more to say than its kind.
    """

    number: int
    facility: str
    x: float
    y: float
    planned: bool
    standing: Standing
    m2: float | None
    distance_m: float
    stage: str | None
    reason: Reason | None


@dataclass(frozen=True, slots=True, eq=False)
class Sketch:
    """What the sketch of a proposal shows, metres in the study's CRS.

    Parameters
    ----------
    plots, areas, streets
        Shapes: the plots, the estates round them, the streets.
    centres
        The plots' representative points, from which the radius is measured.
    radius_m, clause
        Round each centre, and whose it is: a clause, or a reference check of ours. None: no check
        of reach was made.
    places
        Planned ones first, then those that are counted, then the nearest; ``more``: how many
        within the radius are left out.
    """

    plots: tuple[BaseGeometry, ...]
    areas: tuple[BaseGeometry, ...]
    streets: tuple[BaseGeometry, ...]
    centres: tuple[tuple[float, float], ...]
    radius_m: float | None
    clause: str
    places: tuple[SketchPlace, ...]
    more: int


@dataclass(frozen=True, slots=True, eq=False)
class Review:
    """A proposal judged under one standard.

    Parameters
    ----------
    names
        Layer (``residential``, with the plots, or ``facilities``) → id → name.
    households
        Planned dwellings of all plots.
    tolerance_days
        Days by which a facility may lag behind the housing and is still reckoned together with
        it: ours, of no document. None where no clause asks for the stages.
    clauses
        Those that apply to new areas, then reference checks (flag ``reference``), by plot.
    sketch
        The plots and what stands round them. It is for the eye: nothing rests on it.
    """

    study: str
    county: str
    standard: str
    standard_title: Mapping[str, str]
    standard_number: str
    as_of: dt.date
    language: str
    proposal: Proposal
    verdict: Verdict
    clauses: tuple[ReviewedClause, ...]
    side_effects: tuple[SideEffect, ...]
    conditions: tuple[Condition, ...]
    manual_checks: tuple[ManualCheck, ...]
    supplements: tuple[Supplement, ...]
    inputs: tuple[InputRecord, ...]
    problems: tuple[Problem, ...]
    households: float
    tolerance_days: float | None = None
    sketch: Sketch | None = None
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    banners: tuple[str, ...] = ()
    attribution: tuple[str, ...] = ()
