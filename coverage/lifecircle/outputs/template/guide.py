"""The first worksheet of the template: what to fill in, and what each gap will cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.styles import Alignment

from lifecircle.model.inputs.template import TEMPLATE_LAYERS
from lifecircle.outputs.office.excel import (
    HEADING_FONT,
    SOFT_FONT,
    TITLE_FONT,
    fit_page,
    put,
    style_header,
)
from lifecircle.outputs.template.columns import gap_of, header_of, template_columns, worksheet_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl.worksheet.worksheet import Worksheet

    from lifecircle.model.inputs.template import Template
    from lifecircle.outputs.words.wording import Wording

__all__ = ["fill_guide"]

_STEPS = ("fill", "required", "blank", "example", "coordinates", "streets", "run")
_WIDTHS = (16, 24, 12, 96)
_LINE_POINTS, _WIDE = 16.0, 92


def fill_guide(worksheet: Worksheet, template: Template, words: Wording) -> None:
    """Write the guide: steps, worksheets, and column by column the clauses a gap leaves open."""
    worksheet.title = words.say("sheet.guide")
    for letter, width in zip("ABCD", _WIDTHS, strict=True):
        worksheet.column_dimensions[letter].width = width
    worksheet.sheet_view.showGridLines = False
    title = put(worksheet, 1, 1, words.say("guide.title", county=template.county_name))
    title.font = TITLE_FONT
    said = {
        "title": template.title,
        "clauses": template.clauses,
        "as_of": template.as_of.isoformat(),
        "datum": template.coordinates,
    }
    line = 2
    put(worksheet, line, 1, words.say("guide.standard", **said)).font = SOFT_FONT
    for number, step in enumerate(_STEPS, start=1):
        line += 1
        put(worksheet, line, 1, f"{number}. {words.say(f'guide.{step}', **said)}")
        worksheet.merge_cells(f"A{line}:D{line}")
        worksheet.cell(line, 1).alignment = Alignment(wrap_text=True, vertical="top")
        worksheet.row_dimensions[line].height = _height(str(worksheet.cell(line, 1).value), 140)
    line = _table(worksheet, line + 2, "guide.sheets", ("sheet", "what", "need"), words)
    for layer in TEMPLATE_LAYERS:
        need = "always" if layer in {"residential", "facilities"} else "if_any"
        about = words.say(f"about.{layer}")
        line = _row(worksheet, line, (worksheet_name(layer, words), words.say(need), "", about))
    line = _table(worksheet, line + 2, "guide.gaps", ("sheet", "column", "need", "cost"), words)
    for row in _gaps(template, words):
        line = _row(worksheet, line, row)
    worksheet.freeze_panes = "A3"
    fit_page(worksheet)


def _gaps(template: Template, words: Wording) -> Iterator[tuple[str, str, str, str]]:
    """Yield worksheet, column, how much it is needed, and the clauses it leaves open."""
    for layer in TEMPLATE_LAYERS:
        if layer in {"indicators", "evidence"}:
            for line in getattr(template, layer):
                if line.clauses:
                    cost = words.say("cost", clauses=words.list(line.clauses))
                    yield worksheet_name(layer, words), f"{line.id} {line.name}", "", cost
            continue
        for spec in template_columns(layer, template):
            clauses = template.gaps.get(f"{layer}.{spec.name}", ())
            required = spec.needed or spec.required
            if not clauses and not required:
                continue
            need = words.say("always" if required else "counts")
            cost = gap_of(spec, clauses, words, "cost") if clauses else ""
            if layer in {"residential", "facilities"} and spec.needed:
                cost = words.say("cost.row")
            yield worksheet_name(layer, words), header_of(spec, words.language), need, cost


def _table(
    worksheet: Worksheet, line: int, title: str, heads: tuple[str, ...], words: Wording
) -> int:
    """Write a table's title and heads; return the line after them."""
    put(worksheet, line, 1, words.say(title)).font = HEADING_FONT
    titles = heads if len(heads) == len(_WIDTHS) else (heads[0], heads[2], "", heads[1])
    for number, head in enumerate(titles, start=1):
        style_header(put(worksheet, line + 1, number, words.say(f"head.{head}") if head else ""))
    return line + 2


def _row(worksheet: Worksheet, line: int, row: tuple[str, ...]) -> int:
    for number, text in enumerate(row, start=1):
        cell = put(worksheet, line, number, text or None)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    worksheet.row_dimensions[line].height = max(_height(row[-1], _WIDE), _height(row[1], 22))
    return line + 1


def _height(text: str, width: int) -> float:
    """Return the height of wrapped text; a Chinese character is two wide."""
    wide = sum(2 if ord(c) > 0x2E7F else 1 for c in text)  # noqa: PLR2004 - where CJK begins
    return _LINE_POINTS * max(1, -(-wide // width))
