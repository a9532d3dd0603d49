"""What was there is kept, unless it is what would be written again."""

from __future__ import annotations

import datetime as dt
import errno
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.outputs import whole, write_outputs
from lifecircle.outputs.earlier import Earlier, _day_at, safe_name
from lifecircle.outputs.whole import whole_files

NAMES = ("a.txt", "r.json", "lists/c.txt")
CONTENT = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(["", "1", "2"]))
RUN = st.fixed_dictionaries({name: st.sampled_from(["1", "2"]) for name in NAMES})


def _write(folder, files, earlier, last="r.json"):
    with whole_files(folder, last=last, earlier=earlier) as part:
        for name, text in files.items():
            (part / name).parent.mkdir(exist_ok=True)
            (part / name).write_text(text)


def _texts(folder):
    return {
        p.relative_to(folder).as_posix(): p.read_text() for p in folder.rglob("*.*") if p.is_file()
    }


@settings(max_examples=80, deadline=None)
@given(
    there=CONTENT,
    runs=st.lists(RUN, min_size=1, max_size=4),
    last=st.sampled_from([None, "r.json"]),
)
def test_no_content_is_ever_lost(there, runs, last):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, text in there.items():
            (folder / file).parent.mkdir(exist_ok=True)
            (folder / file).write_text(text)
        earlier = Earlier("en")
        seen = [*there.items()]
        for files in runs:
            _write(folder, files, earlier, last)
            seen += files.items()
            now = _texts(folder)
            assert {n: now[n] for n in files} == files
            everything = {(Path(n).name, text) for n, text in now.items()}
            assert {(Path(n).name, text) for n, text in seen} <= everything
        assert not [p for p in folder.rglob("*") if p.name.endswith(".part")]


@settings(max_examples=30, deadline=None)
@given(files=RUN)
def test_the_same_again_keeps_nothing(files):
    with tempfile.TemporaryDirectory() as name:
        earlier = Earlier("en")
        _write(Path(name), files, earlier)
        _write(Path(name), files, earlier)
        assert not earlier.kept
        assert _texts(Path(name)) == files


def test_another_run_is_kept_whole_even_where_a_file_is_the_same(tmp_path):
    first = {"r.json": '{"as_of": "2024-12-31"}', "a.txt": "1", "lists/c.txt": "1"}
    earlier = Earlier("en")
    _write(tmp_path, first, earlier)
    _write(tmp_path, {**first, "r.json": '{"as_of": "2025-12-31"}'}, earlier)
    (kept,) = earlier.kept
    assert kept.whole
    assert kept.folder == tmp_path / "earlier results" / "2024-12-31"
    assert _texts(kept.folder) == first


def test_what_is_kept_together_is_of_one_run(tmp_path):
    """Results of two commands on the same day: neither is put beside the other's."""
    earlier = Earlier("en")
    days = [f'{{"as_of": "2024-12-31", "of": "{of}"}}' for of in ("a", "b", "c", "d")]
    _write(tmp_path, {"r.json": days[0], "a.txt": "1"}, earlier)
    _write(tmp_path, {"s.json": days[1], "b.txt": "1"}, earlier, "s.json")
    _write(tmp_path, {"r.json": days[2], "a.txt": "2"}, earlier)
    _write(tmp_path, {"s.json": days[3], "b.txt": "2"}, earlier, "s.json")
    first, second = (one.folder for one in earlier.kept)
    assert first == tmp_path / "earlier results" / "2024-12-31"
    assert second == first.with_name("2024-12-31 (2)")
    assert _texts(first) == {"r.json": days[0], "a.txt": "1"}
    assert _texts(second) == {"s.json": days[1], "b.txt": "1"}


@pytest.mark.parametrize("local", [True, False])
@pytest.mark.parametrize(
    ("seconds", "day"),
    [
        (12 * 3600.0, "1970-01-01"),
        (-(10 * 365 + 3) * 86_400.0 + 12 * 3600, "1960-01-01"),
        (4_071_556_800.0, "2099-01-08"),
        (3e11, "1970-01-01"),  # the year 11476
        (1e300, "1970-01-01"),
    ],
)
def test_no_time_of_a_file_stops_a_run(monkeypatch, seconds, day, local):
    class Windows(dt.datetime):
        @classmethod
        def fromtimestamp(cls, *_):
            raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    if not local:
        monkeypatch.setattr(dt, "datetime", Windows)
    assert _day_at(seconds) == day


def test_a_failure_puts_what_was_kept_back(tmp_path, monkeypatch):
    earlier = Earlier("en")
    _write(tmp_path, {"r.json": "1", "a.txt": "1"}, earlier)
    move, moves = whole._move, []

    def third(source, target):
        moves.append(source)
        if len(moves) == 3:
            raise PermissionError(13, "open in Excel")
        move(source, target)

    monkeypatch.setattr(whole, "_move", third)
    with pytest.raises(whole.OutputError, match="open in Excel"):
        _write(tmp_path, {"r.json": "2", "a.txt": "2"}, earlier)
    assert _texts(tmp_path) == {"r.json": "1", "a.txt": "1"}
    assert not earlier.kept
    assert [p.name for p in tmp_path.iterdir() if p.is_dir()] == []


def test_looking_with_qgis_is_no_work_and_own_styles_are(shared_sample, tmp_path):
    earlier = Earlier("en")
    write_outputs(shared_sample, tmp_path, only=("json", "gpkg"), earlier=earlier)

    def touch(*queries):
        with closing(sqlite3.connect(tmp_path / "assessment.gpkg", isolation_level=None)) as file:
            for query in queries:
                file.execute(query)

    touch("PRAGMA journal_mode = WAL", "PRAGMA journal_mode = DELETE", "VACUUM")
    write_outputs(shared_sample, tmp_path, only=("json", "gpkg"), earlier=earlier)
    assert not earlier.kept
    touch("UPDATE layer_styles SET styleName = 'mine'")
    write_outputs(shared_sample, tmp_path, only=("json", "gpkg"), earlier=earlier)
    (kept,) = earlier.kept
    assert [n.name for n in kept.names] == ["assessment.gpkg"]
    assert not kept.whole


@pytest.mark.parametrize(
    ("text", "name"),
    [("a/b:c", "a_b_c"), ("..", "_"), ("名 ", "名"), ("甲" * 80, "甲" * 60)],
)
def test_names_of_folders_hold_on_windows(text, name):
    assert safe_name(text) == name
