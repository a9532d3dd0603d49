"""Paragraph styles of a paper, out of its look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt
from docx.styles.style import ParagraphStyle

from lifecircle.outputs.office.paper.markup import twips
from lifecircle.outputs.office.paper.typeface import LATIN, faces

if TYPE_CHECKING:
    from docx.document import Document as Docx

    from lifecircle.outputs.office.paper.typeface import Look

__all__ = ["set_styles"]


def set_styles(document: Docx, look: Look) -> None:
    """Give a document the paragraph styles of a look: title, headings, text, tables, notes."""
    styles, face = document.styles, faces(look)
    _style(styles["Normal"], *face["Normal"], line=look.line, indent=look.indent)
    for level in range(1, len(look.headings) + 1):
        name = f"Heading {level}"
        how: dict[str, Any] = {"line": look.line, "indent": look.indent, "keep": True}
        _style(styles[name], *face[name], space=(look.above, 0.0), **how)
    title = _new(document, "PaperTitle")
    _style(title, *face["PaperTitle"], align="center", keep=True, space=(0.0, 4.0))
    note = _new(document, "PaperNote")
    _style(note, *face["PaperNote"], line=look.small_line, space=(1.0, 1.0))
    _style(styles["Caption"], *face["Caption"], align="center", space=(5.0, 3.0))
    _style(_new(document, "PaperPicture"), *face["PaperPicture"], align="center")
    _style(_new(document, "PaperFooter"), *face["PaperFooter"])
    _style(_new(document, "TableText"), *face["TableText"], line=look.small_line)
    head = _new(document, "TableHead")
    _style(head, *face["TableHead"], line=look.small_line, align="center")
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
    face, size = faces(look), look.body[1]
    _style(_new(document, "TableStrong"), *face["TableStrong"], line=look.small_line)
    _style(_new(document, "TableSmall"), *face["TableSmall"], line=round(look.note[1] * 1.32, 1))
    choice = _new(document, "FormChoice")
    _style(choice, *face["FormChoice"], align="center", space=(4.0, 4.0))
    _style(_new(document, "FormText"), *face["FormText"])
    _style(_new(document, "FormLabel"), *face["FormLabel"])
    listed = _new(document, "PaperList")
    _style(listed, *face["PaperList"], line=look.line)
    listed.paragraph_format.left_indent = Pt(2 * size)
    listed.paragraph_format.first_line_indent = Pt(-2 * size)


def _new(document: Docx, name: str, key: str = "") -> Any:
    # as ``styles.add_style`` does, but for asking each style there is for its name
    element = document.styles.element.add_style_of_type(
        name, WD_STYLE_TYPE.PARAGRAPH, builtin=False
    )
    made: Any = ParagraphStyle(element)
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
