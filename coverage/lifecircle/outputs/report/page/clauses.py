"""Clauses in the report: a card each, worst subjects first, and the rates by unit and clause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.model.cell import text_or_none
from lifecircle.model.status import Flag, Status
from lifecircle.outputs.report.page.rows import Row, subject_name, table_rows
from lifecircle.outputs.words.quantities import beside
from lifecircle.outputs.words.ranking import deficient_findings, ranked_findings
from lifecircle.outputs.words.showing import basis_word, has_figures, same_fact

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from lifecircle.model.finding import Rate
    from lifecircle.model.results.assessment import Assessment, ClauseResult
    from lifecircle.outputs.words.wording import Wording

__all__ = ["LISTED_PER_CLAUSE", "clause_cards", "side_by_side", "unit_matrices"]

_ABREAST = 8
"""Clauses that stand side by side above the units: more leave a column one character."""
LISTED_PER_CLAUSE = 30
"""Failing subjects listed under one clause; the rest stand in the workbook and GeoPackage."""

_REGIONS = ("county", "urban", "rural")


def clause_cards(assessment: Assessment, words: Wording) -> list[Row]:
    """Return every clause with its failing subjects, worst first, and its rates by basis.

    Of clauses that state one fact the first has them.
    """
    failing = deficient_findings(assessment.findings)
    own = failing.groupby(["standard", "clause"], sort=False).indices
    # what the document asks for comes first, the reference checks after it
    ordered = sorted(assessment.clauses, key=lambda c: Flag.REFERENCE in c.flags)
    cards = [
        _card(clause, assessment, failing.iloc[own.get((clause.standard, clause.id), [])], words)
        for clause in ordered
    ]
    first = next((card for card in cards if card["reference"]), None)
    return [card | {"first_reference": card is first} for card in cards]


def _card(
    clause: ClauseResult, assessment: Assessment, failing: pd.DataFrame, words: Wording
) -> Row:
    """Return what is told of a clause; ``failing``: its own findings that fail."""
    mine = failing.iloc[:0] if clause.repeated else failing
    # a rate's range stands with the rate; a clause without a value shows its range
    span = None if clause.value is None else words.span(clause.low, clause.high, clause.unit)
    if span == words.clause_value(clause):  # a rate that nothing decided has met is its range
        span = None
    headline = clause.id == assessment.headline_clause
    return {
        "clause": clause,
        "anchor": f"c-{clause.standard}-{clause.id}",
        "reference": Flag.REFERENCE in clause.flags,
        "reported": clause.status is Status.REPORTED,
        "span": span,
        "figures": has_figures(clause),
        "listed_above": headline and clause.measure == "compliance_rate",
        "failing": [_finding(row, words) for row in table_rows(mine.head(LISTED_PER_CLAUSE))],
        "failing_more": max(0, len(mine) - LISTED_PER_CLAUSE),
        "annex": [] if clause.repeated else _annex(clause, words),
        "same_fact": same_fact(clause, words),
        "said": _said(clause, words),
        "ranked": _ranked(clause, assessment, words),
    }


def _said(clause: ClauseResult, words: Wording) -> str:
    """Return what the result rests on; a county that misses or lacks something is told below."""
    told = clause.subject == "county" and clause.status is Status.DEFICIENT
    return "" if told else words.reason(clause.said)


def _ranked(clause: ClauseResult, assessment: Assessment, words: Wording) -> list[Row]:
    """Return the subjects of a clause that ranks them, the largest figure first."""
    found = ranked_findings(assessment.findings, clause).head(LISTED_PER_CLAUSE)
    return [_finding(row, words) for row in table_rows(found)]


def _finding(row: Row, words: Wording) -> Row:
    return {
        "name": subject_name(row, words),
        "part": text_or_none(row["part"]),
        "required": beside(row["required"], row["measured"], row["unit"], words),
        "measured": beside(row["measured"], row["required"], row["unit"], words),
        "deficit": beside(row["deficit"], 0.0, row["unit"], words),
        "reason": words.reason(row["reason"]),
        "flags": [words.word("flag", flag) for flag in row["flags"] if flag != Flag.REFERENCE],
    }


def _annex(clause: ClauseResult, words: Wording) -> list[Row]:
    """Return the rates of the county, its towns and its villages, one row a basis."""
    found: dict[str, dict[str, Rate]] = {}
    for rate in clause.rates:
        if rate.scope in _REGIONS:
            found.setdefault(rate.basis, {})[rate.scope] = rate
    return [
        {
            "basis": basis_word(basis, clause, words),
            "official": clause.official is not None and basis == clause.official.basis,
            "rates": [words.rate(by_scope.get(scope)) for scope in _REGIONS],
        }
        for basis, by_scope in found.items()
    ]


def unit_matrices(assessment: Assessment, words: Wording) -> list[Row]:
    """Return official rates by administrative unit and clause, townships before communities.

    Only clauses of the document; the reference checks have their own cards. Of many clauses there
    are several parts, one below the other, each with the units that have a rate in it.
    """
    clauses = _rated(assessment)
    cells = _rates_of_units(clauses)
    units = assessment.layers.get("units")
    levels = {} if units is None else {str(i): v for i, v in units["level"].items()}
    by_level: dict[str, list[str]] = {}
    for scope in sorted(cells):
        by_level.setdefault(levels.get(scope) or "township", []).append(scope)
    matrices = []
    for level in ("township", "community"):
        scopes = by_level.get(level, [])
        used = sorted({number for scope in scopes for number in cells[scope]})
        if not used:
            continue
        parts = [
            {
                "clauses": [clauses[n] for n in some],
                "rows": [
                    {"code": scope, "name": words.name(scope, "units"), "rates": rates}
                    for scope, rates in _rates_of(scopes, some, cells)
                    if any(rate is not None for rate in rates)
                ],
            }
            for some in side_by_side(used)
        ]
        matrices.append({"level": level, "units": len(scopes), "parts": parts})
    return matrices


def side_by_side(numbers: list[int]) -> list[list[int]]:
    """Return clauses in parts that a page has room for, none of them much smaller."""
    parts = -(-len(numbers) // _ABREAST)
    each = -(-len(numbers) // parts)
    return [numbers[at : at + each] for at in range(0, len(numbers), each)]


def _rated(assessment: Assessment) -> list[ClauseResult]:
    """Return the document's clauses with a rate, one a fact."""
    asked = (c for c in assessment.clauses if c.official is not None and c.quote)
    return [c for c in asked if not c.repeated]


def _rates_of(
    scopes: list[str], used: list[int], cells: Mapping[str, Mapping[int, Rate]]
) -> Iterator[tuple[str, list[Rate | None]]]:
    """Yield each unit with its rates by the clauses used, None where it has none."""
    for scope in scopes:
        yield scope, [cells[scope].get(number) for number in used]


def _rates_of_units(clauses: list[ClauseResult]) -> dict[str, dict[int, Rate]]:
    """Return unit → number of a clause → its official rate there."""
    found: dict[str, dict[int, Rate]] = {}
    for number, clause in enumerate(clauses):
        for rate in clause.rates:
            official = clause.official is not None and rate.basis == clause.official.basis
            if official and rate.scope not in _REGIONS:
                found.setdefault(rate.scope, {})[number] = rate
    return found
