"""What of a result is shown to people: the headline, banners, figures where they tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.outputs.words.banners import banner_lines, unwalked

if TYPE_CHECKING:
    from lifecircle.model.results.assessment import Assessment, ClauseResult
    from lifecircle.outputs.words.wording import Wording

__all__ = ["covered_by", "has_figures", "headline", "map_banners", "units_with_gaps"]

_YES_OR_NO = frozenset(
    {"compliance_rate", "unit_coverage", "has_facility", "stages", "facility_share"}
    | {"co_location", "assignment", "document"}
)
"""Measures whose subject has the thing or has it not: 1 and 0 are no figures."""


def has_figures(clause: ClauseResult) -> bool:
    """Return whether a clause's findings measure something, rather than answer yes or no."""
    return clause.measure not in _YES_OR_NO


def headline(assessment: Assessment) -> ClauseResult | None:
    """Return the result of the headline clause, if the first document has one."""
    try:
        return assessment.clause(assessment.headline_clause)
    except KeyError:
        return None


def map_banners(assessment: Assessment, words: Wording) -> list[str]:
    """Return a map's banners: the study's own, and that it is no authority on boundaries."""
    told = [*banner_lines(assessment, words), words.say("internal_use")]
    return list(dict.fromkeys(told))


def covered_by(assessment: Assessment) -> str:
    """Return the measure behind the areas' ``coverage``: ``walk`` where walks were computed."""
    return "radius" if unwalked(assessment) else "walk"


def units_with_gaps(assessment: Assessment) -> frozenset[str]:
    """Return the units with an area whose households are missing: their sum is a least one."""
    areas = assessment.layers["residential"]
    gaps = areas[areas["households"].isna()]
    return frozenset(
        str(code) for column in ("unit", "community") for code in gaps[column].dropna()
    )
