"""Reasons: a code with parameters, made into words only at the edge (``texts``)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from lifecircle.model.allowed import Params

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["NO_CLASS", "PERHAPS_EXEMPT", "SHORT_AT_LEAST", "Reason", "ReasonCode"]


class ReasonCode(StrEnum):
    """Closed list of why a finding is what it is; texts: domain ``reasons``."""

    # reach
    NO_FACILITY = "no_facility"  # reach_group
    BEYOND_RADIUS = "beyond_radius"  # facility, distance_m, limit_m
    WITHIN_RADIUS = "within_radius"  # facility, distance_m, limit_m
    RADIUS_ON_PLOT = "radius_on_plot"  # facility, most_m, limit_m: wherever on its plot it stands
    WALK_ON_PLOT = "walk_on_plot"  # facility, most_m, most_min, limit_min: likewise
    BEYOND_WALK = "beyond_walk"  # facility, walk_m, walk_min, limit_min
    BEYOND_TABLE = "beyond_table"  # limit_min, straight_m: of a table handed in
    BEYOND_SEARCH = "beyond_search"  # search_limit_m, straight_m
    STRAIGHT_BEYOND_WALK = "straight_beyond_walk"  # straight_m, straight_min, limit_min
    WITHIN_WALK = "within_walk"  # facility, walk_m, walk_min, limit_min
    NO_STREET_WITHIN_SNAP = "no_street_within_snap"  # snap_limit_m, nearest_m
    STREET_FRAGMENT = "street_fragment"  # fragment_m
    ISLAND_WITHOUT_FERRY = "island_without_ferry"
    STREETS_IN_PIECES = "streets_in_pieces"  # main_percent: of the streets in the main network
    STREETS_UNJOINED = "streets_unjoined"  # facility, walk_m: if streets that cross meet there
    FACILITY_OFF_STREETS = "facility_off_streets"  # facility, nearest_m, distance_m
    FACILITY_ON_FRAGMENT = "facility_on_fragment"  # facility, fragment_m, distance_m
    NO_STREETS = "no_streets"
    NO_WAY = "no_way"
    GATE_UNKNOWN = "gate_unknown"  # near_m, distance_m: by whichever gate may be open
    WAY_UNKNOWN = "way_unknown"  # facility, walk_m: if what nobody knows may be passed
    STREETS_UNKNOWN = "streets_unknown"  # of no street is it known that it may be walked
    POSITION_MISSING = "position_missing"
    DATUM_DOUBTED = "datum_doubted"  # layers, datums; was, now: what it comes to otherwise
    FACILITY_UNKNOWN = "facility_unknown"  # facility, field
    RECORD_UNCLEAR = "record_unclear"  # facility, written, areas: that its record may mean
    RECORDS_UNCLEAR = "records_unclear"  # facility (the first), facilities, written, areas
    RECORD_BEYOND = "record_beyond"  # facility, written: what is nobody's name
    RECORDS_BEYOND = "records_beyond"  # facility (the first), facilities, written
    NAME_UNCLEAR = "name_unclear"  # facility, areas: that its own name may mean
    NAME_FITS_ALL = "name_fits_all"  # count: of those areas, all of them
    NAME_WITHOUT_PLACE = "name_without_place"  # count: of those areas
    NAME_ON_TWO_ROWS = "name_on_two_rows"  # count: of those areas that may be another again
    PLACE_UNCLEAR = "place_unclear"  # facility, areas: in whose outlines it stands
    NAMES_UNCLEAR = "names_unclear"  # facility (the first), facilities, areas: or some's records
    REACH_UNKNOWN = "reach_unknown"  # reach_group, facility, distance_m
    REACH_UNPLACED = "reach_unplaced"  # reach_group, facility, count: it may stand here
    REACH_ROUNDED = "reach_rounded"  # facility, near_m, distance_m: by rounded coordinates
    SHARING_ROUNDED = "sharing_rounded"  # facility, near_m, distance_m: likewise, of a record
    WALK_ROUNDED = "walk_rounded"  # facility, near_m, distance_m: likewise
    WALK_UNKNOWN = "walk_unknown"  # facility, distance_m
    WALK_COST_UNREAD = "walk_cost_unread"  # written, facility: a row handed in
    WALK_TOO_SHORT = "walk_too_short"  # written, facility: shorter than the straight line
    WALK_NAME_UNCLEAR = "walk_name_unclear"  # written, facility, walk_m: a row handed in
    # provision
    QUOTA_MET = "quota_met"  # provided_m2, required_m2
    QUOTA_SHORT = "quota_short"  # provided_m2, required_m2, deficit_m2
    QUOTA_SHORT_AT_LEAST = "quota_short_at_least"  # provided_m2 (at most), required_m2, deficit_m2
    REACH_TOO_FAR = "reach_too_far"  # reach_group, distance_m, limit_m: also of what may count
    NEARER_OUTSIDE = "nearer_outside"  # facility, distance_m: over the county line (A18)
    QUOTA_SHORT_BETWEEN = "quota_short_between"  # and required_low_m2: the quota is a range
    QUOTA_SHORT_SMALL = "quota_short_small"  # and standing_m2, below_m2, minimum_m2
    QUOTA_SHORT_SMALL_AT_LEAST = "quota_short_small_at_least"  # the same: at most, and at least
    QUOTA_SHORT_SMALL_BETWEEN = "quota_short_small_between"  # and required_low_m2
    QUOTA_UNDECIDED = "quota_undecided"  # low_m2, high_m2, required_low_m2, required_m2
    QUOTA_BETWEEN = "quota_between"  # provided_m2, required_low_m2, required_m2
    QUOTA_BETWEEN_SMALL = "quota_between_small"  # as quota_undecided, minimum_m2: of small places
    MINIMUM_OPEN = "minimum_open"  # provided_m2, minimum_m2: approved, by its conditions' quota
    PHASE_OF = "phase_of"  # residential, provided_m2, required_m2
    PHASE_OF_SMALL = "phase_of_small"  # and standing_m2, below_m2, minimum_m2
    PHASE_UNKNOWN = "phase_unknown"  # residential, field
    PHASE_LACKS = "phase_lacks"  # residential, field: for want of which its project's is unknown
    PLACE_BELOW_MINIMUM = "place_below_minimum"  # facility, place_m2, minimum_m2
    NO_PLACE = "no_place"
    HOUSEHOLDS_MISSING = "households_missing"
    PERSONS_MISSING = "persons_missing"
    FIGURE_UNREAD = "figure_unread"  # field: written and not read, so what is required is unknown
    HOUSEHOLDS_OF_TWO_ROWS = "households_of_two_rows"  # least, most: perhaps one estate
    PEOPLE_FEWER = "people_fewer"  # people, households: planned, one of the two is a slip
    PEOPLE_UNLIKELY = "people_unlikely"  # and persons (per household): planned, so is one of these
    PEOPLE_OF_PHASE = "people_of_phase"  # residential: the phase of which one of the two is a slip
    # rooms: what own ones rest on, and which near or named do not count (m2 None: not known)
    OWN_NAMED_PERHAPS = "own_named_perhaps"  # facility, m2
    OWN_BY_NAME = "own_by_name"  # facility, m2
    OWN_BY_RECORD_AND_NAME = "own_by_record_and_name"  # facility, m2
    OWN_NAMED_NEAR = "own_named_near"  # facility, m2, distance_m: from the point of the area
    OWN_NAMED_FAR = "own_named_far"  # facility, m2, distance_m
    PLACED_SEVERAL = "placed_several"  # facility, m2, areas: the others in whose outlines it is
    NEAR_POINT = "near_point"  # facility, m2, distance_m, areas: the others that it may be of
    NAMED_SEVERAL = "named_several"  # facility, m2, areas: the others that its name fits
    OWN_TO_VISIT = "own_to_visit"  # facility, m2, distance_m
    RECORD_FAR = "record_far"  # facility, m2, distance_m, limit_m
    ASIDE_OUTSIDE = "aside_outside"  # facility, m2
    ASIDE_STAGE = "aside_stage"  # facility, m2, stage
    ASIDE_BEDS = "aside_beds"  # facility, m2
    ASIDE_SMALL = "aside_small"  # facility, m2, minimum_m2
    ASIDE_BEYOND = "aside_beyond"  # facility, m2, distance_m, limit_m
    ASIDE_OFF_SITE = "aside_off_site"  # facility, m2, distance_m
    ASIDE_OF_ANOTHER = "aside_of_another"  # facility, m2, residential
    ASIDE_RECORDED = "aside_recorded"  # facility, m2, residential: whom its record names
    ASIDE_TOO_FAR = "aside_too_far"  # facility, m2, distance_m
    ASIDE_USED = "aside_used"  # facility, m2
    # applicability
    ZERO_HOUSEHOLDS = "zero_households"
    OTHER_SETTING = "other_setting"  # setting
    OTHER_AGE_CLASS = "other_age_class"  # age_class
    SETTING_MISSING = "setting_missing"
    AGE_CLASS_MISSING = "age_class_missing"
    AGE_CLASS_BY_DAY = "age_class_by_day"  # field, first, last; issued: the document's day
    NOT_YET_LIVED_IN = "not_yet_lived_in"  # stage
    STAGE_UNREAD = "stage_unread"  # a stage is stated that nobody can read
    BUILT_LATER = "built_later"  # year, limit: of completion, and before which the clause speaks
    BUILT_YEAR_MISSING = "built_year_missing"  # limit
    OLD_UNTOLD = "old_untold"  # year: an existing area of that age, not said to be an old one
    SPECIAL_UNIT = "special_unit"
    OTHER_UNIT_TYPE = "other_unit_type"  # unit_type
    EXEMPTED = "exempted"  # why, reference
    EXEMPTED_UNTIL = "exempted_until"  # why, reference, until
    EXEMPTION_CLAUSE = "exemption_clause"  # why, reference, said, row, cell: from which clause
    EXEMPTION_CLAUSE_BLANK = "exemption_clause_blank"  # why, reference, row, cell: from none named
    EXEMPTION_DENIED = "exemption_denied"  # why, reference, said: of the same row
    EXEMPTION_UNFOUNDED = "exemption_unfounded"  # why, row, cell: it rests on no paper
    EXEMPTION_UNREAD = "exemption_unread"  # why, reference: its end cannot be read
    EXEMPTION_OF_PHASE = "exemption_of_phase"  # residential: whose it is; a note
    EXEMPTION_UNCLEAR = "exemption_unclear"  # why, reference, written: whom it names
    # units, counts, rates
    UNIT_HAS = "unit_has"  # facility
    UNIT_SHARES = "unit_shares"  # facility
    UNIT_MAY_SHARE = "unit_may_share"  # facility, residential: of unknown community
    UNIT_NEAR = "unit_near"  # facility, distance_m, limit_m
    UNIT_LACKS = "unit_lacks"
    UNIT_UNLISTED = "unit_unlisted"  # unit_type: of the county, not in the list
    UNIT_HOME_INSTEAD = "unit_home_instead"  # facility: a care home that does a centre's work
    UNIT_TOO_SMALL = "unit_too_small"  # facility, place_m2, minimum_m2
    UNIT_UNMET = "unit_unmet"  # facility, fields: of what the clause asks
    UNIT_OUT_OF_USE = "unit_out_of_use"  # facility, stage
    UNIT_OTHER_KIND = "unit_other_kind"  # facility, kinds: not those that the clause names
    UNIT_ROUNDED = "unit_rounded"  # facility: it stands here, or over the border
    UNIT_UNPLACED = "unit_unplaced"  # facility, count: it may stand here
    UNIT_QUALIFIED_MISSING = "unit_qualified_missing"  # facility
    COUNTED = "counted"  # count, target
    KIND_BY_NAME = "kind_by_name"  # facilities, count, kinds: of another type, called so
    COUNTED_OPEN = "counted_open"  # count, most, target: some may be of the description or not
    SUMMED = "summed"  # total, target
    VALUE_MISSING = "value_missing"  # fields, missing, facilities
    PERHAPS_COUNTED = "perhaps_counted"  # count, facilities: of unknown kind or stage
    RATE = "rate"  # numerator, denominator, not_assessed
    NO_DATA = "no_data"  # field
    OPERATOR_ONE = "operator_one"  # operator, count
    OPERATOR_NONE = "operator_none"  # facility: not entrusted
    OPERATORS_SEVERAL = "operators_several"  # count, facilities: one of each
    OPERATOR_UNKNOWN = "operator_unknown"  # facility, count, fields
    # facilities, districts, stages, typed figures
    KIND_UNKNOWN = "kind_unknown"  # kind or stage of a facility missing
    FLAGS_MET = "flags_met"  # fields
    FLAGS_MISSED = "flags_missed"  # fields
    FLAGS_MISSING = "flags_missing"  # fields
    SHARE_COVERED = "share_covered"  # low_percent, percent, least_percent
    PAIRED = "paired"  # facility, distance_m, limit_m
    NOT_PAIRED = "not_paired"  # distance_m, limit_m
    PAIR_UNKNOWN = "pair_unknown"  # limit_m
    AREA_HAS = "area_has"  # facility
    AREA_HAS_IDLE = "area_has_idle"  # facility, stage
    AREA_LACKS = "area_lacks"
    AREA_UNKNOWN = "area_unknown"  # facility
    RENOVATED = "renovated"  # year
    NOT_RENOVATED = "not_renovated"  # year
    RENOVATION_MISSING = "renovation_missing"  # fields
    STAGES_TOGETHER = "stages_together"  # lag_days, limit_days
    STAGE_LATE = "stage_late"  # field, lag_days, limit_days
    STAGE_MISSING = "stage_missing"  # fields
    STAGE_BY_DAY = "stage_by_day"  # field, fields; lag_days at least, most_days, limit_days
    STAGE_PLANNED = "stage_planned"
    STAGE_OF_PHASE = "stage_of_phase"  # facility
    STAGE_NOT_PLANNED = "stage_not_planned"
    CIVIL_AFFAIRS_ABSENT = "civil_affairs_absent"
    HOST_SERVES = "host_serves"  # facility, district
    HOST_SERVES_AWAY = "host_serves_away"  # and distance_m, nearest, nearest_m
    HOST_SERVES_TIMED = "host_serves_timed"  # and distance_m, drive_min, walk_min, nearest, …
    HOST_FORMER = "host_former"  # facility, district, host
    HOST_RENAMED = "host_renamed"  # facility, district, host
    HOST_MISSING = "host_missing"  # host, district
    HOST_UNKNOWN = "host_unknown"  # host, district
    HOST_OUTSIDE = "host_outside"  # facility, district
    HOST_NOT_READY = "host_not_ready"  # facility, district
    BEDS_ENOUGH = "beds_enough"  # beds, demand, district
    BEDS_SHORT = "beds_short"  # beds, demand, district
    BEDS_UNKNOWN = "beds_unknown"  # district
    TYPED = "typed"  # indicator, total, source
    NOT_TYPED = "not_typed"  # indicator
    TYPED_ABOVE = "typed_above"  # indicator, top, bottom: a share of more than all
    FIGURE_RECKONED = "figure_reckoned"  # indicator, total, field, target, ledger_total
    FIGURE_DIFFERS = "figure_differs"  # and typed: the ledger holds
    FIGURE_AGAINST = "figure_against"  # and typed: one of the two is wrong
    FIGURE_GAPS = "figure_gaps"  # and missing, lacking: rows of the ledger without the figure
    FIGURE_AT_MOST = "figure_at_most"  # and most: what the ledger allows
    DENOMINATOR_MISSING = "denominator_missing"  # indicator, field, target, ledger_total
    SUM_GAPS = "sum_gaps"  # field, target, total, missing, lacking
    STATED_RATE = "stated_rate"  # numerator, denominator, stated (per cent)
    STATED = "stated"  # total, most, stated: the document's own figure beside the ledger's
    TYPED_ALONE = "typed_alone"  # indicator, percent, source: the ledger has nobody it is about
    TYPED_INSTEAD = "typed_instead"  # and low_percent, high_percent: what the ledger leaves open
    TYPED_AGAINST = "typed_against"  # the same: outside of what the ledger leaves open
    LEDGER_DECIDES = "ledger_decides"  # the same: otherwise than typed
    LEDGER_SILENT = "ledger_silent"  # indicator, target, kinds, fields: neither tells
    DOCUMENTS = "documents"  # count, most, total
    DOCUMENTS_OPEN = "documents_open"  # and papers: items nobody answered
    SEE_CLAUSES = "see_clauses"  # clauses: what words without a demand of their own are about
    STEP_RUNNING = "step_running"  # day, step, number, count, until
    STEPS_OVER = "steps_over"  # day, until, count
    ELDER_SHARE = "elder_share"  # elders, people, percent
    ELDER_SHARE_OPEN = "elder_share_open"  # fields
    MET_AT_MOST = "met_at_most"  # facility, count, waiting, most: not all of those open, and why
    REACHED_AT_MOST = "reached_at_most"  # facility, count, waiting, most
    UNITS_AT_MOST = "units_at_most"  # count, waiting, most, counted (kind of units)
    RANKED_NONE = "ranked_none"  # missing: nobody has the figure
    RANKED = "ranked"  # count, areas: those with the largest figures
    RANKED_WITHOUT = "ranked_without"  # count: areas whose figure nobody has
    SITES_ABSENT = "sites_absent"  # no layer of candidate sites
    SITES_LISTED = "sites_listed"  # count, m2
    SITES_LISTED_GAPS = "sites_listed_gaps"  # and missing: rows without m²
    OUT_OF_USE = "out_of_use"  # count, idle, misused, closed, m2, facilities
    OUT_OF_USE_BLANK = "out_of_use_blank"  # count: of them those without m²
    ALL_IN_USE = "all_in_use"
    OUT_OF_USE_ONCE_MORE = "out_of_use_once_more"  # count: rows that may be a house named before
    PERHAPS_OUT_OF_USE = "perhaps_out_of_use"  # count: rows whose stage or kind is not known
    ROOMS_SHARED = "rooms_shared"  # count, areas_served, m2, distance_m
    ROOMS_SHARED_BLANK = "rooms_shared_blank"  # count: records that name no m²
    NO_ROOMS_SHARED = "no_rooms_shared"
    SHARING_UNRECORDED = "sharing_unrecorded"  # fields
    # remedies
    REMEDY_ARRANGE = "remedy_arrange"  # facility, m2
    REMEDY_ARRANGE_SEVERAL = "remedy_arrange_several"  # facility, m2, count, total_m2
    REMEDY_REVIVE = "remedy_revive"  # facility, stage, m2
    REMEDY_POOL = "remedy_pool"  # deficit_m2, threshold_m2
    REMEDY_POOL_AT_LEAST = "remedy_pool_at_least"  # the same: it may lack more
    REMEDY_CONVERT = "remedy_convert"  # site, floor_area_m2, deficit_m2, distance_m
    REMEDY_ADD = "remedy_add"  # deficit_m2
    REMEDY_ENLARGE = "remedy_enlarge"  # facility, deficit_m2, place_m2
    REMEDY_OPEN_GATE = "remedy_open_gate"  # gate, facility, walk_m, walk_min
    REMEDY_NEW_GATE = "remedy_new_gate"  # side, facility, walk_m, walk_min
    # remedies of a proposal, inside its own plot
    REMEDY_PLAN_ROOM = "remedy_plan_room"  # m2: rooms in one place
    REMEDY_PLAN_LARGER = "remedy_plan_larger"  # facility, from_m2, to_m2, m2
    REMEDY_PLAN_TOGETHER = "remedy_plan_together"  # facilities, total_m2
    REMEDY_PLAN_TOGETHER_LARGER = "remedy_plan_together_larger"  # facilities, total_m2, m2
    REMEDY_PLAN_KIND = "remedy_plan_kind"  # kinds
    REMEDY_PLAN_INSIDE = "remedy_plan_inside"  # reach_group
    REMEDY_PLAN_EARLIER = "remedy_plan_earlier"  # field, lag_days, limit_days
    REMEDY_PLAN_CIVIL = "remedy_plan_civil"
    REMEDY_PLAN_FOR = "remedy_plan_for"  # residential, m2: rooms for a neighbour that loses them
    REMEDY_NONE_INSIDE = "remedy_none_inside"  # residential, m2: not to be made up in the plot
    REMEDY_NONE_OF_OWN = "remedy_none_of_own"  # residential: it has no facility any more
    REMEDY_PLAN_WITHIN = "remedy_plan_within"  # reach_group, residential, limit_m: so near to it
    REMEDY_NONE_WITHIN = "remedy_none_within"  # residential, limit_m: none as near any more
    REMEDY_SUPPLY = "remedy_supply"  # field


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason.

    Parameters
    ----------
    params
        What the code speaks of; numbers in the unit of their name.
    """

    code: ReasonCode
    params: Params = field(default_factory=lambda: MappingProxyType({}))

    def to_json(self) -> dict[str, Any]:
        """Return ``{"code": …, "params": {…}}`` as written to every output."""
        return {"code": str(self.code), "params": dict(self.params)}

    def beside(self, counts: Mapping[ReasonCode, float]) -> Reason:
        """Return it with notes (param ``notes``) of how many there are besides; of none nothing."""
        more = [Reason(code, {"count": int(n)}).to_json() for code, n in counts.items() if n]
        notes = [*self.params.get("notes", ()), *more]
        return Reason(self.code, {**self.params, "notes": notes}) if more else self

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


SHORT_AT_LEAST = frozenset(
    {
        ReasonCode.QUOTA_SHORT_AT_LEAST,
        ReasonCode.QUOTA_SHORT_BETWEEN,
        ReasonCode.QUOTA_SHORT_SMALL_AT_LEAST,
        ReasonCode.QUOTA_SHORT_SMALL_BETWEEN,
    }
)
"""Reasons that tell the least that an area lacks."""
NO_CLASS = frozenset({ReasonCode.AGE_CLASS_MISSING, ReasonCode.AGE_CLASS_BY_DAY})
"""Why it is not known of an area whether it is new or existing, where all else is known."""
PERHAPS_EXEMPT = frozenset(
    {
        ReasonCode.EXEMPTION_CLAUSE,
        ReasonCode.EXEMPTION_CLAUSE_BLANK,
        ReasonCode.EXEMPTION_DENIED,
        ReasonCode.EXEMPTION_UNCLEAR,
        ReasonCode.EXEMPTION_UNFOUNDED,
        ReasonCode.EXEMPTION_UNREAD,
    }
)
"""Why it is not known whether an exemption holds for a subject."""
