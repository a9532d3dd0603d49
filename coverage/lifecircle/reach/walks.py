"""The columns of the walk in a reach table: worst case, best case, and why one is unknown."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.model.finding import meets
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.reach.areas.demand import sampling_error
from lifecircle.reach.areas.shares import nearest_straight
from lifecircle.reach.doubts import in_pieces, walk_doubt
from lifecircle.reach.search.near import near_enough, saved_by_ferry
from lifecircle.reach.search.order import in_order
from lifecircle.reach.search.travel import nearest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.model.inputs.streets import StreetNetwork
    from lifecircle.reach.areas.demand import Demand
    from lifecircle.reach.context import ReachContext
    from lifecircle.reach.search.snapping import Snapped
    from lifecircle.reach.search.travel import Tree

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = [
    "Walks",
    "facility_ids",
    "facility_places",
    "least",
    "snap_distance",
    "walk_columns",
    "walks",
]


@dataclass(frozen=True, slots=True, eq=False)
class Walks:
    """The walk from every demand point to its nearest facility; one entry a point.

    ``walk_m`` is the sum of ``access_m`` (to the gate and on to the street), the way along the
    streets, and ``egress_m`` (from the street to the facility).

    Parameters
    ----------
    walk_m
        float64, metres of level walking; inf: none within the limit.
    facility
        int64, row of the facility layer; -1: none.
    origin
        int64, origin it sets out from; -1: it meets no street.
    position
        int64, position of the facility on the streets (``context.facilities``); -1: none.
    access_m, egress_m
        float64, metres; a walk that meets no street is all access. NaN: no walk.
    """

    walk_m: Floats
    facility: Ints
    origin: Ints
    position: Ints
    access_m: Floats
    egress_m: Floats


def walk_columns(
    context: ReachContext, certain: Bools, possible: Bools, wide: Bools, walk_m: float
) -> dict[str, NDArray[np.generic]]:
    """Return the columns of the walk."""
    demand, representative = context.demand, context.demand.representative
    placed = representative >= 0
    limit = max(context.parameters.search_limit_m, walk_m)

    found = walks(context, certain, limit)
    walk = found.walk_m
    known = found if not (possible & ~certain).any() else walks(context, possible, limit)
    best = known if context.wider is None else _better(walks(context.wider, possible, limit), known)
    lost_start = _lost_starts(context, possible) & ~_bounded_starts(context, possible)
    low, low_who = _best_case(context, best, possible, lost_start)

    area_walk, area_low = np.full((2, len(placed)), np.inf)
    area_who, area_low_who = np.full((2, len(placed)), -1, dtype=np.int64)
    access, egress = np.full((2, len(placed)), np.nan)
    access_barrier: NDArray[np.object_] = np.full(len(placed), None, dtype=object)
    at = representative[placed]
    area_walk[placed], area_low[placed] = walk[at], low[at]
    area_who[placed], area_low_who[placed] = found.facility[at], low_who[at]
    access[placed], egress[placed] = found.access_m[at], found.egress_m[at]
    access_barrier[placed] = _access_barrier(context, found.origin[at], found.position[at])
    by_ferry = np.zeros(len(placed), dtype=bool)
    by_ferry[placed] = _by_ferry(context, certain, limit, walk)[at]
    lost_area = ~placed & possible.any()
    area_low[lost_area], area_low_who[lost_area] = 0.0, -1
    known_low, known_who = np.minimum(area_low, area_walk), area_low_who.copy()
    area_low[wide], area_low_who[wide] = 0.0, -1
    area_low = np.minimum(area_low, area_walk)

    hangs = np.zeros(len(placed), dtype=bool)
    hangs[placed] = meets(best.walk_m[at], "<", known.walk_m[at])

    unknown = _walk_unknown(context, area_walk, lost_start, possible)
    share = _shares(context, meets(walk, "<=", walk_m))
    high = np.maximum(share, _shares(context, meets(low, "<=", walk_m)))
    high[wide] = 1.0
    # A share is told beside an unknown walk only where it is nothing in any case.
    open_ = np.array([reason is not None for reason in unknown], dtype=bool) & (high > 0)
    share[open_ | ~placed] = high[open_ | ~placed] = np.nan

    return {
        "touched_m": _touched(demand, np.minimum(walk, limit), low),
        "walk_m": area_walk,
        "walk_low_m": area_low,
        "walk_placed_m": known_low,
        "walk_placed_facility": facility_ids(context, known_who),
        "walk_facility": facility_ids(context, area_who),
        "walk_share": share,
        "walk_share_high": high,
        "walk_share_error": sampling_error(demand, share),
        "access_m": access,
        "network_m": np.where(np.isfinite(area_walk), area_walk, np.nan) - access - egress,
        "egress_m": egress,
        "straight_m": np.hypot(*(facility_places(context, area_who) - context.centre).T),
        "snap_m": snap_distance(context),
        "walk_low_facility": facility_ids(context, area_low_who),
        "walk_unknown": unknown,
        "walk_doubt": walk_doubt(context, area_walk, area_low, area_low_who, hangs),
        "access_barrier": access_barrier,
        "by_ferry": by_ferry,
    }


def walks(
    context: ReachContext,
    members: Bools,
    limit_m: float,
    network: StreetNetwork | None = None,
    tree: Tree | None = None,
) -> Walks:
    """Return the walk from every demand point to its nearest member.

    Of all positions at either end those of the shortest whole walk are taken. ``network`` stands
    in for the context's, ``tree`` for a search from all members (``handicapped_tree``). Within one
    area the straight line that does not leave it is a walk, with streets or without.
    """
    demand = context.demand
    network = context.network if network is None else network
    n = len(demand)
    if network is None or context.origins is None or context.facilities is None:
        nobody, nothing = np.full((3, n), -1, dtype=np.int64), np.full((2, n), np.nan)
        found = Walks(np.full(n, np.inf), *nobody, *nothing)
    else:
        facilities = context.facilities
        rows = np.flatnonzero(members[facilities.place])
        rows = rows[np.argsort(facilities.place[rows], kind="stable")]
        kept = np.arange(len(rows))
        if context.partial and tree is None:
            spots = context.facility_xy[facilities.place[rows]]
            kept = near_enough(network, demand.origin_xy, spots, limit_m)
        ends = context.origins, facilities
        found = _along_streets(demand, network, ends, (rows[kept], kept, len(rows), tree), limit_m)
    inside = context.inside.between(members)
    shorter = inside.cost < found.walk_m[inside.point]
    point, cost = inside.point[shorter], inside.cost[shorter]
    found.walk_m[point], found.facility[point] = cost, inside.facility[shorter]
    found.origin[point] = found.position[point] = -1
    found.access_m[point], found.egress_m[point] = cost, 0.0
    return found


def _along_streets(
    demand: Demand,
    network: StreetNetwork,
    ends: tuple[Snapped, Snapped],
    some: tuple[Ints, Ints, int, Tree | None],
    limit_m: float,
) -> Walks:
    """Return the walk from every demand point along the streets alone.

    ``ends``: origins and facilities on the streets; ``some``: those of the facilities that are
    searched from, which of those that count they are, how many count, and their tree.
    """
    n, (origins, facilities), (rows, which_of, count, tree) = len(demand), ends, some
    supply = facilities.take(rows)
    cost, which = nearest(network, origins, supply, limit_m, tree, (which_of, count))
    led = np.where(which < 0, -1, supply.place[which]) if len(rows) else which
    led, which = led[demand.start_origin], which[demand.start_origin]
    total = cost[demand.start_origin] + demand.start_lead_m
    total[meets(total, ">", limit_m)] = np.inf
    # Ways out that are equally long: the lower facility, then the first of them.
    order = in_order(demand.start_point, total, led)
    best = order[np.diff(demand.start_point[order], prepend=-1) != 0]
    walk = total[best]
    reached = np.isfinite(walk)
    facility, origin, position = np.full((3, n), -1, dtype=np.int64)
    facility[reached], origin[reached] = led[best[reached]], demand.start_origin[best[reached]]
    position[reached] = rows[which[best[reached]]]
    access, egress = np.full((2, n), np.nan)
    access[reached] = demand.start_lead_m[best[reached]] + origins.access_m[origin[reached]]
    egress[reached] = facilities.access_m[position[reached]]
    return Walks(walk, facility, origin, position, access, egress)


def _bounded_starts(context: ReachContext, possible: Bools) -> Bools:
    """Return the ways out of areas without an open gate that lead on wherever these are left."""
    demand, wider = context.demand, context.wider
    bounded: Bools = context.shut_in[demand.point_area] & (wider is not None)
    if wider is not None and bounded.any():
        bounded[wider.demand.start_point[_lost_starts(wider, possible)]] = False
    return bounded[demand.start_point]


def _best_case(
    context: ReachContext, best: Walks, possible: Bools, lost_start: Bools
) -> tuple[Floats, Ints]:
    """Return the shortest that each point's walk can be, and to whom.

    Of facilities the streets do not tell of, and for points the streets lose, the straight line is
    all that is known, less what a ferry may save; with streets in pieces so for every walk.
    """
    demand = context.demand
    low, who = best.walk_m.copy(), best.facility.copy()
    saved = saved_by_ferry((context.wider or context).network)
    lost = np.ones(len(demand), dtype=bool)
    if not context.in_pieces:
        lost[demand.start_point[~lost_start]] = False
    for points, members in (
        (np.arange(len(demand)), context.only_straight & possible),
        (np.flatnonzero(lost), possible),
    ):
        rows = np.flatnonzero(members)
        straight, nearest_row = nearest_straight(demand.point_xy[points], context.facility_xy[rows])
        least_m = np.maximum(straight - saved, 0.0)
        shorter = least_m < low[points]
        low[points[shorter]] = least_m[shorter]
        who[points[shorter]] = rows[nearest_row[shorter]]
    return low, who


def _better(one: Walks, other: Walks) -> Walks:
    """Return the shorter walk of every point; of ``one`` in the contexts of the other only that."""
    shorter = meets(one.walk_m, "<", other.walk_m)
    return dataclasses.replace(
        other,
        walk_m=np.where(shorter, one.walk_m, other.walk_m),
        facility=np.where(shorter, one.facility, other.facility),
    )


def _access_barrier(context: ReachContext, origin: Ints, position: Ints) -> NDArray[np.object_]:
    """Return what the straight legs of each walk cross: at its start, else at the facility."""
    found: NDArray[np.object_] = np.full(len(origin), None, dtype=object)
    street = origin >= 0
    found[street] = context.facility_barrier[position[street]]
    crossed = street.copy()
    crossed[street] = pd.notna(context.origin_barrier[origin[street]])
    found[crossed] = context.origin_barrier[origin[crossed]]
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
    component = context.facilities.of(possible).component
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
        drawn = context.wider is not None and context.wider.network is not None
        code = ReasonCode.STREETS_UNKNOWN if drawn else ReasonCode.NO_STREETS
        reasons[open_] = Reason(code)
        return reasons
    snap_m = snap_distance(context)
    starts = np.flatnonzero(context.representative_start)
    area_of = demand.point_area[demand.start_point[starts]]
    component_of = context.origins.component[demand.start_origin[starts]]
    known = np.zeros(len(open_), dtype=bool)
    known[area_of[~lost_start[starts]]] = True
    if context.in_pieces:
        reasons[open_ & known] = in_pieces(context)
    open_ &= ~known
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
        elif context.in_pieces:
            reasons[area] = in_pieces(context)
        else:
            longest = float(network.component_length_m[component].max())
            reasons[area] = Reason(ReasonCode.STREET_FRAGMENT, {"fragment_m": round(longest, 3)})
    return reasons


def snap_distance(context: ReachContext) -> Floats:
    """Return the distance from each area's point, or nearest gate, to the nearest street."""
    far = np.full(len(context.residential), np.nan)
    if context.origins is not None:
        demand = context.demand
        starts = context.representative_start & ~demand.start_exit
        area = demand.point_area[demand.start_point[starts]]
        np.fmin.at(far, area, context.origins.nearest_m[demand.start_origin[starts]])
    return far


def _by_ferry(context: ReachContext, certain: Bools, limit_m: float, walk: Floats) -> Bools:
    """Return the points whose walk takes a ferry: it is longer on land."""
    if context.landlocked is None:
        return np.zeros(len(walk), dtype=bool)
    on_land = walks(context, certain, limit_m, context.landlocked).walk_m
    return np.asarray(meets(on_land, ">", walk), dtype=bool)


def _touched(demand: Demand, walk: Floats, low: Floats) -> Floats:
    """Return how long a walk of each area may be before it is told, in either case, metres."""
    touched = np.zeros(len(demand.representative))
    longest = np.maximum(walk, np.where(np.isfinite(low), low, walk))
    np.maximum.at(touched, demand.point_area, longest)
    return touched


def _shares(context: ReachContext, reached: Bools) -> Floats:
    """Return the weight of reached demand points in each area, [0, 1]; 0 without points."""
    demand = context.demand
    weight = demand.point_weight * reached
    total = np.bincount(demand.point_area, weights=weight, minlength=len(context.residential))
    return np.clip(np.round(total, 12), 0.0, 1.0)  # thirty-six 36ths are one


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
