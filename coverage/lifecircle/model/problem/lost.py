"""What is written in a cell and not used as it stands: in which row, and as which columns."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lifecircle.model.problem.codes import ProblemCode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lifecircle.model.problem.told import Problem

__all__ = ["LOST", "lost_cells", "lost_of", "of_row", "unread_remarks"]

LOST, _ROW = "lost", "lost_of"
"""Parameters of a problem: the columns that are not known by it, and the row's id."""


def lost_of(row: object, *columns: str) -> dict[str, Any]:
    """Return the parameters of a problem by which columns of a row are not known."""
    return {LOST: list(columns), _ROW: str(row)}


def of_row(problems: Iterable[Problem], row: str | None) -> list[Problem]:
    """Return what is said of a row's cells; of a round figure (约200) with the row's id.

    So is what cannot be read: whoever tells of the row can say what stands there. None: it has no
    id, or is not used.
    """
    told = []
    for one in problems:
        params = dict(one.params)
        lost = params.pop(LOST, None)
        if row is not None:
            params |= {"of": row} if "approximate" in params else {}
            params |= {} if lost is None else lost_of(row, *lost)
        told.append(replace(one, params=params))
    return told


def unread_remarks(problems: Iterable[Problem], layer: str) -> dict[str, str]:
    """Return id of a row → what it remarks of itself and nothing has understood."""
    found: dict[str, list[str]] = {}
    for one in problems:
        if one.layer == layer and one.code is ProblemCode.REMARK_UNREAD:
            for row, text in zip(one.params["rows"], one.params["texts"], strict=True):
                found.setdefault(str(row), []).append(str(text))
    return {row: "；".join(texts) for row, texts in found.items()}


def lost_cells(problems: Iterable[Problem], layer: str) -> dict[str, list[Problem]]:
    """Return id of a row → what is written there and not used, each problem with ``LOST``."""
    found: dict[str, list[Problem]] = {}
    for one in problems:
        if one.layer == layer and LOST in one.params and _ROW in one.params:
            found.setdefault(str(one.params[_ROW]), []).append(one)
    return found
