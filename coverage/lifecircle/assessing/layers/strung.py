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

from lifecircle.reach.search.near import spread

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.model.inputs.streets import StreetLines

    Ints = NDArray[np.int64]

__all__ = ["strung", "strung_streets", "trails"]

_MILLIMETRES = 1000.0
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
    xy, line = _laid(lines.vertex_xy[lines.way_vertex], start, way, ahead, trail)
    whole = shapely.linestrings(xy, indices=line)
    of = group[way[np.unique(trail, return_index=True)[1]]]
    order = np.argsort(of, kind="stable")
    shapes = shapely.multilinestrings(whole[order], indices=of[order])
    rows = np.unique(group, return_index=True)[1]
    told = lines.tags.iloc[rows]
    frame = {name: pd.Series(told[name].tolist(), dtype=object) for name in columns}
    return gpd.GeoDataFrame(pd.DataFrame(frame), geometry=shapes, crs=lines.crs)


def strung(lines: NDArray[np.object_]) -> shapely.MultiLineString:
    """Return LineStrings laid end to end where they meet, to the millimetre."""
    xy, line = shapely.get_coordinates(lines, return_index=True)
    start = np.concatenate([[0], np.cumsum(np.bincount(line, minlength=len(lines)))])
    places = np.unique(np.rint(xy * _MILLIMETRES), axis=0, return_inverse=True)[1].ravel()
    laid = _laid(xy, start, *trails(places[start[:-1]], places[start[1:] - 1]))
    return shapely.MultiLineString(list(shapely.linestrings(laid[0], indices=laid[1])))


def trails(first: Ints, last: Ints) -> tuple[Ints, NDArray[np.bool_], Ints]:
    """Lay pieces end to end, each once.

    Parameters
    ----------
    first, last
        Number of the place where each piece begins and ends.

    Returns
    -------
    piece, ahead, trail
        Pieces in the order they are laid, whether from their beginning to their end, and the
        number of the trail each is in, ascending from 0.
    """
    n = len(first)
    places, ends = np.unique(np.concatenate([first, last]), return_inverse=True)
    count = np.bincount(ends, minlength=len(places))
    order = np.argsort(ends, kind="stable")
    at = np.concatenate([[0], np.cumsum(count)]).tolist()
    ends_at, place = (order % n).tolist() if n else [], ends.tolist()
    # from where a trail must begin or end first: an odd number of pieces meets there
    begin = np.concatenate([np.flatnonzero(count % 2 == 1), np.flatnonzero(count % 2 == 0)])
    free, used = at[:-1], bytearray(n)
    piece: list[int] = []
    ahead: list[bool] = []
    trail: list[int] = []
    number = 0
    for start in begin.tolist():
        while True:
            here, laid = start, len(piece)
            while True:
                stop, k = at[here + 1], free[here]
                while k < stop and used[ends_at[k]]:
                    k += 1
                free[here] = k
                if k == stop:
                    break
                one = ends_at[k]
                used[one] = 1
                forward = place[one] == here
                piece.append(one)
                ahead.append(forward)
                trail.append(number)
                here = place[one + n] if forward else place[one]
            if len(piece) == laid:
                break
            number += 1
    return (
        np.array(piece, dtype=np.int64),
        np.array(ahead, dtype=bool),
        np.array(trail, dtype=np.int64),
    )


def _laid(
    xy: NDArray[np.float64], start: Ints, way: Ints, ahead: NDArray[np.bool_], trail: Ints
) -> tuple[NDArray[np.float64], Ints]:
    """Return the vertices of all trails one after the other, and the trail each is of.

    Piece ``i`` has the vertices ``xy[start[i]:start[i + 1]]``.
    """
    begin = start[way]
    count = start[way + 1] - begin
    each, at = spread(begin, count)
    back = ~ahead[each]
    at[back] = (2 * begin + count - 1)[each[back]] - at[back]
    # a piece begins where the one before it has ended
    joint = np.zeros(len(at), dtype=bool)
    heads = np.cumsum(count) - count
    joint[heads[1:][trail[1:] == trail[:-1]]] = True
    return xy[at[~joint]], trail[each][~joint]
