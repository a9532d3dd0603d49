"""Files of two runs are never read as one result, and a run's files take their places together."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
import os
import shutil
import sqlite3
import struct
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point

from lifecircle.errors import AssessmentFormatError, OutputError
from lifecircle.outputs import read_assessment, whole, write_outputs
from lifecircle.outputs.saved.digests import table_digests
from lifecircle.outputs.whole import whole_files

FILES = {"assessment.json": "json", "assessment.gpkg": "gpkg"}


def _later(sample):
    """The same county with one verdict changed: in its findings only."""
    findings = sample.findings.copy()
    row = findings.index[(findings["clause"] == "CX-03") & (findings["id"] == "R01")]
    findings.loc[row, "status"] = "deficient"
    return dataclasses.replace(sample, findings=findings)


@pytest.fixture(scope="module")
def both(shared_sample, tmp_path_factory):
    """Two runs, each in its folder."""
    folders = [tmp_path_factory.mktemp(name) for name in ("first", "second")]
    for one, folder in zip((shared_sample, _later(shared_sample)), folders, strict=True):
        write_outputs(one, folder, only=FILES.values())
    return folders


@pytest.fixture
def folder(both, tmp_path):
    """A copy that a test may touch."""
    return shutil.copytree(both[0], tmp_path / "saved")


@pytest.mark.parametrize("of_the_other", FILES)
def test_parts_of_two_runs_are_refused(both, folder, of_the_other):
    shutil.copy(both[1] / of_the_other, folder)
    with pytest.raises(AssessmentFormatError, match=r"不是同一次评价写出的.*（findings）"):
        read_assessment(folder)


def test_the_refusal_is_in_the_readers_language(both, folder):
    shutil.copy(both[1] / "assessment.gpkg", folder)
    with pytest.raises(AssessmentFormatError, match=r"were not written by one run.*findings"):
        read_assessment(folder, "en")


def test_each_file_written_alone_is_of_its_run(shared_sample, both, tmp_path):
    for n, (name, output) in enumerate(FILES.items(), start=1):
        write_outputs(shared_sample, tmp_path, only=(output,))
        assert len(list(tmp_path.iterdir())) == n
        assert (tmp_path / name).read_bytes() == (both[0] / name).read_bytes()
    read_assessment(tmp_path)


def _run(folder, *queries):
    with closing(sqlite3.connect(folder / "assessment.gpkg", isolation_level=None)) as connection:
        for name in ("IsEmpty", "MinX", "MaxX", "MinY", "MaxY"):  # the spatial index asks for them
            connection.create_function(f"ST_{name}", 1, lambda _: 0)
        for query in queries:
            connection.execute(query)


def test_looking_at_it_in_another_program_changes_no_result(folder, both):
    """What QGIS does: journals, styles, projects and layers of the user's own, compacting.

    A layer of the user's own may have columns of our names, and another CRS.
    """
    _run(
        folder,
        "PRAGMA journal_mode = WAL",
        "UPDATE layer_styles SET styleName = 'mine'",
        "CREATE TABLE qgis_projects (name TEXT PRIMARY KEY, content BLOB)",
        "UPDATE gpkg_contents SET last_change = '2031-01-01T00:00:00.000Z'",
        "VACUUM",
    )
    own = {"note": ["看一看"], "reason": ["我的理由"], "flags": ["急"]}
    notes = gpd.GeoDataFrame(own, geometry=[Point(1, 2)], crs="EPSG:3857")
    notes.to_file(folder / "assessment.gpkg", layer="notes", driver="GPKG", mode="a")
    assert (folder / "assessment.gpkg").read_bytes() != (both[0] / "assessment.gpkg").read_bytes()
    read, before = read_assessment(folder), read_assessment(both[0])
    assert list(read.layers) == list(before.layers)
    pd.testing.assert_frame_equal(read.findings, before.findings)


@pytest.mark.parametrize(
    ("query", "table"),
    [
        ("UPDATE provision SET own_m2 = own_m2 + 1", "provision"),
        ("DELETE FROM findings_rows WHERE id = 'R01'", "findings"),
        ("UPDATE findings_rows SET measured = 0 WHERE measured > 0", "findings"),
        ("UPDATE findings_kinds SET status = 'exempt' WHERE fid = 1", "findings"),
        ("UPDATE residential SET name = '甲' WHERE id = 'R01'", "residential"),
        ("ALTER TABLE stages ADD COLUMN seen TEXT", "stages"),
    ],
)
def test_an_edited_table_is_named(folder, query, table):
    _run(folder, query)
    with pytest.raises(AssessmentFormatError, match=f"（{table}）"):
        read_assessment(folder)


_CELL = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.text(max_size=3),
)
_ROWS = st.lists(st.tuples(_CELL, _CELL), max_size=3)


@settings(max_examples=60, deadline=None)
@given(one=_ROWS, other=_ROWS)
def test_a_checksum_is_of_values_and_their_order(tmp_path_factory, one, other):
    found = []
    for rows in (one, other, one):
        path = tmp_path_factory.mktemp("sums") / "a.gpkg"
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE gpkg_contents (table_name)")
            connection.execute("INSERT INTO gpkg_contents VALUES ('t')")
            connection.execute("CREATE TABLE t (a, b)")
            connection.executemany("INSERT INTO t VALUES (?, ?)", rows)
            connection.commit()
        found.append(table_digests(path)["t"])
    assert (found[0] == found[1]) is (repr(one) == repr(other))
    assert found[0] == found[2]


def _said(value):
    """One value as a checksum takes it: its kind, how long it is, what it says."""
    if value is None:
        return b"n"
    if isinstance(value, int):
        return f"i{value};".encode()
    if isinstance(value, float):
        return b"f" + struct.pack("<d", value)
    text = value if isinstance(value, bytes) else value.encode()
    return f"t{len(text)}:".encode() + text


@pytest.mark.parametrize("many", [0, 1, 99, 100, 101, 250])
def test_a_checksum_is_of_one_value_after_another_however_many_rows(tmp_path, many):
    """A saved result names it: another way to reckon it would refuse results that are whole."""
    kinds = (None, 7, -0.5, "书香苑", b"\x00\xff", "", math.inf)
    rows = [tuple(kinds[(n + k) % len(kinds)] for k in range(3)) for n in range(many)]
    with closing(sqlite3.connect(tmp_path / "a.gpkg")) as connection:
        connection.execute("CREATE TABLE gpkg_contents (table_name)")
        connection.execute("INSERT INTO gpkg_contents VALUES ('t')")
        connection.execute('CREATE TABLE t ("编号", b, c)')
        connection.executemany("INSERT INTO t VALUES (?, ?, ?)", rows)
        connection.commit()
    values = ["编号", "b", "c", *(value for row in rows for value in row)]
    whole = hashlib.sha256(b"".join(map(_said, values))).hexdigest()
    assert table_digests(tmp_path / "a.gpkg") == {"t": whole}


NAMES = ("a.txt", "b.json", "lists/c.txt")


def _write(folder, text, *, stop=None):
    """Write three files, one in a folder; ``stop``: the process ends before that move."""
    moves = 0

    def counted(source, target):
        nonlocal moves
        if moves == stop:
            os._exit(9)
        moves += 1
        move(source, target)

    move, whole._move = whole._move, counted
    try:
        with whole_files(folder, last="b.json", former=[*folder.glob("lists/gone.txt")]) as part:
            (part / "lists").mkdir()
            for name in NAMES:
                (part / name).write_text(text)
    finally:
        whole._move = move
    return moves


@pytest.fixture
def fresh(tmp_path):
    """Make a folder that an earlier run wrote, with a file of somebody else's in it."""

    def make(name):
        folder = tmp_path / name
        _write(folder, "old")
        (folder / "lists" / "gone.txt").write_text("old")
        (folder / "lists" / "own.txt").write_text("mine")
        return folder

    return make


