"""Round figures: which verdicts would come out otherwise were 约200 a little more or less."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING

from lifecircle.counting.typed import stands_in
from lifecircle.judge.clauses import judge_rule
from lifecircle.judge.decision import with_flag
from lifecircle.model.finding import ROUND_SHARE
from lifecircle.model.inputs.layers import Layer
from lifecircle.model.problem import ProblemCode
from lifecircle.model.status import Flag

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from lifecircle.case.bench import Bench
    from lifecircle.judge.clauses import JudgedClause
    from lifecircle.model.inputs.study import Study

__all__ = ["rounded_marked"]

_LAYERS = frozenset({"residential", "facilities"})
_OTHER = {"numerator": "denominator", "denominator": "numerator"}
_FIGURES = {"indicators": frozenset({"indicator"}), "units": frozenset({"indicator", "ratio"})}
"""Tables of figures of the whole county → the measures of the clauses that rest on them."""


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
        _marked(clauses, [*_varied(bench, cells), *_varied_figures(bench, cells)])
        for bench, clauses in zip(benches, told, strict=True)
    )


def _round_figures(study: Study) -> dict[tuple[str, str], list[str]]:
    """Return (layer, column) → the rows that have a round figure there."""
    found: dict[tuple[str, str], list[str]] = {}
    for problem in study.problems:
        if problem.code is ProblemCode.NUMBER_READ_AS and "of" in problem.params:
            layer = problem.layer or ""
            frame = _frame(study, layer)
            row, column = problem.params["of"], problem.params["approximate"]
            if frame is not None and row in frame.index and column in frame:
                found.setdefault((layer, column), []).append(row)
    return found


def _frame(study: Study, layer: str) -> pd.DataFrame | None:
    """Return the rows of a table by their ids; None of one that decides nothing."""
    if layer == "indicators":
        return study.indicators.set_index("id")
    one = getattr(study, layer) if layer in {*_LAYERS, *_FIGURES} else None
    return None if one is None else one.frame


def _varied(bench: Bench, cells: Mapping[tuple[str, str], list[str]]) -> Iterator[Bench]:
    """Yield the bench with each column of round figures lower, and higher."""
    # what could be arranged costs most, and decides nothing unless the study reads A3 so
    allocated = any(rule.readings.get("A3") == "allocated" for rule in bench.rules)
    for (name, column), rows in cells.items():
        if name not in _LAYERS:
            continue
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


def _varied_figures(
    bench: Bench, cells: Mapping[tuple[str, str], list[str]]
) -> Iterator[Mapping[str, JudgedClause]]:
    """Yield the clauses on figures of the county with each column of them lower, and higher."""
    for (name, column), rows in cells.items():
        if name not in _FIGURES:
            continue
        rules = [r for r in bench.rules if r.measure in _FIGURES[name] or stands_in(r)]
        for factor in (1 - ROUND_SHARE, 1 + ROUND_SHARE):
            table: pd.DataFrame = getattr(bench.tables, name).copy()
            here = table["id"].isin(rows) if name == "indicators" else table.index.isin(rows)
            table.loc[here, column] = _taken(table[here], column, factor)
            varied = dataclasses.replace(bench.tables, **{name: table})
            yield {rule.id: judge_rule(varied, rule, briefly=True) for rule in rules}


def _taken(rows: pd.DataFrame, column: str, factor: float) -> pd.Series:
    """Return figures times a factor; no more of a whole than all of it, where it was not before."""
    taken, other = rows[column].astype(float) * factor, rows.get(_OTHER.get(column, ""))
    if other is None:
        return taken
    top, bottom = (rows["numerator"], rows["denominator"])
    whole = bottom.notna() & (top.astype(float) <= bottom.astype(float))
    limit = other.astype(float).where(whole)
    return taken.clip(upper=limit) if column == "numerator" else taken.clip(lower=limit)


def _marked(
    clauses: Mapping[str, JudgedClause], others: Sequence[Bench | Mapping[str, JudgedClause]]
) -> dict[str, JudgedClause]:
    return {
        name: _with_marks(one, [_of(other, name) or one for other in others])
        for name, one in clauses.items()
    }


def _of(other: Bench | Mapping[str, JudgedClause], name: str) -> JudgedClause | None:
    return other.get(name) if isinstance(other, Mapping) else other.one(name)


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
