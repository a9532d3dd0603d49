"""Whose rooms near points are, houses listed twice, cells nobody reads: in BD-09, with half a list.

What is expected was written down before it was run: m² (CX-03) and reach (CX-06). Distances stand a
metre off what decides, because degrees of seven decimals are a centimetre.
"""

from __future__ import annotations

import pytest
from tests.counties.worlds import (
    Also,
    C,
    D,
    Kind,
    N,
    areas,
    in_degrees,
    in_metres,
    one,
    room,
    table,
    verdicts,
)
from tests.two_ledgers import STUDY

from lifecircle.model.gazetteer import code_list
from lifecircle.model.problem import ProblemCode as P

SOUTH, NORTH = {"所属社区": "南关社区"}, {"所属社区": "北关社区"}
TOWN = "曹城街道"
TWO, ALL = {"户数": 1000}, {"户数": 1001}


def house(name, second=75, east=0, other="居家养老服务站", **said):
    """Return a house of 75 m² on two lines."""
    again = room(second, east, 设施名称=f"{name}{other}", **said)
    return (room(设施名称=f"{name}日间照料中心"), again)


def between(m2=160, **said):
    return one(m2=m2, east=200, **said)


KINDS = (
    # near a point: its to 50 m, perhaps to 200, and nobody's beyond
    Kind("龙柏苑", (C, C), one(east=49)),
    Kind("云杉苑", (N, C), one(east=120)),
    Kind("油松苑", (N, C), one(m2=80, east=199)),
    Kind("冷杉苑", (D, C), one(east=201)),
    Kind("铁杉苑", (D, C), one(m2=60, east=120)),
    Kind("清河苑", (N, C), one(east=140), more=(Also("白沙苑", 300, (N, C)),)),
    Kind("青石苑", (D, C), one(east=260), more=(Also("黑石苑", 300, (C, C)),)),
    # names of an estate on rooms that stand by another
    Kind("凤凰小区", (D, C), one(east=390, 设施名称="凤凰小区对面日间照料中心"),
         more=(Also("梧桐苑", 400, (C, C)),)),
    Kind("鹤鸣小区", (D, C), one(east=390, 设施名称="鹤鸣社区日间照料中心"),
         more=(Also("鸥鹭苑", 400, (C, C)),)),
    Kind("锦绣小区", (C, C), one(east=390, 设施名称="锦绣小区日间照料中心"),
         more=(Also("绮罗苑", 400, (D, C)),)),
    Kind("鸣泉小区", (N, C), one(east=390, 设施名称="鸣泉日间照料中心"),
         more=(Also("漱玉苑", 400, (N, C)),)),
    Kind("玉泉苑", (N, C), one(east=120, 设施名称="金泉苑社区站"),
         more=(Also("金泉苑", 600, (N, C)),)),
    # one house twice: 75 or 150 m² of 75, 150 and 150.15
    Kind("双桥苑", (N, C), house("双桥"), TWO),
    Kind("三桥苑", (D, C), house("三桥"), ALL),
    Kind("四桥苑", (C, C), house("四桥", 76), TWO),
    Kind("五桥苑", (C, C), house("五桥")),
    Kind("六桥苑", (C, C), house("六桥", east=31), TWO),
    Kind("七桥苑", (N, C), house("七桥", east=19), TWO),
    Kind("八桥苑", (N, C), house("八桥", east=None, other="日间照料中心"), TWO),
    # cells that nobody can read
    Kind("九里苑", (N, C), one(m2="认不出的字")),
    Kind("十里苑", (N, C), one(), {"户数": "#REF!"}),
    Kind("南里苑", (N, N), one(状态="认不出的字")),
    Kind("北里苑", (N, N), one(设施类型="认不出的字")),
    Kind("西里苑", (N, N), one(停用日期="#REF!")),
    Kind("前里苑", (N, C), one(east=200, 服务小区="#REF!")),
    # communities in 服务小区, and names that nobody has; in the other town is a house without place
    Kind("丹桂花园", (N, C), between(服务小区="南关社区"), SOUTH, town=TOWN,
         more=(Also("紫竹名城", 400, (N, C), SOUTH),)),
    Kind("碧桃花园", (N, C), between(服务小区="北关社区居委会"), NORTH, town=TOWN,
         more=(Also("红杏名城", 400, (D, C), SOUTH),)),
    Kind("蜡梅花园", (N, C), between(服务小区="旧名家园"), town=TOWN,
         more=(Also("芙蓉名城", 400, (N, C)),)),
    Kind("木兰花园", (D, C), between(60, 服务小区="旧名家园"), town=TOWN,
         more=(Also("山茶名城", 400, (D, C)),)),
    Kind("蒲公小区", (N, C), between(服务小区="蒲公社区"), town=TOWN,
         more=(Also("茜草名城", 400, (N, C)),)),
    Kind("车前小区", (C, C), between(服务小区="车前小区"), town=TOWN,
         more=(Also("艾蒿名城", 400, (D, C)),)),
)  # fmt: skip


def by_half_a_list(start):
    """Return a world of points in metres with every other unit of the county's list."""
    units = [{"代码": code, "名称": name} for code, name in code_list("371721")[start::2]]
    study = STUDY + '[layers.units]\npath = "u.csv"\n'
    return lambda folder, kinds: in_metres(folder, kinds, study=study, u=table(units))


WORLDS = {
    "BD-09": in_degrees(["bd09"], ["bd09"]),
    "rows of three datums": in_degrees(["bd09", "cgcs2000"], ["gcj02", "bd09"]),
    "half of a list": by_half_a_list(0),
    "the other half": by_half_a_list(1),
}


@pytest.mark.one_in(2)
@pytest.mark.parametrize("world", WORLDS)
def test_what_is_near_listed_twice_or_unread_comes_to_the_same(tmp_path, world):
    result = WORLDS[world](tmp_path, KINDS)
    told = [(row["小区名称"], all_) for row, all_, _ in areas(KINDS)]
    named = [(name, one) for (name, _), one in zip(told, verdicts(result), strict=True)]
    assert [pair for pair in zip(named, told, strict=True) if pair[0] != pair[1]] == []
    codes = {p.code for p in result.problems}
    assert not codes & {P.DATUM_SUSPECTED, P.DATUM_MIXED, P.DATUM_ASKED}
