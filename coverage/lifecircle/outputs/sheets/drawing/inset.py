"""The inset of the town, where it is small against the county."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from lifecircle.model.cell import number_or_none, text_or_none
from lifecircle.model.coordinates.near_points import pairs_within
from lifecircle.model.status import Setting
from lifecircle.outputs.sheets.paper import fitting_window

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from lifecircle.outputs.sheets.paper import Bounds, Box, Window

__all__ = ["INSET_HEIGHT", "enlarged", "town_bounds"]

INSET_HEIGHT = 62.0
"""Height of the inset (mm); it is as wide as the panel."""

_TOGETHER = 1500.0
"""Urban areas no farther apart than this (m) are one town."""
_SMALL = 1 / 3
"""The town gets an inset where it takes less of the map than this, in both directions."""
_LEAST_GAIN = 1.5
"""The inset enlarges the map at least so many times, or it is none."""
_FEWEST = 5
"""Areas that a town has at least."""


def enlarged(town: Bounds, box: Box, window: Window) -> Window | None:
    """Return the window of the inset in ``box``; None where it would not enlarge the map."""
    inset = fitting_window(town, box, 4.0)
    return inset if inset.scale * _LEAST_GAIN <= window.scale else None


def town_bounds(
    areas: gpd.GeoDataFrame, middles: Mapping[str, tuple[float, float]], window: Window
) -> Bounds | None:
    """Return the bounds of the largest town (metres), None where no inset is needed.

    The largest town is the chain of urban areas with the most households.
    """
    urban = [
        (key, max(number_or_none(households) or 0.0, 1.0))
        for key, setting, households in zip(
            map(str, areas.index), areas["setting"], areas["households"], strict=True
        )
        if key in middles and text_or_none(setting) == Setting.URBAN
    ]
    if len(urban) < _FEWEST:
        return None
    spots = np.array([middles[key] for key, _ in urban])
    pairs = pairs_within(spots, _TOGETHER)
    links = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(spots),) * 2)
    _, town = connected_components(links, directed=False)
    weight = np.bincount(town, [households for _, households in urban])
    mine = spots[town == int(np.argmax(weight))]
    if len(mine) < _FEWEST:
        return None
    (west, south), (east, north) = mine.min(axis=0), mine.max(axis=0)
    shown = window.bounds
    small = (east - west) < _SMALL * (shown[2] - shown[0]) and (north - south) < _SMALL * (
        shown[3] - shown[1]
    )
    return (float(west), float(south), float(east), float(north)) if small else None
