"""The card beside the map: what was judged, the headline rate, and the legend of verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecircle.model.status import Status
from lifecircle.outputs.maps import shapes
from lifecircle.outputs.maps.areas import NO_VERDICT, verdict
from lifecircle.outputs.maps.wording import real, yes

if TYPE_CHECKING:
    from lifecircle.model.assessment import Assessment, ClauseResult
    from lifecircle.model.finding import Rate
    from lifecircle.outputs.maps.wording import Words

__all__ = ["banners", "headline", "legend", "notes", "title"]

_ALWAYS = (Status.COMPLIANT, Status.DEFICIENT, Status.NOT_ASSESSED)
"""Verdicts the legend names even where none occurs."""


def title(assessment: Assessment, words: Words) -> dict[str, Any]:
    """Return the title block: study, standards, date, stage, scenario."""
    documents = [
        assessment.standard_titles.get(standard, {}).get(words.language, standard)
        for standard in assessment.standards
    ]
    lines = [
        words.say("title.standard", standard=words.listing(documents)),
        words.say(
            "title.as_of",
            date=assessment.as_of.isoformat(),
            view=words.word("stage_view", assessment.stage),
        ),
    ]
    if len(documents) > 1:
        lines.append(words.say("legend_document", document=documents[0]))
    if assessment.scenario:
        lines.append(words.say("title.scenario", scenario=assessment.scenario))
    return {"study": assessment.study, "lines": lines}


def banners(assessment: Assessment, words: Words) -> list[str]:
    """Return the strip's lines: the study's own, and that the map is no authority on boundaries."""
    lines = [*map(words.common.banner, assessment.banners), words.say("internal_use")]
    return list(dict.fromkeys(lines))


def headline(assessment: Assessment, words: Words) -> dict[str, Any] | None:
    """Return the headline clause's rate as printed; None where the Assessment has none.

    The large figure is the official rate over the whole county, else the one by areas; the other
    county-wide bases follow as lines.
    """
    try:
        result = assessment.clause(assessment.headline_clause)
    except KeyError:
        return None
    county = [rate for rate in result.rates if rate.scope == "county"]
    main = result.official or next((r for r in county if r.basis == "areas"), None)
    main = main or next(iter(county), None)
    name = result.title.get(words.language) or result.id
    block: dict[str, Any] = {
        "title": f"{result.id} {name}",
        "status": str(result.status),
        "target": _target(result, words),
        "rate": words.say("no_rate"),
        "fraction": "",
        "lines": [],
    }
    if main is None:
        return block
    block["rate"] = words.percent(main.rate) or words.say("no_rate")
    block["fraction"] = _fraction(main, words)
    if main.not_assessed:
        block["lines"].append(
            words.say(
                "headline.not_assessed",
                n=words.number(main.not_assessed),
                range=words.common.range(main.low, main.high),
            )
        )
    households = next((r for r in county if r.basis == "households" and r is not main), None)
    if households is not None and households.rate is not None and main.basis != "households":
        block["lines"].append(
            words.say(
                "headline.other",
                basis=words.word("basis", households.basis),
                rate=words.common.rate(households),
            )
        )
    return block


def legend(assessment: Assessment, words: Words) -> list[dict[str, Any]]:
    """Return the verdicts with how many areas and households the map draws in each colour.

    This counts what is drawn, so that the legend agrees with the map; rates come from the
    Assessment alone.
    """
    by_verdict: dict[str, list[float | None]] = {}
    for row in shapes.rows(assessment.layers.get("residential")):
        by_verdict.setdefault(verdict(row), []).append(real(row.get("households")))
    found = []
    for key in [*map(str, Status), NO_VERDICT]:
        mine = by_verdict.get(key, [])
        if not mine and key not in _ALWAYS:
            continue
        known = [households for households in mine if households is not None]
        missing = len(mine) - len(known)
        total = words.number(sum(known)) or ""
        if missing:
            total = words.say("at_least", n=total) if known else words.say("missing")
        found.append(
            {
                "verdict": key,
                "word": words.say("no_verdict") if key == NO_VERDICT else words.word("status", key),
                "areas": len(mine),
                "areas_text": words.number(len(mine)),
                "households_text": total,
                **({"note": words.say("households_missing", n=missing)} if missing else {}),
            }
        )
    return found


def notes(assessment: Assessment, words: Words, unplaced: int) -> list[str]:
    """Return the lines under the legend: what is not on the map, what is invented."""
    lines = []
    if not any(len(layer) for layer in assessment.layers.values()):
        lines.append(words.say("empty_map"))
    if unplaced:
        lines.append(words.say("unplaced", n=unplaced))
    invented = any(
        yes(value)
        for layer in assessment.layers.values()
        for value in layer.get("illustrative", ())
    )
    if invented:
        lines.append(words.say("illustrative_note"))
    return lines


def _fraction(rate: Rate, words: Words) -> str:
    return words.say(
        "headline.fraction",
        numerator=words.number(rate.numerator),
        denominator=words.number(rate.denominator),
        basis=words.word("basis", rate.basis),
    )


def _target(result: ClauseResult, words: Words) -> str | None:
    if result.target is None or result.comparison is None:
        return None
    return words.say(
        "headline.target",
        target=words.common.target(result.comparison, result.target, result.unit),
    )
