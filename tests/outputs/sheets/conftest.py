"""A font of plain boxes, so that no test hangs on the fonts of the machine."""

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from lifecircle.outputs.sheets.drawing import fonts
from lifecircle.outputs.sheets.drawing.fonts import open_font

EM = 1000
LACKING = "㙍"
"""A character that the font does not have."""


def build_font(path, *, chinese=True):
    """Write a font: every character is a box, Chinese ones an em wide, the others half an em."""
    glyphs = {}
    for name, width in ((".notdef", EM), ("wide", EM), ("half", EM // 2)):
        pen = TTGlyphPen(None)
        pen.moveTo((50, 0))
        for x, y in ((50, 700), (width - 50, 700), (width - 50, 0)):
            pen.lineTo((x, y))
        pen.closePath()
        glyphs[name] = (pen.glyph(), width)
    codes = dict.fromkeys([*range(32, 127), *map(ord, "·…—–’“”©°²±×÷")], "half")
    if chinese:
        wide = [*range(0x4E00, 0xA000), *range(0x3000, 0x3020), *range(0xFF00, 0xFF5F)]
        codes |= dict.fromkeys([*wide, *map(ord, "㎡▲≥≤～″′")], "wide")
    builder = FontBuilder(EM, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap(codes)
    builder.setupGlyf({name: glyph for name, (glyph, _) in glyphs.items()})
    builder.setupHorizontalMetrics({name: (width, 50) for name, (_, width) in glyphs.items()})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupOS2(sTypoAscender=800, sTypoDescender=-200)
    builder.setupNameTable({"familyName": "Boxes", "styleName": "Regular", "fullName": "Boxes"})
    builder.setupPost()
    builder.font["head"].created = builder.font["head"].modified = 3_600_000_000
    builder.save(path)
    return path


@pytest.fixture(scope="session")
def font_file(tmp_path_factory):
    return build_font(tmp_path_factory.mktemp("font") / "boxes.ttf")


@pytest.fixture(scope="session")
def latin_file(tmp_path_factory):
    return build_font(tmp_path_factory.mktemp("font") / "latin.ttf", chinese=False)


@pytest.fixture
def font(font_file):
    with open_font(font_file, ["养老服务设施居住区街道"], "zh") as opened:
        yield opened


@pytest.fixture
def no_fonts(monkeypatch):
    monkeypatch.setattr(fonts, "findSystemFonts", list)
