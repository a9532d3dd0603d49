"""PostGIS: one table or view of a database as raw features.

Names of tables and columns are looked up in the catalogue with bound parameters and quoted by
SQLAlchemy; nothing a study says is ever pasted into SQL. The session only reads.

The module needs the extra ``db``: open it by
:func:`lifecircle.sources.tables.postgis_extra.postgis`.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import psycopg  # noqa: F401 - SQLAlchemy's way to the server: missing, it should be said at once
import shapely
import sqlalchemy as sa
from pyproj import CRS
from pyproj.exceptions import CRSError
from sqlalchemy.dialects.postgresql import aggregate_order_by

from lifecircle.model.problem import ProblemCode
from lifecircle.sources.database import shown_source
from lifecircle.sources.raw import SourceError
from lifecircle.sources.tables.vector import plain_columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["connected", "engine", "read_postgis", "table_digest"]

_CONNECT_S = 10
_TABLES = """
SELECT n.nspname, c.relname, c.oid, c.relkind, pg_table_is_visible(c.oid)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND has_table_privilege(c.oid, 'SELECT')
  AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'topology', 'tiger')
  AND (c.relname = :name OR n.nspname || '.' || c.relname = :name)
ORDER BY pg_table_is_visible(c.oid) DESC, n.nspname, c.relname
"""
_SPATIAL = """
SELECT n.nspname || '.' || c.relname
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND has_table_privilege(c.oid, 'SELECT')
  AND EXISTS (SELECT FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
              WHERE a.attrelid = c.oid AND NOT a.attisdropped
                AND t.typname IN ('geometry', 'geography'))
ORDER BY 1
"""
_COLUMNS = """
SELECT a.attname, t.typname
FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
WHERE a.attrelid = :oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""
_KEY = """
SELECT a.attname
FROM pg_index i CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k (number, place)
JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
WHERE i.indrelid = :oid AND i.indisprimary ORDER BY k.place
"""
_SYSTEM = "SELECT auth_name, auth_srid, srtext FROM spatial_ref_sys WHERE srid = :srid"
_CAUSES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "db_password": (
        ("28",),
        ("password", "authentication", "pg_hba.conf", "role ", "密码"),
    ),
    "db_missing": (("3D000",), ("database ", "数据库")),
    "db_rights": (("42501",), ("permission denied", "权限")),
    "db_writes": (("25006",), ("read-only",)),
    "db_spatial": (("42883", "42P01", "42704"), ("PostGIS", "postgis")),
    "db_busy": (("53", "57", "40", "55"), ("too many", "starting up", "shutting down")),
}
"""Cause → SQLSTATEs, by how they begin, and words of a refusal that carries none.

What a server says while one connects carries no state."""
_SPATIAL_TYPES = ("geometry", "geography")
_WHOLE = frozenset({"int2", "int4", "int8"})


@dataclass(frozen=True, slots=True)
class _Table:
    schema: str
    name: str
    oid: int
    ordered: bool
    """Whether rows have a place of their own to be ordered by (a table, no view)."""


def engine(url: str) -> Any:
    """Return SQLAlchemy's engine of a database, through psycopg.

    Raises
    ------
    SourceError
        The URL is none.
    """
    try:
        address = sa.engine.make_url(url).set(drivername="postgresql+psycopg")
    except (sa.exc.ArgumentError, ValueError) as error:
        detail = shown_source(url)
        raise SourceError(ProblemCode.DATABASE_FAILED, detail=detail) from error
    return sa.create_engine(
        address, poolclass=sa.pool.NullPool, connect_args={"connect_timeout": _CONNECT_S}
    )


@contextmanager
def connected(url: str) -> Iterator[Any]:
    """Yield a connection in one transaction that can only read.

    Raises
    ------
    SourceError
        The database is not there, or refuses a query.
    """
    made = engine(url)
    try:
        with made.connect().execution_options(
            postgresql_readonly=True, isolation_level="REPEATABLE READ"
        ) as connection:
            yield connection
    except sa.exc.SQLAlchemyError as error:
        raise SourceError(ProblemCode.DATABASE_FAILED, detail=_detail(error)) from error


def _detail(error: sa.exc.SQLAlchemyError) -> str:
    """Return why a database was not read: a text of domain ``words``, ``detail.<it>``.

    The server's own words are in its language, not the reader's: they are shown to whoever looks
    for the cause (``LIFECIRCLE_DEBUG=1``).
    """
    cause = getattr(error, "orig", None) or error
    said = " ".join(str(cause).split())
    if os.environ.get("LIFECIRCLE_DEBUG"):
        return said
    state = getattr(cause, "sqlstate", None) or ""
    for detail, (states, texts) in _CAUSES.items():
        if state.startswith(states) if state else any(text in said for text in texts):
            return detail
    return "db_failed" if state else "db_unreachable"


