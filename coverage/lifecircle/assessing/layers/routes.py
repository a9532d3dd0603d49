"""Routing: the way of the walks that are too long, for the map and to say why they are."""

from __future__ import annotations

import dataclasses
from itertools import groupby
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lifecircle.assessing.layers.results import shaped
from lifecircle.case.tables import group_membership, walk_limit_m
from lifecircle.model.results.assessment import LAYER_COLUMNS
from lifecircle.reach.areas.demand import located
from lifecircle.reach.context import of_areas
from lifecircle.reach.search.route import Wayfinder
from lifecircle.reach.search.travel import handicapped_tree
from lifecircle.reach.walks import walks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from lifecircle.model.inputs.study import Study
    from lifecircle.model.tables import Tables
    from lifecircle.reach.context import ReachContext

__all__ = ["route_layer"]


def route_layer(
    study: Study, context: ReachContext, tables: Tables, disagreements: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Return the walk to the nearest facility of every area in ``disagreements``.

    From the area's representative point, by its gate where it has gates, to the street, along the
    streets, and to the facility; with the streets' names in order, the metres of stairs and those
    by ferry. A walk beyond the search limit has no route.
    """
    rows: list[dict[str, Any]] = []
    for group, listed in disagreements.groupby("reach_group", sort=False):
        rows += _routes(study, context, tables, str(group), listed)
    order = {name: i for i, name in enumerate(disagreements.index)}
    rows.sort(key=lambda row: order[row["id"]])
    columns = ["id", *LAYER_COLUMNS["routes"], "geometry"]
    stops = [row["geometry"] for row in rows]
    if stops:
        each = np.repeat(np.arange(len(stops)), list(map(len, stops)))
        lines = shapely.linestrings(np.concatenate(stops), indices=each)
        shapes = shapely.remove_repeated_points(lines)
        rows = [row | {"geometry": shape} for row, shape in zip(rows, shapes, strict=True)]
    table = pd.DataFrame(rows, columns=columns).set_index("id")
    return shaped("routes", gpd.GeoDataFrame(table, geometry="geometry", crs=study.crs))


def _routes(
    study: Study, context: ReachContext, tables: Tables, group: str, listed: gpd.GeoDataFrame
) -> Iterator[dict[str, Any]]:
    """Yield what is told of each way, with the vertices that it runs through as ``geometry``."""
    network, facilities = context.network, context.facilities
    if network is None or facilities is None or context.travel is not None:
        return
    certain = (group_membership(tables, group) == 1) & located(context.facility_xy)
    limit = max(study.parameters.search_limit_m, tables.reach[group].walk_m_limit)
    supply = facilities.of(certain)
    tree = handicapped_tree(network, supply, limit)
    at = context.residential.frame.index.get_indexer(listed["residential"])
    own, place = np.unique(at, return_inverse=True)
    # few areas of a county have a way that is shown
    context = of_areas(dataclasses.replace(context, wider=None), own)
    if (origins := context.origins) is None:
        return
    found = walks(context, certain, limit, tree=tree)
    points = context.demand.representative[place]
    led = found.origin[points] >= 0
    points, starts = points[led], origins.take(found.origin[points[led]])
    ways = Wayfinder(network).to_nearest(starts, supply, limit_m=limit, tree=tree)
    streets = None if study.streets is None else study.streets.tags["name"].to_numpy()
    rows = zip(listed.index[led], listed["residential"][led], listed["name"][led], strict=True)
    for (name, area, called), point, way in zip(rows, points, ways, strict=True):
        if way is None:
            continue
        walk, access, egress = (a[point] for a in (found.walk_m, found.access_m, found.egress_m))
        stops = [
            context.demand.point_xy[[point]],
            context.demand.origin_xy[found.origin[[point]]],
            shapely.get_coordinates(way.geometry),
            context.facility_xy[found.facility[[point]]],
        ]
        yield {
            "id": name,
            "residential": area,
            "name": called,
            "reach_group": group,
            "facility": context.facility_ids[found.facility[point]],
            "walk_m": walk,
            "walk_min": walk / walk_limit_m(study, 1.0),
            "access_m": access,
            "network_m": walk - access - egress,
            "egress_m": egress,
            "streets": _names(streets, network.edge_way[way.edges]),
            "steps_m": way.steps_m,
            "ferry_m": way.ferry_m,
            "geometry": np.concatenate(stops),  # made a line beside all others
        }


def _names(streets: NDArray[Any] | None, ways: NDArray[np.int64]) -> str | None:
    """Return the names of the streets walked, in order, each once in a row; None without any."""
    if streets is None:
        return None
    told = [str(name) for name in streets[ways] if isinstance(name, str) and name]
    return "、".join(name for name, _ in groupby(told)) or None
