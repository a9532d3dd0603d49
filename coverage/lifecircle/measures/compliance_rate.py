"""Compliance rate: which areas meet every clause that applies to them (A1, A35)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.measures.frame import measured_frame
from lifecircle.model.status import Status

if TYPE_CHECKING:
    from lifecircle.model.clause import Clause
    from lifecircle.model.tables import Tables

__all__ = ["compliance_rate"]

_BOUNDS = {Status.COMPLIANT: (1.0, 1.0), Status.DEFICIENT: (0.0, 0.0), Status.NOT_ASSESSED: (0, 1)}


def compliance_rate(
    tables: Tables, clause: Clause, value: float | None, subjects: pd.Index
) -> pd.DataFrame:
    """Return 1 for an area that meets all clauses of option ``clauses``, 0 for one that misses any.

    Only areas with a finding of their own appear. Where it is not known *which* of the clauses
    applies (age class missing), the answer is open unless all of them agree.
    """
    del value  # the target is the rate's, not the area's
    found = [tables.findings[c] for c in clause.options["clauses"] if c in tables.findings]
    rows = {}
    for subject in subjects:
        own = [f.loc[subject] for f in found if subject in f.index]
        sure = [_BOUNDS[r["status"]] for r in own if r["status"] in _BOUNDS and r["applies"] == 1]
        open_ = [
            _BOUNDS[r["decided"]] for r in own if r["applies"] != 1 and r["decided"] in _BOUNDS
        ]
        if not sure and not open_:
            continue
        low = min([b[0] for b in sure] + [b[0] for b in open_])
        high = min([b[1] for b in sure] + ([max(b[1] for b in open_)] if open_ else []))
        reason = next(
            (r["reason"] for r in own if r["status"] in {Status.DEFICIENT, Status.NOT_ASSESSED}),
            own[0]["reason"],
        )
        rows[subject] = (low, high, reason)
    index = pd.Index(list(rows), name="id")
    return measured_frame(
        index,
        low=[r[0] for r in rows.values()],
        high=[r[1] for r in rows.values()],
        required_low=np.ones(len(rows)),
        reason=[r[2] for r in rows.values()],
    )
