"""A type that leaves room for the kind that the name says: what counts that kind is open."""

from __future__ import annotations

import csv
import itertools

import pytest

import lifecircle as lc
from lifecircle.intake import read_study
from lifecircle.model.dictionary import kinds
from lifecircle.model.problem import describe
from lifecircle.model.status import Status

pytestmark = pytest.mark.one_in(2)  # words and layers in many combinations


def county(folder, rows, standard="jinxiang-2023", code="370828", town="金乡街道"):
    """A county of one estate; ``rows``: name and type of each house, in a ``town``."""
    folder.mkdir(exist_ok=True)
    tables = {
        "r.csv": [
            ["编号", "小区名称", "户数", "类别", "城乡"],
            ["A", "甲府", 700, "已建成", "城镇"],
        ],
        "f.csv": [
            ["编号", "设施名称", "设施类型", "状态", "床位数", "星级", "所属街道"],
            *([f"F{n}", *row, "运营", 300, 3, town] for n, row in enumerate(rows)),
        ],
    }
    for name, told in tables.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(told)
    (folder / "study.toml").write_text(
        f'[study]\nname = "县"\ncounty = "{code}"\nstandard = "{standard}"\nas_of = 2025-12-31\n'
        '[layers.residential]\npath = "r.csv"\n[layers.facilities]\npath = "f.csv"\n',
        encoding="utf-8",
    )
    return read_study(folder / "study.toml")


@pytest.mark.parametrize(
    ("name", "typed", "low", "high"),
    [
        # JX-11 asks for one county home of two stars or more
        ("金乡县社会福利中心", "养老机构", 0, 1),
        ("金乡县中心敬老院", "敬老院", 0, 1),
        ("金乡县特困人员供养服务中心", "养老机构", 0, 1),
        ("金乡县综合养老服务中心", "综合养老服务中心", 0, 1),
        ("金乡县社会福利中心", "社会福利中心", 1, 1),
        ("金乡县社会福利中心", "养老机构、社会福利中心", 1, 1),
        # the type says that it is none
        ("金乡县社会福利中心", "养老机构（不是社会福利中心）", 0, 0),
        # another kind by its name, or none, or a type that leaves no room
        ("胡集镇敬老院", "养老机构", 0, 0),
        ("福寿康养老院", "养老机构", 0, 0),
        ("金乡街道综合养老服务中心", "综合养老服务中心", 0, 0),
        ("金乡县社会福利中心日间照料室", "日间照料中心", 0, 0),
        ("福寿康养老院（原社会福利中心）", "养老机构", 0, 0),
    ],
)
def test_a_county_home_by_its_name(tmp_path, name, typed, low, high):
    result = lc.assess(county(tmp_path, [(name, typed)])).clause("JX-11")
    assert (result.low, result.high) == (low, high)
    told = {(0, 1): Status.NOT_ASSESSED, (1, 1): Status.COMPLIANT, (0, 0): Status.DEFICIENT}
    assert result.status == told[low, high]
    named = [note["params"]["facilities"] for note in result.said.params.get("notes", ())]
    assert named == ([["F0"]] if (low, high) == (0, 1) else [])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_row_is_told_and_the_layer_shows_what_was_typed(tmp_path, language):
    study = county(tmp_path, [("金乡县社会福利中心", "养老机构")])
    (problem,) = (p for p in study.problems if p.code == "kind_by_name")
    told = describe(problem, language)
    assert all("社会福利中心" in told[part] for part in ("what", "remedy"))
    assert lc.assess(study).layers["facilities"].loc["F0", "kinds"] == "nursing_institution"


def test_centres_and_homes_of_towns_by_their_names(tmp_path):
    # a street's centre, which JX-12 counts
    rows = [("金乡街道综合养老服务中心", "养老机构")]
    clause = lc.assess(county(tmp_path / "a", rows)).clause("JX-12")
    # one of the four streets may have its centre
    assert clause.official.high == pytest.approx(1 / 4)
    assert clause.official.low == 0
    rows = [("韩庄镇区域性养老服务中心", "敬老院")]
    result = lc.assess(county(tmp_path / "b", rows, "weishan-2023", "370826", "韩庄镇"))
    # one of four regional centres, which is its town's, of fifteen
    assert (result.clause("WS-01b").low, result.clause("WS-01b").high) == (0, 1)
    official = result.clause("WS-28").official
    assert (official.low, official.high) == (0, pytest.approx(1 / 15))


def test_every_name_only_opens(tmp_path):
    """Whatever a house is called, what its type decides is the same or open, never otherwise."""
    names = [
        "甲",
        "金乡县社会福利中心",
        "羊山镇区域养老服务中心",
        "羊山镇综合养老服务中心",
        "敬老院",
    ]
    types = [
        "养老机构",
        "敬老院",
        "综合养老服务中心",
        "区域性养老服务中心",
        "日间照料中心",
        "助老食堂",
    ]
    for n, typed in enumerate(types):
        plain = lc.assess(county(tmp_path / f"{n}", [("甲", typed)]))
        for name in names[1:]:
            other = lc.assess(county(tmp_path / f"{n}", [(name, typed)]))
            for one in plain.clauses:
                assert other.clause(one.id).status in {one.status, Status.NOT_ASSESSED}, one.id


def test_marks_of_names_are_of_kinds_and_of_one_another_apart():
    marks = {key: spec for key, spec in kinds().items() if spec.typed}
    for spec in marks.values():
        assert spec.perhaps in kinds()
        assert spec.typed <= kinds().keys() - marks.keys()
        assert spec.perhaps not in spec.typed
    for one, other in itertools.permutations(marks.values(), 2):
        assert one.perhaps != other.perhaps
