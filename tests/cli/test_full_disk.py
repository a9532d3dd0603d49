"""A disk that is full, or may not be written to, at any write of any command that writes results.

Whatever the system refuses – a folder, a file, a byte of it, its place –, the earlier results stand
as they were, nothing half-written is left, and what happened is said in a planner's words. Of each
kind of operation the first and the last are refused; ``EVERY_WRITE=1`` refuses every one, with
every reason, ``EVERY_WRITE=78`` those from the 78th on of the first turn and all of the second;
``MADE_ANEW=1`` makes every file anew.
"""

from __future__ import annotations

import errno
import importlib
import os
import shutil
import subprocess
from contextlib import contextmanager
from functools import partial
from types import SimpleNamespace

import pytest
from matplotlib.figure import Figure
from tests.cli.verbs import VERBS

from lifecircle.cli.console import shown_path
from lifecircle.cli.shell.failures import failure_text
from lifecircle.errors import OutputError
from lifecircle.outputs import COMPARISONS, OUTPUTS
from lifecircle.outputs.whole import whole_file, whole_files

EVERY = int(os.environ.get("EVERY_WRITE") or 0)
ANEW = bool(os.environ.get("MADE_ANEW"))
REASONS = {
    errno.ENOSPC: "磁盘空间不足",
    errno.EROFS: "只读",
    errno.EACCES: "无权写入",
    errno.EDQUOT: "磁盘空间不足",
    errno.EIO: "没有让写入",
}


def first(*args):
    """Return what tells the first arguments of these tests apart."""
    return str(args[0])


def households(study, *_):
    return float(study.residential.frame["households"].iloc[0])


MADE = (  # what is made once: study, result, opinion, plan, comparison, form
    ("lifecircle.intake", "read_study", first),
    ("lifecircle.outputs", "read_assessment", first),
    ("lifecircle.cli.map_sheets", "result_of", first),
    ("lifecircle.cli.handing.report", "result_of", first),
    ("lifecircle.assessing.assess", "assess", households),
    ("lifecircle.scoring.score", "score", households),
    ("lifecircle.siting.planning", "site", households),
    ("lifecircle.reviewing.review", "review", lambda _, proposal: proposal.name),
    ("lifecircle.comparing.compare", "compare", lambda *both: tuple(map(id, both))),
)
WRITTEN = (  # functions (result, path): written once, then the same bytes
    *(place[1:] for name, place in OUTPUTS.items() if name not in {"rectification", "gpkg"}),
    *(place[1:] for place in COMPARISONS.values()),
    ("lifecircle.outputs.report.papers", "write_report"),
    ("lifecircle.outputs.report.papers", "write_summary"),
    ("lifecircle.outputs.report.papers", "write_chapter"),
    ("lifecircle.outputs.form.book", "write_score_book"),
)
TABLES = ("lifecircle.outputs.opinion.folder", "lifecircle.outputs.sites.folder")
"""Modules with a table of such functions."""


def made_once(make, key):
    known = {}

    def once(*args, **how):
        if key(*args) not in known:
            known[key(*args)] = args, make(*args, **how)  # while it is kept its id is its own
        return known[key(*args)][1]

    return once


def written_once(write):
    known = {}

    def once(result, path, **how):
        if id(result) not in known:
            write(result, path, **how)
            known[id(result)] = result, path.read_bytes()
        else:
            with whole_file(path) as part, part.open("wb") as stream:
                stream.write(known[id(result)][1])
        return path

    return once


class Blank:
    """Draws sheets of the size of a stamp with nothing but the households of the study."""

    def __init__(self, assessment, *_):
        self._told = str(assessment.layers["residential"]["households"].iloc[0])

    def lists(self, *_):
        return ()

    def sheet(self, *_, **__):
        figure = Figure(figsize=(1, 1))
        figure.text(0, 0, self._told)
        return SimpleNamespace(figure=figure)


@contextmanager
def no_font(*_):
    yield SimpleNamespace(name="", replaced=())