def read_postgis(url: str, layer: str | None) -> dict[str, Any]:
    """Return the fields of a RawTable from one table or view.

    Parameters
    ----------
    url
        ``postgresql://user@host:port/database``.
    layer
        The table's name, with or without its schema (``schema.table``); whatever stands in it is
        part of the name. Default: the only spatial table there is.

    Notes
    -----
    Rows come in the order of the primary key, else as they lie in the table. Curves become
    lines, as densely as PostGIS does. A second geometry column is left out.

    Raises
    ------
    SourceError
        There is no such table, or the database is not there.
    """
    with connected(url) as connection:
        table = _found(connection, layer)
        columns = connection.execute(sa.text(_COLUMNS), {"oid": table.oid}).all()
        key = [name for (name,) in connection.execute(sa.text(_KEY), {"oid": table.oid})]
        spatial = next((name for name, kind in columns if kind in _SPATIAL_TYPES), None)
        plain = [(name, kind) for name, kind in columns if kind not in _SPATIAL_TYPES]
        rows = connection.execute(_query(table, [name for name, _ in plain], spatial, key)).all()
        crs = None
        if spatial is not None:
            crs = _crs(connection, {row[-1] for row in rows if row[-1]})
    return {
        "frame": _cells(rows, plain),
        "rows": np.arange(1, len(rows) + 1, dtype=np.int64),
        "geometry": None if spatial is None else _shapes(row[-2] for row in rows),
        "crs": crs,
        "sheet": f"{table.schema}.{table.name}",
    }


def _cells(rows: Sequence[Any], plain: Sequence[tuple[str, str]]) -> pd.DataFrame:
    """Return the columns without a shape; ``plain`` holds their names and types."""
    values = {
        name: pd.Series([_number(row[at]) for row in rows], dtype=object)
        for at, (name, _) in enumerate(plain)
    }
    frame = pd.DataFrame(values, index=pd.RangeIndex(len(rows)), dtype=object)
    return plain_columns(frame, {name for name, kind in plain if kind in _WHOLE})


def _shapes(written: Iterable[bytes | None]) -> Any:
    shapes = (None if wkb is None else shapely.from_wkb(bytes(wkb)) for wkb in written)
    return np.array(list(shapes), dtype=object)


def table_digest(url: str, layer: str | None) -> str:
    """Return the SHA-256 of a table's rows as text, the same in whatever order they lie.

    Raises
    ------
    SourceError
        As :func:`read_postgis`.
    """
    with connected(url) as connection:
        table = _found(connection, layer)
        whole_row = sa.table(table.name, schema=table.schema).alias("t")
        mark = sa.func.md5(sa.cast(sa.literal_column("t"), sa.Text)).label("mark")
        marks = sa.select(mark).select_from(whole_row).subquery("marks")
        text = sa.func.string_agg(
            marks.c.mark, aggregate_order_by(sa.literal_column("''"), marks.c.mark)
        )
        raw = sa.func.convert_to(sa.func.coalesce(text, ""), "UTF8")
        return str(connection.scalar(sa.select(sa.func.encode(sa.func.sha256(raw), "hex"))))


def _found(connection: Any, layer: str | None) -> _Table:
    known = [name for (name,) in connection.execute(sa.text(_SPATIAL))]
    name = layer if layer is not None else known[0] if len(known) == 1 else None
    rows = [] if name is None else connection.execute(sa.text(_TABLES), {"name": name}).all()
    visible = [row for row in rows if row[4]] or rows
    if len(visible) != 1:
        raise SourceError(ProblemCode.SHEET_MISSING, sheets=known)
    schema, title, oid, kind, _ = visible[0]
    return _Table(schema, title, oid, ordered=kind in {"r", "m"})


def _query(table: _Table, names: list[str], spatial: str | None, key: list[str]) -> Any:
    # Labels by number: a column may be called anything.
    chosen: list[Any] = [sa.column(name).label(f"c{at}") for at, name in enumerate(names)]
    if spatial is not None:
        as_geometry = sa.func.geometry(sa.column(spatial))  # a geography too
        chosen += [
            sa.func.ST_AsBinary(sa.func.ST_CurveToLine(as_geometry)).label("shape"),
            sa.func.ST_SRID(as_geometry).label("srid"),
        ]
    query = sa.select(*chosen).select_from(sa.table(table.name, schema=table.schema))
    if key:
        return query.order_by(*(sa.column(name) for name in key))
    return query.order_by(sa.literal_column("ctid")) if table.ordered else query


def _crs(connection: Any, numbers: set[int]) -> str | None:
    """Return the one CRS of a table's shapes as WKT; None where there is none, or several."""
    if len(numbers) != 1:
        return None
    found = connection.execute(sa.text(_SYSTEM), {"srid": numbers.pop()}).first()
    if found is None:
        return None
    for written in (f"{found[0]}:{found[1]}", found[2]):
        try:
            return str(CRS.from_user_input(written).to_wkt())
        except CRSError:
            continue
    return None


def _number(value: Any) -> Any:
    if isinstance(value, Decimal) and value.is_finite():
        return int(value) if value == value.to_integral_value() else float(value)
    return None if isinstance(value, Decimal) else value