def test_files_take_their_places_together(fresh):
    folder = fresh("done")
    assert _write(folder, "new") == 7  # three and the one that is gone out, three in
    texts = {str(p.relative_to(folder)): p.read_text() for p in folder.rglob("*") if p.is_file()}
    assert texts == {str(Path(n)): "new" for n in NAMES} | {str(Path("lists/own.txt")): "mine"}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="ends a process in the middle")
@pytest.mark.parametrize("stop", range(7))
def test_a_process_that_is_killed_leaves_no_mix_that_looks_whole(fresh, stop):
    folder = fresh("killed")
    child = os.fork()
    if child == 0:
        _write(folder, "new", stop=stop)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    there = {name: (folder / name).read_text() for name in NAMES if (folder / name).exists()}
    assert there == dict.fromkeys(NAMES, "old") if stop == 0 else "b.json" not in there
    assert (folder / "lists" / "own.txt").read_text() == "mine"
    _write(folder, "new")  # the next run goes as any other
    assert {(folder / name).read_text() for name in NAMES} == {"new"}


@pytest.mark.parametrize("taken", NAMES)
def test_where_one_place_is_taken_nothing_is_replaced(tmp_path, taken):
    _write(tmp_path, "old")
    (tmp_path / taken).unlink()
    (tmp_path / taken).mkdir()
    with pytest.raises(OutputError, match=taken.rpartition("/")[2]):
        _write(tmp_path, "new")
    left = {p.read_text() for p in tmp_path.rglob("*") if p.is_file()}
    assert left == {"old"}
    assert sum((tmp_path / name).is_file() for name in NAMES) == 2
    assert not list(tmp_path.glob(".*"))


