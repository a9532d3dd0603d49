"""``findings.csv``: every finding with its words, as spreadsheets and scripts open it."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from lifecircle.model.cell import number_or_none, text_or_none
from lifecircle.outputs.office.cells import is_formula_like
from lifecircle.outputs.office.excel import frame_of
from lifecircle.outputs.whole import whole_file

if TYPE_CHECKING:
    from pathlib import Path

    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.words.wording import Wording

__all__ = ["write_findings_csv"]

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
    titles = {(c.standard, c.id): words.title(c.title, c.id) for c in assessment.clauses}
    for row in assessment.findings.to_dict("records"):
        town = towns.get(row["layer"], {}).get(str(row["id"]))
        writer.writerow(_cells(row, titles.get((row["standard"], row["clause"]), ""), town, words))
    with whole_file(path) as part:
        part.write_bytes(stream.getvalue().encode("utf-8-sig", "replace"))
    return path


def _cells(row: dict[Any, Any], title: str, town: Any, words: Wording) -> list[str]:
    layer = str(row["layer"])
    name = words.word("scope", "county") if layer == "county" else words.name(row["id"], layer)
    cells = [
        row["standard"],
        row["clause"],
        title,
        words.word("layer", layer) if layer != "county" else name,
        row["id"],
        name,
        words.name_or_none(town, "units"),
        row["part"],
        _figure(row["required"]),
        _figure(row["measured"]),
        words.word_or_none("unit", row["unit"]),
        *(_figure(row[column]) for column in ("deficit", "low", "high")),
        words.status_word(row["status"], row["flags"]),
        row["status"],
        words.list(words.word("flag", flag) for flag in row["flags"]),
        words.reason(row["reason"]),
    ]
    return [_plain(cell) for cell in cells]


def _figure(value: Any) -> float | None:
    return number_or_none(value)


def _plain(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.10g}"
    text = text_or_none(value) or ""
    return f"'{text}" if is_formula_like(text) else text
