"""Many counties side by side: every clause's rates, and their sums."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lifecircle.model.allowed import Operator, Readings, Words
from lifecircle.model.finding import Rate
from lifecircle.model.status import Status

if TYPE_CHECKING:
    from lifecircle.model.results.county_run import CountyRun

__all__ = ["PROVINCE_SCHEMA", "CountyClause", "Province", "ProvinceClause", "ProvinceCounty"]

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
    """

    county: str
    status: Status
    value: float | None
    low: float | None
    high: float | None
    rates: tuple[Rate, ...]


@dataclass(frozen=True, slots=True)
class ProvinceClause:
    """A clause in all counties that are judged by it, under the same target and readings.

    Parameters
    ----------
    target, comparison, unit
        What it asks.
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
    """

    counties: tuple[ProvinceCounty, ...]
    others: tuple[CountyRun, ...]
    clauses: tuple[ProvinceClause, ...]
    standard_titles: dict[str, Words]
    ranked: tuple[str, str] | None

    def clause(self, standard: str, name: str) -> ProvinceClause | None:
        """Return a clause, the first of its readings; None where there is none."""
        for clause in self.clauses:
            if (clause.standard, clause.id) == (standard, name):
                return clause
        return None
