"""Ledgers as counties keep them: read right, or exactly what is wrong and where."""

import dataclasses
import datetime as dt
import zipfile

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely
import xlwt

from lifecircle.intake import check_study
from lifecircle.intake.ledger.mojibake import restored
from lifecircle.model.inputs.contents import Contents
from lifecircle.model.problem import ProblemCode as P
from lifecircle.model.problem import Severity
from lifecircle.sources.raw import FullField, Part, RawTable

QUIET = {
    P.PROJECTION_CHOSEN,
    P.POSITION_ROUND,
    P.COLUMN_UNKNOWN,
    P.ENCODING_CHOSEN,
    P.AREAS_AS_POINTS,
}
PLACE = ["经度", "纬度"]
HERE = [117.0, 35.05]
DECLARED = '\ncoordinates = "cgcs2000"'


def book(county, *rows, merge=(), title="设施"):
    found = openpyxl.Workbook()
    page = found.active
    page.title = title
    for row in rows:
        page.append(row)
    for block in merge:
        page.merge_cells(block)
    found.save(county.folder / "f.xlsx")
    county.layers["facilities"] = f'path = "f.xlsx"{DECLARED}'


def csv(county, text, encoding="utf-8-sig", more=DECLARED):
    county.write("f.csv", text, encoding)
    county.layers["facilities"] = f'path = "f.csv"{more}'


def said(county):
    """Return the study and what is worth saying: (code, cell or row) of each problem."""
    study, problems = check_study(county.finish())
    told = [p for p in problems if p.code not in QUIET]
    if study is not None:
        for record in study.inputs:
            assert record.rows == record.used + record.set_aside
    return study, told


def codes(problems):
    return [(p.code, p.cell or p.row) for p in problems]


def column(study, name):
    values = study.facilities.frame[name].tolist()
    return [None if isinstance(v, float) and pd.isna(v) else v for v in values]


# headers


def test_title_rows_and_a_merged_header_of_two_levels(county):
    book(
        county,
        ["某县养老服务设施台账（2025年）"],
        ["填报单位：某县民政局", None, None, None, None, None, "单位：处、㎡、张"],
        ["序号", "设施名称", "设施类型", "规模", None, "位置", None],
        [None, None, None, "建筑面积（㎡）", "床位数（张）", *PLACE],
        [1, "甲", "托老所", 120, 10, *HERE],
        merge=["A1:G1", "A3:A4", "B3:B4", "C3:C4", "D3:E3", "F3:G3"],
    )
    study, problems = said(county)
    assert problems == []
    assert (column(study, "floor_area_m2"), column(study, "beds")) == ([120.0], [10.0])


def test_two_levels_are_joined_where_only_together_they_are_a_column(county):
    book(
        county,
        ["设施名称", "设施类型", "床位", None, *PLACE],
        [None, None, "总数", "护理型", None, None],
        ["甲", "托老所", 30, 12, *HERE],
        merge=["A1:A2", "B1:B2", "C1:D1", "E1:E2", "F1:F2"],
    )
    study, problems = said(county)
    assert problems == []
    assert (column(study, "beds"), column(study, "nursing_beds")) == ([30.0], [12.0])


@pytest.mark.parametrize(
    ("upper", "lower", "read"),
    [
        ("占地", "面积", None),  # land is no floor area, and a plan is not what stands
        ("用地规模", "面积（亩）", None),
        ("规划情况", "床位数", None),
        ("设计规模", "床位", None),
        ("规模", "面积", 30.0),
        ("用地及建筑规模", "建筑面积", 30.0),
        ("床位数", "其中：现有床位", None),  # asked about, as it is without an upper
        ("床位", "核定床位", 30.0),
    ],
)
def test_a_level_above_makes_another_figure_as_brackets_behind_do(county, upper, lower, read):
    book(
        county,
        ["设施名称", "设施类型", upper, None, *PLACE],
        [None, None, lower, "其他说明", None, None],
        ["甲", "托老所", 30, 12, *HERE],
        merge=["A1:A2", "B1:B2", "C1:D1", "E1:E2", "F1:F2"],
    )
    study, problems = said(county)
    told = column(study, "floor_area_m2") + column(study, "beds")
    assert [value for value in told if value is not None] == ([] if read is None else [read])
    assert (read is None) == any(p.code is P.COLUMN_LIKELY for p in problems)


