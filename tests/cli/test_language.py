"""A screen speaks the language of its shell, whatever the study's; files speak the study's."""

from __future__ import annotations

import re

import pytest

from lifecircle.cli.language import listed

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


def test_assess_compare_map(english, writing, make_study, tmp_path):
    (tmp_path / "s.toml").write_text('name = "what if"\nset = { "CX-03.value" = 20 }')
    study = make_study(m2="约30")
    told = english("assess", study, "-o", tmp_path / "o")
    assert told.exit_code == 0, told.output
    assert "Problems" in told.output or "problems" in told.output
    assert left(told.output) == []
    scenario = ("--scenario", tmp_path / "s.toml", "-q")
    with writing():  # what stands for each output was told above
        varied = english("assess", study, "-o", tmp_path / "v", *scenario)
    assert "Scenario “what if”: not what the document asks" in varied.output
    assert left(varied.output) == []
    assert "达标报告" not in varied.output
    # what is written stays in the study's language
    assert '<html lang="zh-CN">' in (tmp_path / "o" / "report.html").read_text(encoding="utf-8")
    compared = english("compare", tmp_path / "o", tmp_path / "v", "-o", tmp_path / "c", "-q")
    assert left(compared.output) == []
    two = ("-s", "caoxian-2023", "-s", "jinxiang-2023", "-q")
    with writing():
        both = english("assess", study, "-o", tmp_path / "b", *two)
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


PROPOSAL = """
[project]
name = "甲苑"
"坐标系" = "EPSG:4548"
"城乡" = "城镇"
[[plots]]
id = "D1"
outline = [[500200, 3850000], [500400, 3850000], [500400, 3850100], [500200, 3850100]]
"规划户数" = 100
[[facilities]]
id = "N1"
"设施名称" = "甲站"
"设施类型" = "社区养老服务用房"
"建筑面积" = 10
"""


@pytest.fixture(scope="module")
def judged(speaking, writing, study_in, tmp_path_factory):
    home = tmp_path_factory.mktemp("小县")
    study = study_in(home)
    with writing():
        assert speaking("assess", study, "-o", home / "o", "-q").exit_code in {0, 1}
    (home / "p.toml").write_text(PROPOSAL, encoding="utf-8")
    return home


VERBS = {
    "review": ("review", "{home}", "{home}/p.toml", "-o", "{out}"),
    "report": ("report", "{home}/o", "-o", "{out}"),
    "export": ("export", "{home}/o", "--schedule", "--csv", "-o", "{out}"),
    "init": ("init", "{out}", "-s", "caoxian-2023"),
    "init --proposal": ("init", "{out}", "--proposal"),
}


@pytest.mark.parametrize("verb", VERBS)
def test_what_is_written_elsewhere(english, judged, tmp_path, verb):
    told = english(*(word.format(home=judged, out=tmp_path / "out") for word in VERBS[verb]))
    assert told.exit_code in {0, 1}, told.output
    files = re.compile(r"\S+\.(docx|gpkg|toml|json)|\S*/\S*")
    assert left(told.output, files) == []
    assert not re.search(r"\b1 (\w+ies|\w*[^\Ws]s)\b(?! and)", told.output), told.output


def test_a_plan_lists_as_english_does(english, short_county, tmp_path):
    """Of C, E and G two places serve C and G: K1 and F2 are idle today, and close to nobody."""
    chosen = ("--sites", "2", "--close", "-q", "-o", tmp_path)
    told = english("site", short_county, "-c", "CX-06", *chosen)
    assert told.exit_code == 0, told.output
    names = re.compile(r"选址|旧小学|村西地块|[一二]站")
    assert left(told.output, names) == []
    assert re.search(r"^2 to add: (F2, K1|K1, F2)$", told.output, re.MULTILINE)
    assert "With 1 place: kept: K1; dropped: F2; added: none" in told.output
    wrong = english("site", "--travel", tmp_path / "t.csv", "--model", "x")
    assert left(wrong.output) == []
    assert "lscp, mclp" in wrong.output


@pytest.mark.usefixtures("data_alone")
def test_problems_are_counted_as_english_counts(english, make_study, tmp_path):
    """One station whose floor area is about 30 m²."""
    told = english("assess", make_study(m2="约30"), "-o", tmp_path / "o")
    counted = re.search(r"Problems in the data: (.*)", told.output).group(1).strip()
    assert re.fullmatch(r"(1 (error|warning|note)|\d+ (errors|warnings|notes))(, .*)?", counted)
    assert not re.search(r"\b1 (errors|warnings|notes)", counted)


def test_names_in_a_line(monkeypatch):
    found = {}
    for language in ("zh", "en"):
        monkeypatch.setenv("LIFECIRCLE_LANG", language)
        found[language] = (listed(["A", "B"]), listed([]), listed(["A", "B", "C"], 2))
    assert found == {"zh": ("A、B", "无", "A、B …"), "en": ("A, B", "none", "A, B …")}


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        (("compare", "a", "b", "c d"), "多出的参数：c d", "Too many arguments: c d"),
        (("assess", "x", "--stage"), "--stage 后面要写一个值", "--stage needs a value"),
        (("site", "x", "--sites", "many"), "--sites 的值不对：要写整数", "write a whole number"),
        (("site", "x", "--budget", "many"), "--budget 的值不对：要写数", "write a number"),
        (
            ("standards", "show", "CX-01", "--as-of", "2025/1"),
            "--as-of 的值不对：要写成 2025-12-31 这样的日期",
            "write a date such as 2025-12-31",
        ),
        (
            ("standards", "show", "jx"),
            "没有这个标准：“jx”。可选：caoxian-2023、",
            "no standard 'jx'",
        ),
        # as it was typed, not as the word that it is elsewhere
        (("assess", "x", "--stage", "planned"), "不能是“planned”", "planned"),
    ],
)
def test_what_is_wrong_with_a_command_is_told_in_its_language(run, monkeypatch, words, zh, en):
    for language, told in (("zh", zh), ("en", en)):
        monkeypatch.setenv("LIFECIRCLE_LANG", language)
        found = run(*words)
        assert found.exit_code == 2
        assert told in found.output
        if language == "zh":
            assert not re.search(r"Error|Got|Option|Input|match|unknown", found.output)
