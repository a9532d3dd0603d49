"""Streets as a source holds them: what is a street, what a barrier, and how lines are packed.

The readers are :mod:`streets_osm`, :mod:`streets_graphml` and :mod:`streets_layer`; each returns
a :class:`StreetSource` in the file's own coordinates.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from lifecircle.model.inputs.street_words import DAY_TAGS, LIFE_CYCLE, day_word, state_of
from lifecircle.model.inputs.streets import POST_TAGS, TAGS, StreetLines
from lifecircle.model.inputs.walkable import Passage, post_passage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from lifecircle.model.inputs.contents import Contents

__all__ = [
    "BARRIER_TAGS",
    "GATES",
    "STATE_TAGS",
    "StreetSource",
    "barrier_frame",
    "barrier_kind",
    "first_values",
    "gate_kind",
    "is_street",
    "pack_courses",
    "pack_lines",
    "post_frame",
    "state_with_days",
    "tag_frame",
    "values_of",
]

_RAILWAYS = frozenset({"rail", "light_rail", "narrow_gauge", "subway"})
_RIVERS = frozenset({"river", "canal", "riverbank"})
_WALLS = frozenset({"wall", "fence", "city_wall"})
_MOTORWAYS = frozenset({"motorway", "motorway_link"})

_DRAINS = frozenset({"drain", "ditch", "stream"})
_BASINS = frozenset({"reservoir", "basin"})
_LEG_WALLS = frozenset({"hedge", "retaining_wall"})

GATES = frozenset(
    {
        "gate",
        "entrance",
        "lift_gate",
        "swing_gate",
        "sliding_gate",
        "wicket_gate",
        "kissing_gate",
        "turnstile",
        "full-height_turnstile",
        "hampshire_gate",
        "sally_port",
    }
)
"""Values of ``barrier`` of a gate that people may pass."""

BARRIER_TAGS = ("railway", "waterway", "natural", "water", "barrier", "landuse")
"""Keys that :func:`barrier_kind` reads beside those of ``TAGS``."""

STATE_TAGS = (*LIFE_CYCLE, *(f"{key}:highway" for key in LIFE_CYCLE), "impassable")
"""Keys that tell whether a way is there at all: made into the one word of ``state``."""


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
    unread
        Columns that a street layer might name its classes or states in, and whose words tell
        nothing that is known.
    drawn
        Layers of a drawing: (name, lines, ``street`` | ``no`` | ``unknown``); empty for what is
        no drawing, or where one layer was asked for.
    datums
        Words of a column that says row by row which datum a line is in, each once.
    objects
        Kinds of objects of a drawing that cannot be read, with their number.
    contents
        What of a file of several layers, or of a database, was read; None where it is one table.
    """

    lines: StreetLines
    joined: bool = True
    missing_locations: int = 0
    empty_rows: tuple[int, ...] = ()
    other_geometries: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    drawn: tuple[tuple[str, int, str], ...] = ()
    datums: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    contents: Contents | None = None


def is_street(tags: Mapping[str, Any]) -> bool:
    """Return whether a way is a street (any ``highway``) or a ferry."""
    return bool(tags.get("highway")) or tags.get("route") == "ferry"


def barrier_kind(tags: Mapping[str, Any]) -> str | None:
    """Return which barrier a line is: railway, river, motorway, wall …; None if it is none.

    Of short legs only (``LEG_BARRIERS``): water, drain, hedge, retaining wall, motorroad. What
    runs in a tunnel or on a bridge bars nobody: one walks over or under it. China's fast railways
    stand on viaducts for tens of kilometres.
    """
    if tags.get("barrier") in _WALLS:
        return "wall"
    if tags.get("barrier") in _LEG_WALLS:
        return str(tags["barrier"])
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
    elif tags.get("waterway") in _DRAINS:
        kind = "drain"
    elif tags.get("natural") == "water" or tags.get("landuse") in _BASINS:
        kind = "water"
    elif tags.get("motorroad") == "yes" and not tags.get("foot"):
        kind = "motorroad"
    return kind


def first_values(tags: Mapping[str, str | None]) -> dict[str, str | None]:
    """Return the first of the values of every tag of a merged way."""
    return {key: value.split(";")[0].strip() if value else value for key, value in tags.items()}


