"""What is said when writing fails or something was not foreseen, and with which exit code."""

from __future__ import annotations

import errno
import io
import json
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lifecircle.cli.console import print_json
from lifecircle.cli.shell import failures
from lifecircle.cli.shell.failures import FAULT, PIPE_CLOSED, TROUBLE, failure_text, guarded
from lifecircle.errors import FILE_REFUSALS, OutputError, file_refusal
from lifecircle.outputs.whole import check_place, refused_by_library, whole_file, whole_files
from lifecircle.texts import catalogue


@pytest.fixture(autouse=True)
def _chinese(monkeypatch):
    monkeypatch.setenv("LIFECIRCLE_LANG", "zh")


def left(run):
    """Return the exit code with which the command line is left."""
    with pytest.raises(SystemExit) as leaving:
        guarded(run)
    return leaving.value.code


def raising(error):
    def run():
        raise error

    return run


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (KeyError("x"), FAULT),
        (ZeroDivisionError(), FAULT),
        (MemoryError(), TROUBLE),
        (RuntimeError("Internal Proj Error: std::bad_alloc"), TROUBLE),
        (OSError(errno.ENAMETOOLONG, "File name too long", "甲" * 300), TROUBLE),
        (OSError(errno.ENOSPC, "No space left on device"), TROUBLE),
        (BrokenPipeError(), PIPE_CLOSED),
        (KeyboardInterrupt(), 130),
        (SystemExit(3), 3),
        (SystemExit(None), 0),
        (SystemExit("why"), 1),
    ],
)
def test_every_end_has_its_code(error, code):
    assert left(raising(error)) == code


def test_a_result_has_no_code_of_a_fault():
    # 1 and 3 are results of check, assess and review: no accident may end with them
    assert {FAULT, PIPE_CLOSED, 130}.isdisjoint({0, 1, 2, 3})


def test_a_fault_is_one_line_without_a_path(capsys):
    def run():
        failure_text(None)  # type: ignore[arg-type]
        raise KeyError("secret")

    left(run)
    said = capsys.readouterr().err
    assert "程序内部出错" in said
    assert "KeyError" in said
    assert "Traceback" not in said
    assert str(Path(failures.__file__).parents[2]) not in said
    assert str(Path.home()) not in said


def test_the_details_are_there_for_who_asks(capsys, monkeypatch):
    monkeypatch.setenv("LIFECIRCLE_DEBUG", "1")
    left(raising(KeyError("x")))
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize("name", sorted({n for names in FILE_REFUSALS.values() for n in names}))
def test_every_refusal_of_a_system_is_worded(name):
    number = getattr(errno, name, None)
    if number is None:
        pytest.skip(f"this system has no {name}")
    error = OutputError.of(Path("甲/乙.xlsx"), OSError(number, "english of a library"))
    said = failure_text(error)
    assert "乙.xlsx" in said
    assert "english" not in said
    assert "原样保留" in said


def test_refusals_and_their_words_are_the_same_in_both_languages():
    worded = {"other", *FILE_REFUSALS}
    for language in ("zh", "en"):
        said = {
            i.split(".")[1] for i in catalogue("cli", language) if i.startswith("file_refused.")
        }
        assert said == worded | {"stands", "aside"}


def test_an_unknown_number_is_other():
    assert file_refusal(OSError("no number")) == "other"


def test_a_full_disk_is_known_whatever_a_library_says(tmp_path, monkeypatch):
    usage = type("Usage", (), {"free": 1000})
    monkeypatch.setattr("lifecircle.outputs.whole.shutil.disk_usage", lambda _: usage)
    assert refused_by_library(tmp_path / "a.gpkg", ValueError("odd")).refusal == "full"
    with pytest.raises(OutputError) as single, whole_file(tmp_path / "a.pdf"):
        raise ValueError("odd")
    with pytest.raises(OutputError) as many, whole_files(tmp_path / "out"):
        raise ValueError("odd")
    assert single.value.refusal == many.value.refusal == "full"
    assert list(tmp_path.iterdir()) == []


def test_an_odd_error_with_room_on_the_disk_stays_itself(tmp_path):
    with pytest.raises(ValueError, match="odd"), whole_files(tmp_path / "out"):
        raise ValueError("odd")


def test_a_file_in_the_way_is_named_where_it_will_lie(tmp_path):
    (tmp_path / "report.xlsx").mkdir()
    with pytest.raises(OutputError) as refused, whole_files(tmp_path) as part:
        (part / "report.xlsx").write_text("x")
    assert refused.value.place == tmp_path / "report.xlsx"
    assert refused.value.refusal == "not_a_file"


