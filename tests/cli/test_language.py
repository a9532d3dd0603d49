"""A screen speaks the language of its shell, whatever the study's; files speak the study's."""

from __future__ import annotations

import re

import pytest

CHINESE = re.compile(r"[\u3400-\u9fff，。：；（）、「」]")
DATA = re.compile(r"小县|甲苑|甲站|小区|设施|东苑|「[^」]*」|“[^”]*”|\S+\.(csv|geojson|xlsx)")
"""Names from the ledgers, files, and the documents' own words with their sections."""


def left(text, *more):
    for pattern in (DATA, *more):
        text = pattern.sub("", text)
    return [line.strip() for line in text.splitlines() if CHINESE.search(line)]


@pytest.fixture
def english(run, monkeypatch):
    monkeypatch.setenv("LIFECIRCLE_LANG", "en")
    monkeypatch.setenv("COLUMNS", "400")
    return run


def test_assess_compare_map(english, make_study, tmp_path):
    (tmp_path / "s.toml").write_text('name = "what if"\nset = { "CX-03.value" = 20 }')
    study = make_study(m2="约30")
    told = english("assess", study, "-o", tmp_path / "o")
    assert told.exit_code == 0, told.output
    assert "Problems" in told.output or "problems" in told.output
    assert left(told.output) == []
    varied = english("assess", study, "-o", tmp_path / "v", "--scenario", tmp_path / "s.toml", "-q")
    assert "Scenario “what if”: not what the document asks" in varied.output
    assert left(varied.output) == []
    assert "达标报告" not in varied.output
    # what is written stays in the study's language
    assert '<html lang="zh-CN">' in (tmp_path / "o" / "report.html").read_text(encoding="utf-8")
    compared = english("compare", tmp_path / "o", tmp_path / "v", "-o", tmp_path / "c", "-q")
    assert left(compared.output) == []
    both = english(
        "assess", study, "-o", tmp_path / "b", "-s", "caoxian-2023", "-s", "jinxiang-2023", "-q"
    )
    titles = re.compile(r"(?<=2023\n)[^\n]*")
    assert left(both.output, titles) == []


def test_check_and_explain(english, make_study, tmp_path):
    study = make_study(m2="约30")
    told = english("check", study, "-o", tmp_path / "c", "-q")
    # headers that the ledgers lack are named as they would be written there
    own = ("数据问题", "程度", "位置", "改法", "说明", "警告", "居住区", "读作", "没有", "图层")
    assert [word for word in own if word in told.output] == []
    explained = english("explain", study, "R1", "-q")
    assert explained.exit_code == 0
    # but for names and the document's own words
    own = ("所取读法", "不达标", "户数", "镇街", "阶段", "类别", "应配", "已配", "直线", "目标")
    assert [word for word in own if word in explained.output] == []
    assert "households: 200" in explained.output


def test_the_form(english, make_study, tmp_path):
    told = english("score", make_study(), "--form", "caoxian", "-o", tmp_path / "f", "-q")
    assert told.exit_code == 0, told.output
    # the form's own lines are the document's words
    number = re.compile(r"曹政办字〔2023〕5号")
    lines = [one for one in left(told.output, number) if not re.match(r"[│┃]", one)]
    assert lines == []
