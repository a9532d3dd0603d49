"""Fonts: found or refused, cut down, measured; nothing prints as a box unnoticed."""

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from hypothesis import example, given
from hypothesis import strategies as st
from matplotlib.font_manager import findSystemFonts

from lifecircle.errors import OutputError
from lifecircle.outputs.office.paper import typeface
from lifecircle.outputs.office.paper.typeface import DENSE, FORM, OFFICIAL
from lifecircle.outputs.sheets import faces
from lifecircle.outputs.sheets.drawing import fonts
from lifecircle.outputs.sheets.drawing.fonts import MISSING, Font, find_font, open_font
from lifecircle.outputs.sheets.faces import FACE_FILES, find_face, open_faces

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


def test_no_line_begins_with_the_blank_behind_another():
    # 超出 takes four of four; the blank behind it is neither printed there nor below
    assert PLAIN.wrap("超出 2 米", 2.0, 4.0) == ["超出", "2 米"]


def test_what_a_font_lacks_comes_from_the_next_in_its_own_size(font_file, latin_file):
    """The boxes have Chinese of one em, the Latin letters half an em, whatever their units."""
    with open_font((latin_file, font_file), ["养老 ab"], "en") as font:
        made = TTFont(font.path)
        assert font.width("养老ab", 10.0) == pytest.approx(10 + 10 + 5 + 5)
        assert font.printable("养老 ab") == "养老 ab"
        glyph = made["glyf"][made.getBestCmap()[ord("养")]]
        own = TTFont(font_file)
        theirs = own["glyf"][own.getBestCmap()[ord("养")]]
        scale = made["head"].unitsPerEm / own["head"].unitsPerEm
        assert (glyph.xMax, glyph.yMax) == (round(theirs.xMax * scale), round(theirs.yMax * scale))
    with pytest.raises(OutputError, match="方框"), open_font((latin_file,), ["养老"], "zh"):
        pass


@given(st.text(alphabet="街道养老abc， 1", max_size=40), st.floats(2.0, 30.0))
@example("11   1", 2.0)
@example("街道 养", 4.0)
def test_lines_fit_and_lose_nothing(text, width):
    lines = PLAIN.wrap(text, 2.0, width)
    assert all(PLAIN.width(line, 2.0) <= width or len(line) == 1 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(line == line.lstrip() for line in lines[1:])


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


@pytest.mark.parametrize("look", [OFFICIAL, DENSE, FORM])
def test_every_face_of_a_paper_has_files(look):
    for font, _ in typeface.faces(look).values():
        names = (font, *typeface.ALTERNATIVES[font].split(","))
        assert all(FACE_FILES.get(name) for name in names), font


def test_a_face_is_the_first_that_is_installed(monkeypatch):
    found = ["/a/NotoSerifCJK-Regular.ttc", "/a/SIMFANG.TTF", "/a/simhei.ttf"]
    monkeypatch.setattr(faces, "findSystemFonts", lambda: found)
    assert find_face("仿宋_GB2312") == Path("/a/SIMFANG.TTF")
    assert find_face("黑体") == Path("/a/simhei.ttf")
    assert find_face("方正小标宋简体") == Path("/a/NotoSerifCJK-Regular.ttc")
    found.pop(0)
    assert find_face("方正小标宋简体") is None


def test_a_form_is_set_in_the_faces_of_papers(monkeypatch, font_file, latin_file):
    files = {"方正小标宋简体": font_file, "Times New Roman": latin_file}
    monkeypatch.setattr(faces, "find_face", files.get)
    printed = {"title": ["核查表"], "strong": ["小区"], "body": ["老区 R1"]}
    with open_faces(FORM, printed, font_file, "zh") as chinese:
        assert chinese.title.width("核查", 1.0) == chinese.body.width("老区", 1.0) == 2.0
    with open_faces(FORM, printed, font_file, "en") as english:
        told = [TTFont(one.path)["head"].unitsPerEm for one in (english.title, english.body)]
        assert told == [1000, 1000]
        assert english.body.printable("老区 R1") == "老区 R1"  # the Latin file has no Chinese
