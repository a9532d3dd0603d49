"""Names that several areas have: whose the rooms are is open, unless a place or a code says it.

Under ``caoxian-2023`` an existing area needs 15 m² and a new one 20 m² a 100 households: 200 ask
for 30 m², or 40. Polygons are 100 m wide; areas and facilities stand on one line.
"""

from __future__ import annotations

import dataclasses
import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.on_a_line import NAN, county, judged, rates, rules_of, told_of

from lifecircle.account.ownership import ownership
from lifecircle.judge.clauses import account_of, judge_rule
from lifecircle.model.reason import ReasonCode
from lifecircle.outputs.words.wording import Wording

OLD, NEW = "CX-03", "CX-01"
HOME = {"name": "书香苑", "households": 200}
ROOM = {"name": "书香苑养老服务站", "floor_area_m2": 60.0}


def studied(areas, facilities, sharing=()):
    """Return tables as of ``county``; areas with ``point`` are known as points only."""
    areas = {area: {"x": NAN, **row} for area, row in areas.items()}
    tables = county(areas, facilities, sharing)
    point = [bool(row.get("point")) or math.isnan(row["x"]) for row in areas.values()]
    size = np.where(point, NAN, tables.areas["land_area_m2"])
    near = tables.containment
    spot = near["residential"].isin([a for a, one in zip(areas, point, strict=True) if one])
    away = near["straight_m"].where(spot, near["to_area_m"])
    lost = tables.areas["x"].isna()
    return dataclasses.replace(
        tables,
        areas=tables.areas.assign(land_area_m2=size, y=tables.areas["y"].mask(lost)),
        containment=near.assign(to_area_m=away),
    )


def point(x=NAN, **more):
    return {**HOME, "x": x, "point": True, **more}


def new(**more):
    return {"age_class": "new", "households_planned": 200, **more}


def verdicts(tables, clause=OLD):
    rules = rules_of("caoxian-2023")
    tables = dataclasses.replace(tables, account=account_of(tables, rules, arranging=True))
    return judge_rule(tables, rules[clause]).findings


def status(areas, room=None, clause=OLD, sharing=(), **more):
    """Return area → status, of areas and one facility (``more``: its columns), and others."""
    tables = studied(areas, {"F": {**ROOM, **more}, **(room or {})}, sharing)
    return verdicts(tables, clause)["status"].astype(str).to_dict()


BOTH = {"A": "not_assessed", "B": "not_assessed"}
FIRST = {"A": "compliant", "B": "deficient"}


class TestTwoPoints:
    """A and B, both called 书香苑, are points 1,200 m apart; F (60 m²) is 510 m from A."""

    areas = {"A": point(0), "B": point(1200), "Z": {"x": 3000, "households": 200}}  # noqa: RUF012
    tables = studied(areas, {"F": {**ROOM, "x": 510}})

    def test_either_may_have_it_and_the_third_has_nothing(self):
        found = verdicts(self.tables)
        assert found["status"].astype(str).to_dict() == {**BOTH, "Z": "deficient"}
        assert found.loc[["A", "B"], ["low", "high"]].to_numpy().tolist() == [[0, 60], [0, 60]]

    def test_it_is_said_why_and_whose_it_may_be(self):
        found = verdicts(self.tables)
        for area, other in (("A", "B"), ("B", "A")):
            reason = found.at[area, "reason"]
            assert reason.code == ReasonCode.NAME_UNCLEAR
            assert (reason.params["facility"], reason.params["areas"]) == ("F", ["A", "B"])
            fits, note = reason.params["notes"]
            assert fits == {"code": "name_fits_all", "params": {"count": 2}}
            assert note["code"] == "named_several"
            assert note["params"] == {"facility": "F", "m2": 60.0, "areas": [other]}
        words = Wording("zh", "report").reason(found.at["A", "reason"])
        assert "按其名称或位置可能属于A、B，不能确定" in words
        assert "F（60 m²）按名称或位置也可能属于B，归属未定" in words

    def test_one_of_the_three_at_most_is_served(self):
        rate = rates(judged(self.tables, OLD))["areas", "county"]
        assert (rate.low, rate.high) == pytest.approx((0.0, 1 / 3))

    def test_whether_they_have_one_at_all_is_open_too(self):
        rate = rates(judged(self.tables, "WS-30b", "weishan-2023"))["areas", "county"]
        assert (rate.low, rate.high) == pytest.approx((0.0, 1 / 3))

    def test_nothing_of_it_is_offered(self):
        found = account_of(self.tables, rules_of("caoxian-2023"), arranging=True)
        assert found.unassigned["F"] == 0
        assert found.allocation.empty

    def test_several_rooms_are_named_together(self):
        # 20 + 20 m²: neither alone is enough
        rooms = {f: {**ROOM, "floor_area_m2": 20.0, "x": 510} for f in "FG"}
        reason = verdicts(studied(self.areas, rooms)).at["A", "reason"]
        assert reason.code == ReasonCode.NAMES_UNCLEAR
        told = {"facility": "F", "facilities": ["F", "G"], "areas": ["A", "B"]}
        assert {name: reason.params[name] for name in told} == told


