"""Where the paths of a study file may lead."""

import sys

import pytest

from lifecircle.intake import check_study
from lifecircle.model.problem import ProblemCode as P
from lifecircle.model.problem import Severity


@pytest.fixture
def outside(county):
    """A facility table beside the study's folder; returns the path to it."""
    home = county.folder / "study"
    home.mkdir()
    for file in list(county.folder.iterdir()):
        if file.is_file():
            file.rename(home / file.name)
    county.folder = home
    outside = home.parent / "outside.csv"
    (home / "facilities.csv").rename(outside)
    return outside


def facilities(county, path):
    county.layers["facilities"] = f"path = '{path}'\ncoordinates = \"cgcs2000\""


@pytest.mark.parametrize("how", ["above", "windows", "absolute", "through"])
def test_a_path_out_of_the_folder_is_refused_and_nothing_is_read(county, outside, how):
    path = {
        "above": "../outside.csv",
        "windows": "..\\outside.csv",
        "absolute": str(outside),
        "through": "data/../../outside.csv",
    }[how]
    facilities(county, path)
    study, (problem,) = check_study(county.finish())
    assert study is None
    assert (problem.code, problem.severity) == (P.PATH_OUTSIDE, Severity.ERROR)
    assert (problem.params["key"], problem.value) == ("layers.facilities.path", path)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_a_link_out_of_the_folder_is_refused(county, outside):
    (county.folder / "link.csv").symlink_to(outside)
    facilities(county, "link.csv")
    study, (problem,) = check_study(county.finish())
    assert (study, problem.code) == (None, P.PATH_OUTSIDE)


def test_shared_data_are_read_where_the_study_says_so(county, outside):
    county.heading += "allow_outside = true\n"
    for path in ("../outside.csv", str(outside)):
        facilities(county, path)
        study, problems = check_study(county.finish())
        assert [p for p in problems if p.severity is Severity.ERROR] == []
        assert len(study.facilities) == 1
        told = [(p.params["key"], p.value) for p in problems if p.code is P.PATH_OUTSIDE_READ]
        assert told == [("layers.facilities.path", path)]


def test_an_absolute_path_into_the_folder_is_no_way_out(county):
    facilities(county, county.folder / "facilities.csv")
    assert check_study(county.finish())[0] is not None


def test_every_path_is_looked_at_and_a_standard_of_ones_own_too(county):
    county.heading = county.heading.replace('"jinxiang-2023"', '["jinxiang-2023", "../mine.toml"]')
    county.layers["streets"] = 'path = "/etc/hostname"'
    county.layers["units"] = 'path = "../units.csv"'
    found = {p.params["key"] for p in check_study(county.finish())[1]}
    assert found == {"study.standard", "layers.streets.path", "layers.units.path"}


@pytest.mark.parametrize("path", ["a\\u0000b.csv", "x" * 5000])
def test_what_no_file_system_opens(county, path):
    county.layers["facilities"] = f'path = "{path}"'
    study, (problem,) = check_study(county.finish())
    assert (study, problem.code, problem.params["detail"]) == (None, P.STUDY_VALUE, "path")
    assert len(problem.value) <= 201


def test_gdal_opens_nothing_but_files(county):
    county.layers["facilities"] = 'path = "vsicurl/http:/127.0.0.1:1/a.gpkg"'
    assert P.FILE_MISSING in {p.code for p in check_study(county.finish())[1]}
    county.layers["facilities"] = 'path = "/vsicurl/http://127.0.0.1:1/a.gpkg"'
    assert {p.code for p in check_study(county.finish())[1]} == {P.PATH_OUTSIDE}


def test_streets_come_from_a_file_or_a_place(county):
    county.layers["streets"] = 'crs = "EPSG:4548"'
    (problem,) = check_study(county.finish())[1]
    assert (problem.code, problem.params["key"]) == (P.STUDY_KEY_MISSING, "layers.streets.path")
    county.layers["streets"] = 'path = "a.osm"\nplace = "金乡县"'
    (problem,) = check_study(county.finish())[1]
    assert (problem.code, problem.params["detail"]) == (P.STUDY_VALUE, "path_or_place")
