"""Which rows came from another source, by how a ledger was put together."""

import itertools

import numpy as np
import pytest

from lifecircle.intake.doubts.orders import order_of


def likely(rows, odds):
    return np.exp(odds[list(rows)].sum())


TOWNS = np.array(["甲", "乙", "甲", None, "丙", "乙", "甲", None], dtype=object)


def alone(count):
    """Rows of no town: each is by itself."""
    return np.full(count, None, dtype=object)


def by_hand(odds, part):
    """Sum over every case of every way: any rows, each stretch, each turn, each choice of towns."""
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
    towns = [[0, 2, 6], [1, 5], [4], [3], [7]]
    chosen = [
        [row for rows, one in zip(towns, case, strict=True) for row in rows if one]
        for case in itertools.product([0, 1], repeat=5)
    ]
    town = sum(likely(one, odds) for one in chosen) / len(chosen)
    return 0.5 * any_of + 0.15 * stretch + 0.15 * turn + 0.2 * town


@pytest.mark.parametrize("seed", range(3))
def test_what_is_told_is_the_sum_over_all_cases(seed):
    odds = np.random.default_rng(seed).normal(0, 1.5, 8)
    told, moved = order_of(TOWNS).told(odds, 0.3)
    assert told == pytest.approx(np.log(by_hand(odds, 0.3)))
    # how likely a row was moved: the share of what is told that grows with its odds
    for row in range(8):
        more = odds + 1e-6 * (np.arange(8) == row)
        grown = order_of(TOWNS).told(more, 0.3)[0]
        assert moved[row] == pytest.approx((grown - told) / 1e-6, abs=1e-4)


def test_a_stretch_and_turns_are_told_where_rows_alone_say_little():
    """Each of 60 rows is only e times likelier to be one of those it is of: 30 of them are."""
    top, other = np.arange(60) < 30, np.arange(60) % 2 == 1
    for right in (top, other):
        odds = np.where(right, 1.0, -1.0)
        _, moved = order_of(alone(60)).told(odds, 0.5)
        assert ((moved > 0.9) == right).mean() >= 59 / 60
    # as many of either in each part and each turn: by themselves alone, e / (1 + e)
    six = np.array([1.0, -1.0, -1.0, 1.0, 1.0, -1.0])
    odds = np.tile(np.concatenate([six, -six]), 4)
    _, moved = order_of(alone(48)).told(odds, 0.5)
    assert moved[odds > 0] == pytest.approx(np.e / (1 + np.e), abs=0.05)


def test_long_ledgers_are_cut_at_sixty_places():
    order = order_of(alone(300))
    assert order.cuts.tolist() == list(range(0, 301, 5))
    odds = np.where(np.arange(300) < 100, 1.0, -1.0)
    assert ((order.told(odds, 0.5)[1] > 0.5) == (odds > 0)).all()


def test_towns_are_told_where_most_of_their_rows_say_nothing():
    """Five rows of each twenty tell: those of three towns were moved, those of two were not."""
    town = np.random.default_rng(0).permutation(np.repeat(np.arange(5), 20))
    odds = np.zeros(100)
    for one in range(5):
        odds[np.flatnonzero(town == one)[:5]] = 2.0 if one < 3 else -2.0
    _, moved = order_of(town.astype(object)).told(odds, 0.5)
    assert ((moved > 0.9) == (town < 3)).all()
    assert (moved[town >= 3] < 0.1).all()


def test_of_a_town_that_no_code_speaks_for_nothing_is_said():
    """Its places come nearer to others, but those may have been moved with them."""
    town = np.random.default_rng(0).permutation(np.repeat(np.arange(4), 15))
    codes = np.select([town == 0, town == 1], [1.0, 0.0], -1.0)
    odds = np.where(town == 1, 0.5, codes)
    order = order_of(town.astype(object))
    told, moved = order.told(odds, 0.5)
    assert (moved[town == 1] > 0.9).all()  # e to the 7.5th likelier, all fifteen together
    same, moved = order.told(odds, 0.5, codes)
    assert same == told
    assert (moved[town == 0] > 0.9).all()
    assert moved[town == 1] == pytest.approx(0.5, abs=0.05)
    assert (moved[town > 1] < 0.1).all()
