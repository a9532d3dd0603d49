"""Word files in the office's manner: East Asian fonts, ruled tables, no clock in the bytes."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from lifecircle.outputs.office.excel import plain_text, without_clock
from lifecircle.outputs.office.typeface import ALTERNATIVES, LATIN, OFFICIAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.document import Document as Docx
    from docx.table import Table, _Cell
    from docx.text.paragraph import Paragraph

__all__ = [
    "BODY",
    "HEADING",
    "TITLE",
    "add_row",
    "add_table",
    "clean",
    "docx_bytes",
    "new_document",
    "page_numbers",
    "say",
    "shade",
    "style_run",
    "write",
]

BODY, HEADING, TITLE = OFFICIAL.body[0], OFFICIAL.headings[0][0], OFFICIAL.title[0]
"""East Asian fonts of text, headings and labels, the title: those of the report in Word."""
_LATIN = LATIN
_WIDTH_MM, _HEIGHT_MM = 210, 297
_MARGINS_MM = {"top": 22, "bottom": 20, "left": 20, "right": 20}
_NO_XML = re.compile("[\ufffe\uffff]")
"""Code points that XML forbids besides the control characters."""
_PROPERTY_LONGEST = 255
"""Characters of a document property, as python-docx takes them."""
_RULE = "4"
"""Eighths of a point: half a point, as ruled forms have."""
_LINE = 1.15
_AFTER_PADDING = ("w:tblLook", "w:tblCaption", "w:tblDescription")
_AFTER_BORDERS = ("w:shd", "w:tblLayout", "w:tblCellMar", *_AFTER_PADDING)
_AFTER_FILL = ("w:noWrap", "w:tcMar", "w:textDirection", "w:tcFitText", "w:vAlign", "w:hideMark")
"""What stands behind borders, padding and fill in the schema's sequence."""


def new_document(title: str, day: dt.date) -> Docx:
    """Return an empty A4 document with the fonts set and the properties of ``day``."""
    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(_WIDTH_MM), Mm(_HEIGHT_MM)
    for side, size in _MARGINS_MM.items():
        setattr(section, f"{side}_margin", Mm(size))
    section.footer_distance = Mm(10)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = _LATIN, Pt(10.5)
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    for name, value in (("ascii", _LATIN), ("hAnsi", _LATIN), ("cs", _LATIN), ("eastAsia", BODY)):
        fonts.set(qn(f"w:{name}"), value)
    normal.paragraph_format.space_before = Pt(0)
    normal.paragraph_format.space_after = Pt(0)
    _alternatives(document)
    _as_chinese(document)
    properties = document.core_properties
    moment = dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
    properties.author = properties.last_modified_by = "lifecircle"
    properties.title = clean(title)[:_PROPERTY_LONGEST]
    properties.comments = properties.keywords = ""
    properties.created = properties.modified = moment
    properties.revision = 1
    return document


def _alternatives(document: Docx) -> None:
    """Name in the font table what may stand in for each East Asian font."""
    parts = document.part.rels.values()
    part = next((r.target_part for r in parts if r.reltype == RELATIONSHIP_TYPE.FONT_TABLE), None)
    if part is None:
        return
    root = parse_xml(part.blob)
    for name, others in ALTERNATIVES.items():
        font = OxmlElement("w:font")
        font.set(qn("w:name"), name)
        for tag, value in (("w:altName", others), ("w:charset", "86"), ("w:family", "auto")):
            child = OxmlElement(tag)
            child.set(qn("w:val"), value)
            font.append(child)
        root.append(font)
    # python-docx has no other way to its font table
    part._blob = serialize_part_xml(root)  # noqa: SLF001


def _as_chinese(document: Docx) -> None:
    """Say that East Asian text is simplified Chinese: commas sit low, as mainland type has them."""
    marks = (
        *document.styles.element.iter(qn("w:lang")),
        *document.settings.element.iter(qn("w:themeFontLang")),
    )
    for mark in marks:
        mark.set(qn("w:eastAsia"), "zh-CN")


def clean(text: str) -> str:
    """Return text that XML can hold."""
    return _NO_XML.sub("�", plain_text(text))


def style_run(run: Any, *, font: str = BODY, size: float = 10.5, bold: bool = False) -> None:
    """Give a run its East Asian and Latin font, size in points and weight."""
    run.font.name, run.font.size, run.font.bold = _LATIN, Pt(size), bold
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()  # noqa: SLF001 - w:eastAsia has no API
    for name, value in (("ascii", _LATIN), ("hAnsi", _LATIN), ("cs", _LATIN), ("eastAsia", font)):
        fonts.set(qn(f"w:{name}"), value)


