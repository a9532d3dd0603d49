"""Gates: where people leave a walled area, and what one more open gate would change.

A gate belongs to the outline of an area. It is handed in, or found among the gates of the street
data, or inferred where a walked street crosses the outline.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lifecircle.model.cell import is_no
from lifecircle.model.coordinates.near_points import tree_of
from lifecircle.model.finding import inclusive, meets
from lifecircle.model.inputs.layers import Layer
from lifecircle.model.inputs.walkable import Passage
from lifecircle.reach.areas.demand import positions
from lifecircle.reach.diagnosis import barrier_between
from lifecircle.reach.network.graph import edge_lines
from lifecircle.reach.network.posts import post_vertices
from lifecircle.reach.search.snapping import snap
from lifecircle.reach.search.travel import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from lifecircle.model.inputs.streets import StreetLines, StreetNetwork
    from lifecircle.reach.context import ReachContext
    from lifecircle.reach.search.snapping import Snapped

__all__ = [
    "SIDES",
    "GateEffect",
    "GateTrials",
    "crossed_outlines",
    "gate_effects",
    "gate_trials",
    "gates_on_outlines",
    "open_gates",
]

SIDES = ("n", "ne", "e", "se", "s", "sw", "w", "nw")
"""Sides of an area, clockwise from north."""

_COLUMNS = ("residential", "name", "open", "source")
_SAME_WALL_M = 2.0
"""Outlines at most this much farther than the nearest one share its wall and its gates."""
_TOUCH_M = 0.01
"""A street's end this near an outline lies on it: both are rounded to millimetres."""
_AT_POST_M = 5.0
"""A street crosses an outline at the gate that stands this near on it."""
_SPACING_M = 10.0
_MOST_CANDIDATES = 64
"""A new gate is tried every ten metres of the outline, at no more than so many places."""


def gates_on_outlines(
    residential: Layer, points: gpd.GeoDataFrame, tolerance_m: float
) -> gpd.GeoDataFrame:
    """Return the gates of the street data that stand on an area's outline.

    Parameters
    ----------
    residential
        Areas; those known as a point have no outline and get no gate.
    points
        Column ``name``; geometry points, CRS of the layer.
    tolerance_m
        Farthest from the nearest outline, inclusive. Other outlines get the gate too where they
        share that wall.

    Returns
    -------
    GeoDataFrame
        Index ``id``; columns ``residential``, ``name``, ``open`` (True), ``source`` (``osm``); by
        area, then place.
    """
    solid, outline = _outlines(residential)
    spots = points.geometry.to_numpy()
    row, hit = shapely.STRtree(outline).query(
        spots, predicate="dwithin", distance=inclusive(tolerance_m)
    )
    far = shapely.distance(spots[row], outline[hit])
    least = np.full(len(spots), np.inf)
    np.minimum.at(least, row, far)
    near = far <= least[row] + _SAME_WALL_M
    row, area = row[near], solid[hit[near]]
    return _frame(residential, area, spots[row], points["name"].to_numpy(object)[row], "osm")


def crossed_outlines(
    residential: Layer, lines: StreetLines, network: StreetNetwork
) -> gpd.GeoDataFrame:
    """Return a gate wherever a walked street passes from inside an area to its outside.

    A street that ends at the outline, or runs along it, crosses nothing; one on a bridge or in a
    tunnel passes above or below.

    Parameters
    ----------
    network
        The network of ``lines``.

    Returns
    -------
    GeoDataFrame
        As :func:`gates_on_outlines`, ``source`` = ``infer``; closed where a shut gate stands there.
    """
    solid, outline = _outlines(residential)
    level = np.flatnonzero(_on_the_ground(lines)[network.edge_way])
    streets = edge_lines(network, level)
    row, hit = shapely.STRtree(outline).query(streets, predicate="intersects")
    surface = residential.frame.geometry.to_numpy()[solid]
    inner = shapely.intersection(streets[row], surface[hit])
    outer = shapely.difference(streets[row], surface[hit])
    border = shapely.intersection(streets[row], outline[hit])
    inside = _ends(inner, hit, outline, within=True)
    beyond = np.concatenate(
        [_ends(outer, hit, outline, within=False), _ends(border, hit, outline, within=False)]
    )
    # the area is the third coordinate: ends meet within one area only
    met = np.full(len(inside), np.inf)
    if len(beyond):
        met, _ = tree_of(beyond).query(inside, distance_upper_bound=_TOUCH_M)
    gates = np.unique(np.round(inside[np.isfinite(met)], 2), axis=0) if len(inside) else inside
    area = solid[gates[:, 2].astype(np.int64)]
    spots = shapely.points(gates[:, :2])
    found = _frame(residential, area, spots, np.full(len(area), None, dtype=object), "infer")
    return _as_posted(found, lines)


