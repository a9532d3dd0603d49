"""report.xlsx: sheets, order, units, and no formula out of data."""

import dataclasses
import datetime as dt
import io
import math
import re
import sys
import zipfile

import openpyxl
import pytest

from lifecircle import texts
from lifecircle.errors import OutputError
from lifecircle.model.inputs.parameters import Parameters
from lifecircle.model.status import Flag
from lifecircle.outputs.office.cells import plain_text
from lifecircle.outputs.office.excel import (
    COUNT,
    RULE,
    AtLeast,
    Column,
    book_bytes,
    fill_worksheet,
    put,
)
from lifecircle.outputs.office.printing import print_at_most
from lifecircle.outputs.report.rectification import write_rectification
from lifecircle.outputs.report.workbook.book import write_workbook
from lifecircle.outputs.report.workbook.uncounted import why_uncounted
from lifecircle.outputs.words.showing import headline
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
        *("汇总", "条款", "居住区", "设施", "行政单元", "整改清单", "调剂建议"),
        *("现场核查", "半径步行不一致", "候选场地", "敏感性", "出入口开放", "路网诊断", "四同步"),
        *("问题", "依据", "覆盖曲线"),
    ]


def test_field_check_has_both_places_and_room_for_what_is_found(book):
    sheet = book["现场核查"]
    assert [cell.value for cell in sheet[1]][12:15] == ["现场核查结果", "核查人", "核查日期"]
    quota, reach = ([cell.value for cell in row] for row in sheet.iter_rows(min_row=2))
    assert reach[2:] == [
        *("CX-05", 990, 1000, "米", "富余 10 米", "服务站1", 990, "富余 10 米"),
        *(117.2, 35.1, None, None, None, 117.21, 35.11),
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
    units = book["行政单元"]
    shares = _column(units, "达标率")
    assert shares == [None, pytest.approx(2 / 6), None, None]  # the county, the units, the note
    rates = next(c for c in units[3] if units.cell(1, c.column).value == "达标率")
    assert rates.number_format == "0.0%"


def test_areas_print_on_a4_with_the_rest_folded(book):
    areas = book["居住区"]
    headers = [cell.value for cell in areas[1]]
    printed = headers[: headers.index("原因") + 1]
    assert printed == [
        *("编号", "名称", "镇街", "类别", "户数（户）", "应配（m²）", "已配（m²）", "缺口（m²）"),
        *("最近设施", "直线距离（米）", "步行距离（米）", "步行时间（分钟）"),
        *("结论", "标记", "原因"),
    ]
    assert areas.print_area.startswith("'居住区'!$A$1:$O$")
    assert areas.print_title_rows == "$1:$1"
    assert areas.page_setup.fitToWidth == 1
    assert areas.column_dimensions["P"].outlineLevel == 1
    assert areas.column_dimensions["O"].outlineLevel == 0
    # A4 lying less its margins is 784 points, a character 5.25: letters of 11 points print as 6.6
    assert sum(areas.column_dimensions[c].width for c in "ABCDEFGHIJKLMNO") * 5.25 * 0.6 < 784
    row = _column(areas, "编号").index("R04")
    assert _column(areas, "已配（m²）")[row] == 70.5
    assert _column(areas, "阶段")[row] == "已入住"


def test_households_of_a_unit_with_gaps_are_at_least(book):
    # R06 of 金乡街道 has no households
    units = book["行政单元"]
    cell = next(c for c in units[3] if c.value == 5500)
    assert cell.number_format == '"≥ "#,##0'
    assert "步行覆盖" in [c.value for c in book["居住区"][1]]


def test_unreached_is_said_and_missing_is_empty(book):
    areas = book["居住区"]
    row = _column(areas, "编号").index("R05")
    assert _column(areas, "直线距离（米）")[row] == "无"
    row = _column(areas, "编号").index("R06")
    assert _column(areas, "户数（户）")[row] is None
    most = _column(book["设施"], "可计面积上限（m²）")
    assert most.count("不详") == 1  # F6: m² without an upper bound are not none
    assert "无" not in most


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


def test_the_whole_verdict_can_be_read_beside_its_rate(sample_en, tmp_path):
    top = headline(sample_en)
    flagged = dataclasses.replace(top, flags=(Flag.UNVERIFIED, Flag.OVERDUE))
    clauses = [flagged if one is top else one for one in sample_en.clauses]
    many = dataclasses.replace(sample_en, clauses=tuple(clauses))
    sheet = openpyxl.load_workbook(write_workbook(many, tmp_path / "r.xlsx")).worksheets[0]
    (cell,) = [one for one in sheet["B"] if str(one.value).endswith("(unverified, overdue)")]
    assert cell.alignment.wrap_text
    # 14 characters wide: 11 of text beside the margins; "deficient (unverified, overdue)" is 31
    assert sheet.row_dimensions[cell.row].height == 3 * 15


def test_suggested_before_recorded(book):
    assert _column(book["调剂建议"], "方式") == ["调剂建议", "已登记共享"]


def test_english(sample_en, tmp_path):
    names = openpyxl.load_workbook(write_workbook(sample_en, tmp_path / "r.xlsx")).sheetnames
    assert names[:3] == ["Summary", "Clauses", "Residential areas"]


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


def test_a_cell_holds_every_character_that_xml_allows_and_no_other():
    allowed = re.compile("[\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
    for character in map(chr, range(sys.maxunicode + 1)):
        told = plain_text(character)
        assert told == character if allowed.fullmatch(character) else told in {"�", "?"}


def test_open_elsewhere_is_said_and_nothing_is_left(sample, tmp_path, monkeypatch):
    def locked(*_):
        raise PermissionError(13, "The process cannot access the file")

    monkeypatch.setattr("pathlib.Path.replace", locked)
    with pytest.raises(OutputError, match="cannot access"):
        write_workbook(sample, tmp_path / "report.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_both_languages_say_the_same_codes():
    assert texts.catalogue("report", "zh").keys() == texts.catalogue("report", "en").keys()


def test_what_the_result_rests_on_is_one_sheet(book):
    """Exemptions, what the study set, files; what stands at its default is folded below."""
    sheet = book["依据"]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert rows[0][:4] == ("豁免", "R09", "小区9", "已适用；期限：2026-06-30")
    assert rows[1][3:] == ("对象或条款不存在，未适用；期限：未设期限", "拆迁；2号", "CX-03")
    reading, speed, file = rows[2:5]
    assert (reading[:2], speed[0], speed[3]) == (("读法", "A5"), "参数", "1 米/秒")
    assert file[2:5] == (
        "居住区：小区台账.xlsx",
        "共 13 行，采用 12，搁置 1",
        "SHA-256 " + "ab" * 32,
    )
    hidden = [n for n in range(1, sheet.max_row + 1) if sheet.row_dimensions[n].hidden]
    # reading A3 and all parameters but one stand at their default
    assert len(hidden) == 1 + len(Parameters.names()) - 1
    assert hidden == list(range(7, 7 + len(hidden)))
    assert rows[-1][0] == f"另有 {len(hidden)} 项读法、参数取默认值，已折叠；点左侧“+”展开。"
    assert rows[0][4] == "征收 <b>；=县政办〔2024〕3号"


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
    county, street, town = book["行政单元"].iter_rows(min_row=2, max_row=4, values_only=True)
    assert county[:2] == ("370828", "全县")
    assert county[11:16] == street[11:16] == (8, 600, 300, 80, 284.5)
    assert town[11:16] == (None,) * 5
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


def _contents(sheet):
    """The list of worksheets in the summary: title → (rows, what it says)."""
    rows = list(sheet.iter_rows(max_col=3, values_only=True))
    start = next(n for n, row in enumerate(rows) if row[0] == "工作表") + 1
    return {row[0]: row[1:] for row in rows[start:]}


def test_a_worksheet_without_rows_is_not_made_and_the_summary_says_why(sample, tmp_path):
    layers = dict(sample.layers)
    for name in ("sites", "gate_effects", "close_calls"):
        layers[name] = layers[name].iloc[:0]
    bare = dataclasses.replace(sample, layers=layers, streets="absent")
    book = openpyxl.load_workbook(write_workbook(bare, tmp_path / "r.xlsx"))
    told = _contents(book["汇总"])
    assert {"候选场地", "出入口开放", "现场核查"}.isdisjoint(book.sheetnames)
    assert told["候选场地"] == (0, "没有可用的候选场地。")
    assert told["出入口开放"] == (0, "没有提供道路数据，未作此项核查。")
    assert told["现场核查"] == (0, "没有需要现场核查的临界结论。")
    assert told["居住区"][0] == 12
    assert set(told) >= set(book.sheetnames) - {"汇总"}


def test_the_summary_leads_to_every_worksheet(book):
    links = {link.location for row in book["汇总"] for c in row if (link := c.hyperlink)}
    assert links == {f"'{name}'!A1" for name in book.sheetnames[1:]}


def test_every_worksheet_prints_on_a4_with_its_heads(book):
    for sheet in book:
        assert int(sheet.page_setup.paperSize) == 9, sheet.title
        assert sheet.page_setup.orientation == "landscape"
        assert (sheet.page_setup.fitToWidth, sheet.sheet_properties.pageSetUpPr.fitToPage) == (
            1,
            True,
        )
        assert sheet.print_title_rows
        assert sheet.oddFooter.right.text == "&P / &N"


def test_empty_units_are_folded_and_counted(book):
    units = book["行政单元"]
    # the county, one street; the other unit has nothing, its row is hidden
    assert [units.row_dimensions[n].hidden for n in (2, 3, 4)] == [False, False, True]
    assert units.row_dimensions[4].outlineLevel == 1
    assert units["A5"].value == "另有 1 个单元没有居住区和设施，已折叠；点左侧“+”展开。"
    assert units.auto_filter.ref.endswith("4")


def test_a_worksheet_of_folded_rows_alone_is_hidden(sample, tmp_path):
    undated = sample.stages.assign(housing_on=None, care_on=None)
    book = openpyxl.load_workbook(
        write_workbook(dataclasses.replace(sample, stages=undated), tmp_path / "r.xlsx")
    )
    assert book["四同步"].sheet_state == "hidden"
    assert _contents(book["汇总"])["四同步"][0] == 2


def test_how_many_pages_a_worksheet_takes(shared_sample):
    """200 rows of 15 points and the head of 32 at three fifths, on pages of 595 − 72 points."""
    book = openpyxl.Workbook()
    rows = [[f"{n}"] for n in range(200)]
    fill_worksheet(book.active, [Column("name")], rows, Wording.of(shared_sample))
    # 3032 · 0.6 / 523 = 3.5
    assert book.active.page_setup.fitToHeight == 4
    long = openpyxl.Workbook()
    fill_worksheet(long.active, [Column("name")], rows * 10, Wording.of(shared_sample))
    assert long.active.page_setup.fitToHeight == 0  # as many as it takes


def test_a_workbook_prints_the_first_rows_of_its_longest_tables():
    words = Wording("zh", "workbook")
    book = openpyxl.Workbook()
    for rows in (200, 1000, 3):
        sheet = book.create_sheet(str(rows))
        fill_worksheet(sheet, [Column("name")], [["甲"]] * rows, words)
    # 1 page without a table, 4 (3.5), 18 (15032 · 0.6 / 523 = 17.2) and 1: 24; of 10, 4 each
    print_at_most(book, 10, lambda n, of: f"{n}/{of}")
    assert [s.page_setup.fitToHeight for s in book.worksheets[1:]] == [4, 4, 1]
    # 4 · 523 / 0.6 = 3486 points, less four heads of 32 are 3358: 223 rows of 15
    assert book["1000"].print_area == "'1000'!$A$1:$A$224"
    assert book["1000"].oddFooter.center.text == "223/1000"
    assert book["200"].oddFooter.center.text is None
    print_at_most(book, 2, lambda n, of: f"{n}/{of}")  # a page each is the least
    assert [s.page_setup.fitToHeight for s in book.worksheets[1:]] == [1, 1, 1]


def test_curves_are_drawn_from_a_hidden_worksheet(path, book):
    assert book["覆盖曲线"].sheet_state == "hidden"
    with zipfile.ZipFile(path) as archive:
        charts = [archive.read(n).decode() for n in archive.namelist() if "/charts/" in n]
    assert len(charts) == 2
    # the two curves of the sample have three steps each: rows 2 to 4 and 5 to 7
    for chart, (first, last) in zip(charts, ((2, 4), (5, 7)), strict=True):
        assert f"'覆盖曲线'!$G${first}:$G${last}" in chart
        assert f"'覆盖曲线'!$D${first}:$D${last}" in chart
        assert '<plotVisOnly val="0"' in chart.replace("c:", "")


def _facility(**values):
    base = {"kinds": "day_care", "stage": "in_use", "floor_area_m2": 100.0}
    base["community_area_m2"] = math.nan
    base |= {"reach_groups": "community", "reach_counts": "yes", "quota_counts": "yes"}
    return base | values


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({}, None),
        (
            {"stage": "idle", "reach_counts": "no", "quota_counts": "no"},
            "覆盖、面积均不计：阶段为闲置",
        ),
        ({"stage": "handed_over", "reach_counts": "no"}, "覆盖不计：阶段为已移交"),
        (
            {"stage": None, "reach_counts": "unknown", "quota_counts": "unknown"},
            "覆盖、面积均待核实：阶段未填，或所填的词认不出（见“问题”表）",
        ),
        (
            {"kinds": "family_bed", "reach_groups": "", "reach_counts": "no", "quota_counts": "no"},
            "覆盖不计：类型不计入（家庭养老床位）；面积不计：没有可计的社区服务面积",
        ),
        ({"floor_area_m2": math.nan, "quota_counts": "unknown"}, "面积待核实：未填面积"),
        ({"kinds": "regional_centre", "quota_counts": "unknown"}, "面积待核实：社区服务面积未单列"),
        *(  # how much counts is told: it is open whether another row has the same rooms
            (
                {"quota_counts": "unknown", **values},
                "面积待核实：可能与另一行是同一处房屋，面积只有一处计为确定（见“问题”表）",
            )
            for values in ({}, {"kinds": "regional_centre", "community_area_m2": 60.0})
        ),
        (
            {"kinds": "care_home", "reach_groups": "", "reach_counts": "unknown"},
            "覆盖待核实：未填是否有日间照料或上门服务",
        ),
        (
            {"kinds": "", "reach_groups": "", "reach_counts": "unknown", "quota_counts": "unknown"},
            "覆盖、面积均待核实：类型不详",
        ),
    ],
)
def test_why_a_facility_does_not_count(shared_sample, values, told):
    words = Wording.of(shared_sample, "workbook")
    assert why_uncounted(_facility(**values), "now", words) == told


def test_places_that_are_planned_count_in_the_plan(shared_sample):
    words = Wording.of(shared_sample, "workbook")
    row = _facility(stage="planned")
    assert why_uncounted(row, "plan", words) is None
    assert why_uncounted(row, "plan", words, placed=False) == "没有位置，算不了距离"


def test_both_languages_of_the_workbook_say_the_same_codes():
    assert texts.catalogue("workbook", "zh").keys() == texts.catalogue("workbook", "en").keys()
