"""Diagnosing: what may be wrong with the streets, which verdicts hang on it, and the gates."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lifecircle.assessing.layers.results import shaped
from lifecircle.assessing.layers.stray import stray_facilities
from lifecircle.assessing.layers.unknown_ways import unknown_ways
from lifecircle.assessing.sensitivity import concerned
from lifecircle.case.tables import group_membership, walk_limit_m
from lifecircle.model.finding import meets
from lifecircle.model.reason import ReasonCode
from lifecircle.model.status import Status
from lifecircle.reach.diagnosis import cut_off, street_components
from lifecircle.reach.mending.gaps import SAME_PLACE_M, find_gaps, walks_across
from lifecircle.reach.mending.gates import gate_effects, gate_trials, open_gates

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from numpy.typing import NDArray

    from lifecircle.model.inputs.layers import Layer
    from lifecircle.model.inputs.study import Study
    from lifecircle.model.tables import Tables
    from lifecircle.reach.context import ReachContext
    from lifecircle.reach.mending.gaps import Gaps

__all__ = ["diagnosis_layer", "gate_effect_layer"]

_LETTERS = {"gap": "G", "duplicate": "D", "crossing": "X"}
"""First letter of a finding's id; C is a part cut off, J a join, N a town without streets."""


def gate_effect_layer(
    study: Study, context: ReachContext, tables: Tables, reach: pd.DataFrame
) -> gpd.GeoDataFrame:
    """Return the one gate that would shorten the walk of a gated area most, by reach group.

    A closed gate that brings the walk within the limit goes before a new one. Listed are areas
    the group is for whose walk is not found compliant; how far every gated area would walk if it
    were open on all sides stands in the table ``reach``.
    """
    closed = open_gates(study.gates, closed=True)
    trials = gate_trials(context, closed)
    if trials is None:
        return _layer("gate_effects", [], study.crs)
    ids, names = study.residential.frame.index, study.residential.frame["name"]
    status = reach.set_index(["reach_group", "residential"])["walk_status"]
    per_minute = walk_limit_m(study, 1.0)
    rows = []
    for group, table in tables.reach.items():
        walk = table.as_written["walk_m"].to_numpy(dtype=float)
        limit, here = table.walk_m_limit, concerned(tables, group).to_numpy()
        for effect in gate_effects(context, trials, group_membership(tables, group), walk, limit):
            area = ids[effect.area]
            if not here[effect.area] or status[group, area] == Status.COMPLIANT:
                continue
            rows.append(
                {
                    "id": f"{group}:{area}",
                    "residential": area,
                    "name": names[area],
                    "reach_group": group,
                    "gate": _gate_name(closed, effect.gate),
                    "side": effect.side,
                    "facility": context.facility_ids[effect.facility],
                    "walk_m": walk[effect.area],
                    "walk_min": walk[effect.area] / per_minute,
                    "opened_walk_m": effect.walk_m,
                    "opened_walk_min": effect.walk_m / per_minute,
                    "cures": "yes"
                    if meets(effect.walk_m / per_minute, "<=", limit / per_minute)
                    else "no",
                    "geometry": shapely.Point(effect.xy),
                }
            )
    return _layer("gate_effects", rows, study.crs)


def _gate_name(closed: Layer | None, gate: str | None) -> str | None:
    """Return what people call a closed gate: its name, else its id."""
    if closed is None or gate is None:
        return None
    name = closed.frame.at[gate, "name"] if "name" in closed.frame else None
    return name if isinstance(name, str) and name else gate


def diagnosis_layer(
    study: Study,
    context: ReachContext,
    tables: Tables,
    reach: pd.DataFrame,
    joins: Gaps | None = None,
) -> gpd.GeoDataFrame:
    """Return what may be wrong with the streets, and which verdicts on the walk hang on it.

    Parts cut off from the main network; gaps, duplicates and crossings that probably should join;
    ways and gates of which nobody knows who passes; gaps that the repair joined; by town the areas
    without a street; facilities off the streets,
    with metres to the nearest one (or of the fragment they stand on). ``verdicts`` names the areas
    whose verdict could be another: on a part cut off, or without a street, those not found
    compliant though the straight line is within the walk; at a gap, those that joining it alone
    would make compliant; at a facility, those near enough in a straight line.
    """
    rows: list[dict[str, Any]] = []
    if context.network is not None and study.streets is not None:
        rows += _parts(study, context, tables, reach)
        gaps = find_gaps(study.streets, context.network, study.parameters.gap_limit_m)
        rows += _gaps(study, context, tables, reach, gaps)
    if joins is not None:
        rows += [
            {"id": f"J{i + 1}", "kind": "joined", **_place(joins, i)} for i in range(len(joins))
        ]
    rows += [
        {key: value for key, value in row.items() if key != "hanging"}
        | _hanging(tables, row["hanging"])
        for row in unknown_ways(study, context, tables, reach)
    ]
    rows += _without_street(study, tables, reach)
    for one in stray_facilities(context, tables, reach):
        params = one.reason.params
        rows.append(
            {
                "id": f"F:{one.id}",
                "kind": "facility",
                "name": one.name,
                "length_m": params.get("nearest_m", params.get("fragment_m")),
                "areas": len(one.areas),
                "facilities": 1,
                "geometry": shapely.Point(context.facility_xy[one.row]),
                **_hanging(tables, one.areas),
            }
        )
    return _layer("street_diagnosis", rows, study.crs)


