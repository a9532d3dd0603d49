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

from lifecircle.intake.joins.names import stem
from lifecircle.intake.positions.decimals import half_m, rounded_decimals
from lifecircle.model.dictionary import fold
from lifecircle.model.inputs.layers import ROUNDED, Layer
from lifecircle.model.inputs.study import ELSEWHERE, likely_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lifecircle.intake.layers import Settled
    from lifecircle.model.inputs.parameters import Parameters

__all__ = ["with_rough", "with_rounding"]


def with_rough(
    likely: pd.DataFrame,
    settled: Mapping[str, Settled],
    layers: Mapping[str, Layer],
    parameters: Parameters,
) -> pd.DataFrame:
    """Return ``Study.likely`` with the areas that rooms of rounded coordinates may be by.

    Told by the coordinates as written. Only what is beyond the tolerance as read, and may be within
    it; and ``ELSEWHERE`` for what is within as read and may be beyond, where neither a record nor
    a name says whose it is. A few rounded rows are so for certain beside areas whose places are
    fine.
    """
    facilities = settled["facilities"].ledger
    told = rounded_decimals(facilities, beside=settled["residential"].ledger)
    places, shapes = (layers[name].frame.geometry for name in ("facilities", "residential"))
    known = shapes.notna().to_numpy()
    if not told or not known.any():
        return likely
    keys, outlines = shapes.index[known], shapes[known].to_numpy()
    called = _called(layers["residential"].frame["name"][known])
    said = facilities.frame.reindex(columns=["name", "address", "serves"])
    tree, tolerance = shapely.STRtree(outlines), parameters.own_tolerance_m
    found = []
    for row, (decimals, written) in told.items():
        key = str(facilities.frame.index[row])
        if (place := places.get(key)) is None:
            continue
        error = half_m(decimals) * math.sqrt(2)
        most = tolerance + error
        near = np.sort(tree.query(place, predicate="dwithin", distance=most))
        away = shapely.distance(outlines[near], place)
        found += [
            (key, str(keys[at]), math.nan, written, False)
            for at, metres in zip(near, away, strict=True)
            if metres > tolerance
        ]
        mine = near[away <= tolerance]
        if len(mine) and not _spoken_of(said.iloc[row], called):
            deepest = max(_depth_m(outline, place) for outline in outlines[mine])
            if error - deepest > tolerance:
                found += [(key, str(keys[at]), math.nan, written, False) for at in mine]
                found.append((key, ELSEWHERE, math.nan, written, False))
    return pd.concat([likely, likely_table(found)], ignore_index=True) if found else likely


def with_rounding(layers: Mapping[str, Layer], settled: Mapping[str, Settled]) -> dict[str, Layer]:
    """Return the layers with how far off rounded coordinates of areas and facilities may be.

    Rounded each way by half of the last decimal: at most to the corner of what they stand for.
    Shapes are as they are drawn, whatever coordinates stand beside them.
    """
    found = dict(layers)
    for name, beside in (("residential", "facilities"), ("facilities", "residential")):
        ledger, frame = settled[name].ledger, layers[name].frame
        drawn = ledger.raw.geometry
        errors = {}
        for row, (decimals, _) in rounded_decimals(ledger, beside=settled[beside].ledger).items():
            if drawn is not None and drawn[ledger.at[row]] is not None:
                continue
            shorter = math.cos(math.radians(np.abs(ledger.frame[["lon", "lat"]].iloc[row]).min()))
            errors[ledger.frame.index[row]] = math.ceil(half_m(decimals) * math.hypot(1, shorter))
        if errors:
            told = pd.Series(errors, dtype=float).reindex(frame.index).fillna(0.0)
            found[name] = Layer(name, frame.assign(**{ROUNDED: told}))
    return found


def _depth_m(outline: shapely.Geometry, place: shapely.Geometry) -> float:
    """Return how far a place lies within an outline; less than 0: beside it."""
    beside = float(outline.distance(place))
    return -beside if beside > 0 else float(shapely.boundary(outline).distance(place))


def _called(names: pd.Series) -> Sequence[str]:
    """Return what the areas are called in the names of rooms."""
    return [*{stem(name, "residential") for name in names if isinstance(name, str)} - {""}]


def _spoken_of(said: pd.Series, called: Sequence[str]) -> bool:
    """Return whether a record says whose rooms they are, or their name or address an area's."""
    if isinstance(said["serves"], str) and said["serves"]:
        return True
    texts = [fold(said[column]) for column in ("name", "address") if isinstance(said[column], str)]
    return any(name in text for text in texts for name in called)
