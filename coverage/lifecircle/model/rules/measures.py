"""The measures a clause may name, each declared once: what it asks, what it reads, what it needs.

A declaration here and a file in ``measures/<room of its subject>/`` named after it are all that a
measure is; the function in it has the measure's name (or :attr:`MeasureSpec.function`). What a
rule reads beside this hangs on its options and its filter: ``model.rules.needs``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from lifecircle.model.rules import options as o

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "ACCOUNT_READS",
    "MEASURES",
    "OWN_READS",
    "MeasureSpec",
    "Subject",
    "answering",
    "bases_of",
]

Subject = Literal["residential", "units", "facilities", "county"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureSpec:
    """One measure.

    Parameters
    ----------
    subject
        Whom it judges.
    units
        Units its clauses may have.
    answers
        ``yes_no``: a subject is met (1) or not (0), and the clause speaks of their rate; else a
        ``figure`` in the clause's unit.
    options
        What a clause may and must give it.
    numbered
        The comparisons that make sense where a clause without a number would mean nothing; empty:
        the number may be missing.
    of_kinds
        The clause must name kinds of facilities.
    own_subjects
        It finds its subjects itself: one without a row is no subject.
    only_kinds
        Of the facilities it looks at those alone that are, or may be, of the rule's kinds, and of
        ``also_kinds``.
    per_project
        Phases of one project are one subject; reach and dates are each phase's own.
    account
        It is read from the m² account.
    figures
        Whether a subject's number tells more than yes or no (a count of papers does not).
    reads
        ``table.column`` of the tables it reads, and whole tables by name; a test holds it to what
        the function touches. ``parameters.*`` are the study's parameters.
    fields
        ``layer.column`` of a county's files it cannot do without, whatever the clause.
    function
        Name of its function where it is not the measure's.
    """

    name: str
    subject: Subject
    units: tuple[str, ...]
    answers: Literal["yes_no", "figure"]
    reads: tuple[str, ...]
    fields: tuple[str, ...] = ()
    options: type[o.Options] = o.Options
    numbered: tuple[str, ...] = ()
    of_kinds: bool = False
    own_subjects: bool = False
    only_kinds: bool = False
    also_kinds: tuple[str, ...] = ()
    per_project: bool = False
    account: bool = False
    figures: bool = field(default=True)
    function: str = ""

    @property
    def yes_no(self) -> bool:
        """Whether its subjects are met or not, and its clause speaks of their rate."""
        return self.answers == "yes_no"


_AT_MOST, _AT_LEAST = ("<=", "<"), (">=", ">")
_KINDS_STAGE = ("facilities.kinds", "facilities.stage")
_PLACES = ("residential.lon", "residential.lat", "facilities.lon", "facilities.lat")
_SERVICE = ("facilities.day_service", "facilities.day_service_unread")
_SERVING = ("facilities.kinds", *_SERVICE, "facilities.open")

OWN_READS = (
    "areas.name",
    "areas.age_class",
    "areas.counted",
    "areas.population",
    "areas.population_planned",
    "areas.elders",
    "areas.required_m2",
    "areas.lead",
    "areas.quota_exempt",
    "areas.x",
    "areas.y",
    "areas.land_area_m2",
    "areas.community",
    "areas.unit",
    "facilities.name",
    "facilities.address",
    "facilities.x",
    "facilities.community",
    "facilities.unit",
    "containment",
    "sharing",
    "parameters.own_tolerance_m",
    "parameters.recorded_sharing_note_m",
)
"""What decides whose a facility's rooms are (A39)."""

ACCOUNT_READS = (
    *OWN_READS,
    "facilities.kinds",
    "facilities.stage",
    "facilities.over_line",
    "facilities.floor_area_m2",
    "facilities.community_area_m2",
    "facilities.quota_m2_low",
    "facilities.quota_m2_high",
    "facilities.built",
    "facilities.site",
    "facilities.y",
    "parameters.sharing_radius_m",
    "parameters.persons_per_household",
)
"""What the m² account of a standard's quotas is drawn up from, beside the quotas themselves."""

_DATES = tuple(
    f"{part}{stage}_on"
    for stage in ("planned", "built", "accepted", "delivered")
    for part in ("", "care_")
)

