"""Layers: the result tables as maps and reports want them, column by column of the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from lifecircle.account.gaps import gaps
from lifecircle.assessing.layers.verdicts import area_verdicts
from lifecircle.assessing.remedies import gate_remedies
from lifecircle.counting.eligibility import both, members, number_of
from lifecircle.counting.projects import leads
from lifecircle.judge.decision import verdicts
from lifecircle.model.dictionary import REACH_GROUPS, group_kinds, kinds
from lifecircle.model.finding import meets
from lifecircle.model.inputs.study import ELSEWHERE
from lifecircle.model.reach import LEGS
from lifecircle.model.results.assessment import LAYER_COLUMNS
from lifecircle.model.status import Coverage, Status
from lifecircle.reach.areas.demand import positions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from lifecircle.assessing.remedies import RemedyBook
    from lifecircle.judge.clauses import JudgedClause
    from lifecircle.model.inputs.study import Study
    from lifecircle.model.tables import Tables

__all__ = [
    "candidate_sites",
    "coverage_of",
    "facility_layer",
    "main_coverage",
    "reach_rows",
    "residential_layer",
    "shaped",
    "site_layer",
    "unit_layer",
]

_MAIN = REACH_GROUPS[0]


def shaped(name: str, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return ``frame`` with exactly the columns of layer ``name``, missing ones empty."""
    table = frame.copy()
    for column in LAYER_COLUMNS[name]:
        if column not in table:
            table[column] = None
    table.index.name = "id"
    geometry = table.active_geometry_name
    return gpd.GeoDataFrame(
        table[[*LAYER_COLUMNS[name], geometry]].rename(columns={geometry: "geometry"}),
        geometry="geometry",
        crs=frame.crs,
    )


def reach_rows(
    tables: Tables, walk_min: float, open_gate_m: Mapping[str, NDArray[np.float64]]
) -> pd.DataFrame:
    """Return one row an area and reach group: both measures, their raw status, the detour.

    ``open_gate_m``: reach group → walk of every area if it were open on all sides (NaN: no gates).
    """
    per_minute = 60.0 * tables.parameters.walk_speed_m_s
    parts = []
    for group, table in tables.reach.items():
        rows = table.frame
        names = ("radius_low_m", "radius_m", "walk_low_m", "walk_m", "straight_m", *LEGS)
        metres = {name: rows[name].to_numpy(dtype=float) for name in names}
        unknown = rows["walk_unknown"].notna().to_numpy()
        far = table.as_written[["radius_m", "walk_m"]].to_numpy(dtype=float)
        walk, straight = far[:, 1], metres["straight_m"]
        with np.errstate(divide="ignore", invalid="ignore"):  # the same place, or beyond all
            detour = np.where(meets(straight, ">", 0.0), walk / straight, np.nan)
        parts.append(
            pd.DataFrame(
                {
                    "residential": rows.index,
                    "reach_group": group,
                    "radius_m": far[:, 0],
                    "radius_facility": rows["radius_facility"],
                    "radius_share": rows["radius_share"],
                    "radius_status": _raw(
                        metres["radius_low_m"], metres["radius_m"], table.radius_m_limit
                    ),
                    "walk_min": np.where(unknown, np.nan, walk / per_minute),
                    "walk_m": np.where(unknown, np.nan, walk),
                    "walk_facility": rows["walk_facility"],
                    "walk_share": rows["walk_share"],
                    "walk_share_error": rows["walk_share_error"],
                    "walk_status": _raw(
                        metres["walk_low_m"] / per_minute, metres["walk_m"] / per_minute, walk_min
                    ),
                    **{leg: np.where(unknown, np.nan, metres[leg]) for leg in LEGS},
                    "snap_m": rows["snap_m"],
                    "detour": detour,
                    "open_gate_walk_m": open_gate_m[group],
                    "access_barrier": rows["access_barrier"],
                    "by_ferry": rows["by_ferry"],
                },
                index=rows.index,
            )
        )
    return pd.concat(parts, ignore_index=True)


def _raw(low: NDArray[np.float64], high: NDArray[np.float64], limit: float) -> Any:
    """Return the status of a distance at a threshold, whatever clause applies, as text."""
    least, most = np.where(np.isnan(low), 0.0, low), np.where(np.isnan(high), np.inf, high)
    need = np.full(len(least), limit)
    return pd.Series(verdicts(least, most, need, need, "<="), dtype=str).array


