"""The one projected CRS of a study."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyproj import CRS, Proj
from pyproj.aoi import AreaOfInterest
from pyproj.database import query_utm_crs_info

from lifecircle.intake.positions.outlying import middle

if TYPE_CHECKING:
    from lifecircle.intake.positions.locating import Positions

__all__ = ["choose_projection", "fits_zone", "zone_crs"]

_FIRST_MERIDIAN, _LAST_MERIDIAN = 75, 135
_FIRST_CODE = 4534
_MARGIN = 1.0
"""Degrees."""
_SCALE = 0.001
_NOWHERE = "EPSG:4548"
"""CM 117°E, for a study in which no place is known at all: nothing is measured in it."""


def zone_crs(lon: float, lat: float) -> str:
    """Return the CGCS2000 3-degree Gauss-Krüger CRS (without zone prefix) of a longitude.

    EPSG code = 4534 + (CM - 75) / 3 with the central meridian CM = 3·round(lon / 3); outside
    75°E to 135°E, where CGCS2000 has no zone, the WGS 84 UTM zone.
    """
    meridian = 3 * round(lon / 3)
    if _FIRST_MERIDIAN <= meridian <= _LAST_MERIDIAN:
        return f"EPSG:{_FIRST_CODE + (meridian - _FIRST_MERIDIAN) // 3}"
    here = AreaOfInterest(lon, lat, lon, lat)
    return f"EPSG:{query_utm_crs_info(datum_name='WGS 84', area_of_interest=here)[0].code}"


def choose_projection(layers: list[Positions]) -> tuple[str, bool]:
    """Return the CRS by the median place of the first layer with any, and whether one has."""
    found = next((at for at in map(middle, layers) if at is not None), None)
    return (_NOWHERE, False) if found is None else (zone_crs(*found), True)


def fits_zone(crs: str, layers: list[Positions]) -> bool:
    """Return whether a projected CRS is made for where the places of most layers are.

    By the median place of the first layer with any, which may lie a degree outside the area the
    CRS is made for (counties straddle zones); where it has none, by its scale there, true to one
    in a thousand.
    """
    at = next((at for at in map(middle, layers) if at is not None), None)
    if at is None:
        return True
    lon, lat = at
    system = CRS.from_user_input(crs)
    area = system.area_of_use
    if area is not None and area.west <= area.east:
        return (
            area.west - _MARGIN <= lon <= area.east + _MARGIN
            and area.south - _MARGIN <= lat <= area.north + _MARGIN
        )
    factors = Proj(system).get_factors(lon, lat)
    return bool(abs(float(factors.meridional_scale) - 1) <= _SCALE)