@pytest.mark.parametrize("encoding", ["gbk", "cp437", "ascii", "cp1252", "utf-8", "utf_8", "UTF8"])
def test_json_is_whole_on_any_stream(encoding, monkeypatch):
    value = {"单位": "m² ©", "name": "\U00020bb7"}
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, errors="replace")
    monkeypatch.setattr(sys, "stdout", stream)
    print_json(value)
    stream.flush()
    assert json.loads(raw.getvalue().decode(encoding)) == value
    assert (b"\\u" not in raw.getvalue()) == encoding.lower().startswith("utf")


def lifecircle(*args, **more):
    """Run the command as a process of its own."""
    env = os.environ | {"LIFECIRCLE_LANG": "zh", "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "lifecircle", *map(str, args)]
    return subprocess.run(command, check=False, env=env | more.pop("env", {}), **more)  # noqa: S603


def test_without_any_stream_the_command_works(tmp_path):
    code = (
        "import sys; sys.stdout = sys.stderr = None;"
        "sys.argv = ['lifecircle', 'standards', 'list'];"
        "from lifecircle.cli import main; main()"
    )
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], check=False, env=env, cwd=tmp_path)  # noqa: S603
    assert done.returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_full_output_is_said(tmp_path):
    with Path("/dev/full").open("w") as full:
        done = lifecircle("standards", "list", stdout=full, stderr=subprocess.PIPE, cwd=tmp_path)
    assert done.returncode == TROUBLE
    assert "输出没有写完" in done.stderr.decode()
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["check", "assess", "explain", "map"])
def test_a_name_too_long_is_said(command, tmp_path):
    more = ("甲苑",) if command == "explain" else ()
    done = lifecircle(command, tmp_path / ("长" * 300), *more, capture_output=True, cwd=tmp_path)
    assert done.returncode == TROUBLE
    assert b"Traceback" not in done.stderr + done.stdout
    assert b"too long" not in done.stderr + done.stdout


def test_text_into_a_pipe_of_a_western_code_page_keeps_its_chinese(tmp_path):
    done = lifecircle(
        *("standards", "list"),
        capture_output=True,
        cwd=tmp_path,
        env={"PYTHONIOENCODING": "cp1252"},
    )
    assert "曹县" in done.stdout.decode("utf-8")


def test_what_a_killed_run_left_goes_after_a_day_and_nothing_else(tmp_path):
    names = (".old.part/new/a.json", ".old.part/old/kept.json", ".new.part/new/b.json")
    for name in (*names, ".a.17.part.gpkg", "mine.part.xlsx"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    ago = time.time() - 2 * 86_400
    for name in (".old.part", ".a.17.part.gpkg", "mine.part.xlsx"):
        os.utime(tmp_path / name, (ago, ago))
    with whole_file(tmp_path / "c.json") as part:
        part.write_text("y")
    left = {str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file()}
    assert left == {"c.json", "mine.part.xlsx", names[1], names[2]}


def test_a_place_that_cannot_be_written_is_told_before_anything_is_judged(tmp_path):
    (tmp_path / "taken").write_text("x")
    for place in (tmp_path / "taken", tmp_path / "taken" / "below" / "deeper"):
        with pytest.raises(OutputError) as refused:
            check_place(place)
        assert refused.value.refusal == "not_a_folder"
    check_place(tmp_path / "new" / "newer")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["taken"]


def test_a_disk_that_sqlite_says_is_full_is_full_though_another_run_has_made_room_since(tmp_path):
    error = sqlite3.OperationalError("database or disk is full")
    assert refused_by_library(tmp_path / "assessment.gpkg", error).refusal == "full"
    other = sqlite3.OperationalError("database is locked")
    assert refused_by_library(tmp_path / "assessment.gpkg", other).refusal == "other"


class Pressed:
    """Something of a library that meets Ctrl-C where nothing can be raised."""

    def __del__(self):
        raise KeyboardInterrupt


def test_ctrl_c_that_a_library_could_not_pass_on_ends_the_program_all_the_same(capsys):
    def run():
        one = Pressed()
        del one
        time.sleep(5)  # where it is met once more

    before = sys.unraisablehook
    with pytest.raises(SystemExit) as caught:
        guarded(run)
    assert caught.value.code == 130
    assert "Traceback" not in capsys.readouterr().err
    assert sys.unraisablehook is before


@pytest.mark.parametrize(
    ("windows", "length", "told"),
    [(True, 300, "long"), (True, 100, "missing"), (False, 300, "missing")],
)
def test_windows_says_of_a_path_that_is_too_long_that_it_is_not_there(
    monkeypatch, windows, length, told
):
    monkeypatch.setattr("lifecircle.errors._WINDOWS", windows)
    error = FileNotFoundError(errno.ENOENT, "No such file or directory", "/" + "a" * length)
    assert file_refusal(error) == told
