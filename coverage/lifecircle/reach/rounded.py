"""Rounded positions: reach over all that the decimals of coordinates leave open.

A place in degrees of three decimals is anywhere within some seventy metres. The distance of a pair
is told from the positions as written and may be shorter or longer by what both are rounded by;
so is the walk, whose way along the streets nobody knows nearer than that. A gate counts twice in a
walk: the line that leads to it ends there, and the way along the streets begins.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from lifecircle.model.finding import meets
from lifecircle.model.inputs.layers import ROUNDED
from lifecircle.model.reach import REACH_COLUMNS, ROUNDED_COLUMNS, ReachTable
from lifecircle.model.sites import POSITION_OF
from lifecircle.reach.table import reach_table

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from numpy.typing import NDArray

    from lifecircle.model.inputs.layers import Layer
    from lifecircle.reach.context import ReachContext

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Columns = dict[str, NDArray[Any]]

__all__ = ["Rounding", "reach_rounded", "rounding"]

_RADIUS = ("radius_m", "radius_facility", "barrier")
_WALK = (
    "walk_m",
    "walk_facility",
    "access_m",
    "network_m",
    "egress_m",
    "straight_m",
    "access_barrier",
    "by_ferry",
)
_PICKED = (
    _RADIUS,
    ("radius_low_m",),
    ("radius_placed_m", "radius_placed_facility"),
    _WALK,
    ("walk_low_m", "walk_low_facility", "walk_doubt"),
    ("walk_placed_m", "walk_placed_facility"),
)
"""Columns that are taken together from the facilities for which the first is least."""


@dataclass(frozen=True, slots=True, eq=False)
class Rounding:
    """How far off positions may be, metres; 0: as far as anybody knows they are exact.

    Parameters
    ----------
    areas, facilities
        float64, in the order of the layers.
    gates
        Of each area, the most that any of its gates may be off.
    """

    areas: Floats
    facilities: Floats
    gates: Floats

    def some(self, facilities: NDArray[np.bool_]) -> tuple[Floats, Floats, Floats]:
        """Return the errors of all areas and their gates, and of some facilities."""
        return self.areas, self.gates, self.facilities[facilities]

    def near_end(self, gated: NDArray[np.bool_]) -> tuple[Floats, Floats]:
        """Return what each area's own end adds to its straight line and to its walk.

        ``gated``: whether the area is left by known gates only. The straight line begins at a gate
        then; the walk goes from the area's point to the gate, and on.
        """
        straight = np.where(gated, self.gates, np.maximum(self.areas, self.gates))
        return straight, self.areas + 2 * self.gates


def rounding(residential: Layer, facilities: Layer, gates: Layer | None = None) -> Rounding | None:
    """Return how far off the places of areas, facilities and gates may be; None: all are exact.

    An outline is not rounded, whatever the coordinates in the ledger are; a row that stands where
    another of its site does is as rounded as that one. ``gates``: all that people may pass.
    """
    doors = np.zeros(len(residential))
    if gates is not None and ROUNDED in gates.frame:
        of = residential.frame.index.get_indexer(gates.frame["residential"])
        np.maximum.at(doors, of[of >= 0], _errors(gates)[of >= 0])
    found = Rounding(_errors(residential), _errors(facilities), doors)
    return found if any(one.any() for one in (found.areas, found.facilities, doors)) else None


def _errors(layer: Layer) -> Floats:
    frame = layer.frame
    if ROUNDED not in frame:
        return np.zeros(len(frame))
    errors = frame[ROUNDED].fillna(0.0)
    if POSITION_OF in frame:
        of = frame[POSITION_OF]
        errors = errors.where(of.isna(), of.map(errors).fillna(0.0))
    points = shapely.get_type_id(frame.geometry.to_numpy()) == shapely.GeometryType.POINT
    return np.where(points, errors.to_numpy(dtype=float), 0.0)


def reach_rounded(
    context: ReachContext,
    group: str,
    membership: Floats,
    rounded: Rounding,
    *,
    radius_m: float,
    walk_m: float,
    widened: Mapping[str, Collection[str]],
) -> ReachTable:
    """Return what :func:`lifecircle.reach.table.reach_table` does, over all that rounding leaves.

    The facilities of each error are sought by themselves: the nearest by what it is at most, or at
    least, is the nearest of one of them. Walks handed in are of no position, and stay.
    """
    member = np.asarray(membership, dtype=np.float64)
    errors = np.unique(rounded.facilities[member != 0])
    errors = errors if len(errors) else np.zeros(1)
    outlined = shapely.area(context.residential.frame.geometry.to_numpy()) > 0
    own, walked = rounded.near_end(context.demand.gated)
    tables: list[ReachTable] = []
    shares: list[tuple[pd.DataFrame, pd.DataFrame]] = []
    for error in errors:
        mine = np.where(rounded.facilities == error, member, 0.0)

        def sought(more: float, mine: Floats = mine) -> ReachTable:
            radius, walk = max(radius_m + more, 0.0), max(walk_m + more, 0.0)
            return reach_table(context, group, mine, radius_m=radius, walk_m=walk, widened=widened)

        tables.append(sought(0.0))
        shares.append(_shares_within(sought, tables[-1].frame, float(error), (outlined, walked)))
    first, given = tables[0], context.travel is not None
    columns = _merged([one.frame for one in tables], errors, (own, walked), given=given)
    _enter_shares(columns, shares, tables, context)
    names = (*REACH_COLUMNS, *ROUNDED_COLUMNS)
    frame = pd.DataFrame(
        {name: pd.Series(columns[name], first.frame.index, columns[name].dtype) for name in names}
    )
    return dataclasses.replace(
        first,
        frame=frame,
        unplaced={name: areas for one in tables for name, areas in one.unplaced.items()},
        spread_m=first.spread_m + float(errors.max() + np.maximum(own, walked).max(initial=0.0)),
        touched_m=None,
    )


def _shares_within(
    sought: Callable[[float], ReachTable],
    told: pd.DataFrame,
    error: float,
    of: tuple[NDArray[np.bool_], Floats],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the shares of outlines at their least and their most, of places off by ``error``.

    Straight lines are measured from the outline itself, walks from gates that may be off too.

    Parameters
    ----------
    sought
        The table of limits that are longer by some metres; ``told``: that of none.
    of
        Which areas are outlines, and what their own end adds to the walks from them.
    """
    outlined, walked = of
    if not outlined.any():
        return told, told
    least, most = (sought(end).frame if error > 0 else told for end in (-error, error))
    for more in np.unique(walked[outlined & (walked > 0)]).tolist():
        rows = outlined & (walked == more)
        far, near = (sought(end * (error + more)).frame for end in (-1, 1))
        least, most = least.copy(), most.copy()
        for frame, end in ((least, far), (most, near)):
            for name in ("walk_share", "walk_share_high"):
                frame[name] = np.where(rows, end[name], frame[name])
    return least, most


