"""A command that is killed at any moment leaves whole files, of the old run or of the new one."""

from __future__ import annotations

import importlib
import multiprocessing
import os
import shutil
import signal

import pytest

from lifecircle.errors import AssessmentFormatError
from lifecircle.outputs import read_assessment


def households(study):
    """Return what tells the studies of this module apart."""
    return float(study.residential.frame["households"].iloc[0])


def remembered(make, key):
    """Return ``make``, which makes what it is asked for once."""
    known = {}

    def once(of, *args, **how):
        if key(of) not in known:
            known[key(of)] = of, make(of, *args, **how)  # while it is kept its id is its own
        return known[key(of)][1]

    return once


@pytest.fixture(scope="module", autouse=True)
def made_once():
    """The same study is judged, read, and made a page and a chapter of, once.

    What is looked at here is how files take their places, which is left as it is.
    """
    places = (
        ("lifecircle.assessing.assess", "assess", households),
        ("lifecircle.cli.map_sheets", "result_of", str),
        ("lifecircle.outputs.report.page.document", "render_report", id),
        ("lifecircle.outputs.report.chapter.document", "chapter_bytes", id),
    )
    with pytest.MonkeyPatch.context() as patch:
        for module, name, key in places:
            home = importlib.import_module(module)
            patch.setattr(home, name, remembered(getattr(home, name), key))
        yield


@pytest.fixture(scope="module")
def runs(tmp_path_factory, speaking, study_in):
    """Two runs of a study that was changed between them: study, results of both."""
    home = tmp_path_factory.mktemp("runs")
    study = study_in(home)
    for name, households in (("old", "200"), ("new", "900")):
        study_in(home, households=households)
        done = speaking("assess", study, "--out", home / name, "-q")
        assert done.exit_code in {0, 1}, done.output
    return study, home / "old", home / "new"


@pytest.fixture
def place(runs, tmp_path):
    """A copy of the old results, in which the new ones are to be written."""
    return shutil.copytree(runs[1], tmp_path / "out")


_READ = {}


def read(folder):
    """Return the households of the one area of a result; None where it is refused with a reason.

    Folders with the same files to read from are read once.
    """
    files = {p.name: p.read_bytes() for p in folder.iterdir() if p.suffix in {".json", ".gpkg"}}
    key = frozenset(files.items())
    if key not in _READ:
        try:
            found = read_assessment(folder, "en")
        except AssessmentFormatError:
            _READ[key] = None
        else:
            _READ[key] = float(found.layers["residential"]["households"].iloc[0])
    return _READ[key]


@pytest.mark.parametrize("more", [(), ("--replace",)])
def test_results_are_of_one_run_whenever_assess_is_killed(
    runs, place, run, moments, state_checks, more
):
    whole, of_one_run, shown = state_checks
    study, *both = runs
    old, new = map(shown, both)
    states = moments(place, lambda: run("assess", study, "--out", place, "-q", *more))
    told = [read(state) for state in states]
    assert told[0] == 200.0
    assert told[-1] == 900.0
    assert len(states) > len(new)
    for state, households in zip(states, told, strict=True):
        whole(state)
        for kept in state.glob("以前的成果*"):  # a folder that says so of itself
            shutil.rmtree(kept)
        mine = of_one_run(state, old, new)
        if households is not None:
            assert mine == [[200.0, 900.0].index(households)]
            assert shown(state).keys() == new.keys()
    if more:  # the next run makes up for a killed one
        broken = next(state for state in states if read(state) is None)
        run("assess", study, "--out", broken, "-q", *more)
        assert shown(broken) == new


def test_a_map_page_is_whole_or_absent_whenever_map_is_killed(
    runs, place, run, moments, state_checks
):
    whole, of_one_run, shown = state_checks
    before = (place / "map.html").read_bytes()
    (place / "map.html").write_bytes(before.replace(b"<html", b"<!-- mine --><html", 1))
    mine = shown(place)
    states = moments(place, lambda: run("map", place, "--replace", "-q"))
    for state in states:
        whole(state)
        of_one_run(state, mine, shown(runs[1]))
        assert read(state) == 200.0
    assert (states[-1] / "map.html").read_bytes() == before


PAPERS = (
    ("report",),
    ("export", "--schedule", "--evidence", "--csv", "--shapefile"),
)


@pytest.mark.parametrize("verb", PAPERS, ids=lambda verb: verb[0])
def test_papers_are_whole_or_absent_whenever_they_are_killed(
    place, run, moments, state_checks, verb
):
    """Those of the run before are there; each moment has whole files, of the one or the other."""
    whole, _, shown = state_checks
    name, *chosen = verb
    home = place if name == "report" else place / "handover"
    assert run(name, place, *chosen, "--replace", "-q").exit_code == 0
    wanted = shown(home)
    papers = {"report.html", "report.docx", "summary.docx"}
    for path in home.rglob("*"):  # as another run left them
        if path.is_file() and (name != "report" or path.name in papers):
            path.write_bytes(path.read_bytes() + b"earlier")
    former = shown(home)
    states = moments(home, lambda: run(name, place, *chosen, "--replace", "-q"))
    assert len(states) > 3
    for state in states:
        for file, content in shown(state).items():
            assert content in {former.get(file), wanted.get(file)}, file
    assert shown(states[-1]) == wanted
    whole(states[-1])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="killing needs a process of its own")
def test_a_process_that_is_killed_leaves_what_was_seen(runs, place, run, watched, state_checks):
    whole, of_one_run, shown = state_checks
    study, *both = runs

    def killed():
        def stop(event, args):  # as its last file but one takes its place
            if event == "os.rename" and str(args[1]) == str(place / "assessment.json"):
                os.kill(os.getpid(), signal.SIGKILL)

        watched(lambda: run("assess", study, "--out", place, "-q", "--replace"), stop)
        os._exit(0)

    process = multiprocessing.get_context("fork").Process(target=killed)
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    whole(place)
    assert of_one_run(place, *map(shown, both)) == [1]
    assert read(place) is None
