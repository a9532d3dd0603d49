"""Tallies: how many clauses came to what, in facts and in clauses that state them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lifecircle.model.allowed import Count
from lifecircle.model.status import Status

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Tally", "tallied"]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many clauses came to one status, references and those not in force left out.

    Parameters
    ----------
    facts
        What they find, once where several state it.
    clauses
        All of them.
    """

    status: Status
    facts: Count
    clauses: Count


def tallied(clauses: Iterable[tuple[Status, bool]]) -> tuple[Tally, ...]:
    """Return the tallies of clauses given as status and whether an earlier one states its fact."""
    counted = Counter(clauses)
    found = (
        Tally(status, counted[status, False], counted[status, False] + counted[status, True])
        for status in Status
        if status is not Status.NOT_IN_FORCE
    )
    return tuple(one for one in found if one.clauses)
