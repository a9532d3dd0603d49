"""Problems in words: what is wrong, why it matters, what to do, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lifecircle.texts import known, say

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ProblemText", "describe"]

_DOMAIN = "problems"


@dataclass(frozen=True, slots=True)
class ProblemText:
    """A problem as one row of the table the user reads."""

    what: str
    why: str
    remedy: str
    where: str


def describe(problem: Mapping[str, Any], language: str) -> ProblemText:
    """Return the words of one problem.

    Parameters
    ----------
    problem
        As ``Problem.to_json`` returns it and ``assessment.json`` carries it.
    language
        ``"zh"`` or ``"en"``.

    Raises
    ------
    KeyError
        The code has no text.
    """
    code = problem["code"]
    params = {**problem, **problem["params"]}
    # A near name turns the general remedy into a question.
    near = f"{code}.remedy_near"
    remedy = near if params.get("nearest") and known(_DOMAIN, near) else f"{code}.remedy"
    return ProblemText(
        what=say(_DOMAIN, f"{code}.what", language, **params),
        why=say(_DOMAIN, f"{code}.why", language, **params),
        remedy=say(_DOMAIN, remedy, language, **params),
        where=_where(problem, language),
    )


def _where(problem: Mapping[str, Any], language: str) -> str:
    """Return file, sheet, cell (or row) and column, as far as they are known."""
    parts = [part for part in ("file", "sheet", "cell") if problem.get(part)]
    if problem.get("row") and not problem.get("cell"):
        parts.append("row")
    if problem.get("column"):
        parts.append("column")
    said = [say(_DOMAIN, f"where.{part}", language, **{part: problem[part]}) for part in parts]
    return say(_DOMAIN, "where.separator", language).join(said)
