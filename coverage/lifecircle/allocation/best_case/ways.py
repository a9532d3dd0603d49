"""Ways: what would meet an area that waits for rooms, by what clauses find of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lifecircle.allocation.best_case.waiting import Waiting
from lifecircle.model.finding import among
from lifecircle.model.reason import NO_CLASS, PERHAPS_EXEMPT, Reason
from lifecircle.model.status import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["Ways", "of_findings", "ways_of"]

Ways = tuple[Waiting, ...]
"""What would meet an area: any one of these."""

_JUDGED = frozenset({Status.COMPLIANT, Status.DEFICIENT, Status.NOT_ASSESSED})
_READ = ("applies", "status", "decided", "reason")


def of_findings(findings: pd.DataFrame) -> dict[Any, Ways]:
    """Return, by area, what would meet one clause that is sure to apply to it."""
    return {
        area: (one["waits"],)
        for area, one in _rows(findings, _waiting(findings))
        if one["applies"] == 1 and _waits(one)
    }


def ways_of(findings: Mapping[str, pd.DataFrame], clauses: Iterable[str]) -> dict[Any, Ways]:
    """Return, by area, what would meet all of some clauses that are sure to apply to it.

    Where only the age class is missing one of them applies: what would meet any of them.
    """
    tables = [findings[name] for name in clauses if name in findings]
    rows = [found.index[_waiting(found)] for found in tables if "waits" in found]
    waiting = {area for index in rows for area in index}
    by_area: dict[Any, list[dict[str, Any]]] = {}
    for found in tables if waiting else ():  # few areas wait: only theirs are read
        at = np.flatnonzero(among(found.index, waiting))
        for area, one in _rows(found, at):
            by_area.setdefault(area, []).append(one)
    told = {area: _ways(by_area[area]) for area in sorted(waiting, key=str)}
    return {area: ways for area, ways in told.items() if ways}


def _waiting(findings: pd.DataFrame) -> NDArray[np.int64]:
    """Return the rows of findings that wait for rooms."""
    return np.flatnonzero(findings["waits"].notna())


def _ways(rows: Sequence[dict[str, Any]]) -> Ways:
    """Return what would meet an area by its findings; nothing: it may be met without such rooms.

    One clause that is sure to apply is enough: without it the area misses one.
    """
    sure = [one for one in rows if one["applies"] == 1 and one["status"] in _JUDGED]
    if sure:
        return next(((one["waits"],) for one in sure if _waits(one)), ())
    exempt = any(one["status"] == Status.EXEMPT for one in rows)
    perhaps = [one for one in rows if one["decided"] in _JUDGED]
    return () if exempt or not all(map(_classless, perhaps)) else _any_of(perhaps)


def _any_of(perhaps: Sequence[dict[str, Any]]) -> Ways:
    """Return what would meet one of several clauses; nothing: one may be met without."""
    left = [one for one in perhaps if one["decided"] != Status.DEFICIENT]
    waits = all(isinstance(one["waits"], Waiting) for one in left)
    open_ = all(one["decided"] == Status.NOT_ASSESSED for one in left)
    return tuple(one["waits"] for one in left) if waits and open_ else ()


def _classless(one: dict[str, Any]) -> bool:
    reason = one["reason"]
    return isinstance(reason, Reason) and reason.code in NO_CLASS


def _waits(one: dict[str, Any]) -> bool:
    """Return whether a finding is open and waits; one that may be exempt may leave the rate."""
    reason = one["reason"]
    unread = isinstance(reason, Reason) and reason.code in PERHAPS_EXEMPT
    open_ = one["status"] == Status.NOT_ASSESSED
    return open_ and not unread and isinstance(one["waits"], Waiting)


def _rows(findings: pd.DataFrame, at: NDArray[np.int64]) -> Iterable[tuple[Any, dict[str, Any]]]:
    """Yield area and what is read of its finding, of the rows ``at``."""
    areas, *columns = (
        column.to_numpy()[at].tolist()
        for column in (findings.index, *(findings[name] for name in _READ))
    )
    waits = findings["waits"].to_numpy()[at].tolist() if "waits" in findings else [None] * len(at)
    for area, *told, one in zip(areas, *columns, waits, strict=True):
        yield area, {**dict(zip(_READ, told, strict=True)), "waits": one}
