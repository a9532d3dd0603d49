"""How ``assessment.gpkg`` stays small: views of what comes again, packed lines."""

import dataclasses
import datetime as dt
import math
import sqlite3
from contextlib import closing

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from lifecircle.errors import AssessmentFormatError
from lifecircle.outputs import read_assessment, write_outputs
from lifecircle.outputs.saved.gpkg import packed_lines
from lifecircle.outputs.saved.gpkg.packed_lines import is_packed, unpacked, write_packed
from lifecircle.outputs.saved.gpkg.shared_texts import SHARED, write_shared

CRS = "EPSG:4548"
DAY = dt.date(2025, 12, 31)
CONTENTS = (
    "CREATE TABLE gpkg_contents "
    "(table_name TEXT, data_type TEXT, identifier TEXT, description TEXT, last_change TEXT)"
)


@pytest.fixture
def database():
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(CONTENTS)
        yield connection


def _texts(choices):
    return st.lists(st.sampled_from([*choices, None]), min_size=12, max_size=12)


@given(
    kinds=st.tuples(*[_texts(["a", "", "甲'\""])] * 7),
    reasons=_texts(['{"code": "x"}', "y"]),
    numbers=st.lists(st.sampled_from([0.1, math.inf, -math.inf, math.nan, 1e300]), min_size=12),
)
@settings(deadline=None, max_examples=30)
def test_a_view_says_what_the_table_said(kinds, reasons, numbers):
    """Every cell, NULL and infinity included, in the order of the rows."""
    columns = dict(zip(SHARED["findings"]["kind"], kinds, strict=True))
    frame = pd.DataFrame(
        {
            **{name: pd.Series(values, dtype="str") for name, values in columns.items()},
            "measured": numbers[:12],
            "id": [f"R{n}" for n in range(12)],
            "reason": pd.Series(reasons, dtype="str"),
        }
    )
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(CONTENTS)
        write_shared(connection, "findings", frame, DAY)
        found = pd.read_sql("SELECT * FROM findings", connection, index_col="OGC_FID")
        kept = connection.execute("SELECT count(*) FROM findings_kinds").fetchone()[0]
        # REAL, TEXT: what a reader is told the columns are
        told = connection.execute("SELECT name, type FROM pragma_table_info('findings')")
        assert dict(told) == {
            "OGC_FID": "INTEGER",
            **dict.fromkeys(frame, "TEXT"),
            "measured": "REAL",
        }
    assert list(found.index) == list(range(1, 13))
    assert kept == len(set(zip(*kinds, strict=True)))
    plain = frame.astype({c: object for c in frame if c != "measured"})
    plain = plain.where(plain.notna(), None)
    wanted = plain.assign(measured=frame["measured"])
    found = found.astype({c: object for c in found if c != "measured"}).where(found.notna(), None)
    assert_frame_equal(
        found.assign(measured=found["measured"].astype(float)).reset_index(drop=True),
        wanted,
        check_dtype=False,
    )


def test_no_rows_at_all(database):
    names = ["standard", "clause", "layer", "part", "unit", "status", "flags", "reason", "id"]
    frame = pd.DataFrame({name: pd.Series(dtype="str") for name in names})
    write_shared(database, "findings", frame, DAY)
    assert database.execute("SELECT * FROM findings").fetchall() == []
    assert database.execute("SELECT table_name, data_type FROM gpkg_contents").fetchall() == [
        ("findings", "attributes")
    ]


_XY = st.tuples(*[st.integers(-(10**7), 10**8).map(lambda n: n / 8)] * 2)
_LINE = st.lists(_XY, min_size=2, max_size=5, unique=True)


