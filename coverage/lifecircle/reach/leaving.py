"""Leaving an area: by which gates, and who is kept in."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from lifecircle.model.coordinates.near_points import tree_of
from lifecircle.model.inputs.layers import Layer
from lifecircle.model.inputs.walkable import Passage
from lifecircle.reach.areas.demand import positions
from lifecircle.reach.network.posts import POST_M, post_vertices
from lifecircle.reach.search.posted import stepped_through

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.model.inputs.parameters import Parameters
    from lifecircle.model.inputs.streets import StreetLines, StreetNetwork
    from lifecircle.reach.areas.demand import Demand
    from lifecircle.reach.search.snapping import Snapped

__all__ = ["GateDoubt", "homes", "kept_in", "perhaps_only", "through"]


@dataclass(frozen=True, slots=True, eq=False)
class GateDoubt:
    """What is not known of the gates of areas.

    Parameters
    ----------
    possible
        The gates people pass and those of which it is not known; None: all are known.
    shut_in
        Ids of areas of which no open gate is known: their people certainly leave nowhere, and
        possibly by the gates in ``possible`` or on all sides, since all of these may be shut.
    """

    possible: Layer | None = None
    shut_in: frozenset[str] = frozenset()


def homes(residential: Layer, demand: Demand) -> NDArray[np.object_]:
    """Return the outline that each origin starts in; an empty one for gates, None for a point."""
    outline = residential.frame.geometry.to_numpy()
    area = demand.point_area[demand.start_point]
    found: NDArray[np.object_] = np.full(len(demand.origin_xy), None, dtype=object)
    solid = shapely.get_dimensions(outline) == 2  # noqa: PLR2004 - polygons
    inner = solid[area]
    found[demand.start_origin[inner]] = outline[area[inner]]
    by_gate = demand.start_gate | demand.start_exit
    found[demand.start_origin[by_gate]] = shapely.Polygon()  # who leaves by a gate is not behind it
    return found


def kept_in(origins: Snapped, demand: Demand, shut_in: NDArray[np.bool_]) -> Snapped:
    """Return the origins without the positions of areas that nobody certainly leaves."""
    if not shut_in.any():
        return origins
    inner = np.unique(demand.start_origin[shut_in[demand.point_area[demand.start_point]]])
    held = np.isin(origins.place, inner)
    first = np.arange(len(origins)) < len(demand.origin_xy)
    origins, held = origins.take(first | ~held), held[first | ~held]
    return dataclasses.replace(
        origins,
        edge=np.where(held, -1, origins.edge),
        along_m=np.where(held, np.nan, origins.along_m),
        offset_m=np.where(held, np.nan, origins.offset_m),
        access_m=np.where(held, np.nan, origins.access_m),
        component=np.where(held, -1, origins.component),
    )


def perhaps_only(demand: Demand, shut_in: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the ways out, in the best case, by a gate that may be the only one of its area.

    From representative points; ``shut_in``: the areas of which no gate is known to be open.
    """
    known = demand.representative >= 0
    middle = np.isin(demand.start_point, demand.representative[known])
    found: NDArray[np.bool_] = middle & demand.start_gate
    return found & shut_in[demand.point_area[demand.start_point]]


def through(
    network: StreetNetwork,
    streets: StreetLines,
    demand: Demand,
    origins: Snapped,
    gates: Layer | None,
    parameters: Parameters,
) -> Snapped:
    """Return the origins with both sides of the posts that the people of an area pass.

    Private ones; and whatever stands where the study itself says that there is an open gate.
    """
    vertex, who = post_vertices(streets)
    leaving = np.unique(demand.start_origin[demand.start_gate | demand.start_exit])
    xy, within = demand.origin_xy, parameters.positional_error_m
    private = streets.vertex_xy[vertex[who == Passage.PRIVATE]]
    origins = stepped_through(network, origins, (leaving, xy[leaving]), private, within)
    if gates is None or not len(gates) or not len(leaving):
        return origins
    frame = gates.frame
    given = frame[frame["source"] == "given"] if "source" in frame else frame
    if not len(given):
        return origins
    far, _ = tree_of(positions(Layer(gates.name, given))).query(xy[leaving])
    own = leaving[far <= POST_M]
    return stepped_through(network, origins, (own, xy[own]), streets.vertex_xy[vertex], within)
