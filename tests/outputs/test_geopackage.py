"""assessment.gpkg: layers, columns, types, styles, bytes."""

import dataclasses
import datetime as dt
import json
import math
import sqlite3
import xml.etree.ElementTree as ET
from contextlib import closing

import pyogrio
import pytest

from lifecircle.errors import OutputError
from lifecircle.model.finding import FINDING_COLUMNS
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.results.assessment import (
    ALLOCATION_COLUMNS,
    LAYER_COLUMNS,
    REACH_TABLE_COLUMNS,
)
from lifecircle.outputs.saved.geopackage import PROBLEM_COLUMNS, encode_reason, write_geopackage
from lifecircle.outputs.saved.gpkg.verified import verify_whole


@pytest.fixture(scope="module")
def written(shared_sample, tmp_path_factory):
    return write_geopackage(shared_sample, tmp_path_factory.mktemp("gpkg") / "assessment.gpkg")


def _query(path, sql):
    connection = sqlite3.connect(path)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def test_every_layer_with_its_columns(written):
    layers = dict(pyogrio.list_layers(written))
    for name, columns in LAYER_COLUMNS.items():
        info = pyogrio.read_info(written, layer=name)
        assert tuple(info["fields"]) == ("id", *columns), name
        assert info["crs"] == "EPSG:4548"
    assert layers["residential"] == "Unknown"  # polygons and points
    assert layers["gates"] == "Point"  # empty
    assert layers["service_areas"] == "MultiPolygon"


def test_every_table_without_geometry(written):
    expected = {
        "reach": REACH_TABLE_COLUMNS,
        "allocation": ALLOCATION_COLUMNS,
        "findings": FINDING_COLUMNS,
        "problems": PROBLEM_COLUMNS,
    }
    for name, columns in expected.items():
        info = pyogrio.read_info(written, layer=name)
        assert tuple(info["fields"]) == columns
        assert info["geometry_type"] is None


def test_missing_is_null_and_unreached_is_infinite(written):
    sql = "SELECT id, households, walk_m, illustrative FROM residential WHERE id IN ('R05', 'R06')"
    assert _query(written, sql) == [("R05", 500.0, math.inf, 0), ("R06", None, 550.0, 1)]


def test_flags_and_reasons_are_text(written):
    rows = _query(written, "SELECT flags, reason FROM findings WHERE id='R12' AND clause='CX-03'")
    assert rows[0][0] == "adjustable;close_call"
    assert json.loads(rows[0][1]) == {
        "code": "quota_short",
        "params": {"deficit_m2": 50.0, "provided_m2": 40.0, "required_m2": 90.0},
    }
    # a reader of JSON other than ours can read the infinity too
    high = "SELECT json_extract(reason, '$.params.high_m2') FROM residential WHERE id='R07'"
    assert _query(written, high) == [(math.inf,)]


def test_infinite_parameters_come_back():
    reason = Reason(ReasonCode.COUNTED, {"count": math.inf, "target": -math.inf, "w": "Infinity"})
    assert Reason.loads(encode_reason(reason)) == reason


def test_reasons_are_written_as_json_writes_them():
    params = {"z": 1e-7, "name": '"东\\苑"\n\x01é', "a b": 1e16, "deficit_m2": 50.0, "empty": ""}
    for one in (params, {"w": -0.0}, {}, {**params, "n": 3, "both": ["甲", 2.5], "no": None}):
        reason = Reason(ReasonCode.COUNTED, one)
        told = {"code": "counted", "params": one}
        assert encode_reason(reason) == json.dumps(told, ensure_ascii=False, sort_keys=True)


def test_a_reason_that_many_rows_share_is_in_each_of_them(sample, tmp_path):
    one, equal = (Reason(ReasonCode.COUNTED, {"count": 1.5}) for _ in range(2))
    told = [one, None, equal, one, math.nan, one]
    findings = sample.findings.iloc[: len(told)].assign(reason=told)
    path = write_geopackage(dataclasses.replace(sample, findings=findings), tmp_path / "a.gpkg")
    rows = _query(path, "SELECT reason FROM findings")
    assert rows == [(encode_reason(value),) for value in told]


def test_empty_tables_keep_column_types(sample, tmp_path):
    empty = dataclasses.replace(sample, findings=sample.findings.iloc[:0], layers={}, problems=())
    path = write_geopackage(empty, tmp_path / "empty.gpkg")
    types = dict(
        zip(
            *(pyogrio.read_info(path, layer="residential")[k] for k in ("fields", "dtypes")),
            strict=True,
        )
    )
    assert types["households"] == "float64"
    assert types["illustrative"] == "bool"
    assert types["name"] == "object"


