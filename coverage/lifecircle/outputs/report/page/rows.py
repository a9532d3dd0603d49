"""Rows of the report's tables: chosen, ordered and put into words, never computed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from lifecircle.model.finding import TOLERANCE
from lifecircle.model.reason import Reason
from lifecircle.model.status import Flag, Status
from lifecircle.outputs.words.ranking import deficient_findings, undecided_findings, worst_first
from lifecircle.outputs.words.showing import has_figures
from lifecircle.outputs.words.site_uses import site_uses
from lifecircle.outputs.words.wording import number_or_none, text_or_none
from lifecircle.texts import known

if TYPE_CHECKING:
    from lifecircle.model.finding import Rate
    from lifecircle.model.results.assessment import Assessment, ClauseResult
    from lifecircle.outputs.words.wording import Wording

__all__ = [
    "LISTED_PER_CLAUSE",
    "candidate_sites",
    "clause_cards",
    "failing_areas",
    "failing_elsewhere",
    "headline",
    "illustrative",
    "readings",
    "suggestions",
    "table_rows",
    "undecided_subjects",
    "unit_matrices",
]

LISTED_PER_CLAUSE = 30
"""Failing subjects listed under one clause; the rest stand in the workbook and GeoPackage."""

_REGIONS = ("county", "urban", "rural")
Row = dict[str, Any]


def headline(assessment: Assessment) -> ClauseResult | None:
    """Return the result of the headline clause, if the standard has one."""
    try:
        return assessment.clause(assessment.headline_clause)
    except KeyError:
        return None


def clause_cards(assessment: Assessment, words: Wording) -> list[Row]:
    """Return every clause with its failing subjects, worst first, and its rates by basis."""
    failing = deficient_findings(assessment.findings)
    # what the document asks for comes first, the reference checks after it
    ordered = sorted(assessment.clauses, key=lambda c: Flag.REFERENCE in c.flags)
    cards: list[Row] = []
    for clause in ordered:
        mine = failing[(failing["clause"] == clause.id) & (failing["standard"] == clause.standard)]
        cards.append(
            {
                "clause": clause,
                "first_reference": False,
                "anchor": f"c-{clause.standard}-{clause.id}",
                "reference": Flag.REFERENCE in clause.flags,
                "reported": clause.status is Status.REPORTED,
                # a rate's range stands with the rate; a clause without a value shows its range
                "span": None
                if clause.value is None
                else words.span(clause.low, clause.high, clause.unit),
                "figures": has_figures(clause),
                "listed_above": clause.id == assessment.headline_clause
                and clause.measure == "compliance_rate",
                "failing": [
                    _finding(row, words) for row in table_rows(mine.head(LISTED_PER_CLAUSE))
                ],
                "failing_more": max(0, len(mine) - LISTED_PER_CLAUSE),
                "annex": _annex(clause, words),
            }
        )
    for card in cards:
        card["first_reference"] = card["reference"] and not any(c["first_reference"] for c in cards)
    return cards


def _annex(clause: ClauseResult, words: Wording) -> list[Row]:
    """Return the rates of the county, its towns and its villages, one row a basis."""
    found: dict[str, dict[str, Rate]] = {}
    for rate in clause.rates:
        if rate.scope in _REGIONS:
            found.setdefault(rate.basis, {})[rate.scope] = rate
    return [
        {
            "basis": words.word("basis", basis),
            "official": clause.official is not None and basis == clause.official.basis,
            "rates": [words.rate(by_scope.get(scope)) for scope in _REGIONS],
        }
        for basis, by_scope in found.items()
    ]


def failing_areas(assessment: Assessment, words: Wording) -> list[Row]:
    """Return the residential areas deficient under the headline clause, worst first."""
    areas = worst_first(pd.DataFrame(assessment.layers["residential"].drop(columns="geometry")))
    standards = {c.id: c.standard for c in reversed(assessment.clauses)}
    return [
        row
        | {
            "standard": standards.get(str(row["clause"])),
            "reason_text": words.reason(row["reason"]),
            "remedy": words.remedy(row["remedy"]),
        }
        for row in table_rows(areas.reset_index(names="id"))
        if row["verdict"] == Status.DEFICIENT
    ]


def failing_elsewhere(assessment: Assessment, words: Wording) -> list[Row]:
    """Return, for every document after the first, the areas deficient under its own clauses."""
    found = deficient_findings(assessment.findings)
    found = found[(found["layer"] == "residential").to_numpy(dtype=bool)]
    named = {(c.standard, c.id): c for c in assessment.clauses}
    tables = []
    for standard in assessment.standards[1:]:
        areas: dict[str, Row] = {}
        for row in table_rows(found[(found["standard"] == standard).to_numpy(dtype=bool)]):
            clause = named.get((standard, row["clause"]))
            # the rate over clauses only repeats them
            if Flag.REFERENCE in row["flags"] or clause is None:
                continue
            if clause.measure == "compliance_rate":
                continue
            area = areas.setdefault(
                row["id"], {"name": words.name(row["id"], "residential"), "lines": []}
            )
            area["lines"].append({"clause": row["clause"], "reason": words.reason(row["reason"])})
        title = words.title(assessment.standard_titles.get(standard, {}), standard)
        tables.append({"standard": standard, "title": title, "areas": list(areas.values())})
    return tables


def candidate_sites(assessment: Assessment, words: Wording) -> list[Row]:
    """Return the candidate sites that remedies name, with all they are named for."""
    frame = assessment.layers["sites"]
    found = []
    for site, uses in site_uses(assessment).items():
        room = number_or_none(frame.at[site, "floor_area_m2"])
        total = sum(m2 for _, m2 in uses)
        found.append(
            {
                "name": words.name(site, "sites"),
                "floor_area_m2": room,
                "uses": words.list(
                    words.say("sites.use", area=words.name(area, "residential"), m2=m2)
                    for area, m2 in uses
                ),
                "total": total,
                "exceeds": room is not None and total > room + TOLERANCE,
            }
        )
    return found


def undecided_subjects(assessment: Assessment, words: Wording) -> list[Row]:
    """Return what is missing under which clauses, whom it leaves open, and who can supply it.

    Subjects that miss the same under the same clauses share a row (``names``).
    """
    found: dict[tuple[str, str, str], Row] = {}
    for row in table_rows(undecided_findings(assessment.findings)):
        if Flag.REFERENCE in row["flags"]:
            continue
        reason = words.reason(row["reason"]) or words.say("reason.none")
        entry = found.setdefault(
            (row["layer"], row["id"], reason),
            {
                "layer": row["layer"],
                "name": _subject(row, words),
                "clauses": [],
                "reason": reason,
                "supplier": _supplier(row["reason"], words),
            },
        )
        if row["clause"] not in entry["clauses"]:
            entry["clauses"].append(row["clause"])
    alike: dict[tuple[Any, ...], Row] = {}
    for entry in found.values():
        key = (entry["layer"], entry["reason"], tuple(entry["clauses"]), entry["supplier"])
        alike.setdefault(key, entry | {"names": []})["names"].append(entry["name"])
    return list(alike.values())


def _supplier(reason: Any, words: Wording) -> str:
    code = f"supplier.{reason.code}" if isinstance(reason, Reason) else ""
    return words.say(code if known("report", code) else "supplier.other")


def suggestions(assessment: Assessment, words: Wording) -> list[Row]:
    """Return the suggested part of the allocation (调剂建议)."""
    table = assessment.allocation
    return [
        {
            "facility": words.name(row["facility"], "facilities"),
            "residential": words.name(row["residential"], "residential"),
            "m2": row["m2"],
            "clause": row["clause"],
        }
        for row in table_rows(table[(table["basis"] == "suggested").to_numpy(dtype=bool)])
    ]


def unit_matrices(assessment: Assessment, words: Wording) -> list[Row]:
    """Return official rates by administrative unit and clause, townships before communities.

    Only clauses of the document; the reference checks have their own cards.
    """
    clauses = [c for c in assessment.clauses if c.official is not None and c.quote]
    cells: dict[str, dict[int, Rate]] = {}
    for number, clause in enumerate(clauses):
        for rate in clause.rates:
            official = clause.official is not None and rate.basis == clause.official.basis
            if official and rate.scope not in _REGIONS:
                cells.setdefault(rate.scope, {})[number] = rate
    units = assessment.layers.get("units")
    levels = {} if units is None else {str(i): v for i, v in units["level"].items()}
    matrices = []
    for level in ("township", "community"):
        scopes = [s for s in sorted(cells) if (levels.get(s) or "township") == level]
        used = sorted({number for scope in scopes for number in cells[scope]})
        if used:
            matrices.append(
                {
                    "level": level,
                    "clauses": [clauses[number] for number in used],
                    "rows": [
                        {
                            "code": scope,
                            "name": words.name(scope, "units"),
                            "rates": [cells[scope].get(number) for number in used],
                        }
                        for scope in scopes
                    ],
                }
            )
    return matrices


def readings(assessment: Assessment, words: Wording) -> list[Row]:
    """Return the readings taken, in the order of their numbers, with the clauses they bear on."""
    found: dict[tuple[str, str], Row] = {}
    for record in assessment.readings:
        entry = found.setdefault(
            (record.id, record.choice),
            {
                "id": record.id,
                "question": words.reading(record.id),
                "choice": words.reading(record.id, record.choice),
                "default": None
                if record.choice == record.default
                else words.reading(record.id, record.default),
                "clauses": [],
            },
        )
        shown = words.clause(record.clause)
        if record.clause and shown not in entry["clauses"]:
            entry["clauses"].append(shown)
    ordered = sorted(found.values(), key=lambda entry: int(entry["id"].lstrip("A") or 0))
    for before, entry in zip([None, *ordered], ordered, strict=False):
        entry["first"] = before is None or before["id"] != entry["id"]
    return ordered


def illustrative(assessment: Assessment) -> list[tuple[str, int, int]]:
    """Return (layer, rows marked as invented, rows) of every layer that marks any."""
    found = []
    for name, frame in assessment.layers.items():
        if "illustrative" in frame:
            marked = sum(pd.notna(v) and bool(v) for v in frame["illustrative"])
            if marked:
                found.append((name, marked, len(frame)))
    return found


def _finding(row: Row, words: Wording) -> Row:
    return {
        "name": _subject(row, words),
        "part": text_or_none(row["part"]),
        "required": words.value(row["required"], row["unit"]),
        "measured": words.value(row["measured"], row["unit"]),
        "deficit": words.value(row["deficit"], row["unit"]),
        "reason": words.reason(row["reason"]),
        "flags": [words.word("flag", flag) for flag in row["flags"] if flag != Flag.REFERENCE],
    }


def _subject(row: Row, words: Wording) -> str:
    if row["layer"] == "county":
        return words.word("scope", "county")
    return words.name(row["id"], row["layer"])


def table_rows(frame: pd.DataFrame) -> list[Row]:
    """Return the rows as mappings with None for every empty cell."""
    return [
        {
            str(k): None if not isinstance(v, tuple | Reason) and pd.isna(v) else v
            for k, v in row.items()
        }
        for row in frame.to_dict("records")
    ]
