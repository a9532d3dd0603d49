"""Every model against every choice there is, on instances of chance; and the edges by hand."""

import itertools

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lifecircle.model.siting.task import SitingTask, siting_task
from lifecircle.siting.answering import Wanted, choose_sites
from lifecircle.siting.search.effort import Effort, Watch


@st.composite
def tasks(draw, most_demand=9, most_sites=7):
    """Draw a task: whole costs and weights, so that ties and equality at the limit are common."""
    demand = [f"d{i}" for i in range(draw(st.integers(0, most_demand)))]
    sites = [f"s{i}" for i in range(draw(st.integers(0, most_sites)))]
    cost = st.one_of(st.none(), st.integers(0, 12))
    pairs = [
        (d, s, float(c))
        for d, s in itertools.product(demand, sites)
        if (c := draw(cost)) is not None
    ]
    weights = {d: float(draw(st.integers(0, 5))) for d in demand}
    prices = draw(st.sampled_from(["one", "whole", "fractions", "large"]))
    price = {
        "one": st.just(1.0),
        "whole": st.integers(0, 6).map(float),
        "fractions": st.integers(1, 30).map(lambda n: n / 7),
        "large": st.integers(1, 40).map(lambda n: 12_345.67 * n),
    }[prices]
    role = st.sampled_from(["candidate"] * 4 + ["fixed", "forbidden"])
    roles = {s: draw(role) for s in sites}
    return siting_task(
        weights,
        draw(st.permutations(pairs)),
        sites={s: draw(price) for s in sites},
        fixed=[s for s in sites if roles[s] == "fixed"],
        forbidden=[s for s in sites if roles[s] == "forbidden"],
    )


def table_of(task):
    """Return the costs as a matrix, inf where a pair is absent."""
    costs = np.full((len(task.demand), len(task.sites)), np.inf)
    costs[task.row, task.column] = task.cost
    return costs


def every_choice(task, sites=None, budget=None):
    """Yield every set of sites that may be chosen within what is allowed."""
    free = [i for i in range(len(task.sites)) if not task.fixed[i] and not task.forbidden[i]]
    for count in range(len(free) + 1):
        if sites is not None and count > sites:
            return
        for chosen in itertools.combinations(free, count):
            if budget is None or task.price[list(chosen)].sum() <= budget + 1e-9 * max(1.0, budget):
                yield chosen


def nearest(task, chosen):
    """Return each demand's cost to the nearest of the chosen and the existing; inf for none."""
    opened = [*chosen, *np.flatnonzero(task.fixed)]
    costs = table_of(task)[:, opened]
    return costs.min(axis=1, initial=np.inf)


limits = st.integers(0, 12).map(float)
money = st.one_of(
    st.integers(0, 12).map(float), st.integers(0, 120).map(lambda n: round(12_345.67 * n, 2))
)
allowed = st.one_of(
    st.tuples(st.integers(0, 8), st.none()),
    st.tuples(st.none(), money),
    st.tuples(st.integers(0, 8), money),
)


def same(a, b):
    return abs(a - b) <= 1e-9 * max(1.0, abs(a))


def chosen_of(task, answer):
    return tuple(task.sites.index(name) for name in answer.sites)


def check_told(task, answer, worth, *, least, prices_first=False):
    """Hold the answer to every choice's worth: objective, bound, ties, cheapness, uniqueness."""
    best = (min if least else max)(worth.values())
    mine = chosen_of(task, answer)
    assert same(answer.objective, best)
    assert same(worth[mine], best)
    assert answer.proven
    assert answer.bound == answer.objective
    assert answer.gap == 0
    assert answer.ended == "proven"
    price = task.price[list(mine)].sum()
    others = [chosen for chosen, value in worth.items() if same(value, best) and chosen != mine]
    if prices_first:  # the cheapest, and of those as cheap the smallest
        cost = {chosen: task.price[list(chosen)].sum() for chosen in others}
        others = [chosen for chosen in others if cost[chosen] <= price + 1e-9 * max(1.0, price)]
        assert [c for c in others if not same(cost[c], price)] == []
        assert [c for c in others if len(c) < len(mine)] == []
    rivals = [c for c in others if len(c) <= len(mine)]
    rivals = [c for c in rivals if task.price[list(c)].sum() <= price + 1e-9]
    better = [c for c in rivals if len(c) < len(mine) or task.price[list(c)].sum() < price - 1e-9]
    assert better == []
    assert answer.unique == (not rivals)