@pytest.fixture(scope="module", autouse=True)
def once():
    """What is looked at here is how files take their places: what they say is made once."""
    with pytest.MonkeyPatch.context() as patch:
        for module, name, key in () if ANEW else MADE:
            home = importlib.import_module(module)
            patch.setattr(home, name, made_once(getattr(home, name), key))
        for module, name in () if ANEW else WRITTEN:
            home = importlib.import_module(module)
            patch.setattr(home, name, written_once(getattr(home, name)))
        for module in () if ANEW else TABLES:
            table = importlib.import_module(module)._WRITERS
            for name, write in list(table.items()):
                patch.setitem(table, name, written_once(write))
        if not ANEW:
            patch.setattr("lifecircle.outputs.sheets.draw.Drawing", Blank)
            patch.setattr("lifecircle.outputs.sheets.draw.open_font", no_font)
        yield


def stops_of(seen, turn):
    """Return the numbers of the first and the last operation of each kind, or of all."""
    if EVERY:
        return list(range(0 if turn else EVERY - 1, len(seen)))
    kinds = [kind for kind, _ in seen]
    last = len(kinds) - 1 - kinds[::-1].index("os.rename")
    some = {kinds.index(kind) for kind in kinds} | {last, last - 1}
    return sorted(some)[turn::2]


@pytest.mark.one_in(4)
@pytest.mark.parametrize("command", VERBS)
def test_what_cannot_be_written_leaves_the_earlier_results(
    command, two_results, run, on_disk, state_checks, tmp_path
):
    *_, shown = state_checks
    place = tmp_path / "某县成果"

    def act(which="new", *more):
        words = [word.format(home=two_results, which=which) for word in VERBS[command]]
        return run(*words, "--out", place, "-q", *more)

    def again():
        shutil.rmtree(place)
        shutil.copytree(kept, place)

    assert act("old").exit_code == 0
    before, kept = shown(place), shutil.copytree(place, tmp_path / "kept")
    for turn, anew in enumerate((partial(act, "new"), partial(act, "new", "--replace"))):
        again()
        done, seen = on_disk(place, anew)
        assert done.exit_code == 0
        after = shown(place)
        for stop in stops_of(seen, turn):
            for number in REASONS if EVERY else (list(REASONS)[stop % len(REASONS)],):
                again()
                done, _ = on_disk(place, anew, stop, number)
                told = seen[stop], number, done.output
                if seen[stop][0] == "os.mkdir" and done.exit_code == 0:
                    continue  # the folder is there
                assert done.exit_code == 2, told
                assert REASONS[number] in done.output, told
                assert place.name in done.output, told
                assert "以前的文件原样保留" in done.output, told
                assert shown(place) == before, told
                assert not [p for p in place.parent.rglob("*") if p.name.startswith(".")], told
        assert anew().exit_code == 0  # and the next run is not hindered
        assert shown(place) == after


OPEN_ELSEWHERE = {"zh": "请关闭该文件", "en": "Close it"}


def held_of(before):
    """Return some files that a planner may have open, or all."""
    names = sorted(before)
    office = [name for name in names if name.endswith((".xlsx", ".docx"))]
    return names if EVERY else sorted({names[0], names[-1], *office[:1], *office[-1:]})


@pytest.mark.parametrize("command", VERBS)
def test_a_file_that_is_open_elsewhere_is_named_and_nothing_is_swapped(
    command, two_results, run, locked, state_checks, tmp_path
):
    """As Excel and WPS hold it on Windows, whichever file of the results it is."""
    *_, shown = state_checks
    place = tmp_path / "某县成果"

    def act(which, *more):
        words = [word.format(home=two_results, which=which) for word in VERBS[command]]
        return run(*words, "--out", place, "-q", *more)

    assert act("old").exit_code == 0
    before = shown(place)
    for number, name in enumerate(held_of(before)):
        language = ("zh", "en")[number % 2]
        more = () if number % 2 else ("--replace",)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("LIFECIRCLE_LANG", language)
            done = locked(place / name, partial(act, "new", *more))
        told = done.output.replace("\n", "")
        assert done.exit_code == 2, (name, told)
        assert name in told, (name, told)
        assert "WPS" in told, (name, told)
        assert OPEN_ELSEWHERE[language] in told, (name, told)
        assert shown(place) == before, name
        assert not [p for p in place.parent.rglob("*") if p.name.startswith(".")], name
    assert act("new", "--replace").exit_code == 0  # and the next run is not hindered


