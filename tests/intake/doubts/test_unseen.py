"""Whether half of a ledger in another datum would show is said where it would not.

Sixteen towns, squares in four rows of four, of 16 homes and 4 facilities each. GCJ-02 lies 610 m
off here, BD-09 about 1.2 km. In squares of 500 m no place is where it would be if moved: each that
is would stand in another town. In squares of 20 km, 4 km from each other and 4 km from the border,
all stay in their town and none has company, moved or not: nothing tells.
"""

from __future__ import annotations

import re

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Transformer

from lifecircle.intake.doubts.bonds import datum_problems
from lifecircle.intake.positions.datum import wgs84_to_gcj02
from lifecircle.model.inputs.layers import Layer
from lifecircle.model.problem import Problem, Severity, describe
from lifecircle.model.problem import ProblemCode as P

CRS = "EPSG:4548"
MIDDLE = np.array(Transformer.from_crs(4490, CRS, always_xy=True).transform(116.31, 35.07))
CODES = [f"3708281{n:02}" for n in range(16)]
NOTHING = pd.DataFrame({"facility": [], "residential": []})
NARROW, WIDE = 500.0, 20_000.0
STEPS = {"residential": [-0.3, -0.1, 0.1, 0.3], "facilities": [-0.2, 0.2]}
"""Places of a town east and north of its middle, in widths: 4 x 4 homes, 2 x 2 facilities."""


