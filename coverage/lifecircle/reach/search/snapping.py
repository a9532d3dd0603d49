"""Places to exact positions on the streets.

A place has a position on the nearest street, on each of them where several are equally near, and
where that street is cut off also one on the nearest street of the main network: the nearest alone
is a fragment's trap, the main network alone loses real paths. Which of them a walk takes is for the
walk to say.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
import shapely

from lifecircle.model.finding import inclusive, meets
from lifecircle.reach.network.graph import edge_lines, edge_tree
from lifecircle.reach.search.order import first_rows, in_order
from lifecircle.reach.search.rough import perhaps_nearest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.model.inputs.streets import StreetNetwork

__all__ = ["Snapped", "joined", "snap", "standing"]

_STRIP_M = 500.0
_RARE = 4.0
"""Circles of the snap limit that are this rare on the ground of all streets leave most out."""
_SELDOM = 20
"""Streets, a place cut off, above which a tree of those near such places is made sooner."""


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


def joined(*parts: Snapped) -> Snapped:
    """Return the positions of several, one after the other."""
    return Snapped(
        *(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Snapped))
    )


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
    Streets that are equally near (``TOLERANCE``) are positions all; streets that meet where the
    place is nearest to them are one. The first of them is told by its coordinates, so that neither
    the order nor the direction of the streets decides.
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
        found = _nearest(network, lines, points, street, tree)
        first = first_rows(found.row)
        nearest[known] = found.far[first]
        within = meets(found.far[first], "<=", limit_m)
        at, hit = known[within], first[within]
        edge[at], access[at], along[at] = found.edge[hit], found.far[hit], found.along[hit]

        alike = np.delete(np.arange(len(found.row)), first)
        alike = alike[within[found.row[alike]]]
        cut_off = _further(network, lines, points, found.edge[first], limit_m, fragment_m)
        more = _once(_all_of(found.take(alike), cut_off))
        more = more.take(np.argsort(known[more.row], kind="stable"))
        place = np.concatenate([place, known[more.row]])
        edge = np.concatenate([edge, more.edge])
        access = np.concatenate([access, more.far])
        along = np.concatenate([along, more.along])
    return Snapped(
        edge=edge,
        along_m=along,
        offset_m=along * _factor(network, edge),
        access_m=access,
        nearest_m=nearest[place],
        component=_component(network, edge),
        place=place,
    )


class _Near(NamedTuple):
    """Positions found: of which of the points, on which edge, metres from its ``u`` and away."""

    row: NDArray[np.int64]
    edge: NDArray[np.int64]
    along: NDArray[np.float64]
    far: NDArray[np.float64]

    def take(self, rows: NDArray[Any]) -> _Near:
        return _Near(*(values[rows] for values in self))


def _all_of(*parts: _Near) -> _Near:
    return _Near(*(np.concatenate(values) for values in zip(*parts, strict=True)))


def _further(
    network: StreetNetwork,
    lines: NDArray[np.object_],
    points: NDArray[np.object_],
    found: NDArray[np.int64],
    limit_m: float,
    fragment_m: float,
) -> _Near:
    """Return further positions of ``points``, on streets less cut off than those ``found``.

    First for those whose nearest street is of a fragment, one that is of none; then for those who
    are not on the main network by now, one that is.
    """
    whole: NDArray[np.bool_] = meets(network.component_length_m, ">=", fragment_m)
    whole[:1] = True
    main = np.arange(len(whole)) == 0
    none = np.empty(0, dtype=np.int64)
    further = [_Near(none, none, np.empty(0), np.empty(0))]
    last = found.copy()
    for kind in (whole, main):
        cut_off = np.flatnonzero(~kind[network.node_component[network.edge_u[last]]])
        if not len(cut_off):  # of few places nobody is: what is not cut off is not looked for
            continue
        street = _around(network, points[cut_off], limit_m)
        among = street[kind[network.node_component[network.edge_u[street]]]]
        if len(among):
            other = _nearest(network, lines, points[cut_off], among)
            other = other._replace(row=cut_off[other.row])
            further.append(other.take(meets(other.far, "<=", limit_m)))
            last[further[-1].row] = further[-1].edge
    return _all_of(*further)


def _around(
    network: StreetNetwork, points: NDArray[np.object_], limit_m: float
) -> NDArray[np.int64]:
    """Return the streets places may stand on, ascending: all within the limit of any point.

    Of many points, or a limit that leaves little out, all of them: a tree of those few that are
    near is made in no time, one of all takes longer than to set most places.
    """
    street = np.flatnonzero(network.edge_open)
    ground = float(np.prod([np.ptp(along) for along in network.node_xy.T]))
    circles = len(points) * np.pi * limit_m**2
    if len(points) * _SELDOM > len(street) or not circles * _RARE < ground:
        return street
    _, tree = _drawn(network)
    _, near = tree.query(points, predicate="dwithin", distance=inclusive(limit_m))
    around: NDArray[np.int64] = street[np.unique(near)]
    return around


def _once(near: _Near) -> _Near:
    """Return the positions, each where it comes first: on an edge to the millimetre."""
    order = np.lexsort((np.round(near.along, 3), near.edge, near.row))
    row, edge, along, _ = near.take(order)
    new = np.ones(len(order), dtype=bool)
    new[1:] = (np.diff(row) != 0) | (np.diff(edge) != 0) | (np.diff(np.round(along, 3)) != 0)
    return near.take(np.sort(order[new]))


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
        everywhere = network.edge_open.all()
        tree = edge_tree(network) if everywhere else shapely.STRtree(lines[network.edge_open])
        _DRAWN[network] = lines, tree
    return _DRAWN[network]


def _nearest(
    network: StreetNetwork,
    lines: NDArray[np.object_],
    points: NDArray[np.object_],
    among: NDArray[np.int64],
    tree: shapely.STRtree | None = None,
) -> _Near:
    """Return the positions on ``among`` nearest to each point, all that are equally near.

    By point, the lowest position first. Of edges that meet in one the lowest stands for all; one
    that comes equally near twice has both. ``tree``: of the lines of ``among``, where it is there
    already.
    """
    tree = shapely.STRtree(lines[among]) if tree is None else tree
    row, hit = perhaps_nearest(network, points, among, tree)
    far = shapely.distance(points[row], lines[among[hit]])
    least = np.full(len(points), np.inf)
    np.minimum.at(least, row, far)
    alike = meets(far, "<=", least[row])
    row, edge = row[alike], among[hit[alike]]
    along = _along(network, lines, edge, points[row])
    near = _bends(lines, points, _Near(row, edge, along, far[alike]))

    row, edge, along, _ = near
    several = np.bincount(row, minlength=len(points))[row] > 1
    x, y = np.zeros(len(row)), np.zeros(len(row))
    this = edge[several]
    where = shapely.line_interpolate_point(lines[this], along[several])
    # Positions that differ by rounding only are one place.
    x[several], y[several] = np.round(shapely.get_x(where), 3), np.round(shapely.get_y(where), 3)
    order = in_order(row, x, y, edge)
    near, x, y = near.take(order), x[order], y[order]
    ends = meets(near.along, "<=", 0.0), meets(near.along, ">=", network.edge_length_m[near.edge])
    # Streets that do not end there stand each for itself.
    junction = np.select(ends, (network.edge_u[near.edge], network.edge_v[near.edge]), -1)
    alike = np.zeros(len(order), dtype=bool)
    alike[1:] = (np.diff(near.row) == 0) & (np.diff(x) == 0) & (np.diff(y) == 0)
    return near.take(~(alike & (junction >= 0) & (np.roll(junction, 1) == junction)))


def _bends(lines: NDArray[np.object_], points: NDArray[np.object_], near: _Near) -> _Near:
    """Return the positions with those of edges that come equally near to a point once more."""
    straight = 2  # ends of a line that cannot
    bent = np.flatnonzero(shapely.get_num_coordinates(lines[near.edge]) > straight)
    xy, of = shapely.get_coordinates(lines[near.edge[bent]], return_index=True)
    start = np.flatnonzero(np.diff(of) == 0)
    if not len(start):
        return near
    of, ahead = of[start], xy[start + 1] - xy[start]
    at = shapely.get_coordinates(points[near.row[bent]])[of] - xy[start]
    length = np.hypot(*ahead.T)
    divisor = np.where(length > 0, length, 1.0)
    on = np.clip((at * ahead).sum(axis=1) / divisor, 0.0, length)
    far = np.hypot(*(at - ahead * (on / divisor)[:, None]).T)
    before = np.cumsum(length) - length
    first = np.unique(of, return_index=True)[1]
    along = on + before - before[first][of]
    alike = meets(far, "<=", np.minimum.reduceat(far, first)[of])
    again = alike & ~meets(np.abs(along - near.along[bent][of]), "<=", 1e-3)
    more = near.take(bent[of[again]])._replace(along=along[again])
    return _once(_all_of(near, more))


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
