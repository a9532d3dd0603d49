"""Names that almost agree, tables whose outlines stand in another file."""

import csv
import io

import geopandas as gpd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifecircle.intake import check_study
from lifecircle.model.problem import ProblemCode as P
from lifecircle.model.problem import Severity, describe

WARNING, INFO = Severity.WARNING, Severity.INFO
UNITS = """区划代码,名称
371721003,青菏街道
371721121,大集镇
371721116,王集镇
371721003001,青年社区
371721003200,李家村
"""


def units(county, *cells):
    """Check a study whose facilities have these units; return their codes and the problems."""
    county.write("units.csv", UNITS)
    county.layers["units"] = 'path = "units.csv"'
    # 100 m apart, so that they are no stack
    rows = [f"设施{i},托老所,运营,{117 + i / 900:.5f},35.05,{c}" for i, c in enumerate(cells)]
    county.write("facilities.csv", "\n".join(["名称,类型,状态,经度,纬度,镇街", *rows, ""]))
    study, problems = check_study(county.finish())
    return study, [p for p in problems if p.layer in {"facilities", "study"}]


def said(problems):
    chosen = {P.PROJECTION_CHOSEN, P.ENCODING_CHOSEN}
    return [(p.code, p.severity, p.cell, p.value) for p in problems if p.code not in chosen]


def test_a_misprint_is_proposed_and_not_applied(county):
    study, problems = units(county, "青荷街道")
    assert study.facilities.frame["unit"].tolist() == [None]
    # one character may part two places: the list may lack it, too
    lacking = (P.UNITS_WRITTEN, WARNING, None, "370827")
    assert said(problems) == [lacking, (P.NAME_NEAR, WARNING, "F2", "青荷街道")]
    near = next(p for p in problems if p.code is P.NAME_NEAR)
    assert (near.params["nearest"], near.params["key"]) == ("青菏街道", "371721003")
    assert '"青荷街道" = "371721003"' in describe(near, "zh")["remedy"]


@pytest.mark.parametrize("meant", ["371721003", "青菏街道"])
def test_a_misprint_the_study_confirms_is_applied(county, meant):
    county.extra = f'[aliases.units]\n"青荷街道" = "{meant}"\n'
    study, problems = units(county, "青荷街道", "青菏街道")
    assert study.facilities.frame["unit"].tolist() == ["371721003"] * 2
    assert said(problems) == []


def test_an_alias_of_nothing_is_said(county):
    county.extra = '[aliases.units]\n"青荷街道" = "371721999"\n'
    study, problems = units(county, "青荷街道")
    assert study.facilities.frame["unit"].tolist() == [None]
    told = [(p.code, p.value) for p in problems if p.code is P.ALIAS_UNKNOWN]
    assert told == [(P.ALIAS_UNKNOWN, "371721999")]


def test_an_unknown_table_of_aliases_names_the_known_ones(county):
    county.extra = '[aliases.unit]\n"青荷街道" = "371721003"\n'
    study, problems = check_study(county.finish())
    assert study is None
    assert [(p.code, p.params) for p in problems] == [
        (P.STUDY_KEY_UNKNOWN, {"key": "aliases.unit", "nearest": "units"})
    ]


@pytest.mark.parametrize(
    ("cell", "severity"),
    [
        ("大集", INFO),
        ("大集镇人民政府", INFO),
        ("曹县大集镇", INFO),
        ("大集乡", WARNING),
        ("大集街道", WARNING),
    ],
)
def test_another_ending_is_read_and_said(county, cell, severity):
    study, problems = units(county, cell)
    assert study.facilities.frame["unit"].tolist() == ["371721121"]
    assert said(problems) == [(P.NAME_READ_AS, severity, "F2", cell)]


def test_two_near_names_are_none(county):
    # 天集镇 is one character off 大集镇 and 王集镇.
    study, problems = units(county, "天集镇")
    assert study.facilities.frame["unit"].tolist() == [None]
    lacking = (P.UNITS_WRITTEN, WARNING, None, "370827")
    assert said(problems) == [lacking, (P.CODE_UNKNOWN, WARNING, "F2", "天集镇")]


