"""The first view of every map: each place in the window, clear of its edge, cards and controls."""

from dataclasses import replace

import pytest
import shapely

import lifecircle as lc
from lifecircle.outputs.maps.difference import draw_difference
from lifecircle.outputs.maps.draw import draw_map, map_data
from lifecircle.outputs.province.drawing import draw_province

from .test_province_map import province  # noqa: F401 - a fixture

pytestmark = pytest.mark.browser

SIZES = [(1366, 768), (1024, 700), (390, 844), (360, 640), (844, 390)]
EDGE, AROUND = 14, 6
HIDDEN = """(spots) => {
    const corner = document.querySelector('.leaflet-container').getBoundingClientRect();
    const over = [...document.querySelectorAll(
        '#lc-summary, #lc-layers, #lc-banners, .leaflet-bottom .leaflet-control')];
    const boxes = over.map((node) => node.getBoundingClientRect()).filter((box) => box.width);
    return spots.filter((spot) => {
        const at = map_lifecircle.latLngToContainerPoint(spot);
        const x = at.x + corner.left, y = at.y + corner.top;
        return x < EDGE || y < EDGE || x > innerWidth - EDGE || y > innerHeight - EDGE
            || boxes.some((box) => x > box.left - AROUND && x < box.right + AROUND
                                && y > box.top - AROUND && y < box.bottom + AROUND);
    });
}""".replace("EDGE", str(EDGE)).replace("AROUND", str(AROUND))
# metres east and north of the middle: every corner has a place, and so has every side
ROUND = [(-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (0, 0)]
SHAPES = {"tall": (700, 2600), "wide": (2600, 700), "square": (1500, 1500)}


def hidden(chromium, path, spots, size):
    page = chromium.new_page(viewport={"width": size[0], "height": size[1]})
    page.goto(path.as_uri())
    page.wait_for_timeout(300)
    found = page.evaluate(HIDDEN, [[spot.y, spot.x] for spot in spots])
    page.close()
    return found


def placed(town, shape):
    """Put the town's areas and facilities round a middle, as points; return it and the places."""
    wide, high = SHAPES[shape]
    layers = dict(town.layers)
    middle = layers["residential"].geometry.union_all().centroid
    spots = []
    for name in ("residential", "facilities"):
        frame = layers[name].copy()
        offsets = (ROUND * (1 + len(frame) // len(ROUND)))[: len(frame)]
        points = [shapely.Point(middle.x + wide * x, middle.y + high * y) for x, y in offsets]
        frame["geometry"] = points
        layers[name] = frame
        spots += frame.geometry.to_crs(4326).tolist()
    return replace(town, layers=layers), spots


@pytest.mark.one_in(5)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("shape", SHAPES)
def test_of_a_county(chromium, town, tmp_path, size, shape):
    county, spots = placed(town, shape)
    assert hidden(chromium, draw_map(county, tmp_path / "map.html"), spots, size) == []


@pytest.mark.one_in(5)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("shape", SHAPES)
def test_of_a_comparison(chromium, town, tmp_path, size, shape):
    county, spots = placed(town, shape)
    other = replace(county, language="en")
    path = draw_difference(lc.compare(county, other), tmp_path / "compare.html")
    assert hidden(chromium, path, spots, size) == []


@pytest.mark.parametrize("size", SIZES)
def test_of_a_province(chromium, province, tmp_path, size):  # noqa: F811
    spots = [
        shape.representative_point() for area in province.areas if (shape := area.shape) is not None
    ]
    assert spots
    assert hidden(chromium, draw_province(province, tmp_path / "p.html"), spots, size) == []


WRITTEN = """() => {
    const write = CanvasRenderingContext2D.prototype.fillText;
    window.written = [];
    CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
        window.written.push(text);
        return write.call(this, text, ...rest);
    };
}"""


@pytest.mark.parametrize(("copies", "named"), [(1, True), (9, False)])
def test_few_areas_have_their_names_from_afar(chromium, town, tmp_path, copies, named):
    """40 or fewer, six kilometres apart: nobody clicks on each to see which it is."""
    layers = dict(town.layers)
    areas = layers["residential"]
    middle = areas.geometry.union_all().centroid
    rows = areas.loc[[index for index in areas.index for _ in range(copies)]].copy()
    rows.index = [f"{index}-{number}" for number, index in enumerate(rows.index)]
    side = int(len(rows) ** 0.5) + 1
    rows["geometry"] = [
        shapely.Point(middle.x + 6000 * (n % side), middle.y + 6000 * (n // side))
        for n in range(len(rows))
    ]
    layers["residential"] = rows
    layers["facilities"] = layers["facilities"].iloc[:0]
    page = chromium.new_page(viewport={"width": 1366, "height": 768})
    page.add_init_script(f"({WRITTEN})()")
    page.goto(draw_map(replace(town, layers=layers), tmp_path / "map.html").as_uri())
    page.wait_for_timeout(300)
    assert page.evaluate("map_lifecircle.getZoom()") < 13.6
    assert (len(rows) <= 40) is named
    found = set(page.evaluate("window.written")) & set(rows["name"])
    page.close()
    assert bool(found) is named


def test_a_facility_at_the_wrong_end_of_the_province_does_not_shrink_the_county(town):
    county, _ = placed(town, "square")
    facilities = county.layers["facilities"].copy()
    near = map_data(county)["bounds"]
    facilities.loc[facilities.index[0], "geometry"] = shapely.Point(900_000, 4_200_000)
    county = replace(county, layers={**county.layers, "facilities": facilities})
    assert map_data(county)["bounds"] == near
