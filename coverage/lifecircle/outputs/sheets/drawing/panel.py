"""The column beside the map: scale, results, legend, list, notes; the signature at its foot."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from matplotlib import rc_context

from lifecircle.outputs.sheets.drawing.canvas import points
from lifecircle.outputs.sheets.drawing.surfaces import HATCH_WIDTH, SYMBOL
from lifecircle.outputs.sheets.paper import Box

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lifecircle.outputs.sheets.contents.content import Shade, Table
    from lifecircle.outputs.sheets.drawing.canvas import Canvas

__all__ = ["SIGNATURE", "Panel", "signature"]

SIGNATURE = 32.0
"""Height of the signature box, mm."""
_TEXT = 2.45
_HEAD = 2.9
_SIGNED = (2.4, 2.2, 2.0, 1.8)
_LEAST = 0.66
"""A full column is set smaller, down to this share of its size (1.6 mm letters)."""

_HEIGHTS = (4.0, 3.7, 3.4, 3.2)
"""Heights of a row of the list, the first at which all rows fit, mm."""

_Row = tuple[float, "Callable[[Canvas, float, float, float, float], None]"]


@dataclass
class Panel:
    """Rows of the column from top to bottom; drawn once all are known, smaller if need be."""

    canvas: Canvas
    box: Box
    rows: list[_Row] = field(default_factory=list)
    table: Table | None = None
    more: Callable[[int], str] | None = None

    def add(
        self, height: float, draw: Callable[[Canvas, float, float, float, float], None]
    ) -> None:
        """Add a row: ``draw(canvas, x, top, width, k)``, all lengths inside times ``k``."""
        self.rows.append((height, draw))

    def gap(self, height: float) -> None:
        """Leave paper free."""
        self.add(height, lambda *_: None)

    def head(self, text: str) -> None:
        """Add a heading."""

        def draw(canvas: Canvas, x: float, top: float, width: float, k: float) -> None:
            canvas.text(x, top - 3.1 * k, canvas.font.cut(text, _HEAD * k, width), _HEAD * k)
            canvas.line((x, x + width), (top - 4.3 * k, top - 4.3 * k), 0.15)

        self.gap(1.2)
        self.add(5.6, draw)

    def text(self, text: str, size: float = _TEXT, colour: str = "#1d242c", lines: int = 9) -> None:
        """Add a paragraph, broken into lines."""
        for line in self.canvas.font.wrap(
            self.canvas.font.printable(text), size, self.box.width, lines
        ):
            self.add(size * 1.42, _line(line, size, colour))
        self.gap(0.5)

    def shade(self, shade: Shade, *, surface: bool, symbol: bool) -> None:
        """Add a class of areas: swatch, symbol, its name, and how many there are."""

        def draw(canvas: Canvas, x: float, top: float, width: float, k: float) -> None:
            middle = top - 2.3 * k
            swatch = 7.5 * k
            if surface:
                with rc_context({"hatch.linewidth": points(HATCH_WIDTH)}):
                    canvas.box(
                        Box(x, middle - 1.6 * k, swatch, 3.2 * k),
                        alpha=shade.look.strength,
                        width=shade.look.width,
                        line=shade.look.line,
                        facecolor=shade.look.fill,
                        hatch=shade.look.hatch or None,
                    )
            if symbol:
                dot = shade.look.symbol == "."
                canvas.paper.scatter(
                    [x + (swatch + 2.4 * k if surface else swatch / 2)],
                    [middle],
                    s=(points(SYMBOL) * k) ** 2 * (0.35 if dot else 1.0),
                    marker="o" if dot else shade.look.symbol,
                    facecolors=shade.look.fill,
                    edgecolors=shade.look.line,
                    linewidths=points(0.2),
                    zorder=4,
                )
            start = x + swatch + (4.8 if surface and symbol else 1.8) * k
            note = canvas.font.width(shade.note, 2.2 * k)
            room = x + width - start - note - 1.5
            label = canvas.font.cut(shade.label, _TEXT * k, room)
            canvas.text(start, middle, label, _TEXT * k, valign="center_baseline")
            canvas.text(
                x + width,
                middle,
                shade.note,
                2.2 * k,
                align="right",
                valign="center_baseline",
                colour="#4a545e",
            )

        self.add(4.7, draw)

    def keys(self, entries: Sequence[tuple[str, Callable[[float, float, float], None]]]) -> None:
        """Add symbols with their names, two to a line; ``draw(x, y, k)`` draws at a middle."""
        half = self.box.width / 2
        pairs: list[list[tuple[str, Any]]] = []
        for entry in entries:
            long = self.canvas.font.width(entry[0], _TEXT) > half - 7.5
            room = pairs and len(pairs[-1]) == 1 and not long
            alone = pairs and self.canvas.font.width(pairs[-1][0][0], _TEXT) > half - 7.5
            if room and not alone:
                pairs[-1].append(entry)
            else:
                pairs.append([entry])
        for pair in pairs:
            self.add(4.7, _key_row(pair, half))

    def rows_of(self, table: Table, more: Callable[[int], str]) -> None:
        """Put ``table`` at the end: as many rows as there is paper, then how many are not told."""
        self.table, self.more = table, more

    def draw(self) -> float:
        """Draw everything into the box from its top; return the height left free (mm)."""
        wanted = sum(height for height, _ in self.rows)
        least = 6 * 4.0 if self.table is not None else 0.0
        k = min(1.0, max(_LEAST, (self.box.height - least) / wanted)) if wanted else 1.0
        top = self.box.top
        for height, draw in self.rows:
            if top - height * k < self.box.y - 1e-6:
                break
            draw(self.canvas, self.box.x, top, self.box.width, k)
            top -= height * k
        if self.table is not None:
            top = self._draw_table(top)
        return top - self.box.y

    def grid(self, table: Table) -> None:
        """Add a table that is printed whole, a row a line."""
        edges = _edges(self.box, table)
        for n, row in enumerate([table.heads, *table.rows]):
            self.add(3.7, _grid_row(row, edges, table.left, 2.2, head=n == 0))
        self.gap(0.8)

    def _draw_table(self, top: float) -> float:
        table, canvas, box = self.table, self.canvas, self.box
        if table is None or self.more is None:
            return top
        free = top - box.y
        wanted = [h for h in _HEIGHTS if (len(table.rows) + 1) * h <= free]
        height = wanted[0] if wanted else _HEIGHTS[-1]
        room = max(int(free / height) - 1, 0)
        # of a list that is too long one line says how many are not told
        shown = table.rows if len(table.rows) <= room else table.rows[: max(room - 1, 0)]
        edges, size = _edges(box, table), height * 0.6
        for n, row in enumerate([table.heads, *shown]):
            draw = _grid_row(row, edges, table.left, size, head=n == 0, height=height)
            draw(canvas, box.x, top, box.width, 1.0)
            top -= height
        rest = len(table.rows) - len(shown)
        if rest:
            canvas.text(box.x, top - height * 0.75, self.more(rest), size)
            top -= height
        return top


def _edges(box: Box, table: Table) -> list[float]:
    edges = [box.x]
    for share in table.shares:
        edges.append(edges[-1] + share * box.width)
    return edges


def _grid_row(
    row: Sequence[str],
    edges: Sequence[float],
    left: int,
    size: float,
    *,
    head: bool,
    height: float = 3.7,
) -> Any:
    """Return what draws one row; the first ``left`` cells begin left, figures end right."""

    def draw(canvas: Canvas, x: float, top: float, width: float, k: float) -> None:
        tall, letters = height * k, size * k
        if head:
            canvas.box(Box(x, top - tall, width, tall), width=0.0, line="none", facecolor="#e9ecef")
        for m, cell in enumerate(row):
            room = edges[m + 1] - edges[m] - 0.8
            words = canvas.font.printable(cell)
            # a long name is set smaller before it is cut
            wide = canvas.font.width(words, letters)
            fitted = letters * min(1.0, max(0.75, room / wide)) if wide else letters
            canvas.text(
                edges[m] + 0.4 if m < left else edges[m + 1] - 0.4,
                top - tall / 2,
                canvas.font.cut(words, fitted, room),
                fitted,
                align="left" if m < left else "right",
                valign="center_baseline",
            )
        canvas.line((x, x + width), (top - tall, top - tall), 0.08, "#aab1b8")

    return draw


def _line(text: str, size: float, colour: str) -> Any:
    def draw(canvas: Canvas, x: float, top: float, width: float, k: float) -> None:
        del width
        canvas.text(x, top - size * 1.05 * k, text, size * k, colour=colour)

    return draw


def _key_row(pair: Sequence[tuple[str, Any]], half: float) -> Any:
    def draw(canvas: Canvas, x: float, top: float, width: float, k: float) -> None:
        middle = top - 2.35 * k
        for n, (label, symbol) in enumerate(pair):
            left = x + n * half
            symbol(left + 2.6 * k, middle, k)
            room = (half if len(pair) > 1 else width) - 6.2 * k
            canvas.text(
                left + 6.2 * k,
                middle,
                canvas.font.cut(label, _TEXT * k, room),
                _TEXT * k,
                valign="center_baseline",
            )

    return draw


def signature(canvas: Canvas, box: Box, entries: Sequence[tuple[str, str]]) -> None:
    """Draw the box at the foot: label and value a row; empty values leave room to write.

    A long value has two lines and a higher row.
    """
    canvas.box(box, width=0.25)
    label_width = max(canvas.font.width(label, 2.4) for label, _ in entries) + 3.0
    room = box.width - label_width - 2.5
    values = []
    for _, value in entries:
        clean = canvas.font.printable(value)
        size = next(
            (s for s in _SIGNED if len(canvas.font.wrap(clean, s, room)) <= 2),  # noqa: PLR2004
            _SIGNED[-1],
        )
        values.append((canvas.font.balanced(clean, size, room), size))
    parts = [1.0 if len(lines) < 2 else 1.45 for lines, _ in values]  # noqa: PLR2004
    top = box.top
    for (label, _), (lines, size), part in zip(entries, values, parts, strict=True):
        height = box.height * part / sum(parts)
        middle = top - height / 2
        canvas.text(box.x + 1.5, middle, label, 2.4, valign="center_baseline")
        canvas.text(
            box.x + label_width + 1.5, middle, "\n".join(lines), size, valign="center", lines=1.15
        )
        top -= height
        canvas.line((box.x, box.right), (top, top), 0.12)
    canvas.line((box.x + label_width,) * 2, (box.y, box.top), 0.12)
