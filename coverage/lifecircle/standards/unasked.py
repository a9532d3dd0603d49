"""Unasked: figures that a study gives under a name by which no clause asks for any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.errors import nearest_name
from lifecircle.model.problem import Problem, ProblemCode, Severity
from lifecircle.texts import known

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lifecircle.model.rules.clause import Standard

__all__ = ["unasked_figures"]


def unasked_figures(names: Iterable[str], standards: Iterable[Standard]) -> tuple[Problem, ...]:
    """Return a warning for each typed figure whose name nothing asks for, with the nearest.

    A figure that another document or form asks for is known: a form may be borrowed.
    """
    asked = dict.fromkeys(
        name
        for standard in standards
        for clause in standard.clauses.values()
        for name in (*getattr(clause.options, "indicators", ()), _stand_in(clause.options))
        if name
    )
    return tuple(
        Problem(
            ProblemCode.INDICATOR_UNKNOWN,
            Severity.WARNING,
            {"nearest": nearest_name(name, asked)},
            layer="indicators",
            value=name,
        )
        for name in names
        if name not in asked and not known("words", f"indicator.{name}")
    )


def _stand_in(options: object) -> str:
    return str(getattr(options, "typed", ""))
