"""A run of ``init`` that is killed leaves a folder whole, or one that the next run fills."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import signal
import sys

import pytest

from lifecircle.errors import OutputError
from lifecircle.outputs.template import files
from lifecircle.standards import template_of

TEMPLATE = template_of("caoxian-2023", dt.date(2025, 12, 31))
WRITES = {
    "os.mkdir",
    "os.rename",
    "os.rmdir",
    "os.remove",
    "open",
    "shutil.rmtree",
    "tempfile.mkdtemp",
}


@pytest.fixture
def write(monkeypatch):
    monkeypatch.setattr(files, "template_bytes", lambda _: b"book")
    return lambda folder: files.write_template(TEMPLATE, folder)


def killed_at(step, write, folder):
    """Write in a process of its own that is killed at its n-th write; return whether it ended."""

    def run():
        count = 0

        def stop(event, _):
            nonlocal count
            count += event in WRITES
            if count == step:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(stop)
        write(folder)
        os._exit(0)

    process = multiprocessing.get_context("fork").Process(target=run)
    process.start()
    process.join()
    return process.exitcode == 0


def seen(folder):
    return sorted(p.name for p in folder.iterdir() if not p.name.startswith("."))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="killing needs a process of its own")
@pytest.mark.parametrize("there", [False, True])
def test_a_run_killed_at_any_write_is_made_up_by_the_next(tmp_path, write, there):
    for step in range(1, 200):
        folder = tmp_path / str(step) / "study"
        folder.parent.mkdir()
        if there:
            folder.mkdir()
        ended = killed_at(step, write, folder)
        left = seen(folder) if folder.exists() else []
        if "study.toml" in left:  # what makes a study is put in place last
            assert len(left) == 2
            with pytest.raises(OutputError):
                write(folder)
        else:
            assert there or left == []
            study, book = write(folder)
            assert seen(folder) == sorted([study.name, book.name])
            assert book.read_bytes() == b"book"
        if ended:
            break
    assert step > 5
    assert ended


def test_a_workbook_of_somebodys_is_not_taken_for_one_left_behind(tmp_path, write):
    _, book = write(tmp_path / "a")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / book.name).write_bytes(b"filled in")
    with pytest.raises(OutputError):
        write(tmp_path / "b")
    assert (tmp_path / "b" / book.name).read_bytes() == b"filled in"
