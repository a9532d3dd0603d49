"""The reach of one group of facilities from every residential area, over the unknowns.

Worst case: the facilities that certainly belong to the group and are open. Best case: those that
possibly do as well. See :class:`lifecircle.model.reach.ReachTable` for what each column says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from lifecircle.model.finding import inclusive, meets
from lifecircle.model.reach import REACH_COLUMNS, ReachTable
from lifecircle.reach.areas.demand import located
from lifecircle.reach.areas.shares import nearest_straight, share_within
from lifecircle.reach.diagnosis import barrier_between
from lifecircle.reach.given import given_columns, limit_m
from lifecircle.reach.leaving import perhaps_only
from lifecircle.reach.search.near import saved_by_ferry
from lifecircle.reach.search.snapping import snap
from lifecircle.reach.search.travel import nearest
from lifecircle.reach.walks import (
    facility_ids,
    facility_places,
    least,
    walk_columns,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

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
    whole: ReachContext | None = None,
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
        Facility id → ids of the areas among which it may stand, for facilities of unknown place:
        whatever lies within reach of these may be served. Ids that are not in the facility layer
        (rows set aside) count as possible members.
    whole
        Context of all areas, where ``context`` is of some: those a facility of unknown place may
        stand among need not be of them.

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
    near = _Near(whole or context, widened or {}, context.residential.frame.index)
    wide, most = near.areas(lost, radius_m), walk_m

    columns = _radius_columns(context, certain, possible, wide, radius_m)
    if context.travel is None:
        most = walk_m + saved_by_ferry((context.wider or context).network)
        columns |= walk_columns(context, certain, possible, near.areas(lost, most), walk_m)
    else:
        lost &= ~context.facility_ids.isin(context.travel.frame["facility"])
        wide = near.areas(lost, walk_m)
        columns |= given_columns(context, context.travel, member, wide, walk_m)
    index = context.residential.frame.index
    # Named dtypes: pandas would take ids and None for strings and NaN.
    frame = pd.DataFrame(
        {name: pd.Series(columns[name], index, columns[name].dtype) for name in REACH_COLUMNS}
    )
    members = {f: tuple(sorted(a)) for f, a in near.members(lost, max(radius_m, most)).items()}
    touched = _touched(columns, radius_m)
    given_m = None if context.travel is None else limit_m(context, context.travel)
    spread = _spread(context)
    return ReachTable(group, radius_m, walk_m, frame, members, spread, touched, given_m)


def _touched(columns: Mapping[str, NDArray[Any]], radius_m: float) -> Floats | None:
    """Return how far a facility may stand at most that says anything of each area's row."""
    if "touched_m" not in columns:
        return None
    told = [columns[name] for name in ("touched_m", "radius_m", "radius_low_m", "radius_placed_m")]
    found: Floats = np.fmax.reduce([*told, np.full(len(told[0]), inclusive(radius_m))])
    return found


class _Near:
    """Which areas facilities of unknown place may serve: where they may stand, and around it.

    Parameters
    ----------
    context
        Of all areas.
    widened
        Facility → the areas among which it may stand.
    asked
        The areas that are asked about.
    """

    def __init__(
        self, context: ReachContext, widened: Mapping[str, Collection[str]], asked: pd.Index
    ) -> None:
        self._context, self._widened, self._asked = context, widened, asked
        self._known: dict[tuple[tuple[str, ...], float], tuple[str, ...]] = {}

    def areas(self, lost: Bools, limit_m: float) -> Bools:
        """Return which areas asked about are within ``limit_m`` of where a member may stand."""
        ids = {area for reach in self.members(lost, limit_m).values() for area in reach}
        found: Bools = np.asarray(self._asked.isin(list(ids)), dtype=bool)
        return found

    def members(self, lost: Bools, limit_m: float) -> dict[str, tuple[str, ...]]:
        """Return the facilities of unknown place that may be members → what each may serve."""
        ids = self._context.facility_ids
        unplaced, known = set(ids[lost]), set(ids)
        return {
            facility: self._around(tuple(areas), limit_m)
            for facility, areas in self._widened.items()
            if facility in unplaced or facility not in known
        }

    def _around(self, areas: tuple[str, ...], limit_m: float) -> tuple[str, ...]:
        """Return the areas that who stands among ``areas`` may serve, counted from outlines."""
        key = areas, limit_m
        if key not in self._known:
            frame = self._context.residential.frame
            here = frame.index.isin(list(areas))
            shapes = frame.geometry.to_numpy()
            missing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
            near = here | missing
            if (here & missing).any():
                near[:] = True  # among areas of unknown place: anywhere
            elif here.any() and not near.all():
                limit = inclusive(limit_m) + _apart(self._context)
                rest = np.flatnonzero(~near)
                pairs = shapely.STRtree(shapes[here]).query(
                    shapes[rest], predicate="dwithin", distance=limit
                )
                near[rest[pairs[0]]] = True
            self._known[key] = tuple(frame.index[near])
        return self._known[key]


