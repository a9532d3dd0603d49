"""What a trial takes from before, and the part it judges again, equal judging all anew."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, Polygon

import lifecircle as lc
from lifecircle.case.bench import open_bench
from lifecircle.case.case import open_case
from lifecircle.model.inputs.layers import Layer
from lifecircle.model.inputs.streets import TAGS, StreetLines
from lifecircle.model.strings import plain_strings
from lifecircle.standards import read_standard

X0, Y0, APART = 500_000.0, 3_850_000.0, 40_000.0
TOWNS = ("", "b", "c")
GUIXI = Path(__file__).parents[2] / "data" / "guixi" / "study.toml"


def copied(frame, number, columns):
    """Return a layer's rows once more, so many times 40 km east, under other ids."""
    rows = frame.copy()
    rows.index = pd.Index([f"{one}{TOWNS[number]}" for one in frame.index], name="id")
    for name in columns:
        rows[name] = [f"{v}{TOWNS[number]}" if isinstance(v, str) else v for v in frame[name]]
    shapes = [None if s is None else Point(s.x + number * APART, s.y) for s in frame.geometry]
    return rows.set_geometry(gpd.GeoSeries(shapes, index=rows.index, crs=frame.crs))


def block(x, half, hole=0.0):
    """Return a square about (x, Y0), metres, with a square hole."""

    def ring(side):
        corners = ((-side, -side), (side, -side), (side, side), (-side, side))
        return [(x + east, Y0 + north) for east, north in corners]

    return Polygon(ring(half), [ring(hole)] if hole else [])


def streets():
    """Return a street along each town with a branch at every kilometre, and one that is cut off."""
    xy, ways = [], []
    for number in range(len(TOWNS)):
        first = len(xy)
        xy += [(X0 + number * APART + x, Y0 + 30.0) for x in range(-500, 15_001, 500)]
        ways.append(list(range(first, len(xy))))
        for at in range(first, len(xy) - 1, 2):
            xy.append((xy[at][0], Y0 + 400.0))
            ways.append([at, len(xy) - 1])
    xy += [(X0 + 9_400.0, Y0 - 60.0), (X0 + 9_700.0, Y0 - 60.0)]
    ways.append([len(xy) - 2, len(xy) - 1])
    return StreetLines(
        "EPSG:4548",
        np.array(xy),
        np.concatenate([[0], np.cumsum([len(way) for way in ways])]).astype(np.int64),
        np.array([vertex for way in ways for vertex in way], dtype=np.int64),
        pd.DataFrame(None, index=range(len(ways)), columns=list(TAGS), dtype=object),
    )


@plain_strings()
def wide(town, *, walked, lost):
    """Return three towns: blocks and points, records with m², phases, a unit with a hole."""
    one = town(standards=("caoxian-2023",))
    areas = pd.concat([copied(one.residential.frame, n, ("project",)) for n in range(3)])
    areas["name"] = [f"{row}苑" for row in areas.index]
    places = pd.concat([copied(one.facilities.frame, n, ("site",)) for n in range(3)])
    shapes = areas.geometry.to_numpy().copy()
    for row, half, hole in (("R1", 80.0, 0.0), ("R3b", 150.0, 60.0), ("R4", 40.0, 0.0)):
        at = areas.index.get_loc(row)
        shapes[at] = block(shapes[at].x, half, hole)
    areas = areas.set_geometry(gpd.GeoSeries(shapes, index=areas.index, crs=one.crs))
    areas.loc[["R4c", "R5c"], "project"] = "期"
    places.loc[["F1b", "F2b"], "site"] = "同院"
    if lost:
        areas.loc["R9c", "geometry"] = places.loc["F5c", "geometry"] = None
        places.loc["F5c", "name"] = "R8c苑日间照料中心"
    records = [("F3", "R4", np.nan), ("F3", "R5", np.nan), ("F1b", "R1b", 10.0)]
    records += [("F1b", "R2b", 900.0), ("F5", "R8", np.nan), ("F5", "R9", 20.0)]
    units = one.units.frame.copy()
    outline = [block(X0 + 7_000.0, 9_000.0, 1_500.0) if n == 0 else None for n in range(len(units))]
    units = units.set_geometry(gpd.GeoSeries(outline, index=units.index, crs=one.crs))
    return dataclasses.replace(
        one,
        residential=Layer("residential", areas),
        facilities=Layer("facilities", places),
        units=Layer("units", units),
        sharing=pd.DataFrame(records, columns=["facility", "residential", "m2"]),
        streets=streets() if walked else None,
    )


FACILITY = st.builds(str.__add__, st.sampled_from(["F1", "F2", "F3", "F5"]), st.sampled_from(TOWNS))
AREA = st.builds(str.__add__, st.sampled_from(["R1", "R4", "R5", "R8"]), st.sampled_from(TOWNS))
X = st.builds(
    lambda number, x: X0 + number * APART + x, st.integers(0, 2), st.integers(-200, 14_000)
)
EDIT = st.one_of(
    st.builds(lambda one, x, y: lc.MoveFacility(one, x, Y0 + y), FACILITY, X, st.integers(-90, 90)),
    st.builds(
        lambda n, kind, x: lc.AddFacility(f"N{n}", "R8苑站", (kind,), x, Y0, {"floor_area_m2": 90}),
        st.integers(1, 3),
        st.sampled_from(["day_care", "canteen", "happiness_home"]),
        X,
    ),
    st.builds(lc.RemoveFacility, FACILITY),
    st.builds(
        lambda one, m2: lc.ChangeFacility(one, floor_area_m2=m2),
        FACILITY,
        st.sampled_from([None, 0.0, 900.0]),
    ),
    st.builds(
        lambda one, stage: lc.ChangeFacility(one, stage=stage),
        FACILITY,
        st.sampled_from([None, "idle"]),
    ),
    st.builds(
        lambda one, homes: lc.ChangeArea(one, households=homes, households_planned=homes),
        AREA,
        st.sampled_from([None, 0, 90, 700]),
    ),
    st.builds(
        lambda one, age: lc.ChangeArea(one, age_class=age), AREA, st.sampled_from([None, "new"])
    ),
)


