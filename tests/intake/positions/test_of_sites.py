"""Rows of one 场所编号 are one place: who has no position stands where the others do."""

from __future__ import annotations

import os
import random

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import lifecircle as lc
from lifecircle.assessing.explanation import Step, explain
from lifecircle.case.edited import edited
from lifecircle.intake import check_study
from lifecircle.model.problem import ProblemCode as P
from lifecircle.model.problem import Severity
from lifecircle.model.sites import places_of_sites

X, Y = 500_000.0, 3_880_000.0
NAMES = ["id", "name", "kinds", "stage", "site", "unit", "community"]
STREET, TOWN = "370827001", "370827101"
VILLAGE, OTHER = f"{TOWN}201", f"{TOWN}202"


def row(name, at, site="S", unit=None, community=None, stage="运营"):
    cells = [name, f"{name}站", "日间照料中心", stage, site, unit, community]
    return dict(zip(NAMES, cells, strict=True)) | {
        "geometry": None if at is None else shapely.Point(X + at[0], Y + at[1])
    }


def read(county, *rows):
    frame = gpd.GeoDataFrame(list(rows), columns=[*NAMES, "geometry"], crs=4548)
    frame.to_file(county.folder / "facilities.gpkg")
    county.layers["facilities"] = 'path = "facilities.gpkg"'
    return check_study(county.finish())


def outlines(county):
    """Two units side by side: the street west of x = 1000, the town and its village east."""
    west, east = (
        shapely.box(X - 5000, Y - 9, X + 1000, Y + 9),
        shapely.box(X + 1000, Y - 9, X + 9000, Y + 9),
    )
    codes, shapes = [STREET, TOWN, VILLAGE], [west, east, east]
    names = ["某街道", "某镇", "甲村"]
    units = gpd.GeoDataFrame({"code": codes, "name": names}, geometry=shapes, crs=4548)
    units.to_file(county.folder / "units.gpkg")
    county.layers["units"] = 'path = "units.gpkg"'


def spots(study):
    frame = study.facilities.frame
    return {
        name: None if shape is None else (shape.x - X, shape.y - Y)
        for name, shape in zip(frame.index, frame.geometry, strict=True)
    }


def said(problems, *codes):
    sites = (P.POSITION_OF_SITE, P.SITE_APART, P.SITE_STRUNG, P.SITE_OTHER_UNIT)
    told = codes or (*sites, P.GEOMETRY_MISSING)
    return [(p.code, p.severity, p.row) for p in problems if p.code in told]


def test_a_row_without_a_position_stands_where_its_site_does(county):
    study, problems = read(county, row("F1", (700, 0)), row("F2", None), row("F3", None, "T"))
    assert spots(study) == {"F1": (700, 0), "F2": (700, 0), "F3": None}
    # a note for the one, a warning for the other, and none that the first has no position
    assert said(problems) == [
        (P.GEOMETRY_MISSING, Severity.WARNING, 3),
        (P.POSITION_OF_SITE, Severity.INFO, 2),
    ]
    note = next(p for p in problems if p.code is P.POSITION_OF_SITE)
    assert note.params == {"site": "S", "first_row": 1}
    frame = study.facilities.frame
    assert frame["position_of"].tolist() == [None, "F1", None]


@pytest.mark.parametrize(
    ("away", "stands"),
    # 50 m are one place, the more western of the two is taken, whatever the order of rows
    [(50, (700, 0)), (-50, (650, 0)), (50.01, None), (3000, None)],
)
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_positions_of_a_site_have_to_agree(county, away, stands, order):
    rows = [row("F1", (700, 0)), row("F2", (700 + away, 0)), row("F3", None)]
    study, problems = read(county, *(rows[n] for n in order))
    assert spots(study)["F3"] == stands
    told = {code for code, *_ in said(problems)}
    apart = P.SITE_STRUNG if away > 1000 else P.SITE_APART  # so far apart, they are no site at all
    assert told == ({apart, P.GEOMETRY_MISSING} if stands is None else {P.POSITION_OF_SITE})


@pytest.mark.parametrize("stage", ["运营", "规划", "闲置", "停用"])
def test_where_a_house_is_hangs_on_no_stage(county, stage):
    study, _ = read(county, row("F1", (700, 0), stage=stage), row("F2", None))
    assert spots(study)["F2"] == (700, 0)


