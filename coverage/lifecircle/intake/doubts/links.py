"""Rows that say where they belong, and how likely they are to lie where they do."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from lifecircle.intake.doubts.strays import DRAWN_M, NEAR_M
from lifecircle.model.gazetteer import COMMUNITY_DIGITS, TOWNSHIP_DIGITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from lifecircle.model.inputs.layers import Layer

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

__all__ = [
    "AT_M",
    "DIRECTIONS",
    "SAMPLE",
    "Link",
    "evenly",
    "likelier",
    "linked",
    "members",
    "positions",
    "spin",
]

SAMPLE = 300
"""Rows of a layer that are asked at most."""
AT_M, _AT_POINT_M = 60.0, 200.0
"""How near a place stands to its area: to the outline, and to a point that stands for one."""
DIRECTIONS = np.radians(np.arange(75, 286, 15))
"""Directions so far from that of a datum that rows moved so mean nothing."""
_SLIP = 0.05
"""Share of rows that may say a wrong unit or area."""
_PARTS = np.linspace(0.05, 0.95, 19)


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """Rows of a layer and where each of them belongs.

    Parameters
    ----------
    layer, other
        The layer of the rows, and the one whose shapes they name.
    rows
        Shape (n,), position of each row in its layer.
    points
        Shape (n, 2), in the study's CRS.
    targets
        Shape (n,), the shape each row belongs at.
    reach
        Shape (n,), metres from it within which a row fits.
    """

    layer: str
    other: str
    rows: NDArray[np.int64]
    points: Floats
    targets: NDArray[np.object_]
    reach: Floats

    def fits(self, shift: Floats, slack: float = 0.0) -> Mask:
        """Return which rows fit when moved by ``shift`` (n, 2), ``slack`` metres given."""
        moved = shapely.points(self.points + shift)
        near: Mask = shapely.dwithin(self.targets, moved, self.reach + slack)
        return near

    def told(self, shift: Floats) -> Floats:
        """Return the log likelihood of each row moved by ``shift``: it fits but for a slip."""
        fit = self.fits(shift, DRAWN_M)
        return np.where(fit, math.log(1 - _SLIP), math.log(_SLIP))

    def beyond(self, shift: Floats) -> Floats:
        """Return metres (n,) that each row moved by ``shift`` lies beyond the border of its target.

        Negative within it.
        """
        moved = shapely.points(self.points + shift)
        borders = {id(one): shapely.boundary(one) for one in self.targets}
        away = shapely.distance([borders[id(one)] for one in self.targets], moved)
        signed: Floats = np.where(shapely.intersects(self.targets, moved), -away, away)
        return signed

    def bands(self, shift: Floats) -> NDArray[np.int64]:
        """Return how far each row moved by ``shift`` lies from where it belongs (``strays``)."""
        out = ~self.fits(shift, DRAWN_M)
        band = out.astype(np.int64)
        if out.any():
            moved = shapely.points(self.points[out] + shift[out])
            band[out] += ~shapely.dwithin(self.targets[out], moved, self.reach[out] + NEAR_M)
        return band


def likelier(gain: Floats, *, mixed: bool) -> float:
    """Return the log likelihood of rows in another datum, over that of rows that lie right.

    Parameters
    ----------
    gain
        Shape (n,), log likelihood of each row there over here. Rows that fit either way, or no
        way, say nothing (0).
    mixed
        Each row is in the one or in the other, in whatever parts are likeliest.
    """
    if not mixed:
        return float(gain.sum())
    parts = _PARTS[:, None]
    return float(np.logaddexp(np.log(1 - parts), np.log(parts) + gain).sum(axis=1).max())


def positions(layer: Layer) -> Floats:
    """Return a position a row (n, 2), NaN where the place is unknown."""
    frame = layer.frame
    xy = np.full((len(frame), 2), np.nan)
    known = layer.located.to_numpy()
    shapes = frame.geometry.to_numpy()[known]
    xy[known] = shapely.get_coordinates(shapely.point_on_surface(shapes))
    return xy


def evenly(rows: NDArray[np.int64], most: int = SAMPLE) -> NDArray[np.int64]:
    """Return at most ``most`` of the rows, spread over them."""
    if len(rows) <= most:
        return rows
    return rows[np.linspace(0, len(rows) - 1, most).round().astype(np.int64)]


def linked(layer: str, other: str, xy: Floats, targets: dict[int, Any]) -> Iterator[Link]:
    """Yield the rows that name a target, with it.

    Parameters
    ----------
    layer, other
        The layer of the rows, and the one whose shapes they name.
    xy
        Position of each row (n, 2) in metres, NaN where it is unknown.
    targets
        Row → the shape it belongs at.
    """
    rows = np.array(sorted(targets), dtype=np.int64)
    rows = evenly(rows[np.isfinite(xy[rows]).all(axis=1)])
    if not len(rows):
        return
    shapes = np.array([targets[int(row)] for row in rows], dtype=object)
    shapely.prepare(shapes)
    reach = np.where(shapely.get_dimensions(shapes) > 0, AT_M, _AT_POINT_M)
    if other == "units":  # a code says the territory, and a border is sharp
        reach = np.zeros(len(shapes))
    yield Link(layer, other, rows, xy[rows], shapes, reach)


def members(layers: Mapping[str, Layer], said: Mapping[str, pd.DataFrame]) -> Iterator[Link]:
    """Yield the links of rows that say a unit whose territory is known.

    ``said``: layer → ``unit`` and ``community`` that the cells of its rows say, as codes. The
    narrower counts where both are known; a village without a territory says that of its town.
    """
    if "units" not in layers:
        return
    territories = _Territories(layers["units"].frame)
    for name in ("residential", "facilities", "candidates"):
        if name not in layers:
            continue
        targets: dict[int, Any] = {}
        codes = zip(said[name]["unit"], said[name]["community"], strict=True)
        for row, narrower in enumerate(codes):
            found = [territories.of(code) for code in narrower if code is not None]
            known = [one for one in found if one is not None]
            if known:
                targets[row] = known[-1]
        yield from linked(name, "units", positions(layers[name]), targets)


class _Territories:
    """The territories of units; that of a town without one is that of all of its villages."""

    def __init__(self, units: gpd.GeoDataFrame) -> None:
        shapes = {
            code: shape if shape is not None and shape.area else None
            for code, shape in units.geometry.items()
        }
        self._villages: dict[str, list[Any]] = {}
        for code, shape in shapes.items():
            if len(code) == COMMUNITY_DIGITS:
                self._villages.setdefault(code[:TOWNSHIP_DIGITS], []).append(shape)
        self._known = {code: shape for code, shape in shapes.items() if shape is not None}

    def of(self, code: str) -> Any:
        """Return the territory of a unit, None where it is unknown in part."""
        if code not in self._known:
            villages = self._villages.get(code, [None])
            whole = all(one is not None for one in villages)
            self._known[code] = shapely.union_all(villages) if whole else None
        return self._known[code]


def spin(turn: float) -> Floats:
    """Return the matrix (2, 2) that turns rows of vectors by ``turn`` radians."""
    return np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