def test_outputs_that_fail_leave_the_former_ones(shared_sample, folder, monkeypatch):
    former = {p.name: p.read_bytes() for p in folder.iterdir()}

    def broken(_, path, **__):
        raise OutputError(f"{path}: no space")

    monkeypatch.setattr("lifecircle.outputs.saved.assessment_json.write_json", broken)
    with pytest.raises(OutputError, match=r"saved.assessment\.json: no space"):
        write_outputs(_later(shared_sample), folder, only=FILES.values())
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == former


def test_lists_of_towns_that_are_gone_go_unless_somebody_saved_them(shared_sample, tmp_path):
    write_outputs(shared_sample, tmp_path, only=("rectification",))
    lists = tmp_path / "rectification"
    names = {p.name for p in lists.iterdir()}
    first = min(lists.iterdir())
    shutil.copy(first, lists / "370828999-旧镇.xlsx")
    book = openpyxl.load_workbook(first)
    book.properties.lastModifiedBy = "王科长"
    book.save(lists / "370828998-改过的镇.xlsx")
    for other in ("函.docx", "~$坏.xlsx"):
        (lists / other).write_bytes(b"PK")
    write_outputs(shared_sample, tmp_path, only=("rectification",))
    left = {p.name for p in lists.iterdir()}
    assert left == names | {"370828998-改过的镇.xlsx", "函.docx", "~$坏.xlsx"}


def test_a_figure_changed_by_hand_is_noticed(folder):
    """Whatever leaf of the document says something else, of whatever kind."""
    path = folder / "assessment.json"
    text = path.read_text(encoding="utf-8")
    whole = json.loads(text)
    changes = [
        lambda d: d["clauses"][0]["rates"][0].update(numerator=6, denominator=6, rate=1.0),
        lambda d: d["clauses"][0].update(status="compliant"),
        lambda d: d.update(headline_clause=""),
        lambda d: d.update(study="another"),
        lambda d: d["parameters"][0].update(value=1.25),
        lambda d: d["inputs"].pop(),
        lambda d: d["readings"].reverse(),
        lambda d: d.update(digest="0" * 64),
    ]
    for change in changes:
        document = json.loads(text)
        change(document)
        path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        if document == whole:
            continue
        with pytest.raises(AssessmentFormatError):
            read_assessment(folder)


def test_another_layout_of_the_same_document_is_read(folder):
    path = folder / "assessment.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    turned = dict(reversed(document.items()))
    path.write_text(json.dumps(turned, indent=4), encoding="utf-8")
    read_assessment(folder)
