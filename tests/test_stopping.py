"""Being asked to stop: whenever and wherever it is, nothing is half done and no fault is told."""

from __future__ import annotations

import ast
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
import typer
from pydantic_core import SchemaError, SchemaValidator

from lifecircle import stopping
from lifecircle.cli.shell.failures import FAULT, guarded
from lifecircle.keeping.arrays import write_arrays
from lifecircle.outputs.earlier import Earlier
from lifecircle.outputs.sole import sole
from lifecircle.outputs.whole import whole_file, whole_files, whole_folder
from lifecircle.sources.tables.files import read_feature_tables, read_tables
from lifecircle.texts import say

STOPPED = 130


@pytest.fixture(autouse=True)
def _heard(monkeypatch):
    """Hear Ctrl-C as from a terminal: a shell lets what it starts in the background ignore it."""
    monkeypatch.setenv("LIFECIRCLE_LANG", "en")
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    signal.signal(signal.SIGINT, before)


def press(number=signal.SIGINT):
    signal.raise_signal(number)


def left(run):
    """Return the exit code with which the command line is left."""
    with pytest.raises(SystemExit) as leaving:
        guarded(run)
    return leaving.value.code


class Pressing:
    """Something that a library asks, inside, when Ctrl-C is pressed."""

    def __repr__(self):
        press()
        return ""


def built():
    """Build a validator as pydantic does: Ctrl-C inside comes out as an error of its own."""
    SchemaValidator({"type": "literal", "expected": [Pressing()]})


def swallowed(number=signal.SIGINT):
    with suppress(BaseException):  # as libraries do
        press(number)


def swallowed_and(error):
    def run():
        swallowed()
        raise error

    return run


def turned():
    try:
        press()
    except KeyboardInterrupt:
        raise ValueError("a library's own") from None


def test_pydantic_turns_ctrl_c_into_an_error_that_says_nothing_of_it():
    with pytest.raises(SchemaError) as told:
        built()
    assert (told.value.__cause__, told.value.__context__) == (None, None)


@pytest.mark.parametrize(
    "run",
    [
        press,
        built,
        turned,
        swallowed_and(ZeroDivisionError()),
        swallowed_and(MemoryError()),
        swallowed_and(OSError(28, "No space left on device", "a.xlsx")),
        swallowed_and(typer.Exit(2)),  # the data refused: who knows
        swallowed_and(SystemExit(1)),
        swallowed_and(typer.Abort()),
        swallowed_and(BrokenPipeError()),
    ],
)
def test_whatever_comes_of_ctrl_c_is_the_end_that_was_asked_for(run, capsys):
    assert left(run) == STOPPED
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", say("cli", "failure.stopped", "en") + "\n")


@pytest.mark.parametrize(
    ("error", "code"),
    [(ZeroDivisionError(), FAULT), (SchemaError("x"), FAULT), (SystemExit(2), 2)],
)
def test_without_it_a_fault_is_a_fault_and_a_refusal_is_one(error, code):
    def run():
        raise error

    assert left(swallowed_and(error)) == STOPPED
    stopping.heed()  # what was pressed in an earlier command does not count
    assert left(run) == code


def test_what_is_done_all_the_same_is_done(capsys):
    assert left(swallowed) == 0
    assert capsys.readouterr().err == ""


def test_an_error_that_names_it_is_told_where_nobody_listens(monkeypatch):
    """Somebody else's program has handlers of its own."""
    monkeypatch.setattr(stopping, "begin", lambda: None)

    def run():
        raise KeyError("x") from KeyboardInterrupt()

    assert left(run) == STOPPED


@pytest.mark.skipif(os.name == "nt", reason="no polite kill on Windows")
@pytest.mark.parametrize(("name", "code"), [("SIGTERM", 143), ("SIGHUP", 129)])
def test_a_polite_kill_and_a_terminal_that_goes_are_heard_too(name, code):
    number = getattr(signal, name)
    before = signal.getsignal(number)
    assert left(lambda: press(number)) == code
    assert left(lambda: (swallowed(number), built())) == code
    assert signal.getsignal(number) is before


