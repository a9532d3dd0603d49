import numpy as np
import pandas as pd
import pytest

from lifecircle.intake.ledger.columns import map_columns, wanted_headers
from lifecircle.model.dictionary import LAYERS, columns, fold
from lifecircle.model.problem import ProblemCode as P
from lifecircle.model.problem import Severity
from lifecircle.sources.tables.files import RawTable


def table(*headers, layer="residential", **fields):
    frame = pd.DataFrame({header: [None] for header in headers}, dtype=object)
    return RawTable(layer=layer, file="a.csv", frame=frame, rows=np.array([2]), **fields)


@pytest.mark.parametrize(
    ("headers", "overrides", "expected"),
    [
        (["name", "households"], {}, {"name": "name", "households": "households"}),
        (["小区名称", "总户数（户）"], {}, {"name": "小区名称", "households": "总户数（户）"}),
        (["小区 名称", "户 数"], {}, {"name": "小区 名称", "households": "户 数"}),
        (["ＮＡＭＥ"], {}, {"name": "ＮＡＭＥ"}),
        (["小區名稱", "總戶數"], {}, {"name": "小區名稱", "households": "總戶數"}),
        (
            ["名称", "乡镇（街道）", "村（社区）"],
            {},
            {"name": "名称", "unit": "乡镇（街道）", "community": "村（社区）"},
        ),
        (["名称", "规划户数"], {}, {"name": "名称", "households_planned": "规划户数"}),
        (
            ["名称", "规划户数"],
            {"households": "规划户数"},
            {"name": "名称", "households": "规划户数"},
        ),
        (
            ["名称", "户数", "备注户数"],
            {"households": "备注户数"},
            {"name": "名称", "households": "备注户数"},
        ),
        (["名称", "name"], {}, {"name": "name"}),
    ],
)
def test_headers_are_understood(headers, overrides, expected):
    granted, _ = map_columns(table(*headers), overrides)
    assert granted == expected


@pytest.mark.parametrize(
    ("headers", "overrides", "expected"),
    [
        # the name tells the kind too, and the layer cannot do without a name
        (["机构名称"], {"kinds": "机构名称"}, {"name": "机构名称", "kinds": "机构名称"}),
        (
            ["机构名称"],
            {"name": "机构名称", "kinds": "机构名称"},
            {"name": "机构名称", "kinds": "机构名称"},
        ),
        # another header for the name: the one the study names is the kind's alone
        (["名称", "机构名称"], {"kinds": "机构名称"}, {"name": "名称", "kinds": "机构名称"}),
        # the study says that 社区 is the street; no community is made of it
        (
            ["名称", "类型", "社区"],
            {"unit": "社区"},
            {"name": "名称", "kinds": "类型", "unit": "社区"},
        ),
    ],
)
def test_a_header_that_the_study_names_may_serve_two_columns(headers, overrides, expected):
    granted, problems = map_columns(table(*headers, layer="facilities"), overrides)
    assert granted == expected
    assert problems == ()


@pytest.mark.parametrize("turn", [1, -1])
def test_the_longest_alias_wins_whatever_the_order(turn):
    granted, problems = map_columns(table(*["户数", "住宅户数", "名称"][::turn]), {})
    assert granted["households"] == "住宅户数"
    (problem,) = problems
    assert (problem.code, problem.severity) == (P.COLUMN_MAPPED_TWICE, Severity.WARNING)
    assert problem.params == {"field": "households", "columns": ["住宅户数", "户数"]}


def test_a_required_column_that_is_missing_is_an_error():
    _, problems = map_columns(table("户数"), {})
    (problem,) = problems
    assert (problem.code, problem.severity) == (P.COLUMN_MISSING, Severity.ERROR)
    assert problem.params["field"] == "name"