class TestWhatTells:
    """What says of two areas of one name which one is meant."""

    @pytest.mark.parametrize(
        ("x", "told"),
        [(50, FIRST), (51, BOTH), (-100, BOTH), (-101, FIRST)],
    )
    def test_a_place_within_the_tolerance_or_out_of_the_others_reach(self, x, told):
        # beyond 1,000 m a name says nothing
        assert status({"A": point(0), "B": point(900)}, x=x) == told

    def test_of_two_near_points_the_nearer(self):
        assert status({"A": point(0), "B": point(60)}, x=20) == FIRST

    def test_a_record(self):
        areas = {"A": point(0), "B": point(1200)}
        assert status(areas, x=510, sharing=[("F", "A", NAN)]) == FIRST
        # without a place it may be beyond the radius of a record
        told = {"A": "not_assessed", "B": "deficient"}
        assert status(areas, sharing=[("F", "A", NAN)]) == told

    @pytest.mark.parametrize(
        ("room", "sharing", "told"),
        [
            ({}, [("F", "A", NAN)], "compliant"),  # as by the name alone
            ({}, [("F", "A", 20.0)], "deficient"),  # no more than the record gives
            ({"name": "和平站"}, [("F", "A", NAN)], "not_assessed"),  # perhaps beyond its radius
            ({}, [("F", "B", NAN)], "deficient"),  # a record goes before the name
            ({}, [("F", "A", NAN), ("F", "B", NAN)], "not_assessed"),
        ],
    )
    def test_of_rooms_without_a_place_record_and_name_agree(self, room, sharing, told):
        areas = {"A": point(0), "B": point(1200, name="西园")}
        assert status(areas, sharing=sharing, **room)["A"] == told

    @pytest.mark.parametrize("x", [510, NAN])
    @pytest.mark.parametrize("code", ["unit", "community"])
    def test_a_code_of_the_town_or_community(self, x, code):
        here, there = {code: "370999001"}, {code: "370999002"}
        areas = {"A": point(0, **here), "B": point(1200, **there)}
        assert status(areas, x=x, **here) == FIRST
        assert status(areas, x=x) == BOTH
        # a blank code contradicts nothing; one that contradicts both tells neither from the other
        assert status({**areas, "B": point(1200)}, x=x, **here) == BOTH
        if not math.isnan(x):
            assert status(areas, x=x, **{code: "370999003"}) == BOTH

    def test_the_longer_name(self):
        areas = {"A": point(0, name="书香苑东区"), "B": point(1200)}
        assert status(areas, x=510, name="书香苑东区养老服务站") == FIRST
        areas = {"A": point(0), "B": point(1200, name="兰亭居")}
        assert status(areas, x=510, name="书香苑兰亭居养老服务站") == BOTH

    def test_a_project_is_one(self):
        areas = {"A": point(0, project="P"), "B": point(1200, project="P")}  # together 60 m²
        assert status(areas, x=510) == {"A": "compliant", "B": "compliant"}

    def test_a_phases_code_is_the_projects(self):
        """A and C are one project, in two towns; F, without a place, is of C's town, not of B's."""
        towns = {n: {"unit": f"37099900{n}"} for n in (1, 2, 3)}
        areas = {
            "A": point(0, project="P", **{**towns[1], "households": 300}),
            "B": point(1200, **towns[3]),
            "C": point(2400, project="P", **{**towns[2], "households": 100}),
        }
        assert status(areas, **towns[2]) == {**FIRST, "C": "compliant"}


