"""Remedy: the next step for an area short of floor area (A3, A40), or of a gate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lifecircle.measures.eligibility import number_of
from lifecircle.model.finding import TOLERANCE
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.status import Status

if TYPE_CHECKING:
    import pandas as pd

    from lifecircle.model.tables import Tables

__all__ = ["gate_remedies", "remedy"]


def remedy(
    area: str, row: pd.Series, tables: Tables, sites: pd.DataFrame, radius_m: float
) -> Reason | None:
    """Return the cheapest step that would cure a deficit, or None where there is none.

    In order: arrange sharing with whoever has most to give; under the small-deficit threshold
    pool it within the neighbourhood; convert the nearest candidate site within ``radius_m`` that
    is large enough; else add rooms.

    Parameters
    ----------
    row
        The area's line of the residential layer (``verdict``, ``deficit_m2`` …).
    sites
        Index id; ``name``, ``floor_area_m2``, ``x``, ``y`` (metres).
    """
    short = row["deficit_m2"]
    if row["verdict"] != Status.DEFICIENT or not short > TOLERANCE:
        return None
    params: dict[str, Any] = {"deficit_m2": float(short)}
    if row["deficit_if_arranged_m2"] <= TOLERANCE and tables.ledger is not None:
        given = tables.ledger.allocation
        given = given[(given["residential"] == area) & (given["basis"] == "suggested")]
        first = given.sort_values(["m2", "facility"], ascending=[False, True]).iloc[0]
        return Reason(
            ReasonCode.REMEDY_ARRANGE,
            {"facility": str(first["facility"]), "m2": float(given["m2"].sum())},
        )
    small = tables.parameters.small_deficit_m2
    if short < small - TOLERANCE:
        return Reason(ReasonCode.REMEDY_POOL, {**params, "threshold_m2": small})
    if len(sites):
        here = tables.areas.loc[area, ["x", "y"]].to_numpy(dtype=float)
        away = np.hypot(sites["x"] - here[0], sites["y"] - here[1])
        room = number_of(sites, "floor_area_m2")
        fit = away[(room >= short - TOLERANCE) & (away <= radius_m + TOLERANCE)]
        if len(fit):
            site = fit.sort_index().idxmin()
            params |= {
                "site": str(sites.at[site, "name"]),
                "floor_area_m2": float(room[site]),
                "distance_m": float(fit[site]),
            }
            return Reason(ReasonCode.REMEDY_CONVERT, params)
    return Reason(ReasonCode.REMEDY_ADD, params)


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
