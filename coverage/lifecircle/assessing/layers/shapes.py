"""Shapes: layers that are drawn only, service areas, reached streets, the base of the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lifecircle.assessing.layers.results import shaped
from lifecircle.case.tables import group_membership, walk_limit_m
from lifecircle.model.inputs.streets import LEG_BARRIERS
from lifecircle.reach.areas.service_area import radius_area, reached_streets, walk_area

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lifecircle.model.inputs.study import Study
    from lifecircle.model.tables import Tables
    from lifecircle.reach.context import ReachContext

__all__ = [
    "barrier_layer",
    "gate_layer",
    "reached_street_layer",
    "service_area_layer",
    "street_layer",
]

_STREET_COLUMNS = ("name", "highway")


def service_area_layer(study: Study, context: ReachContext, tables: Tables) -> gpd.GeoDataFrame:
    """Return the radius circles and the walked surface of every reach group, united."""
    rows = []
    for group, table in tables.reach.items():
        certain = _certain(tables, group)
        circle = radius_area(context.facility_xy[certain], table.radius_m_limit)
        rows.append((f"{group}:radius", group, "radius", table.radius_m_limit, "m", circle))
        if context.network is not None and context.facilities is not None:
            streets = reached_streets(
                context.network, context.facilities.of(certain), table.walk_m_limit
            )
            minutes = table.walk_m_limit / walk_limit_m(study, 1.0)
            rows.append((f"{group}:walk", group, "walk", minutes, "min", walk_area(streets)))
    names = ["id", "reach_group", "method", "threshold", "unit", "geometry"]
    return shaped("service_areas", _frame(rows, names, study.crs))


def reached_street_layer(study: Study, context: ReachContext, tables: Tables) -> gpd.GeoDataFrame:
    """Return the streets from which each reach group is within the walk."""
    rows = []
    if context.network is not None and context.facilities is not None:
        for group, table in tables.reach.items():
            streets = reached_streets(
                context.network,
                context.facilities.of(_certain(tables, group)),
                table.walk_m_limit,
            )
            minutes = table.walk_m_limit / walk_limit_m(study, 1.0)
            rows.append((group, group, minutes, "min", streets))
    names = ["id", "reach_group", "threshold", "unit", "geometry"]
    return shaped("reached_streets", _frame(rows, names, study.crs))


def _certain(tables: Tables, group: str) -> NDArray[np.bool_]:
    certain: NDArray[np.bool_] = (group_membership(tables, group) == 1) & tables.facilities[
        "x"
    ].notna().to_numpy()
    return certain


def _frame(rows: Sequence[tuple[Any, ...]], names: list[str], crs: str) -> gpd.GeoDataFrame:
    rows = [row for row in rows if not row[-1].is_empty]
    table = pd.DataFrame(rows, columns=names).set_index("id")
    return gpd.GeoDataFrame(table, geometry="geometry", crs=crs)


def gate_layer(study: Study) -> gpd.GeoDataFrame:
    """Return the gates of the study."""
    if study.gates is None:
        return shaped("gates", gpd.GeoDataFrame({"residential": []}, geometry=[], crs=study.crs))
    return shaped("gates", study.gates.frame)


def street_layer(study: Study) -> gpd.GeoDataFrame:
    """Return the streets as drawn, for the map's base."""
    lines = study.streets
    if lines is None or not len(lines):
        return shaped("streets", gpd.GeoDataFrame({"name": []}, geometry=[], crs=study.crs))
    way = np.repeat(np.arange(len(lines)), np.diff(lines.way_start))
    frame = gpd.GeoDataFrame(
        {name: lines.tags[name].to_numpy() for name in _STREET_COLUMNS},
        geometry=shapely.linestrings(lines.vertex_xy[lines.way_vertex], indices=way),
        crs=study.crs,
    )
    frame.index = pd.Index([f"S{i}" for i in range(1, len(frame) + 1)], name="id")
    return shaped("streets", frame)


def barrier_layer(study: Study) -> gpd.GeoDataFrame:
    """Return the barriers as read, without those of short legs only."""
    found = None if study.streets is None else study.streets.barriers
    if found is not None:
        found = found[~found["barrier"].isin(LEG_BARRIERS)]
    if found is None or found.empty:
        return shaped("barriers", gpd.GeoDataFrame({"barrier": []}, geometry=[], crs=study.crs))
    frame = found.copy()
    frame.index = pd.Index([f"B{i}" for i in range(1, len(frame) + 1)], name="id")
    return shaped("barriers", frame)
