"""How a sheet says its scale, and the system of coordinates it is drawn in."""

from __future__ import annotations

from pyproj import CRS

from lifecircle import texts

__all__ = ["scale_text", "system_text"]

_CGCS2000 = "China Geodetic Coordinate System 2000"


def scale_text(scale: int) -> str:
    """Return a scale as it is printed: ``1:25 000``."""
    return f"1:{scale:,}".replace(",", " ")


def system_text(crs: str, language: str) -> str:
    """Return the system of coordinates in words, with zone and central meridian.

    CGCS2000 in a Gauss-Krüger zone is told as maps tell it; any other by its name.
    """
    system = CRS.from_user_input(crs)
    geodetic = system.geodetic_crs
    operation = system.coordinate_operation
    if geodetic is None or operation is None or _CGCS2000 not in geodetic.name:
        return texts.say("sheets", "system.other", language, name=system.name)
    values = {p.name: float(p.value) for p in operation.params if not isinstance(p.value, str)}
    meridian = values.get("Longitude of natural origin")
    if meridian is None or values.get("Scale factor at natural origin") != 1:
        return texts.say("sheets", "system.other", language, name=system.name)
    prefixed = values.get("False easting", 0.0) >= 1_000_000  # noqa: PLR2004 - 39 500 000 m
    if "3-degree" in system.name:
        width, zone = 3, round(meridian / 3)
    elif "Gauss-Kruger" in system.name:
        width, zone = 6, round((meridian + 3) / 6)
    else:
        return texts.say("sheets", "system.own", language, meridian=meridian)
    code = "system.zone_prefixed" if prefixed else "system.zone"
    return texts.say("sheets", code, language, width=width, zone=zone, meridian=meridian)
