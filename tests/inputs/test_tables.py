"""Which of a file is read, and what a line of a table is: each said, none in silence."""

import io
import json
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pytest
import shapely
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifecircle.intake.checking import inspect_study
from lifecircle.intake.ledger.columns import map_columns
from lifecircle.intake.ledger.groups import is_caption
from lifecircle.intake.ledger.rows import read_rows
from lifecircle.intake.ledger.values import read_value
from lifecircle.intake.proposal.proposal import check_proposal
from lifecircle.intake.study import check_study
from lifecircle.model.dictionary import columns, fold, match_word
from lifecircle.model.problem import ProblemCode as P
from lifecircle.model.problem import Severity, describe
from lifecircle.outputs.checkup.page import render_check
from lifecircle.sources.tables.files import Wanted, read_table, read_tables

pytestmark = pytest.mark.one_in(2)  # words and layers in many combinations

INPUTS = Path(__file__).parent
HEADING = """[study]
name = "手工县"
county = "370827"
standard = "jinxiang-2023"
as_of = 2025-12-31
"""
HEADER = ["编号", "设施名称", "设施类型", "建筑面积", "状态", "经度", "纬度"]
NEEDED = Wanted(frozenset(HEADER), (frozenset({"设施名称"}), frozenset({"设施类型"})))


def one(code="F1", name="甲", m2=300):
    north = 35.0483 if code == "F1" else 35.0493  # another house
    return [code, name, "日间照料中心", m2, "运营", 117.0, north]


def said(problems):
    return [p for p in problems if p.severity is not Severity.INFO]


def as_read(name):
    study, problems = check_study(INPUTS / name)
    return study, said(problems)


class Folder:
    """A study whose facilities a test writes."""

    def __init__(self, folder):
        self.folder = folder
        areas = (INPUTS / "hidden-row" / "areas.geojson").read_bytes()
        (folder / "areas.geojson").write_bytes(areas)
        self.facilities = 'path = "f.xlsx"'
        self.more = ""

    def book(self, sheets, name="f.xlsx", change=None):
        """Write a workbook: title → rows; ``change(book)`` before it is saved."""
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            page = book.create_sheet(title)
            for row in rows:
                page.append(row)
        if change is not None:
            change(book)
        book.save(self.folder / name)

    def csv(self, text, name="f.csv"):
        (self.folder / name).write_bytes(text.encode("utf-8-sig"))
        self.facilities = f'path = "{name}"'

    def read(self):
        path = self.folder / "study.toml"
        layers = '[layers.residential]\npath = "areas.geojson"\n'
        facilities = f'[layers.facilities]\n{self.facilities}\ncoordinates = "cgcs2000"\n'
        path.write_text(f"{HEADING}\n{layers}{facilities}{self.more}", encoding="utf-8")
        study, problems = check_study(path)
        return study, said(problems)


@pytest.fixture
def county(tmp_path):
    return Folder(tmp_path)


def names_of(study):
    return list(study.facilities.frame["name"])


def hide(*titles, state="hidden"):
    def change(book):
        for title in titles:
            book[title].sheet_state = state

    return change


# What is read is said: sheets, layers, folders


def test_a_hidden_sheet_in_front_is_left_out_and_told():
    study, (problem,) = as_read("hidden-first-sheet")
    assert names_of(study) == ["甲日间照料中心"]
    assert problem.code is P.PARTS_HIDDEN
    assert problem.params == {"read": ["2025年"], "names": ["2023年（旧） (1)"]}


def test_one_sheet_a_town_is_one_ledger():
    study, (problem, unit) = as_read("one-sheet-a-town")
    assert list(study.facilities.frame.index) == ["F1", "F2"]
    assert (problem.code, problem.params["names"]) == (
        P.PARTS_JOINED,
        ["金乡街道 (1)", "高河街道 (1)"],
    )
    assert (unit.code, unit.params["names"]) == (P.GROUP_CAPTIONED, ["金乡街道", "高河街道"])


@pytest.mark.parametrize(
    ("sheets", "headed"),
    [(("夏镇街道", "昭阳街道"), True), (("夏镇", "八一社区"), True), (("城区", "2025"), False)],
)
@pytest.mark.parametrize("own", [None, "谷亭街道"])
def test_sheets_called_by_towns_that_no_row_names_are_asked_about(county, sheets, headed, own):
    rows = {name: [["镇街", *HEADER], [own, *one(name, name)]] for name in sheets}
    county.book(rows)
    county.facilities += '\nsheet = "*"'
    study, problems = county.read()
    asked = [p.params for p in problems if p.code is P.GROUP_CAPTIONED]
    told = {"count": 2, "total": 2, "names": list(sheets)}
    assert asked == ([told] if headed and own is None else [])
    assert [unit is None for unit in study.facilities.frame["unit"]] == [own is None] * 2


def test_codes_that_begin_anew_on_every_sheet(county):
    county.book(
        {
            "夏镇街道": [HEADER, one(1, "甲"), one(2, "乙")],
            "昭阳街道": [HEADER, one(1, "丙"), one(3, "丁")],
        }
    )
    study, problems = county.read()
    assert dict(study.facilities.frame["name"]) == {
        "夏镇街道-1": "甲",
        "2": "乙",
        "昭阳街道-1": "丙",
        "3": "丁",
    }
    (found,) = [p for p in problems if p.code is P.CODES_OF_PARTS]
    assert found.params == {"count": 2, "names": ["夏镇街道-1", "昭阳街道-1"]}


def test_a_row_that_stands_on_two_sheets_is_one(county):
    county.book({"夏镇街道": [HEADER, one()], "昭阳街道": [HEADER, one()]})
    study, problems = county.read()
    assert names_of(study) == ["甲"]
    told = {P.ID_DUPLICATE, P.PARTS_JOINED, P.GROUP_CAPTIONED}
    assert {p.code for p in problems} == told


def test_the_other_layer_of_a_geopackage_is_told():
    _, (problem,) = as_read("gpkg-two-layers")
    assert (problem.code, problem.params) == (
        P.PARTS_UNREAD,
        {"read": ["设施_2021"], "names": ["设施_2025 (1)"]},
    )


