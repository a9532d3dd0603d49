"""Provision: own and recorded floor area against the quota (A3, A4, A16, A17, A39)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from lifecircle.account.gaps import gaps
from lifecircle.counting.projects import leads
from lifecircle.measures.frame import measured_frame, point
from lifecircle.model.finding import meets
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from lifecircle.model.rules.options import Options, ProvisionOptions
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Account, Tables

    Floats = NDArray[np.float64]

__all__ = ["credit", "credited", "noted", "provision"]

_ALWAYS = {
    *(ReasonCode.OWN_BY_NAME, ReasonCode.OWN_NAMED_NEAR, ReasonCode.OWN_NAMED_FAR),
    *(ReasonCode.OWN_BY_RECORD_AND_NAME, ReasonCode.OWN_TO_VISIT, ReasonCode.RECORD_FAR),
    *(ReasonCode.OWN_NAMED_PERHAPS, ReasonCode.ASIDE_BEYOND),
}

_SLIPS = {ReasonCode.PEOPLE_FEWER, ReasonCode.PEOPLE_UNLIKELY, ReasonCode.PEOPLE_OF_PHASE}
"""Why a requirement is a range, told also where that decides nothing: a person has to look."""


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
    lead = leads(tables.areas).loc[subjects].tolist()
    rows = tables.account.frame.take(_rows(tables.account, rule, lead))
    rows = rows.assign(required_low=rows["if_asked"])  # who is exempt is not judged
    low, high = credit(rows, rule)
    gap = gaps(rows, high)
    told = [_Standing(*one) for one in _told(rows, low, high, gap)]
    notes = tables.account.notes
    # where it is short what stands is shown, though a place below the minimum earns no credit
    below = np.where(gap > 0, rows["below"], 0.0)
    return measured_frame(
        subjects,
        measured=point(low, high) + below,
        low=low,
        high=high,
        required_low=rows["required_low"].to_numpy(),
        required_high=rows["required_high"].to_numpy(),
        reason=[
            noted(_reason(row), notes.get(first, ())) if first == subject else _as_phase(first, row)
            for subject, first, row in zip(subjects, lead, told, strict=True)
        ],
        more={
            "gap": gap.to_numpy(),
            "waits": None if rule.readings.get("A3") == "allocated" else rows["waits"].to_numpy(),
        },
    )


class _Standing(NamedTuple):
    """What stands in an area, and what is asked of it."""

    low: float
    high: float
    gap: float
    required_low: float
    required_high: float
    below: float
    minimum: float
    least_place: float
    unknown: Reason | None


def _rows(account: Account, rule: Rule[ProvisionOptions], areas: list[str]) -> NDArray[np.int64]:
    """Return the rows of the areas' accounts, all of which there must be."""
    found = account.rows(rule.id, areas)
    if (found < 0).any():
        raise KeyError([area for area, at in zip(areas, found, strict=True) if at < 0])
    return found


def _told(rows: pd.DataFrame, *more: Any) -> Iterator[tuple[Any, ...]]:
    """Yield ``more`` and what a reason tells of an account, area by area, as plain numbers."""
    columns = [rows[name].tolist() for name in _Standing._fields[len(more) :]]
    return zip(*(one.tolist() for one in more), *columns, strict=True)


def noted(reason: Reason, notes: Sequence[Reason]) -> Reason:
    """Return ``reason`` with what is to be said of rooms near or named (param ``notes``).

    Where the quota is met, only what it rests on and what a record promises in vain.
    """
    told = [n for n in notes if reason.code != ReasonCode.QUOTA_MET or n.code in _ALWAYS]
    if not told:
        return reason
    more = [*reason.params.get("notes", ()), *(note.to_json() for note in told)]
    return Reason(reason.code, {**reason.params, "notes": more})


def credited(rows: pd.DataFrame, rule: Rule[Options]) -> pd.DataFrame:
    """Return ``low`` and ``high`` m² that count (A3): own and recorded, by default.

    ``own`` leaves recorded sharing out; ``allocated`` adds what could be arranged, in the worst
    case only what a certain facility has to spare.
    """
    return pd.DataFrame(dict(zip(("low", "high"), credit(rows, rule), strict=True)), rows.index)