def test_codes_that_contradict_the_site_leave_the_place_open(county):
    study, problems = read(
        county,
        row("F1", (700, 0), unit=TOWN, community=VILLAGE),
        row("F2", None, unit=TOWN, community=OTHER),
        row("F3", None, unit=TOWN),
        row("F4", None, community=VILLAGE),
        row("F5", None, unit=STREET),
    )
    here = (700, 0)
    assert spots(study) == {"F1": here, "F2": None, "F3": here, "F4": here, "F5": None}
    other = [p.params for p in problems if p.code is P.SITE_OTHER_UNIT]
    assert other == [{"site": "S", "first_row": 1}] * 2


def test_the_units_of_a_site_are_its_rows_too(county):
    outlines(county)
    study, _ = read(county, row("F1", (2000, 0)), row("F2", None), row("F3", None, unit=TOWN))
    frame = study.facilities.frame
    assert frame["unit"].tolist() == [TOWN] * 3
    assert frame["community"].tolist() == [VILLAGE] * 3
    assert frame["lent"].tolist() == [None, "unit community", "community"]
    # a name is no code: 甲村 stands in the street, as its site does
    named = row("F2", None) | {"name": "甲村幸福院"}
    study, problems = read(county, row("F1", (0, 0)), named)
    assert study.facilities.frame["unit"].tolist() == [STREET] * 2
    assert P.SITE_OTHER_UNIT not in {p.code for p in problems}


def test_a_site_over_the_county_line_is_over_it_for_all_its_rows(county):
    outlines(county)
    study, _ = read(county, row("F1", (0, 8000)), row("F2", None), row("F3", (2000, 0), "T"))
    frame = study.facilities.frame
    assert frame["beyond_units"].tolist() == [True, True, False]
    assert frame["unit"].isna().tolist() == [True, True, False]


def test_each_row_has_the_datum_of_its_site(county):
    # one of the site in GCJ-02, one in CGCS2000, 6 cm apart at most: the third stands there too
    lon, lat = 116.404, 39.915
    gcj = (116.41024449916938, 39.91640428150164)
    county.areas().set_geometry(
        gpd.GeoSeries([shapely.box(lon, lat, lon + 0.01, lat + 0.01)] * 2, crs=4490).to_crs(4548)
    ).to_file(county.folder / "areas.gpkg")
    county.write(
        "facilities.csv",
        "编号,名称,类型,状态,场所编号,坐标系,经度,纬度\n"
        f"F1,甲,日间照料中心,运营,S,gcj02,{gcj[0]},{gcj[1]}\n"
        f"F2,乙,助老食堂,运营,S,cgcs2000,{lon},{lat}\n"
        "F3,丙,助老食堂,运营,S,,,\n",
    )
    county.layers["facilities"] = 'path = "facilities.csv"'
    study, _ = check_study(county.finish())
    points = study.facilities.frame.geometry
    assert points["F3"] in {points["F1"], points["F2"]}
    assert points["F1"].distance(points["F2"]) < 0.1


def test_places_of_sites_take_what_agrees_however_many():
    shapes = np.array([shapely.Point(0, 0), shapely.Point(30, 40), shapely.Point(-1, 0), None])
    frame = pd.DataFrame({"site": ["S"] * 4})
    # 50 m from the first to the second, 50.6 m from the third to the second
    found = places_of_sites(frame, shapes)
    assert found.taken == {}
    assert found.apart[3] == pytest.approx(np.hypot(31, 40))
    assert places_of_sites(frame.iloc[[0, 1, 3]], shapes[[0, 1, 3]]).taken == {2: 0}
    assert places_of_sites(frame.assign(site=None), shapes).taken == {}


# a person's edits: as the ledger would read, were it so

SITES = ("S", "T", None)


def _drawn(rng, *, coded):
    rows = []
    for n in range(rng.randint(2, 6)):
        at = rng.choice([None, None, (0, 0), (30, 0), (2000, 0), (2030, 0)])
        unit = rng.choice([None, STREET, TOWN]) if coded else None
        community = rng.choice([None, VILLAGE]) if coded and unit != STREET else None
        mine = row(f"F{n}", at, rng.choice(SITES), unit, community)
        rows.append(mine | {"name": "某站"})  # of different names three on a point are a stack
    return rows


