"""What stands in the workbook's worksheets: columns and rows, chosen and put into words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecircle.model.cell import listed, number_or_none, text_or_none
from lifecircle.model.finding import telling
from lifecircle.model.status import Status
from lifecircle.outputs.office.excel import (
    COUNT,
    M2,
    SHARE,
    VALUE,
    AtLeast,
    Column,
    frame_of,
    number_cell,
    rows_of,
)
from lifecircle.outputs.report.rectification import rectification_rows
from lifecircle.outputs.report.workbook.accounts import (
    allocation_rows,
    provision_rows,
    stage_rows,
)
from lifecircle.outputs.report.workbook.areas import answer_cell, area_rows
from lifecircle.outputs.report.workbook.reach import REACH_WORKSHEETS
from lifecircle.outputs.words.banners import asked, named_future
from lifecircle.outputs.words.problems import problem_text
from lifecircle.outputs.words.ranking import ranked_findings
from lifecircle.outputs.words.settlements import settlement_lines
from lifecircle.outputs.words.showing import tally_line, units_with_gaps

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lifecircle.model.finding import Rate
    from lifecircle.model.inputs.exemption import Exemption
    from lifecircle.model.problem import Problem
    from lifecircle.model.results.assessment import Assessment, ClauseResult
    from lifecircle.outputs.office.excel import Rows
    from lifecircle.outputs.words.wording import Wording

__all__ = ["WORKSHEETS", "ranked_rows", "summary_facts"]

_FACILITY_COLUMNS = [
    Column("id", 10),
    Column("name", 28),
    Column("kinds", 26, wrap=True),
    Column("site", 10),
    Column("stage", 9),
    Column("unit", 14),
    Column("community", 16),
    Column("floor_area_m2", 12, M2),
    Column("community_area_m2", 13, M2),
    Column("quota_m2_low", 13, M2),
    Column("quota_m2_high", 13, M2),
    Column("beds", 9, COUNT),
    Column("nursing_beds", 11, COUNT),
    Column("family_beds", 13, COUNT),
    Column("star", 7, COUNT),
    Column("reach_counts", 10),
    Column("quota_counts", 10),
    Column("serves", 36, wrap=True),
    Column("illustrative", 8),
]


def facility_rows(assessment: Assessment, words: Wording) -> Rows:
    """Return the facilities, as they stand in the ledger."""
    each = rows_of(frame_of(assessment, "facilities"))
    return _FACILITY_COLUMNS, (_facility(id_, row, words) for id_, row in each)


def _facility(id_: Any, row: Mapping[str, Any], words: Wording) -> list[Any]:
    return [
        id_,
        text_or_none(row["name"]),
        words.kinds(row["kinds"]),
        text_or_none(row["site"]),
        words.word_or_none("stage", row["stage"]),
        words.name_or_none(row["unit"], "units"),
        words.name_or_none(row["community"], "units"),
        *(number_cell(row[c], words) for c in ("floor_area_m2", "community_area_m2")),
        *(number_cell(row[c], words) for c in ("quota_m2_low", "quota_m2_high")),
        *(number_cell(row[c], words) for c in ("beds", "nursing_beds", "family_beds", "star")),
        *(_reply(row[c], words) for c in ("reach_counts", "quota_counts")),
        words.list(words.name(area, "residential") for area in listed(row["serves"])) or None,
        answer_cell(row["illustrative"], words),
    ]


def _reply(value: Any, words: Wording) -> str | None:
    found = text_or_none(value)
    return None if found is None else words.say(f"answer.{found}")


_UNIT_COLUMNS = [
    Column("code", 15),
    Column("name", 18),
    Column("unit_type", 10),
    Column("setting_class", 8),
    Column("population", 11, COUNT),
    Column("elders", 13, COUNT),
    Column("areas", 11, COUNT),
    Column("households", 11, COUNT),
    Column("facilities", 10, COUNT),
    Column("compliant", 9, COUNT),
    Column("deficient", 9, COUNT),
    Column("not_assessed", 9, COUNT),
    Column("compliance", 10, SHARE),
]


def unit_rows(assessment: Assessment, words: Wording) -> Rows:
    """Return the administrative units with their areas and the headline's rate."""
    gaps = units_with_gaps(assessment)
    each = rows_of(frame_of(assessment, "units"))
    return _UNIT_COLUMNS, (_unit(str(id_), row, words, least=id_ in gaps) for id_, row in each)