def test_a_hidden_row_is_used_and_told():
    study, problems = as_read("hidden-row")
    assert len(study.facilities) == 2
    told = {problem.code: problem.params for problem in problems}
    assert told.keys() == {P.ROWS_HIDDEN, P.REMARK_CONTRADICTS}
    assert told[P.ROWS_HIDDEN] == {"count": 1, "names": ["3"]}
    assert told[P.REMARK_CONTRADICTS]["said"] == "已撤并"  # in the name, beside 运营


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (range(7), True),
        (range(4), True),  # four of seven
        ([1, 2], False),  # a corrected name is no row
        ([], False),
    ],
)
@pytest.mark.parametrize("old", [False, True])
def test_a_row_that_is_struck_through_is_used_and_told(county, cells, told, old):
    rows = [HEADER, one("F1", "甲"), one("F2", "乙")]
    if old:
        line = xlwt.easyxf("font: struck_out on")
        book = xlwt.Workbook()
        page = book.add_sheet("a")
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                look = [line] if at == 2 and column in cells else []
                page.write(at, column, value, *look)
        book.save(str(county.folder / "f.xls"))
        county.facilities = 'path = "f.xls"'
    else:

        def strike(book):
            for column in cells:
                book["a"].cell(3, column + 1).font = openpyxl.styles.Font(strike=True)

        county.book({"a": rows}, change=strike)
    study, problems = county.read()
    assert len(study.facilities) == 2
    struck = [p for p in problems if p.code is P.ROWS_STRUCK]
    assert [p.params for p in struck] == ([{"count": 1, "names": ["3"]}] if told else [])


def test_the_sheet_behind_a_cover_is_chosen_by_its_headers():
    study, problems = as_read("cover-sheet-first")
    assert (names_of(study), problems) == (["甲日间照料中心"], [])
    (record,) = [one for one in study.inputs if one.layer == "facilities"]
    assert record.contents.read == ("设施",)
    assert [left.name for left in record.contents.left_out] == ["封面"]


def test_two_years_side_by_side_are_not_added_up(county):
    county.book({"2024年": [HEADER, one(name="旧")], "2025年": [HEADER, one(), one("F2", "乙")]})
    study, (problem,) = county.read()
    assert names_of(study) == ["旧"]
    assert (problem.code, problem.params["names"]) == (P.PARTS_UNREAD, ["2025年 (2)"])


def test_a_sheet_that_is_named_is_read_without_a_word(county):
    county.book({"2024年": [HEADER, one(name="旧")], "2025年": [HEADER, one()]})
    county.facilities = 'path = "f.xlsx"\nsheet = "2025年"'
    study, problems = county.read()
    assert (names_of(study), problems) == (["甲"], [])


def test_a_hidden_sheet_that_is_named_is_read_and_told(county):
    county.book({"a": [HEADER, one()], "b": [HEADER, one(name="乙")]}, change=hide("b"))
    county.facilities = 'path = "f.xlsx"\nsheet = "b"'
    study, (problem,) = county.read()
    assert (names_of(study), problem.code) == (["乙"], P.PART_HIDDEN_READ)


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_hidden_sheets_alone_do_not_make_a_ledger(county, state):
    cover = [["封面"], ["2025年"]]
    county.book({"旧": [HEADER, one()], "封面": cover}, change=hide("旧", state=state))
    study, problems = county.read()
    assert study is None
    assert {P.PARTS_HIDDEN, P.COLUMN_MISSING} == {p.code for p in problems}


def test_all_sheets_are_asked_for_by_a_star_and_hidden_ones_are_not_among_them(county):
    sheets = {
        "说明": [["填表说明"]],
        "一季度": [HEADER, one()],
        "二季度": [HEADER, one("F2", "乙")],
        "作废": [HEADER, one("F3", "丙")],
    }
    county.book(sheets, change=hide("作废"))
    county.facilities = 'path = "f.xlsx"\nsheet = "*"'
    study, (problem,) = county.read()
    assert (names_of(study), problem.code) == (["甲", "乙"], P.PARTS_HIDDEN)


def test_sheets_are_listed_and_each_problem_names_its_own(county):
    rows = [
        ["设施类型", "设施名称", "建筑面积", "经度", "纬度"],
        ["敬老院", "乙", "很大", 117, 35.0512],
    ]
    county.book({"甲表": [HEADER, one()], "乙表": rows})
    county.facilities = 'path = "f.xlsx"\nsheet = ["甲表", "乙表"]'
    study, problems = county.read()
    assert list(study.facilities.frame.index) == ["F1", "F2-2"]  # row 2 of the second
    assert [(p.code, p.sheet, p.row, p.cell) for p in problems] == [
        (P.NUMBER_UNREADABLE, "乙表", 2, "C2"),
        (P.ID_MISSING, "乙表", 2, None),
    ]


def test_a_sheet_that_is_listed_and_not_there_is_named(county):
    county.book({"a": [HEADER, one()]})
    county.facilities = 'path = "f.xlsx"\nsheet = ["a", "c"]'
    _, problems = county.read()
    assert (problems[0].code, problems[0].params) == (
        P.SHEET_MISSING,
        {"sheets": ["a"], "sheet": "c"},
    )


def test_a_layer_of_several_files_counts_each(county):
    county.book({"a": [HEADER, one()]}, "a.xlsx")
    county.csv("名称,类型,经度,纬度\n乙,敬老院,117.0,35.0500\n,敬老院,117,35.0000\n", "b.csv")
    county.facilities = 'path = ["a.xlsx", "b.csv"]'
    study, problems = county.read()
    assert names_of(study) == ["甲", "乙", "#3"]  # who has no name is there all the same
    assert [(p.code, p.file, p.row, p.cell) for p in problems] == [
        (P.ID_MISSING, "b.csv", 2, None),
        (P.NAMED_BY_ID, "b.csv", 3, "A3"),
        (P.ID_MISSING, "b.csv", 3, None),
    ]
    records = [one for one in study.inputs if one.layer == "facilities"]
    assert [(r.path, r.rows, r.used, r.set_aside) for r in records] == [
        ("a.xlsx", 1, 1, 0),
        ("b.csv", 2, 2, 0),
    ]


