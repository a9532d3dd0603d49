"""Exchanges that come to the very bound: by hand, and against all there are."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.allocation import closing, served
from lifecircle.allocation.classes import Classes
from lifecircle.allocation.climbing import climbed
from lifecircle.allocation.closing import closed
from lifecircle.allocation.exchange import Exchange
from lifecircle.allocation.limits import Limits
from lifecircle.allocation.outright import fillable


def of(need, spare, pairs):
    area, facility, most = (np.array(column, dtype=np.int64) for column in zip(*pairs, strict=True))
    whole = [np.array(values, dtype=np.int64) for values in (need, spare)]
    return Exchange(*whole, area, facility, most, np.zeros(len(area)))


def limits_of(part, second):
    return Limits(Classes.of(part, np.ones(len(part.need)), np.array(second, dtype=float)))


SIX = [100, 200, 400, 310, 170, 221]
"""The last three need 701. One or two of the first are 100 to 600, of the last 170 to 531, and
nowhere do as many of these need just one more than of those."""


@pytest.mark.parametrize(
    ("spare", "then"), [(701, [0, 0, 0, 1, 1, 1]), (700, [1, 1, 1, 0, 0, 0])], ids=["701", "700"]
)
def test_three_for_three_come_to_the_bound(spare, then):
    limits = limits_of(of(SIX, [spare], [(i, 0, 400) for i in range(6)]), SIX)
    start = np.array([1, 1, 1, 0, 0, 0])
    assert climbed(limits, start, np.array(SIX, dtype=float), 701.0, np.ones(6)).tolist() == then


def test_what_only_comes_near_is_left():
    """702 are at no exchange's end: what is at 701 would be searched from there all the same."""
    limits = limits_of(of(SIX, [710], [(i, 0, 400) for i in range(6)]), SIX)
    start = np.array([1, 1, 1, 0, 0, 0])
    assert closed(limits, start, np.array(SIX, dtype=float), 2.0, np.ones(6)) is None


def test_two_leave_that_three_may_come():
    """Of 100 to have 60 and 40 are filled; 30, 34 and 36 are one area more."""
    limits = limits_of(of([60, 40, 30, 34, 36], [100], [(i, 0, 60) for i in range(5)]), [0] * 5)
    start = np.array([1, 1, 0, 0, 0])
    assert closed(limits, start, np.ones(5), 1.0, None).tolist() == [0, 0, 1, 1, 1]


def test_sets_of_many_are_those_of_every_nth(monkeypatch):
    able = np.array([2, 3, 5, 7, 11, 13])
    for size in (1, 2, 3):
        every = sorted(itertools.combinations(able.tolist(), size))
        assert sorted(map(tuple, closing._sets(able, size).tolist())) == every
    assert closing._sets(able[:2], 3).shape == (0, 3)
    monkeypatch.setattr(closing, "_MOST_SETS", 6)  # two of four; of six places 0, 1, 3 and 5
    assert len(closing._sets(able, 2)) == 6
    assert sorted(set(closing._sets(able, 2).ravel().tolist())) == [2, 3, 7, 13]


def by_chance(seed, most):
    """A part whose needs are hundredths of m² by household, with what a few have already."""
    chance = np.random.default_rng(seed)
    n, m = int(chance.integers(4, most)), int(chance.integers(1, 5))
    one = chance.integers(0, m, n)
    pairs = [(i, j) for i in range(n) for j in range(m) if j == one[i] or chance.random() < 0.3]
    homes = chance.integers(1, 30, n)
    need = 15 * homes - np.where(chance.random(n) < 0.2, chance.integers(0, 15, n), 0)
    spare = np.array([need[[i for i, j in pairs if j == f]].sum() // 2 for f in range(m)])
    return of(need, spare, [(i, j, need[i]) for i, j in pairs]), homes.astype(float)


@given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.booleans())
@settings(deadline=None, max_examples=40)
def test_an_exchange_is_found_where_there_is_one(seed, missing, counted):
    part, homes = by_chance(seed, 9)
    n = len(part.need)
    sets = (np.arange(1 << n)[:, None] >> np.arange(n)) & 1
    sets = sets[fillable(part, sets)]
    start = sets[seed % len(sets)]
    keep, kinds = (None, {(1, 2), (2, 2), (2, 3)}) if counted else (np.ones(n), {(2, 2), (3, 3)})
    aim = np.ones(n) if counted else homes
    classes = Classes.of(part, np.ones(n), homes)
    numbers = np.array([start[mine].sum() for mine in classes.members])
    out, into = (start > sets).sum(axis=1), (start < sets).sum(axis=1)
    there = [(a, b) in kinds for a, b in zip(out, into, strict=True)]
    there &= sets @ aim == aim @ start + missing
    of_class = aim[[mine[0] for mine in classes.members]]
    kept = None if keep is None else np.ones(len(numbers))
    found = closed(Limits(classes), numbers, of_class, float(missing), kept)
    if classes.size.max() == 1:  # two of one class are no exchange that is tried
        assert (found is not None) == there.any()
    if found is not None:
        assert of_class @ found == of_class @ numbers + missing
        assert fillable(part, classes.areas(found)[None, :].astype(np.int64)).all()
        assert keep is None or found.sum() == numbers.sum()


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=10)
def test_what_is_proven_is_the_best_of_all_sets(seed):
    part, homes = by_chance(seed, 12)
    n = len(part.need)
    sets = (np.arange(1 << n)[:, None] >> np.arange(n)) & 1
    sets = sets[fillable(part, sets)]
    number = sets.sum(axis=1)
    best = (number.max(), (sets @ homes)[number == number.max()].max())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(served, "outright", lambda *_: None)
        found, _ = served._searched(part, np.ones(n), homes, 5000)
    assert (found.gain, found.second, found.proven) == (*best, True)
    assert (found.bound, found.second_bound) == best
    assert fillable(part, found.served[None, :].astype(np.int64)).all()