def test_a_title_that_speaks_of_a_plan_is_no_level_of_the_header(county):
    title = ["某县养老服务设施布局规划台账", None, None, None, None]
    head = ["设施名称", "设施类型", "面积", *PLACE]
    book(county, title, head, ["甲", "托老所", 30, *HERE], merge=["A1:E1"])
    study, problems = said(county)
    assert (problems, column(study, "floor_area_m2")) == ([], [30.0])


def test_two_levels_without_merged_cells(county):
    csv(
        county,
        "设施名称,设施类型,规模,,位置,\n,,建筑面积,床位数,经度,纬度\n甲,托老所,120,10,117.0,35.0500\n",
    )
    study, problems = said(county)
    assert problems == []
    assert (column(study, "floor_area_m2"), column(study, "beds")) == ([120.0], [10.0])


def test_line_breaks_and_spaces_in_headers(county):
    book(
        county,
        [" 设施 名称 ", "设施\n类型", "建筑面积\n（平方米）", "经 度", "纬　度"],
        ["甲", "托老所", 120, *HERE],
    )
    study, problems = said(county)
    assert problems == []
    assert column(study, "floor_area_m2") == [120.0]


@pytest.mark.parametrize("header", ["建筑面积㎡", "建筑面积/㎡", "建筑面积:平方米", "面积（m²）"])
def test_units_in_headers_with_and_without_brackets(county, header):
    book(county, ["设施名称", "设施类型", header, *PLACE], ["甲", "托老所", 120, *HERE])
    study, problems = said(county)
    assert problems == []
    assert column(study, "floor_area_m2") == [120.0]


@pytest.mark.parametrize(
    ("header", "factor"),
    [
        ("建筑面积（万㎡）", 10_000),
        ("建筑面积(万平方米)", 10_000),
        ("面积/公顷", 10_000),
        ("建筑面积（亩）", 2000 / 3),
        ("建筑面积万㎡", 10_000),
    ],
)
def test_a_larger_unit_in_the_header_counts(county, header, factor):
    book(county, ["设施名称", "设施类型", header, *PLACE], ["甲", "托老所", 0.5, *HERE])
    study, (problem,) = said(county)
    assert (problem.code, problem.column, problem.params["factor"]) == (
        P.HEADER_UNIT,
        header,
        pytest.approx(factor),
    )
    assert column(study, "floor_area_m2") == [pytest.approx(0.5 * factor)]


def test_a_figure_with_a_unit_of_its_own_under_a_larger_unit_is_not_guessed(county):
    book(county, ["设施名称", "设施类型", "面积（万㎡）", *PLACE], ["甲", "托老所", "120㎡", *HERE])
    study, problems = said(county)
    assert codes(problems) == [(P.NUMBER_UNREADABLE, "C2"), (P.HEADER_UNIT, None)]
    assert column(study, "floor_area_m2") == [None]


# rows


@pytest.mark.parametrize("word", ["合计", "合 计", "小计：", "全县合计", "曹城街道小计（3处）"])
def test_sums_are_no_facilities(county, word):
    book(
        county,
        ["序号", "设施名称", "设施类型", "床位数", *PLACE],
        [1, "甲", "托老所", 10, *HERE],
        [word, None, None, 10, None, None],
    )
    study, problems = said(county)
    assert codes(problems) == [(P.ROW_TOTAL, 3)]
    assert len(study.facilities) == 1


