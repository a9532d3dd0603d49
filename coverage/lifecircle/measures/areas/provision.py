"""Provision: own and recorded floor area against the quota (A3, A4, A16, A17, A39)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.account.gaps import gaps
from lifecircle.counting.projects import leads
from lifecircle.measures.frame import measured_frame, point
from lifecircle.model.finding import meets
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    import pandas as pd

    from lifecircle.model.rules.options import Options, ProvisionOptions
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

__all__ = ["credited", "noted", "provision"]

_ALWAYS = {
    *(ReasonCode.OWN_BY_NAME, ReasonCode.OWN_TO_VISIT, ReasonCode.RECORD_FAR),
    ReasonCode.ASIDE_BEYOND,
}


def provision(tables: Tables, rule: Rule[ProvisionOptions], subjects: pd.Index) -> pd.DataFrame:
    """Own and recorded m² of each area (``low``, ``high``) against its requirement.

    Read from the account, where one m² counts once; phases of one project have its account.
    Arrangeable m² are not in it unless reading A3 says so: they are a suggestion. ``waits``: the
    area may be met by rooms that may be others' too (Waiting), or None; what could be arranged
    may go round in more ways than are looked at.

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
    rows = rows.assign(low=low, high=high, gap=gaps(rows, credit["high"]))
    notes = tables.account.notes
    # where it is short what stands is shown, though a place below the minimum earns no credit
    below = rows["below"].where(rows["gap"] > 0, 0.0).to_numpy()
    return measured_frame(
        subjects,
        measured=point(low, high) + below,
        low=low,
        high=high,
        required_low=rows["required_low"].to_numpy(),
        required_high=rows["required_high"].to_numpy(),
        reason=[
            noted(_reason(row), notes.get(first, ())) if first == subject else _as_phase(first, row)
            for subject, first, row in zip(subjects, lead, rows.itertuples(), strict=True)
        ],
    ).assign(
        gap=rows["gap"].to_numpy(),
        waits=None if rule.readings.get("A3") == "allocated" else rows["waits"].to_numpy(),
    )


def noted(reason: Reason, notes: Sequence[Reason]) -> Reason:
    """Return ``reason`` with what is to be said of rooms near or named (param ``notes``).

    Where the quota is met, only what it rests on and what a record promises in vain.
    """
    told = [n for n in notes if reason.code != ReasonCode.QUOTA_MET or n.code in _ALWAYS]
    if not told:
        return reason
    return Reason(reason.code, {**reason.params, "notes": [note.to_json() for note in told]})


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


def _as_phase(lead: str, row: Any) -> Reason:
    """Return that a phase is judged with its project, and how that stands."""
    params = {
        "residential": lead,
        "provided_m2": row.low if meets(row.high, "=", row.low) else float("nan"),
        "required_m2": row.required_high,
    }
    return Reason(ReasonCode.PHASE_OF, params)


def _reason(row: Any) -> Reason:
    if meets(row.low, ">=", row.required_high):
        params = {"provided_m2": row.low, "required_m2": row.required_high}
        return Reason(ReasonCode.QUOTA_MET, params)
    if meets(row.high, "<", row.required_low):
        return _short(row)
    if row.unknown is not None:
        unknown: Reason = row.unknown
        return unknown
    if meets(row.high, "=", row.low):
        params = {
            "provided_m2": row.low,
            "required_low_m2": row.required_low,
            "required_m2": row.required_high,
        }
        return Reason(ReasonCode.QUOTA_BETWEEN, params)
    params = {
        "low_m2": row.low,
        "high_m2": row.high,
        "required_low_m2": row.required_low,
        "required_m2": row.required_high,
    }
    return Reason(ReasonCode.QUOTA_UNDECIDED, params)


def _short(row: Any) -> Reason:
    """Return by how much an area is short for certain: at least, where not all is known."""
    params = {
        "provided_m2": row.high,
        "required_m2": row.required_low,
        "deficit_m2": row.gap,
    }
    if meets(row.below, ">", 0.0):
        more = {
            "standing_m2": row.high + row.below,
            "below_m2": row.below,
            "minimum_m2": row.minimum,
        }
        return Reason(ReasonCode.QUOTA_SHORT_SMALL, params | more)
    known = meets(row.high, "=", row.low) and row.required_high == row.required_low
    return Reason(ReasonCode.QUOTA_SHORT if known else ReasonCode.QUOTA_SHORT_AT_LEAST, params)
