"""Positions that no county can have: rows far from their layer, layers far from the others.

A wrong digit or a wrong central meridian puts a place hundreds of kilometres off. A row there is
a row without a known place; a layer there cannot be used: every distance to it would be wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from pyproj import CRS

from lifecircle.intake.positions.locating import Positions, unplaced_severity
from lifecircle.model.coordinates.projecting import way_between
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from lifecircle.intake.ledger.rows import Ledger

    Floats = NDArray[np.float64]

__all__ = ["far_layers", "middle", "without_far_rows"]

_FAR_M, _FAR_SPREADS = 100_000.0, 10.0
"""Farther than 100 km, and than ten times the usual distance from the middle: counties of the
west are hundreds of kilometres long."""
_ZONE, _COUNTY, _NEARLY_ALL, _SAME = 3.0, 0.75, 0.9, 0.3
"""Degrees from one zone to the next; within which nearly all rows of a layer lie about its middle
if their zones are told apart; which share of them that is; and within which the middles of the rows
of each zone lie: two towns are no two zones."""
_CHINA = ((73.0, 3.0), (136.0, 54.0))
"""Least and most longitude and latitude that a place of a county can have."""
_EARTH_M = 6_371_008.8
_DEGREES = "EPSG:4490"
_FIRST_ZONE, _LAST_ZONE = 4534, 4554
"""CGCS2000 3-degree zones without prefix, 75 to 135°E: what eastings without a prefix may be."""


def _degrees(positions: Positions) -> Floats:
    """Return lon and lat (n, 2) of the middle of each shape, NaN where the place is unknown."""
    xy = np.full((len(positions.shapes), 2), np.nan)
    known = np.array([s is not None for s in positions.shapes], dtype=bool)
    if positions.crs is None or not known.any():
        return xy
    bounds = shapely.bounds(positions.shapes[known])
    there = way_between(positions.crs, _DEGREES)
    lon, lat = there.transform(*((bounds[:, :2] + bounds[:, 2:]) / 2).T)
    xy[known] = np.column_stack([lon, lat])
    xy[~np.isfinite(xy).all(axis=1)] = np.nan
    return xy


def middle(positions: Positions) -> tuple[float, float] | None:
    """Return the median longitude and latitude of the places, None where none is known.

    A median: stray places do not move it.
    """
    return _middle(_degrees(positions))


def _middle(lonlat: Floats) -> tuple[float, float] | None:
    known = lonlat[np.isfinite(lonlat).all(axis=1)]
    if not len(known):
        return None
    lon, lat = np.median(known, axis=0)
    return float(lon), float(lat)


def _metres(lonlat: Floats, at: tuple[float, float]) -> Floats:
    """Return great-circle distances to a point, metres; NaN where a place is unknown."""
    lon, lat = np.radians(lonlat).T
    lon0, lat0 = np.radians(at)
    half = np.sin((lat - lat0) / 2) ** 2
    half = half + np.cos(lat) * np.cos(lat0) * np.sin((lon - lon0) / 2) ** 2
    distances: Floats = 2 * _EARTH_M * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    return distances


def _too_far_m(lonlat: Floats, at: tuple[float, float]) -> float:
    """Return from where on a place is too far from the middle of its layer, metres."""
    known = lonlat[np.isfinite(lonlat).all(axis=1)]
    return max(_FAR_M, _FAR_SPREADS * float(np.median(_metres(known, at))))


def _in_another_zone(positions: Positions, lonlat: Floats) -> NDArray[np.bool_]:
    """Return which rows of eastings were written in another zone than most.

    The same easting is 3° farther per zone: such rows lie beside the others once whole zones are
    taken off, and apart from them as they are.
    """
    other = np.zeros(len(lonlat), dtype=bool)
    known = np.isfinite(lonlat).all(axis=1)
    if positions.crs is None or not positions.crs.is_projected or not known.any():
        return other
    lon, lat = lonlat[known].T
    turn = np.exp(2j * np.pi * lon / _ZONE)
    middle = float(np.angle(turn.mean())) * _ZONE / (2 * np.pi)
    aside = np.mod(lon - middle + _ZONE / 2, _ZONE) - _ZONE / 2
    away = np.maximum(np.abs(aside), np.abs(lat - np.median(lat)))
    if np.quantile(away, _NEARLY_ALL) > _COUNTY:
        return other
    zone = np.round((lon - middle - aside) / _ZONE)
    zones, counts = np.unique(zone, return_counts=True)
    area = positions.crs.area_of_use  # of as many rows those are right that the CRS is made for
    home = 0.0 if area is None else (area.west + area.east) / 2
    own = np.lexsort((np.abs(middle + zones * _ZONE - home), -counts))[0]
    place = np.column_stack([aside, lat])
    here = np.median(place[zone == zones[own]], axis=0)
    away_too = [one for one in zones if one != zones[own] and _beside(place[zone == one], here)]
    other[known] = np.isin(zone, away_too)
    return other


def _beside(place: Floats, here: Floats) -> bool:
    """Return whether places (n, 2) lie about where others do, in degrees."""
    return bool((np.abs(np.median(place, axis=0) - here) <= _SAME).all())


def _abroad(lonlat: Floats) -> NDArray[np.bool_]:
    """Return which places lie outside China where others of the layer lie in it.

    The middle of a ledger of two rows lies between them: it does not tell which of them is astray.
    """
    known = np.isfinite(lonlat).all(axis=1)
    inside = np.logical_and(known, ((lonlat >= _CHINA[0]) & (lonlat <= _CHINA[1])).all(axis=1))
    abroad: NDArray[np.bool_] = np.logical_and(known, np.logical_not(inside))
    return abroad if inside.any() else np.zeros(len(lonlat), dtype=bool)


def without_far_rows(ledger: Ledger, positions: Positions) -> tuple[Positions, tuple[Problem, ...]]:
    """Return a layer's positions without those far from its middle, and a problem for each."""
    lonlat = _degrees(positions)
    zoned = _in_another_zone(positions, lonlat) | _abroad(lonlat)
    most = lonlat[~zoned]
    at = _middle(most)
    if at is None:
        return positions, ()
    away = _metres(lonlat, at)
    # not finite in degrees: its numbers are of no place on the ground
    lost = np.isnan(away) & np.array([s is not None for s in positions.shapes], dtype=bool)
    far = lost | zoned | (np.nan_to_num(away) > _too_far_m(most, at))
    if not far.any():
        return positions, ()
    shapes = positions.shapes.copy()
    shapes[far] = None
    severity = unplaced_severity(ledger)
    column = "lon" if "lon" in ledger.headers else None
    problems = [
        ledger.problem(ProblemCode.COORDINATE_RANGE, severity, int(row), column)
        if lost[row]
        else ledger.problem(
            ProblemCode.POSITION_FAR,
            severity,
            int(row),
            column,
            distance_km=round(float(away[row]) / 1000),
        )
        for row in np.flatnonzero(far)
    ]
    return Positions(shapes, positions.crs), tuple(problems)


