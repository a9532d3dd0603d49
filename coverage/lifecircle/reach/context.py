"""What every group of facilities shares: demand points, network and positions, prepared once."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lifecircle.model.finding import meets
from lifecircle.model.inputs.layers import Layer
from lifecircle.reach.areas.demand import demand_points, located, positions, standing_at
from lifecircle.reach.areas.exits import private_exits, with_exits
from lifecircle.reach.areas.inside import inside_walks
from lifecircle.reach.diagnosis import barrier_between
from lifecircle.reach.leaving import GateDoubt, homes, kept_in, through
from lifecircle.reach.network.graph import without_ferries
from lifecircle.reach.network.islands import islands
from lifecircle.reach.network.kept import at_best, walk_costs, walk_network
from lifecircle.reach.network.posts import cutting
from lifecircle.reach.network.squares import squares
from lifecircle.reach.search.posted import behind, pockets
from lifecircle.reach.search.snapping import joined, snap, standing

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from lifecircle.model.inputs.parameters import Parameters
    from lifecircle.model.inputs.streets import StreetLines, StreetNetwork
    from lifecircle.model.reach import TravelTable
    from lifecircle.reach.areas.demand import Demand
    from lifecircle.reach.areas.inside import InsideWalks
    from lifecircle.reach.network.kept import WalkCosts
    from lifecircle.reach.search.snapping import Snapped

__all__ = ["ReachContext", "moved_facilities", "of_areas", "prepare_reach"]


@dataclass(frozen=True, slots=True, eq=False)
class ReachContext:
    """Everything a reach table needs that does not depend on the group.

    Parameters
    ----------
    residential
        The residential layer.
    facility_ids
        Ids of the facility layer, in order; memberships are given in this order.
    facility_xy
        float64 (f, 2); NaN: the facility's place is unknown.
    demand
        Demand points, gates and the ways out.
    network
        The streets; None: the study has no walkable street.
    origins
        Origins of ``demand`` on the network, one position each; None without one.
    facilities
        Positions of the facilities on the network, several of some; None without one.
    landlocked
        The network without its ferries; None where it has none.
    island
        Whether water, and no ferry in the data, is between each component and the main network.
    fragment
        Whether each component is cut off from the main network and short.
    inhabited
        Whether any area's representative point walks out onto the component.
    barriers
        Barrier lines, or None.
    origin_barrier, facility_barrier
        The barrier that the straight line to each position of both crosses, or None.
    inside, parameters
        Walks that never leave a residential area; the study's parameters.
    shut_in
        Areas that nobody certainly leaves: no open gate of theirs is known.
    possible
        Whether this is the best case: what nobody knows counts as walked.
    wider
        The best case of the same study; None where it is the same.
    travel
        Costs the study hands in; walks are then taken from them alone.
    unjoined
        Whether the best case has junctions where streets cross without one, unanswered.
    partial
        Whether only facilities near enough to the areas are searched from.
    """

    residential: Layer
    facility_ids: pd.Index[str]
    facility_xy: NDArray[np.float64]
    demand: Demand
    network: StreetNetwork | None
    origins: Snapped | None
    facilities: Snapped | None
    landlocked: StreetNetwork | None
    island: NDArray[np.bool_]
    fragment: NDArray[np.bool_]
    inhabited: NDArray[np.bool_]
    barriers: gpd.GeoDataFrame | None
    origin_barrier: NDArray[np.object_]
    facility_barrier: NDArray[np.object_]
    inside: InsideWalks
    parameters: Parameters
    shut_in: NDArray[np.bool_]
    possible: bool = False
    wider: ReachContext | None = None
    travel: TravelTable | None = None
    unjoined: bool = False
    partial: bool = False

    @property
    def centre(self) -> NDArray[np.float64]:
        """Representative point of every area, (areas, 2); NaN: place unknown."""
        known = self.demand.representative >= 0
        xy = np.full((len(known), 2), np.nan)
        xy[known] = self.demand.point_xy[self.demand.representative[known]]
        return xy

    @property
    def representative_start(self) -> NDArray[np.bool_]:
        """Whether each way out is one of a representative point."""
        known = self.demand.representative >= 0
        return np.isin(self.demand.start_point, self.demand.representative[known])

    @property
    def main_share(self) -> float:
        """Share [0, 1] of the length of all streets that is of the main network; 1 without any."""
        length = np.empty(0) if self.network is None else self.network.component_length_m
        whole = float(length.sum())
        return float(length[0]) / whole if whole > 0 else 1.0

    @property
    def in_pieces(self) -> bool:
        """Whether most streets are cut off, so that no way leading somewhere says nothing."""
        return bool(meets(self.main_share, "<", self.parameters.main_network_share))

    @property
    def only_straight(self) -> NDArray[np.bool_]:
        """Facilities of known place that the streets do not tell of.

        They stand beyond the snap limit, or on a short fragment where no area is: only the
        straight line to them is known.
        """
        placed = located(self.facility_xy)
        if self.facilities is None:
            return placed
        component = self.facilities.component
        stray = self.fragment & ~self.inhabited
        told = component >= 0
        told[told] = ~stray[component[told]]
        placed[self.facilities.place[told]] = False
        return placed


def prepare_reach(
    residential: Layer,
    facilities: Layer,
    parameters: Parameters,
    *,
    streets: StreetLines | None = None,
    gates: Layer | None = None,
    gate_doubt: GateDoubt | None = None,
    buildings: Layer | None = None,
    travel: TravelTable | None = None,
) -> ReachContext:
    """Return the context of one study; all layers and streets in one projected CRS.

    With ``travel`` the walks are those of that table, whatever the streets.

    Parameters
    ----------
    gates
        The gates that people certainly pass.
    gate_doubt
        What is not known of gates; None: all is.

    Raises
    ------
    ValueError
        As :func:`lifecircle.reach.network.graph.build_network`.
    """
    costs = None if streets is None else walk_costs(streets, parameters)
    ground = _Ground(residential, parameters, streets, costs, buildings, travel)
    doubt = gate_doubt or GateDoubt()
    shut = residential.frame.index.isin(list(doubt.shut_in))
    certain = _prepared(ground, facilities, gates, shut, possible=False)
    if travel is not None:  # only straight lines hang on gates
        ground = dataclasses.replace(ground, streets=None, costs=None)
    if doubt.possible is None and not shut.any() and not _in_doubt(certain, ground):
        return certain
    perhaps = gates if doubt.possible is None else doubt.possible
    wider = _prepared(ground, facilities, perhaps, shut, possible=True)
    unjoined = ground.streets is not None and ground.streets.joined is not None
    return dataclasses.replace(certain, wider=wider, unjoined=unjoined)


@dataclass(frozen=True, slots=True, eq=False)
class _Ground:
    """What stands for both the certain and the possible walks."""

    residential: Layer
    parameters: Parameters
    streets: StreetLines | None
    costs: WalkCosts | None
    buildings: Layer | None
    travel: TravelTable | None


def _in_doubt(certain: ReachContext, ground: _Ground) -> bool:
    """Return whether the best case may have ways, posts or positions that the worst has not."""
    streets, costs = ground.streets, ground.costs
    if streets is None or costs is None or certain.network is None:
        return streets is not None
    if streets.joined is not None or pockets(certain.network).any():
        return True
    one, other = costs.certain, costs.possible
    for ahead in ("forward", "back"):
        if (np.isfinite(getattr(one, ahead)) != np.isfinite(getattr(other, ahead))).any():
            return True
    if len(squares(streets, one.used)):
        return True
    worst, best = (cutting(streets, one, possible=possible) for possible in (False, True))
    return not np.array_equal(worst, best)


def _prepared(
    ground: _Ground,
    facilities: Layer,
    gates: Layer | None,
    shut_in: NDArray[np.bool_],
    *,
    possible: bool,
) -> ReachContext:
    residential, parameters, streets = ground.residential, ground.parameters, ground.streets
    sides, held = (shut_in, np.zeros_like(shut_in)) if possible else (None, shut_in)
    demand = demand_points(
        residential, parameters.demand_points, gates, sides, buildings=ground.buildings
    )
    network = None
    if streets is not None and ground.costs is not None:
        source, cost = streets, ground.costs.possible if possible else ground.costs.certain
        if possible:
            source, streets, cost = at_best(streets, cost, parameters)
        network = walk_network(streets, cost, parameters, possible=possible, source=source)
        exits = private_exits(streets, cost, residential, parameters.positional_error_m)
        demand = with_exits(demand, *exits)
        network = network if len(network) else None
    origins = landlocked = None
    origin_barrier: NDArray[np.object_] = np.empty(0, dtype=object)
    parts = (np.empty(0, dtype=bool),) * 3
    barriers = streets.barriers if streets is not None else None
    if network is not None and streets is not None:
        short = parameters.short_fragment_m
        origins = snap(network, demand.origin_xy, parameters.snap_limit_m, fragment_m=short)
        if not possible:
            out = behind(network, origins, len(demand.origin_xy), homes(residential, demand))
            origins = kept_in(origins.take(~out), demand, held)
        origins = through(network, streets, demand, origins, gates, parameters)
        demand = standing_at(demand, origins.place)
        origin_barrier = _behind(network, barriers, demand.origin_xy, origins)
        landlocked = without_ferries(network) if network.edge_ferry.any() else None
        parts = _parts(network, barriers, demand, origins, short)
    bare = ReachContext(
        residential=residential,
        facility_ids=facilities.frame.index[:0],
        facility_xy=np.empty((0, 2)),
        demand=demand,
        network=network,
        origins=origins,
        facilities=None,
        landlocked=landlocked,
        island=parts[0],
        fragment=parts[1],
        inhabited=parts[2],
        barriers=barriers,
        origin_barrier=origin_barrier,
        facility_barrier=np.empty(0, dtype=object),
        inside=inside_walks(residential, demand, np.empty((0, 2))),
        parameters=parameters,
        shut_in=held,
        possible=possible,
        travel=ground.travel,
    )
    return _with_facilities(bare, facilities.frame.index, positions(facilities))


def _parts(
    network: StreetNetwork,
    barriers: gpd.GeoDataFrame | None,
    demand: Demand,
    origins: Snapped,
    short_m: float,
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which components are islands, short fragments, and walked out onto by an area."""
    fragment: NDArray[np.bool_] = meets(network.component_length_m, "<", short_m)
    fragment[0] = False
    known = demand.representative >= 0
    from_centre = np.isin(demand.start_point, demand.representative[known])
    component = origins.component[demand.start_origin[from_centre]]
    inhabited = np.zeros(len(fragment), dtype=bool)
    inhabited[component[component >= 0]] = True
    return islands(network, barriers), fragment, inhabited


