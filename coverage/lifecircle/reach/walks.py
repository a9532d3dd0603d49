"""The columns of the walk in a reach table: worst case, best case, and why one is unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.model.finding import TOLERANCE
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.reach.areas.shares import nearest_straight
from lifecircle.reach.search.travel import nearest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.model.inputs.streets import StreetNetwork
    from lifecircle.reach.context import ReachContext

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["facility_ids", "facility_places", "least", "snap_distance", "walk_columns", "walks"]


def walk_columns(
    context: ReachContext, certain: Bools, possible: Bools, wide: Bools, walk_m: float
) -> dict[str, NDArray[np.generic]]:
    """Return the columns of the walk."""
    demand = context.demand
    representative = demand.representative
    placed = representative >= 0
    limit = max(context.parameters.search_limit_m, walk_m)

    walk, who, start = walks(context, certain, limit)
    best = walk if not (possible & ~certain).any() else walks(context, possible, limit)[0]
    low = best.copy()
    # Facilities the streets do not tell of, and points the streets lose: the straight line, less
    # what a ferry may save, is all that is known.
    stray = context.only_straight & possible
    saved = _saved_by_ferry(context)
    if stray.any():
        straight = nearest_straight(demand.point_xy, context.facility_xy[stray])[0]
        low = np.minimum(low, np.maximum(straight - saved, 0.0))
    lost_start = _lost_starts(context, possible)
    lost = np.ones(len(demand), dtype=bool)
    lost[demand.start_point[~lost_start]] = False
    straight = nearest_straight(demand.point_xy[lost], context.facility_xy[possible])[0]
    low[lost] = np.minimum(low[lost], np.maximum(straight - saved, 0.0))

    area_walk, area_low = np.full((2, len(placed)), np.inf)
    area_who, area_start = np.full((2, len(placed)), -1, dtype=np.int64)
    at = representative[placed]
    area_walk[placed], area_low[placed] = walk[at], low[at]
    area_who[placed], area_start[placed] = who[at], start[at]
    by_ferry = np.zeros(len(placed), dtype=bool)
    if context.landlocked is not None:
        on_land = walks(context, certain, limit, context.landlocked)[0]
        by_ferry[placed] = on_land[at] > walk[at] + TOLERANCE
    area_low[~placed & possible.any()] = 0.0
    area_low[wide] = 0.0
    area_low = np.minimum(area_low, area_walk)

    unknown = _walk_unknown(context, area_walk, lost_start, possible)
    share = _shares(context, walk <= walk_m + TOLERANCE)
    high = np.maximum(share, _shares(context, low <= walk_m + TOLERANCE))
    high[wide] = 1.0
    # A share is told beside an unknown walk only where it is nothing in any case.
    open_ = np.array([reason is not None for reason in unknown], dtype=bool) & (high > 0)
    share[open_ | ~placed] = high[open_ | ~placed] = np.nan

    return {
        "walk_m": area_walk,
        "walk_low_m": area_low,
        "walk_facility": facility_ids(context, area_who),
        "walk_share": share,
        "walk_share_high": high,
        "walk_share_error": _sampling_error(context, share),
        "straight_m": np.hypot(*(facility_places(context, area_who) - context.centre).T),
        "snap_m": snap_distance(context),
        "walk_unknown": unknown,
        "access_barrier": _access_barrier(context, area_start, area_who),
        "by_ferry": by_ferry,
    }


def walks(
    context: ReachContext, members: Bools, limit_m: float, network: StreetNetwork | None = None
) -> tuple[Floats, Ints, Ints]:
    """Return the walk from every demand point to its nearest member, which that is, and by where.

    The last is the origin the walk sets out from; -1: it meets no street. ``network`` stands in
    for the context's.
    """
    demand = context.demand
    network = context.network if network is None else network
    if network is None or context.origins is None or context.facilities is None:
        nobody = np.full(len(demand), -1, dtype=np.int64)
        return np.full(len(demand), np.inf), nobody, nobody
    rows = np.flatnonzero(members)
    cost, who = nearest(network, context.origins, context.facilities.take(rows), limit_m)
    who[who >= 0] = rows[who[who >= 0]]
    led = who[demand.start_origin]
    total = cost[demand.start_origin] + demand.start_lead_m
    total[total > limit_m + TOLERANCE] = np.inf
    # Ways out that are equally long: the lower facility, then the first of them.
    order = np.lexsort((led, total, demand.start_point))
    best = order[np.unique(demand.start_point[order], return_index=True)[1]]
    walk = total[best]
    leads_to = np.where(np.isfinite(walk), led[best], -1)
    origin = np.where(np.isfinite(walk), demand.start_origin[best], -1)
    inside = context.inside.between(members)
    shorter = inside.cost < walk[inside.point]
    point = inside.point[shorter]
    walk[point], leads_to[point] = inside.cost[shorter], inside.facility[shorter]
    origin[point] = -1
    return walk, leads_to, origin


def _saved_by_ferry(context: ReachContext) -> float:
    """Return by how many metres ferries may make a walk cheaper than its straight line."""
    network = context.network
    if network is None:
        return 0.0
    saved = network.edge_length_m - network.edge_cost_m
    return float(np.maximum(saved, 0.0)[network.edge_ferry].sum())


def _access_barrier(context: ReachContext, start: Ints, who: Ints) -> NDArray[np.object_]:
    """Return what the straight legs of each walk cross: at its start, else at the facility."""
    found: NDArray[np.object_] = np.full(len(start), None, dtype=object)
    street = start >= 0
    found[street] = context.facility_barrier[who[street]]
    crossed = street.copy()
    crossed[street] = pd.notna(context.origin_barrier[start[street]])
    found[crossed] = context.origin_barrier[start[crossed]]
    return found


def _lost_starts(context: ReachContext, possible: Bools) -> Bools:
    """Return the ways out that lead nowhere we know of.

    No street within the snap limit; or a part of the network that is cut off and holds no
    facility of the group, if it is a short fragment or an island without a ferry in the data.
    """
    demand = context.demand
    if context.network is None or context.origins is None or context.facilities is None:
        return np.ones(len(demand.start_point), dtype=bool)
    holds = np.zeros(len(context.fragment), dtype=bool)
    component = context.facilities.component[possible]
    holds[component[component >= 0]] = True
    blind = (context.fragment | context.island) & ~holds
    blind[0] = False
    component = context.origins.component[demand.start_origin]
    lost = component < 0
    lost[~lost] = blind[component[~lost]]
    return lost


def _walk_unknown(
    context: ReachContext, area_walk: Floats, lost_start: Bools, possible: Bools
) -> NDArray[np.object_]:
    """Return why the walk of each area is unknown; None where it is decided."""
    demand, network = context.demand, context.network
    reasons: NDArray[np.object_] = np.full(len(area_walk), None, dtype=object)
    reasons[demand.representative < 0] = Reason(ReasonCode.POSITION_MISSING)
    open_ = (demand.representative >= 0) & ~np.isfinite(area_walk)
    if not possible.any():
        return reasons  # nowhere to walk to: decided, however the streets may lie
    if network is None or context.origins is None:
        reasons[open_] = Reason(ReasonCode.NO_STREETS)
        return reasons
    snap_m = snap_distance(context)
    starts = np.flatnonzero(context.representative_start)
    area_of = demand.point_area[demand.start_point[starts]]
    component_of = context.origins.component[demand.start_origin[starts]]
    open_[area_of[~lost_start[starts]]] = False
    for area in np.flatnonzero(open_):
        mine = slice(*np.searchsorted(area_of, [area, area + 1]))
        component = component_of[mine]
        component = component[component >= 0]
        if not len(component):
            reasons[area] = Reason(
                ReasonCode.NO_STREET_WITHIN_SNAP,
                {
                    "snap_limit_m": context.parameters.snap_limit_m,
                    "nearest_m": round(float(snap_m[area]), 3),
                },
            )
        elif context.island[component].any():
            reasons[area] = Reason(ReasonCode.ISLAND_WITHOUT_FERRY)
        else:
            longest = network.component_length_m[component].max()
            reasons[area] = Reason(
                ReasonCode.STREET_FRAGMENT, {"fragment_m": round(float(longest), 3)}
            )
    return reasons


def snap_distance(context: ReachContext) -> Floats:
    """Return the distance from each area's point, or nearest gate, to the nearest street."""
    far = np.full(len(context.residential), np.nan)
    if context.origins is not None:
        demand, starts = context.demand, context.representative_start
        area = demand.point_area[demand.start_point[starts]]
        np.fmin.at(far, area, context.origins.nearest_m[demand.start_origin[starts]])
    return far


