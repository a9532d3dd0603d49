"""Projecting: the way from one coordinate system to another, looked up once a pair.

PROJ searches its database for every way it is asked for, which takes longer than to project a
county's places.
"""

from __future__ import annotations

from functools import lru_cache

from pyproj import CRS, Transformer

__all__ = ["way_between"]

_KEPT = 64


def way_between(origin: CRS | str, target: CRS | str) -> Transformer:
    """Return the way from one system to another, x east or longitude first in both."""
    return _way(CRS.from_user_input(origin), CRS.from_user_input(target))


@lru_cache(maxsize=_KEPT)
def _way(origin: CRS, target: CRS) -> Transformer:
    return Transformer.from_crs(origin, target, always_xy=True)
