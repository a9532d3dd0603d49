"""Sheets of clauses: the areas, or the units, by what a clause says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle import texts
from lifecircle.model.dictionary import kinds
from lifecircle.model.status import Flag, Status
from lifecircle.outputs.maps.wording import listed, real, text
from lifecircle.outputs.sheets.contents.content import Content, LeftOut, counted, status_shades
from lifecircle.outputs.sheets.contents.lists import marked, numbered, unit_rates
from lifecircle.outputs.words.ranking import deficient_findings

if TYPE_CHECKING:
    from lifecircle.model.results.assessment import Assessment, ClauseResult
    from lifecircle.outputs.sheets.wording import SheetWords

__all__ = ["clause_contents", "clause_facts"]

_LAYERS = {"residential": "residential", "units": "units"}
_REACH = frozenset({"radius", "walk"})
_SILENT = frozenset({str(Status.NOT_APPLICABLE), str(Status.NOT_IN_FORCE)})


def clause_contents(
    assessment: Assessment, words: SheetWords
) -> tuple[list[Content], list[LeftOut]]:
    """Return one sheet a clause about areas or units; reach has its own sheets."""
    made, left_out = [], []
    for clause in assessment.clauses:
        if clause.subject not in _LAYERS or not clause.quote:
            continue
        if clause.measure in _REACH and _group(clause):
            continue
        title = words.say(
            "title.clause", clause=clause.id, title=words.common.title(clause.title, clause.id)
        )
        classed = _statuses(assessment, clause)
        if not set(classed.values()) - _SILENT:
            left_out.append(LeftOut(title, words.say("why.nobody")))
            continue
        frame = assessment.layers[clause.subject]
        drawn = frame.index.astype(str).isin(list(classed)) & frame.geometry.notna()
        if not drawn.any():
            left_out.append(LeftOut(title, words.say(f"why.no_outline.{clause.subject}")))
            continue
        missed = _missed(assessment, clause)
        cells = {i: cell for i, cell in missed.items() if cell}
        columns = {"deficit": cells} if cells and clause.unit.startswith("m2") else {}
        table = numbered(frame, missed, columns, words, clause.subject)
        names, tags = marked(table, missed)
        if clause.subject == "units":
            names, tags = {i: words.name("units", i) or i for i in classed}, {}
        made.append(
            Content(
                group="clause",
                title=title,
                layer=clause.subject,
                heading=words.say("heading.clause", clause=clause.id),
                shades=status_shades(classed, counted(frame, classed, words), words),
                classed=classed,
                names=names,
                tags=tags,
                facilities=_facilities(assessment, clause),
                facts=clause_facts(clause, words),
                quote=clause.quote,
                section=clause.section,
                units=unit_rates(assessment, clause, words)
                if clause.subject == "residential"
                else None,
                units_head=words.say("heading.units", clause=clause.id),
                table=table if missed else None,
                table_head=words.say("heading.missed"),
            )
        )
    return made, left_out


def clause_facts(clause: ClauseResult, words: SheetWords) -> tuple[str, ...]:
    """Return what a clause asks and what came of it, a line each."""
    common = words.common
    value = common.rate(clause.official) if clause.official else common.clause_value(clause)
    flags = [f for f in clause.flags if f in {Flag.REFERENCE, Flag.OVERDUE, Flag.UNVERIFIED}]
    status = words.word("status", clause.status) or ""
    if flags:
        marks = words.listing(words.word("flag", flag) for flag in flags)
        status = words.say("fact.flagged", status=status, flags=marks)
    target = common.target(clause.comparison, clause.target, clause.unit)
    return (
        words.say("fact.target", target=target),
        words.say("fact.value", value=value),
        words.say("fact.status", status=status),
    )


def _group(clause: ClauseResult) -> bool:
    """Return whether a clause speaks of one reach group: the sheets of reach show it."""
    return len(clause.kinds) == 1 and clause.kinds[0].startswith("group:")


def _statuses(assessment: Assessment, clause: ClauseResult) -> dict[str, str]:
    table = assessment.findings
    mine = table[
        (table["standard"] == clause.standard)
        & (table["clause"] == clause.id)
        & (table["layer"] == _LAYERS[clause.subject])
    ]
    return dict(zip(mine["id"].astype(str), mine["status"].astype(str), strict=True))


def _missed(assessment: Assessment, clause: ClauseResult) -> dict[str, str]:
    """Return the subjects that are deficient → what they lack, the most first."""
    found = deficient_findings(assessment.findings)
    mine = found[
        (found["standard"] == clause.standard)
        & (found["clause"] == clause.id)
        & (found["layer"] == clause.subject)
    ]
    return {
        str(i): "" if (value := real(v)) is None else texts.number(value)
        for i, v in zip(mine["id"], mine["deficit"], strict=True)
    }


def _facilities(assessment: Assessment, clause: ClauseResult) -> frozenset[str]:
    """Return the facilities a clause is about; those that count for quotas where it names none."""
    frame = assessment.layers["facilities"]
    named = set(clause.kinds)
    wanted = {k for k in named if not k.startswith("group:")} | {
        key
        for key, spec in kinds().items()
        if {f"group:{g}" for g in spec.reach | spec.reach_with_service} & named
    }
    rows = zip(frame.index, frame["kinds"], frame["quota_counts"], strict=True)
    return frozenset(
        str(i)
        for i, own, counts in rows
        if (wanted & set(listed(own)) if named else text(counts) in {"yes", "unknown"})
    )
