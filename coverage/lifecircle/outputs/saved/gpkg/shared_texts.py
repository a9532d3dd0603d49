"""Tables whose texts come again and again: each text once, and a view that reads as before.

The table ``findings`` of a county has tens of thousands of rows with the same few clauses, units
and reasons. Its rows are kept in ``findings_rows``, what comes again in tables beside it, and
``findings`` itself is a view of all, registered in ``gpkg_contents`` as a table without geometry:
QGIS, GDAL and SQL read it by its name with the same columns. A view cannot be edited.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import datetime as dt
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["SHARED", "cells", "insert", "register", "write_shared"]

SHARED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "findings": {
        "kind": ("standard", "clause", "layer", "part", "unit", "status", "flags"),
        "reason": ("reason",),
    },
    "reach": {
        "kind": ("reach_group", "radius_status", "walk_status", "access_barrier", "by_ferry"),
    },
}
"""Table → name of what is kept once (its own table is ``<table>_<name>s``) → its columns."""


class _Columns(NamedTuple):
    """Columns of a table, each with its SQL type and cells."""

    names: list[str]
    types: list[str]
    cells: list[list[Any]]


def write_shared(
    connection: sqlite3.Connection,
    name: str,
    frame: pd.DataFrame,
    day: dt.date,
    description: str = "",
) -> None:
    """Write ``frame`` as the view ``name`` of its rows and of what ``SHARED`` keeps once.

    Parameters
    ----------
    frame
        In types that a database holds; missing cells become NULL, infinity stays.
    day
        What the GeoPackage says of its last change.
    """
    held: dict[str, str] = {}
    rows = _Columns([], [], [])
    joins = []
    for once, columns in SHARED[name].items():
        there = [c for c in columns if c in frame]
        number, first = _numbered(frame[there])
        table = f"{name}_{once}s"
        _create(connection, table, _columns(frame[there].iloc[first]))
        rows.names.append(f"{once}_fid")
        rows.types.append("INTEGER")
        rows.cells.append((number + 1).tolist())
        joins.append(f'LEFT JOIN "{table}" AS {once} ON {once}.fid = base.{once}_fid')
        held |= {column: f'{once}."{column}"' for column in there}
    own = [c for c in frame if c not in held]
    more = _columns(frame[own])
    rows.names.extend(more.names)
    rows.types.extend(more.types)
    rows.cells.extend(more.cells)
    _create(connection, f"{name}_rows", rows)
    held |= {column: f'base."{column}"' for column in own}
    shown = ", ".join(f'{held[c]} AS "{c}"' for c in frame)
    connection.execute(
        f'CREATE VIEW "{name}" AS SELECT base.fid AS OGC_FID, {shown} '  # noqa: S608 - our names
        f'FROM "{name}_rows" AS base '
        f"{' '.join(joins)} ORDER BY base.fid"
    )
    register(connection, name, day, description)


def register(connection: sqlite3.Connection, name: str, day: dt.date, description: str) -> None:
    """Name a table or view without geometry in the GeoPackage's contents."""
    connection.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change) "
        "VALUES (?, 'attributes', ?, ?, ?)",
        (name, name, description, f"{day.isoformat()}T00:00:00.000Z"),
    )


def cells(values: pd.Series[Any]) -> list[Any]:
    """Return a column's cells as SQLite takes them, None where there is none."""
    whole = values.astype(object)
    found: list[Any] = whole.where(values.notna(), None).tolist()
    return found


def _numbered(frame: pd.DataFrame) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return the number of each row's content, by first appearance, and those first rows."""
    number = frame.groupby(list(frame), dropna=False, sort=False).ngroup().to_numpy(dtype=np.int64)
    return number, np.unique(number, return_index=True)[1]


def _columns(frame: pd.DataFrame) -> _Columns:
    return _Columns(list(frame), [_type(frame[c]) for c in frame], [cells(frame[c]) for c in frame])


def _type(values: pd.Series[Any]) -> str:
    if pd.api.types.is_bool_dtype(values):
        return "BOOLEAN"
    return "REAL" if pd.api.types.is_float_dtype(values) else "TEXT"


def _create(connection: sqlite3.Connection, table: str, columns: _Columns) -> None:
    typed = [f'"{c}" {kind}' for c, kind in zip(columns.names, columns.types, strict=True)]
    connection.execute(
        f'CREATE TABLE "{table}" (fid INTEGER PRIMARY KEY NOT NULL, {", ".join(typed)})'
    )
    insert(connection, table, columns.names, columns.cells)


def insert(
    connection: sqlite3.Connection,
    table: str,
    names: Sequence[str],
    values: Iterable[Sequence[Any]],
) -> None:
    """Add rows, given by column, in their order."""
    listed, marks = ", ".join(f'"{name}"' for name in names), ", ".join("?" * len(names))
    connection.executemany(
        f'INSERT INTO "{table}" ({listed}) VALUES ({marks})',  # noqa: S608 - our own names
        zip(*values, strict=True),
    )