def seats(across_m):
    return MIDDLE + across_m * np.array([(n % 4, n // 4) for n in range(16)], dtype=float)


def layer(name, across_m, codeless=0, datum=None):
    """Return a ledger; the first rows, so many, without a code; ``datum``: of each row's cell."""
    steps = across_m * np.array([(i, j) for i in STEPS[name] for j in STEPS[name]])
    xy = (seats(across_m)[:, None] + steps).reshape(-1, 2)
    unit = np.repeat(np.array(CODES, dtype=object), len(steps))
    unit[:codeless] = None
    index = pd.Index([f"{name[0].upper()}{row}" for row in range(len(xy))], name="id")
    cells = {"name": index, "unit": unit, "community": None}
    cells |= {} if datum is None else {"datum": datum}
    return Layer(name, gpd.GeoDataFrame(cells, geometry=shapely.points(xy), index=index, crs=CRS))


def notes(across_m, *, outlined=True, declared="wgs84", turned=False, **rows):
    """Return what is said of ledgers that lie right; ``rows``: layer → how it is made."""
    layers = {name: layer(name, across_m, **rows.get(name, {})) for name in STEPS}
    if turned:
        layers = {name: Layer(name, one.frame.iloc[::-1]) for name, one in layers.items()}
    squares = shapely.box(*(seats(across_m) - across_m / 2).T, *(seats(across_m) + across_m / 2).T)
    units = {"code": CODES, "name": CODES}
    shapes = squares if outlined else [None] * 16
    frame = gpd.GeoDataFrame(units, geometry=shapes, index=pd.Index(CODES, name="id"), crs=CRS)
    layers["units"] = Layer("units", frame)
    said = {name: layers[name].frame for name in STEPS}
    sources = {name: (f"{name}.csv", declared) for name in STEPS}
    sources["units"] = ("units.gpkg", "cgcs2000")
    found = datum_problems(layers, said, NOTHING, None, sources, CRS, degrees={*STEPS})
    assert {(p.code, p.severity) for p in found} <= {(P.DATUM_UNTESTED, Severity.INFO)}
    return [{"layer": p.layer, **p.params} for p in found]


def halves(found):
    return [(p["layer"], p["datums"], p["count"]) for p in found if "datums" in p]


def test_gcj02_lies_farther_off_than_a_narrow_town_is_wide():
    """So of each place that is moved the new place is in another town, or in none."""
    lon, lat = wgs84_to_gcj02(np.array([116.31]), np.array([35.07]))
    east, north = (lon[0] - 116.31) * 91_000, (lat[0] - 35.07) * 111_000
    assert max(abs(east), abs(north)) > 0.8 * NARROW  # the outermost home is 0.8 from the far side
    assert np.hypot(east, north) < WIDE / 10  # the outermost home is 0.2 from the near side


@pytest.mark.parametrize("turned", [False, True])
def test_towns_that_no_row_could_leave_unseen_have_no_note(turned):
    assert notes(NARROW, turned=turned) == []


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("declared", "others"), [("wgs84", ["gcj02", "bd09"]), ("gcj02", ["wgs84", "bd09"])]
)
def test_places_that_stay_in_their_town_and_stand_alone_are_noted_once(declared, others, turned):
    found = notes(WIDE, declared=declared, turned=turned)
    assert halves(found) == [("residential", others, 256)]
    assert [p["together"] for p in found if "datums" in p] == [True]
    # nor does any town show it, and that is said once of both ledgers
    (towns,) = (p for p in found if "towns" in p)
    assert (towns["layer"], len(towns["towns"]), towns["count"]) == ("residential", 16, 320)
    assert (towns["residential_rows"], towns["facilities_rows"]) == (256, 64)


def test_the_same_places_without_codes_are_noted_to_lie_beside_nothing():
    """Of all rows nobody knows: then it is not said of half of them besides."""
    found = notes(NARROW, outlined=False)
    assert [(p["layer"], p["together"]) for p in found] == [("residential", True)]
    assert halves(found) == []


@pytest.mark.parametrize(("codeless", "bare"), [(0, None), (4, None), (5, 5), (40, 40)])
def test_rows_without_a_code_among_others_are_counted(codeless, bare):
    found = notes(NARROW, residential={"codeless": codeless})
    told = [(p["layer"], p["bare"], p["count"]) for p in found if "bare" in p]
    assert told == ([] if bare is None else [("residential", bare, 256)])
    assert halves(found) == []


@pytest.mark.parametrize("name", list(STEPS))
def test_of_rows_that_say_their_datum_it_is_not_asked(name):
    """Of the other ledger alone, then; of neither where both say it."""
    other = next(one for one in STEPS if one != name)
    found = notes(WIDE, **{name: {"datum": "wgs84"}})
    count = {"residential": 256, "facilities": 64}[other]
    assert halves(found) == [(other, ["gcj02", "bd09"], count)]
    assert not any("together" in p for p in found if "datums" in p)
    assert notes(WIDE, **{key: {"datum": "wgs84"} for key in STEPS}) == []


def test_of_the_rows_that_say_no_datum_beside_those_that_do_it_is_asked_too():
    """Of 64 facilities 34 say GCJ-02: the other 30 were left out, as they come second."""
    said = ["gcj02"] * 34 + [None] * 30
    found = notes(WIDE, facilities={"datum": said})
    assert halves(found)[0] == ("residential", ["gcj02", "bd09"], 256)  # beside those that say it
    assert [p.get("together") for p in found if "datums" in p] == [None, True]
    assert [(p["layer"], p["count"]) for p in found if "towns" in p] == [
        ("residential", 256),
        ("facilities", 30),
    ]


def test_what_is_said_of_halves():
    words = {"declared": "wgs84", "datums": ["gcj02", "bd09"], "count": 60}
    one, both = (
        Problem(P.DATUM_UNTESTED, Severity.INFO, {**words, **more}, layer="facilities", file="a")
        for more in ({"bare": 7}, {"together": True})
    )
    bare = {"declared": "wgs84", "bare": 5, "count": 60}
    rest = Problem(P.DATUM_UNTESTED, Severity.INFO, bare, layer="facilities", file="a")
    zh, en = (
        {n: describe(p, lang) for n, p in enumerate((one, both, rest))} for lang in ("zh", "en")
    )
    assert "60 行" in zh[0]["what"]
    assert re.search("GCJ-?02.*BD-?09", zh[0]["what"])
    assert "其中 7 行没有写" in zh[0]["what"]
    assert "两本台账或其中一本" in zh[1]["what"]
    assert "没有写" not in zh[1]["what"]
    assert "有 5 行没有写" in zh[2]["what"]
    assert all("坐标系" in said["remedy"] and "服务小区" in said["remedy"] for said in zh.values())
    assert "half of 60 rows" in en[0]["what"]
    assert "or of both" in en[1]["what"]
    assert "5 say no unit" in en[2]["what"]
    assert all("half a kilometre" in said["why"] for said in en.values())
