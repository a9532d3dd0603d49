"""The allocation against enumeration, and its indifference to labels and order."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from lifecircle.measures.allocation import EXACT_AREAS, allocate


def table(pairs):
    names = ["facility", "residential", "distance", "most"]
    return pd.DataFrame([(*p, np.inf)[:4] for p in pairs], columns=names)


def short(rows):
    frame = pd.DataFrame(rows, columns=["id", "need", "weight"]).set_index("id")
    return frame.assign(x=np.arange(len(frame), dtype=float), y=0.0)


def served(pairs, areas, m2):
    total = pd.Series(m2).groupby(pairs["residential"].to_numpy()).sum()
    return {a for a in areas.index if total.get(a, 0.0) >= areas.at[a, "need"] - 1e-9}


def can_serve(chosen, pairs, areas, capacity):
    """Whether all of ``chosen`` can be fully served at once: a linear feasibility problem."""
    columns = [i for i, a in enumerate(pairs["residential"]) if a in chosen]
    if not chosen:
        return True
    rows_eq = [[1.0 if pairs["residential"].iloc[i] == a else 0.0 for i in columns] for a in chosen]
    rows_ub = [
        [1.0 if pairs["facility"].iloc[i] == f else 0.0 for i in columns] for f in capacity.index
    ]
    if not columns:
        return False
    found = linprog(
        np.zeros(len(columns)),
        A_ub=rows_ub,
        b_ub=capacity.to_numpy() + 1e-9,
        A_eq=rows_eq,
        b_eq=[areas.at[a, "need"] for a in chosen],
        bounds=[(0, pairs["most"].iloc[i]) for i in columns],
    )
    return found.status == 0


@st.composite
def problems(draw):
    n_areas, n_facilities = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    areas = short(
        [(f"A{i}", draw(st.integers(1, 60)), draw(st.integers(0, 500))) for i in range(n_areas)]
    )
    capacity = pd.Series(
        {f"F{i}": float(draw(st.integers(0, 90))) for i in range(n_facilities)}, dtype=float
    )
    every = list(itertools.product(capacity.index, areas.index))
    chosen = draw(st.lists(st.sampled_from(every), unique=True))
    pairs = table([(f, a, float(draw(st.integers(0, 1000)))) for f, a in chosen])
    return pairs, areas, capacity


@settings(deadline=None, max_examples=60)
@given(problems())
def test_allocation_is_optimal(problem):
    pairs, areas, capacity = problem
    result = allocate(pairs, areas, capacity)
    m2 = result.m2
    assert result.proven
    assert (m2 >= 0).all()
    for name, total in pd.Series(m2).groupby(pairs["facility"].to_numpy()).sum().items():
        assert total <= capacity[name] + 1e-9
    for name, total in pd.Series(m2).groupby(pairs["residential"].to_numpy()).sum().items():
        assert total <= areas.at[name, "need"] + 1e-9
    subsets = [
        set(c) for n in range(len(areas) + 1) for c in itertools.combinations(areas.index, n)
    ]
    fine = [s for s in subsets if can_serve(s, pairs, areas, capacity)]
    most = max(len(s) for s in fine)
    mine = served(pairs, areas, m2)
    assert len(mine) == most
    heaviest = max(areas.loc[list(s), "weight"].sum() for s in fine if len(s) == most)
    assert areas.loc[list(mine), "weight"].sum() == heaviest


@settings(deadline=None, max_examples=30)
@given(problems(), st.randoms(use_true_random=False))
def test_order_and_labels_change_nothing(problem, random):
    pairs, areas, capacity = problem
    first = allocate(pairs, areas, capacity).m2
    order = list(range(len(pairs)))
    random.shuffle(order)
    again = allocate(
        pairs.iloc[order].reset_index(drop=True),
        areas.sample(frac=1, random_state=1),
        capacity.sample(frac=1, random_state=2),
    ).m2
    assert again == pytest.approx(first[order])


def test_more_areas_before_more_households():
    pairs = table([("F", "A", 10.0), ("F", "B", 10.0), ("F", "C", 10.0)])
    areas = short([("A", 50.0, 900), ("B", 30.0, 10), ("C", 30.0, 10)])
    m2 = allocate(pairs, areas, pd.Series({"F": 60.0})).m2
    assert list(m2) == [0.0, 30.0, 30.0]  # two small areas rather than one large


def test_what_cannot_be_filled_is_still_given():
    pairs = table([("F", "A", 10.0)])
    m2 = allocate(pairs, short([("A", 50.0, 100)]), pd.Series({"F": 20.0})).m2
    assert list(m2) == [20.0]


def test_the_nearer_facility_gives_first():
    pairs = table([("F", "A", 900.0), ("G", "A", 100.0)])
    m2 = allocate(pairs, short([("A", 30.0, 100)]), pd.Series({"F": 30.0, "G": 30.0})).m2
    assert list(m2) == [0.0, 30.0]


def test_a_pair_carries_no_more_than_its_record():
    pairs = table([("F", "A", 10.0, 12.5)])
    m2 = allocate(pairs, short([("A", 30.0, 100)]), pd.Series({"F": 50.0})).m2
    assert list(m2) == [12.5]


def test_hundredths_of_a_square_metre():
    pairs = table([("F", "A", 10.0)])
    m2 = allocate(pairs, short([("A", 33.33, 100)]), pd.Series({"F": 33.33})).m2
    assert m2[0] == pytest.approx(33.33)


def test_nothing_to_share():
    assert allocate(table([]), short([]), pd.Series(dtype=float)).proven


def test_a_large_component_is_served_in_turn_and_says_so():
    # one facility of 1000 m², 100 areas that need 11, 12, … m²: the smallest 35 fit
    # (11 + … + 45 = 980; 46 would make 1026), and the last 20 m² go to the next in turn
    names = [f"A{i:03d}" for i in range(100)]
    assert len(names) > EXACT_AREAS
    pairs = table([("F", name, 100.0) for name in names])
    areas = short([(name, 11.0 + i, 100) for i, name in enumerate(names)])
    result = allocate(pairs, areas, pd.Series({"F": 1000.0}))
    assert not result.proven
    assert served(pairs, areas, result.m2) == set(names[:35])
    assert result.m2[35] == 20.0
    assert result.m2.sum() == 1000.0
