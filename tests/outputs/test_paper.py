"""Papers for Word: columns that part no word, cells that join, contents without a page number."""

import datetime as dt
import io

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st

from lifecircle.outputs.office.paper.columns import widened, word_width
from lifecircle.outputs.office.paper.manuscript import Manuscript
from lifecircle.outputs.office.paper.markup import Cell, Line
from lifecircle.outputs.office.paper.ruled import Ruled
from lifecircle.outputs.office.paper.typeface import DENSE, FORM, OFFICIAL, faces, on_every_desk

DAY = dt.date(2024, 6, 30)
TABS = qn("w:tabs")


def opened(paper):
    return docx.Document(io.BytesIO(paper.file()))


def test_a_column_gets_what_its_longest_word_lacks():
    # 10 lacks 6; the others have 20 and 10 more than they need, and give 4 and 2
    assert widened([10.0, 30.0, 20.0], [16.0, 10.0, 10.0]) == [16.0, 26.0, 18.0]
    # nobody lacks anything; only one has something to give; nobody has
    assert widened([10.0, 30.0], [10.0, 5.0]) == [10.0, 30.0]
    assert widened([10.0, 10.0, 10.0], [8.0, 11.0, 10.0]) == [9.0, 11.0, 10.0]
    assert widened([10.0, 10.0, 10.0], [11.0, 12.0, 10.0]) == [10.0, 10.0, 10.0]
    # what is longer than two fifths of the table is no word: 4 of 10 are given, and no more
    assert widened([2.0, 8.0], [100.0, 0.0]) == [4.0, 6.0]


@given(st.lists(st.tuples(st.floats(5, 80), st.floats(0, 80)), min_size=1, max_size=12))
def test_the_table_stays_as_wide_as_it_was(columns):
    widths, needs = zip(*columns, strict=True)
    made = widened(widths, needs)
    assert sum(made) == pytest.approx(sum(widths))
    most = 0.4 * sum(widths)
    for new, old, need in zip(made, widths, needs, strict=True):
        assert new >= min(old, need, most) - 1e-9  # nobody is left with less than it needs


@pytest.mark.parametrize(
    ("text", "characters"),
    [
        ("deficient", 9),
        ("not assessed", 8),
        ("day-care", 4),  # a line may end behind the hyphen
        ("2023-12-31", 10),  # not within a date
        ("居住区", 0),
        ("CX-03 老旧", 3),
        ("13–14 facilities", 10),
        ("", 0),
    ],
)
def test_a_word_is_what_no_line_parts(text, characters):
    # 0.58 em a character at 10 points, 72 points in 25.4 millimetres
    assert word_width([text], 10.0) == pytest.approx(characters * 5.8 * 25.4 / 72)


@pytest.mark.parametrize("look", [OFFICIAL, DENSE, FORM])
def test_contents_have_no_page_number_until_a_program_knows_it(look):
    paper = Manuscript("试", DAY, look)
    paper.contents("目录")
    for level, text in ((1, "一、甲"), (2, "（一）乙"), (3, "1.丙"), (1, "二、丁")):
        paper.heading(level, text)
    document = opened(paper)
    body = document.element.body
    codes = [t.text.split()[:2] for t in body.iter(qn("w:instrText"))]
    assert codes == [["TOC", "\\o"], *(["PAGEREF", f"_Toc00000{n}"] for n in (1, 2, 4))]
    listed = [
        "".join(e.text or "\t" for e in p.iter(qn("w:t"), qn("w:tab")) if e.getparent().tag != TABS)
        for p in body.iter(qn("w:p"))
        if (p.style or "").startswith("TOC")
    ]
    assert [text.rstrip("\t") for text in listed] == ["一、甲", "（一）乙", "二、丁"]
    marks = [m.get(qn("w:fldCharType")) for m in body.iter(qn("w:fldChar"))]
    inner = ["begin", "separate", "end"]
    assert marks == ["begin", "separate", *inner * 3, "end"]
    # nothing makes Word ask on opening whether the file may be updated from others
    assert not any(m.get(qn("w:dirty")) for m in body.iter(qn("w:fldChar")))
    assert document.settings.element.find(qn("w:updateFields")) is None


