"""The places of a siting plan as layers: where they are, and whom they serve."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
from shapely import LineString, Point

if TYPE_CHECKING:
    from lifecircle.model.results.siting_plan import SitingPlan

__all__ = ["link_layer", "planned_layer"]

_FIGURES = ("size_m2", "floor_area_m2", "land_m2", "beds", "cost")
_LINK_COLUMNS = (
    "id",
    "site",
    "residential",
    "name",
    "households",
    "m2",
    "cost",
    "unit",
    "gained",
)


def planned_layer(plan: SitingPlan) -> gpd.GeoDataFrame:
    """Return the places in the order of building, one point each; index: the candidate's id.

    ``households`` are of the areas served that are known, ``households_missing`` how many are not.
    """
    rows = [
        {
            "sequence": place.sequence,
            "facility": place.facility,
            "name": place.name,
            "nature": place.nature,
            "kind": place.kind,
            "unit": place.unit,
            "community": place.community,
            "size_m2": place.size_m2,
            "floor_area_m2": place.floor_area_m2,
            "land_m2": place.land_m2,
            "beds": place.beds,
            "cost": place.cost,
            "serves": ";".join(one.area for one in place.serves),
            "households": place.households,
            "households_missing": sum(one.households is None for one in place.serves),
            "gains": ";".join(place.gains),
            "gained_weight": place.gained_weight,
            "to_check": ";".join(place.to_check),
            "clause": plan.clause,
        }
        for place in plan.places
    ]
    index = pd.Index([place.candidate for place in plan.places], name="id", dtype=object)
    frame = pd.DataFrame(rows, index=index).astype(dict.fromkeys(_FIGURES if rows else (), float))
    spots = [Point(place.x, place.y) for place in plan.places]
    return gpd.GeoDataFrame(frame, geometry=spots, crs=plan.crs)


def link_layer(plan: SitingPlan) -> gpd.GeoDataFrame:
    """Return a straight line from every place to every area it serves whose place is known."""
    spots = {area.id: area for area in plan.origin.areas}
    rows, lines = [], []
    for place in plan.places:
        for one in place.serves:
            area = spots[one.area]
            if area.x is None or area.y is None:
                continue
            rows.append(
                {
                    "id": f"{place.candidate} {one.area}",
                    "site": place.candidate,
                    "residential": one.area,
                    "name": one.name,
                    "households": one.households,
                    "m2": one.m2,
                    "cost": one.cost,
                    "unit": plan.unit,
                    "gained": one.gained,
                }
            )
            lines.append(LineString([(place.x, place.y), (area.x, area.y)]))
    frame = pd.DataFrame(rows, columns=_LINK_COLUMNS).set_index("id")
    figures = dict.fromkeys(("households", "m2", "cost"), float)
    return gpd.GeoDataFrame(frame.astype(figures), geometry=lines, crs=plan.crs)
