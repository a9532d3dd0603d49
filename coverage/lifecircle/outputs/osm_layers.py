"""Layers out of OpenStreetMap as editable GeoPackages, with the headers that planners write."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pyogrio

from lifecircle.errors import OutputError
from lifecircle.model.dictionary import columns
from lifecircle.outputs.saved.geopackage import fixed_clock
from lifecircle.outputs.whole import refused_by_library, whole_file
from lifecircle.sources.osm_features import TAGS_COLUMN
from lifecircle.texts import word

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd

__all__ = ["CREDIT_NAME", "write_osm_layers"]

CREDIT_NAME = "SOURCE.txt"
_CREDIT = """数据来源 / source: {source}
© OpenStreetMap contributors (© OpenStreetMap 贡献者)
Open Database License (ODbL) 1.0: https://www.openstreetmap.org/copyright
使用、转发这些图层及其修改稿时须注明以上来源，并沿用同一许可。
Whoever uses or passes on these layers, changed or not, names this source and keeps the licence.
"""
_DAY = dt.date(1970, 1, 1)
"""The files' date: equal data are equal bytes."""


def write_osm_layers(
    layers: Mapping[str, gpd.GeoDataFrame], folder: Path, source: str, language: str
) -> dict[str, Path]:
    """Write one GeoPackage a layer and the attribution; return layer → file.

    Headers are Chinese, out of the column dictionary, so that a study reads the files as they
    are. A file that is there already is an editor's work and is never overwritten.

    Raises
    ------
    OutputError
        A file exists already (then nothing is written), or cannot be written.
    """
    files = {name: folder / f"{name}.gpkg" for name in layers}
    there = next((file for file in files.values() if file.exists()), None)
    if there is not None:
        raise OutputError(str(there))
    for name, frame in layers.items():
        headers = {
            column: spec.aliases[0] for column, spec in columns(name).items() if column in frame
        }
        headers[TAGS_COLUMN] = "OSM标签"
        with whole_file(files[name]) as part, fixed_clock(_DAY):
            try:
                pyogrio.write_dataframe(
                    frame.rename(columns=headers),
                    part,
                    layer=word("layer", name, language),
                    driver="GPKG",
                    geometry_type=_KINDS.get(name, "Unknown"),
                )
            except (pyogrio.errors.DataSourceError, pyogrio.errors.FeatureError) as error:
                raise refused_by_library(files[name], error) from error
    with whole_file(folder / CREDIT_NAME) as part:
        part.write_text(_CREDIT.format(source=source), encoding="utf-8", newline="\n")
    return files


_KINDS = {"facilities": "Point", "gates": "Point"}