def test_parts_in_two_coordinate_systems_are_refused(county):
    for name, crs in (("a", 4548), ("b", 4549)):
        frame = gpd.GeoDataFrame(
            {"name": [name], "kinds": ["敬老院"]}, geometry=[shapely.Point(500_000, 3_880_000)]
        )
        frame.set_crs(crs).to_file(county.folder / "f.gpkg", layer=name)
    county.facilities = 'path = "f.gpkg"\nlayer = ["a", "b"]'
    study, problems = county.read()
    assert study is None
    assert (problems[0].code, problems[0].params) == (P.PARTS_DIFFER, {"names": ["a", "b"]})


def folder_of_kml(title, name):
    point = "<Point><coordinates>117.0,35.0483</coordinates></Point>"
    return f"<Folder><name>{title}</name><Placemark><name>{name}</name>{point}</Placemark></Folder>"


def test_folders_of_a_kml_with_one_kind_for_all(county):
    towns = folder_of_kml("夏镇街道", "甲") + folder_of_kml("昭阳街道", "乙")
    (county.folder / "f.kml").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2">'
        f"<Document>{towns}</Document></kml>",
        encoding="utf-8",
    )
    kind = 'kinds = { value = "日间照料中心" }'
    county.facilities = f'path = "f.kml"\ncolumns = {{ name = "Name", {kind} }}'
    study, problems = county.read()
    assert names_of(study) == ["甲", "乙"]
    assert set(study.facilities.frame["kinds"]) == {frozenset({"day_care"})}
    assert [p.code for p in problems] == [P.PARTS_JOINED, P.GROUP_CAPTIONED]


@pytest.mark.parametrize(
    ("constant", "column", "expected"),
    [
        ('stage = { value = "运营" }', "stage", "in_use"),
        ("floor_area_m2 = { value = 120.5 }", "floor_area_m2", 120.5),
        ("qualified = { value = true }", "qualified", True),
    ],
)
def test_a_column_that_is_the_same_everywhere(county, constant, column, expected):
    county.csv("名称,类型,经度,纬度\n甲,敬老院,117,35.0500\n乙,敬老院,117,35.0500\n")
    county.facilities += f"\ncolumns = {{ {constant} }}"
    study, _ = county.read()
    assert list(study.facilities.frame[column]) == [expected] * 2


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("columns = { stage = { valu = 1 } }", "layers.facilities.columns.stage.valu"),
        ("columns = { stage = 5 }", "layers.facilities.columns.stage"),
        ("sheet = 5", "layers.facilities.sheet"),
        ("sheet = []", "layers.facilities.sheet"),
    ],
)
def test_mistakes_in_what_is_to_be_read(county, line, key):
    county.facilities += f"\n{line}"
    study, problems = county.read()
    assert study is None
    assert key in [p.params["key"] for p in problems]


def test_hidden_columns_that_are_used_are_told(county):
    def change(book):
        book["a"].column_dimensions["D"].hidden = True
        book["a"].column_dimensions["Z"].hidden = True

    county.book({"a": [HEADER, one()]}, change=change)
    _, (problem,) = county.read()
    assert (problem.code, problem.params) == (P.COLUMNS_HIDDEN, {"columns": ["建筑面积"]})


def test_what_was_read_stands_on_the_page_and_in_the_json():
    checkup = inspect_study(INPUTS / "hidden-first-sheet")
    page = render_check(checkup, {})
    assert "2023年（旧） (hidden)" in page
    (record,) = [one for one in checkup.to_json()["inputs"] if one["layer"] == "facilities"]
    assert json.loads(json.dumps(record["contents"])) == {
        "read": ["2025年"],
        "hidden_read": [],
        "left_out": [{"name": "2023年（旧）", "hidden": True, "rows": 1, "fits": True}],
        "hidden_rows": 0,
        "hidden_columns": [],
    }


@given(
    sheets=st.lists(
        st.tuples(
            st.sampled_from(["visible", "hidden", "veryHidden"]),
            st.sampled_from(["ledger", "cover", "blank", "town"]),
        ),
        min_size=1,
        max_size=6,
    ),
    star=st.booleans(),
)
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_read_and_left_out_are_all_and_nothing_hidden_is_read(tmp_path, sheets, star):
    book = openpyxl.Workbook()
    book.remove(book.active)
    book.create_sheet("总表")  # a workbook has one that is seen
    states = {"总表": "visible"}
    for at, (state, kind) in enumerate(sheets):
        page = book.create_sheet(f"{at}镇" if kind == "town" else f"表{at}")
        page.sheet_state = states[page.title] = state
        for row in {"cover": [["封面"]], "blank": []}.get(kind, [HEADER, one(f"F{at}")]):
            page.append(row)
    stream = io.BytesIO()
    book.save(stream)
    path = tmp_path / "a.xlsx"
    path.write_bytes(stream.getvalue())
    tables, problems = read_tables(
        path, name="facilities", sheet="*" if star else None, wanted=NEEDED
    )
    if not tables:  # nothing that is seen says anything
        assert [p.code for p in problems] == [P.LAYER_EMPTY]
        return
    contents = tables[0].contents
    left = [part.name for part in contents.left_out]
    assert sorted([*contents.read, *left]) == sorted(states)
    assert {part.name for part in contents.left_out if part.hidden} == {
        name for name, state in states.items() if state != "visible"
    }
    fitting = {part.name for part in contents.left_out if part.fits and part.rows}
    told = {
        name.rsplit(" ", 1)[0]
        for p in problems
        if p.code in {P.PARTS_UNREAD, P.PARTS_HIDDEN}
        for name in p.params["names"]
    }
    assert told == fitting


def as_old_book(path):
    book = xlwt.Workbook(encoding="utf-8")
    sheets = {"旧": [HEADER, one(name="旧")], "新": [HEADER, one(), one("F2", "乙")]}
    for title, rows in sheets.items():
        page = book.add_sheet(title)
        page.visibility = int(title == "旧")
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                page.write(at, column, value)
    page.row(2).hidden = True
    book.active_sheet = 1
    book.save(str(path))


