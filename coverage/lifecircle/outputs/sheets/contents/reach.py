"""Sheets of reach: for each group of facilities, by radius and by walk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lifecircle.model.cell import is_missing, listed, number_or_none, text_or_none
from lifecircle.model.dictionary import REACH_GROUPS, group_of
from lifecircle.model.status import Flag, Status
from lifecircle.outputs.sheets.contents.content import Content, LeftOut, counted, status_shades
from lifecircle.outputs.sheets.contents.lists import marked, numbered, unit_rates
from lifecircle.outputs.words.banners import cited_section, without_plan
from lifecircle.outputs.words.quantities import measured
from lifecircle.outputs.words.showing import with_doubts

if TYPE_CHECKING:
    from lifecircle.model.results.assessment import Assessment, ClauseResult
    from lifecircle.outputs.words.wording import Wording

__all__ = ["reach_clauses", "reach_contents"]

METHODS = ("radius", "walk")


def reach_clauses(assessment: Assessment, group: str, method: str) -> list[ClauseResult]:
    """Return the clauses and reference checks that judge a group's reach, clauses first."""
    found = [c for c in assessment.clauses if c.measure == method and group_of(c.kinds) == group]
    return sorted(found, key=lambda c: Flag.REFERENCE in c.flags and not c.quote)


def reach_contents(assessment: Assessment, words: Wording) -> tuple[list[Content], list[LeftOut]]:
    """Return one sheet a group and method that some area is judged by."""
    made, left_out = [], []
    for group in REACH_GROUPS:
        for method in METHODS:
            clauses = reach_clauses(assessment, group, method)
            classed = _statuses(assessment, clauses)
            if not set(classed.values()) - {str(Status.NOT_APPLICABLE)}:
                continue  # nobody is to be reached by this group
            served = _members(assessment, group)
            title = _title(clauses[0], group, method, words)
            if not served:
                left_out.append(LeftOut(title, "why.no_facility"))
                continue
            made.append(_sheet(assessment, words, clauses, classed, group, method, title, served))
    return made, left_out


def _sheet(  # noqa: PLR0917 - one call, each a thing of its own
    assessment: Assessment,
    words: Wording,
    clauses: list[ClauseResult],
    classed: dict[str, str],
    group: str,
    method: str,
    title: str,
    served: frozenset[str],
) -> Content:
    areas = assessment.layers["residential"]
    far = _measured(assessment, clauses)
    missed = sorted(
        (i for i, status in classed.items() if status == Status.DEFICIENT),
        key=lambda i: (-far[i].value if i in far else 0.0, i),
    )
    cells = {i: far[i].words(words) for i in missed if i in far}
    table = numbered(areas, missed, {f"far.{method}": cells}, words)
    names, tags = marked(table, missed)
    service = assessment.layers["service_areas"]
    drawn = service[(service["reach_group"] == group) & (service["method"] == method)]
    first = clauses[0]
    return Content(
        group="reach",
        title=title,
        heading=words.say("heading.reach"),
        shades=status_shades(classed, counted(areas, classed, words), words, "covered"),
        classed=classed,
        names=names,
        tags=tags,
        facilities=served,
        service=tuple(map(str, drawn.index)),
        service_label=words.say(
            f"service.{method}", threshold=words.value(first.target, first.unit)
        ),
        facts=tuple(
            _fact(clause, words, rest=n > 0) for n, clause in enumerate(clauses) if _told(clause)
        ),
        quote=next((c.quote for c in clauses if c.quote), ""),
        section=next((cited_section(c, words) for c in clauses if c.quote), ""),
        units=unit_rates(assessment, first, words),
        units_head=words.say("heading.units", clause=words.clause(first.id)),
        table=table if missed else None,
        table_head=words.say("heading.missed_reach"),
    )


def _title(clause: ClauseResult, group: str, method: str, words: Wording) -> str:
    return words.say(
        f"title.{method}",
        group=words.word("reach_group", group),
        threshold=words.value(clause.target, clause.unit),
    )


def _told(clause: ClauseResult) -> bool:
    """Return whether a clause is about anybody here."""
    return bool(set(clause.counts) - {str(Status.NOT_APPLICABLE)})


def _fact(clause: ClauseResult, words: Wording, *, rest: bool) -> str:
    """Return what came of a clause; ``rest``: it is about the areas the clauses before are not."""
    county = [rate for rate in clause.rates if rate.scope == "county" and rate.basis == "areas"]
    rate = words.rate(clause.official or next(iter(county), None))
    rate = without_plan(rate, clause, words)
    if Flag.REFERENCE in clause.flags and not clause.quote:
        return words.say("fact.reference_rest" if rest else "fact.reference", rate=rate)
    code = "fact.advised" if Flag.REFERENCE in clause.flags else "fact.clause"
    told = words.say(
        code,
        clause=clause.id,
        title=words.title(clause.title),
        rate=rate,
        status=clause.status,
    )
    return with_doubts(told, clause, words)


def _statuses(assessment: Assessment, clauses: list[ClauseResult]) -> dict[str, str]:
    """Return area → status under the first of ``clauses`` that is about it."""
    table = assessment.findings
    found: dict[str, str] = {}
    for clause in clauses:
        mine = table[
            (table["standard"] == clause.standard)
            & (table["clause"] == clause.id)
            & (table["layer"] == "residential")
        ]
        for i, status in zip(mine["id"].astype(str), mine["status"], strict=True):
            if found.get(i, str(Status.NOT_APPLICABLE)) == Status.NOT_APPLICABLE:
                found[i] = str(status)
    return found


@dataclass(frozen=True, slots=True)
class _Far:
    """How far the nearest facility is; ``at_least``: only that it is no nearer is known."""

    value: float
    unit: str
    at_least: bool

    def words(self, words: Wording) -> str:
        told = measured(self.value, self.unit, words)
        return words.say("at_least", n=told) if self.at_least else told


def _measured(assessment: Assessment, clauses: list[ClauseResult]) -> dict[str, _Far]:
    """Return area → how far it has to go, where anything is known of that."""
    table, wanted = assessment.findings, {(c.standard, c.id) for c in clauses}
    found = {}
    for row in table[table["layer"] == "residential"].to_dict("records"):
        if (row["standard"], row["clause"]) not in wanted:
            continue
        exact, low = number_or_none(row["measured"]), number_or_none(row["low"])
        value = low if exact is None else exact
        if value is not None:
            found[str(row["id"])] = _Far(value, str(row["unit"]), exact is None)
    return found


def _members(assessment: Assessment, group: str) -> frozenset[str]:
    """Return the facilities of a group that count for reach, or may."""
    frame = assessment.layers["facilities"]
    return frozenset(
        str(i)
        for i, groups, counts, geometry in zip(
            frame.index,
            frame["reach_groups"],
            frame["reach_counts"],
            frame.geometry,
            strict=True,
        )
        if group in listed(groups) and text_or_none(counts) != "no" and not is_missing(geometry)
    )
