"""An estate on two rows is one estate or two: whatever households each row has.

1000 households ask for 150 m² (CX-03), 980 for 147. One estate has the households of either row;
of two, nobody knows whose the rooms of their name are.
"""

from __future__ import annotations

import geopandas as gpd
import pytest
from shapely import Point, box
from tests.two_ledgers import STUDY, written

import lifecircle as lc
from lifecircle.intake.listed_twice.estates import bare_names
from lifecircle.model.problem import ProblemCode as P

pytestmark = pytest.mark.one_in(2)  # words and layers in many combinations

AREAS = "编号,小区名称,所属街道,户数,类别,城乡,项目编号,X,Y\n"
ROOMS = "编号,设施名称,设施类型,状态,建筑面积,服务小区,X,Y\n"
OPEN, MET, SHORT = "not_assessed", "compliant", "deficient"

CASES = {  # the name of the second row, its other cells; m², record; what CX-03 says of both rows
    "西岭花园小区": ("西岭花园小区", {"homes": 980}, 180, "西岭花园小区", (OPEN, OPEN)),
    "南湖花园小区": ("南湖花园小区", {"homes": 980}, 180, "", (OPEN, OPEN)),
    "北辰花园小区": ("北辰花园小区", {"homes": 980}, 148, "", (OPEN, OPEN)),  # of 147 to 150
    "金河花园小区": ("金河花园小区", {"homes": 980}, 140, "", (SHORT, OPEN)),  # of 147 at least
    "银杏花园小区": ("银杏花园小区", {"homes": 980}, 0, "", (SHORT, OPEN)),
    # if they are two, the rooms are 梅园's whose whole name they have
    "梅园花园小区": ("梅园花园", {}, 180, "", (MET, OPEN)),
    "兰亭花园小区": ("磐石街道兰亭花园小区", {"dx": 40}, 180, "", (MET, OPEN)),
    "竹海花园小区": ("曹县磐石街道办事处竹海花园", {"homes": 980, "dx": 90}, 180, "", (OPEN, OPEN)),
    "菊香花园小区": ("菊香花园小区", {"kind": "老旧"}, 180, "", (MET, OPEN)),
    # two estates for certain
    "松涛花园一期": ("松涛花园二期", {"homes": 980}, 180, "", (MET, SHORT)),
    "柏悦花园小区": ("柏悦花园小区", {"homes": 980, "dx": 1200}, 180, "", (MET, SHORT)),
    "桂雨花园北区": ("桂雨花园南区", {"homes": 980}, 180, "", (MET, SHORT)),
}


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """Return a study of all the cases, 5 km apart, as assessed."""
    areas, rooms = AREAS, ROOMS
    for n, (first, (second, more, m2, serves, _)) in enumerate(CASES.items()):
        x, dx = 500_000 + 5000 * n, more.get("dx", 0)
        areas += f"A{n},{first},磐石街道,1000,已建成,城镇,,{x},3850000\n"
        homes, kind = more.get("homes", 1000), more.get("kind", "已建成")
        areas += f"B{n},{second},磐石街道,{homes},{kind},城镇,,{x + dx},3850000\n"
        if m2:
            place = f"{x + 10},3850000"
            rooms += f"F{n},{first}日间照料中心,日间照料中心,运营,{m2},{serves},{place}\n"
    return lc.assess(lc.read_study(written(tmp_path_factory.mktemp("s"), STUDY, r=areas, f=rooms)))


def verdicts(result, clause="CX-03"):
    found = result.findings[result.findings["clause"] == clause]
    return {row.id: str(row.status) for row in found.itertuples()}


@pytest.mark.parametrize("n", range(len(CASES)), ids=[*CASES])
def test_one_estate_or_two(judged, n):
    told = [*CASES.values()][n][-1]
    found = verdicts(judged)
    assert (found[f"A{n}"], found[f"B{n}"]) == told


def test_check_tells_every_row_that_may_be_another(judged):
    told = {p.row for p in judged.problems if p.code is P.ESTATE_REPEATED}
    assert told == {3 + 2 * n for n, case in enumerate(CASES.values()) if case[-1][1] == OPEN}
    assert not any(p.code is P.PLACE_REPEATED for p in judged.problems)


def test_a_point_and_an_outline(tmp_path):
    """The rooms stand in the outline: of one estate they are its, of two the outline's."""
    shapes = {"p": Point(500_000, 3_850_000), "o": box(499_900, 3_849_900, 500_100, 3_850_100)}
    for (name, shape), homes in zip(shapes.items(), (1000, 980), strict=True):
        said = {"小区名称": "东园小区", "户数": homes, "类别": "已建成", "城乡": "城镇"}
        frame = gpd.GeoDataFrame([said], geometry=[shape], crs="EPSG:4548")
        frame.to_file(tmp_path / f"{name}.gpkg")
    rooms = "F,东园小区日间照料中心,日间照料中心,运营,180,,500010,3850000\n"
    written(tmp_path, STUDY.replace('"r.csv"', '["p.gpkg", "o.gpkg"]'), f=ROOMS + rooms)
    found = verdicts(lc.assess(lc.read_study(tmp_path)))
    assert [*found.values()] == [OPEN, OPEN]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("阳光花园小区", "阳光花园", True),
        ("磐石街道阳光花园小区", "阳光花园", True),
        ("南关社区阳光花园", "阳光花园住宅小区", True),
        ("阳光花园(一期)", "阳光花园第一期", True),
        ("阳光花园1期", "阳光花园一期", True),
        ("阳光花园一期", "阳光花园二期", False),
        ("阳光花园", "阳光花园一期", False),
        ("阳光花园北区", "阳光花园南区", False),
        ("南关花园", "磐石花园", False),
        ("城镇花园", "集镇花园", False),
        ("磐石街道家属院", "家属院", False),  # a name of many
    ],
)
def test_names_of_one_estate(one, other, same):
    first, second = bare_names([one, other], ("南关社区",))
    assert (first == second and first != "") == same
