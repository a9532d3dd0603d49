"""Fonts: found or refused, cut down, measured; nothing prints as a box unnoticed."""

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.font_manager import findSystemFonts

from lifecircle.errors import OutputError
from lifecircle.outputs.sheets.drawing import fonts
from lifecircle.outputs.sheets.drawing.fonts import MISSING, Font, find_font, open_font

PLAIN = Font(None, "plain", {c: 0.5 if c < 0x2E80 else 1.0 for c in range(0x20, 0xFFFF)})


@pytest.mark.usefixtures("no_fonts")
def test_without_a_font_the_error_says_what_to_install():
    with pytest.raises(OutputError, match="fonts-noto-cjk") as raised:
        find_font(None, "zh", chinese=True)
    assert "--font" in str(raised.value)
    with pytest.raises(OutputError, match="SimHei"):
        find_font(None, "en", chinese=True)
    assert find_font(None, "en", chinese=False).name == "DejaVuSans.ttf"


def test_the_search_takes_the_most_legible_first(monkeypatch, tmp_path):
    found = [tmp_path / name for name in ("simsun.ttc", "SIMHEI.TTF", "msyh.ttc", "arial.ttf")]
    monkeypatch.setattr(fonts, "findSystemFonts", lambda: list(map(str, found)))
    assert find_font(None, "zh", chinese=True).name == "msyh.ttc"
    found.pop(2)
    assert find_font(None, "zh", chinese=True).name == "SIMHEI.TTF"


@pytest.mark.parametrize("content", [b"", b"no font at all", b"ttcf\0\1\0\0\0\0\0\1", b"\0\1\0\0"])
def test_a_file_that_is_no_font_is_refused(tmp_path, content):
    path = tmp_path / "font.ttf"
    path.write_bytes(content)
    with pytest.raises(OutputError, match=r"font\.ttf"), open_font(path, ["字"], "zh"):
        pass


def test_a_named_font_that_is_not_there(tmp_path):
    with pytest.raises(OutputError, match=r"nowhere\.ttf"):
        find_font(tmp_path / "nowhere.ttf", "zh", chinese=True)


def test_a_font_without_chinese_is_refused_where_chinese_is_printed(latin_file):
    with pytest.raises(OutputError, match="方框"), open_font(latin_file, ["养老"], "zh"):
        pass
    with open_font(latin_file, ["Jinxiang"], "en") as font:
        assert font.width("ab", 2.0) == pytest.approx(2.0)


def test_only_what_is_printed_is_kept(font_file):
    with open_font(font_file, ["养老"], "zh") as font:
        kept = TTFont(font.path).getBestCmap()
        assert ord("养") in kept
        assert ord("龍") not in kept
        assert font.name == "Boxes"
        assert font.width("养老A", 10) == pytest.approx(25)
        path = font.path
    assert not path.exists()


def test_a_character_the_font_lacks_is_marked_and_told(font_file):
    with open_font(font_file, ["㙍村"], "zh") as font:
        assert font.printable("㙍村\n北") == f"{MISSING}村 {MISSING}"
        assert font.replaced == {"㙍", "北"}  # 北 was not announced, so it was cut away


@given(st.text(alphabet="街道养老abc， 1", max_size=40), st.floats(2.0, 30.0))
def test_lines_fit_and_lose_nothing(text, width):
    lines = PLAIN.wrap(text, 2.0, width)
    assert all(PLAIN.width(line, 2.0) <= width or len(line) == 1 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(st.text(alphabet="街道养老abc，1", min_size=1, max_size=60), st.floats(6.0, 30.0))
def test_a_cut_text_says_so(text, width):
    lines = PLAIN.wrap(text, 2.0, width, 2)
    assert len(lines) <= 2
    whole = "".join(lines) == text
    assert whole or lines[-1].endswith("…")
    assert all(PLAIN.width(line, 2.0) <= width for line in lines)


def test_two_lines_are_about_equally_long():
    assert PLAIN.balanced("某某街道社区养老服务站", 2.0, 20.0) == ["某某街道社区", "养老服务站"]
    assert PLAIN.balanced("短名", 2.0, 20.0) == ["短名"]


def test_a_collection_with_postscript_outlines_becomes_simplified_truetype():
    path = next((p for p in findSystemFonts() if p.endswith("NotoSansCJK-Regular.ttc")), None)
    if path is None:
        pytest.skip("Noto Sans CJK is not installed")
    with open_font(Path(path), ["养老户"], "zh") as font:
        assert font.name == "Noto Sans CJK SC"
        made = TTFont(font.path)
        assert "glyf" in made
        assert "CFF " not in made
        glyph = made["glyf"][made.getBestCmap()[ord("户")]]
        assert glyph.numberOfContours >= 2
