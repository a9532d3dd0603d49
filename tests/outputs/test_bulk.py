"""Rows in bulk: the very bytes that the same rows come to as cells."""

import datetime as dt
import math
import re
import zipfile
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.outputs.office.bulk import AtLeast, BulkRows, Shown
from lifecircle.outputs.office.excel import book_bytes, first_worksheet, new_book

DAY = dt.date(2024, 6, 30)
TEXTS = ("", " 甲 ", "=1+1", "-", "a<b & c>d", "一\n二\r三", "\x0b", "\ufffe", "#N/A", "x" * 40)
VALUE = st.one_of(
    st.sampled_from([None, math.nan, True, 1, 0, -3, 1e300, 0.1 + 0.2, 2.5, *TEXTS]),
    st.builds(AtLeast, st.sampled_from([1.0, 2.5])),
    st.builds(np.int64, st.integers(0, 9)),
    st.builds(np.float64, st.sampled_from([0.25, math.nan])),
    st.text(max_size=12),
    st.floats(allow_nan=True, allow_infinity=False),
)
FORMATS = (None, "#,##0", '"≥ "#,##0')
COLUMN = st.builds(Shown, st.booleans(), st.sampled_from([5.0, 12.0]), st.sampled_from(FORMATS))
TEXT = " 甲&乙"
PLAIN = Shown(wrap=False, width=9, number_format=None)
WRAPPED = Shown(wrap=True, width=12, number_format=None)


@st.composite
def tables(draw):
    columns = draw(st.lists(COLUMN, min_size=1, max_size=4))
    row = st.lists(VALUE, min_size=len(columns), max_size=len(columns))
    return columns, draw(st.lists(row, max_size=6))


def written(columns, rows, *, in_bulk):
    book = new_book()
    bulk = BulkRows(first_worksheet(book, "甲"), columns)
    for number, row in enumerate(rows, start=1):
        (bulk.add if in_bulk and 1 < number < len(rows) else bulk.put)(number, row)
    return book_bytes(book, DAY)


@given(tables())
@settings(max_examples=40, deadline=None)
def test_rows_in_bulk_are_the_bytes_of_rows_of_cells(table):
    assert written(*table, in_bulk=True) == written(*table, in_bulk=False)


def test_a_number_keeps_its_digits_and_a_text_its_blanks():
    bulk = BulkRows(first_worksheet(new_book(), "甲"), [PLAIN, WRAPPED])
    bulk.add(2, [0.1 + 0.2, TEXT])
    assert bulk.below(None).decode() == (
        '<row r="2">'
        '<c r="A2" s="1" t="n"><v>0.3</v></c>'
        '<c r="B2" s="2" t="inlineStr">'
        '<is><t xml:space="preserve"> &#30002;&amp;&#20057;</t></is></c>'
        "</row>"
    )


def test_a_row_in_bulk_that_is_touched_as_cells_is_refused():
    """Else it stands twice in the file, which Excel calls damaged."""
    book = new_book()
    sheet = first_worksheet(book, "甲")
    bulk = BulkRows(sheet, [WRAPPED])
    bulk.add(2, [TEXT])
    bulk.put(3, [TEXT])
    sheet.cell(2, 1).number_format = "0"
    with pytest.raises(ValueError, match="row 2 of 甲"):
        book_bytes(book, DAY)


def test_merged_cells_stand_in_order():
    """openpyxl's set of them has another order in every process."""
    book = new_book()
    sheet = first_worksheet(book, "甲")
    rows = (9, 2, 40, 7, 1, 33)
    for row in rows:
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=2)
    with zipfile.ZipFile(BytesIO(book_bytes(book, DAY))) as archive:
        text = archive.read("xl/worksheets/sheet1.xml").decode()
    assert re.findall(r'mergeCell ref="A(\d+):B', text) == [str(row) for row in sorted(rows)]
