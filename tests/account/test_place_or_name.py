"""Where place and name do not settle whose rooms are: open, by hand, case by case.

Under ``caoxian-2023`` an existing area needs 15 m² a 100 households; every room has 60 m². Polygons
are 100 m wide; all stand on one line, each case 10 km from the next, in one study. Places are
metres from the case's own start; ``p`` is a point, ``r`` the middle of an outline (±50 m).
"""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest
from tests.account.test_names_of_several import point, status, studied, verdicts

from lifecircle.account.estates.claims import surroundings_m
from lifecircle.account.estates.names import Names

Y, N, O = "compliant", "deficient", "not_assessed"  # noqa: E741 - as in the table

# case: areas (name, p | r, metres, households), the room (name, metres, address), verdicts
CASES = {
    # two points: 45 and 95 m, 30 and 200, 20 and 60 (it stands at the first), 45 and 201
    "points": [("甲苑", "p", 0), ("乙苑", "p", 140), ("便民站", 45), (O, O)],
    "far_round": [("甲苑", "p", 0), ("乙苑", "p", 230), ("便民站", 30), (O, O)],
    "at_one": [("甲苑", "p", 0), ("乙苑", "p", 80), ("便民站", 20), (Y, N)],
    "alone": [("甲苑", "p", 0), ("乙苑", "p", 246), ("便民站", 45), (Y, N)],
    "named": [("甲苑", "p", 0), ("乙苑", "p", 140), ("乙苑日间照料中心", 45), (N, Y)],
    # outline and point: 30 m outside and 100 m from a point; 20 m outside; inside
    "mixed": [("甲苑", "r", 0), ("乙苑", "p", 180), ("便民站", 80), (O, O)],
    "by_wall": [("甲苑", "r", 0), ("乙苑", "p", 180), ("便民站", 70), (Y, N)],
    "in_it": [("甲苑", "r", 0), ("乙苑", "p", 180), ("便民站", 40), (Y, N)],
    # a point in the outline: the room stands in both, or is the named one's
    "inner": [("甲苑", "r", 0), ("乙苑", "p", 30), ("便民站", 10), (O, O)],
    "inner_named": [("甲苑", "r", 0), ("乙苑", "p", 30), ("乙苑站", 10), (N, Y)],
    "outer_named": [("甲苑", "r", 0), ("乙苑", "p", 30), ("甲苑站", 10), (Y, N)],
    # 20 m outside of A, named after B 670 m off, or after nobody of the ledger
    "name_far": [("甲苑", "r", 0), ("乙苑", "r", 790), ("乙苑站", 70), (O, O)],
    "name_too_far": [("甲苑", "r", 0), ("乙苑", "r", 1100), ("乙苑站", 70), (Y, N)],
    "stranger": [("甲苑", "r", 0), ("明珠花园日间照料中心", 70), (O,)],
    "stranger_address": [("甲苑", "r", 0), ("便民站", 70, "明珠花园5号楼"), (O,)],
    "stranger_in": [("甲苑", "r", 0), ("明珠花园日间照料中心", 40), (Y,)],
    "stranger_no": [("甲苑", "r", 0), ("明珠社区养老服务站", 70), (Y,)],
    "brand_no": [("甲苑", "r", 0), ("幸福家园养老服务站", 70), (Y,)],
    "called_so": [("明珠城", "r", 0), ("明珠花园日间照料中心", 70), (Y,)],
    # alone, outside of an outline it is named after: 200 and 201 m
    "outline_200": [("甲苑", "r", 0), ("甲苑日间照料中心", 250), (Y,)],
    "outline_201": [("甲苑", "r", 0), ("甲苑日间照料中心", 251), (O,)],
    "point_400": [("甲苑", "p", 0), ("甲苑日间照料中心", 400), (Y,)],
    # without 小区: no proof against what is nearer, nor far off
    "brand": [("康乐小区", "p", 0), ("乙苑", "p", 190), ("康乐养老服务站", 150), (O, O)],
    "brand_round": [("康乐小区", "p", 0), ("乙苑", "p", 260), ("康乐养老服务站", 150), (O, O)],
    "brand_near": [("康乐小区", "p", 0), ("乙苑", "p", 260), ("康乐养老服务站", 100), (Y, N)],
    "brand_200": [("康乐小区", "p", 0), ("康乐养老服务站", 200), (Y,)],
    "brand_201": [("康乐小区", "p", 0), ("康乐养老服务站", 201), (O,)],
    "whole": [("康乐小区", "p", 0), ("乙苑", "p", 190), ("康乐小区养老服务站", 150), (Y, N)],
    "no_brand": [("银座花园小区", "p", 0), ("乙苑", "p", 190), ("银座花园站", 150), (Y, N)],
    "brand_outline": [("康乐小区", "p", 0), ("乙苑", "r", 500), ("康乐养老服务站", 430), (O, O)],
    # round about: 200 m up to 800 households, 316 m of 2000
    "round_800": [("甲苑", "p", 0, 800), ("便民站", 201), (N,)],
    "round_2000": [("甲苑", "p", 0, 2000), ("便民站", 310, "", 300), (O,)],
    "round_2000_far": [("甲苑", "p", 0, 2000), ("便民站", 320, "", 300), (N,)],
    # former names, names side by side, names by ear; name and address; the whole and a part
    "former": [("甲苑（原纺织厂家属院）", "p", 0), ("纺织厂家属院助餐点", 300), (O,)],
    "listed": [("东方名城、西湖花园", "p", 0), ("西湖花园日间照料中心", 300), (O,)],
    "by_ear": [("和平家园", "p", 0), ("和平嘉园日间照料中心", 300), (O,)],
    "remark": [("甲苑（南关社区）", "p", 0), ("南关社区日间照料中心", 300), (N,)],
    "torn": [("甲苑", "p", 0), ("乙苑", "p", 200), ("甲苑站", 150, "乙苑5号楼"), (O, O)],
    "torn_in": [("甲苑", "r", 0), ("乙苑", "p", 200), ("甲苑站", 40, "乙苑5号楼"), (Y, N)],
    "torn_brand": [("康乐小区", "p", 0), ("乙苑", "p", 200), ("康乐站", 90, "乙苑5号楼"), (N, Y)],
    # two estates side by side, also 30 m from the first one's point, and in an address
    "beside": [("丽水小区", "p", 0), ("丽华小区", "p", 500), ("丽水小区丽华小区站", 250), (O, O)],
    "beside_village": [
        ("丽水新村", "p", 0),
        ("丽华苑", "p", 500),
        ("丽水新村丽华苑站", 250),
        (O, O),
    ],
    "beside_gate": [("丽水小区", "p", 0), ("北门小区", "p", 500), ("丽水小区北门站", 250), (Y, N)],
    # the words of kinds behind an estate's whole name
    "of_kind": [("福临家园", "p", 0), ("福临家园社区日间照料中心", 90), (Y,)],
    "of_kind_outline": [("福临小区", "r", 0), ("福临小区社区老年食堂", 145), (Y,)],
    "part": [("书香苑", "p", 0), ("书香苑北区", "p", 350), ("书香苑站", 320), (O, O)],
    "part_no": [("书香苑", "p", 0), ("书香苑北区", "p", 350), ("书香苑站", 100), (Y, N)],
    "part_said": [("书香苑", "p", 0), ("书香苑北区", "p", 350), ("书香苑北区站", 60), (N, Y)],
    "part_there": [
        ("书香苑", "p", 0),
        ("书香苑北区", "p", 350),
        ("书香苑站", 60, "书香苑北区2号楼"),
        (N, Y),
    ],
}


