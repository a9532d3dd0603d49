"""Each wrong input gives exactly its problem, at its place, and never a traceback."""

import datetime as dt
import math

import geopandas as gpd
import openpyxl
import pytest
import shapely

from lifecircle.errors import StudyError
from lifecircle.intake import check_study, read_study
from lifecircle.model.days import DaySpan
from lifecircle.model.dictionary import unread
from lifecircle.model.problem import ProblemCode as P
from lifecircle.model.problem import Severity, describe

pytestmark = pytest.mark.one_in(2)  # words and layers in many combinations

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
FACILITIES = "name,kinds,stage,lon,lat\n甲,日间照料中心,运营,117.0,35.0500\n"


def check(county):
    study, problems = check_study(county.finish())
    return study, [p for p in problems if p.code is not P.PROJECTION_CHOSEN]


def only(county, code):
    study, problems = check(county)
    assert [p.code for p in problems] == [code], problems
    return study, problems[0]


def place(problem):
    return (
        problem.severity,
        problem.file,
        problem.row,
        problem.cell,
        problem.column,
        problem.value,
    )


def test_a_good_study_has_nothing_to_say(county):
    study, problems = check(county)
    assert problems == []
    assert (len(study.residential), len(study.facilities)) == (2, 1)


# the layer cannot be used: the study stops


def unusable(county, code, **params):
    study, problem = only(county, code)
    assert study is None
    assert problem.severity is ERROR
    assert {k: problem.params[k] for k in params} == params
    with pytest.raises(StudyError) as caught:
        read_study(county.finish())
    assert code in [p.code for p in caught.value.problems]
    return problem


def test_missing_file(county):
    (county.folder / "areas.gpkg").unlink()
    problem = unusable(county, P.FILE_MISSING)
    assert (problem.layer, problem.file) == ("residential", "areas.gpkg")


def test_unreadable_file(county):
    (county.folder / "areas.gpkg").write_bytes(b"broken")
    assert unusable(county, P.FILE_UNREADABLE).file == "areas.gpkg"


def test_unknown_format(county):
    county.layers["residential"] = 'path = "areas.dwg"'
    unusable(county, P.FORMAT_UNKNOWN, suffix=".dwg")


def test_missing_sheet(county):
    county.layers["residential"] += '\nlayer = "小区"'
    problem = unusable(county, P.SHEET_MISSING, sheets=["areas"])
    assert problem.sheet == "小区"


@pytest.mark.parametrize("text", ["name,kinds,lon,lat\n", "name,kinds,lon,lat\n合计,,,\n"])
def test_empty_layer(county, text):
    county.write("facilities.csv", text)
    study, problems = check(county)
    assert study is None
    assert P.LAYER_EMPTY in [p.code for p in problems]


def test_missing_required_column(county):
    county.write("facilities.csv", "name,lon,lat\n甲,117.0,35.0500\n")
    problem = unusable(county, P.COLUMN_MISSING, field="kinds")
    assert "设施类型" in problem.params["names"]


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_no_crs(county):
    county.areas().set_crs(None, allow_override=True).to_file(county.folder / "areas.gpkg")
    assert unusable(county, P.CRS_MISSING).file == "areas.gpkg"
    county.layers["residential"] += '\ncrs = "EPSG:4548"'
    assert check(county)[1] == []


@pytest.mark.parametrize("declared", [4490, 4326])
def test_metres_declared_as_degrees(county, declared):
    county.areas().set_crs(declared, allow_override=True).to_file(county.folder / "areas.gpkg")
    bounds = [500_000, 3_880_000, 501_200, 3_880_200]
    unusable(county, P.CRS_WRONG, crs=f"EPSG:{declared}", bounds=bounds)


def test_degrees_declared_as_metres(county):
    frame = county.areas().to_crs(4490).set_crs(4548, allow_override=True)
    frame.to_file(county.folder / "areas.gpkg")
    unusable(county, P.CRS_WRONG, crs="EPSG:4548")


def test_zone_prefixed_eastings_declared_without_prefix(county):
    frame = county.areas().to_crs(4527).set_crs(4548, allow_override=True)
    frame.to_file(county.folder / "areas.gpkg")
    unusable(county, P.CRS_WRONG, crs="EPSG:4548")


def test_unknown_crs(county):
    county.layers["residential"] += '\ncrs = "EPSG:1"'
    unusable(county, P.CRS_UNKNOWN, detail="EPSG:1")


def test_undeclared_coordinates(county):
    county.layers["facilities"] = 'path = "facilities.csv"'
    assert unusable(county, P.COORDINATES_UNDECLARED).layer == "facilities"


# the row cannot be used, or its value is not: the study goes on


def facility_rows(county, *rows, header="编号,名称,类型,状态,建筑面积,经度,纬度"):
    county.write("facilities.csv", "\n".join([header, *rows, ""]))


def test_another_place_under_a_taken_id_is_used(county):
    facility_rows(
        county,
        "F1,甲,日间照料中心,运营,100,117,35.0500",
        "F4,乙,日间照料中心,运营,100,117,35.0510",
        "F1,丙,日间照料中心,运营,100,117,35.0520",
    )
    study, problem = only(county, P.ID_TAKEN)
    assert place(problem) == (ERROR, "facilities.csv", 4, "A4", "编号", "F1")
    # made of the row number, and not that of a row that is there
    assert problem.params == {"first_row": 2, "first": "甲", "made": "F4-"}
    assert dict(study.facilities.frame["name"]) == {"F1": "甲", "F4": "乙", "F4-": "丙"}
    record = next(i for i in study.inputs if i.layer == "facilities")
    assert (record.rows, record.used, record.set_aside) == (3, 3, 0)


def test_duplicate_id(county):
    facility_rows(
        county,
        "F1,甲,日间照料中心,运营,100,117,35.0500",
        "F2,乙,日间照料中心,运营,100,117,35.0510",
        "F1,甲,日间照料中心,运营,100,117,35.0500",
    )
    study, problem = only(county, P.ID_DUPLICATE)
    assert place(problem) == (ERROR, "facilities.csv", 4, "A4", "编号", "F1")
    assert problem.params == {"first_row": 2}
    assert dict(study.facilities.frame["name"]) == {"F1": "甲", "F2": "乙"}
    record = next(i for i in study.inputs if i.layer == "facilities")
    assert (record.rows, record.used, record.set_aside) == (3, 2, 1)


def test_a_repeated_row_with_other_figures_leaves_them_unknown(county):
    facility_rows(
        county,
        "F1,甲,日间照料中心,运营,150,117,35.0500",
        "F1,甲,日间照料中心,在建,300,117,35.0500",
        "F1,甲,日间照料中心,运营,150,117,35.0500",  # as the first: the second stays in doubt
    )
    study, problems = check(county)
    assert [(p.code, p.row, p.severity) for p in problems] == [
        (P.ID_DISPUTED, 3, ERROR),
        (P.ID_DUPLICATE, 4, ERROR),
    ]
    assert problems[0].params == {
        "first_row": 2,
        "names": ["建筑面积 150 / 300", "状态 运营 / 在建"],
        "count": 2,
        "lost": ["floor_area_m2", "stage"],
        "lost_of": "F1",
    }
    row = study.facilities.frame.loc["F1"]
    assert row["stage"] is None
    assert math.isnan(row["floor_area_m2"])
    assert row["floor_area_m2_unread"]  # no blank: a second service in the same rooms
    assert row["kinds"] == {"day_care"}
    assert row.geometry is not None
    record = next(i for i in study.inputs if i.layer == "facilities")
    assert (record.rows, record.used, record.set_aside) == (3, 1, 2)


