"""Whatever bytes a ledger's file holds: a table, or a problem that says why there is none."""

import io
import zipfile

import numpy as np
import openpyxl
import pytest
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifecircle.model.problem import ProblemCode, Severity
from lifecircle.sources.tables.files import read_table

HEADERS = frozenset({"名称", "户数", "建筑面积"})
ROWS = [["台账", None, None], ["名称", "户数", "建筑面积"], ["东园", 5, 100.5], ["西园", 6, None]]


def as_xlsx():
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    book.active.merge_cells("A1:C1")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def as_xls():
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("a")
    for i, row in enumerate(ROWS):
        for j, value in enumerate(row):
            if value is not None:
                page.write(i, j, value)
    page.merge(0, 0, 0, 2)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def as_ods(content=None):
    names = " ".join(
        f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"'
        for n in ("office", "table", "text")
    )
    rows = "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{v}</text:p></table:table-cell>" for v in row)
        + "</table:table-row>"
        for row in ROWS
    )
    whole = f"<office:document {names}><table:table>{rows}</table:table></office:document>"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", whole if content is None else content)
    return stream.getvalue()


FILES = {
    "a.csv": "名称,户数,建筑面积\n东园,5,100\n".encode("gb18030"),
    "a.xlsx": as_xlsx(),
    "a.xls": as_xls(),
    "a.ods": as_ods(),
}


def holds(path):
    table, problems = read_table(path, name="residential", headers=HEADERS)
    assert all(p.code in set(ProblemCode) for p in problems)
    if table is None:
        assert any(p.severity is Severity.ERROR for p in problems)
        return
    assert len(table.frame) == len(table.rows) == len(set(table.rows.tolist()))
    assert table.frame.columns.is_unique
    assert set(table.letters) == set(table.frame.columns)
    assert (np.diff(table.rows) > 0).all()
    for header, rows in table.shared.items():
        assert header in table.frame
        assert all(0 <= at < len(table) and count > 1 for at, (_, count) in rows.items())


QUICK = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.mark.parametrize("name", FILES)
@given(content=st.binary(max_size=300))
@QUICK
def test_any_bytes(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    holds(tmp_path / name)


@pytest.mark.parametrize("name", FILES)
@given(data=st.data())
@QUICK
def test_a_damaged_file(tmp_path, name, data):
    content = bytearray(FILES[name])
    for _ in range(data.draw(st.integers(0, 8))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(len(content) // 2, len(content)))
    (tmp_path / name).write_bytes(bytes(content[:end]))
    holds(tmp_path / name)


@given(
    st.lists(
        st.lists(
            st.one_of(
                st.none(),
                st.integers(-5, 10**13),
                st.floats(),
                st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=5),
                st.sampled_from(["名称", "户数", "建筑面积", "合计", "规划", "数量", "#N/A"]),
            ),
            max_size=5,
        ),
        max_size=8,
    ),
    st.lists(st.tuples(*[st.integers(1, 6)] * 4), max_size=3),
)
@QUICK
def test_any_sheet_with_any_merged_blocks(tmp_path, rows, blocks):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([None if v != v else v for v in row])  # noqa: PLR0124 - NaN
    for north, west, down, across in blocks:
        book.active.merged_cells.add(
            openpyxl.worksheet.cell_range.CellRange(
                min_row=north, min_col=west, max_row=north + down, max_col=west + across
            ).coord
        )
    book.save(tmp_path / "a.xlsx")
    holds(tmp_path / "a.xlsx")


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=200))
@QUICK
def test_any_content_of_an_open_document(tmp_path, content):
    (tmp_path / "a.ods").write_bytes(as_ods(content))
    holds(tmp_path / "a.ods")


def test_entities_that_expand_without_end_are_refused(tmp_path):
    laughs = '<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 20}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True)
    )
    (tmp_path / "a.ods").write_bytes(as_ods(f"<!DOCTYPE x [{laughs}]><x>&j;</x>"))
    table, (problem,) = read_table(tmp_path / "a.ods", name="residential")
    assert table is None
    assert problem.code in {ProblemCode.FILE_UNREADABLE, ProblemCode.CONTENT_REFUSED}
