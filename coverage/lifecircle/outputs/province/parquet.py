"""``province.parquet``: a row an area and clause, with its shape, for GIS and databases."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

if TYPE_CHECKING:
    from pathlib import Path

    from lifecircle.model.results.province import Province

__all__ = ["has_parquet", "province_frame", "write_province_parquet"]

_COLUMNS = (
    "county",
    "code",
    "name",
    "level",
    "state",
    "approximate",
    "standard",
    "clause",
    "scenario",
    "stage",
    "target",
    "status",
    "basis",
    "rate",
    "numerator",
    "denominator",
    "not_assessed",
    "low",
    "high",
)


def has_parquet() -> bool:
    """Return whether GeoParquet can be written: extra ``fast-io``."""
    return find_spec("pyarrow") is not None


def province_frame(province: Province) -> gpd.GeoDataFrame:
    """Return a row an area and clause in the order of both; a county without a result has one.

    ``rate``, ``low`` and ``high`` are shares from 0 to 1; EPSG:4326.
    """
    rows, shapes = [], []
    for area in province.areas:
        about = {
            "county": area.county,
            "code": area.code,
            "name": area.name,
            "level": "county" if area.code is None else "township",
            "state": area.state,
            "approximate": area.approximate,
        }
        told = 0
        for number, clause in enumerate(province.clauses):
            rate = province.rate_of(number, area)
            own = [one for one in clause.counties if one.county == area.county]
            if not own or (rate is None and area.code is not None):
                continue
            told += 1
            figures = ("basis", "rate", "numerator", "denominator", "not_assessed", "low", "high")
            rows.append(
                {
                    **about,
                    "standard": clause.standard,
                    "clause": clause.id,
                    "scenario": clause.scenario,
                    "stage": clause.stage,
                    "target": clause.target,
                    "status": str(own[0].status) if area.code is None else None,
                    **({} if rate is None else {name: getattr(rate, name) for name in figures}),
                }
            )
            shapes.append(area.shape)
        if not told:
            rows.append(about)
            shapes.append(area.shape)
    frame = pd.DataFrame(rows, columns=list(_COLUMNS))
    texts = ("county", "code", "name", "level", "state", "standard", "clause", "scenario", "stage")
    typed = dict.fromkeys((*texts, "status", "basis"), "string") | {"approximate": "boolean"}
    numbers = dict.fromkeys(set(_COLUMNS) - set(typed), "float64")
    return gpd.GeoDataFrame(frame.astype({**typed, **numbers}), geometry=shapes, crs="EPSG:4326")


def write_province_parquet(province: Province, path: Path) -> Path:
    """Write the table as GeoParquet and return the path."""
    province_frame(province).to_parquet(path, index=False)
    return path