def test_a_repeated_row_elsewhere_has_no_known_place(county):
    facility_rows(
        county,
        "F1,甲,日间照料中心,运营,150,117,35.0500",
        "F1,甲,敬老院,运营,150,117,35.0510",
    )
    study, problems = check(county)
    assert problems[0].code is P.ID_DISPUTED
    row = study.facilities.frame.loc["F1"]
    assert row["kinds"] == {"other"}
    assert row.geometry is None
    assert row["floor_area_m2"] == 150


@pytest.mark.parametrize("moved", [False, True])
def test_a_repeated_area_with_other_figures_leaves_them_unknown(county, moved):
    areas = county.areas(
        id=["R1", "R1"], name=["东园", "东园"], households=[100, 900], 状态=["", "在建"]
    )
    shapes = areas.geometry.to_numpy(copy=True)
    areas = areas.set_geometry([shapes[0], shapes[1] if moved else shapes[0]], crs=4548)
    areas.to_file(county.folder / "areas.gpkg")
    study, problems = check(county)
    assert [p.params["first_row"] for p in problems if p.code is P.ID_DISPUTED] == [1]
    row = study.residential.frame.loc["R1"]
    assert math.isnan(row["households"])
    assert row["stage"] is None
    assert row["stage_unread"]  # a blank one would be lived in
    assert (row.geometry is None) == moved


def test_the_areas_that_either_row_names_wait_for_the_room(county):
    facility_rows(
        county,
        "F1,甲,日间照料中心,运营,150,117,35.0500,R1:100",
        "F1,甲,日间照料中心,运营,150,117,35.0500,R2",
        header="编号,名称,类型,状态,建筑面积,经度,纬度,服务小区",
    )
    study, problems = check(county)
    assert P.ID_DISPUTED in {p.code for p in problems}
    assert math.isnan(study.facilities.frame.loc["F1", "floor_area_m2"])
    assert set(study.sharing["residential"]) == {"R1", "R2"}
    assert study.sharing["m2"].isna().all()


@pytest.mark.parametrize(
    ("column", "of", "part", "whole", "kept"),
    [
        ("护理型床位数", "床位数", 120, 100, False),
        ("护理型床位数", "床位数", 100, 100, True),  # all of them
        ("护理型床位数", "床位数", 120, "", True),  # of a whole that is not known
        ("兜底普惠床位", "床位数", 101, 100, False),
        ("社区服务面积", "建筑面积", 300.5, 300, False),
    ],
)
def test_a_part_larger_than_its_whole_is_not_known(county, column, of, part, whole, kept):
    facility_rows(
        county,
        f"F1,甲,养老院,运营,{part},{whole},117,35.0500",
        header=f"编号,名称,类型,状态,{column},{of},经度,纬度",
    )
    study, problems = check_study(county.finish())
    found = [p for p in problems if p.code is P.PART_EXCEEDS]
    name = {"护理型床位数": "nursing_beds", "兜底普惠床位": "public_beds"}.get(
        column, "community_area_m2"
    )
    value = study.facilities.frame[name].iloc[0]
    assert (value == part) if kept else math.isnan(value)
    told = {"part": part, "whole": whole, "of": of, "lost": [name], "lost_of": "F1"}
    assert [p.params for p in found] == ([] if kept else [told])


@pytest.mark.parametrize(
    ("planned", "built", "people", "told"),
    [
        (1000, 0, 999, P.PEOPLE_FEWER),
        (1000, 0, 1000, P.PEOPLE_UNLIKELY),  # one each, where no study says how many
        (1000, 0, 1500, None),
        (1000, 0, 5000, None),
        (1000, 0, 5001, P.PEOPLE_UNLIKELY),
        (None, 1000, 30, P.PEOPLE_FEWER),
        (1000, 10, 30, P.PEOPLE_FEWER),  # the planned dwellings are those planned for
        (None, None, 30, None),
        (1000, 0, None, None),
    ],
)
def test_planned_people_that_contradict_the_dwellings_are_told(
    county, planned, built, people, told
):
    columns = {"households_planned": planned, "households": built, "population_planned": people}
    columns = {name: [value, None] for name, value in columns.items()}
    county.areas(**columns).to_file(county.folder / "areas.gpkg")
    asked = {P.PEOPLE_FEWER, P.PEOPLE_UNLIKELY}
    found = [p for p in check(county)[1] if p.code in asked]
    assert [(p.code, p.severity, p.column) for p in found] == (
        [] if told is None else [(told, WARNING, "population_planned")]
    )


@pytest.mark.parametrize(
    ("said", "year", "told"),
    [
        ("新建", 2015, True),  # the study is of 2025
        ("新建", 2016, False),
        ("已批未建成", 1985, True),
        ("已建成", 2026, True),
        ("已建成", 2025, False),
        ("老旧", 2016, True),
        ("老旧", 2015, False),
        ("", 1985, False),  # the dates say which it is (A29)
        ("新建", None, False),
    ],
)
def test_a_class_that_the_year_of_completion_contradicts_is_told(county, said, year, told):
    county.areas(类别=[said, None], 建成年份=[year, None]).to_file(county.folder / "areas.gpkg")
    found = [p for p in check(county)[1] if p.code is P.CLASS_YEAR]
    assert [(p.severity, p.column) for p in found] == ([(WARNING, "类别")] if told else [])
    if told:
        assert describe(found[0], "zh")["what"] == f"类别填“{said}”，而建成年份是 {year}"


@pytest.mark.parametrize(
    ("said", "stage", "told"),
    [
        ("已建成", "在建", True),
        ("老旧", "规划", True),
        ("已建成", "竣工", True),  # it stands, and nobody says whether it is lived in
        ("老旧", "验收", True),
        ("新建", "竣工", False),
        ("已批未建成", "验收", False),
        ("", "竣工", False),
        ("已建成", "交付", False),
        ("已建成", None, False),  # a blank stage is housing that stands
        ("新建", "在建", False),
        ("已批未建成", "规划", False),
        ("已建成", "飘着", False),  # told as a word that nobody knows
    ],
)
def test_an_existing_area_that_nobody_lives_in_yet_is_of_no_known_stage(county, said, stage, told):
    county.areas(类别=[said, None], 阶段=[stage, None]).to_file(county.folder / "areas.gpkg")
    study, problems = check(county)
    found = [p for p in problems if p.code is P.STAGE_OF_CLASS]
    assert [(p.severity, p.column) for p in found] == ([(WARNING, "阶段")] if told else [])
    row = study.residential.frame.iloc[0]
    unknown = told or stage == "飘着"
    assert (row["stage"] is None) == (unknown or stage is None)
    assert bool(row[unread("stage")]) == unknown
    if told:
        word = {"在建": "在建", "规划": "规划", "竣工": "已验收", "验收": "已验收"}[stage]
        assert describe(found[0], "zh")["what"].startswith(f"类别填“{said}”，而阶段是{word}：")


def test_a_day_ahead_says_of_an_existing_area_that_nobody_lives_there_yet(county):
    areas = county.areas(
        类别=["已建成", None], 阶段=["竣工", None], 住宅交付日期=["2026-05-01", None]
    )
    areas.to_file(county.folder / "areas.gpkg")
    study, problems = check(county)  # judged on 2025-12-31
    assert not [p for p in problems if p.code is P.STAGE_OF_CLASS]
    assert study.residential.frame["stage"].iloc[0] == "accepted"


