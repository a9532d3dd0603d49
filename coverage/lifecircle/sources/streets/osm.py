"""Streets of OpenStreetMap files: ``.osm``, ``.osm.gz``, ``.osm.bz2``, ``.osm.pbf``.

One pass each for the relations that name railways and rivers, the ways that matter, the nodes
they name, and the gates. So a file may hold its objects in any order, and a province's extract
costs the memory of its streets only.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import osmium
from osmium.filter import IdFilter, KeyFilter
from shapely import LineString, Point

from lifecircle.model.inputs.street_words import DAY_TAGS
from lifecircle.model.inputs.streets import POST_TAGS, TAGS
from lifecircle.sources.osm_file import osm_file
from lifecircle.sources.streets.lines import (
    BARRIER_TAGS,
    STATE_TAGS,
    StreetSource,
    barrier_frame,
    barrier_kind,
    gate_kind,
    is_street,
    pack_lines,
    post_frame,
    tag_frame,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["read_osm_streets"]

_CRS = "EPSG:4326"
_DEGREE = 10_000_000  # OSM stores a coordinate as a whole number of 1e-7 degrees
_KEYS = (*(tag for tag in TAGS if tag != "state"), *STATE_TAGS, *DAY_TAGS, *BARRIER_TAGS, "ref")
_WATER = ("natural", "water", "waterway", "landuse")
_WET = frozenset({"river", "water", "drain"})


def read_osm_streets(path: Path) -> StreetSource:
    """Read every ``highway`` way and every ferry, and the barriers and gates beside them.

    Ways join where they share an OSM node, and nowhere else. A way some of whose nodes the file
    lacks is split there: the pieces on either side stay, and the nodes are counted.

    Raises
    ------
    RuntimeError, ValueError
        The file cannot be parsed (osmium's message says where).
    """
    file = osm_file(path)
    ways = _read_ways(file)
    ids, at = np.unique(np.frombuffer(ways.refs, np.int64), return_inverse=True)
    xy = _locations(file, ids)
    there = np.isfinite(xy[:, 0])

    pieces: list[NDArray[np.int64]] = []
    rows: list[dict[str, str | None]] = []
    missing = np.zeros(len(ids), bool)
    barriers = []
    for row, kind, (begin, end) in zip(ways.tags, ways.kinds, pairwise(ways.count), strict=True):
        course = at[begin:end]
        whole = end - begin > 1 and there[course].all()
        runs = [course] if whole else _runs(course, there)
        if is_street(row):
            if not whole:
                missing[course[~there[course]]] = True
            pieces += runs
            rows += [row] * len(runs)
        if kind:
            # people know a motorway by its number, G35
            name = row["name"] or (row["ref"] if kind == "motorway" else None)
            barriers += [(kind, name, LineString(xy[run])) for run in runs]
    gates, posts = _posts(file, ids)
    return StreetSource(
        lines=pack_lines(
            _CRS,
            xy,
            pieces,
            tag_frame(rows),
            barrier_frame(barriers, _CRS),
            gates=barrier_frame(gates, _CRS),
            posts=post_frame(posts, _CRS),
        ),
        missing_locations=int(missing.sum()),
    )


@dataclass(slots=True)
class _Ways:
    """The ways that matter: tags, kind of barrier if any, and the nodes of all in one row.

    The nodes of way ``i`` stand in ``refs`` from ``count[i]`` to ``count[i + 1]``.
    """

    tags: list[dict[str, str | None]] = field(default_factory=list)
    kinds: list[str | None] = field(default_factory=list)
    refs: array[int] = field(default_factory=lambda: array("q"))
    count: list[int] = field(default_factory=lambda: [0])


def _read_ways(file: Any) -> _Ways:
    """Return the streets and barriers of a file, each once."""
    found = _Ways()
    names, banks = _told_by_relations(file)
    seen: set[int] = set()
    for way in _ways(file, banks):
        get = way.tags.get
        row = {key: get(key) for key in _KEYS}
        if way.id in banks and not (barrier_kind(row) or is_street(row)):
            row |= {key: row[key] or value for key, value in banks[way.id].items()}
        kind = barrier_kind(row)
        if way.deleted or way.id in seen or not (kind or is_street(row)):
            continue
        if kind in {"railway", "river"} and not row["name"]:
            row["name"] = names.get(way.id)
        seen.add(way.id)
        found.tags.append({**row, "osm_id": str(way.id)})
        found.kinds.append(kind)
        found.refs.extend(node.ref for node in way.nodes)
        found.count.append(len(found.refs))
    return found


def _objects(file: Any, entities: Any, wanted: Any) -> Iterator[Any]:
    objects = osmium.FileProcessor(file, entities)
    return iter(objects if wanted is None else objects.with_filter(wanted))


def _told_by_relations(file: Any) -> tuple[dict[int, str], dict[int, dict[str, str]]]:
    """Return what relations tell of their ways: the name of a line, the tags of an area's rings.

    A railway or river is often named on its relation only; a wide river, a lake or a pedestrian
    square with a hole is drawn as an area whose rings carry no tags of their own.
    """
    names: dict[int, str] = {}
    banks: dict[int, dict[str, str]] = {}
    for relation in _objects(file, osmium.osm.RELATION, KeyFilter("type")):
        if relation.deleted:
            continue
        tags = relation.tags
        ways = [member.ref for member in relation.members if member.type == "w"]
        if tags.get("type") == "multipolygon":
            told = _square(tags) or _water(tags)
            banks |= {way: told for way in ways if told}
        elif "name" in tags and (
            tags.get("type") == "waterway" or tags.get("route") in {"railway", "tracks"}
        ):
            names |= {way: tags["name"] for way in ways if way not in names}
    return names, banks


def _square(tags: Any) -> dict[str, str]:
    """Return what an area of people on foot tells of its rings; nothing of another area."""
    told = {key: tags[key] for key in _KEYS if key in tags}
    return {**told, "area": "yes"} if "highway" in told else {}


def _water(tags: Any) -> dict[str, str]:
    """Return what an area of water tells of its banks; nothing of another area."""
    water = {key: tags[key] for key in _WATER if key in tags}
    if barrier_kind(water) not in _WET:
        return {}
    return {key: text for key, text in {**water, "name": tags.get("name", "")}.items() if text}


def _ways(file: Any, banks: Collection[int]) -> Iterator[Any]:
    """Return the ways with a tag that matters, and the banks, which may have none."""
    yield from _objects(file, osmium.osm.WAY, KeyFilter("highway", "route", *BARRIER_TAGS))
    if banks:
        wanted = IdFilter(banks) if min(banks) >= 0 else None
        yield from (w for w in _objects(file, osmium.osm.WAY, wanted) if w.id in banks)


def _posts(
    file: Any, ids: NDArray[np.int64]
) -> tuple[list[tuple[str, str | None, Point]], list[tuple[dict[str, str | None], Point]]]:
    """Return the gates that people pass (kind, name, place), and what stands on ways (tags, place).

    ``ids``: the nodes of ways, sorted. A door or a lock is a post too, whatever its kind.
    """
    gates, posts = [], []
    for node in _objects(file, osmium.osm.NODE, KeyFilter("barrier", "locked", "entrance", "door")):
        if node.deleted or not node.location.valid():
            continue
        tags = {key: node.tags.get(key) for key in POST_TAGS}
        at = Point(node.location.x / _DEGREE, node.location.y / _DEGREE)
        kind = gate_kind(tags)
        if kind:
            gates.append((kind, node.tags.get("name"), at))
        row = int(np.searchsorted(ids, node.id))
        if row < len(ids) and ids[row] == node.id:
            posts.append(({**tags, "barrier": tags["barrier"] or "door"}, at))
    return gates, posts


def _locations(file: Any, ids: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return lon/lat of the sorted node ``ids``, shape (n, 2); NaN where there is no place."""
    positions = _positions(file, set(ids.tolist()))
    found: list[int] = []
    for row, ref in enumerate(ids.tolist()):
        try:
            at = positions[ref]
        except KeyError:
            continue
        if at.valid():
            found += (row, at.x, at.y)
    whole = np.array(found, np.int64).reshape(-1, 3)
    xy = np.full((len(ids), 2), np.nan)
    xy[whole[:, 0]] = whole[:, 1:] / _DEGREE
    return xy


def _positions(file: Any, wanted: set[int]) -> Any:
    """Return the positions of the ``wanted`` nodes that the file holds, by id."""
    if min(wanted, default=0) < 0:
        # an editor numbers new nodes below zero, and osmium's filter knows no such ids
        nodes = _objects(file, osmium.osm.NODE, None)
        return {node.id: node.location for node in nodes if node.id in wanted}
    places = osmium.index.create_map("sparse_mem_map")  # the one that asks for no order of ids
    with osmium.io.Reader(file, osmium.osm.NODE) as reader:
        osmium.apply(reader, IdFilter(wanted), osmium.NodeLocationsForWays(places))
    return places


def _runs(at: NDArray[np.int64], there: NDArray[np.bool_]) -> Sequence[NDArray[np.int64]]:
    """Split vertex positions where a place is missing; runs of one vertex are no line."""
    gaps = np.flatnonzero(~there[at])
    runs = (run[there[run]] for run in np.split(at, gaps))
    return [run for run in runs if len(run) > 1]
