"""The font of the sheets: found on the system, checked, and cut down to what is printed.

A font without Chinese prints boxes, so the search ends in a plain error instead. The part that is
used is written as TrueType outlines: every PDF reader takes those, and of a collection
(``.ttc``) the face with the Chinese forms can be chosen.
"""

from __future__ import annotations

import io
import itertools
import string
import struct
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont, TTLibError, newTable
from fontTools.varLib.instancer import instantiateVariableFont
from matplotlib.font_manager import FontProperties, findSystemFonts

from lifecircle.errors import OutputError
from lifecircle.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["FONT_FILES", "MISSING", "Font", "find_font", "open_font"]

_OPENED = itertools.count()

FONT_FILES = (
    "msyh.ttc",
    "msyh.ttf",
    "NotoSansSC-Regular.otf",
    "NotoSansSC-Regular.ttf",
    "NotoSansCJKsc-Regular.otf",
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJK.ttc",
    "NotoSansSC-VF.ttf",
    "NotoSansSC[wght].ttf",
    "SourceHanSansSC-Regular.otf",
    "SourceHanSansCN-Regular.otf",
    "SourceHanSans.ttc",
    "PingFang.ttc",
    "Hiragino Sans GB.ttc",
    "STHeiti Light.ttc",
    "simhei.ttf",
    "Deng.ttf",
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "DroidSansFallbackFull.ttf",
    "simsun.ttc",
)
"""Files of Chinese fonts as systems name them, the most legible first."""

MISSING = "〓"
"""Printed for a character that the font does not have, as printers have always done."""

_UNREADABLE = (TTLibError, OSError, AssertionError, LookupError, ValueError, struct.error)
"""What fontTools raises on a file that is no font, or a broken one."""
_PROBE = "养老服务设施覆盖图例达标待核实户"
_ALWAYS = string.printable.strip() + " 　·…—–～°′²㎡×÷±≥≤（）：，。；、「」《》▲？" + MISSING
_PLANE, _WHOLE = 0xFFFF, (12, 13)
"""The last code point that every table of characters can hold, and the tables that hold all."""
_CURVE_ERROR = 1.0  # of 1000 units an em: less than a printer's dot


@dataclass(eq=False)
class Font:
    """A font ready to print with.

    Parameters
    ----------
    path
        The cut-down copy; it is gone when ``open_font`` ends.
    name
        Name of the font it was cut from.
    widths
        Code point → advance width in em.
    replaced
        Characters that were printed as ``MISSING``, filled while drawing.
    """

    path: Path
    name: str
    widths: dict[int, float]
    replaced: set[str] = field(default_factory=set)

    @cached_property
    def properties(self) -> Any:
        """The font as matplotlib wants it; copy it before changing the size."""
        return FontProperties(fname=str(self.path))

    def printable(self, text: str) -> str:
        """Return ``text`` in one line, with ``MISSING`` where the font has no character."""
        clean = "".join(c if c.isprintable() else " " for c in text)
        lacking = {c for c in clean if ord(c) not in self.widths}
        self.replaced |= lacking
        return "".join(MISSING if c in lacking else c for c in clean)

    def width(self, text: str, size: float) -> float:
        """Return the width of one line, in the unit of ``size`` (the em)."""
        return size * sum(self.widths.get(ord(c), 1.0) for c in text)

    def wrap(self, text: str, size: float, width: float, lines: int = 99) -> list[str]:
        """Return ``text`` in lines of at most ``width``; the rest is cut off with an ellipsis."""
        found, line = [], ""
        for piece in _pieces(text):
            if line and self.width(line + piece.rstrip(), size) > width:
                found.append(line.rstrip())
                line = piece.lstrip()
            else:  # no line but the first begins with a blank
                line += piece if line or not found else piece.lstrip()
            # a word longer than a line; the blank behind one may stand beyond its end
            while self.width(line.rstrip(), size) > width and len(line) > 1:
                fits = next(
                    n
                    for n in range(len(line) - 1, 0, -1)
                    if n == 1 or self.width(line[:n], size) <= width
                )
                found.append(line[:fits])
                line = line[fits:].lstrip()
        found += [line.rstrip()] if line.strip() else []
        if len(found) > lines:
            # together they are too long for one line, so the cut shows
            found = [*found[: lines - 1], self.cut("".join(found[lines - 1 :]), size, width)]
        return found

    def balanced(self, text: str, size: float, width: float, lines: int = 2) -> list[str]:
        """Return ``text`` wrapped like ``wrap``, in lines about equally long."""
        whole = self.wrap(text, size, width, lines)
        if len(whole) < 2 or whole[-1].endswith("…"):  # noqa: PLR2004 - one line has no balance
            return whole
        narrow = self.width(text, size) / len(whole)
        while narrow < width:
            found = self.wrap(text, size, narrow)
            if len(found) <= len(whole):
                return found
            narrow += size / 2
        return whole

    def cut(self, text: str, size: float, width: float) -> str:
        """Return ``text`` no wider than ``width``, an … at its end where something is cut off."""
        if self.width(text, size) <= width:
            return text
        kept = text
        while kept and self.width(f"{kept}…", size) > width:
            kept = kept[:-1]
        return f"{kept}…"


