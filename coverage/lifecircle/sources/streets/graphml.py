"""Streets of a GraphML file as OSMnx saves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import shapely
from shapely import LineString, Point

from lifecircle.model.inputs.street_words import DAY_TAGS
from lifecircle.model.inputs.streets import POST_TAGS, TAGS
from lifecircle.sources.streets.lines import (
    BARRIER_TAGS,
    STATE_TAGS,
    StreetSource,
    barrier_frame,
    barrier_kind,
    first_values,
    gate_kind,
    is_street,
    pack_lines,
    post_frame,
    tag_frame,
    values_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["read_graphml_streets"]

_SAME = 7
"""Decimals to which the courses of two directions agree (1e-7 degrees is 1 cm)."""


def read_graphml_streets(path: Path) -> StreetSource:
    """Read an OSMnx street graph, directed or not, in the coordinates of its ``crs``.

    Edges keep their course (a straight line where the file has none) and join at the graph's
    nodes only. The two directions of one street are one line; parallel streets stay. Where OSMnx
    merged ways of different tags, all their values are kept (``no;yes``), and all are heard. Edges
    that are a railway, river or wall by their tags are barriers, no streets.

    Raises
    ------
    OSError
        The file cannot be opened.
    ValueError
        It is not GraphML, or a node has no ``x`` and ``y``.
    """
    graph = _graph(path)
    nodes = {node: i for i, node in enumerate(graph)}
    node_xy = [_position(node, data) for node, data in graph.nodes(data=True)]

    barriers: list[tuple[str, str | None, LineString]] = []
    ways: list[NDArray[np.int64]] = []
    inner: list[NDArray[np.float64]] = []
    rows: list[dict[str, str | None]] = []
    seen: set[tuple[Any, ...]] = set()
    count = len(node_xy)
    for u, v, data in graph.edges(data=True):
        ends = np.array([node_xy[nodes[u]], node_xy[nodes[v]]])
        between = _between(data.get("geometry"), ends)
        tags = _tags(data)
        course = tuple(map(tuple, np.round([ends[0], *between, ends[1]], _SAME).tolist()))
        key = (min(course, course[::-1]), frozenset((tags["osm_id"] or "").split(";")))
        if key in seen:
            continue
        seen.add(key)
        kind = barrier_kind(first_values(tags))
        if kind:
            barriers.append((kind, tags["name"], LineString(course)))
            if not is_street(tags):
                continue
        run = np.arange(count, count + len(between))
        count += len(between)
        ways.append(np.array([nodes[u], *run, nodes[v]], np.int64))
        inner.append(between)
        rows.append(tags)
    xy = np.concatenate([np.array(node_xy, np.float64).reshape(-1, 2), *inner])
    crs = str(graph.graph.get("crs", ""))
    posts = [
        ({key: data.get(key) for key in POST_TAGS}, Point(node_xy[nodes[node]]))
        for node, data in graph.nodes(data=True)
        if any(data.get(key) for key in ("barrier", "locked"))
    ]
    gates = [(kind, None, at) for tags, at in posts if (kind := gate_kind(tags))]
    lines = pack_lines(
        crs,
        xy,
        ways,
        tag_frame(rows),
        barrier_frame(barriers, crs),
        gates=barrier_frame(gates, crs),
        posts=post_frame(posts, crs),
    )
    return StreetSource(lines=lines)


def _graph(path: Path) -> Any:
    try:
        return nx.read_graphml(path, node_type=str, force_multigraph=True)
    except (nx.NetworkXError, SyntaxError, KeyError) as error:  # ParseError is a SyntaxError
        raise ValueError(str(error)) from error


def _position(node: str, data: Mapping[str, Any]) -> tuple[float, float]:
    try:
        return float(data["x"]), float(data["y"])
    except KeyError as error:
        raise ValueError(f"node {node} has no {error.args[0]}") from error


def _between(geometry: str | None, ends: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the vertices between the edge's nodes, in the direction from u to v."""
    if not geometry:
        return np.empty((0, 2))
    course: NDArray[np.float64] = shapely.get_coordinates(shapely.from_wkt(geometry))
    # an undirected graph does not say which end of the course is u's
    ahead = np.hypot(*(course[[0, -1]] - ends).T).sum()
    back = np.hypot(*(course[[-1, 0]] - ends).T).sum()
    return course[1:-1] if ahead <= back else course[-2:0:-1]


def _tags(data: Mapping[str, Any]) -> dict[str, str | None]:
    tags: dict[str, str | None] = {}
    for tag in (*TAGS, *STATE_TAGS, *DAY_TAGS, *BARRIER_TAGS):
        values = values_of(data.get("osmid" if tag == "osm_id" else tag))
        values = sorted(values) if tag == "osm_id" else list(dict.fromkeys(values))
        tags[tag] = ";".join(values) or None
    return tags
