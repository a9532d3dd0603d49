"""The way from every area to every place of a choice, each as if it were the only one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lifecircle.model.finding import meets
from lifecircle.reach.leaving import perhaps_only
from lifecircle.reach.search.pairs import pairs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.reach.context import ReachContext

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["hangs_on_gates", "straight_alone", "walks_alone"]


def hangs_on_gates(context: ReachContext) -> NDArray[np.bool_]:
    """Return the areas that are left by one of some gates, nobody knows by which, or nowhere."""
    found = np.zeros(len(context.shut_in), dtype=bool)
    if context.wider is not None:
        demand = context.wider.demand
        starts = demand.start_point[perhaps_only(demand, context.shut_in)]
        found[demand.point_area[starts]] = True
    return found


def straight_alone(context: ReachContext, places: Ints) -> Floats:
    """Return the straight line from each area to each place, metres: (areas, places).

    From the representative point, else from the nearest gate, as a reach table has it in the worst
    case: of gates of which none is known to be open any may be the only one. inf where the place
    of either is unknown.

    Parameters
    ----------
    places
        int64, rows of the facility layer.
    """
    demand = context.demand
    starts = context.representative_start & ~demand.start_exit
    from_xy = demand.origin_xy[demand.start_origin[starts]]
    area = demand.point_area[demand.start_point[starts]]
    far = np.full((len(context.residential), len(places)), np.inf)
    for column, place in enumerate(places):
        np.minimum.at(far[:, column], area, _away(from_xy, context.facility_xy[place]))
    if context.wider is None:
        return far
    demand, starts = context.wider.demand, perhaps_only(context.wider.demand, context.shut_in)
    from_xy = demand.origin_xy[demand.start_origin[starts]]
    area = demand.point_area[demand.start_point[starts]]
    for column, place in enumerate(places):
        np.maximum.at(far[:, column], area, _away(from_xy, context.facility_xy[place]))
    return far


def _away(from_xy: Floats, place: Floats) -> Floats:
    """Return how far each place is from one, metres; inf: unknown."""
    away: Floats = np.hypot(*(from_xy - place).T)
    return np.where(np.isnan(away), np.inf, away)


def walks_alone(context: ReachContext, places: Ints, limit_m: float) -> Floats:
    """Return the walk from each area's representative point to each place: (areas, places).

    Metres of level walking in the worst case, as a reach table of that place alone has it; inf
    where there is none within ``limit_m`` (inclusive), or none is known. Costs that a study hands
    in (``context.travel``) are not looked at.

    Parameters
    ----------
    places
        int64, rows of the facility layer.
    """
    walk = np.full((len(context.residential), len(places)), np.inf)
    column_of = np.full(len(context.facility_ids), -1, dtype=np.int64)
    column_of[places] = np.arange(len(places))
    _along_streets(context, walk, column_of, limit_m)
    inside, demand = context.inside, context.demand
    known = demand.representative[demand.point_area[inside.point]] == inside.point
    known &= column_of[inside.facility] >= 0
    area = demand.point_area[inside.point[known]]
    np.minimum.at(walk, (area, column_of[inside.facility[known]]), inside.cost[known])
    return walk


def _along_streets(context: ReachContext, walk: Floats, column_of: Ints, limit_m: float) -> None:
    """Enter the walks along the streets into ``walk``."""
    demand, network = context.demand, context.network
    if network is None or context.origins is None or context.facilities is None:
        return
    starts = np.flatnonzero(context.representative_start)
    used = np.unique(demand.start_origin[starts])
    rows = np.flatnonzero(column_of[context.facilities.place] >= 0)
    row, column, cost = pairs(
        network, context.origins.take(used), context.facilities.take(rows), limit_m
    )
    # every way out of an area that leaves by an origin
    by_origin = starts[np.argsort(demand.start_origin[starts], kind="stable")]
    origin = demand.start_origin[by_origin]
    first, last = (np.searchsorted(origin, used[row], side) for side in ("left", "right"))
    count = last - first
    pair = np.repeat(np.arange(len(row)), count)
    within = np.arange(len(pair)) - np.repeat(np.cumsum(count) - count, count)
    start = by_origin[first[pair] + within]
    total = cost[pair] + demand.start_lead_m[start]
    near = np.asarray(meets(total, "<=", limit_m))
    area = demand.point_area[demand.start_point[start[near]]]
    place = column_of[context.facilities.place[rows[column[pair[near]]]]]
    np.minimum.at(walk, (area, place), total[near])
