"""A GeoPackage looked at before it takes its name: a write that failed may not have been told.

A disk that refuses one write and takes the next can cost a trigger, an index or a row, and the
library that wrote goes on as if it were there.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["IncompleteError", "verify_whole"]


class IncompleteError(Exception):
    """What was written is not what was to be written."""


def verify_whole(path: Path, rows: Mapping[str, int]) -> None:
    """Return if the GeoPackage ``path`` is sound and holds everything.

    Parameters
    ----------
    rows
        Table or view → how many rows it was given; ``layer_styles`` is one of them.

    Raises
    ------
    IncompleteError
        A table, a row, an index or a trigger is missing, or pages of the file are damaged.
    sqlite3.Error
        It is no database.
    """
    with closing(sqlite3.connect(path)) as connection:
        missing = next(_missing(connection, rows), None)
    if missing is not None:
        raise IncompleteError(missing)


def _missing(connection: sqlite3.Connection, rows: Mapping[str, int]) -> Iterator[str]:
    """Yield what is wrong, in a programmer's words."""
    (sound,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if sound != "ok":
        yield str(sound)
    made = connection.execute("SELECT type, name, tbl_name FROM sqlite_master").fetchall()
    there = {name for kind, name, _ in made if kind in {"table", "view"}}
    contents = dict(connection.execute("SELECT table_name, data_type FROM gpkg_contents"))
    for name, count in rows.items():
        if name not in there or name not in contents:
            yield f"{name}: no such table"
            continue
        base = f"{name}_rows" if f"{name}_rows" in there else name
        (found,) = connection.execute(f'SELECT count(*) FROM "{base}"').fetchone()  # noqa: S608 - our names
        if found != count:
            yield f"{name}: {found} rows of {count}"
    yield from _unindexed(connection, there, made)


def _unindexed(
    connection: sqlite3.Connection, there: set[str], made: list[tuple[str, str, str]]
) -> Iterator[str]:
    """Yield which layers lack their spatial index, or triggers that others have."""
    indexed = set(connection.execute("SELECT table_name, column_name FROM gpkg_geometry_columns"))
    for layer, column in indexed:
        if f"rtree_{layer}_{column}" not in there:
            yield f"{layer}: no spatial index"
    # the library makes as many triggers for every layer: one that has fewer has lost some
    triggers = Counter(table for kind, _, table in made if kind == "trigger")
    layers = [layer for layer, _ in indexed]
    most = max((triggers[layer] for layer in layers), default=0)
    for layer in layers:
        if triggers[layer] < most:
            yield f"{layer}: {triggers[layer]} triggers of {most}"
