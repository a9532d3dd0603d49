"""When some rows of a ledger are told to lie in another datum, when asked about, when neither."""

from dataclasses import replace

import numpy as np
import pytest

from lifecircle.intake.doubts.models import Gain, Heard, Model
from lifecircle.intake.doubts.orders import Split
from lifecircle.intake.doubts.weights import Weight

TELL, ASK, NO = Heard.TELL, Heard.ASK, Heard.NO


class Fixed(Model):
    """A model whose rows are known by what they say: of codes, and of other directions."""

    def __init__(self, home, over, best, crossed=(0, 0, 0)):
        self._around = self._asked = ["any"]
        self._home, self._over_none, self._best = home, over, best
        self._crossed = {"gcj02": crossed}

    def said(self, *_):
        return self._home

    def _over(self, *_):
        return self._over_none, self._best


def heard(gain, home, *, over=None, best=-5.0, rows=60, beside=False, share=0.5, crossed=(0, 0, 0)):
    moved = (np.arange(rows) < share * rows) * 0.9
    moved += np.where(moved > 0, 0.0, max(0.0, 0.15 - 0.9 * share))  # a few surely, others hardly
    one = Gain(gain, Split(gain, moved, np.zeros((rows, 2))))
    model = Fixed(home, gain if over is None else over, best, crossed)
    return model.convinces(one, "gcj02", mixed=True, beside=beside)


@pytest.mark.parametrize(
    ("gain", "home", "expected"),
    [(5.4, 0.0, ASK), (5.4, 0.9, ASK), (5.6, 0.0, TELL), (1.9, 0.7, ASK), (1.7, 0.7, NO)],
)
def test_what_company_comes_to_by_chance_is_asked_whatever_one_row_says(gain, home, expected):
    assert heard(gain, home) is expected


def test_a_few_rows_that_say_it_by_far_are_asked_about():
    """A twelfth of the rows: not told however loudly, but not passed over in silence."""
    assert [heard(gain, 0.0, share=5 / 60) for gain in (13.9, 14.0, 30.0)] == [NO, ASK, ASK]


@pytest.mark.parametrize(
    ("crossed", "few", "many"),
    # how many come home, of them the most from one unit to another, and how many leave
    [
        ((4, 2, 9), TELL, TELL),  # of 13 that cross, four from several units
        ((4, 3, 9), NO, ASK),  # three of four in one: a village written to its neighbour
        ((4, 2, 13), NO, TELL),  # hardly a quarter of those that would cross
        ((3, 1, 3), NO, TELL),  # three say little
        ((10, 7, 18), NO, TELL),  # seven in one, of 28 that cross ten
        ((10, 7, 19), NO, ASK),
        ((10, 6, 40), NO, TELL),
        ((2, 2, 9), NO, TELL),
    ],
)
def test_half_a_ledger_crosses_borders_everywhere_and_a_village_one(crossed, few, many):
    """Of few rows (a twelfth), which would be passed over, and of half of them, which are told."""
    assert heard(12.0, 0.0, share=5 / 60, crossed=crossed) is few
    assert heard(12.0, 0.0, crossed=crossed) is many
    assert heard(12.0, 0.0, crossed=crossed, beside=True) is TELL


@pytest.mark.parametrize(
    ("few", "beside", "expected"),
    [
        (
            5,
            False,
            (NO, NO),
        ),  # a twelfth: rough places, or a village of its neighbour
        (6, False, (TELL, NO)),
        (8, False, (TELL, NO)),
        (9, False, (TELL, ASK)),
        (5, True, (TELL, ASK)),  # where another ledger has the same, one sees the sooner why
    ],
)
def test_a_few_rows_do_not_say_that_a_ledger_is_mixed(few, beside, expected):
    """Of what would be told by far, and of what would be asked about."""
    loud, low = (12.0, 2.5) if not beside else (12.0, 2.9)
    found = tuple(heard(gain, 0.0, beside=beside, share=few / 60) for gain in (loud, low))
    assert found == expected


@pytest.mark.parametrize(
    ("rows", "gain", "expected"),
    [
        (60, 3.1, TELL),
        (60, 2.9, ASK),
        (60, -0.5, ASK),
        (60, -1.5, NO),
        (250, 2.4, NO),
        (250, 15.0, TELL),
    ],
)
def test_a_small_ledger_is_believed_sooner_beside_a_mixed_one_a_large_one_is_not(
    rows, gain, expected
):
    """Of 250 rows some come nearer to sixty others by chance, and half moved say it loudly."""
    assert heard(gain, 0.0, rows=rows, beside=True) is expected


@pytest.mark.parametrize(
    ("gain", "home", "best", "expected"),
    [
        (9.6, 2.5, 9.7, TELL),  # some were moved, and another direction is no datum
        (9.6, 2.5, 13.0, NO),  # not this way
        (9.6, 0.0, 9.7, NO),  # no code says so
        (7.0, 2.5, 7.1, NO),
    ],
)
def test_another_direction_is_no_datum_where_some_were_surely_moved(gain, home, best, expected):
    assert heard(gain, home, over=1.0, best=best) is expected


def test_more_rows_need_more():
    """With the root of their number: 960 rows four times as much as sixty, 8 and 7."""
    assert [heard(gain, 1.0, rows=960) for gain in (6.9, 7.1, 7.9, 8.1)] == [NO, ASK, ASK, TELL]


@pytest.mark.parametrize(
    ("gain", "home", "best", "expected"),
    [(1.6, 2.5, -4.0, ASK), (1.6, 1.9, -4.0, NO), (1.6, 2.5, -1.3, NO), (0.9, 2.5, -4.0, NO)],
)
def test_a_large_ledger_is_asked_about_where_a_row_comes_home_and_no_other_way(
    gain, home, best, expected
):
    """Of 250 rows 1.75 x sqrt(250 / 60) = 3.6 is asked otherwise."""
    assert heard(gain, home, best=best, rows=250) is expected


class Two(Model):
    """A model of what some rows come to in either datum, and their codes say."""

    def __init__(self, come, around):
        self._come, self._around = come, around

    def gain(self, real, *_, **__):
        return Gain(self._come[real][0])

    def said(self, real):
        return self._come[real][1]


@pytest.mark.parametrize(
    ("other", "rivalled"),
    # 5 and 2 are 7, of which 3 leave 4: 2.1 and 2 are more, 2.1 and 1.8 less
    [((2.1, 2.0), True), ((2.1, 1.8), False), ((9.0, 0.0), True)],
)
def test_where_a_third_datum_suits_some_rows_nearly_as_well_it_is_a_rival(other, rivalled):
    come = {"gcj02": (5.0, 2.0), "bd09": other}
    some, reals = Weight("gcj02", mixed=True, links=()), ("gcj02", "bd09")
    assert Two(come, "any").rivalled(some, reals) is rivalled
    assert not Two(come, None).rivalled(some, reals)
    assert not Two(come, "any").rivalled(replace(some, beside=True), reals)
    assert not Two(come, "any").rivalled(replace(some, mixed=False), reals)
