"""Whole rows of a worksheet that were taken out or put in, and the cells changed beside them.

Below a row that was taken out every cell differs from what stood there. A reader is told of the
row, and of the cells of the others by what stood in the same row before.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

if TYPE_CHECKING:
    from lifecircle.outputs.checkup.grid import Grid

__all__ = ["RowsTold", "rows_told"]

_MOST = 20_000
"""Rows of a worksheet that are compared as rows; of more the cells alone are told."""
_Row = tuple[int, tuple[tuple[str, Any], ...]]


@dataclass(frozen=True, slots=True)
class RowsTold:
    """What became of a worksheet's rows.

    Attributes
    ----------
    removed, added
        Numbers of rows: as the ledger had them, and as the copy has them.
    cells
        Cells changed in rows that are in both: column, row in the ledger, row in the copy.
    """

    sheet: str
    removed: tuple[int, ...]
    added: tuple[int, ...]
    cells: tuple[tuple[str, int, int], ...]


def rows_told(old: Grid, new: Grid, sheet: str) -> RowsTold | None:
    """Return what became of a worksheet's rows; None where no row stands elsewhere than before.

    Parameters
    ----------
    old, new
        What stands in the ledger and in its copy.
    sheet
        A worksheet of both.
    """
    before, after = _rows(old, sheet), _rows(new, sheet)
    if max(len(before), len(after)) > _MOST:
        return None
    one, other = ([cells for _, cells in rows] for rows in (before, after))
    steps = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    moved = any(
        before[i][0] != after[j][0]
        for what, i, end, j, _ in steps
        if what == "equal"
        for i, j in zip(range(i, end), range(j, j + end - i), strict=True)
    )
    if not moved:
        return None
    removed: list[int] = []
    added: list[int] = []
    cells: list[tuple[str, int, int]] = []
    for what, i, i_end, j, j_end in steps:
        if what == "equal":
            continue
        if i_end - i == j_end - j:  # as many rows as before: each was changed
            for was, now in zip(before[i:i_end], after[j:j_end], strict=True):
                cells += _changed(was, now)
            continue
        removed += [number for number, _ in before[i:i_end]]
        added += [number for number, _ in after[j:j_end]]
    return RowsTold(sheet, tuple(removed), tuple(added), tuple(cells))


def _rows(grid: Grid, sheet: str) -> list[_Row]:
    """Return the rows of a worksheet that are not blank, in order: number, (column, value)s."""
    found: dict[int, dict[str, Any]] = {}
    for (name, cell), value in grid.items():
        if name == sheet:
            column, row = coordinate_from_string(cell)
            found.setdefault(row, {})[column] = value
    return [(row, tuple(sorted(found[row].items()))) for row in sorted(found)]


def _changed(was: _Row, now: _Row) -> list[tuple[str, int, int]]:
    old, new = dict(was[1]), dict(now[1])
    columns = sorted(
        (c for c in {**old, **new} if old.get(c) != new.get(c)), key=column_index_from_string
    )
    return [(column, was[0], now[0]) for column in columns]
