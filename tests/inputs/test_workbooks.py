"""Workbooks that Excel and WPS open, however they look and whatever they are called."""

import datetime as dt
import io
import re
import struct
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
import xlwt
import xlwt.CompoundDoc  # else there only once a workbook was saved
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifecircle.intake.ledger import columns as columns_module
from lifecircle.intake.study import check_study
from lifecircle.model.problem import ProblemCode, Severity
from lifecircle.outputs.checkup.grid import grid_of
from lifecircle.outputs.checkup.ledger_copy import write_ledger_copies
from lifecircle.sources.raw import RawTable
from lifecircle.sources.rule_sheet import read_rule_sheet
from lifecircle.sources.tables.files import read_table

INPUTS = Path(__file__).parent
HEADERS = frozenset({"设施名称", "设施类型", "建筑面积"})
ROWS = [["设施名称", "设施类型", "建筑面积"], ["甲", "日间照料中心", 300]]


def as_read(name):
    study, problems = check_study(INPUTS / name)
    return study, [p for p in problems if p.severity is not Severity.INFO]


@pytest.mark.parametrize(
    "name",
    [
        "strict-ooxml",
        "font-family-34",
        "formatted-to-the-bottom",
        "xls-is-tab-text",
        "xls-is-xml-2003",
        "ok-wps-dimension-a1",
        "ok-filter-nonblank",
        "ok-date-system-1904",
    ],
)
def test_the_one_facility_of_a_workbook_is_read(name):
    study, problems = as_read(name)
    assert problems == []
    (row,) = study.facilities.frame.itertuples()
    assert (row.Index, row.name, row.floor_area_m2, row.stage) == (
        "F1",
        "甲日间照料中心",
        300.0,
        "in_use",
    )
    assert row.kinds == {"day_care"}


def test_the_date_system_of_1904_keeps_its_year():
    study, _ = as_read("ok-date-system-1904")
    assert study.facilities.frame["opened_year"].tolist() == [2012.0]


def test_a_web_page_called_a_workbook_is_told_what_it_is():
    study, (problem,) = as_read("ok-xls-is-html")
    assert study is None
    assert (problem.code, problem.params) == (
        ProblemCode.FILE_UNREADABLE,
        {"detail": "web_page"},
    )