def coverage_of(low: pd.Series, high: pd.Series) -> pd.Series:
    """Return full, partial, none or unknown by the interval of a share."""
    share = [
        Coverage.UNKNOWN
        if np.isnan(a) or np.isnan(b)
        else Coverage.FULL
        if meets(a, ">=", 1.0)
        else Coverage.NONE
        if meets(b, "<=", 0.0)
        else Coverage.PARTIAL
        if meets(a, ">", 0.0) or meets(b, "=", a)
        else Coverage.UNKNOWN
        for a, b in zip(low.astype(float), high.astype(float), strict=True)
    ]
    return pd.Series([str(s) for s in share], index=low.index, dtype=object)


def main_coverage(tables: Tables, own_measure: str) -> pd.Series:
    """Return the coverage of every area by the main group; ``own_measure``: radius or walk."""
    rows, share = tables.reach[_MAIN].frame, f"{own_measure}_share"
    return coverage_of(rows[share], rows[f"{share}_high"])


def residential_layer(
    study: Study,
    tables: Tables,
    judged: Mapping[str, JudgedClause],
    *,
    headline: str,
    reach: pd.DataFrame,
    effects: pd.DataFrame,
    book: RemedyBook,
    own_measure: str,
) -> gpd.GeoDataFrame:
    """Return the residential layer: inputs, reach of the main group, provision, verdict, remedy.

    A deficit in m² has its remedy (``book``); an area short of nothing but the walk may have a
    gate to open (``effects``: the layer ``gate_effects``). ``own_measure`` is the measure by
    which the main group's coverage is told, radius or walk.
    """
    frame = study.residential.frame.copy()
    frame["households"] = tables.areas["counted"]
    main = reach[reach["reach_group"] == _MAIN].set_index("residential")
    for column in main.columns.intersection(LAYER_COLUMNS["residential"]):
        frame[column] = main[column].reindex(frame.index)
    frame["coverage"] = main_coverage(tables, own_measure)
    lead = leads(tables.areas)
    frame["counted_with"] = lead.where(lead != lead.index)
    verdicts = area_verdicts(tables.areas.reindex(frame.index), judged, headline)
    frame["clause"] = [v[0] for v in verdicts]
    account = _account(tables, frame["clause"]).reindex(frame.index)
    frame[list(account.columns)] = account  # the typed requirement gives way to the one judged
    frame["verdict"] = [v[1] for v in verdicts]
    frame["reason"] = pd.Series([v[2] for v in verdicts], index=frame.index, dtype=object)
    gates = gate_remedies(effects, _MAIN)
    frame["remedy"] = pd.Series(
        [
            next(iter(ways), gates.get(str(area)))
            for area, ways in zip(frame.index, book.each(frame), strict=True)
        ],
        index=frame.index,
        dtype=object,
    )
    return shaped("residential", frame)


def _account(tables: Tables, told: pd.Series) -> pd.DataFrame:
    """Return the account, one row an area; ``told``: the clause that each area's verdict names.

    An area of two quotas (of an ended plan, and what stands then) has the account of that one. One
    of unknown age class has two. Where it is short under both it is told by the lesser gap, as
    its reason tells it, which is arranged for only where both would be; else neither is shown. What
    it is asked is one figure only where both ask the same.
    """
    if tables.account is None:
        return pd.DataFrame(index=pd.Index([], name="id"))
    entries = tables.account.frame.reset_index("clause")
    classed = tables.areas["age_class"].notna().reindex(entries.index)
    named = entries["clause"].eq(told.reindex(entries.index)) & classed
    rows = _account_rows(entries[named | ~named.groupby(level=0).transform("any")])
    several = rows.index.duplicated(keep=False)
    if not several.any():
        return rows
    either = rows[several].sort_values(["deficit_m2", "required_m2"], kind="stable")
    short = meets(either["deficit_m2"], ">", 0.0).groupby(level=0).all()
    arranged = meets(either["deficit_if_arranged_m2"], "<=", 0.0).groupby(level=0).all()
    least = either[~either.index.duplicated()]
    least = least.where(short.reindex(least.index))
    cured = arranged.reindex(least.index) & least["deficit_m2"].notna()
    least["deficit_if_arranged_m2"] = least["deficit_m2"].mask(cured, 0.0)
    asked = either["required_m2"].groupby(level=0).agg(["min", "max", "count", "size"])
    same = (asked["min"] == asked["max"]) & (asked["count"] == asked["size"])
    least["required_m2"] = least["required_m2"].where(same.reindex(least.index))
    return pd.concat([rows[~several], least])


