"""When some rows of two ledgers together are told to lie in another datum, and when of one alone.

What each ledger comes to is given: as it lies alone, and beside the other as it would be split.
"""

from dataclasses import dataclass

import numpy as np
import pytest

from lifecircle.intake.doubts.orders import Split
from lifecircle.intake.doubts.weights import Gain, Weight, stands, together

HOMES, POSTS = "residential", "facilities"


@dataclass(frozen=True)
class Ledger:
    """``gains``: of some rows moved, by datum; ``elsewhere``: the best of other directions.

    ``back``, ``sideways``: of some rows moved there.
    """

    name: str
    gains: dict
    still: float = 0.0
    elsewhere: float = -20.0
    share: float = 0.5
    likely: float = 0.5
    back: float = -20.0
    sideways: float = -20.0

    def gain(self, real, turn=0.0, *, mixed):
        assert mixed
        ways = {0.0: self.gains[real], np.pi: self.back}
        gain = ways.get(turn, self.sideways)
        return Gain(gain, Split(gain, (np.arange(100) < 100 * self.likely) * 1.0, None))

    def chance(self, _, *, mixed):
        assert mixed
        return self.elsewhere

    def parted(self, _):
        return 0.1 <= self.share <= 0.85


def told(alone, beside, reals=("gcj02",)):
    """Return what is told: ``alone``, and ``beside`` the other one split; which ledgers."""
    given = {True: alone, False: beside}
    found = together(lambda name, of: given[not of][name], (POSTS, HOMES), reals)
    return found.datum, set(found.splits) if found.sure else set()


def asked(alone, beside):
    """Return the ledgers of which the planner is asked."""
    given = {True: alone, False: beside}
    found = together(lambda name, of: given[not of][name], (POSTS, HOMES), ("gcj02",))
    return set() if found.sure else set(found.splits)


def pair(posts, homes, **more):
    return {
        POSTS: Ledger(POSTS, {"gcj02": posts}, **more),
        HOMES: Ledger(HOMES, {"gcj02": homes}, **more),
    }


@pytest.mark.parametrize(
    ("posts", "homes", "expected"),
    [
        # homes alone come to 4, facilities to -2; each beside the other to 5: 10 over none, 6 over
        # the homes alone, and 25 less in another direction
        (5.0, 5.0, {POSTS, HOMES}),
        (3.0, 4.9, set()),  # 7.9: chance would explain it
        (3.1, 4.9, {POSTS, HOMES}),
    ],
)
def test_two_ledgers_that_are_not_sure_alone_are_told_together(posts, homes, expected):
    assert told(pair(-2.0, 4.0), pair(posts, homes))[1] == expected


@pytest.mark.parametrize(
    ("posts", "homes", "expected"),
    [
        (0.09, 0.09, set()),  # a few rows of either
        (0.5, 0.02, {POSTS}),  # hardly one of the homes
        (0.5, 0.04, {POSTS, HOMES}),
        (0.1, 0.04, {POSTS, HOMES}),
    ],
)
def test_a_few_rows_tell_neither_ledger(posts, homes, expected):
    """Facilities alone come to 9, beside homes that are split to 20, the homes to 5."""
    likely = {POSTS: posts, HOMES: homes}
    alone = {
        name: Ledger(name, {"gcj02": {POSTS: 9.0, HOMES: -2.0}[name]}, likely=likely[name])
        for name in (POSTS, HOMES)
    }
    beside = {
        name: Ledger(name, {"gcj02": {POSTS: 20.0, HOMES: 5.0}[name]}, likely=likely[name])
        for name in (POSTS, HOMES)
    }
    assert told(alone, beside)[1] == expected


@pytest.mark.parametrize(
    ("posts", "elsewhere", "expected"),
    [
        # homes alone come to 20; both to 20 + posts
        (3.0, -20.0, {POSTS, HOMES}),
        (1.0, -2.9, {HOMES}),  # 1 over one, and half of 3.9: 2.95
        (1.0, -3.1, {POSTS, HOMES}),  # 3.05
        (2.9, 2.0, {HOMES}),  # nearly as likely in another direction
        (3.1, 2.0, {POSTS, HOMES}),
        (-1.0, -40.0, {HOMES}),  # likelier without
    ],
)
def test_the_second_ledger_is_told_where_the_first_alone_does_not_explain_it(
    posts, elsewhere, expected
):
    alone = pair(-2.0, 20.0)
    beside = pair(posts, 20.0)
    beside[POSTS] = Ledger(POSTS, {"gcj02": posts}, elsewhere=elsewhere)
    assert told(alone, beside)[1] == expected


