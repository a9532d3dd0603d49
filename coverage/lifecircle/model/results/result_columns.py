"""Columns of what an Assessment holds in tables: its layers, the reach table, the allocation."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ALLOCATION_COLUMNS", "LAYER_COLUMNS", "REACH_TABLE_COLUMNS"]

LAYER_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "residential": (
        "name",
        "project",
        "unit",
        "community",
        "age_class",
        "setting",
        "stage",
        "built_year",
        "households",
        "population",
        "elders",
        "basis",  # where the figures come from; says so where the elders are apportioned
        "illustrative",
        # reach group `community`; walk_m in metres of level walking, *_status as Status
        "radius_m",
        "radius_facility",
        "radius_share",
        "radius_status",
        "walk_min",
        "walk_m",
        "walk_facility",
        "walk_share",
        "walk_status",
        "access_m",  # the legs of walk_m: to the street, along the streets, to the facility
        "network_m",
        "egress_m",
        "snap_m",
        "coverage",  # Coverage of the main group by the measure it is judged by
        # provision under the clause that applies to the area; NaN where none does
        "required_m2",
        "own_m2",
        "recorded_m2",
        "arrangeable_m2",
        "deficit_m2",
        "deficit_if_arranged_m2",
        "surplus_m2",  # own and recorded beyond the requirement
        "m2_for_reference",  # no clause in judgment asks these m2: they are for comparison only
        # a later phase has its project's verdict; the m2 stand with the phase it is counted with
        "counted_with",
        # the headline clause (a rate over other clauses: the one of them that applies)
        "clause",
        "verdict",
        "reason",
        "remedy",
    ),
    "facilities": (
        "name",
        "kinds",  # kinds: keys joined by ";"
        "site",
        "position_of",  # the row of its site whose position a row without one has; None: its own
        "stage",
        "unit",
        "community",
        "floor_area_m2",
        "community_area_m2",
        "quota_m2_low",
        "quota_m2_high",  # m2 that counts towards quotas, over the unknowns
        "unassigned_m2",  # of these, neither needed by its own area nor recorded for another
        "beds",
        "nursing_beds",
        "family_beds",
        "star",
        "reach_counts",  # "yes" | "no" | "unknown": open and of a kind that counts for reach
        "quota_counts",  # the same for m2
        "reach_groups",  # reach groups joined by ";"
        "serves",  # residential ids joined by ";"
        "serves_perhaps",  # those that a name of its record may mean, joined by ";"
        "illustrative",
    ),
    "units": (
        "name",
        "unit_type",
        "level",
        "setting",
        "population",
        "elders",
        "areas",
        "households",
        "facilities",
        "compliant",
        "deficient",
        "not_assessed",
        "rate",  # areas by headline verdict
    ),
    "gates": ("residential", "name", "open", "source"),  # source: given | osm | infer
    # the gate that would shorten a walk most: a closed one (`gate`), else a new one on that side
    "gate_effects": (
        "residential",
        "name",
        "reach_group",
        "gate",
        "side",
        "facility",
        "walk_m",
        "walk_min",
        "opened_walk_m",
        "opened_walk_min",
        "cures",  # yes: the walk would be within the limit; no
    ),
    "service_areas": ("reach_group", "method", "threshold", "unit"),  # method: radius | walk
    "reached_streets": ("reach_group", "threshold", "unit"),
    "disagreements": (
        "residential",
        "name",
        "reach_group",
        "facility",
        "radius_m",
        "walk_m",
        "walk_min",
        "detour",
        "barrier",
        "barrier_kind",
    ),
    # the walk of every disagreement, along the streets; `streets`: their names in order
    "routes": (
        "residential",
        "name",
        "reach_group",
        "facility",
        "walk_m",
        "walk_min",
        "access_m",
        "network_m",
        "egress_m",
        "streets",
        "steps_m",
        "ferry_m",
    ),
    # with what a visit needs: the facility, metres to it, and both ends in WGS 84 degrees
    "close_calls": (
        "residential",
        "name",
        "clause",
        "measured",
        "required",
        "unit",
        "margin",
        "facility",
        "distance_m",
        "margin_m",
        "lon",
        "lat",
        "facility_lon",
        "facility_lat",
    ),
    # kind: part, fragment (cut off), gap, duplicate, crossing (probably should join), joined (by
    # the repair), no_street (a town's areas without one), facility (off the streets), unknown_way
    # (nobody knows who passes; `name` is the word), shut_gate (with places behind it);
    # `verdicts`: areas whose walk hangs on it
    "street_diagnosis": (
        "kind",
        "name",
        "length_m",
        "areas",
        "facilities",
        "households",
        "verdicts",
    ),
    "sites": ("name", "type", "floor_area_m2", "unit", "community", "illustrative"),
    "streets": ("name", "highway"),  # for the map's base: as read, very many strung together
    "barriers": ("barrier", "name"),
}
"""Columns of every layer, beside the index ``id`` and the geometry."""

REACH_TABLE_COLUMNS = (
    "residential",
    "reach_group",
    "radius_m",
    "radius_facility",
    "radius_share",
    "radius_status",
    "walk_min",
    "walk_m",
    "walk_facility",
    "walk_share",
    "walk_share_error",
    "walk_status",
    "access_m",  # the legs of walk_m: to the street, along the streets, to the facility
    "network_m",
    "egress_m",
    "snap_m",  # to the nearest street, beyond the limit too: not always where the walk begins
    "detour",
    "open_gate_walk_m",
    "access_barrier",  # what the straight leg to or from the street crosses
    "by_ferry",  # the walk takes a ferry: it holds for the study's walking speed only
)
ALLOCATION_COLUMNS = (
    *("facility", "residential", "m2", "basis", "clause", "standard"),
    "distance_m",  # straight line from the facility to the area's representative point
)
"""``basis``: own | recorded | suggested; the first two add up to what an area certainly has."""
