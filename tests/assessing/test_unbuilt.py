"""What a clause is without a plan's places: with it the statuses of today come back whole."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.assessing.planned import built_marked
from lifecircle.case.bench import open_bench
from lifecircle.case.built import Built, with_built
from lifecircle.case.case import open_case
from lifecircle.model.status import Flag
from lifecircle.standards import read_standard

FILE = Path(__file__).parents[1] / "siting" / "conftest.py"
spec = importlib.util.spec_from_file_location("line_of_areas", FILE)
line = importlib.util.module_from_spec(spec)
spec.loader.exec_module(line)

AREAS = {f"R{k}": (700.0 * k, {"households": 100.0 * k}) for k in range(1, 6)}


@pytest.fixture(scope="module")
def bench():
    study = line.make_line(AREAS, {"F0": (0.0, {"floor_area_m2": 40.0})})
    return open_bench(open_case(study), read_standard("caoxian-2023"))


@settings(max_examples=5, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["day_care", "canteen", "community_station"]),
            st.integers(-2000, 5000),
            st.sampled_from([None, 20.0, 400.0]),
        ),
        max_size=3,
    )
)
def test_the_statuses_of_today_come_back(bench, drawn):
    built = [
        Built(f"N{k}", "new", f"新{k}", kind, None, None, m2, line.X0 + x, line.Y0)
        for k, (kind, x, m2) in enumerate(drawn)
    ]
    layer = with_built(bench.case.study, built)
    after = bench.changed(facilities=layer, arranging=False)
    (told,) = built_marked([after], [bench])
    for name, one in told.items():
        was, now = bench.one(name), one.findings["status"].astype(str)
        before = was.findings["status"].astype(str)
        same = one.result.unbuilt is None
        assert same == (Flag.PLANNED_PLACES not in one.result.flags)
        back = {} if same else dict(one.result.unbuilt.statuses)
        assert {key: back.get(key, now[key]) for key in before.index} == dict(before), name
        assert all(now[key] != status for key, status in back.items() if key in now.index)
        if not same:
            assert one.result.unbuilt.official == was.result.official
            assert one.result.unbuilt.status == was.result.status