def as_open_document(path):
    names = " ".join(
        f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"'
        for n in ("office", "table", "text", "style")
    )

    def cell(value):
        if isinstance(value, str):
            return f"<table:table-cell><text:p>{value}</text:p></table:table-cell>"
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'

    def sheet(title, style, rows, hidden):
        lines = (
            f'<table:table-row table:visibility="{"collapse" if at == hidden else "visible"}">'
            + "".join(map(cell, row))
            + "</table:table-row>"
            for at, row in enumerate(rows)
        )
        head = f'<table:table table:name="{title}" table:style-name="{style}">'
        return f"{head}{''.join(lines)}</table:table>"

    unseen = '<style:table-properties table:display="false"/>'
    style = f'<style:style style:name="h" style:family="table">{unseen}</style:style>'
    sheets = sheet("旧", "h", [HEADER, one(name="旧")], None)
    sheets += sheet("新", "v", [HEADER, one(), one("F2", "乙")], 2)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f"<office:document-content {names}><office:automatic-styles>{style}"
            f"</office:automatic-styles>{sheets}</office:document-content>",
        )


def as_xml_of_2003(path):
    def sheet(title, visible, rows, hidden):
        lines = (
            f'<Row ss:Hidden="{int(at == hidden)}">'
            + "".join(f'<Cell><Data ss:Type="String">{value}</Data></Cell>' for value in row)
            + "</Row>"
            for at, row in enumerate(rows)
        )
        options = f"<x:WorksheetOptions><x:Visible>{visible}</x:Visible></x:WorksheetOptions>"
        return f'<Worksheet ss:Name="{title}"><Table>{"".join(lines)}</Table>{options}</Worksheet>'

    sheets = sheet("旧", "SheetHidden", [HEADER, one(name="旧")], None)
    sheets += sheet("新", "SheetVisible", [HEADER, one(), one("F2", "乙")], 2)
    path.write_text(
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
        ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"'
        f' xmlns:x="urn:schemas-microsoft-com:office:excel">{sheets}</Workbook>',
        encoding="utf-8",
    )


@pytest.mark.parametrize(
    ("name", "write"),
    [("f.xls", as_old_book), ("f.ods", as_open_document), ("f.xml", as_xml_of_2003)],
)
def test_every_kind_of_workbook_tells_what_it_hides(county, name, write):
    write(county.folder / name)
    county.facilities = f'path = "{name}"'
    study, problems = county.read()
    assert names_of(study) == ["甲", "乙"]
    assert [(p.code, p.params) for p in problems] == [
        (P.PARTS_HIDDEN, {"read": ["新"], "names": ["旧 (1)"]}),
        (P.ROWS_HIDDEN, {"count": 1, "names": ["3"]}),
    ]


def test_folders_and_places_that_a_kml_does_not_show(county):
    hidden = "<visibility>0</visibility>"
    folders = folder_of_kml("旧", "旧").replace("<Placemark>", f"{hidden}<Placemark>")
    folders += folder_of_kml("新", "甲").replace("<Placemark>", f"<Placemark>{hidden}")
    (county.folder / "f.kml").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2">'
        f"<Document>{folders}</Document></kml>",
        encoding="utf-8",
    )
    county.facilities = 'path = "f.kml"\ncolumns = { name = "Name", kinds = { value = "敬老院" } }'
    study, problems = county.read()
    assert names_of(study) == ["甲"]
    assert [p.code for p in problems] == [P.PARTS_HIDDEN, P.ROWS_HIDDEN]


# Hidden things never decide a review


def reviewed(folder, change=None):
    """Return the proposal of a folder, its workbook changed, and the codes of its errors."""
    study, _ = check_study(INPUTS / folder)
    path = INPUTS / folder / "proposal.xlsx"
    if change is not None:
        book = openpyxl.load_workbook(path)
        change(book)
        path = change.folder / "proposal.xlsx"
        book.save(path)
    proposal, problems = check_proposal(path, study)
    return proposal, [p for p in problems if p.severity is Severity.ERROR]


class Changed:
    """A change of a workbook, and the folder that its copy goes to."""

    def __init__(self, folder, change):
        self.folder, self.change = folder, change

    def __call__(self, book):
        self.change(book)


def test_rooms_on_a_hidden_sheet_send_the_proposal_back():
    proposal, (problem,) = reviewed("review-hidden-sheet")
    assert proposal is None
    assert (problem.code, problem.params["names"]) == (P.PARTS_HIDDEN, ["设施"])
    assert problem.params["proposal"] is True  # the remedy is the applicant's


def test_a_proposal_with_units_in_a_column_of_their_own_is_read_as_it_was():
    proposal, errors = reviewed("ok-review-unit-column")
    assert errors == []
    assert proposal.inputs[0].contents.left_out == ()


def test_rooms_on_a_sheet_of_another_name_are_told(tmp_path):
    def change(book):
        book["设施"].title = "养老用房明细表"

    study, _ = check_study(INPUTS / "ok-review-unit-column")
    book = openpyxl.load_workbook(INPUTS / "ok-review-unit-column" / "proposal.xlsx")
    change(book)
    book.save(tmp_path / "proposal.xlsx")
    proposal, problems = check_proposal(tmp_path / "proposal.xlsx", study)
    assert len(proposal.facilities) == 0
    (found,) = [p for p in problems if p.code is P.PARTS_UNREAD]
    assert (found.severity, found.params["names"]) == (Severity.WARNING, ["养老用房明细表 (1)"])


def hide_a_row(book):
    book["设施"].row_dimensions[2].hidden = True


def hide_a_column(book):
    book["设施"].column_dimensions["C"].hidden = True


def hide_the_facts(book):
    book[book.sheetnames[0]].sheet_state = "veryHidden"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (hide_a_row, P.ROWS_HIDDEN),
        (hide_a_column, P.COLUMNS_HIDDEN),
        (hide_the_facts, P.PARTS_HIDDEN),
    ],
)
def test_anything_hidden_sends_a_proposal_back(tmp_path, change, code):
    proposal, errors = reviewed("ok-review-unit-column", Changed(tmp_path, change))
    assert proposal is None
    assert code in {p.code for p in errors}


# Stored is not shown


def test_formulas_never_computed_are_missing_and_told():
    study, problems = as_read("formula-never-computed")
    assert [(p.code, p.cell, p.value) for p in problems] == [
        (P.FORMULA_EMPTY, "D2", "=100+200"),
        (P.FORMULA_EMPTY, "E3", '=IF(1=1,"运营","停用")'),
    ]
    assert np.isnan(study.facilities.frame.loc["F1", "floor_area_m2"])
    assert study.facilities.frame.loc["F2", "stage"] is None


