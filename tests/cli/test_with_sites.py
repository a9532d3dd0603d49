"""``assess --with``: a future is said on every output, and only of the study it was planned for."""

from __future__ import annotations

import shutil
import sqlite3

import openpyxl
import pytest

import lifecircle as lc
from lifecircle.outputs.maps.clauses import headline_block
from lifecircle.outputs.sheets.contents.order import contents_of
from lifecircle.outputs.words.showing import map_banners
from lifecircle.outputs.words.wording import Wording

BANNER = (
    "规划情景“CX-06 建议点位 2 处”（改建 1、盘活 1）：按建成后测算，不是现状。"
    "建成前 → 建成后有变化 7 条：CX-06 33.3 % → 83.3 %"
)
ASKED = "不大于 1,000 米（建议点位建成前 33.3 % → 建成后 83.3 %）"


@pytest.fixture(scope="module")
def home(short_county, tmp_path_factory):
    return shutil.copytree(short_county, tmp_path_factory.mktemp("with") / "小县")


@pytest.fixture(scope="module")
def saved(speaking, home):
    """Return the folder of the future, which is one of its own, and what was printed."""
    planned = speaking("site", home, "--clause", "CX-06", "--sites", 2, "-o", home / "plan", "-q")
    assert planned.exit_code == 0, planned.output
    names = {"sites.json", "sites.html", "sites.xlsx", "sites.docx", "sites.gpkg"}
    assert {path.name for path in (home / "plan").iterdir()} == names
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        told = speaking("assess", home, "--with", home / "plan", "-q")
    assert told.exit_code == 0, told.output
    return home / "maps" / "out" / "小县-CX-06-建成后", told.output


def cells(path):
    book = openpyxl.load_workbook(path)
    return [str(c.value) for ws in book for row in ws for c in row if c.value is not None]


def test_screen_pages_and_workbooks(saved):
    folder, told = saved
    assert BANNER in told
    # the table of projects stands beside the future, and the folder is a plan too
    assert lc.read_sites(folder) == lc.read_assessment(folder).sites
    assert (folder / "sites.xlsx").is_file()
    assert "建设项目表（Excel）" in told
    report = (folder / "report.html").read_text(encoding="utf-8")
    assert BANNER in report
    assert ASKED in report
    assert BANNER in (folder / "map.html").read_text(encoding="utf-8")
    workbook = cells(folder / "report.xlsx")
    assert any(cell.startswith(BANNER) for cell in workbook)
    assert ASKED in workbook
    assert "CX-06 建议点位 2 处" in workbook
    for path in (folder / "rectification").glob("*.xlsx"):
        assert any(cell.startswith(BANNER) for cell in cells(path))
    with sqlite3.connect(folder / "assessment.gpkg") as base:
        said = {row[0] for row in base.execute("select description from gpkg_contents")}
    assert any(BANNER in one for one in said)


def test_what_is_drawn_from_saved_results(saved, home):
    assessment = lc.read_assessment(saved[0])
    assert assessment.sites == lc.read_sites(home / "plan" / "sites.json")
    assert assessment.clause("CX-06").unbuilt.statuses == dict.fromkeys("CDG", "deficient")
    assert list(assessment.layers["planned_links"].index) == ["K1 C", "K1 D", "F2 G"]
    words = Wording.of(assessment, "sheets")
    assert any(line.startswith(BANNER) for line in map_banners(assessment, words))
    facts = [fact for sheet in contents_of(assessment, words)[0] for fact in sheet.facts]
    assert any("5/6 = 83.3 %（建议点位建成前 33.3 % → 建成后 83.3 %）" in fact for fact in facts)
    block = headline_block(words.in_domain("map"), assessment.clause("CX-06"))
    assert block["lines"][0] == "注意：含规划建议点位"
    assert "33.3 % → " in block["target"]


def test_what_is_refused_is_said_in_words(run, home, saved, tmp_path):
    del saved
    plan = home / "plan"
    (tmp_path / "s.toml").write_text('name = "另"\nset = { "CX-06.value" = 900 }', encoding="utf-8")
    other = shutil.copytree(home, tmp_path / "another")
    ledger = (other / "小区.csv").read_text(encoding="utf-8")
    (other / "小区.csv").write_text(ledger.replace("甲苑,100", "甲苑,101"), encoding="utf-8")
    for words, told in (
        ([home, "--scenario", tmp_path / "s.toml"], "--with 与 --scenario 不能同时使用"),
        ([home, "--stage", "plan"], "方案按“now”选定"),
        ([home, "--standard", "weishan-2023"], "请加 --standard caoxian-2023"),
        ([other], "有了变化（1 个：小区.csv）"),
    ):
        found = run("assess", *words, "--with", plan, "-q", "-o", tmp_path / "o")
        assert found.exit_code == 2
        assert told in found.output.replace("\n", "")
    missing = run("assess", home, "--with", tmp_path, "-q", "-o", tmp_path / "o")
    assert (missing.exit_code, "没有这个文件" in missing.output) == (2, True)
    assert not (tmp_path / "o").exists()


def test_a_folder_that_cannot_be_written_to_is_said_before_choosing(run, home, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lifecircle.siting.planning.site", None)  # not asked at all
        told = run("site", home, "--clause", "CX-06", "--all", "-o", tmp_path / "file", "-q")
    assert (told.exit_code, "应当是文件夹" in told.output) == (2, True)
