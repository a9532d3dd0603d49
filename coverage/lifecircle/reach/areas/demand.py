"""Where people walk from: demand points of every residential area, and their gates.

An area has its representative point, for which the verdict stands, and further points for the
share: its buildings where the study has them, else a lattice. People leave an area of known gates
through one of them, so a point there starts at every gate with a straight line to it in its legs.
"""

from __future__ import annotations

import dataclasses
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from lifecircle.model.inputs.places import representative_points
from lifecircle.reach.search.near import spread

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.model.inputs.layers import Layer

__all__ = [
    "Demand",
    "demand_points",
    "lattice",
    "located",
    "positions",
    "sampling_error",
    "standing_at",
]

_SMALLEST_SPACING_M = 1.0
_AT_ONCE = 300_000
"""About how many places of lattices are asked at once whether they lie inside."""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Demand:
    """Demand points and the places their walks set out from.

    Parameters
    ----------
    point_xy
        float64 (p, 2). The points of an area stand together, its representative point first.
    point_area
        int64 (p,), row of the residential layer, ascending.
    point_weight
        float64 (p,), what the point weighs in the area's share; sums to 1 in every area.
    representative
        int64 (areas,), row of the area's representative point; -1: the area's place is unknown.
    origin_xy
        float64 (o, 2): points without gates, and gates. These are snapped to the streets; one
        with several positions there stands here once for each.
    gated
        bool (areas,), whether the area is left by known gates only.
    start_point, start_origin, start_lead_m
        One entry a way out: point, origin, straight line between them in metres (0 without
        gates); sorted by point, at least one a point.
    start_gate
        bool, a way out by a known gate.
    start_exit
        bool, a way out by a private exit: where walks begin, but the area does not.
    """

    point_xy: NDArray[np.float64]
    point_area: NDArray[np.int64]
    point_weight: NDArray[np.float64]
    representative: NDArray[np.int64]
    gated: NDArray[np.bool_]
    origin_xy: NDArray[np.float64]
    start_point: NDArray[np.int64]
    start_origin: NDArray[np.int64]
    start_lead_m: NDArray[np.float64]
    start_gate: NDArray[np.bool_]
    start_exit: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.point_xy)

    def of(self, areas: NDArray[np.int64]) -> tuple[Demand, NDArray[np.int64], NDArray[np.int64]]:
        """Return the demand of some areas alone, and its points and origins among those here.

        ``areas``: their rows, ascending; they are numbered from 0 in what is returned.
        """
        row = np.full(len(self.representative), -1, dtype=np.int64)
        row[areas] = np.arange(len(areas))
        points = np.flatnonzero(row[self.point_area] >= 0)
        starts = np.flatnonzero(row[self.point_area[self.start_point]] >= 0)
        origins = np.unique(self.start_origin[starts])
        at = self.representative[areas]
        part = Demand(
            point_xy=self.point_xy[points],
            point_area=row[self.point_area[points]],
            point_weight=self.point_weight[points],
            representative=np.where(at < 0, -1, np.searchsorted(points, at)),
            gated=self.gated[areas],
            origin_xy=self.origin_xy[origins],
            start_point=np.searchsorted(points, self.start_point[starts]),
            start_origin=np.searchsorted(origins, self.start_origin[starts]),
            start_lead_m=self.start_lead_m[starts],
            start_gate=self.start_gate[starts],
            start_exit=self.start_exit[starts],
        )
        return part, points, origins


def positions(layer: Layer) -> NDArray[np.float64]:
    """Return each row's representative point (A14), (n, 2); NaN: place unknown."""
    return representative_points(layer.frame.geometry.to_numpy(), layer.crs)


