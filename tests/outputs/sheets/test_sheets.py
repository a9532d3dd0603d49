"""The sheets as files: page size, true scale, the same bytes twice, names as text."""

import dataclasses
import math
import re

import geopandas as gpd
import pytest
from shapely.geometry import LineString, box

from lifecircle.errors import OutputError, UnknownNameError
from lifecircle.outputs import draw_sheets
from lifecircle.outputs.sheets.contents.extent import whole_bounds
from lifecircle.outputs.sheets.contents.now import now_content
from lifecircle.outputs.sheets.contents.order import contents_of
from lifecircle.outputs.sheets.draw import file_name
from lifecircle.outputs.sheets.drawing.canvas import Canvas
from lifecircle.outputs.sheets.drawing.fonts import open_font
from lifecircle.outputs.sheets.drawing.listing import ListedSheet, draw_lists
from lifecircle.outputs.sheets.drawing.marks import Marks
from lifecircle.outputs.sheets.drawing.prepared import Prepared
from lifecircle.outputs.sheets.drawing.sheet import Drawing
from lifecircle.outputs.sheets.paper import fitting_window, page_for
from lifecircle.outputs.words.wording import Wording

POINT = 25.4 / 72  # mm


def only(sample, **layers):
    """Return the sample with layers replaced."""
    return dataclasses.replace(sample, layers={**sample.layers, **layers})


