"""Sensitivity: reach rates at other speeds and radii, from the distances already found (A15)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from lifecircle.judge.decision import decide
from lifecircle.judge.rates import verdict_rate
from lifecircle.model.assessment import SensitivityRow
from lifecircle.model.parameters import SENSITIVITY_RADII_M, SENSITIVITY_SPEEDS_M_S
from lifecircle.model.status import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecircle.model.tables import Tables

__all__ = ["sensitivity"]

_BASES = ("areas", "households")


def sensitivity(tables: Tables, walk_min: float) -> tuple[SensitivityRow, ...]:
    """Return the rates of every reach group at four radii and at four speeds for ``walk_min``.

    Over the areas that are lived in and have households: all of them for centres and canteens,
    urban ones for the community group, rural ones for the village group.
    """
    return tuple(_rows(tables, walk_min))


def _rows(tables: Tables, walk_min: float) -> Iterator[SensitivityRow]:
    areas = tables.areas
    lived = (areas["lived_in"] == 1) & (areas["counted"] != 0)
    for group, reach in tables.reach.items():
        here = lived
        if group in {"community", "village"}:
            here = lived & (areas["setting"] == ("urban" if group == "community" else "rural"))
        rows = reach.frame[here.to_numpy()]
        if rows.empty:
            continue
        bounds = pd.DataFrame(
            {
                "low": rows["radius_low_m"].astype(float).fillna(0.0),
                "high": rows["radius_m"].astype(float).fillna(float("inf")),
            }
        )
        for radius in SENSITIVITY_RADII_M:
            yield from _cases(areas, bounds, group, "radius", radius, None)
        walked = pd.DataFrame(
            {
                "low": rows["walk_low_m"].astype(float).fillna(0.0),
                "high": rows["walk_m"].astype(float).fillna(float("inf")),
            }
        )
        if rows["snap_m"].isna().all():
            continue
        for speed in SENSITIVITY_SPEEDS_M_S:
            yield from _cases(areas, walked / (60.0 * speed), group, "walk", walk_min, speed)


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