@settings(settings.get_profile("brute"))
@given(tasks(), limits, st.booleans())
def test_cover_all_is_the_fewest_or_the_cheapest(task, limit, cheapest):
    answer = choose_sites(task, Wanted("lscp", limit, cheapest=cheapest))
    free = ~task.forbidden
    reached = (table_of(task)[:, free] <= limit).any(axis=1)
    assert answer.unreachable == tuple(np.array(task.demand, dtype=object)[~reached])
    assert answer.feasible == reached.all()
    worth = {
        chosen: task.price[list(chosen)].sum() if cheapest else float(len(chosen))
        for chosen in every_choice(task)
        if (nearest(task, chosen)[reached] <= limit).all()
    }
    check_told(task, answer, worth, least=True)
    if not cheapest:  # of as few the cheapest
        cheap = min(
            task.price[list(c)].sum() for c, value in worth.items() if value == answer.objective
        )
        assert same(answer.price, cheap)


@settings(settings.get_profile("brute"))
@given(tasks(), limits, allowed)
def test_cover_most_is_the_most(task, limit, most):
    answer = choose_sites(task, Wanted("mclp", limit, *most))
    worth = {
        chosen: task.weight[nearest(task, chosen) <= limit].sum()
        for chosen in every_choice(task, *most)
    }
    check_told(task, answer, worth, least=False, prices_first=True)


def _rows_without_weight(row, column):
    """Four areas, two without households, and four sites of prices 0, 1, 0 and 2."""
    none = np.zeros(4, dtype=bool)
    return SitingTask(
        ("d0", "d1", "d2", "d3"),
        np.array([1.0, 0.0, 1.0, 0.0]),
        ("s0", "s1", "s2", "s3"),
        np.array([0.0, 1.0, 0.0, 2.0]),
        none,
        none,
        np.array(row),
        np.array(column),
        np.array([0.0, 0.0, 5.0, 0.0, 0.0, 0.0]),
    )


@settings(settings.get_profile("brute"))
@given(tasks(), allowed)
# what the bound's steps call for was none, and the old steps faded until they were nothing
@example(_rows_without_weight([0, 1, 2, 2, 3, 3], [1, 3, 1, 3, 2, 3]), (None, 2.0))
@example(_rows_without_weight([0, 1, 2, 2, 3, 3], [1, 3, 2, 3, 2, 3]), (None, 2.0))
def test_least_walking_is_the_least(task, most):
    answer = choose_sites(task, Wanted("p-median", 5.0, *most))
    costs = table_of(task)[:, ~task.forbidden]
    counted = np.isfinite(costs).any(axis=1) & (task.weight > 0)
    worth = {
        chosen: float(task.weight[counted] @ nearest(task, chosen)[counted])
        for chosen in every_choice(task, *most)
    }
    worth = {chosen: value for chosen, value in worth.items() if np.isfinite(value)}
    assert answer.feasible == bool(worth)
    if worth:
        check_told(task, answer, worth, least=True, prices_first=True)
    else:
        assert answer.objective is None


@settings(settings.get_profile("brute"))
@given(tasks(), allowed)
def test_worst_off_first_is_the_shortest_longest_walk(task, most):
    answer = choose_sites(task, Wanted("p-center", 5.0, *most))
    reached = np.isfinite(table_of(task)[:, ~task.forbidden]).any(axis=1)
    worth = {
        chosen: nearest(task, chosen)[reached].max(initial=0.0)
        for chosen in every_choice(task, *most)
    }
    worth = {chosen: float(value) for chosen, value in worth.items() if np.isfinite(value)}
    assert answer.feasible == bool(worth)
    if worth:
        assert answer.objective == min(worth.values())
        assert worth[chosen_of(task, answer)] == answer.objective
        assert answer.proven
    else:
        assert answer.objective is None


@settings(max_examples=100, deadline=None)
@given(tasks(), st.sampled_from(["lscp", "mclp", "p-median", "p-center"]), st.integers(0, 4))
def test_what_is_told_of_demand_follows_from_the_costs(task, model, sites):
    answer = choose_sites(task, Wanted(model, 6.0, sites=None if model == "lscp" else sites))
    near = nearest(task, chosen_of(task, answer))
    assert answer.uncovered == tuple(np.array(task.demand, dtype=object)[near > 6.0])
    assert same(answer.covered_weight, task.weight[near <= 6.0].sum())
    costs = table_of(task)
    reach = 6.0 if model in {"lscp", "mclp"} else np.inf
    assert set(answer.assigned) == {
        d for d, c in zip(task.demand, near, strict=True) if c <= reach and np.isfinite(c)
    }
    for demand, site in answer.assigned.items():
        at = task.demand.index(demand)
        assert costs[at, task.sites.index(site)] == near[at]
        assert site in (*answer.sites, *answer.fixed)


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from(["lscp", "mclp", "p-median", "p-center"]))
def test_the_order_of_rows_changes_nothing(data, model):
    pairs = [
        (f"d{i}", f"s{j}", float(data.draw(st.integers(0, 9)))) for i in range(7) for j in range(6)
    ]
    weights = {f"d{i}": float(i % 3 + 1) for i in range(7)}
    wanted = Wanted(model, 4.0, sites=None if model == "lscp" else 2)
    one = choose_sites(siting_task(weights, pairs), wanted)
    shuffled = data.draw(st.permutations(pairs))
    turned = dict(reversed(weights.items()))
    assert choose_sites(siting_task(turned, shuffled), wanted) == one