def _spread(context: ReachContext) -> float:
    """Return what ``spread_m`` says: inf where a walk may be shorter than the straight line."""
    grounds = (context, context.wider or context)
    shorter = context.travel is not None or any(one.landlocked is not None for one in grounds)
    return np.inf if shorter else _apart(context)


def _apart(context: ReachContext) -> float:
    """Return how far from their representative points the areas' distances may begin, metres."""
    farthest = 0.0 if context.wider is None else _apart(context.wider)  # a gate that may be open
    demand, starts = context.demand, context.representative_start
    begin = demand.origin_xy[demand.start_origin[starts]]
    own = context.centre[demand.point_area[demand.start_point[starts]]]
    apart = np.hypot(*(begin - own).T)
    return float(apart.max(initial=farthest))


def _radius_columns(
    context: ReachContext, certain: Bools, possible: Bools, wide: Bools, radius_m: float
) -> dict[str, NDArray[np.generic]]:
    """Return the columns of the straight line."""
    far, who = _straight_from_areas(context, certain)
    same = np.array_equal(certain, possible)
    low, low_who = (far.copy(), who) if same else _straight_from_areas(context, possible)
    by_gate = np.full(len(far), np.nan)
    if context.wider is not None:  # a gate that may be open may be nearer, or farther
        nearer, low_whose = _straight_from_areas(context.wider, possible)
        low, low_who = np.minimum(low, nearer), np.where(nearer < low, low_whose, low_who)
        away, whose = _straight_from_gates(context, context.wider, certain)
        near = np.minimum(far, _straight_from_areas(context.wider, certain)[0])
        far, who = np.maximum(far, away), np.where(away > far, whose, who)
        by_gate[near < far] = near[near < far]
    unplaced = context.demand.representative < 0
    # Nothing is known of an area of unknown place but this: no facility, no reach.
    low[unplaced & possible.any()] = 0.0
    nearest, low_who = np.fmin(far, low), np.where(unplaced, -1, low_who)
    low[wide] = 0.0

    geometry = context.residential.frame.geometry.to_numpy()
    share = share_within(geometry, context.facility_xy[certain], radius_m)
    high = share.copy() if same else share_within(geometry, context.facility_xy[possible], radius_m)
    for part, distance in ((share, far), (high, low)):
        flat = np.isnan(part)
        part[flat] = meets(distance[flat], "<=", radius_m).astype(float)
    high = np.maximum(share, high)
    high[wide] = 1.0
    share[unplaced] = high[unplaced] = np.nan
    far[unplaced] = np.nan
    return {
        "barrier": barrier_between(context.barriers, context.centre, facility_places(context, who)),
        "radius_m": far,
        "radius_low_m": np.fmin(far, low),
        "radius_placed_m": nearest,
        "radius_placed_facility": facility_ids(context, low_who),
        "radius_by_gate_m": by_gate,
        "radius_facility": facility_ids(context, who),
        "radius_share": share,
        "radius_share_high": high,
    }


def _straight_from_areas(context: ReachContext, members: Bools) -> tuple[Floats, Ints]:
    """Return the straight line from each area (its point, else its nearest gate), and to whom."""
    rows = np.flatnonzero(members)
    demand = context.demand
    starts = context.representative_start & ~demand.start_exit
    far, who = nearest_straight(
        demand.origin_xy[demand.start_origin[starts]], context.facility_xy[rows]
    )
    who[who >= 0] = rows[who[who >= 0]]
    area = demand.point_area[demand.start_point[starts]]
    return least(area, far, who, len(context.residential))


def _straight_from_gates(
    context: ReachContext, wider: ReachContext, members: Bools
) -> tuple[Floats, Ints]:
    """Return the longest straight line from a gate of each area of which no gate is surely open.

    To the nearest facility, and to whom; ``-inf``, -1 of other areas. That gate may be its only
    one.
    """
    rows, demand = np.flatnonzero(members), wider.demand
    starts, area = perhaps_only(demand, context.shut_in), demand.point_area[demand.start_point]
    n = len(context.residential)
    away, whose = np.full(n, -np.inf), np.full(n, -1, dtype=np.int64)
    if not starts.any():
        return away, whose
    far, who = nearest_straight(
        demand.origin_xy[demand.start_origin[starts]], context.facility_xy[rows]
    )
    who[who >= 0] = rows[who[who >= 0]]
    order = np.argsort(far, kind="stable")  # of several the last one written is the farthest
    away[area[starts][order]], whose[area[starts][order]] = far[order], who[order]
    return away, whose


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
    supply = context.facilities.of(np.asarray(membership) == 1)
    cost, _ = nearest(context.network, origins, supply, context.parameters.search_limit_m)
    walk[gated] = np.inf
    np.minimum.at(walk, gated[origins.place], cost)
    return walk
