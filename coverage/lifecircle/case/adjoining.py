"""Adjoining: which administrative units have a common border, or a ferry between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lifecircle.case.case import Case

__all__ = ["adjoining"]

_BORDER_M = 5.0
"""Units nearer than this touch: borders of two files never meet to the millimetre."""
_SHORE_M = 1000.0
"""A landing that lies in no unit is of the nearest one within so many metres."""


def adjoining(case: Case, units: Sequence[str]) -> frozenset[tuple[int, int]] | None:
    """Return the pairs of units (positions, the lower first) with a common border or a ferry.

    None where not all of them are drawn as areas.
    """
    layer = case.study.units
    if layer is None:
        return None
    shapes = layer.frame.geometry.reindex(list(units))
    drawn = np.array([s is not None and not s.is_empty and s.area > 0 for s in shapes], dtype=bool)
    if not drawn.all():
        return None
    array = shapes.to_numpy()
    tree = shapely.STRtree(array)
    one, other = tree.query(array, predicate="dwithin", distance=_BORDER_M)
    pairs = {(int(a), int(b)) for a, b in zip(one, other, strict=True) if a < b}
    network = case.context.network
    if network is not None and network.edge_ferry.any():
        edges = np.flatnonzero(network.edge_ferry)
        ends = [
            _unit_at(tree, network.node_xy[node[edges]])
            for node in (network.edge_u, network.edge_v)
        ]
        joined = zip(*ends, strict=True)
        pairs |= {(min(a, b), max(a, b)) for a, b in joined if a >= 0 and b >= 0 and a != b}
    return frozenset(pairs)


def _unit_at(tree: shapely.STRtree, xy: NDArray[np.float64]) -> list[int]:
    """Return the unit of each landing; -1 where none is near."""
    points = shapely.points(xy)
    found = np.full(len(xy), -1)
    at, unit = tree.query_nearest(points, max_distance=_SHORE_M, all_matches=False)
    found[at] = unit
    return [int(one) for one in found]