class TestOneOfAnotherKind:
    """A is an existing area known as a point; B of its name is of another kind."""

    @pytest.mark.parametrize("x", [510, NAN])
    def test_without_a_position(self, x):
        assert status({"A": point(0), "B": point()}, x=x) == BOTH

    def test_a_polygon(self):
        assert status({"A": point(0), "B": {**HOME, "x": 1200}}, x=510) == BOTH
        assert status({"A": {**HOME, "x": 0}, "B": {**HOME, "x": 1200}}, x=510) == BOTH
        assert status({"A": {**HOME, "x": 0}, "B": point(1200)}, x=100) == FIRST

    @pytest.mark.parametrize("x", [510, NAN])
    def test_a_new_area_as_a_point(self, x):
        areas = {"A": point(0), "B": point(1200, **new())}
        assert status(areas, x=x)["A"] == "not_assessed"
        assert status(areas, x=x, clause=NEW)["B"] == "not_assessed"

    def test_a_new_area_off_whose_site_it_stands(self):
        """If it is B's, whose rooms must be on its site, it counts for nobody."""
        areas = {"A": point(0), "B": {**HOME, "x": 1200, **new()}}
        assert status(areas, x=510)["A"] == "not_assessed"
        found = verdicts(studied(areas, {"F": {**ROOM, "x": 510}}), NEW).loc["B"]
        assert found["status"] == "deficient"
        assert [one["code"] for one in found["reason"].params["notes"]] == ["aside_off_site"]

    def test_a_village(self):
        """The quota is not about villages: the rooms may be the village's all the same."""
        assert status({"A": point(0), "B": point(1200, setting="rural")}, x=510) == {
            "A": "not_assessed",
            "B": "not_applicable",
        }

    @pytest.mark.parametrize("stage", ["planned", "idle"])
    def test_not_lived_in(self, stage):
        areas = {"A": point(0), "B": point(1200, stage=stage)}
        assert status(areas, x=510) == {"A": "not_assessed", "B": "not_applicable"}

    def test_an_area_that_is_near_and_called_otherwise(self):
        """F stands by point C. If its name means A it is A's; if polygon B, the place decides."""
        areas = {
            "A": point(0),
            "B": {**HOME, "x": 1200},
            "C": point(600, name="兰亭居"),
        }
        assert status(areas, x=620) == {
            "A": "not_assessed",
            "B": "deficient",
            "C": "not_assessed",
        }


class TestAllTheSame:
    """Whoever has it, the verdicts are the same."""

    areas = {"A": point(0), "B": point(1200)}  # noqa: RUF012

    def test_too_little_for_either(self):
        assert set(status(self.areas, x=510, floor_area_m2=29.0).values()) == {"deficient"}

    def test_enough_without_it(self):
        own = {f"G{a}": {"x": x, "floor_area_m2": 30.0} for a, x in (("A", 0), ("B", 1200))}
        assert set(status(self.areas, own, x=510).values()) == {"compliant"}

    def test_enough_for_one_without_it(self):
        own = {"G": {"x": 0, "floor_area_m2": 30.0}}
        assert status(self.areas, own, x=510) == {"A": "compliant", "B": "not_assessed"}

    def test_inside_another(self):
        areas = {**self.areas, "C": {"x": 600, "households": 200, "name": "兰亭居"}}
        told = {"A": "deficient", "B": "deficient", "C": "compliant"}
        assert status(areas, x=600) == told

    def test_it_stands_idle(self):
        assert set(status(self.areas, x=510, stage="idle").values()) == {"deficient"}


