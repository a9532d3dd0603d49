"""Remedy: the next step for an area short of floor area (A3, A40), or of a gate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lifecircle.measures.eligibility import countable_m2, number_of
from lifecircle.model.finding import TOLERANCE
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.status import AgeClass, Stage, Status

if TYPE_CHECKING:
    import pandas as pd

    from lifecircle.model.tables import Ledger, Tables

__all__ = ["gate_remedies", "remedy"]


def remedy(
    area: str, row: pd.Series, tables: Tables, sites: pd.DataFrame, radius_m: float
) -> Reason | None:
    """Return the cheapest step that would cure a deficit, or None where there is none.

    In order: bring into use what stands idle, misused or unfinished on the spot; arrange sharing;
    under the small-deficit threshold pool it within the neighbourhood; convert the nearest
    candidate site within ``radius_m`` that is large enough; else add rooms. New areas must have
    their own rooms (A4): for them nothing is arranged or pooled.

    Parameters
    ----------
    row
        The area's line of the residential layer (``verdict``, ``deficit_m2`` …).
    sites
        Index id; ``floor_area_m2``, ``x``, ``y`` (metres).
    """
    short = row["deficit_m2"]
    if row["verdict"] != Status.DEFICIENT or not short > TOLERANCE:
        return None
    params: dict[str, Any] = {"deficit_m2": float(short)}
    revived = _revive(area, float(short), tables)
    if revived is not None:
        return revived
    if row["deficit_if_arranged_m2"] <= TOLERANCE and tables.ledger is not None:
        return _arrange(area, tables.ledger)
    small = tables.parameters.small_deficit_m2
    own_only = row["age_class"] in {AgeClass.NEW, AgeClass.APPROVED}
    if short < small - TOLERANCE and not own_only:
        return Reason(ReasonCode.REMEDY_POOL, {**params, "threshold_m2": small})
    if len(sites) and not own_only:
        here = tables.areas.loc[area, ["x", "y"]].to_numpy(dtype=float)
        away = np.hypot(sites["x"] - here[0], sites["y"] - here[1])
        room = number_of(sites, "floor_area_m2")
        fit = away[(room >= short - TOLERANCE) & (away <= radius_m + TOLERANCE)]
        if len(fit):
            site = fit.sort_index().idxmin()
            params |= {
                "site": str(site),
                "floor_area_m2": float(room[site]),
                "distance_m": float(fit[site]),
            }
            return Reason(ReasonCode.REMEDY_CONVERT, params)
    return Reason(ReasonCode.REMEDY_ADD, params)


def _revive(area: str, short: float, tables: Tables) -> Reason | None:
    """Return the facility on the spot that is not in use and large enough, the largest first."""
    near = tables.containment
    near = near[near["to_area_m"] <= tables.parameters.own_tolerance_m + TOLERANCE]
    nearest = near.groupby("facility")["to_area_m"].transform("min")
    mine = (near["residential"] == area) & (near["to_area_m"] == nearest)
    rows = tables.facilities.loc[near.loc[mine, "facility"]]
    rows = rows[(rows["built"] == 0) & rows["stage"].notna() & (rows["stage"] != Stage.CLOSED)]
    m2 = countable_m2(rows)["low"]
    m2 = m2[m2 >= short - TOLERANCE].sort_index()
    if m2.empty:
        return None
    best = m2.idxmax()
    params = {"facility": str(best), "stage": str(rows.at[best, "stage"]), "m2": float(m2[best])}
    return Reason(ReasonCode.REMEDY_REVIVE, params)


def _arrange(area: str, ledger: Ledger) -> Reason:
    """Return with whom sharing is to be arranged: the largest giver, and how many there are."""
    given = ledger.allocation
    given = given[(given["residential"] == area) & (given["basis"] == "suggested")]
    first = given.sort_values(["m2", "facility"], ascending=[False, True]).iloc[0]
    params = {"facility": str(first["facility"]), "m2": float(first["m2"])}
    if len(given) == 1:
        return Reason(ReasonCode.REMEDY_ARRANGE, params)
    params |= {"count": len(given), "total_m2": float(given["m2"].sum())}
    return Reason(ReasonCode.REMEDY_ARRANGE_SEVERAL, params)


def gate_remedies(effects: pd.DataFrame, group: str) -> dict[str, Reason]:
    """Return area → the gate that brings its walk within the limit.

    ``effects``: the layer ``gate_effects``.
    """
    found = {}
    rows = effects[(effects["reach_group"] == group) & (effects["cures"] == "yes")]
    for _, row in rows.iterrows():
        params = {
            "facility": row["facility"],
            "walk_m": float(row["opened_walk_m"]),
            "walk_min": float(row["opened_walk_min"]),
        }
        if isinstance(row["gate"], str):
            reason = Reason(ReasonCode.REMEDY_OPEN_GATE, {"gate": row["gate"], **params})
        else:
            reason = Reason(ReasonCode.REMEDY_NEW_GATE, {"side": row["side"], **params})
        found[str(row["residential"])] = reason
    return found
