"""Lists: where radius and walk disagree, and which findings are close calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from lifecircle.assessing.layers.results import shaped
from lifecircle.case.ground import degrees
from lifecircle.judge.decision import margin
from lifecircle.model.finding import meets
from lifecircle.model.results.assessment import LAYER_COLUMNS
from lifecircle.model.status import Flag, Status
from lifecircle.reach.areas.demand import positions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lifecircle.judge.clauses import JudgedClause
    from lifecircle.model.inputs.study import Study
    from lifecircle.model.rules.options import Options
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

__all__ = ["close_call_layer", "disagreement_layer"]


def disagreement_layer(study: Study, tables: Tables, reach: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return areas inside the radius whose walk is too long, with a real detour or a barrier.

    A detour of about 1.3 is usual; listed are those of at least the study's ``detour_ratio``,
    inclusive, or with a barrier between (A15): the first that the straight line to the facility
    crosses. Where the walk is beyond the search limit, the detour is the least it can be.
    """
    spots = _spots(study)
    names = study.residential.frame["name"]
    rows = reach[
        (reach["radius_status"] == Status.COMPLIANT) & (reach["walk_status"] == Status.DEFICIENT)
    ]
    rows = rows[rows["residential"].map(tables.areas["counted"]) != 0]
    groups = rows["reach_group"].unique()
    barriers = {group: tables.reach[group].frame["barrier"].to_dict() for group in groups}
    barrier = [barriers[g][a] for g, a in rows[["reach_group", "residential"]].to_numpy()]
    walk = rows["walk_m"].astype(float).clip(upper=tables.parameters.search_limit_m)
    detour = (walk / rows["radius_m"]).where(meets(rows["radius_m"], ">", 0.0))
    far = meets(detour, ">=", tables.parameters.detour_ratio) | rows["walk_m"].isna()
    far |= np.isinf(rows["walk_m"].astype(float))
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
            "barrier_kind": rows["barrier"].map(_barrier_kinds(study)).to_numpy(dtype=object),
        },
        geometry=list(rows["residential"].map(spots)),
        crs=study.crs,
        index=[f"{g}:{a}" for g, a in rows[["reach_group", "residential"]].to_numpy()],
    )
    return shaped("disagreements", frame)


def _spots(study: Study) -> gpd.GeoSeries:
    """Return the representative point of every area, by id."""
    x, y = positions(study.residential).T
    return gpd.GeoSeries.from_xy(x, y, index=study.residential.frame.index, crs=study.crs)


def _barrier_kinds(study: Study) -> dict[str, str]:
    """Return the kind of every barrier by its name, and of a nameless one by its kind."""
    barriers = None if study.streets is None else study.streets.barriers
    if barriers is None:
        return {}
    named = zip(barriers["name"], barriers["barrier"], strict=True)
    kinds = {name: str(kind) for name, kind in named if isinstance(name, str)}
    return kinds | {str(kind): str(kind) for kind in barriers["barrier"]}


def close_call_layer(
    study: Study, tables: Tables, judged: Mapping[str, JudgedClause]
) -> gpd.GeoDataFrame:
    """Return findings that would flip within the positional error or 1 % of what is asked.

    With what a visit needs: the facility, metres to it and how many of them decide, and the
    places of both in WGS 84 degrees. Those on the county as a whole, or on a unit (a facility at
    its border), have no area and no place.
    """
    parts = [
        {
            "id": name,
            "residential": None,
            "name": None,
            "clause": name,
            "measured": row["measured"],
            "required": row["required_low"],
            "unit": one.rule.unit,
            "margin": row["measured"] - row["required_low"],
            "geometry": None,
        }
        for name, one in judged.items()
        if one.rule.subject == "county"
        for _, row in one.findings.iterrows()
        if Flag.CLOSE_CALL in row["flags"]
    ]
    parts += _at_borders(study, tables, judged)
    parts += _at_limits(study, tables, judged)
    columns = ["id", *LAYER_COLUMNS["close_calls"], "geometry"]
    table = pd.DataFrame(parts, columns=columns).set_index("id")
    table[["lon", "lat"]] = degrees(
        study,
        np.array(
            [(np.nan, np.nan) if p is None else (p.x, p.y) for p in table["geometry"]], dtype=float
        ).reshape(-1, 2),
    )
    known = table["facility"].map(lambda f: isinstance(f, str)).to_numpy(dtype=bool)
    ends = np.full((len(table), 2), np.nan)
    ends[known] = tables.facilities.loc[table.loc[known, "facility"], ["x", "y"]].to_numpy(float)
    table[["facility_lon", "facility_lat"]] = degrees(study, ends)
    return shaped("close_calls", gpd.GeoDataFrame(table, geometry="geometry", crs=study.crs))


