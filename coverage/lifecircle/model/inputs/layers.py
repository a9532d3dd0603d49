"""Layers: frozen wrappers around tables, ids unique, projected CRS in metres.

Columns are those of ``columns.toml`` (all present, missing values as NaN/None) plus, where said,
columns that intake derives. Geometry may be None (place unknown), never empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import shapely
from pyproj import CRS

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "AS_READ",
    "GATE_SOURCES",
    "HOUSE",
    "HOUSE_ASTRAY",
    "M2_MOST",
    "MAY_SERVE",
    "NEAR_AS_READ",
    "REPEATS",
    "ROUNDED",
    "ROUNDED_UNITS",
    "Layer",
    "LayerError",
]

AS_READ = "as_read"
"""Column of rows that may lie elsewhere (``Study.homes``): their shape as it was read."""

GATE_SOURCES = ("given", "osm", "infer", "none")
"""Where a study takes its gates from: the layer it hands in; besides, for areas without one, the
gates of the street data on their outline; or the places where a street crosses it; or none at
all: every area is open on all sides."""

REPEATS = "repeats"
"""Column of a layer that may have rows twice: of such a row the id of the one that counts, else
None. A layer without such rows has no such column."""
HOUSE = "house"
"""Column of facilities of which several may be one house under two names: the id of the first of
them, else None. A layer without such rows has no such column."""
HOUSE_ASTRAY = "house_astray"
"""Column beside it: whether the rows of the house stand by other areas, each as it is written, or
one has a record of whom it serves, and another without one stands by somebody else."""

M2_MOST = "m2_most"
"""Column of facilities, m²: how large their rooms may be of which a part is larger than the whole,
as one of the two figures is wrong; NaN of others. A layer without such rows has no such column."""
MAY_SERVE = "may_serve"
"""Column of facilities of which some are handed over and have a day of opening that is past: those
are perhaps in use. A layer without such rows has no such column."""
ROUNDED = "rounded_m"
"""Column of areas and facilities, metres: how far off their coordinates may be that have too few
decimals; 0 or NaN: they are not rounded. A layer without such rows has no such column."""
ROUNDED_UNITS = "rounded_units"
"""Column of facilities, of those in a unit by their position alone: the codes, by blanks, of other
units in which a rounded one may lie; else None. A layer without such rows has no such column."""
NEAR_AS_READ = "near_as_read"
"""Column of facilities, a JSON list of the areas that lie near by a position that is not taken for
known, since something contradicts it: their own, or the area's. Else None. Where no position is
contradicted a layer has no such column."""


class LayerError(ValueError):
    """A layer breaks its contract: a mistake of the program, not of the user's data."""


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """One layer of a study.

    Parameters
    ----------
    name
        ``residential``, ``facilities``, ``units``, ``candidates``, ``gates`` or ``buildings``.
    frame
        Index ``id`` (text, unique); columns by the column dictionary; geometry in a projected
        CRS with metre axes. Do not edit it: every part reads the same frame.
    """

    name: str
    frame: gpd.GeoDataFrame

    def __post_init__(self) -> None:
        frame = self.frame
        if not isinstance(frame, gpd.GeoDataFrame):
            raise LayerError(f"{self.name}: not a GeoDataFrame")
        if frame.index.name != "id" or not frame.index.is_unique:
            raise LayerError(f"{self.name}: the index must be the unique 'id'")
        crs = CRS.from_user_input(frame.crs) if frame.crs is not None else None
        if crs is None or not crs.is_projected or crs.axis_info[0].unit_name != "metre":
            raise LayerError(f"{self.name}: needs a projected CRS in metres, got {crs}")
        if shapely.is_empty(frame.geometry.to_numpy()).any():
            raise LayerError(f"{self.name}: empty geometry")

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def crs(self) -> Any:
        """CRS of the geometry."""
        return self.frame.crs

    @property
    def located(self) -> pd.Series[bool]:
        """Whether each row's place is known (bool, by id)."""
        known: pd.Series[bool] = self.frame.geometry.notna()
        return known