def moved_facilities(context: ReachContext, facilities: Layer) -> ReachContext:
    """Return the context with another facility layer; the same where no facility is elsewhere.

    Streets, areas and gates stay: only the facilities are set on the streets again.
    """
    xy, ids = positions(facilities), facilities.frame.index
    if ids.equals(context.facility_ids) and np.array_equal(xy, context.facility_xy, equal_nan=True):
        return context
    return _with_facilities(context, ids, xy)


def of_areas(context: ReachContext, areas: NDArray[np.int64]) -> ReachContext:
    """Return the context of some areas alone, with all facilities; ``areas``: rows, ascending.

    Walks are searched among the facilities near enough only: none may go by ferry.
    """
    demand, points, origins = context.demand.of(areas)
    on = context.origins
    if on is not None:  # one position an origin
        on = dataclasses.replace(on.take(origins), place=np.arange(len(origins)))
    return dataclasses.replace(
        context,
        residential=Layer(context.residential.name, context.residential.frame.iloc[areas]),
        demand=demand,
        origins=on,
        origin_barrier=context.origin_barrier[origins if on is not None else slice(0)],
        inside=context.inside.of(points),
        shut_in=context.shut_in[areas],
        partial=True,
        wider=None if context.wider is None else of_areas(context.wider, areas),
    )


