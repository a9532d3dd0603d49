"""Two rows of one figure at one place, address or name: one house on two lines, or two houses."""

from __future__ import annotations

import numpy as np
import pytest
from tests.two_ledgers import STUDY, written

import lifecircle as lc
from lifecircle.model.problem import ProblemCode as P

pytestmark = pytest.mark.one_in(2)  # words and layers in many combinations

AREAS = "编号,小区名称,户数,类别,城乡,X,Y\n"
ROOMS = "编号,设施名称,设施类型,状态,建筑面积,服务小区,场所编号,所属社区,地址,X,Y\n"
MET, SHORT, OPEN = "compliant", "deficient", "not_assessed"


def area(i, name, households, x):
    return f"{i},{name},{households},已建成,城镇,{x},3850000\n"


def room(i, name, m2=75, **more):
    said = {"kind": "日间照料中心", "stage": "运营", "serves": "", "site": "", "x": 500_010} | more
    y = "" if said["x"] == "" else 3850000
    where = f"{said.get('community', '')},{said.get('address', '')},{said['x']},{y}"
    return (
        f"{i},{name},{said['kind']},{said['stage']},{m2},{said['serves']},{said['site']},{where}\n"
    )


def judged(folder, areas, rooms):
    study = lc.read_study(written(folder, STUDY, r=AREAS + areas, f=ROOMS + "".join(rooms)))
    result = lc.assess(study)
    found = result.findings.query("clause == 'CX-03'")
    told = [p.row for p in result.problems if p.code is P.ONE_HOUSE]
    return {
        row.id: (str(row.status), row.low, row.high, row.reason) for row in found.itertuples()
    }, told


@pytest.mark.parametrize(
    ("households", "status"), [(500, MET), (1000, OPEN), (1001, SHORT)], ids=str
)
def test_75_or_150_of_two_signboards(tmp_path, households, status):
    """500 households ask for 75 m², 1000 for 150, 1001 for 150.15."""
    rooms = [room("F1", "东园日间照料中心"), room("F2", "东园居家养老服务站")]
    found, told = judged(tmp_path, area("R1", "东园", households, 500_000), rooms)
    assert told == [3]
    assert found["R1"][:3] == (status, 75, 150)
    if status == OPEN:
        assert found["R1"][3].params | {"notes": None} == {
            "facility": "F2",
            "field": "site",
            "notes": None,
        }


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"site": "1"}, {"site": "2"}),
        ({}, {"m2": 76}),
        ({}, {"x": 500_031}),
        ({"serves": "R1:75"}, {"serves": "R1:75"}),
        ({"community": "东关社区"}, {"community": "西关社区"}),
        ({"address": "青菏路1号"}, {"address": "青菏路3号"}),
        ({"name": "东园一楼照料中心"}, {"name": "东园二楼服务站"}),
    ],
    ids=str,
)
def test_what_the_rows_say_otherwise(tmp_path, one, other):
    names = ({"name": "东园日间照料中心"}, {"name": "东园居家养老服务站"})
    rows = [
        room(f"F{n}", **(name | said))
        for n, name, said in zip((1, 2), names, (one, other), strict=True)
    ]
    found, _ = judged(tmp_path, area("R1", "东园", 1000, 500_000), rows)
    assert found["R1"][0] == MET


def test_of_rooms_not_yet_there_nothing_is_taken(tmp_path):
    """What is planned counts nothing today: the other row's 150 m² are there either way."""
    rooms = [room("F1", "东园站", 150, stage="规划"), room("F2", "东园服务站", 150)]
    found, _ = judged(tmp_path, area("R1", "东园", 1000, 500_000), rooms)
    assert found["R1"][:3] == (MET, 150, 150)


def test_signboards_for_two_estates(tmp_path):
    """Of one house of 75 m² for both one is met, of two each: neither is certain."""
    areas = area("R1", "东园", 500, 500_000) + area("R2", "西园", 500, 500_600)
    rooms = [
        room("F1", "东园站", serves="东园", x=500_300),
        room("F2", "西园站", serves="西园", x=500_300),
    ]
    found, _ = judged(tmp_path, areas, rooms)
    assert [found[one][0] for one in ("R1", "R2")] == [OPEN, OPEN]


CANTEEN = {"name": "东园2站", "kind": "助老食堂"}


@pytest.mark.parametrize(
    ("others", "households", "status"),
    [
        ([{"name": "东园站", "kind": "助老食堂"}], 1000, OPEN),  # two services under one name
        ([{"community": "东关社区"}, CANTEEN | {"community": "东关社区"}], 1500, OPEN),
        ([{"community": "东关社区"}, CANTEEN | {"community": "南关社区"}], 1500, MET),
    ],
    ids=str,
)
def test_each_pair_of_rows_may_be_one_house(tmp_path, others, households, status):
    """Not the first two alone: the last may be the second, which is not the first."""
    rooms = [room("F1", "东园站", community="西关社区" if len(others) > 1 else "")]
    rooms += [room(f"F{n}", **{"name": "东园2站"} | one) for n, one in enumerate(others, start=2)]
    found, _ = judged(tmp_path, area("R1", "东园", households, 500_000), rooms)
    assert found["R1"][0] == status


def status_of(folder, first, second, households=1000):
    """Return CX-03 of an area that asks for 150 m² (of 1000 households), and the rows told."""
    rooms = [room("F1", **{"name": "东园日间照料中心"} | first)]
    rooms += [room("F2", **{"name": "东园居家服务站", "kind": "助老食堂"} | second)]
    found, told = judged(folder, area("R1", "东园", households, 500_000), rooms)
    return found["R1"][0], told


LOST = {"x": ""}
SAME = {"name": "东园日间照料中心", "kind": "日间照料中心"}
ROAD = {"address": "青菏路"}
STREET = {"address": "青菏路1号"}


