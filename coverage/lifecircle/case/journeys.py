"""Journeys to the hosts of service districts: from a unit's seat, or its villages (A33)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.counting.eligibility import both, members
from lifecircle.judge.readings import service_districts
from lifecircle.measures.units.hosts import host_of
from lifecircle.model.reason import ReasonCode
from lifecircle.model.rules.options import AssignmentOptions
from lifecircle.model.tables import JOURNEY_COLUMNS
from lifecircle.reach.journeys import drives, walks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from lifecircle.model.inputs.study import Study
    from lifecircle.model.reason import Reason
    from lifecircle.model.rules.rule import Rules
    from lifecircle.reach.journeys import Journeys

__all__ = ["host_journeys"]


def host_journeys(
    study: Study,
    rules: Rules,
    units: pd.DataFrame,
    areas: pd.DataFrame,
    facilities: pd.DataFrame,
) -> pd.DataFrame:
    """Return the journeys from the units of service districts to hosts and their like.

    Parameters
    ----------
    units, areas, facilities
        The tables, with ``x`` and ``y``; ``units`` also with ``seat_x`` and ``seat_y``.

    Returns
    -------
    pandas.DataFrame
        Columns ``JOURNEY_COLUMNS``, one row a unit, kind of start and facility; no row where the
        rules have no districts, or no start of that kind is known.
    """
    districts = service_districts(rules)
    ends = _ends(rules, facilities)
    starts = pd.DataFrame(
        [
            (unit, start, x, y)
            for district in districts
            for unit in district.units
            if unit in units.index
            for start, x, y in _starts(unit, units, areas)
        ],
        columns=["unit", "start", "x", "y"],
    )
    if starts.empty or ends.empty:
        return pd.DataFrame(columns=list(JOURNEY_COLUMNS))
    here = starts[["x", "y"]].to_numpy(dtype=float)
    there = ends[["x", "y"]].to_numpy(dtype=float)
    straight = np.hypot(*(here[:, None] - there[None]).transpose(2, 0, 1))
    walk = walks(here, there, study.streets, study.parameters)
    drive = drives(here, there, study.streets, study.parameters)
    rows = []
    for (unit, start), group in starts.groupby(["unit", "start"], sort=False):
        mine = group.index.to_numpy()
        for j, facility in enumerate(ends.index):
            on_foot, by_car = _summary(walk, mine, j), _summary(drive, mine, j)
            away = straight[mine, j]
            span = float(away.min()), float(away.max())
            only = bool(walk.only_by_ferry[mine, j].any())
            rows.append((unit, facility, start, len(mine), *span, *on_foot, *by_car, only))
    return pd.DataFrame(rows, columns=list(JOURNEY_COLUMNS))


def _ends(rules: Rules, facilities: pd.DataFrame) -> pd.DataFrame:
    """Return the hosts the document names, and the facilities in use that could be one."""
    wanted = set[str]()
    for rule in rules:
        if not isinstance(rule.options, AssignmentOptions):
            continue
        serves = both(members(facilities, rule.kinds), facilities["open"])
        wanted |= set(serves.index[serves == 1])
        hosts = (host_of(facilities, d) for d in rule.options.districts)
        wanted |= {host for host in hosts if host is not None}
    return facilities.loc[[f for f in facilities.index if f in wanted]]


def _starts(
    unit: str, units: pd.DataFrame, areas: pd.DataFrame
) -> Iterator[tuple[str, float, float]]:
    """Yield a unit's seat, and its villages: those of the list of units, else its areas."""
    x, y = (float(v) for v in units.loc[unit, ["seat_x", "seat_y"]])
    if np.isfinite(x) and np.isfinite(y):
        yield "seat", x, y
    for rows in (units[units["parent"] == unit], areas[areas["unit"] == unit]):
        xy = rows[["x", "y"]].to_numpy(dtype=float)
        known = xy[np.isfinite(xy).all(axis=1)]
        yield from (("villages", float(a), float(b)) for a, b in known)
        if len(known):
            return


def _summary(
    found: Journeys, rows: NDArray[np.int64], end: int
) -> tuple[float, float, bool, Reason | None]:
    """Return least and most minutes from several starts, whether by ferry, and what is not known.

    One start without a time leaves the most open; a ferry matters wherever one is taken. Water is
    the first reason told: it is the one that a ferry in the data would cure.
    """
    minutes = found.minutes[rows, end]
    reasons = [r for r in found.unknown[rows, end] if r is not None]
    wet = [r for r in reasons if r.code is ReasonCode.ISLAND_WITHOUT_FERRY]
    known = minutes[~np.isnan(minutes)]
    least = float(known.min()) if len(known) else np.nan
    most = np.nan if reasons else float(known.max())
    return least, most, bool(found.by_ferry[rows, end].any()), (wet or reasons or [None])[0]
