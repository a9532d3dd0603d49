"""``lifecircle check``: what it prints, writes and answers with."""

import json

import openpyxl
import pytest
from typer.testing import CliRunner

from lifecircle.cli import app

STUDY = """[study]
name = "手工县"
county = "370827"
standard = "jinxiang-2023"
as_of = 2025-12-31
crs = "EPSG:4548"
[layers.residential]
path = "areas.csv"
coordinates = "cgcs2000"
[layers.facilities]
path = "设施.xlsx"
coordinates = "cgcs2000"
"""
HEADERS = ["编号", "名称", "类型", "状态", "床位数", "经度", "纬度"]


@pytest.fixture
def study(tmp_path, monkeypatch):
    monkeypatch.setenv("LIFECIRCLE_LANG", "zh")
    folder = tmp_path / "county"
    folder.mkdir()
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    (folder / "areas.csv").write_text(
        "编号,名称,户数,经度,纬度\nR1,a,100,117,35.0500\n", "utf-8-sig"
    )
    monkeypatch.chdir(tmp_path)
    return folder


def ledger(folder, *rows):
    book = openpyxl.Workbook()
    book.active.append(HEADERS)
    for row in rows:
        book.active.append(row)
    book.save(folder / "设施.xlsx")


GOOD = ["F1", "甲", "托老所", "运营", 10, 117, 35.0512]


def run(*words):
    return CliRunner().invoke(app, ["check", *map(str, words)])


def test_clean_warned_and_wrong_have_their_exit_codes(study):
    ledger(study, GOOD)
    assert run(study).exit_code == 0
    ledger(study, [*GOOD[:4], "许多", *GOOD[5:]])
    warned = run(study)
    assert warned.exit_code == 1
    assert "“许多”读不成一个数" in warned.stdout
    assert "E2" in warned.stdout
    ledger(study, [*GOOD[:4], -1, *GOOD[5:]])
    assert run(study / "study.toml").exit_code == 2


@pytest.mark.usefixtures("study")
def test_a_study_that_is_not_there_leaves_nothing_behind(tmp_path):
    """Nor is the folder one stands in taken for it."""
    before = sorted(tmp_path.rglob("*"))
    gone = run("nosuch")
    assert gone.exit_code == 2
    assert "nosuch" in gone.output
    assert sorted(tmp_path.rglob("*")) == before


def test_a_name_with_brackets_is_printed_as_it_is(study):
    named = STUDY.replace("手工县", "手工县[2025][/b]")
    (study / "study.toml").write_text(named, encoding="utf-8")
    ledger(study, GOOD)
    ended = run(study)
    assert ended.exit_code == 0, ended.output
    assert "手工县[2025][/b]" in ended.stdout


def test_by_default_it_writes_beside_the_other_results(study, tmp_path):
    ledger(study, [*GOOD[:4], "许多", *GOOD[5:]])
    said = run(study, "--quiet")
    home = tmp_path / "maps" / "out" / "county" / "check"
    assert sorted(p.name for p in home.iterdir()) == ["check.html", "设施-检查.xlsx"]
    assert "设施-检查.xlsx" in said.stdout


def test_json_alone_writes_nothing_unless_asked(study, tmp_path):
    ledger(study, [*GOOD[:4], "许多", *GOOD[5:]], [*GOOD[:1], *GOOD[1:]])
    said = json.loads(run(study, "--json").stdout)
    assert (said["schema"], said["usable"], said["crs"]) == (1, True, "EPSG:4548")
    assert said["counts"] == {"error": 1, "warning": 1, "info": 7}
    absent = [p for p in said["problems"] if p["code"] == "columns_absent"]
    assert [p["layer"] for p in absent] == ["residential", "facilities"]
    tables = [p["layer"] for p in said["problems"] if p["code"] == "table_absent"]
    assert tables == ["units", "indicators", "evidence"]
    facilities = next(i for i in said["inputs"] if i["layer"] == "facilities")
    assert [facilities[k] for k in ("rows", "used", "set_aside")] == [2, 1, 1]
    assert [p["cell"] for p in said["problems"]] == ["A3", "E2", *[None] * 7]
    assert not (tmp_path / "maps").exists()
    run(study, "--json", "--out", tmp_path / "o")
    assert (tmp_path / "o" / "check.html").is_file()


