"""Parts of the network that water cuts off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from lifecircle.reach.network.graph import edge_lines

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from lifecircle.model.inputs.streets import StreetNetwork

__all__ = ["islands"]


def islands(network: StreetNetwork, barriers: gpd.GeoDataFrame | None) -> NDArray[np.bool_]:
    """Return whether water lies between each component and the main network.

    It does where the shortest line from the component to the streets of the main network crosses
    a river: with a ferry in the data they would be one component.
    """
    island = np.zeros(len(network.component_length_m), dtype=bool)
    if barriers is None or len(island) <= 1:
        return island
    rivers = barriers.geometry.to_numpy()[(barriers["barrier"] == "river").to_numpy()]
    if not len(rivers):
        return island
    lines = edge_lines(network)
    part = network.node_component[network.edge_u]
    away = np.flatnonzero(part > 0)
    main = shapely.STRtree(lines[part == 0])
    (_, nearest), far = main.query_nearest(lines[away], all_matches=False, return_distance=True)
    order = np.lexsort((far, part[away]))
    label, first = np.unique(part[away][order], return_index=True)
    chosen = order[first]
    across = shapely.shortest_line(lines[away[chosen]], main.geometries[nearest[chosen]])
    hit, _ = shapely.STRtree(rivers).query(across, predicate="intersects")
    island[label[np.unique(hit)]] = True
    return island