def test_a_name_that_is_a_formula_sets_its_row_aside(county):
    county.book({"a": [HEADER, one(), ["F2", '="乙"&"店"', *one()[2:]]]})
    study, problems = county.read()
    assert (names_of(study), [p.code for p in problems]) == (["甲"], [P.FORMULA_EMPTY])


@pytest.mark.parametrize("content", ["", "<v></v>", "<v/>"])
def test_a_shared_formula_without_a_value_is_one_too(tmp_path, content):
    table = sheet_of(
        tmp_path,
        '<row r="1"><c r="A1" t="str"><v>设施名称</v></c></row>'
        f'<row r="2"><c r="A2"><f t="shared" si="0"/>{content}</c></row>'
        '<row r="3"><c r="A3" t="str"><f>""</f><v></v></c></row>',  # computed, and says nothing
    )
    assert dict(table.uncomputed) == {(0, "设施名称"): "="}
    assert table.rows.tolist() == [2]


def sheet_of(folder, rows):
    """Return the table of a workbook whose sheet is written out."""
    book = openpyxl.Workbook()
    stream = io.BytesIO()
    book.save(stream)
    path = folder / "a.xlsx"
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            data = old.read(name).decode()
            if name == "xl/worksheets/sheet1.xml":
                data = data.replace("</sheetData>", f"{rows}</sheetData>")
            new.writestr(name, data)
    (table,), _ = read_tables(path, name="facilities", wanted=NEEDED)
    return table


def test_characters_without_width_do_not_count():
    study, problems = as_read("zero-width-characters")
    (row,) = study.facilities.frame.itertuples()
    assert (problems, row.stage, row.floor_area_m2) == ([], "in_use", 300.0)


@pytest.mark.parametrize("mark", ["\u200b", "\u200e", "\ufeff", "\u2060", "\u00ad", "\u202c"])
def test_marks_in_codes_numbers_and_words(county, mark):
    header = ",".join(h + mark for h in HEADER)
    row = f"F1{mark},{mark}甲店,日间照{mark}料中心,30{mark}0,运{mark}营,117.0{mark},35.0483"
    county.csv(f"{header}\n{row}\n")
    study, problems = county.read()
    (facility,) = study.facilities.frame.itertuples()
    assert (facility.Index, facility.name, facility.kinds) == ("F1", "甲店", {"day_care"})
    assert (facility.floor_area_m2, facility.stage, problems) == (300.0, "in_use", [])


def test_of_two_columns_of_one_name_the_one_with_values_is_read_and_both_are_told(county):
    header = ["名称", "类型", "建筑面积", "建筑面积", "经度", "纬度"]
    county.book(
        {
            "a": [
                header,
                ["甲", "敬老院", None, 300, 117, 35.0512],
                ["乙", "敬老院", None, 5, 117, 35.0512],
            ]
        }
    )
    study, (problem,) = county.read()
    assert list(study.facilities.frame["floor_area_m2"]) == [300, 5]
    assert (problem.code, problem.params["columns"]) == (
        P.COLUMN_MAPPED_TWICE,
        ["建筑面积#2", "建筑面积"],
    )
    county.facilities += '\ncolumns = { floor_area_m2 = "建筑面积#2" }'
    _, problems = county.read()
    assert problems == []


def shapes(folder, columns, encoding="GBK", name="r"):
    """Write residential areas as a shapefile whose headers are as they stand here."""
    count = len(next(iter(columns.values())))
    plain = {f"c{at}": values for at, values in enumerate(columns.values())}
    boxes = [
        shapely.box(x, 3_880_000, x + 100, 3_880_100)
        for x in range(500_000, 500_000 + 200 * count, 200)
    ]
    frame = gpd.GeoDataFrame(plain, geometry=boxes, crs=4548)
    frame.to_file(folder / f"{name}.shp", encoding=encoding)
    path = folder / f"{name}.dbf"
    data = bytearray(path.read_bytes())
    for at, header in enumerate(columns):
        raw = header.encode(encoding)
        assert len(raw) <= 10
        data[32 + 32 * at : 43 + 32 * at] = raw.ljust(11, b"\0")
    path.write_bytes(data)
    return folder / f"{name}.shp"


def residential(path, **options):
    raw, _ = read_table(path, name="residential", **options)
    return map_columns(raw, {})


def test_headers_cut_to_four_characters_are_read():
    study, problems = as_read("header-four-hanzi")
    (row,) = study.residential.frame.itertuples()
    assert (row.required_m2, row.elders, row.community) == (75.0, 20.0, None)
    assert [p.code for p in problems] == [P.CODE_UNKNOWN]  # 370828001001 is in no list


@pytest.mark.parametrize(
    ("header", "values", "column"),
    [
        ("规划条件", [75], "required_m2"),  # a figure is no date
        ("规划条件", ["2023-05-01"], "condition_on"),
        ("住宅户数_", [100], "households"),  # 住宅户数(户)
        ("住宅户数_1", [100], "households"),
        ("住宅户数__", [100], "households"),
        ("60岁以上__", [20], "elders"),
    ],
)
def test_cut_headers_are_what_their_values_allow(tmp_path, header, values, column):
    granted, problems = residential(shapes(tmp_path, {"名称": ["东园"], header: values}))
    assert granted[column] == header
    assert [p.code for p in problems] == [P.COLUMN_CUT]


def test_a_cut_header_that_may_be_several_is_asked_about(tmp_path):
    path = shapes(tmp_path, {"名称": ["东园"], "养老设": ["2023-05-01"]}, "UTF-8")
    granted, problems = residential(path)
    assert granted == {"name": "名称"}
    problem = problems[0]
    assert (problem.code, problem.severity) == (P.COLUMN_AMBIGUOUS, Severity.WARNING)
    assert len(problem.params["names"]) == 4  # planned, built, accepted, handed over


def test_two_headers_cut_to_one_are_asked_about(tmp_path):
    path = shapes(tmp_path, {"名称": ["东园"], "规划条件": [75], "规划条件_1": [80]})
    granted, problems = residential(path)
    assert "required_m2" not in granted
    assert [p.code for p in problems if p.severity is Severity.WARNING] == [P.COLUMN_AMBIGUOUS] * 2


