"""Two runs that write into one folder at the same moment: never files of both without a word."""

from __future__ import annotations

import errno
import io
import json
import multiprocessing
import os
import signal
import time

import pytest
from typer.testing import CliRunner

from lifecircle.batch import batch
from lifecircle.cli import app
from lifecircle.errors import BatchError, OutputError
from lifecircle.outputs import whole
from lifecircle.outputs.earlier import Earlier
from lifecircle.outputs.province.folder import withdraw_province
from lifecircle.outputs.sole import sole
from lifecircle.outputs.whole import whole_files

FILES = [f"{letter}.html" for letter in "abcdefghijkl"]
SUMS = ("province.xlsx", "province.html", "province.parquet", "province.json")
forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="killing needs a process of its own")


def forked(act, *args):
    process = multiprocessing.get_context("fork").Process(target=act, args=args)
    process.start()
    return process


@pytest.fixture
def speak(monkeypatch):
    """Return a function: language and words of a command → what comes of it."""
    monkeypatch.setenv("COLUMNS", "200")

    def run(language, *words):
        monkeypatch.setenv("LIFECIRCLE_LANG", language)
        return CliRunner().invoke(app, [str(word) for word in words])

    return run


@pytest.mark.parametrize(
    ("language", "told"),
    [("zh", "正由另一个 lifecircle batch 写入"), ("en", "Another lifecircle batch")],
)
def test_a_second_batch_is_refused_while_the_first_one_writes(
    counties, tmp_path, speak, language, told
):
    home, out = counties("a"), tmp_path / "各县成果"
    out.mkdir()
    (out / "batch.json").write_text("{}", encoding="utf-8")
    with sole(out) as alone:
        assert alone
        done = speak(language, "batch", home, "--out", out, "-q")
    assert done.exit_code == 2
    assert told in done.output.replace("\n", "")
    assert out.name in done.output
    assert [(p.name, p.read_text("utf-8")) for p in out.iterdir()] == [("batch.json", "{}")]


@forks
def test_a_run_that_was_killed_hinders_no_later_one(tmp_path):
    ready = multiprocessing.get_context("fork").Event()

    def hold():
        with sole(tmp_path):
            ready.set()
            signal.pause()

    process = forked(hold)
    assert ready.wait(30)
    with sole(tmp_path) as alone:
        assert not alone
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    with sole(tmp_path, 10) as alone:
        assert alone
        with sole(tmp_path) as second:
            assert not second
    assert not list(tmp_path.iterdir())


@forks
def test_files_of_two_runs_that_end_at_once_are_never_mixed(tmp_path, monkeypatch):
    """Each of three puts twelve files in place again and again, on a disk that takes its time."""
    place, move = tmp_path / "out", whole._move

    def slowly(source, target):
        time.sleep(0.001)
        move(source, target)

    monkeypatch.setattr(whole, "_move", slowly)

    def write(mine):
        for number in range(6):
            with whole_files(place, last=FILES[-1]) as part:
                for name in FILES:
                    (part / name).write_text(f"{mine} {number}", encoding="utf-8")
        os._exit(0)

    team = [forked(write, mine) for mine in range(3)]
    for process in team:
        process.join()
    assert [process.exitcode for process in team] == [0, 0, 0]
    said = {(place / name).read_text("utf-8") for name in FILES}
    assert len(said) == 1
    assert sorted(p.name for p in place.iterdir()) == FILES


@pytest.mark.parametrize("name", ["report.xlsx", "assessment.json"])
def test_a_file_that_nobody_may_even_read_is_named(tmp_path, monkeypatch, name):
    """Whether it would be lost cannot be told: it stays, and so do the others."""
    names = ("report.xlsx", "assessment.json")
    for one in names:
        (tmp_path / one).write_text("old", encoding="utf-8")
    real = io.open

    def opened(file, *args, **how):
        if str(file) == str(tmp_path / name):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(file))
        return real(file, *args, **how)

    monkeypatch.setattr(io, "open", opened)

    def write():
        with whole_files(tmp_path, last=names[-1], earlier=Earlier("zh")) as part:
            for one in names:  # of the same run, but for the file itself
                (part / one).write_text("new" if one == name else "old", encoding="utf-8")

    with pytest.raises(OutputError) as told:
        write()
    monkeypatch.undo()
    assert (told.value.place, told.value.refusal) == (tmp_path / name, "denied")
    assert {p.name: p.read_text("utf-8") for p in tmp_path.iterdir()} == dict.fromkeys(names, "old")


def test_one_whose_turn_does_not_come_says_so_and_writes_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr("lifecircle.outputs.whole._TURN_S", 0.1)
    (tmp_path / "a.html").write_text("old", encoding="utf-8")
    with sole(tmp_path), pytest.raises(OutputError) as told, whole_files(tmp_path) as part:
        (part / "a.html").write_text("new", encoding="utf-8")
    assert (told.value.place, told.value.refusal) == (tmp_path, "denied")
    assert [(p.name, p.read_text("utf-8")) for p in tmp_path.iterdir()] == [("a.html", "old")]


@pytest.mark.usefixtures("put_down")
def test_nothing_is_taken_away_for_workers_that_cannot_be_reached(
    here, counties, tmp_path, monkeypatch, speak
):
    home, out = counties("a"), tmp_path / "out"
    sums = out / "province"
    sums.mkdir(parents=True)
    for name in SUMS:
        (sums / name).write_text("earlier", encoding="utf-8")

    class Nobody(here):
        def reach(self):
            raise BatchError("no_scheduler", address="tcp://10.0.0.5:8786")

    monkeypatch.setattr(batch, "choose_engine", lambda *_: Nobody())
    done = speak("zh", "batch", home, "--out", out, "--scheduler", "tcp://10.0.0.5:8786", "-q")
    assert done.exit_code == 2
    assert "tcp://10.0.0.5:8786" in done.output
    assert {p.name: p.read_text("utf-8") for p in sums.iterdir()} == dict.fromkeys(SUMS, "earlier")
    assert not (out / "batch.json").exists()


@pytest.mark.parametrize("name", SUMS)
def test_sums_of_which_one_file_is_open_elsewhere_are_taken_away_whole_or_not(
    tmp_path, locked, name
):
    for one in SUMS:
        (tmp_path / one).write_text(json.dumps(one), encoding="utf-8")
    with pytest.raises(OutputError) as told:
        locked(tmp_path / name, lambda: withdraw_province(tmp_path))
    assert (told.value.place, told.value.refusal) == (tmp_path / name, "denied")
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(SUMS)
    withdraw_province(tmp_path)
    assert not list(tmp_path.iterdir())
    withdraw_province(tmp_path / "none")
    assert not (tmp_path / "none").exists()