def test_a_facility_without_coordinates_counts_in_its_unit(county):
    county.write("units.csv", UNITS)
    county.layers["units"] = 'path = "units.csv"'
    rows = "甲,托老所,运营,117,35.0500,青菏街道\n乙,托老所,运营,,,大集镇\n"
    county.write("facilities.csv", f"名称,类型,状态,经度,纬度,镇街\n{rows}")
    study, problems = check_study(county.finish())
    assert study.facilities.frame["unit"].tolist() == ["371721003", "371721121"]
    assert study.facilities.located.tolist() == [True, False]
    assert (P.GEOMETRY_MISSING, WARNING, "D3", None) in said(problems)
    record = next(i for i in study.inputs if i.layer == "facilities")
    assert (record.rows, record.used, record.set_aside) == (2, 2, 0)


# a table of areas, and outlines in another file


def outlined(county, table, names, **columns):
    county.write("小区.csv", table)
    county.layers["residential"] = 'path = "小区.csv"\nshapes = "边界.gpkg"'
    shapes = [shapely.box(x, 3_880_000, x + 200, 3_880_200) for x in (500_000, 501_000, 502_000)]
    gpd.GeoDataFrame(
        {"name": names} | columns, geometry=shapes[: len(names)], crs="EPSG:4548"
    ).to_file(county.folder / "边界.gpkg")
    study, problems = check_study(county.finish())
    wanted = {"residential", "shapes"}
    return study, [p for p in problems if p.layer in wanted and p.code is not P.ENCODING_CHOSEN]


def where(study):
    shapes = study.residential.frame.geometry
    return [None if s is None else round(s.bounds[0]) for s in shapes]


def counts(study, layer):
    record = next(i for i in study.inputs if i.layer == layer)
    assert record.rows == record.used + record.set_aside
    return record.used, record.set_aside


def test_a_table_takes_its_outlines_by_name(county):
    table = "小区名称,户数\n西 园,200\n东园,100\n"
    study, problems = outlined(county, table, ["东园", "西园"])
    assert problems == []
    assert where(study) == [501_000, 500_000]
    assert study.residential.frame["households"].tolist() == [200.0, 100.0]
    assert counts(study, "shapes") == (2, 0)


def test_an_area_without_outline_and_an_outline_without_area(county):
    study, problems = outlined(county, "小区名称,户数\n东园,100\n南苑,50\n", ["东园", "新天地"])
    assert where(study) == [500_000, None]
    assert {(p.code, p.layer, p.row, p.value) for p in problems} == {
        (P.SHAPE_UNUSED, "shapes", 2, "新天地"),
        (P.SHAPE_MISSING, "residential", 3, "南苑"),
    }
    assert counts(study, "shapes") == (1, 1)


def test_a_shorter_name_of_an_outline_is_read_and_said(county):
    study, problems = outlined(county, "小区名称,户数\n幸福家园小区,100\n", ["幸福家园"])
    assert where(study) == [500_000]
    assert [(p.code, p.severity, p.params) for p in problems] == [
        (P.NAME_READ_AS, INFO, {"read": "幸福家园"})
    ]


@pytest.mark.parametrize(
    "alias", ['"幸福佳园" = "幸福家园"', '"幸福家园" = "幸福佳园"', '"幸福家园" = "R2"']
)
def test_a_misprinted_name_of_an_outline_needs_confirmation(county, alias):
    table = "小区名称,户数\n幸福佳园,100\n"
    study, problems = outlined(county, table, ["幸福家园"])
    assert where(study) == [None]
    assert {p.code for p in problems} == {P.NAME_NEAR, P.SHAPE_UNUSED}
    county.extra = f"[aliases.residential]\n{alias}\n"
    study, problems = outlined(county, table, ["幸福家园"])
    assert (where(study), problems) == ([500_000], [])


