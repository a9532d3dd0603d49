"""No file that is moved, replaced or removed is open in our own hands: Windows refuses that.

Looked at where the system tells what a process holds: open files and files mapped into memory.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from functools import partial
from pathlib import Path

import openpyxl
import pytest
from tests.cli.verbs import VERBS

from lifecircle.batch.batch import run_batch
from lifecircle.batch.county import run_county
from lifecircle.batch.province import gather_province
from lifecircle.batch.roster import read_roster
from lifecircle.outputs.province.folder import write_province

HELD = Path("/proc/self/fd")
MAPPED = Path("/proc/self/maps")

pytestmark = pytest.mark.skipif(not HELD.exists(), reason="the system does not tell what is open")

LOCK = ".lifecircle.lock"
"""Removed while it is held where that is allowed, and only there (``outputs.sole``)."""
COMMANDS = {verb: words for verb, words in VERBS.items() if verb != "sheets"} | {
    "check": ("check", "{home}/{which}"),
}


def held():
    """Return the files that this process holds open or has mapped."""
    found = set()
    for number in HELD.iterdir():
        with suppress(OSError):  # what listed them
            found.add(str(number.readlink()))
    for line in MAPPED.read_text("utf-8", "replace").splitlines():
        parts = line.split(maxsplit=5)
        found.update(parts[5:])
    return {path for path in found if os.path.isfile(path)}  # noqa: PTH113 - at every step


def touched(event, args):
    """Return the paths that an operation takes away or puts in place."""
    if event == "os.rename":
        return [str(Path(os.fsdecode(path)).absolute()) for path in args[:2]]
    if event in {"os.remove", "os.rmdir"}:
        folder = args[1] if len(args) > 1 and isinstance(args[1], int) and args[1] >= 0 else None
        home = Path.cwd() if folder is None else (HELD / str(folder)).readlink()
        return [str(home / os.fsdecode(args[0]))]
    return []


@pytest.fixture
def closed(watched):
    """Return a function: act → what it returns, and what was open as it was moved."""

    def during(act):
        wrong = []

        def look(event, args):
            paths = touched(event, args)
            mine = held() if paths else ()
            for path in paths:
                wrong.extend(
                    (event, path, one)
                    for one in mine
                    if (one == path or one.startswith(path + os.sep)) and not one.endswith(LOCK)
                )

        return watched(act, look), wrong

    return during


def test_what_is_open_is_seen(closed, tmp_path):
    """This test would notice."""
    file = tmp_path / "a.json"
    file.write_text("x", encoding="utf-8")

    def act():
        with file.open():
            file.rename(tmp_path / "b.json")

    assert [one[0] for one in closed(act)[1]] == ["os.rename"]
    file.write_text("x", encoding="utf-8")
    assert closed(lambda: shutil.rmtree(tmp_path))[1] == []


@pytest.mark.one_in(4)
@pytest.mark.parametrize("command", COMMANDS)
def test_results_take_their_places_with_nothing_open(command, two_results, run, closed, tmp_path):
    place = tmp_path / "成果"

    def act(which, *more):
        words = [word.format(home=two_results, which=which) for word in COMMANDS[command]]
        return run(*words, "--out", place, "-q", *more)

    for turn in (partial(act, "old"), partial(act, "new"), partial(act, "old", "--replace")):
        if command == "check" and turn.args[1:]:
            continue
        done, wrong = closed(turn)
        assert done.exit_code in {0, 1}, done.output
        assert wrong == []


def test_a_ledger_is_not_open_as_its_corrections_take_its_place(
    make_study, run, closed, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    text = make_study(stage="开门").read_text("utf-8")  # a word that check marks
    rows = (tmp_path / "设施.csv").read_text("utf-8").splitlines()
    book = openpyxl.Workbook()
    for row in rows:
        if row:
            book.active.append(row.split(","))
    book.save(tmp_path / "设施.xlsx")
    (tmp_path / "设施.csv").unlink()
    (tmp_path / "study.toml").write_text(text.replace("设施.csv", "设施.xlsx"), "utf-8")
    _, wrong = closed(lambda: run("check", tmp_path, "--out", tmp_path / "检查", "-q"))
    assert wrong == []
    (copy,) = (tmp_path / "检查").glob("设施*.xlsx")
    marked = openpyxl.load_workbook(copy)
    marked.worksheets[-1]["B2"] = "改过的站"
    marked.save(copy)
    done, wrong = closed(lambda: run("check", "--take", copy, tmp_path))
    assert (done.exit_code, wrong) == (0, [])


class Here:
    """An engine that judges in this very process."""

    died = 0

    def reach(self):
        pass

    def run(self, errands, order):
        return (run_county(errand, order) for errand in errands)


def test_counties_and_their_sums_take_their_places_with_nothing_open(two_results, closed, tmp_path):
    counties, out = tmp_path / "counties", tmp_path / "out"

    def act():
        errands = read_roster(counties)
        runs = run_batch(errands, out, Here())
        province = gather_province(out, runs, "zh", {one.name: one.study for one in errands})
        write_province(province, out / "province", "zh")
        return [str(one.state) for one in runs]

    for which in ("old", "new"):
        shutil.copytree(two_results / which, counties / "a", dirs_exist_ok=True)
        states, wrong = closed(act)
        assert (states, wrong) == (["done"], [])


def test_streets_that_are_kept_are_not_mapped_as_they_are_let_go(closed, tmp_path, monkeypatch):
    import numpy as np  # noqa: PLC0415 - of this one alone

    from lifecircle.keeping.arrays import DamagedError  # noqa: PLC0415
    from lifecircle.keeping.folder import keep, kept  # noqa: PLC0415

    monkeypatch.setenv("LIFECIRCLE_CACHE", str(tmp_path / "cache"))
    arrays = {"numbers": np.arange(10_000.0)}

    def refused(found):
        found.arrays["numbers"].sum()
        raise DamagedError("of another kind")

    def act():
        assert keep("a", {}, arrays)
        assert kept("a", lambda found: float(found.arrays["numbers"].sum())) > 0
        assert kept("a", refused) is None
        assert keep("a", {}, arrays)

    assert closed(act)[1] == []
