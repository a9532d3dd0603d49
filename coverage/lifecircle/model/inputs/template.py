"""What an empty study is made of: the sheets' rows and what every gap will cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

__all__ = ["TEMPLATE_LAYERS", "Template", "TemplateLine"]

TEMPLATE_LAYERS = (
    "residential",
    "facilities",
    "units",
    "candidates",
    "gates",
    "indicators",
    "evidence",
    "exemptions",
)
"""Layers with a sheet of their own, in the workbook's order."""


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """A line that stands in a sheet already: a typed figure or a paper, and who asks for it."""

    id: str
    name: str
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """An empty study for one standard.

    Parameters
    ----------
    standard
        Library id, or the name of the user's own file beside the study.
    title
        The standard's title, in ``language``.
    county, county_name, as_of, language, coordinates
        As ``study.toml`` has them; ``coordinates`` is the datum of lon and lat.
    units
        (code, name) of the county's units, empty where the list is not known.
    indicators, evidence
        Lines of those sheets.
    gaps
        ``layer.column`` → ids of the clauses that are not assessed without it.
    clauses
        How many clauses the standard has.
    """

    standard: str
    title: str
    county: str
    county_name: str
    as_of: dt.date
    language: str
    coordinates: str
    units: tuple[tuple[str, str], ...]
    indicators: tuple[TemplateLine, ...]
    evidence: tuple[TemplateLine, ...]
    gaps: Mapping[str, tuple[str, ...]]
    clauses: int
    form: str | None = None
