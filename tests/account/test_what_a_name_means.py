"""What a name means, what stands between two areas, and what is near a point: whose are the rooms.

Under ``caoxian-2023`` an existing area of 200 households needs 30 m² and a new one 40; the rooms
have 60. Polygons are 100 m wide; areas and facilities stand on one line.
"""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.account.test_names_of_several import NEW, point, status, studied, verdicts
from tests.on_a_line import NAN

from lifecircle.account.estates.names import Names
from lifecircle.model.reason import ReasonCode
from lifecircle.outputs.words.wording import Wording

ESTATES = {"a": "人民小区", "b": "东方名城", "c": "阳光花园", "d": "人民路小区", "e": "李庄村小区"}
OPEN, YES, NO = "not_assessed", "compliant", "deficient"
BOTH, FIRST, SECOND, NEITHER = (
    {"A": x, "B": y} for x, y in ((OPEN, OPEN), (YES, NO), (NO, YES), (NO, NO))
)


def meant(text, estates=ESTATES):
    """Return whom a text means for certain, and whom perhaps."""
    names = Names(pd.DataFrame({"name": list(estates.values())}, index=list(estates)))
    rooms = pd.DataFrame({"name": [text], "address": [None]}, index=["F"])
    return "".join(names.of(rooms)["F"]), "".join(names.partly(rooms).get("F", ()))


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("人民小区", "a"),
        ("人民小区日间照料中心", "a"),
        ("人民日间照料中心", "a"),
        ("人民养老服务站（旧址）", "a"),
        ("人民小区3号楼一单元101室", "a"),
        ("曹城街道文化路3号人民小区3#楼", "a"),
        ("文化社区东方名城二期老年助餐点", "b"),
        ("东方名城南门", "b"),
        ("东方名城小区物业楼一层", "b"),
        ("东方名城沿街商铺", "b"),
        ("东方名城12-3号", "b"),
        ("阳光花园、东方名城日间照料中心", "bc"),
        ("助老食堂（阳光花园店）", "c"),
        ("人民路小区日间照料中心", "d"),
        ("李庄村小区日间照料中心", "e"),
    ],
)
def test_a_name_means_the_estate_where_it_stands_there_as_the_estates(text, sure):
    assert meant(text) == (sure, "")


@pytest.mark.parametrize(
    ("text", "perhaps"),
    [
        ("人民社区日间照料中心", "a"),
        ("人民社区居委会院内", "a"),
        ("人民医院日间照料中心", "a"),
        ("人民卫生院日间照料中心", "a"),
        ("人民养老服务公司运营的日间照料中心", "a"),
        ("人民养老院", "a"),
        ("人民小学旁", "a"),
        ("人民村委会", "a"),
        ("人民小区对面", "a"),
        ("人民小区西侧", "a"),
        ("人民小区（对面）", "a"),
        ("东方名城与阳光花园之间", "bc"),
        ("东方名城社区养老服务站", "b"),
        ("东方名城南门西侧沿街", "b"),
        ("水乡阳光花园日间照料中心", "c"),
        ("人民路日间照料中心", "d"),
        ("人民路12号", "d"),
        ("李庄村日间照料中心", "e"),
        # roads are no estates, nor is a town
        ("人民大街与和平路交叉口", ""),
        ("东方名城大道12号", ""),
        ("阳光花园南路5号", ""),
        ("人民街道日间照料中心", ""),
    ],
)
def test_beside_other_words_it_only_may_be_meant(text, perhaps):
    assert meant(text) == ("", perhaps)


def test_an_address_that_tells_goes_before_a_name_that_may():
    names = Names(pd.DataFrame({"name": list(ESTATES.values())}, index=list(ESTATES)))
    rooms = pd.DataFrame({"name": ["人民社区站"], "address": ["阳光花园3号楼"]}, index=["F"])
    assert (names.of(rooms)["F"], names.partly(rooms)) == (("c",), {})


OTHERS = ["人民路12号", "人民社区居委会院内", "人民医院旁", "人民公司", "人民小区对面", "人民村3号"]


