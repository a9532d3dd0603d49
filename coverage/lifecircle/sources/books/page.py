"""What a workbook holds: its worksheets by name, and one worksheet's cells as they stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from lifecircle.model.problem import ProblemCode
from lifecircle.sources.raw import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["Block", "Book", "Page", "Tab", "filled_rows", "mostly_struck"]

Block = tuple[int, int, int, int]
"""A merged block: first row, first column, last row, last column, from 0, all inclusive."""

_MOST_CELLS = 8_000_000
"""Cells of one worksheet, blank ones between values included: far beyond any ledger."""


@dataclass(frozen=True, slots=True)
class Tab:
    """One worksheet of a workbook: its title, and whether its reader sees it."""

    title: str
    hidden: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """The cells of one worksheet.

    Parameters
    ----------
    records
        All rows from the first to the last that holds a value, each up to its own last value;
        None for a blank cell. Formats do not make a cell.
    blocks
        Merged blocks.
    hidden_rows, hidden_columns
        From 0; what whoever opens the workbook does not see.
    uncomputed
        (row, column), from 0 → the formula, of the formulas that no program ever computed: they
        hold no value, and are not blank.
    struck_rows
        From 0; rows of which most values are struck through.
    """

    records: Sequence[Sequence[Any]]
    blocks: Sequence[Block] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    uncomputed: Mapping[tuple[int, int], str] = field(default_factory=lambda: MappingProxyType({}))
    struck_rows: frozenset[int] = frozenset()


class Book(Protocol):
    """A workbook that is open: its worksheets in their order, read one by one."""

    @property
    def tabs(self) -> Sequence[Tab]:
        """The worksheets; sheets of charts and macros are none."""

    def page(self, title: str) -> Page:
        """Return the cells of a worksheet, by its title.

        Raises
        ------
        SourceError
            It holds more than a ledger can.
        """


def mostly_struck(
    cells: Mapping[int, Mapping[int, Any]], struck: Iterable[tuple[int, int]]
) -> frozenset[int]:
    """Return the rows of which most values are struck through, of cells as ``filled_rows`` has."""
    count: dict[int, int] = {}
    for row, _ in struck:
        count[row] = count.get(row, 0) + 1
    return frozenset(row for row, lines in count.items() if 2 * lines > len(cells.get(row, ())))


def filled_rows(
    cells: Mapping[int, Mapping[int, Any]], uncomputed: Iterable[tuple[int, int]] = ()
) -> list[list[Any]]:
    """Return rows of cells from row → column → value, both from 0, to the last that says something.

    A formula without a value says something: not what.

    Raises
    ------
    SourceError
        Values stand so far apart that the rows would fill the memory.
    """
    filled = {row: columns for row, columns in cells.items() if columns}
    if sum(max(columns) + 1 for columns in filled.values()) > _MOST_CELLS:
        raise SourceError(ProblemCode.FILE_UNREADABLE, detail="too_large")
    nothing: list[Any] = []
    last = max((*filled, *(row for row, _ in uncomputed)), default=-1)
    rows = [nothing] * (last + 1)
    for row, columns in filled.items():
        record = [None] * (max(columns) + 1)
        for column, value in columns.items():
            record[column] = value
        rows[row] = record
    return rows
