"""A layer in another datum is named, with how far and on how many points; clean ones never are."""

import dataclasses
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import Transformer

from lifecircle.intake import check_study
from lifecircle.intake.doubts.bonds import _in_one_square, datum_problems
from lifecircle.intake.doubts.suspicion import Bond, Shifts, suspected
from lifecircle.intake.positions.datum import gcj02_to_bd09, wgs84_to_gcj02
from lifecircle.model.inputs.layers import Layer
from lifecircle.model.problem import ProblemCode as P
from lifecircle.model.problem import Severity

LON, LAT = 116.31, 35.07  # 金乡


def shift(lon, lat, datum):
    if datum in {"gcj02", "bd09"}:
        lon, lat = wgs84_to_gcj02(lon, lat)
    return gcj02_to_bd09(lon, lat) if datum == "bd09" else (lon, lat)


class Town:
    """Estates of 100 to 300 m strewn over 10 km, a day-care centre in each of the first."""

    def __init__(self, county, areas=40, centres=25, seed=0):
        self.county = county
        self.random = np.random.default_rng(seed)
        self.places = self.random.uniform([LON, LAT], [LON + 0.11, LAT + 0.09], (areas, 2))
        self.sizes = self.random.uniform(0.0005, 0.0015, areas)
        self.centres = centres

    def areas(self, datum="wgs84", *, points=False, declared=None):
        rows = []
        for i, ((x, y), size) in enumerate(zip(self.places, self.sizes, strict=True)):
            ring = [(x - size, y - size), (x + size, y - size), (x + size, y + size)]
            ring = [(x, y)] if points else [*ring, (x - size, y + size)]
            lon, lat = shift(*np.array(ring).T, datum)
            xy = np.column_stack([lon, lat]).tolist()
            kind, coordinates = ("Point", xy[0]) if points else ("Polygon", [[*xy, xy[0]]])
            rows.append(
                f'{{"type": "Feature", "properties": {{"id": "R{i}", "name": "{self.name(i)}"}},'
                f' "geometry": {{"type": "{kind}", "coordinates": {coordinates}}}}}'
            )
        features = ",".join(rows)
        text = f'{{"type": "FeatureCollection", "features": [{features}]}}'
        self.county.write("areas.geojson", text, "utf-8")
        more = f'\ncoordinates = "{declared}"' if declared else ""
        self.county.layers["residential"] = f'path = "areas.geojson"{more}'

    def facilities(self, datum="wgs84", *, linked=True, astray=False, declared="wgs84"):
        near = self.places[: self.centres] + self.random.normal(0, 0.0003, (self.centres, 2))
        if astray:
            near = self.random.uniform([LON, LAT], [LON + 0.11, LAT + 0.09], near.shape)
        lon, lat = shift(*near.T, datum)
        names = [f"{self.name(i)}日间照料中心" if linked else f"第{i}站" for i in range(len(near))]
        rows = [f"{n},托老所,{x},{y}" for n, x, y in zip(names, lon, lat, strict=True)]
        self.county.write("f.csv", "\n".join(["名称,类型,经度,纬度", *rows, ""]))
        self.county.layers["facilities"] = f'path = "f.csv"\ncoordinates = "{declared}"'

    @staticmethod
    def name(i):
        return f"第{i:03d}花园"

    def suspected(self):
        study, problems = check_study(self.county.finish())
        assert study is not None
        return [p for p in problems if p.code is P.DATUM_SUSPECTED]


