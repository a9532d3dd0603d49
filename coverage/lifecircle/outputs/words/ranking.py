"""The order in which results are listed: worst first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lifecircle.model.rules.measures import MEASURES
from lifecircle.model.status import Status

if TYPE_CHECKING:
    import pandas as pd

    from lifecircle.model.results.assessment import ClauseResult

__all__ = ["deficient_findings", "ranked_findings", "undecided_findings", "worst_first"]

_ORDER = {
    status: rank
    for rank, status in enumerate(
        (
            Status.DEFICIENT,
            Status.NOT_ASSESSED,
            Status.COMPLIANT,
            Status.REPORTED,
            Status.EXEMPT,
            Status.NOT_APPLICABLE,
            Status.NOT_IN_FORCE,
        )
    )
}


def worst_first(areas: pd.DataFrame) -> pd.DataFrame:
    """Return residential areas by verdict (deficient, not assessed, compliant, others).

    Within a verdict by deficit in m², then by households, the largest first, then by id.
    """
    keys = areas.assign(
        _rank=[_ORDER.get(v, len(_ORDER)) for v in areas["verdict"]],
        _deficit=-areas["deficit_m2"].astype("float64").fillna(0.0),
        _households=-areas["households"].astype("float64").fillna(0.0),
        _id=areas.index.astype(str),
    )
    return areas.loc[keys.sort_values(["_rank", "_deficit", "_households", "_id"]).index]


def deficient_findings(findings: pd.DataFrame) -> pd.DataFrame:
    """Return the findings that are deficient, the largest deficit first, then as they stand."""
    found = _having(findings, Status.DEFICIENT)
    order = np.argsort(-found["deficit"].astype("float64").fillna(0.0).to_numpy(), kind="stable")
    return found.iloc[order]


def ranked_findings(findings: pd.DataFrame, clause: ClauseResult) -> pd.DataFrame:
    """Return the findings of a clause that ranks its subjects, the largest figure first.

    None for any other clause; a subject without a figure is left out.
    """
    if not MEASURES[clause.measure].ranked:
        return findings.iloc[:0]
    own = (findings["clause"] == clause.id) & (findings["standard"] == clause.standard)
    told = (findings["status"].astype("str") == str(Status.REPORTED)) & findings["measured"].notna()
    mine = findings[(own & told).to_numpy(dtype=bool)]
    return mine.sort_values("measured", ascending=False, kind="stable")


def undecided_findings(findings: pd.DataFrame) -> pd.DataFrame:
    """Return the findings that are not assessed, in their order."""
    return _having(findings, Status.NOT_ASSESSED)


def _having(findings: pd.DataFrame, status: Status) -> pd.DataFrame:
    return findings[(findings["status"].astype("str") == str(status)).to_numpy()]
