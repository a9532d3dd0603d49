"""``lifecircle compare``: what it prints, writes and leaves with."""

from __future__ import annotations

import json
import shutil

import pytest

import lifecircle as lc
from lifecircle.outputs import COMPARISONS


@pytest.fixture(scope="module")
def judged(study_in, tmp_path_factory):
    """Two saved assessments: 30 m² of 30 needed, and 20."""
    home = tmp_path_factory.mktemp("judged")
    for m2 in ("30", "20"):
        assessment = lc.assess(lc.read_study(study_in(home, m2=m2)))
        lc.write_outputs(assessment, home / f"out{m2}", only=("json", "gpkg"))
    return home


@pytest.fixture
def saved(judged, tmp_path):
    """Return the folders of the two: copies, which may be spoilt."""
    names = ("out30", "out20")
    return [shutil.copytree(judged / name, tmp_path / name) for name in names]


def test_two_assessments(run, saved, tmp_path, loaded):
    result = run("compare", *saved, "--out", tmp_path / "both", "-q")
    assert result.exit_code == 0, result.output
    assert "转为不达标 1" in result.output
    assert "-100.0 个百分点" in result.output
    names = {file for file, _, _ in COMPARISONS.values()}
    assert {path.name for path in (tmp_path / "both").iterdir()} == names
    document = loaded((tmp_path / "both" / "compare.json").read_text(encoding="utf-8"))
    rows = {f["clause_after"]: f for f in document["findings"]}
    # 200 households x 15 / 100 = 30
    assert rows["caoxian-2023 CX-03"]["after"]["measured"] == 20.0
    assert [c["code"] for c in rows["caoxian-2023 CX-03"]["causes"]] == ["facility_changed"]


def test_with_itself_it_says_so(run, saved, tmp_path):
    one = saved[0] / "assessment.json"  # the file stands for its folder
    result = run("compare", one, saved[0], "--out", tmp_path / "same", "-q")
    assert result.exit_code == 0, result.output
    assert "两次评价完全一致" in result.output
    machine = run("compare", one, one, "--out", tmp_path / "same", "--json")
    assert '"empty": true' in machine.output


def test_what_is_no_assessment(run, make_study, saved, tmp_path, monkeypatch):
    monkeypatch.setenv("LIFECIRCLE_LANG", "en")
    study = run("compare", make_study(), saved[0], "-q")
    assert study.exit_code == 2
    assert "is a study, not an assessment" in study.output
    nothing = run("compare", saved[0], tmp_path / "nothing", "-q")
    assert nothing.exit_code == 2
    assert "Not a saved assessment" in nothing.output
    assert "Traceback" not in nothing.output


@pytest.mark.parametrize("of_the_other", ["assessment.json", "assessment.gpkg"])
def test_files_of_two_runs_are_no_assessment(run, saved, tmp_path, of_the_other):
    mixed = shutil.copytree(saved[0], tmp_path / "mixed")
    shutil.copy(saved[1] / of_the_other, mixed)
    for words in (("compare", mixed, saved[0]), ("compare", saved[0], mixed), ("map", mixed)):
        result = run(*words, "--out", tmp_path / "out", "-q")
        assert result.exit_code == 2
        assert "不是同一次评价写出的" in result.output.replace("\n", "")
        assert "Traceback" not in result.output
        assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("language", "told"), [("zh", "invented：没有这一项"), ("en", "invented: no such key")]
)
def test_a_damaged_one_is_refused_in_the_readers_language(
    run, saved, loaded, monkeypatch, language, told
):
    path = saved[1] / "assessment.json"
    document = loaded(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(document | {"invented": 1}), encoding="utf-8")
    monkeypatch.setenv("LIFECIRCLE_LANG", language)
    result = run("compare", *saved, "-q")
    assert result.exit_code == 2
    # wherever the screen breaks the line
    assert "".join(told.split()) in "".join(result.output.split())