def test_sheets_are_whole_or_absent_whenever_map_is_killed(
    two_results, run, moments, state_checks, tmp_path
):
    whole, of_one_run, shown = state_checks
    place = tmp_path / "图纸"

    def act(which):
        chosen = ("--pdf", "--single", "--only", "gap", "--out", place, "--replace", "-q")
        return run("map", two_results / f"{which}-out", *chosen)

    assert act("old").exit_code == 0
    old = shown(place)
    states = moments(place, lambda: act("new"))
    new = shown(states[-1])
    assert len(new) == 2
    assert old.keys() == new.keys()
    for state in states:
        whole(state)
        for name, content in shown(state).items():
            assert content in {old[name], new[name]}
            assert content.rstrip().endswith(b"%%EOF")
    assert of_one_run(states[-1], old, new) == [1]


def test_a_library_that_fails_once_more_on_a_full_disk_hides_nothing(tmp_path):
    """Its second error arrives; what the system said is behind it."""
    path = tmp_path / "a.pdf"

    def closed_badly():
        try:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        finally:
            raise ValueError("inconsistent stream state")

    with pytest.raises(OutputError) as told, whole_file(path):
        closed_badly()
    assert (told.value.place, told.value.refusal) == (path, "full")
    with pytest.raises(ValueError, match="ours"), whole_file(path):
        raise ValueError("ours")
    with pytest.raises(OutputError) as told, whole_files(tmp_path / "b"):
        closed_badly()
    assert (told.value.place, told.value.refusal) == (tmp_path / "b", "full")


@contextmanager
def small_disk(at, kib):
    """A real disk of so many KiB; skipped where none may be mounted."""
    at.mkdir()
    mount = shutil.which("mount")
    command = [mount or "mount", "-t", "tmpfs", "-o", f"size={kib}k", "tmpfs", str(at)]
    try:
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no disk may be mounted here")
    try:
        yield at
    finally:
        subprocess.run([shutil.which("umount") or "umount", "-l", str(at)], check=True)  # noqa: S603


@pytest.mark.parametrize("room_kib", [16, 300])
def test_a_disk_that_is_really_full_is_said_and_nothing_is_lost(
    two_results, run, state_checks, tmp_path, room_kib
):
    whole, _, shown = state_checks
    before = shown(two_results / "old-out")
    stands = sum(-(-len(content) // 4096) * 4 for content in before.values())
    with small_disk(tmp_path / "disk", stands + room_kib) as disk:
        place = shutil.copytree(two_results / "old-out", disk / "out")
        done = run("assess", two_results / "new", "--out", place, "-q")
        assert done.exit_code == 2, done.output
        assert "空间" in done.output
        assert shown(place) == before
        whole(place)


def test_a_disk_that_fails_for_good_loses_no_former_file_and_says_where_it_is(tmp_path, on_disk):
    """From any operation on nothing can be moved any more, not even back."""

    def act():
        try:
            with whole_files(place, last="b.json") as part:
                for name in ("a.html", "b.json"):
                    (part / name).write_text("new", encoding="utf-8")
        except OutputError as error:
            return error
        return None

    place, stop, told = tmp_path / "out", 0, set()
    while True:
        place.mkdir()
        for name in ("a.html", "b.json"):
            (place / name).write_text("old", encoding="utf-8")

        error, _ = on_disk(place, act, stop, errno.EROFS, lasting=True)
        if error is None:
            break
        old = sorted(
            file.name for file in place.rglob("*.*") if file.is_file() and file.read_text() == "old"
        )
        assert old == ["a.html", "b.json"]
        stands = [(place / name).exists() and (place / name).read_text() for name in old]
        if error.aside is None:
            assert stands == ["old", "old"], stop
        else:
            assert (error.aside / "b.json").read_text() == "old"
            assert not (place / "b.json").exists()  # what stands is no result
            assert shown_path(error.aside) in failure_text(error).replace("\n", "")
        told.add(error.aside is None)
        shutil.rmtree(place)
        stop += 1
    assert told == {True, False}
    assert [(place / name).read_text() for name in ("a.html", "b.json")] == ["new", "new"]
