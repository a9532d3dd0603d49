"""Rows of a ledger, normalised: one row an id; what cannot be used is set aside and counted."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lifecircle.intake.ledger.cells.cut_texts import breaks_off, said_of_cut_texts
from lifecircle.intake.ledger.cells.dates import days_of_year
from lifecircle.intake.ledger.cells.figure_names import (
    as_above,
    coded_by_name,
    table_as_above,
)
from lifecircle.intake.ledger.cells.header_units import header_factor
from lifecircle.intake.ledger.cells.round_figures import round_span
from lifecircle.intake.ledger.cells.zeros import Zeros
from lifecircle.intake.ledger.records import named_by_id, records_of
from lifecircle.intake.ledger.repeats import PREFIXES, TakenIds
from lifecircle.intake.ledger.values import (
    UNKNOWN_PASSAGE,
    CellValue,
    is_blank,
    missing,
    read_under,
    read_value,
)
from lifecircle.model.dictionary import columns, days_of, unread
from lifecircle.model.problem import LOST, Problem, ProblemCode, Severity, of_row

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from lifecircle.model.dictionary import ColumnSpec
    from lifecircle.model.inputs.contents import Contents
    from lifecircle.sources.tables.files import RawTable

__all__ = ["Ledger", "read_rows", "texts"]

_COUNTED = frozenset({"m²", "户", "人", "张"})
"""Units that add up: one figure for several rows belongs to none of them."""
_PLACED_BY = frozenset({"lon", "lat"})
_UNKNOWN = frozenset({ProblemCode.KIND_UNKNOWN, ProblemCode.WORD_UNKNOWN})
"""What a cell's word means nobody knows, though a value stands for it."""
_AS_BLANK: Mapping[tuple[str, str], tuple[Any, ...]] = {
    ("residential", "stage"): ("handed_over", "in_use"),
    ("plots", "stage"): ("planned",),
    ("planned", "stage"): ("planned",),
    ("gates", "open"): (True,),
}
"""Layer and column whose blank has a meaning of its own → the values that mean the same."""
_GAP_TOLD = (("facilities", "stage"),)
"""Layer and column whose blank cells are told one by one, where others of the column are filled."""


@dataclass(frozen=True, slots=True, eq=False)
class Ledger:
    """The usable rows of one table.

    Parameters
    ----------
    raw
        The table they come from.
    headers
        Column → header of the file.
    frame
        Columns of the dictionary, all present; index ``id`` where the layer has ids, else 0…n-1.
    at
        int64, position of each row in ``raw``.
    set_aside
        Rows of the file that cannot be used; ``len(frame) + set_aside == len(raw)``.
    """

    raw: RawTable
    headers: Mapping[str, str]
    frame: pd.DataFrame
    at: NDArray[np.int64]
    set_aside: int

    def problem(
        self,
        code: ProblemCode,
        severity: Severity,
        row: int,
        column: str | None = None,
        **params: Any,
    ) -> Problem:
        """Return a problem of row ``row`` (0-based) of ``frame``, with the cell as written."""
        at = int(self.at[row])
        header = self.headers.get(column) if column else None
        value = self.raw.frame[header].iloc[at] if header is not None else None
        return self.raw.problem(
            code, severity, at=at, header=header or column, value=value, **params
        )

    def counts(self, file: str) -> tuple[int, int]:
        """Return how many rows of a file there are, and how many of them are used."""
        if len({part.file for part in self.raw.parts}) < 2:  # noqa: PLR2004
            return len(self.frame) + self.set_aside, len(self.frame)
        of = np.array([self.raw.file_of(at) == file for at in range(len(self.raw))], dtype=bool)
        return int(of.sum()), int(of[self.at].sum())

    def contents(self, file: str) -> Contents | None:
        """Return what of a file was read; None where it is one table with nothing hidden."""
        raw = self.raw
        found = next((p.contents for p in raw.parts if p.file == file), raw.contents)
        hidden = sum(raw.file_of(at) == file for at in raw.hidden)
        if not (found.read or hidden or raw.hidden_headers):
            return None
        return dataclasses.replace(found, hidden_rows=hidden, hidden_columns=raw.hidden_headers)

    def without(self, rows: NDArray[np.bool_]) -> Ledger:
        """Return the ledger with the rows of a mask set aside."""
        return Ledger(
            self.raw,
            self.headers,
            self.frame[~rows],
            self.at[~rows],
            self.set_aside + int(rows.sum()),
        )