def test_a_numbered_header_beside_its_own_is_told(tmp_path):
    path = shapes(tmp_path, {"名称": ["东园"], "住宅户数": [75], "住宅户数_1": [80]})
    granted, (problem,) = residential(path)
    assert granted["households"] == "住宅户数"
    assert (problem.code, problem.params["columns"]) == (
        P.COLUMN_MAPPED_TWICE,
        ["住宅户数", "住宅户数_1"],
    )


def test_a_table_with_fewer_records_than_shapes_is_refused(county):
    path = shapes(county.folder, {"名称": ["甲", "乙"], "类型": ["敬老院", "敬老院"]}, name="f")
    county.facilities = 'path = "f.shp"'
    table = path.with_suffix(".dbf")
    data = bytearray(table.read_bytes())
    length = int.from_bytes(data[10:12], "little")
    start = int.from_bytes(data[8:10], "little")
    fewer = data[:4] + (1).to_bytes(4, "little") + data[8:start] + data[start + length :]
    more = (
        data[:4] + (3).to_bytes(4, "little") + data[8:-1] + data[start : start + length] + b"\x1a"
    )
    cut = data[: start + length]  # the file ends early
    for content, records in ((fewer, 1), (more, 3), (cut, 1)):
        table.write_bytes(content)
        study, (problem,) = county.read()
        assert study is None
        assert (problem.code, problem.params) == (
            P.SHAPES_DIFFER,
            {"records": records, "shapes": 2},
        )


def test_a_record_marked_as_deleted_goes_with_its_shape():
    study, problems = as_read("ok-dbf-deleted-record")
    assert (len(study.facilities), problems) == (2, [])
    (told,) = [p for p in study.problems if p.code is P.RECORDS_DELETED]
    assert told.params == {"count": 1, "names": ["乙（已删）"]}
    assert "乙（已删）" in describe(told, "zh")["what"]
    assert "乙（已删）" not in set(study.facilities.frame["name"])


# Lines that are no rows


def test_a_row_of_column_numbers_is_set_aside():
    study, problems = as_read("column-number-row")
    assert (list(study.residential.frame["name"]), problems) == (["东园", "西园"], [])
    (record,) = [one for one in study.inputs if one.layer == "residential"]
    assert (record.rows, record.used, record.set_aside) == (3, 2, 1)
    assert study.crs == "EPSG:4548"
    assert P.ROW_NUMBERS in {p.code for p in study.problems}


def test_a_second_table_below_is_told_once():
    study, (problem,) = as_read("second-table-below")
    assert names_of(study) == ["甲日间照料中心"]
    (record,) = [one for one in study.inputs if one.layer == "facilities"]
    assert (record.used, record.set_aside) == (1, 3)
    assert (problem.code, problem.row, problem.params) == (P.TABLE_SECOND, 4, {"count": 3})


def test_a_figure_cut_by_its_own_comma_is_put_together_and_told():
    study, (problem,) = as_read("csv-row-too-long")
    assert list(study.facilities.frame["floor_area_m2"]) == [1200, 300]
    assert (problem.code, problem.row) == (P.ROW_CELLS_SURE, 2)


def test_a_town_written_once_is_asked_about_and_never_guessed():
    study, problems = as_read("town-written-once")
    assert list(study.facilities.frame["unit"]) == ["370828001", None, "370828002", None]
    asked = [p for p in problems if p.code is P.GROUP_BLANK]
    assert [(p.column, p.params) for p in asked] == [("镇街", {"count": 2, "total": 4})]


@pytest.mark.parametrize(
    "numbers",
    [
        ["甲", "乙", "丙", "1", "2", "3", "4"],
        ["栏次", 1, 2, 3, 4, 5, 6],
        [1, 2, 3, 4, 5, 6, 7],
        ["A", "B", "C", "D", "E", "F", "G"],
        ["甲", "乙", "丙", "1", "2=1+3", "3", "4"],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"],
    ],
)
def test_forms_of_column_numbers(county, numbers):
    county.book({"a": [HEADER, numbers, one()]})
    study, problems = county.read()
    assert (names_of(study), problems) == (["甲"], [])


def test_units_below_the_header_are_those_of_their_columns(county):
    units = [None, None, None, "公顷", None, "°", "°"]
    county.book({"a": [HEADER, units, one(m2=0.03)]})
    study, problems = county.read()
    assert (list(study.facilities.frame["floor_area_m2"]), problems) == ([300], [])  # 0.03 × 10,000
    assert {P.ROW_UNITS, P.HEADER_UNIT} <= {p.code for p in study.problems}


def test_a_header_on_every_page_is_no_facility(county):
    again = ["编号", "名称", "类型", "建筑面积（㎡）", "状态", "经度", "纬度"]
    county.book({"a": [HEADER, one(), HEADER, again, one("F2", "乙")]})
    study, problems = county.read()
    assert (names_of(study), problems) == (["甲", "乙"], [])
    assert [p.row for p in study.problems if p.code is P.ROW_HEADER] == [3, 4]


OTHER = ["序号", "项目名称", "建设性质", "总投资", "进度情况", "负责人", "备注"]


@pytest.mark.parametrize("gap", [[[]], [["附表：拟建项目"]], [[], ["附表1"]]])
def test_forms_of_a_second_table(county, gap):
    rows = [HEADER, one(), *gap, OTHER, ["1", "乙站", "新建", "80", "前期", "王某", None]]
    county.book({"a": rows})
    study, problems = county.read()
    assert names_of(study) == ["甲"]
    assert [p.code for p in problems] == [P.TABLE_SECOND]


def test_another_header_right_below_the_records(county):
    county.book({"a": [HEADER, one(), OTHER, ["1", "乙站", "新建", "80", "前期", "王某", None]]})
    study, problems = county.read()
    assert (names_of(study), [p.code for p in problems]) == (["甲"], [P.TABLE_SECOND])