@given(st.lists(st.lists(_LINE, min_size=1, max_size=3), min_size=1, max_size=5))
@settings(deadline=None, max_examples=50)
def test_packed_lines_come_back_to_a_quarter_of_a_metre(rows):
    """To 25 cm each way, and a quarter of a metre itself is rounded to one side or the other."""
    shapes = [shapely.MultiLineString(lines) for lines in rows]
    if all(len(lines) == 1 for lines in rows):
        shapes = [shapely.LineString(lines[0]) for lines in rows]
    frame = gpd.GeoDataFrame(
        {"id": [f"S{n}" for n in range(len(rows))], "threshold": 15.0}, geometry=shapes, crs=CRS
    )
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(CONTENTS)
        write_packed(connection, "streets", frame, DAY)
        found = unpacked(pd.read_sql("SELECT * FROM streets ORDER BY fid", connection), CRS)
    assert found.crs == CRS
    assert found["id"].tolist() == frame["id"].tolist()
    assert found["threshold"].tolist() == [15.0] * len(rows)
    assert found.geom_type.tolist() == frame.geom_type.tolist()
    xy, given_ = (shapely.get_coordinates(f.geometry.array) for f in (found, frame))
    assert np.abs(xy - given_).max() <= 0.25
    assert (np.round(xy * 2) == xy * 2).all()


@pytest.mark.parametrize(
    ("spoiled", "told"),
    [
        (lambda cell: cell[: len(cell) // 2], "incomplete"),
        (lambda cell: b"no stream" + cell, "header"),
        (lambda _: None, "bytes-like"),
    ],
)
def test_a_damaged_cell_is_refused(database, spoiled, told):
    frame = gpd.GeoDataFrame({"id": ["a"]}, geometry=[shapely.LineString([(0, 0), (9, 9)])])
    write_packed(database, "streets", frame, DAY)
    rows = pd.read_sql("SELECT * FROM streets", database)
    rows["packed"] = [spoiled(cell) for cell in rows["packed"]]
    with pytest.raises(ValueError, match=told):
        unpacked(rows, CRS)


def test_rows_that_do_not_fit_the_lines_are_refused(database):
    frame = gpd.GeoDataFrame({"id": ["a"]}, geometry=[shapely.LineString([(0, 0), (9, 9)])])
    write_packed(database, "streets", frame, DAY)
    rows = pd.read_sql("SELECT * FROM streets", database).assign(lines=2)
    with pytest.raises(ValueError, match="another number of lines"):
        unpacked(rows, CRS)


def test_only_flat_lines_of_many_vertices_are_packed(monkeypatch):
    monkeypatch.setattr(packed_lines, "MOST_VERTICES", 3)
    line, high = shapely.LineString([(0, 0), (1, 0)]), shapely.LineString([(0, 0, 1), (1, 0, 1)])

    def packs(*shapes):
        return is_packed(gpd.GeoDataFrame(geometry=list(shapes)))

    assert packs(line, line)
    assert not packs(line)
    assert not packs(line, high)
    assert not packs(line, line, shapely.Point(0, 0))
    assert not packs(line, line, None)
    assert not packs()


def test_a_set_with_packed_streets_is_read_back(shared_sample, tmp_path, monkeypatch):
    monkeypatch.setattr(packed_lines, "MOST_VERTICES", 3)
    lines = [
        shapely.LineString([(500_000, 3_900_000), (500_100.5, 3_900_000), (500_100.5, 3_900_050)]),
        shapely.MultiLineString([[(500_000, 3_900_100), (500_001, 3_900_100)]] * 2),
    ]
    streets = gpd.GeoDataFrame(
        {"name": ["人民路", None], "highway": ["residential"] * 2},
        geometry=lines,
        crs=shared_sample.crs,
        index=pd.Index(["S1", "S2"], name="id"),
    )
    sample = dataclasses.replace(shared_sample, layers={**shared_sample.layers, "streets": streets})
    write_outputs(sample, tmp_path, only=("json", "gpkg"))
    assert dict(pyogrio.list_layers(tmp_path / "assessment.gpkg"))["streets"] is None
    found = read_assessment(tmp_path).layers["streets"]
    wanted = streets.set_geometry([shapely.multilinestrings([lines[0]]), lines[1]])
    assert_geodataframe_equal(found, wanted, check_dtype=False, check_index_type=False)
    with closing(sqlite3.connect(tmp_path / "assessment.gpkg")) as connection, connection:
        about = dict(connection.execute("SELECT table_name, description FROM gpkg_contents"))
        assert "25 厘米" in about["streets"]
        assert not [name for name, said in about.items() if "25 厘米" in said and name != "streets"]
        connection.execute("UPDATE streets SET packed = x'00' WHERE fid = 1")
    with pytest.raises(AssessmentFormatError, match="streets"):
        read_assessment(tmp_path)
