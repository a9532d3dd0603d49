"""Paragraph styles of a paper, out of its look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt

from lifecircle.outputs.office.paper.markup import twips
from lifecircle.outputs.office.paper.typeface import LATIN

if TYPE_CHECKING:
    from docx.document import Document as Docx

    from lifecircle.outputs.office.paper.typeface import Look

__all__ = ["set_styles"]


def set_styles(document: Docx, look: Look) -> None:
    """Give a document the paragraph styles of a look: title, headings, text, tables, notes."""
    styles = document.styles
    _style(styles["Normal"], *look.body, line=look.line, indent=look.indent)
    for level, (font, size) in enumerate(look.headings, start=1):
        heading = styles[f"Heading {level}"]
        indent = look.indent
        _style(
            heading, font, size, line=look.line, indent=indent, keep=True, space=(look.above, 0.0)
        )
    _style(_new(document, "PaperTitle"), *look.title, align="center", keep=True, space=(0.0, 4.0))
    note = _new(document, "PaperNote")
    _style(note, *look.note, line=look.small_line, space=(1.0, 1.0))
    caption = styles["Caption"]
    _style(caption, look.headings[0][0], look.note[1], align="center", space=(5.0, 3.0))
    _style(_new(document, "PaperPicture"), *look.note, align="center")
    _style(_new(document, "PaperFooter"), "宋体", look.page_number)
    _style(_new(document, "TableText"), *look.table, line=look.small_line)
    head = (look.headings[0][0], look.table[1])
    _style(_new(document, "TableHead"), *head, line=look.small_line, align="center")
    _forms(document, look)
    for level in (1, 2):
        entry = _new(document, f"TOC {level}", f"TOC{level}")
        _style(entry, look.body[0], look.body[1] * 0.75, line=look.line * 0.58)
        entry.paragraph_format.left_indent = Pt(look.body[1] * 2 * (level - 1))
        properties = entry.element.get_or_add_pPr()
        end = twips(look.width)
        stop = f'<w:tab w:val="right" w:leader="dot" w:pos="{end}"/>'
        tabs = f"<w:tabs {nsdecls('w')}>{stop}</w:tabs>"
        properties.insert_element_before(parse_xml(tabs), "w:spacing", "w:ind", "w:jc")


def _forms(document: Docx, look: Look) -> None:
    """Add the styles of forms: strong and small text in tables, lists, choices, what is signed."""
    heading, (font, size) = look.headings[0][0], look.body
    _style(_new(document, "TableStrong"), heading, look.table[1], line=look.small_line)
    _style(_new(document, "TableSmall"), *look.note, line=round(look.note[1] * 1.32, 1))
    _style(_new(document, "FormChoice"), heading, size + 3.5, align="center", space=(4.0, 4.0))
    _style(_new(document, "FormText"), font, size + 1.5)
    _style(_new(document, "FormLabel"), heading, size + 1.5)
    listed = _new(document, "PaperList")
    _style(listed, *look.body, line=look.line)
    listed.paragraph_format.left_indent = Pt(2 * size)
    listed.paragraph_format.first_line_indent = Pt(-2 * size)


def _new(document: Docx, name: str, key: str = "") -> Any:
    made: Any = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    made.element.set(qn("w:styleId"), key or name)
    made.base_style = None
    return made


def _style(
    style: Any,
    font: str,
    size: float,
    *,
    line: float | None = None,
    indent: int = 0,
    align: str = "",
    keep: bool = False,
    space: tuple[float, float] = (0.0, 0.0),
) -> None:
    """Set a paragraph style: nothing of the template's colours and theme fonts is left.

    ``space``: points before and after it.
    """
    element = style.element
    for old in (element.find(qn("w:rPr")), element.find(qn("w:pPr"))):
        if old is not None:
            element.remove(old)
    fonts = "".join(
        f' w:{name}="{value}"'
        for name, value in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", font), ("cs", LATIN))
    )
    half = round(2 * size)
    run = (
        f'<w:rFonts{fonts}/><w:color w:val="000000"/><w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'
    )
    spacing = f'w:before="{round(20 * space[0])}" w:after="{round(20 * space[1])}"'
    if line is not None:
        spacing += f' w:line="{round(20 * line)}" w:lineRule="exact"'
    paragraph = "<w:keepNext/><w:keepLines/>" if keep else ""
    paragraph += f"<w:spacing {spacing}/>"
    if indent:
        paragraph += (
            f'<w:ind w:firstLineChars="{100 * indent}" w:firstLine="{round(20 * size * indent)}"/>'
        )
    if align:
        paragraph += f'<w:jc w:val="{align}"/>'
    level = element.get(qn("w:styleId"), "")
    if level.startswith("Heading"):
        paragraph += f'<w:outlineLvl w:val="{int(level[-1]) - 1}"/>'
    for xml in (
        f"<w:pPr {nsdecls('w')}>{paragraph}</w:pPr>",
        f"<w:rPr {nsdecls('w')}>{run}</w:rPr>",
    ):
        element.append(parse_xml(xml))