def _shares(context: ReachContext, reached: Bools) -> Floats:
    """Return the weight of reached demand points in each area, [0, 1]; 0 without points."""
    demand = context.demand
    total = np.bincount(
        demand.point_area, weights=demand.point_weight * reached, minlength=len(context.residential)
    )
    return np.clip(np.round(total, 12), 0.0, 1.0)  # thirty-six 36ths are one


def _sampling_error(context: ReachContext, share: Floats) -> Floats:
    """Return the standard error of a share of lattice points; 0 where all homes are counted."""
    demand = context.demand
    square = np.bincount(
        demand.point_area, weights=demand.point_weight**2, minlength=len(context.residential)
    )
    error: Floats = np.sqrt(share * (1.0 - share) * square)
    placed = demand.representative >= 0
    counted = placed.copy()  # where there are buildings the representative point weighs nothing
    counted[placed] = demand.point_weight[demand.representative[placed]] == 0
    error[counted & ~np.isnan(share)] = 0.0
    return error


def least(row: Ints, cost: Floats, who: Ints, n: int) -> tuple[Floats, Ints]:
    """Return the least cost of each row and whose it is; equal costs go to the lower one."""
    least, whose = np.full(n, np.inf), np.full(n, -1, dtype=np.int64)
    reached = np.isfinite(cost)
    row, cost, who = row[reached], cost[reached], who[reached]
    order = np.lexsort((who, cost, row))
    row, first = np.unique(row[order], return_index=True)
    least[row], whose[row] = cost[order][first], who[order][first]
    return least, whose


def facility_places(context: ReachContext, who: Ints) -> Floats:
    """Return facility places, (n, 2); NaN for -1."""
    xy = np.full((len(who), 2), np.nan)
    xy[who >= 0] = context.facility_xy[who[who >= 0]]
    return xy


def facility_ids(context: ReachContext, who: Ints) -> NDArray[np.object_]:
    """Return facility ids, None for -1."""
    ids: NDArray[np.object_] = np.full(len(who), None, dtype=object)
    ids[who >= 0] = context.facility_ids.to_numpy(dtype=object)[who[who >= 0]]
    return ids
