"""Round figures: which verdicts would come out otherwise were 约200 a little more or less."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING

from lifecircle.case.bench import open_bench
from lifecircle.case.case import open_case
from lifecircle.counting.rounded import at_ends
from lifecircle.counting.typed import stands_in
from lifecircle.judge.clauses import judge_rule
from lifecircle.judge.decision import with_flag
from lifecircle.model.inputs.layers import Layer
from lifecircle.model.problem.round_figures import RoundFigure, ends, round_figures, taken
from lifecircle.model.status import Flag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pandas as pd

    from lifecircle.case.bench import Bench
    from lifecircle.judge.clauses import JudgedClause
    from lifecircle.model.inputs.study import Study
    from lifecircle.model.rules.options import Options
    from lifecircle.model.rules.rule import Rule

    _Cells = dict[tuple[str, str], list[RoundFigure]]

__all__ = ["rounded_marked"]

_LAYERS = frozenset({"residential", "facilities"})
_RECORDS = ("sharing", "m2")
_VARIED = _LAYERS | {_RECORDS[0]}
_FIGURES = {
    "indicators": frozenset({"indicator"}),
    "units": frozenset({"indicator", "ratio", "sum", "assignment"}),
}
"""Tables of figures of the whole county → the measures of the clauses that rest on them."""
_BESIDE_ROOMS = frozenset({"ratio", "sum", "assignment"})
"""Those of them that may hold such figures against what facilities have."""


def rounded_marked(
    benches: Sequence[Bench], told: Sequence[Mapping[str, JudgedClause]]
) -> tuple[Mapping[str, JudgedClause], ...]:
    """Return the clauses judged, those that hang on a round figure marked.

    Columns with round figures are taken at their least and at their most, those of areas and
    facilities together (:func:`ends`), walks that were handed in alone. A subject bears the mark
    where its status differs; so does a clause, and another mark where only the status of some of
    its subjects does: what it counts may change, and its verdict stands.
    """
    given = benches[0].case.given
    cells = _round_figures(given)
    if not cells and (given.travel is None or not given.travel.ends):
        return tuple(told)
    return tuple(
        _marked(clauses, _others(bench, cells))
        for bench, clauses in zip(benches, told, strict=True)
    )


def _others(bench: Bench, cells: _Cells) -> list[Bench | Mapping[str, JudgedClause]]:
    rooms = list(_varied(bench, cells))
    return [*rooms, *_varied_figures(bench, cells, rooms), *_varied_walks(bench)]


def _round_figures(study: Study) -> _Cells:
    """Return (layer, column) → the round figures of its rows."""
    found: _Cells = {}
    for one in round_figures(study.problems):
        if one.column == "serves":  # m² that a record names
            mine = study.sharing["facility"].eq(one.row) & study.sharing["m2"].eq(one.read)
            records = [one._replace(row=int(row)) for row in study.sharing.index[mine]]
            found.setdefault(_RECORDS, []).extend(records)
            continue
        frame = _frame(study, one.layer)
        if frame is not None and one.row in frame.index and one.column in frame:
            found.setdefault((one.layer, one.column), []).append(one)
    return found


def _frame(study: Study, layer: str) -> pd.DataFrame | None:
    """Return the rows of a table by their ids; None of one that decides nothing."""
    if layer == "indicators":
        return study.indicators.set_index("id")
    one = getattr(study, layer) if layer in {*_LAYERS, *_FIGURES} else None
    return None if one is None else one.frame


def _varied(bench: Bench, cells: _Cells) -> Iterator[Bench]:
    """Yield the bench with the round figures of areas and facilities at their ends."""
    # what could be arranged costs most, and decides nothing unless the study reads A3 so
    allocated = any(rule.readings.get("A3") == "allocated" for rule in bench.rules)
    mine = {column: figures for column, figures in cells.items() if column[0] in _VARIED}
    for tried in ends(mine):
        frames: dict[str, pd.DataFrame] = {}
        for (name, column), end in tried.items():
            frame = frames[name] if name in frames else _table(bench.case.given, name)
            values = taken(frame, column, mine[name, column], end)
            frames[name] = frame.assign(**{column: values})
        layers = {n: Layer(n, frame) for n, frame in frames.items() if n in _LAYERS}
        yield bench.changed(
            areas=layers.get("residential"),
            facilities=layers.get("facilities"),
            sharing=frames.get("sharing"),
            arranging=allocated,
            briefly=True,
        )


def _varied_walks(bench: Bench) -> Iterator[Bench]:
    """Yield the bench with the round figures of a table of walks at their ends."""
    study, travel = bench.case.given, bench.case.given.travel
    if travel is None:
        return
    for frame in travel.ends:
        walks = dataclasses.replace(travel, frame=frame)
        case = open_case(dataclasses.replace(study, travel=walks), bench.case.view)
        yield open_bench(
            case, bench.rules, references=bool(bench.references), arranging=False, briefly=True
        )


def _table(study: Study, name: str) -> pd.DataFrame:
    table: pd.DataFrame = study.sharing if name == "sharing" else getattr(study, name).frame
    return table


def _varied_figures(
    bench: Bench, cells: _Cells, rooms: Sequence[Bench]
) -> Iterator[Mapping[str, JudgedClause]]:
    """Yield the clauses on figures of the county with the round ones at their ends.

    Beds that are round too may each be at their worse end as well: those benches are ``rooms``.
    """
    mine = {column: figures for column, figures in cells.items() if column[0] in _FIGURES}
    asked = {name for name, _ in mine}
    rules = [rule for rule in bench.rules if asked and _rests_on(rule, asked)]
    beside = [rule for rule in rules if _counts_beds(rule)]
    for tried in ends(mine):
        tables = {name: at_ends(bench.tables, name, mine, tried) for name in asked}
        for one in (bench, *rooms):
            varied = dataclasses.replace(one.tables, **tables)
            some = rules if one is bench else beside
            yield {rule.id: judge_rule(varied, rule, briefly=True) for rule in some}


def _rests_on(rule: Rule[Options], tables: Iterable[str]) -> bool:
    """Return whether a clause is on figures of some tables of the county, or may be."""
    return any(rule.measure in _FIGURES[name] for name in tables) or bool(stands_in(rule))


def _counts_beds(rule: Rule[Options]) -> bool:
    """Return whether a clause holds such figures against what facilities have."""
    return rule.measure in _BESIDE_ROOMS or bool(getattr(rule.options, "room", ""))


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
    turns = any(other.result.status != one.result.status for other in others)
    if not turns and not flips.any():
        return one
    findings = one.findings.copy()
    findings["flags"] = [
        with_flag(flags, Flag.APPROXIMATE, on=bool(on))
        for flags, on in zip(findings["flags"], flips, strict=True)
    ]
    mark = Flag.APPROXIMATE if turns else Flag.APPROXIMATE_PARTS
    flags = with_flag(one.result.flags, mark, on=True)
    return dataclasses.replace(
        one, findings=findings, result=dataclasses.replace(one.result, flags=flags)
    )
