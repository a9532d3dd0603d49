"""Canteens of which nobody said whether they have a day or outreach service too (A16)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.model.dictionary import kinds, unread
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from lifecircle.intake.ledger.rows import Ledger

__all__ = ["canteens_alone"]

_NAMES_SHOWN = 20


def canteens_alone(facilities: Ledger) -> tuple[Problem, ...]:
    """Return one note on the rows that reach nobody because their day service is blank.

    They are those of kinds that reach a group only where a service is typed, and none other of
    their kinds reaches it anyway. A word that cannot be read is told by itself.
    """
    specs, frame = kinds(), facilities.frame
    alone = []
    for own, service, odd in zip(
        frame["kinds"], frame["day_service"], frame[unread("day_service")], strict=True
    ):
        mine = [specs[kind] for kind in own or ()]
        asked = {group for kind in mine for group in kind.reach_if_typed}
        met = {group for kind in mine for group in kind.reach | kind.reach_with_service}
        alone.append(service is None and not odd and bool(asked - met))
    names = [name for name, lone in zip(frame["name"], alone, strict=True) if lone]
    if not names:
        return ()
    return (
        facilities.raw.problem(
            ProblemCode.CANTEENS_ALONE,
            Severity.INFO,
            header=facilities.headers.get("day_service"),
            count=len(names),
            names=names[:_NAMES_SHOWN],
        ),
    )