def book_bytes(rows=ROWS, title="设施"):
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def changed(data, change):
    """Return a workbook whose parts were passed through ``change(name, content)``."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            found = change(name, old.read(name).decode())
            if found is not None:
                new.writestr(zipfile.ZipInfo(found[0]), found[1], zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def told(path, data, **options):
    path.write_bytes(data)
    table, problems = read_table(path, name="facilities", headers=HEADERS, **options)
    assert table is not None, problems
    return table


def replaced(part, old, new):
    def change(name, content):
        if name == part:
            assert old in content
            content = content.replace(old, new)
        return name, content

    return change


def without_styles(name, content):
    return None if name == "xl/styles.xml" else (name, content)


def backslashed(name, content):
    return name.replace("/", "\\"), content


def capitalised(name, content):
    return name.replace("sheet1", "Sheet1"), content.replace(
        "worksheets/sheet1", "worksheets/sheet1"
    )


def with_bad_looks(name, content):
    if name == "xl/worksheets/sheet1.xml":
        content = content.replace(
            "</sheetData>",
            '</sheetData><conditionalFormatting sqref="A1"><cfRule type="beyond" priority="1"/>'
            '</conditionalFormatting><hyperlinks><hyperlink ref="A1" r:id="rId99"'
            ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/>'
            "</hyperlinks>",
        ).replace(
            "<sheetViews>",
            '<sheetViews><sheetView workbookViewId="0"><pane state="odd" xSplit="-1"/></sheetView>',
        )
    return name, content


LOOKS = {
    "an empty fill": replaced("xl/styles.xml", "<fills", "<fills><fill/></fills><fills"),
    "no styles": without_styles,
    "styles that are no XML": lambda n, c: (n, c[:-20] if n == "xl/styles.xml" else c),
    "an unknown number format": replaced(
        "xl/styles.xml", "<fonts", '<numFmts><numFmt numFmtId="many"/></numFmts><fonts'
    ),
    "unknown conditions, panes, links": with_bad_looks,
    "backslashes in the archive": backslashed,
    "capitals in the archive": capitalised,
}


@pytest.mark.parametrize("change", LOOKS.values(), ids=LOOKS)
def test_values_need_no_looks(tmp_path, change):
    table = told(tmp_path / "a.xlsx", changed(book_bytes(), change))
    assert table.frame.to_numpy().tolist() == [ROWS[1]]
    assert (table.header_row, table.rows.tolist(), table.letters["建筑面积"]) == (1, [2], "C")


STRICT = {
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main": (
        "http://purl.oclc.org/ooxml/spreadsheetml/main"
    ),
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
        "http://purl.oclc.org/ooxml/officeDocument/relationships"
    ),
}


def strict(name, content):
    for old, new in STRICT.items():
        content = content.replace(old, new)
    return name, content


def test_the_strict_form_has_its_merged_blocks_dates_and_texts(tmp_path):
    book = openpyxl.Workbook()
    for row in [
        ["镇街", *ROWS[0], "投用"],
        ["夏镇", *ROWS[1], dt.datetime(2012, 5, 1)],  # noqa: DTZ001 - of a cell
        [None, "乙"],
    ]:
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    stream = io.BytesIO()
    book.save(stream)
    table = told(tmp_path / "a.xlsx", changed(stream.getvalue(), strict))
    assert table.frame["镇街"].tolist() == ["夏镇", "夏镇"]
    assert table.frame["投用"].iloc[0] == dt.datetime(2012, 5, 1)  # noqa: DTZ001 - of a cell
    assert table.shared == {"镇街": {0: (0, 2), 1: (0, 2)}}


@pytest.mark.parametrize("number", [14, 27, 31, 57])
def test_built_in_formats_of_chinese_programs_show_dates(tmp_path, number):
    # 44,927 is 2023-01-01: 44,926 days after 1900-01-01 counted as 1, with the day too many of 1900
    change = replaced("xl/styles.xml", '<xf numFmtId="0"', f'<xf numFmtId="{number}"')
    table = told(tmp_path / "a.xlsx", changed(book_bytes([["设施名称"], [44927]]), change))
    assert table.frame["设施名称"].tolist() == [dt.datetime(2023, 1, 1)]  # noqa: DTZ001 - of a cell


def test_texts_that_only_are_called_workbooks_are_read(tmp_path):
    lines = "设施名称\t设施类型\t建筑面积\n甲\t日间照料中心\t300\n"
    for text, encoding in (
        (lines, "utf-16"),
        (lines.replace("\t", ","), "gb18030"),
        (lines.replace("\t", ";"), "utf-8-sig"),
    ):
        table = told(tmp_path / "a.xls", text.encode(encoding))
        assert table.frame.to_numpy().tolist() == [["甲", "日间照料中心", "300"]]


XML = """<?xml version="1.0" encoding="{encoding}"?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:x="urn:schemas-microsoft-com:office:excel">
<Worksheet ss:Name="设施"><Table><Column ss:Index="2"/>
<Row ss:Index="3"><Cell><Data ss:Type="String">镇街</Data></Cell>
<Cell ss:Index="3"><Data ss:Type="String">设施名称</Data></Cell>
<Cell><Data ss:Type="String">建筑面积</Data></Cell></Row>
<Row><Cell ss:MergeDown="1"><Data ss:Type="String">夏镇</Data></Cell>
<Cell ss:Index="3"><Data ss:Type="String">甲</Data></Cell>
<Cell><Data ss:Type="Number">300</Data></Cell></Row>
<Row><Cell ss:Index="3"><Data ss:Type="String">乙</Data></Cell>
<Cell><Data ss:Type="Number">12.5</Data></Cell></Row>
</Table></Worksheet></Workbook>"""


@pytest.mark.parametrize(("declared", "encoding"), [("UTF-8", "utf-8"), ("gb2312", "gb18030")])
def test_xml_of_2003_keeps_places_and_merged_blocks(tmp_path, declared, encoding):
    data = XML.format(encoding=declared).encode(encoding)
    table = told(tmp_path / "a.xls", data)
    assert table.frame.to_dict("list") == {
        "镇街": ["夏镇", "夏镇"],
        "设施名称": ["甲", "乙"],
        "建筑面积": [300, 12.5],
    }
    assert (table.rows.tolist(), table.letters["建筑面积"]) == ([4, 5], "D")


def test_the_old_form_is_read_under_the_name_of_wps(tmp_path):
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("设施")
    for at, row in enumerate(ROWS):
        for column, value in enumerate(row):
            page.write(at, column, value)
    stream = io.BytesIO()
    book.save(stream)
    table = told(tmp_path / "a.et", stream.getvalue())
    assert table.frame.to_numpy().tolist() == [ROWS[1]]


def test_a_row_of_no_height_and_a_column_of_no_width_are_hidden(tmp_path):
    def change(name, content):
        content = content.replace('<row r="2"', '<row r="2" ht="0" customHeight="1"')
        cols = '<cols><col min="3" max="16384" width="0"/></cols><sheetData>'
        return name, content.replace("<sheetData>", cols)

    table = told(tmp_path / "a.xlsx", changed(book_bytes(), change))
    assert (table.hidden, table.hidden_headers) == ({0}, ("建筑面积",))


def test_a_workbook_called_text_is_read(tmp_path):
    assert told(tmp_path / "a.csv", book_bytes()).frame.to_numpy().tolist() == [ROWS[1]]


def test_entities_in_a_workbook_are_refused(tmp_path):
    change = replaced(
        "xl/worksheets/sheet1.xml", "<worksheet", '<!DOCTYPE x [<!ENTITY a "b">]><worksheet'
    )
    (tmp_path / "a.xlsx").write_bytes(changed(book_bytes(), change))
    table, (problem,) = read_table(tmp_path / "a.xlsx", name="facilities")
    assert (table, problem.params) == (None, {"detail": "xml_entities"})


# Formats that reach to the end of the sheet


def formatted(to):
    """Return a workbook with formats without a value in the cells that ``to`` writes."""
    return changed(
        book_bytes(), replaced("xl/worksheets/sheet1.xml", "</sheetData>", f"{to}</sheetData>")
    )


LAST_ROW = '<row r="1048576"><c r="A1048576" s="0"/></row>'
LAST_COLUMN = "".join(f'<row r="{r}"><c r="XFD{r}" s="0"/></row>' for r in range(3, 600))
ALL_ROWS = "".join(f'<row r="{r}" s="0"><c r="A{r}" s="0"/></row>' for r in range(3, 30_000))


@pytest.mark.parametrize("to", [LAST_ROW, LAST_COLUMN, ALL_ROWS], ids=["row", "column", "all"])
def test_formats_without_values_cost_nothing(tmp_path, to):
    data = formatted(to)
    tracemalloc.start()
    try:
        table = told(tmp_path / "a.xlsx", data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert table.frame.to_numpy().tolist() == [ROWS[1]]
    assert peak < 20e6  # bytes; the file unpacks to 5 MB at most


def test_a_value_in_the_last_cell_is_read_and_a_wide_waste_of_them_refused(tmp_path):
    alone = '<row r="1048576"><c r="A1048576" t="str"><v>乙</v></c></row>'
    table = told(tmp_path / "a.xlsx", formatted(alone))
    assert table.rows.tolist() == [2, 1_048_576]
    wide = LAST_COLUMN.replace("/></row>", ' t="str"><v>x</v></c></row>')
    (tmp_path / "a.xlsx").write_bytes(formatted(wide))
    table, (problem,) = read_table(tmp_path / "a.xlsx", name="facilities")
    assert (table, problem.params) == (None, {"detail": "too_large"})


# What openpyxl reads of a workbook without odd looks, this reads too

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=6),
    st.datetimes(dt.datetime(1901, 1, 1), dt.datetime(2100, 1, 1)).map(  # noqa: DTZ001
        lambda d: d.replace(microsecond=0)
    ),
)


@given(rows=st.lists(st.lists(VALUES, max_size=5), min_size=1, max_size=6))
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_values_and_places_are_those_of_another_reader(tmp_path, rows):
    rows = [[None if isinstance(v, str) and v.startswith("=") else v for v in row] for row in rows]
    (tmp_path / "a.xlsx").write_bytes(book_bytes([["设施名称", "二", "三", "四", "五"], *rows]))
    table, _ = read_table(tmp_path / "a.xlsx", name="facilities", headers=HEADERS)
    page = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    for at, number in enumerate(table.rows):
        for header, letter in table.letters.items():
            there = page[f"{letter}{number}"].value
            there = (there.strip() or None) if isinstance(there, str) else there
            here = table.frame[header].iloc[at]
            if re.search("_x[0-9A-Fa-f]{4}_", str(there)):
                continue  # an escape, which openpyxl leaves as it stands
            assert here == there
            assert type(here) is type(there)


def test_a_rule_sheet_is_read_by_its_values_and_not_with_a_lost_formula(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "标准"
    book.active.append(["id", "xian-2024"])
    clauses = book.create_sheet("条款")
    clauses.append(["编号", "数值"])
    clauses.append(["XX-01", 25])
    stream = io.BytesIO()
    book.save(stream)
    path = tmp_path / "rules.xlsx"
    path.write_bytes(changed(stream.getvalue(), strict))
    assert read_rule_sheet(path) == {
        "id": "xian-2024",
        "clauses": {"XX-01": {"versions": [{"value": 25}]}},
    }
    clauses["B2"] = "=20+5"
    book.save(path)
    with pytest.raises(ValueError, match=r"条款 B2: =20\+5"):
        read_rule_sheet(path)


def test_what_cannot_be_copied_with_its_looks_is_not_marked(tmp_path):
    from lifecircle.intake.checking import inspect_study  # noqa: PLC0415

    for name in ("study.toml", "areas.geojson"):
        (tmp_path / name).write_bytes((INPUTS / "strict-ooxml" / name).read_bytes())
    rows = [["编号", "设施名称", "设施类型", "建筑面积", "状态", "经度", "纬度"]]
    rows.append(["F1", "甲", "日间照料中心", "很大", "运营", 117.0, 35.048])
    (tmp_path / "f.xlsx").write_bytes(changed(book_bytes(rows), with_bad_looks))
    checkup = inspect_study(tmp_path)
    assert ProblemCode.NUMBER_UNREADABLE in {p.code for p in checkup.problems}
    assert write_ledger_copies(checkup, tmp_path / "out") == {}


# Formulas of the old form that nobody computed


def old_book(*, formulas, engine=None, uncalced=False):
    """Return an ``.xls`` of one area a row, its m² a formula with a result, or a plain number.

    Parameters
    ----------
    formulas
        One a row: the result as eight bytes; None for the number 300.
    engine
        What the record RECALCID says of who computed it; None: no such record.
    """
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("设施")
    for column, header in enumerate(ROWS[0]):
        page.write(0, column, header)
    for row, result in enumerate(formulas, 1):
        page.write(row, 0, f"站{row}")
        page.write(row, 1, "托老所")
        page.write(row, 2, 300 if result is None else xlwt.Formula(f"{row}00+200"))
    if engine is not None:
        records = book._Workbook__refresh_all_rec
        record = struct.pack("<2H2HI", 0x1C1, 8, 0x1C1, 0, engine)
        book._Workbook__refresh_all_rec = lambda: records() + record
    data = book.get_biff_data()
    unset = struct.pack("<Q", 0xFFFF000000000003)
    for result in formulas:
        if result is not None:
            at = data.index(unset)
            data = data[:at] + result + data[at + 8 :]
    if uncalced:  # the one worksheet is the last part: nothing behind it moves
        at = data.rindex(struct.pack("<2H", 0x809, 16)) + 20
        data = data[:at] + struct.pack("<3H", 0x5E, 2, 0) + data[at:]
    stream = io.BytesIO()
    xlwt.CompoundDoc.XlsDoc().save(stream, data)
    return stream.getvalue()


BLANK, ZERO, SUM = struct.pack("<Q", 0xFFFF000000000103), *(struct.pack("<d", v) for v in (0, 600))


@pytest.mark.parametrize(
    ("formulas", "marks", "lost", "values"),
    [
        ([BLANK], {}, [0], [None]),
        ([ZERO, None], {}, [0], [None, 300]),
        ([ZERO, BLANK], {"engine": 0}, [0, 1], [None, None]),
        ([SUM, ZERO], {}, [], [600, 0]),  # who computed one computed all
        ([ZERO], {"engine": 191029}, [], [0]),  # Excel says that it did
        ([BLANK, None], {"engine": 191029}, [], [None, 300]),
        ([SUM, None], {"engine": 191029, "uncalced": True}, [0], [None, 300]),
        ([SUM], {"uncalced": True}, [0], [None]),
        ([None], {}, [], [300]),
    ],
)
def test_formulas_of_the_old_form_never_computed_are_told(tmp_path, formulas, marks, lost, values):
    table = told(tmp_path / "a.xls", old_book(formulas=formulas, **marks))
    assert table.frame["建筑面积"].tolist() == values
    assert table.uncomputed == {(row, "建筑面积"): "=…" for row in lost}


def test_a_stray_cell_in_the_last_corner_does_not_fill_the_marked_copy():
    book = openpyxl.Workbook()
    book.active.append(["a", 1])
    book.active["XFD1048576"] = "x"
    assert grid_of(book, ["Sheet"]) == {
        ("Sheet", "A1"): "a",
        ("Sheet", "B1"): 1,
        ("Sheet", "XFD1048576"): "x",
    }
    assert len(book.active._cells) == 3


def test_many_columns_nobody_knows_are_not_each_held_against_every_word(monkeypatch):
    compared = []
    monkeypatch.setattr(columns_module, "_likeness", lambda _, header: compared.append(header))
    known = {"设施名称": ["甲"], "设施类型": ["托老所"]}
    frame = pd.DataFrame(known | {f"列{n}": ["1"] for n in range(2000)}, dtype=object)
    headers, problems = columns_module.map_columns(
        RawTable("facilities", "t.csv", frame, np.array([2])), {}
    )
    assert (headers["name"], headers["kinds"]) == ("设施名称", "设施类型")
    (unread,) = [p for p in problems if p.code is ProblemCode.COLUMN_UNKNOWN]
    assert len(unread.params["columns"]) == 2000
    assert len(set(compared)) == 300


@pytest.mark.parametrize(
    ("code", "value", "read"),
    [
        ('0"亩"', 3, "3亩"),
        ('#,##0.00"公顷"', 0.03, "0.03公顷"),
        ("0\\亩", 3, "3亩"),
        ('0.0"万㎡"', 1.2, "1.2万㎡"),
        ('General"亩"', 3, "3亩"),
        ('0!.0,"万"', 12000, 12000),  # shown as 1.2万: the comma scales
        ('0"㎡"', 300, 300),
        ("0.00_ ", 300, 300),
        ('#,##0"平方米"', 1200, 1200),
    ],
)
def test_a_number_is_read_with_the_larger_unit_it_is_shown_in(tmp_path, code, value, read):
    book = openpyxl.Workbook()
    for row in (ROWS[0], ["甲", "日间照料中心", value]):
        book.active.append(row)
    book.active["C2"].number_format = code
    book.save(tmp_path / "a.xlsx")
    assert told(tmp_path / "a.xlsx", (tmp_path / "a.xlsx").read_bytes()).frame[
        "建筑面积"
    ].tolist() == [read]
