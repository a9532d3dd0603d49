"""No command destroys what an earlier one wrote, or what somebody did with it."""

from __future__ import annotations

import dataclasses
import json
import shutil
from importlib import import_module
from pathlib import Path

import openpyxl
import pytest

from lifecircle.standards import read_standard

SCENARIO = 'name = "金乡的三十/试"\nset = { "CX-03.value" = 30 }\n'
OLD = Path("以前的成果")


@pytest.fixture(scope="module", autouse=True)
def _few_clauses():
    """Judge the quotas of a document and their rates alone: what is kept is files, not verdicts."""

    def read(name):
        whole = read_standard(name)
        asked = ("provision", "compliance_rate")
        few = {key: one for key, one in whole.clauses.items() if one.measure in asked}
        return dataclasses.replace(whole, clauses=few)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(import_module("lifecircle.assessing.assess"), "read_standard", read)
        yield


@pytest.fixture
def study(make_study, tmp_path, monkeypatch):
    """A study in a folder of its own; the work goes on beside it."""
    source = make_study().parent
    folder = tmp_path / "县"
    folder.mkdir()
    for name in ("study.toml", "小区.geojson", "设施.csv"):
        shutil.move(source / name, folder / name)
    monkeypatch.chdir(tmp_path)
    return folder


def _change(study, before, after, file="设施.csv"):
    path = study / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def _said(file):
    return json.loads(file.read_text(encoding="utf-8"))


def _files(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.usefixtures("data_alone")
def test_a_view_a_scenario_and_another_document_have_folders_of_their_own(run, study, tmp_path):
    (tmp_path / "情景.toml").write_text(SCENARIO, encoding="utf-8")
    scenario = ("--scenario", "情景.toml")
    for options in (
        (),
        ("--stage", "plan"),
        scenario,
        ("-s", "jinxiang-2023"),
        ("-s", "caoxian-2023"),  # the study's own
        (*scenario, "-s", "caoxian-2023", "-s", "jinxiang-2023", "--stage", "plan"),
    ):
        assert run("assess", study, "-q", *options).exit_code == 0
    assert {p.name for p in (tmp_path / "maps" / "out").iterdir()} == {
        "县",
        "县-规划",
        "县-金乡的三十_试",
        "县-jinxiang-2023",
        "县-caoxian-2023+jinxiang-2023-金乡的三十_试-规划",
    }
    assert not list((tmp_path / "maps").rglob(str(OLD)))


@pytest.mark.usefixtures("data_alone")
def test_another_study_file_of_the_folder_has_a_folder_of_its_own(run, study, tmp_path):
    shutil.copy(study / "study.toml", study / "2025.toml")
    assert run("assess", study / "2025.toml", "-q").exit_code == 0
    assert [p.name for p in (tmp_path / "maps" / "out").iterdir()] == ["县-2025"]


def test_last_year_is_kept_when_this_year_is_judged(run, writing, study, tmp_path):
    def assess():
        with writing("map", "workbook"):  # a page and an office file
            return run("assess", study, "-q")

    home = tmp_path / "maps" / "out" / "县"
    assess()
    before = _files(home)
    assert len(before) >= 4
    same = assess()
    assert _files(home) == before  # the same again: nothing is kept, nothing is said
    assert "▲ 文件夹里" not in same.output
    _change(study, "as_of = 2024-06-30", "as_of = 2025-06-30", "study.toml")
    later = assess()
    kept = home / OLD / "2024-06-30"
    assert _files(kept) == before
    assert str(kept.relative_to(tmp_path)) in later.output
    assert _said(home / "assessment.json")["as_of"] == "2025-06-30"
    assert run("compare", kept, home, "-q").exit_code == 0


@pytest.mark.usefixtures("data_alone")
def test_other_data_of_the_same_day_are_kept_by_number_or_replaced(run, study):
    home = Path("成果")
    for m2, options in ((30, ()), (29, ()), (28, ()), (27, ("--replace",))):
        _change(study, f",{m2 + 1}" if m2 < 30 else ",30", f",{m2}")
        assert run("assess", study, "-q", "-o", home, *options).exit_code == 0
        said = [_said(file)["inputs"] for file in sorted(home.rglob("assessment.json"))]
        assert len({json.dumps(one) for one in said}) == len(said) == min(31 - m2, 3)
    assert {p.name for p in (home / OLD).iterdir()} == {"2024-06-30", "2024-06-30 (2)"}


def test_a_report_somebody_worked_in_is_kept_alone(run, writing, study, tmp_path):
    def assess():
        with writing("report", "workbook"):
            return run("assess", study, "-q")

    assess()
    home = tmp_path / "maps" / "out" / "县"
    book = openpyxl.load_workbook(home / "report.xlsx")
    book.worksheets[0]["A1"] = "局里改过"
    book.save(home / "report.xlsx")
    told = assess()
    (kept,) = (home / OLD).iterdir()
    assert [p.name for p in kept.iterdir()] == ["report.xlsx"]
    again = openpyxl.load_workbook(kept / "report.xlsx")
    assert again.worksheets[0]["A1"].value == "局里改过"
    assert "report.xlsx" in told.output


@pytest.mark.usefixtures("data_alone")
def test_json_on_stdout_stays_json(run, study, loaded):
    run("assess", study, "--json")
    _change(study, ",30", ",29")
    assert loaded(run("assess", study, "--json").stdout)["study"] == "小县"


@pytest.mark.parametrize(
    ("command", "name"),
    [
        (("score", "--form", "caoxian"), "score.xlsx"),
        (("map",), "map.html"),
        (("map", "--png", "--dpi", "50", "--only", "now"), None),
    ],
)
def test_forms_maps_and_sheets_are_kept_too(run, study, tmp_path, command, name):
    verb, *options = command
    if "--png" in options:
        pytest.importorskip("matplotlib")
    out = tmp_path / "o"
    assert run(verb, study, *options, "-o", out, "-q").exit_code == 0
    before = _files(out)
    assert run(verb, study, *options, "-o", out, "-q").exit_code == 0
    assert _files(out) == before
    _change(study, "500050", "500090")
    _change(study, ",30", ",29")
    assert run(verb, study, *options, "-o", out, "-q").exit_code == 0
    (kept,) = (out / OLD).iterdir()
    changed = {n for n in before if before[n] != (out / n).read_bytes()}
    assert changed
    assert name is None or name in changed
    assert {n: (kept / n).read_bytes() for n in changed} == {n: before[n] for n in changed}


@pytest.mark.usefixtures("data_alone")
def test_another_comparison_does_not_destroy_the_first(run, study, tmp_path):
    run("assess", study, "-q", "-o", "a")
    _change(study, ",30", ",29")
    run("assess", study, "-q", "-o", "b")
    run("compare", "a", "b", "-q")
    home = tmp_path / "maps" / "out" / "compare"
    before = _files(home)
    run("compare", "b", "a", "-q")
    (kept,) = (home / OLD).iterdir()
    assert _files(kept) == before