@pytest.mark.parametrize(
    ("column", "date", "stage", "told"),
    [
        # judged on 2025-12-31
        ("住宅交付日期", "2026-05-01", None, True),  # blank counts as handed over
        ("住宅交付日期", "2026-05-01", "入住", True),
        ("住宅交付日期", "2026-05-01", "在建", False),
        ("住宅交付日期", "2023-05-01", "在建", True),
        ("住宅交付日期", "2023-05-01", "入住", False),
        ("住宅交付日期", "2023-05-01", "闲置", False),
        ("建成年份", "2026", "交付", True),
        ("建成年份", "2010", "规划", True),
        ("建成年份", "2025", "规划", False),  # of that very year: before or after
        ("住宅验收日期", "2026-05-01", "入住", True),  # what is not accepted is not handed over
        ("住宅验收日期", "2026-05-01", "验收", False),
        ("住宅交付日期", "2023-05-01", "竣工", True),  # handed over, or only accepted
        ("住宅验收日期", "2023-05-01", "竣工", False),
        ("住宅验收日期", "2023-05-01", "在建", True),
    ],
)
def test_a_date_of_a_row_beats_its_stage(county, column, date, stage, told):
    county.areas(**{column: [date, None], "阶段": [stage, None]}).to_file(
        county.folder / "areas.gpkg"
    )
    study, problems = check(county)
    later = date >= "2026"
    found = [p for p in problems if p.code in {P.STAGE_DATE, P.STAGE_BEFORE_DATE}]
    assert [(p.severity, p.row, p.column) for p in found] == ([(WARNING, 1, column)] * told)
    row = study.residential.frame.iloc[0]
    assert bool(row["stage_unread"]) == (told and not later)
    if told:
        assert row["stage"] == ("under_construction" if later else None)
        said = (
            f"“{column}”是 {date}，晚于评价日期 2025-12-31：按当日尚在建设处理，不按本行的阶段"
            if later
            else f"“{column}”是 {date}，与本行的阶段不符（评价日期 2025-12-31），阶段按不明处理"
        )
        assert describe(found[0], "zh")["what"] == said


@pytest.mark.parametrize(
    ("stage", "year", "told"),
    [
        ("运营", "2026", True),
        ("运营", "2025年10月", False),
        ("移交", "2026", False),
        ("在建", "2024", True),
        ("规划", "2025", False),
        ("在建", "2025年10月", True),  # the cell tells more than the year
        ("闲置", "2024", False),
    ],
)
def test_a_facility_in_use_opened_no_later_than_the_day_of_judging(county, stage, year, told):
    rows = f"甲,日间照料中心,{stage},{year},117.0,35.0500\n"
    county.write("facilities.csv", f"name,kinds,stage,投用年份,lon,lat\n{rows}")
    study, problems = check(county)
    codes = {P.STAGE_DATE: None, P.STAGE_BEFORE_DATE: "under_construction"}
    found = [(p.severity, p.column, p.code) for p in problems if p.code in codes]
    assert [one[:2] for one in found] == [(WARNING, "投用年份")] * told
    if told:
        assert study.facilities.frame["stage"].iloc[0] == codes[found[0][2]]


@pytest.mark.parametrize(
    ("dates", "stage", "unknown"),
    [
        # judged on 2026-06-30: a blank stage is lived in, unless it may not be finished yet
        ({"竣工时间": "2026年"}, None, True),
        ({"建成年份": "2026"}, None, True),
        ({"竣工时间": "2026年"}, "入住", False),
        ({"竣工时间": "2026年6月"}, None, False),
        ({"竣工时间": "2025年"}, None, False),
        ({"住宅交付日期": "2026年", "竣工时间": "2025年"}, None, True),
        ({"住宅交付日期": "2026-06-30", "竣工时间": "2026年"}, None, False),
        ({"交房时间": "2026年"}, None, True),
        ({"交房时间": "2026年5月"}, None, False),
        ({"交房时间": "2026年"}, "交付", False),
    ],
)
def test_housing_that_may_not_be_finished_by_the_day_is_not_lived_in_for_certain(
    county, dates, stage, unknown
):
    county.heading = county.heading.replace("2025-12-31", "2026-06-30")
    columns = {name: [cell, None] for name, cell in dates.items()} | {"阶段": [stage, None]}
    county.areas(**columns).to_file(county.folder / "areas.gpkg")
    study, problems = check(county)
    assert study.residential.frame["stage_unread"].tolist() == [unknown, False]
    assert any(p.code is P.STAGE_BY_DAY for p in problems) == unknown


@pytest.mark.one_in(4)
@pytest.mark.parametrize("column", ["投用时间", "竣工时间"])
@pytest.mark.parametrize(
    ("written", "first", "last", "shown"),
    [
        ("2025年", "2025-01-01", "2025-12-31", "2025"),
        ("2025-03", "2025-03-01", "2025-03-31", "2025-03"),
        ("2025年3月中旬", "2025-03-11", "2025-03-20", "2025-03"),
        ("2025-03-15", "2025-03-15", "2025-03-15", "2025-03-15"),
    ],
)
def test_a_month_or_a_day_in_the_cell_of_a_year_is_held_against_the_stage(
    county, column, written, first, last, shown
):
    """Whatever its cell leaves open must lie after the day of judging, or before it."""
    first, last = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    one = dt.timedelta(days=1)
    days = {first - one: "later", first: None, last: None, last + one: "earlier"}
    heading = county.heading
    for day, told in days.items():
        county.heading = heading.replace("2025-12-31", day.isoformat())
        for stage in ("运营", "在建"):
            if column == "投用时间":
                rows = f"甲,日间照料中心,{stage},{written},117.0,35.0500\n"
                county.write("facilities.csv", f"name,kinds,stage,投用时间,lon,lat\n{rows}")
            else:
                layer = county.areas(阶段=[stage, None], 竣工时间=[written, None])
                layer.to_file(county.folder / "areas.gpkg")
            study, problems = check(county)
            found = [p for p in problems if p.code in {P.STAGE_DATE, P.STAGE_BEFORE_DATE}]
            kinds = {
                ("运营", "later"): (P.STAGE_BEFORE_DATE, "under_construction"),
                ("在建", "earlier"): (P.STAGE_DATE, None),
            }
            code, now = kinds.get(
                (stage, told), (None, {"运营": "in_use", "在建": "under_construction"}[stage])
            )
            assert [p.code for p in found] == [code] * (code is not None), (day, stage)
            assert [p.params["date"] for p in found] == [shown] * len(found)
            read = [describe(p, "zh")["what"] for p in problems if p.code is P.NUMBER_READ_AS]
            assert read in ([], [f"“{written}”读作 2025"])
            layer = study.facilities if column == "投用时间" else study.residential
            assert layer.frame["stage"].iloc[0] == now


@pytest.mark.parametrize(
    ("columns", "names"),
    [
        ({"households": [0, 200]}, ["东园"]),
        ({"households": [0, None], "age_class": ["existing", None]}, ["东园"]),
        ({"households": [None, 200]}, []),  # not known, and told elsewhere
        # a new area is counted by what is planned
        ({"households": [0, 200], "规划户数": [300, 200], "类别": ["新建", "新建"]}, []),
        ({"households": [0, 200], "规划户数": [300, 200], "类别": ["已建成", "新建"]}, ["东园"]),
        # of which nobody says what is planned
        ({"households": [0, 200], "类别": ["新建", "新建"]}, []),
    ],
)
def test_areas_of_no_households_are_named_once(county, columns, names):
    county.areas(**columns).to_file(county.folder / "areas.gpkg")
    found = [p for p in check(county)[1] if p.code is P.ESTATES_EMPTY]
    assert [p.params["names"] for p in found] == ([names] if names else [])
    for one in found:
        what = f"{len(names)} 个居住区的户数是 0，配建、覆盖等条款不计入：{'、'.join(names)}"
        assert (one.severity, describe(one, "zh")["what"]) == (Severity.INFO, what)