@pytest.mark.parametrize("points", [False, True])
@pytest.mark.parametrize(("datum", "low", "high"), [("gcj02", 300, 700), ("bd09", 1150, 1300)])
@pytest.mark.parametrize("layer", ["facilities", "residential"])
def test_a_shifted_layer_is_named(county, layer, datum, low, high, points):
    town = Town(county)
    town.areas(datum if layer == "residential" else "wgs84", points=points)
    town.facilities(datum if layer == "facilities" else "wgs84")
    (problem,) = town.suspected()
    assert (problem.layer, problem.severity) == ("facilities", Severity.WARNING) or (
        problem.layer,
        problem.severity,
    ) == (layer, Severity.WARNING)
    assert problem.layer == layer
    params = problem.params
    assert (params["datum"], params["key"]) == (datum, datum)
    assert low <= params["offset_m"] <= high
    assert params["total"] >= 20
    assert params["count"] >= 0.9 * params["total"]
    assert params["before"] <= 0.1 * params["total"]
    # What the warning says to set silences it.
    declare = town.areas if layer == "residential" else town.facilities
    declare(datum, declared=datum)
    assert town.suspected() == []


def test_a_datum_declared_that_is_none(county):
    town = Town(county)
    town.areas()
    town.facilities("wgs84", declared="gcj02")
    (problem,) = town.suspected()
    assert (problem.layer, problem.params["datum"]) == ("facilities", "wgs84")


@pytest.mark.one_in(5)
@pytest.mark.parametrize("points", [False, True])
@pytest.mark.parametrize("linked", [False, True])
@pytest.mark.parametrize("astray", [False, True])
@pytest.mark.parametrize(("areas", "centres"), [(40, 25), (8, 4), (3, 2), (1, 1)])
def test_clean_small_and_random_layers_are_left_alone(
    county, points, linked, astray, areas, centres
):
    for seed in range(2 if areas < 40 else 1):
        town = Town(county, areas, centres, seed)
        town.areas(points=points)
        town.facilities(linked=linked, astray=astray)
        assert town.suspected() == []


def test_everything_in_one_datum_agrees_with_itself(county):
    town = Town(county)
    town.areas("gcj02")
    town.facilities("gcj02")
    assert town.suspected() == []


def test_units_and_the_codes_of_facilities(county):
    """Square communities of 500 m, forty facilities that bear their codes and no estate's name."""
    town = Town(county, areas=3, centres=2)
    town.areas()
    step, rows, shapes = 0.005, [], []
    for i in range(8):
        for j in range(5):
            x, y = LON + i * step, LAT + j * step
            code = f"370828001{1 + 5 * i + j:03d}"
            ring = shapely.box(x, y, x + step, y + step)
            shapes.append((code, shapely.get_coordinates(ring).tolist()))
            rows.append((code, x + step / 2, y + step / 2))
    features = ",".join(
        f'{{"type": "Feature", "properties": {{"code": "{code}", "name": "社区{code[-3:]}"}},'
        f' "geometry": {{"type": "Polygon", "coordinates": [{ring}]}}}}'
        for code, ring in shapes
    )
    county.write("u.geojson", f'{{"type": "FeatureCollection", "features": [{features}]}}', "utf-8")
    county.layers["units"] = 'path = "u.geojson"'

    def told(datum):
        lines = []
        for code, lon, lat in rows:
            x, y = shift(lon, lat, datum)
            lines.append(f"站{code[-3:]},托老所,{code},{x},{y}")
        county.write("f.csv", "\n".join(["名称,类型,社区,经度,纬度", *lines, ""]))
        county.layers["facilities"] = 'path = "f.csv"\ncoordinates = "wgs84"'
        return [(p.layer, p.params["datum"], p.params["target"]) for p in town.suspected()]

    assert told("wgs84") == []
    assert told("gcj02") == [("facilities", "gcj02", "units")]
    assert told("bd09") == [("facilities", "bd09", "units")]


@pytest.fixture(scope="module")
def guixi():
    study, problems = check_study(Path(__file__).parents[3] / "data" / "guixi")
    assert [p for p in problems if p.code is P.DATUM_SUSPECTED] == []
    return study


def moved(study, xy, datum):
    there = Transformer.from_crs(study.crs, 4490, always_xy=True)
    lon, lat = shift(*there.transform(xy[:, 0], xy[:, 1]), datum)
    return np.column_stack(there.transform(lon, lat, direction="INVERSE"))


