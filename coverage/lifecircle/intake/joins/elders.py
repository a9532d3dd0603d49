"""People aged 60 or older known only for a whole community, shared out to its residential areas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from lifecircle.model.dictionary import unread
from lifecircle.model.problem import Problem, ProblemCode, Severity
from lifecircle.texts import say

if TYPE_CHECKING:
    from lifecircle.intake.ledger.rows import Ledger

__all__ = ["apportion_elders"]

_LIVED_IN = frozenset({"handed_over", "in_use"})


def apportion_elders(
    frame: pd.DataFrame, units: pd.DataFrame | None, ledger: Ledger, language: str
) -> tuple[pd.DataFrame, tuple[Problem, ...]]:
    """Return the residential areas with ``elders`` filled where only their community's is known.

    What a community has beyond the areas that name their own figure is shared out to the others
    in proportion to ``households``; areas not yet lived in take no part. Nothing is shared out in
    a community whose figure is smaller than that of its areas, or where an area has no
    households, or a figure that cannot be read: each of the others would be given too much.

    Parameters
    ----------
    frame
        Residential areas, ``community`` as a code.
    units
        The units layer (index code, ``elders``), or None.
    ledger
        The rows the areas come from, for messages.
    language
        Of the note that is added to ``basis`` of every area with a derived figure.
    """
    if units is None or not units["elders"].notna().any():
        return frame, ()
    frame = frame.copy()
    elders, basis = frame["elders"].copy(), frame["basis"].astype(object)
    lost = frame.get(unread("elders"), pd.Series(data=False, index=frame.index)).astype(bool)
    stages = frame["stage"].isna() | frame["stage"].isin(_LIVED_IN)
    problems: list[Problem] = []
    shared: list[str] = []
    count = 0
    for code, areas in frame[stages].groupby("community", sort=True):
        total = units["elders"].get(code)
        unsaid = areas.index[areas["elders"].isna()]
        if total is None or pd.isna(total) or unsaid.empty or lost[areas.index].any():
            continue
        name = str(units.at[code, "name"])
        known, weights = float(areas["elders"].sum()), frame.loc[unsaid, "households"]
        if known > total:
            problems.append(
                ledger.raw.problem(
                    ProblemCode.ELDERS_EXCEED,
                    Severity.WARNING,
                    community=name,
                    total=float(total),
                    known=known,
                )
            )
        elif weights.isna().any() or not weights.sum() > 0:
            lacking = int((weights.isna() | (weights == 0)).sum())
            problems.append(
                ledger.raw.problem(
                    ProblemCode.ELDERS_NO_HOUSEHOLDS,
                    Severity.WARNING,
                    community=name,
                    count=lacking,
                )
            )
        else:
            elders[unsaid] = (total - known) * weights / weights.sum()
            note = say("problems", "elders_apportioned.basis", language, community=name)
            basis[unsaid] = [f"{own}; {note}" if own else note for own in basis[unsaid]]
            shared.append(name)
            count += len(unsaid)
    if count:
        problems.append(
            ledger.raw.problem(
                ProblemCode.ELDERS_APPORTIONED, Severity.INFO, count=count, communities=shared
            )
        )
    return frame.assign(elders=elders, basis=basis), tuple(problems)
