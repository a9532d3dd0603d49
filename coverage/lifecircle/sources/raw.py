"""What a table reader hands over: rows as they stand in a file, with their place in it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from lifecircle.errors import file_refusal
from lifecircle.model.inputs.contents import Contents
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

_T = TypeVar("_T")

__all__ = ["FullField", "Part", "RawTable", "SourceError", "reader_detail", "shown"]


class SourceError(Exception):
    """A file cannot be read: the code and parameters of the problem to report. Stays inside."""

    def __init__(self, code: ProblemCode, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def reader_detail(error: Exception) -> str:
    """Return why a library could not read a file: a text of domain ``words``, ``detail.<it>``.

    Its own message stays out: it is in English, for programmers, and often holds the full path.
    """
    if isinstance(error, MemoryError) or "bad_alloc" in str(error):
        return "memory"
    if isinstance(error, UnicodeError):
        return "charset"
    refusal = file_refusal(error) if isinstance(error, OSError) else "other"
    return "damaged" if refusal == "other" else f"file_{refusal}"


class FullField(NamedTuple):
    """A text that fills the field it stands in: what came after it may have been cut off.

    ``width``: of the field, in bytes; ``halved``: it was, in the middle of a character.
    """

    width: int
    halved: bool


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of a table from one file or sheet, where it is put together from several.

    ``start``: position of its first row; ``letters``: header of the table → its column there.
    """

    start: int
    file: str
    sheet: str | None
    letters: Mapping[str, str]
    contents: Contents


@dataclass(frozen=True, slots=True, eq=False)
class RawTable:
    """One table as it stands in a file.

    Parameters
    ----------
    layer
        Layer of the study it was read for.
    file
        The file as the study names it.
    frame
        One column a header (headers unique, in file order; see ``repeats``), object values,
        missing ones None, index 0…n-1. Blank rows of a sheet are not in it.
    rows
        int64 (n,), the row's number as the user counts it: in Excel and CSV the sheet's row
        (the header is a row too), in GIS files the feature from 1.
    geometry
        Shapely objects or None, (n,), or None where the file has no geometry.
    crs
        The file's own CRS as WKT, or None.
    letters
        Header → column letter, for sheets.
    header_bytes
        Length at which the format cuts headers (shapefile: 10), or None.
    encoding
        Encoding of the text, where the file does not fix it.
    shared
        Header → position of a row → (first position, number of rows) of the merged cell that it
        shares with other rows, for sheets.
    contents
        What of the file this is, and what was left out.
    hidden, hidden_headers
        Positions of the rows, and the columns, that whoever opens the file does not see.
    struck
        Positions of the rows that are struck through, and used like the others.
    uncomputed
        (position of a row, header) → a formula that no program ever computed: the cell is not
        blank, and what it says is not known.
    repeats
        Header → what the file calls the column, where that stands there before: two columns may
        have one name, here they are numbered.
    constants
        Headers of columns that the study adds, with one value for all rows: no file says them.
    full
        Header → position of a row → the field, of texts that fill it (shapefile).
    blanks
        Headers of numbers that are blank somewhere in the shapefile that the rows were cut out of.
    uneven, width, separator
        Position → all cells, of the rows of separated text that have more or fewer of them than
        its header, which has ``width``; what parts them.
    parts
        Where its rows stand, in order, if they come from several files or sheets.
    """

    layer: str
    file: str
    frame: pd.DataFrame
    rows: NDArray[np.int64]
    geometry: NDArray[np.object_] | None = None
    crs: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    letters: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    header_bytes: int | None = None
    encoding: str | None = None
    shared: Mapping[str, Mapping[int, tuple[int, int]]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    contents: Contents = field(default_factory=Contents)
    hidden: frozenset[int] = frozenset()
    hidden_headers: tuple[str, ...] = ()
    struck: frozenset[int] = frozenset()
    uncomputed: Mapping[tuple[int, str], str] = field(default_factory=lambda: MappingProxyType({}))
    repeats: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    constants: tuple[str, ...] = ()
    full: Mapping[str, Mapping[int, FullField]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    blanks: frozenset[str] = frozenset()
    uneven: Mapping[int, tuple[Any, ...]] = field(default_factory=lambda: MappingProxyType({}))
    width: int = 0
    separator: str = ","
    parts: tuple[Part, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)

    def problem(
        self,
        code: ProblemCode,
        severity: Severity,
        /,
        *,
        at: int | None = None,
        header: str | None = None,
        value: Any = None,
        **params: Any,
    ) -> Problem:
        """Return a problem that names this file and, where given, the row ``at`` (0-based)."""
        row = None if at is None else int(self.rows[at])
        file, sheet, letters = self._stands(at)
        letter = letters.get(header) if header is not None else None
        return Problem(
            code,
            severity,
            params,
            layer=self.layer,
            file=file,
            sheet=sheet,
            row=row,
            cell=f"{letter}{row}" if letter and row is not None else None,
            column=header,
            value=None if value is None else shown(value),
        )

    def renamed(self, names: Mapping[str, str]) -> RawTable:
        """Return the table under other headers, with all that is known of each; others stay."""

        def of(header: str) -> str:
            return names.get(header, header)

        def by_header(known: Mapping[str, _T]) -> dict[str, _T]:
            return {of(header): one for header, one in known.items()}

        return replace(
            self,
            frame=self.frame.rename(columns=of),
            letters=by_header(self.letters),
            shared=by_header(self.shared),
            repeats=by_header(self.repeats),
            full=by_header(self.full),
            blanks=frozenset(map(of, self.blanks)),
            constants=tuple(map(of, self.constants)),
            hidden_headers=tuple(map(of, self.hidden_headers)),
            uncomputed={(at, of(header)): said for (at, header), said in self.uncomputed.items()},
            parts=tuple(replace(part, letters=by_header(part.letters)) for part in self.parts),
        )

    def part_of(self, at: int) -> int:
        """Return which of the parts a row belongs to, from 0; 0 where there is but one."""
        return max(bisect_right([part.start for part in self.parts], at) - 1, 0)

    def file_of(self, at: int) -> str:
        """Return the file of a row."""
        return self._stands(at)[0]

    def _stands(self, at: int | None) -> tuple[str, str | None, Mapping[str, str]]:
        if not self.parts or at is None:
            return self.file, self.sheet, self.letters
        part = self.parts[self.part_of(at)]
        return part.file, part.sheet, part.letters


def shown(value: Any) -> str:
    """Return a raw value as a message shows it: whole numbers without ``.0``."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
