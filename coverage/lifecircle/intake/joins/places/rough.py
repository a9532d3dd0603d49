"""Rooms of roughly known position that may stand in an area, or by it, as they do not as read.

Of three decimals of a degree a place is known to some seventy metres: what lies just beyond an
area's tolerance may be its own.
"""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import shapely

from lifecircle.account.estates.names import Names
from lifecircle.intake.positions.decimals import half_m, rounded_decimals
from lifecircle.model.inputs.layers import ROUNDED, ROUNDED_UNITS, Layer
from lifecircle.model.inputs.study import ELSEWHERE, likely_table
from lifecircle.model.sites import POSITION_OF

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import geopandas as gpd

    from lifecircle.intake.layers import Settled
    from lifecircle.intake.ledger.rows import Ledger
    from lifecircle.model.inputs.parameters import Parameters

__all__ = ["rounded_rows", "with_rough", "with_rounded_units", "with_rounding"]

_BESIDE = {"residential": "facilities", "facilities": "residential", "gates": "residential"}
"""Layers whose places may be rounded, and those whose rows show how finely they are told."""


def with_rough(
    likely: pd.DataFrame,
    settled: Mapping[str, Settled],
    layers: Mapping[str, Layer],
    parameters: Parameters,
) -> pd.DataFrame:
    """Return ``Study.likely`` with the areas that rooms of rounded coordinates may be by.

    Told by the coordinates as written. Only what is beyond the tolerance as read, and may be within
    it; and ``ELSEWHERE`` for what is within as read and may be beyond, where neither a record nor
    a name says whose it is. A few rounded rows are so for certain beside areas whose places are
    fine.
    """
    facilities = settled["facilities"].ledger
    told = rounded_decimals(facilities, beside=settled["residential"].ledger)
    places, shapes = (layers[name].frame.geometry for name in ("facilities", "residential"))
    known = shapes.notna().to_numpy()
    if not told or not known.any():
        return likely
    keys, outlines = shapes.index[known], shapes[known].to_numpy()
    rooms = facilities.frame.reindex(columns=["name", "address", "serves"]).iloc[[*told]]
    said = _said_whose(rooms, layers["residential"].frame, layers.get("units"))
    tree, tolerance = shapely.STRtree(outlines), parameters.own_tolerance_m
    found = []
    for whose, (row, (decimals, written)) in zip(said, told.items(), strict=True):
        key = str(facilities.frame.index[row])
        if (place := places.get(key)) is None:
            continue
        error = half_m(decimals) * math.sqrt(2)
        most = tolerance + error
        near = np.sort(tree.query(place, predicate="dwithin", distance=most))
        away = shapely.distance(outlines[near], place)
        found += [
            (key, str(keys[at]), math.nan, written, False)
            for at, metres in zip(near, away, strict=True)
            if metres > tolerance
        ]
        mine = near[away <= tolerance]
        if len(mine) and not whose.settles(map(str, keys[mine])):
            deepest = max(_depth_m(outline, place) for outline in outlines[mine])
            if error - deepest > tolerance:
                found += [(key, str(keys[at]), math.nan, written, False) for at in mine]
                found.append((key, ELSEWHERE, math.nan, written, False))
    return pd.concat([likely, likely_table(found)], ignore_index=True) if found else likely


def with_rounding(settled: Mapping[str, Settled]) -> dict[str, Settled]:
    """Return the layers' rows with how far off rounded coordinates may be: areas, rooms, gates."""
    found = dict(settled)
    for name, beside in _BESIDE.items():
        if name in found:
            found[name] = rounded_rows(found[name], settled[beside].ledger)
    return found