class TestRecordOfBoth:
    """F's record names A and B, and so does its name: no name says which of them it stands in."""

    areas = {"A": point(0), "B": point(1200)}  # noqa: RUF012
    record = [("F", "A", NAN), ("F", "B", NAN)]  # noqa: RUF012

    def test_enough_for_both(self):
        assert set(status(self.areas, x=510, sharing=self.record).values()) == {"compliant"}

    def test_enough_for_one(self):
        assert status(self.areas, x=510, sharing=self.record, floor_area_m2=30.0) == BOTH

    def test_of_points_the_one_it_stands_by_has_its_own_first(self):
        told = status(self.areas, x=200, sharing=self.record, floor_area_m2=30.0)
        assert told == {"A": "compliant", "B": "deficient"}

    def test_what_is_named_of_it(self):
        record = [("F", "A", 30.0), ("F", "B", 20.0)]
        assert status(self.areas, x=510, sharing=record) == FIRST


class TestAPartThatTheNameDoesNotSay:
    """F is 书香苑养老服务站; A and B are 书香苑一期 and 书香苑二期, or parts called otherwise."""

    @pytest.mark.parametrize(
        "parts",
        [
            ("书香苑一期", "书香苑二期"),
            ("书香苑东区", "书香苑西区"),
            ("书香苑小区（1期）", "书香苑2号区"),
        ],
    )
    def test_near_no_area_it_may_be_of_either(self, parts):
        areas = {n: point(x, name=name) for n, x, name in zip("AB", (0, 1200), parts, strict=True)}
        assert status(areas, x=510) == BOTH
        found = verdicts(studied(areas, {"F": {**ROOM, "x": 510}}))
        assert found.at["A", "reason"].code == ReasonCode.NAME_UNCLEAR
        assert found.at["A", "reason"].params["areas"] == ["A", "B"]

    def test_of_one_part_it_may_be_or_of_nobody(self):
        assert status(
            {"A": point(0, name="书香苑一期"), "B": point(1200, name="兰亭居")}, x=510
        ) == {
            "A": "not_assessed",
            "B": "deficient",
        }

    def test_near_an_area_the_place_decides(self):
        areas = {"A": point(0, name="书香苑一期"), "B": point(550, name="兰亭居")}
        assert status(areas, x=510) == {"A": "deficient", "B": "compliant"}

    def test_a_name_that_fits_goes_first(self):
        areas = {"A": point(0, name="书香苑一期"), "B": point(1200)}
        assert status(areas, x=510) == {"A": "deficient", "B": "compliant"}

    def test_a_record_goes_first(self):
        areas = {"A": point(0, name="书香苑一期"), "B": point(1200, name="书香苑二期")}
        assert status(areas, x=510, sharing=[("F", "A", NAN)]) == FIRST
        both = [("F", "A", NAN), ("F", "B", NAN)]
        assert set(status(areas, x=510, sharing=both).values()) == {"compliant"}

    def test_too_far_away(self):
        areas = {"A": point(0, name="书香苑一期"), "B": point(1200, name="书香苑二期")}
        assert set(status(areas, x=2300).values()) == {"deficient"}


@st.composite
def namesakes(draw):
    """Few areas of two names, points and polygons, some without a place, and a room or two."""
    spots = draw(st.lists(st.integers(0, 14), min_size=2, max_size=4, unique=True))
    areas = {}
    for n, x in enumerate(spots):
        row = {
            "name": draw(st.sampled_from(["甲苑", "甲苑", "乙苑"])),
            "x": draw(st.sampled_from([150.0 * x, 150.0 * x, 150.0 * x, NAN])),
            "point": draw(st.booleans()),
            "households": draw(st.sampled_from([100, 200, 300])),
            "setting": draw(st.sampled_from(["urban", "urban", "urban", "rural"])),
        }
        if draw(st.integers(0, 3)) == 0:
            row |= new(households_planned=row["households"])
        areas[f"A{n}"] = row
    rooms = {
        f"F{n}": {
            "name": f"{draw(st.sampled_from(['甲苑', '甲苑', '乙苑', '丙苑']))}站",
            "x": draw(st.sampled_from([NAN, *(50.0 * x for x in range(43))])),
            "floor_area_m2": float(draw(st.sampled_from([15, 30, 45, 70]))),
        }
        for n in range(draw(st.integers(1, 2)))
    }
    return areas, rooms


