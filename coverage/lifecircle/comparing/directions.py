"""Which way a status went from one assessment to the other."""

from __future__ import annotations

from lifecircle.model.results.comparison import Direction
from lifecircle.model.status import Status

__all__ = ["direction_of"]

_DECIDED = frozenset({Status.COMPLIANT, Status.DEFICIENT})


def direction_of(before: str | None, after: str | None) -> Direction:
    """Return which way a status went; None: the subject is not on that side."""
    if before == after:
        return Direction.SAME
    if before == Status.NOT_ASSESSED and after in _DECIDED:
        return Direction.DECIDED
    if before in _DECIDED and after == Status.NOT_ASSESSED:
        return Direction.UNDECIDED
    if before in _DECIDED and after in _DECIDED:
        return Direction.BETTER if after == Status.COMPLIANT else Direction.WORSE
    return Direction.OTHER