def _as_posted(gates: gpd.GeoDataFrame, lines: StreetLines) -> gpd.GeoDataFrame:
    """Return inferred gates, closed or unknown where the post that stands there is."""
    vertex, who = post_vertices(lines)
    barred = (who == Passage.SHUT) | (who == Passage.UNKNOWN)
    if not len(gates) or not barred.any():
        return gates
    spots = shapely.get_coordinates(gates.geometry.to_numpy())
    far, post = tree_of(lines.vertex_xy[vertex[barred]]).query(spots)
    what = np.where(far <= _AT_POST_M, who[barred][post], Passage.OPEN)
    unknown = what == Passage.UNKNOWN
    open_ = np.full(len(gates), fill_value=True, dtype=object)
    open_[what == Passage.SHUT], open_[unknown] = False, None
    return gates.assign(open=pd.Series(open_, gates.index, dtype=object), open_unknown=unknown)


def open_gates(
    gates: Layer | None, *, closed: bool = False, possible: bool = False
) -> Layer | None:
    """Return the gates that people certainly pass; or the closed ones.

    ``possible``: all but the closed ones, those too of which a word tells that nobody knows.
    """
    if gates is None or "open" not in gates.frame:
        return None if closed else gates
    frame = gates.frame
    shut = np.array([is_no(v) for v in frame["open"]], dtype=bool)
    if closed:
        return Layer(gates.name, frame[shut])
    if "open_unknown" in frame and not possible:
        shut |= frame["open_unknown"].fillna(value=False).to_numpy(dtype=bool)
    return Layer(gates.name, frame[~shut])


@dataclass(frozen=True, slots=True)
class GateEffect:
    """What one more open gate would do for one area.

    ``gate`` is the id of a closed gate, None for a new one; ``side`` where it is; ``xy`` its
    place; ``walk_m`` the walk through it to ``facility`` (row of the facility layer).
    """

    area: int
    gate: str | None
    side: str
    xy: tuple[float, float]
    walk_m: float
    facility: int


@dataclass(frozen=True, slots=True, eq=False)
class GateTrials:
    """Gates to try: closed ones, and places all round the outline of every gated area.

    ``gate`` is an id, None for a new gate; ``area`` a row of the residential layer; ``at`` where
    the streets begin; ``lead_m`` the way to it from the area's representative point.
    """

    gate: NDArray[np.object_]
    area: NDArray[np.int64]
    xy: NDArray[np.float64]
    at: Snapped
    lead_m: NDArray[np.float64]

    def take(self, rows: NDArray[np.bool_]) -> GateTrials:
        """Return the trials of a mask."""
        return GateTrials(
            self.gate[rows], self.area[rows], self.xy[rows], self.at.take(rows), self.lead_m[rows]
        )


