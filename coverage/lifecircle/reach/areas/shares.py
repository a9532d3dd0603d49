"""Straight lines: nearest facility, exact share of an area within a radius, who stands in what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from lifecircle.model.coordinates.near_points import tree_of
from lifecircle.model.finding import inclusive
from lifecircle.model.inputs.layers import Layer
from lifecircle.model.tables import CONTAINMENT_COLUMNS
from lifecircle.reach.areas.demand import located, positions

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

__all__ = ["circles", "containment", "nearest_straight", "share_within"]

QUARTER_SEGMENTS = 180
"""Sides of a circle per quarter: its outline is nowhere farther than 1 cm from one of 1 km."""


def circles(
    xy: NDArray[np.float64], radius_m: float, quarter_segments: int = QUARTER_SEGMENTS
) -> NDArray[np.object_]:
    """Return circles as polygons, drawn *around* the true ones.

    What lies within ``radius_m``, the border included, is so within the polygon too: an area
    that reaches the border exactly is wholly covered. Too large by radius × 1e-5 at most.
    """
    around = _drawn_m(radius_m, quarter_segments)
    drawn: NDArray[np.object_] = shapely.buffer(
        shapely.points(xy), around, quad_segs=quarter_segments
    )
    return drawn


def _drawn_m(radius_m: float, quarter_segments: int = QUARTER_SEGMENTS) -> float:
    """Return how far the corners of a circle's polygon are from its centre, metres."""
    return float(radius_m / np.cos(np.pi / (4 * quarter_segments)))