class TestPoints:
    """A (人民小区) and B (东方名城) are points 400 m apart; F has 60 m²."""

    areas = {"A": point(0, name="人民小区"), "B": point(400, name="东方名城")}  # noqa: RUF012

    @pytest.mark.parametrize("address", OTHERS)
    def test_what_stands_by_one_is_its_whatever_else_the_address_names(self, address):
        assert status(self.areas, name="便民站", address=address, x=390) == SECOND
        assert status(self.areas, name=address + "日间照料中心", x=390) == SECOND

    @pytest.mark.parametrize("address", OTHERS)
    def test_without_a_position_it_may_be_anybodys(self, address):
        assert status(self.areas, name="便民站", address=address) == BOTH

    def test_a_new_estate_is_not_met_by_the_communitys_station_at_another(self):
        areas = {"A": point(0, name="人民小区", **NEW_ROWS), "B": point(900, name="东方名城")}
        room = {"name": "人民社区日间照料中心", "x": 890}
        assert status(areas, clause=NEW, **room)["A"] == NO
        assert status(areas, **room)["B"] == YES

    def test_the_whole_name_tells_and_its_stem_only_near_by(self):
        assert status(self.areas, name="人民小区日间照料中心", x=390) == FIRST
        assert status(self.areas, name="人民日间照料中心", x=390) == BOTH
        near = {**self.areas, "B": point(310, name="东方名城")}
        assert status(near, name="人民日间照料中心", x=140) == FIRST
        # it may be a brand's: B is nearer, or hardly farther
        assert status(near, name="人民日间照料中心", x=150) == BOTH
        assert status(near, name="人民小区日间照料中心", x=150) == FIRST
        assert status(self.areas, name="人民日间照料中心") == FIRST  # no place speaks

    @settings(settings.get_profile("costly"), max_examples=9)
    @given(
        estate=st.sampled_from(["人民小区", "新华小区", "文化小区", "东湖小区"]),
        word=st.sampled_from(["人民", "新华"]),
        end=st.sampled_from(["路12号", "社区", "医院", "小学旁", "公司", "街道", "村"]),
        x=st.integers(355, 445),
    )
    def test_a_new_name_of_an_estate_moves_nothing_from_another(self, estate, word, end, x):
        areas = {**self.areas, "A": point(0, name=estate)}
        assert status(areas, name=word + end, x=x) == SECOND


NEW_ROWS = {"age_class": "new", "households_planned": 200}


class TestBetweenTwo:
    """A (甲苑) at 0 and B (东方名城) at 110 are 100 m wide: the street between is 50 to 60."""

    areas = {  # noqa: RUF012
        "A": {"x": 0, "name": "甲苑", "households": 200},
        "B": {"x": 110, "name": "东方名城", "households": 200},
    }

    def told(self, x, wide=10, **more):
        areas = {**self.areas, "B": {**self.areas["B"], "x": 100 + wide}}
        return status(areas, **{"name": "便民站", "x": x, **more})

    @pytest.mark.parametrize("more", [{}, {"name": "便民站", "address": "东方名城南门西侧"}])
    def test_as_near_as_a_position_is_exact_it_is_open(self, more):
        assert self.told(51, **more) == BOTH
        assert self.told(59, **more) == BOTH

    def test_nearer_by_the_error_of_a_position_is_nearer(self):
        # 5 and 24.9 m, 5 and 25 m
        assert self.told(55, wide=29.9) == BOTH
        assert self.told(55, wide=30) == FIRST

    def test_the_name_of_the_nearest_tells(self):
        assert self.told(56, name="东方名城日间照料中心") == SECOND
        assert self.told(54, name="东方名城日间照料中心") == BOTH

    @pytest.mark.parametrize(
        ("x", "wide", "told"), [(60, 50, BOTH), (60, 211, BOTH), (60, 960, BOTH), (60, 961, FIRST)]
    )
    def test_a_name_that_the_place_contradicts_leaves_it_open(self, x, wide, told):
        # 10 m from A, 40 and 201 m from B, 1000 and 1001 m from its middle
        assert self.told(x, wide=wide, name="东方名城日间照料中心") == told

    def test_an_address_that_only_may_name_another_leaves_it_open_where_that_is_near(self):
        assert self.told(60, wide=60, address="东方名城对面") == BOTH  # 10 and 50 m
        assert self.told(60, wide=61, address="东方名城对面") == FIRST

    def test_inside_the_place_is_enough_unless_the_name_is_of_one_as_near(self):
        assert self.told(49) == FIRST
        assert self.told(49, name="东方名城日间照料中心") == BOTH  # 11 m from B
        assert self.told(9, name="东方名城日间照料中心") == FIRST  # 51 m

    @settings(settings.get_profile("brute"))
    @given(
        wide=st.integers(1, 130),
        at=st.floats(0, 1),
        by=st.floats(-5, 5),
        name=st.sampled_from(["便民站", "东方名城站", "甲苑站", "东方名城社区站", "甲苑对面"]),
    )
    def test_five_metres_flip_nothing(self, wide, at, by, name):
        here = 50.001 + at * (wide - 0.002)
        before, after = (self.told(x, wide=wide, name=name) for x in (here, here + by))
        assert {str(before), str(after)} != {str(FIRST), str(SECOND)}