def test_what_cannot_be_read_is_still_a_page(study, tmp_path):
    (study / "study.toml").write_text("x = 1\n", encoding="utf-8")
    assert run(study, "--out", tmp_path / "o").exit_code == 2
    assert "不能评估" in (tmp_path / "o" / "check.html").read_text(encoding="utf-8")
    (study / "study.toml").write_text(STUDY, encoding="utf-8")  # the ledger is not there
    said = run(study, "--json")
    assert said.exit_code == 2
    found = json.loads(said.stdout)
    assert [i["layer"] for i in found["inputs"]] == ["study", "residential"]
    assert [p["code"] for p in found["problems"] if p["severity"] == "error"] == ["file_missing"]


def test_a_folder_that_cannot_be_written_is_said(study, tmp_path):
    ledger(study, GOOD)
    (tmp_path / "o").write_text("a file", encoding="utf-8")
    said = run(study, "--out", tmp_path / "o")
    assert said.exit_code == 2
    assert "Traceback" not in said.output


def test_counts_are_told_by_severity_and_a_gap_by_what_it_costs(study):
    ledger(
        study,
        [*GOOD[:4], "许多", *GOOD[5:]],
        ["F2", None, None, *GOOD[3:]],
        ["F3", "丙", None, *GOOD[3:]],
    )
    said = run(study, "-q").stdout
    assert "数据问题：错误 1、提醒 3、说明 7" in said
    assert "见 check.html" in said
    printed = "".join(c for c in said if c not in " │\n")
    assert "本行照常读取" in printed  # a kind that is blank
    assert "本行未采用" in printed  # a name that is


def test_a_facility_over_the_county_line_is_told_before_judging(study):
    """A18: its code is another county's, so it counts for nothing; the areas near it are named."""
    book = openpyxl.Workbook()
    book.active.append([*HEADERS, "所在镇街"])
    book.active.append([*GOOD, "370998001"])
    book.save(study / "设施.xlsx")
    said = json.loads(run(study, "--json").stdout)
    (told,) = [p for p in said["problems"] if p["code"] == "facility_over_line"]
    # it stands on the spot of the only area
    near = {"facility": "甲", "areas": ["a"], "count": 1, "within_m": 1000.0}
    assert told["params"] == near


def test_a_table_that_has_no_marked_copy_is_named(study):
    """A CSV cannot be coloured: its reader is sent to the rows; one in order is not named."""
    ledger(study, GOOD)
    assert "没有标注副本的表" not in run(study).stdout
    headers, row = "编号,名称,户数,经度,纬度", "R1,a,许多,117,35.0500"
    (study / "areas.csv").write_text(f"{headers}\n{row}\n", "utf-8-sig")
    ledger(study, [*GOOD[:4], "许多", *GOOD[5:]])
    told = run(study).stdout
    assert "没有标注副本的表：areas.csv（" in told
    page = (study.parent / "maps/out/county/check/check.html").read_text(encoding="utf-8")
    assert "没有标注副本的表：areas.csv（" in page
    assert "没有需要标注的 Excel 台账" not in page


@pytest.mark.parametrize(
    ("language", "told", "first"),
    [
        ("zh", "▲ 居住区：有 ", "先补“类别”（JX-03、JX-04、"),
        ("en", "▲ residential areas: ", "fill in “age_class” first (JX-03, JX-04, "),
    ],
)
def test_the_column_that_leaves_most_open_is_told_beside_the_warnings(
    study, monkeypatch, language, told, first
):
    """Notes are told in number where there are warnings; what leaves nearly all open is not."""
    monkeypatch.setenv("LIFECIRCLE_LANG", language)
    ledger(study, [*GOOD[:4], "许多", *GOOD[5:]])
    [line] = [said for said in run(study).stdout.splitlines() if said.startswith(told)]
    assert first in line
    ledger(study, GOOD)  # every note is in the table: nothing is said twice
    assert told not in run(study).stdout
