"""The first sheet of the template: what to fill in, and what each gap will cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.styles import Alignment, Font, PatternFill

from lifecircle.model.inputs.template import TEMPLATE_LAYERS
from lifecircle.outputs.office.excel import put, style_header
from lifecircle.outputs.template.words import header_of, listed, say, sheet_name, template_columns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl.worksheet.worksheet import Worksheet

    from lifecircle.model.inputs.template import Template

__all__ = ["fill_guide"]

_STEPS = ("fill", "required", "blank", "example", "coordinates", "streets", "run")
_WIDTHS = (16, 24, 12, 96)
_LINE_POINTS, _WIDE = 16.0, 92
_BAND = PatternFill("solid", fgColor="EEF1F5")


def fill_guide(sheet: Worksheet, template: Template) -> None:
    """Write the guide: steps, sheets, and column by column the clauses a gap leaves open."""
    language = template.language
    sheet.title = say("sheet.guide", language)
    for letter, width in zip("ABCD", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.sheet_view.showGridLines = False
    title = put(sheet, 1, 1, say("guide.title", language, county=template.county_name))
    title.font = Font(bold=True, size=16, color="1D3557")
    said = {
        "title": template.title,
        "clauses": template.clauses,
        "as_of": template.as_of.isoformat(),
        "datum": template.coordinates,
    }
    line = 2
    put(sheet, line, 1, say("guide.standard", language, **said)).font = Font(color="5B6673")
    for number, step in enumerate(_STEPS, start=1):
        line += 1
        put(sheet, line, 1, f"{number}. {say(f'guide.{step}', language, **said)}")
        sheet.merge_cells(f"A{line}:D{line}")
        sheet.cell(line, 1).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.row_dimensions[line].height = _height(str(sheet.cell(line, 1).value), 140)
    line = _table(sheet, line + 2, "guide.sheets", ("sheet", "what", "need"), template)
    for layer in TEMPLATE_LAYERS:
        need = "always" if layer in {"residential", "facilities"} else "if_any"
        about = say(f"about.{layer}", language)
        line = _row(sheet, line, (sheet_name(layer, language), say(need, language), "", about))
    line = _table(sheet, line + 2, "guide.gaps", ("sheet", "column", "need", "cost"), template)
    for row in _gaps(template):
        line = _row(sheet, line, row)
    sheet.freeze_panes = "A3"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]


def _gaps(template: Template) -> Iterator[tuple[str, str, str, str]]:
    """Yield sheet, column, how much it is needed, and the clauses it leaves open."""
    language = template.language
    for layer in TEMPLATE_LAYERS:
        if layer in {"indicators", "evidence"}:
            for line in getattr(template, layer):
                if line.clauses:
                    cost = say("cost", language, clauses=listed(line.clauses, language))
                    yield sheet_name(layer, language), f"{line.id} {line.name}", "", cost
            continue
        for spec in template_columns(layer, template):
            clauses = template.gaps.get(f"{layer}.{spec.name}", ())
            required = spec.needed or spec.required
            if not clauses and not required:
                continue
            need = say("always" if required else "counts", language)
            cost = say("cost", language, clauses=listed(clauses, language)) if clauses else ""
            if layer in {"residential", "facilities"} and spec.needed:
                cost = say("cost.row", language)
            yield sheet_name(layer, language), header_of(spec, language), need, cost


def _table(
    sheet: Worksheet, line: int, title: str, heads: tuple[str, ...], template: Template
) -> int:
    """Write a table's title and heads; return the line after them."""
    put(sheet, line, 1, say(title, template.language)).font = Font(
        bold=True, size=13, color="1D3557"
    )
    titles = heads if len(heads) == len(_WIDTHS) else (heads[0], heads[2], "", heads[1])
    for number, head in enumerate(titles, start=1):
        style_header(
            put(sheet, line + 1, number, say(f"head.{head}", template.language) if head else "")
        )
    return line + 2


def _row(sheet: Worksheet, line: int, row: tuple[str, ...]) -> int:
    for number, text in enumerate(row, start=1):
        cell = put(sheet, line, number, text or None)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.row_dimensions[line].height = max(_height(row[-1], _WIDE), _height(row[1], 22))
    return line + 1


def _height(text: str, width: int) -> float:
    """Return the height of wrapped text; a Chinese character is two wide."""
    wide = sum(2 if ord(c) > 0x2E7F else 1 for c in text)  # noqa: PLR2004 - where CJK begins
    return _LINE_POINTS * max(1, -(-wide // width))
