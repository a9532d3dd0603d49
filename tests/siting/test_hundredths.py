"""Answers to the last hundredth: beside large figures, and where a limit is used up."""

import itertools
import math

import numpy as np
import pytest
from scipy import sparse

from lifecircle.model.siting.provision import Offer, provision_task
from lifecircle.model.siting.task import siting_task
from lifecircle.siting.answering import Wanted, choose_sites
from lifecircle.siting.plans import sharing_out
from lifecircle.siting.provision import provide
from lifecircle.siting.search import programme
from lifecircle.siting.search.effort import Effort, Watch
from lifecircle.siting.search.programme import Programme, in_whole, solve, unit_of


@pytest.mark.parametrize("seed", [24, 25])
@pytest.mark.parametrize("unit", [1, 100])
def test_of_as_few_places_the_cheapest_is_so_by_the_last_hundredth(seed, unit):
    # places of about 300,000 yuan each, apart by less than one; looked for among all there are
    chance = np.random.default_rng(seed)
    homes, sites = range(24), range(14)
    apart = chance.random((24, 1, 2)) - chance.random((1, 14, 2))
    far = 1000 * np.hypot(apart[..., 0], apart[..., 1])
    price = (30_000_000 + chance.integers(1, 60, 14)).tolist()
    near = far <= 300
    reached = near.any(axis=1)
    for count in range(1, len(sites)):
        covers = [
            chosen
            for chosen in itertools.combinations(sites, count)
            if near[np.ix_(reached, chosen)].any(axis=1).all()
        ]
        if covers:
            break
    least = min(sum(price[i] for i in chosen) for chosen in covers)
    task = siting_task(
        {f"d{i}": 1.0 for i in homes},
        [(f"d{i}", f"s{j:02d}", far[i, j]) for i in homes for j in sites],
        sites={f"s{j:02d}": one / unit for j, one in enumerate(price)},
    )
    answer = choose_sites(task, Wanted("lscp", 300.0))
    cheapest = [c for c in covers if sum(price[i] for i in c) == least]
    assert answer.places == count
    assert sum(price[int(one[1:])] for one in answer.sites) == least
    assert (answer.proven, answer.unique) == (True, len(cheapest) == 1)


@pytest.mark.parametrize("dearer", [0.01, 0.02, 0.05, 0.5])
def test_beside_a_large_county_no_place_is_a_hundredth_too_large(dearer):
    # twelve times: a (100 m²) at A or B, b (10) at A or C, c (50) at C; A is no smaller than
    # 110 and a little. B and C build just what is short: 160. One more area is as large as a county
    deficits, offers, pairs = {"z": 6e6}, {"J": Offer(0.01), "Z": Offer()}, [("z", "Z")]
    for i in range(12):
        deficits |= {f"a{i}": 100.0, f"b{i}": 10.0, f"c{i}": 50.0}
        offers |= {f"A{i}": Offer(least_m2=110 + dearer), f"B{i}": Offer(), f"C{i}": Offer()}
        pairs += [(f"{a}{i}", f"{p}{i}") for a, p in ("aA", "aB", "bA", "bC", "cC")]
        pairs.append((f"c{i}", "J"))  # what joins the twelve, and would be a place more
    answer = provide(provision_task(deficits, offers, pairs))
    assert (answer.places, answer.m2, answer.proven) == (25, 12 * 160 + 6e6, True)


def test_sizes_are_told_in_whole_hundredths():
    # 0.07 + 0.29 = 0.36 and 1.1 + 2.2 = 3.3, which are a hair more as binary fractions
    pairs = [("a", "x"), ("b", "x"), ("c", "y"), ("d", "y"), ("e", "y")]
    offers = {"x": Offer(0.36), "y": Offer(3.3)}
    short = {"a": 0.07, "b": 0.29, "c": 1.1, "d": 2.2}
    answer = provide(provision_task(short | {"e": 0.0}, offers, pairs))
    assert (answer.sizes, answer.unmet, answer.m2) == ({"x": 0.36, "y": 3.3}, {}, 3.66)
    answer = provide(provision_task(short | {"e": 0.01}, offers, pairs))
    assert answer.sizes == {"x": 0.36, "y": 3.3}
    assert math.fsum(answer.unmet.values()) == pytest.approx(0.01, abs=1e-5)


