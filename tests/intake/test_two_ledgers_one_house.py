"""One house in two ledgers, of which one has no coordinates, or those of another datum."""

from __future__ import annotations

import pytest
from tests.two_ledgers import STUDY, written

import lifecircle as lc
from lifecircle.intake.listed_twice.called import core_of
from lifecircle.intake.positions.datum import gcj02_to_bd09, wgs84_to_gcj02
from lifecircle.model.coordinates.projecting import way_between
from lifecircle.model.problem import ProblemCode

pytestmark = pytest.mark.one_in(2)  # words and layers in many combinations

X, Y = 500_000, 3_850_000
CANTEEN, HOME, CENTRE = "助老食堂", "敬老院", "区域性养老服务中心"
DAY_CARE = "{}小区日间照料中心"
CASES = [
    # of 120 m² the second row: what it says otherwise → certain, and at most
    ({"kind": CANTEEN}, (120, 240)),
    ({"kind": CANTEEN, "serves": "{}小区"}, (120, 240)),
    ({"kind": CANTEEN, "serves": "{}"}, (120, 240)),
    ({"name": "{}日间照料中心"}, (120, 240)),
    ({"name": "曹城街道{}小区日间照料中心"}, (120, 240)),
    ({"name": "曹县曹城街道{}小区老年人日间照料中心"}, (120, 240)),
    ({"name": "{}小区助老食堂", "kind": CANTEEN}, (120, 240)),
    ({"name": "{}小区助老食堂", "kind": CANTEEN, "m2": 80}, (200, 200)),  # two services
    ({"name": "{}小区3号楼日间照料中心"}, (240, 240)),
    ({"m2": 121}, (120, 241)),  # measured twice
    ({"m2": 121, "name": "{}日间照料中心"}, (241, 241)),
    ({"m2": 121, "kind": CANTEEN}, (241, 241)),
    ({"m2": 121, "kind": CANTEEN, "beds": 20}, (120, 241)),
    ({"kind": CANTEEN, "x": 68}, (120, 240)),  # 58 m off
    ({"name": "{}日间照料中心", "x": 68}, (120, 240)),
    ({"name": "{}小区助老食堂", "kind": CANTEEN, "x": 68}, (240, 240)),
    ({"kind": CANTEEN, "m2": 121, "x": 68}, (241, 241)),
    ({"site": "2"}, (240, 240)),
]
FIRST = {"name": DAY_CARE, "kind": "日间照料中心", "m2": 120, "beds": 20, "x": 10}
STEMS = "翠湖 松涛 丽水 锦绣 龙腾 金桂 银杏 碧桂 紫荆 玉兰 海棠 牡丹 芙蓉 蔷薇 百合 茉莉 水仙 石榴"
HEAD = "编号,设施名称,设施类型,状态,建筑面积,床位数,服务小区,场所编号,X,Y\n"


def line(i, row, stem="", at=X):
    row = {"beds": "", "serves": "", "site": "1" if row.get("site") else "", "x": ""} | row
    x, y = ("", "") if row["x"] == "" else (at + row["x"], row.get("y", Y))
    name, serves = (row[key].format(stem) for key in ("name", "serves"))
    told = (i, name, row["kind"], "运营", row["m2"], row["beds"], serves, row["site"], x, y)
    return ",".join(map(str, told)) + "\n"


@pytest.mark.parametrize("placed", [True, False])
def test_rooms_in_two_ledgers_are_there_once_for_certain(tmp_path, placed):
    """Each estate 3 km from the next; the first row with coordinates, or without."""
    homes, rooms, expected = "编号,小区名称,户数,类别,城乡,X,Y\n", HEAD, {}
    for n, ((other, ends), stem) in enumerate(zip(CASES, STEMS.split(), strict=True)):
        if not placed and "x" in other:
            continue
        at = X + 3000 * n
        homes += f"R{n},{stem}小区,2000,已建成,城镇,{at},{Y}\n"
        first = FIRST | ({"site": "1"} if "site" in other else {})
        first |= {} if placed else {"x": ""}
        second = FIRST | {"x": "", "beds": ""} | other
        rooms += line(f"F{n}", first, stem, at) + line(f"G{n}", second, stem, at)
        expected[f"R{n}"] = ends
    found = lc.assess(lc.read_study(written(tmp_path, STUDY, r=homes, f=rooms)))
    rows = found.findings[found.findings["clause"] == "CX-03"].set_index("id")
    assert {i: (rows.at[i, "low"], rows.at[i, "high"]) for i in expected} == expected
    told = {p.row for p in found.problems if p.code is ProblemCode.ONE_HOUSE}
    numbers = [int(i[1:]) for i in expected]
    open_ = {3 + 2 * at for at, n in enumerate(numbers) if CASES[n][1][0] < CASES[n][1][1]}
    assert told == open_


