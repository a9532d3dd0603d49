"""What CONTRIBUTING.md walks a newcomer through works as it is written there."""

from __future__ import annotations

import importlib
import re
import sys
import types
from pathlib import Path

import pytest

import lifecircle as lc
from lifecircle.case.bench import open_bench
from lifecircle.case.case import open_case
from lifecircle.measures import measure_of
from lifecircle.model.rules import measures
from lifecircle.outputs import OUTPUTS, write_outputs
from lifecircle.standards import check_standard, read_standard

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def step(name):
    """Return the block of code that a step of a walk shows."""
    found = re.search(rf"<!-- walk: {name} -->\n```\w+\n(.*?)```", TEXT, re.DOTALL)
    assert found, name
    return found.group(1)


@pytest.fixture(scope="module")
def study():
    return lc.read_study(ROOT / "data" / "guixi")


@pytest.fixture
def county(tmp_path):
    """Write the county's standard, with more clauses behind it; return its path."""

    def write(*more):
        file = tmp_path / "xianxian-2024.toml"
        file.write_text("\n".join([step("county standard"), *more]), encoding="utf-8")
        return file

    return write


def test_every_step_is_carried_out():
    steps = re.findall(r"<!-- walk: ([\w ]+) -->", TEXT)
    source = Path(__file__).read_text(encoding="utf-8")
    assert steps
    assert [name for name in steps if f'step("{name}")' not in source] == []


def test_a_county_of_ones_own(study, county):
    file = county()
    assert check_standard(file) == ()
    bench = open_bench(open_case(study, walked=False), read_standard(file))
    assert bench.rules["XX-01"].value == 25
    # R01 is new: the quota is 25 m² for each hundred of its households
    areas = bench.bare.areas
    new = areas.index[(areas["age_class"] == "new") & (areas["counted"] > 0)]
    found = bench.one("XX-01").findings.loc[new, "required_high"]
    typed = areas.loc[new, "required_m2"].notna()
    assert (found[~typed] == 25 * areas.loc[new, "counted"][~typed] / 100).all()


def test_a_measure(study, county, monkeypatch):
    spec = eval(step("measure declaration"), {"MeasureSpec": measures.MeasureSpec})  # noqa: S307
    monkeypatch.setitem(measures.MEASURES, spec.name, spec)
    module = types.ModuleType("lifecircle.measures.county.bedded")
    exec(step("measure function"), module.__dict__)  # noqa: S102 - what the page shows
    monkeypatch.setitem(sys.modules, module.__name__, module)
    measure_of.cache_clear()
    file = county(step("measure clause"))
    assert check_standard(file) == ()
    bench = open_bench(open_case(study, walked=False), read_standard(file))
    result = bench.one("XX-02").result
    rows = bench.bare.facilities
    houses = [k for k in rows.index if "nursing_institution" in rows.at[k, "kinds"]]
    serving = [k for k in houses if rows.at[k, "open"] == 1]
    beds = rows["beds"].astype(float)
    assert result.low == sum(beds[k] >= 1 for k in serving)
    open_ = [k for k in rows.index if not rows.at[k, "kinds"] or rows.at[k, "kinds"] <= {"other"}]
    assert result.high >= sum(not beds[k] < 1 for k in serving)
    assert result.high <= len(houses) + len(open_)
    measure_of.cache_clear()


def test_an_output(study, monkeypatch, tmp_path):
    module = types.ModuleType("lifecircle.outputs.list_of_clauses")
    exec(step("output function"), module.__dict__)  # noqa: S102 - what the page shows
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setitem(OUTPUTS, "list", ("clauses.txt", module.__name__, "write_list"))
    assessment = lc.assess(study)
    written = write_outputs(assessment, tmp_path / "out", ["list"])
    lines = written["list"].read_text(encoding="utf-8").splitlines()
    assert lines == [f"{c.id} {c.status}" for c in assessment.clauses]
    assert importlib.import_module(module.__name__) is module
