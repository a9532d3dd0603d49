"""Rows of a ledger, normalised: one row an id; what cannot be used is set aside and counted."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lifecircle.intake.ledger.columns import header_factor
from lifecircle.intake.ledger.values import Reading, is_blank, missing, read_value
from lifecircle.model.dictionary import columns, fold
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from lifecircle.model.dictionary import ColumnSpec
    from lifecircle.sources.tables.files import RawTable

__all__ = ["Ledger", "example_rows", "read_rows", "texts"]

_PREFIXES = {
    "residential": "R",
    "facilities": "F",
    "candidates": "C",
    "gates": "G",
    "buildings": "B",
    "plots": "P",
    "planned": "F",
}
"""First letter of the ids made for rows that have none: R7 is the row the user sees as 7."""

_TOTALS = frozenset({"共计", "汇总", "total", "subtotal", "grandtotal"})
_TOTAL = re.compile(r".{0,12}(合计|总计|小计)(\(.*\))?")
_TOTAL_COLUMNS = 3
_EXAMPLES = ("示例行", "examplerow")
_NOTE = re.compile(
    r"(注|备注|附注|说明|填表|制表|填报|审核|复核|单位负责人|联系|数据来源|统计|截至|截止).{0,6}[:：].*"
    r"|(注|备注|说明)\d*[.、].*|\(?[一二三四五六七八九十]+\)?[、.．].*"
)
"""The foot of a ledger (注：…, 填表人：…) and the headings of its groups (一、曹城街道), folded."""
_COUNTED = frozenset({"m²", "户", "人", "张"})
"""Units that add up: one figure for several rows belongs to none of them."""


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

    A row is set aside if it is a total (合计), a note (注：…) or a template's example (示例行),
    lacks a needed value, or repeats
    an id (the first keeps it). Any other unreadable value is treated as missing and reported, and
    the row is used. So is a figure in a cell merged over several rows: it is none of theirs.
    """
    specs = columns(raw.layer)
    key = _key(raw.layer)
    problems = _scaled(raw, headers, specs)
    kept: list[dict[str, Any]] = []
    at: list[int] = []
    ids: dict[str, int] = {}
    totals, examples = _totals(raw), example_rows(raw)
    notes = _notes(raw, headers)
    factors = {column: header_factor(specs[column], header) for column, header in headers.items()}
    cells = {column: raw.frame[header].tolist() for column, header in headers.items()}
    reserved = {str(v) for v in cells.get(key or "", ()) if v is not None}
    for position in range(len(raw)):
        if totals[position]:
            problems.append(raw.problem(ProblemCode.ROW_TOTAL, Severity.INFO, at=position))
            continue
        if examples[position]:
            problems.append(raw.problem(ProblemCode.ROW_EXAMPLE, Severity.INFO, at=position))
            continue
        if position in notes:
            header, text = notes[position]
            problems.append(
                raw.problem(
                    ProblemCode.ROW_NOTE, Severity.INFO, at=position, header=header, value=text
                )
            )
            continue
        row, found, usable = _read_row(raw, headers, specs, factors, cells, position)
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
    """Return the column that identifies a row; exemptions, evidence and travel have none."""
    if layer == "units":
        return "code"
    return "id" if layer in _PREFIXES or layer == "indicators" else None


def example_rows(raw: RawTable) -> list[bool]:
    """Return which rows are a template's example: their first value says 示例行, or example row."""
    first = (
        next((fold(value) for value in row if not is_blank(value)), "")
        for row in zip(*(raw.frame[header].tolist() for header in raw.frame), strict=True)
    )
    return [text.startswith(_EXAMPLES) for text in first]


def _totals(raw: RawTable) -> list[bool]:
    """Return which rows are sums of others: one of their first values is 合计 or the like."""
    return [
        any(
            (text := fold(value).rstrip(":")) in _TOTALS or _TOTAL.fullmatch(text)
            for value in [v for v in row if not is_blank(v)][:_TOTAL_COLUMNS]
        )
        for row in zip(*(raw.frame[header].tolist() for header in raw.frame), strict=True)
    ]


def _notes(raw: RawTable, headers: Mapping[str, str]) -> dict[int, tuple[str, str]]:
    """Return position → (header, text) of the rows whose only value is a note or a heading."""
    if raw.header_row is None:
        return {}
    known = set(headers.values())
    names = list(raw.frame)
    found = {}
    for position, row in enumerate(zip(*(raw.frame[name].tolist() for name in names), strict=True)):
        said = [at for at, value in enumerate(row) if value is not None]
        if len(said) != 1 or not isinstance(row[said[0]], str):
            continue
        header, text = names[said[0]], row[said[0]]
        if _NOTE.fullmatch(fold(text)) or (header not in known and "name" in headers):
            found[position] = (header, text)
    return found


def _scaled(
    raw: RawTable, headers: Mapping[str, str], specs: Mapping[str, ColumnSpec]
) -> list[Problem]:
    """Return a word on every column whose header names a larger unit: 建筑面积（万㎡）."""
    return [
        raw.problem(
            ProblemCode.HEADER_UNIT,
            Severity.INFO,
            header=header,
            factor=factor,
            unit=specs[column].unit,
        )
        for column, header in headers.items()
        if (factor := header_factor(specs[column], header)) != 1.0
    ]


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
        first, count = raw.shared.get(header, {}).get(position, (position, 1))
        if count > 1 and spec.unit in _COUNTED and not is_blank(cell):
            said = ProblemCode.MERGED_NUMBER if first == position else None
            read = Reading(math.nan, said, params={"count": count})
        else:
            read = read_value(spec, cell, factors[column])
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
