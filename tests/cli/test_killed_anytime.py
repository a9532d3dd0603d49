"""Commands that are killed at any moment of the clock, not only as they write.

Each is begun in a process of its own over results that are there, and killed at a moment of
chance: afterwards every file under a final name is whole, all of them are of one run, and the next
run makes up for it. ``LARGE=1`` takes 60 moments of each, ``KILLS=9`` so many.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import openpyxl
import pytest
from tests.cli.verbs import VERBS

from lifecircle.batch.roster import read_roster
from lifecircle.batch.standing import finished, standing

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="killing needs processes")

LARGE = bool(os.environ.get("LARGE"))
MOMENTS = int(os.environ.get("KILLS") or (60 if LARGE else 1))
COMMANDS = ("assess", "review", "score", "site", "map", "export")


def chance_of(verb, number):
    """Return the chance of a moment, the same in every run."""
    return np.random.default_rng([number, *verb.encode()])


def killed(act, after):
    """Run ``act`` in a process that is killed so many seconds later; return whether it ended."""

    def run():
        act()
        os._exit(0)

    process = multiprocessing.get_context("fork").Process(target=run)
    process.start()
    process.join(after)
    process.kill()
    process.join()
    return process.exitcode == 0


def lasting(act):
    """Return how many seconds ``act`` takes in a process of its own."""
    begun = time.monotonic()
    assert killed(act, 600)
    return time.monotonic() - begun


@pytest.mark.one_in(4)
@pytest.mark.parametrize("command", COMMANDS)
def test_whatever_moment_it_is_the_files_are_whole_and_of_one_run(
    command, two_results, run, state_checks, tmp_path
):
    whole, of_one_run, shown = state_checks
    place, trial = tmp_path / "成果", tmp_path / "试"

    def act(which, where, *more):
        words = [word.format(home=two_results, which=which) for word in VERBS[command]]
        return run(*words, "--out", where, "-q", *more)

    assert act("old", place).exit_code in {0, 1}
    before = shown(place)
    shutil.copytree(place, trial)
    took = lasting(lambda: act("new", trial, "--replace"))
    after = shown(trial)
    for number in range(MOMENTS):
        shutil.rmtree(trial)
        shutil.copytree(place, trial)
        moment = chance_of(command, number).uniform(0, 1.1 * took)
        more = ("--replace",) if number % 2 else ()
        killed(lambda more=more: act("new", trial, *more), moment)
        told = command, number, moment
        whole(trial)
        for kept in trial.glob("以前的成果*"):  # a folder that says so of itself
            shutil.rmtree(kept)
        assert of_one_run(trial, before, after), told
        done = act("new", trial, "--replace")
        assert done.exit_code in {0, 1}, (told, done.output)
        assert shown(trial) == after, told


def test_a_ledger_is_the_old_or_the_new_one_whenever_a_copy_is_handed_back(
    make_study, run, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    text = make_study(stage="开门").read_text("utf-8")  # a word that check marks
    rows = (tmp_path / "设施.csv").read_text("utf-8").splitlines()
    book = openpyxl.Workbook()
    for row in rows:
        if row:
            book.active.append(row.split(","))
    ledger = tmp_path / "设施.xlsx"
    book.save(ledger)
    (tmp_path / "设施.csv").unlink()
    (tmp_path / "study.toml").write_text(text.replace("设施.csv", "设施.xlsx"), "utf-8")
    run("check", tmp_path, "--out", tmp_path / "检查", "-q")
    (copy,) = (tmp_path / "检查").glob("设施*.xlsx")
    marked = openpyxl.load_workbook(copy)
    marked.worksheets[-1]["B2"] = "改过的站"
    marked.save(copy)
    before = ledger.read_bytes()

    def act():
        return run("check", "--take", copy, tmp_path)

    def again():
        ledger.write_bytes(before)
        for backup in tmp_path.glob("设施-原件*"):
            backup.unlink()

    took = lasting(act)
    after = ledger.read_bytes()
    assert after != before
    for number in range(MOMENTS):
        again()
        moment = chance_of("take", number).uniform(0, 1.1 * took)
        killed(act, moment)
        assert ledger.read_bytes() in (before, after), (number, moment)
        backups = [file.read_bytes() for file in tmp_path.glob("设施-原件*")]
        assert ledger.read_bytes() == before or before in backups, (number, moment)
        assert set(backups) <= {before}, (number, moment)
        done = act()
        assert done.exit_code == 0, (number, moment, done.output)
        assert ledger.read_bytes() == after


BATCH = (
    "import lifecircle.batch.batch as b; b.has_dask = lambda: False; "
    "from lifecircle.cli import main; main()"
)


@pytest.mark.skipif(MOMENTS == 1, reason="a minute a moment: LARGE=1")
def test_a_batch_of_two_workers_that_is_killed_is_made_up_by_the_next(
    two_results, state_checks, tmp_path
):
    """Alone, so that its workers stay for the moment, or with them; the inputs changed before."""
    whole, _, shown = state_checks
    counties, out = tmp_path / "counties", tmp_path / "out"
    for name in "abc":
        shutil.copytree(two_results / "old", counties / name)

    def begin():
        words = [sys.executable, "-c", BATCH, "batch", str(counties), "--out", str(out)]
        return subprocess.Popen(  # noqa: S603 - our own program
            [*words, "--workers", "2", "-q"], start_new_session=True, stdout=subprocess.DEVNULL
        )

    def results(of):
        """County → its files, without what says of itself that it is of an earlier run."""
        files = {name: shown(of / name) for name in "abc"}
        aside = ("manifest.json", "以前的成果")
        return {
            n: {k: v for k, v in f.items() if not k.startswith(aside)} for n, f in files.items()
        }

    assert begin().wait(600) == 0
    place, before = shutil.copytree(out, tmp_path / "kept"), results(out)
    for name in "abc":
        shutil.copy(two_results / "new" / "小区.csv", counties / name / "小区.csv")
    now = {errand.name: standing(errand) for errand in read_roster(counties)}
    begun = time.monotonic()
    assert begin().wait(600) == 0
    took, after = time.monotonic() - begun, results(out)
    for number in range(max(1, MOMENTS // 4)):
        shutil.rmtree(out)
        shutil.copytree(place, out)
        chance = chance_of("batch", number)
        batch, moment = begin(), chance.uniform(0.2, 1.0) * took
        time.sleep(moment)
        alone = chance.random() < 0.5
        (os.kill if alone else os.killpg)(batch.pid, signal.SIGKILL)
        batch.wait()
        told = number, moment, alone
        if not alone:  # else the workers still write what they have
            whole(out)
            fresh = [name for name in "abc" if finished(name, out / name, now[name])]
            for name in "abc":
                mine = results(out)[name]
                assert mine.items() <= after[name].items() or mine.items() <= before[name].items()
                assert name not in fresh or mine == after[name], told
            record = json.loads((out / "batch.json").read_text("utf-8"))
            done = {one["name"] for one in record["counties"] if one["standing"] in now.values()}
            assert done <= set(fresh), told
        assert begin().wait(600) == 0, told
        for name in "abc":
            assert finished(name, out / name, now[name]), told
        assert results(out) == after, told
        sums = json.loads((out / "province" / "province.json").read_text("utf-8"))
        assert len(sums["counties"]) == 3
        assert not sums["others"]
