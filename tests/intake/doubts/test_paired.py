"""A district of 250 places and 60 facilities that bear the codes of its streets and towns.

The codes are those of Jinxiang's thirteen; the territories are the cells nearest to thirteen seats
some kilometres apart, the places lie strewn over them or crowd around the seats. Only the datum of
the ledgers is spoilt: what has to be told is known from how they were made.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Transformer

from lifecircle.intake.doubts.bonds import datum_problems
from lifecircle.intake.positions.datum import gcj02_to_bd09, to_wgs84, wgs84_to_gcj02
from lifecircle.model.gazetteer import code_list
from lifecircle.model.inputs.layers import Layer
from lifecircle.model.problem import ProblemCode as P

pytestmark = pytest.mark.one_in(2)  # words and layers in many combinations

CRS = "EPSG:4548"
TO_DEGREES = Transformer.from_crs(CRS, 4490, always_xy=True)
TO_METRES = Transformer.from_crs(4490, CRS, always_xy=True)
CODES = [code for code, _ in code_list("370828") if len(code) == 9]
SEAT = np.array(TO_METRES.transform(116.31, 35.07))
NOTHING = pd.DataFrame({"facility": [], "residential": []})
_WEST_AND_EAST = [((-20_000, -9000), (0, 9000)), ((0, -9000), (20_000, 9000))]


def as_read(xy, real, declared):
    """Return where true places lie that are written in one datum and read in another."""
    lon, lat = TO_DEGREES.transform(xy[:, 0], xy[:, 1])
    if real in {"gcj02", "bd09"}:
        lon, lat = wgs84_to_gcj02(lon, lat)
    if real == "bd09":
        lon, lat = gcj02_to_bd09(lon, lat)
    return np.column_stack(TO_METRES.transform(*to_wgs84(lon, lat, declared)))


class District:
    """Thirteen cells ``across_m`` wide, more or less; ``crowd``: share of places near the seats."""

    def __init__(self, seed, across_m=3500, crowd=0.0, wrong=0.01):
        self.random = draw = np.random.default_rng(seed)
        grid = np.array([(i, j) for i in range(4) for j in range(4)][:13], dtype=float)
        self.seats = SEAT + (grid + draw.uniform(-0.25, 0.25, grid.shape)) * across_m
        whole = shapely.box(
            *(self.seats.min(axis=0) - across_m / 2), *(self.seats.max(axis=0) + across_m / 2)
        )
        cells = shapely.voronoi_polygons(shapely.multipoints(self.seats), extend_to=whole)
        cells = [shapely.intersection(cell, whole) for cell in cells.geoms]
        self.cells = [next(c for c in cells if c.contains(shapely.Point(s))) for s in self.seats]
        self.across_m, self.crowd, self.wrong = across_m, crowd, wrong
        self.units = gpd.GeoDataFrame(
            {"code": CODES, "name": CODES},
            geometry=self.cells,
            index=pd.Index(CODES, name="id"),
            crs=CRS,
        )

    def ledger(self, name, count, real="wgs84", declared="wgs84"):
        """Return a layer of places with the codes of their cells; ``real``: one, or one a row."""
        draw = self.random
        home = draw.integers(0, 13, count)
        xy = np.empty((count, 2))
        for row, cell in enumerate(home):
            west, south, east, north = self.cells[cell].bounds
            while True:
                spot = draw.uniform([west, south], [east, north])
                if draw.random() < self.crowd:
                    spot = draw.normal(self.seats[cell], self.across_m / 6)
                if self.cells[cell].contains(shapely.Point(spot)):
                    break
            xy[row] = spot
        real = np.broadcast_to(real, count)
        for datum in set(real):
            xy[real == datum] = as_read(xy[real == datum], datum, declared)
        codes = [CODES[c if draw.random() >= self.wrong else draw.integers(0, 13)] for c in home]
        index = pd.Index([f"{name[0].upper()}{row}" for row in range(count)], name="id")
        frame = gpd.GeoDataFrame(
            {"name": index, "unit": codes, "community": None},
            geometry=shapely.points(xy),
            index=index,
            crs=CRS,
        )
        return Layer(name, frame)

    def told(self, residential=("wgs84", "wgs84"), facilities=("wgs84", "wgs84")):
        """Return (layer, datum, whether mixed) of what is said; (real datum, declared) given."""
        layers = {
            "residential": self.ledger("residential", 250, *residential),
            "facilities": self.ledger("facilities", 60, *facilities),
            "units": Layer("units", self.units),
        }
        written = {name: layers[name].frame for name in ("residential", "facilities")}
        sources = {
            "residential": ("r.xlsx", residential[1]),
            "facilities": ("f.xlsx", facilities[1]),
            "units": ("u.gpkg", "cgcs2000"),
        }
        found = datum_problems(layers, written, NOTHING, None, sources, CRS)
        return {(p.layer, p.params["datum"], p.code is P.DATUM_MIXED) for p in found}


def half(draw, count, one, other="wgs84"):
    return np.where(draw.permutation(count) < count // 2, one, other)


# seed, width of a territory in metres, share of places that crowd around the seats
SHAPES = [(0, 3500, 0.0), (1, 2500, 0.3), (2, 4500, 0.0)]


@pytest.mark.parametrize(("seed", "across_m", "crowd"), SHAPES)
@pytest.mark.parametrize("datum", ["wgs84", "cgcs2000", "gcj02", "bd09"])
def test_a_clean_district_is_silent_whatever_its_datum(seed, across_m, crowd, datum):
    """Also the remedied one: what is written in a datum is declared in it."""
    district = District(seed, across_m, crowd, wrong=0.03)
    assert district.told((datum, datum), (datum, datum)) == set()
    assert district.told(("wgs84", "wgs84"), (datum, datum)) == set()


@pytest.mark.parametrize(("seed", "across_m", "crowd"), SHAPES)
@pytest.mark.parametrize(
    ("real", "declared"),
    [
        ("gcj02", "wgs84"),
        ("bd09", "wgs84"),
        ("wgs84", "gcj02"),
        ("bd09", "gcj02"),
        ("gcj02", "bd09"),
    ],
)
def test_a_ledger_in_another_datum_is_told(seed, across_m, crowd, real, declared):
    wrong, right = (real, declared), (declared, declared)
    both = {("residential", real, False), ("facilities", real, False)}
    assert District(seed, across_m, crowd).told(wrong, wrong) == both
    alone = District(seed, across_m, crowd)
    assert alone.told(right, wrong) == {("facilities", real, False)}
    assert alone.told(wrong, right) == {("residential", real, False)}


@pytest.mark.parametrize(("seed", "across_m", "crowd"), SHAPES)
@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_half_the_rows_in_another_datum_are_told_as_such(seed, across_m, crowd, datum):
    """Of sixty facilities too few may cross a border; what is told of them is no other datum."""
    district = District(seed, across_m, crowd)
    draw = district.random
    right = ("wgs84", "wgs84")
    mixed = ("residential", datum, True)
    assert district.told((half(draw, 250, datum), "wgs84"), right) == {mixed}
    told = district.told((half(draw, 250, datum), "wgs84"), (half(draw, 60, datum), "wgs84"))
    assert mixed in told
    assert {one[:2] for one in told} <= {("residential", datum), ("facilities", datum)}


def test_the_rows_of_a_mixture_are_those_that_were_moved():
    """Every row named was moved; the datum of those left where they were is not doubted."""
    district = District(0, 2500)
    rows = half(district.random, 250, "bd09")
    layers = {
        "residential": district.ledger("residential", 250, rows),
        "facilities": district.ledger("facilities", 60),
        "units": Layer("units", district.units),
    }
    written = {name: layers[name].frame for name in ("residential", "facilities")}
    sources = {name: (f"{name}.xlsx", "wgs84") for name in written} | {"units": ("u.shp", "wgs84")}
    (problem,) = datum_problems(layers, written, NOTHING, None, sources, CRS)
    assert problem.code is P.DATUM_MIXED
    moved = {f"R{row}" for row in np.flatnonzero(rows == "bd09")}
    slips = 5  # at most: wrong codes that the shift happens to suit
    assert problem.params["total"] == 250
    assert 40 <= problem.params["count"] <= 125 + slips
    assert len(set(problem.params["names"]) - moved) <= 2


@pytest.mark.parametrize("seed", range(3))
def test_places_that_are_only_roughly_right_are_no_other_datum(seed):
    """Every place 400 m off in a direction of its own, as points of village centres are."""
    district = District(seed, 3000)
    layer = district.ledger("residential", 250)
    off = district.random.normal(0, 400, (250, 2))
    shapes = shapely.points(shapely.get_coordinates(layer.frame.geometry.to_numpy()) + off)
    rough = Layer(
        "residential",
        layer.frame.set_geometry(gpd.GeoSeries(shapes, layer.frame.index, crs=CRS)),
    )
    layers = {"residential": rough, "facilities": district.ledger("facilities", 60)}
    layers["units"] = Layer("units", district.units)
    written = {name: layers[name].frame for name in ("residential", "facilities")}
    sources = dict.fromkeys(layers, ("a.xlsx", "wgs84"))
    assert datum_problems(layers, written, NOTHING, None, sources, CRS) == ()


@pytest.mark.parametrize(
    ("stay", "come", "noted"),
    [
        (0, 0, "both"),
        (1, 0, "west"),
        (4, 0, "west"),
        (5, 0, "west"),
        (10, 2, "west"),
        (10, 3, "west"),
    ],
)
def test_what_is_said_of_a_ledger_that_its_units_hold_in_part(stay, come, noted):
    """Undone, GCJ-02 and BD-09 move places west: over the border from within 300 m east of it.

    Rows of the east there fit only as they are, rows of the west only moved; the others either way.
    One row that would leave its unit says 5.5, of the 3 that hold a town; nothing holds the west.
    Five rows to one that fit as they are hold the ledger, and not its west.
    """
    units = gpd.GeoDataFrame(
        {"code": CODES[:2], "name": CODES[:2]},
        geometry=[shapely.box(*(SEAT + np.array(ends)).ravel()) for ends in _WEST_AND_EAST],
        index=pd.Index(CODES[:2], name="id"),
        crs=CRS,
    )
    rows = [(300, 1)] * stay + [(300, 0)] * come + [(-6000, 0)] * 10 + [(6000, 1)] * 10
    xy = SEAT + [(east, 400 * (n % 20) - 4000) for n, (east, _) in enumerate(rows)]
    index = pd.Index([f"R{n}" for n in range(len(rows))], name="id")
    facts = {"name": index, "unit": [CODES[home] for _, home in rows], "community": None}
    frame = gpd.GeoDataFrame(facts, geometry=shapely.points(xy), index=index, crs=CRS)
    layers = {
        "residential": Layer("residential", frame),
        "facilities": Layer("facilities", frame.iloc[:0]),
        "units": Layer("units", units),
    }
    written = {name: layers[name].frame for name in ("residential", "facilities")}
    sources = {name: (f"{name}.xlsx", "wgs84") for name in written}
    sources["units"] = ("u.gpkg", "cgcs2000")
    degrees = ["residential"]
    told = datum_problems(layers, written, NOTHING, None, sources, CRS, degrees=degrees)
    towns = {"both": [CODES[0], CODES[1]], "west": [CODES[0]]}
    assert {p.code for p in told} == {P.DATUM_UNTESTED}
    said = [(p.params["towns"], p.params["come"]) for p in told if "towns" in p.params]
    assert said == [(towns[noted], come or None)]
