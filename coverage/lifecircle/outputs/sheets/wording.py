"""Words of the sheets, and of the system of coordinates they are drawn in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyproj import CRS

from lifecircle import texts
from lifecircle.outputs.maps.facilities import UNKNOWN_KIND
from lifecircle.outputs.maps.wording import Words

if TYPE_CHECKING:
    from lifecircle.model.results.assessment import Assessment

__all__ = ["SheetWords", "scale_text", "system_text"]

_CGCS2000 = "China Geodetic Coordinate System 2000"


class SheetWords(Words):
    """Everything the sheets say of one Assessment, in its language."""

    def __init__(self, assessment: Assessment) -> None:
        super().__init__(assessment)
        self.assessment = assessment

    def say(self, code: str, /, **params: Any) -> str:
        """Return a text of the domain ``sheets``, or of ``map`` where that has it alone."""
        domain = "sheets" if texts.known("sheets", code) else "map"
        return texts.say(domain, code, self.language, **params)

    def status(self, status: str, vocabulary: str = "status") -> str:
        """Return the word of a status: 达标, or with ``covered`` 覆盖."""
        code = f"{vocabulary}.{status}"
        return self.say(code) if texts.known("sheets", code) else self.word("status", status) or ""

    def kind(self, key: str) -> str:
        """Return the name of a facility kind; of one that no record names, that it is not known."""
        return self.say("kind_unknown") if key == UNKNOWN_KIND else self.common.kind(key)

    def tally(self, number: int, households: float, unknown: int) -> str:
        """Return how many areas there are, with their households."""
        found = self.say("tally.areas", n=number)
        if unknown == number:
            return found
        code = "tally.households_at_least" if unknown else "tally.households"
        return self.say("tally.both", areas=found, households=self.say(code, n=households))


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