def _merged(
    frames: list[pd.DataFrame], errors: Floats, near_end: tuple[Floats, Floats], *, given: bool
) -> Columns:
    """Return the columns of all facilities, from those of each error, at their worst and best.

    ``near_end``: what the areas' own end adds to straight lines, and to walks.
    """
    columns: Columns = {name: frames[0][name].to_numpy() for name in REACH_COLUMNS}
    for picked in _PICKED:
        key = picked[0]
        exact = given and key.startswith("walk")
        worst = key in {"radius_m", "walk_m"}
        off = np.zeros(len(errors)) if exact else errors if worst else -errors
        metres = np.stack([one[key].to_numpy(dtype=float) for one in frames])
        ends = metres + off[:, None]
        at = np.where(np.isnan(ends), np.inf, ends).argmin(axis=0)
        for name in picked:
            columns[name] = _of(frames, name, at)
        own = near_end[key.startswith("walk")]
        rest = np.zeros(len(own)) if exact else own
        end = _of_row(ends, at) + (rest if worst else -rest)
        columns[key] = np.maximum(end, 0.0)
        if worst:
            measure = key.removesuffix("_m")
            columns[f"{measure}_rounded_m"] = np.abs(off)[at] + rest
    by_gate = [
        one["radius_by_gate_m"].to_numpy(dtype=float) - error - near_end[0]
        for one, error in zip(frames, errors, strict=True)
    ]
    columns["radius_by_gate_m"] = np.fmax(np.fmin.reduce(by_gate), 0.0 * by_gate[0])
    unknown: NDArray[np.object_] = np.full(len(frames[0]), None, dtype=object)
    for one in frames:
        told = one["walk_unknown"].to_numpy(dtype=object)
        here = pd.isna(unknown) & ~np.isfinite(columns["walk_m"])
        unknown[here] = told[here]
    columns["walk_unknown"] = unknown
    columns["walk_low_m"] = np.minimum(columns["walk_low_m"], columns["walk_m"])
    columns["radius_low_m"] = np.fmin(columns["radius_low_m"], columns["radius_m"])
    return columns


def _of(frames: list[pd.DataFrame], name: str, at: Ints) -> NDArray[Any]:
    """Return a column row by row of the frame ``at``."""
    found: NDArray[Any] = _of_row(np.stack([one[name].to_numpy() for one in frames]), at)
    return found


def _of_row(stacked: NDArray[Any], at: Ints) -> NDArray[Any]:
    found: NDArray[Any] = stacked[at, np.arange(stacked.shape[1])]
    return found


def _enter_shares(
    columns: Columns,
    shares: list[tuple[pd.DataFrame, pd.DataFrame]],
    tables: list[ReachTable],
    context: ReachContext,
) -> None:
    """Enter the shares of areas: at least that of one error alone, at most that of all together."""
    flat = ~(shapely.area(context.residential.frame.geometry.to_numpy()) > 0)
    limits = {"radius": tables[0].radius_m_limit, "walk": tables[0].walk_m_limit}
    for measure, limit in limits.items():
        least = np.fmax.reduce([one[f"{measure}_share"].to_numpy(float) for one, _ in shares])
        each = [one[f"{measure}_share_high"].to_numpy(float) for _, one in shares]
        most = np.fmax(np.minimum(np.nansum(each, axis=0), 1.0), least)
        unknown = np.isnan(np.stack([one.frame[f"{measure}_share"] for one in tables])).all(axis=0)
        low, high = (columns[f"{measure}{end}"].astype(float) for end in ("_low_m", "_m"))
        point = flat & ~unknown
        least[point] = meets(high, "<=", limit)[point]
        most[point] = meets(low, "<=", limit)[point]
        lost = np.array([told is not None for told in columns["walk_unknown"]], dtype=bool)
        unknown |= lost & (most > 0) & (measure == "walk")
        least[unknown] = most[unknown] = np.nan
        columns[f"{measure}_share"], columns[f"{measure}_share_high"] = least, most
