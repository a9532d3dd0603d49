"""Layers that were given and could not be used: no result reads as if they had not been given."""

from __future__ import annotations

import pytest
from tests.two_ledgers import STUDY, written

import lifecircle as lc
from lifecircle.model.problem import describe
from lifecircle.outputs.words.banners import banner_lines
from lifecircle.outputs.words.wording import Wording
from lifecircle.texts import LANGUAGES

AREAS = "编号,小区名称,户数,类别,城乡,X,Y\nR1,东园,100,已建成,城镇,500000,3850000\n"
PLACES = "编号,设施名称,设施类型,状态,建筑面积,X,Y\nF1,甲站,日间照料中心,运营,9,500600,3850000\n"
UNREADABLE = "甲,乙\n1,2\n"


@pytest.fixture
def judged(tmp_path):
    """Return a function from further layers (name → text) to an Assessment."""

    def judge(**layers):
        text = STUDY + "".join(f'[layers.{n}]\npath = "{n}.csv"\n' for n in layers)
        written(tmp_path, text, r=AREAS, f=PLACES, **layers)
        return lc.assess(lc.read_study(tmp_path / "study.toml"))

    return judge


@pytest.mark.parametrize("layer", ["gates", "exemptions"])
def test_a_layer_that_is_judged_as_if_there_were_none_stands_over_every_output(judged, layer):
    banner = f"{layer}_refused"
    result = judged(**{layer: UNREADABLE})
    assert banner in result.banners
    for language in LANGUAGES:
        words = Wording(language)
        assert words.banner(banner) in banner_lines(result, words)
    assert banner not in judged().banners


@pytest.mark.parametrize(
    ("layer", "header"),
    [("gates", "所属小区,是否开放,经度,纬度\n"), ("exemptions", "编号,条款,理由,依据\n")],
)
def test_a_table_without_a_row_holds_nothing_that_was_refused(judged, layer, header):
    assert f"{layer}_refused" not in judged(**{layer: header}).banners


def test_what_is_read_has_no_banner(judged):
    gates = "所属小区,是否开放,X,Y\n东园,是,500050,3850000\n"
    exempt = "编号,条款,理由,依据\nR1,CX-03,无房,县政府〔2025〕1号\n"
    result = judged(gates=gates.replace("X,Y", "经度,纬度"), exemptions=exempt)
    assert "exemptions_refused" not in result.banners


@pytest.mark.parametrize("layer", ["units", "candidates", "streets", "gates", "exemptions"])
def test_nothing_says_that_a_refused_layer_was_not_given(judged, layer):
    result = judged(**{layer: UNREADABLE})
    told = [describe(problem, "zh")["what"] for problem in result.problems]
    told += [*map(Wording("zh").reason, result.findings["reason"])]
    assert not [text for text in told if "没有提供" in text or "未提供" in text]