def test_cells_join_across_and_down():
    paper = Manuscript("试", DAY, FORM)
    rows = [
        ["甲", Cell((Line("乙"), Line("丙", "TableSmall")), span=2)],
        [Cell((Line("丁"),), block="first"), "1", "2"],
        [Cell((), block="on"), "3", "4"],
    ]
    paper.table((20.0, 30.0, 40.0), (), rows)
    (table,) = opened(paper).tables
    assert [len({cell._tc for cell in row.cells}) for row in table.rows] == [2, 3, 3]
    assert table.cell(0, 1).text == "乙\n丙"
    assert table.cell(1, 0)._tc is table.cell(2, 0)._tc
    assert table.cell(0, 1).width.mm == pytest.approx(70.0, abs=0.05)


def test_a_row_that_does_not_fill_its_columns_is_refused():
    paper = Manuscript("试", DAY, FORM)
    with pytest.raises(ValueError, match="shorter"):
        paper.table((20.0, 30.0, 40.0), (), [[Cell((Line("甲"),)), Cell((Line("乙"),))]])


@pytest.mark.parametrize("look", [FORM, OFFICIAL])
def test_a_cell_of_a_workbook_is_set_as_the_style_of_word_is(look):
    word = opened(Manuscript("题", DAY, look)).styles
    chinese, english = Ruled(look, "zh"), Ruled(look, "en")
    for name, (face, size) in faces(look).items():
        style = word[name]
        fonts = style.element.rPr.find(qn("w:rFonts"))
        assert (fonts.get(qn("w:eastAsia")), style.font.size.pt) == (face, size)
        cell = chinese.font(name)
        assert (cell.name, cell.sz) == (on_every_desk(face), size)
        assert english.font(name).name == fonts.get(qn("w:ascii")) == "Times New Roman"
        assert english.font(name).sz == size
    # 小标宋 is heavy: what stands in for it is bold, 黑体 is bold by itself
    assert [chinese.font(n).b for n in ("PaperTitle", "TableHead")] == [True, False]
    assert [english.font(n).b for n in ("PaperTitle", "TableHead", "TableText")] == [1, 1, 0]


def test_a_workbook_names_fonts_that_every_office_computer_has():
    assert on_every_desk("方正小标宋简体") == "宋体"
    assert on_every_desk("仿宋_GB2312") == "仿宋"
    assert on_every_desk("楷体_GB2312") == "楷体"
    assert on_every_desk("黑体") == "黑体"


def test_a_heading_has_room_beside_the_button_of_the_filter():
    paper = Ruled(FORM, "zh")
    told = paper.heading("本月完成（处）")
    assert told == "本月完成\n（处）"
    assert paper.heading("（处）") == "（处）"
    # four characters are eight wide, the button three; as planned where that is more
    assert paper.width(told, 6) == 11
    assert paper.width(told, 26) == 26
    # eight characters, sixteen wide, stand in two lines of eight
    assert paper.width("待核实的由谁提供", 6) == 11
    # two lines of 10.5 points at a pitch of 1.4, and 6 points: 35.4
    assert paper.head_points([told, "序号"], [11, 6]) == 36
    # "Done this" is 9 of 11 characters of room, "month" and "(places)" follow: 14 do not fit in 11
    assert paper.head_points(["Done this month (places)"], [14]) == 51


@given(st.lists(st.text(st.characters(codec="ascii", categories=["L"]), min_size=1), min_size=1))
def test_no_word_of_a_heading_is_parted(words):
    paper, heading = Ruled(FORM, "en"), " ".join(words)
    assert paper.width(heading, 6) - 3 >= max(map(len, words))


def test_a_line_over_the_table_is_one_cell():
    book = openpyxl.Workbook()
    sheet = book.active
    paper = Ruled(FORM, "zh")
    paper.across(sheet, 2, 4, "题", "PaperTitle")
    paper.across(sheet, 3, 1, "注")
    assert [str(area) for area in sheet.merged_cells.ranges] == ["A2:D2"]
    assert sheet["A2"].alignment.horizontal == "center"
    assert sheet.row_dimensions[2].height == 32  # 20 points and what stands above and below