def gate_trials(context: ReachContext, closed: Layer | None = None) -> GateTrials | None:
    """Return the gates to try, once for all groups; None where there is nothing to walk on.

    A gate beyond the snap limit from every street, or with a river, railway or motorway between
    it and the street, is not tried. A wall does not count: the gate would be in it.

    Parameters
    ----------
    closed
        Gates recorded as closed, column ``residential``.
    """
    if context.network is None or context.travel is not None or not context.demand.gated.any():
        return None
    gate, area, xy = _candidates(context, closed)
    parameters = context.parameters
    at = snap(context.network, xy, parameters.snap_limit_m, fragment_m=parameters.short_fragment_m)
    lead = np.hypot(*(xy - context.centre[area]).T)
    of = at.place  # a gate is tried from each of its positions
    trials = GateTrials(gate[of], area[of], xy[of], at, lead[of]).take(at.edge >= 0)
    return trials.take(~_cut_off(context, trials))


def gate_effects(
    context: ReachContext,
    trials: GateTrials,
    membership: NDArray[np.float64],
    walk_m: NDArray[np.float64],
    limit_m: float,
) -> tuple[GateEffect, ...]:
    """Return the gate that would shorten each gated area's walk most, if any would.

    A closed gate goes before a new one where it brings the walk within ``limit_m``. A gate counts
    if the walk becomes shorter by more than the positional error.

    Parameters
    ----------
    membership
        As for ``reach_table``; only certain members are walked to.
    walk_m
        float64 (areas,), the walk as it is; inf: none.
    limit_m
        The walk's threshold, inclusive.
    """
    if context.network is None or context.facilities is None:
        return ()
    supply = context.facilities.of(np.asarray(membership) == 1)
    parameters = context.parameters
    cost, who = nearest(context.network, trials.at, supply, parameters.search_limit_m)
    area, xy, total = trials.area, trials.xy, cost + trials.lead_m
    shorter = np.flatnonzero(
        np.isfinite(total) & meets(total, "<", walk_m[area] - parameters.positional_error_m)
    )
    within = meets(total, "<=", limit_m)
    first_choice = within & np.array([g is not None for g in trials.gate], dtype=bool)
    keys = (xy[:, 1], xy[:, 0], total, ~first_choice, area)
    order = shorter[np.lexsort([key[shorter] for key in keys])]
    _, first = np.unique(area[order], return_index=True)
    return tuple(
        GateEffect(
            area=int(area[i]),
            gate=trials.gate[i],
            side=_side(xy[i] - context.centre[area[i]]),
            xy=(float(xy[i, 0]), float(xy[i, 1])),
            walk_m=float(total[i]),
            facility=int(supply.place[who[i]]),
        )
        for i in order[first]
    )


def _candidates(
    context: ReachContext, closed: Layer | None
) -> tuple[NDArray[np.object_], NDArray[np.int64], NDArray[np.float64]]:
    """Return id (None: new), area and place of every gate to try."""
    gated = context.demand.gated
    ids: list[str | None] = []
    areas: list[NDArray[np.int64]] = [np.empty(0, dtype=np.int64)]
    spots: list[NDArray[np.float64]] = [np.empty((0, 2))]
    if closed is not None and len(closed):
        of = context.residential.frame.index.get_indexer(closed.frame["residential"])
        rows = np.flatnonzero((of >= 0) & gated[of])
        ids += [str(closed.frame.index[i]) for i in rows]
        areas.append(of[rows].astype(np.int64))
        spots.append(positions(closed)[rows])
    solid, outline = _outlines(context.residential)
    for area, line in zip(solid, outline, strict=True):
        if gated[area]:
            places = np.concatenate(list(_along(line)))
            ids += [None] * len(places)
            areas.append(np.full(len(places), area, dtype=np.int64))
            spots.append(places)
    gate: NDArray[np.object_] = np.empty(len(ids), dtype=object)
    gate[:] = ids
    return gate, np.concatenate(areas), np.concatenate(spots)


def _along(outline: shapely.Geometry) -> Iterator[NDArray[np.float64]]:
    """Return places all round each ring of an outline."""
    for ring in shapely.get_parts(outline):
        n = int(np.clip(np.ceil(ring.length / _SPACING_M), 4, _MOST_CANDIDATES))
        step = np.arange(n) * (ring.length / n)
        yield shapely.get_coordinates(shapely.line_interpolate_point(ring, step))


