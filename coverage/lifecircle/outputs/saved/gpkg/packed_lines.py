"""Lines of very many vertices, packed: what a county's street base takes in a GeoPackage.

A GeoPackage has 16 bytes a vertex, and a county's streets have hundreds of thousands of them. A
layer of lines with more than ``MOST_VERTICES`` is kept as a table without geometry: how many lines
a row has in the column ``lines``, and the lines of all rows in the cell ``packed`` of the first, to
half a metre (25 cm to either side), a sixth as large. It is the ground of the map, drawn from the
study's own street file, which QGIS opens as it is.

The cell is a zlib stream of little-endian whole numbers without sign, byte by byte (the lowest byte
of every number first, then the next ones): how many lines there are, 32 bit; how many vertices each
has, 32 bit; the x of all vertices in half metres, each less the one before, 64 bit; then the y.
Numbers that may be negative are 0, -1, 1, -2 … as 0, 1, 2, 3 …
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lifecircle.outputs.saved.gpkg.shared_texts import cells, insert, register

if TYPE_CHECKING:
    import datetime as dt
    import sqlite3

    from numpy.typing import NDArray

__all__ = ["MOST_VERTICES", "PACKED", "is_packed", "unpacked", "write_packed"]

MOST_VERTICES = 50_000
PACKED = "packed"
"""Column of the lines; beside it ``lines``, how many a row has."""
_PER_M = 2.0


def is_packed(frame: gpd.GeoDataFrame) -> bool:
    """Return whether a layer is kept packed: lines only, flat, very many vertices."""
    shapes = frame.geometry.array
    return bool(
        shapely.get_num_coordinates(shapes).sum() > MOST_VERTICES
        and (shapely.get_dimensions(shapes) == 1).all()
        and not shapely.has_z(shapes).any()
    )


def write_packed(
    connection: sqlite3.Connection,
    name: str,
    frame: gpd.GeoDataFrame,
    day: dt.date,
    description: str = "",
) -> None:
    """Write a layer of lines as the table ``name``; every other column is text or a number."""
    rows = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    kinds = ["REAL" if pd.api.types.is_float_dtype(rows[c]) else "TEXT" for c in rows]
    typed = ", ".join(f'"{c}" {kind}' for c, kind in zip(rows, kinds, strict=True))
    connection.execute(
        f'CREATE TABLE "{name}" (fid INTEGER PRIMARY KEY NOT NULL, {typed}, '
        f'"lines" INTEGER, "{PACKED}" BLOB)'
    )
    shapes = frame.geometry.array
    number = shapely.get_num_geometries(shapes).tolist()
    packed = [_cell(shapes), *([None] * (len(rows) - 1))]
    values = [*(cells(rows[c]) for c in rows), number, packed]
    insert(connection, name, [*rows, "lines", PACKED], values)
    register(connection, name, day, description)


def unpacked(frame: pd.DataFrame, crs: str) -> gpd.GeoDataFrame:
    """Return a table that ``write_packed`` wrote as the layer it was, to 25 cm.

    Raises
    ------
    ValueError
        A cell is damaged.
    """
    try:
        lines = _lines(frame[PACKED].iloc[0])
        number = frame["lines"].to_numpy(dtype=np.int64)
    except (zlib.error, TypeError, IndexError, shapely.GEOSException) as error:
        raise ValueError(str(error)) from error
    if (number < 1).any() or number.sum() != len(lines):
        raise ValueError("another number of lines than the rows have")
    if (number > 1).any():
        lines = shapely.multilinestrings(lines, indices=np.repeat(np.arange(len(number)), number))
    return gpd.GeoDataFrame(frame.drop(columns=["lines", PACKED]), geometry=lines, crs=crs)


def _cell(shapes: NDArray[np.object_]) -> bytes:
    parts = shapely.get_parts(np.asarray(shapes, dtype=object))
    whole = np.rint(shapely.get_coordinates(parts) * _PER_M).astype("<i8")
    steps = np.diff(whole, axis=0, prepend=np.zeros((1, 2), dtype="<i8"))
    count = shapely.get_num_coordinates(parts).astype("<u4")
    # of steps nothing but runs comes again: to look for more takes five times as long for nothing
    stream = zlib.compressobj(strategy=zlib.Z_RLE)
    told = (
        np.uint32(len(parts)).astype("<u4").tobytes(),
        _planes(count),
        _planes(_unsigned(steps[:, 0])),
        _planes(_unsigned(steps[:, 1])),
    )
    return b"".join((*map(stream.compress, told), stream.flush()))


def _unsigned(steps: NDArray[np.int64]) -> NDArray[np.int64]:
    found: NDArray[np.int64] = (steps << 1) ^ (steps >> 63)
    return found


def _planes(values: NDArray[Any]) -> bytes:
    return np.ascontiguousarray(values).reshape(-1, 1).view(np.uint8).T.tobytes()


def _lines(cell: bytes) -> NDArray[np.object_]:
    raw = np.frombuffer(zlib.decompress(cell), dtype=np.uint8)
    number = int(raw[:4].view("<u4")[0])
    count, rest = _numbers(raw[4:], number, "<u4")
    x, rest = _numbers(rest, int(count.sum()), "<i8")
    y, rest = _numbers(rest, int(count.sum()), "<i8")
    if len(rest):
        raise IndexError("more bytes than numbers")
    steps = np.column_stack([x, y])
    xy = np.cumsum((steps >> 1) ^ -(steps & 1), axis=0) / _PER_M
    lines: NDArray[np.object_] = shapely.linestrings(
        xy, indices=np.repeat(np.arange(number), count.astype(np.int64))
    )
    return lines


def _numbers(raw: NDArray[np.uint8], number: int, kind: str) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return so many numbers of a kind, and the bytes behind them."""
    size = np.dtype(kind).itemsize
    if len(raw) < size * number:
        raise IndexError("fewer bytes than numbers")
    planes = raw[: size * number].reshape(size, number)
    return np.ascontiguousarray(planes.T).view(kind).ravel(), raw[size * number :]
