"""What the map says of clauses: how each came out, over the county and subject by subject."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lifecircle.model.cell import listed, text_or_none
from lifecircle.model.status import Flag, Status
from lifecircle.outputs.maps.columns import NONE, numbers, percents, reasons, statuses
from lifecircle.outputs.maps.labels import one_line
from lifecircle.outputs.maps.pack import Codes, Figures, Texts
from lifecircle.outputs.words.banners import asked, quote_mark
from lifecircle.outputs.words.figures import decimals, either_way, no_figure
from lifecircle.outputs.words.quantities import quantity
from lifecircle.outputs.words.showing import (
    basis_word,
    has_figures,
    headline,
    is_least,
    marks_of,
    relayed,
    same_fact,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from lifecircle.model.finding import Rate
    from lifecircle.model.results.assessment import Assessment, ClauseResult
    from lifecircle.outputs.maps.columns import RowNumbers
    from lifecircle.outputs.words.wording import Wording

__all__ = [
    "applying",
    "clause_columns",
    "figures_today",
    "headline_block",
    "shown_clauses",
]

_SUBJECTS = ("residential", "units", "facilities", "county")


def shown_clauses(assessment: Assessment) -> list[ClauseResult]:
    """Return the clauses the map can show, the headline first, else in the Assessment's order.

    Left out are documents, what has neither subjects nor a number, and repetitions of one fact.
    """
    main = headline(assessment)
    found = [
        c
        for c in assessment.clauses
        if c.measure != "document"
        and (c is main or not c.repeated)
        and c.subject in _SUBJECTS
        and (c.counts or c.value is not None)
        and not set(c.counts) <= {Status.NOT_IN_FORCE}
        and (c.subject != "county" or c.comparison is not None)
    ]
    return sorted(found, key=lambda c: c is not main)


def clause_columns(
    assessment: Assessment,
    words: Wording,
    shown: list[ClauseResult],
    subjects: Mapping[str, RowNumbers],
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
    words: Wording,
    result: ClauseResult,
    found: pd.DataFrame | None,
    subjects: Mapping[str, RowNumbers],
) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "id": result.id,
        "standard": result.standard,
        "subject": result.subject,
        "reference": Flag.REFERENCE in result.flags,
        # the areas' own verdict, reason and clause are this one's
        "verdict": result is headline(assessment),
        **_quote(assessment, words, result),
        "scopes": _scopes(words, result),
    }
    units = subjects["units"]
    if result.official is not None:
        rates = {r.scope: r.told for r in result.rates if r.basis == result.official.basis}
        shares = [rates.get(code) for code in units.ids]
        if any(share is not None for share in shares):
            known = np.array([np.nan if s is None else s for s in shares])
            entry["unit_rates"] = Figures(percents(known), 1)
    if found is not None and result.subject in subjects:
        entry |= _findings(words, result, found, subjects[result.subject])
    return entry


def _quote(assessment: Assessment, words: Wording, result: ClauseResult) -> dict[str, Any]:
    title = words.title(result.title, result.id)
    document = words.title(assessment.standard_titles.get(result.standard, {}), result.standard)
    short = f"{words.clause(result.id)} {title}"
    source = (
        one_line([document, text_or_none(result.section), quote_mark(result, words)])
        if text_or_none(result.quote)
        else relayed(result, words)
    )
    return {
        "short": short,
        "cite": one_line([short, source, same_fact(result, words)]),
        "quote": text_or_none(result.quote) or "",
    }


_FIGURES = ("measured", "required", "deficit")


def _findings(
    words: Wording, result: ClauseResult, found: pd.DataFrame, subjects: RowNumbers
) -> dict[str, Any]:
    rows = found[["id", "status", "reason", "flags", *_FIGURES]].drop_duplicates("id")
    rows = rows.set_index("id").reindex(subjects.ids)
    unit = _unit(found)
    percent = unit == "%"
    entry: dict[str, Any] = {
        "status": statuses(rows["status"]),
        "reason": reasons(rows["reason"], words),
        "flags": _flags(words, rows, result),
        "unit": "%" if percent else words.word_or_none("unit", unit) or "",
        "unit_code": unit,
    }
    least = [is_least(one) for one in rows["reason"]]
    if any(least):  # what it lacks is told as so much at least
        entry["least"] = Codes(np.array(least, dtype=int))
    return entry | _figure_columns(result, rows, unit)


def _unit(found: pd.DataFrame) -> str:
    return next((u for u in map(text_or_none, found["unit"]) if u), "")


def _figure_columns(result: ClauseResult, rows: pd.DataFrame, unit: str) -> dict[str, Figures]:
    """Return what a clause measures, requires and misses, as far as anything is known of it."""
    percent = unit == "%"
    digits = 1 if percent else decimals(unit)
    found = {}
    for name in _FIGURES if has_figures(result) else ():
        values = numbers(rows, name)
        if not np.isnan(values).all():
            found[name] = Figures(percents(values / 100.0) if percent else values, digits)
    return found


def figures_today(
    result: ClauseResult, found: pd.DataFrame, ids: Sequence[str]
) -> dict[str, Figures]:
    """Return the same without the places of a plan.

    Parameters
    ----------
    found
        The clause's findings.
    ids
        The subjects, in the page's order.
    """
    rows = found.drop_duplicates("id").set_index("id")
    rows = rows[list(_FIGURES)].astype(float).reindex(ids)
    known = {} if result.unbuilt is None else result.unbuilt.figures
    for key, one in known.items():
        if key in rows.index:
            measured = np.inf if one.beyond else one.measured
            rows.loc[key] = [
                np.nan if v is None else v for v in (measured, one.required, one.deficit)
            ]
    return _figure_columns(result, rows, _unit(found))


def _flags(words: Wording, rows: pd.DataFrame, result: ClauseResult) -> Texts:
    """Return the marks of every subject in words, but for the one its colour tells."""
    known: dict[Any, str | None] = {}
    out = []
    for status, flags in zip(rows["status"], rows["flags"], strict=True):
        told = text_or_none(status)  # of a subject that the clause has no finding of: none
        key = told, flags if isinstance(flags, str | tuple) else None
        if key not in known:
            marks = () if told is None else marks_of(told, listed(key[1]), result)
            named = [words.word_or_none("flag", f) for f in marks if f != Flag.REFERENCE]
            known[key] = "\n".join(name for name in named if name) or None
        out.append(known[key])
    return Texts(out)


def _scopes(words: Wording, result: ClauseResult) -> dict[str, dict[str, Any]]:
    """Return the headline of a clause over the county and over each unit and setting."""
    scopes = dict.fromkeys(["county", *(rate.scope for rate in result.rates)])
    return {scope: headline_block(words, result, scope) for scope in scopes}


def headline_block(words: Wording, result: ClauseResult, scope: str = "county") -> dict[str, Any]:
    """Return a clause's rate over one scope as printed, and what else is known of it.

    The large figure is the official rate, else the one by areas, else the clause's own value; the
    rate by households follows as a line.
    """
    rates = {rate.basis: rate for rate in result.rates if rate.scope == scope}
    official = result.official.basis if result.official else "areas"
    main = rates.get(official) or next(iter(rates.values()), None)
    county = scope == "county"
    if main is None and county:
        main = result.official
    block: dict[str, Any] = {
        "status": str(result.status) if county else None,
        "target": _target(result, words),
        "rate": words.say("no_rate"),
        "fraction": "",
        "lines": [],
    }
    if main is not None:
        block |= _rate_block(main, rates.get("households"), words, result)
    elif county:
        block["rate"] = words.clause_value(result)
    # what the figure rests on: 来源待核, 期满, 情景, 约数; of the reference its colour tells
    flags = [words.word("flag", flag) for flag in result.flags if flag != Flag.REFERENCE]
    if flags and county:
        block["lines"] = [words.say("headline.flags", flags=words.list(flags)), *block["lines"]]
    return block


def _rate_block(
    main: Rate, households: Rate | None, words: Wording, result: ClauseResult
) -> dict[str, Any]:
    """Return the main rate as printed, what is not decided, and the rate by households."""
    lines = []
    if main.not_assessed:
        unknown, span = quantity(main.not_assessed, words), words.range(main.low, main.high)
        code = "headline.same" if either_way(main) else "headline.not_assessed"
        # beds of beds, or what no document sets a figure for: nobody complies by being counted
        share = result.subject == "county" or result.target is None
        told = words.say("headline.share" if share else "headline.rate")
        lines.append(words.say(code, n=unknown, rate=told, range=span))
    if households is not None and households is not main and households.told is not None:
        lines.append(_by_households(words, households))
    return {
        "rate": words.say("no_rate") if no_figure(main) else words.share(main),
        "fraction": _fraction(main, words, result) if main.told is not None else "",
        "lines": lines,
    }


def _by_households(words: Wording, rate: Rate) -> str:
    """Return the rate by households; without a range where an area's households are missing."""
    if rate.not_assessed and (rate.low is None or rate.high is None):
        return words.say(
            "headline.households_open",
            fraction=f"{quantity(rate.numerator, words)}/{quantity(rate.denominator, words)}",
            rate=words.share(rate),
            n=quantity(rate.not_assessed, words),
        )
    return words.say(
        "headline.other",
        basis=words.word("basis", rate.basis),
        rate=words.rate(rate),
    )


def _fraction(rate: Rate, words: Wording, result: ClauseResult) -> str:
    return words.say(
        "headline.fraction",
        numerator=quantity(rate.numerator, words),
        denominator=quantity(rate.denominator, words),
        basis=basis_word(rate.basis, result, words),
    )


def _target(result: ClauseResult, words: Wording) -> str | None:
    if result.target is None or result.comparison is None:
        return None
    return words.say(
        "headline.target",
        target=asked(result, words),
    )


def applying(shown: list[ClauseResult], standard: str) -> dict[str, int]:
    """Return clause id → its number in the page, of the first document's clauses."""
    return {c.id: n for n, c in enumerate(shown) if c.standard == standard and n < NONE}
