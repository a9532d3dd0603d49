"""Rates: one clause in all bases, per county, setting and unit."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pandas as pd

from lifecircle.counting.eligibility import number_of
from lifecircle.counting.projects import PER_PROJECT, leads
from lifecircle.judge.decision import decide
from lifecircle.measures.areas.extent import reach_key
from lifecircle.model.finding import TOLERANCE, Rate
from lifecircle.model.status import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecircle.model.rules.clause import Clause
    from lifecircle.model.tables import Tables

__all__ = [
    "area_rates",
    "exact_status",
    "facility_rates",
    "once",
    "rate_status",
    "unit_rates",
    "verdict_rate",
    "weighed_status",
]

_COUNTED = (Status.COMPLIANT, Status.DEFICIENT, Status.NOT_ASSESSED)
_ALL = 100.0
_SHARE = {"radius": "radius_share", "walk": "walk_share"}


def verdict_rate(status: pd.Series, weight: pd.Series, basis: str, scope: str) -> Rate:
    """Return the share of ``weight`` on compliant subjects.

    Subjects without a weight are left out and counted as not assessed; the range is then unknown.
    """
    rows = status.isin(_COUNTED)
    status, weight = status[rows], weight[rows]
    gap = int(weight.isna().sum())
    open_ = status == Status.NOT_ASSESSED
    met = float(weight[status == Status.COMPLIANT].sum())
    decided = float(weight[~open_].sum())
    total = float(weight.sum())
    bounded = gap == 0 and total > 0
    return Rate(
        basis=basis,
        scope=scope,
        numerator=met,
        denominator=decided,
        not_assessed=float((open_ | weight.isna()).sum()),
        low=met / total if bounded else None,
        high=(met + float(weight[open_].sum())) / total if bounded else None,
        rate=met / decided if decided > 0 else None,
    )


def _share_rate(
    status: pd.Series, share: pd.DataFrame, weight: pd.Series, basis: str, scope: str
) -> Rate:
    """Return the share of ``weight`` that is itself within reach, Σ share x weight / Σ weight."""
    rows = status.isin(_COUNTED)
    low, high, weight = share["low"][rows], share["high"][rows], weight[rows]
    closed = ((high - low).abs() <= 0) & weight.notna()
    met = float((low * weight)[closed].sum())
    decided = float(weight[closed].sum())
    total = float(weight.sum())
    bounded = bool(weight.notna().all()) and total > 0
    return Rate(
        basis=basis,
        scope=scope,
        numerator=met,
        denominator=decided,
        not_assessed=float((~closed).sum()),
        low=float((low.fillna(0.0) * weight).sum()) / total if bounded else None,
        high=float((high.fillna(1.0) * weight).sum()) / total if bounded else None,
        rate=met / decided if decided > 0 else None,
    )


def area_rates(
    status: pd.Series, clause: Clause, tables: Tables, *, only: str | None = None
) -> tuple[Rate, ...]:
    """Return the rates of a clause on residential areas; bases without any data are left out.

    ``only``: the county's rate on that basis, and no other.
    """
    areas = tables.areas.loc[status.index]
    weights = {
        "areas": pd.Series(1.0, index=areas.index),
        "households": areas["counted"],
        "population": number_of(areas, "population"),
        "elders": number_of(areas, "elders"),
    }
    if only in weights:
        weights = {only: weights[only]}
    counted = once(status, clause, tables)
    shares = None if only in weights else _shares(clause, tables, status.index)
    result = []
    for scope, here in _scopes(areas):
        if only is not None and scope != "county":
            break
        if not status[here].isin(_COUNTED).any():
            continue
        for basis, weight in weights.items():
            rows = here & counted if basis == "areas" else here
            if weight[rows].notna().any():
                result.append(verdict_rate(status[rows], weight[rows], basis, scope))
        if shares is not None:
            for basis, weight in (
                ("households_reached", areas["counted"]),
                ("land_area", number_of(areas, "land_area_m2")),
            ):
                if weight[here].notna().any():
                    result.append(
                        _share_rate(status[here], shares[here], weight[here], basis, scope)
                    )
    return tuple(result)


def _shares(clause: Clause, tables: Tables, areas: pd.Index) -> pd.DataFrame | None:
    """Return ``low`` and ``high`` share of each area within reach; None for other measures."""
    if clause.measure not in _SHARE:
        return None
    reach, column = tables.reach[reach_key(clause)].frame.loc[areas], _SHARE[clause.measure]
    return pd.DataFrame({"low": reach[column], "high": reach[f"{column}_high"]})


def once(findings: pd.DataFrame | pd.Series, clause: Clause, tables: Tables) -> pd.Series:
    """Return which rows count as subjects: of the phases that a quota takes as one, the first."""
    everyone = pd.Series(data=True, index=findings.index)
    if clause.subject != "residential" or clause.measure not in PER_PROJECT:
        return everyone
    lead = leads(tables.areas).reindex(findings.index)
    return everyone & (lead == lead.index)


def _scopes(areas: pd.DataFrame) -> Iterator[tuple[str, pd.Series]]:
    yield "county", pd.Series(data=True, index=areas.index)
    for setting in ("urban", "rural"):
        yield setting, areas["setting"] == setting
    for code in sorted({u for u in areas["unit"] if isinstance(u, str)}):
        yield code, areas["unit"] == code


def unit_rates(status: pd.Series, tables: Tables) -> tuple[Rate, ...]:
    """Return the rates of a clause on units, for the county and for each unit's communities."""
    units = tables.units.loc[status.index]
    one = pd.Series(1.0, index=status.index)
    result = [verdict_rate(status, one, "units", "county")]
    for code in sorted({p for p in units["parent"] if isinstance(p, str) and p}):
        here = units["parent"] == code
        if status[here].isin(_COUNTED).any():
            result.append(verdict_rate(status[here], one[here], "units", code))
    return tuple(result)


