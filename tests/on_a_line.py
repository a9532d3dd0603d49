"""A county on a line, as tables without geometry, and its clauses judged.

Areas are 100 m wide and stand, as the facilities do, at ``x`` metres of one line; without ``x`` a
place is not known. Used by the tests of the account and of rates over rooms that may be here or
there.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from functools import cache

import pandas as pd

from lifecircle.case.columns import area_columns, facility_columns
from lifecircle.judge.clauses import account_of, judge_rule
from lifecircle.judge.readings import put_in_force
from lifecircle.model.dictionary import columns
from lifecircle.model.inputs.parameters import Parameters
from lifecircle.model.tables import CONTAINMENT_COLUMNS, Tables
from lifecircle.standards import read_standard

AS_OF = dt.date(2024, 6, 30)
NAN = math.nan


@cache
def rules_of(standard, *readings):
    """Return a document's rules in force, with pairs of reading and choice."""
    return put_in_force(read_standard(standard), AS_OF, dict(readings))


def layer(name, rows):
    """Return a layer's table: all columns of the dictionary; what is not given is missing."""
    frame = pd.DataFrame(
        [[row.get(c) for c in columns(name)] for row in rows.values()],
        index=pd.Index(list(rows), name="id", dtype=object),
        columns=list(columns(name)),
        dtype=object,
    )
    numbers = [c for c, s in columns(name).items() if s.type in {"number", "integer"}]
    return frame.astype(dict.fromkeys(numbers, float))


def county(areas, facilities, sharing=(), **parameters):
    """Return the tables of areas and facilities by id, and of records (facility, area, m²)."""
    base = {"setting": "urban", "stage": "in_use", "age_class": "existing"}
    homes = layer("residential", {a: {"name": a, **base, **row} for a, row in areas.items()})
    base = {"kinds": frozenset({"day_care"}), "stage": "in_use"}
    places = layer("facilities", {f: {"name": f, **base, **row} for f, row in facilities.items()})
    pairs = [
        (f, a, max(0.0, abs(there["x"] - here["x"]) - 50.0), abs(there["x"] - here["x"]))
        for f, there in facilities.items()
        for a, here in areas.items()
        if abs(there.get("x", NAN) - here["x"]) <= 1500
    ]
    spots = [float(row.get("x", NAN)) for row in facilities.values()]
    ready = area_columns(homes)
    return Tables(
        areas=ready.assign(x=[float(r["x"]) for r in areas.values()], y=0.0, land_area_m2=10_000.0),
        facilities=facility_columns(places).assign(
            x=spots, y=[NAN if math.isnan(x) else 0.0 for x in spots]
        ),
        units=pd.DataFrame(),
        containment=pd.DataFrame(pairs, columns=list(CONTAINMENT_COLUMNS)).astype(
            {"facility": object, "residential": object, "to_area_m": float, "straight_m": float}
        ),
        sharing=pd.DataFrame(list(sharing), columns=["facility", "residential", "m2"]).astype(
            {"facility": object, "residential": object, "m2": float}
        ),
        parameters=Parameters().having(**parameters),
    )


def judged(tables, clause, standard="caoxian-2023", **readings):
    """Return the clause judged, after those it speaks of."""
    rules = rules_of(standard, *readings.items())
    tables = dataclasses.replace(tables, account=account_of(tables, rules, arranging=False))
    for name in rules[clause].options.about:
        if rules[name].measure in {"provision", "has_facility"}:
            found = judge_rule(tables, rules[name]).findings
            tables = dataclasses.replace(tables, findings={**tables.findings, name: found})
    return judge_rule(tables, rules[clause]).result


def rates(result):
    """Return (basis, scope) → rate, of the whole county and of the towns."""
    return {(r.basis, r.scope): r for r in result.rates}


def told_of(tables):
    """Return (clause, area) → status and (clause, basis) → least and most, from one account."""
    rules = rules_of("caoxian-2023")
    tables = dataclasses.replace(tables, account=account_of(tables, rules, arranging=False))
    found, shares = {}, {}
    for clause in ("CX-03", "CX-01"):
        one = judge_rule(tables, rules[clause])
        found |= {(clause, a): str(v) for a, v in one.findings["status"].items()}
        county_wide = [rate for rate in one.result.rates if rate.scope == "county"]
        shares |= {(clause, rate.basis): (rate.low, rate.high) for rate in county_wide}
    return found, shares