@pytest.mark.parametrize(
    ("rows", "at"),
    [
        # the foot of a form: a total, and what it is made of, by any names
        ([["合计", None, 30], ["其中：城镇", None, 10], ["农村", None, 20]], [3, 4, 5]),
        ([[None, "合计", 30], [None, "其中：民办", 10], [None, "公办", 20]], [3, 4, 5]),
        ([[None, "全县", 30]], [3]),
        ([["共2处", None, 30]], [3]),
        ([[None, "共计：2 处", 30]], [3]),
        # a code says that it is a place; and what does not add up is asked about as one
        ([[3, "全县", 30]], []),
        ([["合计", None, 30], [None, "丙", 30]], [3]),
        ([["合计", None, 30], [None, "其中：城镇", 10], [None, "丙", 25]], [3, 4]),
    ],
)
def test_the_foot_of_a_form_is_no_facility(county, rows, at):
    head = ["编号", "设施名称", "床位数", "设施类型", *PLACE]
    book(county, head, [1, "甲", 30, "托老所", *HERE], *rows)
    study, problems = said(county)
    aside = [p.row for p in problems if p.code in {P.ROW_TOTAL, P.ROW_PART}]
    assert sorted(aside) == at
    assert len(study.facilities) == 1 + len(rows) - len(at)


def test_notes_and_group_headings_are_no_facilities(county):
    book(
        county,
        ["序号", "设施名称", "设施类型", *PLACE],
        ["一、曹城街道", None, None, None, None],
        [1, "甲", "托老所", *HERE],
        ["注：数据截至2025年12月31日。", None, None, None, None],
        ["填表人：张三", None, None, None, None],
        merge=["A2:E2", "A4:E4"],
    )
    study, problems = said(county)
    notes = [(P.ROW_NOTE, "A2"), (P.ROW_NOTE, "A4"), (P.ROW_NOTE, "A5")]
    assert codes(problems) == [(P.GROUP_CAPTIONED, None), *notes]
    assert column(study, "name") == ["甲"]


def test_a_group_s_number_in_brackets_is_one_too(county):
    head = ["编号", "设施名称", "设施类型", *PLACE]
    book(county, head, ["（一）新建小区"], [1, "甲", "托老所", *HERE])
    study, problems = said(county)
    assert codes(problems) == [(P.ROW_NOTE, "A2")]
    assert column(study, "name") == ["甲"]


@pytest.mark.parametrize(
    ("header", "m2"),
    [
        ("建筑面积（百平方米）", 80),
        ("建筑面积(千㎡)", 800),
        ("建筑面积（平）", 0.8),
        ("建筑面积（平方米）", 0.8),
    ],
)
def test_hundreds_and_thousands_of_the_headers_unit(county, header, m2):
    book(county, ["编号", "设施名称", "设施类型", header, *PLACE], [1, "甲", "托老所", 0.8, *HERE])
    assert column(said(county)[0], "floor_area_m2") == [pytest.approx(m2)]


@pytest.mark.parametrize(
    "foot",
    [
        ["审核人：张三", None, "2024年6月30日", None, None],
        ["制表人：张三", "审核人：李四", "日期：2024-06-30", None, None],
        ["单位负责人：", "王五", "审核：", "李四", None],
        [None, "经办人：张三", "联系电话：0530-1234567", None, None],
    ],
)
def test_a_row_of_who_signed_is_no_facility(county, foot):
    book(county, ["编号", "设施名称", "设施类型", *PLACE], [1, "甲", "托老所", *HERE], foot)
    study, problems = said(county)
    assert codes(problems) == [(P.ROW_NOTE, "A3" if foot[0] else "B3")]
    assert column(study, "name") == ["甲"]


def test_who_to_call_before_a_name_makes_no_foot_of_a_record(county):
    book(
        county,
        ["备注", "设施名称", "设施类型", *PLACE],
        ["联系人：王五", "甲", "托老所", *HERE],
    )
    assert column(said(county)[0], "name") == ["甲"]