def _pieces(text: str) -> Iterator[str]:
    """Yield what a line may be broken after: a Chinese character, or a word of letters."""
    word = ""
    for c in text:
        if ord(c) < 0x2E80 and not c.isspace():  # noqa: PLR2004 - where Chinese characters begin
            word += c
            continue
        if c.isspace() or c in "，。；、：）」》！？":  # they do not begin a line
            word += c
            if c.isspace():
                yield word
                word = ""
            continue
        if word:
            yield word
        word = c
    if word:
        yield word


def find_font(path: Path | None, language: str, *, chinese: bool) -> Path:
    """Return the font file to print with.

    Parameters
    ----------
    path
        The user's own choice; None: the first of ``FONT_FILES`` that the system has.
    language
        Of the error, if there is one.
    chinese
        Whether anything Chinese is printed; if not, matplotlib's own font will do.

    Raises
    ------
    OutputError
        There is no font that prints Chinese.
    """
    if path is not None:
        if not path.is_file():
            raise OutputError(say("sheets", "error.font_missing", language, path=str(path)))
        return path
    here = {Path(found).name.lower(): Path(found) for found in sorted(findSystemFonts())}
    for name in FONT_FILES:
        if name.lower() in here:
            return here[name.lower()]
    if chinese:
        raise OutputError(say("sheets", "error.no_font", language))
    from matplotlib import get_data_path  # noqa: PLC0415 - only here

    return Path(get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"


@contextmanager
def open_font(path: Path | Sequence[Path], texts: Iterable[str], language: str) -> Iterator[Font]:
    """Yield the font at ``path``, cut down to the characters of ``texts`` and of ASCII.

    Of several files the first is the font; what it lacks comes from the next that has it.

    Raises
    ------
    OutputError
        A file is no font, or they lack the characters of Chinese though ``texts`` have some.
    """
    paths = (path,) if isinstance(path, Path) else tuple(path)
    wanted = set(_ALWAYS).union(*texts)
    chinese = any(c in wanted for c in _PROBE)
    left = {ord(c) for c in wanted}
    parts: list[tuple[TTFont, set[int]]] = []
    lacking = {ord(c) for c in _PROBE} if chinese else set()
    for file in paths:
        try:
            font = _face(file)
            known = set(font.getBestCmap() or {})
        except _UNREADABLE as error:
            message = say("sheets", "error.font_unreadable", language, path=str(file))
            raise OutputError(message) from error
        if not parts or left & known:
            parts.append((font, left & known))
            left, lacking = left - known, lacking - known
    if lacking:
        message = say("sheets", "error.font_not_chinese", language, path=str(paths[0]))
        raise OutputError(message)
    (font, own), *others = parts
    name = str(font["name"].getBestFullName() or paths[0].stem)
    _cut_down(font, own)
    for other, codes in others:
        _cut_down(other, codes)
        _take_over(font, other, codes)
    kept, metrics, em = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
    widths = {code: metrics[glyph][0] / em for code, glyph in kept.items()}
    # Fonts stand in a PDF by the names of their files: those go by when they were opened.
    # Windows cannot delete a font that is still open; the system's own cleaning will
    numbered = f"font{next(_OPENED):06}-"
    with tempfile.TemporaryDirectory(prefix=numbered, ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / "sheet.ttf"
        font.save(copy)
        yield Font(copy, name, widths)


def _take_over(font: TTFont, other: TTFont, codes: set[int]) -> None:
    """Give a font the glyphs of another for ``codes``, in its own units; both have outlines."""
    scale = font["head"].unitsPerEm / other["head"].unitsPerEm
    drawn, named, metrics = other.getGlyphSet(), other.getBestCmap(), other["hmtx"]
    order, outlines = list(font.getGlyphOrder()), font["glyf"]
    maps = [table for table in font["cmap"].tables if table.isUnicode()]
    for code in sorted(codes):
        pen = TTGlyphPen(None)
        # a part that is another glyph is drawn as its own outline
        flat = DecomposingRecordingPen(drawn)
        drawn[named[code]].draw(flat)
        flat.replay(TransformPen(pen, (scale, 0, 0, scale, 0, 0)))
        name, glyph = f"taken{code:05X}", pen.glyph()
        order.append(name)
        outlines.glyphs[name] = glyph
        glyph.recalcBounds(outlines)
        width, _ = metrics[named[code]]
        font["hmtx"][name] = round(width * scale), getattr(glyph, "xMin", 0)
        for table in maps:
            if code <= _PLANE or table.format in _WHOLE:
                table.cmap[code] = name
    outlines.glyphOrder = order
    font.setGlyphOrder(order)
    post = font["post"]
    post.formatType, post.extraNames, post.mapping, post.glyphOrder = 3.0, [], {}, order


def _face(path: Path) -> TTFont:
    """Open a font; of a collection, the face for simplified Chinese, else its first."""
    content = path.read_bytes()
    if content[:4] != b"ttcf":
        return TTFont(io.BytesIO(content), lazy=True, recalcTimestamp=False)
    faces = [
        str(face["name"].getBestFullName())
        for face in TTCollection(io.BytesIO(content), lazy=True).fonts
    ]
    simplified = [n for n, name in enumerate(faces) if " SC" in f" {name}" and "Mono" not in name]
    regular = [n for n in simplified if faces[n].endswith(("SC", "Regular"))]
    number = next(iter([*regular, *simplified, 0]))
    return TTFont(io.BytesIO(content), fontNumber=number, lazy=True, recalcTimestamp=False)


def _cut_down(font: TTFont, codes: set[int]) -> None:
    """Keep only the characters of ``codes``, upright, regular, as TrueType outlines."""
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.notdef_outline = True
    options.drop_tables += ["BASE", "GDEF", "GPOS", "GSUB", "VORG", "vhea", "vmtx", "kern"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=codes)
    cutter.subset(font)
    if "fvar" in font:
        axes = {axis.axisTag: axis.defaultValue for axis in font["fvar"].axes}
        if "wght" in axes:
            axes["wght"] = 400
        instantiateVariableFont(font, axes, inplace=True)
    if "glyf" not in font:
        _to_truetype(font)


def _to_truetype(font: TTFont) -> None:
    """Replace the PostScript outlines of ``font`` by quadratic ones."""
    drawn, order = font.getGlyphSet(), font.getGlyphOrder()
    glyphs = {}
    for name in order:
        pen = TTGlyphPen(None)
        drawn[name].draw(Cu2QuPen(pen, _CURVE_ERROR, reverse_direction=True))
        glyphs[name] = pen.glyph()
    font["loca"] = newTable("loca")
    outlines = font["glyf"] = newTable("glyf")
    outlines.glyphOrder, outlines.glyphs = order, glyphs
    profile = font["maxp"]
    profile.tableVersion = 0x00010000
    for entry in (
        "maxTwilightPoints",
        "maxStorage",
        "maxFunctionDefs",
        "maxInstructionDefs",
        "maxStackElements",
        "maxSizeOfInstructions",
        "maxPoints",
        "maxContours",
        "maxCompositePoints",
        "maxCompositeContours",
        "maxComponentElements",
        "maxComponentDepth",
    ):
        setattr(profile, entry, 0)
    profile.maxZones = 1
    post = font["post"]
    post.formatType, post.extraNames, post.mapping, post.glyphOrder = 3.0, [], {}, order
    for table in ("CFF ", "CFF2"):
        if table in font:
            del font[table]
    font.sfntVersion = "\x00\x01\x00\x00"
