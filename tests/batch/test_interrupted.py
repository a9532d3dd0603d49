"""Ctrl-C as a terminal sends it: to a real program, its workers and all."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from types import SimpleNamespace

import pytest
from pydantic_core import SchemaError

from lifecircle.batch import county
from lifecircle.batch.county import Order, run_county
from lifecircle.batch.pool import _end, _work, _Worker
from lifecircle.batch.roster import read_roster
from lifecircle.batch.standing import finished, standing
from lifecircle.cli import app
from lifecircle.cli.shell.failures import guarded
from lifecircle.outputs.whole import whole_files
from lifecircle.texts import say

pytestmark = pytest.mark.skipif(os.name == "nt", reason="no process groups to signal on Windows")

BEGIN = "from lifecircle.__main__ import main; main()"
WITHOUT_DASK = "import lifecircle.batch.batch as b; b.has_dask = lambda: False; "
LONGEST_S = 240
LARGE = bool(os.environ.get("LARGE"))
PATIENCE = [(0.0,), (0.02, 0.02), (0.1,), (0.5,)] if LARGE else [(0.05,)]
"""Seconds between presses of Ctrl-C."""


@pytest.fixture(autouse=True)
def heard():
    """Let what is started here hear Ctrl-C, as from a terminal.

    A shell lets what it starts in the background ignore it, and all that this starts in turn.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def interrupted(arguments, begun, *, before="", again=()):
    """Run the program, press Ctrl-C once ``begun()`` is true; return code and output.

    ``again``: seconds after each of which it is pressed once more.
    """
    program = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", before + BEGIN, *arguments],
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    latest = time.monotonic() + LONGEST_S
    try:
        while not begun():
            assert program.poll() is None, program.communicate()[0]
            assert time.monotonic() < latest
            time.sleep(0.02)
        os.killpg(program.pid, signal.SIGINT)
        for seconds in again:
            time.sleep(seconds)
            with suppress(ProcessLookupError):  # ended by now
                os.killpg(program.pid, signal.SIGINT)
        said, _ = program.communicate(timeout=LONGEST_S)
    finally:
        if program.poll() is None:
            os.killpg(program.pid, signal.SIGKILL)
            program.communicate()
    return program.returncode, said


def states(out):
    """Return what the record says of every county, empty where it is not written yet."""
    try:
        record = json.loads((out / "batch.json").read_text("utf-8"))
    except FileNotFoundError:
        return {}
    return {one["name"]: one["state"] for one in record["counties"]}


@pytest.mark.parametrize("engine", ["processes", "dask"] if LARGE else ["dask"])
def test_what_is_finished_stays_and_the_rest_is_told_as_left(counties, tmp_path, engine):
    if engine == "dask":
        pytest.importorskip("distributed")
    home, out = counties("a", "b", "c"), tmp_path / "out"
    code, said = interrupted(
        ["batch", str(home), "--out", str(out), "--workers", "1"],
        lambda: "done" in states(out).values(),
        before=WITHOUT_DASK if engine == "processes" else "",
    )
    assert code == 130
    assert "Traceback" not in said
    told = states(out)
    assert sorted(told) == ["a", "b", "c"]
    assert set(told.values()) == {"done", "left"}
    for errand in read_roster(home):
        # a county is whole and told as done, or it has no result under its name at all
        whole = finished(errand.name, out / errand.name, standing(errand))
        assert whole or told[errand.name] == "left"
        assert whole or not (out / errand.name / "assessment.json").exists()
    sums = json.loads((out / "province" / "province.json").read_text("utf-8"))
    left = {one["name"]: one["state"] for one in sums["others"]}
    assert left == {name: state for name, state in told.items() if state != "done"}
    assert len(sums["counties"]) == len(told) - len(left)