def test_a_merged_town_is_the_town_of_all_its_rows(county):
    book(
        county,
        ["镇街", "设施名称", "设施类型", *PLACE],
        ["金乡街道", "甲", "托老所", 117.0, 35.05001],
        [None, "乙", "托老所", 117.001, 35.05001],
        ["高河街道", "丙", "托老所", 117.002, 35.05001],
        merge=["A2:A3"],
    )
    study, problems = said(county)
    assert problems == []
    assert column(study, "unit") == ["金乡街道", "金乡街道", "高河街道"]


def test_a_merged_figure_belongs_to_no_row_and_is_not_counted_twice(county):
    book(
        county,
        ["设施名称", "设施类型", "建筑面积", *PLACE],
        ["甲", "托老所", 300, 117.0, 35.05001],
        ["乙", "托老所", None, 117.001, 35.05001],
        ["丙", "托老所", 90, 117.002, 35.05001],
        merge=["C2:C3"],
    )
    study, problems = said(county)
    assert codes(problems) == [(P.MERGED_NUMBER, "C2")]
    assert problems[0].params == {"count": 2, "lost": ["floor_area_m2"], "lost_of": "F2"}
    assert column(study, "floor_area_m2") == [None, None, 90.0]


# values


def test_numbers_as_they_are_written(county):
    rows = ["约200", "200平米", "1.2万", "２００", "1，200", "2 00"]
    lines = [[f"甲{i}", "托老所", raw, 117 + i / 1000, 35.05001] for i, raw in enumerate(rows)]
    book(county, ["设施名称", "设施类型", "建筑面积", *PLACE], *lines)
    study, problems = said(county)
    problems = [p for p in problems if p.code is not P.DATUM_UNTESTED]  # six places beside nothing
    assert {p.code for p in problems} == {P.NUMBER_READ_AS}
    assert [p.cell for p in problems] == ["C2", "C3", "C4", "C5", "C6", "C7"]
    assert column(study, "floor_area_m2") == [200.0, 200.0, 12000.0, 200.0, 1200.0, 200.0]


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!", "#VALUE!"])
def test_a_formula_error_is_missing_and_said(county, error):
    book(county, ["设施名称", "设施类型", "床位数", *PLACE], ["甲", "托老所", error, *HERE])
    study, problems = said(county)
    assert codes(problems) == [(P.CELL_ERROR, "C2")]
    assert column(study, "beds") == [None]


def test_a_formula_error_for_a_name_sets_the_row_aside(county):
    rows = [["#N/A", "托老所", *HERE], ["乙", "托老所", *HERE]]
    book(county, ["设施名称", "设施类型", *PLACE], *rows)
    study, problems = said(county)
    assert [(p.code, p.cell, p.severity) for p in problems] == [
        (P.CELL_ERROR, "A2", Severity.ERROR)
    ]
    assert column(study, "name") == ["乙"]


def test_a_code_that_excel_turned_into_a_number(county):
    header = ["设施名称", "设施类型", "行政区划代码", *PLACE]
    rows = [
        ["甲", "托老所", "3.70827E+11", 117.0, 35.05],
        ["乙", "托老所", "'370827001001", 117.001, 35.05],
    ]
    book(county, header, *rows)
    study, problems = said(county)
    assert codes(problems) == [(P.CODE_FLOAT, "C2")]
    assert column(study, "community") == [None, "370827001001"]


def test_a_year_stored_as_a_date(county):
    rows = [
        ["甲", "托老所", 40179, 117.0, 35.05],  # 2010-01-01 = 1899-12-30 + 40179 days
        ["乙", "托老所", dt.datetime(2012, 5, 1), 117.001, 35.05],  # noqa: DTZ001 - as Excel has it
    ]
    book(county, ["设施名称", "设施类型", "建成年份", *PLACE], *rows)
    study, problems = said(county)
    assert codes(problems) == [(P.NUMBER_READ_AS, "C2")]
    assert column(study, "opened_year") == [2010.0, 2012.0]


