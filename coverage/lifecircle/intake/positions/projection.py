"""The one projected CRS of a study."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.aoi import AreaOfInterest
from pyproj.database import query_utm_crs_info

if TYPE_CHECKING:
    from lifecircle.intake.positions.locating import Positions

__all__ = ["choose_projection", "zone_crs"]

_FIRST_MERIDIAN, _LAST_MERIDIAN = 75, 135
_FIRST_CODE = 4534
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
    """Return the CRS by the centre of the first layer with positions, and whether any has one."""
    for positions in layers:
        known = [s for s in positions.shapes if s is not None]
        if positions.crs is None or not known:
            continue
        west, south, east, north = shapely.total_bounds(np.array(known, dtype=object))
        forward = Transformer.from_crs(positions.crs, CRS("EPSG:4490"), always_xy=True)
        lon, lat = forward.transform((west + east) / 2, (south + north) / 2)
        return zone_crs(float(lon), float(lat)), True
    return _NOWHERE, False