def test_two_outlines_of_one_name_are_parted_by_the_community_or_not_at_all(county):
    table = "小区名称,社区,户数\n东园,甲社区,100\n东园,乙社区,50\n"
    study, problems = outlined(county, table, ["东园", "东园"], 社区=["乙社区", "甲社区"])
    assert (where(study), problems) == ([501_000, 500_000], [])
    study, problems = outlined(county, table, ["东园", "东园"])
    assert where(study) == [None, None]
    codes = [p.code for p in problems]
    assert codes.count(P.SHAPE_AMBIGUOUS) == codes.count(P.SHAPE_UNUSED) == 2
    ambiguous = next(p for p in problems if p.code is P.SHAPE_AMBIGUOUS)
    assert ambiguous.params == {"rows": 2, "shapes": 2}


def test_an_exact_name_is_not_taken_by_a_like_one(county):
    study, problems = outlined(county, "小区名称\n东园小区\n东园\n", ["东园"])
    assert where(study) == [None, 500_000]
    assert [(p.code, p.row) for p in problems] == [(P.SHAPE_MISSING, 2)]


def test_a_point_stays_where_there_is_no_outline(county):
    table = "小区名称,经度,纬度\n东园,,\n南苑,117.02,35.0500\n"
    county.write("小区.csv", table)
    study, problems = outlined(county, table, ["东园"])
    assert study is None  # the datum of the table's points still has to be said
    assert {p.code for p in problems} == {P.COORDINATES_UNDECLARED}
    county.layers["residential"] += '\ncoordinates = "wgs84"'
    study, problems = check_study(county.finish())
    kinds = [s.geom_type for s in study.residential.frame.geometry]
    assert kinds == ["Polygon", "Point"]
    assert {(p.code, p.severity, p.row) for p in problems if p.layer == "residential"} >= {
        (P.SHAPE_MISSING, INFO, 3),
        (P.AREAS_AS_POINTS, INFO, None),
    }


def test_outlines_that_are_not_there(county):
    county.write("小区.csv", "小区名称\n东园\n")
    county.layers["residential"] = 'path = "小区.csv"\nshapes = "没有.gpkg"'
    study, problems = check_study(county.finish())
    assert where(study) == [None]
    assert [(p.code, p.layer, p.file) for p in problems if p.severity is Severity.ERROR] == [
        (P.FILE_MISSING, "shapes", "没有.gpkg")
    ]


def test_outlines_out_of_the_folder_and_unknown_keys_are_refused(county):
    county.layers["residential"] = 'path = "a.csv"\nshapes = "../b.gpkg"'
    assert P.PATH_OUTSIDE in {p.code for p in check_study(county.finish())[1]}
    county.layers["residential"] = 'path = "a.csv"\nshapes = { path = "b.gpkg", layr = "x" }'
    (problem,) = check_study(county.finish())[1]
    assert problem.params == {"key": "layers.residential.shapes.layr", "nearest": "layer"}
    county.layers["residential"] = (
        'path = "a.csv"\nshapes = { path = "b.gpkg", columns = { nam = "x" } }'
    )
    (problem,) = check_study(county.finish())[1]
    assert problem.params == {"key": "layers.residential.shapes.columns.nam", "nearest": "name"}


NAMES = st.text(st.sampled_from("东西园苑小区 1（）A\"'"), max_size=4)


@given(st.lists(st.tuples(NAMES, NAMES), max_size=5), st.lists(NAMES, min_size=1, max_size=3))
@settings(
    settings.get_profile("dear"),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_the_names_every_row_and_outline_is_used_or_set_aside(county, rows, names):
    table = io.StringIO()
    csv.writer(table).writerows([("小区名称", "社区"), *rows, ("末园", "")])
    study, problems = outlined(county, table.getvalue(), names)
    located = [s for s in study.residential.frame.geometry if s is not None]
    used, aside = 0, 0
    if any(i.layer == "shapes" for i in study.inputs):
        used, aside = counts(study, "shapes")
    assert len(located) == used
    told = {p.row for p in problems if p.layer == "shapes" and p.row is not None}
    assert len(told) >= aside
    counts(study, "residential")