def test_dates_as_text_and_as_serial_numbers(county):
    rows = ["R1,JX-03,旧改,文1,45657", "R2,JX-03,旧改,文2,2026年6月30日"]
    county.write("e.csv", "\n".join(["编号,条款,理由,依据,有效期至", *rows, ""]))
    county.layers["exemptions"] = 'path = "e.csv"'
    study, problems = said(county)
    assert [(p.code, p.cell, p.params.get("read")) for p in problems] == [
        (P.DATE_READ_AS, "E2", "2024-12-31")  # 1899-12-30 + 45657 days
    ]
    assert list(study.exemptions["until"]) == [dt.date(2024, 12, 31), dt.date(2026, 6, 30)]


# text


def test_garbled_names_are_told_with_what_they_should_say(county):
    garbled = "东园日间照料中心".encode("gbk").decode("latin-1")
    csv(county, f"设施名称,设施类型,经度,纬度\n{garbled},托老所,117.0,35.0500\n")
    study, (problem,) = said(county)
    assert (problem.code, problem.cell, problem.value) == (P.TEXT_MOJIBAKE, "A2", garbled)
    assert problem.params == {"repaired": "东园日间照料中心", "encoding": "gb18030", "count": 1}
    assert column(study, "name") == [garbled]
    county.layers["facilities"] += "\nrepair_text = true"
    study, problems = said(county)
    assert (problems, column(study, "name")) == ([], ["东园日间照料中心"])


@pytest.mark.parametrize(
    ("really", "passing"), [("gbk", "latin-1"), ("utf-8", "latin-1"), ("utf-8", "gb18030")]
)
def test_garbled_headers_and_values_in_a_geopackage(county, really, passing):
    def spoilt(text):
        return text.encode(really).decode(passing)

    frame = gpd.GeoDataFrame(
        {
            spoilt("设施名称"): [spoilt("甲乙丙养老院")],
            spoilt("设施类型"): [spoilt("日间照料中心")],
        },
        geometry=[shapely.Point(HERE)],
        crs=4490,
    )
    frame.to_file(county.folder / "f.gpkg")
    county.layers["facilities"] = 'path = "f.gpkg"'
    study, problems = said(county)
    assert study is None
    repaired = [p.params["repaired"] for p in problems if p.code is P.TEXT_MOJIBAKE]
    assert repaired == ["设施名称", "设施类型", "甲乙丙养老院", "日间照料中心"]
    assert P.COLUMN_MISSING in [p.code for p in problems]
    county.layers["facilities"] += "\nrepair_text = true"
    study, problems = said(county)
    assert (problems, column(study, "name")) == ([], ["甲乙丙养老院"])
    assert column(study, "kinds") == [frozenset({"day_care"})]


def test_whatever_is_known_of_a_column_is_known_under_its_mended_header():
    said = "服务小区"
    header = said.encode("gbk").decode("latin-1")
    raw = RawTable(
        "facilities",
        "t.shp",
        pd.DataFrame({header: ["东园"]}, dtype=object),
        np.array([1]),
        letters={header: "A"},
        shared={header: {0: (0, 2)}},
        hidden_headers=(header,),
        uncomputed={(0, header): "=A2"},
        repeats={header: said},
        constants=(header,),
        full={header: {0: FullField(254, halved=True)}},
        blanks=frozenset({header}),
        parts=(Part(0, "t.shp", None, {header: "A"}, Contents()),),
    )
    mended = restored(raw)
    assert mended.frame.to_dict("list") == {said: ["东园"]}
    for field in dataclasses.fields(raw):
        if field.name != "frame":
            told, was = (repr(getattr(one, field.name)) for one in (mended, raw))
            assert told == was.replace(repr(header), repr(said)), field.name


def test_text_that_is_lost_is_said_to_be_lost(county):
    csv(county, "设施名称,设施类型,经度,纬度\n锟斤拷锟斤拷,托老所,117.0,35.0500\n")
    _, problems = said(county)
    assert codes(problems) == [(P.TEXT_LOST, "A2")]


def test_an_encoding_that_is_declared_wrong(county):
    csv(
        county,
        "设施名称,设施类型,经度,纬度\n甲,托老所,117.0,35.0500\n",
        "gb18030",
        DECLARED + '\nencoding = "utf-8"',
    )
    study, problems = said(county)
    assert study is None
    assert [p.code for p in problems] == [P.FILE_UNREADABLE]