@pytest.mark.parametrize(("datum", "metres"), [("gcj02", 620), ("bd09", 1180)])
@pytest.mark.parametrize("spoilt", ["residential", "facilities", "streets"])
def test_the_layers_of_a_real_town_shifted_one_by_one(guixi, spoilt, datum, metres):
    layers = {name: getattr(guixi, name) for name in ("residential", "facilities", "units")}
    streets = guixi.streets
    if spoilt == "streets":
        streets = dataclasses.replace(streets, vertex_xy=moved(guixi, streets.vertex_xy, datum))
    else:
        frame = layers[spoilt].frame
        shapes = shapely.transform(frame.geometry.to_numpy(), lambda xy: moved(guixi, xy, datum))
        frame = frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=guixi.crs))
        layers[spoilt] = Layer(spoilt, frame)
    written = {name: layer.frame for name, layer in layers.items()}
    sources = dict.fromkeys((*layers, "streets"), ("a.gpkg", "cgcs2000"))
    found = datum_problems(layers, written, guixi.sharing, streets, sources, guixi.crs)
    assert [(p.layer, p.params["datum"]) for p in found] == [(spoilt, datum)]
    assert found[0].params["offset_m"] == pytest.approx(metres, abs=15)


def test_streets_of_openstreetmap_are_never_the_suspect(guixi):
    layers = {name: getattr(guixi, name) for name in ("residential", "facilities", "units")}
    streets = guixi.streets
    streets = dataclasses.replace(streets, vertex_xy=moved(guixi, streets.vertex_xy, "gcj02"))
    written = {name: layer.frame for name, layer in layers.items()}
    sources = dict.fromkeys(layers, ("a.gpkg", "wgs84")) | {"streets": ("a.osm.pbf", "wgs84")}
    found = datum_problems(layers, written, guixi.sharing, streets, sources, guixi.crs)
    assert "streets" not in [p.layer for p in found]


@pytest.mark.parametrize("datum", ["wgs84", "gcj02", "bd09"])
@pytest.mark.parametrize("right", [1.0, 0.7, 0.4, 0.0])
def test_what_is_suspected_does_not_hang_on_whether_agreement_is_asked(datum, right):
    """Some of the points where they belong, the others anywhere; all of them read in a datum."""
    random = np.random.default_rng(3)
    homes = random.uniform([490_000, 3_850_000], [500_000, 3_860_000], (80, 2))
    places = homes + random.normal(0, 20.0, homes.shape)
    astray = random.random(len(homes)) >= right
    places[astray] = random.uniform(homes.min(axis=0), homes.max(axis=0), (astray.sum(), 2))
    there = Transformer.from_crs(4548, 4490, always_xy=True)
    lon, lat = shift(*there.transform(*places.T), datum)
    points = np.column_stack(there.transform(lon, lat, direction="INVERSE"))
    asked = []

    def fits(xy):
        asked.append(xy)
        apart = np.hypot(*(xy[:, None] - homes).transpose(2, 0, 1)).min(axis=1)
        return apart < 60.0, np.ones(len(xy), dtype=bool)

    bonds = [Bond("facilities", "residential", points, fits)]
    declared = dict.fromkeys(("facilities", "residential"), "wgs84")
    told = suspected(bonds, declared, "EPSG:4548", frozenset())
    everything, asked = len(asked), []
    brief = suspected(bonds, declared, "EPSG:4548", frozenset(), agreed=False)
    assert brief.suspicions == told.suspicions
    assert bool(told.suspicions) == (datum != "wgs84" and right > 0)
    assert bool(told.agreed) == (datum == "wgs84" and right > 0)
    # as they are, and in two other datums either layer: no ring where none of that is better
    assert len(asked) == (everything if told.suspicions else 5)


