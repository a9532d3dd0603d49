"""Round figures: which verdicts would come out otherwise were 约200 a little more or less."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from lifecircle.judge.decision import with_flag
from lifecircle.model.finding import ROUND_SHARE
from lifecircle.model.inputs.layers import Layer
from lifecircle.model.problem import ProblemCode
from lifecircle.model.status import Flag

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

    from lifecircle.case.bench import Bench
    from lifecircle.judge.clauses import JudgedClause
    from lifecircle.model.inputs.study import Study

__all__ = ["rounded_marked"]

_LAYERS = frozenset({"residential", "facilities"})


def rounded_marked(
    benches: Sequence[Bench], told: Sequence[Mapping[str, JudgedClause]]
) -> tuple[Mapping[str, JudgedClause], ...]:
    """Return the clauses judged, those that hang on a round figure marked.

    Every column with round figures is taken 5 % lower and 5 % higher, all others as they are. A
    subject bears the mark where its status differs, a clause where its own does or that of one of
    its subjects.
    """
    cells = _round_figures(benches[0].case.given)
    if not cells:
        return tuple(told)
    return tuple(
        _marked(clauses, list(_varied(bench, cells)))
        for bench, clauses in zip(benches, told, strict=True)
    )


def _round_figures(study: Study) -> dict[tuple[str, str], list[str]]:
    """Return (layer, column) → the rows that have a round figure there."""
    found: dict[tuple[str, str], list[str]] = {}
    for problem in study.problems:
        if problem.code is ProblemCode.NUMBER_READ_AS and "of" in problem.params:
            layer = problem.layer or ""
            frame = getattr(study, layer).frame if layer in _LAYERS else None
            row, column = problem.params["of"], problem.params["approximate"]
            if frame is not None and row in frame.index and column in frame:
                found.setdefault((layer, column), []).append(row)
    return found


def _varied(bench: Bench, cells: Mapping[tuple[str, str], list[str]]) -> Iterator[Bench]:
    """Yield the bench with each column of round figures lower, and higher."""
    # what could be arranged costs most, and decides nothing unless the study reads A3 so
    allocated = any(rule.readings.get("A3") == "allocated" for rule in bench.rules)
    for (name, column), rows in cells.items():
        layer = getattr(bench.case.given, name)
        for factor in (1 - ROUND_SHARE, 1 + ROUND_SHARE):
            frame = layer.frame.copy()
            frame.loc[rows, column] = frame.loc[rows, column].astype(float) * factor
            varied = Layer(layer.name, frame)
            yield bench.changed(
                areas=varied if name == "residential" else None,
                facilities=varied if name == "facilities" else None,
                arranging=allocated,
                briefly=True,
            )


def _marked(clauses: Mapping[str, JudgedClause], others: list[Bench]) -> dict[str, JudgedClause]:
    return {name: _with_marks(one, [o.one(name) for o in others]) for name, one in clauses.items()}


def _with_marks(one: JudgedClause, others: list[JudgedClause]) -> JudgedClause:
    status = one.findings["status"]
    flips: pd.Series[bool] = status != status  # none  # noqa: PLR0124
    for other in others:
        flips |= other.findings["status"].reindex(status.index).ne(status)
    if not flips.any() and all(other.result.status == one.result.status for other in others):
        return one
    findings = one.findings.copy()
    findings["flags"] = [
        with_flag(flags, Flag.APPROXIMATE, on=bool(on))
        for flags, on in zip(findings["flags"], flips, strict=True)
    ]
    flags = with_flag(one.result.flags, Flag.APPROXIMATE, on=True)
    return dataclasses.replace(
        one, findings=findings, result=dataclasses.replace(one.result, flags=flags)
    )
