"""What a study types that no clause can take: figures under unknown names, answers in none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.errors import nearest_name
from lifecircle.model.dictionary import match_word
from lifecircle.model.inputs.study import PLACE_COLUMNS
from lifecircle.model.problem import Problem, ProblemCode, Severity
from lifecircle.texts import known

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from lifecircle.model.rules.clause import Standard

__all__ = ["papers_asked", "unasked_figures", "unread_papers"]


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


def papers_asked(standards: Iterable[Standard]) -> set[str]:
    """Return the papers that clauses ask for."""
    return {
        item
        for standard in standards
        for clause in standard.clauses.values()
        for item in getattr(clause.options, "items", ())
    }


def unread_papers(
    materials: pd.DataFrame | None, standards: Iterable[Standard]
) -> tuple[Problem, ...]:
    """Return a warning for each paper of a clause that is answered in words that say neither.

    正在制定, 拟印发, 部分完成: whether that is there no document says, so it counts as unanswered,
    and whoever typed it is asked.

    Parameters
    ----------
    materials
        ``Study.materials``.
    """
    if materials is None:
        return ()
    papers = papers_asked(standards)
    return tuple(
        Problem(
            ProblemCode.PAPER_VALUE,
            Severity.WARNING,
            {"papers": [row["item"]]},
            layer="evidence",
            value=str(row["value"]),
            **{name.removeprefix("in_"): row.get(name) for name in PLACE_COLUMNS},
        )
        for row in materials.to_dict("records")
        if row["item"] in papers and row["value"] and match_word("bool", row["value"]) is None
    )