def located(xy: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which places are known: both coordinates are finite."""
    known: NDArray[np.bool_] = np.isfinite(xy[:, 0]) & np.isfinite(xy[:, 1])
    return known


def demand_points(
    residential: Layer,
    points_per_area: float,
    gates: Layer | None = None,
    open_sided: NDArray[np.bool_] | None = None,
    *,
    buildings: Layer | None = None,
) -> Demand:
    """Return the demand points of every area whose place is known.

    Parameters
    ----------
    residential
        Areas as polygons or points.
    points_per_area
        About how many lattice points a polygon gets.
    gates
        Column ``residential`` holds the area's id; a gate of no known area is left out.
    open_sided
        bool (areas,), areas that may be left on all sides beside their gates; None: no area may.
    buildings
        Belong to the area their ``residential`` names, else to the one they stand in. They weigh
        by ``dwellings`` where every building of the area has them, else by footprint times
        floors (floors not given: the median of the area's, else 1), else equally.

    Notes
    -----
    Without buildings the representative point weighs as much as a lattice point; with buildings
    nothing, as nobody need live there.
    """
    geometry = residential.frame.geometry.to_numpy()
    centre = positions(residential)
    placed = np.flatnonzero(located(centre))
    house_xy, house_area, house_weight = _houses(residential, buildings)
    bare = np.setdiff1d(placed, house_area)
    lattice_xy, lattice_area = lattice(geometry[bare], points_per_area)
    lattice_area = bare[lattice_area]

    area = np.concatenate([placed, house_area, lattice_area])
    order = np.argsort(area, kind="stable")  # the representative point stays first
    xy = np.concatenate([centre[placed], house_xy, lattice_xy])[order]
    own = np.where(np.isin(placed, bare), 1.0, 0.0)
    weight = np.concatenate([own, house_weight, np.ones(len(lattice_xy))])[order]
    area = area[order]
    weight /= np.bincount(area, weights=weight, minlength=len(residential))[area]

    representative = np.full(len(residential), -1, dtype=np.int64)
    representative[placed] = np.searchsorted(area, placed)
    gate_xy, gate_area = _gates(residential, gates)
    sides = np.zeros(len(residential), dtype=bool) if open_sided is None else open_sided
    origin_xy, point, origin, by_gate = _ways_out(xy, area, gate_xy, gate_area, sides)
    return Demand(
        point_xy=xy,
        point_area=area,
        point_weight=weight,
        representative=representative,
        gated=np.isin(np.arange(len(residential)), gate_area) & (representative >= 0) & ~sides,
        origin_xy=origin_xy,
        start_point=point,
        start_origin=origin,
        start_lead_m=np.hypot(*(xy[point] - origin_xy[origin]).T),
        start_gate=by_gate,
        start_exit=np.zeros(len(point), dtype=bool),
    )


def standing_at(demand: Demand, place: NDArray[np.int64]) -> Demand:
    """Return the demand with one origin a position on the streets.

    Parameters
    ----------
    place
        int64 (q,), the origin of each position: the origins in order, then further positions of
        some of them.
    """
    n = len(demand.origin_xy)
    more = place[n:]
    if not len(more):
        return demand
    # every way out by an origin leads by its further positions, too
    order = np.argsort(more, kind="stable")
    low = np.searchsorted(more[order], demand.start_origin, side="left")
    count = np.searchsorted(more[order], demand.start_origin, side="right") - low
    row = np.repeat(np.arange(len(count)), count)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    start = np.concatenate([np.arange(len(count)), row])
    origin = np.concatenate([demand.start_origin, n + order[low[row] + nth]])
    turn = np.argsort(demand.start_point[start], kind="stable")
    return dataclasses.replace(
        demand,
        origin_xy=demand.origin_xy[place],
        start_point=demand.start_point[start[turn]],
        start_origin=origin[turn],
        start_lead_m=demand.start_lead_m[start[turn]],
        start_gate=demand.start_gate[start[turn]],
        start_exit=demand.start_exit[start[turn]],
    )


def sampling_error(demand: Demand, share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the standard error of a share of lattice points; 0 where all homes are counted."""
    square = np.bincount(
        demand.point_area, weights=demand.point_weight**2, minlength=len(demand.representative)
    )
    error: NDArray[np.float64] = np.sqrt(share * (1.0 - share) * square)
    placed = demand.representative >= 0
    counted = placed.copy()  # where there are buildings the representative point weighs nothing
    counted[placed] = demand.point_weight[demand.representative[placed]] == 0
    error[counted & ~np.isnan(share)] = 0.0
    return error


def lattice(
    polygons: NDArray[np.object_], points_each: float
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return lattice points inside polygons, and the polygon of each.

    The spacing of a polygon is the whole number of metres nearest to ``sqrt(area / points_each)``
    and its grid passes through the origin of the CRS: the same polygon always gets the same
    points, and polygons of one size share a grid. A geometry without area gets none.
    """
    spacing = np.maximum(
        np.round(np.sqrt(shapely.area(polygons) / points_each)), _SMALLEST_SPACING_M
    )
    parts, of = shapely.get_parts(polygons, return_index=True)
    solid = shapely.area(parts) > 0
    parts, of = parts[solid], of[solid].astype(np.int64)
    step, bounds = spacing[of, None], shapely.bounds(parts)
    low = np.ceil(bounds[:, :2] / step)
    across = np.maximum(np.floor(bounds[:, 2:] / step) - low + 1, 0).astype(np.int64)
    many = across.prod(axis=1)
    found = [(np.empty((0, 2)), np.empty(0, dtype=np.int64))]
    # parts whose boxes hold some hundred thousand places at a time
    ends = np.flatnonzero(np.diff(np.cumsum(many) // _AT_ONCE, append=-1)) + 1
    for begin, end in itertools.pairwise([0, *ends.tolist()]):
        row, at = spread(np.zeros(end - begin, dtype=np.int64), many[begin:end])
        row += begin
        nth = np.column_stack(np.divmod(at, across[row, 0])[::-1])  # by rows from the south
        xy = (low[row] + nth) * step[row]
        shapely.prepare(parts[begin:end])
        inside = shapely.contains_xy(parts[row], xy)
        found.append((xy[inside], of[row[inside]]))
    found_xy, found_of = zip(*found, strict=True)
    return np.concatenate(found_xy), np.concatenate(found_of)


def _houses(
    residential: Layer, buildings: Layer | None
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
    """Return place, area and weight of every building that belongs to a located area."""
    if buildings is None or not len(buildings):
        return np.empty((0, 2)), np.empty(0, dtype=np.int64), np.empty(0)
    frame = buildings.frame
    xy = positions(buildings)
    named = _column(frame, "residential", object)
    area = np.asarray(residential.frame.index.get_indexer(named), dtype=np.int64)

    geometry = residential.frame.geometry.to_numpy()
    unnamed = np.flatnonzero(pd.isna(named) & located(xy))
    at, hit = shapely.STRtree(geometry).query(shapely.points(xy[unnamed]), predicate="intersects")
    order = np.lexsort((hit, at))  # inside several areas: the first
    at, first = np.unique(at[order], return_index=True)
    area[unnamed[at]] = hit[order][first]

    keep = (area >= 0) & located(xy)
    keep[keep] &= residential.located.to_numpy()[area[keep]]
    table = pd.DataFrame(
        {
            "area": area,
            "dwellings": _column(frame, "dwellings", float),
            "floors": _column(frame, "floors", float),
            "footprint": shapely.area(frame.geometry.to_numpy()),
        }
    )[keep]
    by_area = table.groupby("area")
    floors = table["floors"].fillna(by_area["floors"].transform("median")).fillna(1.0)
    told = by_area["dwellings"].transform("count") == by_area["dwellings"].transform("size")
    weight = table["dwellings"].where(told, table["footprint"] * floors)
    nothing = weight.groupby(table["area"]).transform("sum") <= 0
    weight = weight.mask(nothing, 1.0)
    return xy[keep], table["area"].to_numpy(), weight.to_numpy(dtype=np.float64)


def _gates(
    residential: Layer, gates: Layer | None
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return place and area of every gate of a known area, by area, then place."""
    if gates is None or not len(gates):
        return np.empty((0, 2)), np.empty(0, dtype=np.int64)
    xy = positions(gates)
    named = _column(gates.frame, "residential", object)
    area = np.asarray(residential.frame.index.get_indexer(named), dtype=np.int64)
    keep = (area >= 0) & located(xy)
    xy, area = xy[keep], area[keep]
    order = np.lexsort((xy[:, 1], xy[:, 0], area))
    return xy[order], area[order]


def _ways_out(
    point_xy: NDArray[np.float64],
    point_area: NDArray[np.int64],
    gate_xy: NDArray[np.float64],
    gate_area: NDArray[np.int64],
    open_sided: NDArray[np.bool_],
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Return origins, and (point, origin, whether a gate) of every way out, sorted by point."""
    low = np.searchsorted(gate_area, point_area, side="left")
    count = np.searchsorted(gate_area, point_area, side="right") - low
    is_free = (count == 0) | open_sided[point_area]
    free = np.flatnonzero(is_free)
    n_out = count + is_free
    point = np.repeat(np.arange(len(point_xy)), n_out)
    nth = np.arange(n_out.sum()) - np.repeat(np.cumsum(n_out) - n_out, n_out)
    by_gate = nth >= is_free[point]  # the way on all sides comes before those by gates
    itself = np.cumsum(is_free) - 1
    gate = len(free) + low - is_free  # gates stand behind the points
    origin = np.where(by_gate, gate[point] + nth, itself[point])
    return np.concatenate([point_xy[free], gate_xy]), point, origin, by_gate


def _column(frame: pd.DataFrame, name: str, kind: type) -> NDArray[np.generic]:
    """Return a column as an array; all missing where the layer has none."""
    if name not in frame:
        return np.full(len(frame), np.nan if kind is float else None, dtype=kind)
    return np.asarray(frame[name].to_numpy(dtype=kind, na_value=np.nan))