def _edit(rng, rows, *, coded):
    """Return an edit, and the rows of the ledger that it makes."""
    one = rng.choice(rows)
    rest = [other for other in rows if other is not one]
    what = rng.choice(["remove", "site", "add", *(["unit"] if coded else ["move", "move"])])
    if what == "remove" and rest:
        return lc.RemoveFacility(one["id"]), rest
    if what == "site":
        site = rng.choice(SITES)
        return lc.ChangeFacility(one["id"], site=site), _with(rows, one, site=site)
    if what == "unit":
        unit = rng.choice([STREET, TOWN])
        new = _with(rows, one, unit=unit, community=None)
        return lc.ChangeFacility(one["id"], unit=unit, community=None), new
    at = rng.choice([(10, 0), (2010, 0), (0, 8000)])
    point = shapely.Point(X + at[0], Y + at[1])
    if what == "add":
        site = rng.choice(SITES)
        new = row("N", at, site) | {"name": "某站"}
        told = {"site": site, **({"unit": None} if coded else {})}
        return lc.AddFacility("N", "某站", ("day_care",), point.x, point.y, told), [*rows, new]
    return lc.MoveFacility(one["id"], point.x, point.y), _with(rows, one, geometry=point)


def _with(rows, one, **cells):
    return [other | cells if other is one else other for other in rows]


@pytest.mark.parametrize("seed", range(300 if os.environ.get("LARGE") else 6))
def test_edits_of_a_house_read_as_a_ledger_with_them_does(county, seed):
    rng, coded = random.Random(seed), seed % 2 == 1  # noqa: S311 - a seeded sample
    if not coded:
        outlines(county)
    rows = _drawn(rng, coded=coded)
    study, _ = read(county, *rows)
    for _ in range(3):
        try:
            edit, after = _edit(rng, rows, coded=coded)
            study, rows = edited(study, [edit]), after
        except lc.EditError:  # added before
            continue
        whole, _ = read(county, *rows)
        names = ["unit", "community", "beyond_units", "near_units"]
        assert spots(study) == spots(whole), edit
        for name in names:
            mine, theirs = study.facilities.frame[name], whole.facilities.frame[name]
            assert mine.tolist() == theirs.tolist(), (edit, name)


def test_a_house_that_is_moved_takes_its_rows_along(county):
    # typed codes of the moved house are those of its new place, as of the row that is moved
    outlines(county)
    rows = [row("F1", (0, 0), unit=STREET), row("F2", None, unit=STREET), row("F3", None)]
    study, _ = read(county, *rows)
    moved = edited(study, [lc.MoveFacility("F1", X + 2000, Y)])
    assert spots(moved) == dict.fromkeys(("F1", "F2", "F3"), (2000, 0))
    assert moved.facilities.frame["unit"].tolist() == [TOWN] * 3
    assert moved.facilities.frame["position_of"].tolist() == [None, "F1", "F1"]
    # a row that is given a place of its own keeps it, and the others then do not agree
    apart = edited(study, [lc.MoveFacility("F2", X + 2000, Y)])
    assert spots(apart) == {"F1": (0, 0), "F2": (2000, 0), "F3": None}
    assert apart.facilities.frame.at["F3", "unit"] is None
    back = edited(apart, [lc.MoveFacility("F2", X + 20, Y)])
    assert spots(back)["F3"] == (0, 0)
    # without the one that has a position nobody knows where the others are
    gone = edited(study, [lc.RemoveFacility("F1")])
    assert spots(gone) == {"F2": None, "F3": None}
    assert gone.facilities.frame["unit"].tolist() == [STREET, None]


def test_whose_position_it_is_is_told(county):
    # the centre of the one area is (100, 100): F2 stands 600 m off, by F1, which is a canteen alone
    canteen = row("F1", (700, 100)) | {"kinds": "助老食堂"}
    study, _ = read(county, canteen, row("F2", None))
    found = lc.assess(study)
    layer = found.layers["facilities"]
    assert layer["position_of"].tolist() == [None, "F1"]
    reach = found.reach.set_index(["residential", "reach_group"]).loc["R1", "community"]
    assert (reach["radius_m"], reach["radius_facility"]) == (pytest.approx(600), "F2")
    steps = [
        step
        for story in explain(found, "R1").stories
        if story.result.id == "REF-radius-community"
        for step in story.steps
    ]
    assert steps == [Step("position_of_site", {"facility": "F2", "site": "S"})]
