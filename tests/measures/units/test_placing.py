"""How many units facilities of unknown unit can cover at best, against trying every way."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from lifecircle.measures.units.placing import may_stand_in, most_covered

COMMUNITIES = [f"37082{town}00{n}00{m}" for town in (8, 9) for n in (1, 2) for m in (1, 2)]
PLACES = ["", "370828001", "370828002", "370829001"]
assert {len(code) for code in COMMUNITIES} == {12}
assert {len(place) for place in PLACES} == {0, 9}


def tried(units, places):
    """The most that any way of giving each facility one unit covers."""
    ways = [[None, *(u for u in units if may_stand_in(place, u))] for place in places]
    return max((len({u for u in way if u}) for way in itertools.product(*ways)), default=0)


@given(
    st.lists(st.sampled_from(COMMUNITIES), max_size=5, unique=True),
    st.lists(st.sampled_from(PLACES), max_size=4),
)
def test_no_way_covers_more(units, places):
    assert most_covered(units, places) == tried(units, places)


def test_a_town_is_covered_only_by_one_of_unknown_town():
    assert most_covered(["370828100", "370828101"], ["", "370828100"]) == 1
    assert not may_stand_in("370828100", "370828100")
