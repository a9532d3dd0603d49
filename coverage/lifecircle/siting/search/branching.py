"""Least walking by branching on sites, each branch bounded by multipliers of its own.

For few sites and many pairs, where an integer programme is too large: a branch costs a few
thousandths of a second, and most sites are decided by the bound alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lifecircle.siting.search.allowance import Allowance
from lifecircle.siting.search.effort import CLOSE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.siting.search.effort import Watch

__all__ = ["KEPT", "Branches", "branch"]

_STEPS = 60
KEPT = 0.8
"""How much of the last step's course the next one keeps (Crowder 1976): the steps of multipliers
zigzag without it, and end a few per cent short of what they can prove."""


@dataclass(frozen=True, slots=True, eq=False)
class Branches:
    """What branching ends with.

    Parameters
    ----------
    columns
        The best choice found, or None if none is as good as asked.
    bound
        No choice is cheaper than this, or than what was asked.
    finished
        Every branch was closed.
    """

    columns: NDArray[np.int64] | None
    bound: float
    finished: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Node:
    inside: NDArray[np.int64]
    free: NDArray[np.int64]
    payments: NDArray[np.float64]
    bound: float


class _Tree:
    """The walks as a matrix, and the best choice so far."""

    def __init__(
        self,
        costs: NDArray[np.float64],
        alone: NDArray[np.float64],
        price: NDArray[np.float64],
        allowance: Allowance,
        value: float,
        barred: NDArray[np.int64] | None,
    ) -> None:
        self.barred = barred
        self.costs, self.alone, self.price = costs, alone, price
        self.allowance, self.value = allowance, value
        self.best: NDArray[np.int64] | None = None
        known = np.concatenate([costs[np.isfinite(costs)], alone[np.isfinite(alone)]])
        whole = bool((known == np.round(known)).all())
        hair = CLOSE * max(1.0, value)
        if whole:  # of a thousand million metres a hair is a metre, and less than one is nothing
            hair = min(hair, 0.5)
        self.better = 1.0 - hair if whole else hair  # what a better choice saves at least
        if barred is not None:
            self.value += self.better + hair  # another choice as good is looked for

    def cost(self, chosen: NDArray[np.int64]) -> float:
        near = self.costs[:, chosen].min(axis=1, initial=np.inf)
        return float(np.minimum(near, self.alone).sum())

    def left(self, inside: NDArray[np.int64]) -> Allowance:
        """Return what may be chosen besides."""
        sites, budget = self.allowance.sites, self.allowance.budget
        return Allowance(
            None if sites is None else sites - len(inside),
            None if budget is None else max(budget - float(self.price[inside].sum()), 0.0),
        )

    def bounded(self, node: _Node, watch: Watch) -> _Node | None:
        """Raise a branch's bound; None where it holds no better choice."""
        payments, kept, highest = node.payments, node.payments, -np.inf
        allowance = self.left(node.inside)
        pace, stalled, course = 1.0, 0, np.zeros(len(payments))
        columns = np.concatenate([node.inside, node.free])
        costs = self.costs[:, columns]
        held = len(node.inside)
        for _ in range(_STEPS):
            over = np.maximum(payments[:, None] - costs, 0.0)
            offers = over.sum(axis=0)
            most, _, top = allowance.best_sum(offers[held:], self.price[node.free])
            bound = float(np.minimum(payments, self.alone).sum() - offers[:held].sum() - most)
            opened = np.concatenate([np.arange(held), held + top])
            self.take(columns[opened])
            if bound > highest:
                stalled = 0 if bound > highest + 1e-5 * self.value else stalled + 1
                highest, kept = bound, payments
            else:
                stalled += 1
            if highest > self.value - self.better:
                return None
            if stalled > 6 or watch.stop:  # noqa: PLR2004 - steps; then half the pace, twice at most
                pace, stalled, payments = pace / 2, 0, kept
                if pace < 0.1:  # noqa: PLR2004 - little is left to gain; branching gains more
                    break
                continue
            served = (over[:, opened] > 0).sum(axis=1) + (payments > self.alone)
            slope = 1.0 - served
            course = slope + KEPT * course
            length = float(course @ course)
            if not slope.any() or length == 0:  # nothing calls for a step; the old ones fade
                break
            step = pace * max(1.01 * self.value - bound, CLOSE * self.value) / length
            payments = np.maximum(payments + step * course, 0.0)
        return self._decided(node, kept, costs, max(highest, node.bound))

    def _decided(
        self,
        node: _Node,
        payments: NDArray[np.float64],
        costs: NDArray[np.float64],
        bound: float,
    ) -> _Node:
        """Return the branch without the sites that no better choice in it has."""
        offers = np.maximum(payments[:, None] - costs, 0.0).sum(axis=0)
        held = len(node.inside)
        base = float(np.minimum(payments, self.alone).sum() - offers[:held].sum())
        may = self.left(node.inside).undecided(
            offers[held:], self.price[node.free], -base, -self.value
        )
        order = np.argsort(-offers[held:][may], kind="stable")
        return _Node(node.inside, node.free[may][order], payments, bound)

    def take(self, chosen: NDArray[np.int64]) -> None:
        if not self.allowance.admits(self.price[chosen]):
            return  # what bounds may cost more than there is
        if self.barred is not None and np.array_equal(np.sort(chosen), self.barred):
            return
        value = self.cost(chosen)
        if value <= self.value - self.better:
            self.best, self.value = np.sort(chosen), value


def branch(
    costs: NDArray[np.float64],
    alone: NDArray[np.float64],
    price: NDArray[np.float64],
    allowance: Allowance,
    *,
    value: float,
    payments: NDArray[np.float64],
    watch: Watch,
    barred: NDArray[np.int64] | None = None,
) -> Branches:
    """Search every branch that may hold a choice cheaper than ``value``.

    Parameters
    ----------
    costs
        float64 (rows, sites): weight × cost; inf where a pair is absent.
    alone
        float64 (rows,): what a row costs at existing places; inf without one.
    price
        float64 (sites,).
    payments
        float64 (rows,): multipliers to start from.
    barred
        A choice, in order, that costs ``value``: one as cheap is looked for, and any one ends
        the search.
    """
    tree = _Tree(costs, alone, price, allowance, value, barred)
    none = np.zeros(0, dtype=np.int64)
    stack = [_Node(none, np.arange(costs.shape[1], dtype=np.int64), payments, -np.inf)]
    for _ in range(watch.effort.nodes):
        if not stack or watch.stop or (barred is not None and tree.best is not None):
            break
        node = tree.bounded(stack.pop(), watch)
        if node is None or not len(node.free):
            continue
        room = tree.left(node.inside)
        if room.places(0) < 1:
            continue
        site, rest = node.free[:1], node.free[1:]
        stack.append(_Node(node.inside, rest, node.payments, node.bound))
        if price[site[0]] <= room.money(0.0):
            inside = np.concatenate([node.inside, site])
            stack.append(_Node(inside, rest, node.payments, node.bound))
    watch.out_of_nodes |= bool(stack) and not watch.stop
    bound = min((node.bound for node in stack), default=tree.value)
    return Branches(tree.best, min(bound, tree.value), finished=not stack)
