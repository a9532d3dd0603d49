"""``check.html`` and the marked ledgers: everything told, nothing changed, nothing executed."""

import dataclasses
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from lifecircle.errors import OutputError
from lifecircle.model.inputs.checkup import FRONT_SHEETS, Checkup
from lifecircle.model.inputs.study import InputRecord
from lifecircle.model.problem import Problem, ProblemCode, Severity, describe
from lifecircle.outputs import write_checkup
from lifecircle.outputs.checkup import ledger_copy
from lifecircle.outputs.checkup.page import LISTED, render_check
from lifecircle.outputs.words.problems import Group, group_problems, spots
from lifecircle.sources.tables.files import read_table

E, W, NOTE = Severity.ERROR, Severity.WARNING, Severity.INFO
FILLS = {E: "00F9D2C3", W: "00FFEDAA", NOTE: "00DCEBF6"}
EVIL = '<script>alert("x")</script>'


def problem(code, severity=W, cell=None, file="台账.xlsx", **stands):
    row = int(re.sub(r"\D", "", cell)) if cell else stands.pop("row", None)
    stands = {"layer": "facilities", "sheet": "设施", "column": "名称", "value": "x"} | stands
    return Problem(
        code, severity, stands.pop("params", {}), file=file, row=row, cell=cell, **stands
    )


@pytest.fixture
def ledger(tmp_path):
    book = openpyxl.Workbook()
    page = book.active
    page.title = "设施"
    page.merge_cells("A1:C1")
    page["A1"] = "某县台账"
    page.append(["名称", "面积", "合计"])
    page.append(["甲", "约200", "=B3*2"])
    page.append(["=cmd|' /C calc'!A0", -5, None])
    page["A4"].data_type = "s"
    page["B3"].font = Font(bold=True)
    page["B3"].number_format = "0.00"
    page["A3"].comment = Comment("原有批注", "某人")
    page["C4"].fill = PatternFill("solid", fgColor="123456")
    page.column_dimensions["A"].width = 33
    page.freeze_panes = "A3"
    rule = DataValidation(type="list", formula1='"甲,乙"')
    rule.add("A3:A9")
    page.add_data_validation(rule)
    book.create_sheet("说明")["A1"] = "填表说明"
    path = tmp_path / "台账.xlsx"
    book.save(path)
    return path


def checkup(ledger, *problems, language="zh"):
    inputs = (
        InputRecord("study", "study.toml", "0" * 64, 0, 0, 0),
        InputRecord("facilities", "台账.xlsx", "1" * 64, 10, 8, 2),
    )
    files = {"台账.xlsx": ledger}
    return Checkup(
        name=f"某县{EVIL}",
        path=Path("study.toml"),
        language=language,
        usable=True,
        crs="EPSG:4548",
        inputs=inputs,
        problems=problems,
        files=files,
        declared={"facilities": "gcj02"},
    )


# the marked ledger


def marked(ledger, tmp_path, *problems, **options):
    written = write_checkup(checkup(ledger, *problems, **options), tmp_path / "out")
    return openpyxl.load_workbook(written["台账.xlsx"])


def test_cells_are_coloured_by_their_worst_problem_and_say_what_to_do(ledger, tmp_path):
    read_as = problem(ProblemCode.NUMBER_READ_AS, NOTE, "B3", value="约200", params={"read": 200.0})
    twice = problem(ProblemCode.NUMBER_READ_AS, W, "B3", value="约200", params={"read": 200.0})
    negative = problem(ProblemCode.NUMBER_NEGATIVE, E, "B4", column="面积", value="-5")
    book = marked(ledger, tmp_path, negative, twice, read_as)
    page = book["设施"]
    assert page["B3"].fill.fgColor.rgb == FILLS[W]
    assert page["B4"].fill.fgColor.rgb == FILLS[E]
    note = page["B4"].comment.text
    for part in ("what", "why", "remedy"):
        assert describe(negative, "zh")[part] in note
    assert "错误" in note
    assert page["B3"].comment.text.count("读作 200") == 2


def test_the_original_stays_as_it_is_and_the_copy_keeps_its_looks(ledger, tmp_path):
    before = ledger.read_bytes()
    book = marked(ledger, tmp_path, problem(ProblemCode.NAME_MISSING, E, "A3"))
    assert ledger.read_bytes() == before
    page = book["设施"]
    assert page["C3"].value == "=B3*2"  # the planner's own formula
    assert (page["B3"].font.b, page["B3"].number_format) == (True, "0.00")
    assert page["C4"].fill.fgColor.rgb == "00123456"
    assert page.column_dimensions["A"].width == 33
    assert page.freeze_panes == "A3"
    assert [str(r) for r in page.merged_cells.ranges] == ["A1:C1"]
    assert [str(v.sqref) for v in page.data_validations.dataValidation] == ["A3:A9"]
    assert page["A3"].comment.text.endswith("原有批注")
    assert book["说明"]["A1"].value == "填表说明"
    assert book.sheetnames == ["问题清单", "设施", "说明"]
    assert [w.sheet_view.tabSelected for w in book.worksheets] == [True, False, False]


