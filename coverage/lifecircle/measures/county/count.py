"""Count: how many facilities, places or areas there are of a description."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.counting.eligibility import both, members
from lifecircle.counting.flags import flags_met
from lifecircle.counting.projects import leads
from lifecircle.measures.frame import COUNTY, measured_frame
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.status import Status

if TYPE_CHECKING:
    from lifecircle.model.rules.clause import Clause
    from lifecircle.model.tables import Tables

__all__ = ["count"]


def count(tables: Tables, clause: Clause, value: float | None, subjects: pd.Index) -> pd.DataFrame:
    """Count what the clause describes, over the whole county.

    ``unit``: ``facilities`` counts rows, ``places`` counts sites (rows of one site are one place),
    ``areas`` counts areas that fail the clauses of option ``of_clauses``. Options narrow it:
    ``star_at_least``, ``all_of`` and ``any_of`` (flags), ``tenure`` (list).
    """
    del subjects  # the county is the only one
    low, high = _areas(tables, clause) if clause.unit == "areas" else _facilities(tables, clause)
    reason = Reason(ReasonCode.COUNTED, {"count": low, "most": high, "target": value})
    return measured_frame(
        pd.Index([COUNTY], name="id"),
        low=[low],
        high=[high],
        required_low=[np.nan if value is None else value],
        reason=[reason],
    )


def _areas(tables: Tables, clause: Clause) -> tuple[float, float]:
    failing: set[str] = set()
    unknown: set[str] = set()
    for name in clause.options.get("of_clauses", ()):
        status = tables.findings[name]["status"] if name in tables.findings else pd.Series()
        lead = leads(tables.areas).reindex(status.index)  # phases of one project are one area
        failing |= set(lead[status == Status.DEFICIENT])
        unknown |= set(lead[status == Status.NOT_ASSESSED])
    return float(len(failing)), float(len(failing | unknown))


def _facilities(tables: Tables, clause: Clause) -> tuple[float, float]:
    rows = tables.facilities
    answers = [members(rows, clause.kinds), rows["open"], flags_met(rows, clause)]
    if (tenures := clause.options.get("tenure")) is not None:
        tenure = rows["tenure"]
        answers.append(tenure.isin(tenures).astype(float).mask(tenure.isna()))
    answer = both(*answers)
    if clause.unit == "places":
        site = rows["site"].where(rows["site"].notna(), "\0" + rows.index.to_series())
        certain = answer.eq(1).groupby(site).any()
        possible = answer.ne(0).groupby(site).any()
        return float(certain.sum()), float(possible.sum())
    return float(answer.eq(1).sum()), float(answer.ne(0).sum())
