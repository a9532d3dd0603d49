"""The measures a clause may name, each declared once: what it asks, what it reads, what it needs.

A declaration here and a file in ``measures/<room of its subject>/`` named after it are all that a
measure is; the function in it has the measure's name (or :attr:`MeasureSpec.function`). What a
rule reads beside this hangs on its options and its filter: ``model.rules.needs``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.model.rules import options as o
from lifecircle.model.rules.account_reads import ACCOUNT_READS, OWN_READS
from lifecircle.model.rules.measure_spec import MeasureSpec, Subject

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

_AT_MOST, _AT_LEAST = ("<=", "<"), (">=", ">")
_KINDS_STAGE = ("facilities.kinds", "facilities.stage")
_PLACES = ("residential.lon", "residential.lat", "facilities.lon", "facilities.lat")
_CODES = ("facilities.unit", "facilities.community")
_SEATS = ("facilities.x", "facilities.y", "units.x", "units.y")
_OF_PHASES = "lead home project age_class setting lived_in counted name required_m2 quota_exempt"
_PHASES = tuple(f"areas.{name}" for name in _OF_PHASES.split())
_SERVICE = ("facilities.day_service", "facilities.day_service_unread")
_SERVING = ("facilities.kinds", *_SERVICE, "facilities.open")
_SIGNS = ("facilities.site", "facilities.second_sign")
_PARTED = (*_SIGNS, "facilities.site_part")
_PLACED = ("facilities.x", "facilities.y", "facilities.rounded_m")

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
        options=o.ReachOptions,
        numbered=_AT_MOST,
        of_kinds=True,
        row_by_row=True,
        reads=("reach", "parameters.walk_speed_m_s"),
        fields=(*_PLACES, *_KINDS_STAGE),
    ),
    MeasureSpec(
        name="walk",
        subject="residential",
        units=("min",),
        answers="figure",
        options=o.ReachOptions,
        numbered=_AT_MOST,
        of_kinds=True,
        row_by_row=True,
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
        row_by_row=True,
        reads=("account", *_PHASES),
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
        row_by_row=True,
        reads=("account", *_PHASES),
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
            *_CODES,
            "facilities.beyond_units",
            "facilities.near_units",
            "facilities.rounded_units",
            "units.level",
            *_SEATS,
            "areas.unit",
            "areas.community",
            "areas.x",
            "areas.y",
            "sharing",
            "likely",
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
        row_by_row=True,
        reads=("findings", *_PHASES),
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
            *_PARTED,
            *_CODES,
            "units.setting",
            "units.parent",
            *_PHASES,
            "findings",
        ),
        fields=_KINDS_STAGE,
    ),
    MeasureSpec(
        name="sum",
        subject="county",
        units=("beds", "m2", "persons"),
        answers="figure",
        options=o.SumOptions,
        own_subjects=True,
        reads=(*_SERVING, *_SIGNS, "facilities.beds", "units.level", "units.parent"),
        fields=("facilities.stage",),
        function="total",
    ),
    MeasureSpec(
        name="ratio",
        subject="county",
        units=("%", "/1000p"),
        answers="figure",
        options=o.RatioOptions,
        own_subjects=True,
        only_kinds=True,
        reads=(*_SERVING, *_SIGNS, "units.level", "units.parent"),
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
            "facilities.same_rooms_m2",
            *("facilities.floor_area_m2", "facilities.community_area_m2", "facilities.y"),
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
        row_by_row=True,
        reads=(*(f"areas.{name}" for name in _DATES), "parameters.stage_tolerance_days"),
        fields=tuple(f"residential.{name}" for name in _DATES),
        figures=False,
    ),
    MeasureSpec(
        name="elder_share",
        subject="residential",
        units=("%",),
        answers="figure",
        ranked=True,
        row_by_row=True,
        reads=("areas.elders", "areas.population"),
        fields=("residential.elders", "residential.population"),
    ),
    MeasureSpec(
        name="renovated",
        subject="residential",
        units=("%",),
        answers="yes_no",
        options=o.RenovationOptions,
        row_by_row=True,
        reads=("areas.built_year", "areas.renovated", "areas.age_class"),
        fields=("residential.built_year", "residential.renovated", "residential.age_class"),
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
        reads=_SIGNS,
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
        reads=(*_SERVING, *_PARTED, *_PLACED, "parameters.co_location_m"),
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
            *_CODES,
            "journeys",
        ),
        fields=(*_KINDS_STAGE, "facilities.unit"),
        figures=False,
    ),
    MeasureSpec(
        name="one_operator",
        subject="units",
        units=("%",),
        answers="yes_no",
        options=o.OperatorOptions,
        of_kinds=True,
        only_kinds=True,
        reads=(
            *_SERVING,
            "facilities.operator",
            "facilities.entrusted",
            *_CODES,
            "facilities.beyond_units",
        ),
        fields=(
            *_KINDS_STAGE,
            "facilities.unit",
            "facilities.operator",
            "facilities.entrusted",
        ),
        figures=False,
    ),
    MeasureSpec(
        name="schedule",
        subject="county",
        units=("steps",),
        answers="figure",
        options=o.ScheduleOptions,
        own_subjects=True,
        reads=(),
    ),
    MeasureSpec(
        name="idle_sites",
        subject="county",
        units=("places",),
        answers="figure",
        own_subjects=True,
        reads=("candidates",),
        fields=("candidates.floor_area_m2",),
    ),
    MeasureSpec(
        name="out_of_use",
        subject="county",
        units=("facilities",),
        answers="figure",
        of_kinds=True,
        own_subjects=True,
        only_kinds=True,
        reads=(
            *_SIGNS,
            "facilities.kinds",
            "facilities.day_service",
            "facilities.stage",
            "facilities.floor_area_m2",
        ),
        fields=(*_KINDS_STAGE, "facilities.floor_area_m2"),
    ),
    MeasureSpec(
        name="shared_rooms",
        subject="county",
        units=("facilities",),
        answers="figure",
        own_subjects=True,
        reads=(
            "sharing",
            "likely",
            "containment",
            *_CODES,
            "facilities.x",
            "facilities.y",
            "areas.unit",
            "areas.community",
            "areas.x",
            "areas.y",
            "parameters.own_tolerance_m",
        ),
        fields=("facilities.serves",),
    ),
    MeasureSpec(
        name="indicator",
        subject="county",
        units=("%", "/1000p", "persons", "homes", "firms", "hours"),
        answers="figure",
        options=o.IndicatorOptions,
        own_subjects=True,
        reads=("indicators", *_SERVING, "units.level", "units.parent"),
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