def _at_borders(
    study: Study, tables: Tables, judged: Mapping[str, JudgedClause]
) -> Iterator[dict[str, Any]]:
    """Yield the units that a facility at their border has or lacks, with the facility."""
    beside = tables.facilities.get("near_units", pd.Series(dtype=object))
    for name, one in judged.items():
        if one.rule.subject != "units":
            continue
        for unit, row in one.findings.iterrows():
            if Flag.CLOSE_CALL not in row["flags"]:
                continue
            here = [f for f, codes in beside.items() if codes and str(unit) in codes.split()]
            facility = row["reason"].params.get("facility") or next(iter(sorted(here)), None)
            yield {
                "id": f"{name}:{unit}",
                "residential": None,
                "name": _unit_name(study, str(unit)),
                "clause": name,
                "facility": facility,
                "geometry": None,
            }


def _unit_name(study: Study, code: str) -> str:
    """Return the name of a unit; its code where the study has none for it."""
    frame = None if study.units is None else study.units.frame
    return code if frame is None or code not in frame.index else str(frame.at[code, "name"])


def _at_limits(
    study: Study, tables: Tables, judged: Mapping[str, JudgedClause]
) -> Iterator[dict[str, Any]]:
    """Yield the areas that are close to what a clause asks of them, with what a visit needs."""
    spots, names = _spots(study).to_dict(), study.residential.frame["name"].to_dict()
    for name, one in judged.items():
        if one.rule.subject != "residential" or one.findings.empty:
            continue
        near = one.findings[[Flag.CLOSE_CALL in flags for flags in one.findings["flags"]]]
        if near.empty:
            continue
        unit = "m2" if one.rule.measure == "provision" else one.rule.unit
        figures = near["measured"].tolist(), near["required_low"].tolist(), margin(near).tolist()
        visits = _visits(tables, one.rule, near, figures[-1])
        for area, measured, required, gap, visit in zip(near.index, *figures, visits, strict=True):
            yield {
                "id": f"{name}:{area}",
                "residential": area,
                "name": names[area],
                "clause": name,
                "measured": measured,
                "required": required,
                "unit": unit,
                "margin": gap,
                "geometry": spots[area],
                **visit,
            }


def _visits(
    tables: Tables, rule: Rule[Options], near: pd.DataFrame, gaps: list[float]
) -> list[dict[str, Any]]:
    """Return the facility each finding on reach leads to, metres to it, and its margin in metres.

    Of other findings nothing. ``gaps``: their margins in the clause's unit.
    """
    if rule.measure not in {"radius", "walk"}:
        return [{} for _ in gaps]
    per_unit = 60.0 * tables.parameters.walk_speed_m_s if rule.measure == "walk" else 1.0
    led = tables.reach[rule.reach_key].frame.loc[near.index, f"{rule.measure}_facility"]
    return [
        {"facility": facility, "distance_m": measured * per_unit, "margin_m": gap * per_unit}
        for facility, measured, gap in zip(led, near["measured"].tolist(), gaps, strict=True)
    ]
