"""Rows of the report's tables: chosen, ordered and put into words, never computed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecircle.model.cell import is_missing, is_yes, number_or_none
from lifecircle.model.finding import meets
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.status import Flag, Status
from lifecircle.outputs.office.excel import frame_of
from lifecircle.outputs.words.problems import Unread
from lifecircle.outputs.words.ranking import deficient_findings, undecided_findings, worst_first
from lifecircle.outputs.words.showing import asked_figure, lacking_figure, supplier
from lifecircle.outputs.words.site_uses import site_uses

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.words.wording import Wording

__all__ = [
    "Row",
    "candidate_sites",
    "failing_areas",
    "failing_elsewhere",
    "illustrative",
    "subject_name",
    "suggestions",
    "table_rows",
    "undecided_subjects",
]

Row = dict[str, Any]


def failing_areas(assessment: Assessment, words: Wording) -> list[Row]:
    """Return the residential areas deficient under the headline clause, worst first."""
    areas = frame_of(assessment, "residential")
    areas = worst_first(areas[areas["verdict"] == Status.DEFICIENT])
    standards = {c.id: c.standard for c in reversed(assessment.clauses)}
    return [
        row
        | {
            "standard": standards.get(str(row["clause"])),
            "reason_text": words.reason(row["reason"]),
            "remedy": words.remedy(row["remedy"]),
            "required_told": asked_figure(row["reason"], row["required_m2"], words)
            or words.number(row["required_m2"]),
            "deficit_told": lacking_figure(row["reason"], row["deficit_m2"], words),
            "arranged_told": lacking_figure(row["reason"], row["deficit_if_arranged_m2"], words),
        }
        for row in table_rows(areas.reset_index(names="id"))
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
            if clause.measure == "compliance_rate" or clause.repeated:
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
    found, named = [], {one.site: one.m2 for one in assessment.brief.sites}
    for site, uses in site_uses(assessment).items():
        room = number_or_none(frame.at[site, "floor_area_m2"])
        total = named.get(site)
        found.append(
            {
                "name": words.name(site, "sites"),
                "floor_area_m2": room,
                "uses": words.list(
                    words.say("sites.use", area=words.name(area, "residential"), m2=m2)
                    for area, m2 in uses
                ),
                "total": total,
                "exceeds": None not in {room, total} and meets(total, ">", room),
            }
        )
    return found


_LACKING = {
    ReasonCode.STAGE_UNREAD: ("stage",),
    ReasonCode.HOUSEHOLDS_MISSING: ("households",),
    ReasonCode.AGE_CLASS_MISSING: ("age_class",),
    ReasonCode.SETTING_MISSING: ("setting",),
    ReasonCode.KIND_UNKNOWN: ("kinds", "stage"),
}
"""Reason → the columns of the subject that it is for want of; others name theirs."""


def undecided_subjects(assessment: Assessment, words: Wording) -> list[Row]:
    """Return what is missing under which clauses, whom it leaves open, and who can supply it.

    Subjects that miss the same under the same clauses share a row (``names``).
    """
    found: dict[tuple[str, str, str], Row] = {}
    unread = {
        layer: Unread.of(assessment.problems, layer, words.language)
        for layer in ("residential", "facilities")
    }
    for row in table_rows(undecided_findings(assessment.findings)):
        if Flag.REFERENCE in row["flags"]:
            continue
        reason = words.reason(row["reason"]) or words.say("reason.none")
        written = unread.get(row["layer"])
        reason = words.phrases([reason, *_written(row, written)]) if written else reason
        entry = found.setdefault(
            (row["layer"], row["id"], reason),
            {
                "layer": row["layer"],
                "name": subject_name(row, words),
                "clauses": [],
                "reason": reason,
                "supplier": supplier(row["reason"], words),
            },
        )
        if row["clause"] not in entry["clauses"]:
            entry["clauses"].append(row["clause"])
    county = words.word("scope", "county")
    for clause in assessment.clauses:  # those of which no finding says what is missing
        silent = clause.subject != "county" and clause.status is Status.NOT_ASSESSED
        silent = silent and not clause.at_most
        if silent and clause.said is not None and Flag.REFERENCE not in clause.flags:
            found[clause.subject, clause.id, ""] = {
                "layer": clause.subject,
                "name": county,
                "clauses": [clause.id],
                "reason": words.reason(clause.said),
                "supplier": supplier(clause.said, words),
            }
    alike: dict[tuple[Any, ...], Row] = {}
    for entry in found.values():
        key = (entry["layer"], entry["reason"], tuple(entry["clauses"]), entry["supplier"])
        alike.setdefault(key, entry | {"names": []})["names"].append(entry["name"])
    return list(alike.values())


def _written(row: Mapping[str, Any], unread: Unread) -> list[str]:
    """Return what is written where a finding lacks something, and could not be read."""
    reason = row["reason"]
    if not isinstance(reason, Reason):
        return []
    fields = reason.params.get("fields", ())
    columns = [*_LACKING.get(reason.code, ()), reason.params.get("field"), *fields]
    told = (unread.under(row["id"], str(column)) for column in columns)
    return list(dict.fromkeys(filter(None, told)))


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


def illustrative(assessment: Assessment) -> list[tuple[str, int, int]]:
    """Return (layer, rows marked as invented, rows) of every layer that marks any."""
    found = []
    for name, frame in assessment.layers.items():
        if "illustrative" in frame:
            marked = sum(map(is_yes, frame["illustrative"]))
            if marked:
                found.append((name, marked, len(frame)))
    return found


def subject_name(row: Row, words: Wording) -> str:
    """Return whom a finding is about; the county by its word."""
    if row["layer"] == "county":
        return words.word("scope", "county")
    return words.name(row["id"], row["layer"])


def table_rows(frame: pd.DataFrame) -> list[Row]:
    """Return the rows as mappings with None for every empty cell."""
    if not len(frame):  # most clauses have nothing to list, and every look at a table costs
        return []
    names = list(map(str, frame.columns))
    cells = ([None if is_missing(v) else v for v in frame[c].tolist()] for c in frame.columns)
    return [dict(zip(names, row, strict=True)) for row in zip(*cells, strict=True)]