def test_both_levels_of_a_repeated_header(county):
    upper = ["编号", "设施名称", "设施类型", "面积", None, "经度", "纬度"]
    lower = [None, None, None, "建筑面积", "社区服务面积", None, None]
    rows = [
        ["F1", "甲", "敬老院", 300, 200, 117, 35.0512],
        ["F2", "乙", "敬老院", 5, 4, 117, 35.0412],
    ]

    def merge(book):
        for cells in ("A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:F2", "G1:G2"):
            book["a"].merge_cells(cells)

    county.book({"a": [upper, lower, rows[0], upper, lower, rows[1]]}, change=merge)
    study, problems = county.read()
    assert (names_of(study), problems) == (["甲", "乙"], [])
    assert list(study.facilities.frame["community_area_m2"]) == [200, 4]


def test_an_appendix_with_the_same_header_is_another_table(county):
    county.book({"a": [HEADER, one(), [], ["附表：拟建设施"], HEADER, one("F2", "乙")]})
    study, problems = county.read()
    assert (names_of(study), [p.code for p in problems]) == (["甲"], [P.TABLE_SECOND])


def test_a_record_of_words_behind_a_blank_row_stays_a_record(county):
    words = ["F2", "乙站", "综合体", "不详", "筹备", None, None]
    county.book({"a": [HEADER, one(), [], words]})
    study, _ = county.read()
    assert names_of(study) == ["甲", "乙站"]


AREAS = ["编号", "小区名称", "户数", "经度", "纬度"]


def areas(county, *rows):
    county.book({"小区": [AREAS, *rows]}, "r.xlsx")
    county.book({"a": [HEADER, one()]})
    study = county.folder / "study.toml"
    study.write_text(
        f'{HEADING}\n[layers.residential]\npath = "r.xlsx"\ncoordinates = "cgcs2000"\n'
        '[layers.facilities]\npath = "f.xlsx"\ncoordinates = "cgcs2000"\n',
        encoding="utf-8",
    )
    found, problems = check_study(study)
    return found, said(problems)


def area(code, name, households):
    # each at a place of its own
    return [code, name, households, 117.0 + sum(map(ord, name)) % 1000 / 1e4, 35.0512]


def test_of_which_is_not_counted_twice(county):
    study, problems = areas(
        county,
        area("R1", "幸福里", 300),
        area(None, "其中：一期", 100),
        area(None, "二期", 200),
        area("R2", "东园", 150),
    )
    frame = study.residential.frame
    assert list(frame["name"]) == ["幸福里", "东园"]
    assert frame["households"].sum() == 450  # 300 + 150
    assert [(p.code, p.row, p.params["first_row"]) for p in problems] == [
        (P.ROW_PART, 3, 2),
        (P.ROW_PART, 4, 2),
    ]


def test_what_follows_of_which_and_does_not_add_up_is_an_area(county):
    rows = (area("R1", "幸福里", 300), area(None, "其中：一期", 100), area("R2", "东园", 200))
    study, _ = areas(county, *rows)
    assert list(study.residential.frame["name"]) == ["幸福里", "东园"]


def test_totals_are_checked_against_their_rows(county):
    rows = (
        area("R1", "东园", 100),
        area("R2", "西园", 200),
        ["小计", None, 300, None, None],
        area("R3", "南园", 50),
        ["小计", None, 60, None, None],
        ["合计", None, 350, None, None],
    )
    study, (problem,) = areas(county, *rows)
    assert len(study.residential) == 3
    assert (problem.code, problem.cell) == (P.TOTAL_DIFFERS, "C6")
    assert problem.params == {"said": 60.0, "added": 50.0, "count": 1}


def test_a_total_in_front_and_a_blank_or_unreadable_figure(county):
    total = ["合计", None, 300, None, None]
    assert areas(county, total, area("R1", "东园", 100), area("R2", "西园", 200))[1] == []
    _, problems = areas(county, area("R1", "东园", 100), area("R2", "西园", None), total)
    assert [p.code for p in problems] == [P.TOTAL_DIFFERS]
    _, problems = areas(county, area("R1", "东园", 100), area("R2", "西园", "很多"), total)
    assert P.TOTAL_DIFFERS not in {p.code for p in problems}  # nobody knows what they add up to


@given(st.lists(st.integers(2, 2 * 10**5), min_size=1, max_size=8), st.integers(-2, 2))
@settings(max_examples=15, deadline=None)
def test_a_total_is_told_where_it_is_not_the_sum(tmp_path_factory, figures, error):
    folder = tmp_path_factory.mktemp("totals")
    rows = [area(f"R{at}", f"园{at}", figure) for at, figure in enumerate(figures)]
    book = openpyxl.Workbook()
    for row in [AREAS, *rows, ["合计", None, sum(figures) + error, None, None]]:
        book.active.append(row)
    book.save(folder / "a.xlsx")
    raw, _ = read_table(folder / "a.xlsx", name="residential", headers=frozenset(AREAS))
    headers, _ = map_columns(raw, {})
    ledger, problems = read_rows(raw, headers)
    assert len(ledger.frame) == len(figures)
    assert (P.TOTAL_DIFFERS in {p.code for p in problems}) == (error != 0)


@pytest.mark.parametrize(
    ("line", "code", "expected"),
    [
        (
            "F1,甲,敬老院,117,35.0500,运营,1200,好,坏",
            P.ROW_CELLS_SURE,
            1200,
        ),  # a remark with a comma
        (
            "F1,甲,敬老院,117,35.0500,运营,1,200,好",
            P.ROW_CELLS,
            None,
        ),  # 1,200 and 好, or 1 and 200,好
        ("F1,甲,敬老院,117,35.0500,运营,5", P.ROW_CELLS_SURE, 5),  # the last one left away
        ("F1,甲,敬老院,117,35.0500,好,5,好,坏", P.ROW_CELLS_LOST, None),  # 好 is no stage anywhere
    ],
)
def test_lines_with_too_many_or_too_few_cells(county, line, code, expected):
    county.csv(
        f"编号,名称,类型,经度,纬度,状态,建筑面积,备注\n{line}\nF2,乙,敬老院,117,35.0000,运营,5,\n"
    )
    study, _ = county.read()
    frame = study.facilities.frame
    found = {p.code for p in study.problems if p.row == 2}
    assert code in found
    if code is P.ROW_CELLS_LOST:
        assert list(frame.index) == ["F2"]
    else:
        figure = frame.loc["F1", "floor_area_m2"]
        assert figure == expected or (expected is None and np.isnan(figure))


