"""Codes of units, and the counties whose lists of them ship with the package.

A code has 12 digits: 2 province, 2 city, 2 county, 3 township, 3 community or village. The 7th to
9th say street (001-099), town (100-199), township (200-399) or special unit (400-599); the 10th to
12th say community (001-199) or village (200-399).
"""

from __future__ import annotations

import csv
import re
from functools import cache, lru_cache
from importlib.resources import files

from lifecircle.model.dictionary import fold
from lifecircle.shipped import shipped_toml

__all__ = [
    "COMMUNITY_DIGITS",
    "COUNTY_DIGITS",
    "TOWNSHIP_DIGITS",
    "canonical_code",
    "code_list",
    "county_name",
    "county_of",
    "lies_elsewhere",
    "names_elsewhere",
    "own_digits",
    "unit_level",
    "unit_type",
]

COUNTY_DIGITS, TOWNSHIP_DIGITS, COMMUNITY_DIGITS = 6, 9, 12
_PROVINCES = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12]")
"""How codes begin; 272000 is a postal code, and no county's."""
_TOWNSHIP_TYPES = ((1, 99, "street"), (100, 199, "town"), (200, 399, "township"))
_COMMUNITY_TYPES = ((1, 199, "community"), (200, 399, "village"))
_VIRTUAL = "虚拟"
_COUNTY_NAMED = re.compile(
    r"(?:.{2,8}?(?:省|自治区))?(?:.{2,5}?(?:市|地区|盟))?(?P<county>.{1,5}?[县旗])(?P<rest>.*)"
)
"""A county's name, those of the levels above before it, and what stands behind it."""
_OF_A_TOWN = re.compile(r".(镇|乡|街道|办事处)")
_NO_COUNTY = frozenset({"全县", "本县", "我县", "该县", "各县", "整县", "区县", "市县", "乡县"})
_SHORT = 2
"""Of names so short one character off is another county's (单县, 曹县), in longer ones a slip."""


@cache
def _rows(name: str) -> tuple[tuple[str, str, str], ...]:
    text = (files("lifecircle.model") / "counties" / name).read_text(encoding="utf-8")
    return tuple((r["code"], r["name"], r["areaCode"]) for r in csv.DictReader(text.splitlines()))


@lru_cache(maxsize=16)
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


def unit_level(code: str) -> str:
    """Return ``county``, ``township`` or ``community`` of a canonical code."""
    return {COUNTY_DIGITS: "county", TOWNSHIP_DIGITS: "township"}.get(len(code), "community")


def unit_type(code: str, name: str = "") -> str:
    """Return street, town, township, community, village, county or special.

    A community of a special unit and a row called 虚拟 are special.
    """
    if _VIRTUAL in name:
        return "special"
    if len(code) == COUNTY_DIGITS:
        return "county"
    township = _between(_TOWNSHIP_TYPES, int(code[COUNTY_DIGITS:TOWNSHIP_DIGITS]))
    if len(code) == TOWNSHIP_DIGITS or township == "special":
        return township
    return _between(_COMMUNITY_TYPES, int(code[TOWNSHIP_DIGITS:]))


def _between(ranges: tuple[tuple[int, int, str], ...], number: int) -> str:
    return next((kind for low, high, kind in ranges if low <= number <= high), "special")


def own_digits(county: str) -> str:
    """Return how the codes of a county begin; of a whole city (370800) all its counties'."""
    return county[:4] if county.endswith("00") else county


@cache
def names_elsewhere(text: str, own: str) -> bool:
    """Return whether a name is that of another county than ``own``, or of a place there.

    成武县, 菏泽市成武县天宫庙镇; and 韩庄镇, where the shipped lists know it in another county and
    not in this one. Of a county whose own name does not ship only those that do are known to be
    others. A slip of the own name (金香县) is none.
    """
    written = fold(text)
    shipped = {fold(county_name(code)["zh"]): code for code in _named_counties()}
    mine = next((name for name, code in shipped.items() if code == own), None)
    named = _COUNTY_NAMED.fullmatch(written)
    if named is None:
        return mine is not None and _town_elsewhere(written, own)
    county, rest = named["county"], named["rest"]
    known = next((code for name, code in shipped.items() if county.endswith(name)), None)
    if known is not None or county in _NO_COUNTY:
        return known not in {None, own}
    if mine is None or _slip(county, mine):
        return False
    return not rest or _OF_A_TOWN.search(rest) is not None


def lies_elsewhere(unit: object, community: object, own: str) -> bool | None:
    """Return whether a row's units are another county's than ``own``; None: they do not say.

    Codes go before names, the unit before the community. ``own`` may be a whole city (370800).
    """
    cells = [cell for cell in (unit, community) if isinstance(cell, str)]
    county = next(filter(None, map(county_of, cells)), None)
    if county is not None:
        return not county.startswith(own_digits(own))
    return True if any(names_elsewhere(cell, own) for cell in cells) else None


@cache
def _named_counties() -> tuple[str, ...]:
    return tuple(shipped_toml("lifecircle.model", "counties/counties.toml"))


def _town_elsewhere(name: str, own: str) -> bool:
    """Return whether the shipped lists have a street or town of a name in other counties alone."""
    counties = {of for _, unit, of in _rows("units.csv") if fold(unit) == name}
    return bool(counties) and own not in counties


def _slip(name: str, own: str) -> bool:
    """Return whether a county's name is another's with one character wrong, missing or too many."""
    if max(len(name), len(own)) <= _SHORT or abs(len(name) - len(own)) > 1:
        return False
    short, long = sorted((name, own), key=len)
    at = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return short[at + (len(short) == len(long)) :] == long[at + 1 :]
