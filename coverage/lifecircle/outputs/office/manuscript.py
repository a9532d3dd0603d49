"""A paper for Word, written from top to bottom: headings, text, tables, pictures, contents.

Its parts are gathered as WordprocessingML and read by python-docx once: a table of a thousand rows
takes a moment, where a cell at a time takes a minute. Type comes from styles alone, so that an
office changes it in one place.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Literal
from xml.sax.saxutils import escape, quoteattr

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm

from lifecircle.outputs.office.styles import set_styles
from lifecircle.outputs.office.word import clean, docx_bytes, new_document

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from lifecircle.outputs.office.typeface import Look

__all__ = ["Manuscript"]

_NS = nsdecls("w", "r", "wp")
"""What a document declares at its root anyway; a picture names what more it wants itself."""
_TWIPS_MM = 1440 / 25.4
_A4 = (11906, 16838)
_ALIGN = {"l": "left", "c": "center", "r": "right"}
_CAPTIONS = ("table", "figure")


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

    def title(self, text: str, under: str = "") -> None:
        """Add the paper's title, and a line under it."""
        self._parts.append(_paragraph(_runs(text), "PaperTitle"))
        if under:
            self._parts.append(_paragraph(_runs(under), "PaperNote", "center"))

    def heading(self, level: int, text: str) -> None:
        """Add a heading of level 1, 2 or 3; those of the first two stand in the contents."""
        mark = f"_Toc{len(self._headings) + 1:06d}"
        self._headings.append((level, text, mark))
        number = len(self._headings)
        inner = (
            f'<w:bookmarkStart w:id="{number}" w:name="{mark}"/>{_runs(text)}'
            f'<w:bookmarkEnd w:id="{number}"/>'
        )
        self._parts.append(_paragraph(inner, f"Heading{level}"))

    def text(self, text: str) -> None:
        """Add a paragraph."""
        self._parts.append(_paragraph(_runs(text)))

    def note(self, text: str, align: str = "") -> None:
        """Add a line in small type."""
        self._parts.append(_paragraph(_runs(text), "PaperNote", align))

    def keys(self, found: Iterable[tuple[str, str]]) -> None:
        """Add a legend: a square of each colour and its word."""
        inner = "".join(
            f'<w:r><w:rPr><w:color w:val="{colour.lstrip("#")}"/></w:rPr><w:t>■</w:t></w:r>'
            f"{_runs(f' {word}　')}"
            for colour, word in found
        )
        self._parts.append(_paragraph(inner, "PaperNote", "center"))

    def contents(self, title: str, levels: int = 2) -> None:
        """Add the table of contents; its page numbers are the reader's program's to fill in."""
        self._parts.append(_paragraph(_runs(title), "PaperTitle"))
        self._contents_at, self._contents_levels = len(self._parts), levels
        self._parts.append("")

    def page_break(self) -> None:
        """Go on with a new page."""
        self._parts.append('<w:p><w:r><w:br w:type="page"/></w:r></w:p>')

    def table(
        self,
        widths: Sequence[float],
        header: Sequence[str],
        rows: Iterable[Sequence[str]],
        *,
        align: str = "",
        caption: str = "",
    ) -> None:
        """Add a ruled table; its head is repeated on every page, no row is parted.

        Parameters
        ----------
        widths
            Of the columns, millimetres.
        align
            A letter a column: l, c, r; all l by default.
        caption
            Above it, numbered.
        """
        if caption:
            self._caption("table", caption)
        twips = [round(width * _TWIPS_MM) for width in widths]
        sides = "".join(
            f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        margin = "".join(
            f'<w:{side} w:w="{size}" w:type="dxa"/>'
            for side, size in (("top", 25), ("left", 70), ("bottom", 25), ("right", 70))
        )
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in twips)
        head = _row(header, twips, "c" * len(twips), "TableHead", "<w:tblHeader/>", "F2F2F2")
        aligned = align or "l" * len(twips)
        body = "".join(_row(row, twips, aligned, "TableText") for row in rows)
        self._parts.append(
            f'<w:tbl><w:tblPr><w:tblW w:w="{sum(twips)}" w:type="dxa"/><w:jc w:val="center"/>'
            f'<w:tblBorders>{sides}</w:tblBorders><w:tblLayout w:type="fixed"/>'
            f"<w:tblCellMar>{margin}</w:tblCellMar></w:tblPr>"
            f"<w:tblGrid>{grid}</w:tblGrid>{head}{body}</w:tbl>"
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
        cells = []
        for width, fill in zip(widths, (left, right), strict=True):
            outer, self._parts = self._parts, []
            fill(self)
            inner, self._parts = "".join(self._parts), outer
            twips = round(width * _TWIPS_MM)
            end = "" if inner.endswith("</w:p>") else "<w:p/>"  # a cell ends with a paragraph
            cells.append(
                f'<w:tc><w:tcPr><w:tcW w:w="{twips}" w:type="dxa"/></w:tcPr>{inner}{end}</w:tc>'
            )
        twips_all = [round(width * _TWIPS_MM) for width in widths]
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in twips_all)
        self._parts.append(
            f'<w:tbl><w:tblPr><w:tblW w:w="{sum(twips_all)}" w:type="dxa"/>'
            '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="0" w:type="dxa"/>'
            '<w:right w:w="80" w:type="dxa"/></w:tblCellMar></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid><w:tr>{''.join(cells)}</w:tr></w:tbl>"
        )

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
        for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
            paragraph: Any = footer.paragraphs[0]
            inner = f"{_runs('— ')}{_field('PAGE', '1')}{_runs(' —')}"
            made = _paragraph(inner, "PaperFooter", side)
            paragraph._p.getparent().replace(paragraph._p, _parsed(made))  # noqa: SLF001
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
        number = _field(f"SEQ {label} \\* ARABIC", str(self._counted[kind]))
        inner = f"{_runs(f'{label} ')}{number}{_runs(f'　{text}')}"
        keep = "<w:keepNext/>" if kind == "table" else ""
        self._parts.append(f'<w:p><w:pPr><w:pStyle w:val="Caption"/>{keep}</w:pPr>{inner}</w:p>')

    def _entries(self) -> str:
        """Return the contents as a field that holds the headings, each with its page."""
        told = [one for one in self._headings if one[0] <= self._contents_levels]
        lines = []
        for number, (level, text, mark) in enumerate(told):
            begin = ""
            if number == 0:
                code = f'TOC \\o "1-{self._contents_levels}" \\h \\z \\u'
                begin = _mark("begin", dirty=True) + _code(code) + _mark("separate")
            page = "<w:r><w:tab/></w:r>" + _field(f"PAGEREF {mark} \\h", "")
            link = f'<w:hyperlink w:anchor="{mark}" w:history="1">{_runs(text)}{page}</w:hyperlink>'
            end = _mark("end") if number == len(told) - 1 else ""
            lines.append(_paragraph(f"{begin}{link}{end}", f"TOC{level}"))
        return "".join(lines)

    def _section(self, *, sideways: bool) -> str:
        wide, tall = reversed(_A4) if sideways else _A4
        turned = ' w:orient="landscape"' if sideways else ""
        top, right, bottom, left = (round(mm * _TWIPS_MM) for mm in self.look.margins)
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


