"""Rates of several counties: summed, by hand and against enumerating what is open."""

from __future__ import annotations

import dataclasses
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lifecircle as lc
from lifecircle.batch.province import gather_province, summed
from lifecircle.model.finding import Rate
from lifecircle.model.results.county_run import CountyRun, RunState
from lifecircle.outputs.province.drawing import province_data
from lifecircle.outputs.words.wording import Wording


def rate(met, decided, open_=0, low=None, high=None, *, basis="areas", weight=None, doubted=0.0):
    share = met / decided if decided else None
    weight = float(open_) if weight is None else weight
    return Rate(basis, "county", met, decided, open_, low, high, share, weight, doubted)


def test_numerators_and_denominators_are_added_never_the_rates_averaged():
    # 1 of 2 and 90 of 100: 91 of 102 = 0.892…; the mean of the two rates would be 0.7
    found = summed([rate(1, 2, 0, 0.5, 0.5), rate(90, 100, 0, 0.9, 0.9)])
    assert (found.numerator, found.denominator, found.rate) == (91, 102, pytest.approx(91 / 102))
    assert (found.low, found.high) == (pytest.approx(91 / 102), pytest.approx(91 / 102))
    assert found.scope == "province"


def test_what_is_open_widens_the_sum():
    # 1 of 2 decided and 2 open: 1/4 … 3/4; 3 of 4 decided: together 4/8 … 6/8
    found = summed([rate(1, 2, 2, 1 / 4, 3 / 4), rate(3, 4, 0, 3 / 4, 3 / 4)])
    assert (found.low, found.high) == (pytest.approx(4 / 8), pytest.approx(6 / 8))
    assert found.not_assessed == 2


def test_a_county_with_nothing_decided_takes_part_in_the_range_alone():
    found = summed([rate(0, 0, 2, 0.0, 1.0), rate(2, 2, 0, 1.0, 1.0)])
    assert (found.rate, found.low, found.high) == (1.0, 0.5, 1.0)


def test_households_are_summed_with_those_not_assessed():
    # 300 of 400 decided, one area of 100 open: 300/500 … 400/500
    # with 100 of 200 in the other county: 400/700 … 500/700
    open_ = rate(300, 400, 1, 300 / 500, 400 / 500, basis="households", weight=100.0)
    closed = rate(100, 200, 0, 0.5, 0.5, basis="households")
    found = summed([open_, closed])
    assert found.rate == pytest.approx(400 / 600)
    assert (found.low, found.high) == (pytest.approx(400 / 700), pytest.approx(500 / 700))
    assert (found.undecided, found.not_assessed) == (100.0, 1.0)


def test_a_weight_that_is_not_known_leaves_no_range():
    unknown = Rate("households", "county", 300, 400, 1, None, None, 0.75, None)
    found = summed([unknown, rate(100, 200, 0, 0.5, 0.5, basis="households")])
    assert (found.rate, found.low, found.high) == (pytest.approx(400 / 600), None, None)


@pytest.mark.parametrize("ends", [(None, None), (0.0, 1.0), (0.0, 0.0)])
def test_a_county_that_does_not_say_how_much_is_open_leaves_no_range(ends):
    # how many count is open there: nobody knows over what the sum is, whatever its own range is
    open_ = Rate("areas", "county", 0.0, 0.0, 2.0, *ends, None, None)
    for rates in ([open_, rate(1, 2, 0, 0.5, 0.5)], [rate(1, 2, 0, 0.5, 0.5), open_], [open_]):
        found = summed(rates)
        assert (found.low, found.high, found.undecided, found.not_assessed) == (None, None, None, 2)
    assert summed([open_]).rate is None


def test_a_county_that_may_have_no_subject_may_be_no_part_of_the_sum():
    # 2 of 2 that may not count, beside 0 of 2: 0/2 … 2/4
    loose = rate(2, 2, 0, 1.0, 1.0, doubted=2.0)
    found = summed([loose, rate(0, 2, 0, 0.0, 0.0)])
    assert (found.low, found.high, found.undecided) == (0.0, 0.5, 0.0)
    alone = summed([loose])  # whatever counts is met
    assert (alone.low, alone.high) == (1.0, 1.0)


@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 2), st.booleans()),
        min_size=1,
        max_size=3,
    )
)
def test_the_range_is_that_of_every_way_the_open_may_turn_out(counties):
    """met, missed, open a county; ``loose``: one that is met may be no subject at all."""
    rates, choices = [], []
    for met, missed, open_, doubted in counties:
        loose = int(doubted and met > 0)
        total = met + missed + open_
        low = (met - loose) / (total - loose) if total > loose else 1.0 if total else None
        high = (met + open_) / total if total else None
        if total:
            rates.append(rate(met, met + missed, open_, low, high, doubted=float(loose)))
            choices.append(
                [(met - k + j, total - k) for j in range(open_ + 1) for k in range(loose + 1)]
            )
    if not rates:
        return
    found = summed(rates)
    shares = []
    for ways in product(*choices):
        of = sum(total for _, total in ways)
        if of:
            shares.append(sum(met for met, _ in ways) / of)
    assert found.low == pytest.approx(min(shares))
    assert found.high == pytest.approx(max(shares))


def test_what_stands_is_not_added_to_what_is_planned(counties, tmp_path):
    """One county twice as it stands, and once with all plans built."""
    now = lc.assess(lc.read_study(counties("甲县") / "甲县"))
    each = {"甲县": now, "甲县又": now, "规划": dataclasses.replace(now, stage="plan")}
    for name, assessment in each.items():
        lc.write_outputs(assessment, tmp_path / "out" / name, only=("json", "gpkg"))
    runs = [CountyRun(name, RunState.DONE) for name in each]
    province = gather_province(tmp_path / "out", runs)
    told = [
        (clause.stage, [one.county for one in clause.counties], clause.rates[0].denominator)
        for clause in province.clauses
        if clause.id == "CX-03"
    ]
    assert told == [("now", ["甲县", "甲县又"], 2.0), ("plan", ["规划"], 1.0)]
    assert province.counted_twice == (("甲县", "甲县又"),)
    (told,) = [
        one for one in province_data(province, Wording("zh", "batch"))["banners"] if "又" in one
    ]
    assert told.startswith("甲县、甲县又：区划代码、口径和情景都相同，合计中各算了一次")
