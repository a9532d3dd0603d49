"""What of the streets leaves a walk open, though it is known: in pieces, gates, strays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lifecircle.model.finding import meets
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.reach.context import ReachContext

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["in_pieces", "stray_reason", "walk_doubt"]


def walk_doubt(
    context: ReachContext, walk: Floats, low: Floats, low_who: Ints, hangs: Bools
) -> NDArray[np.object_]:
    """Return what of the streets leaves an area's known walk open; None where nothing does.

    ``hangs``: areas whose best case takes a way or gate of which nobody knows who passes.
    """
    reasons: NDArray[np.object_] = np.full(len(walk), None, dtype=object)
    if context.network is None:
        return reasons
    open_ = meets(low, "<", walk) & (low_who >= 0)
    if context.in_pieces:
        reasons[open_] = in_pieces(context)
    stray, centre = context.only_straight, context.centre
    for area in np.flatnonzero(open_):
        row = low_who[area]
        if hangs[area] and not (context.unjoined and context.in_pieces):
            params = {"facility": context.facility_ids[row], "walk_m": round(float(low[area]), 3)}
            code = ReasonCode.STREETS_UNJOINED if context.unjoined else ReasonCode.WAY_UNKNOWN
            reasons[area] = Reason(code, params)
        elif stray[row]:
            straight = float(np.hypot(*(context.facility_xy[row] - centre[area])))
            reasons[area] = stray_reason(context, int(row), straight)
    return reasons


def stray_reason(context: ReachContext, facility: int, straight_m: float) -> Reason:
    """Return why the streets do not tell of a facility: none is near, or a fragment alone.

    ``facility`` is a row among ``context.only_straight``; ``straight_m`` the line to it.
    """
    params = {
        "facility": context.facility_ids[facility],
        "distance_m": round(straight_m, 3),
    }
    if context.facilities is None or context.network is None:
        return Reason(ReasonCode.NO_STREETS)
    at = context.facilities.of(np.arange(len(context.facility_ids)) == facility)
    if (at.component < 0).all():
        params["nearest_m"] = round(float(at.nearest_m[0]), 3)
        return Reason(ReasonCode.FACILITY_OFF_STREETS, params)
    longest = context.network.component_length_m[at.component[at.component >= 0]].max()
    params["fragment_m"] = round(float(longest), 3)
    return Reason(ReasonCode.FACILITY_ON_FRAGMENT, params)


def in_pieces(context: ReachContext) -> Reason:
    """Return the reason that most streets are cut off."""
    percent = round(100.0 * context.main_share, 1)
    return Reason(ReasonCode.STREETS_IN_PIECES, {"main_percent": percent})