def _cut_off(context: ReachContext, trials: GateTrials) -> NDArray[np.bool_]:
    """Return where a river, railway or motorway lies between a gate and its street."""
    barriers = context.barriers
    if barriers is None or context.network is None or not len(trials.area):
        return np.zeros(len(trials.area), dtype=bool)
    lines = edge_lines(context.network, trials.at.edge)
    street = shapely.get_coordinates(shapely.line_interpolate_point(lines, trials.at.along_m))
    found = barrier_between(barriers[barriers["barrier"] != "wall"], trials.xy, street)
    return np.array([barrier is not None for barrier in found], dtype=bool)


def _outlines(residential: Layer) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
    """Return the rows of the areas that are polygons, and their outlines."""
    shapes = residential.frame.geometry.to_numpy()
    solid = np.flatnonzero(shapely.get_dimensions(shapes) == 2)  # noqa: PLR2004 - polygons
    outline: NDArray[np.object_] = shapely.boundary(shapes[solid])
    return solid, outline


def _on_the_ground(lines: StreetLines) -> NDArray[np.bool_]:
    """Return which ways are on no bridge and in no tunnel; a passage through a house is on it."""
    ground = np.ones(len(lines), dtype=bool)
    for tag, plain in (("bridge", {"no"}), ("tunnel", {"no", "building_passage"})):
        values = lines.tags[tag]
        ground &= np.array([not isinstance(v, str) or v in plain for v in values], dtype=bool)
    return ground


def _ends(
    pieces: NDArray[np.object_],
    hit: NDArray[np.int64],
    outline: NDArray[np.object_],
    *,
    within: bool,
) -> NDArray[np.float64]:
    """Return where line pieces end on the outline: x, y, and the outline's number.

    ``within``: only of pieces that do not run along the outline.
    """
    merged = shapely.line_merge(pieces)
    parts, of = shapely.get_parts(merged, return_index=True)
    linear = (shapely.get_dimensions(parts) == 1) & (shapely.length(parts) > _TOUCH_M)
    parts, of = parts[linear], of[linear]
    if within:
        middle = shapely.line_interpolate_point(parts, 0.5, normalized=True)
        clear = shapely.distance(middle, outline[hit[of]]) > _TOUCH_M
        parts, of = parts[clear], of[clear]
    ends = np.concatenate([shapely.get_point(parts, 0), shapely.get_point(parts, -1)])
    of = np.tile(hit[of], 2)
    on = shapely.distance(ends, outline[of]) <= _TOUCH_M
    return np.column_stack([shapely.get_coordinates(ends[on]), of[on]]).reshape(-1, 3)


def _frame(
    residential: Layer,
    area: NDArray[np.int64],
    spots: NDArray[np.object_],
    names: NDArray[np.object_],
    source: str,
) -> gpd.GeoDataFrame:
    """Return gates as rows of the layer, by area, then place."""
    order = np.lexsort((shapely.get_y(spots), shapely.get_x(spots), area))
    owner = residential.frame.index.to_numpy(dtype=object)[area[order]]
    number = pd.Series(owner, dtype=object).groupby(owner).cumcount() + 1
    frame = gpd.GeoDataFrame(
        {
            "residential": pd.Series(owner, dtype=object),
            "name": pd.Series(
                [name if isinstance(name, str) else None for name in names[order]], dtype=object
            ),
            "open": pd.Series(np.full(len(owner), fill_value=True), dtype=object),
            "source": pd.Series(np.full(len(owner), source, dtype=object), dtype=object),
        },
        columns=[*_COLUMNS],
        geometry=list(spots[order]),
        crs=residential.crs,
    )
    frame.index = pd.Index(
        [f"{source}:{o}:{n}" for o, n in zip(owner, number, strict=True)], name="id", dtype=object
    )
    return frame


def _side(away: NDArray[np.float64]) -> str:
    """Return the side on which a place lies, seen from the middle."""
    turn = np.degrees(np.arctan2(away[0], away[1]))  # clockwise from north
    return SIDES[int(np.round(turn / 45.0)) % len(SIDES)]
