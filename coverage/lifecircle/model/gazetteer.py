"""Codes of units, and the counties whose lists of them ship with the package.

A code has 12 digits: 2 province, 2 city, 2 county, 3 township, 3 community or village. The 7th to
9th say street (001-099), town (100-199), township (200-399) or special unit (400-599); the 10th to
12th say community (001-199) or village (200-399).
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files

from lifecircle.shipped import shipped_toml

__all__ = [
    "COMMUNITY_DIGITS",
    "COUNTY_DIGITS",
    "TOWNSHIP_DIGITS",
    "canonical_code",
    "code_list",
    "county_name",
    "county_of",
]

COUNTY_DIGITS, TOWNSHIP_DIGITS, COMMUNITY_DIGITS = 6, 9, 12
_PROVINCES = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12]")
"""How codes begin; 272000 is a postal code, and no county's."""


@cache
def _rows(name: str) -> tuple[tuple[str, str, str], ...]:
    text = (files("lifecircle.model") / "counties" / name).read_text(encoding="utf-8")
    return tuple((r["code"], r["name"], r["areaCode"]) for r in csv.DictReader(text.splitlines()))


def code_list(county: str) -> tuple[tuple[str, str], ...]:
    """Return (code, name) of a county's streets and towns, each followed by its communities.

    Codes of the National Bureau of Statistics as of 2023-06-30; empty for a county whose list
    does not ship.
    """
    found = [
        (c, n)
        for name in ("units.csv", "communities.csv")
        for c, n, of in _rows(name)
        if of == county
    ]
    return tuple(sorted(found))


def county_name(county: str) -> dict[str, str]:
    """Return a county's name in every language; its code where it is not known."""
    names: dict[str, dict[str, str]] = shipped_toml("lifecircle.model", "counties/counties.toml")
    return names.get(county, {"zh": county, "en": county})


def canonical_code(text: str) -> str | None:
    """Return a code at its own length: ``370828001000`` is the street ``370828001``.

    None where ``text`` is not a code of a county (6 digits), a town (9) or a community (12).
    """
    if not text.isascii() or not text.isdigit():
        return None
    if len(text) not in {COUNTY_DIGITS, TOWNSHIP_DIGITS, COMMUNITY_DIGITS}:
        return None
    for length in (TOWNSHIP_DIGITS, COUNTY_DIGITS):
        if len(text) > length and set(text[length:]) == {"0"}:
            shorter = text[:length]
            return canonical_code(shorter)
    return text


def county_of(code: object) -> str | None:
    """Return the county of a division code, its own too; None for anything else.

    A bare county (371722, or 371722000000) is what people write for what lies over the line.
    """
    if not isinstance(code, str) or not code.isdigit() or len(code) < COUNTY_DIGITS:
        return None
    if len(code) == COUNTY_DIGITS and not _PROVINCES.match(code):
        return None
    return code[:COUNTY_DIGITS]
