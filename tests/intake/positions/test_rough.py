"""Rooms whose coordinates were rounded to some hundred metres may be an area's all the same."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.two_ledgers import STUDY, written

import lifecircle as lc
from lifecircle.intake.positions.decimals import decimals_of
from lifecircle.model.problem import ProblemCode

OF_METRES = 'crs = "EPSG:4548"\n'
IN_DEGREES = STUDY.replace(OF_METRES, "", 1).replace(OF_METRES, 'coordinates = "cgcs2000"\n')
LON, LAT = 115.543217, 34.823451
MET, SHORT, OPEN = "compliant", "deficient", "not_assessed"


def at(east, north, decimals):
    """Return lon and lat, as written, so many metres from the first area."""
    lon = LON + east / (111_320 * math.cos(math.radians(LAT)))
    return f"{lon:.{decimals}f},{LAT + north / 111_320:.{decimals}f}"


def judged(folder, offsets, decimals, areas=6):
    """Judge areas 3 km apart, each with a room at its offset, written to so many decimals."""
    homes = "编号,小区名称,户数,类别,城乡,经度,纬度\n"
    homes += "".join(
        f"R{n},园{n}号,500,已建成,城镇,{at(3000 * n, 0, areas)}\n" for n in range(len(offsets))
    )
    rooms = "编号,设施名称,设施类型,状态,建筑面积,经度,纬度\n"
    for n, ((x, y), kept) in enumerate(zip(offsets, decimals, strict=True)):
        rooms += f"F{n},站{n},日间照料中心,运营,80,{at(3000 * n + x, y, kept)}\n"
    found = lc.assess(lc.read_study(written(folder, IN_DEGREES, r=homes, f=rooms))).findings
    found = found[found["clause"] == "CX-03"]
    return list(map(str, found["status"]))


@pytest.mark.parametrize("decimals", [2, 3])
@pytest.mark.parametrize("rounded", [1, 6])
def test_rooms_that_stood_in_an_area_before_rounding_may_be_its(tmp_path, decimals, rounded):
    """30 m from each area; as read the first stands more than 50 m off."""
    told = judged(tmp_path, [(30, 0)] * 6, [decimals] * rounded + [6] * (6 - rounded))
    assert told[0] == OPEN
    assert SHORT not in told
    assert told[rounded:] == [MET] * (6 - rounded)


def test_what_is_farther_than_the_rounding_is_short_for_certain(tmp_path):
    """Up to 200 m round a point are open, and what rounding adds to it: twice, at most 79 m each.

    It moved what is read, and what is read may be off by it.
    """
    assert judged(tmp_path, [(360, 0)] * 6, [3] * 6) == [SHORT] * 6


@pytest.mark.parametrize(
    ("east", "room", "status"),
    [
        (0, "站", OPEN),  # as read it stands in the estate; it may stand 80 m off
        (0, "园0号站", MET),  # its name says whose it is
        (400, "站", SHORT),
    ],
)
def test_rooms_that_stand_by_an_area_as_read_may_stand_beyond(tmp_path, east, room, status):
    homes = f"编号,小区名称,户数,类别,城乡,经度,纬度\nR0,园0号,500,已建成,城镇,{at(0, 0, 6)}\n"
    homes += "".join(f"R{n},园{n}号,1,已建成,城镇,{at(9000 * n, 0, 6)}\n" for n in range(1, 4))
    rooms = "编号,设施名称,设施类型,状态,建筑面积,经度,纬度\n"
    rooms += f"F0,{room},日间照料中心,运营,80,{at(east, 0, 3)}\n"
    study = lc.read_study(written(tmp_path, IN_DEGREES, r=homes, f=rooms))
    found = lc.assess(study).findings.query("clause == 'CX-03' and id == 'R0'")
    assert list(map(str, found["status"])) == [status]
    told = [p.params for p in study.problems if p.code is ProblemCode.POSITION_COARSE]
    assert told == [{"count": 1, "total": 1, "error_m": 56, "unknown": 0, "names": [room]}]


def test_four_decimals_are_fine(tmp_path):
    assert judged(tmp_path, [(30, 0)] * 3 + [(230, 0)] * 3, [4] * 6) == [MET] * 3 + [SHORT] * 3


def test_round_ledgers_alone_prove_nothing(tmp_path):
    """Both written to three decimals: perhaps they are exact."""
    assert SHORT in judged(tmp_path, [(300, 0)] * 6, [3] * 6, areas=3)


@settings(settings.get_profile("costly"))
@given(
    st.lists(st.tuples(st.integers(-120, 120), st.integers(-120, 120)), min_size=6, max_size=6),
    st.lists(st.sampled_from([2, 3, 4, 5]), min_size=6, max_size=6),
)
def test_taking_decimals_away_decides_no_area_otherwise(tmp_path_factory, offsets, decimals):
    full = judged(tmp_path_factory.mktemp("full"), offsets, [6] * 6)
    told = judged(tmp_path_factory.mktemp("cut"), offsets, decimals)
    for (x, y), was, now, kept in zip(offsets, full, told, decimals, strict=True):
        if was == MET and (kept <= 3 or math.hypot(x, y) < 40):
            assert now in {MET, OPEN}
        if was == SHORT and (kept <= 3 or math.hypot(x, y) > 60):
            assert now in {SHORT, OPEN}


@pytest.mark.parametrize(
    ("cell", "decimals"),
    [
        ("115.5", 1),
        ("115.5E", 1),
        ("约115.541", 3),
        ("34.8左右", 1),
        ("东经115.500", 3),
        ("115°34′", 2),
        ("34°37.25′N", 4),
        ("115度34分12秒", 4),
        ("115°34′12.5″", 5),
        (115, 0),
        (115.5, 1),
        ("见附件", None),
    ],
)
def test_how_finely_a_cell_tells_a_place(cell, decimals):
    """A minute is 1,850 m, and two decimals of a degree are 1,100; a second 31 m, four 11 m."""
    assert decimals_of(cell) == decimals


def test_a_place_that_is_told_about_is_as_rough_as_its_decimals(tmp_path):
    """约115.541 beside a fine latitude is three decimals, and no figure of five per cent."""
    homes = "编号,小区名称,户数,类别,城乡,经度,纬度\n"
    homes += "".join(f"R{n},园{n}号,500,已建成,城镇,{at(3000 * n, 0, 6)}\n" for n in range(4))
    east, north = at(990, 0, 6).split(",")
    rooms = "编号,设施名称,设施类型,状态,建筑面积,经度,纬度\n"
    rooms += f"F0,站,日间照料中心,运营,80,约{float(east):.3f},{north}\n"
    study = lc.read_study(written(tmp_path, IN_DEGREES, r=homes, f=rooms))
    (told,) = [
        p for p in study.problems if p.column == "经度" and p.code is ProblemCode.NUMBER_READ_AS
    ]
    assert dict(told.params) == {"read": float(f"{float(east):.3f}")}
    found = lc.assess(study).findings.query("clause == 'CX-06' and id == 'R0'")
    assert list(map(str, found["status"])) == [OPEN]
