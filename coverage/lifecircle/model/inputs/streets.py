"""Streets: the lines as read (``StreetLines``) and the graph people walk on (``StreetNetwork``)."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from lifecircle.model.inputs.contents import Contents

__all__ = ["LEG_BARRIERS", "POST_TAGS", "TAGS", "StreetLines", "StreetNetwork", "street_levels"]

TAGS = (
    "osm_id",
    "highway",
    "route",
    "name",
    "foot",
    "foot:conditional",
    "access",
    "access:conditional",
    "opening_hours",
    "motorroad",
    "expressway",
    "sidewalk",
    "oneway",
    "oneway:foot",
    "foot:forward",
    "foot:backward",
    "conveying",
    "incline",
    "duration",
    "bridge",
    "tunnel",
    "layer",
    "area",
    "state",
)
"""Tag columns of :class:`StreetLines` (text; None where the source has none). ``state`` is no tag
of a source but what it says of the way being there: a life-cycle tag, a word of a ledger."""

LEG_BARRIERS = frozenset({"water", "hedge", "retaining_wall", "drain", "motorroad"})
"""Barriers that count on the short leg between a place and its street, but are too many, or too
easily walked round, to explain a walk of a kilometre."""

POST_TAGS = (
    "barrier",
    "foot",
    "foot:conditional",
    "access",
    "access:conditional",
    "locked",
    "opening_hours",
)
"""Tag columns of the posts of :class:`StreetLines`: who passes a gate, wall, bollard on a way."""


@dataclass(frozen=True, slots=True, eq=False)
class StreetLines:
    """Streets and ferries as polylines over shared vertices.

    Two lines join where, and only where, they share a vertex *index*: an OSM node, or an equal
    coordinate (to 1 cm) of a line layer. A bridge over a street shares none.

    Parameters
    ----------
    crs
        CRS of ``vertex_xy``; lon/lat when fresh from a source, projected metres in a Study.
    vertex_xy
        float64, shape (n, 2); x east, y north.
    way_start
        int64, shape (m + 1,); way ``i`` has the vertices
        ``way_vertex[way_start[i]:way_start[i + 1]]``.
    way_vertex
        int64, indexes into ``vertex_xy``.
    tags
        m rows, columns ``TAGS``.
    barriers
        Lines that a straight line does not cross unnamed (columns ``barrier`` = railway | river |
        motorway | wall, and those of short legs only: see ``LEG_BARRIERS``; ``name``, geometry;
        same CRS), or None where the source has none.
    gates
        Points where people pass a wall (columns ``barrier`` = gate, entrance …, ``name``,
        geometry; same CRS), or None where the source has none.
    posts
        Points on ways where something stands that may bar them (columns ``POST_TAGS``, geometry;
        same CRS), or None where the source has none.
    contents
        What of the file was read, where it holds several layers.
    joined
        The same streets with a junction wherever they cross without one, where nobody has said
        whether they meet there (``node_crossings``); None where nothing is open.
    mark
        Under which key the streets are kept between runs, or None.
    loose
        bool (m,), the ways that may cross others of their level where they share no vertex: of all
        others it is proven that they do not. None where nobody has looked.

    Mark and proof are of the very streets they are given to: what ``dataclasses.replace`` makes of
    them has none.
    """

    crs: str
    vertex_xy: NDArray[np.float64]
    way_start: NDArray[np.int64]
    way_vertex: NDArray[np.int64]
    tags: pd.DataFrame
    barriers: gpd.GeoDataFrame | None = None
    gates: gpd.GeoDataFrame | None = None
    posts: gpd.GeoDataFrame | None = None
    contents: Contents | None = None
    joined: StreetLines | None = None
    mark: str | None = field(default=None, init=False)
    loose: NDArray[np.bool_] | None = field(default=None, init=False)

    def __len__(self) -> int:
        return len(self.way_start) - 1

    def marked(self, mark: str) -> StreetLines:
        """Return the same streets, known to be kept under ``mark``."""
        return self._told(mark, self.loose)

    def looked_at(self, loose: NDArray[np.bool_] | None) -> StreetLines:
        """Return the same streets, of which all but ``loose`` are proven to cross at vertices."""
        return self._told(self.mark, loose)

    def _told(self, mark: str | None, loose: NDArray[np.bool_] | None) -> StreetLines:
        same = dataclasses.replace(self)
        object.__setattr__(same, "mark", mark)
        object.__setattr__(same, "loose", loose)
        return same


def street_levels(lines: StreetLines) -> NDArray[np.int64]:
    """Return the level of every way: its ``layer``, else 1 on a bridge, -1 in a tunnel, else 0."""
    tags = lines.tags[["layer", "bridge", "tunnel"]]
    level = np.zeros(len(lines), dtype=np.int64)
    for row in np.flatnonzero(tags.notna().any(axis=1).to_numpy()):
        layer, bridge, tunnel = (v if isinstance(v, str) else "" for v in tags.iloc[row])
        text = layer.strip()
        if text.removeprefix("-").isdigit():
            level[row] = int(text)
        else:
            level[row] = (bridge not in {"", "no"}) - (tunnel not in {"", "no"})
    return level


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class StreetNetwork:
    """The graph of one profile (on foot, by car): junctions, edges with their course, components.

    Nodes are junctions, dead ends and one vertex of each closed loop, numbered along a
    space-filling curve. Edges keep their whole course; parallel edges and self-loops stay. On foot
    both directions cost the same, but for escalators and ways that bind people on foot
    (``oneway:foot``). All costs are in metres
    of level walking, which the walking speed turns into time; a ferry or a car costs the metres
    one walks in the time it takes.

    Parameters
    ----------
    crs
        Projected CRS in metres.
    node_xy
        float64 (n, 2).
    edge_u, edge_v
        int64 (m,); an edge's course runs from ``u`` to ``v``.
    edge_start, edge_xy
        int64 (m + 1,) and float64 (k, 2): course of edge ``i`` is
        ``edge_xy[edge_start[i]:edge_start[i + 1]]``.
    edge_length_m
        float64 (m,), length of the course on the ground.
    edge_cost_m, edge_back_m
        float64 (m,), length times the edge's factor: metres of level walking it costs from ``u``
        to ``v``, always finite, and back; ``inf``: not allowed in that direction.
    edge_way
        int64 (m,), row in the tags of the lines it came from.
    edge_open
        bool (m,), whether a place may stand on it: not on a ferry, nor by car on a motorway.
    edge_steps, edge_ferry
        bool (m,), stairs; a ferry's crossing.
    graph, graph_back
        csr_array (n, n), the least cost of an edge from row to column, and the same with every
        arc turned round (one object where both are equal).
    node_component
        int64 (n,), connected component, 0 = the longest.
    component_length_m
        float64, metres of street (ferries apart) in each component, longest first.
    node_cut
        bool (n,), the end of a way at a post that nobody passes: a gate that is shut, a wall.
    """

    crs: str
    node_xy: NDArray[np.float64]
    edge_u: NDArray[np.int64]
    edge_v: NDArray[np.int64]
    edge_start: NDArray[np.int64]
    edge_xy: NDArray[np.float64]
    edge_length_m: NDArray[np.float64]
    edge_cost_m: NDArray[np.float64]
    edge_back_m: NDArray[np.float64]
    edge_way: NDArray[np.int64]
    edge_open: NDArray[np.bool_]
    edge_steps: NDArray[np.bool_]
    edge_ferry: NDArray[np.bool_]
    graph: csr_array
    graph_back: csr_array
    node_component: NDArray[np.int64]
    component_length_m: NDArray[np.float64]
    node_cut: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.node_xy)