def candidates(areas, room):
    """Return the areas that a room's name may mean, by the contract's words alone."""
    named = [a for a, row in areas.items() if f"{row['name']}站" == room["name"]]
    away = {a: abs(areas[a]["x"] - room["x"]) for a in areas}  # NaN where one has no place
    if math.isnan(room["x"]):
        return named
    if any(away[a] <= 100 for a, row in areas.items() if not row["point"]):
        return []  # inside a polygon or within 50 m of one
    named = [a for a in named if not away[a] > 1000]
    here = [a for a in named if areas[a]["point"] and away[a] <= 50]
    return sorted(here, key=away.__getitem__)[:1] or named


def meaning(areas, rooms, chosen):
    """Return the study in which the names of ``rooms`` mean one area each: it alone has it."""
    homes, places = {a: dict(row) for a, row in areas.items()}, {}
    for facility, row in rooms.items():
        own = f"{facility}号"
        if chosen.get(facility) is not None:
            homes[chosen[facility]].setdefault("also", []).append(own)
        places[facility] = {**row, "name": f"{own}站" if facility in chosen else row["name"]}
    return homes, places


@settings(settings.get_profile("costly"))
@given(namesakes())
def test_what_is_firm_holds_whichever_area_a_name_means(case):
    """Each completion calls the areas apart, so that a room's name fits the one it means alone."""
    areas, rooms = case
    open_, shares = told_of(studied(areas, rooms))
    may = {f: candidates(areas, row) for f, row in rooms.items()}
    several = {f: some for f, some in may.items() if len(some) > 1}
    for chosen in itertools.product(*several.values()):
        named = dict(zip(several, chosen, strict=True))
        homes, places = meaning(areas, rooms, named)
        tables = studied(homes, places)
        called = [(row["name"], *row.get("also", ())) for a, row in homes.items()]
        names = dict(zip(homes, called, strict=True))
        tables = dataclasses.replace(
            tables, areas=tables.areas.assign(names=[names[a] for a in tables.areas.index])
        )
        found, rate = told_of(tables)
        wrong = [one for one, v in open_.items() if v not in {"not_assessed", found[one]}]
        assert wrong == [], (named, found)
        for one, (low, high) in shares.items():
            least, most = rate[one]
            assert low is None or (low <= least + 1e-9 and most <= high + 1e-9), (named, one)


@settings(settings.get_profile("costly"))
@given(namesakes(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(case, random):
    areas, rooms = case
    mixed = [random.sample(sorted(rows.items()), k=len(rows)) for rows in (areas, rooms)]
    whose = [ownership(studied(*one)) for one in ((areas, rooms), map(dict, mixed))]
    tables = [one.own.sort_values(["facility", "residential"]).to_csv(index=False) for one in whose]
    assert tables[0] == tables[1]
    doubts = [{f: sorted(doubt.areas) for f, doubt in one.unclear.items()} for one in whose]
    assert doubts[0] == doubts[1]


@settings(settings.get_profile("costly"))
@given(namesakes())
def test_a_second_area_of_its_name_leaves_no_firm_pass_that_rested_on_it(case):
    """Whoever has rooms by name alone, and not enough without them, is open beside a namesake."""
    areas, rooms = case
    whose = ownership(studied(areas, rooms)).own
    found = told_of(studied(areas, rooms))[0]
    for facility, area in whose.loc[
        whose["basis"] == "name", ["facility", "residential"]
    ].to_numpy():
        x = rooms[facility]["x"]
        spot = 0.0 if math.isnan(x) else x
        twin = {**areas[area], "x": spot + 300.0, "point": True}
        if areas[area]["point"] and abs(areas[area]["x"] - x) <= 50:
            continue  # the place says which
        if candidates({"T": twin, **areas}, rooms[facility]) == [area]:
            continue
        bare = {f: row for f, row in rooms.items() if f != facility}
        without = told_of(studied(areas, bare))[0]
        twice = told_of(studied({**areas, "T": twin}, rooms))[0]
        for clause in (OLD, NEW):
            key = clause, area
            if found.get(key) == "compliant" and without[key] != "compliant":
                assert twice[key] == "not_assessed"