def test_a_named_column_that_is_missing_is_said():
    _, problems = map_columns(table("名称", "户数"), {"households": "套数"})
    assert [(p.code, p.severity, dict(p.params)) for p in problems] == [
        (
            P.COLUMN_MISSING,
            Severity.WARNING,
            {"field": "households", "names": ["套数"], "option": "households"},
        ),
        (P.COLUMN_UNKNOWN, Severity.INFO, {"columns": ["户数"]}),
    ]


def test_unused_headers_are_one_remark():
    _, problems = map_columns(table("名称", "绿化率", "联系人"), {})
    assert [dict(p.params) for p in problems] == [{"columns": ["绿化率", "联系人"]}]


def test_headers_cut_to_ten_bytes():
    cut = {"header_bytes": 10, "encoding": "gbk", "layer": "facilities"}
    # 社区养老服务面积 is 16 bytes in GBK; the first ten are 社区养老服.
    granted, _ = map_columns(table("name", "kinds", "社区养老服", "floor_area", **cut), {})
    assert granted["community_area_m2"] == "社区养老服"
    assert granted["floor_area_m2"] == "floor_area"


@pytest.mark.parametrize("layer", [*LAYERS, "travel"])
def test_every_column_is_found_by_each_of_its_own_names(layer):
    for spec in columns(layer).values():
        for header in (spec.name, *spec.aliases):
            granted, _ = map_columns(table(header, layer=layer), {})
            assert list(granted.values()) == [header], (spec.name, header)
            (column,) = granted
            named = columns(layer)[column]
            assert header in {named.name, *named.aliases}


def test_expected_headers_hold_the_studys_own():
    wanted = wanted_headers("residential", {"households": "备注户数"})
    assert {"户数", "households", "备注户数"} <= wanted.headers


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (["名称", "实际入住户数"], {"households": "实际入住户数"}),  # ends with a known word
        (["名称", "总户术"], {"households": "总户术"}),  # two signs of three
        (
            ["名称", "2023年老年人口", "2023年末人口"],
            {"elders": "2023年老年人口", "population": "2023年末人口"},
        ),
        (["名称", "项目负责人", "备注", "绿化率"], {}),  # begins with 项目: a person, no project
        (["名称", "户数", "实际入住户数"], {}),  # households are known
        (["名称", "电表编号"], {}),  # identifiers are not looked for
    ],
)
def test_an_unread_header_that_may_be_a_missing_column_is_named(headers, expected):
    granted, problems = map_columns(table(*headers), {})
    likely = {p.params["field"]: p.column for p in problems if p.code is P.COLUMN_LIKELY}
    assert likely == expected
    assert not expected.keys() & granted.keys()  # proposed, never taken
    for problem in problems:
        if problem.code is P.COLUMN_LIKELY:
            assert problem.severity is Severity.WARNING
            assert problem.params["key"] == f"layers.residential.columns.{problem.params['field']}"


def test_headers_that_bureaus_use_are_known():
    headers = ["小区名称", "所在乡镇", "所在社区", "总人口", "60岁以上老年人数", "小区性质"]
    granted, problems = map_columns(table(*headers), {})
    names = ("name", "unit", "community", "population", "elders", "age_class")
    assert {name: granted[name] for name in names} == dict(zip(names, headers, strict=True))
    assert P.COLUMN_UNKNOWN not in {p.code for p in problems}


@pytest.mark.parametrize(
    "header",
    [
        *(
            "服务小区名称",
            "服务小区名单",
            "服务的小区（名称）",
            "所服务小区",
            "覆盖小区",
            "配建小区",
        ),
        *("服务居住区名称", "覆盖居住区（编号）", "辐射小区名单", "配套住宅小区", "服务对象小区"),
    ],
)
def test_whom_rooms_serve_is_read_under_headers_that_bureaus_use(header):
    granted, problems = map_columns(table("设施名称", "设施类型", header, layer="facilities"), {})
    assert granted["serves"] == header
    assert P.COLUMN_UNKNOWN not in {p.code for p in problems}
    for other in (
        "服务小区数",
        "覆盖小区",
        "配建小区",
    ):  # beside 服务小区 they would say another thing
        both = table("设施名称", "设施类型", other, "服务小区", layer="facilities")
        granted, problems = map_columns(both, {})
        assert granted["serves"] == "服务小区"
        warned = [p.column for p in problems if p.severity is Severity.WARNING]
        assert warned == ([] if other == "服务小区数" else ["服务小区"])


