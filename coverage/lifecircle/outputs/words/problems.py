"""Problems in words: each whole, and those of one kind and file together, their cells below."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lifecircle.model.cell import text_or_none
from lifecircle.model.problem import LOST, Severity, describe, lost_cells, unread_text
from lifecircle.texts import NO_TEXT, names_parameter, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lifecircle.model.problem import Problem

__all__ = [
    "Group",
    "Unread",
    "group_problems",
    "problem_spot",
    "problem_text",
    "problem_where",
    "spots",
]

_SPOTS = 6
_VALUES = 5
"""How many values beside the first's a title names: a reader finds them in other cells."""
_SPELLINGS = ("nearest", "allowed", "low", "suggest", "key", "item", "points")
"""Parameters that change the remedy: rows that differ in them are told apart."""
_OF_TABLES = ("field", "part", "place")
"""What a problem of a whole table is about: two that lack different columns are two."""


def problem_text(problem: Problem, language: str) -> tuple[str, str, str]:
    """Return what is wrong, why it matters, and the remedy; the code of an unknown one."""
    try:
        said = describe(problem, language)
    except NO_TEXT:  # written by another version
        return str(problem.code), "", ""
    return said["what"], said["why"], said["remedy"]


def problem_where(problem: Problem, language: str) -> str:
    """Return where a problem stands: file, sheet, cell or row, column."""
    try:
        return describe(problem, language)["where"]
    except NO_TEXT:  # written by another version
        return text_or_none(problem.file) or ""


def problem_spot(problem: Problem, language: str) -> str | None:
    """Return the cell a problem stands in, else its row (第 7 行); None where it has neither."""
    if problem.cell is not None or not problem.row:
        return problem.cell
    return say("problems", "where.row", language, row=problem.row)


@dataclass(frozen=True, slots=True)
class Group:
    """Problems of one code, severity, file, sheet and column, with the same remedy."""

    problems: tuple[Problem, ...]

    @property
    def first(self) -> Problem:
        """Return the problem that speaks for the group."""
        return self.problems[0]

    def __len__(self) -> int:
        return len(self.problems)

    def title(self, language: str) -> str:
        """Return what is wrong, of the first, how many there are, and what else they say."""
        what = describe(self.first, language)["what"]
        if len(self) == 1:
            return what
        others = self._others(language)
        if not others:
            return say("check", "group.title", language, what=what, count=len(self))
        shown = [say("check", "group.value", language, value=v) for v in others[:_VALUES]]
        code = "group.title_values" if len(others) <= _VALUES else "group.title_values_more"
        return say("check", code, language, what=what, count=len(self), values=shown)

    def _others(self, language: str) -> list[str]:
        """Return the values beside the first's, each once; none where the text names no value."""
        if not names_parameter("problems", f"{self.first.code}.what", "value", language):
            return []
        values = dict.fromkeys(p.value for p in self.problems if p.value is not None)
        return [value for value in values if value != self.first.value]

    def where(self, language: str) -> str:
        """Return file, sheet and column, and the cells of the first few."""
        one = self.first
        if len(self) == 1:
            return describe(one, language)["where"]
        parts = [one.file]
        if one.sheet:
            parts.append(say("problems", "where.sheet", language, sheet=one.sheet))
        if one.column:
            parts.append(say("problems", "where.column", language, column=one.column))
        parts.append(spots(self.problems, language))
        separator = say("problems", "where.separator", language)
        return separator.join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Unread:
    """What stands in the rows of a layer that nobody could read, in words."""

    cells: Mapping[str, Sequence[Problem]]
    language: str

    @classmethod
    def of(cls, problems: Iterable[Problem], layer: str, language: str) -> Unread:
        """Return what problems say of a layer's rows."""
        return cls(lost_cells(problems, layer), language)

    def __bool__(self) -> bool:
        return bool(self.cells)

    def all(self, row: object) -> str | None:
        """Return everything that is written in a row and not used; None: nothing is."""
        told = self.cells.get(str(row), ())
        lines = dict.fromkeys(unread_text(one, self.language) for one in told)
        return ("；" if self.language == "zh" else "; ").join(lines) or None

    def under(self, row: object, column: str) -> str | None:
        """Return what is written in a row for a column and not used; None: nothing is."""
        found = (one for one in self.cells.get(str(row), ()) if column in one.params[LOST])
        first = next(found, None)
        return None if first is None else unread_text(first, self.language)


def group_problems(problems: Iterable[Problem]) -> list[Group]:
    """Return the problems in groups: errors first, then by file, else in the order found."""
    found: dict[tuple[object, ...], list[Problem]] = {}
    for problem in problems:
        names = _SPELLINGS if problem.row else (*_SPELLINGS, *_OF_TABLES)
        told = tuple(str(problem.params.get(name)) for name in names)
        key = (
            *(problem.severity, problem.layer, problem.file, problem.sheet),
            *(problem.code, problem.column, *told),
        )
        found.setdefault(key, []).append(problem)
    order = list(Severity)
    groups = [Group(tuple(members)) for members in found.values()]
    return sorted(groups, key=lambda group: order.index(group.first.severity))


def spots(problems: Sequence[Problem], language: str) -> str:
    """Return the cells or rows of problems, the first few: ``B7、B9 等 37 处``."""
    named = [spot for p in problems if p.row and (spot := problem_spot(p, language))]
    shown = ("、" if language == "zh" else ", ").join(named[:_SPOTS])
    if len(named) > _SPOTS:
        return say("check", "spots.more", language, spots=shown, count=len(named))
    return shown
