"""The commands: what they print, write and answer with."""

from __future__ import annotations

import re

import pytest

from lifecircle.cli.standards.one_clause import terms_of
from lifecircle.standards import read_standard

FILES = {
    *("assessment.json", "assessment.gpkg", "map.html", "report.html", "report.xlsx"),
    *("summary.docx", "report.docx"),
    "rectification",  # a folder: what to put right, town by town
}


def test_assess_writes_all_and_prints_the_table(run, make_study, tmp_path):
    result = run("assess", make_study(), "--out", tmp_path / "out", "--quiet")
    assert result.exit_code == 0, result.output
    assert {p.name for p in (tmp_path / "out").iterdir()} == FILES
    assert "CX-03" in result.output
    assert "1/1 = 100 %" in result.output  # 200 households x 15 / 100 = 30 m², just met
    assert "map.html" in result.output


@pytest.mark.usefixtures("data_alone")
def test_assess_as_json(run, make_study, tmp_path, loaded):
    result = run("assess", make_study(), "--out", tmp_path / "out", "--json")
    clauses = {c["id"]: c for c in loaded(result.stdout)["clauses"]}
    assert clauses["CX-03"]["status"] == "compliant"


@pytest.mark.usefixtures("data_alone")
@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"m2": "30"}, 3),  # the quota is just met; family beds (CX-09) are not in the ledger
        ({"m2": "29"}, 1),  # one m² short
    ],
)
def test_fail_on_deficit(run, make_study, tmp_path, given, code):
    result = run("assess", make_study(**given), "--out", tmp_path / "o", "-q", "--fail-on-deficit")
    assert result.exit_code == code
    assert ("不达标" in result.output) == (code == 1)


@pytest.mark.usefixtures("data_alone")
def test_undecided_is_three(run, make_study, tmp_path):
    study = make_study(stage="")  # the stage is not known: quota and reach are open
    result = run("assess", study, "--out", tmp_path / "o", "-q", "--fail-on-deficit")
    assert result.exit_code == 3
    assert "待核实" in result.output


@pytest.mark.usefixtures("data_alone")
def test_plan_view(run, make_study, tmp_path):
    study = make_study(stage="规划")
    now = run("assess", study, "--out", tmp_path / "a", "-q")
    plan = run("assess", study, "--out", tmp_path / "b", "-q", "--stage", "plan")
    assert "0/1 = 0 %" in now.output
    assert "1/1 = 100 %" in plan.output
    assert "规划全部建成" in plan.output


@pytest.mark.usefixtures("data_alone")
def test_a_bad_row_is_named_and_the_rest_goes_on(run, make_study, tmp_path):
    study = make_study(extra="F2,乙站,棋牌室,500050,3850050,运营,三十")
    result = run("assess", study, "--out", tmp_path / "o")
    assert result.exit_code == 0
    printed = "".join(result.output.split())
    for word in ("设施.csv", "G3", "三十", "棋牌室"):  # the place may wrap in its column
        assert word in printed, word


def test_an_unusable_layer_stops_with_two(run, make_study, tmp_path):
    study = make_study()
    (study.parent / "设施.csv").unlink()
    result = run("assess", study, "--out", tmp_path / "o")
    assert result.exit_code == 2
    assert "设施.csv" in result.output
    assert not (tmp_path / "o").exists()


def test_a_missing_study_is_two(run, tmp_path):
    result = run("check", tmp_path / "nowhere.toml")
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_check_codes(run, make_study, loaded):
    study = make_study()
    assert run("check", study).exit_code in {0, 1}
    worse = make_study(extra="F1,甲站,日间照料中心,500050,3850050,运营,20")  # the id and name again
    result = run("check", worse, "--json")
    assert result.exit_code == 2
    found = loaded(result.stdout)["problems"]
    twice = next(p for p in found if p["code"] == "id_disputed")
    assert (twice["file"], twice["row"], twice["value"]) == ("设施.csv", 3, "F1")


