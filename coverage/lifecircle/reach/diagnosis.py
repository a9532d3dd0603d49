"""What may be wrong with the streets: fragments, islands, and barriers between two places."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lifecircle.model.cell import is_missing
from lifecircle.model.finding import meets
from lifecircle.model.inputs.streets import LEG_BARRIERS
from lifecircle.reach.areas.demand import located
from lifecircle.reach.network.graph import edge_lines

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.model.inputs.streets import StreetNetwork
    from lifecircle.reach.search.snapping import Snapped

__all__ = ["barrier_between", "cut_off", "street_components"]

_SHORT_M = 0.05
"""So much of a leg is its street."""


def street_components(
    network: StreetNetwork, areas: Snapped, facilities: Snapped, *, short_fragment_m: float
) -> gpd.GeoDataFrame:
    """Return the parts of the street network that are cut off from the main one, longest first.

    Parameters
    ----------
    network
        The streets.
    areas, facilities
        Places on it, to be counted by part: those that do not stand on the main network as well.
    short_fragment_m
        A part shorter than this is a ``fragment`` (most often a drawing mistake), else a ``part``
        of its own (an island, a valley).

    Returns
    -------
    GeoDataFrame
        Index ``id`` (``C1``, ``C2`` … as in the network); columns ``kind``, ``length_m``,
        ``areas``, ``facilities``; geometry the part's streets as a MultiLineString.
    """
    length = network.component_length_m
    parts = np.arange(1, len(length))
    edge_part = network.node_component[network.edge_u]
    # all streets of a component at once; component 0 is never drawn
    drawn = np.flatnonzero(edge_part > 0)
    drawn = drawn[np.argsort(edge_part[drawn], kind="stable")]
    shapes = (
        shapely.multilinestrings(edge_lines(network, drawn), indices=edge_part[drawn] - 1)
        if len(drawn)
        else np.empty(0, dtype=object)
    )

    def count(places: Snapped) -> NDArray[np.int64]:
        on = places.component[cut_off(places)]
        return np.bincount(on, minlength=len(length))[1:]

    return gpd.GeoDataFrame(
        {
            "kind": np.where(
                meets(length[parts], "<", short_fragment_m), "fragment", "part"
            ).astype(object),
            "length_m": length[parts],
            "areas": count(areas),
            "facilities": count(facilities),
        },
        geometry=shapes,
        crs=network.crs,
        index=pd.Index([f"C{i}" for i in parts], name="id", dtype=object),
    )


def cut_off(places: Snapped) -> NDArray[np.bool_]:
    """Return which positions are of places that have none on the main network."""
    found: NDArray[np.bool_] = places.component > 0
    return found & ~np.isin(places.place, places.place[places.component == 0])


def barrier_between(
    barriers: gpd.GeoDataFrame | None,
    start: NDArray[np.float64],
    end: NDArray[np.float64],
    *,
    legs: bool = False,
) -> NDArray[np.object_]:
    """Return the first barrier on the straight line from each start to its end.

    Parameters
    ----------
    barriers
        Columns ``barrier`` (railway, river, motorway, wall) and ``name``; None: none are known.
    start, end
        float64 (n, 2), metres; NaN where a place is unknown.
    legs
        The lines are short legs to a street, on which ``LEG_BARRIERS`` count too; what the
        street itself runs along is not crossed.

    Returns
    -------
    array of object
        The barrier's name, else its kind; None where the line crosses none.
    """
    found: NDArray[np.object_] = np.full(len(start), None, dtype=object)
    known = np.flatnonzero(located(start) & located(end))
    if legs:
        known = known[np.hypot(*(start - end)[known].T) > _SHORT_M]
    if barriers is None or not len(barriers) or not len(known):
        return found
    kinds, names = (barriers[column].tolist() for column in ("barrier", "name"))
    counted = np.flatnonzero([legs or kind not in LEG_BARRIERS for kind in kinds])
    shapes = barriers.geometry.to_numpy()[counted]
    stop = end[known]
    if legs:  # a path along the bank is reached on this side of the water
        way = start[known] - stop
        length = np.maximum(np.hypot(*way.T), _SHORT_M)[:, None]
        stop = stop + way * (_SHORT_M / length)
    rays = shapely.linestrings(np.stack([start[known], stop], axis=1))
    row, hit = shapely.STRtree(shapes).query(rays, predicate="intersects")
    away = shapely.distance(
        shapely.points(start[known[row]]), shapely.intersection(rays[row], shapes[hit])
    )
    order = np.lexsort((hit, away, row))
    row, hit = row[order], hit[order]
    row, first = np.unique(row, return_index=True)
    for at, which in zip(known[row], counted[hit[first]], strict=True):
        name = names[which]
        found[at] = kinds[which] if is_missing(name) or not name else name
    return found
