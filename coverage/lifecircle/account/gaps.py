"""Gaps: the least floor area that would cure an area, given what stands there (A8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.account.sums import rows_of
from lifecircle.model.finding import meets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["gaps", "least_cure", "standing"]


def standing(frame: pd.DataFrame, places: pd.DataFrame) -> dict[str, pd.Series]:
    """Return, for every account, what stands there and how it could grow, column by column.

    ``below``: m² of own places that earn no credit even at best, since they are below the single
    minimum; ``small``: their sizes, the largest first; ``large``: whether a place earns credit.
    """
    names = ("residential", "clause", "whole", "credited", "place_high")
    place = {row[:3]: row[3:] for row in reversed(list(rows_of(places, *names)))}
    small: dict[tuple[str, str], list[float]] = {}
    large: set[tuple[str, str]] = set()
    for (area, clause, _), (credited, high) in place.items():
        if high > 0 and credited:
            large.add((area, clause))
        elif high > 0:
            small.setdefault((area, clause), []).append(high)
    index = frame.index
    told = [tuple(sorted(small.get(key, ()), reverse=True)) for key in index]
    return {
        "below": pd.Series([float(sum(one)) for one in told], index, dtype=float),
        "small": pd.Series(told, index, dtype=object),
        "large": pd.Series([key in large for key in index], index, dtype=bool),
    }


def gaps(rows: pd.DataFrame, have: pd.Series | NDArray[np.float64]) -> pd.Series:
    """Return the least m² that would lift ``have`` to what each account requires at least.

    An approved area may be asked what existing ones are: then a place need not have the minimum.

    Parameters
    ----------
    rows
        Of the account: ``required_low``, ``least_place``, ``small``, ``large``.
    have
        m² that count, in the order of ``rows``.
    """
    short = (rows["required_low"].to_numpy(float) - np.asarray(have, dtype=float)).clip(min=0.0)
    return pd.Series(
        [
            least_cure(*one)
            for one in zip(
                short.tolist(),
                *(rows[name].tolist() for name in ("least_place", "small", "large")),
                strict=True,
            )
        ],
        rows.index,
        dtype=float,
    )


def least_cure(short: float, minimum: float, small: Sequence[float], large: object) -> float:
    """Return the least m² to add, so that ``short`` m² more earn credit.

    A place earns credit from ``minimum`` m² on. ``small``: the places below it, m², the largest
    first; each may be enlarged until it counts. ``large``: there is a place that counts and can be
    enlarged by any amount. Else a new place is built.
    """
    if meets(short, "<=", 0.0):
        return 0.0
    ways = [short if large else max(short, minimum)]
    lifting = 0.0
    for number, size in enumerate(small, start=1):
        lifting += minimum - size
        ways.append(lifting + max(0.0, short - number * minimum))
    return min(ways)
