"""Order: the same as numpy's own sorting by several keys, whatever is alike."""

import numpy as np
import pytest

from lifecircle.reach.search.order import first_rows, in_order, place_numbers


def _keys(chance, rows):
    """Three keys: some with many that are alike, some sorted, some endless."""
    keys = []
    for _ in range(3):
        key = chance.integers(0, int(chance.choice([1, 2, 5, 1000])), rows).astype(float)
        key = np.where(chance.random(rows) < 0.1, np.inf, key)
        keys.append(np.sort(key) if chance.random() < 0.3 else key)
    return keys


@pytest.mark.parametrize("seed", range(200))
def test_order_is_that_of_lexsort(seed):
    chance = np.random.default_rng(seed)
    first, *rest = _keys(chance, int(chance.integers(0, 60)))
    assert (in_order(first, *rest) == np.lexsort((*reversed(rest), first))).all()


@pytest.mark.parametrize("seed", range(50))
def test_order_of_what_need_not_stay_is_by_the_same_keys(seed):
    chance = np.random.default_rng(seed)
    keys = _keys(chance, int(chance.integers(0, 60)))
    order, expected = in_order(*keys, alike=False), np.lexsort(keys[::-1])
    assert sorted(order) == list(range(len(keys[0])))
    for key in keys:
        assert (key[order] == key[expected]).all()


def test_rows_of_a_later_key_that_is_not_a_number_come_last_among_their_own():
    first, second = np.array([1.0, 1.0, 0.0, 1.0]), np.array([np.nan, 3.0, 5.0, 2.0])
    assert in_order(first, second).tolist() == [2, 3, 1, 0]


@pytest.mark.parametrize("seed", range(50))
def test_places_are_numbered_from_west_to_east_and_then_to_the_north(seed):
    chance = np.random.default_rng(seed)
    xy = chance.integers(0, 4, (int(chance.integers(0, 30)), 2)) / 7
    places = sorted(set(map(tuple, xy.tolist())))
    assert place_numbers(xy).tolist() == [places.index(tuple(one)) for one in xy.tolist()]


@pytest.mark.parametrize("seed", range(50))
def test_first_rows_are_those_of_unique(seed):
    chance = np.random.default_rng(seed)
    number = chance.integers(0, int(chance.integers(1, 40)), int(chance.integers(0, 40)))
    assert first_rows(number).tolist() == np.unique(number, return_index=True)[1].tolist()
