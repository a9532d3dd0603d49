"""服务小区 that says no more than a blank does: read as one, and not told as a name."""

from __future__ import annotations

import pytest
from pyproj import Transformer
from tests.two_ledgers import in_degrees

import lifecircle as lc
from lifecircle.intake import read_study
from lifecircle.model.problem import Severity

pytestmark = pytest.mark.one_in(2)  # words and layers in many combinations

BACK = Transformer.from_crs(4548, 4490, always_xy=True)


def county(folder, cell):
    """Three estates 400 m apart; the first has rooms beside it with ``cell`` as whom they serve."""

    def spot(x, y):
        return [f"{one:.8f}" for one in BACK.transform(437_000 + x, 3_882_000 + y)]

    homes = [("E0", "金河湾"), ("E1", "莱河花园"), ("E2", "真武小区")]
    estates = [
        [*one, 340, "已建成", "城镇", "金乡街道", *spot(400 * n, 0)] for n, one in enumerate(homes)
    ]
    kind, where = ("日间照料中心", "运营", 400), ("金乡街道", cell, *spot(10, 10))
    rooms = [["F", "金河湾照料中心", *kind, *where]]
    study = read_study(
        in_degrees(folder, estates, rooms, county="370828", standard="jinxiang-2023")
    )
    told = [p for p in study.problems if p.layer == "facilities" and p.severity != Severity.INFO]
    return lc.assess(study), [p.code for p in told]


def verdicts(result):
    rows = result.findings[result.findings["clause"] == "JX-06"]
    return dict(zip(rows["id"], rows["status"].map(str), strict=True))


SAYING_NO_MORE = [
    *(
        "无",
        "暂无",
        "没有",
        "无服务小区",
        "/",
        "本小区",
        "仅本小区",
        "只服务本小区",
        "仅限本小区居民使用",
    ),
    *("服务于本院", "不服务其他小区", "不对外", "不对外开放", "仅本小区，不对外开放"),
]


@pytest.mark.parametrize("cell", SAYING_NO_MORE)
def test_it_is_a_blank(tmp_path, cell):
    blank, told = county(tmp_path, "")
    assert told == []
    result, told = county(tmp_path, cell)
    assert told == []
    assert verdicts(result) == verdicts(blank)
    # the estate whose name the rooms bear has them: 340 households are asked 68 m²
    assert verdicts(result)["E0"] == "compliant"


@pytest.mark.parametrize("cell", ["本小区及周边", "不限", "其他小区", "西园", "待核实"])
def test_what_says_more_is_told_as_before(tmp_path, cell):
    assert county(tmp_path, cell)[1]


def test_beside_a_name_it_adds_nothing(tmp_path):
    plain, _ = county(tmp_path, "莱河花园")
    result, told = county(tmp_path, "莱河花园；不服务其他小区")
    assert told == []
    assert verdicts(result) == verdicts(plain)


def test_buildings_of_an_estate_are_asked_about_once(tmp_path):
    assert county(tmp_path, "金河湾1-5号楼")[1] == ["reference_unknown"]