def _told():
    """Return the verdicts of all cases, judged as one county."""
    areas, rooms = {}, {}
    for number, (case, (*homes, room, _)) in enumerate(CASES.items()):
        start = 10_000 * number
        for letter, (name, how, x, *more) in zip("AB", homes, strict=False):
            households = more[0] if more else 200
            areas[f"{case}.{letter}"] = {
                "name": name,
                "x": start + x,
                "households": households,
                "point": how == "p",
                "unit": f"U{number}",
            }
        name, x, address, m2 = (*room, *("", 60.0)[len(room) - 2 :])
        rooms[f"{case}.F"] = {
            "name": name,
            "x": start + x,
            "floor_area_m2": float(m2),
            "unit": f"U{number}",
            **({"address": address} if address else {}),
        }
    tables = studied(areas, rooms)
    inner = {"inner.B", "inner_named.B", "outer_named.B"}
    within = [f"{one[:-1]}A" if one in inner else None for one in areas]
    tables = dataclasses.replace(tables, areas=tables.areas.assign(stands_in=within))
    return verdicts(tables)["status"].astype(str).to_dict()


@pytest.fixture(scope="module")
def told():
    return _told()


@pytest.mark.parametrize("case", CASES)
def test_place_and_name_settle_what_they_do_by_hand(told, case):
    expected = CASES[case][-1]
    assert tuple(told[f"{case}.{letter}"] for letter in "AB"[: len(expected)]) == expected


ESTATES = {
    "a": "中心小区",
    "b": "养老小区",
    "c": "幸福小区",
    "d": "敬老院家属院",
    "e": "人民小区",
    "f": "曹城小区",
    "g": "康乐小区",
    "h": "东关小区",
}


@pytest.mark.parametrize(
    ("text", "sure", "perhaps"),
    [
        # words of care are no estate's
        *((text, "", "") for text in ("中心养老服务站", "幸福院", "幸福食堂", "敬老院", "养老站")),
        ("幸福小区食堂", "c", ""),
        ("中心小区养老服务站", "a", ""),
        ("敬老院家属院助餐点", "d", ""),
        ("惠民养老服务中心小区店", "", "a"),
        ("智慧养老小区服务站", "", "b"),
        ("人民幸福食堂", "e", ""),
        ("人民中心小区养老站", "", "ae"),
        # a town's or a community's name is not the estate's
        ("曹城日间照料中心", "", "f"),
        ("曹城小区日间照料中心", "f", ""),
        ("东关日间照料中心", "", "h"),
        ("康乐日间照料中心", "g", ""),
    ],
)
def test_words_of_care_and_names_of_units_are_no_estates(text, sure, perhaps):
    names = Names(
        pd.DataFrame({"name": list(ESTATES.values())}, index=list(ESTATES)),
        ["曹城街道", "东关社区居委会", None],
    )
    rooms = pd.DataFrame({"name": [text], "address": [None]}, index=["F"])
    assert "".join(names.of(rooms)["F"]) == sure
    assert "".join(names.partly(rooms).get("F", ())) == perhaps


