"""Places no county can have: stray rows, layers in another zone, a study's zone that fits none."""

from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS

from lifecircle.intake import check_study
from lifecircle.intake.positions.locating import Positions
from lifecircle.intake.positions.outlying import without_far_rows
from lifecircle.intake.positions.projection import choose_projection
from lifecircle.model.problem import ProblemCode as P
from lifecircle.model.problem import Severity, describe


def ledgers(county, lon=116.3, stray=(), crs=""):
    """Nine areas along 35.05°N from ``lon`` on, 1 km apart, the stray ones after them."""
    rows = [f"R{n},园{n},100,{lon + n / 90:.5f},35.05" for n in range(9)]
    rows += [f"S{n},远{n},100,{x},{y}" for n, (x, y) in enumerate(stray)]
    county.write("areas.csv", "\n".join(["id,name,households,lon,lat", *rows, ""]))
    county.layers["residential"] = 'path = "areas.csv"\ncoordinates = "cgcs2000"'
    county.write("facilities.csv", f"name,kinds,stage,lon,lat\n甲,日间照料中心,运营,{lon},35.05\n")
    if crs:
        county.heading += f'crs = "{crs}"\n'
    return check_study(county.finish())


def test_stray_rows_do_not_move_the_zone_and_are_unknown(county):
    """Nine areas at 116.3°E (zone of 117°); 16.3 and 126.3 would drag a box's middle to 71°."""
    study, problems = ledgers(county, stray=[("16.30000", 35.05), ("126.30000", 35.05)])
    assert study.crs == "EPSG:4548"
    assert list(study.residential.frame.index[~study.residential.located]) == ["S0", "S1"]
    far = [p for p in problems if p.code is P.POSITION_FAR]
    # great circle along about 35°N, from 116.344: 9.956° of longitude are 906 km there
    assert [p.severity for p in far] == [Severity.WARNING] * 2
    assert far[1].params["distance_km"] == pytest.approx(906, abs=2)
    assert [p.row for p in far] == [11, 12]


def test_a_place_of_a_long_county_is_no_stray():
    """Ten times the usual distance from the middle is still a county's."""
    xy = np.column_stack([np.linspace(84, 94, 11), np.full(11, 39.0)])
    shapes = np.array(list(shapely.points(xy)), dtype=object)
    places = Positions(shapes, CRS(4490))
    ledger = SimpleNamespace(raw=SimpleNamespace(layer="residential"), headers={})
    assert without_far_rows(ledger, places) == (places, ())
    assert choose_projection([Positions(shapes, CRS(4490))]) == ("EPSG:4539", True)


@pytest.mark.parametrize("astray", [(15.54, 34.83), (34.83, 34.83), (115.54, 4.83 - 10)])
@pytest.mark.parametrize("at", [0, 1])
def test_of_two_places_the_one_that_no_county_has_is_unknown(astray, at):
    """Their middle lies between them and is as far from either."""
    places = [(115.54, 34.83)]
    places.insert(at, astray)
    shapes = np.array(list(shapely.points(places)), dtype=object)
    found, problems = without_far_rows(_Ledger(), Positions(shapes, CRS(4490)))
    assert [shape is None for shape in found.shapes] == [n == at for n in range(2)]
    assert [(code, row) for code, row, _ in problems] == [(P.POSITION_FAR, at)]


def eastings(lon, lat, crs):
    """Return points as the zone of a code has them, read in that of 117° (EPSG:4548)."""
    there = gpd.GeoSeries.from_xy(lon, lat, crs=4490).to_crs(crs)
    return np.array(list(there.to_numpy()), dtype=object)


class _Ledger:
    raw, headers = SimpleNamespace(layer="residential"), ()

    def problem(self, code, _severity, row, _column, *, distance_km):
        return code, row, distance_km


@pytest.mark.parametrize(
    ("zone", "degrees"), [("EPSG:4549", 3), ("EPSG:4547", 3), ("EPSG:4545", 9)]
)
@pytest.mark.parametrize("other", [3, 5])
def test_rows_of_another_zone_are_far_though_they_are_half_of_the_ledger(zone, degrees, other):
    """Ten places at 116.3°E, 35.05°N, of which three or five say another zone's eastings."""
    lon, lat = 116.3 + np.arange(10) / 90, np.full(10, 35.05)
    shapes = eastings(lon, lat, "EPSG:4548")
    shapes[:other] = eastings(lon[:other], lat[:other], zone)
    kept, found = without_far_rows(_Ledger(), Positions(shapes, CRS(4548)))
    assert [(code, row) for code, row, _ in found] == [(P.POSITION_FAR, n) for n in range(other)]
    # a degree at 35.05°N: 111.195 km x cos 35.05° = 91.03 km; half the row of places is 5 km
    assert all(abs(km - degrees * 91.03) <= 10 for *_, km in found)
    assert [shape is None for shape in kept.shapes] == [n < other for n in range(10)]


