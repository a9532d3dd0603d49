"""``score.json``: the form filled in, part by part, in codes and numbers; nothing is rounded."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import lifecircle
from lifecircle.model.allowed import Filled, Like, OneOf, Operator, Points, Words
from lifecircle.model.finding import Rate
from lifecircle.model.inputs.exemption import Exemption
from lifecircle.model.problem import Problem
from lifecircle.model.results.score import SCORE_SCHEMA, Material, Origin, OriginSum, Why
from lifecircle.model.rules.form import PartKind
from lifecircle.model.status import Flag, StageView, Status
from lifecircle.outputs.saved.described import CLOSED
from lifecircle.outputs.saved.json_text import plain, told, write_json_text

if TYPE_CHECKING:
    from pathlib import Path

    from lifecircle.model.results.score import ItemScore, PartScore, Score

__all__ = ["ScoreDocument", "score_document", "write_score_json"]


@dataclass(frozen=True, slots=True)
class FormNamed:
    """Which version of the form: its id, and the county and standard it belongs to."""

    id: str
    title: Words
    number: str
    county: str
    standard: str


@dataclass(frozen=True, slots=True)
class ClauseShown:
    """A clause of the assessment that decides a part, or that shows figures for it.

    Parameters
    ----------
    target, value, low, high
        In ``unit``; null: missing, or without bound.
    official
        The rate the document asks for.
    flags
        What its result rests on: the marks it has in the assessment.
    """

    standard: str
    id: str
    status: Status
    comparison: Operator | None
    target: float | None
    unit: str
    value: float | None
    low: float | None
    high: float | None
    official: Rate | None
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class PartTold:
    """One part of a line's points.

    Parameters
    ----------
    id
        Item and letter.
    quote
        Its words in the item's scoring rule, exactly.
    points
        What it is worth in full.
    score
        Null: not known yet, which is not zero.
    low, high
        What it can come to at least and at most.
    """

    id: Annotated[str, Like("^[1-9][.][1-9][0-9]?[a-z]$")]
    kind: PartKind
    quote: str
    points: Points
    origin: Origin
    score: float | None
    low: Points
    high: Points
    why: Why
    clauses: tuple[ClauseShown, ...]
    materials: tuple[Material, ...]


@dataclass(frozen=True, slots=True)
class ItemTold:
    """One line of the form.

    Parameters
    ----------
    words
        The line in the document's words.
    points
        What it is worth in full.
    score
        Null while a part is open.
    settled, assessed_points
        Points of the parts that are settled, and what those are worth in full.
    low, high
        What the line can come to at least and at most.
    """

    id: str
    words: str
    points: Points
    score: float | None
    settled: Points
    assessed_points: Points
    low: Points
    high: Points
    parts: Annotated[tuple[PartTold, ...], Filled()]


@dataclass(frozen=True, slots=True)
class ScoreDocument:
    """The 100-point self-assessment form filled in.

    Every part, its points or what they can be, and where they come from. Nothing is rounded.

    Parameters
    ----------
    version
        Version of lifecircle.
    scenario
        Name of the changes judged instead of the document's own figures; null: none.
    borrowed
        The form is another county's document.
    settled
        Points of the parts that are settled.
    assessed_points
        What those parts are worth in full.
    points
        What the whole form is worth.
    low
        What the whole form comes to at least.
    high
        What it can come to at most.
    to_confirm
        Full points of the parts whose figures are known and that a person is to grade.
    exemptions
        Those of the assessment: what they cover is in no rate of the form.
    """

    schema: Annotated[int, OneOf((SCORE_SCHEMA,))]
    version: str
    study: str
    county: str
    as_of: dt.date
    stage: Annotated[str, OneOf(tuple(StageView))]
    standards: tuple[str, ...]
    scenario: str | None
    form: FormNamed
    borrowed: bool
    settled: Points
    assessed_points: Points
    points: Points
    low: float
    high: float
    to_confirm: float
    origins: tuple[OriginSum, ...]
    items: tuple[ItemTold, ...]
    exemptions: tuple[Exemption, ...]
    problems: tuple[Problem, ...]
    banners: tuple[str, ...]
    attribution: tuple[str, ...]

    __pydantic_config__ = CLOSED


def write_score_json(score: Score, path: Path) -> Path:
    """Write ``score`` to ``path`` (UTF-8, one space of indent) and return the path.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    return write_json_text(score_document(score), path)


def score_document(score: Score) -> dict[str, Any]:
    """Return ``score`` as the plain mapping that ``score.json`` holds; nothing is rounded."""
    record = told(
        ScoreDocument,
        score,
        schema=SCORE_SCHEMA,
        version=lifecircle.__version__,
        form=told(FormNamed, score.form),
        items=tuple(_item(item) for item in score.items),
    )
    found: dict[str, Any] = plain(record)
    return found


def _item(one: ItemScore) -> ItemTold:
    line = one.item
    parts = tuple(_part(part) for part in one.parts)
    return told(ItemTold, one, id=line.id, words=line.words, points=line.points, parts=parts)


def _part(one: PartScore) -> PartTold:
    part = one.part
    return told(
        PartTold,
        one,
        id=part.id,
        kind=part.kind,
        quote=part.quote,
        points=part.points,
        clauses=tuple(told(ClauseShown, clause) for clause in one.clauses),
    )
