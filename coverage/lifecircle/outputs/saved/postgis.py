"""An Assessment in PostGIS: its layers, its tables and its document, in one schema.

Needs the extra ``db``. Everything is written in one transaction: after a failure the schema is as
it was. Values are bound, names are quoted by SQLAlchemy.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import shapely
import sqlalchemy as sa
from geoalchemy2 import Geometry, WKBElement
from sqlalchemy.dialects.postgresql import JSONB

from lifecircle.errors import OutputError
from lifecircle.model.results.assessment import LAYER_COLUMNS
from lifecircle.outputs.saved.assessment_json import document
from lifecircle.outputs.saved.geopackage import layer_frame, table_frames
from lifecircle.sources.database import shown_source
from lifecircle.sources.raw import SourceError
from lifecircle.sources.tables.postgis_extra import postgis

if TYPE_CHECKING:
    from lifecircle.model.results.assessment import Assessment

__all__ = ["SCHEMA", "write_postgis"]

SCHEMA = "lifecircle"
"""Schema that is written to by default."""

_MARK = "written by lifecircle; replaced by the next assessment"
_LONGEST = 63
"""Bytes of a name in PostgreSQL; it cuts longer ones without a word."""
_OURS = """
SELECT c.relname, obj_description(c.oid, 'pg_class')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = :schema
  AND c.relkind IN ('r', 'v', 'm', 'f', 'p')
"""


def write_postgis(assessment: Assessment, url: str, schema: str = SCHEMA) -> tuple[str, ...]:
    """Write ``assessment`` to a database and return the names of the tables written.

    Parameters
    ----------
    assessment
        What is written: every layer of ``assessment.gpkg``, its tables, and the table
        ``assessment`` with the document of ``assessment.json`` as ``jsonb``.
    url
        ``postgresql://user@host:port/database``; PostGIS must be installed in it.
    schema
        Made if it is not there. Tables of an earlier assessment in it are replaced; a table that
        lifecircle did not write is never touched.

    Raises
    ------
    OutputError
        The database is not there or refuses, or a table of such a name is somebody else's;
        nothing was changed.
    """
    shown = shown_source(url)
    if not schema or "\0" in schema or len(schema.encode()) > _LONGEST:
        raise OutputError(f"{shown}: no name for a schema: {schema!r}")
    names = [*LAYER_COLUMNS, *(n for n in assessment.layers if n not in LAYER_COLUMNS)]
    layers = {name: layer_frame(assessment, name) for name in names}
    tables = table_frames(assessment)
    written = (*layers, *tables, "assessment")
    try:
        with postgis().engine(url).begin() as connection:
            connection.execute(sa.schema.CreateSchema(schema, if_not_exists=True))
            _make_room(connection, schema, written, shown)
            for name, frame in (layers | tables).items():
                _write_frame(connection, schema, name, frame)
            _write_document(connection, schema, assessment)
            for name in written:
                mark = sa.Table(name, sa.MetaData(), schema=schema, comment=_MARK)
                connection.execute(sa.schema.SetTableComment(mark))
    except SourceError as error:
        raise OutputError(f"{shown}: {error.params.get('detail', error)}") from error
    except sa.exc.SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        raise OutputError(f"{shown}: {' '.join(str(cause).split())}") from error
    return written


def _make_room(connection: Any, schema: str, names: tuple[str, ...], shown: str) -> None:
    """Drop what an earlier assessment wrote; refuse where a table is not ours."""
    there = dict(tuple(row) for row in connection.execute(sa.text(_OURS), {"schema": schema}))
    foreign = [name for name in names if name in there and there[name] != _MARK]
    if foreign:
        held = ", ".join(f"{schema}.{name}" for name in foreign)
        raise OutputError(f"{shown}: not written by lifecircle, left alone: {held}")
    for name in names:
        if name in there:
            connection.execute(sa.schema.DropTable(sa.Table(name, sa.MetaData(), schema=schema)))


def _write_document(connection: Any, schema: str, assessment: Assessment) -> None:
    table = sa.Table(
        "assessment",
        sa.MetaData(),
        sa.Column("study", sa.Text),
        sa.Column("as_of", sa.Date),
        sa.Column("document", JSONB),
        schema=schema,
    )
    connection.execute(sa.schema.CreateTable(table))
    # jsonb holds no NUL; a name from a file may
    text = json.dumps(document(assessment), ensure_ascii=False).replace("\\u0000", "")
    row = {
        "study": assessment.study.replace("\0", ""),
        "as_of": assessment.as_of,
        "document": json.loads(text),
    }
    connection.execute(sa.insert(table), row)


def _write_frame(connection: Any, schema: str, name: str, frame: pd.DataFrame) -> None:
    """Write one table; whether a column holds figures is told by the frame, not by its values."""
    spatial = isinstance(frame, gpd.GeoDataFrame)
    shapes = str(frame.geometry.name) if spatial else ""
    srid = (frame.crs.to_epsg() or 0) if spatial and frame.crs is not None else 0
    table = sa.Table(
        name,
        sa.MetaData(),
        *(sa.Column(column, _type(frame, column)) for column in frame if column != shapes),
        *([sa.Column(shapes, Geometry("GEOMETRY", srid))] if spatial else []),
        schema=schema,
    )
    connection.execute(sa.schema.CreateTable(table))
    rows = _rows(frame, shapes, srid)
    if rows:
        connection.execute(sa.insert(table), rows)
    if spatial:
        index = sa.Index(None, table.c[shapes], postgresql_using="gist")
        connection.execute(sa.schema.CreateIndex(index))


def _rows(frame: pd.DataFrame, shapes: str, srid: int) -> list[dict[str, Any]]:
    """Return a table row by row, gaps as None; ``shapes``: the column of geometry, if any."""
    columns = {
        column: [None if pd.isna(v) else v for v in frame[column].astype(object)]
        for column in frame
        if column != shapes
    }
    if shapes:
        columns[shapes] = [
            None if shape is None else WKBElement(shapely.to_wkb(shape), srid)
            for shape in frame[shapes]
        ]
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _type(frame: pd.DataFrame, column: str) -> Any:
    values = frame[column]
    if pd.api.types.is_bool_dtype(values):
        return sa.Boolean
    return sa.Double if pd.api.types.is_numeric_dtype(values) else sa.Text
