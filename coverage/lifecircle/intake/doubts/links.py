"""Rows that say where they belong, and how likely they are to lie where they do."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.affinity import translate

from lifecircle.intake.doubts.strays import DRAWN_M, NEAR_M
from lifecircle.intake.doubts.suspicion import datums_but
from lifecircle.model.gazetteer import COMMUNITY_DIGITS, TOWNSHIP_DIGITS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

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
    "level",
    "likelier",
    "linked",
    "members",
    "once",
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
_OFFICE_M = 60.0
"""Facilities so near to each other stand at one office, and say it once."""
_PARTS = np.linspace(0.05, 0.95, 19)
_COME, _LEAVE, _OVER_DATUM, _MOST = 6, 0.2, 4, 2 / 3
"""Outlines are drawn off where, if all of them were moved alike, so many rows come into their unit,
that share of them at most leaves it, of each ledger no more than come, and so many more come than
any datum brings; and that most of those that lie out come. Where some rows lie in another datum
others leave, or stay out."""
_OFF_M = np.arange(100.0, 701.0, 100.0)
_TURNS = np.radians(np.arange(0, 360, 20))
_STEPS_M = (50.0, 25.0)


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


def once(points: Floats, units: NDArray[Any], near_m: float = _OFFICE_M) -> Floats:
    """Return how much each row counts (n,): those of a unit at one office count once together."""
    beside = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)) <= near_m
    count: Floats = 1 / (beside & (units[:, None] == units[None])).sum(axis=1)
    return count


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


def level(
    links: Sequence[Link], read: Mapping[str, str], vectors: Callable[[Floats, str, str], Floats]
) -> list[Link]:
    """Return links to the outlines where these lie, if all of them are drawn off by the same way.

    A map that was fitted to a few marks lies some hundred metres off, all of it: then rows of every
    ledger lie beside their units, most of them on one side. No datum explains that, and of rows of
    two towns any may seem to. Outlines that lie right stay as they are.

    Parameters
    ----------
    links
        Rows that say where they belong.
    read
        Layer → the datum it was read in.
    vectors
        Points, their layer, a datum → how they move (n, 2) if the layer is really in it.
    """
    told = [link for link in links if link.other == "units"]
    home = [link.fits(np.zeros(2), DRAWN_M) for link in told]

    def come(way: Floats) -> NDArray[np.int64]:
        return _within(told, [~some for some in home], way)

    def net(way: Floats) -> NDArray[np.int64]:
        """Return how many more rows of each ledger come than leave."""
        stay = _within(told, home, way)
        more: NDArray[np.int64] = come(way) + stay - [some.sum() for some in home]
        return more

    some = [way for way in _ring() if told and come(way).sum() >= _COME]
    if not some:
        return [*links]
    way = max(some, key=lambda one: net(one).sum())
    for step in _STEPS_M:
        way = max(_near(way, step), key=lambda one: net(one).sum())
    ways = _datums(told, read, vectors)
    least = max((1 - _LEAVE) * come(way).sum(), *(net(one).sum() + _OVER_DATUM for one in ways))
    out = sum(int((~some).sum()) for some in home)
    off = (net(way) >= 0).all() and net(way).sum() >= max(least, _MOST * out)
    return _moved(links, -way) if off else [*links]


def _datums(
    links: Sequence[Link], read: Mapping[str, str], vectors: Callable[[Floats, str, str], Floats]
) -> list[Floats]:
    """Return how rows would move if they, or the outlines, were in another datum."""
    return [
        sign * vectors(link.points, of, real).mean(axis=0)
        for link in links
        for of, sign in ((link.layer, 1.0), (link.other, -1.0))
        for real in datums_but(read[of])
    ]


def _ring() -> list[Floats]:
    """Return the ways by which outlines are asked whether they lie off."""
    return [off * np.array([np.cos(turn), np.sin(turn)]) for off in _OFF_M for turn in _TURNS]


def _near(way: Floats, step: float) -> list[Floats]:
    """Return a way and those a step beside it."""
    return [way + step * np.array([i, j]) for i in (0, -1, 1) for j in (0, -1, 1)]


def _within(links: Sequence[Link], rows: Sequence[Mask], way: Floats) -> NDArray[np.int64]:
    """Return how many of some rows of each link are in their unit if they are moved."""
    found = []
    for link, some in zip(links, rows, strict=True):
        moved = shapely.points(link.points[some] + way)
        found.append(int(shapely.dwithin(link.targets[some], moved, DRAWN_M).sum()))
    return np.array(found)


def _moved(links: Sequence[Link], way: Floats) -> list[Link]:
    """Return the links with all outlines moved."""
    moved: dict[int, Any] = {}
    for link in links:
        for one in link.targets if link.other == "units" else ():
            if id(one) not in moved:
                moved[id(one)] = translate(one, *way)
                shapely.prepare(moved[id(one)])
    return [
        replace(link, targets=np.array([moved[id(one)] for one in link.targets], dtype=object))
        if link.other == "units"
        else link
        for link in links
    ]


def spin(turn: float) -> Floats:
    """Return the matrix (2, 2) that turns rows of vectors by ``turn`` radians."""
    return np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