def test_dates_out_of_order_are_told_with_both(county):
    days = {"住宅规划日期": ["2024-05-01", None], "住宅交付日期": ["2023-05-01", "2023-05-01"]}
    county.areas(**days).to_file(county.folder / "areas.gpkg")
    (found,) = (p for p in check(county)[1] if p.code is P.DATES_REVERSED)
    assert (found.severity, found.row) == (WARNING, 1)
    assert describe(found, "zh")["what"] == (
        "“住宅交付日期”是 2023-05-01，早于“住宅规划日期”的 2024-05-01"
    )


def test_negative_households(county):
    county.areas(households=[-100, 200]).to_file(county.folder / "areas.gpkg")
    study, problem = only(county, P.NUMBER_NEGATIVE)
    assert place(problem) == (ERROR, "areas.gpkg", 1, None, "households", "-100")
    assert study.residential.frame["households"].isna().tolist() == [True, False]
    record = next(i for i in study.inputs if i.layer == "residential")
    assert (record.used, record.set_aside) == (2, 0)


def test_null_geometry(county):
    frame = county.areas()
    frame.loc[1, "geometry"] = None
    frame.to_file(county.folder / "areas.gpkg")
    study, problem = only(county, P.GEOMETRY_MISSING)
    assert place(problem) == (WARNING, "areas.gpkg", 2, None, None, None)
    assert study.residential.located.tolist() == [True, False]


def test_blank_coordinates(county):
    facility_rows(county, "F1,甲,日间照料中心,运营,100,,")
    study, problem = only(county, P.GEOMETRY_MISSING)
    assert place(problem) == (WARNING, "facilities.csv", 2, "F2", "经度", None)
    assert study.facilities.located.tolist() == [False]


@pytest.mark.parametrize(("lon", "lat"), [("0", "0"), ("1170", "35")])
def test_impossible_coordinates(county, lon, lat):
    facility_rows(county, "F0,甲,托老所,运营,1,117,35.0500", f"F1,乙,托老所,运营,100,{lon},{lat}")
    study, problem = only(county, P.COORDINATE_RANGE)
    assert place(problem) == (WARNING, "facilities.csv", 3, "F3", "经度", lon)
    assert study.facilities.located.tolist() == [True, False]


def test_a_facility_in_another_county(county):
    facility_rows(county, "F1,甲,托老所,运营,100,118,35.0500")
    _, problem = only(county, P.GEOMETRY_OUTSIDE)
    assert place(problem)[:3] == (WARNING, "facilities.csv", 2)
    # One degree of longitude at 35.05°N is 111.32 km · cos 35.05° = 91.1 km, the box 1.2 km wide.
    assert problem.params["distance_m"] == pytest.approx(90_000, rel=0.01)


def test_a_place_that_the_projection_cannot_hold(county):
    county.layers["facilities"] = 'path = "facilities.csv"\ncoordinates = "wgs84"'
    rows = [
        "F1,甲,托老所,运营,1,117,35.0500",
        "F2,乙,托老所,运营,1,-63,10.0000",
        "F3,丙,托老所,运营,1,27,0.0000",
    ]
    facility_rows(county, *rows)
    study, problems = check(county)
    assert {(p.code, p.row) for p in problems} <= {
        (code, row)
        for code in (P.COORDINATE_RANGE, P.GEOMETRY_OUTSIDE, P.POSITION_FAR)
        for row in (3, 4)
    }
    assert {p.row for p in problems} == {3, 4}
    assert study.facilities.located.tolist()[0] is True


def test_missing_name(county):
    facility_rows(county, "F1,,托老所,运营,100,117,35.0510", "F2,乙,托老所,运营,100,117,35.0500")
    study, problem = only(county, P.NAMED_BY_ID)
    assert place(problem) == (WARNING, "facilities.csv", 2, "B2", "名称", None)
    assert study.facilities.frame["name"].to_dict() == {"F1": "F1", "F2": "乙"}


def test_missing_id_is_made_from_the_row(county):
    facility_rows(county, ",甲,托老所,运营,100,117,35.0500", "F2,乙,托老所,运营,100,117,35.0510")
    study, problem = only(county, P.ID_MISSING)
    assert place(problem) == (WARNING, "facilities.csv", 2, "A2", "编号", None)
    assert list(study.facilities.frame.index) == ["F2-", "F2"]


def test_text_in_a_number_column_of_a_workbook(county):
    book = openpyxl.Workbook()
    page = book.active
    page.title = "设施"
    page.append(["某县设施台账"])
    page.append(["序号", "设施名称", "设施类型", "建筑面积（㎡）", "经度", "纬度"])
    page.append([1, "甲", "托老所", "很大", 117, 35.0512])
    page.append([2, "乙", "托老所", "约200", 117, 35.0512])
    page.append(["合计", None, None, 400, None, None])
    book.save(county.folder / "设施.xlsx")
    county.layers["facilities"] = 'path = "设施.xlsx"\ncoordinates = "wgs84"'
    study, problems = check(county)
    assert [(p.code, p.sheet, *place(p)) for p in problems] == [
        (P.NUMBER_UNREADABLE, "设施", WARNING, "设施.xlsx", 3, "D3", "建筑面积（㎡）", "很大"),
        (P.COLUMN_UNKNOWN, "设施", INFO, "设施.xlsx", None, None, None, None),
        (P.NUMBER_READ_AS, "设施", INFO, "设施.xlsx", 4, "D4", "建筑面积（㎡）", "约200"),
        (P.ROW_TOTAL, "设施", INFO, "设施.xlsx", 5, None, None, None),
    ]
    assert study.facilities.frame["floor_area_m2"].tolist()[1:] == [200.0]
    assert study.facilities.frame["floor_area_m2"].isna().tolist() == [True, False]


def test_unknown_kind(county):
    facility_rows(county, "F1,甲,日间照顾中心,运营,100,117,35.0500")
    study, problem = only(county, P.KIND_UNKNOWN)
    assert place(problem) == (WARNING, "facilities.csv", 2, "C2", "类型", "日间照顾中心")
    assert problem.params == {"nearest": "日间照料中心", "lost": ["kinds"], "lost_of": "F1"}
    assert study.facilities.frame["kinds"].tolist() == [frozenset({"other"})]


def test_blank_kind_is_unknown_not_other(county):
    facility_rows(county, "F1,甲,,运营,100,117,35.0500")
    study, problem = only(county, P.VALUE_MISSING)
    assert place(problem) == (WARNING, "facilities.csv", 2, "C2", "类型", None)
    assert study.facilities.frame["kinds"].tolist() == [frozenset()]


def test_unknown_stage(county):
    facility_rows(county, "F1,甲,托老所,忙碌中,100,117,35.0500")
    study, problem = only(county, P.STAGE_UNKNOWN)
    assert place(problem) == (WARNING, "facilities.csv", 2, "D2", "状态", "忙碌中")
    assert study.facilities.frame["stage"].tolist() == [None]


