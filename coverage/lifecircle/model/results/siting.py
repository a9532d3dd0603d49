"""What siting answers without a map: which sites, how large, how good, and how sure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from lifecircle.model.allowed import Count, OneOf
from lifecircle.model.siting.words import SITING_MODELS

__all__ = [
    "SITING_ENDS",
    "DistrictUnit",
    "Districts",
    "HostLoad",
    "ProvisionAnswer",
    "SitingAnswer",
]

SITING_ENDS = ("proven", "gap", "nodes", "seconds", "interrupted")
"""Why a search ended: nothing better exists, near enough, or a limit was reached."""


@dataclass(frozen=True, slots=True)
class SitingAnswer:
    """The chosen sites and what they are worth.

    Parameters
    ----------
    model
        lscp: cover all; mclp: cover most; p-median: least walking; p-center: worst-off first.
    objective
        lscp: how many sites are chosen, or their price where the least price was asked; mclp: the
        weight within the limit, existing places included; p-median: Σ weight × cost to the
        nearest; p-center: the largest cost to the nearest. Worked out from the table of costs.
        null where there is no answer.
    bound
        No choice is better: at least ``objective`` for mclp, at most for the others. null where
        there is no answer.
    gap
        How far bound and objective are apart, as a share of the objective.
    proven
        Whether bound and objective are equal: no choice is better.
    unique
        Whether no other choice is as good, with as few sites and no dearer; null where that was
        not found out.
    ended
        Why the search ended.
    sites
        The chosen ones; existing places are not in it.
    fixed
        Existing places, which stay.
    price
        Of the chosen sites.
    assigned
        Demand → its nearest site, chosen or existing. For lscp and mclp only demand within the
        limit; for p-median and p-center all that is reached at all.
    uncovered
        Demand beyond the limit of every site chosen or existing.
    unreachable
        Demand that no site could serve: within the limit for lscp and mclp, at all for the others.
    feasible
        lscp: nobody is unreachable. p-median, p-center: all whom some site reaches can be reached
        within what is allowed. Else the answer is the best possible cover, if there is one.
    weight, covered_weight
        Of all demand, and of the demand within the limit of a chosen or existing site.
    """

    model: Annotated[str, OneOf(SITING_MODELS)]
    objective: float | None
    bound: float | None
    gap: float | None
    proven: bool
    unique: bool | None
    ended: Annotated[str, OneOf(SITING_ENDS)]
    sites: tuple[str, ...]
    fixed: tuple[str, ...]
    price: float
    assigned: Mapping[str, str]
    uncovered: tuple[str, ...]
    unreachable: tuple[str, ...]
    feasible: bool
    places: Count
    weight: float
    covered_weight: float


@dataclass(frozen=True, slots=True)
class ProvisionAnswer:
    """Places with their sizes, and whose deficit each meets.

    Parameters
    ----------
    sizes
        New place → m² to build.
    spare
        Existing place → spare m² that are arranged.
    shares
        Area, site, m²: each m² once.
    unmet
        Area → m² that nothing in reach can give; as little in all as there can be.
    too_small
        Sites that offer less than the least size of a place.
    m2
        To be built in all.
    price
        Of the places, their m², and of serving.
    bound
        What was minimised cannot be lower; in the same figure as ``objective``: the price, or
        where places are counted first, their number and the built m² as one figure.
    """

    sizes: Mapping[str, float]
    spare: Mapping[str, float]
    shares: tuple[tuple[str, str, float], ...]
    unmet: Mapping[str, float]
    too_small: tuple[str, ...]
    places: Count
    m2: float
    price: float
    objective: float
    bound: float
    gap: float
    proven: bool
    ended: Annotated[str, OneOf(SITING_ENDS)]


@dataclass(frozen=True, slots=True)
class DistrictUnit:
    """A unit, its host in the districts of least travel, and the document's own beside it.

    ``minutes``, ``planned_minutes``: to either; null where no way is known.
    """

    unit: str
    name: str
    host: str | None
    minutes: float | None
    planned_host: str | None
    planned_minutes: float | None


@dataclass(frozen=True, slots=True)
class HostLoad:
    """A host: its beds (null: not limited), and what its units take here and in the document."""

    facility: str
    name: str
    beds: float | None
    load: float
    planned_load: float


@dataclass(frozen=True, slots=True)
class Districts:
    """Which unit goes to which host, beside the districts of the document.

    Parameters
    ----------
    means
        By car, or on foot where no way by car is known.
    objective
        Σ minutes over all units; null where nothing keeps to room and borders.
    planned
        The same of the document's own districts; null where a way is not known.
    unreachable
        Units from which no way to any host is known.
    borders, room
        Whether districts had to hang together (units are drawn), and to keep to the hosts' beds
        (the document asks for them, and they are known).
    """

    means: Annotated[str, OneOf(("drive", "walk"))]
    units: tuple[DistrictUnit, ...]
    hosts: tuple[HostLoad, ...]
    objective: float | None
    planned: float | None
    bound: float | None
    proven: bool
    unreachable: tuple[str, ...]
    borders: bool
    room: bool
