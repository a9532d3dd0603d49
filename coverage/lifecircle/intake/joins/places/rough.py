"""Rooms of roughly known position that may stand in an area, or by it, as they do not as read.

Of three decimals of a degree a place is known to some seventy metres: what lies just beyond an
area's tolerance may be its own.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from lifecircle.intake.positions.decimals import half_m, rounded_decimals
from lifecircle.model.inputs.study import likely_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lifecircle.intake.layers import Settled
    from lifecircle.model.inputs.layers import Layer
    from lifecircle.model.inputs.parameters import Parameters

__all__ = ["with_rough"]


def with_rough(
    likely: pd.DataFrame,
    settled: Mapping[str, Settled],
    layers: Mapping[str, Layer],
    parameters: Parameters,
) -> pd.DataFrame:
    """Return ``Study.likely`` with the areas that rooms of rounded coordinates may be by.

    Told by the coordinates as written. Only what is beyond the tolerance as read, and may be within
    it. A few rounded rows are so for certain beside areas whose places are fine.
    """
    facilities = settled["facilities"].ledger
    told = rounded_decimals(facilities, beside=settled["residential"].ledger)
    places, shapes = (layers[name].frame.geometry for name in ("facilities", "residential"))
    known = shapes.notna().to_numpy()
    if not told or not known.any():
        return likely
    keys, outlines = shapes.index[known], shapes[known].to_numpy()
    tree, tolerance = shapely.STRtree(outlines), parameters.own_tolerance_m
    found = []
    for row, (decimals, written) in told.items():
        key = str(facilities.frame.index[row])
        if (place := places.get(key)) is None:
            continue
        most = tolerance + half_m(decimals) * math.sqrt(2)
        near = np.sort(tree.query(place, predicate="dwithin", distance=most))
        away = shapely.distance(outlines[near], place)
        found += [
            (key, str(keys[at]), math.nan, written, False)
            for at, metres in zip(near, away, strict=True)
            if metres > tolerance
        ]
    return pd.concat([likely, likely_table(found)], ignore_index=True) if found else likely