def test_the_same_area_twice_on_one_site(county):
    header = "编号,名称,类型,场所编号,建筑面积,经度,纬度"
    rows = ["F1,甲,托老所,S1,100,117,35.0500", "F2,乙,社区养老服务站,S1,100,117,35.0500"]
    facility_rows(county, *rows, "F3,丙,社区养老服务站,S2,100,117,35.0500", header=header)
    _, problem = only(county, P.SAME_SITE_SAME_AREA)
    assert place(problem) == (WARNING, "facilities.csv", 3, "E3", "建筑面积", "100")
    assert problem.params == {"site": "S1", "first_row": 2}


@pytest.mark.parametrize(
    ("served", "area", "promised"),
    [("R1:90；R2:90", 150, 180), ("R1:400", 300, 400), ("R1:90；R2:60", 150, None)],
)
def test_a_record_that_promises_more_than_the_room_has(county, served, area, promised):
    header = "编号,名称,类型,状态,建筑面积,服务小区,经度,纬度"
    facility_rows(county, f"F1,站,托老所,运营,{area},{served},117,35.0500", header=header)
    _, problems = check(county)
    told = [(p.params["promised_m2"], p.params["m2"], p.row, p.column) for p in problems]
    assert told == ([(promised, area, 2, "服务小区")] if promised else [])


def test_a_self_crossing_outline_is_repaired(county):
    frame = county.areas()
    # A bow tie: two triangles of 100 m x 200 m / 2 meet in the middle; their signed areas cancel.
    bow = [(500_000, 3_880_000), (500_200, 3_880_200), (500_200, 3_880_000), (500_000, 3_880_200)]
    frame.loc[0, "geometry"] = shapely.Polygon(bow)
    frame.to_file(county.folder / "areas.gpkg")
    study, problem = only(county, P.GEOMETRY_REPAIRED)
    assert place(problem)[:3] == (WARNING, "areas.gpkg", 1)
    assert problem.params == {"change_m2": 20_000.0}
    assert study.residential.frame.geometry.iloc[0].is_valid
    assert study.residential.frame.geometry.iloc[0].area == pytest.approx(20_000)


def test_shapes_of_another_type(county):
    shapes = [shapely.LineString([(500_000, 3_880_000), (500_001, 3_880_000)])]
    shapes.append(shapely.MultiPoint([(500_000, 3_880_000)]))
    gpd.GeoDataFrame(
        {"id": ["R1", "R2"], "name": ["东园", "西园"]}, geometry=shapes, crs=4548
    ).to_file(county.folder / "areas.gpkg", layer="areas")
    study, (problem, points) = check(county)
    assert (points.code, points.params) == (P.AREAS_AS_POINTS, {"count": 1})
    assert (problem.code, *place(problem)[:3]) == (P.GEOMETRY_TYPE, WARNING, "areas.gpkg", 1)
    assert problem.params["found"] == "LineString"
    assert study.residential.frame.geometry.isna().tolist() == [True, False]
    assert study.residential.frame.geometry.iloc[1].geom_type == "Point"


def test_facility_polygons_become_points(county):
    shape = shapely.box(500_000, 3_880_000, 500_010, 3_880_010)
    frame = gpd.GeoDataFrame({"name": ["甲"], "kinds": ["托老所"]}, geometry=[shape], crs=4548)
    frame.to_file(county.folder / "facilities.gpkg")
    county.layers["facilities"] = 'path = "facilities.gpkg"'
    study, problem = only(county, P.GEOMETRY_AS_POINT)
    assert (problem.severity, problem.params) == (INFO, {"count": 1})
    assert shape.contains(study.facilities.frame.geometry.iloc[0])


def test_an_unknown_code_and_an_unknown_served_area(county):
    county.write("units.csv", "code,name\n370827001,金乡街道\n")
    county.layers["units"] = 'path = "units.csv"'
    header = "编号,名称,类型,镇街,服务小区,经度,纬度"
    rows = [
        "F1,甲,托老所,370827009,R1:60；南园,117,35.0500",
        "F2,乙,托老所,金乡街道,西园:x,117,35.0500",
    ]
    facility_rows(county, *rows, header=header)
    study, problems = check(county)
    assert [(p.code, *place(p)) for p in problems] == [
        (P.UNITS_WRITTEN, WARNING, "units.csv", None, None, None, "370827"),
        (P.CODE_UNKNOWN, WARNING, "facilities.csv", 2, "D2", "镇街", "370827009"),
        (P.REFERENCE_UNKNOWN, WARNING, "facilities.csv", 2, "E2", "服务小区", "南园"),
        (P.NUMBER_UNREADABLE, WARNING, "facilities.csv", 3, "E3", "服务小区", "西园:x"),
    ]
    assert study.facilities.frame["unit"].tolist() == [None, "370827001"]
    assert study.sharing.fillna(-1).to_numpy().tolist() == [["F1", "R1", 60.0], ["F2", "R2", -1.0]]


def test_two_headers_for_one_column(county):
    facility_rows(
        county, "甲,托老所,1,2,117,35.0500", header="名称,类型,面积,建筑面积(㎡),经度,纬度"
    )
    study, problem = only(county, P.COLUMN_MAPPED_TWICE)
    assert (problem.severity, problem.column) == (WARNING, "建筑面积(㎡)")
    assert problem.params["columns"] == ["建筑面积(㎡)", "面积"]
    assert study.facilities.frame["floor_area_m2"].tolist() == [2.0]


def test_an_optional_layer_that_is_unusable_does_not_stop_the_study(county):
    county.layers["units"] = 'path = "units.csv"'
    study, problem = only(county, P.FILE_MISSING)
    assert (problem.severity, problem.layer) == (ERROR, "units")
    assert study.units is None


def test_a_number_that_has_lost_digits(county):
    facility_rows(
        county, "F1,甲,托老所,3.70828E+11,117,35.0500", header="编号,名称,类型,社区,经度,纬度"
    )
    study, problem = only(county, P.CODE_FLOAT)
    assert place(problem) == (WARNING, "facilities.csv", 2, "D2", "社区", "3.70828E+11")
    assert problem.params == {"read": None, "lost": ["community"], "lost_of": "F1"}
    assert study.facilities.frame["community"].tolist() == [None]


def test_everything_is_collected_at_once_errors_first(county):
    county.areas(households=[-1, 2]).to_file(county.folder / "areas.gpkg")
    county.write("facilities.csv", "name,stage,lon,lat\n甲,运营,117.0,35.0500\n")
    _, problems = check(county)
    assert [p.code for p in problems] == [P.NUMBER_NEGATIVE, P.COLUMN_MISSING]


@pytest.mark.parametrize("header", ["入住情况", "使用情况", "现状", "建设进度", "备注2"])
def test_a_column_that_holds_the_words_of_a_missing_one_is_named(county, header):
    county.areas(**{header: ["已拆除", "在建"]}).to_file(county.folder / "areas.gpkg")
    _, problems = check(county)
    told = next(p for p in problems if p.code is P.COLUMN_WORDED)
    assert (told.severity, told.layer, told.column) == (WARNING, "residential", header)
    assert told.params["field"] == "stage"
    assert told.params["option"] == "stage"
    words = describe(told, "zh")
    assert header in words["what"]
    assert f'columns = {{ stage = "{header}" }}' in words["remedy"]
    county.layers["residential"] += f'\ncolumns = {{ stage = "{header}" }}'
    study, problems = check(county)
    assert P.COLUMN_WORDED not in {p.code for p in problems}
    assert study.residential.frame["stage"].tolist() == ["closed", "under_construction"]


