"""Two names on one spot with one figure: one house with two signboards, or two houses."""

from __future__ import annotations

import pytest
from tests.two_ledgers import STUDY, written

import lifecircle as lc
from lifecircle.model.problem import ProblemCode as P

AREAS = "编号,小区名称,户数,类别,城乡,X,Y\n"
ROOMS = "编号,设施名称,设施类型,状态,建筑面积,服务小区,场所编号,所属社区,地址,X,Y\n"
MET, SHORT, OPEN = "compliant", "deficient", "not_assessed"


def area(i, name, households, x):
    return f"{i},{name},{households},已建成,城镇,{x},3850000\n"


def room(i, name, m2=75, **more):
    said = {"kind": "日间照料中心", "stage": "运营", "serves": "", "site": "", "x": 500_010} | more
    where = f"{said.get('community', '')},{said.get('address', '')},{said['x']},3850000"
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
        ({}, {"x": 500_013}),
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
