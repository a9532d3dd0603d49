"""What was written is what is read back."""

import dataclasses
import datetime as dt
import json
import math
import shutil

import pandas as pd
import pytest
from geopandas.testing import assert_geodataframe_equal

import lifecircle as lc
from lifecircle.errors import AssessmentFormatError
from lifecircle.model.reason import Reason
from lifecircle.model.results.assessment import Assessment
from lifecircle.model.status import Flag
from lifecircle.outputs import read_assessment, write_outputs

TABLES = ["findings", "reach", "allocation", "provision", "remedies", "stages"]
FRAMES = {*TABLES, "layers"}


@pytest.fixture(scope="module")
def saved(shared_sample, tmp_path_factory):
    folder = tmp_path_factory.mktemp("saved")
    write_outputs(shared_sample, folder, only=("json", "gpkg"))
    return folder


@pytest.fixture
def folder(saved, tmp_path):
    """A copy that a test may break."""
    return shutil.copytree(saved, tmp_path / "saved")


@pytest.fixture(scope="module")
def read(saved):
    return read_assessment(saved)


def _plain(frame):
    """Text as Python objects with None for missing, numbers as float64: what a value says."""
    frame = frame.copy()
    for column in frame.columns:
        values = frame[column]
        if column == getattr(frame, "_geometry_column_name", None):
            continue
        if pd.api.types.is_bool_dtype(values):
            frame[column] = values.astype(object)
        elif pd.api.types.is_numeric_dtype(values):
            frame[column] = values.astype("float64")
        else:
            frame[column] = [
                None if not isinstance(v, tuple | Reason) and pd.isna(v) else v for v in values
            ]
            frame[column] = frame[column].astype(object)
    return frame


@pytest.mark.parametrize(
    "name", [f.name for f in dataclasses.fields(Assessment) if f.name not in FRAMES]
)
def test_field_round_trips(sample, read, name):
    expected, got = getattr(sample, name), getattr(read, name)
    if name == "clauses":
        # JSON knows no infinity: the sum without an upper bound comes back without one
        assert expected[2].high == math.inf
        assert got[2].high is None
        expected = tuple(dataclasses.replace(c, high=None) for c in expected)
        got = tuple(dataclasses.replace(c, high=None) for c in got)
    assert got == expected
    assert type(got) is type(expected)


@pytest.mark.parametrize("name", TABLES)
def test_table_round_trips(sample, read, name):
    pd.testing.assert_frame_equal(_plain(getattr(read, name)), _plain(getattr(sample, name)))


def test_layers_round_trip(sample, read):
    got = read.layers
    assert list(got) == list(sample.layers)
    for name, expected in sample.layers.items():
        # an empty frame made without values has no types to compare
        assert_geodataframe_equal(
            _plain(got[name]),
            _plain(expected),
            check_index_type=False,
            check_dtype=len(expected) > 0,
        )


def test_types_inside_the_tables(read):
    row = read.findings.query("id == 'R12' and clause == 'CX-03'").iloc[0]
    assert row["flags"] == (Flag.ADJUSTABLE, Flag.CLOSE_CALL)
    assert all(isinstance(f, Flag) for f in row["flags"])
    areas = read.layers["residential"]
    assert isinstance(areas.loc["R05", "reason"], Reason)
    assert areas.loc["R11", "reason"] is None
    assert math.isinf(areas.loc["R05", "walk_m"])
    assert math.isnan(areas.loc["R06", "households"])
    assert areas.geometry["R12"] is None
    assert read.clauses[1].deadline == dt.date(2025, 12, 31)
    assert read.layers["gates"].crs == "EPSG:4548"


def test_rows_that_say_the_same_hold_one_reason(read):
    """Else a map of a saved county puts one reason into words thousands of times."""
    reasons = read.findings["reason"].dropna().tolist()
    told = {reason.dumps() for reason in reasons}
    assert len({id(reason) for reason in reasons}) == len(told) < len(reasons)


def test_written_again_the_bytes_are_the_same(saved, read, tmp_path):
    again = write_outputs(read, tmp_path, only=("json", "gpkg"))
    for path in again.values():
        assert path.read_bytes() == (saved / path.name).read_bytes(), path.name


def test_verb_of_the_package(sample, saved):
    assert lc.read_assessment(saved).study == sample.study
    assert lc.write_outputs is write_outputs


def test_unknown_output_names_the_nearest(sample, tmp_path):
    with pytest.raises(KeyError, match="did you mean 'report'"):
        write_outputs(sample, tmp_path, only=("reprot",))
    assert list(tmp_path.iterdir()) == []


def _break_json(folder, **values):
    path = folder / "assessment.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | values), encoding="utf-8")


@pytest.mark.parametrize(
    ("defect", "says"),
    [
        (lambda f: (f / "assessment.json").unlink(), "assessment.json"),
        (lambda f: (f / "assessment.json").write_text("{", encoding="utf-8"), "assessment.json"),
        (lambda f: (f / "assessment.json").write_text("[]", encoding="utf-8"), "schema = null"),
        (lambda f: (f / "assessment.gpkg").unlink(), "assessment.gpkg"),
        (lambda f: (f / "assessment.gpkg").write_text("no", encoding="utf-8"), "assessment.gpkg"),
        (lambda f: _break_json(f, schema=99), "schema = 99"),
        (lambda f: _break_json(f, as_of="yesterday"), "yesterday"),
        (lambda f: _break_json(f, clauses=[{}]), r"clauses\[0\]\.title"),
    ],
)
def test_unreadable_folder_says_what_is_wrong(folder, defect, says):
    defect(folder)
    with pytest.raises(AssessmentFormatError, match=says):
        read_assessment(folder)


@pytest.mark.parametrize("keep", [2, 5000])
@pytest.mark.parametrize(
    ("language", "says"),
    [("zh", "读不出来：文件已损坏，或不是它所称的格式"), ("en", "damaged")],
)
def test_a_damaged_result_is_told_in_the_readers_words_alone(folder, keep, language, says):
    file = folder / "assessment.gpkg"
    file.write_bytes(file.read_bytes()[:keep])
    with pytest.raises(AssessmentFormatError, match=says) as caught:
        read_assessment(folder, language)
    assert "sqlite" not in str(caught.value)


def test_all_outputs_at_once(sample, tmp_path):
    written = write_outputs(sample, tmp_path)
    assert {name: path.name for name, path in written.items()} == {
        "json": "assessment.json",
        "gpkg": "assessment.gpkg",
        "map": "map.html",
        "report": "report.html",
        "workbook": "report.xlsx",
        "summary": "summary.docx",
        "chapter": "report.docx",
        "rectification": "rectification",
    }
    assert {p.name for p in tmp_path.iterdir()} == {p.name for p in written.values()}
