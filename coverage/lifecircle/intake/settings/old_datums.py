"""The Chinese datums before CGCS2000, which no public parameters lead away from."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyproj import CRS

__all__ = ["old_datum"]

_OLD_AXES = {6378245.0: "beijing54", 6378140.0: "xian80"}
"""Semi-major axis (Krassovsky 1940, IAG 1975) → the Chinese system on that ellipsoid."""
_FLATTENINGS = (298.2, 298.4)


def old_datum(crs: CRS) -> str | None:
    """Return ``beijing54`` or ``xian80`` where a CRS rests on it without parameters, else None.

    With parameters (``+towgs84=…``, a bound CRS) the way to CGCS2000 is the study's own word.
    """
    ellipsoid = crs.ellipsoid
    if crs.is_bound or ellipsoid is None:
        return None
    low, high = _FLATTENINGS
    if not low <= ellipsoid.inverse_flattening <= high:
        return None
    return _OLD_AXES.get(round(ellipsoid.semi_major_metre, 3))