def test_what_is_ignored_stays_so():
    """As nohup does, and a shell for what it begins in the background."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        assert left(press) == 0
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def test_a_press_while_the_end_is_told_changes_nothing(monkeypatch, capsys):
    from lifecircle.cli.shell import failures  # noqa: PLC0415 - patched

    def flushed(code):
        press()
        return code

    monkeypatch.setattr(failures, "_flushed", flushed)
    assert left(lambda: None) == 0
    assert left(built) == STOPPED
    assert "Traceback" not in capsys.readouterr().err


def test_a_file_is_not_called_damaged_because_reading_it_was_stopped(monkeypatch, tmp_path):
    ledger = tmp_path / "a.geojson"
    ledger.write_text("{}")
    monkeypatch.setattr(f"{read_tables.__module__}.{read_feature_tables.__name__}", turned_reader)
    told = []

    def run():
        told.append(read_tables(ledger, name="facilities"))

    assert left(run) == STOPPED
    assert told == []


def turned_reader(*_):
    turned()


WRITERS = {
    "file": lambda home: written(whole_file(home / "a.json")),
    "folder": lambda home: filled(whole_folder(home / "new")),
    "files": lambda home: filled(whole_files(home / "out", last="b.json")),
    "kept": lambda home: filled(
        whole_files(
            home / "out", last="b.json", former=[home / "out" / "c.txt"], earlier=Earlier("en")
        )
    ),
    "arrays": lambda home: write_arrays(home / "a.json", {}, {}),
}


def written(place):
    with place as part:
        part.write_text("new", encoding="utf-8")


def filled(place):
    with place as part:
        (part / "inner").mkdir()
        for name in ("inner/a.html", "b.json"):
            (part / name).write_text("new", encoding="utf-8")


def results(home):
    """Return the files of a folder, those of earlier runs under the names they had."""
    found = {}
    for file in home.rglob("*"):
        if file.is_file():
            found[str(file.relative_to(home))] = file.read_bytes()
    return found


@pytest.mark.parametrize("writer", WRITERS)
def test_nothing_takes_its_place_once_a_library_has_swallowed_the_press(writer, tmp_path):
    def run():
        swallowed()
        WRITERS[writer](tmp_path)

    assert left(run) == STOPPED
    assert results(tmp_path) == {}


@pytest.mark.parametrize("ours", [True, False])
@pytest.mark.parametrize("writer", WRITERS)
def test_pressed_again_and_again_from_any_moment_on_it_is_the_old_or_the_new(
    writer, ours, watched, tmp_path
):
    """Before each of its operations on files, and before all that follow: in our program or not."""

    def prepare():
        home = tmp_path / "home"
        shutil.rmtree(home, ignore_errors=True)
        (home / "out" / "inner").mkdir(parents=True)
        for name in ("a.json", "out/inner/a.html", "out/b.json", "out/c.txt"):
            (home / name).write_text("old", encoding="utf-8")
        return home

    def act(home):
        if ours:
            return left(lambda: WRITERS[writer](home))
        try:
            WRITERS[writer](home)
        except KeyboardInterrupt:
            return STOPPED
        return 0

    home = prepare()
    before = results(home)
    assert act(home) == 0
    after = results(home)
    stop, seen = 0, set()
    while True:
        home, count = prepare(), 0

        def again(*_, stop=stop):
            nonlocal count
            count += 1
            if count > stop:
                press()

        code = watched(lambda home=home: act(home), again)
        if count <= stop:
            break
        there = results(home)
        assert there in (before, after), (stop, sorted(there))
        assert there == after or code == STOPPED, stop
        seen.add(there == after)
        assert not [p for p in home.rglob("*") if p.name.startswith(".")], stop
        stop += 1
    assert stop > 2
    assert seen == {False, True}  # early presses leave the old, late ones the new


def test_another_folder_is_waited_for_no_longer_than_that(tmp_path):
    """A run that waits for its turn can be stopped, and leaves no lock."""
    held, done = threading.Event(), threading.Event()

    def hold():
        with sole(tmp_path):
            held.set()
            done.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)
    later = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
    later.start()
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt), sole(tmp_path, 30):
        pass
    assert time.monotonic() - begun < 10
    done.set()
    thread.join()
    assert list(tmp_path.iterdir()) == []


def program(code, **more):
    """Run Python code in a process of its own; return its exit code and all that it said."""
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", code], capture_output=True, check=False, env=env, **more
    )
    return done.returncode, (done.stdout + done.stderr).decode("utf-8")


PRESSED_BY = """
import sys, signal
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == {name!r}:
            signal.raise_signal(signal.SIGINT)