def say(
    paragraph: Paragraph, text: str, *, font: str = BODY, size: float = 10.5, bold: bool = False
) -> None:
    """Add text to a paragraph; its line breaks stay."""
    for number, line in enumerate(clean(text).split("\n")):
        run = paragraph.add_run()
        if number:
            run.add_break()
        run.add_text(line)
        style_run(run, font=font, size=size, bold=bold)


def write(
    cell: _Cell,
    text: str,
    *,
    font: str = BODY,
    size: float = 10.5,
    bold: bool = False,
    align: str = "left",
) -> Paragraph:
    """Write text into a cell's first empty paragraph, or a new one, and return the paragraph."""
    first = cell.paragraphs[0]
    fresh = not first.text and len(cell.paragraphs) == 1
    paragraph: Paragraph = first if fresh else cell.add_paragraph()
    paragraph.alignment = {
        "left": WD_ALIGN_PARAGRAPH.LEFT,
        "center": WD_ALIGN_PARAGRAPH.CENTER,
        "right": WD_ALIGN_PARAGRAPH.RIGHT,
    }[align]
    paragraph.paragraph_format.line_spacing = _LINE
    say(paragraph, text, font=font, size=size, bold=bold)
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    return paragraph


def add_table(
    into: Docx | _Cell, widths_mm: Sequence[float], *, header: Sequence[str] = ()
) -> Table:
    """Add a ruled table of fixed column widths; ``header`` is repeated on every page."""
    table: Table = into.add_table(rows=0, cols=len(widths_mm))
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    properties = table._tbl.tblPr  # noqa: SLF001 - rules and padding have no API
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    rules = "".join(
        f'<w:{side} w:val="single" w:sz="{_RULE}" w:space="0" w:color="000000"/>' for side in sides
    )
    _placed(properties, f"<w:tblBorders {nsdecls('w')}>{rules}</w:tblBorders>", _AFTER_BORDERS)
    padding = "".join(
        f'<w:{side} w:w="{size}" w:type="dxa"/>'
        for side, size in (("top", 40), ("left", 80), ("bottom", 40), ("right", 80))
    )
    _placed(properties, f"<w:tblCellMar {nsdecls('w')}>{padding}</w:tblCellMar>", _AFTER_PADDING)
    for column, width in zip(table.columns, widths_mm, strict=True):
        column.width = Mm(width)
    if header:
        cells = add_row(table, widths_mm)
        for cell, text in zip(cells, header, strict=True):
            write(cell, text, font=HEADING, align="center")
            shade(cell)
        row = table.rows[0]._tr.get_or_add_trPr()  # noqa: SLF001
        row.append(OxmlElement("w:tblHeader"))
    return table


def add_row(table: Table, widths_mm: Sequence[float]) -> tuple[_Cell, ...]:
    """Add a row that no page break parts, and return its cells."""
    row: Any = table.add_row()  # type: ignore[no-untyped-call]
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001
    for cell, width in zip(row.cells, widths_mm, strict=True):
        cell.width = Mm(width)
    cells: tuple[_Cell, ...] = row.cells
    return cells


def shade(cell: _Cell, colour: str = "F2F2F2") -> None:
    """Fill a cell."""
    fill = f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{colour}"/>'
    _placed(cell._tc.get_or_add_tcPr(), fill, _AFTER_FILL)  # noqa: SLF001


def _placed(properties: Any, xml: str, successors: Sequence[str]) -> None:
    """Put an element where the schema wants it: Word calls a file damaged over their order."""
    properties.insert_element_before(parse_xml(xml), *successors)


def page_numbers(document: Docx, template: str) -> None:
    """Put page numbers at the foot; ``template`` has the fields ``{page}`` and ``{pages}``."""
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    codes = {"{page}": "PAGE", "{pages}": "NUMPAGES"}
    rest = template
    while rest:
        at, mark = min(((rest.find(m), m) for m in codes if m in rest), default=(len(rest), ""))
        if at:
            say(paragraph, rest[:at], size=9)
        if mark:
            _field(paragraph, codes[mark])
        rest = rest[at + len(mark) :]


def _field(paragraph: Paragraph, code: str) -> None:
    for kind in ("begin", "code", "separate", "text", "end"):
        run = paragraph.add_run()
        style_run(run, size=9)
        if kind == "code":
            part = OxmlElement("w:instrText")
            part.set(qn("xml:space"), "preserve")
            part.text = code
            run._element.append(part)  # noqa: SLF001
        elif kind == "text":
            run.add_text("1")
        else:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._element.append(mark)  # noqa: SLF001


def docx_bytes(document: Docx, day: dt.date) -> bytes:
    """Return the file's bytes, the same for the same document."""
    return without_clock(document.save, day)