SIDE_BY_SIDE = {
    "a": "丽水小区",
    "b": "丽华小区",
    "c": "丽水新村",
    "d": "福临家园",
    "e": "北门小区",
    "f": "李庄村小区",
    "g": "福寿名邸",
    "h": "海棠家园小区",
    "i": "东方名城",
}


@pytest.mark.parametrize(
    ("text", "sure", "perhaps"),
    [
        # two names side by side are of either, whatever the first ends in, and whosever it is
        ("丽水小区丽华小区养老服务站", "", "ab"),
        ("丽华小区丽水小区养老服务站", "", "ab"),
        ("丽水新村丽华小区站", "", "bc"),
        ("丽水新村丽华站", "", "bc"),
        ("福临家园丽华小区站", "", "bd"),
        ("丽华小区丽水新村福临家园站", "", "bcd"),
        ("丽阳小区丽华小区站", "", "b"),
        ("丽阳1区丽华小区站", "", "b"),
        ("丽水小区、丽华小区站", "ab", ""),
        # behind a district's, a village's or a town's name it is the estate's; gates are no estates
        *((f"{place}丽华小区站", "b", "") for place in ("城东区", "开发区", "张新村", "李庄村")),
        ("丽水小区北门养老站", "a", ""),
        # kinds whose names begin with 社区 leave an estate's name the estate's
        *(
            (f"福临家园社区{kind}", "d", "")
            for kind in (
                *("日间照料中心", "养老服务用房", "居家养老服务站", "老年食堂"),
                *("养老服务中心", "综合养老服务中心", "养老服务设施"),
            )
        ),
        ("丽水新村社区日间照料中心", "c", ""),
        ("福寿名邸3号楼社区养老服务站", "g", ""),
        ("海棠家园小区社区养老服务站", "h", ""),
        # but not where a community is called so, or of what is none of care
        ("海棠家园社区养老服务站", "", "h"),
        ("东方名城社区养老服务站", "", "i"),
        ("丽水社区养老服务站", "", "a"),
        *((f"福临家园社区{end}", "", "d") for end in ("", "居委会", "卫生服务站", "服务中心")),
    ],
)
def test_names_side_by_side_and_kinds_that_say_a_community(text, sure, perhaps):
    names = Names(
        pd.DataFrame({"name": list(SIDE_BY_SIDE.values())}, index=list(SIDE_BY_SIDE)),
        ["曹城街道", "海棠家园社区", "张新村"],
    )
    rooms = pd.DataFrame({"name": [text], "address": [None]}, index=["F"])
    assert "".join(names.of(rooms)["F"]) == sure
    assert "".join(names.partly(rooms).get("F", ())) == perhaps


@pytest.mark.parametrize(
    "end",
    [
        "",
        "社区",
        "居委会",
        "社区居委会",
        "社区居民委员会",
        "村",
        "村委会",
        "村民委员会",
        "街道办事处",
    ],
)
def test_however_a_list_writes_a_community_it_is_called_so(end):
    """Code lists write 玫瑰苑社区居民委员会, people 玫瑰苑社区: its station either way, perhaps."""
    names = Names(pd.DataFrame({"name": ["玫瑰苑"]}, index=["a"]), [f"玫瑰苑{end}"])
    rooms = pd.DataFrame({"name": ["玫瑰苑社区日间照料中心"], "address": [None]}, index=["F"])
    assert not names.of(rooms)["F"]
    assert names.partly(rooms)["F"] == ("a",)


@pytest.mark.parametrize(
    ("mine", "theirs", "told"),
    [
        ("C1", ("C1", "C2"), (O, N)),
        ("C1", ("C1", None), (O, O)),
        ("C3", ("C1", "C2"), (O, O)),  # none of them has it: it tells nothing
        ("C1", (None, "C2"), (O, O)),
        (None, ("C1", "C2"), (O, O)),
    ],
)
def test_of_points_round_about_those_of_the_rooms_community_are_meant(mine, theirs, told):
    areas = {
        area: point(x, name=area, community=code)
        for area, x, code in zip("AB", (0, 240), theirs, strict=True)
    }
    found = status(areas, name="便民站", x=120, community=mine)
    assert (found["A"], found["B"]) == told


def test_surroundings_grow_with_households_and_end():
    # from the middle of a square of 100 m² a household to its corner: √(50 × households)
    homes = pd.DataFrame({"counted": [80.0, 800.0, 801.0, 2000.0, 5000.0, 9000.0, float("nan")]})
    found = surroundings_m(homes).round(1).tolist()
    assert found == [200, 200, 200.1, 316.2, 500, 500, 200]
