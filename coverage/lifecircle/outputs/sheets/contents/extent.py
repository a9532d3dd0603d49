"""How much ground the county-wide sheets show, and what lies beyond it.

A place far from all others (a home ten kilometres out, a wrong digit) does not make the rest small:
it is left off the sheet, and named on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.sheets.paper import Bounds

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

__all__ = ["SIDES", "beyond", "kept_together", "whole_bounds"]

SIDES = ("east", "northeast", "north", "northwest", "west", "southwest", "south", "southeast")
"""Where a place lies from the middle of a sheet, anticlockwise."""

_FAR = 2.0
"""Facilities may widen the sheet up to this many times the areas' own extent."""
_APART = 0.5
"""Places are left out where this much of the others' extent, empty, lies between."""
_FEW = 0.05
"""At most this share of the places is left out; one where they are ``_LEAST`` or more."""
_LEAST = 8


def whole_bounds(assessment: Assessment) -> Bounds | None:
    """Return the bounds (metres) of what the county-wide sheets show; None: nothing has a position.

    The user's boundaries and the areas, widened by the facilities unless they lie far off (in
    another county, or by mistake); streets only where there is nothing else. A few places far from
    all the others are left out.
    """
    areas = _boxes(assessment.layers.get("residential"))
    facilities = _boxes(assessment.layers.get("facilities"))
    kept = kept_together(np.concatenate([areas, facilities]))
    areas, facilities = areas[kept[: len(areas)]], facilities[kept[len(areas) :]]
    inner = _joined([_boxes(assessment.layers.get("units")), areas])
    if inner is None:
        return _joined([facilities]) or _joined([_boxes(assessment.layers.get("streets"))])
    both = _joined([np.array([inner]), facilities])
    assert both is not None  # noqa: S101 - it holds the inner one
    sizes = [max(b[2] - b[0], b[3] - b[1]) for b in (inner, both)]
    return both if sizes[1] <= _FAR * max(sizes[0], 1.0) else inner


def kept_together(boxes: Floats) -> Mask:
    """Return which places stay on a sheet: all but a few that lie far from every other one.

    Parameters
    ----------
    boxes
        Shape (n, 4): west, south, east, north of each place, metres.

    Returns
    -------
    ndarray of bool
        Shape (n,). Those beyond an empty strip, from side to side, that is at least half as wide as
        the others' whole extent; of eight places one, of more one in twenty.
    """
    kept = np.ones(len(boxes), dtype=bool)
    left = max(1, int(_FEW * len(boxes))) if len(boxes) >= _LEAST else 0
    while left:
        cut = _farthest(boxes, kept, left)
        if cut is None:
            break
        kept[cut] = False
        left -= len(cut)
    return kept


def _farthest(boxes: Floats, kept: Mask, most: int) -> NDArray[np.int64] | None:
    """Return the places beyond the widest empty strip, if it is wide and they are few."""
    rows = np.flatnonzero(kept)
    best: tuple[float, NDArray[np.int64]] | None = None
    for low, high in ((0, 2), (1, 3), (2, 0), (3, 1)):
        sign = 1.0 if low < high else -1.0
        starts = sign * boxes[rows, low]
        order = np.argsort(starts, kind="stable")
        reach = np.maximum.accumulate((sign * boxes[rows, high])[order])
        for count in range(1, min(most, len(rows) - 1) + 1):
            gap = float(starts[order[-count]] - reach[-count - 1])
            rest = boxes[rows[order[:-count]]]
            extent = float((rest[:, 2:].max(axis=0) - rest[:, :2].min(axis=0)).max())
            if gap >= _APART * extent and gap > (best[0] if best else 0.0):
                best = gap, rows[order[-count:]]
    return best[1] if best else None


def beyond(points: Mapping[str, tuple[float, float]], bounds: Bounds) -> dict[str, str]:
    """Return id → the side (``SIDES``) on which a place lies that is not within ``bounds``.

    ``points``: id → position, metres; one on the edge is within.
    """
    west, south, east, north = bounds
    middle = np.array([(west + east) / 2, (south + north) / 2])
    found = {}
    for key, (x, y) in points.items():
        if not (west <= x <= east and south <= y <= north):
            turn = np.arctan2(y - middle[1], x - middle[0])
            found[key] = SIDES[round(float(turn) / (np.pi / 4)) % len(SIDES)]
    return found


def _boxes(frame: gpd.GeoDataFrame | None) -> Floats:
    """Return west, south, east, north of every shape of a layer (n, 4)."""
    if frame is None:
        return np.empty((0, 4))
    shapes = frame.geometry[frame.geometry.notna()].to_numpy()
    boxes: Floats = shapely.bounds(shapes).reshape(-1, 4)
    return boxes[np.isfinite(boxes).all(axis=1)]


def _joined(parts: Sequence[Floats]) -> Bounds | None:
    sides = np.concatenate(parts)
    if not len(sides):
        return None
    low, high = sides[:, :2].min(axis=0), sides[:, 2:].max(axis=0)
    return (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
