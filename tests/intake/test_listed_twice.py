"""A row that says the same of one spot again is one place or two: both ways are thought through."""

from __future__ import annotations

import pytest
from tests.two_ledgers import STUDY, written

import lifecircle as lc
from lifecircle.model.problem import ProblemCode as P

pytestmark = pytest.mark.one_in(2)  # words and layers in many combinations

AREAS = "编号,小区名称,户数,类别,城乡,X,Y\n"
ROOMS = "编号,设施名称,设施类型,状态,建筑面积,服务小区,场所编号,X,Y,备注\n"


def area(i, name, households, x, kind="已建成"):
    return f"{i},{name},{households},{kind},城镇,{x},3850000\n"


def room(i, m2, *, name="甲站", kind="日间照料中心", stage="运营", serves="", x=500_010, **more):
    x, y = (x, 3_850_000) if x else ("", "")
    site, remark = more.get("site", ""), more.get("remark", "")
    return f"{i},{name},{kind},{stage},{m2},{serves},{site},{x},{y},{remark}\n"


def judged(folder, areas, rooms):
    """Return the verdict of every area under CX-03, and the rows that are told as another again."""
    files = {"r": AREAS + "".join(areas), "f": ROOMS + "".join(rooms)}
    result = lc.assess(lc.read_study(written(folder, STUDY, **files)))
    told = [(p.layer, p.row) for p in result.problems if p.code is P.ROW_REPEATED]
    found = result.findings[result.findings["clause"] == "CX-03"]
    return {row.id: (str(row.status), row.low, row.high) for row in found.itertuples()}, told


OPEN, MET, SHORT = "not_assessed", "compliant", "deficient"
EAST = area("R1", "东园", 1000, 500_000)
EAST_500 = area("R1", "东园", 500, 500_000).replace("\n", ",\n")


def test_rooms_entered_twice_are_75_or_150(tmp_path):
    """1000 households ask for 150 m²: one room of 75 is too little, two are enough."""
    rooms = [room("F1", 75), room("F2", 75)]
    assert judged(tmp_path, [EAST], rooms) == ({"R1": (OPEN, 75, 150)}, [("facilities", 3)])


@pytest.mark.parametrize(("households", "status"), [(500, MET), (1001, SHORT)])
def test_both_ways_agree(tmp_path, households, status):
    """500 households have enough of one room (75), 1001 have too little of two (150 of 150.15)."""
    rooms = [room("F1", 75), room("F2", 75)]
    found, told = judged(tmp_path, [area("R1", "东园", households, 500_000)], rooms)
    assert found == {"R1": (status, 75, 150)}
    assert told == [("facilities", 3)]


@pytest.mark.parametrize(
    "other",
    [
        {"m2": 76},
        {"kind": "助老食堂"},
        {"name": "乙站"},
        {"x": 500_070},
        {"stage": "规划"},
    ],
    ids=str,
)
def test_what_differs_is_no_repeat(tmp_path, other):
    second = room("F2", **{"m2": 75, **other})
    assert judged(tmp_path, [EAST], [room("F1", 75), second])[1] == []


def test_two_sites_are_two_places(tmp_path):
    rooms = [room("F1", 75, site="1"), room("F2", 75, site="2")]
    assert judged(tmp_path, [EAST], rooms) == ({"R1": (MET, 150, 150)}, [])


def test_floors_of_one_site_and_one_name(tmp_path):
    rooms = [room("F1", 75, site="1"), room("F2", 75, site="1")]
    assert judged(tmp_path, [EAST], rooms)[0] == {"R1": (OPEN, 75, 150)}


def test_without_a_place_the_record_is_the_place(tmp_path):
    rooms = [room("F1", 75, serves="东园", x=None), room("F2", 75, serves="东园", x=None)]
    assert judged(tmp_path, [EAST], rooms)[1] == [("facilities", 3)]
    apart = [room("F1", 75, serves="东园", x=None), room("F2", 75, serves="西园", x=None)]
    west = area("R2", "西园", 500, 503_000)
    assert judged(tmp_path, [EAST, west], apart)[1] == []


TWO = [area("R1", "东园", 500, 500_000), area("R2", "西园", 500, 500_600)]


