"""Small parts set by set: as the flow and the programme say, wherever one set is the best."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.allocation import served
from lifecircle.allocation.exchange import Exchange, most_given
from lifecircle.allocation.outright import fillable, outright


def of(need, spare, pairs):
    area, facility, most = (np.array(column, dtype=np.int64) for column in zip(*pairs, strict=True))
    whole = [np.array(values, dtype=np.int64) for values in (need, spare)]
    return Exchange(*whole, area, facility, most, np.zeros(len(area)))


def by_chance(seed, areas=6, facilities=4):
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(1, areas)), int(rng.integers(1, facilities))
    one = rng.integers(0, m, n)  # every area deals with somebody
    pairs = [(i, j) for i in range(n) for j in range(m) if j == one[i] or rng.random() < 0.5]
    most = rng.choice([15, 40, 90], len(pairs)).tolist()
    part = of(
        rng.integers(1, 70, n),
        rng.integers(1, 90, m),
        [(i, j, u) for (i, j), u in zip(pairs, most, strict=True)],
    )
    return part, rng.choice([1.0, 1.0, 3.0], n), rng.integers(0, 5, n) * 100.0


def test_one_facility_by_hand():
    """100 to have, 60, 50 and 45 asked for: two at most; only 50 and 45 fit."""
    part = of([60, 50, 45], [100], [(0, 0, 60), (1, 0, 50), (2, 0, 45)])
    ones = np.ones(3)
    assert outright(part, ones, np.array([900.0, 1, 1])).tolist() == [False, True, True]
    # 60 alone has as much of the first aim as 50 and 45, and more of the second
    assert outright(part, np.array([2.0, 1, 1]), np.array([9.0, 1, 1])).tolist() == [1, 0, 0]


def test_what_is_equally_good_is_left_to_the_programme():
    part = of([60, 60], [100], [(0, 0, 60), (1, 0, 60)])
    assert outright(part, np.ones(2), np.ones(2)) is None
    assert outright(part, np.ones(2), np.array([2.0, 1.0])).tolist() == [True, False]


def test_a_large_part_is_left_to_the_programme():
    many = of([10] * 18, [20], [(i, 0, 10) for i in range(18)])
    assert outright(many, np.ones(18), np.arange(18.0)) is None


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=60)
def test_a_set_can_be_filled_where_a_flow_fills_it(seed):
    part, _, _ = by_chance(seed)
    sets = np.array(list(itertools.product((0, 1), repeat=len(part.need))))
    flows = [int(most_given(part, part.need * one).sum()) for one in sets]
    assert fillable(part, sets).tolist() == (np.array(flows) == sets @ part.need).tolist()


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=40)
def test_the_best_set_is_the_one_that_the_programme_proves(seed):
    part, first, second = by_chance(seed)
    best = outright(part, first, second)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(served, "outright", lambda *_: None)
        found, _ = served._searched(part, first, second, 1000)
    chosen = found.served
    assert found.proven
    if best is None:  # another set is as good
        sets = np.array(list(itertools.product((0, 1), repeat=len(part.need))))
        sets = sets[fillable(part, sets)]
        gains = sorted(zip(sets @ first, sets @ second, strict=True))
        assert gains[-1] == gains[-2]
        return
    assert best.tolist() == chosen.tolist()
    assert float(first[best].sum()) == found.bound == found.gain
    assert float(second[best].sum()) == found.second_bound == found.second