def test_a_budget_that_is_used_up_to_the_last_hundredth_is_enough():
    # 0.1 + 0.2 + 0.7 is a hair below 1 in one order, 0.1 + 0.2 alone a hair above 0.3
    price = {"s1": 0.1, "s2": 0.2, "s3": 0.7, "s4": 0.31}
    pairs = [(f"d{i}", f"s{i}", 1.0) for i in range(1, 5)]
    task = siting_task({f"d{i}": 1.0 for i in range(1, 5)}, pairs, sites=price)
    for budget, sites in ((0.3, ("s1", "s2")), (1.0, ("s1", "s2", "s3")), (0.29, ("s2",))):
        answer = choose_sites(task, Wanted("mclp", 5.0, budget=budget))
        assert answer.objective == len(sites)
        assert answer.proven
        assert answer.price <= budget + 1e-12


@pytest.mark.parametrize(
    ("amounts", "most", "row", "limit"),
    [
        ([0.1, 0.2], 0.3, [1, 2], 3),
        ([0.07, 0.29], 0.36, [7, 29], 36),
        ([1.005, 2.0], 3.0, [1005, 2000], 3000),
        ([1.0, 2.0], 2.99, [1, 2], 2),
        ([0.0, 0.0], 0.0, [0, 0], 0),
    ],
)
def test_decimals_and_their_limit_are_whole_numbers(amounts, most, row, limit):
    found, at_most = in_whole(np.array(amounts), most)
    assert found.tolist() == row
    assert at_most == limit


def test_amounts_without_an_end_keep_theirs():
    thirds = np.array([1 / 3, 2 / 3])
    row, most = in_whole(thirds, 1.0)
    assert unit_of(thirds) == 0
    assert (row == thirds).all()
    assert 1.0 < most < 1.0 + 1e-8


def test_a_programme_finds_what_shares_of_one_are_worth():
    # two sites of three; each area weighs a ten-millionth, and a gap of a millionth hides them all
    cost = np.array([0, 0, 0, 1e-7, 2e-7, 3e-7])
    rows = np.hstack([np.eye(3), np.eye(3)])
    programme = Programme(cost, rows, np.ones(3), np.full(3, np.inf), sites=3)
    count = np.array([1.0, 1, 1, 0, 0, 0])
    start = np.array([1.0, 0, 0, 0, 1, 1])
    found = solve(programme.also(count, -np.inf, 2.0), Watch(Effort()), start=start)
    assert found.chosen(3).tolist() == [1, 2]
    assert found.finished


def test_a_choice_that_keeps_its_price_by_a_solvers_tolerance_alone_is_not_taken(monkeypatch):
    """HiGHS 1.10 chose a site but for a part of 10⁻⁷, of 30,000,001 where 30,000,000 are asked."""
    asked = Programme(
        np.array([2.0, 1.0]),
        sparse.csr_array(np.array([[30_000_000.0, 30_000_001.0], [1.0, 1.0]])),
        np.array([-np.inf, 1.0]),
        np.array([30_000_000.0, np.inf]),
        sites=2,
    )
    answers = [programme.Solved(np.array([0.0, 1.0 - 5e-8]), 1.0, finished=True)]
    solve = programme.solve

    def careless(*of, **how):
        return answers.pop() if answers else solve(*of, **how)

    monkeypatch.setattr(programme, "solve", careless)
    found = programme.solve_strictly(asked, Watch(), rounds=100)
    assert found.finished
    assert found.chosen(2).tolist() == [0]
    wrong = programme.Solved(np.ones(2), 0.0, finished=True)
    monkeypatch.setattr(programme, "solve", lambda *_, **__: wrong)
    assert programme.solve_strictly(asked, Watch(), rounds=100).values is None
    assert not programme.solve_strictly(asked, Watch(), rounds=100).finished


def test_flows_are_asked_with_indices_of_32_bits(monkeypatch):
    """The flow of SciPy 1.14, the oldest that is allowed, takes no others."""
    asked, flow = [], sharing_out.maximum_flow

    def watched(graph, *ends):
        asked.append((graph.indices.dtype, graph.indptr.dtype, graph.dtype))
        return flow(graph, *ends)

    monkeypatch.setattr(sharing_out, "maximum_flow", watched)
    pairs = {("a", "p"): 100.0, ("b", "p"): 200.0}
    assert sharing_out.shared_out({"a": 300, "b": 400}, {"p": 500}, pairs) == {
        ("a", "p"): 300,
        ("b", "p"): 200,
    }
    assert set(asked) == {(np.dtype(np.int32),) * 3}
