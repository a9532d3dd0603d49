"""The card beside the map: what was judged, on which day, by which document, from what."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from lifecircle.model.cell import is_yes
from lifecircle.model.finding import Rate
from lifecircle.outputs.office.chart import charts
from lifecircle.outputs.words.banners import named_future
from lifecircle.outputs.words.sensitivity import sensitivity_tables
from lifecircle.outputs.words.showing import documents_of

if TYPE_CHECKING:
    from lifecircle.model.results.assessment import Assessment, SensitivityRow
    from lifecircle.outputs.words.wording import Wording

__all__ = ["notes", "title", "variants"]


def title(assessment: Assessment, words: Wording) -> dict[str, Any]:
    """Return the title block: study, standards, date, stage, scenario."""
    documents = documents_of(assessment, words)
    lines = [
        words.say("title.standard", standard=words.list(documents)),
        words.say(
            "title.as_of",
            date=assessment.as_of.isoformat(),
            view=words.word("stage_view", assessment.stage),
        ),
    ]
    if len(assessment.standards) > 1:
        lines.append(words.say("legend_document", document=documents[0]))
    if (future := named_future(assessment, words)) is not None:
        lines.append(words.say("title.scenario", scenario=future))
    return {"study": assessment.study, "lines": lines}


def notes(
    assessment: Assessment, words: Wording, unplaced: int, *, based: bool = False
) -> list[str]:
    """Return the lines under the legend: what is not on the map, what is invented.

    Parameters
    ----------
    assessment, words
        What is drawn, and in which words.
    unplaced
        Areas and facilities without a position.
    based
        Whether the study asks for a map of tiles behind.
    """
    lines = []
    if not any(len(layer) for layer in assessment.layers.values()):
        lines.append(words.say("empty_map"))
    elif not based and not len(assessment.layers.get("streets", ())):
        lines.append(words.say("no_base"))
    if unplaced:
        lines.append(words.say("unplaced", n=unplaced))
    invented = any(
        is_yes(value)
        for layer in assessment.layers.values()
        for value in layer.get("illustrative", ())
    )
    if invented:
        lines.append(words.say("illustrative_note"))
    return lines


def variants(assessment: Assessment, words: Wording) -> dict[str, Any] | None:
    """Return the panel of speeds and thresholds: the curves, and the table of rates.

    None where the Assessment has neither.
    """
    tables = [
        {
            "measure": words.say(f"variants.{table['measure']}"),
            "columns": table["columns"],
            "rows": [
                [row["group"], row["basis"], [_cell(cell, words) for cell in row["cells"]]]
                for row in table["rows"]
            ],
        }
        for table in sensitivity_tables(assessment, words)
    ]
    curves = [asdict(chart) for chart in charts(assessment, words)]
    return {"tables": tables, "curves": curves} if tables or curves else None


def _cell(row: SensitivityRow | None, words: Wording) -> list[str]:
    """Return the rate, and the whole of it for whoever points at it."""
    if row is None:
        return ["–", ""]
    rate = Rate(
        row.basis,
        "county",
        row.numerator,
        row.denominator,
        row.not_assessed,
        row.low,
        row.high,
        row.rate,
    )
    return [words.share(rate), words.rate(rate)]
