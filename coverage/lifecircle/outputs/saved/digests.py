"""What the tables of a GeoPackage say, as one checksum each.

``assessment.json`` names the checksums of the ``assessment.gpkg`` it belongs to, so that files of
two runs are never read as one result. They are of what the tables say and not of the file's
bytes: looking at a GeoPackage in QGIS, or giving it another style, changes its bytes and no
result.
"""

from __future__ import annotations

import hashlib
import sqlite3
import struct
from contextlib import closing
from typing import TYPE_CHECKING, Any

from lifecircle.outputs.saved.refusals import damaged, refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

__all__ = ["contents_digests", "table_digests"]


def table_digests(
    path: Path, names: Iterable[str] | None = None, language: str = "zh"
) -> dict[str, str]:
    """Return table → SHA-256 of its columns and rows, geometry included, in their order.

    Parameters
    ----------
    path
        A GeoPackage; it is only read.
    names
        Tables to read; one that is not there is left out. By default every layer and table of
        the GeoPackage but the styles.
    language
        Of the words in which a damaged file is refused, ``"zh"`` or ``"en"``.

    Raises
    ------
    AssessmentFormatError
        The file is no database, or damaged.
    """
    try:
        with closing(_opened(path)) as connection:
            there = [name.decode("utf-8") for (name,) in connection.execute(_CONTENTS)]
            wanted = set(there) - {"layer_styles"} if names is None else set(names)
            return {name: _digest(connection, name) for name in there if name in wanted}
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise refused(path, damaged(language)) from error


def contents_digests(path: Path) -> dict[str, str]:
    """Return table → SHA-256 of everything somebody may have put into a GeoPackage.

    Own layers, styles and projects are among it; what programs keep for themselves (indexes, the
    day of the last change) is not.

    Raises
    ------
    AssessmentFormatError
        The file is no database, or damaged.
    """
    try:
        with closing(_opened(path)) as connection:
            there = [name.decode("utf-8") for (name,) in connection.execute(_TABLES)]
            own = [name for name in there if not name.startswith(_OF_PROGRAMS)]
            return {name: _digest(connection, name) for name in own}
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise refused(path, damaged("zh")) from error


_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
_OF_PROGRAMS = ("sqlite_", "rtree_", "gpkg_")
_IS_VIEW = "SELECT 1 FROM sqlite_master WHERE type = 'view' AND name = ?"
_AT_ONCE = 100
"""Rows looked at together."""
_CONTENTS = "SELECT table_name FROM gpkg_contents ORDER BY table_name"


def _opened(path: Path) -> sqlite3.Connection:
    address = path.resolve().as_uri()
    try:
        connection = sqlite3.connect(f"{address}?mode=ro", uri=True)
        connection.execute(_CONTENTS)
    except sqlite3.OperationalError:
        # left in WAL mode by another program, on a disk that can only be read
        connection = sqlite3.connect(f"{address}?immutable=1", uri=True)
    connection.text_factory = bytes  # text that is no UTF-8 has its checksum too
    return connection


def _digest(connection: sqlite3.Connection, name: str) -> str:
    quoted = name.replace('"', '""')
    # a view has no rowid: the first column of ours is the number of their row
    first = "1" if connection.execute(_IS_VIEW, (name,)).fetchone() else "rowid"
    rows = connection.execute(f'SELECT * FROM "{quoted}" ORDER BY {first}')  # noqa: S608 - quoted
    names = [column[0].encode("utf-8", "surrogateescape") for column in rows.description]
    found = hashlib.sha256(b"".join(_told([names])))
    while some := rows.fetchmany(_AT_ONCE):
        found.update(b"".join(_told(some)))
    return found.hexdigest()


def _told(rows: Iterable[Sequence[Any]]) -> list[bytes]:
    """Return each value with its kind and length before it, so that no two rows read the same."""
    return [
        b"n"
        if value is None
        else _head_of[len(value)] + value
        if type(value) is bytes
        else _double(b"f", value)
        if type(value) is float
        else b"i%d;" % value
        for row in rows
        for value in row
    ]


class _Heads(dict[int, bytes]):
    """Length → what stands before a text of it, written once."""

    def __missing__(self, length: int) -> bytes:
        head = self[length] = b"t%d:" % length
        return head


_head_of = _Heads()
_double = struct.Struct("<cd").pack
