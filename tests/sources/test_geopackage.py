"""Lines of a GeoPackage by columns are those row by row; rows that its count hides are missed."""

import contextlib
import dataclasses
import sqlite3
import struct

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from lifecircle.model.problem import ProblemCode
from lifecircle.sources import geopackage
from lifecircle.sources.raw import SourceError
from lifecircle.sources.streets.layer import read_layer_streets
from lifecircle.sources.tables import vector
from lifecircle.sources.tables.features import read_features

SHORT = shapely.LineString([(0, 0), (1, 1)])
NO_LINES = [
    None,
    shapely.Point(1, 2),
    shapely.LineString(),
    shapely.MultiLineString([[(0, 0), (1, 1)], [(5, 5), (6, 7), (8, 8)]]),
    shapely.LineString([(0, 0, 1), (1, 1, 2)]),
    shapely.Polygon([(0, 0), (1, 0), (1, 1)]),
]
WORDS = st.one_of(
    st.none(), st.text("路 a\t道", max_size=3), st.sampled_from(["residential", "no"])
)
PLACES = st.floats(-1e6, 1e6) | st.sampled_from([0.0, -0.0, 5e-324])
COURSES = st.lists(st.tuples(PLACES, PLACES), min_size=2, max_size=4)


@contextlib.contextmanager
def edited(path):
    """The database itself; GDAL's triggers ask for functions that only GDAL has."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        for (trigger,) in db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'rtree%'"
        ).fetchall():
            db.execute(f'DROP TRIGGER "{trigger}"')
        yield db
        db.commit()


def row_by_row(path, monkeypatch):
    """What the other reader gives, which makes a shape of every row."""
    with monkeypatch.context() as held:
        held.setattr(vector, "plain_lines", lambda *_: None)
        return read_features(path, lines=True), read_layer_streets(path)


def same_streets(one, other):
    for name in ("joined", "empty_rows", "other_geometries", "unread", "datums", "contents"):
        assert getattr(one, name) == getattr(other, name)
    for field in dataclasses.fields(one.lines):
        a, b = (getattr(source.lines, field.name) for source in (one, other))
        if isinstance(a, np.ndarray):
            assert a.dtype == b.dtype
            assert np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
        elif isinstance(a, gpd.GeoDataFrame):
            assert a.equals(b)
            assert a.crs == b.crs
        elif isinstance(a, pd.DataFrame):
            assert_frame_equal(a, b)
        else:
            assert a == b


@given(
    rows=st.lists(
        st.tuples(COURSES, WORDS, WORDS, st.none() | st.integers(-9, 9), st.none() | st.floats()),
        min_size=1,
        max_size=9,
    ),
    barred=st.booleans(),
    gone=st.sets(st.integers(1, 9)),
    odd=st.none() | st.tuples(st.integers(0, 8), st.sampled_from(range(len(NO_LINES)))),
)
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None
)
def test_lines_by_columns_are_those_row_by_row(tmp_path, monkeypatch, rows, barred, gone, odd):
    pytest.importorskip("pyarrow", reason="the extra fast-io is not installed")
    path = tmp_path / "streets.gpkg"
    path.unlink(missing_ok=True)
    courses, names, words, whole, share = zip(*rows, strict=True)
    shapes = [shapely.LineString(course) for course in courses]
    if odd is not None and odd[0] < len(shapes):
        shapes[odd[0]] = NO_LINES[odd[1]]
    frame = gpd.GeoDataFrame(
        {
            "name": pd.Series(names, dtype=object),
            "highway": pd.Series(words, dtype=object),
            "railway": "rail" if barred else None,
            "layer": pd.Series(whole, dtype="Int64"),
            "share": pd.Series(share, dtype=float),
        },
        geometry=shapes,
        crs="EPSG:4548",
    )
    frame.to_file(path, layer="道路")
    with edited(path) as db:
        db.executemany('DELETE FROM "道路" WHERE fid = ?', [(fid,) for fid in gone])

    slow, wanted = row_by_row(path, monkeypatch)
    quick, found = read_features(path, lines=True), read_layer_streets(path)

    assert_frame_equal(quick["frame"], slow["frame"])
    assert quick["frame"].map(type).equals(slow["frame"].map(type))
    plain = isinstance(quick["geometry"], geopackage.PlainLines)
    simple = {
        fid: s is not None and s.geom_type == "LineString" and bool(s.coords) and not s.has_z
        for fid, s in enumerate(shapes, 1)
    }
    left = [is_simple for fid, is_simple in simple.items() if fid not in gone]
    if all(simple.values()) or not all(left):  # a layer once of several types may be still
        assert plain == (all(left) and bool(left))
    if plain:  # and an independent reading of the same file
        shapes = gpd.read_file(path, use_arrow=False).geometry.to_numpy()
        every = np.ones(len(shapes), dtype=bool)
        assert shapely.equals_identical(quick["geometry"].shapes(every), shapes).all()
        assert not len(quick["geometry"].shapes(~every))
    assert {**quick, "frame": 0, "geometry": 0} | {"rows": 0} == (
        {**slow, "frame": 0, "geometry": 0} | {"rows": 0}
    )
    same_streets(found, wanted)


def test_lines_of_many_batches_with_rows_gone(tmp_path, monkeypatch):
    pytest.importorskip("pyarrow", reason="the extra fast-io is not installed")
    path = tmp_path / "streets.gpkg"
    count = 70_001  # GDAL hands over 65,536 at a time
    ends = np.arange(4.0 * count).reshape(count, 2, 2)
    frame = gpd.GeoDataFrame({"n": np.arange(count)}, geometry=shapely.linestrings(ends), crs=4548)
    frame.to_file(path)
    pyogrio.write_dataframe(frame.iloc[:3].assign(n=-1), path, append=True)
    with edited(path) as db:
        db.execute("DELETE FROM streets WHERE fid % 7 = 3 OR fid BETWEEN 60000 AND 66000")
    slow, wanted = row_by_row(path, monkeypatch)
    quick, found = read_features(path, lines=True), read_layer_streets(path)
    assert isinstance(quick["geometry"], geopackage.PlainLines)
    assert quick["frame"]["n"].tolist() == slow["frame"]["n"].tolist()
    same_streets(found, wanted)


def line(*head):
    return struct.pack("<BII4d", *head, 0, 0, 1, 1)


@pytest.mark.parametrize(
    "shape",
    [
        line(1, 2, 2)[:-3],
        line(1, 2, 2) + b"xx",
        line(1, 2, 2**31),
        line(1, 8, 2),
        line(1, 0x20000002, 2),
        struct.pack(">BII4d", 0, 2, 2, 0, 0, 1, 1),
        struct.pack("<BII2d", 1, 2, 1, 0, 0),
        struct.pack("<BII4d", 1, 2, 2, float("nan"), 0, 1, 1),
        b"",
    ],
)
def test_what_gdal_passes_on_unread_is_read_row_by_row(tmp_path, monkeypatch, shape):
    path = tmp_path / "streets.gpkg"
    gpd.GeoDataFrame({"n": [1, 2]}, geometry=[SHORT, SHORT], crs=4548).to_file(path)
    with edited(path) as db:
        (held,) = db.execute("SELECT geom FROM streets WHERE fid = 2").fetchone()
        head = held[: len(held) - len(line(1, 2, 2))]
        db.execute("UPDATE streets SET geom = ? WHERE fid = 2", (head + shape,))
    _, wanted = row_by_row(path, monkeypatch)
    assert not isinstance(read_features(path, lines=True)["geometry"], geopackage.PlainLines)
    same_streets(read_layer_streets(path), wanted)


@pytest.mark.parametrize("told", [1, 2, 4, 9])
def test_rows_beside_a_wrong_count_are_missed(tmp_path, told):
    """A program that adds rows without GDAL's triggers leaves the count as it was."""
    path = tmp_path / "streets.gpkg"
    gpd.GeoDataFrame({"n": [1, 2, 3]}, geometry=[SHORT] * 3, crs=4548).to_file(path)
    with edited(path) as db:
        db.execute("UPDATE gpkg_ogr_contents SET feature_count = ?", (told,))
    with pytest.raises(SourceError) as caught:
        read_layer_streets(path)
    assert caught.value.code == ProblemCode.FEATURES_DAMAGED
    assert caught.value.params["count"] == abs(told - 3)


def test_hidden_rows_of_a_ledger_are_missed(tmp_path):
    path = tmp_path / "areas.gpkg"
    gpd.GeoDataFrame({"n": [1, 2]}, geometry=[shapely.Point(1, 2)] * 2, crs=4548).to_file(path)
    with edited(path) as db:
        db.execute("UPDATE gpkg_ogr_contents SET feature_count = 1")
    with pytest.raises(SourceError) as caught:
        read_features(path)
    assert caught.value.params["count"] == 1


def test_without_pyarrow_the_streets_are_the_same(tmp_path, monkeypatch):
    path = tmp_path / "streets.gpkg"
    frame = gpd.GeoDataFrame({"highway": ["no", "path"]}, geometry=[SHORT] * 2, crs=4548)
    frame.to_file(path)
    found = read_layer_streets(path)
    with monkeypatch.context() as held:
        held.setattr(geopackage, "find_spec", lambda _: None)
        assert not isinstance(read_features(path, lines=True)["geometry"], geopackage.PlainLines)
        same_streets(read_layer_streets(path), found)