def _unit(code: str, row: Mapping[str, Any], words: Wording, *, least: bool) -> list[Any]:
    """Return a unit's row; ``least``: its households are a sum with gaps."""
    return [
        code,
        text_or_none(row["name"]),
        words.word_or_none("unit_type", row["unit_type"]),
        words.word_or_none("setting", row["setting"]),
        *(number_cell(row[c], words) for c in ("population", "elders", "areas")),
        AtLeast(row["households"]) if least else number_cell(row["households"], words),
        *(number_cell(row[c], words) for c in ("facilities", "compliant", "deficient")),
        number_cell(row["not_assessed"], words),
        number_cell(telling(number_or_none(row["rate"]), row["not_assessed"]), words),
    ]


_COUNTED = [s for s in Status if s not in {Status.NOT_IN_FORCE, Status.REPORTED}]
_CLAUSE_COLUMNS = [
    Column("clause", 12),
    Column("same_as", 18, wrap=True),
    Column("title", 28, wrap=True),
    Column("section", 13),
    Column("quote", 48, wrap=True),
    Column("status", 11, status=True),
    Column("flags", 16),
    Column("value", 10, VALUE),
    Column("low", 10, VALUE),
    Column("high", 10, VALUE),
    Column("measure_unit", 11),
    Column("target", 18),
    Column("basis", 12),
    Column("numerator", 10, COUNT),
    Column("denominator", 10, COUNT),
    Column("rate", 12, SHARE),
    Column("rate_low", 11, SHARE),
    Column("rate_high", 11, SHARE),
    *(Column(str(status), 9, COUNT) for status in _COUNTED),
    Column("said", 44, wrap=True),
    Column("deadline", 12),
    Column("readings", 26, wrap=True),
    Column("standard", 28, wrap=True),
]


def clause_rows(assessment: Assessment, words: Wording) -> Rows:
    """Return every clause with its value, official rate and counts."""
    titles = assessment.standard_titles
    each = ((c, words.title(titles.get(c.standard, {}), c.standard)) for c in assessment.clauses)
    return _CLAUSE_COLUMNS, (_clause(clause, document, words) for clause, document in each)


def _clause(c: ClauseResult, document: str, words: Wording) -> list[Any]:
    return [
        words.clause(c.id),
        words.list(map(words.clause, c.same_as)) or None,
        words.title(c.title, c.id),
        c.section,
        c.quote or words.say("clause.no_quote"),
        words.status_word(str(c.status), c.flags),
        words.list(words.word("flag", str(f)) for f in c.flags) or None,
        *(number_cell(v, words) for v in (_value(c), c.low, c.high)),
        words.word("unit", c.unit),
        asked(c, words),
        *_rate(c.official, words),
        *(c.counts.get(str(status)) for status in _COUNTED),
        words.reason(c.said) or None,
        c.deadline.isoformat() if c.deadline else None,
        words.list(c.reading) or None,
        document,
    ]


def _value(c: ClauseResult) -> float | None:
    """Return a clause's value; None where it is a rate of which only the range tells."""
    rate = c.official
    return None if rate is not None and rate.rate is not None and rate.told is None else c.value


def _rate(rate: Rate | None, words: Wording) -> list[Any]:
    if rate is None:
        return [None] * 6
    basis = words.word("basis", rate.basis)
    return [basis, rate.numerator, rate.denominator, rate.told, rate.low, rate.high]


_PROBLEM_COLUMNS = [
    Column("severity", 8),
    Column("layer", 14),
    Column("file", 24),
    Column("sheet", 12),
    Column("row", 7),
    Column("cell", 8),
    Column("field_name", 14),
    Column("found", 20),
    Column("problem", 40, wrap=True),
    Column("why", 34, wrap=True),
    Column("fix", 36, wrap=True),
]


