"""Seats of administrative units: the lon and lat of their rows, as points of the study (A33)."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import shapely

from lifecircle.intake.positions.locating import located_by_columns, reproject
from lifecircle.model.problem import Severity

if TYPE_CHECKING:
    import pandas as pd

    from lifecircle.intake.ledger.rows import Ledger
    from lifecircle.intake.settings.schema import LayerOptions
    from lifecircle.model.problem import Problem

__all__ = ["with_seats"]


def with_seats(
    ledger: Ledger, options: LayerOptions, crs: str
) -> tuple[pd.DataFrame, tuple[Problem, ...]]:
    """Return the units' frame with ``seat_x``, ``seat_y``: metres in ``crs``, NaN where unknown.

    A seat is a point of its own, beside the unit's territory. Where its coordinates cannot be
    understood it is unknown and the problem a warning: the units themselves are not harmed.
    """
    frame = ledger.frame.assign(seat_x=np.nan, seat_y=np.nan)
    xy = frame.reindex(columns=["lon", "lat"]).to_numpy(dtype=float)
    if not np.isfinite(xy).all(axis=1).any():
        return frame, ()
    # of a file of outlines the columns are degrees, whatever the outlines are drawn in
    known = xy[np.isfinite(xy).all(axis=1)]
    degrees = bool((np.abs(known) <= [180, 90]).all())
    if ledger.raw.geometry is not None and degrees and options.coordinates is None:
        options = options.model_copy(update={"crs": "EPSG:4490"})
    positions, found = located_by_columns(ledger, options)
    problems = tuple(
        dataclasses.replace(p, severity=Severity.WARNING) if p.severity is Severity.ERROR else p
        for p in found
    )
    if positions is None:
        return frame, problems
    shapes = reproject(positions, crs)
    on = np.array([s is not None and np.isfinite(s.bounds).all() for s in shapes], dtype=bool)
    rows = frame.index[on]
    frame.loc[rows, "seat_x"] = shapely.get_x(shapes[on])
    frame.loc[rows, "seat_y"] = shapely.get_y(shapes[on])
    return frame, problems
