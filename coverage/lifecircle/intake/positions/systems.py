"""Which coordinate system a layer's numbers are in, and what speaks against it.

Nothing is put right in silence: where the numbers contradict what the study or the file says, the
layer is refused and the setting that would fit is named.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from pyproj import CRS
from pyproj.exceptions import CRSError

from lifecircle.intake.settings.old_datums import old_datum
from lifecircle.model.coordinates.projecting import way_between
from lifecircle.model.dictionary import fold
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lifecircle.intake.settings.schema import LayerOptions
    from lifecircle.sources.tables.files import RawTable

    Floats = NDArray[np.float64]

__all__ = ["System", "exchanged", "find_system"]

_AREA_MARGIN = 3.0
"""Degrees by which data may leave the area a CRS is made for: counties straddle zones."""
_CHINA = (73.0, 3.0, 136.0, 54.0)
_EASTINGS = (100_000.0, 900_000.0)
_NORTHINGS = (300_000.0, 6_000_000.0)
_FACTORS = (1000, 10_000, 0.01, 0.001)
"""Metres in a kilometre, 万米, a centimetre and a millimetre."""
_PREFIX = 1_000_000
_WIDE_ZONES, _ZONES = range(16, 24), range(25, 46)
"""Zones of 6 and of 3 degrees; below 16 the prefix cannot be told from Web Mercator's metres."""
_SAMPLE, _MAJORITY = 200, 0.5
_MERIDIANS = (114, 117, 120)
_AMAP = frozenset({"adname", "pname", "cityname", "adcode", "citycode", "pcode", "typecode"})
_AMAP_ENOUGH = 2
_SHOWN = 60
"""Characters of an unknown coordinate system that a message shows."""


@dataclass(frozen=True, slots=True)
class System:
    """The CRS of a layer (None: it cannot be used) and what was found in choosing it."""

    crs: CRS | None
    problems: tuple[Problem, ...] = ()