@pytest.mark.parametrize("header", ["所属小区", "所在小区名称", "受益小区", "使用小区"])
def test_an_estate_that_rooms_may_serve_or_only_stand_in_is_asked_about(header):
    table_ = table("设施名称", "设施类型", header, layer="facilities")
    granted, problems = map_columns(table_, {})
    assert "serves" not in granted
    asked = [(p.column, p.params["field"]) for p in problems if p.code is P.COLUMN_LIKELY]
    assert asked == [(header, "serves")]


def test_a_plan_is_not_told_what_it_removes_by_whom_it_serves():
    granted, _ = map_columns(table("项目名称", "服务小区", "配建小区", layer="project"), {})
    assert not {"removes", "replaces"} & granted.keys()


def test_the_nature_of_a_house_is_who_runs_it():
    granted, problems = map_columns(
        table("机构名称", "设施类型", "机构性质", layer="facilities"), {}
    )
    assert granted["private"] == "机构性质"
    assert P.COLUMN_UNKNOWN not in {p.code for p in problems}


def test_traditional_characters_are_folded_and_nothing_else():
    assert fold("機構名稱（養老）") == fold("机构名称(养老)")
    assert fold("敬老院") == "敬老院"


@pytest.mark.parametrize("layer", ["residential", "facilities"])
def test_fields_that_a_gis_keeps_for_itself_are_taken_for_no_column(layer):
    # OBJECTID is spelt much like "project"
    kept = ["OBJECTID", "OBJECTID_1", "FID", "GlobalID", "Shape_Leng", "Shape_Length", "SHAPE_Area"]
    _, problems = map_columns(table("名称", "设施类型", *kept, layer=layer), {})
    assert {p.code for p in problems} <= {P.COLUMN_UNKNOWN}


OF_ALL, PART = "建筑面积", "community_area_m2"


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("其中社区养老", PART),
        ("其中：社区养老", PART),
        ("其中：社区养老服务面积", PART),
        ("其中：社区养老用房（㎡）", PART),
        ("其中：用于社区养老服务", PART),
        ("其中（社区服务面积）", PART),
        ("其中：护理型床位", "nursing_beds"),
        ("其中：现有床位", None),  # a part of the beds is not the beds
        ("其中：养老用房", None),  # of a home that is bed space: asked
        ("其中老年活动室面积", None),
        ("其中：地下", None),
    ],
)
def test_a_part_of_the_rooms_is_read_where_it_says_whose_and_asked_about_else(header, column):
    """Unread, the whole house (建筑面积) would count where only a part serves the community."""
    read = table("设施名称", "设施类型", OF_ALL, header, layer="facilities")
    granted, problems = map_columns(read, {})
    assert granted["floor_area_m2"] == OF_ALL
    assert [name for name, one in granted.items() if one == header] == [column] * bool(column)
    asked = [p.params["field"] for p in problems if p.code is P.COLUMN_LIKELY]
    rooms = column is None and not {"床位", "地下"} & {header[-2:]}
    assert (PART in asked) is rooms


def test_remarks_that_are_heard_are_not_told_as_unused():
    """备注 takes back stages, kinds and m²: it is no column that nothing is read from."""
    for layer, told in (("residential", ["负责人"]), ("candidates", ["备注", "负责人"])):
        _, problems = map_columns(table("名称", "备注", "负责人", layer=layer), {})
        unused = [p.params["columns"] for p in problems if p.code is P.COLUMN_UNKNOWN]
        assert unused == [told]
