"""Exemptions: what a study leaves out of a clause, why, on which paper, and whether it holds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Exemption", "ExemptionState"]


class ExemptionState(StrEnum):
    """What came of an exemption."""

    APPLIED = "applied"
    """The subject is exempt from the clause and counted apart."""
    EXPIRED = "expired"
    """It ended before the study's day: the subject is judged."""
    NOT_HELD = "not_held"
    """Another cell of its row says that it is not in force: the subject is judged."""
    IDLE = "idle"
    """The clause is not about the subject, or not in force: there is nothing to be exempt from."""
    UNREAD = "unread"
    """Its end is stated and cannot be read, its subject or clause named unclearly, its paper not
    named, or another cell of its row says that it does not hold: the subject is exempt or judged,
    nobody knows."""
    UNKNOWN = "unknown"
    """No document assessed has the clause, or no layer the subject."""


@dataclass(frozen=True, slots=True)
class Exemption:
    """One row of the study's exemptions, and what came of it.

    Parameters
    ----------
    id
        The subject.
    reason
        Why it is exempt.
    reference
        The paper that says so.
    until
        The last day on which it holds; None: without end.
    standard, layer
        Of the first document assessed that has the clause, else empty.
    said
        What its row says against it, or the name by which it may mean the subject; else empty.
    open_end
        Its row states an end that cannot be read: ``until`` is None, and when it ends is not known.
    """

    id: str
    clause: str
    reason: str
    reference: str
    until: dt.date | None
    state: ExemptionState
    standard: str = ""
    layer: str = ""
    said: str = ""
    open_end: bool = False
