"""The county with its streets as a drawing office has them: lines, and no node at a crossing."""

from __future__ import annotations

import shutil

import geopandas as gpd
import pytest
import shapely

import lifecircle as lc

X0, Y0, CRS = 500_000.0, 3_850_000.0, "EPSG:4548"
LINES = [  # the two streets and the bridge between them, 4050 + 1050 + 900 m …
    [(0, 0), (4050, 0)],
    [(3000, 300), (4050, 300)],
    [(4000, -50), (4000, 850)],
    # … and five side streets of 600 m each: the longest line is 45 % of 9000 m
    *([(x, -300), (x, 300)] for x in (500, 1000, 1500, 2000, 2500)),
]


@pytest.fixture
def drawn(county_path, tmp_path):
    def write(*, answer):
        folder = tmp_path / str(answer)
        shutil.copytree(county_path if county_path.is_dir() else county_path.parent, folder)
        shapes = [shapely.LineString([(X0 + x, Y0 + y) for x, y in line]) for line in LINES]
        (folder / "道路.gpkg").unlink()
        gpd.GeoDataFrame(geometry=shapes, crs=CRS).to_file(folder / "道路.gpkg")
        text = (folder / "study.toml").read_text(encoding="utf-8")
        told = "" if answer is None else f"node_crossings = {str(answer).lower()}\n"
        text = text.replace('path = "道路.gpkg"\n', f'path = "道路.gpkg"\n{told}')
        (folder / "study.toml").write_text(text, encoding="utf-8")
        return lc.read_study(folder)

    return write


def a3(assessment):
    found = assessment.findings.query("clause == 'REF-walk-canteen' and id == 'A3'").iloc[0]
    return found["status"], found["reason"].code


def test_until_answered_no_way_is_not_unreachable(drawn):
    study = drawn(answer=None)
    (told,) = [p for p in study.problems if p.code == "streets_unjoined"]
    # five side streets on the first street, and the bridge on both
    assert (told.severity, told.params["count"], told.params["streets"]) == ("warning", 7, 8)
    assessed = lc.assess(study)
    assert a3(assessed) == ("not_assessed", "streets_in_pieces")
    # what is reached on its own line is reached: A8 stands on F1's street, 500 m away
    reach = assessed.reach.set_index(["reach_group", "residential"])
    assert reach.at[("community", "A8"), "walk_m"] == pytest.approx(500)
    assert reach.at[("community", "A8"), "walk_status"] == "compliant"


def test_once_they_join_the_walk_is_known(drawn):
    study = drawn(answer=True)
    codes = {p.code: p.params for p in study.problems}
    assert codes["streets_noded"] == {"count": 7}
    assert "streets_unjoined" not in codes
    assessed = lc.assess(study)
    # A3 → 500 m east, over the bridge 300 m, 500 m back west to F2: 1300 m, 19.5 min
    reach = assessed.reach.set_index(["reach_group", "residential"])
    assert reach.at[("community", "A3"), "walk_m"] == pytest.approx(1300)
    assert a3(assessed) == ("deficient", "beyond_walk")


def test_that_they_do_not_meet_is_an_answer_too(drawn):
    study = drawn(answer=False)
    assert not {"streets_unjoined", "streets_noded"} & {str(p.code) for p in study.problems}