AREA = f"编号,小区名称,户数,类别,城乡,X,Y\nR1,翠湖小区,1000,已建成,城镇,{X},{Y}\n"
HOUSES = [
    # what a town has on one row, on another without coordinates; and how many houses are certain
    ("孝直镇敬老院", HOME, "孝直镇敬老院", CENTRE, 1),
    ("孝直镇敬老院", HOME, "平阴县孝直镇敬老院", HOME, 1),
    ("孝直镇区域性养老服务中心", CENTRE, "孝直镇区域养老服务中心", CENTRE, 1),
    ("孝直镇区域性养老服务中心", CENTRE, "曹县孝直镇区域性养老服务中心", CENTRE, 1),
    ("孝直镇区域性养老服务中心", CENTRE, "韩庄镇区域性养老服务中心", CENTRE, 2),
]


@pytest.mark.parametrize("m2", [600, ""])
@pytest.mark.parametrize("rows", HOUSES)
def test_beds_of_a_house_in_two_ledgers(tmp_path, rows, m2):
    """金乡 JX-17 asks for 65 % of the beds: 100 of 100 and 30 of 100; or 230 of 300."""
    name, kind, other, kinds, certain = rows
    study = STUDY.replace("371721", "370828").replace("caoxian", "jinxiang")
    rooms = HEAD.replace("服务小区", "护理型床位")
    house = {"m2": m2, "beds": 100, "serves": "100"}
    rooms += line("C1", house | {"name": name, "kind": kind, "x": 0})
    rooms += line("C2", house | {"name": other, "kind": kinds})
    rooms += line("C3", house | {"name": "丙院", "kind": "养老院", "serves": "30", "x": 4000})
    found = lc.assess(lc.read_study(written(tmp_path, study, r=AREA, f=rooms)))
    (one,) = [c for c in found.clauses if c.id == "JX-17"]
    assert (one.low, one.high) == pytest.approx((65 if certain == 1 else 230 / 3, 230 / 3))


@pytest.mark.parametrize(("datum", "aside"), [("gcj02", 0), ("bd09", 0), ("gcj02", 50)])
def test_a_row_typed_again_off_a_web_map(tmp_path, datum, aside):
    """曹县 CX-04 counts rows: one house, whose other row stands where its datum puts it."""
    to, back = way_between("EPSG:4548", "EPSG:4326"), way_between("EPSG:4326", "EPSG:4548")
    place = wgs84_to_gcj02(*to.transform(X, Y))
    x, y = back.transform(*(gcj02_to_bd09(*place) if datum == "bd09" else place))
    assert 500 < ((x - X) ** 2 + (y - Y) ** 2) ** 0.5 < 1300
    rooms = "编号,设施名称,设施类型,状态,建筑面积,取得方式,X,Y\n"
    for i, (east, north) in {"F1": (X, Y), "F2": (x + aside, y)}.items():
        rooms += f"{i},翠湖小区日间照料中心,日间照料中心,运营,120,移交,{east},{north}\n"
    found = lc.assess(lc.read_study(written(tmp_path, STUDY, r=AREA, f=rooms)))
    (one,) = [c for c in found.clauses if c.id == "CX-04"]
    assert (one.low, one.high) == (2 if aside else 1, 2)


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("阳光花园小区日间照料中心", "阳光花园"),
        ("菏泽市曹县阳光花园社区居家养老服务站", "阳光花园"),
        ("南关社区阳光花园助老食堂", "阳光花园"),
        ("南关社区第二助餐点", "第2"),
        ("南关社区养老服务中心", "南关"),
        ("幸福社区日间照料中心", "幸福小区"),
        ("中心小区助老食堂", "中心小区"),
        ("城市花园日间照料中心", "城市花园"),
        ("王庄村幸福院", "王庄"),
        ("东园二站", "东园2"),
        ("韩庄镇区域性养老服务中心（公建民营）", "韩庄"),
        ("庄寨镇第二敬老院", "第2"),
        ("幸福院", None),
        ("便民日间照料中心", None),
        ("曹县中心敬老院", None),
        (None, None),
    ],
)
def test_whose_rooms_a_name_says_these_are(name, core):
    found = core_of({"name": name, "community": "南关社区"})
    assert (found and found.core) == core
