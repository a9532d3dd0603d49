"""What can be wrong with the input: a closed list, and how bad each may be."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["ProblemCode", "Severity"]


class Severity(StrEnum):
    """How bad: an ``error`` row is set aside (or the layer unusable), a ``warning`` is used."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class ProblemCode(StrEnum):
    """Closed list; texts in domain ``problems`` as ``<code>.what``, ``.why`` and ``.remedy``."""

    # study file
    STUDY_MISSING = "study_missing"
    STUDY_SYNTAX = "study_syntax"  # detail
    STUDY_KEY_UNKNOWN = "study_key_unknown"  # key, nearest
    STUDY_KEY_MISSING = "study_key_missing"  # key
    STUDY_VALUE = "study_value"  # key, detail
    PATH_OUTSIDE = "path_outside"  # key: a path that leaves the study's folder
    PATH_OUTSIDE_READ = "path_outside_read"  # key: the same, allowed by the study itself
    # layers as a whole
    FILE_MISSING = "file_missing"
    FILE_UNREADABLE = "file_unreadable"  # detail
    SHAPES_DIFFER = "shapes_differ"  # shapes, records: a .dbf that is not its .shp's
    FORMAT_UNKNOWN = "format_unknown"  # suffix
    CONTENT_REFUSED = "content_refused"  # detail: a file that would harm whoever reads it
    EXTRA_MISSING = "extra_missing"  # extra
    DATABASE_FAILED = "database_failed"  # detail
    PLACE_UNKNOWN = "place_unknown"  # place
    DOWNLOAD_FAILED = "download_failed"  # place, detail, seconds
    STREETS_DOWNLOADED = "streets_downloaded"  # place, kept
    SHEET_MISSING = "sheet_missing"  # sheets
    SHEET_UNUSED = "sheet_unused"  # a template's sheet with its example row only
    PARTS_UNREAD = "parts_unread"  # read, names: sheets or layers that would serve as well (rows)
    PARTS_JOINED = "parts_joined"  # names: sheets or layers named as places, read as one (rows)
    PARTS_DIFFER = "parts_differ"  # names: parts of a layer in different coordinate systems
    PARTS_HIDDEN = "parts_hidden"  # read, names: hidden ones that would serve, left out (rows)
    PART_HIDDEN_READ = "part_hidden_read"  # names: hidden ones that the study names
    ROWS_HIDDEN = "rows_hidden"  # count, names: rows that are hidden, and used
    COLUMNS_HIDDEN = "columns_hidden"  # columns: hidden ones that are used
    LAYER_EMPTY = "layer_empty"
    FEATURES_DAMAGED = "features_damaged"  # count, rows: features the reader would drop in silence
    COLUMN_MISSING = "column_missing"  # names tried
    COLUMN_LIKELY = "column_likely"  # key: an unread header that may be a column nothing else is
    COLUMN_WORDED = "column_worded"  # key: an unread header whose cells are words of such a column
    COLUMN_UNKNOWN = "column_unknown"  # a column that is not used
    COLUMN_CUT = "column_cut"  # field, names: a header that a shapefile cut, read as this column
    COLUMN_AMBIGUOUS = "column_ambiguous"  # names, key: one that may be several columns
    COLUMNS_ABSENT = "columns_absent"  # names, costs (column → clauses left open), count, key
    TABLE_ABSENT = "table_absent"  # target, clauses, count: no indicators, no papers
    COLUMN_MAPPED_TWICE = "column_mapped_twice"  # columns
    COLUMN_FILLED = "column_filled"  # field, names, count: blank cells read from other columns
    COLUMN_BROAD = "column_broad"  # field, names, count: a town's code beside a village's name
    CRS_MISSING = "crs_missing"
    CRS_UNKNOWN = "crs_unknown"  # detail
    CRS_WRONG = "crs_wrong"  # crs, bounds, suggest: numbers that cannot be in that system
    CRS_CHOSEN = "crs_chosen"  # crs, name, zone: by the zone prefix of the eastings
    AXES_SWAPPED = "axes_swapped"  # crs, bounds: X is north, or lon and lat exchanged
    DATUM_OLD = "datum_old"  # system: Beijing 54 or Xian 80 without parameters
    DATUM_SUSPECTED = "datum_suspected"  # datum, declared, key, offset_m, target, counts
    DATUM_UNTESTED = "datum_untested"  # declared: nothing says whether the positions lie right
    DATUM_ASKED = "datum_asked"  # as datum_mixed: the evidence is middling, the planner is asked
    DATUM_MIXED = "datum_mixed"  # datum, declared, offset_m, target, total, count, names: some rows
    DATUM_BY_ROW = "datum_by_row"  # count, gcj02, bd09: rows whose own cell says their datum
    DATUM_UNKNOWN = "datum_unknown"  # a word for a row's datum that is not known
    COORDINATES_SPLIT = "coordinates_split"  # count, turned: both in one cell, read apart
    COORDINATES_UNDECLARED = "coordinates_undeclared"  # suggest; service: of 高德
    ENCODING_CHOSEN = "encoding_chosen"  # encoding
    PROJECTION_CHOSEN = "projection_chosen"  # crs
    PROJECTION_WRONG = "projection_wrong"  # name, crs: the study's zone is not that of its places
    LAYER_FAR = "layer_far"  # target, distance_km, suggest: wholly far from the other layers
    STREETS_EMPTY = "streets_empty"
    STREETS_LOCATIONS_MISSING = "streets_locations_missing"  # count
    STREETS_ABSENT = "streets_absent"  # clauses that ask for a walk, count
    STREETS_FAR = "streets_far"  # distance_m
    STREETS_UNJOINED = "streets_unjoined"  # count, streets: crossings without a junction
    STREETS_NODED = "streets_noded"  # count
    STREETS_WORDS_UNKNOWN = "streets_words_unknown"  # count, words: neither walked nor barred
    STREETS_DATUM = "streets_datum"  # words: of a column that says the datum of each line
    STREETS_COLUMN_UNREAD = "streets_column_unread"  # columns: of classes or states, perhaps
    STREETS_DRAWN = "streets_drawn"  # street, no, unknown: layers of a drawing
    # rows
    ID_MISSING = "id_missing"
    PART_EXCEEDS = "part_exceeds"  # part, whole, of: the header of the whole; the part is not known
    ID_DUPLICATE = "id_duplicate"  # first_row
    ID_DISPUTED = "id_disputed"  # first_row, names (what both rows say), count
    ID_TAKEN = "id_taken"  # first_row, first (its name), made: another name under the same id
    NAME_MISSING = "name_missing"
    GEOMETRY_MISSING = "geometry_missing"
    GEOMETRY_TYPE = "geometry_type"  # found, expected
    GEOMETRY_AS_POINT = "geometry_as_point"  # count: polygons where a point is expected
    GEOMETRY_REPAIRED = "geometry_repaired"  # change_m2
    GEOMETRY_OUTSIDE = "geometry_outside"  # distance_m
    POSITION_FAR = "position_far"  # distance_km from the middle of its layer: taken as unknown
    FEATURES_UNREAD = "features_unread"  # kinds: of objects of a drawing, with their number
    POSITION_COARSE = "position_coarse"  # count, total, error_m, unknown, names
    POSITION_ROUND = "position_round"  # count, total, error_m, names
    POSITION_PACKED = "position_packed"  # count, total, offset_m, written, meant (D.MMSS), names
    COORDINATE_RANGE = "coordinate_range"
    NUMBER_UNREADABLE = "number_unreadable"
    NUMBER_NEGATIVE = "number_negative"
    NUMBER_TOO_SMALL = "number_too_small"  # unit: a part of what has none
    NUMBER_TOO_LARGE = "number_too_large"  # most, unit
    NUMBER_PARTED = "number_parted"  # unit: a part of what has none beside whole ones; used
    NUMBER_READ_AS = "number_read_as"  # read; approximate, of: the column and row of a round figure
    DATE_UNREADABLE = "date_unreadable"
    DATE_TO_MONTH = "date_to_month"  # first, last: the days that a month or a year leaves open
    VALUE_MISSING = "value_missing"
    KIND_READ_AS = "kind_read_as"  # named: the kinds; over: what else it says
    KIND_UNKNOWN = "kind_unknown"  # nearest
    STAGE_UNKNOWN = "stage_unknown"  # nearest; trial, unopened: no document places it
    WORD_UNKNOWN = "word_unknown"  # allowed
    CODE_UNKNOWN = "code_unknown"
    AS_OF_AHEAD = "as_of_ahead"
    COUNTY_OF_NONE = "county_of_none"  # county, others (their first 6 digits), count: facilities
    CODE_FLOAT = "code_float"
    REFERENCE_UNKNOWN = "reference_unknown"  # target layer; nearest
    SERVES_MORE = "serves_more"  # count: of the areas that a record may mean beyond its names
    SERVES_TWICE = "serves_twice"  # first, second: m² of one area named twice in a record
    REFERENCE_MADE = "reference_made"  # name: to an id that the program made of a row number
    FACILITY_OVER_LINE = "facility_over_line"  # facility, areas, count
    RECORD_EXCEEDS_ROOM = "record_exceeds_room"  # promised_m2, m2
    SAME_SITE_SAME_AREA = "same_site_same_area"  # site
    POSITION_OF_SITE = "position_of_site"  # site, first_row: the row whose position it takes
    SITE_APART = "site_apart"  # site, distance_m: its rows are not in one place
    SITE_OTHER_UNIT = "site_other_unit"  # site, first_row: a row of it that is in another unit
    CANTEENS_ALONE = "canteens_alone"  # count, names: no word on a day or outreach service
    CLAUSE_UNKNOWN = "clause_unknown"  # nearest
    EXEMPTION_EXPIRED = "exemption_expired"  # item, until, as_of
    INDICATOR_TWICE = "indicator_twice"  # item
    INDICATOR_UNKNOWN = "indicator_unknown"  # nearest: no clause asks for a figure of this name
    INDICATOR_BY_NAME = "indicator_by_name"  # read: the code of a figure that is told by name
    ROW_TOTAL = "row_total"  # a 合计 row
    ROW_EXAMPLE = "row_example"  # the marked example of a template
    EXAMPLE_CHANGED = "example_changed"  # an example with other values under its made-up name
    EXAMPLE_TYPED_OVER = "example_typed_over"  # a record in the place of the example
    EXAMPLE_LEFT = "example_left"  # a value of the example in such a record
    ROW_NUMBERS = "row_numbers"  # a 栏次 row: 甲 乙 1 2 3
    ROW_UNITS = "row_units"  # a row of units under the header
    ROW_HEADER = "row_header"  # the header once more
    ROW_PART = "row_part"  # first_row: 其中, a part of the row there
    ROW_CELLS = "row_cells"  # count, expected, columns: a line with too many or few cells
    ROW_CELLS_SURE = "row_cells_sure"  # count, expected: one whose cells belong for certain
    ROW_CELLS_LOST = "row_cells_lost"  # count, expected: one that nobody can read
    TABLE_SECOND = "table_second"  # count: rows of another table below the first
    TOTAL_DIFFERS = "total_differs"  # said, added, count: a 合计 that its rows do not add up to
    CODES_OF_PARTS = "codes_of_parts"  # count, names: codes that begin anew on every sheet
    GROUP_BLANK = "group_blank"  # count, total: rows below a town that may be its
    ROW_NOTE = "row_note"  # a row of notes or a group's heading
    CELL_ERROR = "cell_error"  # #N/A
    MERGED_NUMBER = "merged_number"  # count: rows that share the cell
    HEADER_UNIT = "header_unit"  # factor, unit
    DATE_READ_AS = "date_read_as"  # read
    COORDINATES_SWAPPED = "coordinates_swapped"
    TEXT_MOJIBAKE = "text_mojibake"  # repaired, encoding, count
    TEXT_LOST = "text_lost"  # count
    # found when the study is judged
    GATES_FOUND = "gates_found"  # gate_method, count, areas, open_areas
    GATES_ALL_CLOSED = "gates_all_closed"  # count, names
    FACILITY_OFF_STREETS = "facility_off_streets"  # id, name, nearest_m, limit_m, count
    FACILITY_ON_FRAGMENT = "facility_on_fragment"  # id, name, fragment_m, count
    STREETS_REPAIRED = "streets_repaired"  # count, limit_m, length_m, places
    HOST_FORMER = "host_former"  # district, host, facility: told by its earlier name
    HOST_GUESSED = "host_guessed"  # district, host, facility: the only house of the host's unit
    HOST_LOST = "host_lost"  # district, host
    SETTING_INFERRED = "setting_inferred"  # count: urban or rural taken from the code (A26)
    # found when the form is filled in
    EVIDENCE_UNKNOWN = "evidence_unknown"  # form, nearest
    EVIDENCE_VALUE = "evidence_value"  # item, allowed
    EVIDENCE_CLAIM = "evidence_claim"  # item, points: those that may be claimed
    PAPER_VALUE = "paper_value"  # papers: of a clause, answered in words that say neither
    EVIDENCE_UNGRADED = "evidence_ungraded"  # item, points: a word where a person grades
    EVIDENCE_DEPENDS = "evidence_depends"  # item, other: the part it presupposes, which earns none
    EVIDENCE_DIFFERS = "evidence_differs"  # item, points: what the data say
    # joins
    REMARK_CONTRADICTS = "remark_contradicts"  # said, stage (None: blank): of the same row
    NAME_NEAR = "name_near"  # target layer, nearest, key, table: one character off, not applied
    NAME_READ_AS = "name_read_as"  # read: found by another ending (乡, 镇, 街道, 社区, 村)
    UNIT_BY_NAME = "unit_by_name"  # name, unit, key: the cell is blank, the row's name says it
    UNIT_NAMED_SEVERAL = "unit_named_several"  # name, names: the row's name fits several units
    ALIAS_UNKNOWN = "alias_unknown"  # key: what an alias of the study means is not there
    UNITS_DIFFER = "units_differ"  # unit, community, of: the town written is not the village's
    UNITS_SHIPPED = "units_shipped"  # towns, communities: the county's shipped code list is used
    UNITS_BY_NAME = "units_by_name"  # count, county: written without codes, which its list has
    UNITS_BEYOND = "units_beyond"  # count, names: units of other counties in the layer
    UNIT_BEYOND = "unit_beyond"  # the name of another county, or of a place that only others have
    AREA_OVER_LINE = "area_over_line"  # name: its unit is another county's
    UNITS_WRITTEN = "units_written"  # towns, communities, names: of the ledgers, that no list has
    UNITS_UNLISTED = "units_unlisted"  # towns, communities, names: not in the study's own list
    UNITS_LEFT_OUT = "units_left_out"  # the same, of a list that the study calls complete
    UNIT_ELSEWHERE = "unit_elsewhere"  # unit, distance_m: the place is not where the unit is
    OUTSIDE_UNITS = "outside_units"  # distance_m
    PLACE_REPEATED = "place_repeated"  # first_row, distance_m
    ONE_HOUSE = "one_house"  # first_row, first (its name), m2: another name, one point, equal m²
    PLACES_STACKED = "places_stacked"  # count, names
    AREAS_AS_POINTS = "areas_as_points"  # count
    SHAPE_MISSING = "shape_missing"  # an area of the table without a polygon of its name
    SHAPE_AMBIGUOUS = "shape_ambiguous"  # rows, shapes
    SHAPE_UNUSED = "shape_unused"  # a polygon without an area in the table
    ELDERS_APPORTIONED = "elders_apportioned"  # count, communities
    ELDERS_EXCEED = "elders_exceed"  # community, total, known
    ELDERS_NO_HOUSEHOLDS = "elders_no_households"  # community, count
    # development proposals
    PROPOSAL_PART = "proposal_part"  # part: a table of the file that means nothing
    PLOT_NO_HOUSEHOLDS = "plot_no_households"  # plot
    HOUSEHOLDS_DIFFER = "households_differ"  # total, added: the plots do not add up
    REQUIRED_DIFFER = "required_differ"  # total, added: m² of the planning conditions
    FACILITY_OFF_PLOT = "facility_off_plot"  # plot, distance_m, limit_m
    PLOT_OF_FACILITY = "plot_of_facility"  # several plots, and no word in which it is
    PLOT_TOO_LARGE = "plot_too_large"  # area_km2, most_km2
    FACT_TWICE = "fact_twice"  # first, first_row: a fact said twice, and differently
    FORMULA_EMPTY = "formula_empty"  # never computed: no value is stored
    ROOMS_EXCEED = "rooms_exceed"  # rooms_m2, total_m2: more rooms than the whole project has
    RATIO_DIFFERS = "ratio_differs"  # ratio, land_m2, ratio_m2, total_m2
    RATIO_UNLIKELY = "ratio_unlikely"  # most: a floor area ratio that no dwellings reach
    RATIO_BELOW = "ratio_below"  # of, other: below the share of the land built on
    SHARE_IMPOSSIBLE = "share_impossible"  # a share of the land beyond the whole
    SHARES_EXCEED = "shares_exceed"  # of, other: two that take more than all of it together
    DWELLING_SIZE = "dwelling_size"  # m2, households, each_m2, low, high
    CLASS_YEAR = "class_year"  # age_class, year: of completion, which contradicts the class
    CLASS_STAGE = "class_stage"  # age_class, stage: of an estate that is not built yet
    DATES_REVERSED = "dates_reversed"  # date, before, of: a later stage dated before an earlier one
    PEOPLE_FEWER = "people_fewer"  # people, households: fewer people than dwellings
    PEOPLE_UNLIKELY = "people_unlikely"  # people, households, persons, expected (None: unset)
    PEOPLE_DIFFER = "people_differ"  # total, added: what the plots add up to
    FLOOR_UNREADABLE = "floor_unreadable"
    FLOOR_UNDERGROUND = "floor_underground"
    PLOT_OUTSIDE = "plot_outside"  # distance_m: outside the county
    PLOT_OVER_AREA = "plot_over_area"  # residential, area_m2: an area that exists already
    GEOMETRY_FLATTENED = "geometry_flattened"  # count
    GEOMETRY_SLIVER = "geometry_sliver"  # area_m2, width_m
    GEOMETRY_REPEATED = "geometry_repeated"  # other, first_row
    AREAS_OVERLAP = "areas_overlap"  # other, first_row, area_m2, percent
    # tables of costs, for siting
    SITING_COLUMN = "siting_column"  # field, key, names, headers
    SITING_BLANK = "siting_blank"
    SITING_NUMBER = "siting_number"
    SITING_TWICE = "siting_twice"  # first_row
    SITING_UNKNOWN = "siting_unknown"  # names, count
    SITING_YES_OR_NO = "siting_yes_or_no"
