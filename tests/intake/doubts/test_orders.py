"""Which rows came from another source, by how a ledger was put together."""

import itertools

import numpy as np
import pytest

from lifecircle.intake.doubts.orders import order_of


def likely(rows, odds):
    return np.exp(odds[list(rows)].sum())


def by_hand(odds, part):
    """Sum over every case of every way: any rows, each stretch, each turn."""
    n = len(odds)
    every = itertools.product([0, 1], repeat=n)
    any_of = sum(
        np.prod([part if one else 1 - part for one in case])
        * likely([row for row in range(n) if case[row]], odds)
        for case in every
    )
    stretches = [
        range(begin, end)
        for begin in range(n)
        for end in range(begin + 1, n + 1)
        if 0.1 <= (end - begin) / n <= 0.85
    ]
    edge = [one for one in stretches if one[0] == 0 or one[-1] == n - 1]
    inner = [one for one in stretches if one not in edge]
    stretch = sum(likely(one, odds) for one in edge) / len(edge) / 2
    stretch += sum(likely(one, odds) for one in inner) / len(inner) / 2
    turns = [[row for row in range(n) if row % 2 == at] for at in range(2)]
    turns += [[row for row in range(n) if row % 3 == at] for at in range(3)]
    turns += [[row for row in range(n) if row % 3 != at] for at in range(3)]
    turn = sum(likely(one, odds) for one in turns) / len(turns)
    return 0.6 * any_of + 0.2 * stretch + 0.2 * turn


@pytest.mark.parametrize("seed", range(3))
def test_what_is_told_is_the_sum_over_all_cases(seed):
    odds = np.random.default_rng(seed).normal(0, 1.5, 8)
    told, moved = order_of(8).told(odds, 0.3)
    assert told == pytest.approx(np.log(by_hand(odds, 0.3)))
    # how likely a row was moved: the share of what is told that grows with its odds
    for row in range(8):
        more = odds + 1e-6 * (np.arange(8) == row)
        assert moved[row] == pytest.approx((order_of(8).told(more, 0.3)[0] - told) / 1e-6, abs=1e-4)


def test_a_stretch_and_turns_are_told_where_rows_alone_say_little():
    """Each of 60 rows is only e times likelier to be one of those it is of: 30 of them are."""
    top, other = np.arange(60) < 30, np.arange(60) % 2 == 1
    for right in (top, other):
        odds = np.where(right, 1.0, -1.0)
        _, moved = order_of(60).told(odds, 0.5)
        assert ((moved > 0.9) == right).mean() >= 59 / 60
    # as many of either in each part and each turn: by themselves alone, e / (1 + e)
    six = np.array([1.0, -1.0, -1.0, 1.0, 1.0, -1.0])
    odds = np.tile(np.concatenate([six, -six]), 4)
    _, moved = order_of(48).told(odds, 0.5)
    assert moved[odds > 0] == pytest.approx(np.e / (1 + np.e), abs=0.05)


def test_long_ledgers_are_cut_at_sixty_places():
    order = order_of(300)
    assert order.cuts.tolist() == list(range(0, 301, 5))
    odds = np.where(np.arange(300) < 100, 1.0, -1.0)
    assert ((order.told(odds, 0.5)[1] > 0.5) == (odds > 0)).all()