def test_styles_are_qgis_documents_by_verdict(written):
    rows = _query(
        written,
        "SELECT f_table_name, f_geometry_column, styleQML, useAsDefault FROM layer_styles"
        " ORDER BY id",
    )
    assert [(r[0], r[1], r[3]) for r in rows][:3] == [
        ("residential", "geom", 1),
        ("residential", "geom", 0),
        ("facilities", "geom", 1),
    ]
    # every layer has one default style; one of lines and points a second one
    assert [r[0] for r in rows if r[3]].count("street_diagnosis") == 1
    assert sorted({r[0] for r in rows if r[3]}) == sorted(LAYER_COLUMNS)
    root = ET.fromstring(rows[0][2])  # noqa: S314 - our own text
    renderer = root.find("renderer-v2")
    assert (renderer.get("type"), renderer.get("attr")) == ("categorizedSymbol", "verdict")
    labels = {c.get("value"): c.get("label") for c in renderer.iter("category")}
    assert labels["deficient"] == "不达标"
    assert labels["not_assessed"] == "待核实"
    symbols = {s.get("name"): s.get("type") for s in renderer.iter("symbol")}
    assert {c.get("symbol") for c in renderer.iter("category")} == set(symbols)
    assert set(symbols.values()) == {"fill"}
    geometry = _query(written, "SELECT column_name FROM gpkg_geometry_columns")
    assert set(geometry) == {("geom",)}


def test_same_result_same_bytes(sample, tmp_path):
    first = write_geopackage(sample, tmp_path / "a.gpkg").read_bytes()
    second = write_geopackage(sample, tmp_path / "b.gpkg").read_bytes()
    assert first == second
    stamps = _query(tmp_path / "a.gpkg", "SELECT DISTINCT last_change FROM gpkg_contents")
    assert stamps == [("2025-12-31T00:00:00.000Z",)]


def test_clock_is_given_back(written):
    assert written.exists()
    assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") is None


def test_failure_leaves_nothing(sample, tmp_path, monkeypatch):
    calls = []
    write = pyogrio.write_dataframe

    def fail_late(*args, **kwargs):
        calls.append(kwargs["layer"])
        if kwargs["layer"] == "provision":
            raise pyogrio.errors.DataSourceError("disk I/O error")
        write(*args, **kwargs)

    monkeypatch.setattr(pyogrio, "write_dataframe", fail_late)
    with pytest.raises(OutputError, match="disk I/O error"):
        write_geopackage(sample, tmp_path / "assessment.gpkg")
    assert calls[-1] == "provision"
    assert list(tmp_path.iterdir()) == []


def test_date_of_the_file_is_the_assessments(sample, tmp_path):
    other = dataclasses.replace(sample, as_of=dt.date(2024, 2, 29))
    path = write_geopackage(other, tmp_path / "a.gpkg")
    assert _query(path, "SELECT DISTINCT update_time FROM layer_styles")[0][0].startswith(
        "2024-02-29"
    )


TRIGGER = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'facilities'"
LOST = {
    "a trigger": ("", "triggers of"),
    "a row": ("DELETE FROM facilities WHERE fid = 1", "rows of"),
    "a table": ("DROP TABLE allocation", "no such table"),
    "a style": ("DELETE FROM layer_styles WHERE id = 1", "rows of"),
    "an index": ("DELETE FROM gpkg_contents WHERE table_name = 'units'", "no such table"),
}


@pytest.mark.parametrize("lost", LOST)
def test_a_file_that_lost_something_never_takes_its_name(sample, tmp_path, monkeypatch, lost):
    """What a library did not tell is found: the earlier file stands, and it is an error."""
    path = tmp_path / "a.gpkg"
    path.write_bytes(b"earlier")
    order, said = LOST[lost]

    def losing(part, rows):
        with closing(sqlite3.connect(part)) as connection, connection:
            (trigger,) = connection.execute(TRIGGER).fetchone()
            connection.execute(order or f'DROP TRIGGER "{trigger}"')
        verify_whole(part, rows)

    monkeypatch.setattr("lifecircle.outputs.saved.geopackage.verify_whole", losing)
    with pytest.raises(OutputError, match=said) as told:
        write_geopackage(sample, path)
    assert told.value.place == path
    assert told.value.refusal in {"other", "full"}
    assert path.read_bytes() == b"earlier"
    assert [one.name for one in tmp_path.iterdir()] == ["a.gpkg"]


def test_every_layer_with_shapes_has_a_style_with_a_plan_too(sample, short_future, tmp_path):
    for number, one in enumerate((sample, short_future)):
        path = write_geopackage(one, tmp_path / f"{number}.gpkg")
        shown = {name for (name,) in _query(path, "SELECT table_name FROM gpkg_geometry_columns")}
        styled = {name for (name,) in _query(path, "SELECT f_table_name FROM layer_styles")}
        assert shown <= styled
        assert ("planned_links" in shown) == (number == 1)
