"""How far areas have to go, where doubted positions decide whether that is too far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.model.status import Coverage, Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd
    import pandas as pd

__all__ = ["opened_coverage", "opened_reach"]


def opened_reach(reach: pd.DataFrame, others: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return the reach table; a status that is another elsewhere (``others``) is not assessed."""
    found, keys = reach, ["residential", "reach_group"]
    for other in others:
        there = reach[keys].merge(other, on=keys, how="left")
        for name in ("radius_status", "walk_status"):
            same = (there[name] == reach[name].to_numpy()).to_numpy()
            open_ = found[name].where(same, str(Status.NOT_ASSESSED))
            found = found.assign(**{name: open_})
    return found


def opened_coverage(areas: gpd.GeoDataFrame, others: Iterable[pd.Series]) -> gpd.GeoDataFrame:
    """Return the areas; a coverage that is another elsewhere (``others``) is not known."""
    found = areas
    for other in others:
        same = (other.reindex(areas.index) == areas["coverage"]).to_numpy()
        open_ = found["coverage"].where(same, str(Coverage.UNKNOWN))
        found = found.assign(coverage=open_)
    return found