@pytest.mark.parametrize(
    ("header", "cells", "field"),
    [
        ("运营现况", ["运营", "歇业", "在建", "不详"], "stage"),  # three of four
        ("运营现况", ["运营", "歇业", "", ""], "stage"),  # of what is filled in, all
        ("运营现况", ["运营", "不详", "没填", "在建"], None),  # two of four
        ("消防情况", ["是", "否", "是", "是"], None),  # yes and no are anybody's
        ("门牌", ["210", "220", "111", "112"], None),  # and so are numbers
    ],
)
def test_nearly_all_cells_have_to_be_words(county, header, cells, field):
    rows = [f"F{n},甲{n},日间照料中心,117,35.05{n},{cell}" for n, cell in enumerate(cells)]
    facility_rows(county, *rows, header=f"编号,名称,类型,经度,纬度,{header}")
    _, problems = check(county)
    told = [p.params["field"] for p in problems if p.code is P.COLUMN_WORDED]
    assert told == ([] if field is None else [field])


def test_a_column_of_kinds_is_named_where_none_is_read(county):
    facility_rows(county, "F1,甲,日间照料中心,117,35.05", header="编号,名称,服务形式,经度,纬度")
    study, problems = check(county)
    assert study is None  # kinds are required
    told = next(p for p in problems if p.code is P.COLUMN_WORDED)
    assert (told.column, told.params["field"]) == ("服务形式", "kinds")


def test_words_of_a_column_that_is_read_are_no_matter(county):
    facility_rows(
        county,
        "F1,甲,日间照料中心,运营,闲置,117,35.05",
        header="编号,名称,类型,状态,去年情况,经度,纬度",
    )
    _, problems = check(county)
    assert P.COLUMN_WORDED not in {p.code for p in problems}


def test_what_an_unnamed_column_would_decide_is_not_known(county):
    """A blank stage is lived in; under a heading that nobody knows 在建 is no blank."""
    county.areas(现状=["已入住", "在建"]).to_file(county.folder / "areas.gpkg")
    study, problems = check(county)
    assert [p.column for p in problems if p.code is P.COLUMN_WORDED] == ["现状"]
    rows = study.residential.frame
    assert rows["stage"].tolist() == [None, None]  # nobody said that it is the stage
    assert rows["stage_unread"].tolist() == [False, True]  # 已入住 is what a blank is, too
    # a study that has a stage of its own says thereby that the other column is another thing
    county.areas(现状=["已入住", "在建"], 阶段=["", ""]).to_file(county.folder / "areas.gpkg")
    study, problems = check(county)
    assert P.COLUMN_WORDED not in {p.code for p in problems}
    assert study.residential.frame["stage_unread"].tolist() == [False, False]


def test_a_gate_is_not_open_by_a_column_that_nobody_named(county):
    county.write(
        "gates.csv",
        "小区,出入口名称,管理情况,lon,lat\n"
        "甲,南门,常闭,117.0,35.05\n甲,北门,开放,117.0,35.05\n甲,东门,,117.0,35.05\n",
    )
    county.layers["gates"] = 'path = "gates.csv"\ncoordinates = "wgs84"'
    names = county.areas()["name"].tolist()
    text = (county.folder / "gates.csv").read_text(encoding="utf-8")
    (county.folder / "gates.csv").write_text(text.replace("甲", names[0]), encoding="utf-8")
    study, problems = check(county)
    assert [p.params["field"] for p in problems if p.code is P.COLUMN_WORDED] == ["open"]
    gates = study.gates.frame.set_index("name")
    assert gates["open"].tolist() == [None, None, None]
    assert gates["open_unknown"].to_dict() == {"南门": True, "北门": False, "东门": False}


@pytest.mark.parametrize("header", ["区划代码,村居", "村居,区划代码", "区划代码,社区"])
def test_a_blank_code_is_told_by_the_name(county, header):
    county.write(
        "units.csv",
        "code,name\n370827001,甲街道\n370827001001,东社区\n370827001002,西社区\n",
    )
    county.layers["units"] = 'path = "units.csv"'
    told = [("370827001001", "西社区"), ("", "西社区"), ("", "")]  # the code, the name, nothing
    if not header.startswith("区划代码"):
        told = [cells[::-1] for cells in told]
    rows = [f"F{n},甲{n},托老所,117,35.05{n},{','.join(cells)}" for n, cells in enumerate(told)]
    facility_rows(county, *rows, header=f"编号,名称,类型,经度,纬度,{header}")
    study, problems = check(county)
    communities = study.facilities.frame["community"].tolist()
    assert communities == ["370827001001", "370827001002", None]
    assert study.facilities.frame["unit"].tolist() == ["370827001", "370827001", None]
    filled = next(p for p in problems if p.code is P.COLUMN_FILLED)
    assert (filled.column, filled.params["count"]) == ("区划代码", 1)
    assert filled.params["names"] == [header.replace("区划代码", "").strip(",")]


VILLAGES = (
    "code,name\n370827001,甲街道\n370827001001,东社区\n370827001002,西社区\n"
    "370827002,乙街道\n370827002001,东社区\n370827002002,南社区\n"
)


@pytest.mark.parametrize("town", ["370827002", "370827002000", "370827002.0"])
@pytest.mark.parametrize("header", ["区划代码,村居", "村居,区划代码"])
def test_a_towns_code_beside_the_name_of_a_village(county, header, town):
    """甲 and 乙 have a 东社区 each: the town's code says which; it alone says no village."""
    county.write("units.csv", VILLAGES)
    county.layers["units"] = 'path = "units.csv"'
    told = [(town, "东社区"), (town, ""), ("370827", "西社区"), ("370827001001", "西社区")]
    if not header.startswith("区划代码"):
        told = [cells[::-1] for cells in told]
    rows = [f"F{n},甲{n},托老所,117,35.05{n},{','.join(cells)}" for n, cells in enumerate(told)]
    facility_rows(county, *rows, header=f"编号,名称,类型,经度,纬度,{header}")
    study, problems = check(county)
    frame = study.facilities.frame
    villages = ["370827002001", None, "370827001002", "370827001001"]
    towns = ["370827002", "370827002", "370827001", "370827001"]
    assert frame["community"].tolist() == villages
    assert frame["unit"].tolist() == towns
    broad = next(p for p in problems if p.code is P.COLUMN_BROAD)
    assert (broad.column, broad.params["count"]) == ("区划代码", 2)


def test_a_town_that_is_not_the_villages_is_told(county):
    county.write("units.csv", VILLAGES)
    county.layers["units"] = 'path = "units.csv"'
    rows = [
        "F1,甲一,托老所,117,35.051,甲街道,南社区",
        "F2,甲二,托老所,117,35.052,甲街道,西社区",
        "F3,甲三,托老所,117,35.053,甲街道,370827002002",
    ]
    facility_rows(county, *rows, header="编号,名称,类型,经度,纬度,所属镇街,村居")
    _, problems = check(county)
    told = [(p.row, p.column) for p in problems if p.code is P.UNITS_DIFFER]
    assert told == [(2, "村居"), (4, "村居")]
    words = describe(next(p for p in problems if p.code is P.UNITS_DIFFER), "zh")["what"]
    assert "甲街道" in words
    assert "乙街道" in words


