"""What a chapter begins with: scope and basis, what there is, method and clauses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.model.status import Flag, Stage
from lifecircle.outputs.words.banners import demanded
from lifecircle.outputs.words.showing import titled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecircle.model.results.assessment import Assessment, ClauseResult
    from lifecircle.model.results.counted.brief import ClassCount
    from lifecircle.outputs.office.paper.manuscript import Manuscript
    from lifecircle.outputs.words.wording import Wording

__all__ = ["basis", "document_clauses", "method", "present"]

_CLASSES = (60.0, 46.0, 46.0)
_KINDS = (84.0, 34.0, 34.0)
_CLAUSES = (19.0, 48.0, 36.0, 21.0, 32.0)
_EMPTY = frozenset(set(Stage) - {Stage.HANDED_OVER, Stage.IN_USE})
"""Stages of areas that nobody lives in: yet, or any more."""


def document_clauses(assessment: Assessment) -> list[ClauseResult]:
    """Return the clauses of the documents, without the reference checks."""
    return [c for c in assessment.clauses if Flag.REFERENCE not in c.flags]


def basis(paper: Manuscript, assessment: Assessment, words: Wording) -> None:
    """Write scope, documents and day."""
    there = assessment.brief.present
    paper.heading(2, words.say("head.scope"))
    counts = {"areas": there.areas, "facilities": there.facilities}
    paper.text(words.say("scope.areas", **counts))
    files = list(_files(assessment, words))
    if files:
        paper.text(words.say("scope.inputs", files=words.phrases(files)))
    paper.heading(2, words.say("head.basis"))
    for number, (code, title, where) in enumerate(_documents(assessment, words), start=1):
        paper.text(words.say(code, number=number, title=titled(title, words), where=where))
    paper.heading(2, words.say("head.day"))
    view = words.word("stage_view", assessment.stage)
    paper.text(words.say("day.told", day=assessment.as_of.isoformat(), view=view))
    if assessment.scenario:
        paper.text(words.say("day.scenario", scenario=assessment.scenario))


def _files(assessment: Assessment, words: Wording) -> Iterator[str]:
    for one in assessment.inputs:
        if one.layer == "study":
            continue
        yield words.say(
            "scope.input",
            layer=one.layer,
            path=one.path,
            used=one.used,
            set_aside=one.set_aside,
        )


def _documents(assessment: Assessment, words: Wording) -> Iterator[tuple[str, str, str]]:
    """Yield text code, title and places of every document cited; a standard that none cites too."""
    cited: dict[tuple[str, bool], list[str]] = {}
    for clause in document_clauses(assessment):
        for one in clause.references:
            places = cited.setdefault((one.title.strip("《》"), one.verified), [])
            if one.clause and one.clause not in places:
                places.append(one.clause)
    for standard in assessment.standards:
        title = words.title(assessment.standard_titles.get(standard, {}), standard).strip("《》")
        if not any(name.startswith(title) for name, _ in cited):
            yield "basis.document", title, ""
    for (title, verified), places in cited.items():
        code = "basis.reference" if verified else "basis.unverified"
        yield code, title, words.list(places)


def _households(one: ClassCount, words: Wording) -> str:
    """Return the households of a class; where some are not known the least, of none known no 0."""
    if one.households is None:
        return words.say("unknown")
    told = words.number(one.households)
    return words.say("at_least", n=told) if one.without_households else told


def _empty(assessment: Assessment, words: Wording) -> Iterator[str]:
    """Yield how many of the areas are typed as nobody's home: their dwellings are no households."""
    areas = assessment.layers["residential"]
    empty = areas.loc[areas["stage"].isin(_EMPTY), "households"].astype(float)
    if len(empty):
        known = empty.notna().any()
        yield words.say("areas.empty" if known else "areas.empty_unknown", areas=len(empty))


def present(paper: Manuscript, assessment: Assessment, words: Wording) -> None:
    """Write what there is: areas and people, facilities."""
    there = assessment.brief.present
    paper.heading(2, words.say("head.areas"))
    counts = {"areas": there.areas, "unknown": there.without_households}
    if there.households is None:
        told = [words.say("areas.households_none", areas=there.areas)]
    elif there.without_households:
        told = [words.say("areas.households", households=there.households, **counts)]
    else:
        figures = {"areas": there.areas, "households": there.households}
        told = [words.say("areas.households_all", **figures)]
    told += _empty(assessment, words)
    if there.population is not None:
        told.append(words.say("areas.people", population=there.population))
    if there.elders is not None:
        told.append(words.say("areas.elders", elders=there.elders))
    paper.text(_sentences(told, words))
    header = [words.say(f"column.{code}") for code in ("class", "areas", "households")]
    unknown = words.say("unknown")
    rows = [
        (
            words.word("age_class", one.age_class) if one.age_class else unknown,
            words.number(one.areas),
            _households(one, words),
        )
        for one in there.classes
    ]
    paper.table(_CLASSES, header, rows, align="lrr", caption=words.say("table.classes"))
    paper.heading(2, words.say("head.facilities"))
    counted = {"facilities": there.facilities, "counting": there.counting}
    told = [words.say("facilities.told", **counted)]
    if there.floor_area_m2 is not None:
        told.append(words.say("facilities.floor", m2=there.floor_area_m2))
    if there.beds is not None:
        told.append(words.say("facilities.beds", beds=there.beds))
    paper.text(_sentences(told, words))
    header = [words.say(f"column.{code}") for code in ("kind", "facilities", "counting")]
    rows = [
        (
            words.kind(one.kind) if one.kind else unknown,
            words.number(one.facilities),
            words.number(one.counting),
        )
        for one in there.kinds
    ]
    paper.table(_KINDS, header, rows, align="lrr", caption=words.say("table.kinds"))


def _sentences(told: list[str], words: Wording) -> str:
    return ("" if words.language == "zh" else " ").join(told)


def method(paper: Manuscript, assessment: Assessment, words: Wording) -> None:
    """Write how it is judged, and by which clauses."""
    paper.heading(2, words.say("head.method"))
    paper.text(words.say("method.honest"))
    speed = next((p.value for p in assessment.parameters if p.name == "walk_speed_m_s"), None)
    paper.text(words.say(f"method.{assessment.streets}", speed=words.number(speed)))
    paper.text(words.say("method.account"))
    paper.text(words.say("method.readings"))
    paper.heading(2, words.say("head.clauses"))
    paper.text(words.say("clauses.intro"))
    codes = ("clause", "title", "required", "deadline", "section")
    header = [words.say(f"column.{code}") for code in codes]
    rows = [
        (
            clause.id,
            words.title(clause.title, clause.id),
            demanded(clause, words),
            clause.deadline.isoformat() if clause.deadline else "–",
            clause.section or "–",
        )
        for clause in document_clauses(assessment)
    ]
    paper.table(_CLAUSES, header, rows, align="lllcl", caption=words.say("table.clauses"))
    paper.text(words.say("clauses.references"))
