"""Rows that stand in one place, were the coordinates of one of them of another datum.

A position that was taken off a web map and typed into a ledger of another datum stands 500 m or
1,250 m aside, as far and the way that the datums differ there: that is rare of two houses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from lifecircle.intake.positions.datum import gcj02_to_bd09, wgs84_to_gcj02
from lifecircle.model.coordinates.projecting import way_between
from lifecircle.model.inputs.places import representative_points

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Shapes = NDArray[np.object_]
    Floats = NDArray[np.float64]
    Pair = tuple[int, int]

__all__ = ["one_misread"]

_DEGREES = "EPSG:4326"
_SHIFTS = (("gcj02",), ("bd09",), ("gcj02", "bd09"))


def one_misread(
    groups: Sequence[NDArray[np.int64]], shapes: Shapes, crs: str, error_m: float
) -> set[Pair]:
    """Return the pairs of rows of which one, read in another datum, stands by the other.

    Parameters
    ----------
    groups
        Rows with a shape, those together that may be one house. The later row of a pair is first.
    shapes, crs
        The shape of each row in projected metres, and of which system these are.
    error_m
        How far positions may be off.
    """
    groups = [rows for rows in groups if len(rows) > 1]
    if not groups:
        return set()
    every = np.unique(np.concatenate(groups))
    places = representative_points(shapes[every], crs)
    moved = [shapely.points(_shifted(places, crs, shift)) for shift in _SHIFTS]
    found = set[tuple[int, int]]()
    for rows in groups:
        tree, at = shapely.STRtree(shapes[rows]), np.searchsorted(every, rows)
        for shifted in moved:
            one, other = rows[tree.query(shifted[at], "dwithin", error_m)]
            pairs = zip(one.tolist(), other.tolist(), strict=True)
            found |= {(max(pair), min(pair)) for pair in pairs if pair[0] != pair[1]}
    return found


def _shifted(places: Floats, crs: str, datums: Iterable[str]) -> Floats:
    """Return where places would be written down in other datums, in metres."""
    lon, lat = way_between(crs, _DEGREES).transform(*places.T)
    for datum in datums:
        lon, lat = (wgs84_to_gcj02 if datum == "gcj02" else gcj02_to_bd09)(lon, lat)
    return np.column_stack(way_between(_DEGREES, crs).transform(lon, lat))