def test_the_front_sheet_lists_every_problem_worst_first_with_a_link(ledger, tmp_path):
    problems = [
        problem(ProblemCode.ROW_TOTAL, NOTE, row=4, column=None, value=None),
        problem(ProblemCode.NUMBER_NEGATIVE, E, "B4", column="面积", value="-5"),
        problem(ProblemCode.COLUMN_UNKNOWN, NOTE, params={"columns": ["备注"]}, column=None),
    ]
    front = marked(ledger, tmp_path, *problems).worksheets[0]
    rows = list(front.iter_rows(values_only=True))
    header = next(i for i, row in enumerate(rows) if row[0] == "序号")
    assert rows[header][1:6] == ("程度", "工作表", "单元格", "列", "值")
    listed = rows[header + 1 :]
    assert [(r[0], r[1], r[3]) for r in listed] == [
        (1, "错误", "B4"),
        (2, "说明", "第 4 行"),
        (3, "说明", None),
    ]
    links = [front.cell(header + 2 + i, 4).hyperlink for i in range(3)]
    assert [h and h.location for h in links] == ["'设施'!B4", "'设施'!A4", None]


def test_no_text_of_the_data_becomes_a_formula(ledger, tmp_path):
    evil = problem(ProblemCode.KIND_UNKNOWN, W, "A4", column="=1+1", value="=cmd|' /C calc'!A0")
    book = marked(ledger, tmp_path, evil)
    for row in book.worksheets[0].iter_rows():
        assert all(cell.data_type != "f" for cell in row)
    target = tmp_path / "out" / "台账-检查.xlsx"
    with zipfile.ZipFile(target) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet


def test_a_problem_in_a_merged_block_stands_in_its_first_cell(ledger, tmp_path):
    book = marked(ledger, tmp_path, problem(ProblemCode.CODE_UNKNOWN, W, "C1"))
    assert book["设施"]["A1"].fill.fgColor.rgb == FILLS[W]
    assert book["设施"]["A1"].comment is not None


def test_beyond_the_limit_cells_are_coloured_without_a_note(ledger, tmp_path, monkeypatch):
    monkeypatch.setattr(ledger_copy, "NOTED", 1)
    monkeypatch.setattr(ledger_copy, "LISTED", 1)
    problems = [problem(ProblemCode.NAME_MISSING, E, cell) for cell in ("B3", "B4")]
    book = marked(ledger, tmp_path, *problems)
    page, front = book["设施"], book.worksheets[0]
    assert [page[c].comment is None for c in ("B3", "B4")] == [False, True]
    assert [page[c].fill.fgColor.rgb for c in ("B3", "B4")] == [FILLS[E]] * 2
    told = " ".join(str(v) for (v,) in front.iter_rows(max_col=1, values_only=True) if v)
    assert "前 1 个单元格" in told
    assert "共 2 个问题" in told


def test_pictures_that_cannot_be_carried_are_said(ledger, tmp_path):
    with zipfile.ZipFile(ledger, "a") as archive:
        archive.writestr("xl/media/image1.png", b"x")
    front = marked(ledger, tmp_path, problem(ProblemCode.NAME_MISSING, E, "A3")).worksheets[0]
    assert any("图片" in str(v) for (v,) in front.iter_rows(max_col=1, values_only=True))


def test_the_copy_can_be_the_next_ledger(ledger, tmp_path):
    marked(ledger, tmp_path, problem(ProblemCode.NAME_MISSING, E, "A3"))
    headers = frozenset({"名称", "面积"})
    table, found = read_table(
        tmp_path / "out" / "台账-检查.xlsx", name="facilities", headers=headers
    )
    assert (table.sheet, list(table.frame)[:2], found) == ("设施", ["名称", "面积"], ())
    assert sorted(FRONT_SHEETS) == ["Problems", "问题清单"]


def test_the_same_problems_give_the_same_bytes(ledger, tmp_path):
    one = checkup(ledger, problem(ProblemCode.NAME_MISSING, E, "A3"))
    first, second = (write_checkup(one, tmp_path / name) for name in "ab")
    for name in first:
        assert first[name].read_bytes() == second[name].read_bytes()


def test_whole_or_absent(ledger, tmp_path):
    (tmp_path / "out" / "台账-检查.xlsx").mkdir(parents=True)
    with pytest.raises(OutputError):
        write_checkup(checkup(ledger, problem(ProblemCode.NAME_MISSING, E, "A3")), tmp_path / "out")
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["台账-检查.xlsx"]


