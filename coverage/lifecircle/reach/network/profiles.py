"""What a metre of each way costs on foot and by car, in metres of level walking.

One unit serves everything: the walking speed of the study turns it into time, and whatever does
not go at that speed (stairs, slopes, a ferry, a car) costs the metres one walks in the same time.
"""

from __future__ import annotations

import dataclasses
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lifecircle.model.finding import meets
from lifecircle.model.inputs.walkable import Folded, Passage, state_passage, tag
from lifecircle.reach.network.walkable import way_use

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from numpy.typing import NDArray

    from lifecircle.model.inputs.parameters import Parameters
    from lifecircle.model.inputs.streets import StreetLines

__all__ = ["WayCost", "drive_cost", "ferry_minutes", "slope", "walk_cost", "way_lengths"]

_METRES_A_SECOND = 1 / 3.6
"""One km/h."""

_ROAD_CLASS = {
    "motorway": "motorway",
    "motorway_link": "motorway",
    "trunk": "trunk",
    "trunk_link": "trunk",
    "primary": "primary",
    "primary_link": "primary",
    "secondary": "secondary",
    "secondary_link": "secondary",
    "tertiary": "tertiary",
    "tertiary_link": "tertiary",
    "unclassified": "local",
    "residential": "local",
    "living_street": "local",
    "service": "local",
    "road": "local",
    "": "local",  # a line layer without tags
}
"""``highway`` of ways for cars → the parameter ``drive_<class>_kmh`` that holds their speed."""

_NO_CARS = frozenset({"no", "private", "military", "forestry", "agricultural"})
_ONE_WAY = frozenset({"yes", "1", "true"})
_ONE_WAY_BACK = frozenset({"-1", "reverse"})


@dataclass(frozen=True, slots=True, eq=False)
class WayCost:
    """How one profile uses each way; every array has one entry a way.

    Parameters
    ----------
    used
        The way belongs to the profile's network.
    forward, back
        float64, metres of level walking that one metre costs in the direction drawn, and against
        it; ``inf``: not allowed. A used way is allowed in one direction at least.
    open
        Places may stand on it.
    steps, ferry
        Stairs; a ferry.
    boarding
        float64, metres of level walking that the wait for a ferry costs; 0 for other ways.
    """

    used: NDArray[np.bool_]
    forward: NDArray[np.float64]
    back: NDArray[np.float64]
    open: NDArray[np.bool_]
    steps: NDArray[np.bool_]
    ferry: NDArray[np.bool_]
    boarding: NDArray[np.float64]

    def take(self, rows: NDArray[np.int64]) -> WayCost:
        """Return the ways of ``rows``."""
        return WayCost(*(getattr(self, f.name)[rows] for f in dataclasses.fields(self)))


def walk_cost(
    lines: StreetLines,
    parameters: Parameters,
    *,
    possible: bool = False,
    tags: Folded | None = None,
) -> WayCost:
    """Return the costs on foot: level ways 1, stairs and steep ways by the study's factors.

    ``possible``: ways of which nobody knows who passes are used, too. ``tags``: those of the lines,
    where they are folded already.

    A way is steep from ``steep_slope`` on, inclusive; a slope tagged only ``up`` or ``down``
    counts as steep, since it was worth a tag. Stairs have their own factor, whatever their slope.
    A ferry takes the time of its ``duration``, else that of its length at ``ferry_speed_kmh``;
    boarding it takes ``ferry_wait_min`` besides.
    """
    tags = Folded.of(lines.tags) if tags is None else tags
    use = way_use(tags, possible=possible)
    factor = np.ones(len(lines))
    steep = meets(slope(tags), ">=", parameters.steep_slope)
    factor[steep] = parameters.incline_factor
    factor[use.steps] = parameters.steps_factor
    ferries = np.flatnonzero(use.ferry)
    if len(ferries):
        length = way_lengths(lines)[ferries]
        minutes = ferry_minutes(tags)[ferries]
        untold = np.isnan(minutes) | (length <= 0)
        pace = _slowness(parameters, parameters.ferry_speed_kmh)
        walked = minutes * 60.0 * parameters.walk_speed_m_s
        factor[ferries] = np.where(untold, pace, walked / np.where(untold, 1.0, length))
    return WayCost(
        used=use.walked | use.ferry,
        forward=np.where(use.ahead, factor, np.inf),
        back=np.where(use.back, factor, np.inf),
        open=use.walked,
        steps=use.steps,
        ferry=use.ferry,
        boarding=np.where(
            use.ferry, parameters.ferry_wait_min * 60.0 * parameters.walk_speed_m_s, 0.0
        ),
    )