def _parts(
    study: Study, context: ReachContext, tables: Tables, reach: pd.DataFrame
) -> Iterator[dict[str, Any]]:
    if context.network is None or context.origins is None or context.facilities is None:
        return
    starts = np.flatnonzero(context.representative_start)
    homes = context.origins.take(context.demand.start_origin[starts])
    area_of = context.demand.point_area[context.demand.start_point[starts]]
    homes = dataclasses.replace(homes, place=area_of)
    parts = street_components(
        context.network,
        homes,
        context.facilities,
        short_fragment_m=study.parameters.short_fragment_m,
    )
    lost = cut_off(homes)
    ids, doubt = study.residential.frame.index, _in_doubt(tables, reach)
    on_part: dict[int, set[str]] = {}
    for number, area in zip(homes.component[lost].tolist(), ids[area_of[lost]], strict=True):
        on_part.setdefault(number, set()).add(area)
    columns = ("kind", "length_m", "facilities", "geometry")
    rows = zip(*(parts[column].tolist() for column in columns), strict=True)
    for number, (name, row) in enumerate(zip(parts.index, rows, strict=True), start=1):
        here = on_part.get(number, set())
        told = dict(zip(columns, row, strict=True))
        yield {
            "id": name,
            **told,
            "areas": len(here),
            **_hanging(tables, doubt & here),
        }


def _gaps(
    study: Study, context: ReachContext, tables: Tables, reach: pd.DataFrame, gaps: Gaps
) -> Iterator[dict[str, Any]]:
    ids = study.residential.frame.index.to_numpy(dtype=object)
    status = reach.set_index(["reach_group", "residential"])["walk_status"]
    cured: list[set[str]] = [set() for _ in range(len(gaps))]
    for group, table in tables.reach.items():
        short = concerned(tables, group).to_numpy() & (
            status.loc[group].reindex(ids) != Status.COMPLIANT
        ).to_numpy(dtype=bool)
        gap, area, _ = walks_across(
            context, gaps, group_membership(tables, group), table.walk_m_limit
        )
        for i, a in zip(gap[short[area]], area[short[area]], strict=True):
            cured[i].add(str(ids[a]))
    for i in range(len(gaps)):
        yield {
            "id": f"{_LETTERS[gaps.kind[i]]}{i + 1}",
            "kind": gaps.kind[i],
            "name": _street_names(study, context, gaps.edge[i]),
            "areas": len(cured[i]),
            **_place(gaps, i),
            **_hanging(tables, cured[i]),
        }


def _place(gaps: Gaps, i: int) -> dict[str, Any]:
    """Return length and shape of a gap; one without length is a point."""
    length = float(gaps.length_m[i])
    line = length > SAME_PLACE_M
    shape = shapely.LineString(gaps.xy[i]) if line else shapely.Point(gaps.xy[i, 0])
    return {"length_m": length, "geometry": shape}


def _street_names(study: Study, context: ReachContext, edges: NDArray[np.int64]) -> str | None:
    if study.streets is None or context.network is None:
        return None
    names = study.streets.tags["name"].to_numpy(dtype=object)[context.network.edge_way[edges]]
    return " / ".join(dict.fromkeys(n for n in names if isinstance(n, str) and n)) or None


def _without_street(study: Study, tables: Tables, reach: pd.DataFrame) -> list[dict[str, Any]]:
    """Return one row a town: its areas whose surroundings have no street in the data."""
    first = next(iter(tables.reach.values())).frame["walk_unknown"]
    lost = [r is not None and r.code == ReasonCode.NO_STREET_WITHIN_SNAP for r in first]
    areas = tables.areas[lost]
    units = None if study.units is None else study.units.frame["name"]
    doubt = _in_doubt(tables, reach)
    rows = []
    for code, town in areas.groupby(areas["unit"].map(lambda u: u if isinstance(u, str) else "")):
        known = units is not None and code in units.index
        spots = town[["x", "y"]].to_numpy(dtype=float)
        rows.append(
            {
                "id": f"N{code}",
                "kind": "no_street",
                "name": units[code] if units is not None and known else code or None,
                "areas": len(town),
                "geometry": shapely.MultiPoint(spots),
                **_hanging(tables, doubt & set(town.index)),
            }
        )
    return rows


def _in_doubt(tables: Tables, reach: pd.DataFrame) -> set[str]:
    """Return the areas not found compliant by some group whose straight line is short enough."""
    found: set[str] = set()
    status = reach.set_index(["reach_group", "residential"])["walk_status"]
    for group, table in tables.reach.items():
        near = meets(table.frame["radius_low_m"].astype(float), "<=", table.walk_m_limit)
        open_ = status.loc[group].reindex(table.frame.index) != Status.COMPLIANT
        found |= set(table.frame.index[concerned(tables, group) & near & open_])
    return found


def _hanging(tables: Tables, areas: Collection[str]) -> dict[str, Any]:
    """Return the areas whose verdict hangs on something, and their households."""
    if not areas:
        return {"verdicts": None, "households": 0.0}
    ids = [i for i in tables.areas.index if i in areas]
    return {
        "verdicts": ";".join(ids) or None,
        "households": float(tables.areas.loc[ids, "counted"].sum()),
    }


def _layer(name: str, rows: list[dict[str, Any]], crs: str) -> gpd.GeoDataFrame:
    frame = pd.DataFrame(rows, columns=None if rows else ["id", "geometry"]).set_index("id")
    return shaped(name, gpd.GeoDataFrame(frame, geometry="geometry", crs=crs))
