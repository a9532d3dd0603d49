"""The reach of one group of facilities from every residential area, over the unknowns.

Worst case: the facilities that certainly belong to the group and are open. Best case: those that
possibly do as well. See :class:`lifecircle.model.reach.ReachTable` for what each column says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.model.finding import TOLERANCE
from lifecircle.model.reach import REACH_COLUMNS, ReachTable
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.reach.demand import located
from lifecircle.reach.diagnosis import barrier_between
from lifecircle.reach.shares import nearest_straight, share_within
from lifecircle.reach.snapping import snap
from lifecircle.reach.travel import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

    from lifecircle.model.reach import TravelTable
    from lifecircle.reach.context import ReachContext

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["open_gate_walk", "reach_table"]


def reach_table(
    context: ReachContext,
    group: str,
    membership: NDArray[np.float64],
    *,
    radius_m: float,
    walk_m: float,
    widened: Mapping[str, Collection[str]] | None = None,
) -> ReachTable:
    """Return the reach table of one group.

    Parameters
    ----------
    context
        The study, prepared by ``prepare_reach``.
    group
        Name of the group, or id of a clause with kinds of its own.
    membership
        float64 (facilities,), in the order of ``context.facility_ids``: 1 belongs to the group
        and is open, 0 does not, NaN possibly does.
    radius_m, walk_m
        Thresholds of the shares, inclusive; ``walk_m`` is minutes × 60 × speed. Walks are
        searched to ``search_limit_m``, or to ``walk_m`` where that is more.
    widened
        Facility id → ids of the areas where it may stand, for facilities of unknown place. Ids
        that are not in the facility layer (rows set aside) count as possible members.

    Raises
    ------
    ValueError
        ``membership`` has another length or other values.
    """
    member = np.asarray(membership, dtype=np.float64)
    known = member[~np.isnan(member)]
    if member.shape != (len(context.facility_ids),) or not np.isin(known, (0.0, 1.0)).all():
        raise ValueError("membership: 1, 0 or NaN for every facility")
    placed = located(context.facility_xy)
    certain, possible = (member == 1) & placed, (member != 0) & placed
    lost = (member != 0) & ~placed
    wide = _widened(context, lost, widened or {})

    columns = _radius_columns(context, certain, possible, wide, radius_m)
    if context.travel is None:
        columns |= _walk_columns(context, certain, possible, wide, walk_m)
    else:
        lost &= ~context.facility_ids.isin(context.travel.frame["facility"])
        wide = _widened(context, lost, widened or {})
        columns |= _given_columns(context, context.travel, member, wide, walk_m)
    index = context.residential.frame.index
    # Named dtypes: pandas would take ids and None for strings and NaN.
    frame = pd.DataFrame(
        {name: pd.Series(columns[name], index, columns[name].dtype) for name in REACH_COLUMNS}
    )
    return ReachTable(group, radius_m, walk_m, frame)


def _widened(
    context: ReachContext,
    lost: Bools,
    widened: Mapping[str, Collection[str]],
) -> Bools:
    """Return the areas where a facility of unknown place may stand."""
    unplaced, known = set(context.facility_ids[lost]), set(context.facility_ids)
    areas = {
        area
        for facility, reach in widened.items()
        if facility in unplaced or facility not in known
        for area in reach
    }
    wide: Bools = np.asarray(context.residential.frame.index.isin(list(areas)), dtype=bool)
    return wide


def _radius_columns(
    context: ReachContext, certain: Bools, possible: Bools, wide: Bools, radius_m: float
) -> dict[str, NDArray[np.generic]]:
    """Return the columns of the straight line."""
    far, who = _straight_from_areas(context, certain)
    low, _ = _straight_from_areas(context, possible)
    unplaced = context.demand.representative < 0
    # Nothing is known of an area of unknown place but this: no facility, no reach.
    low[unplaced & possible.any()] = 0.0
    low[wide] = 0.0

    geometry = context.residential.frame.geometry.to_numpy()
    shares = []
    for distance, members in ((far, certain), (low, possible)):
        share = share_within(geometry, context.facility_xy[members], radius_m)
        flat = np.isnan(share)
        share[flat] = (distance[flat] <= radius_m + TOLERANCE).astype(float)
        shares.append(share)
    share, high = shares
    high = np.maximum(share, high)
    high[wide] = 1.0
    share[unplaced] = high[unplaced] = np.nan
    far[unplaced] = np.nan
    return {
        "barrier": barrier_between(context.barriers, context.centre, _places(context, who)),
        "radius_m": far,
        "radius_low_m": np.fmin(far, low),
        "radius_facility": _ids(context, who),
        "radius_share": share,
        "radius_share_high": high,
    }


def _straight_from_areas(context: ReachContext, members: Bools) -> tuple[Floats, Ints]:
    """Return the straight line from each area (its point, else its nearest gate), and to whom."""
    rows = np.flatnonzero(members)
    demand, starts = context.demand, context.representative_start
    far, who = nearest_straight(
        demand.origin_xy[demand.start_origin[starts]], context.facility_xy[rows]
    )
    who[who >= 0] = rows[who[who >= 0]]
    area = demand.point_area[demand.start_point[starts]]
    return _least(area, far, who, len(context.residential))


def _walk_columns(
    context: ReachContext, certain: Bools, possible: Bools, wide: Bools, walk_m: float
) -> dict[str, NDArray[np.generic]]:
    """Return the columns of the walk."""
    demand = context.demand
    representative = demand.representative
    placed = representative >= 0
    limit = max(context.parameters.search_limit_m, walk_m)

    walk, who = _walks(context, certain, limit)
    best = walk if not (possible & ~certain).any() else _walks(context, possible, limit)[0]
    low = best.copy()
    # Facilities the streets do not tell of, and points the streets lose: the straight line is
    # all that is known.
    stray = context.only_straight & possible
    if stray.any():
        low = np.minimum(low, nearest_straight(demand.point_xy, context.facility_xy[stray])[0])
    lost_start = _lost_starts(context, possible)
    lost = np.ones(len(demand), dtype=bool)
    lost[demand.start_point[~lost_start]] = False
    straight = nearest_straight(demand.point_xy[lost], context.facility_xy[possible])[0]
    low[lost] = np.minimum(low[lost], straight)

    area_walk, area_low = np.full((2, len(placed)), np.inf)
    area_who = np.full(len(placed), -1, dtype=np.int64)
    area_walk[placed], area_low[placed] = walk[representative[placed]], low[representative[placed]]
    area_who[placed] = who[representative[placed]]
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
        "walk_facility": _ids(context, area_who),
        "walk_share": share,
        "walk_share_high": high,
        "straight_m": np.hypot(*(_places(context, area_who) - context.centre).T),
        "snap_m": _snap_distance(context),
        "walk_unknown": unknown,
    }


def _given_columns(
    context: ReachContext, travel: TravelTable, member: Floats, wide: Bools, walk_m: float
) -> dict[str, NDArray[np.generic]]:
    """Return the columns of the walk from a table the study hands in: one cost an area.

    Nothing is unknown here but the facilities: an absent pair is beyond the table's limit. A
    facility in the table needs no place on the map.
    """
    per_unit = 60.0 * context.parameters.walk_speed_m_s if travel.unit == "min" else 1.0
    frame = travel.frame[travel.frame["cost"] <= travel.limit + TOLERANCE]
    area = context.residential.frame.index.get_indexer(frame["demand"])
    who = context.facility_ids.get_indexer(frame["facility"])
    cost = frame["cost"].to_numpy(dtype=np.float64) * per_unit
    n = len(context.residential)

    def least(members: Bools) -> tuple[Floats, Ints]:
        rows = (area >= 0) & (who >= 0)
        rows[rows] = members[who[rows]]
        return _least(area[rows], cost[rows], who[rows], n)

    walk, leads_to = least(member == 1)
    low, _ = least(member != 0)
    low[wide] = 0.0
    return {
        "walk_m": walk,
        "walk_low_m": low,
        "walk_facility": _ids(context, leads_to),
        "walk_share": (walk <= walk_m + TOLERANCE).astype(np.float64),
        "walk_share_high": (low <= walk_m + TOLERANCE).astype(np.float64),
        "straight_m": np.hypot(*(_places(context, leads_to) - context.centre).T),
        "snap_m": _snap_distance(context),
        "walk_unknown": np.full(n, None, dtype=object),
    }


def open_gate_walk(context: ReachContext, membership: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the walk of each area with known gates if it were open on all sides.

    The worst case, as ``walk_m``: from the representative point straight to the nearest street.
    ``inf`` where nobody certain is in reach; NaN for areas without gates, and without streets.
    """
    walk = np.full(len(context.residential), np.nan)
    gated = np.flatnonzero(context.demand.gated)
    if context.network is None or context.facilities is None or not len(gated):
        return walk
    origins = snap(
        context.network,
        context.centre[gated],
        context.parameters.snap_limit_m,
        fragment_m=context.parameters.short_fragment_m,
    )
    supply = context.facilities.take(np.asarray(membership) == 1)
    walk[gated], _ = nearest(context.network, origins, supply, context.parameters.search_limit_m)
    return walk


