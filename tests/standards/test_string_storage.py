"""Whether pyarrow keeps the strings of a table, or pandas does, no result is another."""

from __future__ import annotations

import pandas as pd
import pytest

import lifecircle as lc
from lifecircle.outputs import OUTPUTS

pytest.importorskip("pyarrow")
EVERY = 71  # of well over a thousand cases: some of each sheet


@pytest.fixture
def kept():
    """Return a context: strings are kept by ``pyarrow`` or by ``python``."""
    return lambda by: pd.option_context("mode.string_storage", by)


def test_the_tests_keep_strings_without_pyarrow():
    assert pd.Series(["甲"]).dtype.storage == "python"


def test_rule_cases_come_out_the_same(rule_cases, judge_seen, kept):
    some = rule_cases[::EVERY]
    assert len({sheet["standard"] for sheet, _ in some}) > 4
    for sheet, case in some:
        found = []
        for by in ("python", "pyarrow"):
            with kept(by):
                # a copy of the case: what it stands on is made anew
                found.append(judge_seen(sheet, dict(case)))
        one, other = found
        loosely = {"check_dtype": False, "check_index_type": False, "check_column_type": False}
        pd.testing.assert_frame_equal(one.findings, other.findings, **loosely)
        assert one.result == other.result, case["name"]


def test_a_county_is_written_the_same(short_county, kept, tmp_path, monkeypatch):
    some = {name: OUTPUTS[name] for name in ("json", "gpkg", "workbook", "map")}
    monkeypatch.setattr("lifecircle.outputs.OUTPUTS", some)
    written = []
    for by in ("python", "pyarrow"):
        with kept(by):
            assert pd.Series(["甲"]).dtype.storage == by
            lc.write_outputs(lc.assess(lc.read_study(short_county)), tmp_path / by)
        files = [file for file in (tmp_path / by).rglob("*") if file.is_file()]
        written.append({str(f.relative_to(tmp_path / by)): f.read_bytes() for f in files})
    assert len(written[0]) >= len(some)
    assert written[0] == written[1]