def test_what_the_others_lose_or_win_where_they_lie_counts():
    """Facilities alone come to 4; with them split the homes stand 5 better where they are."""
    alone, beside = pair(4.0, -5.0), pair(4.0, -6.0)
    assert told(alone, beside)[1] == set()
    beside[HOMES] = Ledger(HOMES, {"gcj02": -11.0}, still=5.0)
    assert told(alone, beside) == ("gcj02", {POSTS})
    beside[HOMES] = Ledger(HOMES, {"gcj02": -11.0}, still=3.9)
    assert told(alone, beside)[1] == set()


def test_one_ledger_alone_must_be_likelier_than_in_another_direction_and_than_the_other():
    alone, beside = pair(9.0, -5.0), pair(9.0, -20.0)
    assert told(alone, beside)[1] == {POSTS}
    alone[POSTS] = Ledger(POSTS, {"gcj02": 9.0}, elsewhere=6.1)
    assert told(alone, beside)[1] == set()
    assert told(pair(9.0, 6.1), pair(-20.0, -20.0))[1] == set()


def test_a_third_datum_that_suits_as_well_leaves_it_open():
    both = {"gcj02": 9.0, "bd09": -5.0}
    for third, expected in ((-5.0, {POSTS}), (5.9, {POSTS}), (6.1, set())):
        alone = {
            POSTS: Ledger(POSTS, both | {"bd09": third}),
            HOMES: Ledger(HOMES, {"gcj02": -5.0, "bd09": -5.0}),
        }
        beside = {name: Ledger(name, {"gcj02": -20.0, "bd09": -20.0}) for name in alone}
        assert told(alone, beside, ("gcj02", "bd09"))[1] == expected


def test_a_ledger_of_which_hardly_a_row_would_move_is_not_mixed():
    assert told(pair(9.0, 9.0, share=0.05), pair(9.0, 9.0, share=0.05))[1] == set()


def test_nothing_is_told_where_neither_ledger_comes_to_anything_or_is_asked():
    assert told(pair(-1.0, -0.1), pair(50.0, 50.0))[1] == set()
    assert not together(lambda *_: None, (POSTS, HOMES), ("gcj02",)).splits


@pytest.mark.parametrize(
    ("there", "back", "sideways", "expected"),
    [
        # of each ledger: both come to twice as much
        (1.5, 1.4, -0.2, {POSTS, HOMES}),
        (0.2, 0.1, -5.0, set()),  # log(e^0.4 + e^0.2) = 0.998
        (0.2, 0.2, -5.0, {POSTS, HOMES}),  # 1.09
        (1.5, 1.4, -0.05, set()),  # 2.8 over -0.1, not 3 more
        (3.0, -5.0, -4.0, set()),  # the other half would not have followed
        (-2.9, 3.0, -5.0, {POSTS}),  # -5.8 over -10, and 6: but by far likelier of one alone
        (-3.1, 3.0, -5.0, set()),  # -6.2: not tried
    ],
)
def test_where_either_half_may_have_followed_the_other_the_planner_is_asked(
    there, back, sideways, expected
):
    """As without outlines: homes half of which were moved meet, whichever half is moved."""
    some = {"elsewhere": -1.0, "back": back, "sideways": sideways}
    alone, beside = pair(0.1, -3.0, **some), pair(there, there, **some)
    assert asked(alone, beside) == expected
    assert told(alone, beside)[1] == set()


@pytest.mark.parametrize(
    ("told", "more", "expected"),
    [
        (None, None, True),
        (None, ("gcj02", True, True), False),
        (("gcj02", False, False), None, True),
        (("gcj02", False, True), ("bd09", False, False), True),  # what is told before what is asked
        (("gcj02", False, False), ("bd09", False, True), False),
        (("gcj02", False, True), ("bd09", False, True), False),
        (("gcj02", False, False), ("gcj02", True, False), True),  # all of them: not some, too
        (("gcj02", False, False), ("gcj02", False, False), False),
        (("gcj02", True, False), ("gcj02", True, False), False),
        (("gcj02", False, False), ("bd09", True, False), False),
    ],
)
def test_what_links_tell_stands_before_the_crowd(told, more, expected):
    """Datum, whether for some rows, whether surely."""
    one, other = (
        None if w is None else Weight(w[0], mixed=w[1], links=(), sure=w[2]) for w in (told, more)
    )
    assert stands(one, other) is expected