def read_rows(
    raw: RawTable, headers: Mapping[str, str], doubted: Mapping[str, str] | None = None
) -> tuple[Ledger, tuple[Problem, ...]]:
    """Normalise every row of a table.

    ``doubted``: column that no header is read as → a header whose cells hold its words. Nobody
    has said that it is the column; what a blank would decide otherwise is not known until then.

    A row is set aside if it is no record (a total, a note, a template's example), lacks a needed
    value, or repeats an id (the first keeps it) and does not have another name: then it is another
    place under a mistyped id, and is used under one that is made. Any other unreadable value is
    treated as missing and reported, and the row is used. So is a figure in a cell merged over
    several rows: it is none of theirs.
    """
    specs = columns(raw.layer)
    key = _key(raw.layer)
    raw, aside, units, said = records_of(raw, headers)
    named = _with_units(headers, units)
    zeros = Zeros.of(raw, headers, specs)
    problems = [*_of_headers(raw, headers, named), *said, *zeros.told()]
    kept: list[dict[str, Any]] = []
    at: list[int] = []
    factors = {column: header_factor(specs[column], text) for column, text in named.items()}
    cells = {column: raw.frame[header].tolist() for column, header in headers.items()}
    cells, by_name = coded_by_name(raw, headers, cells)
    cells, above = as_above(raw, headers, cells, aside)
    raw, remarked = table_as_above(raw, headers, aside)
    problems += (*above, *remarked)
    asked = {
        column: raw.frame[header].tolist()
        for column, header in (doubted or {}).items()
        if (raw.layer, column) in _AS_BLANK
    }
    ids = TakenIds(raw, headers, key or "", specs)
    filled = _filled(raw, cells, aside)
    for position in range(len(raw)):
        if position in aside:
            continue
        row, cell_problems, usable = _read_row(raw, headers, specs, factors, cells, position)
        cell_problems, usable = named_by_id(raw, position, row, cell_problems, usable=usable)
        cell_problems += zeros.blanked(row, position)
        cell_problems += _gaps(raw, headers, filled, cells, position)
        row |= _doubts(raw.layer, specs, {name: told[position] for name, told in asked.items()})
        if not usable or key is None:
            problems += of_row(cell_problems, None)
        else:
            own, made = ids.own(row.get(key), position)
            usable, found = ids.take(own, row, position)
            problems += [*of_row(cell_problems, str(row[key])), *made, *found]
        problems += by_name.get(position, ())
        if usable:
            kept.append(row)
            at.append(position)
    frame = _indexed(_frame(kept, specs), key, kept)
    raw = ids.without_moved(raw)
    ledger = Ledger(raw, headers, frame, np.array(at, dtype=np.int64), len(raw) - len(kept))
    if not raw.parts:  # of the table first, then row by row
        problems.sort(key=lambda problem: problem.row or 0)
    return ledger, tuple(problems)


def texts(values: Iterable[str | None], index: pd.Index[Any]) -> pd.Series[Any]:
    """Return a column of text by ``index``, object values, None where missing.

    Said outright: pandas infers its string type otherwise, in which missing is NaN.
    """
    return pd.Series(list(values), index=index, dtype=object)


def _key(layer: str) -> str | None:
    """Return the column that identifies a row; exemptions, evidence and travel have none."""
    if layer == "units":
        return "code"
    return "id" if layer in PREFIXES or layer == "indicators" else None


def _with_units(headers: Mapping[str, str], units: Mapping[str, str]) -> dict[str, str]:
    """Return column → header, with the unit that stands below it in a row of its own."""
    return {column: units.get(header, header) for column, header in headers.items()}


