"""Sites: rows of one 场所编号 are one place, and stand where those with a position stand."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from lifecircle.model.finding import meets

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Shapes = NDArray[np.object_]

__all__ = [
    "LENT",
    "ONE_YARD_M",
    "POSITION_OF",
    "SAME_PLACE_M",
    "SITE_PART",
    "SitePlaces",
    "parts_of_sites",
    "place_labels",
    "places_of_sites",
    "widest",
]

SAME_PLACE_M = 50.0
"""Rows of one site whose positions are farther apart (a courtyard's, and a slip of the pen) leave
open where the site is."""
ONE_YARD_M = 100.0
"""A place (处) is one house or one yard: rows of one site of which two are farther apart than this
are not one place for certain."""
SITE_PART = "site_part"
"""Column of facilities of which some have a site but are perhaps not in one place with its others:
a word that those share which are in one place for certain, else None. Their m² are added up at
best, and each part stands by itself in the worst case. A layer without such rows has no such
column."""
_MANY = 8
"""Places from which on the farthest two are sought among the corners of their hull."""
_SLACK_M = 0.001
"""What a tree looks for beyond a limit, so that what meets it is found."""
POSITION_OF, LENT = "position_of", "lent"
"""Columns of facilities: the row whose position a row takes, and the codes that it has by it."""
_CODES = ("unit", "community")


@dataclass(frozen=True, slots=True)
class SitePlaces:
    """Where rows without a position stand, as the others of their sites say.

    Parameters
    ----------
    taken
        Row → the row whose position it takes.
    apart
        Row → how far the others of its site are apart, metres: nobody knows where it stands.
    other_unit
        Row → a row of its site that is in another town or community than it says of itself.
    """

    taken: dict[int, int] = field(default_factory=dict)
    apart: dict[int, float] = field(default_factory=dict)
    other_unit: dict[int, int] = field(default_factory=dict)


def places_of_sites(frame: pd.DataFrame, shapes: Shapes) -> SitePlaces:
    """Return where the rows without a position stand whose site has one.

    The positions of a site have to agree (:data:`SAME_PLACE_M`, inclusive), and no code of the
    row may contradict one of theirs. Of several that agree the most western is taken, then the
    most southern: never by the order of rows. Their stage and whether they count say nothing of
    where the house is.

    Parameters
    ----------
    frame
        Rows with ``site``; with ``unit`` and ``community`` as codes where they are known.
    shapes
        Where each stands, points in projected metres (None: unknown).
    """
    found = SitePlaces()
    codes = [frame[name].tolist() for name in _CODES if name in frame]
    for placed, lost in _houses(frame, shapes):
        xy = shapely.get_coordinates(shapes[placed])
        away = _widest(xy)
        first = placed[int(np.lexsort((xy[:, 1], xy[:, 0]))[0])]
        for row in lost:
            other = next((mate for mate in placed if _contradict(codes, row, mate)), None)
            if not meets(away, "<=", SAME_PLACE_M):
                found.apart[row] = away
            elif other is not None:
                found.other_unit[row] = other
            else:
                found.taken[row] = first
    return found


def _houses(frame: pd.DataFrame, shapes: Shapes) -> Iterator[tuple[list[int], list[int]]]:
    """Yield the rows of a site that have a position and those that have none, where both are."""
    sites = frame["site"].tolist() if "site" in frame else []
    named = [row for row, site in enumerate(sites) if isinstance(site, str)]
    if all(shapes[row] is not None for row in named):  # mostly
        return
    rows: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for row in named:
        rows[sites[row]][shapes[row] is None].append(row)
    yield from (both for both in rows.values() if all(both))


def widest(shapes: Shapes) -> float:
    """Return how far the middles of the farthest two of some shapes are apart, metres."""
    return _widest(shapely.get_coordinates(shapely.centroid(shapes)))


def _widest(xy: NDArray[np.float64]) -> float:
    """Return how far the farthest two of some places are apart, metres."""
    if len(xy) > _MANY:  # they are corners of the hull
        xy = shapely.get_coordinates(shapely.convex_hull(shapely.multipoints(xy)))
    return float(np.hypot(*(xy[:, None] - xy[None, :]).transpose(2, 0, 1)).max())


def _contradict(codes: Sequence[Sequence[Any]], row: int, mate: int) -> bool:
    """Return whether two rows say codes that differ; a blank one says nothing."""
    both = ((column[row], column[mate]) for column in codes)
    return any(not (pd.isna(a) or pd.isna(b)) and a != b for a, b in both)


def parts_of_sites(frame: pd.DataFrame, shapes: Shapes) -> dict[int, str]:
    """Return row → its part of a site, of sites whose rows are farther apart than one yard is.

    Rows within :data:`SAME_PLACE_M` of each other, from one to the next, are a part, unless that
    is a row of them longer than a yard itself: then, as without a position, each row is one. Of a
    site whose rows stand in one yard, or of which one alone has a position, nothing is told.

    Parameters
    ----------
    frame
        Rows with ``site``; the index names them.
    shapes
        Where each stands, points in projected metres (None: unknown).
    """
    rows: dict[str, list[int]] = defaultdict(list)
    for row, site in enumerate(frame["site"].tolist() if "site" in frame else []):
        if isinstance(site, str):
            rows[site].append(row)
    found: dict[int, str] = {}
    for mine in (several for several in rows.values() if len(several) > 1):
        placed = [row for row in mine if shapes[row] is not None]
        xy = shapely.get_coordinates(shapely.centroid(shapes[placed])) if placed else None
        if xy is None or not meets(_widest(xy), ">", ONE_YARD_M):
            continue
        part = dict(zip(placed, _chained(xy), strict=True))
        found |= {row: f"{frame.index[row]}" for row in mine}
        for row, first in part.items():
            found[row] = f"{frame.index[placed[first]]}"
    return found


def _chained(xy: NDArray[np.float64]) -> list[int]:
    """Return, of each place, the first of its part."""
    points = shapely.points(xy)
    one, other = shapely.STRtree(points).query(points, "dwithin", SAME_PLACE_M + _SLACK_M)
    near = meets(np.hypot(*(xy[one] - xy[other]).T), "<=", SAME_PLACE_M)
    pairs = (np.ones(near.sum(), dtype=bool), (one[near], other[near]))
    _, label = connected_components(csr_array(pairs, shape=(len(xy), len(xy))), directed=False)
    parts: dict[int, list[int]] = defaultdict(list)
    for at, part in enumerate(label.tolist()):
        parts[part].append(at)
    long = {part for part, mine in parts.items() if meets(_widest(xy[mine]), ">", ONE_YARD_M)}
    return [at if part in long else parts[part][0] for at, part in enumerate(label.tolist())]


def place_labels(facilities: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Return, of each facility, the place that it is in for certain, and the one at best.

    A place is the rooms of one site; rooms without a site are one of their own.
    """
    names = facilities.index.tolist()
    sites = facilities["site"].tolist()
    best = [s if isinstance(s, str) else f for s, f in zip(sites, names, strict=True)]
    if SITE_PART not in facilities:
        return best, best
    parts = facilities[SITE_PART].tolist()
    sure = [f"{b}\0{p}" if isinstance(p, str) else b for b, p in zip(best, parts, strict=True)]
    return sure, best