def anew(study, standard=None):
    """Return a bench of a study that takes nothing from any other."""
    with plain_strings():
        rules = standard or read_standard("caoxian-2023")
        bench = open_bench(open_case(study), rules, references=True, arranging=False)
        assert bench.judged
        return bench


def worded(findings):
    """Return findings with their reasons as text: a gap within a reason does not equal itself."""
    return findings.assign(**{n: list(map(repr, findings[n])) for n in ("reason", "own_reason")})


def assert_same(trial, whole):
    """Hold a bench of a trial to one judged anew, to the last digit."""
    for key, table in whole.bare.reach.items():
        pd.testing.assert_frame_equal(trial.bare.reach[key].frame, table.frame, check_exact=True)
    for name in ("areas", "facilities", "containment", "sharing"):
        mine, theirs = getattr(trial.bare, name), getattr(whole.bare, name)
        pd.testing.assert_frame_equal(mine, theirs, check_exact=True, obj=name)
    for name, judged in whole.judged.items():
        mine = trial.one(name)
        found, asked = worded(mine.findings), worded(judged.findings)
        pd.testing.assert_frame_equal(found, asked, check_exact=True, obj=name)
        assert mine.result == judged.result, name


def told(findings):
    """Return subject → what its finding says, gaps as None."""
    numbers = findings[["measured", "deficit", "low", "high", "required_low", "required_high"]]
    rows = numbers.astype(object).where(numbers.notna(), None)
    found = {}
    for subject, status, (*said, low, high) in zip(
        findings.index, findings["status"], rows.to_numpy().tolist(), strict=True
    ):
        found[subject] = (status, *said, low if low == high else None)
    return found


def differing(before, after, subject):
    """Return the subjects of which some finding is another one, by comparing all of them."""
    found = set()
    for name, one in before.judged.items():
        if one.rule.subject == subject:
            was, now = told(one.findings), told(after.judged[name].findings)
            found |= {row for row in was.keys() | now.keys() if was.get(row) != now.get(row)}
    return found


@pytest.mark.parametrize(("walked", "lost"), [(True, False), (True, True), (False, True)])
def test_a_trial_equals_judging_its_study_anew(town, walked, lost):
    study = wide(town, walked=walked, lost=lost)
    desk = lc.what_if(study, standards=["caoxian-2023"])

    @settings(deadline=None, max_examples=2)
    @given(edits=st.lists(EDIT, min_size=2, max_size=5))
    def trial(edits):
        while desk.undo():
            pass
        for edit in edits:
            try:
                desk.apply(edit)
            except (lc.EditError, KeyError):  # removed or added before
                continue
        now, whole = desk._now.benches[0], anew(desk.study)
        assert_same(now, whole)
        before = desk._states[0][1].benches[0]
        assert set(desk.changed.areas) == differing(before, whole, "residential")
        assert set(desk.changed.facilities) == differing(before, whole, "facilities")

    trial()


def test_an_area_that_leaves_a_clause_leaves_its_rates(town):
    desk = lc.what_if(wide(town, walked=True, lost=True), standards=["caoxian-2023"])
    desk.apply(lc.RemoveFacility("F1"))
    desk.apply(lc.MoveFacility("F5b", 541_493.0, Y0 + 51))
    desk.apply(lc.ChangeArea("R4", households=0, households_planned=0))
    assert_same(desk._now.benches[0], anew(desk.study))


def test_only_the_linked_part_of_an_account_is_drawn_up(town):
    study = wide(town, walked=False, lost=False)
    desk = lc.what_if(study, standards=["caoxian-2023"])
    desk.apply(lc.ChangeFacility("F3", floor_area_m2=100.0))
    part = desk._now.benches[0].redrawn
    # F3 is recorded for R4 and R5 and stands in R4; nobody else is linked to any of them
    assert part is not None
    assert list(part.areas) == ["R4", "R5"]
    desk.apply(lc.MoveFacility("F5", X0 + APART, Y0))  # from R8 to R1b, which F1b is recorded for
    part = desk._now.benches[0].redrawn
    # F2b, of the same site as F1b, stands in the hole of R3b, 60 m from it: positions may be 20 m
    # off, so that may be within the 50 m of its own
    assert list(part.areas) == ["R8", "R9", "R1b", "R2b", "R3b"]


def test_a_trial_of_guixi_equals_judging_it_anew():
    study = lc.read_study(GUIXI)
    desk = lc.what_if(study)
    ids, homes = study.facilities.frame.index, study.residential.frame
    spot = homes.geometry.representative_point().iloc[len(homes) // 2]
    x, y = spot.x, spot.y
    desk.apply(lc.MoveFacility(ids[2], x, y))
    desk.apply(lc.ChangeArea(homes.index[3], households=2_000))
    bench = desk._now.benches[0]
    assert bench.redrawn is not None
    assert_same(bench, anew(desk.study, bench.rules.standard))
