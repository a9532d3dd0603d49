"""What the map says of clauses: how each came out, over the county and subject by subject."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lifecircle.model.status import Flag, Status
from lifecircle.outputs.maps.areas import NONE, numbers, percents, statuses
from lifecircle.outputs.maps.pack import Figures, Texts
from lifecircle.outputs.maps.wording import listed, text
from lifecircle.outputs.words.showing import has_figures

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from lifecircle.model.finding import Rate
    from lifecircle.model.results.assessment import Assessment, ClauseResult
    from lifecircle.outputs.maps.areas import Places
    from lifecircle.outputs.maps.wording import Words

__all__ = ["clause_columns", "headline", "shown_clauses"]

_SUBJECTS = ("residential", "units", "facilities", "county")
_DIGITS = {"m": 0, "min": 1, "places": 0, "facilities": 0, "areas": 0, "beds": 0}
"""Decimals of a figure by its unit, as in the reports; 2 for the others."""


def shown_clauses(assessment: Assessment) -> list[ClauseResult]:
    """Return the clauses the map can show, the headline first, else in the Assessment's order.

    Left out are documents and what has neither subjects nor a number.
    """
    found = [
        c
        for c in assessment.clauses
        if c.measure != "document"
        and c.subject in _SUBJECTS
        and (c.counts or c.value is not None)
        and not set(c.counts) <= {Status.NOT_IN_FORCE}
        and (c.subject != "county" or c.comparison is not None)
    ]
    return sorted(found, key=lambda c: c is not _headline(assessment))


def _headline(assessment: Assessment) -> ClauseResult | None:
    first = assessment.standards[0] if assessment.standards else None
    try:
        return assessment.clause(assessment.headline_clause, first)
    except KeyError:
        return None


def clause_columns(
    assessment: Assessment, words: Words, shown: list[ClauseResult], subjects: Mapping[str, Places]
) -> list[dict[str, Any]]:
    """Return one entry a clause.

    Parameters
    ----------
    subjects
        ``residential``, ``units``, ``facilities`` → their rows; findings are columns in that
        order.
    """
    table = assessment.findings
    parts = (
        dict(tuple(table.groupby(["standard", "clause"], sort=False)))
        if table is not None and len(table)
        else {}
    )
    return [
        _clause(assessment, words, result, parts.get((result.standard, result.id)), subjects)
        for result in shown
    ]


def _clause(
    assessment: Assessment,
    words: Words,
    result: ClauseResult,
    found: pd.DataFrame | None,
    subjects: Mapping[str, Places],
) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "id": result.id,
        "standard": result.standard,
        "subject": result.subject,
        "reference": Flag.REFERENCE in result.flags,
        # the areas' own verdict, reason and clause are this one's
        "verdict": result is _headline(assessment),
        **_quote(assessment, words, result),
        "scopes": _scopes(words, result),
    }
    units = subjects["units"]
    if result.official is not None:
        rates = {r.scope: r.rate for r in result.rates if r.basis == result.official.basis}
        shares = [rates.get(code) for code in units.ids]
        if any(share is not None for share in shares):
            known = np.array([np.nan if s is None else s for s in shares])
            entry["unit_rates"] = Figures(percents(known), 1)
    if found is not None and result.subject in subjects:
        entry |= _findings(words, result, found, subjects[result.subject])
    return entry


def _quote(assessment: Assessment, words: Words, result: ClauseResult) -> dict[str, Any]:
    title = words.common.title(result.title, result.id)
    document = words.common.title(
        assessment.standard_titles.get(result.standard, {}), result.standard
    )
    short = f"{words.common.clause(result.id)} {title}"
    source = words.join([document, text(result.section)]) if text(result.quote) else None
    return {"short": short, "cite": words.join([short, source]), "quote": text(result.quote) or ""}


def _findings(
    words: Words, result: ClauseResult, found: pd.DataFrame, subjects: Places
) -> dict[str, Any]:
    rows = found.drop_duplicates("id").set_index("id").reindex(subjects.ids)
    unit = next((u for u in map(text, found["unit"]) if u), "")
    told = has_figures(result)
    percent = unit == "%"
    digits = 1 if percent else _DIGITS.get(unit, 2)
    entry: dict[str, Any] = {
        "status": statuses(rows["status"]),
        "reason": Texts(words.reasons(rows["reason"])),
        "flags": _flags(words, rows),
        "unit": "%" if percent else words.word("unit", unit) or "",
        "unit_code": unit,
    }
    for name in ("measured", "required", "deficit") if told else ():
        values = numbers(rows, name)
        if not np.isnan(values).all():
            entry[name] = Figures(percents(values / 100.0) if percent else values, digits)
    return entry


def _flags(words: Words, rows: pd.DataFrame) -> Texts:
    """Return the flags of every subject in words, but for the one its colour tells."""
    known: dict[Any, str | None] = {}
    out = []
    for flags in rows["flags"]:
        key = flags if isinstance(flags, str | tuple) else None
        if key not in known:
            named = [words.word("flag", f) for f in listed(key) if f != Flag.REFERENCE]
            known[key] = "\n".join(name for name in named if name) or None
        out.append(known[key])
    return Texts(out)


def _scopes(words: Words, result: ClauseResult) -> dict[str, dict[str, Any]]:
    """Return the headline of a clause over the county and over each unit and setting."""
    scopes = dict.fromkeys(["county", *(rate.scope for rate in result.rates)])
    return {scope: headline(words, result, scope) for scope in scopes}


def headline(words: Words, result: ClauseResult, scope: str = "county") -> dict[str, Any]:
    """Return a clause's rate over one scope as printed, and what else is known of it.

    The large figure is the official rate, else the one by areas, else the clause's own value; the
    rate by households follows as a line.
    """
    rates = {rate.basis: rate for rate in result.rates if rate.scope == scope}
    official = result.official.basis if result.official else "areas"
    main = rates.get(official) or next(iter(rates.values()), None)
    if main is None and scope == "county":
        main = result.official
    block: dict[str, Any] = {
        "status": str(result.status) if scope == "county" else None,
        "target": _target(result, words),
        "rate": words.say("no_rate"),
        "fraction": "",
        "lines": [],
    }
    if main is None:
        if scope == "county":
            block["rate"] = words.common.clause_value(result)
        return block
    block["rate"] = words.percent(main.rate) or words.say("no_rate")
    if main.denominator:
        block["fraction"] = _fraction(main, words)
    if main.not_assessed:
        block["lines"].append(
            words.say(
                "headline.not_assessed",
                n=words.number(main.not_assessed),
                range=words.common.range(main.low, main.high),
            )
        )
    households = rates.get("households")
    if households is not None and households is not main and households.rate is not None:
        block["lines"].append(_by_households(words, households))
    return block


def _by_households(words: Words, rate: Rate) -> str:
    """Return the rate by households; without a range where an area's households are missing."""
    if rate.not_assessed and (rate.low is None or rate.high is None):
        return words.say(
            "headline.households_open",
            fraction=f"{words.number(rate.numerator)}/{words.number(rate.denominator)}",
            rate=words.percent(rate.rate),
            n=words.number(rate.not_assessed),
        )
    return words.say(
        "headline.other",
        basis=words.word("basis", rate.basis),
        rate=words.common.rate(rate),
    )


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


def applying(shown: list[ClauseResult], standard: str) -> dict[str, int]:
    """Return clause id → its number in the page, of the first document's clauses."""
    return {c.id: n for n, c in enumerate(shown) if c.standard == standard and n < NONE}
