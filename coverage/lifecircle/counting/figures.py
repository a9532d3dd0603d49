"""Figures of the ledgers: a column added up over a county's facilities, or over its units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lifecircle.counting.eligibility import both, members, number_of, once_a_house
from lifecircle.model.cell import PART_OF, most_of
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lifecircle.model.tables import Tables

__all__ = [
    "LedgerFigure",
    "beside_doubted",
    "contradicted",
    "county_total",
    "ledger_figure",
    "total_known",
]

_FACILITIES = "facilities"
_NAMED = 5
"""Rows that a reason names where a figure is missing."""


@dataclass(frozen=True, slots=True)
class LedgerFigure:
    """A sum over a ledger.

    ``low``, ``high``: what it is at least and at most (``inf``: nobody knows); ``lacking``: the
    rows without a figure; ``layer``, ``field``: of what; ``doubted``: rows that may count or not.
    """

    low: float
    high: float
    lacking: tuple[str, ...]
    layer: str
    field: str
    doubted: tuple[str, ...] = ()

    @property
    def closed(self) -> bool:
        """Whether nothing is left open."""
        return self.low == self.high

    def told(self, stated: float | None = None) -> Reason:
        """Return what is said of it: its gaps, else the sum, beside the document's ``stated``."""
        return beside_doubted(self._told(stated), self.doubted)

    def _told(self, stated: float | None) -> Reason:
        params: dict[str, Any] = {"field": self.field, "target": self.layer, "total": self.low}
        if not self.closed and not self.lacking and not self.doubted:  # there is no such ledger
            return Reason(ReasonCode.NO_DATA, {"field": self.field})
        if self.lacking:
            params |= {"missing": len(self.lacking), "lacking": list(self.lacking[:_NAMED])}
            return Reason(ReasonCode.SUM_GAPS, params)
        if stated is None:
            return Reason(ReasonCode.SUMMED, params)
        return Reason(ReasonCode.STATED, params | {"stated": stated})


def ledger_figure(tables: Tables, source: str, kinds: Iterable[str] = ()) -> LedgerFigure:
    """Return the sum that ``source`` names.

    Parameters
    ----------
    source
        A column of the facilities (``beds``), added over those in use of ``kinds``; or
        ``units.<column>``, added over the county's units: see :func:`county_total`.
    """
    layer, _, column = source.rpartition(".")
    if layer == "units":
        return county_total(tables.units, column)
    rows = tables.facilities
    answer = both(members(rows, kinds), rows["open"])
    rows, answer = rows[answer != 0], answer[answer != 0]
    figures = number_of(rows, column)
    answer = once_a_house(rows, answer, figures)
    lacking = tuple(map(str, figures.index[figures.isna() | contradicted(rows, column)]))
    low = float(figures[answer == 1].sum())
    high = np.inf if lacking or tables.facilities.empty else float(figures.sum())
    moving = (answer != 1) & (answer != 0) & (figures.isna() | (figures > 0))
    doubted = tuple(map(str, figures.index[moving]))
    return LedgerFigure(low, high, lacking, _FACILITIES, column, doubted)


def contradicted(rows: pd.DataFrame, whole: str) -> pd.Series[bool]:
    """Return which rows have more of a part than of its whole, as they write it.

    So that they may have more than they write of ``whole`` (``model.cell``).
    """
    found = pd.Series(data=False, index=rows.index)
    for part in (part for part, of in PART_OF.items() if of == whole):
        if (mark := most_of(part)) in rows:
            found |= rows[mark].notna()
    return found


def total_known(figures: pd.Series) -> float | None:
    """Return the sum of the figures that are known; None: there are some, and none is known."""
    known = figures.astype(float).dropna()
    return None if known.empty and len(figures) else float(known.sum())


def beside_doubted(reason: Reason, doubted: Sequence[str]) -> Reason:
    """Return a reason with the facilities beside it that may count or not (param ``notes``)."""
    if not doubted:
        return reason
    names = {"count": len(doubted), "facilities": list(doubted[:_NAMED])}
    note = Reason(ReasonCode.PERHAPS_COUNTED, names)
    return Reason(reason.code, {**reason.params, "notes": [note.to_json()]})


def county_total(units: pd.DataFrame, column: str) -> LedgerFigure:
    """Return a column added over the streets and towns of a county.

    A street or town without a figure of its own has that of its communities and villages, where
    each of them has one; else it is open upwards, and so is a county without a list. Communities
    whose street or town is not in the list count by themselves.
    """
    figures, more = number_of(units, column), contradicted(units, column)
    towns = units.index[(units["level"] == "township").to_numpy(dtype=bool)]
    places = figures[(units["level"] == "community").to_numpy(dtype=bool)]
    above = units["parent"].reindex(places.index)
    of_town = {str(town): part for town, part in places.groupby(above)}
    low, lacking = 0.0, list[str]()
    for town in towns:
        own = float(figures[town])
        part = of_town.pop(str(town), None)
        if not np.isnan(own):
            low += own
            lacking += [str(town)] * bool(more[town])
        elif part is None:
            lacking.append(str(town))
        else:
            low += float(part.sum())
            lacking += map(str, part.index[part.isna() | more[part.index]])
    alone = pd.concat([*of_town.values(), places[above.isna()]]) if len(places) else places
    low += float(alone.sum())
    lacking += map(str, alone.index[alone.isna() | more.reindex(alone.index, fill_value=False)])
    high = np.inf if lacking or units.empty else low
    return LedgerFigure(low, high, tuple(lacking), "units", column)
