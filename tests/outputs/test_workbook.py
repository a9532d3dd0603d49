"""report.xlsx: sheets, order, units, and no formula out of data."""

import dataclasses
import datetime as dt
import io
import math
import zipfile

import openpyxl
import pytest

from lifecircle import texts
from lifecircle.errors import OutputError
from lifecircle.outputs.office.excel import (
    COUNT,
    RULE,
    AtLeast,
    Column,
    book_bytes,
    fill_worksheet,
    put,
)
from lifecircle.outputs.report.rectification import write_rectification
from lifecircle.outputs.report.workbook.book import write_workbook
from lifecircle.outputs.words.wording import Wording


@pytest.fixture(scope="module")
def path(shared_sample, tmp_path_factory):
    return write_workbook(shared_sample, tmp_path_factory.mktemp("book") / "report.xlsx")


@pytest.fixture(scope="module")
def book(path):
    return openpyxl.load_workbook(path)


def _column(sheet, header):
    letter = next(cell.column_letter for cell in sheet[1] if cell.value == header)
    return [cell.value for cell in sheet[letter][1:]]


def test_sheets(book):
    assert book.sheetnames == [
        *("汇总", "居住区", "设施", "行政单元", "条款"),
        *("整改清单", "面积汇总", "调剂建议", "四同步"),
        *("现场核查", "半径步行不一致", "出入口开放", "路网诊断", "覆盖曲线", "豁免", "问题"),
    ]


def test_field_check_has_both_places_and_room_for_what_is_found(book):
    sheet = book["现场核查"]
    assert [cell.value for cell in sheet[1]][-3:] == ["现场核查结果", "核查人", "核查日期"]
    quota, reach = ([cell.value for cell in row] for row in sheet.iter_rows(min_row=2))
    assert reach[2:] == [
        *("CX-05", 990, 1000, "米", "富余 10 米", "服务站1", 990, "富余 10 米"),
        *(117.2, 35.1, 117.21, 35.11, None, None, None),
    ]
    assert quota[7:] == [None] * 10  # floor area is measured at the area itself


def test_gates_that_cure_come_first(book):
    sheet = book["出入口开放"]
    assert _column(sheet, "拟开放的出入口") == [
        '开放</script><b onclick="x()">小区&',
        "东北侧增开出入口",
    ]
    assert _column(sheet, "开放后是否达标") == ["是", "否"]


def test_diagnosis_names_whose_verdict_hangs_on_it(book):
    sheet = book["路网诊断"]
    assert _column(sheet, "诊断")[1] == "道路断口（疑应相接）"
    assert _column(sheet, "结论可能因此改变的居住区")[1] == "+4.5平方米小区、小区5"


def test_areas_worst_first(book):
    areas = book["居住区"]
    # deficits 170, 60, 50, 4.5; then not assessed, then compliant, then the others
    assert _column(areas, "编号") == [
        *("R03", "R05", "R12", "R04"),
        *("R07", "R06", "R01", "R02"),
        *("R11", "R09", "R08", "R10"),
    ]
    assert _column(areas, "缺口（m²）")[:5] == [170, 60, 50, 4.5, None]
    assert _column(areas, "结论")[:5] == ["不达标"] * 4 + ["待核实"]
    assert _column(areas, "原因")[0] == "应配 170 m²，已配 0 m²，缺 170 m²"


def test_nothing_from_the_data_is_a_formula(book):
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", f"{sheet.title}!{cell.coordinate}"
                if isinstance(cell.value, str) and cell.value[:1] in "=+-@\t":
                    assert cell.quotePrefix, f"{sheet.title}!{cell.coordinate}"
    assert '=cmd()|"/C calc"!A1' in _column(book["居住区"], "名称")
    assert "@SUM(A1)" in _column(book["设施"], "名称")
    assert "=-30" in _column(book["问题"], "原值")


def test_stored_as_strings_in_the_file(path):
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/"):
                assert b"<f>" not in archive.read(name)


def test_units_in_headers_and_numbers_as_numbers(book):
    headers = [cell.value for cell in book["居住区"][1]]
    assert {"户数（户）", "应配（m²）", "直线距离（米）", "步行时间（分钟）"} <= set(headers)
    shares = _column(book["行政单元"], "达标率")
    assert shares == [pytest.approx(2 / 6), None]
    rates = next(c for c in book["行政单元"][2] if c.column == book["行政单元"].max_column)
    assert rates.number_format == "0.0%"


