"""Which way a status went from one assessment to the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.model.results.comparison import CauseCode, Direction
from lifecircle.model.status import Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lifecircle.model.results.comparison import Cause

__all__ = ["asked_otherwise", "direction_of"]

_DECIDED = frozenset({Status.COMPLIANT, Status.DEFICIENT})

_ASKED = frozenset(
    {
        CauseCode.REPLACED,
        CauseCode.OTHER_CLAUSE,
        CauseCode.TARGET,
        CauseCode.TERMS,
        CauseCode.SCENARIO,
        CauseCode.READING,
    }
)
"""Causes by which the two sides are not held to the same: who is asked, of what, how much."""


def asked_otherwise(causes: Iterable[Cause]) -> bool:
    """Return whether a change has to do with what is asked, and not with the ground alone."""
    return any(cause.code in _ASKED for cause in causes)


def direction_of(
    before: str | None, after: str | None, *, asked_otherwise: bool = False
) -> Direction:
    """Return which way a status went; None: the subject is not on that side.

    ``asked_otherwise``: the two sides are not held to the same, so that neither is better.
    """
    if before == after:
        return Direction.SAME
    if before == Status.NOT_ASSESSED and after in _DECIDED:
        return Direction.DECIDED
    if before in _DECIDED and after == Status.NOT_ASSESSED:
        return Direction.UNDECIDED
    if before in _DECIDED and after in _DECIDED and asked_otherwise:
        return Direction.MET_ANEW if after == Status.COMPLIANT else Direction.MISSED_ANEW
    if before in _DECIDED and after in _DECIDED:
        return Direction.BETTER if after == Status.COMPLIANT else Direction.WORSE
    return Direction.OTHER
