"""How well spare m² were shared out, in words: for the workbook's summary and the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.model.finding import meets

if TYPE_CHECKING:
    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.words.wording import Wording

__all__ = ["settlement_lines"]


def settlement_lines(assessment: Assessment, words: Wording) -> list[str]:
    """Return how good each distribution of spare m² is, in a sentence each."""
    lines = []
    for one in assessment.settlements:
        lacking = "settlement.lacking_or_open" if one.undecided else "settlement.lacking"
        params = {
            "basis": words.say(f"allocation.{one.basis}"),
            "lacking": words.say(lacking, short=one.short, undecided=one.undecided),
            "served": one.served,
            "households": one.households,
            "official": words.word("basis", one.official),
            "gain": one.gain,
            "bound": one.bound,
            "gap": one.bound - one.gain,
        }
        best_count = meets(one.bound, "<=", one.gain)
        code = "proven" if one.proven else "households_open" if best_count else "open"
        if code == "households_open":
            params["bound"] = one.households_bound
            params["gap"] = (one.households_bound or one.households) - one.households
        lines.append(words.say(f"settlement.{code}", **params))
    return lines