@dataclass(frozen=True, slots=True)
class _Place:
    """The middle of a layer, and from where on another is too far from it."""

    at: tuple[float, float]
    reach_m: float


def far_layers(layers: Mapping[str, tuple[Ledger, Positions]]) -> dict[str, Problem]:
    """Return layer → error for each layer that lies wholly far from the others.

    Of the layers that lie together the greater company is right; of two equal ones that of the
    residential areas. The error names the zone in which the layer would lie beside the others,
    where its numbers are eastings and one does.
    """
    places: dict[str, _Place] = {}
    for name, (_, positions) in layers.items():
        lonlat = _degrees(positions)
        if (at := _middle(lonlat)) is not None:
            places[name] = _Place(at, _too_far_m(lonlat, at))
    company = {
        name: [other for other, there in places.items() if _together(here, there)]
        for name, here in places.items()
    }
    if not company:
        return {}
    best = max(company.values(), key=lambda names: (len(names), "residential" in names))
    found = {}
    for name, here in places.items():
        if name in best:
            continue
        other = "residential" if "residential" in best else best[0]
        away = float(_metres(np.array([here.at]), places[other].at)[0])
        params: dict[str, Any] = {"target": other, "distance_km": round(away / 1000)}
        ledger, positions = layers[name]
        suggested = _zone_beside(positions, places[other])
        if suggested is not None:
            params["suggest"] = f'crs = "{suggested}"'
        found[name] = ledger.raw.problem(ProblemCode.LAYER_FAR, Severity.ERROR, **params)
    return found


def _together(here: _Place, there: _Place) -> bool:
    away = float(_metres(np.array([here.at]), there.at)[0])
    return away <= max(here.reach_m, there.reach_m)


def _zone_beside(positions: Positions, other: _Place) -> str | None:
    """Return the one zone in which the eastings of a layer lie beside another, else None."""
    if positions.crs is None or not positions.crs.is_projected:
        return None
    code = positions.crs.to_epsg()
    fitting = []
    for zone in range(_FIRST_ZONE, _LAST_ZONE + 1):
        if zone == code:
            continue
        lonlat = _degrees(Positions(positions.shapes, CRS.from_epsg(zone)))
        at = _middle(lonlat)
        if at is not None:
            fitting.append((float(_metres(np.array([at]), other.at)[0]), zone))
    away, zone = min(fitting, default=(np.inf, 0))
    return f"EPSG:{zone}" if away <= other.reach_m else None