def test_areas_print_on_a3_with_the_rest_folded(book):
    areas = book["居住区"]
    headers = [cell.value for cell in areas[1]]
    printed = headers[: headers.index("处置") + 1]
    assert printed == [
        *("编号", "名称", "镇街", "社区（村）", "类别", "户数（户）", "应配（m²）", "已配（m²）"),
        *("缺口（m²）", "最近设施", "直线距离（米）", "步行距离（米）", "步行时间（分钟）"),
        *("结论", "原因", "处置"),
    ]
    assert areas.print_area.startswith("'居住区'!$A$1:$P$")
    assert areas.print_title_rows == "$1:$1"
    assert areas.page_setup.paperSize == int(areas.PAPERSIZE_A3)
    assert areas.page_setup.fitToWidth == 1
    assert areas.column_dimensions["Q"].outlineLevel == 1
    assert areas.column_dimensions["P"].outlineLevel == 0
    # A3 landscape less its margins is 400 mm; a character is about 1.9 mm
    assert sum(areas.column_dimensions[c].width for c in "ABCDEFGHIJKLMNOP") * 1.9 < 1.15 * 400
    row = _column(areas, "编号").index("R04")
    assert _column(areas, "已配（m²）")[row] == 70.5
    assert _column(areas, "阶段")[row] == "已入住"


def test_households_of_a_unit_with_gaps_are_at_least(book):
    # R06 of 金乡街道 has no households
    units = book["行政单元"]
    cell = next(c for c in units[2] if c.value == 5500)
    assert cell.number_format == '"≥ "#,##0'
    assert "步行覆盖" in [c.value for c in book["居住区"][1]]


def test_unreached_is_said_and_missing_is_empty(book):
    areas = book["居住区"]
    row = _column(areas, "编号").index("R05")
    assert _column(areas, "直线距离（米）")[row] == "无"
    row = _column(areas, "编号").index("R06")
    assert _column(areas, "户数（户）")[row] is None


def test_header_filter_panes_and_colours(book):
    for sheet in book:
        assert sheet.auto_filter.ref
        if sheet.title != "汇总":
            assert sheet.freeze_panes == "C2"
    rules = book["居住区"].conditional_formatting
    formulas = {f for found in rules for rule in found.rules for f in rule.formula}
    assert {'"达标"', '"不达标"', '"待核实"'} <= formulas


def test_summary_has_banners_and_every_basis(book):
    values = [cell.value for row in book["汇总"].iter_rows() for cell in row]
    assert "示例 <数据>" in values
    assert "33.3 %" in values
    assert "2/6 = 33.3 %（待核实 2，范围 25.0–50.0 %）" in values
    assert {"居住区个数", "户数"} <= set(values)


def test_suggested_before_recorded(book):
    assert _column(book["调剂建议"], "方式") == ["调剂建议", "已登记共享"]


def test_english(sample_en, tmp_path):
    names = openpyxl.load_workbook(write_workbook(sample_en, tmp_path / "r.xlsx")).sheetnames
    assert names[:3] == ["Summary", "Residential areas", "Facilities"]


def test_same_result_same_bytes(sample, path, tmp_path):
    again = write_workbook(sample, tmp_path / "again.xlsx").read_bytes()
    assert again == path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(again)) as archive:
        assert b"2025-12-31T00:00:00Z" in archive.read("docProps/core.xml")
        assert {member.date_time[0] for member in archive.infolist()} == {1980}


@pytest.mark.parametrize(
    ("value", "stored", "kind"),
    [
        ("=1+1", "=1+1", "s"),
        ("-5", "-5", "s"),
        ("370828001001", "370828001001", "s"),
        ("a\x00b", "a�b", "s"),
        ("\ud800", "?", "s"),
        ("#N/A", "#N/A", "s"),
        (2.5, 2.5, "n"),
        (True, True, "b"),
        (math.nan, None, "n"),
        (None, None, "n"),
    ],
)
def test_cell(value, stored, kind):
    cell = put(openpyxl.Workbook().active, 1, 1, value)
    assert (cell.value, cell.data_type) == (stored, kind)


