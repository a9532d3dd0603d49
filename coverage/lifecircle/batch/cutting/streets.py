"""The streets within a county's reach, out of a province's."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from lifecircle.sources.streets.lines import pack_courses

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.sources.streets.lines import StreetSource

__all__ = ["within_reach"]


def within_reach(source: StreetSource, area: Any) -> StreetSource:
    """Return the ways that have a vertex within ``area``, each whole, and what stands by them.

    Gates, posts and barriers are those that touch the rectangle around the ways: one more beside
    a street that is not there says nothing. Order and joins stay, so that a file of these ways
    alone would be read as the same.

    Parameters
    ----------
    area
        A polygon in the coordinates of the lines, boundary included.
    """
    lines = source.lines
    low_x, low_y, high_x, high_y = area.bounds
    x, y = lines.vertex_xy.T
    inside = (x >= low_x) & (x <= high_x) & (y >= low_y) & (y <= high_y)
    shapely.prepare(area)
    inside[inside] = shapely.intersects_xy(area, x[inside], y[inside])
    count = np.diff(lines.way_start)
    way = np.repeat(np.arange(len(lines)), count)
    kept = np.bincount(way[inside[lines.way_vertex]], minlength=len(lines)) > 0
    numbers = np.flatnonzero(kept)
    flat = lines.way_vertex[kept[way]]
    around = _around(lines.vertex_xy[flat])

    def beside(frame: Any) -> Any:
        if frame is None or around is None:
            return None
        near = shapely.intersects(frame.geometry.to_numpy(), around)
        return frame[near].reset_index(drop=True) if near.any() else None

    cut = pack_courses(
        lines.crs,
        lines.vertex_xy,
        flat,
        count[kept],
        lines.tags.iloc[numbers].reset_index(drop=True),
        beside(lines.barriers),
        gates=beside(lines.gates),
        posts=beside(lines.posts),
    )
    return dataclasses.replace(source, lines=cut, missing_locations=0, empty_rows=())


def _around(xy: NDArray[np.float64]) -> Any:
    return shapely.box(*xy.min(axis=0), *xy.max(axis=0)) if len(xy) else None
