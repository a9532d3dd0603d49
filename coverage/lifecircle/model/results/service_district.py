"""Service districts: what one line says of each, and what is odd about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lifecircle.model.allowed import Count
from lifecircle.model.status import Status

__all__ = ["ServiceDistrict"]


@dataclass(frozen=True, slots=True)
class ServiceDistrict:
    """One service district of a document: its host, its units, its beds, and how far it is.

    Journeys are those from the units to the host, by the farthest start of each; metres in a
    straight line, minutes by car at the study's speeds, ferries and the wait for them included.

    Parameters
    ----------
    host
        Facility; None: the ledger does not tell which it is.
    host_name
        As the document calls it.
    host_unit
        Code of the unit it stands in.
    units
        Codes, in the document's order.
    status
        The worst of what the units are found.
    beds
        Of the host; None: not known, or no clause asks for them.
    demand
        People of the units that the beds are for, as far as they are known; None: no clause asks.
    demand_missing
        Units without that figure.
    room
        Whether the beds hold them; None: no clause asks.
    far_unit, far_m
        The unit farthest from the host, in a straight line.
    slow_unit, slow_min
        The one from which the way takes longest.
    total_m, total_min
        Sums over the units of which the figure is known; None: of none.
    untimed
        Units of which the minutes are not known.
    by_ferry
        Units whose quickest way takes a ferry, by car or on foot.
    only_by_ferry
        Those of them to which no way on land leads.
    cut_off
        Units parted by water, to which the data have no ferry, or no road that joins the others.
    nearer
        Unit → the host of another district that is nearer to it: by car, where that is not known
        in a straight line.
    apart
        Units that neither a border nor a ferry joins to the host's unit within the district; None:
        not all units are drawn.
    """

    standard: str
    clause: str
    district: str
    host: str | None
    host_name: str
    host_unit: str
    units: tuple[str, ...]
    status: Status
    beds: float | None = None
    demand: float | None = None
    demand_missing: Count = 0
    room: Status | None = None
    far_unit: str | None = None
    far_m: float | None = None
    slow_unit: str | None = None
    slow_min: float | None = None
    total_m: float | None = None
    total_min: float | None = None
    untimed: tuple[str, ...] = ()
    by_ferry: tuple[str, ...] = ()
    only_by_ferry: tuple[str, ...] = ()
    cut_off: tuple[str, ...] = ()
    nearer: Mapping[str, str] = field(default_factory=dict)
    apart: tuple[str, ...] | None = None