def test_a_row_for_each_area_served(tmp_path):
    """Of one room of 75 m² for both, one area is met; of two each: neither is certain."""
    rooms = [room(f"F{n}", 75, serves=name, x=500_300) for n, name in ((1, "东园"), (2, "西园"))]
    found, _ = judged(tmp_path, TWO, rooms)
    assert [found[one][:2] for one in ("R1", "R2")] == [(OPEN, 0), (OPEN, 0)]
    assert all(found[one][2] >= 75 for one in ("R1", "R2"))


def test_a_row_for_each_area_served_where_one_has_the_rooms_either_way(tmp_path):
    """Where the rooms stand, that area has its 75 m² first, of one room and of two."""
    rooms = [room(f"F{n}", 75, serves=name, x=500_000) for n, name in ((1, "东园"), (2, "西园"))]
    found, _ = judged(tmp_path, TWO, rooms)
    assert (found["R1"][0], found["R2"][0]) == (MET, OPEN)


def test_enough_for_both_of_one_room(tmp_path):
    rooms = [room(f"F{n}", 150, serves=name, x=500_300) for n, name in ((1, "东园"), (2, "西园"))]
    found, _ = judged(tmp_path, TWO, rooms)
    assert (found["R1"][0], found["R2"][0]) == (MET, MET)


def test_a_blank_record_beside_one_with_a_name(tmp_path):
    """One room that stands in R1 and serves R2 by the other row, or one room each."""
    rooms = [room("F1", 75, x=500_000), room("F2", 75, serves="西园", x=500_000)]
    found, _ = judged(tmp_path, TWO, rooms)
    assert found["R2"][:2] == (OPEN, 0)
    assert found["R1"][0] != SHORT


def test_in_use_and_shut_is_one_or_the_other(tmp_path):
    rooms = [room("F1", 150), room("F2", 150, stage="停用")]
    assert judged(tmp_path, [EAST], rooms) == ({"R1": (OPEN, 0, 150)}, [("facilities", 2)])


@pytest.mark.parametrize(
    ("shut", "told"),
    [
        ({"remark": "已停用"}, True),  # the same of one place: it is in use, or shut
        ({"stage": "待查"}, True),  # a word for anything, and so for 停用
        ({"remark": "二楼出租"}, False),  # less than 150 of it serves, if it is one place
        ({"stage": ""}, False),
    ],
)
def test_what_one_row_takes_back_the_other_does_not_give(tmp_path, shut, told):
    rows = {"plain": room("F1", 150), "doubted": room("F2", 150, **shut)}
    status = MET if shut == {"stage": ""} else OPEN
    for n, order in enumerate((rows, reversed(rows))):
        folder = tmp_path / str(n)
        folder.mkdir()
        found, said = judged(folder, [EAST], [rows[one] for one in order])
        assert (found["R1"][0], found["R1"][1]) == (status, 150 if status == MET else 0)
        assert ((("facilities", 2 + n) in said) == told) or not told


def test_an_area_listed_twice_misses_nothing_of_its_own(tmp_path):
    """The second row is no area without rooms for certain."""
    twice = [area("R1", "东园", 500, 500_000), area("R2", "东园", 500, 500_000)]
    found, told = judged(tmp_path, twice, [room("F1", 75)])
    assert {one: status for one, (status, *_) in found.items()} == {"R1": MET, "R2": OPEN}
    assert told == [("residential", 3)]


def test_an_area_listed_twice_of_which_one_row_is_gone(tmp_path):
    """It is lived in, or 已拆迁: no row of it misses its rooms for certain."""
    gone = area("R2", "东园", 500, 500_000).replace("\n", ",已拆迁\n")
    head = AREAS.replace("\n", ",备注\n")
    for n, rows in enumerate(([EAST_500, gone], [gone, EAST_500])):
        files = {"r": head + "".join(rows), "f": ROOMS + room("F1", 75, x=502_000)}
        (tmp_path / str(n)).mkdir()
        study = lc.read_study(written(tmp_path / str(n), STUDY, **files))
        found = lc.assess(study).findings.query("clause == 'CX-03'").set_index("id")["status"]
        assert found.map(str).to_dict() == {"R1": OPEN, "R2": OPEN}


