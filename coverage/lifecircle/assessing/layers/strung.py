"""Streets strung together: the same lines in few rows, for counties of very many pieces.

A line layer of a county has a row a street between two crossings, hundreds of thousands of them,
most without a name. As the base of a map they are put together by name, class and place, and laid
end to end into long lines: every piece once, no vertex moved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lifecircle.reach.areas.trails import laid, trails
from lifecircle.reach.search.order import first_rows

if TYPE_CHECKING:
    from lifecircle.model.inputs.streets import StreetLines

__all__ = ["strung_streets"]

TILE_M = 2000.0
"""Pieces whose first vertex is in one square of this width are put together."""


def strung_streets(lines: StreetLines, columns: tuple[str, ...]) -> gpd.GeoDataFrame:
    """Return a row a value of ``columns`` and square, with its lines as one MultiLineString."""
    start, first = lines.way_start, lines.way_vertex[lines.way_start[:-1]]
    last = lines.way_vertex[start[1:] - 1]
    square = np.floor(lines.vertex_xy[first] / TILE_M).astype(np.int64)
    kinds = lines.tags[list(columns)].assign(x=square[:, 0], y=square[:, 1])
    group = kinds.groupby(list(kinds), dropna=False, sort=False).ngroup().to_numpy(dtype=np.int64)
    # pieces of another group do not follow: a vertex is told apart by the group it is looked at in
    many = len(lines.vertex_xy)
    way, ahead, trail = trails(group * many + first, group * many + last)
    xy, line = laid(lines.vertex_xy[lines.way_vertex], start, way, ahead, trail)
    whole = shapely.linestrings(xy, indices=line)
    of = group[way[np.flatnonzero(np.diff(trail, prepend=-1))]]  # trails one after the other
    order = np.argsort(of, kind="stable")
    shapes = shapely.multilinestrings(whole[order], indices=of[order])
    rows = first_rows(group)
    told = lines.tags.iloc[rows]
    frame = {name: pd.Series(told[name].tolist(), dtype=object) for name in columns}
    return gpd.GeoDataFrame(pd.DataFrame(frame), geometry=shapes, crs=lines.crs)
