"""Lists: where radius and walk disagree, and which findings are close calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from lifecircle.judge.decision import margin
from lifecircle.judge.layers import shaped
from lifecircle.model.finding import TOLERANCE
from lifecircle.model.status import Flag, Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lifecircle.judge.judgement import JudgedClause
    from lifecircle.model.study import Study
    from lifecircle.model.tables import Tables

__all__ = ["close_call_layer", "disagreement_layer"]


def disagreement_layer(study: Study, tables: Tables, reach: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return areas inside the radius whose walk is too long, with a real detour or a barrier.

    A detour of about 1.3 is usual; listed are those of at least the study's ``detour_ratio``,
    inclusive, or with a named barrier between (A15).
    """
    spots = study.residential.frame.geometry.representative_point()
    names = study.residential.frame["name"]
    rows = reach[
        (reach["radius_status"] == Status.COMPLIANT) & (reach["walk_status"] == Status.DEFICIENT)
    ]
    rows = rows[rows["residential"].map(tables.areas["counted"]) != 0]
    barrier = [
        tables.reach[g].frame.at[a, "barrier"]
        for g, a in rows[["reach_group", "residential"]].to_numpy()
    ]
    detour = (rows["walk_m"] / rows["radius_m"]).where(rows["radius_m"] > TOLERANCE)
    far = (detour >= tables.parameters.detour_ratio - TOLERANCE) | rows["walk_m"].isna()
    named = pd.Series(barrier, index=rows.index, dtype=object)
    rows = rows.assign(detour=detour, barrier=named)[far | named.notna()]
    frame = gpd.GeoDataFrame(
        {
            "residential": rows["residential"].to_numpy(),
            "name": rows["residential"].map(names).to_numpy(),
            "reach_group": rows["reach_group"].to_numpy(),
            "facility": rows["radius_facility"].to_numpy(),
            "radius_m": rows["radius_m"].to_numpy(),
            "walk_m": rows["walk_m"].to_numpy(),
            "walk_min": rows["walk_min"].to_numpy(),
            "detour": rows["detour"].to_numpy(),
            "barrier": rows["barrier"].to_numpy(),
        },
        geometry=list(rows["residential"].map(spots)),
        crs=study.crs,
        index=[f"{g}:{a}" for g, a in rows[["reach_group", "residential"]].to_numpy()],
    )
    return shaped("disagreements", frame)


def close_call_layer(study: Study, judged: Mapping[str, JudgedClause]) -> gpd.GeoDataFrame:
    """Return findings on areas that would flip within the positional error or 1 % of a quota."""
    spots = study.residential.frame.geometry.representative_point()
    parts = []
    for name, one in judged.items():
        if one.clause.subject != "residential" or one.findings.empty:
            continue
        near = one.findings[[Flag.CLOSE_CALL in flags for flags in one.findings["flags"]]]
        parts += [
            {
                "id": f"{name}:{area}",
                "residential": area,
                "name": study.residential.frame.at[area, "name"],
                "clause": name,
                "measured": row["measured"],
                "required": row["required_low"],
                "unit": "m2" if one.clause.measure == "provision" else one.clause.unit,
                "margin": gap,
                "geometry": spots[area],
            }
            for (area, row), gap in zip(near.iterrows(), margin(near), strict=True)
        ]
    columns = ["id", "residential", "name", "clause", "measured", "required", "unit", "margin"]
    table = pd.DataFrame(parts, columns=[*columns, "geometry"]).set_index("id")
    return shaped("close_calls", gpd.GeoDataFrame(table, geometry="geometry", crs=study.crs))