@pytest.mark.parametrize(
    "second",
    [
        area("R2", "东园二期", 500, 500_000),
        area("R2", "东园", 500, 500_300),
    ],
)
def test_other_areas_are_areas(tmp_path, second):
    rooms = [room("F1", 75, x=502_000)]
    found, told = judged(tmp_path, [area("R1", "东园", 500, 500_000), second], rooms)
    assert told == []
    assert found["R2"][0] == SHORT


@pytest.mark.parametrize(("households", "status"), [(500, MET), (1000, OPEN)])
def test_planned_rooms_entered_twice_are_one_or_two_in_the_plan(tmp_path, households, status):
    """In the plan 75 m² are certain, 150 may be there; today none is, for certain."""
    east = AREAS + area("R1", "东园", households, 500_000)
    rooms = ROOMS + room("F1", 75, stage="规划") + room("F2", 75, stage="规划")
    study = lc.read_study(written(tmp_path, STUDY, r=east, f=rooms))
    for view, told in (("plan", status), ("now", SHORT)):
        found = lc.assess(study, view=view).findings
        (row,) = found[found["clause"] == "CX-03"].itertuples()
        assert str(row.status) == told
        assert row.low == (75 if view == "plan" else 0)


NAMED = [  # m² for each row, of the rooms, households, class, what CX-03 says as one and as two
    (75, 75, 150, 500, "已建成", (MET, MET)),  # 150 of 75 as one, 75 of 75 each as two
    (100, 50, 150, 500, "已建成", (MET, MET)),
    (50, 100, 150, 500, "已建成", (MET, SHORT)),
    (75, 75, 150, 1000, "已建成", (MET, SHORT)),
    (30, 40, 150, 500, "已建成", (SHORT, SHORT)),  # 70 of 75 at most
    (0, 75, 150, 500, "已建成", (MET, SHORT)),
    (75, 75, 75, 500, "已建成", None),  # more is named than there is
    (200, 200, 400, 500, "新建", None),
]


def _of_each_case(way):
    """Return the verdicts' files of estates listed twice, or as they are as ``one``, or as two."""
    head, areas, rooms = AREAS.replace("\n", ",项目\n"), "", ""
    for n, (a, b, m2, households, kind, _) in enumerate(NAMED):
        for beside in (10, 100, 300):
            x, key = 500_000 + 10_000 * n + 2500 * (beside // 100), f"{n}-{beside}"
            for row, project in (("a", "甲"), ("b", "乙")) if way != "one" else (("a", "甲"),):
                said = f",{project + key if way == 'two' else ''}\n"
                name = f"{'子丑寅卯辰巳午未'[n]}{'近中远'[beside // 100 - (beside > 100)]}园"
                areas += area(f"{key}{row}", name, households, x, kind).replace("\n", said)
            serves = f"{key}a:{a + b}" if way == "one" else f"{key}a:{a}；{key}b:{b}"
            rooms += room(f"F{key}", m2, name=f"F{key}", serves=serves, x=x + beside)
    return {"r": head + areas, "f": ROOMS + rooms}


def test_m2_named_for_both_rows_of_an_estate(tmp_path):
    """A verdict that is firm is that of one estate and of two; where these agree, it is firm."""
    ways = []
    for way in ("listed", "one", "two"):
        (tmp_path / way).mkdir()
        study = lc.read_study(written(tmp_path / way, STUDY, **_of_each_case(way)))
        found = lc.assess(study).findings.set_index(["id", "clause"])["status"]
        ways.append({key: str(one) for key, one in found.items()})
    listed, one, two = ways
    for key, told in listed.items():
        if key[0].endswith("a"):
            assert told == OPEN or {one[key], two[key]} == {told}, key
    for n, (*_, expected) in enumerate(NAMED):
        for beside in (10, 100, 300) if expected else ():
            key = f"{n}-{beside}a", "CX-03"
            assert (one[key], two[key]) == expected
            # 100 m off rooms are its own beside another that is named, else not: open for now
            if beside != 100 or expected != (MET, MET):
                assert listed[key] == (expected[0] if len({*expected}) == 1 else OPEN), key
