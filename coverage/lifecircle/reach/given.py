"""The walk from a table that the study hands in, over the unknowns: one cost an area.

Nothing is unknown here but the facilities and what unclear names mean: an absent pair is beyond
the table's limit. A facility in the table needs no place on the map.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lifecircle.model.finding import meets
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.reach.walks import facility_ids, facility_places, least, snap_distance

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from lifecircle.model.reach import TravelTable
    from lifecircle.reach.context import ReachContext

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["given_columns", "limit_m"]


def limit_m(context: ReachContext, travel: TravelTable) -> float:
    """Return the limit of a table handed in, in metres at the study's speed."""
    return travel.limit * _per_unit(context, travel)


def _per_unit(context: ReachContext, travel: TravelTable) -> float:
    return 60.0 * context.parameters.walk_speed_m_s if travel.unit == "min" else 1.0


class _Rows:
    """Pairs of a table handed in, by the positions of what they name; costs in metres."""

    def __init__(self, context: ReachContext, travel: TravelTable, frame: pd.DataFrame) -> None:
        per_unit = _per_unit(context, travel)
        self.frame = frame[meets(frame["cost"], "<=", travel.limit)]
        self.cost: Floats = self.frame["cost"].to_numpy(dtype=np.float64) * per_unit
        self.area: Ints = context.residential.frame.index.get_indexer(self.frame["demand"])
        self.who: Ints = context.facility_ids.get_indexer(self.frame["facility"])

    def of(self, members: Bools) -> Bools:
        """Return which pairs lead from an area to one of ``members``."""
        rows: Bools = (self.area >= 0) & (self.who >= 0)
        rows[rows] = members[self.who[rows]]
        return rows


def given_columns(
    context: ReachContext, travel: TravelTable, member: Floats, wide: Bools, walk_m: float
) -> dict[str, NDArray[np.generic]]:
    """Return the columns of the walk of a table.

    Of a row whose names are unclear nobody knows which pair it means: it may bring each of them
    nearer. Where it means this area in any case, and members alone, it does.
    """
    n = len(context.residential)
    told, perhaps = (_Rows(context, travel, one) for one in (travel.frame, travel.perhaps))

    def walked(members: Bools, unclear: Bools) -> tuple[Floats, Ints]:
        one, other = told.of(members), perhaps.of(members) & unclear
        area = np.concatenate([told.area[one], perhaps.area[other]])
        cost = np.concatenate([told.cost[one], perhaps.cost[other]])
        who = np.concatenate([told.who[one], perhaps.who[other]])
        return least(area, cost, who, n)

    certain, possible = member == 1, member != 0
    settled = _settled(perhaps, certain)
    walk, leads_to = walked(certain, settled)
    without = walked(possible, settled)[0]
    low, best = walked(possible, np.ones(len(settled), dtype=bool))
    nearer = meets(low, "<", without)
    known_low, known_best = low.copy(), best.copy()
    low[wide], best[wide] = 0.0, -1
    return {
        "walk_m": walk,
        "walk_low_m": low,
        "walk_placed_m": known_low,
        "walk_placed_facility": facility_ids(context, known_best),
        "walk_facility": facility_ids(context, leads_to),
        "walk_share": meets(walk, "<=", walk_m).astype(np.float64),
        "walk_share_high": meets(low, "<=", walk_m).astype(np.float64),
        "walk_share_error": np.zeros(n),
        "access_m": np.full(n, np.nan),
        "network_m": np.full(n, np.nan),
        "egress_m": np.full(n, np.nan),
        "straight_m": np.hypot(*(facility_places(context, leads_to) - context.centre).T),
        "snap_m": snap_distance(context),
        "walk_low_facility": facility_ids(context, best),
        "walk_unknown": np.full(n, None, dtype=object),
        "walk_doubt": _doubt(perhaps, possible, np.where(nearer, known_low, np.nan)),
        "access_barrier": np.full(n, None, dtype=object),
        "by_ferry": np.zeros(n, dtype=bool),
    }


def _settled(rows: _Rows, certain: Bools) -> Bools:
    """Return which pairs lead from their area to a certain member whatever their row means."""
    row, area = rows.frame["row"].to_numpy(), rows.frame["demand"].to_numpy(dtype=object)
    leads = rows.of(certain) & rows.frame["fits"].to_numpy(dtype=bool)
    first: dict[int, object] = {}
    elsewhere = [
        first.setdefault(one, where) != where for one, where in zip(row, area, strict=True)
    ]
    found: Bools = ~np.isin(row, row[~leads | np.array(elsewhere, dtype=bool)])
    return found


def _doubt(rows: _Rows, possible: Bools, low_m: Floats) -> NDArray[np.object_]:
    """Return the reason of each area whose walk an unclear row may bring to ``low_m``."""
    found: NDArray[np.object_] = np.full(len(low_m), None, dtype=object)
    may = np.flatnonzero(rows.of(possible))
    may = may[meets(rows.cost[may], "<=", low_m[rows.area[may]])]
    for at in may[::-1]:  # so that the first row of several is told
        area = int(rows.area[at])
        params: dict[str, object] = {
            "written": str(rows.frame["written"].iloc[at]),
            "facility": str(rows.frame["facility"].iloc[at]),
        }
        if rows.frame["unread"].iloc[at] and rows.cost[at] > 0:
            found[area] = Reason(ReasonCode.WALK_TOO_SHORT, params)
        elif rows.frame["unread"].iloc[at]:
            found[area] = Reason(ReasonCode.WALK_COST_UNREAD, params)
        else:
            params["walk_m"] = round(float(low_m[area]), 3)
            found[area] = Reason(ReasonCode.WALK_NAME_UNCLEAR, params)
    return found
