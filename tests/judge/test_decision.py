"""Decisions over intervals: pass only if the worst case passes, fail only if the best fails."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecircle.assessing.layers.results import coverage_of
from lifecircle.counting.shares import CODES, rate_of
from lifecircle.judge.decision import IfCounted, decide, decided_if_asked, deficit
from lifecircle.judge.rates import rate_status
from lifecircle.model.finding import TOLERANCE, meets
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.status import Status

SIGNS = (">=", ">", "<=", "<", "=")
NUMBERS = st.integers(-50, 50).map(float)


def row(low, high, need_low, need_high=None):
    need_high = need_low if need_high is None else need_high
    measured = low if low == high else math.nan
    return pd.DataFrame(
        {
            "measured": [measured],
            "low": [low],
            "high": [high],
            "required_low": [need_low],
            "required_high": [need_high],
        }
    )


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS, st.sampled_from(SIGNS))
def test_decide_agrees_with_every_way_the_unknowns_may_fall(a, b, c, d, sign):
    low, high, need_low, need_high = min(a, b), max(a, b), min(c, d), max(c, d)
    values = sorted({low, high, *[v for v in (need_low, need_high) if low <= v <= high]})
    needs = sorted({need_low, need_high, *[v for v in (low, high) if need_low <= v <= need_high]})
    answers = {bool(meets(v, sign, n)) for v in values for n in needs}
    expected = {
        frozenset({True}): Status.COMPLIANT,
        frozenset({False}): Status.DEFICIENT,
    }.get(frozenset(answers), Status.NOT_ASSESSED)
    assert decide(row(low, high, need_low, need_high), sign).iloc[0] == expected


@pytest.mark.parametrize(
    ("value", "sign", "met"),
    [
        (1000.0, "<=", True),
        (1000.0 + TOLERANCE / 2, "<=", True),
        (1000.0 + 3 * TOLERANCE, "<=", False),
        (1000.0, "<", False),
        (1000.0, ">=", True),
        (1000.0, ">", False),
        (1000.0, "=", True),
        (math.nan, "<=", False),
        (math.inf, "<=", False),
    ],
)
def test_thresholds_at_equality(value, sign, met):
    assert meets(value, sign, 1000.0) is met


def test_unknown_comparison_is_refused():
    with pytest.raises(ValueError, match="unknown comparison"):
        meets(1, "≥", 1)


def test_deficit_is_the_least_that_is_missing():
    assert deficit(row(40, 40, 60), ">=").iloc[0] == 20
    assert deficit(row(10, 40, 60), ">=").iloc[0] == 20  # at best 40
    assert math.isnan(deficit(row(10, 70, 60), ">=").iloc[0])
    assert deficit(row(1200, 1200, 1000), "<=").iloc[0] == 200
    # too long anyway, but nobody knows by how much
    assert math.isnan(deficit(row(1200, math.inf, 1000), "<=").iloc[0])
    assert deficit(row(900, 900, 1000), "<=").iloc[0] == 0


@pytest.mark.parametrize(
    ("met", "missed", "open_", "sign", "target", "status"),
    [
        (9, 0, 0, "=", 100, "compliant"),
        (99, 0, 1, "=", 100, "not_assessed"),  # one unknown against 100 %
        (996, 4, 0, "=", 100, "deficient"),  # 99.6 % is not 100 % (A2)
        (5, 4, 0, ">", 60, "deficient"),  # 55.6 %
        (6, 3, 0, ">", 60, "compliant"),  # A19: 6 of 9 towns
        (6, 4, 0, ">", 60, "deficient"),  # exactly 60 % is not more than 60 %
        (3, 2, 0, ">", 60, "deficient"),
        (5, 3, 1, ">", 60, "not_assessed"),
        (0, 0, 0, "=", 100, "exempt"),  # of its subjects one is exempt, and nobody else is left
    ],
)
def test_rates_are_compared_by_counts(met, missed, open_, sign, target, status):
    rows = [Status.COMPLIANT] * met + [Status.DEFICIENT] * missed + [Status.NOT_ASSESSED] * open_
    rows += [Status.NOT_APPLICABLE, Status.EXEMPT]
    assert rate_status(pd.Series(rows, dtype=object), sign, target) == status


def test_a_rate_without_a_subject_does_not_apply():
    rows = pd.Series([Status.NOT_APPLICABLE] * 2, dtype=object)
    assert rate_status(rows, "=", 100) == "not_applicable"


def test_a_rate_counts_what_has_no_weight():
    met, open_ = np.array([True, False, False, True]), np.array([False, False, True, False])
    rate = rate_of(met, open_, np.array([10.0, 30.0, 60.0, math.nan]), "households", "county")
    assert (rate.numerator, rate.denominator, rate.rate) == (10, 40, 0.25)
    assert rate.not_assessed == 2
    assert rate.low is None
    whole = rate_of(met[:3], open_[:3], np.array([10.0, 30.0, 60.0]), "households", "county")
    assert (whole.low, whole.high) == (0.1, 0.7)


@pytest.mark.parametrize(
    ("low", "high", "coverage"),
    [
        (1.0, 1.0, "full"),
        (0.0, 0.0, "none"),
        (0.4, 0.4, "partial"),
        (0.4, 0.9, "partial"),
        (0.0, 0.9, "unknown"),
        (math.nan, math.nan, "unknown"),
    ],
)
def test_coverage_by_the_interval_of_a_share(low, high, coverage):
    assert list(coverage_of(pd.Series([low]), pd.Series([high]))) == [coverage]


def test_who_may_be_exempt_is_missed_if_asked_but_for_units_that_the_list_lacks():
    """Of units L (listed) and U (not), a facility F, and X of which something else is open."""
    may, else_ = Reason(ReasonCode.EXEMPTION_UNREAD), Reason(ReasonCode.SETTING_MISSING)
    rows = ["L", "U", "F", "X", "M"]
    findings = pd.DataFrame({"reason": [may, may, may, else_, may]}, index=rows, dtype=object)
    open_ = np.array([True] * 5)
    codes = [CODES[Status.DEFICIENT]] * 4 + [CODES[Status.COMPLIANT]]
    doubts = IfCounted(open_, np.array(codes), np.zeros(5, dtype=bool))
    waiting = np.full(5, CODES[Status.NOT_ASSESSED])
    units = pd.DataFrame({"unlisted": [False, True]}, index=["L", "U"])
    for frame, second in ((units, Status.NOT_ASSESSED), (units[[]], Status.DEFICIENT)):
        tables = SimpleNamespace(units=frame)
        found = decided_if_asked(tables, findings, waiting, doubts).tolist()
        said = [Status.DEFICIENT, second, Status.DEFICIENT, Status.NOT_ASSESSED, Status.COMPLIANT]
        assert found == [CODES[one] for one in said]
    none = IfCounted(~open_, np.array(codes), doubts.perhaps)
    assert (decided_if_asked(tables, findings, waiting, none) == waiting).all()