@pytest.mark.parametrize(
    ("second", "told"),
    [
        ("F2,甲食堂,食堂,,150,117,35.05", True),
        ("F2,甲食堂,食堂,,150,117,35.050008", True),  # 0.9 m
        ("F2,甲食堂,食堂,S1,150,117,35.05", True),  # one of the two says nothing
        ("F2,甲食堂,食堂,,150,117,35.05002", True),  # 2.2 m
        ("F2,甲食堂,食堂,,150,117,35.05025", False),  # 28 m
        ("F2,甲食堂,食堂,,140,117,35.05", False),  # another floor
        ("F2,甲食堂,食堂,,,117,35.05", False),  # a second service in the same rooms
        ("F2,甲食堂,食堂,,0,117,35.05", False),
    ],
)
def test_one_house_on_two_rows_is_asked(county, second, told):
    header = "编号,名称,类型,场所编号,建筑面积,经度,纬度"
    facility_rows(county, "F1,甲,日间照料中心,,150,117,35.05", second, header=header)
    study, problems = check(county)
    houses = [p for p in problems if p.code is P.ONE_HOUSE]
    assert [(p.severity, p.row, p.column) for p in houses] == [(WARNING, 3, "建筑面积")] * told
    if told:
        assert houses[0].params == {"first_row": 2, "first": "甲"}
        assert "场所编号" in describe(houses[0], "zh")["remedy"]
    assert len(study.facilities) == 2  # asked, not decided


@pytest.mark.parametrize(("sites", "codes"), [("S1 S2", []), ("S1 S1", [P.SAME_SITE_SAME_AREA])])
def test_site_ids_answer_whether_it_is_one_house(county, sites, codes):
    one, other = sites.split()
    facility_rows(
        county,
        f"F1,甲,日间照料中心,{one},150,117,35.05",
        f"F2,乙,日间照料中心,{other},150,117,35.05",
        header="编号,名称,类型,场所编号,建筑面积,经度,纬度",
    )
    _, problems = check(county)
    told = {P.ONE_HOUSE, P.SAME_SITE_SAME_AREA}
    assert [p.code for p in problems if p.code in told] == codes


@pytest.mark.parametrize(
    ("written", "zh", "en"),
    [
        ("试运营", "试运营算不算运营", "whether a trial counts"),
        ("试营业中", "试运营算不算运营", "whether a trial counts"),
        ("未启用", "从未启用", "never used"),
        ("尚未投入使用", "从未启用", "never used"),
        ("停业整顿", "填规划、在建", "Write planned"),
    ],
)
def test_a_stage_that_no_document_places_is_asked_on_every_layer(county, written, zh, en):
    county.areas(阶段=[written, "已入住"]).to_file(county.folder / "areas.gpkg")
    county.write("facilities.csv", FACILITIES.replace("运营", written))
    study, problems = check(county)
    told = {p.layer: p for p in problems if p.code is P.STAGE_UNKNOWN}
    assert set(told) == {"residential", "facilities"}
    for problem in told.values():
        assert (problem.severity, problem.value) == (WARNING, written)
        assert written in describe(problem, "zh")["what"]
        assert zh in describe(problem, "zh")["remedy"]
        assert en in describe(problem, "en")["remedy"]
    assert study.facilities.frame["stage"].tolist() == [None]
    assert study.residential.frame["stage_unread"].tolist() == [True, False]


@pytest.mark.parametrize(
    ("remark", "said"),
    [
        ("已停用", "已停用"),
        ("2023年起停用", "2023年起停用"),
        ("2022.5建成，因故停业中。", "因故停业中"),
        ("尚未投入使用", "尚未投入使用"),
        ("房屋已出租", "房屋已出租"),
        ("已出租", "已出租"),
        ("设备已停用", None),
        ("即将停用", None),
        ("曾停用", None),
        ("2021年停用，2023年恢复运营", None),
        ("运营良好", None),
        ("", None),
    ],
)
def test_a_remark_that_contradicts_the_stage_leaves_it_open(county, remark, said):
    rows = [
        f"F1,甲一,托老所,运营,{remark},117,35.051",
        "F2,甲二,托老所,运营,,117,35.052",
        f"F3,甲三,托老所,闲置,{remark},117,35.053",  # no more than that, or 运营良好
    ]
    facility_rows(county, *rows, header="编号,名称,类型,状态,备注,经度,纬度")
    study, problems = check(county)
    told = [(p.row, p.column, p.params["said"]) for p in problems if p.code is P.REMARK_CONTRADICTS]
    well = remark in {"运营良好", "2021年停用，2023年恢复运营"}
    assert told == ([(4, "备注", remark)] if well else [] if said is None else [(2, "备注", said)])
    stages = study.facilities.frame["stage"].tolist()
    assert stages == ["in_use" if said is None else None, "in_use", None if well else "idle"]


def test_a_remark_speaks_of_areas_too(county):
    county.areas(备注=["已拆除", "在建"], 阶段=["已入住", None]).to_file(
        county.folder / "areas.gpkg"
    )
    study, problems = check(county)
    assert [p.params["said"] for p in problems if p.code is P.REMARK_CONTRADICTS] == [
        "已拆除",
        "在建",
    ]
    frame = study.residential.frame
    assert frame["stage"].tolist() == [None, None]
    assert frame["stage_unread"].tolist() == [True, True]  # neither is lived in for certain


@pytest.mark.parametrize(
    ("beds", "read"), [("3212345", None), ("20001", None), ("20000", 20_000.0), ("120", 120.0)]
)
def test_a_telephone_number_is_no_number_of_beds(county, beds, read):
    header = "编号,名称,类型,床位,经度,纬度"
    facility_rows(county, f"F1,甲,敬老院,{beds},117,35.05", header=header)
    study, problems = check(county)
    told = [p for p in problems if p.code is P.NUMBER_TOO_LARGE]
    assert [p.params["most"] for p in told] == ([20_000.0] if read is None else [])
    (value,) = study.facilities.frame["beds"].tolist()
    assert value == read or (read is None and math.isnan(value))


@pytest.mark.parametrize(
    ("header", "m2"),
    [
        ("建筑面积 单位：平方米", 2.0),
        ("建筑面积（单位：㎡）", 2.0),
        ("建筑面积 单位：亩", 2 * 2000 / 3),
        ("建筑面积，单位公顷", 20_000.0),
    ],
)
def test_a_unit_said_behind_a_heading(county, header, m2):
    facility_rows(county, "F1;甲;托老所;2;117;35.05", header=f"编号;名称;类型;{header};经度;纬度")
    path = county.folder / "facilities.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(line.replace(";", "\t") for line in lines), encoding="utf-8")
    study, _ = check(county)
    assert study.facilities.frame["floor_area_m2"].tolist() == pytest.approx([m2])


@pytest.mark.parametrize(
    ("name", "kind", "stage"),
    [
        ("二站（已停用）", "托老所", None),
        ("二站(在建)", "托老所", None),
        ("二站", "托老所（未启用）", None),
        ("（拟建）二站", "托老所", None),
        ("拟建二站", "托老所", None),
        ("规划二站", "托老所", None),
        ("二站-拆除", "托老所", None),
        ("二站已停用", "托老所", None),
        ("二站", "在建托老所", None),
        ("二站", "已撤销托老所", None),
        ("二站", "托老所停用", None),
        ("二站", "托老所未启用", None),
        ("二站（筹备中）", "托老所", None),
        ("二站（重复）", "托老所", None),
        ("二站", "托老所选址", None),
        ("规划路二站", "托老所", "in_use"),
        ("装修城托老所", "托老所（已改造）", "in_use"),
        ("规划局家属院托老所", "新建托老所", "in_use"),
        ("建设中路托老所", "托老所", "in_use"),
        ("二站（原敬老院）", "托老所", "in_use"),
        ("二站（城关）", "托老所（日间）", "in_use"),
    ],
)
def test_what_a_name_says_of_itself_may_deny_the_stage(county, name, kind, stage):
    facility_rows(
        county, f"F1,{name},{kind},运营,117,35.05", header="编号,名称,类型,状态,经度,纬度"
    )
    study, problems = check(county)
    assert study.facilities.frame["stage"].tolist() == [stage]
    assert sum(p.code is P.REMARK_CONTRADICTS for p in problems) == (stage is None)