def test_a_line_whose_cells_may_belong_to_two_columns_is_read_as_far_as_it_is_certain(county):
    county.csv(
        "编号,名称,类型,床位,建筑面积,经度,纬度\nF1,甲,敬老院,1,200,117,35.0500,\nF2,乙,敬老院,1,1,200,117,35.0500\n"
    )
    study, problems = county.read()
    # 1|1,200 or 1,1… : only 1,200 is a figure, beds 1
    assert study.facilities.frame.loc["F2", "floor_area_m2"] == 1200
    assert study.facilities.frame.loc["F2", "beds"] == 1
    assert [p.code for p in problems] == [P.ROW_CELLS_SURE]


def test_names_with_a_comma_leave_open_what_nobody_can_tell(county):
    county.csv("编号,名称,备注,类型,经度,纬度\nF1,甲,乙,丙,敬老院,117,35.0500\n")
    study, problems = county.read()
    # "甲,乙" with the remark 丙, or 甲 with the remark "乙,丙": the name is not known
    assert names_of(study) == ["#2"]  # nor the id
    assert P.ROW_CELLS in {p.code for p in problems}


@pytest.mark.parametrize(
    ("towns", "code"),
    [
        (["夏镇", None, "昭阳", None], P.GROUP_BLANK),
        (["夏镇", None, None], P.GROUP_BLANK),  # one town alone: a list, or a group?
        ([None, "夏镇", None, "昭阳", None], P.GROUP_BLANK),
        (["夏镇", "昭阳", None], None),  # one that is missing
        (["夏镇", None, "夏镇", None], None),  # written where it holds
    ],
)
def test_when_a_town_is_asked_about(county, towns, code):
    rows = [[town, *one(f"F{at}", f"甲{at}")] for at, town in enumerate(towns)]
    county.book({"a": [["镇街", *HEADER], *rows]})
    _, problems = county.read()
    codes = {p.code for p in problems} & {P.GROUP_BLANK}
    assert codes == (set() if code is None else {code})


@pytest.mark.parametrize(
    ("caption", "named", "headed"),
    [
        ("二、夏镇街道", False, True),
        ("（二）夏镇街道", False, True),
        ("2、夏镇街道（2个）", False, True),
        ("夏镇街道：", False, True),
        ("夏镇", False, True),
        ("十里铺村", False, True),
        ("夏镇街道", True, True),  # no facility is called so
        ("二、县直", False, False),  # a heading, of no unit
        ("十里铺村", True, False),  # a name
    ],
)
@pytest.mark.parametrize("own", [None, "谷亭街道"])
def test_a_unit_over_the_rows_is_asked_about_and_never_taken(county, caption, named, headed, own):
    line = [None, None, caption] if named else [None, caption]
    rows = [[own, *one("F1", "甲")], [own, *one("F2", "乙")]]
    county.book({"a": [["镇街", *HEADER], line, *rows]})
    study, problems = county.read()
    asked = [p for p in problems if p.code is P.GROUP_CAPTIONED]
    assert [p.params for p in asked] == (
        [{"count": 2, "total": 2, "names": [caption]}] if headed and own is None else []
    )
    frame = study.facilities.frame.loc[["F1", "F2"]]
    assert [unit is None for unit in frame["unit"]] == [own is None] * 2
    assert (caption in set(study.facilities.frame["name"])) == (named and not headed)


@pytest.mark.parametrize("layer", ["residential", "units"])
def test_places_that_are_rows_are_no_captions(layer):
    for name in ("三里村", "1、王庄村", "夏镇", "八一社区"):
        assert not is_caption(fold(name), layer, named=True)


def test_a_column_with_one_value_hides_no_note(county):
    county.csv("编号,名称,经度,纬度\nF1,甲,117,35.0500\n注：截至年底,,,\n合计,,,\n")
    county.facilities += '\ncolumns = { kinds = { value = "敬老院" } }'
    study, problems = county.read()
    assert (names_of(study), problems) == (["甲"], [])


YES_NO = [
    spec
    for layer in ("residential", "facilities")
    for spec in columns(layer).values()
    if spec.type == "bool"
]


@given(st.sampled_from(YES_NO), st.text(max_size=6))
@settings(max_examples=200, deadline=None)
def test_a_word_nobody_knows_is_read_as_unknown_in_any_yes_or_no_column(spec, text):
    read = read_value(spec, text)
    if match_word("bool", text) is None:
        assert read.value is read_value(spec, "不清楚").value is None
        assert read.code in {None, P.WORD_UNKNOWN, P.CELL_ERROR}


@pytest.mark.parametrize(
    ("header", "m2"),
    [
        ("*建筑面积", 3),
        ("建筑面积（平方米）*", 3),
        ("【建筑面积】", 3),
        ("建筑面积：", 3),
        ("★建筑面积（㎡）（必填）", 3),
        ("建筑面积(亩)*", 2000),
        ("（必填）建筑面积", 3),
    ],
)
def test_marks_of_forms_around_a_header_are_none_of_its_name(county, header, m2):
    county.csv(f"编号,名称,类型,{header},状态,经度,纬度\nF1,甲,敬老院,3,运营,117.0,35.0483\n")
    study, problems = county.read()
    assert list(study.facilities.frame["floor_area_m2"]) == [pytest.approx(m2)]
    assert not [p for p in problems if p.code in {P.COLUMN_UNKNOWN, P.COLUMN_LIKELY}]


@pytest.mark.parametrize("word", ["累计", "总数", "平均", "最大值", "截至年底累计", "合计数："])
@pytest.mark.parametrize("at", [0, 1])
def test_sums_and_means_in_other_words_are_no_rows(county, word, at):
    cells = ["", "", "", "3", "", "", ""]
    cells[at] = word
    rows = [
        "F1,甲,敬老院,1,运营,117.0,35.0483",
        "F2,乙,敬老院,2,运营,117.0,35.0583",
        ",".join(cells),
    ]
    county.csv("编号,名称,类型,建筑面积,状态,经度,纬度\n" + "\n".join(rows) + "\n")
    study, problems = county.read()
    assert (names_of(study), problems) == (["甲", "乙"], [])
