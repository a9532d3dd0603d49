"""In which system coordinates are read: zones, exchanged axes, old datums, degrees as written."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS, Transformer

from lifecircle.intake import check_study
from lifecircle.intake.ledger.cells.degrees import read_degrees
from lifecircle.intake.positions.systems import exchanged
from lifecircle.intake.settings.old_datums import old_datum
from lifecircle.model.problem import ProblemCode as P
from lifecircle.model.problem import Severity, describe

# 117°E 35.05°N is easting 500 000 of the zone of 117°; the northing is that of the ellipsoid.
EAST, NORTH = Transformer.from_crs(4490, 4548, always_xy=True).transform(117.0, 35.05)
QUIET = {P.PROJECTION_CHOSEN, P.POSITION_ROUND, P.AREAS_AS_POINTS}


def facilities(county, *places, more):
    rows = [f"甲{i},托老所,{x},{y}" for i, (x, y) in enumerate(places)]
    county.write("f.csv", "\n".join(["设施名称,设施类型,X,Y", *rows, ""]))
    county.layers["facilities"] = f'path = "f.csv"\n{more}'


def said(county):
    county.heading += 'crs = "EPSG:4548"\n' if "EPSG:4548" not in county.heading else ""
    study, problems = check_study(county.finish())
    return study, [p for p in problems if p.code not in QUIET]


def where(study):
    return shapely.get_coordinates(study.facilities.frame.geometry.to_numpy())


@pytest.mark.parametrize(
    "text",
    [
        "117°07′48″E",
        "117°07'48\"",
        "E117°7′48″",
        "东经117度7分48秒",
        "117 07 48",
        "117:07:48",
        "117°7.8′",
        "１１７°０７′４８″",
        "117.13°",
        "117.13E",
        "东经117.13",
    ],
)
def test_degrees_minutes_seconds(text):
    assert read_degrees(text) == pytest.approx(117 + 7 / 60 + 48 / 3600, abs=1e-12)


@pytest.mark.parametrize("text", ["117°75′", "117°07′60″", "117°7.5′30″", "117-07-48", "x", ""])
def test_what_is_no_angle(text):
    assert read_degrees(text) is None


def test_west_and_south_are_negative():
    assert (read_degrees("0°30′W"), read_degrees("南纬1.5")) == (-0.5, -1.5)


@given(st.text(max_size=20))
def test_no_text_makes_the_reader_of_degrees_fail(text):
    found = read_degrees(text)
    assert found is None or abs(found) < 1000


def test_minutes_and_seconds_in_a_ledger(county):
    facilities(county, ("117°00′00″", "35°03′00″"), more='coordinates = "cgcs2000"')
    study, problems = said(county)
    assert [(p.code, p.cell) for p in problems] == [
        (P.NUMBER_READ_AS, "C2"),
        (P.NUMBER_READ_AS, "D2"),
    ]
    assert where(study)[0] == pytest.approx([EAST, NORTH], abs=0.001)


def test_the_zone_prefix_says_the_zone_of_declared_cgcs2000(county):
    facilities(county, (39_000_000 + EAST, NORTH), more='coordinates = "cgcs2000"')
    study, (problem,) = said(county)
    assert (problem.code, problem.severity) == (P.CRS_CHOSEN, Severity.INFO)
    assert (problem.params["crs"], problem.params["zone"]) == ("EPSG:4527", 39)
    assert where(study)[0] == pytest.approx([EAST, NORTH], abs=0.001)


@pytest.mark.parametrize(
    ("place", "more", "code", "suggest"),
    [
        ((39_511_894, 3_880_000), "", P.COORDINATES_UNDECLARED, 'crs = "EPSG:4527"'),
        (
            (3_880_000, 39_511_894),
            "",
            P.COORDINATES_UNDECLARED,
            'crs = "EPSG:4527", swap = true',
        ),
        ((39_511_894, 3_880_000), 'crs = "EPSG:4548"', P.CRS_WRONG, 'crs = "EPSG:4527"'),
        ((511_894, 3_880_000), 'crs = "EPSG:4527"', P.CRS_WRONG, 'crs = "EPSG:4548"'),
        ((39_511_894, 3_880_000), 'coordinates = "gcj02"', P.CRS_WRONG, 'crs = "EPSG:4527"'),
        ((117.0, 35.05), 'crs = "EPSG:4548"', P.CRS_WRONG, 'crs = "EPSG:4490"'),
        ((20_500_000, 3_880_000), "", P.COORDINATES_UNDECLARED, 'crs = "EPSG:4498"'),
    ],
)
def test_what_the_numbers_look_like_is_offered(county, place, more, code, suggest):
    facilities(county, place, more=more)
    study, (problem,) = said(county)
    assert study is None
    assert (problem.code, problem.params["suggest"]) == (code, suggest)
    for language in ("zh", "en"):
        assert suggest in describe(problem, language)["remedy"]


@pytest.mark.parametrize("per_metre", [1 / 1000, 1 / 10_000, 100, 1000])
@pytest.mark.parametrize("exchanged_axes", [False, True])
def test_metres_of_another_size_are_to_be_multiplied(county, per_metre, exchanged_axes):
    """Kilometres and the like: no other crs cures them; the factor that is named does."""
    place = (EAST * per_metre, NORTH * per_metre)
    place = place[::-1] if exchanged_axes else place
    facilities(county, place, place, more='crs = "EPSG:4548"')
    study, (problem,) = said(county)
    assert (study, problem.code) == (None, P.CRS_WRONG)
    assert "suggest" not in problem.params
    assert problem.params["to_metres"] * per_metre == pytest.approx(1)
    remedies = [describe(problem, language)["remedy"] for language in ("zh", "en")]
    assert ("换算成米" in remedies[0], "multiply both columns" in remedies[1]) == (True, True)


def test_eastings_without_prefix_leave_the_zone_open(county):
    facilities(county, (511_894, 3_880_000), more='coordinates = "cgcs2000"')
    study, (problem,) = said(county)
    assert (study, problem.code) == (None, P.CRS_WRONG)
    assert 'crs = "EPSG:4548" (117°E)' in problem.params["suggest"]


@pytest.mark.parametrize(
    ("place", "more"),
    [
        ((NORTH, EAST), 'crs = "EPSG:4548"'),
        ((NORTH, 39_000_000 + EAST), 'crs = "EPSG:4527"'),
        ((35.05, 117.0), 'coordinates = "cgcs2000"'),
        ((35.05, 117.0), 'coordinates = "wgs84"'),
    ],
)
def test_exchanged_axes_are_refused_until_the_study_says_so(county, place, more):
    facilities(county, place, place, more=more)
    study, (problem,) = said(county)
    assert (study, problem.code, problem.severity) == (None, P.AXES_SWAPPED, Severity.ERROR)
    assert "swap = true" in describe(problem, "zh")["remedy"]
    facilities(county, place, more=f"{more}\nswap = true")
    study, problems = said(county)
    assert problems == []
    assert where(study)[0] == pytest.approx([EAST, NORTH], abs=0.001)


def test_in_the_west_both_numbers_could_be_either(county):
    # 43.8°N 87.6°E: exchanged, both are still within ±90, but in the Arctic.
    facilities(county, (43.8, 87.6), more='coordinates = "wgs84"')
    assert [p.code for p in said(county)[1]] == [P.AXES_SWAPPED]


def test_one_row_with_exchanged_coordinates(county):
    facilities(
        county, (117.0, 35.05), (35.05, 117.0), (117.001, 35.05), more='coordinates = "wgs84"'
    )
    study, (problem,) = said(county)
    assert (problem.code, problem.severity, problem.cell, problem.value) == (
        P.COORDINATES_SWAPPED,
        Severity.WARNING,
        "C3",
        "35.05",
    )
    assert study.facilities.located.tolist() == [True, False, True]


@pytest.mark.parametrize(
    ("crs", "first", "second"),
    [
        ("EPSG:4548", 500000, 3880000),  # 117°E, 35.05°N
        ("EPSG:4527", 39500000, 3880000),  # the same with the zone before the easting
        ("EPSG:4490", 117.0, 35.05),
    ],
)
def test_which_rows_are_exchanged(crs, first, second):
    """Every other one; those that can be of the CRS neither way, and unknown ones, are not."""
    rows = [(first, second), (second, first), (1e9, 1e9), (np.nan, second)]
    found = exchanged(np.array(rows), CRS(crs))
    assert found.tolist() == [False, True, False, False]


def test_exchanged_axes_of_outlines(county):
    frame = county.areas()
    frame["geometry"] = shapely.transform(frame.geometry.to_numpy(), lambda xy: xy[:, ::-1])
    frame.to_file(county.folder / "areas.gpkg")
    study, (problem,) = said(county)
    assert (study, problem.code) == (None, P.AXES_SWAPPED)
    county.layers["residential"] += "\nswap = true"
    study, problems = said(county)
    assert problems == []
    assert study.residential.frame.geometry.area.tolist() == pytest.approx([40_000, 40_000])


@pytest.mark.parametrize(
    ("crs", "system"),
    [
        ("EPSG:4214", "beijing54"),
        ("EPSG:2437", "beijing54"),
        ("+proj=tmerc +lon_0=117 +x_0=500000 +ellps=krass", "beijing54"),
        ("EPSG:4610", "xian80"),
        ("EPSG:2383", "xian80"),
        ("EPSG:4490", None),
        ("EPSG:4548", None),
        ("EPSG:4326", None),
        ("EPSG:32650", None),
    ],
)
def test_old_datums_are_known_by_their_ellipsoid(crs, system):
    assert old_datum(CRS.from_user_input(crs)) == system


def test_an_old_datum_is_refused_with_the_reason(county):
    facilities(county, (500_000, 3_880_000), more='crs = "EPSG:2437"')
    study, (problem,) = said(county)
    assert (study, problem.code, problem.params) == (None, P.DATUM_OLD, {"system": "beijing54"})
    assert "1954 年北京坐标系" in describe(problem, "zh")["what"]
    assert "七参数" in describe(problem, "zh")["remedy"]


def test_an_old_datum_of_a_file(county):
    county.areas().set_crs(2384, allow_override=True).to_file(county.folder / "areas.gpkg")
    assert [p.code for p in said(county)[1]] == [P.DATUM_OLD]


def test_an_old_datum_is_no_system_for_a_study(county):
    county.heading += 'crs = "EPSG:2437"\n'
    study, (problem,) = check_study(county.finish())
    assert (study, problem.code, problem.params["detail"]) == (
        None,
        P.STUDY_VALUE,
        "crs_old_datum",
    )


def test_parameters_of_an_old_datum_are_applied(county):
    plain = "+proj=tmerc +lat_0=0 +lon_0=117 +k=1 +x_0=500000 +y_0=0 +ellps=krass +units=m"
    bound = f"{plain} +towgs84=15.8,-154.4,-82.3,0,0,0,0"
    facilities(county, (500_000, 3_880_000), more=f'crs = "{bound}"')
    study, problems = said(county)
    assert problems == []
    # By hand: geocentric position on Krassovsky's ellipsoid + the three shifts, on WGS 84.
    lon, lat = CRS(plain).geodetic_crs, None
    lon, lat = Transformer.from_crs(plain, lon, always_xy=True).transform(500_000, 3_880_000)
    a, f = 6378245.0, 1 / 298.3
    e2, phi, lam = f * (2 - f), np.radians(lat), np.radians(lon)
    n = a / np.sqrt(1 - e2 * np.sin(phi) ** 2)
    x = n * np.cos(phi) * np.cos(lam) + 15.8
    y = n * np.cos(phi) * np.sin(lam) - 154.4
    z = n * (1 - e2) * np.sin(phi) - 82.3
    lon, lat, _ = Transformer.from_crs(4978, 4979, always_xy=True).transform(x, y, z)
    expected = gpd.GeoSeries([shapely.Point(lon, lat)], crs=4490).to_crs(4548).iloc[0]
    assert where(study)[0] == pytest.approx([expected.x, expected.y], abs=0.01)
    assert abs(where(study)[0] - [500_000, 3_880_000]).max() > 20
