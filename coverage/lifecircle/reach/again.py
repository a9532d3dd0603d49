"""Reach again: the table of one group after a change of some facilities, by the areas it touches.

A facility says something of an area only where it is no farther, in a straight line, than what the
area's table was made of: its nearest facility, the radius of its share, the longest of its walks.
Those areas are sought again, among the facilities near them; every other row is as it was.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
import shapely

from lifecircle.model.finding import put_in, rows_apart
from lifecircle.reach.areas.demand import located
from lifecircle.reach.context import of_areas
from lifecircle.reach.search.near import cheapest_metre, spread
from lifecircle.reach.table import reach_table

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

    from lifecircle.model.reach import ReachTable
    from lifecircle.reach.areas.demand import Demand
    from lifecircle.reach.context import ReachContext

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["reach_again"]

_MOST = 0.5
"""Share of all areas above which all are sought again."""
_SLACK_M = 1.0
"""Far more than circles are drawn too large by, and walks told apart by."""


def reach_again(
    former: ReachTable,
    before: tuple[ReachContext, NDArray[np.float64]],
    now: tuple[ReachContext, NDArray[np.float64]],
    widened: Mapping[str, Collection[str]],
) -> tuple[ReachTable, Ints] | None:
    """Return a group's table after a change of facilities, and the rows that are others in it.

    Parameters
    ----------
    former
        Its table before, with the same limits.
    before, now
        Context and ``membership`` as :func:`lifecircle.reach.table.reach_table` takes them; of the
        same areas, streets and gates.
    widened
        As ``reach_table`` takes it; the same before.

    Returns
    -------
    None where any area may be touched: the last facility goes or the first comes, one of unknown
    place does, one stands on a part of the streets that is cut off, or the walks go by ferry or
    were handed in. The table is then to be made anew.
    """
    context, member = now
    limit = former.touched_m
    if limit is None or not _bounded(before[0], context):
        return None
    places = _changed(before, now)
    if places is None:
        return None
    rows = _touched(context, places, limit + _SLACK_M)
    if len(rows) > _MOST * len(limit):
        return None
    if not len(rows):
        return former, rows
    part = reach_table(
        of_areas(context, rows),
        former.group,
        member,
        radius_m=former.radius_m_limit,
        walk_m=former.walk_m_limit,
        widened=widened,
        whole=context,
    )
    frame = put_in(former.frame, part.frame, part.frame.index, former.frame.index)
    touched = limit.copy()
    touched[rows] = part.touched_m
    others = rows_apart(part.frame, former.frame.take(rows), part.frame.columns)
    return dataclasses.replace(former, frame=frame, touched_m=touched), rows[others]


def _bounded(before: ReachContext, now: ReachContext) -> bool:
    """Return whether both are of one ground, on which no walk is shorter than a straight line."""
    same = before.demand is now.demand and before.network is now.network
    return same and now.travel is None and now.landlocked is None


def _changed(
    before: tuple[ReachContext, NDArray[np.float64]], now: tuple[ReachContext, NDArray[np.float64]]
) -> Floats | None:
    """Return the places, before and now, of the members that are others; None: no bound to them."""
    (old, was), (new, member) = before, now
    at = old.facility_ids.get_indexer(new.facility_ids)
    stays = at >= 0
    known = at[stays]
    same = _alike(was[known], member[stays])
    same &= (was[known] == 0) | _alike(old.facility_xy[known], new.facility_xy[stays]).all(axis=1)
    stays[stays] = same
    gone = np.ones(len(old.facility_ids), dtype=bool)
    gone[at[stays]] = False
    places = []
    for context, members, others in ((old, was, gone), (new, member, ~stays)):
        placed = located(context.facility_xy)
        mine = others & (members != 0)
        if not ((members == 1) & placed).any() or (mine & ~placed).any():
            return None
        if _on_pieces(context, mine):
            return None
        places.append(context.facility_xy[mine])
    return np.concatenate(places)


def _alike(one: Floats, other: Floats) -> Bools:
    found: Bools = (one == other) | (np.isnan(one) & np.isnan(other))
    return found


def _on_pieces(context: ReachContext, members: Bools) -> bool:
    """Return whether some facilities stand on streets that are cut off, in either case."""
    if context.facilities is not None:
        component = context.facilities.component[members[context.facilities.place]]
        component = component[component >= 0]
        if (context.fragment | context.island)[component].any():
            return True
    return context.wider is not None and _on_pieces(context.wider, members)


def _touched(context: ReachContext, places: Floats, limit: Floats) -> Ints:
    """Return the areas from which some of ``places`` is within a limit, in level metres at least.

    From its outline, any of its demand points and where their walks begin; never one of which no
    place is known. ``limit``: of each area, metres.
    """
    outline = context.residential.frame.geometry.to_numpy()
    touched = np.zeros(len(limit), dtype=bool)
    for ground in (context, context.wider):
        if ground is None:
            continue
        extent = _extent(ground)
        metre = 1.0 if ground.network is None else cheapest_metre(ground.network)
        for place in places:
            near = np.flatnonzero(extent.least_m(place) * metre <= limit)
            away = shapely.distance(outline[near], shapely.Point(place))
            away = np.fmin(away, extent.to_points(near, place))
            touched[near[away * metre <= limit[near]]] = True
    return np.flatnonzero(touched)


@dataclass(frozen=True, slots=True, eq=False)
class _Extent:
    """How far areas go: boxes around all that their walks may begin at, and these places.

    Parameters
    ----------
    low, high
        float64 (areas, 2): corners of the boxes, metres; NaN: nothing is known of the area.
    points
        Places, by area, with the first of each area and how many it has.
    """

    low: Floats
    high: Floats
    points: tuple[tuple[Floats, Ints, Ints], ...]

    def least_m(self, place: Floats) -> Floats:
        """Return how far a place is from each box."""
        beyond = np.maximum(np.maximum(self.low - place, place - self.high), 0.0)
        away: Floats = np.hypot(beyond[:, 0], beyond[:, 1])
        return away

    def to_points(self, areas: Ints, place: Floats) -> Floats:
        """Return how far a place is from the nearest point of some areas; inf: there is none."""
        least = np.full(len(areas), np.inf)
        for xy, first, count in self.points:
            of, at = spread(first[areas], count[areas])
            far = ((xy[at] - place) ** 2).sum(axis=1)  # squares are enough to tell the least
            np.minimum.at(least, of, far)
        far_m: Floats = np.sqrt(least)
        return far_m


_EXTENTS: WeakKeyDictionary[Demand, _Extent] = WeakKeyDictionary()
"""Demand → how far its areas go: it is of the same areas in the same places, whatever changes."""


def _extent(context: ReachContext) -> _Extent:
    demand = context.demand
    if demand not in _EXTENTS:
        starts = demand.origin_xy[demand.start_origin]
        owner = demand.point_area[demand.start_point]
        box = shapely.bounds(context.residential.frame.geometry.to_numpy())
        low, high = box[:, :2].copy(), box[:, 2:].copy()
        points = []
        for xy, area in ((demand.point_xy, demand.point_area), (starts, owner)):
            np.fmin.at(low, area, xy)
            np.fmax.at(high, area, xy)
            every = np.arange(len(low))
            first, end = (np.searchsorted(area, every, side) for side in ("left", "right"))
            points.append((xy, first, end - first))
        _EXTENTS[demand] = _Extent(low, high, tuple(points))
    return _EXTENTS[demand]
