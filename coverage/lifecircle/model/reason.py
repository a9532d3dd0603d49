"""Reasons: a code with parameters, made into words only at the edge (``texts``)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Reason", "ReasonCode"]


class ReasonCode(StrEnum):
    """Closed list of why a finding is what it is; texts: domain ``reasons``."""

    # reach
    NO_FACILITY = "no_facility"  # reach_group
    BEYOND_RADIUS = "beyond_radius"  # facility, distance_m, limit_m
    WITHIN_RADIUS = "within_radius"  # facility, distance_m, limit_m
    BEYOND_WALK = "beyond_walk"  # facility, walk_m, walk_min, limit_min
    BEYOND_SEARCH = "beyond_search"  # search_limit_m, straight_m
    WITHIN_WALK = "within_walk"  # facility, walk_m, walk_min, limit_min
    NO_STREET_WITHIN_SNAP = "no_street_within_snap"  # snap_limit_m, nearest_m
    STREET_FRAGMENT = "street_fragment"  # fragment_m
    ISLAND_WITHOUT_FERRY = "island_without_ferry"
    NO_STREETS = "no_streets"
    POSITION_MISSING = "position_missing"
    FACILITY_UNKNOWN = "facility_unknown"  # facility, field
    REACH_UNKNOWN = "reach_unknown"  # reach_group, distance_m
    # provision
    QUOTA_MET = "quota_met"  # provided_m2, required_m2
    QUOTA_SHORT = "quota_short"  # provided_m2, required_m2, deficit_m2
    QUOTA_UNDECIDED = "quota_undecided"  # low_m2, high_m2, required_low_m2, required_m2
    QUOTA_BETWEEN = "quota_between"  # provided_m2, required_low_m2, required_m2
    PLACE_BELOW_MINIMUM = "place_below_minimum"  # facility, place_m2, minimum_m2
    NO_PLACE = "no_place"
    HOUSEHOLDS_MISSING = "households_missing"
    PERSONS_MISSING = "persons_missing"
    # applicability
    ZERO_HOUSEHOLDS = "zero_households"
    OTHER_SETTING = "other_setting"  # setting
    OTHER_AGE_CLASS = "other_age_class"  # age_class
    SETTING_MISSING = "setting_missing"
    AGE_CLASS_MISSING = "age_class_missing"
    NOT_YET_LIVED_IN = "not_yet_lived_in"  # stage
    SPECIAL_UNIT = "special_unit"
    OTHER_UNIT_TYPE = "other_unit_type"  # unit_type
    FORCE_STARTS = "force_starts"  # date
    FORCE_ENDED = "force_ended"  # date
    EXEMPTED = "exempted"  # why, reference
    # units, counts, rates
    UNIT_HAS = "unit_has"  # facility
    UNIT_LACKS = "unit_lacks"
    UNIT_QUALIFIED_MISSING = "unit_qualified_missing"  # facility
    COUNTED = "counted"  # count, target
    SUMMED = "summed"  # total, target
    VALUE_MISSING = "value_missing"  # field, missing
    RATE = "rate"  # numerator, denominator, not_assessed
    NO_SUBJECT = "no_subject"
    NO_DATA = "no_data"  # field
    # remedies
    REMEDY_ARRANGE = "remedy_arrange"  # facility, m2
    REMEDY_POOL = "remedy_pool"  # deficit_m2, threshold_m2
    REMEDY_CONVERT = "remedy_convert"  # site, floor_area_m2, deficit_m2, distance_m
    REMEDY_ADD = "remedy_add"  # deficit_m2
    REMEDY_ENLARGE = "remedy_enlarge"  # facility, deficit_m2
    REMEDY_FILL = "remedy_fill"  # field


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: ``code`` and what it speaks of (numbers in the unit of their name)."""

    code: ReasonCode
    params: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def to_json(self) -> dict[str, Any]:
        """Return ``{"code": …, "params": {…}}`` as written to every output."""
        return {"code": str(self.code), "params": dict(self.params)}

    def dumps(self) -> str:
        """Return the JSON text that a table cell holds."""
        return json.dumps(self.to_json(), ensure_ascii=False, sort_keys=True, default=str)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Reason:
        """Read back what :meth:`to_json` wrote."""
        return cls(ReasonCode(value["code"]), dict(value.get("params", {})))

    @classmethod
    def loads(cls, text: str) -> Reason:
        """Read back what :meth:`dumps` wrote."""
        return cls.from_json(json.loads(text))
