"""Pieces of WordprocessingML: runs, paragraphs, fields, the cells and rows of tables.

A piece is text; ``manuscript`` joins them and reads the whole once. Names of styles are those of
``styles``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal
from xml.sax.saxutils import escape, quoteattr

from lifecircle.outputs.office.paper.document import clean
from lifecircle.outputs.office.paper.typeface import RULE_COLOUR, RULE_POINTS, SHADE

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "TWIPS_MM",
    "Block",
    "Cell",
    "Line",
    "borders",
    "code",
    "field",
    "label",
    "mark",
    "paragraph",
    "row",
    "runs",
    "texts_of",
    "twips",
]

TWIPS_MM = 1440 / 25.4
_ALIGN = {"l": "left", "c": "center", "r": "right"}


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of a cell; an empty ``style`` is that of the table.

    Parameters
    ----------
    align
        l, c or r; that of the column by default.
    before
        Room above it, millimetres.
    """

    text: str
    style: str = ""
    align: str = ""
    before: float = 0.0


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of more than one look.

    Parameters
    ----------
    span
        Columns that it takes.
    block
        Of cells below each other that are one: the first has the text, the others go on.
    """

    lines: tuple[Line, ...]
    span: int = 1
    shaded: bool = False
    block: Block = ""


Block = Literal["", "first", "on"]


def label(text: str) -> Cell:
    """Return a cell that names what stands beside it."""
    return Cell((Line(text, "TableHead", "c"),), shaded=True)


def texts_of(cells: Sequence[str | Cell]) -> list[str]:
    """Return what stands in each column of a row; nothing of cells that take several."""
    told: list[str] = []
    for one in cells:
        if isinstance(one, Cell):
            told += ["\n".join(line.text for line in one.lines) if one.span == 1 else ""]
            told += [""] * (one.span - 1)
        else:
            told.append(one)
    return told


def twips(mm: float) -> int:
    """Return millimetres in twentieths of a point."""
    return round(mm * TWIPS_MM)


@lru_cache(maxsize=1 << 14)
def runs(text: str) -> str:
    """Return text as a run; its line breaks stay."""
    lines = clean(text).split("\n")
    inner = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in lines)
    return f"<w:r>{inner}</w:r>"


def paragraph(
    inner: str, style: str = "", align: str = "", before: float = 0.0, *, keep: bool = False
) -> str:
    """Return a paragraph; ``align``: left, center, right; ``before``: millimetres above it.

    ``keep``: on the page of what follows; in a table, its row on that of the next.
    """
    named = _named(style) if style else ""
    kept = "<w:keepNext/>" if keep else ""
    room = f'<w:spacing w:before="{twips(before)}"/>' if before else ""
    placed = f'<w:jc w:val="{align}"/>' if align else ""
    said = f"{named}{kept}{room}{placed}"
    return f"<w:p>{f'<w:pPr>{said}</w:pPr>' if said else ''}{inner}</w:p>"


@cache
def _named(style: str) -> str:
    return f"<w:pStyle w:val={quoteattr(style)}/>"


def row(
    cells: Sequence[str | Cell],
    widths: Sequence[int],
    align: str,
    style: str,
    *,
    head: bool = False,
) -> str:
    """Return a row that no page break parts; ``head``: shaded, and said again on every page.

    A head stays with the row below it: alone at the foot of a page it says nothing.

    ``widths``: of the columns, twips; ``align``: a letter a column.
    """
    at, told = 0, []
    for one in cells:
        cell = one if isinstance(one, Cell) else Cell((Line(one),), shaded=head)
        wide = sum(widths[at : at + cell.span])
        told.append(_cell(cell, wide, align[at], style, keep=head))
        at += cell.span
    again = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{again}</w:trPr>{''.join(told)}</w:tr>"


def _cell(cell: Cell, width: int, align: str, style: str, *, keep: bool) -> str:
    wide = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
    block = {"": "", "first": '<w:vMerge w:val="restart"/>', "on": "<w:vMerge/>"}[cell.block]
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{SHADE}"/>' if cell.shaded else ""
    inner = "".join(
        paragraph(
            runs(line.text),
            line.style or style,
            _ALIGN[line.align or align],
            line.before,
            keep=keep,
        )
        for line in cell.lines or (Line(""),)  # a cell ends with a paragraph
    )
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{wide}{block}{shade}'
        f'<w:vAlign w:val="center"/></w:tcPr>{inner}</w:tc>'
    )


def borders() -> str:
    """Return the rules of a table, as ruled forms have them."""
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    eighths = round(8 * RULE_POINTS)
    look = f'w:val="single" w:sz="{eighths}" w:space="0" w:color="{RULE_COLOUR}"'
    told = (f"<w:{one} {look}/>" for one in sides)
    return f"<w:tblBorders>{''.join(told)}</w:tblBorders>"


def field(said: str, shown: str) -> str:
    """Return a field of a code, with what is shown until a program works it out."""
    return f"{mark('begin')}{code(said)}{mark('separate')}{runs(shown)}{mark('end')}"


def mark(kind: str) -> str:
    """Return the begin, the middle or the end of a field."""
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def code(said: str) -> str:
    """Return the code of a field."""
    return f'<w:r><w:instrText xml:space="preserve"> {escape(said)} </w:instrText></w:r>'
