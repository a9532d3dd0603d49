"""A scenario is said on every output, and never stands unmarked under the document's words."""

from __future__ import annotations

import json
import sqlite3

import openpyxl
import pytest

import lifecircle as lc
from lifecircle.outputs import write_score
from lifecircle.outputs.maps.clauses import headline_block
from lifecircle.outputs.sheets.contents.order import contents_of
from lifecircle.outputs.words.showing import map_banners
from lifecircle.outputs.words.wording import Wording

BANNER = "情景测算“二十”，不是文件要求。改动：CX-03 15 m²/百户 → 20 m²/百户"
BESIDE = "引文是文件原文；本次按情景测算，改为：15 m²/百户 → 20 m²/百户"
ASKED = "不低于 20 m²/百户（情景改动：15 m²/百户 → 20 m²/百户）"
QUOTE = "每百户不少于15平方米"


@pytest.fixture(scope="module")
def saved(speaking, study_in, tmp_path_factory):
    """Return the folder of the scenario, that of the document as it is, and what was printed."""
    home = tmp_path_factory.mktemp("scenario")
    (home / "s.toml").write_text('name = "二十"\nset = { "CX-03.value" = 20 }', encoding="utf-8")
    study = study_in(home)
    told = speaking("assess", study, "-o", home / "o", "--scenario", home / "s.toml", "-q")
    plain = speaking("assess", study, "-o", home / "plain", "-q")
    assert (told.exit_code, plain.exit_code) == (0, 0)
    return home / "o", home / "plain", (told.output, plain.output)


def cells(path):
    book = openpyxl.load_workbook(path)
    return [str(c.value) for ws in book for row in ws for c in row if c.value is not None]


def test_screen_and_pages(saved):
    folder, plain, (told, without) = saved
    assert BANNER in told
    assert "情景" not in without
    for name in ("report.html", "map.html"):
        page = (folder / name).read_text(encoding="utf-8")
        assert BANNER in page
        assert "情景测算" not in (plain / name).read_text(encoding="utf-8")
    report = (folder / "report.html").read_text(encoding="utf-8")
    before, _, after = report.partition(QUOTE)
    assert BESIDE in after[:600]
    assert ASKED in after
    assert ASKED in before  # the summary


def test_workbooks(saved):
    folder, plain, _ = saved
    told = cells(folder / "report.xlsx")
    assert BANNER in told
    assert ASKED in told
    assert not any("情景" in cell for cell in cells(plain / "report.xlsx"))
    for path in (folder / "rectification").glob("*.xlsx"):
        assert BANNER in cells(path)


def test_data(saved):
    folder, plain, _ = saved
    document = json.loads((folder / "assessment.json").read_text(encoding="utf-8"))
    assert document["banners"][0] == "scenario"
    changes = {c["id"]: c["changes"] for c in document["clauses"] if c["changes"]}
    assert changes == {"CX-03": [{"term": "value", "before": 15.0, "after": 20.0}]}
    with sqlite3.connect(folder / "assessment.gpkg") as base:
        said = {row[0] for row in base.execute("select description from gpkg_contents")}
    assert any(BANNER in one for one in said)
    with sqlite3.connect(plain / "assessment.gpkg") as base:
        assert {row[0] for row in base.execute("select description from gpkg_contents")} == {""}


def test_what_is_drawn_from_saved_results(saved):
    folder, _, _ = saved
    assessment = lc.read_assessment(folder)
    words = Wording.of(assessment, "sheets")
    assert BANNER in map_banners(assessment, words)  # in the foot of every sheet
    sheet = next(c for c in contents_of(assessment, words)[0] if QUOTE in c.quote)
    assert BESIDE in sheet.section
    assert any(ASKED in fact for fact in sheet.facts)


def test_form_and_comparison(run, saved, make_study, tmp_path):
    folder, plain, _ = saved
    study = lc.read_study(make_study())
    files = write_score(lc.score(study, lc.read_assessment(folder), "caoxian"), tmp_path / "form")
    told = [cell for path in files.values() if path.suffix == ".xlsx" for cell in cells(path)]
    assert any("情景测算“二十”，不是文件要求" in cell for cell in told)
    result = run("compare", plain, folder, "-o", tmp_path / "c")
    assert BANNER in result.output
    assert BANNER in (tmp_path / "c" / "compare.html").read_text(encoding="utf-8")
    assert BANNER in cells(tmp_path / "c" / "compare.xlsx")
    assert ASKED in cells(tmp_path / "c" / "compare.xlsx")


def test_another_term_than_the_value(run, writing, make_study, tmp_path):
    (tmp_path / "s.toml").write_text(
        'name = "另"\nset = { "CX-07.comparison" = ">", "CX-03.readings.A5" = "ceil" }',
        encoding="utf-8",
    )
    study = make_study()
    with writing("report"):
        told = run("assess", study, "-o", tmp_path / "o", "--scenario", tmp_path / "s.toml", "-q")
    assert told.exit_code == 0, told.output
    report = (tmp_path / "o" / "report.html").read_text(encoding="utf-8")
    assert "比较方式：达到 → 大于" in report
    words = Wording("zh")
    ways = [words.reading("A5", choice) for choice in ("pro_rata", "ceil")]
    assert f"读法 A5：{ways[0]} → {ways[1]}" in report


def test_the_headline_says_what_it_rests_on(saved):
    """CX-07 rests on CX-03: report, workbook, sheets and map mark the figure itself."""
    folder, plain, _ = saved
    assessment = lc.read_assessment(folder)
    words = Wording.of(assessment, "map")
    headline = assessment.clause("CX-07")
    block = headline_block(words, headline)
    assert block["lines"][0] == "注意：含情景改动"
    assert "不达标（含情景改动）" in cells(folder / "report.xlsx")
    report = (folder / "report.html").read_text(encoding="utf-8")
    head = report.partition('<section class="headline"')[2].partition("</section>")[0]
    assert "含情景改动" in head
    before = lc.read_assessment(plain).clause("CX-07")
    assert headline_block(words, before)["lines"] == ["按户数：200/200 = 100 %"]
    told = [f for c in contents_of(assessment, words.in_domain("sheets"))[0] for f in c.facts]
    assert any("含情景改动" in fact for fact in told)
