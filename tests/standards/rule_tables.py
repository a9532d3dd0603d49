"""The tables that a rule case is judged on, from the few cells that it writes.

Most cases write but one of the tables, and have the others in common with hundreds: what is made of
the same cells is made once. Nothing that judges writes into a table that it is given.
"""

from __future__ import annotations

import math
from functools import wraps

import numpy as np
import pandas as pd

from lifecircle.case.columns import area_columns, facility_columns
from lifecircle.judge.exemptions import quota_exempt
from lifecircle.model.dictionary import columns
from lifecircle.model.inputs.parameters import Parameters
from lifecircle.model.reach import REACH_COLUMNS, ReachTable
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.status import StageView
from lifecircle.model.tables import CONTAINMENT_COLUMNS, Tables

AREA = {"setting": "urban", "stage": "in_use", "age_class": "existing"}
FACILITY = {"kinds": ["day_care"], "stage": "in_use"}
DERIVED = {
    "residential": (),
    "candidates": (),
    "facilities": ("place", "x"),
    "units": ("unit_type", "x"),
}


class RuleMistakeError(AssertionError):
    """A case that does not come out as written."""


def refuse(unknown, where):
    if unknown:
        raise RuleMistakeError(f"{where}: unknown {sorted(unknown)}")


def once(made):
    """Return what is made of the same cells in the same way of keeping strings, made once."""
    known = {}

    @wraps(made)
    def kept(*cells):
        key = (repr(cells), pd.get_option("mode.string_storage"))
        if key not in known:
            known[key] = made(*cells)
        return known[key]

    return kept


def tables_of(case, rules):
    """Return the tables of a case before anything is judged, and its exemptions."""
    view, taken = StageView(case.get("view", "now")), case.get("readings", {})
    given_units, given_facilities = ranged(case)
    exemptions = pd.DataFrame(
        case.get("exemptions", []), columns=["id", "clause", "reason", "reference", "until"]
    )
    given_areas, candidates = case.get("areas", {}), case.get("candidates")
    exempt = quota_exempt(exemptions, rules)
    quotas = {rule.id: dict(rule.where) for rule in rules if rule.measure == "provision"}
    tables = Tables(
        areas=areas_of(given_areas, view, taken.get("A6"), taken.get("A26"), exempt, quotas),
        facilities=facilities_of(given_facilities, view, taken.get("A17")),
        units=units_of(given_units),
        containment=near_of(case.get("near", [])),
        sharing=sharing_of(case.get("sharing", [])),
        parameters=Parameters().having(**case.get("parameters", {})),
        reach={"community": reach_of(list(given_areas), case.get("reach", {}))},
        indicators=indicators_of(case.get("indicators", {})),
        evidence=case.get("evidence", {}),
        candidates=None if candidates is None else frame("candidates", candidates, {}),
    )
    return tables, exemptions


@once
def areas_of(given, view, households, setting, exempt, quotas):
    areas = frame("residential", given, AREA)
    return area_columns(
        areas.assign(x=range(len(areas)), y=0.0, land_area_m2=1.0),
        view,
        households=households or "by_age_class",
        setting=setting or "statistical_code",
        exempt=tuple(exempt),
        quotas=quotas,
    )


@once
def facilities_of(given, view, stage):
    facilities = frame("facilities", given, FACILITY)
    facilities["kinds"] = [frozenset(k or ()) for k in facilities["kinds"]]
    placed = [
        math.nan if row.get("place") == "?" else float(row.get("x", 0.0)) for row in given.values()
    ]
    facilities = facilities.assign(x=placed)
    facilities = facilities.assign(y=facilities["x"] * 0.0)
    return facility_columns(facilities, view, stage=stage)


@once
def units_of(given):
    units = frame("units", given, {})
    units = units.assign(x=units["x"].astype(float), y=0.0)
    return units.assign(
        level=["township" if len(code) == 9 else "community" for code in units.index],
        parent=[code[:9] if len(code) == 12 else None for code in units.index],
        # as intake fills it where no statistical code is given (A26)
        setting=[
            own or {"community": "urban", "village": "rural"}.get(kind)
            for own, kind in zip(units["setting"], units["unit_type"], strict=True)
        ],
    )


@once
def near_of(given):
    return pd.DataFrame(given, columns=list(CONTAINMENT_COLUMNS)).astype(
        {"facility": object, "residential": object, "to_area_m": float, "straight_m": float}
    )


