"""Streets as a source holds them: what is a street, what a barrier, and how lines are packed.

The readers are :mod:`streets_osm`, :mod:`streets_graphml` and :mod:`streets_layer`; each returns
a :class:`StreetSource` in the file's own coordinates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from lifecircle.model.inputs.streets import TAGS, StreetLines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

__all__ = [
    "BARRIER_TAGS",
    "GATE_TAGS",
    "StreetSource",
    "barrier_frame",
    "barrier_kind",
    "gate_kind",
    "is_street",
    "pack_lines",
    "tag_frame",
]

_RAILWAYS = frozenset({"rail", "light_rail", "narrow_gauge", "subway"})
_RIVERS = frozenset({"river", "canal", "riverbank"})
_WALLS = frozenset({"wall", "fence", "city_wall"})
_MOTORWAYS = frozenset({"motorway", "motorway_link"})

_GATES = frozenset(
    {
        "gate",
        "entrance",
        "lift_gate",
        "swing_gate",
        "sliding_gate",
        "wicket_gate",
        "kissing_gate",
        "turnstile",
        "sally_port",
    }
)
_ON_FOOT = frozenset({"yes", "designated", "permissive", "private", "destination"})

GATE_TAGS = ("barrier", "foot", "access", "locked", "name")
"""Keys of a node that :func:`gate_kind` reads, and its name."""

BARRIER_TAGS = ("railway", "waterway", "natural", "water", "barrier")
"""Keys that :func:`barrier_kind` reads beside those of ``TAGS``."""


@dataclass(frozen=True, slots=True, eq=False)
class StreetSource:
    """What one file holds.

    Parameters
    ----------
    lines
        In the file's own coordinates; ``crs`` is empty where the file does not say.
    joined
        Whether shared vertices are already one vertex (OSM nodes, graph nodes). A line layer's
        are not: there, equal coordinates join once they are metres.
    missing_locations
        Nodes that streets name and the file lacks (a clipped extract).
    empty_rows
        Numbers, from 1, of the features without geometry.
    other_geometries
        Names of the geometry types met that are not lines, sorted.
    """

    lines: StreetLines
    joined: bool = True
    missing_locations: int = 0
    empty_rows: tuple[int, ...] = ()
    other_geometries: tuple[str, ...] = ()


def is_street(tags: Mapping[str, Any]) -> bool:
    """Return whether a way is a street (any ``highway``) or a ferry."""
    return bool(tags.get("highway")) or tags.get("route") == "ferry"


def barrier_kind(tags: Mapping[str, Any]) -> str | None:
    """Return which barrier a line is: railway, river, motorway, wall; None if it is none.

    What runs in a tunnel or on a bridge bars nobody: one walks over or under it. China's fast
    railways stand on viaducts for tens of kilometres.
    """
    if tags.get("barrier") in _WALLS:
        return "wall"
    if any(tags.get(key) not in {None, "no"} for key in ("bridge", "tunnel")):
        return None
    kind = None
    if tags.get("highway") in _MOTORWAYS:
        kind = "motorway"
    elif tags.get("railway") in _RAILWAYS:
        kind = "railway"
    elif tags.get("waterway") in _RIVERS or (
        tags.get("natural") == "water" and tags.get("water") in _RIVERS  # banks, drawn as an area
    ):
        kind = "river"
    return kind


def gate_kind(tags: Mapping[str, Any]) -> str | None:
    """Return which gate a node is (its ``barrier``); None if residents do not pass it on foot.

    A private gate is one: those who live behind it pass. A locked one, or one for vehicles only
    (``foot=no``), is none; a bollard stands in the open and is none.
    """
    foot = tags.get("foot")
    shut = (
        foot == "no"
        or tags.get("locked") == "yes"
        or (tags.get("access") == "no" and foot not in _ON_FOOT)
    )
    kind = tags.get("barrier")
    return None if shut or kind not in _GATES else str(kind)


def tag_frame(rows: Sequence[Mapping[str, str | None]]) -> pd.DataFrame:
    """Return the columns ``TAGS``, one row a way; text, None where a way has no such tag."""
    return pd.DataFrame(
        {tag: pd.Series([row.get(tag) for row in rows], dtype=object) for tag in TAGS}
    )


def barrier_frame(
    rows: Iterable[tuple[str, str | None, Any]], crs: str | None
) -> gpd.GeoDataFrame | None:
    """Return barriers or gates (kind, name, shape) as :class:`StreetLines` wants them, or None."""
    found = list(rows)
    if not found:
        return None
    kinds, names, shapes = zip(*found, strict=True)
    return gpd.GeoDataFrame(
        {
            "barrier": pd.Series(kinds, dtype=object),
            "name": pd.Series(names, dtype=object),
        },
        geometry=list(shapes),
        crs=crs or None,
    )


def pack_lines(
    crs: str,
    xy: NDArray[np.float64],
    ways: Sequence[NDArray[np.int64]],
    tags: pd.DataFrame,
    barriers: gpd.GeoDataFrame | None,
    gates: gpd.GeoDataFrame | None = None,
) -> StreetLines:
    """Pack ways over the vertices ``xy`` (n, 2) into arrays.

    A vertex that a way repeats at once is taken once; ways of fewer than two vertices and
    vertices of no way are left out. The order of ways and vertices stays.
    """
    flat = np.concatenate([np.empty(0, np.int64), *ways])
    way = np.repeat(np.arange(len(ways)), [len(w) for w in ways])
    fresh = np.ones(len(flat), bool)
    fresh[1:] = (flat[1:] != flat[:-1]) | (way[1:] != way[:-1])
    flat, way = flat[fresh], way[fresh]
    counts = np.bincount(way, minlength=len(ways))
    whole = counts > 1
    flat = flat[whole[way]]
    used, way_vertex = np.unique(flat, return_inverse=True)
    return StreetLines(
        crs=crs,
        vertex_xy=np.ascontiguousarray(xy[used], dtype=np.float64).reshape(-1, 2),
        way_start=np.concatenate([[0], np.cumsum(counts[whole])]).astype(np.int64),
        way_vertex=way_vertex.astype(np.int64),
        tags=tags.loc[whole].reset_index(drop=True),
        barriers=barriers,
        gates=gates,
    )