def problem_rows(assessment: Assessment, words: Wording) -> Rows:
    """Return the problems of the inputs."""
    return _PROBLEM_COLUMNS, (_problem(problem, words) for problem in assessment.problems)


def _problem(p: Problem, words: Wording) -> list[Any]:
    what, why, remedy = problem_text(p, words.language)
    return [
        words.word("severity", str(p.severity)),
        words.word_or_none("layer", p.layer),
        p.file,
        p.sheet,
        p.row,
        p.cell,
        p.column,
        p.value,
        what,
        why or None,
        remedy or None,
    ]


_EXEMPTION_COLUMNS = [
    Column("id", 12),
    Column("subject", 28),
    Column("clause", 10),
    Column("exemption_reason", 44, wrap=True),
    Column("exemption_reference", 28, wrap=True),
    Column("until", 12),
    Column("exemption_state", 26, wrap=True),
]


def exemption_rows(assessment: Assessment, words: Wording) -> Rows:
    """Return the exemptions and what came of them."""
    return _EXEMPTION_COLUMNS, (_exemption(one, words) for one in assessment.exemptions)


def _exemption(one: Exemption, words: Wording) -> list[Any]:
    return [
        one.id,
        words.name(one.id, one.layer or None),
        one.clause,
        one.reason,
        one.reference,
        words.say("until.none") if one.until is None else one.until.isoformat(),
        words.word("exemption_state", str(one.state)),
    ]


_RANKED_COLUMNS = [
    Column("clause", 10),
    Column("rank", 7, COUNT),
    Column("id", 12),
    Column("subject", 28),
    Column("unit", 16),
    Column("measured", 12, VALUE),
    Column("measure_unit", 8),
    Column("reason", 44, wrap=True),
]


def ranked_rows(assessment: Assessment, words: Wording) -> Rows:
    """Return the subjects of every clause that ranks them, the largest figure first."""
    areas = frame_of(assessment, "residential")
    rows = [
        [
            clause.id,
            number,
            row["id"],
            words.name(row["id"], "residential"),
            words.name_or_none(areas["unit"].get(row["id"]), "units"),
            row["measured"],
            words.word("unit", row["unit"]),
            words.reason(row["reason"]),
        ]
        for clause in assessment.clauses
        for number, row in enumerate(
            ranked_findings(assessment.findings, clause).to_dict("records"), 1
        )
    ]
    return _RANKED_COLUMNS, iter(rows)


WORKSHEETS: Mapping[str, Callable[[Assessment, Wording], Rows]] = {
    "areas": area_rows,
    "facilities": facility_rows,
    "units": unit_rows,
    "clauses": clause_rows,
    "rectification": rectification_rows,
    "provision": provision_rows,
    "allocation": allocation_rows,
    "stages": stage_rows,
    **REACH_WORKSHEETS,
    "exemptions": exemption_rows,
    "problems": problem_rows,
}
"""Worksheets after the summary, in order; title: text ``sheet.<name>``."""


def summary_facts(assessment: Assessment, words: Wording) -> list[tuple[str, str]]:
    """Return the lines at the head of the summary: label and text."""
    facts = [
        (
            words.say("fact.standard"),
            words.list(
                words.title(assessment.standard_titles.get(s, {}), s) for s in assessment.standards
            ),
        ),
        (words.say("fact.county"), assessment.county),
        (words.say("fact.as_of"), assessment.as_of.isoformat()),
        (words.say("fact.stage"), words.word("stage_view", str(assessment.stage))),
    ]
    facts.append((words.say("fact.tally"), tally_line(assessment, words)))
    if (future := named_future(assessment, words)) is not None:
        facts.append((words.say("fact.scenario"), future))
    facts += [(words.say("fact.settlement"), line) for line in settlement_lines(assessment, words)]
    facts += [(words.say("origin.attribution"), line) for line in assessment.attribution]
    return facts
