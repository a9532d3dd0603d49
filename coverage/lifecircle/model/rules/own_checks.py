"""Checks of ours, which stand in no document: their ids, which no clause of a document may take."""

from __future__ import annotations

__all__ = ["is_own_check", "own_check_id"]

_PREFIX = "REF-"


def own_check_id(measure: str, group: str) -> str:
    """Return the id of the check of a reach group by a measure: ``REF-walk-canteen``."""
    return f"{_PREFIX}{measure}-{group}"


def is_own_check(clause_id: str) -> bool:
    """Return whether an id is that of a check of ours, or looks like one."""
    return clause_id.startswith(_PREFIX)
