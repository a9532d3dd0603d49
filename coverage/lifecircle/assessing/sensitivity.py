"""Sensitivity: reach at other speeds, radii and thresholds, from the distances found (A15)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.judge.decision import decide
from lifecircle.judge.rates import verdict_rate
from lifecircle.model.finding import meets
from lifecircle.model.inputs.parameters import (
    CURVE_MINUTES,
    CURVE_RADII_M,
    SENSITIVITY_RADII_M,
    SENSITIVITY_SPEEDS_M_S,
)
from lifecircle.model.results.assessment import Curve, CurveStep, SensitivityRow
from lifecircle.model.status import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lifecircle.model.reach import ReachTable
    from lifecircle.model.tables import Tables

__all__ = ["concerned", "curves", "sensitivity"]

_BASES = ("areas", "households")
_SETTING = {"community": "urban", "village": "rural"}


def concerned(tables: Tables, group: str) -> pd.Series:
    """Return which areas a reach group is for: lived in, with households, of its setting.

    All of them for centres and canteens, urban ones for the community group, rural ones for the
    village group.
    """
    areas = tables.areas
    lived = (areas["lived_in"] == 1) & (areas["counted"] != 0)
    return lived & (areas["setting"] == _SETTING[group]) if group in _SETTING else lived


def sensitivity(
    tables: Tables, walk_min: float, searched_m: float | None = None
) -> tuple[SensitivityRow, ...]:
    """Return the rates of every reach group at four radii and at four speeds for ``walk_min``.

    Over the areas the group is for (:func:`concerned`). ``searched_m``: the longest walk of a
    table the study hands in; a speed that leads beyond what was searched for is left out. A walk
    that takes a ferry is known for the study's own speed only.
    """
    return tuple(_rows(tables, walk_min, searched_m))


def curves(tables: Tables, searched_m: float | None = None) -> tuple[Curve, ...]:
    """Return how many areas and households are within reach, by radius and by minutes.

    Every 50 m to 1,500 m and every minute to 30 at the study's speed, over the areas each group
    is for; steps beyond what was searched for are left out (``searched_m`` as above).
    """
    return tuple(_curves(tables, searched_m))


def _rows(tables: Tables, walk_min: float, searched_m: float | None) -> Iterator[SensitivityRow]:
    for group, reach in tables.reach.items():
        rows = reach.frame[concerned(tables, group).to_numpy()]
        if rows.empty:
            continue
        for radius in SENSITIVITY_RADII_M:
            yield from _cases(tables.areas, _straight(rows), group, "radius", radius, None)
        if not _walked(rows):
            continue
        for speed in SENSITIVITY_SPEEDS_M_S:
            if meets(walk_min * 60.0 * speed, ">", _searched(tables, reach, searched_m)):
                continue
            minutes = _walk(rows) / (60.0 * speed)
            if not meets(speed, "=", tables.parameters.walk_speed_m_s):
                # a ferry goes no faster with those who walk faster: not known at this speed
                aboard = rows["by_ferry"].to_numpy(dtype=bool)
                minutes.loc[aboard, "low"], minutes.loc[aboard, "high"] = 0.0, np.inf
            yield from _cases(tables.areas, minutes, group, "walk", walk_min, speed)


def _curves(tables: Tables, searched_m: float | None) -> Iterator[Curve]:
    speed = tables.parameters.walk_speed_m_s
    for group, reach in tables.reach.items():
        rows = reach.frame[concerned(tables, group).to_numpy()]
        if rows.empty:
            continue
        counted = tables.areas.loc[rows.index, "counted"].astype(float)
        weights = {"areas": pd.Series(1.0, index=rows.index), "households": counted}
        for basis in _BASES:
            yield _curve(_straight(rows), weights[basis], CURVE_RADII_M, group, basis, None)
        longest = _searched(tables, reach, searched_m) / (60.0 * speed)
        steps = [m for m in CURVE_MINUTES if meets(m, "<=", longest)]
        if _walked(rows):
            for basis in _BASES:
                minutes = _walk(rows) / (60.0 * speed)
                yield _curve(minutes, weights[basis], steps, group, basis, speed)


def _curve(
    bounds: pd.DataFrame,
    weight: pd.Series,
    thresholds: Sequence[float],
    group: str,
    basis: str,
    speed: float | None,
) -> Curve:
    """Return one curve; areas without a weight are counted apart and are in no share."""
    share = weight.fillna(0.0).to_numpy()
    step = np.asarray(thresholds)[:, None]
    certain = meets(bounds["high"].to_numpy()[None, :], "<=", step) @ share
    possible = meets(bounds["low"].to_numpy()[None, :], "<=", step) @ share
    total = float(share.sum())
    return Curve(
        reach_group=group,
        measure="radius" if speed is None else "walk",
        unit="m" if speed is None else "min",
        speed_m_s=speed,
        basis=basis,
        total=total,
        missing=int(weight.isna().sum()),
        steps=tuple(
            CurveStep(
                threshold=float(t),
                numerator=float(a),
                low=float(a / total) if total > 0 else None,
                high=float(b / total) if total > 0 else None,
            )
            for t, a, b in zip(thresholds, certain, possible, strict=True)
        ),
    )


def _straight(rows: pd.DataFrame) -> pd.DataFrame:
    return _bounds(rows["radius_low_m"], rows["radius_m"])


def _walk(rows: pd.DataFrame) -> pd.DataFrame:
    return _bounds(rows["walk_low_m"], rows["walk_m"])


def _bounds(low: pd.Series, high: pd.Series) -> pd.DataFrame:
    return pd.DataFrame(
        {"low": low.astype(float).fillna(0.0), "high": high.astype(float).fillna(float("inf"))}
    )


def _walked(rows: pd.DataFrame) -> bool:
    """Return whether there are streets to walk on, or a table of walks."""
    return bool(rows["snap_m"].notna().any() or np.isfinite(rows["walk_m"].astype(float)).any())


def _searched(tables: Tables, reach: ReachTable, given_m: float | None) -> float:
    """Return the longest walk that was looked for, metres; a longer one is not known."""
    own = max(tables.parameters.search_limit_m, reach.walk_m_limit)
    return own if given_m is None else given_m


def _cases(
    areas: pd.DataFrame,
    bounds: pd.DataFrame,
    group: str,
    measure: str,
    threshold: float,
    speed: float | None,
) -> Iterator[SensitivityRow]:
    status: pd.Series = decide(
        bounds.assign(required_low=threshold, required_high=threshold), "<="
    ).map(Status)
    for basis in _BASES:
        weight = areas.loc[bounds.index, "counted"]
        if basis == "areas":
            weight = pd.Series(1.0, index=bounds.index)
        rate = verdict_rate(status, weight, basis, "county")
        yield SensitivityRow(
            reach_group=group,
            measure=measure,
            threshold=threshold,
            unit="m" if measure == "radius" else "min",
            speed_m_s=speed,
            basis=basis,
            numerator=rate.numerator,
            denominator=rate.denominator,
            not_assessed=rate.not_assessed,
            low=rate.low,
            high=rate.high,
            rate=rate.rate,
        )
