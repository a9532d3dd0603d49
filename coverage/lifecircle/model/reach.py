"""Reach in tables: what is left of geometry once the spatial work is done."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

__all__ = [
    "LEGS",
    "REACH_COLUMNS",
    "ROUNDED_COLUMNS",
    "STREET_SIDE_M",
    "ReachTable",
    "TravelTable",
    "perhaps_table",
]

STREET_SIDE_M = 25.0
"""Half the width drawn for a reached street."""

_PERHAPS = {
    "row": np.int64,
    "demand": object,
    "facility": object,
    "cost": np.float64,
    "written": object,
    "fits": bool,
    "unread": bool,
}


def perhaps_table(rows: Sequence[Sequence[object]] = ()) -> pd.DataFrame:
    """Return rows as a table like ``TravelTable.perhaps``; ``unread`` may be left out: it is no."""
    whole = [(*row, False)[: len(_PERHAPS)] for row in rows]
    columns = list(zip(*whole, strict=True)) or [()] * len(_PERHAPS)
    told = zip(_PERHAPS.items(), columns, strict=True)
    return pd.DataFrame({name: pd.Series(list(one), dtype=kind) for (name, kind), one in told})


@dataclass(frozen=True, slots=True, eq=False)
class TravelTable:
    """Cheapest travel between demand and facilities.

    An absent pair is *beyond the search limit*, never a large number.

    Parameters
    ----------
    frame
        Columns ``demand``, ``facility`` (ids) and ``cost`` (float64, >= 0).
    unit
        ``"m"`` or ``"min"``.
    limit
        Search limit, inclusive, in ``unit``.
    method
        ``"network"`` or ``"given"``.
    perhaps
        Pairs that rows of unclear names may mean, as ``frame``, and ``row`` (which it is; of each
        at most one pair is meant), ``written`` (its names) and ``fits`` (bool: one of them is).
        Those of rows whose cost cannot be read, ``unread``, cost 0 at best, and may be none; an
        ``unread`` one with a cost is shorter than a walk can be.
    ends
        ``frame`` with its round figures (约15) at their least, and at their most; empty: it has
        none.
    """

    frame: pd.DataFrame
    unit: str
    limit: float
    method: str = "network"
    perhaps: pd.DataFrame = field(default_factory=perhaps_table)
    ends: tuple[pd.DataFrame, ...] = ()


LEGS = ("access_m", "network_m", "egress_m")
"""The legs of a walk, metres: to the street, along the streets, from the street to the door."""

REACH_COLUMNS = (
    "radius_m",
    "radius_low_m",
    "radius_placed_m",
    "radius_placed_facility",
    "radius_by_gate_m",
    "radius_facility",
    "radius_share",
    "radius_share_high",
    "walk_m",
    "walk_low_m",
    "walk_placed_m",
    "walk_placed_facility",
    "walk_facility",
    "walk_share",
    "walk_share_high",
    "walk_share_error",
    *LEGS,
    "straight_m",
    "snap_m",
    "walk_low_facility",
    "walk_unknown",
    "walk_doubt",
    "barrier",
    "access_barrier",
    "by_ferry",
)

ROUNDED_COLUMNS = ("radius_rounded_m", "walk_rounded_m")
"""Columns of a reach table of rounded positions: how much of ``radius_m`` and ``walk_m``, metres,
is what both ends may be off."""


@dataclass(frozen=True, slots=True, eq=False)
class ReachTable:
    """Reach of one group of facilities from every residential area.

    Two sets of facilities stand behind each row: those that *certainly* belong to the group and
    are open, and those that *possibly* do (stage, kind or day service unknown). The plain columns
    speak of the certain set and are the worst case; the ``_low``/``_share_high`` columns speak of
    both sets, are the best case, and equal the plain ones where nothing is unknown.

    Parameters
    ----------
    group
        Reach group or the id of a clause with kinds of its own.
    radius_m_limit, walk_m_limit
        The thresholds for which the shares were taken, metres, inclusive; the walk's is
        minutes x 60 x speed.
    frame
        Index residential id, all areas of the study, in order. Columns:

        ``radius_m``
            straight line from the representative point to the nearest certain facility, metres;
            inf: there is none; NaN: the area's own position is unknown.
        ``radius_low_m``
            the same in the best case (0 where a facility of unknown place may stand here).
        ``radius_placed_m``
            the best case over the facilities whose place is known.
        ``radius_placed_facility``
            id of the facility that ``radius_placed_m`` is to, or None.
        ``radius_by_gate_m``
            the best case over the certain facilities, by whichever gate may be open; NaN where
            it does not hang on gates.
        ``radius_facility``
            id of that nearest facility, or None.
        ``radius_share``, ``radius_share_high``
            exact share [0, 1] of the polygon within the radius (a point: 0 or 1); NaN unknown.
        ``walk_m``
            access + network + egress, metres of level walking, worst case; inf: none within the
            search limit, or cut off; also inf where ``walk_unknown`` says it is not known.
        ``walk_low_m``
            best case; at least the straight line (0 where a facility of unknown place may stand
            here).
        ``walk_placed_m``
            the best case over the facilities whose place is known.
        ``walk_placed_facility``
            id of the facility that ``walk_placed_m`` leads to, or None.
        ``walk_facility``
            id of the facility ``walk_m`` leads to, or None.
        ``walk_share``, ``walk_share_high``
            share of demand points within the walk; NaN unknown.
        ``walk_share_error``
            standard error of ``walk_share`` for being taken at lattice points, as if they were
            strewn by chance (a lattice errs less); 0 for buildings, which are all counted, and
            for points; NaN unknown.
        ``access_m``, ``network_m``, ``egress_m``
            the legs of ``walk_m``, which is their sum: from the representative point, by its gate
            where it has gates, to the street; along the streets; and from the street to the
            facility. A walk that never leaves its area meets no street and is all access. NaN
            where there is no walk, or the study handed it in.
        ``straight_m``
            straight line to ``walk_facility`` (for the detour ratio); NaN where there is none.
        ``snap_m``
            distance from the representative point (or its gate) to the nearest walkable street,
            beyond the snap limit too; NaN: no streets. The walk may begin on a farther one.
        ``walk_low_facility``
            id of the facility ``walk_low_m`` leads to, or None.
        ``walk_unknown``
            a Reason, or None where the walk is decided.
        ``walk_doubt``
            where the walk is known and might be shorter because of the streets, a Reason: a
            facility off the streets, or streets in pieces; or because of an unclear name in a
            table handed in; else None.
        ``barrier``
            name or kind of the barrier that the straight line crosses, or None.
        ``access_barrier``
            name or kind of the barrier that the straight leg from the area to its street crosses,
            else that from the street to the facility; None: neither does.
        ``by_ferry``
            bool, whether ``walk_m`` takes a ferry: it then holds for the study's walking speed
            only, as a ferry does not go faster with those who walk faster.
    unplaced
        Possible members of unknown place → ids of the areas that each may serve: those among which
        it may stand, and those within reach of them.
    spread_m
        How far from an area's representative point its distances may be taken at most: to its
        farthest gate, 0 without gates; inf where a walk may be shorter than the straight line (a
        ferry, a table handed in).
    given_m
        Limit, metres, of the table that was handed in; None: walks are sought along streets.
    touched_m
        float64 (areas,), how far from an area a facility may stand at most, in a straight line of
        level metres, to say anything of its row; None: any may.
    """

    group: str
    radius_m_limit: float
    walk_m_limit: float
    frame: pd.DataFrame
    unplaced: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    spread_m: float = 0.0
    touched_m: NDArray[np.float64] | None = None
    given_m: float | None = None

    @property
    def as_written(self) -> pd.DataFrame:
        """The frame with ``radius_m`` and ``walk_m`` from the positions as they are written."""
        off = [name for name in ROUNDED_COLUMNS if name in self.frame]
        ends = {name.replace("_rounded", ""): self.frame[name] for name in off}
        return self.frame.assign(**{name: self.frame[name] - less for name, less in ends.items()})

    @property
    def may_stand(self) -> Mapping[str, tuple[str, ...]]:
        """Area → the facilities of unknown place that may serve it."""
        found: dict[str, list[str]] = {}
        for facility, areas in self.unplaced.items():
            for area in areas:
                found.setdefault(area, []).append(facility)
        return {area: tuple(facilities) for area, facilities in found.items()}
