"""Count: how many facilities, places or areas there are of a description."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.allocation.best_case.most_met import most_met
from lifecircle.allocation.best_case.ways import ways_of
from lifecircle.counting.eligibility import both, members, once_a_house
from lifecircle.counting.flags import flags_met
from lifecircle.counting.projects import leads, perhaps_phases
from lifecircle.measures.frame import COUNTY, measured_frame, target_of
from lifecircle.model.dictionary import kinds, words
from lifecircle.model.inputs.layers import HOUSE
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.sites import place_labels
from lifecircle.model.status import Status

if TYPE_CHECKING:
    from lifecircle.model.rules.options import CountOptions
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

__all__ = ["count"]

_NAMED = 3
"""Facilities that a reason names."""


def count(tables: Tables, rule: Rule[CountOptions], subjects: pd.Index) -> pd.DataFrame:
    """Count what the clause describes, over the whole county.

    ``unit``: ``facilities`` counts rows, ``places`` counts sites (rows of one site are one place);
    of either, what may be one house under two names is one at least, and of rows so is what a typed
    place may list twice;
    ``areas`` counts areas that fail the clauses of option ``of_clauses``, those that cannot all be
    met at once too. Options narrow it:
    ``star_at_least``, ``all_of`` and ``any_of`` (flags), ``tenure`` (list), ``setting`` (urban or
    rural, by the community a facility belongs to).
    """
    del subjects  # the county is the only one
    low, high = _areas(tables, rule) if rule.unit == "areas" else _facilities(tables, rule)
    code = ReasonCode.COUNTED if low == high else ReasonCode.COUNTED_OPEN
    reason = Reason(code, {"count": low, "most": high, "target": rule.value})
    if rule.unit != "areas" and low < high:
        reason = _with_named(reason, tables.facilities, rule)
    return measured_frame(
        pd.Index([COUNTY], name="id"),
        low=[low],
        high=[high],
        required_low=[target_of(rule)],
        reason=[reason],
    )


def _with_named(reason: Reason, rows: pd.DataFrame, rule: Rule[CountOptions]) -> Reason:
    """Return a reason with those that are called what the clause counts, and typed otherwise."""
    specs, asked = kinds(), set(rule.kinds)
    called = {key for key, spec in specs.items() if spec.typed and spec.perhaps in asked}
    open_ = members(rows, rule.kinds).isna() & rows["open"].ne(0)
    named = [key for key, own in rows["kinds"][open_].items() if own and called & set(own)]
    if not named:
        return reason
    words = {"facilities": named[:_NAMED], "count": len(named), "kinds": list(rule.kinds)}
    note = Reason(ReasonCode.KIND_BY_NAME, words)
    return Reason(reason.code, {**reason.params, "notes": [note.to_json()]})


def _areas(tables: Tables, rule: Rule[CountOptions]) -> tuple[float, float]:
    failing: set[str] = set()
    unknown: set[str] = set()
    for name in rule.options.of_clauses:
        if name not in tables.findings:
            continue
        found = tables.findings[name]
        # where only whether it applies is open, one that meets it cannot fail
        cleared = found["applies"].isna() & (found["decided"] == Status.COMPLIANT)
        status = found["status"].where(~cleared, Status.COMPLIANT)
        lead = leads(tables.areas).reindex(status.index)  # phases of one project are one area
        failing |= set(lead[status == Status.DEFICIENT])
        unknown |= set(lead[status == Status.NOT_ASSESSED])
    lead = leads(tables.areas)
    ways = ways_of(tables.findings, rule.options.of_clauses)
    waiting = {lead[area]: one for area, one in ways.items() if lead[area] in unknown - failing}
    joining = perhaps_phases(tables.areas)
    waiting = {one: way for one, way in waiting.items() if one not in joining}
    most = most_met(list(waiting.values()), np.ones((len(waiting), 1)))[0]
    left = len(waiting) - int(np.rint(most))  # rooms that may be one's or another's are one's
    # those that may be phases of one project may be one
    return float(len(failing - joining) + left), float(len(failing | unknown))


def _facilities(tables: Tables, rule: Rule[CountOptions]) -> tuple[float, float]:
    rows = tables.facilities
    answers = [members(rows, rule.kinds), rows["open"], flags_met(rows, rule.options)]
    if tenures := rule.options.tenure:
        tenure = rows["tenure"]
        other = tenure.isin(set(words("tenure").values()))  # another word may mean one of these
        answers.append(tenure.isin(tenures).astype(float).where(tenure.isin(tenures) | other))
    if rule.options.setting:
        answers.append(_set_in(tables, rule.options.setting))
    answer = both(*answers)
    if rule.unit == "places":
        alone = "\0" + rows.index.to_series()
        certain = answer.eq(1).groupby(_at_least_one(rows).fillna(alone)).any()
        parts, _ = place_labels(rows)
        possible = answer.ne(0).groupby(parts).any()
        return float(certain.sum()), float(possible.sum())
    certain = once_a_house(rows, answer, answer).eq(1)  # two signboards on one may be one
    return float(certain.sum()), float(answer.ne(0).sum())


def _at_least_one(rows: pd.DataFrame) -> pd.Series:
    """Return the site of each facility; of what may be one house under two names that of either."""
    if HOUSE not in rows:
        return rows["site"]
    house = rows[HOUSE].dropna()
    theirs = rows["site"].groupby(house).first()
    return rows["site"].fillna(house.map(theirs)).fillna("\0" + house)


def _set_in(tables: Tables, setting: str) -> pd.Series:
    """Return whether each facility's community is of a setting: 1 yes, 0 no, NaN not known.

    Never by street or town, which hold villages and communities alike (A26): where only the street
    or town is known, the answer is open unless all its communities are known to be of one.
    """
    units, rows = tables.units, tables.facilities
    told = (units["setting"] == setting).astype(float).mask(units["setting"].isna())
    parent = units["parent"]
    local = told[parent.notna()]
    # one of unknown setting may be where it stands: the mean of all is then unknown too
    of_unit = local.groupby(parent[parent.notna()]).agg(lambda one: one.mean(skipna=False))
    of_unit = of_unit.where(of_unit.isin([0.0, 1.0]))
    by_unit = rows["unit"].map(of_unit).astype(float).where(rows["community"].isna())
    return rows["community"].map(told).astype(float).fillna(by_unit)
