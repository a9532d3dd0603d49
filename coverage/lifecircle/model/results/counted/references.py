"""What stands in a result for reference only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lifecircle.model.status import Flag, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pandas as pd

    from lifecircle.model.results.assessment import ClauseResult

__all__ = ["asked_of_nobody", "of_reference", "reckoned_for_reference"]

_NOT_ASKED = frozenset({str(Status.NOT_APPLICABLE), str(Status.NOT_IN_FORCE)})


def of_reference(clauses: Iterable[ClauseResult], findings: pd.DataFrame) -> frozenset[str]:
    """Return the areas whose required and missing m² no clause in judgment asks."""
    clauses = tuple(clauses)
    return reckoned_for_reference(clauses, findings) | asked_of_nobody(clauses, findings)


def asked_of_nobody(clauses: Iterable[ClauseResult], findings: pd.DataFrame) -> frozenset[str]:
    """Return the areas whose missing m² are of reference only: no clause that is judged asks them.

    A document that asks existing areas for a facility and no m² has the province's quota beside it
    for comparison; the area may be 不达标 all the same, but not for these m².
    """
    aside = {(one.standard, one.id) for one in clauses if Flag.REFERENCE in one.flags}
    told = _told(findings, lambda status: status == str(Status.DEFICIENT), aside)
    asked = {area for area, reference in told if not reference}
    return frozenset(area for area, _ in told if area not in asked)


def reckoned_for_reference(
    clauses: Iterable[ClauseResult], findings: pd.DataFrame
) -> frozenset[str]:
    """Return the areas whose m² are all of reference: required, short and beyond alike.

    Each quota that is reckoned for such an area, met or not, is one that no clause in judgment
    asks. An area that a judged quota exempts is asked by it.
    """
    aside = {(one.standard, one.id) for one in clauses if Flag.REFERENCE in one.flags}
    told = _told(findings, lambda status: status not in _NOT_ASKED, aside)
    asked = {area for area, reference in told if not reference}
    return frozenset(area for area, _ in told if area not in asked)


def _told(
    findings: pd.DataFrame,
    wanted: Callable[[str], bool],
    aside: set[tuple[str, str]],
) -> list[tuple[str, bool]]:
    """Return area, and whether it is of a clause set aside, of each finding in m² that is wanted.

    Few clauses speak of m²: only their rows are looked at.
    """
    m2 = (findings["layer"] == "residential") & (findings["unit"] == "m2")
    rows = np.flatnonzero(m2.to_numpy(dtype=bool))
    status, standard, clause, area = (
        findings[name].to_numpy()[rows].tolist() for name in ("status", "standard", "clause", "id")
    )
    return [
        (str(one), (a, b) in aside)
        for said, a, b, one in zip(status, standard, clause, area, strict=True)
        if wanted(str(said))
    ]
