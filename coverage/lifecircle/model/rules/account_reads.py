"""What the m² account reads, whichever quotas are drawn up in it."""

from __future__ import annotations

__all__ = ["ACCOUNT_READS", "OWN_READS"]

OWN_READS = (
    "areas.name",
    "areas.age_class",
    "areas.counted",
    "areas.counted_if_new",
    "areas.counted_if_existing",
    "areas.population",
    "areas.population_unread",
    "areas.population_planned",
    "areas.population_planned_unread",
    "areas.elders",
    "areas.required_m2",
    "areas.required_most_m2",
    "areas.lead",
    "areas.home",
    "areas.project",
    "areas.setting",
    "areas.lived_in",
    "areas.quota_exempt",
    "areas.quota_exempt_perhaps",
    "areas.x",
    "areas.y",
    "areas.land_area_m2",
    "areas.stands_in",
    "areas.community",
    "areas.unit",
    "facilities.name",
    "facilities.address",
    "facilities.x",
    "facilities.community",
    "facilities.unit",
    "units.name",
    "containment",
    "sharing",
    "likely",
    "parameters.own_tolerance_m",
    "parameters.positional_error_m",
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
    "facilities.same_rooms_m2",
    "facilities.built",
    "facilities.site",
    "facilities.site_part",
    "facilities.y",
    "parameters.sharing_radius_m",
    "parameters.persons_per_household",
)
"""What the m² account of a standard's quotas is drawn up from, beside the quotas themselves."""