def _of_headers(
    raw: RawTable, headers: Mapping[str, str], named: Mapping[str, str]
) -> list[Problem]:
    """Return a word on every column whose header names a larger unit: 建筑面积（万㎡）.

    Also on those whose texts may have been cut.

    ``named``: column → header, with the unit that stands below it in a row of its own.
    """
    specs = columns(raw.layer)
    larger = [
        raw.problem(
            ProblemCode.HEADER_UNIT,
            Severity.INFO,
            header=headers[column],
            factor=factor,
            unit=specs[column].unit,
        )
        for column, text in named.items()
        if (factor := header_factor(specs[column], text)) != 1.0
    ]
    return [*larger, *said_of_cut_texts(raw, headers)]


def _read_row(
    raw: RawTable,
    headers: Mapping[str, str],
    specs: Mapping[str, ColumnSpec],
    factors: Mapping[str, float],
    cells: Mapping[str, list[Any]],
    position: int,
) -> tuple[dict[str, Any], list[Problem], bool]:
    """Return a row's values, its problems, and whether it can be used."""
    row: dict[str, Any] = {}
    problems = []
    usable = True
    for column, header in headers.items():
        spec, cell = specs[column], cells[column][position]
        read = _read_cell(raw, spec, header, cell, position, factors[column])
        row[column] = read.value
        if spec.doubtful:
            lost = read.code is not None and not read.aside
            row[unread(column)] = lost and _is_missing(read, spec)
        several = read.code is ProblemCode.DATE_TO_MONTH
        if spec.dated and not is_blank(cell) and (several or not _is_missing(read, spec)):
            row[days_of(column)] = days_of_year(spec, cell)
        usable = usable and not (spec.needed and _is_missing(read, spec))
        problem = _cell_problem(raw, spec, header, cell, position, read)
        if problem is not None:
            problems.append(problem)
    return row, problems, usable


def _filled(
    raw: RawTable, cells: Mapping[str, list[Any]], aside: Collection[int]
) -> tuple[str, ...]:
    """Return the columns of which a blank is told, where some row has them filled."""
    rows = [position for position in range(len(raw)) if position not in aside]
    return tuple(
        column
        for layer, column in _GAP_TOLD
        if layer == raw.layer and column in cells
        if not all(is_blank(cells[column][position]) for position in rows)
    )


def _gaps(
    raw: RawTable,
    headers: Mapping[str, str],
    filled: Sequence[str],
    cells: Mapping[str, list[Any]],
    position: int,
) -> list[Problem]:
    """Return that a row says nothing in columns which others of its file or sheet fill."""
    code, told = ProblemCode.VALUE_MISSING, Severity.WARNING
    found = (
        raw.problem(code, told, at=position, header=headers[column], field=column)
        for column in filled
        if is_blank(cells[column][position]) and (position, headers[column]) not in raw.uncomputed
    )
    return [one for one in found if not raw.parts or one.cell is not None]


