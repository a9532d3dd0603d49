"""Places to exact positions on the streets."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from lifecircle.model.finding import TOLERANCE
from lifecircle.reach.network.graph import edge_lines

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.model.inputs.streets import StreetNetwork

__all__ = ["Snapped", "snap", "standing"]

_STRIP_M = 500.0


@dataclass(frozen=True, slots=True, eq=False)
class Snapped:
    """Places on the network; every array has one entry a place.

    Parameters
    ----------
    edge
        int64; -1: the place is unknown, or no street lies within the snap limit.
    along_m
        Metres on the ground from the edge's ``u`` to the position; NaN where ``edge`` is -1.
    offset_m
        The same in metres of level walking (``along_m`` times the edge's factor).
    access_m
        Straight line from the place to the position, metres; NaN where ``edge`` is -1.
    nearest_m
        Straight line to the nearest street of any kind, beyond the limit too; NaN where the place
        is unknown or there are no streets.
    component
        int64 component of the edge; -1 where ``edge`` is -1.
    """

    edge: NDArray[np.int64]
    along_m: NDArray[np.float64]
    offset_m: NDArray[np.float64]
    access_m: NDArray[np.float64]
    nearest_m: NDArray[np.float64]
    component: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.edge)

    def take(self, rows: NDArray[Any]) -> Snapped:
        """Return the places of ``rows`` (positions or a bool mask)."""
        return Snapped(*(getattr(self, f.name)[rows] for f in fields(self)))


def snap(
    network: StreetNetwork,
    xy: NDArray[np.float64],
    limit_m: float,
    *,
    fragment_m: float = np.inf,
) -> Snapped:
    """Return the nearest position on a street for each place.

    Only streets that places may stand on are looked at: no ferry, and by car no motorway. Streets
    of the main network are taken before those of a fragment wherever one is within the limit, as
    a stray footway nobody connected would hide the street behind it.

    Parameters
    ----------
    network
        The streets.
    xy
        float64 (n, 2), CRS of the network; NaN where the place is unknown.
    limit_m
        Snap limit, inclusive (``TOLERANCE``).
    fragment_m
        A component shorter than this is a fragment, unless it is the longest. By default every
        component but the longest is one.

    Notes
    -----
    Positions that are equally near (``TOLERANCE``) are told apart by their coordinates, so that
    neither the order nor the direction of the streets decides.
    """
    n = len(xy)
    known = np.flatnonzero(np.isfinite(xy).all(axis=1))
    # Strip by strip: who asks for the same part of the tree asks in turn, in half the time.
    known = known[np.lexsort((xy[known, 1], np.floor(xy[known, 0] / _STRIP_M)))]
    edge = np.full(n, -1, dtype=np.int64)
    along, access, nearest = (np.full(n, np.nan) for _ in range(3))
    street = np.flatnonzero(network.edge_open)
    if len(street) and len(known):
        lines, points = edge_lines(network), shapely.points(xy[known])
        main = _is_main(network, fragment_m)[network.node_component[network.edge_u]]
        found, far = _nearest_edge(lines, points, street)
        nearest[known] = far

        on_fragment = np.flatnonzero(~main[found])
        if len(on_fragment):
            other, other_far = _nearest_edge(lines, points[on_fragment], street[main[street]])
            better = other_far <= limit_m + TOLERANCE
            found[on_fragment[better]], far[on_fragment[better]] = other[better], other_far[better]

        within = far <= limit_m + TOLERANCE
        at = known[within]
        edge[at], access[at] = found[within], far[within]
        along[at] = shapely.line_locate_point(lines[edge[at]], points[within])
        # GEOS sums the course by itself: keep the position on ours.
        along[at] = np.clip(along[at], 0.0, network.edge_length_m[edge[at]])
    return Snapped(
        edge=edge,
        along_m=along,
        offset_m=along * _factor(network, edge),
        access_m=access,
        nearest_m=nearest,
        component=_component(network, edge),
    )


def standing(network: StreetNetwork, places: Snapped) -> NDArray[np.float64]:
    """Return where each place meets the street, (n, 2); NaN for one without an edge."""
    xy = np.full((len(places), 2), np.nan)
    on = np.flatnonzero(places.edge >= 0)
    if len(on):
        at = shapely.line_interpolate_point(
            edge_lines(network, places.edge[on]), places.along_m[on]
        )
        xy[on] = shapely.get_coordinates(at)
    return xy


def _is_main(network: StreetNetwork, fragment_m: float) -> NDArray[np.bool_]:
    """Return whether each component is no fragment; the longest never is."""
    main = network.component_length_m >= fragment_m
    main[:1] = True
    return main


def _nearest_edge(
    lines: NDArray[np.object_],
    points: NDArray[np.object_],
    among: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the nearest edge of ``among`` to each point and its distance; ties by position."""
    tree = shapely.STRtree(lines[among])
    (row, _), far = tree.query_nearest(points, all_matches=False, return_distance=True)
    distance = np.empty(len(points))
    distance[row] = far
    row, hit = tree.query(points, predicate="dwithin", distance=distance + TOLERANCE)
    edge = among[hit]

    # Positions that differ by rounding only are one place; the lower edge then stands for it.
    order = np.lexsort((edge, row))
    row, edge = row[order], edge[order]
    several = np.bincount(row, minlength=len(points))[row] > 1
    x, y = np.zeros(len(row)), np.zeros(len(row))
    where = shapely.line_interpolate_point(
        lines[edge[several]], shapely.line_locate_point(lines[edge[several]], points[row[several]])
    )
    x[several], y[several] = np.round(shapely.get_x(where), 3), np.round(shapely.get_y(where), 3)
    order = np.lexsort((edge, y, x, row))
    row, edge = row[order], edge[order]
    first = np.unique(row, return_index=True)[1]
    chosen = edge[first]
    return chosen, shapely.distance(points, lines[chosen])


def _factor(network: StreetNetwork, edge: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return cost per metre on the ground of each edge; 1 where there is none or no length."""
    factor = np.ones(len(edge))
    on = np.flatnonzero(edge >= 0)
    length = network.edge_length_m[edge[on]]
    long = length > 0
    factor[on[long]] = network.edge_cost_m[edge[on[long]]] / length[long]
    return factor


def _component(network: StreetNetwork, edge: NDArray[np.int64]) -> NDArray[np.int64]:
    component = np.full(len(edge), -1, dtype=np.int64)
    on = edge >= 0
    component[on] = network.node_component[network.edge_u[edge[on]]]
    return component
