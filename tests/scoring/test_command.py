"""``lifecircle score``: exit codes, files and words."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from lifecircle.cli import app


@pytest.fixture
def run(monkeypatch):
    monkeypatch.setenv("LIFECIRCLE_LANG", "zh")
    monkeypatch.setenv("COLUMNS", "160")

    def call(*args):
        return CliRunner().invoke(app, ["score", *map(str, args)])

    return call


def test_it_writes_the_form_and_says_the_total(run, form_county, tmp_path):
    path = form_county("caoxian").finish()
    done = run(path, "--out", tmp_path / "out", "-q")
    assert done.exit_code == 0, done.output
    assert "自评总分 100 分（满分 100 分，全部已评）。" in done.stdout
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["score.json", "score.xlsx"]


def test_json_alone(run, form_county, tmp_path):
    county = form_county("weishan")
    county.evidence = []
    done = run(county.finish().parent, "--out", tmp_path / "out", "--json")
    assert done.exit_code == 0
    read = json.loads(done.stdout)
    assert (read["settled"], read["assessed_points"], read["borrowed"]) == (13.0, 13.0, False)


def test_a_county_without_a_form_must_choose(run, form_county, tmp_path):
    county = form_county("weishan")
    county.county, county.standard = "370828", "jinxiang-2023"
    path = county.finish()
    done = run(path, "--out", tmp_path / "out", "-q")
    assert done.exit_code == 2
    assert "没有自己的评分表" in done.stderr
    assert "caoxian、weishan" in done.stderr
    assert not (tmp_path / "out").exists()


def test_what_cannot_be_used_is_exit_2(run, form_county, tmp_path):
    path = form_county("caoxian").finish()
    done = run(path, "--form", "weishann", "--out", tmp_path / "out", "-q")
    assert done.exit_code == 2
    assert "weishan" in done.stderr
    assert run(tmp_path / "nowhere", "-q").exit_code == 2


def test_what_it_cannot_do_it_refuses_before_it_judges(run, form_county, monkeypatch, tmp_path):
    def judged(*_args, **_kwargs):
        raise AssertionError("judged for nothing")

    monkeypatch.setattr("lifecircle.assessing.assess.assess", judged)
    county = form_county("weishan")
    county.county, county.standard = "370828", "jinxiang-2023"
    path = county.finish()
    assert "没有自己的评分表" in run(path, "-q").stderr
    monkeypatch.setattr("lifecircle.intake.read_study", judged)
    assert run(path, "--form", "weishann", "-q").exit_code == 2
    own = tmp_path / "form.toml"
    own.write_text("id = 1", encoding="utf-8")
    assert run(path, "--form", own, "-q").exit_code == 2
