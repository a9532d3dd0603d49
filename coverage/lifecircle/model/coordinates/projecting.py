"""Projecting: the way from one coordinate system to another, looked up once a pair.

PROJ searches its database for every way it is asked for, which takes longer than to project a
county's places.
"""

from __future__ import annotations

from functools import lru_cache

from pyproj import CRS, Transformer

__all__ = ["way_between"]

_KEPT = 64
_WGS84, _CGCS2000 = "EPSG:4326", "EPSG:4490"


def way_between(origin: CRS | str, target: CRS | str) -> Transformer:
    """Return the way from one system to another, x east or longitude first in both."""
    return _way(CRS.from_user_input(origin), CRS.from_user_input(target))


@lru_cache(maxsize=_KEPT)
def _way(origin: CRS, target: CRS) -> Transformer:
    origin, target = _of_one_datum(origin, target)
    return Transformer.from_crs(origin, target, always_xy=True)


def _of_one_datum(origin: CRS, target: CRS) -> tuple[CRS, CRS]:
    """Return both systems, degrees of WGS 84 as degrees of CGCS2000 where the other is of that.

    PROJ knows no shift between the two (they agree to centimetres) and takes one for the other,
    but only after a search of 0.1 s of CPU each time: three of them are in every run.
    """
    if origin == _WGS84 and target.geodetic_crs == _CGCS2000:
        return CRS.from_user_input(_CGCS2000), target
    if target == _WGS84 and origin.geodetic_crs == _CGCS2000:
        return origin, CRS.from_user_input(_CGCS2000)
    return origin, target
