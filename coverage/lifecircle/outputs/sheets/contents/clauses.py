"""Sheets of clauses: the areas, or the units, by what a clause says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle import texts
from lifecircle.model.cell import listed, number_or_none
from lifecircle.model.dictionary import group_of, kinds, split_kinds
from lifecircle.model.status import Status
from lifecircle.outputs.sheets.contents.content import Content, LeftOut, counted, status_shades
from lifecircle.outputs.sheets.contents.lists import marked, numbered, unit_rates
from lifecircle.outputs.words.banners import asked, cited_section
from lifecircle.outputs.words.ranking import deficient_findings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lifecircle.model.results.assessment import Assessment, ClauseResult
    from lifecircle.outputs.words.wording import Wording

__all__ = ["clause_contents", "clause_facts"]

_LAYERS = {"residential": "residential", "units": "units"}
_REACH = frozenset({"radius", "walk"})
_SILENT = frozenset({str(Status.NOT_APPLICABLE), str(Status.NOT_IN_FORCE)})


def clause_contents(assessment: Assessment, words: Wording) -> tuple[list[Content], list[LeftOut]]:
    """Return one sheet a clause about areas or units; reach has its own sheets.

    Clauses that state one fact share the sheet of the first.
    """
    made: list[Content] = []
    left_out: list[LeftOut] = []
    for clause in assessment.clauses:
        if clause.subject not in _LAYERS or not clause.quote:
            continue
        if clause.measure in _REACH and group_of(clause.kinds) is not None:
            continue  # the sheets of reach show it
        title = words.title(clause.title, clause.id)
        title = words.say("title.clause", clause=clause.id, title=title)
        classed = _statuses(assessment, clause)
        why = _why_not(assessment, clause, classed)
        if clause.repeated:
            left_out.append(LeftOut(title, "why.same_fact", {"clause": clause.fact}))
        elif why:
            left_out.append(LeftOut(title, why))
        else:
            made.append(_sheet(assessment, clause, title, classed, words))
    return made, left_out


def _why_not(assessment: Assessment, clause: ClauseResult, classed: Mapping[str, str]) -> str:
    """Return the code of what keeps a sheet from being made; nothing where it can be."""
    if not set(classed.values()) - _SILENT:
        return "why.nobody"
    frame = assessment.layers[clause.subject]
    drawn = frame.index.astype(str).isin(list(classed)) & frame.geometry.notna()
    return "" if drawn.any() else f"why.no_outline.{clause.subject}"


def _sheet(
    assessment: Assessment,
    clause: ClauseResult,
    title: str,
    classed: Mapping[str, str],
    words: Wording,
) -> Content:
    frame, layer = assessment.layers[clause.subject], clause.subject
    missed = _missed(assessment, clause)
    cells = {i: cell for i, cell in missed.items() if cell}
    columns = {"deficit": cells} if cells and clause.unit.startswith("m2") else {}
    table = numbered(frame, missed, columns, words, layer)
    names, tags = marked(table, missed)
    units = None
    if layer == "units":
        names, tags = {i: words.name(i, "units") for i in classed}, {}
    else:
        units = unit_rates(assessment, clause, words)
    return Content(
        group="clause",
        title=title,
        layer=layer,
        heading=words.say("heading.clause", clause=clause.id),
        shades=status_shades(classed, counted(frame, classed, words), words),
        classed=classed,
        names=names,
        tags=tags,
        facilities=_facilities(assessment, clause),
        facts=clause_facts(clause, words),
        quote=clause.quote,
        section=cited_section(clause, words),
        units=units,
        units_head=words.say("heading.units", clause=clause.id),
        table=table if missed else None,
        table_head=words.say("heading.missed"),
    )


def clause_facts(clause: ClauseResult, words: Wording) -> tuple[str, ...]:
    """Return what a clause asks and what came of it, a line each."""
    value = words.rate(clause.official) if clause.official else words.told_value(clause)
    flags = clause.flags
    status = words.word("status", clause.status)
    if flags:
        marks = words.list(words.word("flag", flag) for flag in flags)
        status = words.say("fact.flagged", status=status, flags=marks)
    target = asked(clause, words)
    return (
        words.say("fact.target", target=target),
        words.say("fact.value", value=value),
        words.say("fact.status", status=status),
    )


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
        str(i): "" if (value := number_or_none(v)) is None else texts.number(value)
        for i, v in zip(mine["id"], mine["deficit"], strict=True)
    }


def _facilities(assessment: Assessment, clause: ClauseResult) -> frozenset[str]:
    """Return the facilities a clause is about; those that count for quotas where it names none."""
    frame = assessment.layers["facilities"]
    wanted, groups = split_kinds(clause.kinds)
    wanted |= {key for key, spec in kinds().items() if spec.may_reach & groups}
    if not clause.kinds:
        return frozenset(map(str, frame.index[frame["quota_counts"].isin(["yes", "unknown"])]))
    rows = zip(map(str, frame.index), frame["kinds"], strict=True)
    return frozenset(i for i, own in rows if wanted & set(listed(own)))
