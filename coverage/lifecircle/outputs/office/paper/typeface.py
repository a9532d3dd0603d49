"""Type: the fonts, sizes and margins of office papers, and what stands in for a font.

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
    "Look",
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