def _account_rows(account: pd.DataFrame) -> pd.DataFrame:
    """Return the account, one row an area and quota."""
    need = account["required_low"].where(account["required_low"] == account["required_high"])
    have = account["own"] + account["recorded"]
    best = account["own_high"] + account["recorded_high"]
    decided = (need.notna() & have.notna()) | meets(best, "<", account["required_low"])
    return pd.DataFrame(
        {
            "required_m2": need,
            "own_m2": account["own"],
            "recorded_m2": account["recorded"],
            "arrangeable_m2": account["arrangeable"],
            # the least that cures: where not all is known, for certain at least that
            "deficit_m2": gaps(account, best).where(decided),
            "deficit_if_arranged_m2": gaps(account, best + account["arrangeable"]).where(decided),
            "surplus_m2": (have - need).clip(lower=0.0),
        }
    )


def facility_layer(study: Study, tables: Tables) -> gpd.GeoDataFrame:
    """Return the facility layer: the ledger as read, and what each row counts for."""
    frame = study.facilities.frame.copy()
    rows = tables.facilities
    groups = {g: members(rows, group_kinds(g)) for g in REACH_GROUPS}
    any_group = pd.concat(groups, axis=1).max(axis=1, skipna=True)
    unsure = pd.concat(groups, axis=1).isna().any(axis=1)
    belongs = any_group.where((any_group == 1) | ~unsure)
    by_name = {key for key, spec in kinds().items() if spec.typed}  # told with the problems
    frame["kinds"] = [";".join(sorted({*k} - by_name)) if k else "" for k in rows["kinds"]]
    frame["reach_groups"] = [
        ";".join(g for g in REACH_GROUPS if groups[g][i] == 1) for i in rows.index
    ]
    frame["reach_counts"] = both(belongs, rows["reaches"]).map(_answer)
    low, high = rows["quota_m2_low"], rows["quota_m2_high"]
    frame["quota_m2_low"], frame["quota_m2_high"] = low, high.replace(np.inf, np.nan)
    frame["quota_counts"] = np.where(high <= 0, "no", np.where(low < high, "unknown", "yes"))
    if tables.account is not None and tables.account.unassigned is not None:
        frame["unassigned_m2"] = tables.account.unassigned.reindex(frame.index)
    for column, records in (("serves", study.sharing), ("serves_perhaps", study.likely)):
        listed = records[records["residential"] != ELSEWHERE]
        served = listed.groupby("facility")["residential"].agg(lambda s: ";".join(sorted(set(s))))
        frame[column] = served.reindex(frame.index)
    return shaped("facilities", frame)


def _answer(value: float) -> str:
    if np.isnan(value):
        return "unknown"
    return "yes" if value == 1 else "no"


def unit_layer(study: Study, tables: Tables, residential: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the unit layer with its areas, households, facilities and headline verdicts."""
    if study.units is None:
        empty = gpd.GeoDataFrame(
            {c: [] for c in LAYER_COLUMNS["units"]}, geometry=[], crs=study.crs
        )
        return shaped("units", empty)
    frame = study.units.frame.copy()
    in_use = tables.facilities[tables.facilities["open"] == 1]
    once = residential[residential["counted_with"].isna()]  # phases of one project are one
    for column, rows, value in (
        ("areas", once, None),
        ("households", residential, "households"),
        ("facilities", in_use, None),
        ("compliant", once[once["verdict"] == Status.COMPLIANT], None),
        ("deficient", once[once["verdict"] == Status.DEFICIENT], None),
        ("not_assessed", once[once["verdict"] == Status.NOT_ASSESSED], None),
    ):
        frame[column] = _by_unit(frame, rows, value)
    decided = frame["compliant"] + frame["deficient"]
    frame["rate"] = (frame["compliant"] / decided).where(decided > 0)
    return shaped("units", frame)


def _by_unit(units: pd.DataFrame, rows: pd.DataFrame, value: str | None) -> pd.Series:
    weight = pd.Series(1.0, index=rows.index) if value is None else number_of(rows, value)
    total = pd.Series(0.0, index=units.index)
    for column in ("unit", "community"):
        found = weight.groupby(rows[column].astype(object)).sum()
        total = total.add(found.reindex(units.index).fillna(0.0))
    return total


def site_layer(study: Study) -> gpd.GeoDataFrame:
    """Return the candidate sites."""
    if study.candidates is None:
        empty = gpd.GeoDataFrame({"name": []}, geometry=[], crs=study.crs)
        return shaped("sites", empty)
    return shaped("sites", study.candidates.frame)


def candidate_sites(study: Study) -> pd.DataFrame:
    """Return the located candidates: ``floor_area_m2``, and ``x``, ``y`` in metres, by id."""
    if study.candidates is None:
        return pd.DataFrame({"floor_area_m2": [], "x": [], "y": []})
    x, y = positions(study.candidates).T
    frame = pd.DataFrame(study.candidates.frame[["floor_area_m2"]]).assign(x=x, y=y)
    return frame[study.candidates.located]