def test_explain(run, make_study, loaded):
    study = make_study()
    result = run("explain", study, "甲苑", "-q")
    assert result.exit_code == 0
    assert "200 户 × 15 m² ÷ 100 = 30 m²" in result.output
    assert "自有：甲站 计 30 m²" in result.output
    assert "阶段：已入住" in result.output
    facts = loaded(run("explain", study, "R1", "--json").stdout)
    assert facts["name"] == "甲苑"
    assert {c["id"] for c in facts["clauses"]} >= {"CX-01", "CX-03", "CX-06"}


def test_explain_says_what_a_verdict_rests_on(run, make_study):
    """SD-02 is second-hand, and PY-24 counts it; Pingyin's plan ended with 2025."""
    study = make_study()
    text = study.read_text("utf-8").replace("caoxian-2023", "pingyin-2022")
    study.write_text(text.replace("2024-06-30", "2026-06-30"), "utf-8")
    said = run("explain", study, "甲苑", "-q").output
    assert "▲ 所依据的规划期已满" in said
    assert "▲ 没有提供道路数据" in said
    for title in ("SD-02  已建成居住区养老服务设施配置", "PY-24  配建达标率"):
        assert f"{title}  达标（" in said
        line = next(line for line in said.splitlines() if line.startswith(title))
        assert "数据来源未核实" in line
        assert ("期满" in line) == title.startswith("PY")
    # no day is missed by what is met
    assert "达标（逾期" not in said


def test_explain_of_nobody(run, make_study):
    study = make_study()
    result = run("explain", study, "丙", "-q")
    assert result.exit_code == 2
    assert "没有叫“丙”的居住区，也没有名称相近的" in result.output
    near = run("explain", study, "甲园", "-q")  # one of two characters
    assert near.exit_code == 2
    assert "甲苑（R1）" in near.output


def test_standards(run, tmp_path, loaded):
    assert "caoxian-2023" in run("standards", "list").output
    shown = run("standards", "show", "caoxian-2023", "--as-of", "2024-01-01")
    assert "按照每百户不少于15平方米的标准" in shown.output.replace("\n", "").replace(" ", "")
    rows = loaded(run("standards", "show", "jinxiang-2023", "--json").stdout)
    assert next(r for r in rows if r["id"] == "JX-03")["value"] == 30
    (tmp_path / "own.toml").write_text("[standard", encoding="utf-8")
    assert run("standards", "check", tmp_path / "own.toml").exit_code == 2
    assert run("standards", "show", "caoxian-2032").exit_code == 2


def test_a_wrong_standard_and_a_wrong_scenario(run, make_study, tmp_path):
    study = make_study()
    assert run("assess", study, "-o", tmp_path / "o", "-s", "caoxian", "-q").exit_code == 2
    (tmp_path / "s.toml").write_text('name = "x"\nset = { "CX-99.value" = 1 }', encoding="utf-8")
    result = run("assess", study, "-o", tmp_path / "o", "--scenario", tmp_path / "s.toml", "-q")
    assert result.exit_code == 2
    assert "CX-99" in result.output


@pytest.mark.usefixtures("data_alone")
def test_scenario_changes_the_value(run, make_study, tmp_path):
    (tmp_path / "s.toml").write_text(
        'name = "二十"\nset = { "CX-03.value" = 20 }', encoding="utf-8"
    )
    study = make_study()
    result = run("assess", study, "-o", tmp_path / "o", "--scenario", tmp_path / "s.toml", "-q")
    assert "0/1 = 0 %" in result.output  # 200 x 20 / 100 = 40 > 30


def test_the_demo_runs(run, writing, tmp_path):
    with writing("map"):  # all files of it are the published example
        result = run("demo", "--out", tmp_path / "demo", "--quiet")
    assert result.exit_code == 0, result.output
    assert str(tmp_path / "demo" / "map.html") in result.output
    assert "套用外县标准，仅作演示" in result.output


