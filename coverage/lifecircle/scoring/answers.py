"""Answers: the study's evidence sorted by the parts of the form, and what cannot be placed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from lifecircle.errors import nearest_name
from lifecircle.model.dictionary import fold, match_word
from lifecircle.model.inputs.study import PLACE_COLUMNS
from lifecircle.model.problem import Problem, ProblemCode, Severity
from lifecircle.model.results.score import Material

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    import pandas as pd

    from lifecircle.model.rules.form import Form, FormOption, FormPart

__all__ = ["Answer", "Said", "answered", "chosen", "contradiction", "placed_problem", "yes_or_no"]

_DOTS = re.compile(r"[-–—_．。·]")
_NUMBER = re.compile(r"\d+(\.\d+)*")
_TEXTS = ("work", "title", "number", "file", "note", "value")


@dataclass(frozen=True, slots=True)
class Answer:
    """One row of evidence: the paper, and where the row stands (the fields of a Problem).

    ``cells``: the same of its answer (``value``) and its claim (``claimed``), where there are any.
    """

    material: Material
    place: Mapping[str, Any]
    cells: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def of(self, value: Any) -> Mapping[str, Any]:
        """Return where a value that the row says stands: its answer, or the points it claims."""
        name = "value" if value and value == self.material.value else "claimed"
        said = name == "value" or self.material.claimed is not None
        return {**self.place, **(self.cells.get(name, {}) if said else {})}


def answered(
    form: Form, table: pd.DataFrame | None, papers: Collection[str]
) -> tuple[dict[str, tuple[Answer, ...]], tuple[Problem, ...]]:
    """Return part id → its rows, in their order, and a warning for each row of no part.

    A row names a part (``1.1a``; ``1-1a`` too), an item that has one part only (``4.3``), or the
    paper that is the same (``layout_plan``).

    Parameters
    ----------
    table
        ``Study.materials``.
    papers
        Papers that clauses of the study's documents ask for: no part of the form, and no mistake.
    """
    names = _names(form)
    found: dict[str, list[Answer]] = {part: [] for part in form.parts}
    problems = []
    rows = [] if table is None else table.to_dict("records")
    for row in rows:
        place = {name.removeprefix("in_"): row.get(name) for name in PLACE_COLUMNS}
        answer = Answer(_material(row), place, _cells(row))
        part = names.get(_plain(row["item"]))
        if part is not None:
            found[part] += [answer] if _says_something(answer.material) else []
        elif row["item"] not in papers:
            problems.append(
                placed_problem(
                    ProblemCode.EVIDENCE_UNKNOWN,
                    answer,
                    value=row["item"],
                    nearest=_nearest(_plain(row["item"]), [*names, *papers]),
                    form=form.id,
                )
            )
    return {part: tuple(several) for part, several in found.items()}, tuple(problems)


def _cells(row: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return where a row's answer and its claim stand, of those that have a cell."""
    found = {
        name: {part: row.get(f"{name}_{part}") for part in ("cell", "column")}
        for name in ("value", "claimed")
    }
    return {name: place for name, place in found.items() if place["cell"]}


def _names(form: Form) -> dict[str, str]:
    names = {part.id: part.id for item in form.items for part in item.parts}
    names |= {part.document: part.id for part in form.parts.values() if part.document}
    for item in form.items:
        if len(item.parts) == 1:
            names[item.id] = item.parts[0].id
    return names


def _nearest(item: str, names: Iterable[str]) -> str | None:
    """Return the name that one of no part may mean: of a number another part of the same item."""
    number = _NUMBER.match(item)
    mine = [name for name in names if number is None or _same_item(name, number.group())]
    return nearest_name(item, mine)


def _same_item(name: str, number: str) -> bool:
    own = _NUMBER.match(name)
    return own is not None and own.group() == number


def _plain(item: str) -> str:
    return _DOTS.sub(".", fold(item)) if re.match(r"\s*\d", item) else fold(item)


def _material(row: Mapping[str, Any]) -> Material:
    claimed = row["claimed"]
    said = {name: str(row[name]) if row[name] is not None else "" for name in _TEXTS}
    return Material(**said, claimed=None if claimed != claimed else float(claimed))  # noqa: PLR0124


def _says_something(one: Material) -> bool:
    """Return whether a row has more than its key: templates list every part, filled in or not."""
    return one.claimed is not None or any(getattr(one, name) for name in _TEXTS)


def placed_problem(code: ProblemCode, answer: Answer, value: Any, **params: Any) -> Problem:
    """Return a warning about a row of evidence, where the value stands that it is about."""
    shown = None if value is None else str(value)
    place = answer.place if code is ProblemCode.EVIDENCE_UNKNOWN else answer.of(value)
    return Problem(code, Severity.WARNING, params, layer="evidence", value=shown, **dict(place))


class Said(NamedTuple):
    """What a row of evidence writes, and what that means: rows that mean two things contradict."""

    answer: Answer
    text: str
    means: float | str

    @classmethod
    def of(cls, one: Answer, means: float | str) -> Said:
        """Return what a row writes as its answer: its word, else the points that it claims."""
        claimed = one.material.claimed
        points = "" if claimed is None else f"{claimed:g}"
        return cls(one, one.material.value or points or one.material.work, means)


def yes_or_no(part: FormPart, answers: tuple[Answer, ...]) -> tuple[list[Said], list[Problem]]:
    """Return what the rows answer, by a word or by claiming all or none of the points.

    Each means True or False; no answer is none. What cannot be understood is a problem.
    """
    said: list[Said] = []
    problems = []
    for one in answers:
        value, claimed = one.material.value, one.material.claimed
        word = match_word("bool", value) if value else None
        if word is not None:
            said.append(Said.of(one, word == "true"))
        elif value:
            problems.append(
                placed_problem(
                    ProblemCode.EVIDENCE_VALUE, one, value, item=part.id, allowed=["是", "否"]
                )
            )
        elif claimed is not None and claimed in {0.0, part.points} and part.points:
            said.append(Said.of(one, claimed == part.points))
        elif claimed is not None:
            problems.append(_beyond(part, one, [0.0, part.points]))
    return said, problems


def contradiction(part: FormPart, said: Iterable[Said]) -> list[Problem]:
    """Return the problem of rows that mean two things, at the last that is not the first's."""
    rows = list(said)
    others = [one for one in rows if one.means != rows[0].means]
    code = ProblemCode.EVIDENCE_CONFLICT
    return [
        placed_problem(code, one.answer, one.text, item=part.id, first=rows[0].text)
        for one in others[-1:]
    ]


def chosen(part: FormPart, one: Answer, language: str) -> tuple[FormOption | None, list[Problem]]:
    """Return the option a row names: by its words, the document's, its key or its points."""
    value, claimed = one.material.value, one.material.claimed
    if not value:
        hits = [o for o in part.options if claimed is not None and o.points == claimed]
        if claimed is None or len(hits) == 1:
            return (hits[0] if hits else None), []
        return None, [_beyond(part, one, [o.points for o in part.options])]
    for option in part.options:
        said = (option.key, *option.words.values(), *option.also, f"{option.points:g}")
        if fold(value) in map(fold, said):
            return option, []
    allowed = [option.words[language] for option in part.options]
    code = ProblemCode.EVIDENCE_VALUE
    return None, [placed_problem(code, one, value, item=part.id, allowed=allowed)]


def _beyond(part: FormPart, one: Answer, allowed: list[float]) -> Problem:
    return placed_problem(
        ProblemCode.EVIDENCE_CLAIM, one, one.material.claimed, item=part.id, points=allowed
    )