LINE = siting_task(
    {"a": 1.0, "b": 2.0, "c": 4.0},
    [("a", "x", 5.0), ("b", "x", 5.0), ("b", "y", 3.0), ("c", "z", 8.0)],
)


@pytest.mark.parametrize("model", ["mclp", "p-median"])
def test_of_choices_as_good_the_cheapest_is_taken_though_it_has_more_sites(model):
    """One site for 900 does what two for 400 each do; at 450 each, the fewer."""
    weights = {"a": 1.0, "b": 1.0}
    pairs = [("a", "one", 5.0), ("b", "one", 5.0), ("a", "left", 5.0), ("b", "right", 5.0)]
    for half, sites, unique in ((400.0, ("left", "right"), True), (450.0, ("one",), True)):
        prices = {"one": 900.0, "left": half, "right": half}
        task = siting_task(weights, pairs, sites=prices)
        for limits in ((None, 2000.0), (3, None), (3, 2000.0)):
            answer = choose_sites(task, Wanted(model, 5.0, *limits))
            assert (answer.sites, answer.unique) == (sites, unique)
    prices = {"one": 0.3, "left": 0.1, "right": 0.2}  # 0.1 + 0.2 is a hair more than 0.3
    answer = choose_sites(siting_task(weights, pairs, sites=prices), Wanted(model, 5.0, None, 9.0))
    assert (answer.sites, answer.unique) == (("one",), True)


def test_the_limit_is_inclusive():
    assert choose_sites(LINE, Wanted("mclp", 5.0, sites=1)).objective == 3  # x reaches a and b
    assert choose_sites(LINE, Wanted("mclp", 4.999, sites=1)).objective == 2  # y reaches b


def test_no_site_may_be_added():
    answer = choose_sites(LINE, Wanted("mclp", 9.0, sites=0))
    assert (answer.objective, answer.sites, answer.proven, answer.unique) == (0, (), True, True)
    assert answer.uncovered == ("a", "b", "c")
    answer = choose_sites(LINE, Wanted("p-median", 9.0, sites=0))
    assert (answer.feasible, answer.objective, answer.proven) == (False, None, False)


def test_more_sites_than_there_are():
    answer = choose_sites(LINE, Wanted("mclp", 9.0, sites=99))
    assert (answer.objective, answer.sites) == (7, ("x", "z"))  # y reaches nobody whom x does not
    answer = choose_sites(LINE, Wanted("p-median", 9.0, sites=99))
    assert answer.sites == ("x", "y", "z")
    assert answer.objective == 1 * 5 + 2 * 3 + 4 * 8


def test_too_few_sites_to_reach_everybody_give_the_best_cover():
    answer = choose_sites(LINE, Wanted("p-median", 9.0, sites=1))
    assert (answer.feasible, answer.objective, answer.sites) == (False, None, ("z",))
    assert answer.covered_weight == 4


def test_nobody_to_serve():
    for model in ("lscp", "mclp", "p-median", "p-center"):
        answer = choose_sites(siting_task({}, [], sites={"x": 1.0}), Wanted(model, 9.0, sites=1))
        assert (answer.objective, answer.sites, answer.proven) == (0, (), True)


def test_nowhere_to_build():
    task = siting_task({"a": 1.0}, [])
    assert choose_sites(task, Wanted("mclp", 9.0, sites=1)).uncovered == ("a",)
    answer = choose_sites(task, Wanted("lscp", 9.0))
    assert (answer.feasible, answer.unreachable, answer.objective) == (False, ("a",), 0)


def test_all_is_covered_already():
    task = siting_task({"a": 3.0}, [("a", "old", 2.0), ("a", "new", 1.0)], fixed=["old"])
    for model in ("lscp", "mclp"):
        answer = choose_sites(task, Wanted(model, 2.0, sites=1))
        assert (answer.sites, answer.assigned) == ((), {"a": "old"})
    assert choose_sites(task, Wanted("mclp", 2.0, sites=1)).objective == 3


def test_weights_of_nothing():
    task = siting_task({"a": 0.0, "b": 0.0}, [("a", "x", 1.0), ("b", "y", 1.0)])
    assert choose_sites(task, Wanted("mclp", 2.0, sites=1)).sites == ()
    assert choose_sites(task, Wanted("lscp", 2.0)).sites == ("x", "y")  # each area is asked for


