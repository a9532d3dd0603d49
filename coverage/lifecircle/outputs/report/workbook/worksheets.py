"""What stands in the workbook's worksheets: columns and rows, chosen and put into words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lifecircle.model.cell import number_or_none, text_or_none
from lifecircle.model.finding import telling
from lifecircle.model.status import Status
from lifecircle.outputs.office.excel import (
    COUNT,
    SHARE,
    VALUE,
    AtLeast,
    Column,
    Folded,
    frame_of,
    number_cell,
    rows_of,
)
from lifecircle.outputs.report.district_lines import DISTRICT_COLUMNS, district_rows
from lifecircle.outputs.report.districts import HOST_COLUMNS, host_rows
from lifecircle.outputs.report.rectification import rectification_rows
from lifecircle.outputs.report.workbook.accounts import (
    allocation_rows,
    provision_columns,
    provision_sums,
    stage_rows,
)
from lifecircle.outputs.report.workbook.annexes import (
    basis_rows,
    problem_rows,
)
from lifecircle.outputs.report.workbook.areas import area_rows
from lifecircle.outputs.report.workbook.curves import curve_rows, sensitivity_rows
from lifecircle.outputs.report.workbook.facilities import facility_rows, site_rows
from lifecircle.outputs.report.workbook.reach import (
    diagnosis_rows,
    disagreement_rows,
    field_check_rows,
    gate_rows,
)
from lifecircle.outputs.words.banners import asked, named_future
from lifecircle.outputs.words.ranking import ranked_findings
from lifecircle.outputs.words.settlements import settlement_lines
from lifecircle.outputs.words.showing import (
    basis_word,
    document_of,
    documents_of,
    tally_line,
    units_with_gaps,
    unquoted,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lifecircle.model.results.assessment import Assessment, ClauseResult
    from lifecircle.outputs.office.excel import Rows
    from lifecircle.outputs.words.wording import Wording

__all__ = ["WORKSHEETS", "summary_facts"]

_OF_UNIT = [
    Column("code", 15),
    Column("name", 22),
    Column("unit_type", 9),
    Column("setting_class", 8),
    Column("areas", 9, COUNT),
    Column("households", 11, COUNT),
    Column("facilities", 9, COUNT),
    Column("compliant", 8, COUNT),
    Column("deficient", 8, COUNT),
    Column("not_assessed", 8, COUNT),
    Column("compliance", 9, SHARE),
]
_ITS_PEOPLE = [
    Column("population", 11, COUNT, lesser=True),
    Column("elders", 13, COUNT, lesser=True),
]
_EMPTY_UNIT = ("areas", "facilities", "households")
"""A unit that has none of these, and no floor area, is empty."""


def unit_rows(assessment: Assessment, words: Wording) -> Rows:
    """Return the county and its units: areas, the headline's rate, the floor area in sum.

    Units without areas, facilities and floor area are folded away. Sums of a unit that no list
    names stand with its code.
    """
    gaps = units_with_gaps(assessment)
    sums = provision_sums(assessment, words)
    of_m2 = provision_columns(assessment)
    blank = [None] * len(of_m2)
    full: list[list[Any] | Folded] = []
    empty: list[list[Any] | Folded] = []
    county = sums.pop("county", None)
    if county is not None:
        full.append(_scope(assessment.county, words.say("account.county"), county))
    for id_, row in rows_of(frame_of(assessment, "units")):
        own = sums.pop(str(id_), None)
        cells = _unit(str(id_), row, own or blank, words, least=id_ in gaps)
        if own is not None or any(number_or_none(row[name]) for name in _EMPTY_UNIT):
            full.append(cells)
        else:
            empty.append(Folded(cells))
    full += [_scope(code, words.name_or_none(code, "units"), own) for code, own in sums.items()]
    return [*_OF_UNIT, *of_m2, *_ITS_PEOPLE], iter([*full, *empty])


def _scope(code: str, name: str | None, sums: list[Any]) -> list[Any]:
    return [code, name, *[None] * (len(_OF_UNIT) - 2), *sums, *[None] * len(_ITS_PEOPLE)]


def _unit(
    code: str, row: Mapping[str, Any], sums: list[Any], words: Wording, *, least: bool
) -> list[Any]:
    """Return a unit's row; ``least``: its households are a sum with gaps."""
    return [
        code,
        text_or_none(row["name"]),
        words.word_or_none("unit_type", row["unit_type"]),
        words.word_or_none("setting", row["setting"]),
        number_cell(row["areas"], words),
        AtLeast(row["households"]) if least else number_cell(row["households"], words),
        *(number_cell(row[c], words) for c in ("facilities", "compliant", "deficient")),
        number_cell(row["not_assessed"], words),
        number_cell(telling(number_or_none(row["rate"]), row["not_assessed"]), words),
        *sums,
        *(number_cell(row[c], words) for c in ("population", "elders")),
    ]