# formats


def test_an_old_workbook(county):
    found = xlwt.Workbook(encoding="utf-8")
    page = found.add_sheet("设施")
    page.write_merge(0, 0, 0, 5, "某县台账")
    for at, header in enumerate(["镇街", "设施名称", "设施类型", "代码", *PLACE]):
        page.write(1, at, header)
    page.write_merge(2, 3, 0, 0, "金乡街道")
    for row, (name, lon) in enumerate([("甲", 117.0), ("乙", 117.001)], start=2):
        for at, value in enumerate([name, "托老所", 370828001001, lon, 35.05], start=1):
            page.write(row, at, value)
    found.save(str(county.folder / "f.xls"))
    county.layers["facilities"] = f'path = "f.xls"\nsheet = "设施"{DECLARED}'
    study, problems = said(county)
    assert problems == []
    assert column(study, "unit") == ["金乡街道", "金乡街道"]


def ods(path, *rows):
    """Write the least of an OpenDocument sheet: rows are the XML of their cells."""
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
        for short, long in (("office", "office"), ("table", "table"), ("text", "text"))
    )
    body = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f"<office:document-content {names}><office:body><office:spreadsheet>"
            f'<table:table table:name="设施">{body}'
            '<table:table-row table:number-rows-repeated="1048000">'
            '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
            "</table:table></office:spreadsheet></office:body></office:document-content>",
        )


def cell(value, more=""):
    if isinstance(value, str):
        return f"<table:table-cell{more}><text:p>{value}</text:p></table:table-cell>"
    kind = f'office:value-type="float" office:value="{value}"'
    return f"<table:table-cell {kind}{more}><text:p>{value}</text:p></table:table-cell>"


def test_an_open_document_sheet(county):
    headers = ["镇街", "设施名称", "设施类型", "床位数", *PLACE]
    ods(
        county.folder / "f.ods",
        "".join(map(cell, headers)),
        cell("金乡街道", ' table:number-rows-spanned="2"')
        + "".join(map(cell, ["甲", "托老所", 12, 117.0, 35.05])),
        "<table:covered-table-cell/>"
        + "".join(map(cell, ["乙", "托老所", "#N/A", 117.001, 35.05])),
    )
    county.layers["facilities"] = f'path = "f.ods"{DECLARED}'
    study, problems = said(county)
    assert codes(problems) == [(P.CELL_ERROR, "D3")]
    assert column(study, "unit") == ["金乡街道", "金乡街道"]
    assert column(study, "beds") == [12.0, None]


def test_an_open_document_sheet_that_repeats_itself_without_end(county):
    row = cell("甲", ' table:number-columns-repeated="900000000"')
    ods(county.folder / "f.ods", row)
    county.layers["facilities"] = f'path = "f.ods"{DECLARED}'
    study, (problem,) = said(county)
    assert study is None
    assert (problem.code, problem.params) == (P.FILE_UNREADABLE, {"detail": "too_large"})


def test_a_new_workbook_under_an_old_name_is_read_for_what_it_is(county):
    book(county, ["设施名称", "设施类型", *PLACE], ["甲", "托老所", *HERE])
    (county.folder / "f.xlsx").rename(county.folder / "f.xls")
    county.layers["facilities"] = f'path = "f.xls"{DECLARED}'
    study, problems = said(county)
    assert (problems, column(study, "name")) == ([], ["甲"])


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        (b"<html><table><tr><td>a</td></tr></table></html>", "web_page"),
        (b"nothing at all\n", "no_workbook"),
    ],
)
def test_what_only_is_called_a_workbook(county, content, detail):
    (county.folder / "f.xls").write_bytes(content)
    county.layers["facilities"] = f'path = "f.xls"{DECLARED}'
    study, (problem,) = said(county)
    assert (study, problem.code, problem.params) == (None, P.FILE_UNREADABLE, {"detail": detail})