def _doubts(
    layer: str, specs: Mapping[str, ColumnSpec], cells: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what a row does not tell, as its cells under a doubted header may or may not hold."""
    found: dict[str, Any] = {}
    for column, cell in cells.items():
        spec = specs[column]
        if is_blank(cell) or read_value(spec, cell).value in _AS_BLANK[layer, column]:
            continue
        found |= {unread(column): True} if spec.doubtful else {column: UNKNOWN_PASSAGE}
    return found


def _read_cell(
    raw: RawTable, spec: ColumnSpec, header: str, cell: Any, position: int, factor: float
) -> CellValue:
    if (position, header) in raw.uncomputed:
        return CellValue(missing(spec.type), ProblemCode.FORMULA_EMPTY)
    first, count = raw.shared.get(header, {}).get(position, (position, 1))
    if count > 1 and spec.unit in _COUNTED and not is_blank(cell):
        said = ProblemCode.MERGED_NUMBER if first == position else None
        return CellValue(math.nan, said, params={"count": count})
    full = raw.full.get(header, {}).get(position) if spec.type == "kinds" else None
    if full is not None and breaks_off(cell):
        width = {"width": full.width}
        return CellValue(missing(spec.type), ProblemCode.KIND_CUT, Severity.WARNING, width)
    return read_under(spec, header, cell, factor)


def _cell_problem(
    raw: RawTable, spec: ColumnSpec, header: str, cell: Any, position: int, read: CellValue
) -> Problem | None:
    """Return what is to be said of a cell; without a needed value the row cannot be used."""
    absent = _is_missing(read, spec)
    if read.code is ProblemCode.FORMULA_EMPTY:
        cell = raw.uncomputed[position, header]
    if read.code is not None:
        severity = Severity.ERROR if spec.needed and absent else read.severity
        params = dict(read.params)
        if read.code is ProblemCode.NUMBER_READ_AS:
            params |= _round(spec, cell, float(read.value))
        if absent or read.code in _UNKNOWN:
            params[LOST] = [spec.name]
        return raw.problem(read.code, severity, at=position, header=header, value=cell, **params)
    if not absent or not (spec.needed or spec.required):
        return None
    named = spec.name == "name"
    return raw.problem(
        ProblemCode.NAME_MISSING if named else ProblemCode.VALUE_MISSING,
        Severity.ERROR if spec.needed else Severity.WARNING,
        at=position,
        header=header,
        **({} if named else {"field": spec.name}),
    )


def _round(spec: ColumnSpec, cell: Any, read: float) -> dict[str, Any]:
    """Return what is said of a cell that tells a figure roundly: between what the exact one is."""
    span = round_span(spec, cell, read)
    if span is None or spec.name in _PLACED_BY:  # a place is as rough as its decimals
        return {}
    ends = [str(int(end)) for end in span] if spec.name.endswith("_year") else span
    return {"approximate": spec.name, "least": ends[0], "most": ends[1]}


def _is_missing(read: CellValue, spec: ColumnSpec) -> bool:
    value = read.value
    return value is None or value == missing(spec.type) or value != value  # noqa: PLR0124 - NaN


def _indexed(frame: pd.DataFrame, key: str | None, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return the frame indexed by the layer's ids, where it has them."""
    if key is None:
        return frame
    frame.index = pd.Index([row[key] for row in rows], name="id", dtype=object)
    return frame.drop(columns="id") if key == "id" else frame


def _frame(rows: list[dict[str, Any]], specs: Mapping[str, ColumnSpec]) -> pd.DataFrame:
    """Return rows as a table with every column; what is no number is an object, as it was read.

    One array of each type, not one a column: of small ledgers the columns cost most.
    """
    size = len(rows)
    absent = {name: missing(spec.type) for name, spec in specs.items()}
    figures = [name for name, spec in specs.items() if spec.type in {"number", "integer"}]
    others = [name for name in specs if name not in {*figures}]
    doubted = [unread(name) for name, spec in specs.items() if spec.doubtful]
    told, known = np.empty((len(others), size), dtype=object), np.empty((len(figures), size))
    for at, name in enumerate(others):  # a value may be a tuple: never an array of arrays
        told[at] = np.fromiter([row.get(name, absent[name]) for row in rows], object, size)
    for at, name in enumerate(figures):
        known[at] = [row.get(name, absent[name]) for row in rows]
    marks = np.array([[bool(row.get(name)) for row in rows] for name in doubted], dtype=bool)
    parts = [
        pd.DataFrame(told.T, columns=others, dtype=object),
        pd.DataFrame(known.T, columns=figures),
        pd.DataFrame(marks.reshape(len(doubted), size).T, columns=doubted),
    ]
    frame = pd.concat(parts, axis="columns")[[*specs, *doubted]]
    return frame.assign(**_days_told(rows, specs))


def _days_told(rows: list[dict[str, Any]], specs: Mapping[str, ColumnSpec]) -> dict[str, pd.Series]:
    """Return the days that cells of a year tell, by column."""
    named = [days_of(name) for name, spec in specs.items() if spec.dated]
    return {name: pd.Series([row.get(name) for row in rows], dtype=object) for name in named}