def boxes(pdf):
    found = re.findall(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", pdf)
    return [tuple(float(v) * POINT for v in pair) for pair in found]


def test_a_pdf_of_all_sheets_on_exact_a3(sample, tmp_path, font_file):
    seen = []
    drawn = draw_sheets(
        sample,
        tmp_path,
        groups=("now", "gap"),
        font=font_file,
        progress=lambda n, of: seen.append((n, of)),
    )
    assert drawn.titles == ("养老服务设施现状分布图", "养老服务设施配建缺口图")
    assert seen == [(1, 2), (2, 2)]
    assert [p.name for p in drawn.files] == ["图集.pdf"]
    pages = boxes(drawn.files[0].read_bytes())
    assert pages == [pytest.approx((420, 297), abs=1e-3)] * 3  # the list of drawings before them


def _printed(canvas):
    return [t.get_text() for t in canvas.paper.get_children() if hasattr(t, "get_text")]


def test_the_list_of_drawings_names_every_sheet_its_scale_and_what_is_not_drawn(sample, font_file):
    words = Wording.of(sample, "sheets")
    contents, left_out = contents_of(sample, words)
    numbers = [f"养老-{n:02}" for n in range(1, len(contents) + 1)]
    with open_font(font_file, ["养老未出图"], "zh") as opened:
        drawing = Drawing(sample, words, opened, whole_bounds(sample))
        (page,) = drawing.lists(contents, left_out, numbers)
        printed = _printed(page)
    assert set(numbers) <= set(printed)
    for content in contents:
        bounds = content.bounds or drawing.bounds
        scale = fitting_window(bounds, page_for(bounds).map).scale
        assert f"1:{scale:,}".replace(",", " ") in printed
    assert printed.count("未出图") == len(left_out)


def test_a_long_list_of_drawings_has_more_pages(font):
    # A3 lying less its border, title and foot leaves 231 mm: 32 rows of 7 mm and a head a column
    rows = [ListedSheet(f"{n:03}", f"图{n}", "1:5 000") for n in range(200)]
    pages = list(draw_lists(font, "县", "图纸目录", ("图号", "图名", "比例尺"), rows))
    each = [sum(text.isdigit() for text in _printed(page)) for page in pages]
    assert sum(each) == 200
    assert len(set(each[:-1])) == 1
    assert each[0] % 2 == 0


def test_symbols_of_the_town_are_on_both_maps_and_of_one_size(sample, font):
    """What the inset shows is on the main map too, as large; names stand in the inset alone."""
    words = Wording.of(sample, "sheets")
    prepared = Prepared(sample, words)
    content = now_content(sample, words)
    page = page_for(whole_bounds(sample))
    window = fitting_window(whole_bounds(sample), page.map)
    sizes = {}
    for name, how in (("main", {"elsewhere": page.map}), ("inset", {"inset": True})):
        canvas = Canvas(page, font)
        Marks(canvas, prepared, window, content, **how).draw()
        sizes[name] = sorted(
            (round(patch.get_extents().width), round(patch.get_extents().height))
            for patch in canvas.paper.patches
        )
        if name == "main":
            names = {words.name(i, "facilities") for i in sample.layers["facilities"].index}
            assert not names & set(_printed(canvas))
    assert sizes["main"] == sizes["inset"]
    assert sizes["main"]


def test_the_same_assessment_gives_the_same_bytes(sample, tmp_path, font_file):
    made = []
    for name in ("a", "b"):
        drawn = draw_sheets(
            sample, tmp_path / name, ("pdf", "svg", "png"), groups=("gap",), font=font_file, dpi=40
        )
        made.append([(p.name, p.read_bytes()) for p in drawn.files])
    assert [name for name, _ in made[0]] == [
        "图集.pdf",
        "01 养老服务设施配建缺口图.svg",
        "01 养老服务设施配建缺口图.png",
    ]
    assert made[0] == made[1]
    assert b"CreationDate" not in made[0][0][1]
    assert b"/CIDFontType2" in made[0][0][1]  # TrueType, embedded


def test_a_length_measured_in_the_file_is_true_to_scale(sample, tmp_path, font_file):
    # a street of 1500 m, 900 m east and 1200 m north, read back from the drawn lines
    streets = gpd.GeoDataFrame(
        {"name": [None], "highway": ["primary"]},
        geometry=[LineString([(1000, -100), (1900, 1100)])],
        index=["S"],
        crs=sample.crs,
    ).rename_axis("id")
    drawn = draw_sheets(
        only(sample, streets=streets), tmp_path, ("svg",), groups=("now",), font=font_file
    )
    text = drawn.files[0].read_text(encoding="utf-8")
    width, height = map(float, re.search(r'width="([\d.]+)pt" height="([\d.]+)pt"', text).groups())
    assert (width * POINT, height * POINT) == pytest.approx((420, 297), abs=1e-3)
    group = re.search(r'<g id="LineCollection_1">.*?</g>', text, re.DOTALL).group()
    ends = [tuple(map(float, p)) for p in re.findall(r"[ML] ([\d.]+) ([\d.]+)", group)]
    measured = math.dist(*ends) * POINT
    bounds = whole_bounds(sample)
    scale = fitting_window(bounds, page_for(bounds).map).scale
    assert measured == pytest.approx(1500 * 1000 / scale, abs=0.1)
    assert (ends[1][0] - ends[0][0]) * POINT == pytest.approx(900_000 / scale, abs=0.1)


def test_known_points_fall_on_their_millimetre(sample, font):
    words = Wording.of(sample, "sheets")
    bounds = whole_bounds(sample)
    content = contents_of(sample, words, ("now",))[0][0]
    canvas = Drawing(sample, words, font, bounds).sheet(content, "图号 01")
    window = fitting_window(bounds, page_for(bounds).map)
    axes = canvas.figure.axes[1]
    for x, y in ((0.0, 0.0), (1200.0, 75.0), (6000.0, 1000.0)):
        drawn = axes.transData.transform((x, y)) / canvas.figure.dpi * 25.4
        expected = (
            window.box.x + window.box.width / 2 + (x - window.east) * 1000 / window.scale,
            window.box.y + window.box.height / 2 + (y - window.north) * 1000 / window.scale,
        )
        assert tuple(drawn) == pytest.approx(expected, abs=0.1)


def test_every_sheet_of_the_sample_can_be_drawn(sample, tmp_path, font_file):
    drawn = draw_sheets(sample, tmp_path, ("png",), font=font_file, dpi=20)
    groups = {c.group for c in contents_of(sample, Wording.of(sample, "sheets"))[0]}
    assert groups == {"now", "reach", "gap", "clause", "atlas"}
    assert len(drawn.files) == len(drawn.titles) == len(set(drawn.files))
    assert drawn.unprintable == ()


def test_english_sheets(sample_en, tmp_path, font_file):
    drawn = draw_sheets(sample_en, tmp_path, groups=("now",), font=font_file)
    assert [p.name for p in drawn.files] == ["sheets.pdf"]
    assert drawn.titles == ("Facilities today",)


def test_single_sheets_beside_the_book(sample, tmp_path, font_file):
    drawn = draw_sheets(sample, tmp_path, groups=("gap",), single=True, font=font_file)
    assert [p.name for p in drawn.files] == ["图集.pdf", "01 养老服务设施配建缺口图.pdf"]


def test_names_are_printed_as_they_are(sample, tmp_path, font_file):
    areas = sample.layers["residential"].copy()
    areas["name"] = areas["name"].astype(object)
    areas.loc["R03", "name"] = r"$\frac{1}{0}$"  # a formula to matplotlib, were it let
    areas.loc["R04", "name"] = "㙍\n\x07村"
    drawn = draw_sheets(only(sample, residential=areas), tmp_path, groups=("gap",), font=font_file)
    assert drawn.unprintable == ("㙍",)


def test_layers_may_be_empty(sample, tmp_path, font_file):
    empty = {
        name: frame.iloc[:0]
        for name, frame in sample.layers.items()
        if name not in {"residential", "units"}
    }
    drawn = draw_sheets(
        only(sample, **empty), tmp_path, ("png",), groups=("now", "gap"), font=font_file, dpi=20
    )
    assert len(drawn.titles) == 2


def test_nothing_placed_is_told(sample, tmp_path, font_file):
    nowhere = {
        name: frame.set_geometry([None] * len(frame), crs=sample.crs)
        for name, frame in sample.layers.items()
    }
    with pytest.raises(OutputError, match="没有一个对象有位置"):
        draw_sheets(only(sample, **nowhere), tmp_path, font=font_file)
    with pytest.raises(OutputError, match="Nothing has a place"):  # a reader of English
        draw_sheets(only(sample, **nowhere), tmp_path, font=font_file, language="en")
    assert not list(tmp_path.iterdir())


def test_that_no_chosen_sheet_can_be_drawn_is_told(sample, tmp_path, font_file):
    """One sheet a town, and no town has an outline or an area."""
    empty = {name: frame.iloc[:0] for name, frame in sample.layers.items() if name != "facilities"}
    bare = only(sample, **empty)
    for language, told in ((None, "所选图纸都无法绘制"), ("en", "None of the chosen sheets")):
        with pytest.raises(OutputError, match=told):
            draw_sheets(bare, tmp_path, groups=("atlas",), font=font_file, language=language)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("wrong", [{"groups": ("gaps",)}, {"formats": ("jpg",)}])
def test_an_unknown_choice_is_named(sample, tmp_path, wrong):
    with pytest.raises(UnknownNameError):
        draw_sheets(sample, tmp_path, **wrong)


def test_a_failure_leaves_no_half_book(sample, tmp_path, font_file):
    def stop(_n, _of):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        draw_sheets(sample, tmp_path, font=font_file, progress=stop)
    assert not list(tmp_path.iterdir())


def test_without_matplotlib_the_error_has_the_pip_line(sample, tmp_path, monkeypatch):
    import sys  # noqa: PLC0415

    monkeypatch.delitem(sys.modules, "lifecircle.outputs.sheets", raising=False)
    monkeypatch.delitem(sys.modules, "lifecircle.outputs.sheets.draw", raising=False)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(OutputError, match="pip install matplotlib fonttools"):
        draw_sheets(sample, tmp_path)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ('01 a/b\\c:d*?"<>|', "01 a_b_c_d_"),
        ("...", "_"),
        ("镇" * 100, "镇" * 60),
        ("图 ", "图"),
    ],
)
def test_file_names_are_safe_on_windows(title, name):
    assert file_name(title) == name


def test_a_far_facility_does_not_shrink_the_county(sample):
    facilities = sample.layers["facilities"].copy()
    facilities.loc["F1", "geometry"] = box(9e5, 9e5, 9e5 + 1, 9e5 + 1).centroid
    assert whole_bounds(only(sample, facilities=facilities)) == whole_bounds(sample)
