"""The facilities of a future: what is planned does not stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.model.status import Stage

if TYPE_CHECKING:
    import geopandas as gpd

    from lifecircle.model.results.siting_plan import SitingPlan

__all__ = ["as_planned"]

_IN_USE_NOW = "expand"
"""Nature of a place that stands, and is only enlarged."""


def as_planned(facilities: gpd.GeoDataFrame, plan: SitingPlan | None) -> gpd.GeoDataFrame:
    """Return the facility layer with the stage ``planned`` where a plan builds what is not in use.

    They are judged as in use; what is told of them is that they do not stand.
    """
    if plan is None:
        return facilities
    built = [place.facility for place in plan.places if place.nature != _IN_USE_NOW]
    stage = facilities["stage"].where(~facilities.index.isin(built), str(Stage.PLANNED))
    return facilities.assign(stage=stage)
