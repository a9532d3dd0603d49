"""FlatGeobuf before GDAL reads it: how many features the file holds, whatever its header says.

GDAL believes the number in the header. Damaged by one bit, it hides features in silence.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["features_of_flatgeobuf"]

_MAGIC = b"fgb\x03fgb"
_START = 8
_COUNT, _NODE_SIZE = 8, 9
"""Fields of the header: how many features, entries of a node of the index."""
_NODE = 40
"""Bytes of a node of the index."""
_DEFAULT_NODE_SIZE = 16


def features_of_flatgeobuf(path: Path) -> int | None:
    """Return how many features stand behind the index; None: the file is damaged.

    A file without an index may leave the number out of its header; each feature says its length.
    """
    size = path.stat().st_size
    with path.open("rb") as stream:
        if not stream.read(_START).startswith(_MAGIC):
            return None
        try:
            (length,) = struct.unpack("<I", stream.read(4))
            told, node_size = _header(stream.read(min(length, size)))
            at = _START + 4 + length + _index(told, node_size)
            count = 0
            while at < size:
                stream.seek(at)
                (length,) = struct.unpack("<I", stream.read(4))
                at += 4 + length
                count += 1
        except (struct.error, IndexError):
            return None
    return count if at == size else None


def _header(table: bytes) -> tuple[int, int]:
    """Return two fields of a flatbuffer's root table."""
    (root,) = struct.unpack_from("<I", table, 0)
    (back,) = struct.unpack_from("<i", table, root)
    slots = root - back
    (size,) = struct.unpack_from("<H", table, slots)

    def field(number: int, kind: str, default: int) -> int:
        slot = 4 + 2 * number
        if slot + 2 > size:
            return default
        (offset,) = struct.unpack_from("<H", table, slots + slot)
        return int(struct.unpack_from(kind, table, root + offset)[0]) if offset else default

    return field(_COUNT, "<Q", 0), field(_NODE_SIZE, "<H", _DEFAULT_NODE_SIZE)


def _index(count: int, node_size: int) -> int:
    """Return the bytes of the packed tree over so many features."""
    if not count or not node_size:
        return 0
    nodes = level = count
    while True:  # a tree over one has a root of its own
        level = -(-level // max(node_size, 2))
        nodes += level
        if level == 1:
            return nodes * _NODE
