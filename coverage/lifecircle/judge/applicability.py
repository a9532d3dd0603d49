"""Applicability: which subjects a clause is about (A17, A26, A29)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lifecircle.counting.eligibility import both, members
from lifecircle.measures.frame import COUNTY
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from lifecircle.model.rules.clause import Clause
    from lifecircle.model.tables import Tables

__all__ = ["applicability"]

_OTHER = {
    "setting": ReasonCode.OTHER_SETTING,
    "age_class": ReasonCode.OTHER_AGE_CLASS,
    "unit_type": ReasonCode.OTHER_UNIT_TYPE,
    "unit_level": ReasonCode.OTHER_UNIT_TYPE,
}
_MISSING = {
    "setting": ReasonCode.SETTING_MISSING,
    "age_class": ReasonCode.AGE_CLASS_MISSING,
    "unit_type": ReasonCode.NO_DATA,
    "unit_level": ReasonCode.NO_DATA,
}
_COLUMN = {"unit_level": "level"}


def applicability(tables: Tables, clause: Clause) -> pd.DataFrame:
    """Return ``applies`` (1.0 yes, 0.0 no, NaN not known) and ``reason`` (why not) by subject.

    A unit of another level, or a facility of another kind or not in use, is no subject at all; a
    special or virtual unit is one to which
    nothing applies. An area without households, or not yet lived in, is not applicable.
    """
    if clause.subject == "county":
        return _frame(pd.Index([COUNTY], name="id"), [(1.0, None)])
    if clause.subject == "facilities":
        return _facilities(tables, clause)
    if clause.subject == "units":
        rows = tables.units
        if (levels := clause.where.get("unit_level")) is not None:
            rows = rows[rows["level"].isin(levels)]
        if (codes := clause.where.get("unit")) is not None:
            rows = rows[rows.index.isin(codes)]
        return _frame(rows.index, [_unit(row, clause) for row in _facts(rows, clause)])
    return _frame(tables.areas.index, [_area(row, clause) for row in _facts(tables.areas, clause)])


def _facts(rows: pd.DataFrame, clause: Clause) -> list[dict[Hashable, Any]]:
    """Return what decides on each subject as plain rows: a table's own rows are slow to make."""
    asked = {_COLUMN.get(name, name) for name in clause.where}
    wanted = {"unit_type", "lived_in", "counted", "stage"} | asked
    found: list[dict[Hashable, Any]]
    found = rows[[c for c in rows.columns if c in wanted]].to_dict("records")
    return found


def _facilities(tables: Tables, clause: Clause) -> pd.DataFrame:
    """Return the facilities in use of the clause's kinds; others are no subject at all."""
    rows = tables.facilities
    answer = both(members(rows, clause.kinds), rows["open"])
    answer = answer[answer != 0]
    gap = Reason(ReasonCode.KIND_UNKNOWN)
    return _frame(answer.index, [(a, None if a == 1 else gap) for a in answer])


def _frame(index: pd.Index, answers: list[tuple[float, Reason | None]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "applies": np.array([a for a, _ in answers], dtype=float),
            "reason": pd.Series([r for _, r in answers], index=index, dtype=object),
        },
        index=index,
    )


def _unit(row: Mapping[Hashable, Any], clause: Clause) -> tuple[float, Reason | None]:
    if row["unit_type"] == "special":
        return 0.0, Reason(ReasonCode.SPECIAL_UNIT)
    return _filtered(row, clause)


def _area(row: Mapping[Hashable, Any], clause: Clause) -> tuple[float, Reason | None]:
    if row["lived_in"] == 0:
        return 0.0, Reason(ReasonCode.NOT_YET_LIVED_IN, {"stage": row["stage"]})
    if row["counted"] == 0:
        return 0.0, Reason(ReasonCode.ZERO_HOUSEHOLDS)
    return _filtered(row, clause)


def _filtered(row: Mapping[Hashable, Any], clause: Clause) -> tuple[float, Reason | None]:
    gap: Reason | None = None
    for name, wanted in clause.where.items():
        if name == "unit":  # the units themselves: sorted out above
            continue
        value = row[_COLUMN.get(name, name)]
        if _missing(value):
            gap = gap or Reason(_MISSING[name], {"field": name})
        elif value not in wanted:
            return 0.0, Reason(_OTHER[name], {name: str(value)})
    return (1.0, None) if gap is None else (np.nan, gap)


def _missing(value: Any) -> bool:
    return value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value))