def find_system(
    raw: RawTable,
    options: LayerOptions,
    xy: Floats,
    extent: Sequence[float] | None = None,
) -> System:
    """Return the CRS in which a layer's coordinates are read.

    Parameters
    ----------
    raw
        The table; ``raw.crs`` is what the file itself says.
    options
        What the study declares: ``crs`` beats the file's. ``coordinates = "cgcs2000"`` on eastings
        with a zone prefix (39 511 894) means the zone's Gauss-Krüger system.
    xy
        Shape (n, 2), a position a row as it will be used (after ``swap``); NaN where unknown.
        The majority decides, so that a few stray points do not condemn the layer.
    extent
        Bounds of the shapes, for messages; default those of ``xy``.
    """
    known = xy[np.isfinite(xy).all(axis=1)]
    middle: tuple[float, float] = (math.nan, math.nan)
    if len(known):
        x, y = np.median(known, axis=0)
        middle = float(x), float(y)
    declared = _declared(raw, options, middle)
    crs = declared.crs
    if crs is None:
        return declared
    if system := old_datum(crs):
        return _refused(raw, ProblemCode.DATUM_OLD, system=system)
    sample = known[:: max(1, len(known) // _SAMPLE)]
    fitting = _fitting(sample, crs)
    if not len(known) or fitting >= _MAJORITY:
        return declared
    found = extent if extent is not None else (*known.min(axis=0), *known.max(axis=0))
    bounds = [round(float(v), 3) for v in found]
    if not options.swap and _fitting(sample[:, ::-1], crs) > max(fitting, _MAJORITY):
        return _refused(raw, ProblemCode.AXES_SWAPPED, crs=_named(crs), bounds=bounds)
    suggestion = _suggestion(*middle, crs, options) or _unit(*middle)
    return _refused(raw, ProblemCode.CRS_WRONG, crs=_named(crs), bounds=bounds, **suggestion)


def _refused(raw: RawTable, code: ProblemCode, **params: Any) -> System:
    return System(None, (raw.problem(code, Severity.ERROR, **params),))


def _declared(raw: RawTable, options: LayerOptions, middle: tuple[float, float]) -> System:
    """Return the CRS that the study or the file names; a zone's by the prefix of the eastings."""
    told = options.crs or raw.crs
    if told is None and options.coordinates is None:
        code = (
            ProblemCode.COORDINATES_UNDECLARED if raw.geometry is None else ProblemCode.CRS_MISSING
        )
        found = _suggestion(*middle, None, options)
        service = {} if found or not _of_amap(raw) else {"service": "gcj02"}
        return _refused(raw, code, **found, **service)
    try:
        if told is not None:
            return System(CRS.from_user_input(told))
        zone = _zone(middle[0]) if _metres(middle[1]) else None
        if options.coordinates == "cgcs2000" and zone is not None:
            crs = CRS.from_epsg(_zone_code(zone))
            chosen = ProblemCode.CRS_CHOSEN
            note = raw.problem(chosen, Severity.INFO, crs=_named(crs), name=crs.name, zone=zone)
            return System(crs, (note,))
        return System(CRS.from_epsg(4326 if options.coordinates == "wgs84" else 4490))
    except CRSError:
        return _refused(raw, ProblemCode.CRS_UNKNOWN, detail=(told or "")[:_SHOWN])


def _of_amap(raw: RawTable) -> bool:
    """Return whether the headers are those of an export of 高德, whose positions are GCJ-02."""
    return len(_AMAP.intersection(map(fold, raw.frame))) >= _AMAP_ENOUGH


def exchanged(xy: Floats, crs: CRS) -> NDArray[np.bool_]:
    """Return which positions can be of the CRS only if their two numbers are exchanged.

    In degrees: which lie in China only so, longitude and latitude exchanged. In metres: which lie
    only so in the area that the CRS is made for.
    """
    if crs.is_geographic:
        return ~_in_china(xy[:, 0], xy[:, 1]) & _in_china(xy[:, 1], xy[:, 0])
    found = np.zeros(len(xy), dtype=bool)
    odd = np.flatnonzero(np.isfinite(xy).all(axis=1))
    odd = odd[~_possible(xy[odd], crs)]
    found[odd] = _possible(xy[odd][:, ::-1], crs)
    return found


def _in_china(lon: Floats, lat: Floats) -> NDArray[np.bool_]:
    west, south, east, north = _CHINA
    with np.errstate(invalid="ignore"):
        inside: NDArray[np.bool_] = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    return inside


def _fitting(xy: Floats, crs: CRS) -> float:
    """Return the share of positions that can be of the CRS, by the area the CRS is made for."""
    if not len(xy):
        return 1.0
    return float((_possible(xy, crs) & ~exchanged(xy, crs)).mean())


def _possible(xy: Floats, crs: CRS) -> NDArray[np.bool_]:
    """Return which positions lie in the area the CRS is made for, or not far from it."""
    lon, lat = xy[:, 0], xy[:, 1]
    if not crs.is_geographic:
        there = way_between(crs, crs.geodetic_crs or crs)
        lon, lat = there.transform(lon, lat)
    west, south, east, north = -180.0, -90.0, 180.0, 90.0
    area = crs.area_of_use
    if area is not None and area.west <= area.east:
        west, east = max(west, area.west - _AREA_MARGIN), min(east, area.east + _AREA_MARGIN)
        south, north = max(south, area.south - _AREA_MARGIN), min(north, area.north + _AREA_MARGIN)
    possible: NDArray[np.bool_] = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    return possible


def _metres(northing: float) -> bool:
    return _NORTHINGS[0] <= northing <= _NORTHINGS[1]


def _zone(easting: float) -> int | None:
    """Return the zone that an easting of eight digits carries before it, or None."""
    if not math.isfinite(easting):
        return None
    zone, rest = divmod(easting, _PREFIX)
    if int(zone) not in _WIDE_ZONES and int(zone) not in _ZONES:
        return None
    return int(zone) if _EASTINGS[0] <= rest <= _EASTINGS[1] else None


def _zone_code(zone: int) -> int:
    """Return the EPSG code of a CGCS2000 Gauss-Krüger zone with prefix (3 or 6 degrees)."""
    return 4488 + zone if zone in _ZONES else 4478 + zone


def _suggestion(x: float, y: float, crs: CRS | None, options: LayerOptions) -> dict[str, str]:
    """Return what the numbers look like, as the study would declare it; nothing if unclear."""
    for first, second, swap in ((x, y, options.swap), (y, x, not options.swap)):
        said = _looks(first, second, crs)
        if said is not None:
            return {"suggest": f"{said}, swap = true" if swap else said}
    return {}


def _unit(x: float, y: float) -> dict[str, Any]:
    """Return by how much numbers are to be multiplied that are metres of another size; or nothing.

    Kilometres (500.01, 3850.2), 万米, centimetres and millimetres: no other system cures them.
    """
    ways = [(e * f, n * f, f) for e, n in ((x, y), (y, x)) for f in _FACTORS]
    there = [(east, factor) for east, north, factor in ways if _metres(north)]
    plain = (f for east, f in there if _EASTINGS[0] <= east <= _EASTINGS[1])
    zoned = (f for east, f in there if _zone(east) is not None)
    factor = next(plain, next(zoned, None))
    return {} if factor is None else {"to_metres": factor}


def _looks(x: float, y: float, crs: CRS | None) -> str | None:
    if crs is not None and bool(_in_china(np.array([x]), np.array([y]))[0]):
        return None if crs.is_geographic else 'crs = "EPSG:4490"'
    if not _metres(y):
        return None
    if zone := _zone(x):
        return f'crs = "EPSG:{_zone_code(zone)}"'
    if not _EASTINGS[0] <= x <= _EASTINGS[1]:
        return None
    code = crs.to_epsg() if crs is not None else None
    if code is not None and code - 4488 in _ZONES:
        return f'crs = "EPSG:{_plain_code(3 * (code - 4488))}"'
    return " / ".join(f'crs = "EPSG:{_plain_code(m)}" ({m}°E)' for m in _MERIDIANS)


def _plain_code(meridian: int) -> int:
    """Return the EPSG code of the CGCS2000 3-degree system without prefix of a meridian."""
    return 4534 + (meridian - 75) // 3


def _named(crs: CRS) -> str:
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else str(crs.name)
