"""What is certain before a search: by hand, and the same as looking at every set."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.allocation.certain import certain
from lifecircle.allocation.exchange import Exchange
from lifecircle.allocation.outright import fillable


def of(need, spare, pairs):
    area, facility, most = (np.array(column, dtype=np.int64) for column in zip(*pairs, strict=True))
    whole = [np.array(values, dtype=np.int64) for values in (need, spare)]
    return Exchange(*whole, area, facility, most, np.zeros(len(area)))


def test_two_facilities_have_enough_together():
    """70 and 70 for 60 and 60: neither has the 120 asked of it, both have them together.

    The second area need not trouble the third facility, whose 100 are for 80 and 90: one of them.
    """
    pairs = [(0, 0, 60), (0, 1, 60), (1, 0, 60), (1, 1, 60), (1, 2, 60), (2, 2, 80), (3, 2, 90)]
    served, rest, left = certain(of([60, 60, 80, 90], [70, 70, 100], pairs))
    assert served.tolist() == [True, True, False, False]
    assert rest.tolist() == [False, False, True, True]
    assert left.spare.tolist() == [0, 0, 100]
    assert left.need.tolist() == [0, 0, 80, 90]


def test_what_a_pair_carries_over_the_border_is_carried():
    """Two of 70 for 60 and 60, and 10 of theirs may go to an area that the third facility knows.

    It gets its 10 for certain and still needs 70; the 75 of the third are then for it, or for the
    75 that another area needs.
    """
    pairs = [(0, 0, 60), (0, 1, 60), (1, 0, 60), (1, 1, 60), (2, 1, 10), (2, 2, 80), (3, 2, 75)]
    served, rest, left = certain(of([60, 60, 80, 75], [70, 70, 75], pairs))
    assert served.tolist() == [True, True, False, False]
    assert rest.tolist() == [False, False, True, True]
    assert left.need.tolist() == [0, 0, 70, 75]
    assert left.spare.tolist() == [0, 0, 75]


def test_who_is_short_everywhere_stays_open():
    pairs = [(0, 0, 60), (1, 0, 60), (1, 1, 60), (2, 1, 60)]
    served, rest, left = certain(of([60, 60, 60], [70, 70], pairs))
    assert (served.any(), rest.all()) == (False, True)
    assert left.spare.tolist() == [70, 70]


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=150)
def test_the_best_sets_are_those_of_what_is_left(seed):
    """Every best set is who is certain and a best set of what is left, and the other way round."""
    chance = np.random.default_rng(seed)
    n, m = int(chance.integers(1, 8)), int(chance.integers(1, 6))
    pairs = [(i, j) for i in range(n) for j in range(m) if chance.random() < 0.45] or [(0, 0)]
    most = chance.choice([15, 40, 90], len(pairs)).tolist()
    need, spare = chance.integers(1, 70, n), chance.integers(1, 110, m)
    whole = of(need, spare, [(i, j, u) for (i, j), u in zip(pairs, most, strict=True)])
    gain = chance.integers(1, 4, n)
    sets = (np.arange(1 << n)[:, None] >> np.arange(n)) & 1
    served, rest, left = certain(whole)
    assert not (served & rest).any()
    best = sets[fillable(whole, sets)]
    best = best[best @ gain == (best @ gain).max()]
    among = sets[~(sets[:, ~rest] != 0).any(axis=1)]
    among = among[fillable(left, among)]
    among = among[among @ gain == (among @ gain).max()]
    assert {tuple(one) for one in best} == {tuple(one | served) for one in among}