class TestNearAPoint:
    """A and B are points; rooms without a record and a telling name stand off them."""

    room = {"name": "便民站"}  # noqa: RUF012

    @pytest.mark.parametrize(
        ("x", "told"), [(50, YES), (51, OPEN), (120, OPEN), (200, OPEN), (201, NO), (NAN, OPEN)]
    )
    def test_up_to_two_hundred_metres_it_may_be_in_it(self, x, told):
        assert status({"A": point(0)}, x=x, **self.room) == {"A": told}

    def test_of_several_points_it_may_be_of_either_and_of_one_at_most(self):
        areas = {"A": point(0), "B": point(300)}
        assert status(areas, x=140, **self.room) == BOTH
        assert status(areas, x=99, **self.room) == {"A": OPEN, "B": NO}
        assert status(areas, x=260, **self.room) == SECOND  # it stands by B

    def test_what_is_in_or_near_another_is_not(self):
        areas = {"A": point(0), "B": {"x": 150, "name": "东方名城", "households": 200}}
        assert status(areas, x=120, **self.room) == SECOND
        assert status(areas, x=80, **self.room) == SECOND
        assert (
            status({"A": point(0), "B": point(900, name="东方名城")}, x=120, name="东方名城站")
            == SECOND
        )

    def test_a_name_that_may_be_anothers_leaves_both_open(self):
        areas = {"A": point(0, name="甲苑"), "B": point(600, name="东方名城")}
        assert status(areas, x=120, name="东方名城社区站") == BOTH

    def test_a_record_goes_before(self):
        areas = {"A": point(0), "B": point(600)}
        assert status(areas, x=120, sharing=[("F", "B", NAN)], **self.room) == SECOND

    def test_a_new_area_known_as_a_point_too(self):
        assert status({"A": point(0, **NEW_ROWS)}, clause=NEW, x=120, **self.room) == {"A": OPEN}

    def test_what_can_not_be_enough_is_short_and_the_rooms_are_named(self):
        found = verdicts(
            studied(
                {"A": point(0, households=1680)},
                {"F": {"floor_area_m2": 60.0, "x": 120, **self.room}},
            )
        )
        assert found["status"].astype(str).tolist() == [NO]  # 252 m² are asked
        (note,) = found.at["A", "reason"].params["notes"]
        assert note["code"] == ReasonCode.NEAR_POINT
        assert note["params"]["distance_m"] == pytest.approx(120)
        assert "便民" not in Wording("zh", "report").reason(found.at["A", "reason"])  # told by id
        assert "120 米" in Wording("zh", "report").reason(found.at["A", "reason"])

    def test_an_area_that_it_decides_hears_of_it_with_the_distance(self):
        found = verdicts(
            studied({"A": point(0)}, {"F": {"floor_area_m2": 60.0, "x": 120, **self.room}})
        )
        reason = found.at["A", "reason"]
        assert reason.code == ReasonCode.NAME_UNCLEAR
        assert found.loc["A", ["low", "high"]].tolist() == [0, 60]
        assert "120 米" in Wording("zh", "report").reason(reason)