def test_a_workbook_without_problems_or_that_did_not_open_has_no_copy(ledger, tmp_path):
    written = write_checkup(checkup(ledger), tmp_path / "a")
    assert list(written) == ["page"]
    locked = problem(ProblemCode.FILE_UNREADABLE, E, sheet=None, params={"detail": "locked"})
    assert list(write_checkup(checkup(ledger, locked), tmp_path / "b")) == ["page"]


# the page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_is_whole_escaped_and_asks_no_network(ledger, language):
    bad = problem(
        ProblemCode.KIND_UNKNOWN, W, "A4", value=EVIL, column=EVIL, params={"nearest": EVIL}
    )
    html = render_check(checkup(ledger, bad, language=language), {"台账.xlsx": ledger})
    assert "<script>alert" not in html
    assert html.count("<script>") == 1
    assert not re.search(r'(?:src|href)="(?:https?:)?//', html)
    assert "default-src 'none'" in html
    assert describe(bad, language)["why"] in html
    assert "80.0 %" in html  # 8 of 10 rows
    assert "gcj02" in html
    assert "{" not in re.sub(r"<(style|script)>.*?</\1>", "", html, flags=re.DOTALL)


def test_verdicts(ledger):
    clean = render_check(checkup(ledger), {})
    assert "没有发现问题" in clean
    warned = render_check(checkup(ledger, problem(ProblemCode.NAME_MISSING, W, "A3")), {})
    assert "请先看提醒" in warned
    wrong = render_check(checkup(ledger, problem(ProblemCode.NAME_MISSING, E, "A3")), {})
    assert "有问题的行或值未采用" in wrong


def test_findings_on_places_stand_together(ledger):
    html = render_check(
        checkup(ledger, problem(ProblemCode.OUTSIDE_UNITS, W, "A3", params={"distance_m": 900})), {}
    )
    start, end = html.index('id="places"'), html.index('id="warning"')
    assert "在所有行政单元范围之外 900 米" in html[start:end]


def test_long_groups_are_cut_and_counted(ledger):
    many = [problem(ProblemCode.NAME_MISSING, E, f"A{i}") for i in range(1, LISTED + 8)]
    html = render_check(checkup(ledger, *many), {})
    assert f"同类共 {LISTED + 7} 处" in html
    assert "另有 7 处未列出" in html


def test_two_columns_that_a_file_lacks_are_two_problems():
    lacking = [
        Problem(ProblemCode.COLUMN_MISSING, E, {"field": n}, file="f.csv")
        for n in ("name", "kinds")
    ]
    assert [len(group) for group in group_problems([*lacking, lacking[0]])] == [2, 1]


def test_problems_are_grouped_by_kind_place_and_remedy():
    problems = [
        problem(ProblemCode.KIND_UNKNOWN, W, "A3", params={"nearest": "托老所"}),
        problem(ProblemCode.NAME_MISSING, E, "A4"),
        problem(ProblemCode.KIND_UNKNOWN, W, "A5", params={"nearest": "敬老院"}),
        problem(ProblemCode.KIND_UNKNOWN, W, "A6", params={"nearest": "托老所"}),
    ]
    groups = group_problems(problems)
    assert [[p.cell for p in g.problems] for g in groups] == [["A4"], ["A3", "A6"], ["A5"]]
    assert groups[1].where("zh").endswith("A3、A6")
    assert spots([problem(ProblemCode.NAME_MISSING, E, f"A{i}") for i in range(1, 9)], "zh") == (
        "A1、A2、A3、A4、A5、A6 等，共 8 处"
    )


def test_a_group_names_the_other_words_of_its_cells():
    """A reader who looks into the second cell finds a word that the title has told him."""
    said = [
        problem(ProblemCode.KIND_UNKNOWN, W, f"C{row}", params={"nearest": None}, value=word)
        for row, word in enumerate(["颐养驿", "健康小屋站", "颐养驿", None], start=3)
    ]
    [group] = group_problems(said)
    assert group.title("zh").endswith("（同类共 4 处，另有“健康小屋站”）")
    assert group.title("en").endswith(" (4 in all, also “健康小屋站”)")
    alike = Group(tuple(said[::2]))
    assert alike.title("zh").endswith("（同类共 2 处）")
    many = [dataclasses.replace(said[0], value=f"类{n}") for n in range(7)]
    assert (
        Group(tuple(many))
        .title("zh")
        .endswith("（同类共 7 处，另有“类1”、“类2”、“类3”、“类4”、“类5”等）")
    )
    nameless = [problem(ProblemCode.NAME_MISSING, E, f"A{n}", value=str(n)) for n in (1, 2)]
    assert Group(tuple(nameless)).title("zh").endswith("（同类共 2 处）")
