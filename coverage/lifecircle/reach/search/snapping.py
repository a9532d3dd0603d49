"""Places to exact positions on the streets.

A place has a position on the nearest street, and where that street is cut off also one on the
nearest street of the main network: the nearest alone is a fragment's trap, the main network alone
loses real paths. Which of them a walk takes is for the walk to say.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
import shapely

from lifecircle.model.finding import inclusive, meets
from lifecircle.reach.network.graph import edge_lines

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.model.inputs.streets import StreetNetwork

__all__ = ["Snapped", "snap", "standing"]

_STRIP_M = 500.0


@dataclass(frozen=True, slots=True, eq=False)
class Snapped:
    """Positions of places on the network; every array has one entry a position.

    Of ``n`` places the first ``n`` positions are those on the nearest street, in order; further
    positions of some of them follow, by place.

    Parameters
    ----------
    edge
        int64; -1: the place is unknown, or no street lies within the snap limit. A further
        position always has an edge.
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
    place
        int64, which of the places it is a position of.
    """

    edge: NDArray[np.int64]
    along_m: NDArray[np.float64]
    offset_m: NDArray[np.float64]
    access_m: NDArray[np.float64]
    nearest_m: NDArray[np.float64]
    component: NDArray[np.int64]
    place: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.edge)

    def take(self, rows: NDArray[Any]) -> Snapped:
        """Return the positions of ``rows`` (their numbers or a bool mask)."""
        return Snapped(*(getattr(self, f.name)[rows] for f in fields(self)))

    def of(self, places: NDArray[Any]) -> Snapped:
        """Return all positions of the places of a bool mask, by place."""
        rows = np.flatnonzero(places[self.place])
        return self.take(rows[np.argsort(self.place[rows], kind="stable")])


def snap(
    network: StreetNetwork,
    xy: NDArray[np.float64],
    limit_m: float,
    *,
    fragment_m: float = np.inf,
) -> Snapped:
    """Return the positions of each place: on the nearest street, and on streets less cut off.

    Only streets that places may stand on are looked at: no ferry, and by car no motorway. Where
    the nearest street is of a fragment, the nearest street of no fragment is a position too; where
    what is found so far is not of the main network (the longest component), so is the nearest
    street of the main network. All within the limit.

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
    edge, place = np.full(n, -1, dtype=np.int64), np.arange(n)
    along, access, nearest = (np.full(n, np.nan) for _ in range(3))
    street = np.flatnonzero(network.edge_open)
    if len(street) and len(known):
        points = shapely.points(xy[known])
        lines, tree = _drawn(network)
        found, far = _nearest_edge(lines, points, street, tree)
        nearest[known] = far
        within = np.flatnonzero(meets(far, "<=", limit_m))
        at = known[within]
        edge[at], access[at] = found[within], far[within]
        along[at] = _along(network, lines, found[within], points[within])

        row, other = _further(network, lines, points, found, limit_m, fragment_m)
        order = np.argsort(known[row], kind="stable")
        row, other = row[order], other[order]
        place = np.concatenate([place, known[row]])
        edge = np.concatenate([edge, other])
        access = np.concatenate([access, shapely.distance(points[row], lines[other])])
        along = np.concatenate([along, _along(network, lines, other, points[row])])
    return Snapped(
        edge=edge,
        along_m=along,
        offset_m=along * _factor(network, edge),
        access_m=access,
        nearest_m=nearest[place],
        component=_component(network, edge),
        place=place,
    )


def _further(
    network: StreetNetwork,
    lines: NDArray[np.object_],
    points: NDArray[np.object_],
    found: NDArray[np.int64],
    limit_m: float,
    fragment_m: float,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return further positions: which of ``points``, and its edge on a street less cut off.

    First for those whose nearest street (``found``) is of a fragment, one that is of none; then
    for those who are not on the main network by now, one that is.
    """
    component, street = network.node_component[network.edge_u], np.flatnonzero(network.edge_open)
    whole: NDArray[np.bool_] = meets(network.component_length_m, ">=", fragment_m)
    whole[:1] = True
    main = np.arange(len(whole)) == 0
    row, edge = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    last = found.copy()
    for kind in (whole, main):
        cut_off = np.flatnonzero(~kind[component[last]])
        among = street[kind[component[street]]]
        if len(cut_off) and len(among):
            other, far = _nearest_edge(lines, points[cut_off], among)
            near = meets(far, "<=", limit_m)
            row.append(cut_off[near])
            edge.append(other[near])
            last[row[-1]] = edge[-1]
    return np.concatenate(row), np.concatenate(edge)


def _along(
    network: StreetNetwork,
    lines: NDArray[np.object_],
    edge: NDArray[np.int64],
    points: NDArray[np.object_],
) -> NDArray[np.float64]:
    """Return metres on the ground from each edge's ``u`` to the place nearest to each point."""
    # GEOS sums the course by itself: keep the position on ours.
    along: NDArray[np.float64] = np.clip(
        shapely.line_locate_point(lines[edge], points), 0.0, network.edge_length_m[edge]
    )
    return along


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


_DRAWN: WeakKeyDictionary[StreetNetwork, tuple[NDArray[np.object_], shapely.STRtree]] = (
    WeakKeyDictionary()
)
"""Network → its lines and the tree of those that places may stand on: areas, facilities and every
moved facility are set on the same streets."""


def _drawn(network: StreetNetwork) -> tuple[NDArray[np.object_], shapely.STRtree]:
    if network not in _DRAWN:
        lines = edge_lines(network)
        _DRAWN[network] = lines, shapely.STRtree(lines[np.flatnonzero(network.edge_open)])
    return _DRAWN[network]


def _nearest_edge(
    lines: NDArray[np.object_],
    points: NDArray[np.object_],
    among: NDArray[np.int64],
    tree: shapely.STRtree | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the nearest edge of ``among`` to each point and its distance; ties by position.

    ``tree``: of the lines of ``among``, where it is there already.
    """
    tree = shapely.STRtree(lines[among]) if tree is None else tree
    (row, _), far = tree.query_nearest(points, all_matches=False, return_distance=True)
    distance = np.empty(len(points))
    distance[row] = far
    row, hit = tree.query(points, predicate="dwithin", distance=inclusive(distance))
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
