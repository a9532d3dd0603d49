"""Ids of a ledger's rows: made where there is none, and taken once; what a repeated one says."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lifecircle.intake.ledger.values import is_blank, missing, split_serves
from lifecircle.model.dictionary import fold, unread
from lifecircle.model.problem import Problem, ProblemCode, Severity, lost_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lifecircle.model.dictionary import ColumnSpec
    from lifecircle.sources.tables.files import RawTable

__all__ = ["PREFIXES", "TakenIds"]

PREFIXES = {
    "residential": "R",
    "facilities": "F",
    "candidates": "C",
    "gates": "G",
    "buildings": "B",
    "plots": "P",
    "planned": "F",
}
"""First letter of the ids made for rows that have none: R7 is the row the user sees as 7.

Of a table in several parts, R2-7 is row 7 of the second.
"""
_TELLING = frozenset({"residential", "facilities"})
"""Layers of which two rows of one place may say different things; neither is then believed."""
_POSITION = ("lon", "lat")
_HANG_TOGETHER = {
    **dict.fromkeys((*_POSITION, "datum"), _POSITION),
    # to whom a room belongs is unknown: it may be nothing to each of those named
    "serves": ("floor_area_m2", "community_area_m2"),
    # a blank one is reckoned from these, and that would be a third figure
    "required_m2": ("households", "households_planned", "population", "population_planned"),
    **dict.fromkeys(("planned_on", "built_on", "accepted_on", "delivered_on"), ("stage",)),
}
"""Column → what is not known either where two rows of one place differ in it."""
_SAYS_NOTHING = frozenset({"id", "name", "basis", "illustrative"})


class TakenIds:
    """The ids of a table's rows, as far as it was read.

    Parameters
    ----------
    raw, headers
        The table, and column → its header.
    key
        The column that identifies a row.
    specs
        The columns of the layer.
    """

    def __init__(
        self,
        raw: RawTable,
        headers: Mapping[str, str],
        key: str,
        specs: Mapping[str, ColumnSpec],
    ) -> None:
        self._raw, self._headers, self._key, self._specs = raw, headers, key, specs
        self._header = headers.get(key)
        cells = () if self._header is None else raw.frame[self._header].tolist()
        self._reserved = {str(v) for v in cells if v is not None}
        # id → the position of its first row, what that says, and what is used of it
        self._first: dict[str, tuple[int, dict[str, Any], dict[str, Any]]] = {}
        self._moved: list[int] = []

    def own(self, own: str | None, position: int) -> tuple[str, list[Problem]]:
        """Return the row's id; one is made from the row number where the file gives none."""
        if own is not None:
            return own, []
        made = self._make(position)
        if self._header is None:
            return made, []
        code = ProblemCode.ID_MISSING
        said = self._raw.problem(
            code, Severity.WARNING, at=position, header=self._header, made=made
        )
        return made, [said]

    def take(self, own: str, row: dict[str, Any], position: int) -> tuple[bool, list[Problem]]:
        """Give a row its id, written into it; tell whether it is a place of its own, and a word.

        Names that differ tell two places: to drop one would leave a rate decided by those that
        happen to stand above. Rows of one name are one place; what they do not agree on is not
        known of the first, for the same reason, and the others are set aside.
        """
        row[self._key] = own
        if own not in self._first:
            self._enter(own, row, position)
            return True, []
        first, as_read, used = self._first[own]
        said: dict[str, Any] = {"first_row": int(self._raw.rows[first])}
        code, named, name = ProblemCode.ID_DUPLICATE, as_read.get("name"), row.get("name")
        another = bool(self._raw.layer in PREFIXES and name and named and fold(name) != fold(named))
        if another:
            made = self._make(position)
            code, said = ProblemCode.ID_TAKEN, {**said, "first": named, "made": made}
            self._enter(made, row, position)
        elif differing := self._differing(as_read, row, (first, position)):
            names = self._written(differing, (first, position))
            code, said = ProblemCode.ID_DISPUTED, {**said, "names": names, "count": len(names)}
            said |= lost_of(own, *differing)
            self._forget(used, differing)
            self._moved += [first] if differing.keys() & {"lon", "datum"} else []
        told = self._raw.problem(code, Severity.ERROR, at=position, header=self._header, **said)
        return another, [replace(told, value=own)]

    def without_moved(self, raw: RawTable) -> RawTable:
        """Return the table without the drawn places that the rows of one id do not agree on."""
        if not self._moved or raw.geometry is None:
            return raw
        geometry = raw.geometry.copy()
        geometry[self._moved] = None
        return dataclasses.replace(raw, geometry=geometry)

    def _make(self, position: int) -> str:
        raw = self._raw
        part = f"{raw.part_of(position) + 1}-" if raw.parts else ""
        made = f"{PREFIXES[raw.layer]}{part}{raw.rows[position]}"
        while made in self._reserved:
            made += "-"
        return made

    def _enter(self, own: str, row: dict[str, Any], position: int) -> None:
        row[self._key] = own
        self._first[own] = position, dict(row), row

    def _differing(
        self, first: Mapping[str, Any], again: Mapping[str, Any], at: tuple[int, int]
    ) -> dict[str, tuple[Any, Any]]:
        """Return column → what the two rows of one place say, where that differs.

        Against a blank, too: which of the rows holds, nobody has said. A drawn place is told as
        ``lon``. ``at``: the positions of the two rows.
        """
        if self._raw.layer not in _TELLING:
            return {}
        found = {
            column: (first[column], again[column])
            for column in self._headers
            if column not in _SAYS_NOTHING and not _same(first[column], again[column])
        }
        if self._raw.geometry is not None:
            one, other = (self._raw.geometry[row] for row in at)
            if (one is None) != (other is None) or (one is not None and not one.equals(other)):
                found.setdefault("lon", (None, None))
        return found

    def _written(self, differing: Iterable[str], at: tuple[int, int]) -> list[str]:
        """Return what the two rows say in each column, as it is written there."""
        said = []
        for column in differing:
            if (header := self._headers.get(column)) is None:
                said.append("图形 (geometry)")
                continue
            cells = (self._raw.frame[header].iloc[row] for row in at)
            said.append(f"{header} " + " / ".join("-" if is_blank(c) else str(c) for c in cells))
        return said

    def _forget(self, row: dict[str, Any], differing: Mapping[str, tuple[Any, Any]]) -> None:
        """Take what the rows of one place differ in as not known, and what hangs on it."""
        for column in {c for one in differing for c in (one, *_HANG_TOGETHER.get(one, ()))}:
            spec = self._specs.get(column)
            if spec is None:
                continue
            row[column] = missing(spec.type)
            if column == "kinds":
                row[column] = frozenset({"other"})
            elif column == "serves":  # all that either names may have the rooms, none for certain
                named = [n for cell in differing[column] if cell for n, _ in split_serves(cell)]
                row[column] = "；".join(dict.fromkeys(named))
            if spec.doubtful:
                row[unread(column)] = True


def _same(one: Any, other: Any) -> bool:
    """Return whether two values are the same; a number that is missing is the same as another."""
    return bool(one == other or (one != one and other != other))  # noqa: PLR0124 - NaN