def test_two_towns_of_a_long_county_are_of_one_zone():
    """Five places at 116.3°E and five 150 km on at 118.0°E: 1.7° is no zone."""
    lon = np.concatenate([116.3 + np.arange(5) / 90, 118 + np.arange(5) / 90])
    places = Positions(eastings(lon, np.full(10, 35.05), "EPSG:4548"), CRS(4548))
    assert without_far_rows(_Ledger(), places) == (places, ())


@settings(max_examples=40, deadline=None)
@given(
    lon=st.floats(76, 134),
    strays=st.lists(st.tuples(st.floats(-180, 180), st.floats(-80, 80)), max_size=9),
)
def test_fewer_strays_than_places_never_move_the_zone(lon, strays):
    """The median of 10 places within 0.001° and up to 9 others lies within theirs."""
    own = [(lon + n / 10_000, 35.0) for n in range(10)]
    places = np.array(list(shapely.points(np.array(own + list(strays)))), dtype=object)
    chosen, known = choose_projection([Positions(places, CRS(4490))])
    meridians = {3 * round(x / 3) for x, _ in own}
    assert known
    assert chosen in {f"EPSG:{4534 + (m - 75) // 3}" for m in meridians}


@pytest.mark.parametrize(
    ("crs", "fits"),
    [
        ("EPSG:4548", True),  # 117°, made for 115.5 to 118.5
        ("EPSG:4547", True),  # 114°, made for 112.5 to 115.5: 0.84° beyond, counties straddle
        ("EPSG:4549", False),  # 120°, made for 118.5 to 121.5: 2.2° beyond
        ("EPSG:4546", False),  # 111°
        ("EPSG:32650", True),  # UTM 50N, 114 to 120
        ("EPSG:32651", False),  # UTM 51N, 120 to 126
        ("+proj=tmerc +lon_0=116.33 +x_0=500000 +ellps=GRS80 +units=m", True),
        ("+proj=tmerc +lon_0=126 +x_0=500000 +ellps=GRS80 +units=m", False),
    ],
)
def test_a_typed_zone_must_be_that_of_the_places(county, crs, fits):
    study, problems = ledgers(county, crs=crs)
    assert (study is not None) == fits
    wrong = [p for p in problems if p.code is P.PROJECTION_WRONG]
    assert bool(wrong) is not fits
    if wrong:
        assert wrong[0].severity is Severity.ERROR
        assert 'crs = "EPSG:4548"' in describe(wrong[0], "zh")["remedy"]


def test_one_stray_does_not_refuse_a_zone(county):
    study, _ = ledgers(county, stray=[(126.3, 35.05)], crs="EPSG:4548")
    assert study is not None


def test_a_layer_with_the_wrong_meridian_is_refused_with_the_one_that_fits(county):
    """Places at 116.3°E written in the zone of 117° and declared in that of 114°: 3° west."""
    here = gpd.GeoSeries.from_xy(116.3 + np.arange(5) / 90, np.full(5, 35.05), crs=4490)
    rows = [f"甲{n},日间照料中心,运营,{p.x:.2f},{p.y:.2f}" for n, p in enumerate(here.to_crs(4548))]
    ledgers(county)
    county.write("facilities.csv", "\n".join(["name,kinds,stage,lon,lat", *rows, ""]))
    county.layers["facilities"] = 'path = "facilities.csv"\ncrs = "EPSG:4547"'
    study, problems = check_study(county.finish())
    assert study is None  # no facilities: nothing to assess
    far = [p for p in problems if p.code is P.LAYER_FAR]
    assert [(p.layer, p.severity) for p in far] == [("facilities", Severity.ERROR)]
    # 3° at 35.05°N: 3 x 91.3 km
    assert far[0].params["distance_km"] == pytest.approx(273, abs=3)
    assert far[0].params["suggest"] == 'crs = "EPSG:4548"'
    assert P.GEOMETRY_OUTSIDE not in {p.code for p in problems}
    county.layers["facilities"] = 'path = "facilities.csv"\ncrs = "EPSG:4548"'
    study, _ = check_study(county.finish())
    assert study.facilities.located.all()


def test_of_three_layers_the_odd_one_is_refused(county):
    """Facilities and units agree; the areas lie elsewhere and are the ones that are wrong."""
    ledgers(county)
    rows = [f"R{n},园{n},100,{113.3 + n / 90:.5f},35.05" for n in range(9)]
    county.write("areas.csv", "\n".join(["id,name,households,lon,lat", *rows, ""]))
    units = gpd.GeoDataFrame(
        {"code": ["370827001"], "name": ["甲街道"]},
        geometry=[shapely.box(116.2, 35, 116.5, 35.1)],
        crs=4490,
    )
    units.to_file(county.folder / "units.gpkg")
    county.layers["units"] = 'path = "units.gpkg"'
    study, problems = check_study(county.finish())
    assert study is None
    assert [p.layer for p in problems if p.code is P.LAYER_FAR] == ["residential"]
