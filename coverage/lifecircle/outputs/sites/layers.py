"""``sites.gpkg``: the places of a plan and lines to whom they serve, for a GIS."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pandas as pd
import pyogrio

from lifecircle.model.results.plan_layers import link_layer, planned_layer
from lifecircle.outputs.project.told import plan_told
from lifecircle.outputs.saved.geopackage import fixed_clock
from lifecircle.outputs.saved.gpkg.verified import IncompleteError, verify_whole
from lifecircle.outputs.saved.qgis_styles import planned_style_rows
from lifecircle.outputs.whole import refused_by_library, whole_file

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from lifecircle.model.results.siting_plan import SitingPlan

__all__ = ["write_sites_layers"]


def write_sites_layers(plan: SitingPlan, path: Path) -> Path:
    """Write the layers ``sites`` and ``site_links`` to the GeoPackage ``path``; return the path.

    What is not known is NULL. Every file time is the plan's date, so that equal plans are equal
    bytes.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    told = plan_told(plan)
    described = {"DESCRIPTION": f"{told.title}\n{told.banner}"}
    layers = (
        ("sites", planned_layer(plan), "Point"),
        ("site_links", link_layer(plan), "LineString"),
    )
    styles = planned_style_rows("sites", plan.origin.language, plan.as_of)
    rows = {name: len(frame) for name, frame, _ in layers} | {"layer_styles": len(styles)}
    with whole_file(path) as part, fixed_clock(plan.as_of):
        try:
            for name, frame, kind in layers:
                pyogrio.write_dataframe(
                    _plain(frame),
                    part,
                    layer=name,
                    driver="GPKG",
                    geometry_type=kind,
                    layer_options=described,
                )
            pyogrio.write_dataframe(
                styles,
                part,
                layer="layer_styles",
                driver="GPKG",
                layer_options={"FID": "id"},
            )
            verify_whole(part, rows)
        except (*_REFUSALS, sqlite3.Error, IncompleteError) as error:
            raise refused_by_library(path, error) from error
    return path


_REFUSALS = (pyogrio.errors.DataSourceError, pyogrio.errors.FeatureError)


def _plain(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a layer with its id a column, in types that a database holds."""
    table = frame.reset_index()
    texts = [
        name
        for name in table.columns
        if name != table.geometry.name and not pd.api.types.is_numeric_dtype(table[name])
    ]
    return table.astype(dict.fromkeys(texts, "str"))