sys.meta_path.insert(0, Finder())
sys.argv = ["lifecircle", "standards", "list"]
from lifecircle.__main__ import main
main()
"""


@pytest.mark.parametrize("name", ["typer", "lifecircle.cli", "lifecircle.texts", "rich.table"])
def test_a_press_while_modules_load_is_no_traceback(name):
    code, said = program(PRESSED_BY.format(name=name))
    assert code == STOPPED
    assert said in {"", say("cli", "failure.stopped", "en") + "\n"}


def test_a_press_while_the_program_leaves_is_heard_no_more():
    code, said = program(
        "import atexit, signal, sys\n"
        "atexit.register(signal.raise_signal, signal.SIGINT)\n"
        "sys.argv = ['lifecircle', '--version']\n"
        "from lifecircle.__main__ import main; main()"
    )
    assert code == 0
    assert said.startswith("lifecircle ")
    assert len(said.splitlines()) == 1


def test_a_press_in_a_text_that_is_executed_is_no_signal_of_pythons_own():
    """As dataclasses and named tuples are, while modules load."""
    code, said = program(
        "import sys, signal\n"
        "from lifecircle import __main__, cli\n"
        "cli._program = lambda _: lambda: exec('signal.raise_signal(signal.SIGINT)')\n"
        "__main__.main()"
    )
    assert (code, said) == (STOPPED, say("cli", "failure.stopped", "en") + "\n")


SPAWNED = """
import multiprocessing, sys
from lifecircle.stopping import unheard_by_children
told = "import signal; print(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, []))"
if __name__ == "__main__":
    child = multiprocessing.get_context("spawn").Process(target=exec, args=(told,))
    with unheard_by_children():
        child.start()
    child.join()
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no masks")
def test_the_very_first_worker_never_hears_ctrl_c(tmp_path):
    """Python begins a process of its own with it, and gives the signal back."""
    script = tmp_path / "begin.py"
    script.write_text(SPAWNED, encoding="utf-8")
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, script], capture_output=True, check=False, env=env)  # noqa: S603
    assert (done.stdout.split(), done.stderr) == ([b"True"], b"")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no masks")
def test_children_never_hear_ctrl_c_and_their_parent_hears_it_afterwards():
    asked = "import signal; print(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, []))"
    found = []

    def begun():
        with stopping.unheard_by_children():
            os.kill(os.getpid(), signal.SIGINT)
            child = [sys.executable, "-c", asked]
            found.append(subprocess.run(child, capture_output=True, check=True).stdout)  # noqa: S603

    with pytest.raises(KeyboardInterrupt):
        begun()
    assert found[0].split() == [b"True"]
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def swallowing():
    """Return the places that catch whatever is raised and go on, without asking first."""
    found = []
    package = Path(stopping.__file__).parent
    for path in sorted(package.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.ExceptHandler):
                continue
            caught = "BaseException" if node.type is None else ast.unparse(node.type)
            asked = {"heed()", "of_asking(error)"} & {
                ast.unparse(part) for part in ast.walk(node) if isinstance(part, ast.Call)
            }
            goes_on = not isinstance(node.body[-1], ast.Raise)
            if re.search(r"\b(Base)?Exception\b", caught) and goes_on and not asked:
                found.append(f"{path.relative_to(package).as_posix()}:{node.lineno}")
    return found


def test_whoever_catches_whatever_is_raised_asks_first_whether_it_is_to_stop():
    assert swallowing() == []