def credit(rows: pd.DataFrame, rule: Rule[Options]) -> tuple[Floats, Floats]:
    """Return what :func:`credited` does, as arrays: at least and at most."""
    taken = rule.readings.get("A3")
    low, high = (rows[f"own_{end}"].to_numpy(dtype=float) for end in ("low", "high"))
    if taken != "own":
        low = low + rows["recorded_low"].to_numpy(dtype=float)
        high = high + rows["recorded_high"].to_numpy(dtype=float)
    if taken == "allocated":
        more = rows["arrangeable"].to_numpy(dtype=float)
        low, high = low + more, high + more
    return low, high


def _as_phase(lead: str, row: _Standing) -> Reason:
    """Return that a phase is judged with its project, and how that stands."""
    params = {
        "residential": lead,
        "provided_m2": row.low if meets(row.high, "=", row.low) else float("nan"),
        "required_m2": row.required_high,
    }
    if meets(row.high, "<", row.required_low) and meets(row.below, ">", 0.0):
        return Reason(ReasonCode.PHASE_OF_SMALL, params | _with_small(row))
    return Reason(ReasonCode.PHASE_OF, params)


def _with_small(row: _Standing) -> dict[str, float]:
    """Return what stands though it earns no credit, below the minimum of one place."""
    return {
        "standing_m2": row.high + row.below,
        "below_m2": row.below,
        "minimum_m2": row.minimum,
    }


def _reason(row: _Standing) -> Reason:
    slip = row.unknown if row.unknown is not None and row.unknown.code in _SLIPS else None
    beside: dict[str, Any] = {} if slip is None else {"notes": [slip.to_json()]}
    if meets(row.low, ">=", row.required_high):
        params = {"provided_m2": row.low, "required_m2": row.required_high}
        return Reason(ReasonCode.QUOTA_MET, params | beside)
    if meets(row.high, "<", row.required_low):
        short = _short(row)
        return Reason(short.code, {**short.params, **beside})
    if row.unknown is not None:
        return row.unknown
    return _between(row)


def _between(row: _Standing) -> Reason:
    """Return what is open where nothing is missing but which quota an area is asked."""
    need = {"required_low_m2": row.required_low, "required_m2": row.required_high}
    if meets(row.high, "=", row.low):
        return Reason(ReasonCode.QUOTA_BETWEEN, {"provided_m2": row.low, **need})
    params = {"low_m2": row.low, "high_m2": row.high, **need}
    if meets(row.least_place, ">=", row.minimum):
        return Reason(ReasonCode.QUOTA_UNDECIDED, params)
    # all m² are known: whether small places count hangs on what an approved area is asked
    if row.required_high != row.required_low:
        return Reason(ReasonCode.QUOTA_BETWEEN_SMALL, params | {"minimum_m2": row.minimum})
    told = {"provided_m2": row.high, "minimum_m2": row.minimum}
    return Reason(ReasonCode.MINIMUM_OPEN, told)


def _short(row: _Standing) -> Reason:
    """Return by how much an area is short for certain: at least, where not all is known."""
    params = {
        "provided_m2": row.high,
        "required_m2": row.required_low,
        "deficit_m2": row.gap,
    }
    small = _with_small(row) if meets(row.below, ">", 0.0) else {}
    if row.required_high != row.required_low:
        need = {"required_low_m2": row.required_low, "required_m2": row.required_high}
        code = ReasonCode.QUOTA_SHORT_SMALL_BETWEEN if small else ReasonCode.QUOTA_SHORT_BETWEEN
        return Reason(code, params | need | small)
    known = meets(row.high, "=", row.low)
    if small:
        code = ReasonCode.QUOTA_SHORT_SMALL if known else ReasonCode.QUOTA_SHORT_SMALL_AT_LEAST
        return Reason(code, params | small)
    return Reason(ReasonCode.QUOTA_SHORT if known else ReasonCode.QUOTA_SHORT_AT_LEAST, params)
