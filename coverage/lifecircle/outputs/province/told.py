"""How a clause of a province is named: its number, what it asks, and under which view."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lifecircle.model.results.province import Province, ProvinceClause
    from lifecircle.outputs.words.wording import Wording

__all__ = ["clause_heading", "clause_target"]


def clause_target(clause: ProvinceClause, province: Province, words: Wording) -> str:
    """Return what a clause asks; under which scenario, and at which stage where there are two."""
    asked = words.target(clause.comparison, clause.target, clause.unit)
    if clause.scenario is not None:
        asked = words.say("province.under", target=asked, scenario=clause.scenario)
    return _staged(asked, clause, province, words)


def clause_heading(clause: ProvinceClause, province: Province, words: Wording) -> str:
    """Return number and title of a clause; its stage where there are two."""
    return _staged(f"{clause.id} {words.title(clause.title)}", clause, province, words)


def _staged(told: str, clause: ProvinceClause, province: Province, words: Wording) -> str:
    if len({county.stage for county in province.counties}) < 2:  # noqa: PLR2004 - both
        return told
    return words.say("province.at", told=told, stage=words.word("stage_view", clause.stage))
