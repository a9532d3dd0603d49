"""Results by clause and by town, and what is wrong, in stock sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.model.problem import unread_remarks
from lifecircle.model.status import Status
from lifecircle.outputs.report.brief.suppliers import suppliers
from lifecircle.outputs.report.brief.told import (
    failing,
    gap_of,
    stock_counts,
    verdict_lines,
)
from lifecircle.outputs.report.chapter.basis import document_clauses
from lifecircle.outputs.report.chapter.districts import districts
from lifecircle.outputs.words.banners import demanded, without_plan
from lifecircle.outputs.words.showing import (
    gaps_in_words,
    headline,
    marked,
    sums_of_reference,
    tally_line,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from lifecircle.model.results.assessment import Assessment, ClauseResult
    from lifecircle.model.results.counted.brief import Shortfall
    from lifecircle.outputs.office.paper.manuscript import Manuscript
    from lifecircle.outputs.words.wording import Wording

__all__ = ["problems", "results"]

_RESULTS = (18.0, 40.0, 30.0, 36.0, 20.0, 12.0)
_TOWNS = (26.0, 15.0, 13.0, 13.0, 13.0, 19.0, 19.0, 19.0, 19.0)
_WORST = (9.0, 46.0, 26.0, 15.0, 15.0, 45.0)
_OPEN = (78.0, 34.0, 44.0)
_JUDGED = ("residential", "facilities", "units")


def results(paper: Manuscript, assessment: Assessment, words: Wording) -> None:
    """Write the conclusion, every clause and every town."""
    brief = words.in_domain("brief")
    paper.heading(2, words.say("head.whole"))
    for line in verdict_lines(headline(assessment), brief):
        paper.text(line)
    paper.text(words.say("result.tally", tally=tally_line(assessment, words)))
    paper.heading(2, words.say("head.by_clause"))
    short = {(one.standard, one.clause): one for one in assessment.brief.shortfalls}
    applied = {(one.standard, one.clause): one for one in assessment.brief.applied}
    clauses = document_clauses(assessment)
    for number, clause in enumerate(clauses, start=1):
        title = words.title(clause.title, clause.id)
        paper.heading(3, words.say("clause.head", number=number, id=clause.id, title=title))
        key = (clause.standard, clause.id)
        judged = applied[key].subjects if key in applied else 0
        lacks = short.get(key)
        gap = "–" if lacks is None else gap_of(lacks, words.in_domain("brief"))
        told = [_told(clause, judged, gap, words)]
        if clause.repeated:
            told = [words.say("fact.repeats", clause=clause.fact)]
        paper.text(("" if words.language == "zh" else " ").join(told))
    codes = ("clause", "title", "required", "rate", "status", "deficient")
    header = [words.say(f"column.{code}") for code in codes]
    rows = [
        (
            clause.id,
            words.title(clause.title, clause.id),
            demanded(clause, words),
            _came_to(clause, words),
            marked(words.word("status", clause.status), clause, words),
            words.number(clause.counts.get(Status.DEFICIENT, 0)),
        )
        for clause in clauses
        if not clause.repeated
    ]
    paper.table(_RESULTS, header, rows, align="llllcr", caption=words.say("table.results"))
    _towns(paper, assessment, words)
    districts(paper, assessment, words)


def _came_to(clause: ClauseResult, words: Wording) -> str:
    told = words.rate(clause.official) if clause.official else words.told_value(clause)
    return without_plan(told, clause, words)


def _told(clause: ClauseResult, judged: int, gap: str, words: Wording) -> str:
    """Return a clause in stock sentences: how many judged, the rate, what is short, the result."""
    told = [*_figures(clause, judged, words)]
    if gap != "–":
        told.append(words.say("result.gap", gap=gap))
    if not told and clause.said is not None:
        said = words.reason(clause.said)
        stop = "。" if words.language == "zh" else "."
        told.append(f"{said[:1].upper()}{said[1:]}{stop}")
    status = marked(words.word("status", clause.status), clause, words)
    told.append(words.say("result.status", status=status))
    return ("" if words.language == "zh" else " ").join(told)


def _figures(clause: ClauseResult, judged: int, words: Wording) -> Iterator[str]:
    """Yield how many are judged and came to what, and the rate or the value."""
    counts = stock_counts(clause, words.in_domain("brief"))
    if clause.subject in _JUDGED and counts and judged:
        yield words.say(f"result.applied.{clause.counts_in}", n=judged, counts=counts)
    if clause.official is not None and clause.subject == "county" and clause.target is not None:
        # beds of beds: nobody complies by being counted
        share = words.rate(clause.official)
        yield words.say("result.value", value=share, target=demanded(clause, words))
    elif clause.official is not None:
        code = "result.share" if clause.target is None else "result.rate"
        yield words.say(code, rate=words.rate(clause.official))
    elif clause.value is not None or clause.low is not None:
        figures = {"value": words.clause_value(clause), "target": demanded(clause, words)}
        yield words.say("result.plain" if clause.target is None else "result.value", **figures)


def _towns(paper: Manuscript, assessment: Assessment, words: Wording) -> None:
    paper.heading(2, words.say("head.by_town"))
    units = assessment.layers["units"]
    towns = units[(units["level"] == "township").to_numpy(dtype=bool)]
    if not len(towns):
        paper.text(words.say("town.none"))
        return
    paper.text(words.say("town.intro"))
    m2 = assessment.provision.set_index("scope")
    sums = ("required_m2", "own_m2", "recorded_m2", "deficit_m2")
    codes = ("town", "areas", "compliant", "deficient", "not_assessed", *sums)
    rows = []
    for code, row in towns.sort_index().iterrows():
        mine = m2.loc[str(code)] if str(code) in m2.index else None
        rows.append(
            (
                words.name(code, "units"),
                *(words.number(row[name]) for name in codes[1:5]),
                *("–" if mine is None else _sum(mine, name, words) for name in sums),
            )
        )
    if sums_of_reference(assessment):
        paper.note(words.say("town.reference"))
    unknown = int(m2.loc["county", "unknown"]) if "county" in m2.index else 0
    if unknown:
        paper.note(words.say("town.unknown", n=unknown))
    header = [words.say(f"column.{code}") for code in codes]
    paper.table(_TOWNS, header, rows, align="lrrrrrrrr", caption=words.say("table.towns"))


def _sum(sums: pd.Series, name: str, words: Wording) -> str:
    """Return m² in sum; beside them what no clause in judgment asks."""
    told, aside = words.number(sums[name]), sums[f"reference_{name}"]
    if name == "deficit_m2" and sums["at_least"] == "yes":
        told = words.in_domain("report").say("quota.from", low=sums[name])
    if not sums["reference_areas"]:
        return told
    return words.say("town.with_reference", m2=told, reference_m2=words.number(aside))


def problems(paper: Manuscript, assessment: Assessment, words: Wording) -> None:
    """Write what falls short, where most, and what is open."""
    paper.heading(2, words.say("head.failing"))
    for number, one in enumerate(assessment.brief.shortfalls, start=1):
        paper.text(_problem(number, one, assessment, words))
    if not assessment.brief.shortfalls:
        paper.text(words.say("problem.none"))
    _worst(paper, assessment, words)
    paper.heading(2, words.say("head.open"))
    _remarks(paper, assessment, words)
    if not assessment.brief.missing:
        paper.text(words.say("open.none"))
        return
    brief = words.in_domain("brief")
    header = [words.say(f"column.{code}") for code in ("supplier", "subjects", "clauses")]
    rows = [
        (
            one.supplier,
            brief.say(f"subjects.{one.layer}", n=one.subjects),
            words.list(map(words.clause, one.clauses)),
        )
        for one in suppliers(assessment, brief)
    ]
    paper.table(_OPEN, header, rows, caption=words.say("table.open"))


def _remarks(paper: Manuscript, assessment: Assessment, words: Wording) -> None:
    """Write how many rows remark of themselves what nothing understood, and where it stands."""
    left = {n: len(unread_remarks(assessment.problems, n)) for n in ("residential", "facilities")}
    told = [words.say(f"open.remarks_{name}", n=n) for name, n in left.items() if n]
    if told:
        paper.text(words.say("open.remarks", rows=told))


def _problem(number: int, one: Shortfall, assessment: Assessment, words: Wording) -> str:
    brief = words.in_domain("brief")
    clause = assessment.clause(one.clause, one.standard)
    told = {
        "number": number,
        "title": words.title(clause.title, clause.id),
        "clause": marked(clause.id, clause, words, code="marked.inside"),
    }
    gap = gap_of(one, words.in_domain("brief"))
    if clause.subject == "county":
        figures = {"value": words.clause_value(clause), "target": demanded(clause, words)}
        return words.say("problem.value", **told, **figures, gap=gap)
    subjects = failing(one, clause, brief)
    if gap == "–":
        return words.say("problem.plain", **told, subjects=subjects)
    return words.say("problem.one", **told, subjects=subjects, gap=gap)


def _worst(paper: Manuscript, assessment: Assessment, words: Wording) -> None:
    paper.heading(2, words.say("head.worst"))
    if not assessment.brief.worst:
        paper.text(words.say("worst.none"))
        return
    areas = assessment.layers["residential"]
    codes = ("number", "area", "town", "households", "deficit_m2", "remedy")
    lacks = gaps_in_words(assessment, words)
    rows = []
    for number, area in enumerate(assessment.brief.worst, start=1):
        row = areas.loc[area]
        rows.append(
            (
                str(number),
                words.name(area, "residential"),
                words.name(row["unit"], "units"),
                words.number(row["households"]),
                lacks(area, row["deficit_m2"], lacking=True),
                words.remedy(row["remedy"]) or words.reason(row["reason"]),
            )
        )
    header = [words.say(f"column.{code}") for code in codes]
    paper.table(_WORST, header, rows, align="cllrrl", caption=words.say("table.worst"))
