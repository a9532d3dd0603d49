"""Print how judging grows: areas x facilities, the m² account, who shares with whom, all clauses.

    python tests/benchmarks/ledger.py                     # up to 20,000 areas x 3,000 facilities
    python tests/benchmarks/ledger.py --sizes 1000 5000

Counted is everything after reach: the account of all quota clauses (ownership, places, recorded
sharing, what could be arranged, with its bound), the findings and rates of every clause of
Caoxian's document, and every remedy of every area. Nothing is collected by pytest, nothing asserts
a time.
"""

from __future__ import annotations

import argparse
import datetime as dt
import resource
import time

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from lifecircle.account.account import open_account
from lifecircle.account.ownership import claimed
from lifecircle.assessing.remedies import RemedyBook
from lifecircle.case.columns import area_columns, facility_columns
from lifecircle.counting.projects import by_project
from lifecircle.judge.clauses import judge_rules
from lifecircle.judge.readings import put_in_force
from lifecircle.model.dictionary import REACH_GROUPS, columns
from lifecircle.model.reach import REACH_COLUMNS, ReachTable
from lifecircle.model.tables import Tables
from lifecircle.standards import read_standard

AS_OF = dt.date(2024, 6, 30)
RADIUS_M = 1000.0
PER_KM2 = 4.0
"""Residential areas a square kilometre: twelve or so within the radius of a facility."""


def county(areas, facilities, seed=1):
    """A county of chance: four areas in five existing, two facilities in five with a record."""
    rng = np.random.default_rng(seed)
    side = 1000.0 * np.sqrt(areas / PER_KM2)
    xy, spots = rng.uniform(0, side, (areas, 2)), rng.uniform(0, side, (facilities, 2))
    ids = pd.Index([f"R{i:05d}" for i in range(areas)], name="id", dtype=object)
    names = pd.Index([f"F{i:05d}" for i in range(facilities)], name="id", dtype=object)
    units = np.array([f"3717210{i:02d}" for i in range(1, 27)])
    homes = rng.integers(80, 2500, areas).astype(float)
    frame = pd.DataFrame(index=ids, columns=list(columns("residential")), dtype=object)
    frame["name"] = [f"小区{i}" for i in range(areas)]
    frame["age_class"] = rng.choice(["existing", "old", "new"], areas, p=[0.6, 0.2, 0.2])
    frame["setting"], frame["stage"] = "urban", "in_use"
    frame["households"], frame["households_planned"] = homes, homes
    frame["unit"] = rng.choice(units, areas)
    places = pd.DataFrame(index=names, columns=list(columns("facilities")), dtype=object)
    places["name"] = [f"服务站{i}号" for i in range(facilities)]
    places["kinds"] = [frozenset({"day_care"})] * facilities
    places["stage"] = rng.choice(["in_use", "idle"], facilities, p=[0.95, 0.05])
    places["floor_area_m2"] = rng.integers(60, 900, facilities).astype(float)
    places["unit"] = rng.choice(units, facilities)
    near = cKDTree(xy).query_ball_point(spots, RADIUS_M)
    f = np.repeat(np.arange(facilities), [len(n) for n in near])
    a = np.concatenate([np.sort(n) for n in near]).astype(int)
    away = np.hypot(*(xy[a] - spots[f]).T)
    pairs = pd.DataFrame(
        {
            "facility": names[f],
            "residential": ids[a],
            "to_area_m": np.maximum(0.0, away - 60.0),
            "straight_m": away,
        }
    )
    shared = pairs[rng.random(facilities)[f] < 0.4]
    shared = shared[rng.random(len(shared)) < 0.3]
    sharing = shared[["facility", "residential"]].assign(m2=np.nan).reset_index(drop=True)
    nearest, which = cKDTree(spots).query(xy)
    rows = pd.DataFrame(index=ids, columns=list(REACH_COLUMNS), dtype=object)
    for column in (c for c in REACH_COLUMNS if c.endswith(("_m", "_share", "_high", "_error"))):
        rows[column] = 1.0 if "share" in column else 0.0
    for column in ("radius_m", "radius_low_m", "straight_m"):
        rows[column] = nearest
    rows["radius_by_gate_m"] = np.nan
    for column in ("walk_m", "walk_low_m"):
        rows[column] = 1.3 * nearest
    rows["radius_facility"] = rows["walk_facility"] = names[which]
    rows["by_ferry"] = False
    return Tables(
        areas=area_columns(frame).assign(x=xy[:, 0], y=xy[:, 1], land_area_m2=2e4),
        facilities=facility_columns(places).assign(x=spots[:, 0], y=spots[:, 1]),
        units=pd.DataFrame(
            columns=[*columns("units"), "unit_type", "level", "parent", "x", "y"],
            index=pd.Index([], name="id"),
        ),
        containment=pairs,
        sharing=sharing,
        reach={g: ReachTable(g, RADIUS_M, RADIUS_M, rows) for g in REACH_GROUPS},
        reach_kinds={g: (f"group:{g}",) for g in REACH_GROUPS},
    )


def quotas(tables, rules):
    new = tables.areas["age_class"] == "new"
    ids = tables.areas.index
    return [
        (rules["CX-01"], ids[new]),
        (rules["CX-03"], ids[~new]),
    ]


def run(areas, facilities):
    rules = put_in_force(read_standard("caoxian-2023"), AS_OF)
    tables = county(areas, facilities)
    spent = [time.process_time()]
    ledger = open_account(tables, quotas(tables, rules))
    spent.append(time.process_time())
    judged, findings = judge_rules(tables, rules)
    spent.append(time.process_time())
    account = judged.account.frame.droplevel("clause")
    rows = tables.areas.assign(
        verdict=findings["CX-07"].findings["status"].reindex(tables.areas.index),
        deficit_m2=account["required_low"] - account["own"] - account["recorded"],
    )
    rows["deficit_if_arranged_m2"] = rows["deficit_m2"] - account["arrangeable"]
    sites = pd.DataFrame({"floor_area_m2": [], "x": [], "y": []})
    book = RemedyBook(judged, claimed(by_project(judged)).own, sites, RADIUS_M)
    for area, row in rows.iterrows():
        book.remedies(area, row)
    spent.append(time.process_time())
    account_s, all_s, remedy_s = np.diff(spent)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(
        f"| {areas:,} x {facilities:,} | {len(tables.containment):,} | {account_s:.1f} s | "
        f"{all_s:.1f} s | {remedy_s:.1f} s | {all_s + remedy_s:.1f} s | {peak:.2f} GiB |"
    )
    for one in ledger.settled:
        gap = (one.bound - one.gain) / max(one.bound, 1.0)
        print(
            f"|   {one.basis} | short {one.short:,} | served {one.served:,} | "
            f"bound {one.bound:,.0f} | gap {one.bound - one.gain:,.0f} ({gap:.2%}) | "
            f"{'proven' if one.proven else 'not proven'} | |",
            flush=True,
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    sizes = [1000, 2500, 5000, 10_000, 20_000]
    parser.add_argument("--sizes", type=int, nargs="+", default=sizes, help="residential areas")
    print("| areas x facilities | pairs | account | all clauses | remedies | in sum | peak |")
    print("|---|---|---|---|---|---|---|")
    for areas in parser.parse_args().sizes:
        run(areas, areas * 3 // 20)


if __name__ == "__main__":
    main()
