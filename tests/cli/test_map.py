"""``lifecircle map``: the page again, sheets on paper, and what it says when it cannot."""

from __future__ import annotations

import sys

import pytest

from lifecircle.texts import say


@pytest.fixture
def saved(run, writing, make_study, tmp_path):
    with writing("map"):
        run("assess", make_study(), "--out", tmp_path / "saved", "-q")
    return tmp_path / "saved"


def test_the_page_and_sheets_of_saved_results(run, saved, tmp_path, loaded, monkeypatch):
    before = (saved / "map.html").read_bytes()
    (saved / "map.html").unlink()
    result = run("map", saved, "-q")
    assert result.exit_code == 0, result.output
    assert (saved / "map.html").read_bytes() == before
    result = run("map", saved / "assessment.json", "--pdf", "--only", "now", "--json")
    if result.exit_code == 2 and "fonts-noto-cjk" in result.output:
        pytest.skip("no font that prints Chinese is installed, and the command says so")
    assert loaded(result.stdout)["sheets"] == ["养老服务设施现状分布图"]
    assert (saved / "sheets" / "图集.pdf").read_bytes().startswith(b"%PDF")
    result = run("map", saved, "--svg", "--only", "gap", "--only", "clause", "-o", tmp_path / "o")
    assert result.exit_code == 0, result.output
    names = sorted(p.name for p in (tmp_path / "o").iterdir())
    assert names[0] == "01 养老服务设施配建缺口图.svg"
    assert "未出图" in result.output  # clauses that are about nobody here
    monkeypatch.setenv("LIFECIRCLE_LANG", "en")
    result = run("map", saved, "--svg", "--only", "gap", "--only", "clause", "-o", tmp_path / "e")
    assert "not drawn" in result.output  # of a Chinese study, told to an English reader
    assert say("sheets", "why.nobody", "en") in result.output
    assert say("sheets", "why.nobody", "zh") not in result.output
    assert "养老服务设施配建缺口图" in result.output


def test_the_page_of_a_study(run, make_study, tmp_path):
    result = run("map", make_study(), "--out", tmp_path / "own.html", "-q")
    assert result.exit_code == 0, result.output
    assert "own.html" in result.output
    assert "<title>小县" in (tmp_path / "own.html").read_text(encoding="utf-8")


def test_the_page_of_a_study_has_its_basemap(run, writing, make_study, tmp_path):
    study = make_study()
    file = study if study.is_file() else study / "study.toml"
    asked = '\n[map]\nbasemap = "https://tiles.example/{z}/{x}/{y}.png"\n'
    file.write_text(file.read_text(encoding="utf-8") + asked, encoding="utf-8")
    for command, out in (("map", tmp_path / "m.html"), ("assess", tmp_path / "a")):
        with writing("map"):
            result = run(command, study, "--out", out, "-q")
        assert result.exit_code == 0, result.output
        page = out if command == "map" else out / "map.html"
        # the page's own policy names the only servers it may ask
        assert "https://tiles.example" in page.read_text(encoding="utf-8")


def test_what_cannot_be_drawn_is_two(run, make_study, tmp_path):
    saved = make_study()
    wrong = run("map", saved, "--pdf", "--only", "gaps", "-q")
    assert wrong.exit_code == 2
    assert "gaps" in wrong.output
    assert "atlas" in wrong.output
    font = run("map", saved, "--pdf", "--font", tmp_path / "nowhere.ttf", "-q")
    assert font.exit_code == 2
    assert "nowhere.ttf" in "".join(font.output.split())
    nothing = run("map", tmp_path / "nothing", "--pdf", "-q")
    assert nothing.exit_code == 2
    assert "Traceback" not in nothing.output


def test_nothing_to_draw_is_said_in_the_language_of_the_reader(run, make_study, monkeypatch):
    """Of a Chinese study in which nobody is asked anything: an English reader reads English."""
    from lifecircle.outputs.sheets import draw  # noqa: PLC0415 - loads matplotlib

    study = make_study()
    monkeypatch.setenv("LIFECIRCLE_LANG", "en")
    monkeypatch.setattr(draw, "contents_of", lambda *_: ((), ()))
    told = run("map", study, "--svg", "--only", "gap", "-q")
    if "fonts-noto-cjk" in told.output:
        pytest.skip("no font that prints Chinese is installed, and the command says so")
    assert told.exit_code == 2
    assert say("sheets", "error.no_sheet", "en") in told.output
    assert say("sheets", "error.no_sheet", "zh") not in told.output


@pytest.fixture
def _no_judging(monkeypatch):
    """Fail where anything is judged."""

    def judged(*_args, **_more):
        pytest.fail("judged before it was refused")

    monkeypatch.setattr("lifecircle.assessing.assess.assess", judged)


@pytest.mark.usefixtures("_no_judging")
@pytest.mark.parametrize(
    "wrong", [("--pdf", "--only", "gaps"), ("--svg", "--font", "nowhere.ttf"), ("--pdf",)]
)
def test_what_cannot_be_drawn_is_refused_before_anything_is_judged(
    run, make_study, monkeypatch, wrong
):
    if wrong == ("--pdf",):  # an installation without matplotlib
        monkeypatch.delitem(sys.modules, "lifecircle.outputs.sheets", raising=False)
        monkeypatch.setitem(sys.modules, "matplotlib", None)
        for name in [n for n in sys.modules if n.startswith("lifecircle.outputs.sheets.")]:
            monkeypatch.delitem(sys.modules, name)
    result = run("map", make_study(), *wrong, "-q")
    assert result.exit_code == 2
    if wrong == ("--pdf",):
        told = "".join(result.output.split())
        assert "pipinstallmatplotlib" in told
        assert "没有开始评价" in told
        assert sys.executable not in told  # no path of this machine


@pytest.mark.usefixtures("_no_judging")
def test_a_form_that_is_not_there_is_refused_before_anything_is_judged(run, make_study):
    study = make_study()
    text = study.read_text(encoding="utf-8").replace("caoxian-2023", "jinxiang-2023")
    study.write_text(text, encoding="utf-8")
    for options in ((), ("--form", "nowhere")):
        result = run("score", study, *options, "-q")
        assert result.exit_code == 2
        assert "caoxian" in result.output
