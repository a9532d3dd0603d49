"""图纸目录: the list of drawings, the first pages of an atlas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lifecircle.outputs.sheets.drawing.canvas import Canvas
from lifecircle.outputs.sheets.drawing.frame import draw_title
from lifecircle.outputs.sheets.paper import A3, Box, Page

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lifecircle.outputs.sheets.drawing.fonts import Font

__all__ = ["ListedSheet", "draw_lists"]

_ROW = 7.0
_SIZE = 3.0
_SHARES = (0.16, 0.6, 0.24)
_COLUMNS = 2
_BETWEEN = 10.0


@dataclass(frozen=True, slots=True)
class ListedSheet:
    """One line of the list: number, title, scale; of a sheet that is not drawn, why."""

    number: str
    title: str
    scale: str


def draw_lists(
    font: Font, study: str, title: str, heads: Sequence[str], rows: Sequence[ListedSheet]
) -> Iterator[Canvas]:
    """Yield the pages of the list, lying A3, two columns a page."""
    page = Page(*A3)
    body = Box(
        page.border.x + 6,
        page.foot.top + 4,
        page.border.width - 12,
        page.title.y - page.foot.top - 10,
    )
    room = int(body.height / _ROW) - 1
    for start in range(0, len(rows), room * _COLUMNS):
        canvas = Canvas(page, font)
        draw_title(canvas, study, title, "")
        shown = rows[start : start + room * _COLUMNS]
        width = (body.width - _BETWEEN) / _COLUMNS
        for n in range(0, len(shown), room):
            x = body.x + (n // room) * (width + _BETWEEN)
            _column(canvas, Box(x, body.y, width, body.height), heads, shown[n : n + room])
        yield canvas


def _column(canvas: Canvas, box: Box, heads: Sequence[str], rows: Sequence[ListedSheet]) -> None:
    lines = [tuple(heads), *((row.number, row.title, row.scale) for row in rows)]
    top = box.top
    for n, cells in enumerate(lines):
        x = box.x
        for share, cell in zip(_SHARES, cells, strict=True):
            wide = share * box.width
            fill = {"facecolor": "#e9ecef"} if n == 0 else {}
            canvas.box(Box(x, top - _ROW, wide, _ROW), width=0.15, **fill)
            words = canvas.font.printable(cell)
            size = _SIZE
            while canvas.font.width(words, size) > wide - 3 and size > 2:  # noqa: PLR2004
                size -= 0.1
            canvas.text(
                x + 1.5,
                top - _ROW / 2,
                canvas.font.cut(words, size, wide - 3),
                size,
                valign="center_baseline",
            )
            x += wide
        top -= _ROW
