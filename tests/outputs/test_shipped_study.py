"""The shipped study, written out and read back: what holds for the sample holds for real data."""

from pathlib import Path

import jsonschema
import openpyxl
import pandas as pd
import pytest

import lifecircle as lc
from lifecircle.outputs.json_file import document, schema
from lifecircle.outputs.page import render_report

STUDY = Path(__file__).parents[2] / "data" / "guixi" / "study.toml"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def assessment():
    return lc.assess(lc.read_study(STUDY))


@pytest.fixture(scope="module")
def folder(assessment, tmp_path_factory):
    made = tmp_path_factory.mktemp("guixi")
    lc.write_outputs(assessment, made, only=("json", "gpkg", "workbook"))
    return made


def test_follows_the_schema(assessment):
    jsonschema.validate(document(assessment), schema())


def test_comes_back_equal_and_writes_the_same_bytes(assessment, folder, tmp_path):
    read = lc.read_assessment(folder)
    assert document(read) == document(assessment)
    for column in ("flags", "reason", "status"):
        assert read.findings[column].tolist() == assessment.findings[column].tolist()
    pd.testing.assert_series_equal(
        read.layers["residential"]["walk_m"],
        assessment.layers["residential"]["walk_m"],
        check_index_type=False,
    )
    for path in lc.write_outputs(read, tmp_path, only=("json", "gpkg", "workbook")).values():
        assert path.read_bytes() == (folder / path.name).read_bytes(), path.name


def test_report_is_the_same_from_the_saved_assessment(assessment, folder):
    assert render_report(lc.read_assessment(folder)) == render_report(assessment)


def test_workbook_lists_every_area_and_no_formula(assessment, folder):
    book = openpyxl.load_workbook(folder / "report.xlsx")
    assert book["居住区"].max_row == 1 + len(assessment.layers["residential"])
    for sheet in book:
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