def test_of_a_pair_that_stands_twice_the_lower_cost_counts():
    task = siting_task({"a": 1.0}, [("a", "x", 7.0), ("a", "x", 4.0)])
    assert choose_sites(task, Wanted("mclp", 5.0, sites=1)).objective == 1


@pytest.mark.parametrize(
    ("weights", "pairs"),
    [
        ({"a": -1.0}, []),
        ({"a": float("nan")}, []),
        ({"a": 1.0}, [("a", "x", -2.0)]),
        ({"a": 1.0}, [("a", "x", float("nan"))]),
        ({"a": 1.0}, [("b", "x", 2.0)]),
    ],
)
def test_numbers_that_are_none_are_refused(weights, pairs):
    with pytest.raises(ValueError, match=r"0 or more|no weight"):
        siting_task(weights, pairs)


@pytest.mark.parametrize(
    "wanted", [Wanted("mclp", -1.0), Wanted("mclp", sites=-1), Wanted("mclp", budget=-2.0)]
)
def test_less_than_nothing_is_refused(wanted):
    with pytest.raises(ValueError, match="0 or more"):
        choose_sites(LINE, wanted)


def test_a_model_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="p-middle"):
        choose_sites(LINE, Wanted("p-middle"))


def grid(side):
    """Return a square of demand with a site at each, streets along its rows and columns."""
    names = [f"{i:02d}{j:02d}" for i in range(side) for j in range(side)]
    spots = np.array([(i, j) for i in range(side) for j in range(side)], dtype=float)
    apart = np.abs(spots[:, None] - spots[None]).sum(axis=2)
    pairs = [(d, s, apart[i, j]) for i, d in enumerate(names) for j, s in enumerate(names)]
    return siting_task(dict.fromkeys(names, 1.0), pairs)


def test_a_search_that_is_cut_short_tells_a_true_bound():
    task, wanted = grid(12), Wanted("mclp", 2.0, sites=5)
    short = choose_sites(task, wanted, Watch(Effort(nodes=0, gap=0.2)))
    # a site reaches 13 of the grid, and five of them do not touch: 65
    assert short.objective <= 65 <= short.bound
    assert choose_sites(task, wanted).objective == 65


def test_an_interrupted_search_gives_the_best_so_far():
    watch = Watch(interrupted=True)
    answer = choose_sites(grid(8), Wanted("mclp", 2.0, sites=6), watch)
    assert len(answer.sites) == 6
    assert answer.objective <= answer.bound
    assert answer.ended in {"interrupted", "proven"}


def test_progress_never_falls_back():
    steps = []
    watch = Watch(report=lambda *step: steps.append(step))
    choose_sites(grid(10), Wanted("mclp", 2.0, sites=7), watch)
    best = [one for _, one, _ in steps]
    bounds = [bound for *_, bound in steps]
    assert best == sorted(best)
    assert bounds == sorted(bounds, reverse=True)
    assert all(one <= bound for one, bound in zip(best, bounds, strict=True))


def test_a_budget_is_kept_where_bounds_are_sought_beyond_it():
    # d must walk to x (2); y and x together cost 8 of 7, so e and f walk on: 1 · 1 + 1 · 2
    pairs = [("d", "x", 1.0), ("e", "y", 0.0), ("e", "z", 1.0), ("f", "x", 2.0), ("f", "y", 1.0)]
    weights = {"d": 2.0, "e": 1.0, "f": 1.0}
    task = siting_task(weights, pairs, sites={"x": 2.0, "y": 6.0, "z": 0.0})
    answer = choose_sites(task, Wanted("p-median", budget=7.0))
    assert (answer.sites, answer.objective, answer.proven) == (("x", "z"), 5.0, True)


def test_least_walking_is_proven_by_a_programme_where_branches_are_left_open():
    chance = np.random.default_rng(0)
    costs = chance.integers(1, 100, (24, 24)).astype(float)
    names = [f"{i:02d}" for i in range(24)]
    pairs = [(names[i], names[j], c) for (i, j), c in np.ndenumerate(costs)]
    watch = Watch(Effort(nodes=1))
    answer = choose_sites(
        siting_task(dict.fromkeys(names, 1.0), pairs), Wanted("p-median", sites=5), watch
    )
    choices = np.array(list(itertools.combinations(range(24), 5)))
    least = costs[:, choices].min(axis=2).sum(axis=0).min()
    assert watch.out_of_nodes
    assert (answer.objective, answer.bound, answer.proven) == (least, least, True)
    assert answer.ended == "proven"
