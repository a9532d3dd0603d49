"""Instances of the OR-Library, built from their definition, against their published optima."""

from pathlib import Path

import numpy as np
import pytest
from scipy.sparse.csgraph import shortest_path

from lifecircle.model.siting.task import siting_task
from lifecircle.siting.answering import Wanted, choose_sites

LIBRARY = Path(__file__).parent / "library"


def pmed(name):
    """Return the task of a p-median file, and its p."""
    numbers = [int(word) for word in (LIBRARY / name).read_text(encoding="utf-8").split()]
    vertices, edges, sites = numbers[:3]
    triples = np.array(numbers[3:]).reshape(edges, 3)
    lengths = np.full((vertices, vertices), np.inf)
    for a, b, length in triples:  # of an edge that stands twice the last one holds
        lengths[a - 1, b - 1] = lengths[b - 1, a - 1] = length
    costs = shortest_path(lengths, directed=False)
    names = [f"{i:03d}" for i in range(1, vertices + 1)]
    pairs = [(names[i], names[j], c) for (i, j), c in np.ndenumerate(costs) if np.isfinite(c)]
    return siting_task(dict.fromkeys(names, 1.0), pairs), sites


@pytest.mark.parametrize(("model", "optimum"), [("p-median", 5819), ("p-center", 127)])
def test_pmed1(model, optimum):
    task, sites = pmed("pmed1.txt")
    answer = choose_sites(task, Wanted(model, sites=sites))
    assert (answer.objective, answer.bound, answer.proven) == (optimum, optimum, True)
