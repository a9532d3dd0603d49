"""Sites: rows of one 场所编号 are one place, and stand where those with a position stand."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from lifecircle.model.finding import meets

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Shapes = NDArray[np.object_]

__all__ = ["LENT", "POSITION_OF", "SAME_PLACE_M", "SitePlaces", "places_of_sites"]

SAME_PLACE_M = 50.0
"""Rows of one site whose positions are farther apart (a courtyard's, and a slip of the pen) leave
open where the site is."""
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


def _widest(xy: NDArray[np.float64]) -> float:
    """Return how far the farthest two of some places are apart, metres."""
    return float(np.hypot(*(xy[:, None] - xy[None, :]).transpose(2, 0, 1)).max())


def _contradict(codes: Sequence[Sequence[Any]], row: int, mate: int) -> bool:
    """Return whether two rows say codes that differ; a blank one says nothing."""
    both = ((column[row], column[mate]) for column in codes)
    return any(not (pd.isna(a) or pd.isna(b)) and a != b for a, b in both)