@once
def sharing_of(given):
    known = [[None if v == "?" else v for v in row] for row in given]
    return pd.DataFrame(known, columns=["facility", "residential", "m2"]).astype(
        {"facility": object, "residential": object, "m2": float}
    )


@once
def indicators_of(given):
    return pd.DataFrame(
        [[name, *both_parts(parts), "ledger"] for name, parts in given.items()],
        columns=["id", "numerator", "denominator", "source"],
    )


@once
def reach_of(areas, told):
    rows = [reach_row(told.get(area, {})) for area in areas]
    index = pd.Index(areas, name="id", dtype=str)
    frame = pd.DataFrame(rows, index=index, columns=list(REACH_COLUMNS))
    frame = frame.astype({"walk_unknown": object, "radius_m": float, "walk_m": float})
    return ReachTable("community", 1000.0, 1000.0, frame)


def reach_row(told):
    given = {k: None if v == "?" else v for k, v in told.items()}
    far = given.get("radius_m", math.inf)
    row = dict.fromkeys(REACH_COLUMNS)
    walk = given.get("walk_m", far)
    row |= {"radius_m": math.nan if far is None else far, "snap_m": 0.0}
    row |= {"walk_m": far, "straight_m": far}
    # areas are points: within, or not
    for share, metres in (("radius_share", far), ("walk_share", walk)):
        row[share] = 1.0 if metres is not None and metres <= 1000.0 else 0.0
    row |= given | {"radius_m": row["radius_m"]}
    # as reach has it: of an area without a place nothing is known, while there is a facility
    row["radius_low_m"] = given.get("radius_low_m", 0.0 if far is None else far)
    row["walk_low_m"] = given.get("walk_low_m", row["walk_m"])
    row["radius_share_high"], row["walk_share_high"] = row["radius_share"], row["walk_share"]
    if row["walk_unknown"] is not None:
        row["walk_unknown"] = Reason(ReasonCode(row["walk_unknown"]))
    return row


def multiplied(rows):
    """Return facilities with ``times`` written out, numbered from 1."""
    found = {}
    for name, row in rows.items():
        times = row.get("times")
        plain = {key: value for key, value in row.items() if key != "times"}
        numbered = [name] if times is None else [f"{name}-{n}" for n in range(1, times + 1)]
        found |= dict.fromkeys(numbered, plain)
    return found


def ranged(case):
    """Return the case's units and facilities with its ``units_range`` written out."""
    units, facilities = dict(case.get("units", {})), multiplied(case.get("facilities", {}))
    spec = case.get("units_range")
    if spec is not None:
        first = int(spec["first"])
        codes = [str(first + n) for n in range(spec["count"])]
        units |= {code: {"unit_type": spec["unit_type"]} for code in codes}
        for code in codes[: spec["with_facility"]]:
            facilities[f"F{code}"] = {"kinds": spec["kinds"], "community": code, "unit": code[:9]}
    return units, facilities


def both_parts(given):
    """Return numerator and denominator of a typed figure; what is not typed is missing."""
    return [None if part == "?" else part for part in [*given, "?"][:2]]


def frame(layer, rows, defaults):
    """Return a layer's table: all columns of the dictionary, ``"?"`` and absent as missing."""
    specs = columns(layer)
    known = [c for c in [*specs, *DERIVED[layer]] if c not in {"id", "code"}]
    table = {}
    for name, given in rows.items():
        refuse(given.keys() - set(known), f"{layer} {name}")
        values = {"name": name, **defaults, **given}
        table[name] = {k: None if v == "?" else v for k, v in values.items()}
    index = pd.Index(list(table), name="id", dtype=str)
    numbers = [c for c in known if c in specs and specs[c].type in {"number", "integer"}]
    others = [c for c in known if c not in numbers]
    # two blocks at once: thousands of cases have dozens of columns each
    figures = np.array([[row.get(c) for c in numbers] for row in table.values()], dtype=float)
    cells = np.empty((len(table), len(others)), dtype=object)
    for at, row in enumerate(table.values()):
        for column, name in enumerate(others):
            cells[at, column] = row.get(name)
    parts = (
        pd.DataFrame(figures.reshape(len(table), len(numbers)), index=index, columns=numbers),
        pd.DataFrame(cells, index=index, columns=others, dtype=object),
    )
    return pd.concat(parts, axis=1)[known]
