"""Streets drawn across each other, and nobody has said whether they meet: known both ways or open.

Walks are reckoned on a lattice of 100 m, in metres from (500000, 3850000); 1000 m are 15 minutes.
"""

from __future__ import annotations

import random

import geopandas as gpd
import pytest
import shapely

import lifecircle as lc

X0, Y0, CRS = 500_000.0, 3_850_000.0, "EPSG:4548"
STUDY = f"""
[study]
name = "十字"
county = "370999"
standard = "caoxian-2023"
as_of = 2024-06-30
crs = "{CRS}"
[layers.residential]
path = "小区.csv"
crs = "{CRS}"
[layers.facilities]
path = "设施.csv"
crs = "{CRS}"
[layers.streets]
path = "道路.gpkg"
"""
CROSS = [[(0, -1500), (0, 1500)], [(-1500, 0), (1500, 0)]]
LONG = [[(0, -1500), (0, 1500)], [(-4500, 0), (1500, 0)]]


@pytest.fixture
def judged(tmp_path):
    """Return a function: streets, places of areas and of the station → the reach of each area."""

    def judge(lines, areas, station, answer=None, tags=None):
        told = "" if answer is None else f"node_crossings = {str(answer).lower()}\n"
        (tmp_path / "study.toml").write_text(STUDY + told, encoding="utf-8")
        rows = [f"甲{k},100,已建成,城镇,入住,{X0 + x},{Y0 + y}" for k, (x, y) in enumerate(areas)]
        head = "小区名称,户数,类别,城乡,阶段,X,Y"
        (tmp_path / "小区.csv").write_text("\n".join([head, *rows]), encoding="utf-8")
        (tmp_path / "设施.csv").write_text(
            "设施名称,设施类型,状态,X,Y\n"
            f"站,社区养老服务站,运营,{X0 + station[0]},{Y0 + station[1]}\n",
            encoding="utf-8",
        )
        shapes = [shapely.LineString([(X0 + x, Y0 + y) for x, y in line]) for line in lines]
        (tmp_path / "道路.gpkg").unlink(missing_ok=True)
        gpd.GeoDataFrame(tags, geometry=shapes, crs=CRS).to_file(tmp_path / "道路.gpkg")
        found = lc.assess(lc.read_study(tmp_path))
        reach = found.reach.query("reach_group == 'community'")
        rows = found.findings.query("clause == 'CX-05'")
        return reach["walk_m"].tolist(), rows["status"].tolist(), rows["reason"].tolist()

    return judge


@pytest.mark.parametrize("lines", [CROSS, LONG])
@pytest.mark.parametrize(
    ("answer", "status", "reason"),
    [
        (None, "not_assessed", "streets_unjoined"),
        (True, "compliant", "within_walk"),
        (False, "deficient", "beyond_search"),
    ],
)
def test_a_walk_that_hangs_on_a_crossing_is_open_until_answered(
    judged, lines, answer, status, reason
):
    # 300 m to the crossing and 300 m on: 9 minutes, if one can turn there
    _, (found,), (why,) = judged(lines, [(0, 300)], (300, 0), answer)
    assert (found, why.code) == (status, reason)
    if answer is None:
        assert why.params["walk_m"] == 600


def test_what_is_too_far_either_way_is_missed(judged):
    # 900 m to the crossing and 900 m on: 27 minutes though they meet
    assert judged(CROSS, [(0, 900)], (900, 0))[1] == ["deficient"]


@pytest.mark.parametrize(
    "tags",
    [
        {"bridge": ["yes", None]},
        {"桥梁": ["否", "是"]},
        {"是否隧道": ["是", ""]},
        {"layer": ["1", "0"]},
    ],
)
def test_a_bridge_is_no_crossing(judged, tags):
    assert judged(CROSS, [(0, 300)], (300, 0), tags=tags)[1] == ["deficient"]
    flat = {name: [None, None] for name in tags}
    assert judged(CROSS, [(0, 300)], (300, 0), tags=flat)[1] == ["not_assessed"]


@pytest.mark.parametrize("seed", range(6))
def test_what_is_firm_holds_whichever_answer_is_given(judged, seed):
    rng = random.Random(seed)  # noqa: S311 - a seeded sample
    lines = []
    for _ in range(rng.choice((2, 3, 5))):
        at, start = rng.randrange(-5, 6) * 100, rng.randrange(-12, 0) * 100
        end = start + rng.randrange(5, 25) * 100
        lines.append(rng.choice(([(at, start), (at, end)], [(start, at), (end, at)])))
    spots = [tuple(map(int, rng.choice(line))) for line in lines]
    areas = [rng.choice(spots) for _ in range(4)]
    areas = [(x + rng.randrange(-2, 3) * 50, y + rng.randrange(-2, 3) * 50) for x, y in areas]
    station = rng.choice(spots)
    open_, *answered = (judged(lines, areas, station, answer)[1] for answer in (None, True, False))
    for mine, joined, apart in zip(open_, *answered, strict=True):
        if mine in {"compliant", "deficient"}:
            assert {joined, apart} <= {mine, "not_assessed"}, (mine, joined, apart)