def _with_facilities(context: ReachContext, ids: pd.Index, xy: NDArray[np.float64]) -> ReachContext:
    """Return the context, and its best case, with the facilities set on the streets.

    Those that stood where they stand now stay as they are set.
    """
    before = context.facility_ids.get_indexer(ids)
    stays = before >= 0
    stays[stays] = (xy[stays] == context.facility_xy[before[stays]]).all(axis=1)
    now = np.full(len(context.facility_ids), -1, dtype=np.int64)
    now[before[stays]] = np.flatnonzero(stays)
    fresh = np.flatnonzero(~stays)

    at_facility, barrier = None, context.facility_barrier[:0]
    if context.network is not None:
        at_facility, barrier = _set_on_streets(context, xy[fresh])
        if context.facilities is not None and stays.any():
            first = np.arange(len(at_facility)) < len(fresh)
            at_facility = dataclasses.replace(at_facility, place=fresh[at_facility.place])
            kept = np.flatnonzero(now[context.facilities.place] >= 0)
            first = np.concatenate([kept < len(context.facility_ids), first])
            old = context.facilities.take(kept)
            at_facility = joined(dataclasses.replace(old, place=now[old.place]), at_facility)
            barrier = np.concatenate([context.facility_barrier[kept], barrier])
            order = np.lexsort((at_facility.place, ~first))
            at_facility, barrier = at_facility.take(order), barrier[order]
    inside = inside_walks(context.residential, context.demand, xy[fresh])
    wider = context.wider
    return dataclasses.replace(
        context,
        facility_ids=ids,
        facility_xy=xy,
        facilities=at_facility,
        facility_barrier=barrier,
        inside=context.inside.renumbered(now).beside(inside.renumbered(fresh)),
        wider=None if wider is None else _with_facilities(wider, ids, xy),
    )


def _set_on_streets(
    context: ReachContext, xy: NDArray[np.float64]
) -> tuple[Snapped, NDArray[np.object_]]:
    """Return where facilities stand on the streets, and what lies between both."""
    network, limit = context.network, context.parameters.snap_limit_m
    if network is None:  # pragma: no cover - asked by who has streets
        raise ValueError("no streets")
    found = snap(network, xy, limit, fragment_m=context.parameters.short_fragment_m)
    if not context.possible:
        nowhere: NDArray[np.object_] = np.full(len(xy), None, dtype=object)
        found = found.take(~behind(network, found, len(xy), nowhere))
    return found, _behind(network, context.barriers, xy[found.place], found)


def _behind(
    network: StreetNetwork,
    barriers: gpd.GeoDataFrame | None,
    xy: NDArray[np.float64],
    places: Snapped,
) -> NDArray[np.object_]:
    """Return what lies between each position on the streets and its place (``xy``), or None."""
    return barrier_between(barriers, xy, standing(network, places), legs=True)
