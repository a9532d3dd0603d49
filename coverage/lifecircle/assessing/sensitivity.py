"""Sensitivity: reach at other speeds, radii and thresholds, from the distances found (A15)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lifecircle.counting.shares import rate_of
from lifecircle.model.finding import meets
from lifecircle.model.inputs.parameters import (
    CURVE_MINUTES,
    CURVE_RADII_M,
    SENSITIVITY_RADII_M,
    SENSITIVITY_SPEEDS_M_S,
)
from lifecircle.model.results.assessment import Curve, CurveStep, SensitivityRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

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
        weights, straight, walk = _weights(tables, rows), _straight(rows), _walk(rows)
        for radius in SENSITIVITY_RADII_M:
            yield from _cases(weights, straight, group, "radius", radius, None)
        if not _walked(rows):
            continue
        for speed in SENSITIVITY_SPEEDS_M_S:
            if meets(walk_min * 60.0 * speed, ">", _searched(tables, reach, searched_m)):
                continue
            low, high = (metres / (60.0 * speed) for metres in walk)
            if not meets(speed, "=", tables.parameters.walk_speed_m_s):
                # a ferry goes no faster with those who walk faster: not known at this speed
                aboard = rows["by_ferry"].to_numpy(dtype=bool)
                low[aboard], high[aboard] = 0.0, np.inf
            yield from _cases(weights, (low, high), group, "walk", walk_min, speed)


def _curves(tables: Tables, searched_m: float | None) -> Iterator[Curve]:
    speed = tables.parameters.walk_speed_m_s
    for group, reach in tables.reach.items():
        rows = reach.frame[concerned(tables, group).to_numpy()]
        if rows.empty:
            continue
        weights, straight, walk = _weights(tables, rows), _straight(rows), _walk(rows)
        for basis in _BASES:
            yield _curve(straight, weights[basis], CURVE_RADII_M, group, basis, None)
        longest = _searched(tables, reach, searched_m) / (60.0 * speed)
        steps = [m for m in CURVE_MINUTES if meets(m, "<=", longest)]
        if _walked(rows):
            minutes = (walk[0] / (60.0 * speed), walk[1] / (60.0 * speed))
            for basis in _BASES:
                yield _curve(minutes, weights[basis], steps, group, basis, speed)


def _curve(
    bounds: tuple[NDArray[np.float64], NDArray[np.float64]],
    weight: NDArray[np.float64],
    thresholds: Sequence[float],
    group: str,
    basis: str,
    speed: float | None,
) -> Curve:
    """Return one curve; areas without a weight are counted apart and are in no share."""
    low, high = bounds
    share = np.nan_to_num(weight, nan=0.0)
    step = np.asarray(thresholds)[:, None]
    certain = meets(high[None, :], "<=", step) @ share
    possible = meets(low[None, :], "<=", step) @ share
    total = float(share.sum())
    return Curve(
        reach_group=group,
        measure="radius" if speed is None else "walk",
        unit="m" if speed is None else "min",
        speed_m_s=speed,
        basis=basis,
        total=total,
        missing=int(np.isnan(weight).sum()),
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


def _weights(tables: Tables, rows: pd.DataFrame) -> dict[str, NDArray[np.float64]]:
    counted = tables.areas["counted"].reindex(rows.index).to_numpy(dtype=float)
    return {"areas": np.ones(len(rows)), "households": counted}


def _straight(rows: pd.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return _bounds(rows["radius_low_m"], rows["radius_m"])


def _walk(rows: pd.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return _bounds(rows["walk_low_m"], rows["walk_m"])


def _bounds(low: pd.Series, high: pd.Series) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    least, most = (one.to_numpy(dtype=float, na_value=np.nan) for one in (low, high))
    return np.where(np.isnan(least), 0.0, least), np.where(np.isnan(most), np.inf, most)


def _walked(rows: pd.DataFrame) -> bool:
    """Return whether there are streets to walk on, or a table of walks."""
    return bool(rows["snap_m"].notna().any() or np.isfinite(rows["walk_m"].astype(float)).any())


def _searched(tables: Tables, reach: ReachTable, given_m: float | None) -> float:
    """Return the longest walk that was looked for, metres; a longer one is not known."""
    own = max(tables.parameters.search_limit_m, reach.walk_m_limit)
    return own if given_m is None else given_m


def _cases(
    weights: Mapping[str, NDArray[np.float64]],
    bounds: tuple[NDArray[np.float64], NDArray[np.float64]],
    group: str,
    measure: str,
    threshold: float,
    speed: float | None,
) -> Iterator[SensitivityRow]:
    low, high = bounds
    met = meets(high, "<=", threshold)
    open_ = meets(low, "<=", threshold) & ~met
    for basis in _BASES:
        rate = rate_of(met, open_, weights[basis], basis, "county")
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