@pytest.mark.parametrize(
    ("first", "second", "open_"),
    [
        ({}, {"x": 500_012}, True),
        ({}, {"x": 500_030}, True),  # 20 m: as far as positions are known
        ({}, {"x": 500_031}, False),
        ({}, LOST, True),  # 东园 of both, two signs
        ({}, LOST | {"name": "东园3号楼服务站"}, False),  # nothing in common but the figure
        (STREET, STREET | LOST, True),
        (STREET, STREET | {"x": 500_031}, False),  # two positions
        (STREET, {"address": "青菏路一号院内"} | LOST, True),
        (STREET, {"address": "青菏路11号"} | LOST, False),
        (ROAD, ROAD | LOST | {"name": "东园3号楼站"}, False),  # no house
        ({}, SAME | LOST, True),
        ({}, SAME | {"x": 500_070}, True),
        ({}, SAME | {"x": 500_211}, False),  # 201 m
        ({}, SAME | {"x": 500_070, "name": "（东园）日间照料中心"}, True),
        ({}, SAME | {"x": 500_070, "name": "东园日间照料中心（原小学）"}, True),
        ({}, SAME | {"x": 500_070, "name": "东园日间照料中心（二期）"}, False),
        ({}, SAME | LOST | {"kind": "助老食堂"}, True),
        ({}, SAME | {"x": 500_070, "kind": "助老食堂"}, True),
        ({}, SAME | {"x": 500_070, "name": "东园小区老年人日间照料中心"}, True),
        ({}, SAME | {"x": 500_070, "name": "东园助老食堂"}, False),  # two signs, each on its own
        ({}, SAME | LOST | {"m2": 76}, True),  # measured twice
        ({}, SAME | LOST | {"m2": 76, "kind": "助老食堂"}, False),  # two services
        ({}, LOST | {"name": "东园助老食堂", "m2": 76}, False),
        ({"site": "1"}, SAME | LOST | {"site": "2"}, False),
        ({"community": "东关社区"}, SAME | LOST | {"community": "西关社区"}, False),
        ({"community": "东关社区"}, SAME | LOST | {"community": "东关居委会"}, True),
        ({"address": "东园3号楼一层"}, SAME | LOST | {"address": "东园3号楼2层"}, False),
        ({"address": "东园3号楼"}, SAME | LOST | {"address": "东园3号楼2层"}, True),
        ({"site": "1"}, {"site": "1"}, False),  # one place, whose m² are added
        ({"site": "1"}, {"site": "1"} | LOST, False),
        ({"site": "1"}, {"site": "1", "kind": "日间照料中心"}, False),
        ({"site": "1", "address": "1号楼"}, {"site": "1", "address": "2号楼"}, False),
        ({"site": "1"}, {"site": "1", "x": 500_031}, False),
    ],
    ids=str,
)
def test_rows_of_equal_m2_may_be_the_same_rooms(tmp_path, first, second, open_):
    """75 or 150 m² where 150 are asked for; 75 are there either way."""
    status, told = status_of(tmp_path, first, second)
    assert status == (OPEN if open_ else MET)
    assert bool(told) is (open_ and not (first.get("site") and second.get("site")))
    assert status_of(tmp_path, first, second, households=500)[0] == MET


def test_of_rooms_by_two_areas_on_two_lines_neither_has_them_for_certain(tmp_path):
    """Of one house 100 m from itself, that two estates are beside, nobody knows whose it is."""
    areas = area("R1", "东园", 500, 500_000) + area("R2", "西园", 500, 500_110)
    rooms = [room(f"F{n}", "便民日间照料中心", x=x) for n, x in enumerate((500_005, 500_105))]
    found, told = judged(tmp_path, areas, rooms)
    assert [found[one][0] for one in ("R1", "R2")] == [OPEN, OPEN]
    assert told == [3]


def test_a_row_without_a_position_leaves_the_others_two_houses(tmp_path):
    """Two centres of one name, 500 m apart, and the name again: two are there for certain."""
    areas = area("R1", "东园", 500, 500_000) + area("R2", "西园", 500, 500_500)
    rooms = [room(f"F{n}", "幸福院", x=x) for n, x in enumerate((500_010, 500_510, ""))]
    found, _ = judged(tmp_path, areas, rooms)
    assert [found[one][0] for one in ("R1", "R2")] == [MET, MET]


@pytest.mark.parametrize("seed", range(6))
def test_a_row_typed_again_meets_nothing_for_certain(tmp_path, seed):
    """Moved by 20 m at most, its position left out, or with other brackets in its name."""
    rng = np.random.default_rng(seed)
    stem = rng.choice(["便民(东关)日间照料中心", "东园日间照料中心", "【东园】助老点"])
    said = {"m2": int(rng.integers(60, 150)), "x": 500_010 + int(rng.integers(0, 30))}
    said |= {"serves": rng.choice(["", "东园", "东园:60"]), "site": ""}
    said |= {"address": rng.choice(["", "青菏路1号", "东园3号楼"])}
    again = dict(said)
    if rng.random() < 0.5:
        again["x"] = "" if rng.random() < 0.5 else said["x"] + int(rng.integers(-20, 21))
    name = str(stem)
    if rng.random() < 0.7:
        name = name.translate(str.maketrans("()【】", "（）()"))
    homes = area("R1", "东园", 1000, 500_000)
    once, _ = judged(tmp_path, homes, [room("F1", str(stem), **said)])
    rows = [room("F1", str(stem), **said), room("F2", name, **again)]
    for order in (rows, rows[::-1]):
        twice, _ = judged(tmp_path, homes, order)
        assert once["R1"][0] != MET
        assert twice["R1"][0] != MET
