"""The counties whose code lists ship with the package: their units and communities."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

from lifecircle.shipped import shipped_toml

__all__ = ["code_list", "county_name"]


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
