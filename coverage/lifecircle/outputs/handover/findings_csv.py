"""``findings.csv``: every finding with its words, as spreadsheets and scripts open it."""

from __future__ import annotations

import csv
import io
from functools import cache
from typing import TYPE_CHECKING, Any

from lifecircle.model.cell import is_missing, number_or_none, text_or_none
from lifecircle.outputs.office.cells import is_formula_like
from lifecircle.outputs.office.excel import frame_of
from lifecircle.outputs.whole import whole_file
from lifecircle.outputs.words.showing import marks_of

if TYPE_CHECKING:
    from pathlib import Path

    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.words.wording import Wording

__all__ = ["write_findings_csv"]

_COLUMNS = (
    *("standard", "clause", "layer", "id", "part", "required", "measured", "unit"),
    *("deficit", "low", "high", "status", "flags", "reason"),
)
_HEADS = (
    *("standard", "clause", "title", "layer", "id", "name", "unit", "part"),
    *("required", "measured", "measure_unit", "deficit", "low", "high"),
    *("status", "status_code", "flags", "reason"),
)


def write_findings_csv(assessment: Assessment, path: Path, words: Wording) -> Path:
    """Write the findings, a row each, and return the path.

    UTF-8 with a mark at its start, by which Excel and WPS know the encoding; numbers without
    separators, infinity as ``inf``, nothing where there is none. Text that a spreadsheet would
    take for a formula stands behind an apostrophe.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(words.say(f"csv.{head}") for head in _HEADS)
    towns = {
        name: dict(zip(map(str, frame.index), frame["unit"], strict=True))
        for name in ("residential", "facilities")
        for frame in [frame_of(assessment, name)]
    }
    clauses = {(c.standard, c.id): c for c in assessment.clauses}
    titles = {key: words.title(c.title, c.id) for key, c in clauses.items()}
    findings, said = assessment.findings, _Said(words)
    columns = [findings[column].tolist() for column in _COLUMNS]
    for row in zip(*columns, strict=True):
        town = towns.get(row[2], {}).get(str(row[3]))
        clause = clauses.get((row[0], row[1]))
        marks = tuple(row[12]) if clause is None else marks_of(row[11], row[12], clause)
        writer.writerow(said.cells(row, titles.get((row[0], row[1]), ""), town, marks))
    with whole_file(path) as part:
        part.write_bytes(stream.getvalue().encode("utf-8-sig", "replace"))
    return path


class _Said:
    """The words of a county's findings, which come again thousands of times: each found once."""

    def __init__(self, words: Wording) -> None:
        self._words = words
        self.layer = cache(self._layer)
        self.name = cache(self._name)
        self.town = cache(lambda town: _plain(words.name_or_none(town, "units")))
        self.unit = cache(lambda unit: _plain(words.word_or_none("unit", unit)))
        self.status = cache(lambda status, flags: _plain(words.status_word(status, flags)))
        self.flags = cache(lambda flags: _plain(words.list(words.word("flag", f) for f in flags)))
        self.plain = cache(_plain)

    def cells(
        self, row: tuple[Any, ...], title: str, town: Any, marks: tuple[str, ...]
    ) -> list[str]:
        """Return the cells of a finding; ``row``: its ``_COLUMNS``, ``marks``: all told of it."""
        standard, clause, layer, key, part, required, measured, unit, *rest = row
        deficit, low, high, status, flags, reason = rest
        flags = tuple(flags)
        return [
            self.plain(standard),
            self.plain(clause),
            self.plain(title),
            self.layer(str(layer)),
            self.plain(key),
            self.name(str(layer), key),
            self.town(None if is_missing(town) else town),
            self.plain(None if is_missing(part) else part),
            _figure(required),
            _figure(measured),
            self.unit(None if is_missing(unit) else unit),
            *(_figure(value) for value in (deficit, low, high)),
            self.status(status, flags),
            self.plain(status),
            self.flags(marks),
            _plain(self._words.reason(reason)),
        ]

    def _layer(self, layer: str) -> str:
        word = self._words.word
        return _plain(word("scope", layer) if layer == "county" else word("layer", layer))

    def _name(self, layer: str, key: Any) -> str:
        if layer == "county":
            return _plain(self._words.word("scope", layer))
        return _plain(self._words.name(key, layer))


def _figure(value: Any) -> str:
    found = number_or_none(value)
    return "" if found is None else f"{found:.10g}"


def _plain(value: Any) -> str:
    text = text_or_none(value) or ""
    return f"'{text}" if is_formula_like(text) else text
