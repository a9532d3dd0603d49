"""GeoParquet, and Parquet tables without geometry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from lifecircle.model.problem import ProblemCode
from lifecircle.sources.raw import SourceError
from lifecircle.sources.tables.vector import plain_columns

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["read_parquet"]


def read_parquet(path: Path) -> dict[str, Any]:
    """Return the fields of a RawTable from a Parquet file.

    Raises
    ------
    SourceError
        pyarrow (the extra ``fast-io``) is not installed.
    """
    try:
        import pyarrow.parquet as pq  # noqa: PLC0415 - an extra of 170 MB
    except ImportError as error:
        raise SourceError(ProblemCode.EXTRA_MISSING, extra="fast-io") from error
    kept = pq.read_schema(path).metadata or {}
    frame = gpd.read_parquet(path) if b"geo" in kept else pd.read_parquet(path)
    geometry = crs = None
    if isinstance(frame, gpd.GeoDataFrame):
        geometry = np.array(frame.geometry, dtype=object)
        crs = None if frame.crs is None else frame.crs.to_wkt()
        shapes = [name for name in frame if frame[name].dtype == "geometry"]
        frame = pd.DataFrame(frame.drop(columns=shapes))
    elif not isinstance(frame.index, pd.RangeIndex):
        frame = frame.reset_index()
    whole = {str(name) for name in frame if pd.api.types.is_integer_dtype(frame[name])}
    return {
        "frame": plain_columns(frame, whole),
        "rows": np.arange(1, len(frame) + 1, dtype=np.int64),
        "geometry": geometry,
        "crs": crs,
    }