def facility_rates(findings: pd.DataFrame) -> tuple[Rate, ...]:
    """Return the share of facilities that are met, exactly over all that is not known.

    A facility that may not be one of the kind is taken in or left out, whichever is worse (or
    better); with one that is met it only ever helps, with one that is missed it only ever harms.
    """
    if findings.empty:
        return ()
    sure = findings["applies"] == 1
    low, high = findings["low"] >= 1, findings["high"] >= 1
    closed = sure & (low == high)
    met = float((closed & low).sum())
    bounds = []
    for good in (low, high):
        helps = good if good is high else ~good
        taken = sure | (~sure & helps)
        taken = taken if taken.any() else ~sure
        bounds.append(float((taken & good).sum()) / float(taken.sum()))
    decided = float(closed.sum())
    return (
        Rate(
            basis="facilities",
            scope="county",
            numerator=met,
            denominator=decided,
            not_assessed=float((~closed).sum()),
            low=bounds[0],
            high=bounds[1],
            rate=met / decided if decided else None,
        ),
    )


def exact_status(rate: Rate | None, comparison: str, target: float) -> Status:
    """Return the status of a clause by the bounds of its one rate; ``target`` in per cent."""
    if rate is None or rate.low is None or rate.high is None:
        return Status.NOT_APPLICABLE
    return _decided(100 * rate.low, 100 * rate.high, comparison, target)


def weighed_status(rate: Rate | None, comparison: str, target: float) -> Status:
    """Return the status by a weighed rate (A1); a missing weight leaves it open, 0 to 100 %."""
    if rate is None:
        return Status.NOT_ASSESSED
    if target >= _ALL and rate.numerator < rate.denominator - TOLERANCE:
        return Status.DEFICIENT  # one that is missed leaves less than all, whatever it weighs
    low, high = (0.0, 1.0) if rate.low is None or rate.high is None else (rate.low, rate.high)
    return _decided(100 * low, 100 * high, comparison, target)


def rate_status(status: pd.Series, comparison: str, target: float) -> Status:
    """Return the status of a clause that speaks of a rate of its subjects, by counts (A2).

    ``target`` in per cent. Counts are compared, not rounded percentages; with no subject the
    clause is not applicable.
    """
    rows = status[status.isin(_COUNTED)]
    if rows.empty:
        return Status.NOT_APPLICABLE
    met = int((rows == Status.COMPLIANT).sum())
    open_ = int((rows == Status.NOT_ASSESSED).sum())
    whole = len(rows)
    low, high = (float(Fraction(100 * n, whole)) for n in (met, met + open_))
    return _decided(low, high, comparison, target)


def _decided(low: float, high: float, comparison: str, target: float) -> Status:
    frame = pd.DataFrame(
        {"low": [low], "high": [high], "required_low": [target], "required_high": [target]}
    )
    status: Status = decide(frame, comparison).iloc[0]
    return status
