"""A made-up street network of any size: a perturbed grid with gaps, like a Chinese county's."""

from __future__ import annotations

import numpy as np
import pandas as pd

from lifecircle.model.inputs.streets import TAGS, StreetLines

CRS = "EPSG:4548"
STEP_M = 80.0
KEPT = 0.69
"""Share of the grid's streets that exist: 2.76 edges a junction, as in OSM data."""


def street_lines(nodes: int, seed: int = 7) -> StreetLines:
    """Return about ``nodes`` junctions joined by straight streets of about 80 m."""
    rng = np.random.default_rng(seed)
    side = round(nodes**0.5)
    at = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).reshape(-1, 2)
    xy = at * STEP_M + rng.uniform(-0.2, 0.2, at.shape) * STEP_M
    number = np.arange(side * side).reshape(side, side)
    across = np.stack([number[:, :-1].ravel(), number[:, 1:].ravel()], axis=1)
    up = np.stack([number[:-1].ravel(), number[1:].ravel()], axis=1)
    pair = np.concatenate([across, up])
    pair = pair[rng.random(len(pair)) < KEPT]
    return StreetLines(
        crs=CRS,
        vertex_xy=xy,
        way_start=np.arange(0, 2 * len(pair) + 1, 2, dtype=np.int64),
        way_vertex=pair.ravel().astype(np.int64),
        tags=pd.DataFrame(None, index=range(len(pair)), columns=list(TAGS), dtype=object),
    )


def places(network, count: int, seed: int, spread_m: float = 40.0) -> np.ndarray:
    """Return points near junctions, (count, 2)."""
    rng = np.random.default_rng(seed)
    node = rng.integers(0, len(network), count)
    return network.node_xy[node] + rng.uniform(-spread_m, spread_m, (count, 2))
