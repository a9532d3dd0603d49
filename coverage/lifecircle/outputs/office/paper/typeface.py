"""Type: the fonts, sizes, rules and margins of office papers, and what stands in for a font.

One table for all: styles of Word (``styles``), cells of workbooks (``ruled``) and drawn forms read
``faces``, ``RULE_POINTS`` and ``SHADE`` here, so that one change reaches every paper.

``OFFICIAL`` is the manner of GB/T 9704 for papers that are read, ``DENSE`` that of the one page,
``FORM`` that of what is filled in, ticked and signed. Fonts that a computer lacks are replaced by
the first of their ``ALTERNATIVES`` that it has: Word, WPS and others read them from the font table.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "ALTERNATIVES",
    "DENSE",
    "FORM",
    "FORM_BODY",
    "FORM_HEADING",
    "FORM_TITLE",
    "LATIN",
    "OFFICIAL",
    "RULE_COLOUR",
    "RULE_POINTS",
    "SHADE",
    "Look",
    "faces",
    "on_every_desk",
]

FORM_BODY, FORM_HEADING, FORM_TITLE = "仿宋", "黑体", "宋体"
"""East Asian fonts of forms: text, headings and labels, the title."""
LATIN = "Times New Roman"
ALTERNATIVES = {
    "方正小标宋简体": "FZXiaoBiaoSong-B05S,宋体,SimSun,STSong,Noto Serif CJK SC",
    "仿宋_GB2312": "仿宋,FangSong,STFangsong,Noto Serif CJK SC",
    "楷体_GB2312": "楷体,KaiTi,STKaiti,Noto Serif CJK SC",
    FORM_BODY: "FangSong,仿宋_GB2312,STFangsong,Noto Serif CJK SC",
    FORM_HEADING: "SimHei,STHeiti,Noto Sans CJK SC",
    FORM_TITLE: "SimSun,STSong,Noto Serif CJK SC",
}
"""What stands in where a font is not installed (Word, WPS, macOS, Linux)."""
_SHIPPED = frozenset({"宋体", "黑体", "仿宋", "楷体"})
"""Fonts that every Chinese Windows has, and WPS brings."""

RULE_POINTS, RULE_COLOUR = 0.5, "000000"
"""Rules of a table, on every side of every cell."""
SHADE = "F2F2F2"
"""Ground of headings and labels in a table."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a paper is set: millimetres, points, East Asian fonts.

    Parameters
    ----------
    margins
        Top, right, bottom, left.
    line, small_line
        Pitch of lines in the text, and in tables and notes: fixed, so that a page holds as much
        whichever font stands in.
    title, headings, body, table, note
        Font and size; the headings level by level.
    indent
        Characters that a paragraph begins with.
    above, padding
        Room above a heading, and above and below the text of a cell, points.
    """

    margins: tuple[float, float, float, float]
    line: float
    small_line: float
    title: tuple[str, float]
    headings: tuple[tuple[str, float], ...]
    body: tuple[str, float]
    table: tuple[str, float]
    note: tuple[str, float]
    page_number: float
    indent: int
    above: float
    padding: float

    @property
    def width(self) -> float:
        """Width of the text on an upright A4."""
        return 210.0 - self.margins[1] - self.margins[3]


OFFICIAL = Look(
    margins=(37.0, 26.0, 35.0, 28.0),
    line=28.95,
    small_line=14.0,
    title=("方正小标宋简体", 22.0),
    headings=((FORM_HEADING, 16.0), ("楷体_GB2312", 16.0), ("仿宋_GB2312", 16.0)),
    body=("仿宋_GB2312", 16.0),
    table=("仿宋_GB2312", 9.5),
    note=("仿宋_GB2312", 10.5),
    page_number=14.0,
    indent=2,
    above=0.0,
    padding=1.25,
)
"""二号小标宋 over 三号仿宋 on 28 characters by 22 lines; 一、黑体, （一）楷体, 1.仿宋."""

DENSE = Look(
    margins=(12.0, 14.0, 11.0, 14.0),
    line=14.0,
    small_line=10.6,
    title=("方正小标宋简体", 18.0),
    headings=((FORM_HEADING, 11.0), (FORM_HEADING, 10.5), (FORM_HEADING, 10.0)),
    body=("仿宋_GB2312", 10.0),
    table=("仿宋_GB2312", 8.0),
    note=("仿宋_GB2312", 8.0),
    page_number=9.0,
    indent=0,
    above=3.0,
    padding=1.25,
)
"""One page that is read standing."""

FORM = Look(
    margins=(22.0, 20.0, 20.0, 20.0),
    line=17.0,
    small_line=14.0,
    title=("方正小标宋简体", 20.0),
    headings=((FORM_HEADING, 12.0), (FORM_HEADING, 10.5), (FORM_HEADING, 10.5)),
    body=("仿宋_GB2312", 10.5),
    table=("仿宋_GB2312", 10.5),
    note=("仿宋_GB2312", 9.0),
    page_number=9.0,
    indent=0,
    above=8.0,
    padding=2.0,
)
"""Ruled forms in 五号, with small type (小五) for quotes and reasons."""


def faces(look: Look) -> dict[str, tuple[str, float]]:
    """Return style → East Asian font and size in points: every style of a look."""
    strong, (body, size) = look.headings[0][0], look.body
    return {
        "Normal": look.body,
        **{f"Heading {level}": one for level, one in enumerate(look.headings, start=1)},
        "PaperTitle": look.title,
        "PaperNote": look.note,
        "Caption": (strong, look.note[1]),
        "PaperPicture": look.note,
        "PaperFooter": (FORM_TITLE, look.page_number),
        "PaperList": look.body,
        "TableText": look.table,
        "TableHead": (strong, look.table[1]),
        "TableStrong": (strong, look.table[1]),
        "TableSmall": look.note,
        "FormChoice": (strong, size + 3.5),
        "FormText": (body, size + 1.5),
        "FormLabel": (strong, size + 1.5),
    }


def on_every_desk(font: str) -> str:
    """Return the font, or the first of what stands in for it that every office computer has.

    For files that cannot say what stands in where a font is lacking, as workbooks.
    """
    known = (font, *ALTERNATIVES.get(font, "").split(","))
    return next((one for one in known if one in _SHIPPED), font)