def test_the_second_demo(run, writing, tmp_path):
    with writing("map", "report"):  # all files of it are published too
        result = run("demo", "wudaokou", "--out", tmp_path / "demo", "--quiet")
    assert result.exit_code == 0, result.output
    for banner in ("套用外县标准，仅作演示", "设施均为虚构示例"):
        assert banner in result.output
        for name in ("map.html", "report.html"):
            assert banner in (tmp_path / "demo" / name).read_text(encoding="utf-8")
    unknown = run("demo", "nowhere")
    assert unknown.exit_code == 2
    assert "guixi" in unknown.output
    assert "wudaokou" in unknown.output


def test_english(run, make_study, monkeypatch):
    monkeypatch.setenv("LIFECIRCLE_LANG", "en")
    result = run("explain", make_study(), "nobody", "-q")
    assert "no residential area" in result.output


def test_an_unusable_optional_layer_is_two_with_everything_written(run, make_study, tmp_path):
    path = make_study()
    (tmp_path / "路.osm").write_text("junk")
    text = path.read_text(encoding="utf-8")
    path.write_text(f'{text}[layers.streets]\npath = "路.osm"\n', encoding="utf-8")
    done = run("assess", path, "--out", tmp_path / "o", "--quiet")
    assert done.exit_code == 2
    assert "道路 路.osm" in " ".join(done.output.split())
    assert (tmp_path / "o" / "assessment.json").is_file()


def test_a_form_whose_answers_cannot_be_read_is_two_with_everything_written(
    run, make_study, tmp_path
):
    """It was 0: a script took a form without one answer for a filled one."""
    path = make_study()
    (tmp_path / "佐证.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    text = path.read_text(encoding="utf-8")
    path.write_text(f'{text}[layers.evidence]\npath = "佐证.csv"\n', encoding="utf-8")
    done = run("score", path, "--out", tmp_path / "o", "--quiet")
    assert done.exit_code == 2
    assert "佐证材料 佐证.csv" in " ".join(done.output.split())
    assert (tmp_path / "o" / "score.json").is_file()


def test_english_has_no_full_width_marks(run, make_study, monkeypatch):
    study = make_study()
    text = study.read_text(encoding="utf-8").replace("[study]\n", '[study]\nlanguage = "en"\n')
    study.write_text(text, encoding="utf-8")
    monkeypatch.setenv("LIFECIRCLE_LANG", "en")
    said = run("explain", study, "R1", "-q").output
    ours = [line for line in said.splitlines() if "“" not in line]  # quotes are the document's
    assert not set("：（）、") & set("".join(ours))
    assert "households: 200" in said


@pytest.mark.parametrize("name", ["weishan-2023", "caoxian-2023", "pingyin-2022", "jinxiang-2023"])
def test_whom_a_clause_is_about_and_its_options_are_told_in_words(name):
    for clause in read_standard(name).clauses.values():
        for term in ("where", "options", "kinds"):
            about = terms_of(clause, "zh").get(term, "").replace("m²", "")
            ids = r"\b[A-Z]{2,3}-\d+[a-d]?\b"  # clauses are cited by their ids
            assert not re.search("[a-z_]|\\d{9}", re.sub(ids, "", about)), (clause.id, about)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_a_clause_without_a_figure_says_stands_below_the_table(
    run, make_study, monkeypatch, language
):
    """JX-18: no health centre in the ledger and no typed figure; where to put them is long."""
    monkeypatch.setenv("LIFECIRCLE_LANG", language)
    study = make_study()
    text = study.read_text(encoding="utf-8")
    text = text.replace("caoxian-2023", "jinxiang-2023").replace("370827", "370828")
    study.write_text(text, encoding="utf-8")
    done = run("assess", study, "-o", study.parent / "o").stdout
    lines = done.splitlines()
    (row,) = [line for line in lines if line.startswith("│ JX-18")]
    assert {"zh": "未填报（见表下）", "en": "not filled in (see"}[language] in row
    end = next(i for i, line in enumerate(lines) if line.startswith("└"))
    (below,) = [line for line in lines[end:] if line.startswith("JX-18")]
    whole = {
        "zh": "没有可核算的对象，也没有填报“提供安宁疗护的",
        "en": "nothing in the ledger of facilities to reckon from",
    }
    assert whole[language] in below
