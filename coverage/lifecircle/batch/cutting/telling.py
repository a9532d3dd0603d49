"""What is told of a cut: rows that are no county's, rows of two, counties without rows."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lifecircle.batch.cutting.tables import parted_cells
from lifecircle.outputs.whole import whole_file
from lifecircle.texts import say, word

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from lifecircle.batch.cutting.homes import Home, Shared

__all__ = ["LEFT_OUT", "OF_TWO", "Told", "lacking_line", "told_of", "write_told"]

LEFT_OUT = "left_out.csv"
"""File, beside the studies, of the rows that belong to no county of the list."""
_NAMED = 7
OF_TWO = "of_two.csv"
"""File of the rows in which one thing speaks for one county and another for another."""


@dataclass(frozen=True, slots=True)
class Told:
    """A row that is told: it belongs to no county that is cut, or two counties may claim it.

    ``home`` and ``also`` are codes of counties; of a row that is no county's ``reason`` says why.
    """

    layer: str
    file: str
    row: int
    name: str
    reason: str = ""
    home: str = ""
    also: str = ""


def told_of(layer: str, shared: Shared, homes: Sequence[Home]) -> list[Told]:
    """Return what is to be told of a table's rows and of cells merged over several counties."""
    raw, said = shared.raw, shared.said
    found = [
        Told(
            layer,
            raw.file_of(at),
            int(raw.rows[at]),
            next((said[c][at] for c in ("name", "id", "residential", "demand") if said[c][at]), ""),
            home.reason,
            home.code or "",
            home.also,
        )
        for at, home in enumerate(homes)
        if (home.code is None or home.also) and not home.maybe
    ]
    found += _of_several(layer, shared, homes)
    codes = [home.code for home in homes]
    found += [
        Told(layer, raw.file_of(at), int(raw.rows[at]), header, "merged_over_counties")
        for at, header in parted_cells(raw, codes)
    ]
    return found


def _of_several(layer: str, shared: Shared, homes: Sequence[Home]) -> list[Told]:
    """Return the rows that are handed to several counties, since each may have them."""
    raw, said = shared.raw, shared.said
    return [
        Told(
            layer,
            raw.file_of(at),
            int(raw.rows[at]),
            next((said[c][at] for c in ("id", "demand", "facility", "name") if said[c][at]), ""),
            home=first,
            also="、".join(rest[:_NAMED]) + (" …" if rest[_NAMED:] else ""),
        )
        for at, home in enumerate(homes)
        if len(home.maybe) > 1
        for first, *rest in [sorted(home.maybe)]
    ]


def write_told(folder: Path, told: Sequence[Told], language: str) -> None:
    """Write ``LEFT_OUT`` and ``OF_TWO``, for Excel; where there is no row the headers alone.

    Raises
    ------
    OutputError
        A file cannot be written.
    """
    left = [
        (one, (say("batch", f"left_out.{one.reason}", language),)) for one in told if one.reason
    ]
    both = [(one, (one.home, one.also)) for one in told if not one.reason]
    _write(folder / LEFT_OUT, left, ("reason",), language)
    _write(folder / OF_TWO, both, ("home", "also"), language)


def _write(
    path: Path,
    told: Iterable[tuple[Told, tuple[str, ...]]],
    more: tuple[str, ...],
    language: str,
) -> None:
    names = ("layer", "file", "row", "name", *more)
    with whole_file(path) as part, part.open("w", encoding="utf-8-sig", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow([say("batch", f"left_out.{column}", language) for column in names])
        for one, last in told:
            layer = word("layer", one.layer, language)
            rows.writerow([layer, one.file, one.row, _as_text(one.name), *last])


def _as_text(text: str) -> str:
    return f"'{text}" if text[:1] in {"=", "+", "-", "@"} else text


def lacking_line(
    name: str, code: str, layers: Sequence[str], files: Sequence[str], language: str
) -> str:
    """Return why a county cannot be judged that none of the rows of a needed table is of."""
    told = [word("layer", layer, language) for layer in layers]
    return say("batch", "trouble.no_rows", language, name=name, code=code, layers=told, files=files)
