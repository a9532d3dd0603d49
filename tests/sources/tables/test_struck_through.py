"""Struck-through rows of OpenDocument sheets: by cell, row, column, text or a named look."""

from __future__ import annotations

import zipfile

import pytest

from lifecircle.sources.books.ods import OpenDocument

SPACES = " ".join(
    f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"'
    for n in ("office", "table", "text", "style")
)
LINE = '<style:text-properties style:text-line-through-style="solid"/>'
NONE = '<style:text-properties style:text-line-through-style="none"/>'


def look(name, inside, *, family="table-cell", parent=None):
    above = f' style:parent-style-name="{parent}"' if parent else ""
    return f'<style:style style:name="{name}" style:family="{family}"{above}>{inside}</style:style>'


def cell(text="甲", look=None, times=1):
    own = f' table:style-name="{look}"' if look else ""
    return (
        f'<table:table-cell{own} table:number-columns-repeated="{times}">'
        f"<text:p>{text}</text:p></table:table-cell>"
    )


def row(*cells, look=None, times=1):
    own = f' table:default-cell-style-name="{look}"' if look else ""
    return (
        f'<table:table-row{own} table:number-rows-repeated="{times}">{"".join(cells)}'
        "</table:table-row>"
    )


def struck(path, rows, *, looks="", named=None, columns=""):
    """Return the rows, from 0, that are told as struck through."""
    table = f'<table:table table:name="a">{columns}{"".join(rows)}</table:table>'
    with zipfile.ZipFile(path, "w") as archive:
        if named:
            archive.writestr("styles.xml", f"<office:x {SPACES}>{named}</office:x>")
        archive.writestr("content.xml", f"<office:x {SPACES}>{looks}{table}</office:x>")
    return sorted(OpenDocument(path).page("a").struck_rows)


@pytest.mark.parametrize(
    ("rows", "given", "told"),
    [
        ([row(cell(look="s", times=3)), row(cell(times=3))], {"looks": look("s", LINE)}, [0]),
        # most of its values, not half of them
        ([row(cell(look="s", times=2), cell())], {"looks": look("s", LINE)}, [0]),
        ([row(cell(look="s"), cell())], {"looks": look("s", LINE)}, []),
        ([row(cell(look="s", times=3))], {"looks": look("s", NONE)}, []),
        ([row(cell(look="s", times=3))], {"looks": look("s", LINE, family="text")}, []),
        # runs of equal rows, written once
        ([row(cell()), row(cell(look="s"), times=2)], {"looks": look("s", LINE)}, [1, 2]),
        # what the row or the column says of cells that say nothing themselves
        ([row(cell(times=2), look="s")], {"looks": look("s", LINE)}, [0]),
        ([row(cell(look="t", times=2), look="s")], {"looks": look("s", LINE)}, []),
        (
            [row(cell())],
            {
                "looks": look("s", LINE),
                "columns": '<table:table-column table:default-cell-style-name="s"/>',
            },
            [0],
        ),
        # a look that has a name, and one made after it
        ([row(cell(look="n"))], {"named": look("n", LINE)}, [0]),
        (
            [row(cell(look="s")), row(cell(look="t"))],
            {
                "named": look("n", LINE),
                "looks": look("s", "", parent="n") + look("t", NONE, parent="n"),
            },
            [0],
        ),
        # the text in the cell: all of it, or a part
        (
            [row(cell('<text:span text:style-name="T1">甲</text:span>'))],
            {"looks": look("T1", LINE, family="text")},
            [0],
        ),
        (
            [row(cell('<text:span text:style-name="T1">甲</text:span>乙'))],
            {"looks": look("T1", LINE, family="text")},
            [],
        ),
    ],
)
def test_a_row_is_struck_through_where_most_of_its_values_are(tmp_path, rows, given, told):
    assert struck(tmp_path / "a.ods", rows, **given) == told
