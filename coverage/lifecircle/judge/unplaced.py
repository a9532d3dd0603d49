"""Unplaced: what facilities of unknown place leave open, and how much of it they can reach."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

from lifecircle.counting.circles import most_reached
from lifecircle.counting.shares import CODES
from lifecircle.measures.units.placing import unplaced
from lifecircle.measures.units.unit_coverage import coverage_answer
from lifecircle.model.reason import ReasonCode
from lifecircle.model.status import Status

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from lifecircle.counting.shares import Codes
    from lifecircle.model.rules.options import CoverageOptions, Options
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]

__all__ = ["Unplaced", "open_units", "unplaced_of"]

_LIMITED = frozenset({"radius", "walk"})


@dataclass(frozen=True, slots=True, eq=False)
class Unplaced:
    """The areas open only because of facilities of unknown place, and who may reach them.

    Parameters
    ----------
    waiting
        Of every finding, whether its area is one of them.
    xy
        float64 (n, 2), the representative point of each area; NaN where it is not known.
    standing
        Row → the facilities that may stand there.
    radius_m
        What one facility reaches at most from where it stands, in a straight line.
    """

    waiting: Bools
    xy: Floats
    standing: dict[int, tuple[str, ...]]
    radius_m: float

    @property
    def locally(self) -> bool:
        """Whether it is looked at unit by unit too."""
        return False

    @property
    def number(self) -> int:
        """How many areas wait."""
        return int(self.waiting.sum())

    def facilities(self) -> list[str]:
        """Return the facilities of unknown place, in order."""
        rows = np.flatnonzero(self.waiting)
        return sorted({f for row in rows for f in self.standing.get(int(row), ())})

    def spare(self, here: Bools, weight: Floats) -> Floats:
        """Return how much of the weight that waits in ``here`` stays unreached in any case.

        Parameters
        ----------
        weight
            float64 (n, k), not negative.

        Returns
        -------
        ndarray
            float64 (k,); NaN where a weight is.
        """
        rows = np.flatnonzero(self.waiting & here)
        holders: dict[str, list[int]] = {}
        for at, row in enumerate(rows):
            for facility in self.standing.get(int(row), ()):
                holders.setdefault(facility, []).append(at)
        alike = Counter(tuple(found) for found in holders.values())
        whole = weight[rows]
        most = most_reached(self.xy[rows], np.nan_to_num(whole, nan=0.0), alike, self.radius_m)
        return np.asarray(whole.sum(axis=0) - most, dtype=np.float64)


def unplaced_of(
    tables: Tables, rule: Rule[Options], findings: pd.DataFrame, open_: Bools
) -> Unplaced | None:
    """Return what facilities of unknown place leave open of a rule on distances; None: nothing.

    ``open_``: which findings are not assessed.

    A walk is never shorter than the straight line, unless by ferry or in a table handed in: then
    nothing bounds what one facility reaches.
    """
    if rule.measure not in _LIMITED or rule.readings.get("A14", "point") != "point":
        return None
    if not open_.any():
        return None
    waiting, reasons = open_.copy(), findings["reason"].to_numpy(dtype=object)
    for row in np.flatnonzero(waiting):
        reason = reasons[row]
        waiting[row] = reason is not None and reason.code is ReasonCode.REACH_UNPLACED
    if not waiting.any():
        return None
    reach = tables.reach[rule.reach_key]
    may = reach.may_stand
    areas = tables.areas.loc[findings.index]
    limit = reach.radius_m_limit
    if rule.measure == "walk" and rule.value is not None:
        limit = rule.value * 60.0 * tables.parameters.walk_speed_m_s
    elif rule.value is not None:
        limit = rule.value
    return Unplaced(
        waiting=waiting,
        xy=areas[["x", "y"]].to_numpy(dtype=np.float64),
        standing={n: may.get(str(area), ()) for n, area in enumerate(findings.index)},
        radius_m=limit + reach.spread_m,
    )


def open_units(
    tables: Tables, rule: Rule[Options], statuses: Codes, reasons: pd.Series
) -> tuple[list[str], list[str]]:
    """Return the units open only for facilities of unknown unit, and where those may stand."""
    if rule.subject != "units":
        return [], []
    why, names = reasons.tolist(), reasons.index.tolist()
    open_ = (
        n
        for n in np.flatnonzero(statuses == CODES[Status.NOT_ASSESSED]).tolist()
        if why[n] is not None
    )
    units = [str(names[n]) for n in open_ if why[n].code is ReasonCode.UNIT_UNPLACED]
    if not units:
        return [], []
    answer = coverage_answer(tables, cast("Rule[CoverageOptions]", rule))
    return units, list(unplaced(tables.facilities, answer).values())
