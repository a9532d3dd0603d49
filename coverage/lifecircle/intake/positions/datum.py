"""The shifted coordinates of Chinese web maps: GCJ-02 and BD-09, back to WGS 84 / CGCS2000.

GCJ-02 (高德, 腾讯) shifts a point by 500 to 550 m here, BD-09 (百度) by about 1,250 m: half to
more than all of a service radius. The forward formulas are those in common use (Krasovsky
ellipsoid, polynomial with sines around 105°E 35°N; BD-09 a polar shift of GCJ-02); the inverses
iterate them until the point comes back to 1e-9 degrees (0.1 mm). WGS 84 and CGCS2000 are taken as
equal at this scale. Degrees throughout, arrays of longitudes and latitudes.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Shift = Callable[[Floats, Floats], tuple[Floats, Floats]]

__all__ = [
    "DATUMS",
    "bd09_to_gcj02",
    "gcj02_to_bd09",
    "gcj02_to_wgs84",
    "to_wgs84",
    "wgs84_to_gcj02",
]

DATUMS = ("wgs84", "cgcs2000", "gcj02", "bd09")
"""What a study may declare as ``coordinates``."""

_AXIS_M = 6378245.0
_ECCENTRICITY2 = 0.00669342162296594323
_BD_FACTOR = math.pi * 3000 / 180
_TOLERANCE = 1e-10
_ROUNDS = 50


def wgs84_to_gcj02(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Shift WGS 84 to GCJ-02; points outside the formula's box of China stay.

    The box (72.004 to 137.8347°E, 0.8293 to 55.8271°N) is that of the formula in use, not a
    border.
    """
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    x, y = lon - 105.0, lat - 35.0
    waves = (20 * np.sin(6 * x * np.pi) + 20 * np.sin(2 * x * np.pi)) * 2 / 3
    root = np.sqrt(np.abs(x))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves
    north += (20 * np.sin(y * np.pi) + 40 * np.sin(y / 3 * np.pi)) * 2 / 3
    north += (160 * np.sin(y / 12 * np.pi) + 320 * np.sin(y * np.pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves
    east += (20 * np.sin(x * np.pi) + 40 * np.sin(x / 3 * np.pi)) * 2 / 3
    east += (150 * np.sin(x / 12 * np.pi) + 300 * np.sin(x / 30 * np.pi)) * 2 / 3
    phi = np.radians(lat)
    magic = 1 - _ECCENTRICITY2 * np.sin(phi) ** 2
    meridian = _AXIS_M * (1 - _ECCENTRICITY2) / (magic * np.sqrt(magic))
    parallel = _AXIS_M / np.sqrt(magic) * np.cos(phi)
    inside = (lon >= 72.004) & (lon <= 137.8347) & (lat >= 0.8293) & (lat <= 55.8271)  # noqa: PLR2004
    return (
        np.where(inside, lon + np.degrees(east / parallel), lon),
        np.where(inside, lat + np.degrees(north / meridian), lat),
    )


def gcj02_to_bd09(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Shift GCJ-02 to BD-09 (the usual variant, x_pi = π·3000/180)."""
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD_FACTOR)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_FACTOR)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def gcj02_to_wgs84(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Undo :func:`wgs84_to_gcj02`, to 1e-9 degrees."""
    return _undo(wgs84_to_gcj02, lon, lat)


def bd09_to_gcj02(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Undo :func:`gcj02_to_bd09`, to 1e-9 degrees (the closed form in use is 0.1 m off)."""
    return _undo(gcj02_to_bd09, lon, lat)


def to_wgs84(lon: Floats, lat: Floats, datum: str) -> tuple[Floats, Floats]:
    """Return WGS 84 longitudes and latitudes of points given in one of :data:`DATUMS`."""
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    if datum == "bd09":
        lon, lat = bd09_to_gcj02(lon, lat)
    if datum in {"gcj02", "bd09"}:
        lon, lat = gcj02_to_wgs84(lon, lat)
    return lon, lat


def _undo(shift: Shift, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    x, y = lon, lat
    for _ in range(_ROUNDS):
        there_x, there_y = shift(x, y)
        step_x, step_y = lon - there_x, lat - there_y
        x, y = x + step_x, y + step_y
        # NaN compares false: an unknown point does not keep the loop alive.
        if not (np.maximum(np.abs(step_x), np.abs(step_y)) > _TOLERANCE).any():
            break
    return x, y
