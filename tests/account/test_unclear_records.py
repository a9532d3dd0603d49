"""Records whose names nearly agree with an area or fit several: neither for it nor against it.

Under ``caoxian-2023`` an existing area needs 15 m² and a new one 20 m² a 100 households, and
records reach 1,000 m. Areas are 100 m wide and stand, as the facilities do, on one line.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
from types import MappingProxyType

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.on_a_line import NAN, county, judged, rates, rules_of, told_of

from lifecircle.account.ownership import ownership
from lifecircle.judge.clauses import account_of, judge_rule
from lifecircle.model.inputs.study import likely_table
from lifecircle.model.reason import ReasonCode
from lifecircle.outputs.words.wording import Wording

OLD, NEW = "CX-03", "CX-01"


def studied(areas, facilities, sharing=(), likely=()):
    tables = county(areas, facilities, sharing)
    return dataclasses.replace(tables, likely=likely_table(likely))


def verdicts(tables, clause=OLD):
    rules = rules_of("caoxian-2023")
    tables = dataclasses.replace(tables, account=account_of(tables, rules, arranging=True))
    return judge_rule(tables, rules[clause]).findings


def near(facility, area, m2=NAN, written="西苑2区"):
    return facility, area, m2, written, False


def homes(**at):
    return {area: {"x": x, "households": 200} for area, x in at.items()}  # each needs 30 m²


def status(tables, clause=OLD):
    return verdicts(tables, clause)["status"].astype(str).to_dict()


def test_more_than_a_record_names_leaves_open_only_where_the_rooms_would_decide():
    """东苑等 on F (60 m²), which stands in H; A and B are near, each needs 30 m², C 300 m².

    H is named and owns 30 of the 60 where it stands, whoever else is meant; A or B may have the
    other 30; C is short by 240 m² at least.
    """
    areas = homes(H=0, A=500, B=700, C=900)
    areas["C"]["households"] = 2000
    rooms = {"F": {"x": 0, "floor_area_m2": 60.0}}
    may = [near("F", area, written="东苑等") for area in ("A", "B", "C")]
    tables = studied(areas, rooms, [("F", "H", NAN)], may)
    assert status(tables) == {
        "H": "compliant",
        "A": "not_assessed",
        "B": "not_assessed",
        "C": "deficient",
    }


class TestTypo:
    """F (60 m²) stands in H; its record names what is nearly A, 500 m away; Z has nothing."""

    areas = homes(H=0, A=500, Z=900)
    rooms = MappingProxyType({"F": {"x": 0, "floor_area_m2": 60.0}})

    def test_both_areas_are_open_and_the_third_is_not(self):
        tables = studied(self.areas, self.rooms, (), [near("F", "A")])
        found = verdicts(tables)
        assert status(tables) == {"H": "not_assessed", "A": "not_assessed", "Z": "deficient"}
        assert found.loc[["H", "A"], ["low", "high"]].to_numpy().tolist() == [[0, 60], [0, 60]]
        for area in ("H", "A"):
            reason = found.at[area, "reason"]
            assert reason.code == ReasonCode.RECORD_UNCLEAR
            assert reason.params == {"facility": "F", "written": ["西苑2区"], "areas": ["A"]}

    def test_whether_they_have_one_at_all_is_open_too(self):
        tables = studied(self.areas, self.rooms, (), [near("F", "A")])
        result = judged(tables, "WS-30b", "weishan-2023")
        rate = rates(result)["areas", "county"]
        assert (rate.low, rate.high) == pytest.approx((0.0, 1 / 3))

    def test_whether_it_serves_several_is_open(self):
        tables = studied(self.areas, self.rooms, [("F", "H", NAN)], [near("F", "A")])
        found = judge_rule(tables, rules_of("pingyin-2022")["PY-37"]).findings
        assert found[["low", "high"]].to_numpy().tolist() == [[0.0, 1.0]]

    def test_confirmed_it_is_decided(self):
        exact = studied(self.areas, self.rooms, [("F", "A", NAN)])
        assert status(exact) == {"H": "deficient", "A": "compliant", "Z": "deficient"}

    def test_nothing_of_it_is_offered(self):
        tables = studied(self.areas, self.rooms, (), [near("F", "A")])
        found = account_of(tables, rules_of("caoxian-2023"), arranging=True)
        assert found.unassigned["F"] == 0
        assert found.allocation.empty

    def test_the_rate_is_wide(self):
        """H or A has it, never both: at most one of three."""
        tables = studied(self.areas, self.rooms, (), [near("F", "A")])
        rate = rates(judged(tables, OLD))["areas", "county"]
        assert (rate.low, rate.high) == pytest.approx((0.0, 1 / 3))

    def test_beyond_the_radius_it_stays_out(self):
        """A record that reaches 1,001 m gives nothing; H loses its rooms if it is meant."""
        tables = studied(homes(H=0, A=1001), self.rooms, (), [near("F", "A")])
        assert status(tables) == {"H": "not_assessed", "A": "deficient"}

    def test_of_what_is_too_little_either_way_nothing_is_open(self):
        rooms = {"F": {"x": 0, "floor_area_m2": 29.0}}
        tables = studied(self.areas, rooms, (), [near("F", "A")])
        assert set(status(tables).values()) == {"deficient"}

    def test_where_it_stands_it_is_the_areas_either_way(self):
        tables = studied(self.areas, self.rooms, (), [near("F", "H")])
        assert status(tables) == {"H": "compliant", "A": "deficient", "Z": "deficient"}

    def test_without_a_position(self):
        tables = studied(self.areas, {"F": {"floor_area_m2": 60.0}}, (), [near("F", "A")])
        assert status(tables) == dict.fromkeys("HAZ", "not_assessed")

    def test_a_new_area_has_no_part_in_sharing(self):
        areas = {
            "H": {"x": 0, "households": 200},
            "N": {"x": 500, "households_planned": 200, "age_class": "new"},
        }
        tables = studied(areas, self.rooms, (), [near("F", "N")])
        assert status(tables)["H"] == "not_assessed"
        assert status(tables, NEW)["N"] == "deficient"


class TestTwoOfOneName:
    """F (60 m²) stands in H; its record names what A and B are both called."""

    areas = homes(H=0, A=500, B=900)

    def read(self, **room):
        rows = [("F", area, NAN, "金色家园", True) for area in "AB"]
        return studied(self.areas, {"F": {"floor_area_m2": 60.0, **room}}, (), rows)

    def test_one_of_them_is_meant_and_not_where_it_stands(self):
        expected = {"H": "deficient", "A": "not_assessed", "B": "not_assessed"}
        assert status(self.read(x=0)) == expected

    def test_without_a_position_too(self):
        expected = {"H": "deficient", "A": "not_assessed", "B": "not_assessed"}
        assert status(self.read()) == expected

    def test_phases_of_one_project_are_one(self):
        areas = {a: {**row, "project": None if a == "H" else "P"} for a, row in self.areas.items()}
        rows = [("F", area, NAN, "金色家园", True) for area in "AB"]
        tables = studied(areas, {"F": {"x": 0, "floor_area_m2": 60.0}}, (), rows)
        assert set(ownership(tables).recorded["residential"]) <= {"A", "B"}


def test_m2_that_cannot_be_read_are_any_for_a_project_too():
    """F (60 m²), 500 m off, is for A, “若干” m²: 0 to 60, with A alone and with A and B as one."""
    rows = [("F", "A", m2, "金色家园:若干", True) for m2 in (0.0, NAN)]
    rooms = {"F": {"x": 500, "floor_area_m2": 60.0}}
    alone = studied(homes(A=0), rooms, [("F", "A", NAN)], rows)
    areas = {name: {**row, "project": "P"} for name, row in homes(A=0, B=-100).items()}
    both = studied(areas, rooms, [("F", "A", NAN)], rows)
    assert [status(one)["A"] for one in (alone, both)] == ["not_assessed", "not_assessed"]


class TestWhichOfOneName:
    """F (60 m²) and its record names what A and B are both called: place or a code says which."""

    first = MappingProxyType({"A": "compliant", "B": "deficient"})
    both = MappingProxyType({"A": "not_assessed", "B": "not_assessed"})

    def read(self, room, **codes):
        areas = homes(A=0, B=900)
        for area, more in codes.items():
            areas[area] |= more
        rows = [("F", area, NAN, "金色家园", True) for area in "AB"]
        return status(studied(areas, {"F": {"floor_area_m2": 60.0, **room}}, (), rows))

    @pytest.mark.parametrize(("x", "told"), [(0, first), (100, first), (101, both)])
    def test_the_one_that_it_stands_in_or_near(self, x, told):
        assert self.read({"x": x}) == told

    @pytest.mark.parametrize("code", ["unit", "community"])
    def test_the_one_of_its_town_or_community(self, code):
        here, there = {code: "370999001"}, {code: "370999002"}
        assert self.read({"x": 450, **here}, A=here, B=there) == self.first
        # blank, or of neither: nothing tells
        assert self.read({"x": 450, **here}, A=here) == self.both
        assert self.read({"x": 450}, A=here, B=there) == self.both
        assert self.read({"x": 450, code: "370999003"}, A=here, B=there) == self.both
        # a place goes before a code
        assert self.read({"x": 0, **there}, A=here, B=there) == self.first

    def test_of_three_two_may_be_left(self):
        here, there = {"community": "370999001001"}, {"community": "370999001002"}
        areas = homes(A=0, B=900, C=500)
        for area, code in (("A", here), ("B", there), ("C", here)):
            areas[area] |= code
        rows = [("F", area, NAN, "金色家园", True) for area in "ABC"]
        rooms = {"F": {"floor_area_m2": 60.0, "x": 250, **here}}
        found = verdicts(studied(areas, rooms, (), rows))
        assert found["status"].astype(str).to_dict() == {
            "A": "not_assessed",
            "B": "deficient",
            "C": "not_assessed",
        }
        assert found.at["A", "reason"].params["areas"] == ["A", "C"]


class TestBesideAnExactName:
    """F (60 m²) stands nowhere; its record names A plainly and nearly B."""

    areas = homes(A=400, B=600)

    def test_m2_by_name_stand_where_there_are_enough(self):
        rooms = {"F": {"x": 0, "floor_area_m2": 60.0}}
        told = [("F", "A", 30.0)], [near("F", "B", 30.0)]
        assert status(studied(self.areas, rooms, *told)) == {"A": "compliant", "B": "not_assessed"}

    def test_not_where_both_promise_more_than_there_is(self):
        rooms = {"F": {"x": 0, "floor_area_m2": 59.0}}
        told = [("F", "A", 30.0)], [near("F", "B", 30.0)]
        found = status(studied(self.areas, rooms, *told))
        assert found == {"A": "not_assessed", "B": "not_assessed"}

    def test_what_is_distributed_is_open(self):
        rooms = {"F": {"x": 0, "floor_area_m2": 30.0}}
        told = [("F", "A", NAN)], [near("F", "B")]
        found = status(studied(self.areas, rooms, *told))
        assert found == {"A": "not_assessed", "B": "not_assessed"}

    def test_the_home_keeps_what_it_needs(self):
        rooms = {"F": {"x": 400, "floor_area_m2": 60.0}}
        told = [("F", "A", NAN)], [near("F", "B")]
        assert status(studied(self.areas, rooms, *told)) == {"A": "compliant", "B": "not_assessed"}


@st.composite
def unclear(draw):
    """Few areas, a facility or two, each with a record of which a name or two are unclear."""
    spots = draw(st.lists(st.integers(0, 12), min_size=2, max_size=4, unique=True))
    areas = {
        f"A{i}": {
            "x": 100 * x,
            "households": draw(st.sampled_from([100, 200, 300])),
            "age_class": draw(st.sampled_from(["existing", "existing", "new"])),
        }
        for i, x in enumerate(spots)
    }
    for row in areas.values():
        if row["age_class"] == "new":
            row["households_planned"] = row["households"]
    area, m2 = st.sampled_from(sorted(areas)), st.sampled_from([NAN, NAN, 15.0, 45.0])
    rooms, records = {}, {}
    for facility in draw(st.sampled_from(["F", "F", "FG"])):
        rooms[facility] = {
            "x": draw(st.integers(0, 24)) * 50,
            "floor_area_m2": float(draw(st.sampled_from([15, 45, 70]))),
        }
        exact = {draw(area): draw(m2) for _ in range(draw(st.integers(0, 1)))}
        names = []
        for n in range(draw(st.integers(1, 2 if len(rooms) < 2 else 1))):
            mine = draw(st.lists(area, min_size=1, max_size=2, unique=True))
            fits = draw(st.booleans()) if len(mine) > 1 else False
            names.append((f"名{n}", mine, draw(m2), fits))
        records[facility] = exact, names
    return areas, rooms, records


def said(room, mine, areas):
    """Return the areas of one name that a room may mean: the one it stands in or near, else all."""
    away = {a: max(0, abs(areas[a]["x"] - room["x"]) - 50) for a in mine}
    near = [a for a in mine if away[a] <= 50]
    return (
        [min(near, key=lambda a: (away[a], -areas[a]["households"], areas[a]["x"]))]
        if near
        else mine
    )


def completed(exact, names):
    """Yield the record in every way its names can be read."""
    ways = [dict(exact)]
    for _, mine, m2, fits in names:
        more = [] if fits else list(ways)
        if len(mine) > 1 and not fits:  # all of them, as an estate means its phases
            more += completed_all(ways, mine, m2)
        for way in ways:
            for area in mine:
                was = way.get(area, NAN)
                both = sum(x for x in (was, m2) if not math.isnan(x))
                blank = math.isnan(was) and math.isnan(m2)
                more.append({**way, area: NAN if blank else both})
        ways = more
    return ways


def completed_all(ways, mine, m2):
    """Return each way with all areas of a name besides."""
    found = ways
    for area in mine:
        found = [
            {
                **way,
                area: NAN
                if math.isnan(way.get(area, NAN)) and math.isnan(m2)
                else sum(x for x in (way.get(area, NAN), m2) if not math.isnan(x)),
            }
            for way in found
        ]
    return found


_TWO = {f"A{n}": {"x": 100 * n, "households": 100, "age_class": "existing"} for n in (0, 1)}


@settings(max_examples=9, deadline=None)
@given(unclear())
# both may be meant by a name that only nearly agrees: 45 m² are enough for 15 and 15
@example(
    (_TWO, {"F": {"x": 0, "floor_area_m2": 45.0}}, {"F": ({}, [("名0", ["A0", "A1"], NAN, False)])})
)
# two names, and by its place both mean A1: it is named 15 m² of the 30 that it needs
@example(
    (
        {**_TWO, "A1": {**_TWO["A1"], "households": 200}},
        {"F": {"x": 50, "floor_area_m2": 45.0}},
        {"F": ({}, [("名0", ["A0", "A1"], NAN, True), ("名1", ["A0", "A1"], 15.0, True)])},
    )
)
# a name that may be nobody's: then F, on the line between A0 and A1, is of either
@example(
    (
        {"A0": _TWO["A0"], "A1": _TWO["A1"], "A2": {**_TWO["A0"], "x": 900}},
        {"F": {"x": 50, "floor_area_m2": 45.0}},
        {"F": ({}, [("名0", ["A2"], NAN, False)])},
    )
)
def test_what_is_firm_holds_however_the_records_read(case):
    areas, rooms, records = case
    exact = [(f, a, m2) for f, (plain, _) in records.items() for a, m2 in plain.items()]
    rows = [
        (f, a, m2, written, fits)
        for f, (_, names) in records.items()
        for written, mine, m2, fits in names
        for a in mine
    ]
    told, shares = told_of(studied(areas, rooms, exact, rows))
    readings = {}  # several ways to read the names may come to the same record
    read_as = [
        completed(
            exact,
            [
                (w, said(rooms[f], mine, areas) if fits else mine, m2, fits)
                for w, mine, m2, fits in names
            ],
        )
        for f, (exact, names) in records.items()
    ]
    for ways in itertools.product(*read_as):
        read = [(f, a, m2) for f, way in zip(records, ways, strict=True) for a, m2 in way.items()]
        readings[repr(sorted(read, key=repr))] = read
    for read in readings.values():
        found, rate = told_of(studied(areas, rooms, read))
        assert [one for one, v in told.items() if v not in {"not_assessed", found[one]}] == []
        for one, (low, high) in shares.items():
            least, most = rate[one]
            assert low is None or (low <= least + 1e-9 and most <= high + 1e-9), one


def test_all_records_that_an_area_hangs_on_are_named():
    """F (30 m²) and G (40 m²) stand near no area; either may be A's 30 m², neither may be Z's."""
    rooms = {
        "F": {"x": 400, "floor_area_m2": 30.0},
        "G": {"x": 500, "floor_area_m2": 40.0},
    }
    likely = [near("F", "A", written="甲村2组"), near("G", "A", written="甲村3组")]
    tables = studied(homes(A=0, Z=900), rooms, (), likely)
    found = verdicts(tables)
    assert found["status"].astype(str).to_dict() == {"A": "not_assessed", "Z": "deficient"}
    reason = found.at["A", "reason"]
    assert reason.code == ReasonCode.RECORDS_UNCLEAR
    told = {"facility": "F", "facilities": ["F", "G"], "areas": ["A"]}
    assert reason.params == {**told, "written": ["甲村2组", "甲村3组"]}
    for language, names in (("zh", "取决于F、G"), ("en", "depend on F, G")):
        words = Wording(language, "report")
        assert names in words.reason(reason)
    # whether there is one at all hangs on both, too
    rules = rules_of("weishan-2023")
    one = judge_rule(
        dataclasses.replace(tables, account=account_of(tables, rules, arranging=False)),
        rules["WS-30b"],
    )
    assert one.findings.at["A", "reason"].params["facilities"] == ["F", "G"]


@pytest.mark.parametrize(
    ("floor", "named", "told"),
    [(NAN, 60.0, 60.0), (NAN, NAN, None), (100.0, 60.0, 100.0)],
)
def test_a_room_of_unknown_size_gives_at_most_what_its_record_names(floor, named, told):
    """N (1,000 households, a point) asks 200 m²: of a record of 60 m², 140 are sure to be missing.

    What is said of F, 300 m off, has that bound too; where record and room name nothing, nothing.
    """
    areas = {"N": {"x": 0, "households": 1000, "age_class": "new"}}
    tables = county(areas, {"F": {"x": 300, "floor_area_m2": floor}}, [("F", "N", named)])
    tables = dataclasses.replace(tables, areas=tables.areas.assign(land_area_m2=NAN))
    found = verdicts(tables, NEW).loc["N"]
    assert found["high"] == (60.0 if named == 60 else math.inf)
    assert math.isnan(found["deficit"]) if math.isnan(named) else found["deficit"] == 140.0
    (note,) = [one for one in found["reason"].params["notes"] if one["code"] == "own_to_visit"]
    assert note["params"]["m2"] == told