def gate_kind(tags: Mapping[str, Any]) -> str | None:
    """Return which gate a node is (its ``barrier``); None if it is not known to be passed on foot.

    A private gate is one: those who live behind it pass. A locked one, or one for vehicles only
    (``foot=no``), is none; a bollard stands in the open and is none.
    """
    kind = str(tags.get("barrier") or "").strip().casefold()
    if kind not in GATES:
        return None
    who = post_passage(pd.DataFrame([{key: tags.get(key) for key in POST_TAGS}]))[0]
    return kind if who in {Passage.OPEN, Passage.PRIVATE} else None


def post_frame(posts: Sequence[tuple[Mapping[str, str | None], Any]], crs: str) -> Any:
    """Return the posts of ways (tags, point) as :class:`StreetLines` wants them; None without."""
    if not posts:
        return None
    rows = [{key: tags.get(key) for key in POST_TAGS} for tags, _ in posts]
    return gpd.GeoDataFrame(
        pd.DataFrame(rows, columns=list(POST_TAGS), dtype=object),
        geometry=[place for _, place in posts],
        crs=crs or None,
    )


def values_of(value: Any) -> list[str]:
    """Return the values of a tag that OSMnx wrote as text, alone or as a list."""
    if value is None or value == "":
        return []
    text = str(value)
    if text.startswith("[") and text.endswith("]"):
        try:
            return [str(item) for item in ast.literal_eval(text)]
        except (SyntaxError, ValueError):
            pass
    return [text]


def tag_frame(rows: Sequence[Mapping[str, str | None]]) -> pd.DataFrame:
    """Return the columns ``TAGS``, one row a way; text, None where a way has no such tag.

    ``state`` is what the row says of it, else what its life-cycle tags (``STATE_TAGS``) do.
    """
    rows = [{**row, "state": state_with_days(row)} for row in rows]
    return pd.DataFrame(
        {tag: pd.Series([row.get(tag) for row in rows], dtype=object) for tag in TAGS}
    )


def state_with_days(row: Mapping[str, str | None]) -> str | None:
    """Return what a row says of its state, and of the days that decide it (``DAY_TAGS``, days)."""
    state = row.get("state") or state_of(row)
    said = [day_word(sense, tag, row[tag] or "") for tag, sense in DAY_TAGS.items() if row.get(tag)]
    if row.get("days"):
        said.append(str(row["days"]))
    return ";".join(filter(None, [state, *said])) if said else state


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
    *,
    gates: gpd.GeoDataFrame | None = None,
    posts: gpd.GeoDataFrame | None = None,
) -> StreetLines:
    """Pack ways over the vertices ``xy`` (n, 2) into arrays; :func:`pack_courses` has the rules."""
    flat = np.concatenate([np.empty(0, np.int64), *ways])
    count = np.array([len(w) for w in ways], dtype=np.int64)
    return pack_courses(crs, xy, flat, count, tags, barriers, gates=gates, posts=posts)


def pack_courses(
    crs: str,
    xy: NDArray[np.float64],
    flat: NDArray[np.int64],
    count: NDArray[np.int64],
    tags: pd.DataFrame,
    barriers: gpd.GeoDataFrame | None,
    *,
    gates: gpd.GeoDataFrame | None = None,
    posts: gpd.GeoDataFrame | None = None,
) -> StreetLines:
    """Pack ways over the vertices ``xy`` (n, 2), one behind the other in ``flat``, into arrays.

    A vertex that a way repeats at once is taken once; ways of fewer than two vertices and
    vertices of no way are left out. The order of ways and vertices stays.

    Parameters
    ----------
    flat
        Vertices of all ways, indexes into ``xy``.
    count
        How many of them each way has, one entry a row of ``tags``.
    """
    way = np.repeat(np.arange(len(count)), count)
    fresh = np.ones(len(flat), bool)
    fresh[1:] = (flat[1:] != flat[:-1]) | (way[1:] != way[:-1])
    flat, way = flat[fresh], way[fresh]
    counts = np.bincount(way, minlength=len(count))
    whole = counts > 1
    flat = flat[whole[way]]
    used = np.zeros(len(xy), dtype=bool)
    used[flat] = True
    way_vertex = (np.cumsum(used) - 1)[flat]
    return StreetLines(
        crs=crs,
        vertex_xy=np.ascontiguousarray(xy[used], dtype=np.float64).reshape(-1, 2),
        way_start=np.concatenate([[0], np.cumsum(counts[whole])]).astype(np.int64),
        way_vertex=way_vertex.astype(np.int64),
        # where all stay, columns that are one array stay one
        tags=(tags if whole.all() else tags.loc[whole]).reset_index(drop=True),
        barriers=barriers,
        gates=gates,
        posts=posts,
    )