_COUNTED = [s for s in Status if s not in {Status.NOT_IN_FORCE, Status.REPORTED}]
_SHOWN_COUNTS = (Status.COMPLIANT, Status.DEFICIENT, Status.NOT_ASSESSED)
_CLAUSE_COLUMNS = [
    Column("clause", 10),
    Column("title", 30, wrap=True),
    Column("section", 11, wrap=True),
    Column("status", 11, status=True),
    Column("flags", 14, wrap=True),
    Column("value", 10, VALUE),
    Column("measure_unit", 10),
    Column("target", 22, wrap=True),
    Column("numerator", 9, COUNT),
    Column("denominator", 9, COUNT),
    Column("rate", 9, SHARE),
    Column("rate_low", 9, SHARE),
    Column("rate_high", 9, SHARE),
    *(Column(str(status), 8, COUNT) for status in _SHOWN_COUNTS),
    Column("said", 48, wrap=True),
    Column("deadline", 12),
    Column("quote", 48, wrap=True, lesser=True),
    Column("same_as", 18, wrap=True, lesser=True),
    Column("low", 10, VALUE, lesser=True),
    Column("high", 10, VALUE, lesser=True),
    Column("basis", 12, lesser=True),
    *(Column(str(s), 9, COUNT, lesser=True) for s in _COUNTED if s not in _SHOWN_COUNTS),
    Column("readings", 26, wrap=True, lesser=True),
    Column("standard", 28, wrap=True, lesser=True),
]


def clause_rows(assessment: Assessment, words: Wording) -> Rows:
    """Return every clause with its value, official rate and counts."""
    each = ((c, document_of(c, assessment, words)) for c in assessment.clauses)
    return _CLAUSE_COLUMNS, (_clause(clause, document, words) for clause, document in each)


def _clause(c: ClauseResult, document: str, words: Wording) -> list[Any]:
    basis, *rate = _rate(c, words)
    return [
        words.clause(c.id),
        words.title(c.title, c.id),
        c.section,
        words.status_word(str(c.status), c.flags),
        words.list(words.word("flag", str(f)) for f in c.flags) or None,
        number_cell(_value(c), words, c.unit),
        words.word("unit", c.unit),
        asked(c, words),
        *rate,
        *(c.counts.get(str(status)) for status in _SHOWN_COUNTS),
        words.reason(c.said) or None,
        c.deadline.isoformat() if c.deadline else None,
        c.quote or unquoted(c, words),
        words.list(map(words.clause, c.same_as)) or None,
        *(number_cell(v, words, c.unit) for v in (c.low, c.high)),
        basis,
        *(c.counts.get(str(status)) for status in _COUNTED if status not in _SHOWN_COUNTS),
        words.list(c.reading) or None,
        document,
    ]


def _value(c: ClauseResult) -> float | None:
    """Return a clause's value; None where it is a rate of which only the range tells."""
    rate = c.official
    return None if rate is not None and rate.rate is not None and rate.told is None else c.value


def _rate(c: ClauseResult, words: Wording) -> list[Any]:
    rate = c.official
    if rate is None:
        return [None] * 6
    basis = basis_word(rate.basis, c, words)
    return [basis, rate.numerator, rate.denominator, rate.told, rate.low, rate.high]


_WIDER = {"rectify_area": 30, "rectify_remedy": 66, "rectify_premises": 30}


def listed_rectification(assessment: Assessment, words: Wording) -> Rows:
    """Return what every town has to put right; the notes, which the towns' own lists have, folded.

    A town's list is a file of its own (``outputs.report.rectification``).
    """
    columns, rows = rectification_rows(assessment, words)
    wider = [replace(c, width=_WIDER.get(c.code, c.width)) for c in columns[:-1]]
    return [*wider, replace(columns[-1], lesser=True)], rows


def listed_districts(assessment: Assessment, words: Wording) -> Rows:
    """Return the service districts, a line each."""
    return DISTRICT_COLUMNS, district_rows(assessment, words)


def listed_hosts(assessment: Assessment, words: Wording) -> Rows:
    """Return the service districts, each unit's fixed host beside the nearest."""
    return HOST_COLUMNS, host_rows(assessment, words)


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
        for number, (_, row) in enumerate(
            rows_of(ranked_findings(assessment.findings, clause)), start=1
        )
    ]
    return _RANKED_COLUMNS, iter(rows)


WORKSHEETS: Mapping[str, Callable[[Assessment, Wording], Rows]] = {
    "clauses": clause_rows,
    "areas": area_rows,
    "facilities": facility_rows,
    "units": unit_rows,
    "rectification": listed_rectification,
    "allocation": allocation_rows,
    "field_check": field_check_rows,
    "disagreements": disagreement_rows,
    "sites": site_rows,
    "sensitivity": sensitivity_rows,
    "gate_effects": gate_rows,
    "street_diagnosis": diagnosis_rows,
    "stages": stage_rows,
    "districts": listed_districts,
    "hosts": listed_hosts,
    "ranked": ranked_rows,
    "problems": problem_rows,
    "basis": basis_rows,
    "curves": curve_rows,
}
"""Worksheets after the summary, in order; title: text ``sheet.<name>``."""


def summary_facts(assessment: Assessment, words: Wording) -> list[tuple[str, str]]:
    """Return the lines at the head of the summary: label and text."""
    facts = [
        (
            words.say("fact.standard"),
            words.list(documents_of(assessment, words)),
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