def rounded_rows(part: Settled, beside: Ledger | None = None) -> Settled:
    """Return rows with how far off their coordinates may be, where any of them are rounded.

    Rounded each way by half of the last decimal: at most to the corner of what they stand for.
    Shapes are as they are drawn, whatever coordinates stand beside them. ``beside``: rows that show
    how finely the study tells places.
    """
    ledger, drawn = part.ledger, part.ledger.raw.geometry
    errors = np.zeros(len(ledger.frame))
    for row, (decimals, _) in rounded_decimals(ledger, beside).items():
        if drawn is not None and drawn[ledger.at[row]] is not None:
            continue
        shorter = math.cos(math.radians(np.abs(ledger.frame[["lon", "lat"]].iloc[row]).min()))
        errors[row] = math.ceil(half_m(decimals) * math.hypot(1, shorter))
    if not errors.any():
        return part
    frame = ledger.frame.assign(**{ROUNDED: errors})
    return dataclasses.replace(part, ledger=dataclasses.replace(ledger, frame=frame))


def with_rounded_units(
    layers: Mapping[str, Layer],
    settled: Mapping[str, Settled],
    territories: Mapping[str, shapely.Geometry],
) -> dict[str, Layer]:
    """Return the layers with the other units in which facilities of rounded place may lie.

    Of those that are in a unit (one of ``territories``) by such a position alone.
    """
    found, frame = dict(layers), layers["facilities"].frame
    if ROUNDED in frame:
        said = settled["facilities"].ledger.frame
        found["facilities"] = Layer("facilities", _with_units(frame, said, territories))
    return found


def _with_units(
    frame: gpd.GeoDataFrame, said: pd.DataFrame, territories: Mapping[str, shapely.Geometry]
) -> gpd.GeoDataFrame:
    """Return facilities with the units besides their own that are within what they may be off.

    A row that stands where another of its site does is as rounded as that one. ``said``: the
    ledger; what says its unit is in it wherever it lies.
    """
    of = frame.get(POSITION_OF, pd.Series(None, frame.index, dtype=object))
    errors = frame[ROUNDED].where(of.isna(), of.map(frame[ROUNDED])).fillna(0.0)
    told = said[["unit", "community"]].notna().any(axis=1).reindex(frame.index, fill_value=False)
    told |= of.map(told).eq(other=True)
    rows = np.flatnonzero((errors > 0) & ~told & frame.geometry.notna())
    if not len(rows) or not territories:
        return frame
    codes, lands = list(territories), np.array(list(territories.values()), dtype=object)
    points = shapely.point_on_surface(frame.geometry.to_numpy()[rows])
    near = shapely.STRtree(lands).query(
        points, predicate="dwithin", distance=errors.to_numpy(dtype=float)[rows]
    )
    found: list[list[str]] = [[] for _ in frame.index]
    for row, unit in near.T.tolist():
        if not shapely.intersects(lands[unit], points[row]):
            found[rows[row]].append(codes[unit])
    if not any(found):
        return frame
    others = pd.Series(
        [" ".join(sorted(mine)) or None for mine in found], frame.index, dtype=object
    )
    return frame.assign(**{ROUNDED_UNITS: others})


def _depth_m(outline: shapely.Geometry, place: shapely.Geometry) -> float:
    """Return how far a place lies within an outline; less than 0: beside it."""
    beside = float(outline.distance(place))
    flat = beside > 0 or not shapely.area(outline) > 0  # of a point nothing is within
    return -beside if flat else float(shapely.boundary(outline).distance(place))


def _said_whose(rooms: pd.DataFrame, homes: pd.DataFrame, units: Layer | None) -> list[_Whose]:
    """Return whose every row says that its rooms are.

    By the account's own reading of names (``estates.names``). A name without 小区 may be a brand's.
    """
    called = () if units is None else units.frame["name"]
    names = Names(homes.assign(lead=homes.index), called)
    plain = names.of(rooms)
    stems = names.heard(rooms, set()).stems
    return [
        _Whose(
            isinstance(serves, str) and serves != "",
            any((str(one), area) not in stems for area in plain[one]),
            frozenset(plain[one]),
        )
        for one, serves in zip(rooms.index, rooms["serves"], strict=True)
    ]


class _Whose(NamedTuple):
    """Whether a row has a record, whether its name is wholly some estate's, and whose it says."""

    recorded: bool
    whole: bool
    areas: frozenset[str]

    def settles(self, here: Iterable[str]) -> bool:
        """Return whether this and not the place says whose the rooms are, which stand ``here``."""
        return self.recorded or self.whole or not self.areas.isdisjoint(here)
