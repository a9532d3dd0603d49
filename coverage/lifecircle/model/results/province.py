"""Many counties side by side: every clause's rates, and their sums."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

from lifecircle.model.allowed import OneOf, Operator, Readings, Words
from lifecircle.model.finding import Rate
from lifecircle.model.status import Flag, Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lifecircle.model.results.county_run import CountyRun

__all__ = [
    "PROVINCE_SCHEMA",
    "CountyClause",
    "Province",
    "ProvinceArea",
    "ProvinceClause",
    "ProvinceCounty",
]

PROVINCE_SCHEMA = 1
"""Number of the ``province.json`` format."""


@dataclass(frozen=True, slots=True)
class CountyClause:
    """A clause in one county.

    Parameters
    ----------
    county
        Name in the list of the batch.
    value, low, high
        As the county's own result has them; None: missing or without bound.
    rates
        Of the whole county, one a basis.
    flags
        Marks beside the status: reference, overdue, ….
    """

    county: str
    status: Status
    value: float | None
    low: float | None
    high: float | None
    rates: tuple[Rate, ...]
    flags: tuple[Annotated[str, OneOf(tuple(Flag))], ...] = ()


@dataclass(frozen=True, slots=True)
class ProvinceClause:
    """A clause in all counties judged by it at one stage, under the same target and readings.

    Parameters
    ----------
    target, comparison, unit
        What it asks.
    stage
        ``now`` or ``plan``: of the counties that are summed.
    basis
        Of the rate the document asks for; None: it asks for none.
    rates
        Numerators, denominators and numbers of what is not assessed summed over the counties,
        scope ``province``. ``low`` and ``high`` are None where sums alone do not say them.
    counts
        Counties by status.
    """

    standard: str
    id: str
    title: Words
    measure: str
    subject: str
    comparison: Operator | None
    target: float | None
    unit: str
    reading: Readings
    scenario: str | None
    basis: str | None
    rates: tuple[Rate, ...]
    counts: dict[str, int]
    counties: tuple[CountyClause, ...]
    stage: str = "now"

    @property
    def shown_basis(self) -> str | None:
        """The basis of the rate that is shown: the document's, else the first; None: no rate."""
        return self.basis or next((rate.basis for rate in self.rates), None)


@dataclass(frozen=True, slots=True)
class ProvinceCounty:
    """A county that has a result.

    Parameters
    ----------
    name
        In the list of the batch; ``study``, ``county``: as its study has them.
    headline
        The clause its map is drawn by.
    partial
        Whether a whole layer of it was refused.
    banners
        What must stand on everything made from it.
    """

    name: str
    study: str
    county: str
    as_of: dt.date
    stage: str
    standards: tuple[str, ...]
    scenario: str | None
    headline: str
    partial: bool
    banners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProvinceArea:
    """A county, or one of its streets and towns, as the map of the province draws it.

    Parameters
    ----------
    county
        Name in the list of the batch.
    code
        Of the street or town; None: it is the county.
    shape
        A shapely area in EPSG:4326, as finely as a screen shows; None: not known.
    state, lines
        Of the county's run, and why it has no result.
    approximate
        Whether it is a hull of residential areas, because no outline was handed in.
    """

    county: str
    code: str | None
    name: str
    shape: Any
    state: str
    lines: tuple[str, ...] = ()
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class Province:
    """The counties of a batch side by side.

    Parameters
    ----------
    counties
        Those with a result, in the order of the list.
    others
        Those without: failed or not done.
    ranked
        Clause (standard, id) by which the ranking is made: the one that is most counties'
        headline; None: there is no county.
    areas
        What the map draws: every county, those without a result too, and their streets and towns.
    unit_rates
        One mapping a clause of ``clauses``: (county, code of a street or town) → its rate.
    """

    counties: tuple[ProvinceCounty, ...]
    others: tuple[CountyRun, ...]
    clauses: tuple[ProvinceClause, ...]
    standard_titles: dict[str, Words]
    ranked: tuple[str, str] | None
    areas: tuple[ProvinceArea, ...] = ()
    unit_rates: tuple[Mapping[tuple[str, str], Rate], ...] = field(default=())

    @property
    def counted_twice(self) -> tuple[tuple[str, ...], ...]:
        """Names of counties whose results are of one county, stage and scenario: summed alike."""
        same: dict[tuple[str, str, str | None], list[str]] = {}
        for one in self.counties:
            same.setdefault((one.county, one.stage, one.scenario), []).append(one.name)
        return tuple(tuple(names) for names in same.values() if len(names) > 1)

    def rate_of(self, number: int, area: ProvinceArea) -> Rate | None:
        """Return the rate of an area under clause ``number``: on the basis that is asked for."""
        clause = self.clauses[number]
        if area.code is not None:
            found = self.unit_rates[number] if self.unit_rates else {}
            return found.get((area.county, area.code))
        for one in clause.counties:
            if one.county == area.county:
                return next((r for r in one.rates if r.basis == clause.shown_basis), None)
        return None
