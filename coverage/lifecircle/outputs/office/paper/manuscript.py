"""A paper for Word, written from top to bottom: headings, text, tables, pictures, contents.

Its parts are gathered as WordprocessingML and read by python-docx once: a table of a thousand rows
takes a moment, where a cell at a time takes a minute. Type comes from styles alone, so that an
office changes it in one place.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any, Literal

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm

from lifecircle.outputs.office.paper.columns import widened, word_width
from lifecircle.outputs.office.paper.document import clean, docx_bytes, new_document
from lifecircle.outputs.office.paper.markup import (
    TWIPS_MM,
    borders,
    code,
    field,
    mark,
    paragraph,
    row,
    runs,
    texts_of,
    twips,
)
from lifecircle.outputs.office.paper.styles import set_styles

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from lifecircle.outputs.office.paper.markup import Cell
    from lifecircle.outputs.office.paper.typeface import Look

__all__ = ["Manuscript"]

_NS = nsdecls("w", "r", "wp")
"""What a document declares at its root anyway; a picture names what more it wants itself."""
_A4 = (11906, 16838)
_CAPTIONS = ("table", "figure")
_WIDE = "\u2003"
"""A blank as wide as a character; the ideographic one is no English."""
_SIDE = 70
"""Twips beside the text of a cell."""
_PAGES = {"{page}": "PAGE", "{pages}": "NUMPAGES"}


class Manuscript:
    """A document in one look, filled from the top.

    Parameters
    ----------
    title
        Of the file's properties.
    day
        Stands for every time in the file.
    captions
        What tables and figures are called.
    """

    def __init__(
        self,
        title: str,
        day: dt.date,
        look: Look,
        captions: Mapping[str, str] | None = None,
    ) -> None:
        self.look, self._day = look, day
        self._document = new_document(title, day)
        self._captions = captions or {"table": "", "figure": ""}
        self._counted = dict.fromkeys(_CAPTIONS, 0)
        self._pictures = self._turned_at = 0
        self._parts: list[str] = []
        self._headings: list[tuple[int, str, str]] = []
        self._contents_at: int | None = None
        self._contents_levels = 2
        self._footers = ""
        set_styles(self._document, look)

    # What a paper has

    def title(self, text: str, under: str = "", before: float = 0.0) -> None:
        """Add the paper's title and a line under it, ``before`` millimetres below the margin."""
        self._parts.append(paragraph(runs(text), "PaperTitle", before=before))
        if under:
            self._parts.append(paragraph(runs(under), "PaperNote", "center"))

    def heading(self, level: int, text: str) -> None:
        """Add a heading of level 1, 2 or 3; those of the first two stand in the contents."""
        anchor = f"_Toc{len(self._headings) + 1:06d}"
        self._headings.append((level, text, anchor))
        number = len(self._headings)
        inner = (
            f'<w:bookmarkStart w:id="{number}" w:name="{anchor}"/>{runs(text)}'
            f'<w:bookmarkEnd w:id="{number}"/>'
        )
        self._parts.append(paragraph(inner, f"Heading{level}"))

    def text(self, text: str) -> None:
        """Add a paragraph."""
        self._parts.append(paragraph(runs(text)))

    def note(self, text: str, align: str = "") -> None:
        """Add a line in small type."""
        self.line(text, "PaperNote", align)

    def line(self, text: str, style: str, align: str = "") -> None:
        """Add a paragraph of a style: ``FormChoice``, ``FormText`` and others of ``styles``."""
        self._parts.append(paragraph(runs(text), style, align))

    def keys(self, found: Iterable[tuple[str, str]]) -> None:
        """Add a legend: a square of each colour and its word."""
        inner = "".join(
            f'<w:r><w:rPr><w:color w:val="{colour.lstrip("#")}"/></w:rPr><w:t>■</w:t></w:r>'
            f"{runs(f' {word}{_WIDE}')}"
            for colour, word in found
        )
        self._parts.append(paragraph(inner, "PaperNote", "center"))

    def contents(self, title: str, levels: int = 2) -> None:
        """Add the table of contents: the headings as links, each with the field of its page.

        Only a program that sets the pages knows their numbers, so the fields are empty: what is
        printed before they are worked out has no number, and so no wrong one. Nothing asks Word to
        do it on opening (``w:dirty``, ``updateFields``): it would ask the reader first, each time
        and in words that sound like a warning, whether the file may be updated from other files.
        """
        self._parts.append(paragraph(runs(title), "PaperTitle"))
        self._contents_at, self._contents_levels = len(self._parts), levels
        self._parts.append("")

    def page_break(self) -> None:
        """Go on with a new page."""
        self._parts.append('<w:p><w:r><w:br w:type="page"/></w:r></w:p>')

    def table(
        self,
        widths: Sequence[float],
        header: Sequence[str],
        rows: Iterable[Sequence[str | Cell]],
        *,
        align: str = "",
        caption: str = "",
        style: str = "TableText",
    ) -> None:
        """Add a ruled table; its head is repeated on every page, no row is parted.

        Parameters
        ----------
        widths
            Of the columns, millimetres; a word that has no room gets some of other columns.
        header
            One text a column; none where a form has no head.
        rows
            One text a column, or cells that together take all columns.
        align
            A letter a column: l, c, r; all l by default.
        caption
            Above it, numbered.
        style
            Of texts whose cell or line has none of its own.
        """
        if caption:
            self._caption("table", caption)
        rows = list(rows)
        wide = self._widths(widths, header, rows, style)
        aligned = align or "l" * len(wide)
        head = row(header, wide, "c" * len(wide), "TableHead", head=True) if header else ""
        body = "".join(row(cells, wide, aligned, style) for cells in rows)
        self._table(wide, f"{head}{body}", borders())

    def _widths(
        self,
        widths: Sequence[float],
        header: Sequence[str],
        rows: Sequence[Sequence[str | Cell]],
        style: str,
    ) -> list[int]:
        """Return the columns' widths in twips: as planned, or as the longest words need."""
        size = self.look.table[1] if style == "TableText" else self.look.note[1]
        heads = header or [""] * len(widths)
        told = zip(*map(texts_of, rows), strict=True) if rows else [()] * len(widths)
        needs = [
            max(word_width([head], self.look.table[1]), word_width(texts, size))
            for head, texts in zip(heads, told, strict=True)
        ]
        beside = 2 * _SIDE / TWIPS_MM
        return [twips(one) for one in widened(widths, [beside + need for need in needs])]

    def _table(self, wide: Sequence[int], rows: str, rules: str) -> None:
        """Add a table of rows that are written; ``wide``: its columns, twips."""
        # columns side by side have no rules; the right one begins a little off the left
        pad = round(20 * self.look.padding)
        room = {"top": pad, "left": _SIDE, "bottom": pad, "right": _SIDE}
        sides = room if rules else {"left": 0, "right": 80}
        margin = "".join(f'<w:{side} w:w="{size}" w:type="dxa"/>' for side, size in sides.items())
        centred = '<w:jc w:val="center"/>' if rules else ""
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in wide)
        self._parts.append(
            f'<w:tbl><w:tblPr><w:tblW w:w="{sum(wide)}" w:type="dxa"/>{centred}{rules}'
            f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margin}</w:tblCellMar></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
        )

    def gap(self) -> None:
        """Add a little room, as Word wants between two tables."""
        spacing = '<w:spacing w:before="0" w:after="0" w:line="120" w:lineRule="exact"/>'
        self._parts.append(f"<w:p><w:pPr>{spacing}</w:pPr></w:p>")

    def picture(self, png: bytes, size: tuple[float, float], told: str) -> None:
        """Add a picture, millimetres wide and tall; ``told`` says what is on it to who cannot see.

        It stays with what follows: its legend and caption (``figure``).
        """
        xml = self._inline(png, size, told)
        self._parts.append(
            '<w:p><w:pPr><w:pStyle w:val="PaperPicture"/><w:keepNext/></w:pPr>'
            f"<w:r>{xml}</w:r></w:p>"
        )

    def figure(self, caption: str) -> None:
        """Add the numbered caption of the picture above."""
        self._caption("figure", caption)

    def beside(
        self,
        widths: tuple[float, float],
        left: Callable[[Manuscript], None],
        right: Callable[[Manuscript], None],
    ) -> None:
        """Set two columns beside each other, each filled by a function of this manuscript."""
        wide = [twips(width) for width in widths]
        filled = zip(wide, (left, right), strict=True)
        cells = "".join(self._filled(width, fill) for width, fill in filled)
        self._table(wide, f"<w:tr>{cells}</w:tr>", "")

    def frame(self, width: float, fill: Callable[[Manuscript], None]) -> None:
        """Rule a frame round what a function of this manuscript writes; no page parts it."""
        wide = twips(width)
        cell = self._filled(wide, fill)
        self._table([wide], f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cell}</w:tr>", borders())

    def _filled(self, width: int, fill: Callable[[Manuscript], None]) -> str:
        """Return a cell, twips wide, that a function of this manuscript fills."""
        outer, self._parts = self._parts, []
        fill(self)
        inner, self._parts = "".join(self._parts), outer
        end = "" if inner.endswith("</w:p>") else "<w:p/>"  # a cell ends with a paragraph
        return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{inner}{end}</w:tc>'

    def turn(self, *, sideways: bool) -> None:
        """Begin a new section; what was written so far stands upright, or sideways.

        Nothing happens where nothing was written since the last turn.
        """
        if self._turned_at == len(self._parts):
            return
        sect = self._section(sideways=sideways)
        self._parts.append(f"<w:p><w:pPr>{sect}</w:pPr></w:p>")
        self._turned_at = len(self._parts)

    def page_numbers(self) -> None:
        """Put page numbers at the foot, outside: 一字线, number, 一字线."""
        self._document.settings.odd_and_even_pages_header_footer = True
        section = self._document.sections[0]
        inner = f"{runs('— ')}{field('PAGE', '1')}{runs(' —')}"
        self._feet(((section.footer, "right"), (section.even_page_footer, "left")), inner)

    def page_line(self, template: str) -> None:
        """Put a line at the foot; ``template`` has the fields ``{page}`` and ``{pages}``."""
        told = re.split(r"(\{pages?\})", template)
        inner = "".join(field(_PAGES[one], "1") if one in _PAGES else runs(one) for one in told)
        self._feet(((self._document.sections[0].footer, "center"),), inner)

    def _feet(self, feet: Iterable[tuple[Any, str]], inner: str) -> None:
        for foot, side in feet:
            made: Any = foot.paragraphs[0]
            told = _parsed(paragraph(inner, "PaperFooter", side))
            made._p.getparent().replace(made._p, told)  # noqa: SLF001
        section = self._document.sections[0]
        found = section._sectPr.findall(qn("w:footerReference"))  # noqa: SLF001
        self._footers = "".join(
            f'<w:footerReference w:type="{one.get(qn("w:type"))}" r:id="{one.get(qn("r:id"))}"/>'
            for one in found
        )

    def file(self, *, sideways: bool = False) -> bytes:
        """Return the Word file, the same for the same parts; ``sideways``: of the last section."""
        if self._contents_at is not None:
            self._parts[self._contents_at] = self._entries()
        whole = "".join((*self._parts, self._section(sideways=sideways)))
        body: Any = self._document.element.body
        # as one piece: moved child by child, each would be matched with all names of the document
        body.getparent().replace(body, parse_xml(f"<w:body {_NS}>{whole}</w:body>"))
        return docx_bytes(self._document, self._day)

    # How it is written

    def _caption(self, kind: Literal["table", "figure"], text: str) -> None:
        self._counted[kind] += 1
        label = self._captions[kind]
        number = field(f"SEQ {label} \\* ARABIC", str(self._counted[kind]))
        inner = f"{runs(f'{label} ')}{number}{runs(f'{_WIDE}{text}')}"
        keep = "<w:keepNext/>" if kind == "table" else ""
        self._parts.append(f'<w:p><w:pPr><w:pStyle w:val="Caption"/>{keep}</w:pPr>{inner}</w:p>')

    def _entries(self) -> str:
        """Return the contents as a field that holds the headings, each as a link to its page."""
        told = [one for one in self._headings if one[0] <= self._contents_levels]
        said = f'TOC \\o "1-{self._contents_levels}" \\h \\z \\u'
        begin = mark("begin") + code(said) + mark("separate")
        lines = []
        for number, (level, text, anchor) in enumerate(told, start=1):
            page = field(f"PAGEREF {anchor} \\h", "")
            inner = f"{runs(text)}<w:r><w:tab/></w:r>{page}"
            link = f'<w:hyperlink w:anchor="{anchor}" w:history="1">{inner}</w:hyperlink>'
            start, end = begin * (number == 1), mark("end") * (number == len(told))
            lines.append(paragraph(f"{start}{link}{end}", f"TOC{level}"))
        return "".join(lines)

    def _section(self, *, sideways: bool) -> str:
        wide, tall = reversed(_A4) if sideways else _A4
        turned = ' w:orient="landscape"' if sideways else ""
        top, right, bottom, left = map(twips, self.look.margins)
        if sideways:  # the head of the sheet is to the left
            top, right, bottom, left = left, top, right, bottom
        foot = max(round(bottom * 0.6), 300)
        return (
            f"<w:sectPr>{self._footers}"
            f'<w:pgSz w:w="{wide}" w:h="{tall}"{turned}/>'
            f'<w:pgMar w:top="{top}" w:right="{right}" w:bottom="{bottom}" w:left="{left}"'
            f' w:header="600" w:footer="{foot}" w:gutter="0"/></w:sectPr>'
        )

    def _inline(self, png: bytes, size: tuple[float, float], told: str) -> str:
        part = self._document.part
        made: Any = part.new_pic_inline(io.BytesIO(png), Mm(size[0]), Mm(size[1]))
        self._pictures += 1
        made.docPr.set("id", str(self._pictures))
        made.docPr.set("name", f"Picture {self._pictures}")
        made.docPr.set("descr", clean(told))
        from lxml import etree  # noqa: PLC0415 - beside python-docx, which loads it

        return f"<w:drawing>{etree.tostring(made, encoding='unicode')}</w:drawing>"


def _parsed(xml: str) -> Any:
    """Return one element of the text of a part."""
    return parse_xml(f"<w:body {_NS}>{xml}</w:body>")[0]
