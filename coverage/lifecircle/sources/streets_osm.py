"""Streets of OpenStreetMap files: ``.osm``, ``.osm.gz``, ``.osm.bz2``, ``.osm.pbf``.

Two passes: the ways that matter, then the nodes they name. So a file may hold its objects in any
order, and a province's extract costs the memory of its streets only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import osmium
from osmium.filter import IdFilter, KeyFilter
from shapely import LineString

from lifecircle.model.streets import TAGS
from lifecircle.sources.streets import (
    BARRIER_TAGS,
    StreetSource,
    barrier_frame,
    barrier_kind,
    is_street,
    pack_lines,
    tag_frame,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["OSM_SUFFIXES", "read_osm_streets"]

OSM_SUFFIXES = (".osm", ".osm.gz", ".osm.bz2", ".osm.pbf", ".pbf")

_CRS = "EPSG:4326"
_DEGREE = 10_000_000  # OSM stores a coordinate as a whole number of 1e-7 degrees
_KEYS = (*TAGS, *BARRIER_TAGS)


def read_osm_streets(path: Path) -> StreetSource:
    """Read every ``highway`` way and every ferry, and the barriers beside them.

    Ways join where they share an OSM node, and nowhere else. A way some of whose nodes the file
    lacks is split there: the pieces on either side stay, and the nodes are counted.

    Raises
    ------
    RuntimeError, ValueError
        The file cannot be parsed (osmium's message says where).
    """
    file = _file(path)
    tags: list[dict[str, str | None]] = []
    kinds: list[str | None] = []
    refs: list[NDArray[np.int64]] = []
    for way in _objects(file, osmium.osm.WAY, KeyFilter("highway", "route", *BARRIER_TAGS)):
        row = {key: way.tags.get(key) for key in _KEYS}
        kind = barrier_kind(row)
        if way.deleted or not (kind or is_street(row)):
            continue
        tags.append({**row, "osm_id": str(way.id)})
        kinds.append(kind)
        refs.append(np.fromiter((node.ref for node in way.nodes), np.int64))

    ids = np.unique(np.concatenate([np.empty(0, np.int64), *refs]))
    xy = _locations(file, ids)
    there = np.isfinite(xy[:, 0])

    pieces: list[NDArray[np.int64]] = []
    rows: list[dict[str, str | None]] = []
    missing = np.zeros(len(ids), bool)
    barriers = []
    for row, kind, way_refs in zip(tags, kinds, refs, strict=True):
        at = np.searchsorted(ids, way_refs)
        runs = _runs(at, there)
        if is_street(row):
            missing[at[~there[at]]] = True
            pieces += runs
            rows += [row] * len(runs)
        if kind:
            barriers += [(kind, row["name"], LineString(xy[run])) for run in runs]
    return StreetSource(
        lines=pack_lines(_CRS, xy, pieces, tag_frame(rows), barrier_frame(barriers, _CRS)),
        missing_locations=int(missing.sum()),
    )


def _objects(file: Any, entities: Any, wanted: Any) -> Iterator[Any]:
    objects = osmium.FileProcessor(file, entities)
    return iter(objects if wanted is None else objects.with_filter(wanted))


def _file(path: Path) -> Any:
    """Return what osmium opens; a name beyond ASCII is read here, for osmium on Windows."""
    name = str(path)
    kind = next(s for s in sorted(OSM_SUFFIXES, key=len) if name.lower().endswith(s))[1:]
    kind = kind.removeprefix("osm.") if kind.endswith("pbf") else kind
    if name.isascii():
        return osmium.io.File(name, kind)
    return osmium.io.FileBuffer(path.read_bytes(), kind)


def _locations(file: Any, ids: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return lon/lat of the sorted node ``ids``, shape (n, 2); NaN where there is no place."""
    known = set(ids.tolist())
    # an editor numbers new nodes below zero, and osmium's filter knows no such ids
    wanted = IdFilter(known) if min(known, default=0) >= 0 else None
    found = [
        (node.id, node.location.x, node.location.y)
        for node in _objects(file, osmium.osm.NODE, wanted)
        if node.id in known and node.location.valid()
    ]
    whole = np.array(found, np.int64).reshape(-1, 3)
    xy = np.full((len(ids), 2), np.nan)
    xy[np.searchsorted(ids, whole[:, 0])] = whole[:, 1:] / _DEGREE
    return xy


def _runs(at: NDArray[np.int64], there: NDArray[np.bool_]) -> Sequence[NDArray[np.int64]]:
    """Split vertex positions where a place is missing; runs of one vertex are no line."""
    gaps = np.flatnonzero(~there[at])
    runs = (run[there[run]] for run in np.split(at, gaps))
    return [run for run in runs if len(run) > 1]
