"""The brief: what one page says of a result, counted and added up before anything is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from lifecircle.model.allowed import Count, OneOf

__all__ = [
    "SUMMABLE",
    "Applied",
    "Brief",
    "ClassCount",
    "KindCount",
    "MissingData",
    "NamedSite",
    "Needed",
    "PlannedWork",
    "Present",
    "Shortfall",
]

_SUBJECTS = ("residential", "facilities", "units", "county")

SUMMABLE = frozenset({"m2", "beds", "persons", "places", "facilities", "documents"})
"""Units in which the deficits of several subjects add up; metres and minutes do not."""


@dataclass(frozen=True, slots=True)
class Applied:
    """How many subjects a clause is about: neither 不适用 nor 未生效."""

    standard: str
    clause: str
    subjects: Count


@dataclass(frozen=True, slots=True)
class ClassCount:
    """Areas of one class.

    Parameters
    ----------
    age_class
        Empty: not known.
    households
        Of those whose households are known; None: of none they are.
    without_households
        Areas whose households are not known.
    """

    age_class: str
    areas: Count
    households: float | None
    without_households: Count = 0


@dataclass(frozen=True, slots=True)
class KindCount:
    """Facilities of one kind; one of two kinds is counted under both.

    Parameters
    ----------
    kind
        Empty: not known.
    counting
        That count for reach or for m².
    """

    kind: str
    facilities: Count
    counting: Count


@dataclass(frozen=True, slots=True)
class Present:
    """What there is.

    Parameters
    ----------
    households, population, elders
        Of the areas whose figure is known; None: of none.
    without_households
        Areas whose households are not known.
    counting
        Facilities that count for reach or for m².
    floor_area_m2, beds
        Of the facilities whose figure is known; None: of none.
    """

    areas: Count = 0
    households: float | None = None
    without_households: Count = 0
    population: float | None = None
    elders: float | None = None
    classes: tuple[ClassCount, ...] = ()
    facilities: Count = 0
    counting: Count = 0
    floor_area_m2: float | None = None
    beds: float | None = None
    kinds: tuple[KindCount, ...] = ()


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What one clause lacks: whom it is missed by, and by how much.

    Parameters
    ----------
    subjects
        That miss it.
    unit
        Of the two figures; empty: the subjects have the thing or have it not.
    total
        All deficits added up; None where they do not add up.
    largest
        Of one subject; None where there is no figure.
    at_least
        Whether some of them may lack more than the two figures say.
    least
        How many will miss it at the least, where none does for certain: the unknowns cannot all
        turn out well. None where some do, and where the rate does not count subjects.
    """

    standard: str
    clause: str
    subjects: Count
    unit: str
    total: float | None
    largest: float | None
    least: Count | None = None
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class MissingData:
    """What is not known for one reason: it leaves so many subjects 待核实.

    Parameters
    ----------
    layer
        Whose subjects.
    code
        Of the reason (``ReasonCode``); empty where no reason is given.
    clauses
        That are open for it, in the document's order.
    """

    layer: Annotated[str, OneOf(_SUBJECTS)]
    code: str
    clauses: tuple[str, ...]
    subjects: Count


@dataclass(frozen=True, slots=True)
class Needed:
    """What it takes to meet the floor-area quotas that areas miss.

    Parameters
    ----------
    areas
        Short of floor area and 不达标 for it.
    m2
        Their deficits.
    arranged_areas, arranged_m2
        Areas that spare m² of places in use would fill, and all m² that could be arranged.
    build_areas, build_m2
        Areas still short after that, and the m² they lack.
    places_m2
        If each of these got rooms of its own: m², none smaller than the single minimum.
    at_least
        Whether some of the areas may lack more: what they are asked, or have, is not all known. As
        many are to be built for then, and m² missing, at the least.
    undecided
        Areas, once a project, of which it is not known whether they lack any: none of these
        figures has them.
    """

    areas: Count = 0
    m2: float = 0.0
    arranged_areas: Count = 0
    arranged_m2: float = 0.0
    build_areas: Count = 0
    build_m2: float = 0.0
    places_m2: float = 0.0
    at_least: bool = False
    undecided: Count = 0


@dataclass(frozen=True, slots=True)
class NamedSite:
    """A candidate site and all m² that remedies name it for."""

    site: str
    m2: float


@dataclass(frozen=True, slots=True)
class PlannedWork:
    """What a siting plan builds.

    Parameters
    ----------
    m2
        Sizes added up; None for clauses on reach.
    gains
        Areas that become compliant.
    """

    places: Count
    m2: float | None
    gains: Count


@dataclass(frozen=True, slots=True)
class Brief:
    """What one page says.

    Parameters
    ----------
    present
        What there is.
    applied
        Clauses of the documents, one a fact, in their order.
    shortfalls
        Clauses of the documents that are missed, one a fact, in their order.
    worst
        Areas that miss the headline clause, the worst first, at most five: by m², then by
        households, then by id.
    missing
        What is not known; what leaves most subjects open first.
    sites
        Candidate sites that remedies name, in the order of the layer.
    planned
        The plan whose places are taken as built; None: there is none.
    """

    present: Present = Present()
    applied: tuple[Applied, ...] = ()
    shortfalls: tuple[Shortfall, ...] = ()
    worst: tuple[str, ...] = ()
    missing: tuple[MissingData, ...] = ()
    needed: Needed = Needed()
    sites: tuple[NamedSite, ...] = ()
    planned: PlannedWork | None = None