def nearest_straight(
    xy: NDArray[np.float64], facility_xy: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the straight line to the nearest facility of each place, and which it is.

    Unknown places (NaN) reach nothing and are reached by nobody. Among facilities equally near
    (``TOLERANCE``) the lowest row is taken.

    Returns
    -------
    distance, row
        metres, ``inf`` where there is none; row of ``facility_xy``, -1 there.
    """
    distance = np.full(len(xy), np.inf)
    row = np.full(len(xy), -1, dtype=np.int64)
    here = np.flatnonzero(located(xy))
    there = np.flatnonzero(located(facility_xy))
    if len(here) and len(there):
        tree = tree_of(facility_xy[there])
        least, _ = tree.query(xy[here])
        equal = tree.query_ball_point(xy[here], inclusive(least))
        row[here] = there[[min(hits) for hits in equal]]
        distance[here] = np.hypot(*(xy[here] - facility_xy[row[here]]).T)
    return distance, row


def share_within(
    polygons: NDArray[np.object_], facility_xy: NDArray[np.float64], radius_m: float
) -> NDArray[np.float64]:
    """Return the share of each polygon's area within the radius of any facility, [0, 1].

    Equal to ``area(polygon ∩ ⋃ circles) / area(polygon)`` over :func:`circles`, but only circles
    near a polygon are looked at, and each is taken out of what the others left. NaN for a
    geometry that is missing or has no area.
    """
    area = shapely.area(polygons)
    share = np.full(len(polygons), np.nan)
    solid = np.flatnonzero(area > 0)
    centres = np.unique(facility_xy[located(facility_xy)], axis=0)
    tree = shapely.STRtree(polygons[solid])
    # drawing costs most: only those that can reach a polygon, however round the circle is drawn
    corner = inclusive(_drawn_m(radius_m))
    near = tree.query(shapely.points(centres), predicate="dwithin", distance=corner)
    centres = centres[np.unique(near[0])]
    drawn = circles(centres, radius_m)
    circle, polygon = tree.query(drawn, predicate="intersects")

    # Nearest centre first: most polygons are used up by it.
    far = shapely.distance(polygons[solid[polygon]], shapely.points(centres[circle]))
    order = np.lexsort((circle, far, polygon))
    circle, polygon = circle[order], polygon[order]
    start = np.searchsorted(polygon, polygon, side="left")
    nth = np.arange(len(polygon)) - start
    rest = polygons[solid]
    # what lies whole in the nearest circle, as most do, needs no cutting: nothing of it is left
    nearest = np.flatnonzero(nth == 0)
    xy, of = shapely.get_coordinates(rest[polygon[nearest]], return_index=True)
    away = np.hypot(*(xy - centres[circle[nearest]][of]).T)
    farthest = np.zeros(len(nearest))
    np.maximum.at(farthest, of, away)
    within = farthest < radius_m
    rest[polygon[nearest[within]]] = shapely.Polygon()
    for turn in np.unique(nth):
        now = nth == turn
        now[now] = ~shapely.is_empty(rest[polygon[now]])
        rest[polygon[now]] = shapely.difference(rest[polygon[now]], drawn[circle[now]])
    share[solid] = np.clip(1.0 - shapely.area(rest) / area[solid], 0.0, 1.0)
    return share


def outlines_around(areas: Layer) -> pd.Series:
    """Return area known as a point → the area in whose outline this lies, the smallest; or None."""
    shapes = areas.frame.geometry
    surface = shapes.area.to_numpy()
    found = pd.Series(None, areas.frame.index, dtype=object)
    spots = np.flatnonzero((surface == 0.0) & (shapes.geom_type == "Point").to_numpy())
    if len(spots) and len(spots) < len(shapes):
        row, area = areas.frame.sindex.query(shapes.iloc[spots].to_numpy(), predicate="within")
        outlines = surface[area] > 0.0
        row, area = row[outlines], area[outlines]
        order = np.argsort(-surface[area], kind="stable")  # the last that is written stays
        found.iloc[spots[row[order]]] = areas.frame.index[area[order]]
    return found


def containment(
    areas: Layer,
    facilities: Layer,
    within_m: float,
    before: tuple[gpd.GeoSeries, pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """Return facilities inside an area or within ``within_m`` of it (inclusive).

    ``before``: the places of facilities and their pairs, of the same areas and distance: those that
    stand where they stood keep them.

    Returns
    -------
    DataFrame
        Columns ``CONTAINMENT_COLUMNS``, one row a pair, by facility, then area, in the order of
        the layers. Facilities and areas of unknown place are in no pair.
    """
    ids = facilities.frame.index
    fresh = np.arange(len(ids)) if before is None else _elsewhere(facilities, before[0])
    found = _pairs(areas, facilities, fresh, within_m)
    if before is None:
        return found
    row = ids.get_indexer(before[1]["facility"])
    keeps = row >= 0
    keeps[keeps] = ~np.isin(row[keeps], fresh)
    old, homes = before[1][keeps], areas.frame.index
    row = np.concatenate([row[keeps], ids.get_indexer(found["facility"])])
    order = np.argsort(row, kind="stable")
    area = [homes.get_indexer(pairs["residential"]) for pairs in (old, found)]
    metres = {
        name: np.concatenate([old[name].to_numpy(), found[name].to_numpy()])[order]
        for name in ("to_area_m", "straight_m")
    }
    return pd.DataFrame(
        {"facility": ids[row[order]], "residential": homes[np.concatenate(area)[order]], **metres}
    )


def _elsewhere(facilities: Layer, before: gpd.GeoSeries) -> NDArray[np.int64]:
    """Return the rows of facilities that stand elsewhere than before, or are new."""
    now, old = facilities.frame.geometry, before
    at = old.index.get_indexer(now.index)
    stays = at >= 0
    here, there = now.to_numpy()[stays], old.to_numpy()[at[stays]]
    pairs = zip(here.tolist(), there.tolist(), strict=True)
    stays[stays] = [one is other or one == other for one, other in pairs]  # mostly one object
    return np.flatnonzero(~stays)


def _pairs(
    areas: Layer, facilities: Layer, rows: NDArray[np.int64], within_m: float
) -> pd.DataFrame:
    """Return who is near whom of some facilities."""
    at = positions(facilities)
    known = rows[located(at[rows])]
    points = shapely.points(at[known])
    # the layer keeps its tree: trials look for one place at a time
    row, area = areas.frame.sindex.query(points, predicate="dwithin", distance=inclusive(within_m))
    order = np.lexsort((area, row))
    row, area = row[order], area[order]
    near, home = np.unique(area, return_inverse=True)
    homes = Layer(areas.name, areas.frame.iloc[near])
    outline, centre = homes.frame.geometry.to_numpy()[home], positions(homes)[home]
    return pd.DataFrame(
        {
            "facility": facilities.frame.index[known[row]],
            "residential": areas.frame.index[area],
            "to_area_m": shapely.distance(outline, points[row]),
            "straight_m": np.hypot(*(at[known[row]] - centre).T),
        },
        columns=list(CONTAINMENT_COLUMNS),
    )
