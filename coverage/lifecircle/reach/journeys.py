"""Journeys: how long it takes from a few places to a few others, on foot and by car (A33).

Service districts are tens of kilometres across, far beyond the search limit of the walks to a
day-care centre, so nothing is cut off here. Ferries count on foot and by car, at their own time;
the wait for one does not. What the streets cannot tell is not known, with its reason.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lifecircle.model.finding import meets
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.reach.areas.demand import located
from lifecircle.reach.network.graph import build_network, without_ferries
from lifecircle.reach.network.islands import islands
from lifecircle.reach.network.profiles import drive_cost, walk_cost
from lifecircle.reach.search.snapping import snap
from lifecircle.reach.search.travel import pairs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.model.inputs.parameters import Parameters
    from lifecircle.model.inputs.streets import StreetLines, StreetNetwork
    from lifecircle.reach.network.profiles import WayCost
    from lifecircle.reach.search.snapping import Snapped

    Floats = NDArray[np.float64]

__all__ = ["Journeys", "drives", "walks"]


@dataclass(frozen=True, slots=True, eq=False)
class Journeys:
    """Times from every start to every end.

    Parameters
    ----------
    minutes
        float64 (starts, ends); NaN: not known.
    by_ferry
        bool, the quickest way takes a ferry.
    only_by_ferry
        bool, every way does: there is one, and none by land.
    unknown
        Why there is no time (Reason), None where there is one.
    """

    minutes: Floats
    by_ferry: NDArray[np.bool_]
    only_by_ferry: NDArray[np.bool_]
    unknown: NDArray[np.object_]


def walks(
    starts: Floats, ends: Floats, streets: StreetLines | None, parameters: Parameters
) -> Journeys:
    """Return the times on foot at the study's speed; ferries included.

    Parameters
    ----------
    starts, ends
        float64 (n, 2), CRS of ``streets``; NaN: place unknown.
    streets
        None: the study has none, and no time is known.
    """
    cost = None if streets is None else walk_cost(streets, parameters)
    return _journeys(starts, ends, streets, cost, parameters)


def drives(
    starts: Floats, ends: Floats, streets: StreetLines | None, parameters: Parameters
) -> Journeys:
    """Return the times by car: speeds by road class (``drive_<class>_kmh``), one-way respected.

    The legs to and from the road are walked. A ferry is taken in its own time, as on foot: whether
    it carries cars the street data do not say. Parameters are those of :func:`walks`.
    """
    if streets is None:
        return _journeys(starts, ends, None, None, parameters)
    car, foot = drive_cost(streets, parameters), walk_cost(streets, parameters)
    cost = dataclasses.replace(
        car,
        used=car.used | foot.ferry,
        forward=np.where(foot.ferry, foot.forward, car.forward),
        back=np.where(foot.ferry, foot.back, car.back),
        open=car.open & ~foot.ferry,
        ferry=foot.ferry,
        boarding=foot.boarding,
    )
    return _journeys(starts, ends, streets, cost, parameters)


def _journeys(
    starts: Floats,
    ends: Floats,
    streets: StreetLines | None,
    cost: WayCost | None,
    parameters: Parameters,
) -> Journeys:
    shape = (len(starts), len(ends))
    network = None if streets is None else build_network(streets, cost)
    if streets is None or network is None or not len(network):
        unknown = np.full(shape, Reason(ReasonCode.NO_STREETS), dtype=object)
        never = np.zeros(shape, dtype=bool)
        return Journeys(np.full(shape, np.nan), never, never, unknown)
    limit, short = parameters.snap_limit_m, parameters.short_fragment_m
    here = snap(network, starts, limit, fragment_m=short)
    there = snap(network, ends, limit, fragment_m=short)
    metres = _costs(network, here, there)
    by_ferry, only = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    if network.edge_ferry.any():
        dry = _costs(without_ferries(network), here, there)
        by_ferry, only = meets(metres, "<", dry), np.isfinite(metres) & np.isinf(dry)
    cut_off = islands(network, streets.barriers)
    part_here, part_there = _least_cut_off(here, len(starts)), _least_cut_off(there, len(ends))
    unknown = np.full(shape, None, dtype=object)
    for i, j in np.argwhere(np.isinf(metres)):
        unknown[i, j] = _astray(starts[i], here, i, parameters)
        unknown[i, j] = unknown[i, j] or _astray(ends[j], there, j, parameters)
        if unknown[i, j] is None:
            unknown[i, j] = _apart(network, cut_off, int(part_here[i]), int(part_there[j]))
    minutes = np.where(np.isinf(metres), np.nan, metres / (60.0 * parameters.walk_speed_m_s))
    return Journeys(minutes, by_ferry, only, unknown)


def _costs(network: StreetNetwork, here: Snapped, there: Snapped) -> Floats:
    """Return metres of level walking from every start to every end, ``inf`` where no way leads."""
    table = np.full(
        (int(here.place.max(initial=-1)) + 1, int(there.place.max(initial=-1)) + 1), np.inf
    )
    all_there = network.edge_cost_m[np.isfinite(network.edge_cost_m)].sum()
    all_back = network.edge_back_m[np.isfinite(network.edge_back_m)].sum()
    legs = sum(float(np.nanmax(p.access_m, initial=0.0)) for p in (here, there))
    # no way is longer than all streets together, and a search wants an end
    start, end, cost = pairs(network, here, there, float(all_there + all_back) + legs)
    np.minimum.at(table, (here.place[start], there.place[end]), cost)
    return table


def _least_cut_off(places: Snapped, n: int) -> NDArray[np.int64]:
    """Return the longest part of the network that each of ``n`` places stands on; -1: on none."""
    part = np.where(places.component >= 0, places.component, np.iinfo(np.int64).max)
    least = np.full(n, np.iinfo(np.int64).max)
    np.minimum.at(least, places.place, part)
    return np.where(least == np.iinfo(np.int64).max, -1, least)


def _astray(xy: Floats, places: Snapped, row: int, parameters: Parameters) -> Reason | None:
    """Return why a place is not on the streets, None where it is."""
    if not located(xy[None])[0]:
        return Reason(ReasonCode.POSITION_MISSING)
    if places.edge[row] < 0:
        params = {
            "snap_limit_m": parameters.snap_limit_m,
            "nearest_m": float(places.nearest_m[row]),
        }
        return Reason(ReasonCode.NO_STREET_WITHIN_SNAP, params)
    return None


def _apart(network: StreetNetwork, island: NDArray[np.bool_], start: int, end: int) -> Reason:
    """Return why no way leads from one place on the streets to another."""
    if start != end and (island[start] or island[end]):
        return Reason(ReasonCode.ISLAND_WITHOUT_FERRY)
    if start == end:  # by car, one-way streets may leave no way
        return Reason(ReasonCode.NO_WAY)
    length = float(network.component_length_m[max(start, end)])
    return Reason(ReasonCode.STREET_FRAGMENT, {"fragment_m": length})