@pytest.mark.parametrize(
    ("day", "stage"),
    [
        ("预计2026年", None),
        ("计划2026年6月", None),
        ("待定", None),
        ("未投用", None),
        ("待补充", "in_use"),
        ("2019年", "in_use"),
        ("", "in_use"),
        ("十三五", "in_use"),
    ],
)
def test_an_opening_that_is_ahead_denies_the_stage(county, day, stage):
    facility_rows(
        county,
        f"F1,甲,托老所,运营,{day},117,35.05",
        header="编号,名称,类型,状态,投用时间,经度,纬度",
    )
    study, problems = check(county)
    assert study.facilities.frame["stage"].tolist() == [stage]
    assert sum(p.code is P.REMARK_CONTRADICTS for p in problems) == (stage is None)


@pytest.mark.parametrize(
    ("header", "m2", "told"),
    [
        ("建筑面积（含地下）", 200.0, []),
        ("建筑面积（平方米）", 200.0, []),
        ("建筑面积（地下）", math.nan, ["floor_area_m2"]),
        ("建筑面积（规划）", math.nan, ["floor_area_m2"]),
        ("面积（占地）", math.nan, ["floor_area_m2"]),
    ],
)
def test_brackets_that_say_another_figure_are_asked(county, header, m2, told):
    facility_rows(county, "F1,甲,托老所,200,117,35.05", header=f"编号,名称,类型,{header},经度,纬度")
    study, problems = check(county)
    assert [p.params["field"] for p in problems if p.code is P.COLUMN_LIKELY] == told
    assert study.facilities.frame["floor_area_m2"].tolist() == pytest.approx([m2], nan_ok=True)


def test_brackets_before_a_name_are_the_column_they_make(county):
    layer = county.areas()
    layer["户数（规划）"] = [500, 600]
    layer.to_file(county.folder / "areas.gpkg")
    study, _ = check(county)
    assert study.residential.frame["households_planned"].tolist() == [500, 600]


@pytest.mark.parametrize(
    ("homes", "read", "told"),
    [
        (0.02, math.nan, [P.NUMBER_TOO_SMALL]),
        (1, 1.0, []),
        (213.6, 213.6, [P.NUMBER_PARTED]),  # asked about, and used
        (0, 0.0, [P.ESTATES_EMPTY]),
    ],
)
def test_a_part_of_a_home_is_a_wrong_unit(county, homes, read, told):
    county.areas(households=[homes, 200]).to_file(county.folder / "areas.gpkg")
    study, problems = check(county)
    assert study.residential.frame["households"].tolist() == pytest.approx([read, 200], nan_ok=True)
    assert [p.code for p in problems] == told


@pytest.mark.parametrize(
    ("people", "read", "told"),
    [(0.2, math.nan, [P.NUMBER_TOO_SMALL]), (213.6, 213.6, []), (0, 0.0, []), (1, 1.0, [])],
)
def test_a_share_is_no_number_of_people(county, people, read, told):
    county.areas(elders=[people, 200]).to_file(county.folder / "areas.gpkg")
    study, problems = check(county)
    assert study.residential.frame["elders"].tolist() == pytest.approx([read, 200], nan_ok=True)
    assert [p.code for p in problems] == told


@pytest.mark.parametrize(
    ("written", "unread"), [("2023年13月", True), ("2023-08-01", False), (None, False)]
)
def test_a_day_of_planning_conditions_that_cannot_be_read_is_no_blank(county, written, unread):
    layer = county.areas()
    layer["规划条件日期"] = [written, "2024-01-01"]
    layer.to_file(county.folder / "areas.gpkg")
    study, problems = check(county)
    assert study.residential.frame["condition_on_unread"].tolist() == [unread, False]
    assert [p.code for p in problems if p.column == "规划条件日期"] == (
        [P.DATE_UNREADABLE] if unread else []
    )


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2023年8月", "2023-08-01", "2023-08-31"),
        ("2024.02", "2024-02-01", "2024-02-29"),
        ("２０２３－８", "2023-08-01", "2023-08-31"),
        ("2023年8月下旬", "2023-08-21", "2023-08-31"),
        ("2023年2月下旬", "2023-02-21", "2023-02-28"),
        # no day says where the end of a year begins: its last quarter, loosely
        *((f"2023{tail}", "2023-10-01", "2023-12-31") for tail in ("年底", "年年末", "底", "岁末")),
        ("23年底", "2023-10-01", "2023-12-31"),
        ("二〇二三年年底", "2023-10-01", "2023-12-31"),
        ("2023年年初", "2023-01-01", "2023-03-31"),
        ("2023年中", "2023-05-01", "2023-08-31"),
        ("2023年四季度末", "2023-12-01", "2023-12-31"),
        ("2023年上半年末", "2023-04-01", "2023-06-30"),
        ("2023年12月底", "2023-12-21", "2023-12-31"),
        ("2023年8月初", "2023-08-01", "2023-08-10"),
        ("2023年三季度", "2023-07-01", "2023-09-30"),
        ("2023年第4季度", "2023-10-01", "2023-12-31"),
        ("2023年下半年", "2023-07-01", "2023-12-31"),
        ("2023年", "2023-01-01", "2023-12-31"),
    ],
)
def test_a_date_without_its_day_is_one_of_the_days_it_leaves_open(county, written, first, last):
    layer = county.areas()
    layer["规划条件日期"] = [written, "2024-01-01"]
    layer["住宅验收日期"] = [written, None]
    layer.to_file(county.folder / "areas.gpkg")
    study, problems = check(county)
    frame = study.residential.frame
    span = DaySpan(dt.date.fromisoformat(first), dt.date.fromisoformat(last))
    assert (frame["condition_on"].iloc[0], frame["accepted_on"].iloc[0]) == (span, span)
    assert frame["condition_on_unread"].tolist() == [False, False]
    told = [(p.code, dict(p.params)) for p in problems if p.column == "规划条件日期"]
    assert told == [(P.DATE_TO_MONTH, {"first": first, "last": last})]


def test_a_number_of_a_date_column_tells_its_year_alone(county):
    layer = county.areas()
    layer["规划条件日期"] = [2023.1, 2023.0]  # January, or October
    layer.to_file(county.folder / "areas.gpkg")
    study, _ = check(county)
    year = DaySpan(dt.date(2023, 1, 1), dt.date(2023, 12, 31))
    assert study.residential.frame["condition_on"].tolist() == [year, year]


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("2023年9月", ("2023-09-01", "2023-09-30")),
        ("2023-09-15", ("2023-09-15", "2023-09-15")),
        ("2023", None),
        ("2023年", None),
    ],
)
def test_a_year_of_completion_keeps_the_month_that_its_cell_tells(county, written, days):
    layer = county.areas()
    layer["竣工时间"] = [written, None]
    layer.to_file(county.folder / "areas.gpkg")
    study, _ = check(county)
    frame = study.residential.frame
    assert frame["built_year"].iloc[0] == 2023
    told = frame["built_year_days"].iloc[0]
    assert told == (days and DaySpan(*map(dt.date.fromisoformat, days)))