def drive_cost(lines: StreetLines, parameters: Parameters) -> WayCost:
    """Return the costs by car: one-way respected, speeds by road class from the parameters.

    Nobody sets out on a motorway or its links; what is planned, out of use, or in a state nobody
    knows is not used. Of a merged way of several classes the first counts. No ferries, no
    turn restrictions, no congestion.
    """
    highway = tag(lines.tags, "highway").str.split(";").str[0]
    known = highway.map(_ROAD_CLASS)
    speed = {
        name: _slowness(parameters, getattr(parameters, f"drive_{name}_kmh"))
        for name in set(_ROAD_CLASS.values())
    }
    refused = tag(lines.tags, "access").isin(_NO_CARS) | tag(lines.tags, "route").eq("ferry")
    there = state_passage(lines.tags) == Passage.OPEN
    used = (known.notna() & ~refused).to_numpy(dtype=bool) & there
    cost = known.map(speed).fillna(1.0).to_numpy(dtype=np.float64)
    oneway = tag(lines.tags, "oneway")
    ahead = oneway.isin(_ONE_WAY) | (highway.eq("motorway") & oneway.eq(""))
    motorway = known.eq("motorway").to_numpy(dtype=bool)
    nothing = np.zeros(len(lines), dtype=bool)
    return WayCost(
        used=used,
        forward=np.where(oneway.isin(_ONE_WAY_BACK), np.inf, cost),
        back=np.where(ahead, np.inf, cost),
        open=used & ~motorway,
        steps=nothing,
        ferry=nothing,
        boarding=np.zeros(len(lines)),
    )


def way_lengths(lines: StreetLines) -> NDArray[np.float64]:
    """Return the length of each way, metres."""
    step = np.zeros(len(lines.way_vertex))
    step[1:] = np.hypot(*np.diff(lines.vertex_xy[lines.way_vertex], axis=0).T)
    step[lines.way_start[:-1][np.diff(lines.way_start) > 0]] = 0.0  # the hop from the way before
    way = np.repeat(np.arange(len(lines)), np.diff(lines.way_start))
    return np.bincount(way, weights=step, minlength=len(lines)).astype(np.float64)


def slope(tags: pd.DataFrame | Folded) -> NDArray[np.float64]:
    """Return the slope of each way by ``incline`` (0.05 = 5 %), up or down; 0 without one.

    Read are per cents (``5%``, ``-5 %``), degrees (``3°``) and ``up``/``down``, which is ``inf``:
    a slope of unknown steepness. A bare number is a per cent. Anything else is no slope.
    """
    return _read(tags, "incline", _slope, 0.0)


def ferry_minutes(tags: pd.DataFrame | Folded) -> NDArray[np.float64]:
    """Return the crossing time of each way by ``duration``, minutes; NaN where it tells none.

    Read are ``hh:mm``, ``hh:mm:ss``, bare minutes, and ISO 8601 (``PT1H20M``).
    """
    return _read(tags, "duration", _minutes, np.nan)


def _slowness(parameters: Parameters, kmh: float) -> float:
    """Return the metres walked in the time that one metre at ``kmh`` takes."""
    return parameters.walk_speed_m_s / (kmh * _METRES_A_SECOND)


def _read(
    tags: pd.DataFrame | Folded, name: str, reader: Callable[[str], float], default: float
) -> NDArray[np.float64]:
    codes, words = Folded.of(tags).words(name)
    return np.array([reader(word) if word else default for word in words], dtype=np.float64)[codes]


def _slope(text: str) -> float:
    if text in {"up", "down"}:
        return np.inf
    number = re.fullmatch(r"([+-]?\d+(?:\.\d+)?)\s*([%°]?)", text)
    if number is None:
        return 0.0
    value = abs(float(number[1]))
    if number[2] == "°":
        return math.tan(math.radians(value))
    return value / 100.0


def _minutes(text: str) -> float:
    clock = re.fullmatch(r"(\d+):(\d{1,2})(?::(\d{1,2}))?", text)
    iso = re.fullmatch(r"pt(?=\d)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?", text)
    found = clock or iso
    if found is not None:
        hours, minutes, seconds = (float(part or 0) for part in found.groups())
        total = hours * 60.0 + minutes + seconds / 60.0
    else:
        total = float(text) if re.fullmatch(r"\d+(?:\.\d+)?", text) else np.nan
    return total if total > 0 else np.nan
