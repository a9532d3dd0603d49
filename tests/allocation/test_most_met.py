"""How many areas rooms of unknown place meet at once, against every way to place them."""

from __future__ import annotations

import copy
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_flow

from lifecircle.allocation.best_case import most_met as module
from lifecircle.allocation.best_case.every_set import best_of_every_set
from lifecircle.allocation.best_case.most_met import most_met
from lifecircle.allocation.best_case.waiting import Arc, Source, Waiting
from lifecircle.allocation.remembered import Remembered

ROOMS = ("F", "G", "H")


def tried(needs, weights, sizes, around):
    """The most weight that any way to put each room into one of its areas meets."""
    best = 0.0
    for way in itertools.product(*([*areas, None] for areas in around)):
        has = [0.0] * len(needs)
        for room, area in enumerate(way):
            if area is not None:
                has[area] += sizes[room]
        met = [m2 >= need - 1e-6 for m2, need in zip(has, needs, strict=True)]
        best = max(best, sum(w for w, good in zip(weights, met, strict=True) if good))
    return best


@st.composite
def cases(draw):
    areas, rooms = draw(st.integers(1, 5)), draw(st.integers(1, 3))
    some = st.lists(st.integers(0, areas - 1), min_size=1, unique=True)
    return (
        [draw(st.sampled_from([1.0, 30.0, 45.0, 75.0, 75.5])) for _ in range(areas)],
        [draw(st.sampled_from([1, 1, 3, 200])) for _ in range(areas)],
        [draw(st.sampled_from([15.0, 30.0, 45.0, 80.0, np.inf])) for _ in range(rooms)],
        [sorted(draw(some)) for _ in range(rooms)],
    )


def waiting(needs, sizes, around):
    sources = [Source((ROOMS[n],), (m2,), whole=True) for n, m2 in enumerate(sizes)]
    found = []
    for area, need in enumerate(needs):
        mine = [(s, np.inf) for s, areas in zip(sources, around, strict=True) if area in areas]
        found.append((Waiting(f"A{area}", need, tuple(mine)),))
    return found


@settings(deadline=None, max_examples=60)
@given(cases())
def test_no_way_meets_more_and_one_meets_as_much(case):
    needs, weights, sizes, around = case
    kinds = np.column_stack([np.ones(len(needs)), np.array(weights, dtype=float)])
    found = most_met(waiting(needs, sizes, around), kinds)
    for kind in (0, 1):
        assert found[kind] == pytest.approx(tried(needs, kinds[:, kind], sizes, around))


@settings(deadline=None, max_examples=60)
@given(cases())
def test_of_parts_too_large_to_search_no_way_meets_more(case):
    needs, weights, sizes, around = case
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_MOST_ARCS", 0)
        found = most_met(waiting(needs, sizes, around), np.array(weights, dtype=float)[:, None])
    assert found[0] >= tried(needs, weights, sizes, around) - 1e-9


@settings(deadline=None, max_examples=200)
@given(cases(), st.sampled_from([0, 4000]))
def test_the_same_rooms_are_known_whichever_object_tells_of_them(case, most_arcs):
    # after an edit some areas have their rooms of before, and others the same rooms made anew
    needs, weights, sizes, around = case
    kinds = np.array(weights, dtype=float)[:, None]
    areas = waiting(needs, sizes, around)
    apart = [copy.deepcopy(one) for one in areas]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_MOST_ARCS", most_arcs)
        assert most_met(apart, kinds) == most_met(areas, kinds)


@pytest.mark.parametrize("anew", [False, True])
def test_equal_rooms_told_by_several_objects_are_one_room(monkeypatch, anew):
    """One room of 200 m² stands in one of A, B and C, whoever tells of it: counted with D are 2.

    They need 60 each, D 10 of rooms that may be shared out: by m² alone (210) all four are met.
    """
    monkeypatch.setattr(module, "_MOST_ARCS", 0)  # as of a part too large for its programme
    monkeypatch.setattr(module, "_SEEN", Remembered(16))
    whole = Source(("F",), (200.0,), whole=True)
    told = [copy.deepcopy(whole) if anew else whole for _ in range(4)]
    areas = [(Waiting(f"A{n}", 60.0, ((told[n], np.inf),)),) for n in range(3)]
    shared = Source(("G",), (10.0,), whole=False)
    areas.append((Waiting("D", 10.0, ((told[3], np.inf), (shared, np.inf))),))
    assert most_met(areas, np.ones((4, 1))).tolist() == [2.0]


