"""Rows of a ledger, normalised: one row an id; what cannot be used is set aside and counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lifecircle.intake.values import Reading, is_blank, missing, read_value
from lifecircle.model.dictionary import columns, fold
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from lifecircle.model.dictionary import ColumnSpec
    from lifecircle.sources.tables import RawTable

__all__ = ["Ledger", "read_rows", "texts"]

_PREFIXES = {
    "residential": "R",
    "facilities": "F",
    "candidates": "C",
    "gates": "G",
    "buildings": "B",
}
"""First letter of the ids made for rows that have none: R7 is the row the user sees as 7."""

_TOTALS = frozenset({"合计", "总计", "小计", "共计", "汇总", "total", "subtotal"})
_TOTAL_COLUMNS = 3


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

    def without(self, rows: NDArray[np.bool_]) -> Ledger:
        """Return the ledger with the rows of a mask set aside."""
        return Ledger(
            self.raw,
            self.headers,
            self.frame[~rows],
            self.at[~rows],
            self.set_aside + int(rows.sum()),
        )


def read_rows(raw: RawTable, headers: Mapping[str, str]) -> tuple[Ledger, tuple[Problem, ...]]:
    """Normalise every row of a table.

    A row is set aside if it is a total (合计), lacks a needed value, or repeats an id (the first
    keeps it). Any other unreadable value is treated as missing and reported, and the row is used.
    """
    specs = columns(raw.layer)
    key = _key(raw.layer)
    problems: list[Problem] = []
    kept: list[dict[str, Any]] = []
    at: list[int] = []
    ids: dict[str, int] = {}
    totals = _totals(raw)
    cells = {column: raw.frame[header].tolist() for column, header in headers.items()}
    reserved = {str(v) for v in cells.get(key or "", ()) if v is not None}
    for position in range(len(raw)):
        if totals[position]:
            problems.append(raw.problem(ProblemCode.ROW_TOTAL, Severity.INFO, at=position))
            continue
        row, found, usable = _read_row(raw, headers, specs, cells, position)
        problems += found
        if usable and key is not None:
            own, found = _own_id(raw, headers.get(key), row.get(key), position, reserved)
            problems += found
            if own in ids:
                problems.append(
                    raw.problem(
                        ProblemCode.ID_DUPLICATE,
                        Severity.ERROR,
                        at=position,
                        header=headers.get(key),
                        value=own,
                        first_row=int(raw.rows[ids[own]]),
                    )
                )
                continue
            ids[own] = position
            row[key] = own
        if usable:
            kept.append(row)
            at.append(position)
    frame = _frame(kept, specs)
    if key is not None:
        frame.index = pd.Index([row[key] for row in kept], name="id", dtype=object)
        if key == "id":
            frame = frame.drop(columns="id")
    ledger = Ledger(raw, headers, frame, np.array(at, dtype=np.int64), len(raw) - len(kept))
    return ledger, tuple(problems)


def texts(values: Iterable[str | None], index: pd.Index[Any]) -> pd.Series[Any]:
    """Return a column of text by ``index``, object values, None where missing.

    Said outright: pandas infers its string type otherwise, in which missing is NaN.
    """
    return pd.Series(list(values), index=index, dtype=object)


def _key(layer: str) -> str | None:
    """Return the column that identifies a row; exemptions and travel costs have none."""
    if layer == "units":
        return "code"
    return "id" if layer in _PREFIXES else None


def _totals(raw: RawTable) -> list[bool]:
    """Return which rows are sums of others: one of their first values is 合计 or the like."""
    return [
        any(
            fold(value).rstrip(":") in _TOTALS
            for value in [v for v in row if not is_blank(v)][:_TOTAL_COLUMNS]
        )
        for row in zip(*(raw.frame[header].tolist() for header in raw.frame), strict=True)
    ]


def _read_row(
    raw: RawTable,
    headers: Mapping[str, str],
    specs: Mapping[str, ColumnSpec],
    cells: Mapping[str, list[Any]],
    position: int,
) -> tuple[dict[str, Any], list[Problem], bool]:
    """Return a row's values, its problems, and whether it can be used."""
    row: dict[str, Any] = {}
    problems = []
    usable = True
    for column, header in headers.items():
        spec, cell = specs[column], cells[column][position]
        read = read_value(spec, cell)
        row[column] = read.value
        if read.code is not None:
            # Without a needed value the row cannot be used, whatever the reading's own severity.
            lost = spec.needed and _is_missing(read, spec)
            severity = Severity.ERROR if lost else read.severity
            usable = usable and not lost
            problems.append(
                raw.problem(
                    read.code, severity, at=position, header=header, value=cell, **read.params
                )
            )
        elif _is_missing(read, spec) and (spec.needed or spec.required):
            named = spec.name == "name"
            problems.append(
                raw.problem(
                    ProblemCode.NAME_MISSING if named else ProblemCode.VALUE_MISSING,
                    Severity.ERROR if spec.needed else Severity.WARNING,
                    at=position,
                    header=header,
                    **({} if named else {"field": column}),
                )
            )
            usable = usable and not spec.needed
    return row, problems, usable


def _is_missing(read: Reading, spec: ColumnSpec) -> bool:
    value = read.value
    return value is None or value == missing(spec.type) or value != value  # noqa: PLR0124 - NaN


def _own_id(
    raw: RawTable, header: str | None, own: str | None, position: int, reserved: set[str]
) -> tuple[str, list[Problem]]:
    """Return the row's id; one is made from the row number where the file gives none."""
    if own is not None:
        return own, []
    made = f"{_PREFIXES[raw.layer]}{raw.rows[position]}"
    while made in reserved:
        made += "-"
    if header is None:
        return made, []
    return made, [
        raw.problem(ProblemCode.ID_MISSING, Severity.WARNING, at=position, header=header, made=made)
    ]


def _frame(rows: list[dict[str, Any]], specs: Mapping[str, ColumnSpec]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            name: pd.Series(
                [row.get(name, missing(spec.type)) for row in rows],
                dtype=float if spec.type in {"number", "integer"} else object,
            )
            for name, spec in specs.items()
        }
    )