# two layers apart as WGS 84 and GCJ-02 are: one read as WGS 84 is in GCJ-02, or one read as
# GCJ-02 is in WGS 84. Where each is drawn, what it is declared as, which pairs are bound
_APART = {
    # three by three agree but for one pair: whichever is named is off what it agrees with
    "nobody": (
        {"facilities": "gcj02", "residential": "there", "units": "there"},
        [("facilities", "residential"), ("facilities", "units"), ("residential", "units")],
        [("facilities", "units")],
        [],
    ),
    # one alone against two that agree: the one alone, though it is trusted more
    "who stands alone": (
        {"residential": "gcj02", "facilities": "there", "candidates": "there"},
        [("facilities", "residential"), ("facilities", "candidates")],
        [],
        [("residential", "gcj02")],
    ),
    "who stands alone, the other way round": (
        {"facilities": "gcj02", "residential": "there", "units": "there"},
        [("facilities", "residential"), ("residential", "units")],
        [],
        [("facilities", "gcj02")],
    ),
    # one cause for two pairs, though units agree with it and may be off as well
    "who explains most": (
        {"residential": "gcj02", "units": "gcj02", "facilities": "there", "candidates": "there"},
        [("facilities", "residential"), ("candidates", "residential"), ("residential", "units")],
        [],
        [("residential", "gcj02")],
    ),
}


@pytest.mark.parametrize("case", _APART)
def test_of_layers_that_disagree_the_one_that_explains_it_is_named(case):
    drawn, bound, together, named = _APART[case]
    random = np.random.default_rng(5)
    homes = random.uniform([490_000, 3_850_000], [500_000, 3_860_000], (80, 2))
    there = Transformer.from_crs(4548, 4490, always_xy=True)
    off = np.column_stack(
        there.transform(*shift(*there.transform(*homes.T), "gcj02"), direction="INVERSE")
    )
    at = {name: homes if where == "there" else off for name, where in drawn.items()}

    def bond(one, other):
        where = at[one] if (one, other) in together else at[other]

        def fits(xy):
            apart = np.hypot(*(xy[:, None] - where).transpose(2, 0, 1)).min(axis=1)
            return apart < 60.0, np.ones(len(xy), dtype=bool)

        return Bond(one, other, at[one] + random.normal(0, 20.0, homes.shape), fits)

    declared = {name: "gcj02" if where == "there" else "wgs84" for name, where in drawn.items()}
    bonds = [bond(*pair) for pair in bound]
    found = suspected(bonds, declared, "EPSG:4548", frozenset())
    assert [(one.layer, one.datum) for one in found.suspicions] == named


def test_points_are_moved_once_for_all_that_is_asked_of_them():
    """What is known is never another's: of other points, another datum, or written over."""
    points = np.array([[500_000.0, 3_850_000.0], [501_000.0, 3_852_000.0]])
    shifts = Shifts("EPSG:4548")
    for asked in (points, points[:1], points[::-1], points.T[0:1].repeat(2, axis=0)):
        for declared, real in (("wgs84", "gcj02"), ("wgs84", "bd09"), ("gcj02", "wgs84")):
            first = shifts.vectors(asked, declared, real)
            assert shifts.vectors(asked.copy(), declared, real) is first
            anew = Shifts("EPSG:4548").vectors(asked, declared, real)
            assert np.array_equal(first, anew)
    moved = shifts.vectors(points, "wgs84", "gcj02")
    there = Transformer.from_crs("EPSG:4548", "EPSG:4490", always_xy=True)
    lon, lat = there.transform(*points.T)
    back = wgs84_to_gcj02(*there.transform(*(points + moved).T))
    assert np.allclose(np.column_stack(back), np.column_stack([lon, lat]), rtol=0, atol=1e-8)
    with pytest.raises(ValueError, match="read-only"):
        moved += 1.0


def test_points_with_an_outline_in_their_square_are_beside_it():
    # 1 500 m of reach are squares of 1 000 m: the outline has corners in the first two of the row.
    tree = shapely.STRtree([shapely.box(900.0, 100.0, 1100.0, 200.0)])
    points = np.array([[10.0, 990.0], [1990.0, 10.0], [2010.0, 150.0], [950.0, 1010.0]])
    assert _in_one_square(points, tree, 1500.0).tolist() == [True, True, False, False]
    far = shapely.distance(shapely.points(points[:2]), tree.geometries[0])
    assert (far < 1500.0).all()