def test_a_county_of_rooms_of_no_whereabouts_is_counted():
    # 300 rooms of 80 m² anywhere among 2000 areas that need 75 each: 300 of them
    source = Source(tuple(f"F{n}" for n in range(300)), (80.0,) * 300, whole=True)
    open_ = [(Waiting(f"A{n}", 75.0, ((source, np.inf),)),) for n in range(2000)]
    assert most_met(open_, np.ones((2000, 1))).tolist() == [300]
    # of 50 m² each it takes two, and no more m² than there are
    source = Source(source.facilities, (50.0,) * 300, whole=True)
    open_ = [(Waiting(f"A{n}", 75.0, ((source, np.inf),)),) for n in range(2000)]
    assert 150 <= most_met(open_, np.ones((2000, 1)))[0] <= 300 * 50 / 75


def test_m2_that_may_be_shared_out_are_one_account():
    # 160 m² for three areas of 75: two; from one place only for the first two or the last two
    def found(m2, together=()):
        source = Source(("F",), (m2,), whole=False, together=together)
        open_ = [(Waiting(name, 75.0, ((source, np.inf),)),) for name in "ABC"]
        return most_met(open_, np.ones((3, 1)))[0]

    assert (found(149.0), found(160.0), found(225.0)) == (1, 2, 3)
    apart = (frozenset("AB"), frozenset("BC"))
    assert (found(149.0, apart), found(225.0, apart)) == (1, 2)


def flowing(needs, sizes, claims, chosen):
    """Whether m² that may be shared out meet all the chosen areas, as a flow of whole m²."""
    areas, rooms = len(needs), len(sizes)
    most = np.zeros((areas + rooms + 2,) * 2, dtype=np.int32)
    for room, m2 in enumerate(sizes):
        most[0, 1 + room] = m2
        for area, at_most in claims[room].items():
            most[1 + room, 1 + rooms + area] = at_most
    for area in chosen:
        most[1 + rooms + area, -1] = needs[area]
    asked = sum(needs[area] for area in chosen)
    return maximum_flow(csr_matrix(most), 0, areas + rooms + 1).flow_value == asked


@st.composite
def shared(draw):
    areas, rooms = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    some = st.dictionaries(st.integers(0, areas - 1), st.sampled_from([10, 30, 75, 999]))
    return (
        [draw(st.sampled_from([1, 30, 45, 75])) for _ in range(areas)],
        [draw(st.sampled_from([0, 1, 3, 200])) for _ in range(areas)],
        [draw(st.sampled_from([1, 15, 30, 75, 120])) for _ in range(rooms)],
        [draw(some) for _ in range(rooms)],
    )


@pytest.mark.parametrize("every_set", [True, False])
@settings(deadline=None, max_examples=80)
@given(shared())
def test_m2_shared_out_meet_what_some_flow_meets(every_set, case):
    """Looked at set by set and by the integer programme alike."""
    needs, weights, sizes, claims = case
    sources = [Source((ROOMS[n],), (float(m2),), whole=False) for n, m2 in enumerate(sizes)]
    open_ = []
    for area, need in enumerate(needs):
        mine = [
            (source, float(of[area]))
            for source, of in zip(sources, claims, strict=True)
            if area in of
        ]
        open_.append((Waiting(f"A{area}", float(need), tuple(mine)),))
    best = max(
        sum(weights[area] for area in chosen)
        for number in range(len(needs) + 1)
        for chosen in itertools.combinations(range(len(needs)), number)
        if flowing(needs, sizes, claims, chosen)
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_KNOWN", Remembered(0))
        if not every_set:
            patch.setattr(module, "best_of_every_set", lambda *_: None)
        assert most_met(open_, np.array(weights, dtype=float)[:, None]) == [best]


def test_alike_rooms_and_rooms_of_unknown_size_are_looked_at_set_by_set():
    # two rooms of 40 m², at most 30 of each for an area of 75 (60: not met) and of 50 (met)
    arcs = [(Arc(0, 30 / 75, 75.0), Arc(1, 30 / 50, 50.0))]
    assert best_of_every_set([2], [40.0], arcs, np.array([5.0, 3.0])) == (3.0, False)
    # of unknown size, and of 75 m² at most for either: both
    arcs = [(Arc(0, 1.0, 75.0), Arc(1, 1.0, 50.0))]
    assert best_of_every_set([1], [np.inf], arcs, np.array([5.0, 3.0])) == (8.0, True)
    assert best_of_every_set([1], [80.0], arcs, np.array([5.0, 3.0])) == (5.0, False)
    # an area that no room is for, and one that is asked two needs
    assert best_of_every_set([1], [np.inf], arcs, np.array([5.0, 3.0, 9.0])) == (8.0, False)
    twice = [arcs[0], (Arc(0, 1.0, 70.0),)]
    assert best_of_every_set([1, 1], [80.0, 70.0], twice, np.array([5.0, 3.0])) is None
    # too many
    assert best_of_every_set([1], [80.0], arcs, np.ones(14)) is None
