"""What stands in a result for reference only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.model.status import Flag, Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from lifecircle.model.results.assessment import ClauseResult

__all__ = ["asked_of_nobody", "reckoned_for_reference"]

_NOT_ASKED = frozenset({str(Status.NOT_APPLICABLE), str(Status.NOT_IN_FORCE)})


def asked_of_nobody(clauses: Iterable[ClauseResult], findings: pd.DataFrame) -> frozenset[str]:
    """Return the areas whose missing m² are of reference only: no clause that is judged asks them.

    A document that asks existing areas for a facility and no m² has the province's quota beside it
    for comparison; the area may be 不达标 all the same, but not for these m².
    """
    aside = {(one.standard, one.id) for one in clauses if Flag.REFERENCE in one.flags}
    short = findings[
        (findings["status"] == str(Status.DEFICIENT)).to_numpy(dtype=bool)
        & (findings["layer"] == "residential").to_numpy(dtype=bool)
        & (findings["unit"] == "m2").to_numpy(dtype=bool)
    ]
    told = [
        (str(area), (standard, clause) in aside)
        for standard, clause, area in short[["standard", "clause", "id"]].itertuples(index=False)
    ]
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
    quotas = findings[
        ~findings["status"].astype(str).isin(_NOT_ASKED).to_numpy(dtype=bool)
        & (findings["layer"] == "residential").to_numpy(dtype=bool)
        & (findings["unit"] == "m2").to_numpy(dtype=bool)
    ]
    columns = quotas[["standard", "clause", "id"]]
    told = [(str(c), (a, b) in aside) for a, b, c in columns.itertuples(index=False)]
    asked = {area for area, reference in told if not reference}
    return frozenset(area for area, _ in told if area not in asked)
