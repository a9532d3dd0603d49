"""Planned rooms under a 场所编号: one place, or the ledger's, where they stand there (A8).

Phase 1 of PJ1 has 300 dwellings and F9, 210 m² at (150, 350) from the origin. With 600 more the
project needs 270 m², and 100 m² planned beside F9 count only as one place with it.
"""

import dataclasses

import pytest

import lifecircle as lc
from lifecircle.model.inputs.layers import Layer

X0, Y0 = 500_000, 3_850_000
ROOM = 'id = "{id}"\n"设施类型" = "社区养老服务用房"\n"建筑面积" = {m2}\n"场所编号" = "{site}"\n'


def room(m2, site, x=None, y=350, key="N1"):
    at = "" if x is None else f"lon = {X0 + x}\nlat = {Y0 + y}\n"
    return ROOM.format(id=key, m2=m2, site=site) + at


@pytest.fixture(scope="module")
def of_site_1(phased):
    """The study with F9's house as site 1."""
    frame = phased.facilities.frame
    site = frame["site"].where(frame.index != "F9", "1")
    return dataclasses.replace(phased, facilities=Layer("facilities", frame.assign(site=site)))


@pytest.fixture
def judged(of_site_1, propose):
    """Return a function: rooms and plot → the verdict, JX-03 and JX-04, and what is told."""

    def judge(rooms, at=(160, 300), households=600, plot=""):
        head = 'name = "和苑二期"\n"坐标系" = "EPSG:4548"\n"城乡" = "城镇"\n"项目编号" = "PJ1"\n'
        path = propose(rooms, households=households, at=at, head=head, plot=plot)
        review = lc.review(of_site_1, lc.read_proposal(path, of_site_1))
        rows = {c.id: str(c.status) for c in review.clauses}
        codes = [str(p.code) for p in review.problems if str(p.code).startswith("site_")]
        return str(review.verdict), rows["JX-03"], rows["JX-04"], codes

    return judge


MET = ("agree", "compliant", "compliant")
SHORT = ("amend", "deficient", "deficient")
OPEN = ("supply", "not_assessed", "not_assessed")


@pytest.mark.parametrize(
    ("site", "x", "at", "expected", "codes"),
    [
        ("1", 240, (200, 300), MET, ["site_standing"]),  # 90 m off: an extension
        ("1.0", 240, (200, 300), MET, ["site_standing"]),
        ("1", 260, (200, 300), SHORT, ["site_elsewhere"]),  # 110 m
        ("2", 240, (200, 300), SHORT, []),
        ("1", None, (200, 300), OPEN, ["site_standing"]),  # somewhere on a plot 50 m off
        ("1", None, (260, 300), SHORT, ["site_elsewhere"]),
        ("1", None, (1500, 300), SHORT, ["site_elsewhere"]),
        ("S1", None, (1500, 300), SHORT, []),  # the id of a facility far off, without a site
    ],
)
def test_a_planned_room_is_one_place_with_the_ledgers_only_where_it_stands(
    site, x, at, expected, codes, judged
):
    verdict, quota, single, told = judged([room(100, site, x)], at)
    assert ((verdict, quota, single), told) == (expected, codes)


def test_moving_a_room_away_from_the_ledgers_never_makes_it_enough(judged):
    order = ["agree", "supply", "amend"]
    ranks = [order.index(judged([room(100, "1", x)], (200, 300))[0]) for x in range(205, 400, 25)]
    assert ranks == sorted(ranks)
    assert {ranks[0], ranks[-1]} == {0, 2}


@pytest.mark.parametrize(
    ("rooms", "verdict", "told"),
    [
        # 600 dwellings elsewhere, of a project of their own: 200 m² in one place
        ([(120, 2020), (120, 2110)], "agree", []),
        ([(120, 2020), (121, 2150)], "supply", ["site_spread"]),
        ([(200, 2020), (120, 2150)], "agree", ["site_spread"]),
        ([(90, 2020), (80, 2150)], "amend", ["site_spread"]),
    ],
)
def test_rooms_of_one_site_beyond_a_yard_are_perhaps_one_place(rooms, verdict, told, judged):
    planned = [room(m2, "K", x, key=f"N{n}") for n, (m2, x) in enumerate(rooms, start=1)]
    found = judged(planned, (2000, 300), plot='"项目编号" = "PJ2"\n')
    assert (found[0], found[3]) == (verdict, told)
