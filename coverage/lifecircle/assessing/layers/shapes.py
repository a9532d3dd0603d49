"""Shapes: layers that are drawn only, service areas, reached streets, the base of the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lifecircle.assessing.layers.results import shaped
from lifecircle.assessing.layers.strung import strung_streets
from lifecircle.case.tables import group_membership, walk_limit_m
from lifecircle.model.inputs.streets import LEG_BARRIERS
from lifecircle.reach.areas.service_area import radius_area, reached_lines, walk_area
from lifecircle.reach.areas.trails import strung

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
    "streets_reached",
]

_STREET_COLUMNS = ("name", "highway")
_DIGITS = 13
"""Decimals that minutes are looked for with."""
_MANY_PIECES = 5_000
MANY_STREETS = 20_000
"""Pieces above which a layer of one row a piece is too much for a map's base."""


def streets_reached(context: ReachContext, tables: Tables) -> dict[str, NDArray[np.object_]]:
    """Return reach group → lines from which it is within the walk; nothing without streets."""
    network, places = context.network, context.facilities
    if network is None or places is None:
        return {}
    return {
        group: reached_lines(network, places.of(_certain(tables, group)), table.walk_m_limit)
        for group, table in tables.reach.items()
    }


def service_area_layer(
    study: Study,
    context: ReachContext,
    tables: Tables,
    reached: Mapping[str, NDArray[np.object_]],
) -> gpd.GeoDataFrame:
    """Return the radius circles and the surface beside the streets reached, group by group."""
    rows = []
    for group, table in tables.reach.items():
        certain = _certain(tables, group)
        circle = radius_area(context.facility_xy[certain], table.radius_m_limit)
        rows.append((f"{group}:radius", group, "radius", table.radius_m_limit, "m", circle))
        if group in reached:
            minutes = _minutes(study, table.walk_m_limit)
            surface = walk_area(reached[group])
            rows.append((f"{group}:walk", group, "walk", minutes, "min", surface))
    names = ["id", "reach_group", "method", "threshold", "unit", "geometry"]
    return shaped("service_areas", _frame(rows, names, study.crs))


def reached_street_layer(
    study: Study, tables: Tables, reached: Mapping[str, NDArray[np.object_]]
) -> gpd.GeoDataFrame:
    """Return the streets from which each reach group is within the walk."""
    rows = []
    for group, lines in reached.items():
        minutes = _minutes(study, tables.reach[group].walk_m_limit)
        many = len(lines) > _MANY_PIECES
        drawn = strung(lines) if many else shapely.MultiLineString(lines.tolist())
        rows.append((group, group, minutes, "min", drawn))
    names = ["id", "reach_group", "threshold", "unit", "geometry"]
    return shaped("reached_streets", _frame(rows, names, study.crs))


def _minutes(study: Study, limit_m: float) -> float:
    """Return the minutes of which a limit is the walk, as they were said: 15, not 14.999….

    That is the shortest decimal figure whose walk is exactly so many metres.
    """
    exact = limit_m / walk_limit_m(study, 1.0)
    rounded = (round(exact, digits) for digits in range(_DIGITS))
    return next((told for told in rounded if walk_limit_m(study, told) == limit_m), exact)


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
    """Return the streets as drawn, for the map's base; very many are strung together."""
    lines = study.streets
    if lines is None or not len(lines):
        return shaped("streets", gpd.GeoDataFrame({"name": []}, geometry=[], crs=study.crs))
    if len(lines) > MANY_STREETS:
        frame = strung_streets(lines, _STREET_COLUMNS)
    else:
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
