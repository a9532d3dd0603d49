"""Provision: own and recorded floor area against the quota (A3, A4, A16, A17, A39)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.counting.projects import leads
from lifecircle.measures.frame import measured_frame, point
from lifecircle.model.finding import TOLERANCE
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    from typing import Any

    import pandas as pd

    from lifecircle.model.rules.options import Options, ProvisionOptions
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

__all__ = ["credited", "provision"]


def provision(tables: Tables, rule: Rule[ProvisionOptions], subjects: pd.Index) -> pd.DataFrame:
    """Own and recorded m² of each area (``low``, ``high``) against its requirement.

    Read from the account, where one m² counts once; phases of one project have its account.
    Arrangeable m² are not in it unless reading A3 says so: they are a suggestion.

    Raises
    ------
    ValueError
        The tables have no account yet.
    """
    if tables.account is None:
        raise ValueError("provision needs the account: open_account() first")
    lead = leads(tables.areas).loc[subjects]
    rows = tables.account.frame.loc[[(first, rule.id) for first in lead]]
    credit = credited(rows, rule)
    low, high = credit["low"].to_numpy(), credit["high"].to_numpy()
    need_low, need_high = rows["required_low"].to_numpy(), rows["required_high"].to_numpy()
    return measured_frame(
        subjects,
        measured=point(low, high),
        low=low,
        high=high,
        required_low=need_low,
        required_high=need_high,
        reason=[
            _reason(row, *both) if first == subject else _as_phase(first, row, *both)
            for subject, first, row, both in zip(
                subjects, lead, rows.itertuples(), zip(low, high, strict=True), strict=True
            )
        ],
    )


def credited(rows: pd.DataFrame, rule: Rule[Options]) -> pd.DataFrame:
    """Return ``low`` and ``high`` m² that count (A3): own and recorded, by default.

    ``own`` leaves recorded sharing out; ``allocated`` adds what could be arranged, in the worst
    case only what a certain facility has to spare.
    """
    credit = rows[["own_low", "own_high"]].set_axis(["low", "high"], axis=1)
    taken = rule.readings.get("A3")
    if taken != "own":
        credit = credit + rows[["recorded_low", "recorded_high"]].to_numpy()
    if taken == "allocated":
        credit = credit + rows[["arrangeable"]].to_numpy()
    return credit


def _as_phase(lead: str, row: Any, low: float, high: float) -> Reason:
    """Return that a phase is judged with its project, and how that stands."""
    params = {
        "residential": lead,
        "provided_m2": low if high - low <= TOLERANCE else float("nan"),
        "required_m2": row.required_high,
    }
    return Reason(ReasonCode.PHASE_OF, params)


def _reason(row: Any, low: float, high: float) -> Reason:
    if low >= row.required_high - TOLERANCE:
        return Reason(ReasonCode.QUOTA_MET, {"provided_m2": low, "required_m2": row.required_high})
    if high < row.required_low - TOLERANCE:
        params = {
            "provided_m2": high,
            "required_m2": row.required_low,
            "deficit_m2": row.required_low - high,
        }
        return Reason(ReasonCode.QUOTA_SHORT, params)
    if row.unknown is not None:
        unknown: Reason = row.unknown
        return unknown
    if high - low <= TOLERANCE:
        params = {
            "provided_m2": low,
            "required_low_m2": row.required_low,
            "required_m2": row.required_high,
        }
        return Reason(ReasonCode.QUOTA_BETWEEN, params)
    params = {
        "low_m2": low,
        "high_m2": high,
        "required_low_m2": row.required_low,
        "required_m2": row.required_high,
    }
    return Reason(ReasonCode.QUOTA_UNDECIDED, params)
