"""Round figures: what of a review would come out otherwise were 约200 a little more or less."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from lifecircle.judge.decision import with_flag
from lifecircle.model.finding import ROUND_SHARE
from lifecircle.model.problem import ProblemCode
from lifecircle.model.status import Flag

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import pandas as pd

    from lifecircle.judge.clauses import JudgedClause
    from lifecircle.model.inputs.layers import Layer
    from lifecircle.model.inputs.proposal import Proposal
    from lifecircle.model.results.review import ReviewedClause

__all__ = ["rounded_marked"]

_AHEAD = {"population": "population_planned"}
"""Column of a plot as it is written → the one that an area has."""


def rounded_marked(
    rows: Sequence[ReviewedClause],
    proposal: Proposal,
    judge: Callable[[Proposal], Mapping[str, JudgedClause]],
) -> tuple[ReviewedClause, ...]:
    """Return the rows, those that hang on a round figure of the proposal marked.

    Every column with round figures is taken 5 % lower and 5 % higher, all others as they are.

    Parameters
    ----------
    judge
        A proposal → the clauses on its rooms, judged.
    """
    others = [judge(varied) for varied in _varied(proposal)]
    if not others:
        return tuple(rows)
    return tuple(
        dataclasses.replace(
            row,
            flags=with_flag(
                row.flags, Flag.APPROXIMATE, on=any(_flips(row, other) for other in others)
            ),
        )
        for row in rows
    )


def _flips(row: ReviewedClause, judged: Mapping[str, JudgedClause]) -> bool:
    return row.id in judged and judged[row.id].findings.at[row.plot, "status"] != row.status


def _varied(proposal: Proposal) -> Iterator[Proposal]:
    """Yield the proposal with each column of round figures lower, and higher."""
    for (name, column), ids in _round_figures(proposal).items():
        layer: Layer = getattr(proposal, name)
        for factor in (1 - ROUND_SHARE, 1 + ROUND_SHARE):
            frame = layer.frame.copy()
            frame.loc[ids, column] = frame.loc[ids, column].astype(float) * factor
            change: dict[str, Any] = {name: dataclasses.replace(layer, frame=frame)}
            yield dataclasses.replace(proposal, **change)


def _round_figures(proposal: Proposal) -> dict[tuple[str, str], list[str]]:
    """Return (part, column) → the rows that have a round figure there; of the project: all."""
    found: dict[tuple[str, str], list[str]] = {}
    for problem in proposal.problems:
        if problem.code is not ProblemCode.NUMBER_READ_AS or "approximate" not in problem.params:
            continue
        part = "facilities" if problem.layer == "planned" else "plots"
        frame = getattr(proposal, part).frame
        column = str(problem.params["approximate"])
        column = _AHEAD.get(column, column)
        ids = _meant(frame, problem.params.get("of"))
        if column in frame and ids:
            found.setdefault((part, column), []).extend(ids)
    return found


def _meant(frame: pd.DataFrame, of: str | None) -> list[str]:
    """Return the rows of an id, which may be another in the study that has it already."""
    ids = [str(key) for key in frame.index]
    return ids if of is None else [key for key in ids if key in {of, f"new:{of}"}]