def _walks(context: ReachContext, members: Bools, limit_m: float) -> tuple[Floats, Ints]:
    """Return the walk from every demand point to its nearest member, and which that is."""
    demand = context.demand
    if context.network is None or context.origins is None or context.facilities is None:
        return np.full(len(demand), np.inf), np.full(len(demand), -1, dtype=np.int64)
    rows = np.flatnonzero(members)
    cost, who = nearest(context.network, context.origins, context.facilities.take(rows), limit_m)
    who[who >= 0] = rows[who[who >= 0]]
    total = cost[demand.start_origin] + demand.start_lead_m
    total[total > limit_m + TOLERANCE] = np.inf
    walk, leads_to = _least(demand.start_point, total, who[demand.start_origin], len(demand))
    inside = context.inside.between(members)
    shorter = inside.cost < walk[inside.point]
    point = inside.point[shorter]
    walk[point], leads_to[point] = inside.cost[shorter], inside.facility[shorter]
    return walk, leads_to


def _lost_starts(context: ReachContext, possible: Bools) -> Bools:
    """Return the ways out that lead nowhere we know of.

    No street within the snap limit; or a part of the network that is cut off and holds no
    facility of the group, if it is a short fragment or an island whose ferry is not walked.
    """
    demand = context.demand
    if context.network is None or context.origins is None or context.facilities is None:
        return np.ones(len(demand.start_point), dtype=bool)
    holds = np.zeros(len(context.fragment), dtype=bool)
    component = context.facilities.component[possible]
    holds[component[component >= 0]] = True
    blind = (context.fragment | context.lands) & ~holds
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
    snap_m = _snap_distance(context)
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
        elif context.lands[component].any():
            reasons[area] = Reason(ReasonCode.ISLAND_WITHOUT_FERRY)
        else:
            longest = network.component_length_m[component].max()
            reasons[area] = Reason(
                ReasonCode.STREET_FRAGMENT, {"fragment_m": round(float(longest), 3)}
            )
    return reasons


def _snap_distance(context: ReachContext) -> Floats:
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


def _least(row: Ints, cost: Floats, who: Ints, n: int) -> tuple[Floats, Ints]:
    """Return the least cost of each row and whose it is; equal costs go to the lower one."""
    least, whose = np.full(n, np.inf), np.full(n, -1, dtype=np.int64)
    reached = np.isfinite(cost)
    row, cost, who = row[reached], cost[reached], who[reached]
    order = np.lexsort((who, cost, row))
    row, first = np.unique(row[order], return_index=True)
    least[row], whose[row] = cost[order][first], who[order][first]
    return least, whose


def _places(context: ReachContext, who: Ints) -> Floats:
    """Return facility places, (n, 2); NaN for -1."""
    xy = np.full((len(who), 2), np.nan)
    xy[who >= 0] = context.facility_xy[who[who >= 0]]
    return xy


def _ids(context: ReachContext, who: Ints) -> NDArray[np.object_]:
    """Return facility ids, None for -1."""
    ids: NDArray[np.object_] = np.full(len(who), None, dtype=object)
    ids[who >= 0] = context.facility_ids.to_numpy(dtype=object)[who[who >= 0]]
    return ids
