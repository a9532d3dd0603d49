"""What osmium opens: files as they are, or put into a form that it reads rightly.

JOSM keeps what its user deleted in the file until the upload, marked ``action='delete'``: osmium
knows no such mark, so it is taken out. An answer of Overpass in JSON is the same data in another
form.
"""

from __future__ import annotations

import bz2
import gzip
import json
import re
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from lifecircle.sources.guards import refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["OSM_SUFFIXES", "is_overpass", "osm_file"]

OSM_SUFFIXES = (".osm", ".osm.gz", ".osm.bz2", ".osm.pbf", ".pbf")

_PACKED = {".gz": gzip.open, ".bz2": bz2.open}
_OBJECT = re.compile(rb"<(node|way|relation)\b(?:[^>\"']|\"[^\"]*\"|'[^']*')*>")
_DELETED = re.compile(rb"\saction\s*=\s*(\"delete\"|'delete')")
_BLOCK = 1 << 20
_HEAD = 4096
_ELEMENTS = re.compile(rb'"elements"\s*:\s*\[')
_WRITERS = re.compile(rb'"(generator|osm3s)"\s*:')


def osm_file(path: Path) -> Any:
    """Return what osmium opens; a name beyond ASCII is read here, for osmium on Windows.

    Raises
    ------
    SourceError
        An answer of Overpass that is damaged, or has objects without their places.
    """
    import osmium  # noqa: PLC0415 - is_overpass is asked of every ledger, and needs none

    name = str(path).lower()
    if name.endswith(".json"):
        return osmium.io.FileBuffer(_overpass(path), "osm")
    kind = next(s for s in sorted(OSM_SUFFIXES, key=len) if name.endswith(s))[1:]
    kind = kind.removeprefix("osm.") if kind.endswith("pbf") else kind
    if not kind.endswith("pbf") and _has_deleted(path):
        return osmium.io.FileBuffer(_without_deleted(path), "osm")
    if str(path).isascii():
        return osmium.io.File(str(path), kind)
    return osmium.io.FileBuffer(path.read_bytes(), kind)


def is_overpass(path: Path) -> bool:
    """Return whether a ``.json`` file is an answer of the Overpass interface, by its beginning."""
    if path.suffix.lower() != ".json" or not path.is_file():
        return False
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    return bool(_ELEMENTS.search(head) and (_WRITERS.search(head) or b'"nodes"' in head))


def _opened(path: Path) -> Any:
    packed: Any = _PACKED.get(path.suffix.lower(), open)
    return packed(path, "rb")


def _has_deleted(path: Path) -> bool:
    """Return whether the text may hold a deleted object; damaged files are for osmium to name."""
    tail = b""
    try:
        with _opened(path) as stream:
            while block := stream.read(_BLOCK):
                if _DELETED.search(tail + block):
                    return True
                tail = block[-64:]
    except (OSError, EOFError):
        return False
    return False


def _without_deleted(path: Path) -> bytes:
    with _opened(path) as stream:
        text = stream.read()
    kept, at = [], 0
    for found in _OBJECT.finditer(text):
        if not _DELETED.search(found[0]):
            continue
        kept.append(text[at : found.start()])
        end = b"</" + found[1] + b">"
        closes = -1 if found[0].endswith(b"/>") else text.find(end, found.end())
        at = found.end() if closes < 0 else closes + len(end)
    return b"".join([*kept, text[at:]])


def _overpass(path: Path) -> bytes:
    """Return an Overpass answer as OSM's XML: nodes, then ways, then relations."""
    try:
        elements = json.loads(path.read_text(encoding="utf-8-sig"))["elements"]
        found = [one for one in elements if isinstance(one, dict)]
        nodes, lines = _nodes(found), []
        made: dict[tuple[float, float], int] = {}
        for one in found:
            if one["type"] == "way":
                refs = _refs(one, nodes, made)
                lines.append(_element("way", one, (f"<nd ref='{ref}'/>" for ref in refs)))
        lines += [
            _element("relation", one, _members(one)) for one in found if one["type"] == "relation"
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise refused("overpass_incomplete") from error
    tagged = {one["id"]: one for one in found if one["type"] == "node"}
    heads = (
        _element("node", tagged.get(ref, {"id": ref}), (), f" lat='{lat!r}' lon='{lon!r}'")
        for ref, (lat, lon) in sorted(nodes.items())
    )
    return "".join(["<osm version='0.6'>", *heads, *lines, "</osm>"]).encode()


def _nodes(elements: list[Any]) -> dict[int, tuple[float, float]]:
    """Return the places of all nodes by id: their own, and those that ways carry (``out geom``)."""
    nodes = {}
    for one in elements:
        if one["type"] == "node":
            nodes[int(one["id"])] = (float(one["lat"]), float(one["lon"]))
        for ref, at in zip(one.get("nodes") or (), one.get("geometry") or (), strict=False):
            if at:  # beyond the asked rectangle there is no place
                nodes.setdefault(int(ref), (float(at["lat"]), float(at["lon"])))
    return nodes


def _refs(
    way: Mapping[str, Any],
    nodes: dict[int, tuple[float, float]],
    made: dict[tuple[float, float], int],
) -> list[int]:
    """Return a way's nodes; one that carries places alone gets one below zero for each place."""
    if way.get("nodes"):
        return [int(ref) for ref in way["nodes"]]
    places = [(float(at["lat"]), float(at["lon"])) for at in way["geometry"] if at]
    refs = [made.setdefault(place, -1 - len(made)) for place in places]
    nodes.update(zip(refs, places, strict=True))
    return refs


def _members(relation: Mapping[str, Any]) -> Iterator[str]:
    for one in relation.get("members") or ():
        role = quoteattr(str(one.get("role", "")))
        yield f"<member type={quoteattr(one['type'])} ref='{int(one['ref'])}' role={role}/>"


def _element(name: str, one: Mapping[str, Any], inner: Any, at: str = "") -> str:
    tags = (
        f"<tag k={quoteattr(str(key))} v={quoteattr(str(value))}/>"
        for key, value in (one.get("tags") or {}).items()
    )
    return f"<{name} id='{int(one['id'])}' version='1'{at}>{''.join(inner)}{''.join(tags)}</{name}>"
