"""Walks inside one residential area: straight, where the line does not leave it.

The streets of a map end at the block; people do not. From a home to a facility in the same block
the network alone would lead out to one street, round the block, and in from another. Where both
stand in the same polygon and the straight line between them stays inside, that line is a walk too;
it needs no ground that the access and egress legs did not take for walkable already.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.model.inputs.layers import Layer
    from lifecircle.reach.areas.demand import Demand

__all__ = ["InsideWalks", "inside_walks"]


@dataclass(frozen=True, slots=True, eq=False)
class InsideWalks:
    """Pairs of demand point and facility that see each other within one area.

    Parameters
    ----------
    point, facility
        int64, rows of the demand points and of the facility layer; by point, then cost, then
        facility.
    cost
        float64, straight line in metres.
    """

    point: NDArray[np.int64]
    facility: NDArray[np.int64]
    cost: NDArray[np.float64]

    def between(self, members: NDArray[np.bool_]) -> InsideWalks:
        """Return the nearest of ``members`` for every point that has one inside."""
        rows = np.flatnonzero(members[self.facility])
        _, first = np.unique(self.point[rows], return_index=True)
        rows = rows[first]
        return InsideWalks(self.point[rows], self.facility[rows], self.cost[rows])

    def renumbered(self, facility: NDArray[np.int64]) -> InsideWalks:
        """Return the pairs with other rows for the facilities; -1: without that one."""
        rows = np.flatnonzero(facility[self.facility] >= 0)
        return InsideWalks(self.point[rows], facility[self.facility[rows]], self.cost[rows])

    def of(self, points: NDArray[np.int64]) -> InsideWalks:
        """Return the pairs of some demand points alone, numbered from 0; ``points``: ascending."""
        at = np.searchsorted(points, self.point)
        rows = np.flatnonzero(at < len(points))
        rows = rows[points[at[rows]] == self.point[rows]]
        return InsideWalks(at[rows], self.facility[rows], self.cost[rows])

    def beside(self, other: InsideWalks) -> InsideWalks:
        """Return the pairs of both."""
        point, who, cost = (
            np.concatenate([getattr(one, f.name) for one in (self, other)]) for f in fields(self)
        )
        order = np.lexsort((who, cost, point))
        return InsideWalks(point[order], who[order], cost[order])


def inside_walks(
    residential: Layer, demand: Demand, facility_xy: NDArray[np.float64]
) -> InsideWalks:
    """Return the walks that never leave a residential area; its border belongs to it.

    Parameters
    ----------
    facility_xy
        float64 (f, 2), metres; NaN: place unknown.
    """
    outline = residential.frame.geometry.to_numpy()
    placed = np.flatnonzero(np.isfinite(facility_xy).all(axis=1))
    # the layer keeps its tree: trials look for one place at a time
    row, area = residential.frame.sindex.query(
        shapely.points(facility_xy[placed]), predicate="intersects"
    )
    solid = shapely.get_dimensions(outline[area]) == 2  # noqa: PLR2004 - polygons
    facility, area = placed[row[solid]], area[solid]
    # every demand point of the area with every facility in it
    first = np.searchsorted(demand.point_area, area, side="left")
    count = np.searchsorted(demand.point_area, area, side="right") - first
    pair = np.repeat(np.arange(len(area)), count)
    point = first[pair] + np.arange(len(pair)) - np.repeat(np.cumsum(count) - count, count)
    ends = np.stack([demand.point_xy[point], facility_xy[facility[pair]]], axis=1)
    line = shapely.linestrings(ends) if len(pair) else np.empty(0, dtype=object)
    shapely.prepare(outline)
    seen = shapely.covers(outline[area[pair]], line)
    point, who = point[seen], facility[pair][seen]
    cost = np.hypot(*(ends[seen, 0] - ends[seen, 1]).T)
    order = np.lexsort((who, cost, point))
    return InsideWalks(point[order], who[order], cost[order])
