"""The smallest change: it works, and nothing smaller does."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from lifecircle.reviewing.rooms import rooms

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
