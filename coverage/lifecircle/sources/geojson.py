"""GeoJSON before GDAL reads it: what GDAL would fetch, or drop without a word.

GDAL follows a coordinate system that is given as a link, over the network, and obeys the answer.
It leaves out members of ``features`` that are no features, and lines of a GeoJSON sequence that do
not parse. Nobody learns of either.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from lifecircle.model.problem import ProblemCode
from lifecircle.sources.guards import refused
from lifecircle.sources.raw import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = ["JSON_SUFFIXES", "check_geojson"]

_SEQUENCES = (".geojsonl", ".geojsons", ".jsonl", ".ndjson")
JSON_SUFFIXES = (".geojson", ".json", *_SEQUENCES)
_SEPARATOR = b"\x1e"
"""In front of each record of an RFC 8142 sequence."""
_NAMED = 20
"""Rows that a message names."""


def check_geojson(path: Path) -> None:
    """Refuse a GeoJSON file that asks for the network, or of which GDAL would drop a part.

    Text that is no JSON at all is left to GDAL, which says so itself.

    Raises
    ------
    SourceError
        With code ``content_refused`` for a linked coordinate system, ``features_damaged`` for rows
        that are no features.
    OSError
        The file cannot be read.
    """
    raw = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    if path.suffix.lower() in _SEQUENCES or raw.startswith(_SEPARATOR):
        _check_sequence(raw)
        return
    document = _parsed(raw)
    if document is None and _parsed(raw.split(b"\n", 1)[0]) is not None:
        _check_sequence(raw)  # a sequence under the name of a collection: GDAL takes it for one
        return
    if isinstance(document, dict):
        _refuse_links(document)
        if document.get("type") == "FeatureCollection":
            members = document.get("features")
            _refuse_damaged(
                n
                for n, member in enumerate(members if isinstance(members, list) else [], 1)
                if not _is_feature(member)
            )


def _check_sequence(raw: bytes) -> None:
    damaged = []
    for number, line in enumerate(raw.splitlines(), 1):
        text = line.strip(_SEPARATOR + b" \t\r")
        if not text:
            continue
        record = _parsed(text)
        if not _is_feature(record):
            damaged.append(number)
        else:
            _refuse_links(record)
    _refuse_damaged(damaged)


def _parsed(raw: bytes) -> Any:
    """Return what a JSON text holds, or None where it is none."""
    try:
        return json.loads(raw)
    except RecursionError as error:
        raise refused("too_deep") from error
    except ValueError:
        return None


def _is_feature(member: Any) -> bool:
    return isinstance(member, dict) and member.get("type") == "Feature"


def _refuse_links(document: Any) -> None:
    """Refuse an object in which, at whatever depth, a ``crs`` is a link."""
    for node in _objects(document):
        crs = node.get("crs")
        if isinstance(crs, dict) and str(crs.get("type", "")).strip().lower() not in {
            "name",
            "epsg",
        }:
            raise refused("crs_link")


def _objects(document: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects of a document that may carry a ``crs``: itself, features, geometries."""
    yield document
    members = document.get("features")
    for member in members if isinstance(members, list) else ():
        if isinstance(member, dict):
            yield member
            if isinstance(member.get("geometry"), dict):
                yield member["geometry"]


def _refuse_damaged(rows: Iterable[int]) -> None:
    found = list(rows)
    if found:
        named = [*map(str, found[:_NAMED]), *(["…"] if len(found) > _NAMED else [])]
        raise SourceError(ProblemCode.FEATURES_DAMAGED, count=len(found), rows=named)