def _runs(text: str) -> str:
    """Return text as a run; its line breaks stay."""
    lines = clean(text).split("\n")
    inner = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in lines)
    return f"<w:r>{inner}</w:r>"


def _paragraph(inner: str, style: str = "", align: str = "") -> str:
    named = f"<w:pStyle w:val={quoteattr(style)}/>" if style else ""
    placed = f'<w:jc w:val="{align}"/>' if align else ""
    properties = f"<w:pPr>{named}{placed}</w:pPr>" if named or placed else ""
    return f"<w:p>{properties}{inner}</w:p>"


def _row(
    texts: Sequence[str],
    widths: Sequence[int],
    align: str,
    style: str,
    more: str = "",
    fill: str = "",
) -> str:
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}'
        '<w:vAlign w:val="center"/></w:tcPr>'
        f"{_paragraph(_runs(text), style, _ALIGN[place])}</w:tc>"
        for text, width, place in zip(texts, widths, align, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{more}</w:trPr>{cells}</w:tr>"


def _field(code: str, shown: str) -> str:
    return f"{_mark('begin')}{_code(code)}{_mark('separate')}{_runs(shown)}{_mark('end')}"


def _mark(kind: str, *, dirty: bool = False) -> str:
    stale = ' w:dirty="true"' if dirty else ""
    return f'<w:r><w:fldChar w:fldCharType="{kind}"{stale}/></w:r>'


def _code(code: str) -> str:
    return f'<w:r><w:instrText xml:space="preserve"> {escape(code)} </w:instrText></w:r>'
