"""What tells another choice from the plan: its places, what they cost, whom else it serves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lifecircle.model.finding import meets
from lifecircle.model.results.siting_plan import Alternative

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from lifecircle.model.siting.task import SitingTask
    from lifecircle.siting.plans.candidates import Candidate

__all__ = ["cost_of", "reached_by", "told_apart"]


def told_apart(
    objective: float,
    sites: tuple[str, ...],
    mine: Collection[str],
    *,
    cost: float | None,
    met: tuple[Collection[str], Collection[str]],
) -> Alternative:
    """Return another choice beside the plan.

    Parameters
    ----------
    mine
        The plan's sites.
    met
        Areas that meet the clause with the other choice, and with the plan.
    """
    there, here = (set(areas) for areas in met)
    return Alternative(
        objective=objective,
        sites=sites,
        instead_of=tuple(sorted(set(mine) - set(sites))),
        besides=tuple(sorted(set(sites) - set(mine))),
        cost=cost,
        gains=tuple(sorted(there - here)),
        loses=tuple(sorted(here - there)),
    )


def cost_of(built: Iterable[tuple[Candidate, float | None]]) -> float | None:
    """Return what candidates of some m² cost together; None where one of them says nothing."""
    costs = [one.cost(m2) for one, m2 in built]
    known = [cost for cost in costs if cost is not None]
    return float(sum(known)) if len(known) == len(costs) else None


def reached_by(task: SitingTask, limit: float, sites: Collection[str]) -> set[str]:
    """Return the demand within a limit, inclusive, of some sites or of what stands."""
    serving = task.fixed | np.isin(np.array(task.sites, dtype=object), list(sites))
    near = np.asarray(meets(task.cost, "<=", limit)) & serving[task.column]
    return {task.demand[row] for row in np.unique(task.row[near])}
