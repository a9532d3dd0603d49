"""Rows of a table written as a file of their own, cell by cell as they were."""

from __future__ import annotations

import csv
import datetime as dt
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio

from lifecircle.outputs.office.excel import book_bytes, first_worksheet, new_book
from lifecircle.outputs.saved.geopackage import fixed_clock
from lifecircle.sources.raw import shown
from lifecircle.sources.tables.shapefile.carried import carried_note

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from lifecircle.sources.raw import RawTable

__all__ = ["parted_cells", "write_rows"]

_DAY = dt.date(2000, 1, 1)
_PLAIN = (str, bool, int, float, dt.date, dt.datetime, dt.time)


def write_rows(raw: RawTable, at: Sequence[int], folder: Path, name: str) -> str:
    """Write some rows of a table, and return the file's name.

    With shapes it is a GeoPackage in the table's own system, with a note of what a shapefile says
    beside its cells, a workbook where a cell is no text,
    else separated text in UTF-8. Cells merged over several rows are merged again over those of
    them that are written, where all are; else a figure in one belongs to none of them and is left
    out (:func:`parted_cells` names them). The same rows are the same bytes.

    Parameters
    ----------
    at
        Positions of the rows, in order.
    name
        Of the file, without its ending.
    """
    frame = raw.frame.drop(columns=list(raw.constants)).iloc[list(at)].reset_index(drop=True)
    frame = frame.astype(object).where(frame.notna(), None)
    if raw.geometry is not None:
        return _layer(raw, frame, at, folder / f"{name}.gpkg")
    cells = [value for column in frame for value in frame[column].tolist() if value is not None]
    if raw.sheet is None and all(isinstance(value, str) for value in cells):
        return _text(frame, folder / f"{name}.csv")
    return _book(raw, frame, at, folder / f"{name}.xlsx")


def parted_cells(raw: RawTable, homes: Sequence[str | None]) -> list[tuple[int, str]]:
    """Return position and header of the first row of cells merged over rows of several counties."""
    found = []
    for header, of in raw.shared.items():
        for first, number in dict.fromkeys(of.values()):
            if len({homes[at] for at in range(first, min(first + number, len(homes)))}) > 1:
                found.append((first, header))
    return sorted(found)


def _text(frame: pd.DataFrame, path: Path) -> str:
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream, lineterminator="\n")
        rows.writerow(frame.columns)
        rows.writerows(frame.itertuples(index=False, name=None))
    return path.name


def _book(raw: RawTable, frame: pd.DataFrame, at: Sequence[int], path: Path) -> str:
    book = new_book()
    worksheet = first_worksheet(book, raw.sheet or "Sheet1")
    worksheet.append(list(frame.columns))
    place = {position: number for number, position in enumerate(at, start=2)}
    for column, header in enumerate(frame.columns, start=1):
        groups = raw.shared.get(header, {})
        values = dict(zip(at, frame[header].tolist(), strict=True))
        for position, value in values.items():
            cell = worksheet.cell(place[position], column)
            formula = raw.uncomputed.get((position, header))
            cell.value = _cell(value) if formula is None else formula
            if formula is None and isinstance(value, str):
                cell.data_type = "s"  # a text that begins with = is no formula
            if (
                position in groups
                and not isinstance(value, str)
                and not _whole(groups[position], place)
            ):
                cell.value = None
        for first, number in dict.fromkeys(groups.values()):
            if _whole((first, number), place):
                rows = place[first], place[first + number - 1]
                worksheet.merge_cells(
                    start_row=rows[0], end_row=rows[1], start_column=column, end_column=column
                )
    path.write_bytes(book_bytes(book, _DAY))
    return path.name


def _whole(group: tuple[int, int], place: Mapping[int, int]) -> bool:
    """Return whether all rows of a merged cell are written, one below the other."""
    first, number = group
    rows = [place.get(position) for position in range(first, first + number)]
    start = rows[0]
    return start is not None and rows == list(range(start, start + number))


def _cell(value: Any) -> Any:
    if hasattr(value, "item"):
        value = value.item()
    return value if value is None or isinstance(value, _PLAIN) else shown(value)


def _layer(raw: RawTable, frame: pd.DataFrame, at: Sequence[int], path: Path) -> str:
    typed = pd.DataFrame({column: _typed(frame[column]) for column in frame})
    shapes = np.asarray(raw.geometry, dtype=object)[list(at)]
    layer = gpd.GeoDataFrame(typed, geometry=gpd.GeoSeries(shapes, crs=raw.crs))
    kinds = {shape.geom_type for shape in shapes if shape is not None}
    kind = next(iter(kinds)) if len(kinds) == 1 else "Unknown"
    with fixed_clock(_DAY):
        pyogrio.write_dataframe(
            layer,
            path,
            layer=path.stem,
            geometry_type=kind,
            promote_to_multi=False,
            layer_metadata=carried_note(raw, at) or None,
        )
    return path.name


def _typed(column: pd.Series[Any]) -> pd.Series[Any]:
    """Return a column in one type that a database has: numbers and dates stay, else it is text."""
    values = [_cell(value) for value in column.tolist()]
    there = {type(value) for value in values if value is not None}
    if there <= {bool}:
        return pd.Series(values, dtype="boolean")
    if there <= {int}:
        return pd.Series(values, dtype="Int64")
    if there <= {int, float}:
        return pd.Series([np.nan if v is None else float(v) for v in values], dtype=float)
    if there <= {dt.datetime}:
        return pd.to_datetime(pd.Series(values))
    texts = [None if value is None else shown(value) for value in values]
    return pd.Series(texts, dtype=object)
