"""Without streets the walk inside one area is known where the straight line stays inside.

At 15 minutes a kilometre. CX-05: existing urban areas, 15 minutes on foot.
"""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from shapely import Point

import lifecircle as lc
from lifecircle.model.dictionary import columns
from lifecircle.model.inputs.layers import Layer
from lifecircle.model.inputs.study import Study
from lifecircle.outputs.words.banners import banner_lines
from lifecircle.outputs.words.wording import Wording

CRS, X0, Y0 = "EPSG:4548", 500_000.0, 3_850_000.0
BLOCK = shapely.box(X0 - 100, Y0 - 100, X0 + 100, Y0 + 100)
# its middle is in the left arm; from there straight to the right arm leads across the yard
YARD = shapely.Polygon(
    [(X0 + x, Y0 + y) for x, y in [(0, 0), (400, 0), (400, 300), (380, 300), (380, 20), (200, 20),
                                   (200, 300), (0, 300)]]
)  # fmt: skip


def layer(name, row, place):
    known = [c for c in columns(name) if c not in {"id", "code"}]
    frame = pd.DataFrame(
        [[row.get(c) for c in known]],
        index=pd.Index(["A"], name="id", dtype=object),
        columns=known,
        dtype=object,
    )
    numbers = [c for c in known if columns(name)[c].type in {"number", "integer"}]
    frame = frame.astype(dict.fromkeys(numbers, float))
    return Layer(name, gpd.GeoDataFrame(frame, geometry=[place], crs=CRS))


def assessed(outline, facility):
    """One area and one day-care centre, no streets."""
    home = {"name": "甲", "age_class": "existing", "setting": "urban", "stage": "in_use"}
    room = {"name": "日", "kinds": frozenset({"day_care"}), "stage": "in_use"}
    study = Study(
        name="手算",
        county="371721",
        standards=("caoxian-2023",),
        as_of=dt.date(2024, 6, 30),
        crs=CRS,
        residential=layer("residential", home | {"households": 300}, outline),
        facilities=layer("facilities", room, facility),
        units=None,
        sharing=pd.DataFrame(columns=["facility", "residential", "m2"]),
        exemptions=pd.DataFrame(columns=["id", "clause", "reason", "reference", "until"]),
        indicators=pd.DataFrame(columns=["id", "numerator", "denominator", "source"]),
    )
    return lc.assess(study)


def judged(outline, facility):
    """Status, reason and minutes of CX-05."""
    rows = assessed(outline, facility).findings
    row = rows[rows["clause"] == "CX-05"].iloc[0]
    return str(row["status"]), str(row["reason"].code), row["measured"]


def test_straight_to_a_facility_of_the_same_block():
    # 30 m and 40 m from the middle: 50 m, 0.75 minutes
    status, why, minutes = judged(BLOCK, Point(X0 + 30, Y0 + 40))
    assert (status, why, minutes) == ("compliant", "within_walk", pytest.approx(0.75))


def test_no_street_is_told_on_the_way():
    story = lc.explain(assessed(BLOCK, Point(X0 + 30, Y0 + 40)), "A")
    steps = {s.code: s.params for one in story.stories for s in one.steps}
    assert steps["walk_direct"] == {"walk_m": pytest.approx(50)}
    assert "walk_legs" not in steps


def test_not_outside_the_block():
    assert judged(BLOCK, Point(X0 + 101, Y0))[:2] == ("not_assessed", "no_streets")


def test_not_where_the_line_leaves_the_area():
    assert YARD.covers(Point(X0 + 390, Y0 + 250))
    assert judged(YARD, Point(X0 + 390, Y0 + 250))[:2] == ("not_assessed", "no_streets")


def test_not_from_a_point():
    assert judged(Point(X0, Y0), Point(X0, Y0 + 10))[:2] == ("not_assessed", "no_streets")


@pytest.mark.parametrize(
    ("place", "told"),
    [
        (Point(X0 + 30, Y0 + 40), "CX-05 按步行判定，凭直线均已判定"),
        (Point(X0 + 101, Y0), "CX-05 按步行判定，待核实 1 个"),
        (Point(X0 + 9_000, Y0), "CX-05 按步行判定，凭直线均已判定"),  # too far by any street
    ],
    ids=["inside", "near", "far"],
)
def test_the_banner_says_what_came_out(place, told):
    """What is met inside the area stood under a banner that said it was not computed."""
    result = assessed(BLOCK, place)
    (line,) = banner_lines(result, Wording.of(result, "report"))
    assert line.endswith(f"；{told}")
    assert "凡不能由直线定的" in line