@pytest.mark.parametrize("engine", ["processes", "dask"] if LARGE else ["processes"])
@pytest.mark.parametrize("again", PATIENCE)
def test_a_second_press_ends_it_at_once_and_loses_nothing(counties, tmp_path, engine, again):
    """Whoever presses twice does not wait for the sums, and the next run makes up for them."""
    if engine == "dask":
        pytest.importorskip("distributed")
    home, out = counties("a", "b"), tmp_path / "out"
    words = ["batch", str(home), "--out", str(out), "--workers", "1"]
    before = WITHOUT_DASK if engine == "processes" else ""
    code, said = interrupted(
        words, lambda: "done" in states(out).values(), before=before, again=again
    )
    assert code == 130, said
    assert "Traceback" not in said
    told = states(out)
    assert set(told.values()) <= {"done", "left"}
    for errand in read_roster(home):
        whole = finished(errand.name, out / errand.name, standing(errand))
        assert whole or told[errand.name] == "left"
        assert whole or not (out / errand.name / "assessment.json").exists()
    sums = out / "province" / "province.json"
    if sums.exists():
        assert len(json.loads(sums.read_text("utf-8"))["counties"]) <= len(told)
    program = [sys.executable, "-c", before + BEGIN, *words, "-q"]
    done = subprocess.run(program, capture_output=True, check=False, timeout=LONGEST_S)  # noqa: S603
    assert done.returncode == 0, done.stderr.decode("utf-8")
    assert set(states(out).values()) == {"done"}


def test_an_assessment_that_is_stopped_leaves_nothing_under_its_name(counties, tmp_path):
    study, out = counties("a") / "a", tmp_path / "out"
    code, said = interrupted(
        ["assess", str(study), "--out", str(out)],
        lambda: out.exists() and any(out.rglob("*.xlsx")),
    )
    assert code == 130
    assert "Traceback" not in said
    assert not [file for file in out.rglob("*") if file.is_file()]


def turned_into_its_own():
    """Press Ctrl-C inside a library that makes an error of its own of it."""
    with suppress(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    raise SchemaError("Error building a validator")


@pytest.mark.usefixtures("put_down")
@pytest.mark.parametrize("again", [False, True])
def test_a_press_that_a_library_makes_an_error_of_is_a_press(
    here, counties, tmp_path, monkeypatch, capsys, again
):
    home, out = counties("a", "b"), tmp_path / "out"

    class Pressed(here):
        def run(self, errands, order):
            yield run_county(errands[0], order)
            turned_into_its_own()

    monkeypatch.setenv("LIFECIRCLE_LANG", "en")
    monkeypatch.setattr("lifecircle.batch.batch.choose_engine", lambda *_: Pressed())
    if again:
        gather = "lifecircle.batch.province.gather_province"
        monkeypatch.setattr(gather, lambda *_: turned_into_its_own())
    else:
        monkeypatch.setattr("lifecircle.outputs.province.folder.write_province", lambda *_: {})
        gathered = SimpleNamespace(counted_twice=())
        monkeypatch.setattr("lifecircle.batch.province.gather_province", lambda *_: gathered)
    with pytest.raises(SystemExit) as leaving:
        guarded(lambda: app(["batch", str(home), "--out", str(out), "-q"]))
    assert leaving.value.code == 130
    assert sorted(states(out).values()) == ["done", "left"]
    said = capsys.readouterr().err
    assert "SchemaError" not in said
    assert (say("cli", "failure.stopped", "en") in said) == again  # else the summary says it


def test_a_worker_that_is_ended_puts_away_what_it_has_half_written(counties, tmp_path, monkeypatch):
    errands, out = read_roster(counties("a")), tmp_path / "out"

    def half(errand, order, _log):
        with whole_files(order.home / errand.name) as part:
            (part / "assessment.json").write_text("{", encoding="utf-8")
            time.sleep(LONGEST_S)

    monkeypatch.setattr(county, "_judged", half)
    context = multiprocessing.get_context("fork")  # it takes what is patched with it
    mine, its = context.Pipe()
    worker = context.Process(target=_work, args=(its, Order(out, "run"), None), daemon=True)
    worker.start()
    mine.send(errands[0])
    latest = time.monotonic() + LONGEST_S
    while not list(out.glob("a/.*/new/assessment.json")):
        assert time.monotonic() < latest
        time.sleep(0.02)
    _end([_Worker(worker, mine, errands[0])])
    assert worker.exitcode == 0  # it went by itself
    assert not list(out.glob("a/.*"))
