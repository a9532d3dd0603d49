"""One facility, or one area: the flow by hand, and the same as the programme's."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.allocation import exchange as module
from lifecircle.allocation.exchange import Exchange, routed


def of(need, spare, area, facility, most, distance):
    whole = [np.array(values, dtype=np.int64) for values in (need, spare, area, facility, most)]
    return Exchange(*whole, np.array(distance, dtype=float))


def test_the_served_first_then_the_nearest():
    """100 to have: the served farthest takes its 40, the nearest 50, the next what is left: 10."""
    one = of([50, 60, 40], [100], [0, 1, 2], [0, 0, 0], [99, 99, 99], [10, 20, 30])
    assert routed(one, np.array([False, False, True])).tolist() == [50, 10, 40]
    assert routed(one, np.array([False, False, False])).tolist() == [50, 50, 0]


def test_an_area_takes_from_the_nearest():
    one = of([70], [30, 50, 90], [0, 0, 0], [0, 1, 2], [99, 99, 99], [5, 3, 9])
    assert routed(one, np.array([True])).tolist() == [20, 50, 0]


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=80)
def test_as_the_programme_finds_it(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 6))
    distance = rng.integers(1, 9, n) * 10.0  # some equally near
    if rng.random() < 0.5:
        spare, need = [int(rng.integers(1, 120))], rng.integers(1, 60, n)
        one = of(need, spare, np.arange(n), np.zeros(n), rng.integers(1, 80, n), distance)
        served = np.minimum(one.most, need) == need
        served &= np.cumsum(np.where(served, need, 0)) <= spare[0]
        served &= rng.random(n) < 0.6
    else:
        one = of([60], rng.integers(1, 60, n), np.zeros(n), np.arange(n), [50] * n, distance)
        served = np.array([np.minimum(one.most, one.spare).sum() >= 60 and rng.random() < 0.5])
    quick = module._nearest_first(one, served)
    found, by_hand = routed(one, served), module._nearest_first
    module._nearest_first = lambda *_: None
    try:
        programme = routed(one, served)
    finally:
        module._nearest_first = by_hand
    if quick is not None:
        assert found.tolist() == quick.tolist()
        assert quick.tolist() == programme.tolist()
    assert found.sum() == programme.sum()
    assert np.isclose(found @ one.distance, programme @ one.distance)
