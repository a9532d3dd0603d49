"""What areas weigh: the bases told together are those told one by one, of all areas and of some."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.counting.shares import Told, coded, verdict_rate, verdict_rates
from lifecircle.counting.weighing import Weighing

BASES = ("areas", "households", "population")
STATUSES = ("compliant", "deficient", "not_assessed", "not_applicable", "exempt")
WEIGHTS = st.one_of(st.floats(0.0, 1e4), st.just(float("nan")))


@st.composite
def counties(draw):
    """Statuses of some areas, what they weigh in three bases, who is here and who may be."""
    n = draw(st.integers(1, 40))
    rows = [draw(st.lists(WEIGHTS, min_size=n, max_size=n)) for _ in BASES]
    status = draw(st.lists(st.sampled_from(STATUSES), min_size=n, max_size=n))
    here, maybe = (
        np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n))) for _ in range(2)
    )
    return pd.Series(status, dtype=object), np.array(rows), here, maybe & ~here


@given(counties())
@settings(max_examples=60, deadline=None)
def test_bases_told_together_are_told_as_each_alone_to_the_last_digit(county):
    status, weights, here, maybe = county
    told = Told.of(coded(status))
    together = verdict_rates(told, weights, here, BASES, "x", spare=[0.0] * 3, maybe=maybe)
    for found, weight, basis in zip(together, weights, BASES, strict=True):
        assert repr(found) == repr(verdict_rate(told, weight, here, basis, "x", maybe=maybe))


def test_what_some_areas_weigh_is_what_they_weigh_among_all():
    areas = pd.DataFrame(
        {
            "counted": [100.0, 300.0, 50.0],
            "population": [300.0, np.nan, 100.0],
            "setting": ["urban", "rural", None],
            "unit": ["u1", "u2", "u1"],
            "lead": ["A", "A", "C"],
        },
        index=list("ABC"),
    )
    whole = Weighing.of(areas)
    assert whole.some(areas.index) is whole
    part = whole.some(pd.Index(["A", "C"]))
    assert part.weights[1].tolist() == [100.0, 50.0]
    assert np.isnan(part.weights[3]).all()  # nobody has counted the elders
    county, settings_, units = part.partitions
    assert county.codes.tolist() == [0, 0]
    assert [(name, (units.codes == code).tolist()) for name, code in units.scopes] == [
        ("u1", [True, True]),
        ("u2", [False, False]),
    ]
    # C is of no setting that is known: a change of it may touch town and country alike
    assert settings_.touched(np.array([1])) is None
    assert county.touched(np.array([1])) == {0}
    # A and B are phases of one project
    assert whole.with_phases(pd.Index(["B"])).tolist() == [True, True, False]
    assert whole.with_phases(pd.Index(["C"])).tolist() == [False, False, True]
