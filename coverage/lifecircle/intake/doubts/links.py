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
from lifecircle.model.problem import Problem, ProblemCode, Severity

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
    "SIDEWAYS",
    "Link",
    "Off",
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
SIDEWAYS = np.radians([75, 90, 105, 120, 240, 255, 270, 285])
"""The same without those to the back: of rows half of which were moved the others, moved after
them, come together as well, though no datum lies there."""
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
_FEW, _OVER_SOME = 10, 3
"""Fewer that come, of whom some rows moved to a datum would bring nearly as many, are as well half
a ledger: that none of the other half leaves is then no wonder, of all the ways that are tried."""
_OFF_M = np.arange(100.0, 701.0, 100.0)
_TURNS = np.radians(np.arange(0, 360, 20))
_STEPS_M = (50.0, 25.0)
_SIDES = ("n", "ne", "e", "se", "s", "sw", "w", "nw")  # clockwise


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

    def crossing(self, here: Floats, there: Floats) -> tuple[NDArray[np.int64], int]:
        """Return how many rows come to where they belong, moved ``there``, and how many leave.

        Of those that come, by where they belong and lie: a village that was written to a neighbour
        comes as a whole.
        """
        now, then = self.fits(here, DRAWN_M), self.fits(there, DRAWN_M)
        shapes = list({id(one): one for one in self.targets}.values())
        number = {id(one): n for n, one in enumerate(shapes)}
        come = np.flatnonzero(then & ~now)
        lies = np.full(len(come), -1)
        spots = shapely.points((self.points + here)[come])
        row, shape = shapely.STRtree(shapes).query(spots, "intersects")
        lies[row] = shape
        pairs = [
            (number[id(self.targets[n])], at) for n, at in zip(come, lies.tolist(), strict=True)
        ]
        count = np.unique(np.array(pairs).reshape(-1, 2), axis=0, return_counts=True)[1]
        return count, int((now & ~then).sum())

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


@dataclass(frozen=True, slots=True)
class Off:
    """All outlines are drawn off by the same way: ``east`` and ``north``, metres.

    Of ``total`` rows that say a unit ``out`` lie outside it; with all outlines moved back ``come``
    of those are in it, and ``left`` of the others are not.
    """

    east: float
    north: float
    total: int
    out: int
    come: int
    left: int

    def told(self, file: str | None) -> Problem:
        """Return the warning, of the file of the outlines."""
        turn = math.degrees(math.atan2(self.east, self.north))
        words = {
            "offset_m": round(math.hypot(self.east, self.north) / 50) * 50,
            "side": _SIDES[round(turn / 45) % 8],
            "total": self.total,
            "before": self.out,
            "come": self.come,
            "left": self.left,
        }
        return Problem(ProblemCode.OUTLINES_OFF, Severity.WARNING, words, layer="units", file=file)


def level(
    links: Sequence[Link], read: Mapping[str, str], vectors: Callable[[Floats, str, str], Floats]
) -> tuple[list[Link], Off | None]:
    """Return links to the outlines where these lie, and how if all are drawn off by the same way.

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

    inside = np.concatenate(home) if home else np.zeros(0, dtype=bool)
    some = [way for way in _ring() if told and _come(told, home, way).sum() >= _COME]
    if not some:
        return [*links], None
    way = max(some, key=lambda one: _net(told, home, one).sum())
    for step in _STEPS_M:
        way = max(_near(way, step), key=lambda one: _net(told, home, one).sum())
    come, net, out = int(_come(told, home, way).sum()), _net(told, home, way), int((~inside).sum())
    others = [
        (int(_come(told, home, one).sum()), int(_net(told, home, one).sum()))
        for one in _datums(told, read, vectors)
    ]
    if (net < 0).any() or net.sum() < max(_least(come, others), _MOST * out):
        return [*links], None
    counts = (len(inside), out, come, come - int(net.sum()))
    return _moved(links, -way), Off(float(way[0]), float(way[1]), *counts)


def _come(links: Sequence[Link], home: Sequence[Mask], way: Floats) -> NDArray[np.int64]:
    """Return how many rows of each link come into their unit."""
    return _within(links, [~some for some in home], way)


def _net(links: Sequence[Link], home: Sequence[Mask], way: Floats) -> NDArray[np.int64]:
    """Return how many more come than leave."""
    stay = _within(links, home, way)
    more: NDArray[np.int64] = _come(links, home, way) + stay - [some.sum() for some in home]
    return more


def _least(come: int, others: Sequence[tuple[int, int]]) -> float:
    """Return how many more rows must come than leave for outlines to be drawn off.

    ``come``: how many do; ``others``: for each datum how many come, and how many more than leave.
    """
    least = max((1 - _LEAVE) * come, *(net + _OVER_DATUM for _, net in others))
    return max(least, *(some + _OVER_SOME for some, _ in others)) if come < _FEW else least


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