def test_open_elsewhere_is_said_and_nothing_is_left(sample, tmp_path, monkeypatch):
    def locked(*_):
        raise PermissionError(13, "The process cannot access the file")

    monkeypatch.setattr("pathlib.Path.replace", locked)
    with pytest.raises(OutputError, match="cannot access"):
        write_workbook(sample, tmp_path / "report.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_both_languages_say_the_same_codes():
    assert texts.catalogue("report", "zh").keys() == texts.catalogue("report", "en").keys()


def test_exemptions_are_a_sheet(sample, tmp_path):
    sheet = openpyxl.load_workbook(write_workbook(sample, tmp_path / "r.xlsx"))["豁免"]
    first, second = list(sheet.iter_rows(min_row=2, values_only=True))
    assert first[2:] == ("CX-03", "征收 <b>", "=县政办〔2024〕3号", "2026-06-30", "已适用")
    assert second[5:] == ("未设期限", "对象或条款不存在，未适用")
    assert sheet["E2"].data_type == "s"


def test_what_to_put_right_has_the_columns_of_the_official_list(book):
    sheet = book["整改清单"]
    assert [cell.value for cell in sheet[1]] == [
        *("序号", "镇街", "社区", "小区", "建成年份", "户数", "应配（m²）", "已配（m²）"),
        *("缺口（m²）", "整改方式", "拟用房源", "责任单位", "时限", "备注"),
    ]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [row[0] for row in rows] == [1, 2, 3, 4]
    assert [row[8] for row in rows] == [170, 60, 50, 4.5]  # the largest lack first
    shared = next(row for row in rows if row[8] == 50)
    assert shared[4:9] == [2010, 500, 90, 40, 50]
    assert shared[9:12] == ["与服务站2签订调剂协议，调剂 50 m²", "服务站2", None]
    assert shared[13].startswith("另可：新增不少于 50 m² 用房")


def test_sums_stages_and_the_bound_of_the_sharing(book):
    assert [cell.value for cell in book["面积汇总"][2]][:7] == [
        *("370828", "全县", 8, 600, 300, 80, 284.5)
    ]
    dates = [[cell.value for cell in row] for row in book["四同步"].iter_rows(min_row=2)]
    assert [row[3:9] for row in dates] == [
        ["规划", "2023-05-01", "2023-07-30", 90, 90, "达标"],
        ["建设", "2024-05-01", None, None, 90, "待核实"],
    ]
    assert dates[1][9] == "缺养老设施日期"
    told = [cell.value for cell in book["汇总"]["B"] if cell.value and "可配齐" in str(cell.value)]
    proven, open_ = told
    assert proven == "已登记共享：1 个有缺口的居住区中 1 个可配齐（500 户），已为最优方案"
    assert open_.endswith("；按居住区个数计 1，上限 2，差距 1，未证明最优")


def test_a_list_a_town(sample, tmp_path):
    areas = sample.layers["residential"]
    areas.loc["R12", "unit"] = None
    areas.loc["R01", "unit"] = 'A/B:"镇"'
    folder = write_rectification(sample, tmp_path / "rectification")
    files = sorted(path.name for path in folder.iterdir())
    assert files == ["370828001-金乡街道.xlsx", "A_B__镇_.xlsx", "未填镇街.xlsx"]
    sheets = {name: openpyxl.load_workbook(folder / name).active for name in files}
    assert sheets["未填镇街.xlsx"]["A1"].value == "未填镇街社区养老服务设施整改清单"
    assert [cell.value for cell in sheets["未填镇街.xlsx"][4]][8] == 50
    assert sheets["未填镇街.xlsx"].max_row == 4
    assert sheets["A_B__镇_.xlsx"].max_row == 3  # nothing to put right: a list without rows
    first = {path.name: path.read_bytes() for path in folder.iterdir()}
    write_rectification(sample, folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == first


def test_every_cell_looks_as_its_kind_whatever_stood_before_it(shared_sample):
    """A look is made once and copied: text, text like a formula, numbers, incomplete, nothing."""
    book = openpyxl.Workbook()
    columns = [Column("name", wrap=True), Column("households", number_format=COUNT)]
    values = ["路", "=1+1", 3, AtLeast(4), None]
    rows = [[one, other] for one in values for other in values]
    fill_worksheet(book.active, columns, rows, Wording.of(shared_sample))
    saved = io.BytesIO(book_bytes(book, dt.date(2024, 6, 30)))
    sheet = openpyxl.load_workbook(saved).active
    for number, row in enumerate(rows, start=2):
        for column, value, wrap, shape in zip(
            (1, 2), row, (True, False), (None, COUNT), strict=True
        ):
            cell, text = sheet.cell(number, column), isinstance(value, str)
            look = cell.alignment
            assert (bool(look.wrap_text), look.vertical) == (wrap, "top")
            assert (look.horizontal, look.indent) == (("left", 1) if text else (None, 0))
            assert cell.border.bottom.style == RULE.bottom.style
            assert cell.quotePrefix == (value == "=1+1")
            low = isinstance(value, AtLeast)
            shown = f'"≥ "{shape}' if low and shape else shape if not text and shape else "General"
            assert cell.number_format == shown


def test_a_worksheet_without_rows_says_so_below_its_table(shared_sample, tmp_path):
    bare = dataclasses.replace(shared_sample, exemptions=())
    sheet = openpyxl.load_workbook(write_workbook(bare, tmp_path / "r.xlsx"))["豁免"]
    assert [c.value for c in sheet["A"]][1:] == [None, "本项目没有豁免。"]
    assert sheet.auto_filter.ref.endswith("1")  # the table is its header alone