_DECLARED = (
    MeasureSpec(
        name="radius",
        subject="residential",
        units=("m",),
        answers="figure",
        numbered=_AT_MOST,
        of_kinds=True,
        reads=("reach", "parameters.walk_speed_m_s"),
        fields=(*_PLACES, *_KINDS_STAGE),
    ),
    MeasureSpec(
        name="walk",
        subject="residential",
        units=("min",),
        answers="figure",
        numbered=_AT_MOST,
        of_kinds=True,
        reads=("reach", "parameters.walk_speed_m_s", "parameters.search_limit_m"),
        fields=(*_PLACES, *_KINDS_STAGE),
    ),
    MeasureSpec(
        name="provision",
        subject="residential",
        units=("m2/100hh", "m2/1000p"),
        answers="figure",
        options=o.ProvisionOptions,
        numbered=_AT_LEAST,
        per_project=True,
        account=True,
        reads=("account", "areas.lead"),
        fields=(*_KINDS_STAGE, "facilities.floor_area_m2"),
    ),
    MeasureSpec(
        name="single_minimum",
        subject="residential",
        units=("m2",),
        answers="figure",
        options=o.MinimumOptions,
        numbered=_AT_LEAST,
        per_project=True,
        account=True,
        reads=("account", "areas.lead"),
        fields=(*_KINDS_STAGE, "facilities.floor_area_m2"),
    ),
    MeasureSpec(
        name="unit_coverage",
        subject="units",
        units=("%",),
        answers="yes_no",
        options=o.CoverageOptions,
        of_kinds=True,
        only_kinds=True,
        also_kinds=("care_home", "regional_centre"),
        reads=(
            *_SERVING,
            "facilities.full_care",
            "facilities.home_service",
            "facilities.name",
            "facilities.former_name",
            "facilities.stage",
            "facilities.unit",
            "facilities.community",
            "facilities.beyond_units",
            "facilities.x",
            "facilities.y",
            "units.level",
            "units.x",
            "units.y",
            "areas.community",
            "areas.x",
            "areas.y",
            "sharing",
            "parameters.reference_radius_m",
        ),
        fields=_KINDS_STAGE,
        figures=False,
    ),
    MeasureSpec(
        name="compliance_rate",
        subject="residential",
        units=("%",),
        answers="yes_no",
        options=o.RateOptions,
        own_subjects=True,
        per_project=True,
        reads=("findings",),
        figures=False,
    ),
    MeasureSpec(
        name="count",
        subject="county",
        units=("places", "facilities", "areas"),
        answers="figure",
        options=o.CountOptions,
        own_subjects=True,
        only_kinds=True,
        reads=(
            *_SERVING,
            "facilities.site",
            "facilities.unit",
            "facilities.community",
            "units.setting",
            "units.parent",
            "areas.lead",
            "findings",
        ),
        fields=_KINDS_STAGE,
    ),
    MeasureSpec(
        name="sum",
        subject="county",
        units=("beds", "m2"),
        answers="figure",
        options=o.SumOptions,
        own_subjects=True,
        reads=(*_SERVING, "facilities.beds"),
        fields=("facilities.stage",),
        function="total",
    ),
    MeasureSpec(
        name="ratio",
        subject="county",
        units=("%",),
        answers="figure",
        options=o.RatioOptions,
        own_subjects=True,
        only_kinds=True,
        reads=_SERVING,
        fields=_KINDS_STAGE,
    ),
    MeasureSpec(
        name="has_facility",
        subject="residential",
        units=("%",),
        answers="yes_no",
        of_kinds=True,
        per_project=True,
        options=o.PresenceOptions,
        reads=(
            *OWN_READS,
            *_SERVING,
            "facilities.built",
            "facilities.stage",
            "facilities.over_line",
            "facilities.quota_m2_high",
            "facilities.floor_area_m2",
            "facilities.community_area_m2",
        ),
        fields=_KINDS_STAGE,
        figures=False,
    ),
    MeasureSpec(
        name="stages",
        subject="residential",
        units=("%",),
        answers="yes_no",
        options=o.StagesOptions,
        reads=(*(f"areas.{name}" for name in _DATES), "parameters.stage_tolerance_days"),
        fields=tuple(f"residential.{name}" for name in _DATES),
        figures=False,
    ),
    MeasureSpec(
        name="facility_share",
        subject="facilities",
        units=("%",),
        answers="yes_no",
        options=o.ShareOptions,
        of_kinds=True,
        only_kinds=True,
        reads=(),
        fields=_KINDS_STAGE,
        figures=False,
    ),
    MeasureSpec(
        name="co_location",
        subject="facilities",
        units=("%",),
        answers="yes_no",
        options=o.CoLocationOptions,
        of_kinds=True,
        reads=(
            *_SERVING,
            "facilities.site",
            "facilities.x",
            "facilities.y",
            "parameters.co_location_m",
        ),
        fields=(*_KINDS_STAGE, "facilities.lon", "facilities.lat"),
        figures=False,
    ),
    MeasureSpec(
        name="assignment",
        subject="units",
        units=("%",),
        answers="yes_no",
        options=o.AssignmentOptions,
        of_kinds=True,
        own_subjects=True,
        reads=(
            *_SERVING,
            "facilities.name",
            "facilities.former_name",
            "facilities.stage",
            "facilities.unit",
            "facilities.community",
            "journeys",
        ),
        fields=(*_KINDS_STAGE, "facilities.unit"),
        figures=False,
    ),
    MeasureSpec(
        name="indicator",
        subject="county",
        units=("%", "/1000p", "persons", "homes", "firms", "hours"),
        answers="figure",
        options=o.IndicatorOptions,
        own_subjects=True,
        reads=("indicators",),
    ),
    MeasureSpec(
        name="document",
        subject="county",
        units=("documents",),
        answers="figure",
        options=o.DocumentOptions,
        own_subjects=True,
        reads=("evidence",),
        figures=False,
    ),
)

MEASURES: Mapping[str, MeasureSpec] = {spec.name: spec for spec in _DECLARED}
"""Measure name → its declaration, in the order in which documents list them."""


def bases_of(spec: MeasureSpec) -> tuple[str, ...]:
    """Return the bases of which a measure's clauses have a rate: only those can be official."""
    if spec.subject != "residential":
        return {"units": ("units",), "facilities": ("facilities",)}.get(spec.subject, ("beds",))
    weighed = ("areas", "households", "population", "elders")
    return (*weighed, "households_reached", "land_area") if spec.name in _BY_SHARE else weighed


_BY_SHARE = {"radius", "walk"}
"""Measures that know what share of an area is within reach."""


def answering(*, yes_no: bool) -> frozenset[str]:
    """Return the measures whose subjects are met or not, or those with figures."""
    return frozenset(name for name, spec in MEASURES.items() if spec.yes_no == yes_no)
