"""Places beside posts: who steps through a gate, and who is kept behind it."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np
import shapely

from lifecircle.model.coordinates.near_points import tree_of
from lifecircle.model.finding import meets
from lifecircle.reach.network.posts import POST_M
from lifecircle.reach.search.snapping import Snapped, standing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.model.inputs.streets import StreetNetwork

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["behind", "pockets", "stepped_through"]

_INSIDE_M = 1.0
"""A street this near an area is in it, whoever drew the outline."""


def pockets(network: StreetNetwork) -> NDArray[np.bool_]:
    """Return which components a shut gate or wall cuts off: away from the main network."""
    found = np.zeros(len(network.component_length_m), dtype=bool)
    found[network.node_component[network.node_cut]] = True
    found[:1] = False
    return found


def behind(
    network: StreetNetwork, places: Snapped, n: int, shapes: NDArray[np.object_]
) -> NDArray[np.bool_]:
    """Return which positions to strike out: the further ones of places kept behind a gate.

    A place whose nearest street is in a pocket is behind its gate, and the straight line to a
    street outside would lead through the wall.

    Parameters
    ----------
    n
        How many places there are.
    shapes
        One a place: an outline, if the place has one. It is behind the gate only where that
        street lies in it; a place without (None) is wherever its nearest street is.
    """
    strike = np.zeros(len(places), dtype=bool)
    on = np.flatnonzero(places.edge[:n] >= 0)
    on = on[pockets(network)[places.component[on]]]
    if not len(on) or len(places) == n:
        return strike
    outlined = np.array([shape is not None for shape in shapes[on]], dtype=bool)
    kept = ~outlined
    spots = shapely.points(standing(network, places.take(on[outlined])))
    kept[outlined] = shapely.dwithin(shapes[on[outlined]], spots, _INSIDE_M)
    strike[n:] = np.isin(places.place[n:], on[kept])
    return strike


def stepped_through(
    network: StreetNetwork,
    places: Snapped,
    gates: tuple[Ints, Floats],
    posts: Floats,
    within_m: float,
) -> Snapped:
    """Return the positions, and those on every side of the posts that some places pass.

    Parameters
    ----------
    gates
        Which of the places are gates passed by who sets out there, and where they are.
    posts
        float64 (n, 2), the posts that such a gate may be; each takes the nearest.
    within_m
        How far a gate may stand from its post, inclusive.
    """
    node = np.flatnonzero(network.node_cut)
    who, xy = gates
    if not (len(node) and len(who) and len(posts)):
        return places
    far, post = tree_of(posts).query(xy)
    near = meets(far, "<=", within_m)
    who, far, post = who[near], far[near], post[near]
    if not len(who):
        return places
    sides = tree_of(network.node_xy[node]).query_ball_point(posts[post], POST_M)
    gate = np.repeat(np.arange(len(who)), [len(found) for found in sides])
    side = node[np.concatenate([np.asarray(found, dtype=np.int64) for found in sides])]
    row, edge, at_end = _edges_at(network, side)
    gate = gate[row]
    at_end = at_end.astype(float)
    more = Snapped(
        edge=edge,
        along_m=at_end * network.edge_length_m[edge],
        offset_m=at_end * network.edge_cost_m[edge],
        access_m=far[gate],
        nearest_m=places.nearest_m[who[gate]],
        component=network.node_component[network.edge_u[edge]],
        place=who[gate],
    )
    return Snapped(
        *(np.concatenate([getattr(places, f.name), getattr(more, f.name)]) for f in fields(Snapped))
    )


def _edges_at(network: StreetNetwork, node: Ints) -> tuple[Ints, Ints, NDArray[np.bool_]]:
    """Return every edge at some nodes: which node, the edge, and whether it ends there (``v``)."""
    order = np.concatenate([network.edge_u, network.edge_v])
    by_node = np.argsort(order, kind="stable")
    low = np.searchsorted(order[by_node], node, side="left")
    count = np.searchsorted(order[by_node], node, side="right") - low
    row = np.repeat(np.arange(len(node)), count)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    end = by_node[low[row] + nth]
    m = len(network.edge_u)
    return row, (end % m).astype(np.int64), end >= m
