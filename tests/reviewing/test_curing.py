"""The smallest change: it works, and nothing smaller does."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from lifecircle.reviewing.rooms import added_m2, rooms, rooms_of_several, steps_of

PLACES = st.lists(st.integers(1, 400), max_size=5)


def credit(sizes, least):
    return sum(m2 for m2 in sizes if m2 >= least)


def applied(places, cure):
    """Return the sizes of the places once the change is made."""
    sizes = dict(places)
    code, params = str(cure.code), cure.params
    if code == "remedy_plan_room":
        return [*sizes.values(), params["m2"]]
    if code == "remedy_plan_larger":
        assert sizes[params["facility"]] == params["from_m2"]
        sizes[params["facility"]] = params["to_m2"]
        return list(sizes.values())
    total = sum(sizes.pop(f) for f in params["facilities"])
    assert total == params["total_m2"]
    return [*sizes.values(), total + params.get("m2", 0.0)]


def least_added(sizes, need, least):
    """Return the fewest whole m² that do, over all ways to put places together (enumeration)."""
    best = max(need, least) if not sizes else None
    for count in range(1, len(sizes) + 1):
        for chosen in combinations(range(len(sizes)), count):
            rest = [m2 for i, m2 in enumerate(sizes) if i not in chosen]
            total = sum(sizes[i] for i in chosen)
            added = next(a for a in range(1000) if credit([*rest, total + a], least) >= need)
            best = added if best is None else min(best, added)
    return best


@given(PLACES, st.integers(1, 500), st.sampled_from([0, 200]))
def test_the_change_cures_and_is_the_smallest(sizes, need, least):
    need = max(need, least)
    have = credit(sizes, least)
    if have >= need:
        return
    places = [(f"F{i}", float(m2)) for i, m2 in enumerate(sizes)]
    cure = rooms(places, float(need), float(least), float(have))
    assert credit(applied(places, cure), least) >= need
    assert cure.params.get("m2", 0.0) == least_added(sizes, need, least)


def test_of_equal_changes_the_one_that_moves_nothing():
    cure = rooms([("A", 250.0), ("B", 210.0)], 500.0, 200.0, 460.0)
    assert (str(cure.code), cure.params["facility"], cure.params["m2"]) == (
        "remedy_plan_larger",
        "A",
        40.0,
    )


def least_of_plots(sizes, need, least):
    """Return the fewest m² that do where each place has a plot of its own: which ones are raised.

    What is still short is added to one that counts.
    """
    best = []
    small = [m2 for m2 in sizes if m2 < least]
    have = credit(sizes, least)
    for count in range(len(small) + 1):
        for raised in combinations(small, count):
            if not raised and not have:
                continue
            added = sum(least - m2 for m2 in raised)
            best.append(added + max(0, need - have - count * least))
    return min(best)


@given(st.lists(st.integers(1, 400), min_size=1, max_size=4), st.integers(1, 900))
def test_places_of_several_plots_are_raised_together_where_that_is_least(sizes, need):
    have = credit(sizes, 200)
    if have >= need:
        return
    plots = [[(f"F{i}", float(m2))] for i, m2 in enumerate(sizes)]
    asked = (float(need), 200.0, float(have))
    changes = [rooms(places, *asked) for places in plots] + [*rooms_of_several(plots, *asked)]
    for change in changes:
        after = dict(place for places in plots for place in places)
        after |= {one.params["facility"]: one.params["to_m2"] for one in steps_of(change)}
        assert credit(after.values(), 200) >= need
    assert min(map(added_m2, changes)) == least_of_plots(sizes, need, 200)


def test_two_plots_of_180_and_120_for_300_ask_for_100_more():
    (both,) = rooms_of_several([[("A", 180.0)], [("B", 120.0)]], 300.0, 200.0, 0.0)
    assert [one.params["to_m2"] for one in steps_of(both)] == [200.0, 200.0]
    assert added_m2(both) == 100.0  # one alone must have 300 m²: 120 more
