"""Findings and rates: what is known of every clause for every subject, and in sum."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import pandas as pd

from lifecircle.model.allowed import OneOf

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable

    from numpy.typing import NDArray

__all__ = [
    "BASES",
    "FINDING_COLUMNS",
    "MEASURED_COLUMNS",
    "TOLERANCE",
    "Basis",
    "Rate",
    "among",
    "holds_on",
    "inclusive",
    "meets",
    "put_in",
    "rounded_up",
    "rows_apart",
    "started",
    "telling",
]

TOLERANCE = 1e-6
"""Metres, minutes, m², and shares: the one tolerance of every inclusive comparison."""

MEASURED_COLUMNS = ("measured", "low", "high", "required_low", "required_high", "reason")
"""What every measure returns, one row a subject, index = subject id.

``measured``: point value, NaN where an input is missing; ``low``, ``high``: its interval over the
unknowns (inf allowed); ``required_*``: the threshold's interval; ``reason``: Reason or None.
"""

FINDING_COLUMNS = (
    "standard",
    "clause",
    "layer",
    "id",
    "part",
    "required",
    "measured",
    "unit",
    "deficit",
    "low",
    "high",
    "status",
    "flags",
    "reason",
)
"""Columns of the findings table. ``flags`` is a tuple of Flag values, ``reason`` a Reason."""

BASES = (
    "areas",
    "households",
    "households_reached",
    "population",
    "elders",
    "land_area",
    "units",
    "facilities",
    "beds",
)
"""Bases of a rate."""

Basis = Annotated[str, OneOf(BASES)]


@dataclass(frozen=True, slots=True)
class Rate:
    """One rate: numerator / denominator over what is decided, and what the unknowns leave open.

    Shares are between 0 and 1.

    Parameters
    ----------
    scope
        ``county``, ``urban``, ``rural`` or a unit's code.
    numerator
        Of what is decided, what is met: in the unit of the basis.
    denominator
        Decided subjects only.
    not_assessed
        What is not decided, in the unit of the basis.
    low, high
        Shares over all applicable subjects, taking every unknown as missed and as met.
    rate
        Numerator / denominator; None: nothing is decided.
    undecided
        Weight of what is not decided, in the unit of the basis; None: some weight is not known, or
        it is not known how many subjects there are.
    doubted
        Weight of what is met, if it is a subject, and may be none at all.
    doubted_missed
        Weight of what is missed, if it is a subject, and may be none at all.
    """

    basis: Basis
    scope: str
    numerator: float
    denominator: float
    not_assessed: float
    low: float | None
    high: float | None
    rate: float | None
    undecided: float | None = None
    doubted: float = 0.0
    doubted_missed: float = 0.0

    @property
    def told(self) -> float | None:
        """The rate where it says something: see :func:`telling`."""
        return telling(self.rate, self.not_assessed, self.low, self.high)


def telling(
    rate: float | None,
    not_assessed: float,
    low: float | None = None,
    high: float | None = None,
) -> float | None:
    """Return a rate of what is decided, or None where only its range may be told.

    Nothing decided has met it and others are open: what is decided may be so only because it can
    be nothing else (without streets a walk can be too long, and never short enough). Its 0 % was
    built in, the range is what is known. So is it where the rate lies outside its range: the
    unknowns cannot all turn out well, and 1/1 = 100 % is what the whole will not come to.
    """
    if rate is not None and not _within(rate, low, high):
        return None
    return None if rate is not None and rate <= 0 and not_assessed > 0 else rate


def _within(rate: float, low: float | None, high: float | None) -> bool:
    least, most = -math.inf if low is None else low, math.inf if high is None else high
    return least - TOLERANCE <= rate <= most + TOLERANCE


def meets(measured: Any, comparison: str, required: Any) -> Any:
    """Return whether ``measured`` meets ``required``, number by number or array by array.

    Inclusive operators (``>=``, ``<=``, ``=``) are met at equality within ``TOLERANCE``, strict
    ones (``>``, ``<``) are not. The single place where a threshold is compared: verdicts, reasons
    and remedies ask it, so that none says another thing of the same number. NaN meets nothing.

    Raises
    ------
    ValueError
        The comparison is not one of the five.
    """
    if comparison == ">=":
        return measured >= required - TOLERANCE
    if comparison == "<=":
        return measured <= required + TOLERANCE
    if comparison == ">":
        return measured > required + TOLERANCE
    if comparison == "<":
        return measured < required - TOLERANCE
    if comparison == "=":
        return abs(measured - required) <= TOLERANCE
    raise ValueError(f"unknown comparison {comparison!r}")


def inclusive(limit: Any) -> Any:
    """Return the largest number that meets ``<= limit``: how far a search has to go."""
    return limit + TOLERANCE


def started(parts: Any) -> Any:
    """Return how many wholes ``parts`` begins: 2.1 begins 3, 2 (within ``TOLERANCE``) begins 2."""
    return np.ceil(parts - TOLERANCE)


def rounded_up(m2: float) -> float:
    """Return m² that are to be added, rounded up to 0.01: rounded down they would not be enough."""
    return float(started(m2 * 100)) / 100


def holds_on(until: dt.date | None, day: dt.date) -> bool:
    """Return whether what ends with the day ``until`` holds on ``day``: the last day it does.

    None ends never. The single place where an end is compared: exemptions, deadlines, expiry.
    """
    return until is None or day <= until


def among(ids: pd.Index, some: Collection[Any] | pd.Index | pd.Series) -> NDArray[np.bool_]:
    """Return which of unique ``ids`` are among some: a look at those alone, mostly few."""
    found = np.zeros(len(ids), dtype=bool)
    if len(some):
        at = ids.get_indexer(some if isinstance(some, pd.Index | pd.Series) else list(some))
        found[at[at >= 0]] = True
    return found


def put_in(
    former: pd.DataFrame, fresh: pd.DataFrame, areas: pd.Index, ids: pd.Index
) -> pd.DataFrame:
    """Return the findings, or the reach, of all areas, those of ``areas`` as they are found now.

    Parameters
    ----------
    former
        Of all areas as they were found before, in the order of ``ids``.
    fresh
        Of those ``areas`` that have a finding now, in the order of ``ids``.
    ids
        All areas, as they were before and are now.

    Returns
    -------
    DataFrame
        ``former`` itself where nothing of it is said otherwise: identity tells what is the same.
    """
    at = former.index.get_indexer(fresh.index)
    before = former.index.get_indexer(areas)
    alike = bool((at >= 0).all()) and int((before >= 0).sum()) == len(fresh)
    columns = _column_pairs(former, fresh) if alike else None
    if columns is None:
        gone = np.zeros(len(former), dtype=bool)
        gone[before[before >= 0]] = True
        return _together(former[~gone], fresh, ids)
    made, index = dict[Any, pd.Series](), former.index
    for name, old, new in columns:
        was, now = old.to_numpy(), new.to_numpy()
        if _say_the_same(was[at], now):
            continue
        cells = was.copy()
        cells[at] = now
        made[name] = pd.Series(cells, index, dtype=old.dtype, copy=False)
    if not made:
        return former
    # columns that stay are shared with the former table, which nobody writes to
    return pd.DataFrame({name: made.get(name, old) for name, old, _ in columns}, index, copy=False)


def _column_pairs(
    one: pd.DataFrame, other: pd.DataFrame
) -> list[tuple[Any, pd.Series, pd.Series]] | None:
    """Return the columns of two tables by their names; None: they are others, or of other types."""
    if not one.columns.equals(other.columns):
        return None
    pairs = [
        (name, old, new) for (name, old), (_, new) in zip(one.items(), other.items(), strict=True)
    ]
    return None if any(old.dtype != new.dtype for _, old, new in pairs) else pairs


def _say_the_same(old: NDArray, new: NDArray) -> bool:  # type: ignore[type-arg]
    """Return whether two columns of one type are the same, numbers to the last bit."""
    if old.dtype != object:
        return bool(old.tobytes() == new.tobytes())
    pairs = zip(old.tolist(), new.tolist(), strict=True)
    return all(a is b or (type(a) is type(b) and bool(a == b)) for a, b in pairs)


def rows_apart(new: pd.DataFrame, old: pd.DataFrame, columns: Iterable[str]) -> NDArray[np.bool_]:
    """Return the rows in which two tables of the same index differ; gaps are alike."""
    found = np.zeros(len(new), dtype=bool)
    for name in columns:
        if name not in new or name not in old:
            found |= (name in new) != (name in old)
            continue
        mine, theirs = new[name], old[name]
        if mine.dtype.kind == "f" and theirs.dtype.kind == "f":
            one, other = mine.to_numpy(), theirs.to_numpy()
            found |= ~((one == other) | (np.isnan(one) & np.isnan(other)))
            continue
        if mine.equals(theirs):
            continue
        pairs = zip(mine.tolist(), theirs.tolist(), strict=True)
        found |= np.array([a is not b and not _one_cell(a, b) for a, b in pairs], dtype=bool)
    return found


def _one_cell(one: Any, other: Any) -> bool:
    return bool(type(one) is type(other) and (one == other or (one != one and other != other)))  # noqa: PLR0124 - NaN


def _together(kept: pd.DataFrame, fresh: pd.DataFrame, ids: pd.Index) -> pd.DataFrame:
    """Return the rows of both in the order of ``ids``."""
    at = np.concatenate([ids.get_indexer(kept.index), ids.get_indexer(fresh.index)])
    order = np.argsort(at, kind="stable")
    # a column without rows has no type of its own
    parts = [rows for rows in (kept, fresh) if len(rows)] or [fresh]
    columns = {
        name: pd.Series(
            np.concatenate([rows[name].to_numpy() for rows in parts])[order],
            ids[at[order]],
            dtype=parts[-1][name].dtype,
        )
        for name in fresh.columns
    }
    return pd.DataFrame(columns, index=ids[at[order]])
