"""The workbook of an empty study: a guide, one sheet a layer with drop-downs and notes."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from lifecircle.model.dictionary import kinds, match_kinds, words
from lifecircle.model.inputs.template import TEMPLATE_LAYERS
from lifecircle.outputs.office.excel import put, without_clock
from lifecircle.outputs.template.guide import fill_guide
from lifecircle.outputs.template.words import (
    example_of,
    header_of,
    note_of,
    say,
    sheet_name,
    template_columns,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl.worksheet.worksheet import Worksheet

    from lifecircle.model.dictionary import ColumnSpec
    from lifecircle.model.inputs.template import Template

__all__ = ["template_bytes", "vocabulary"]

_LAST_ROW = 2000
"""Rows that drop-downs reach down to."""
_REQUIRED, _COUNTED, _OTHER = (
    PatternFill("solid", fgColor=colour) for colour in ("8A2B20", "1D3557", "6B7683")
)
_EXAMPLE = PatternFill("solid", fgColor="EEF1F5")
_WIDTHS = {"name": 26, "description": 40, "serves": 24, "kinds": 24, "source": 26, "title": 26}
_EXAMPLE_ROW, _TOWNSHIP = 2, 9
_HOUSING = {"handed_over": "交付", "in_use": "入住"}
"""What the stages of housing are called where they differ from a facility's."""
_ENGLISH = {"true": "yes", "false": "no"}
_TENURES = ("移交", "租赁", "协调", "购置", "置换", "自建")
"""How rooms are held, in the documents' words: clauses compare them as they stand."""


def template_bytes(template: Template) -> bytes:
    """Return the workbook of a template, the same bytes for the same template."""
    book = Workbook()
    book.properties.creator = "lifecircle"
    guide = book.active
    fill_guide(guide, template)  # type: ignore[arg-type]
    lists = book.create_sheet(say("sheet.lists", template.language))
    ranges = _fill_lists(lists, template)
    for layer in TEMPLATE_LAYERS:
        position = len(book.sheetnames) - 1
        sheet = book.create_sheet(sheet_name(layer, template.language), position)
        _fill_layer(sheet, layer, template, ranges)
    lists.sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    return without_clock(stream, template.as_of)


def vocabulary(layer: str, spec: ColumnSpec, language: str) -> tuple[str, ...]:
    """Return the words offered for a column, each of which is understood on reading."""
    if spec.type in {"stage", "age_class", "setting", "bool"}:
        offered: dict[str, str] = {}
        for spelling, key in words(spec.type).items():
            offered.setdefault(key, spelling)
        if spec.type == "stage" and layer == "residential":
            offered |= _HOUSING
        if language != "zh":
            offered = {key: _ENGLISH.get(key, key) for key in offered}
        return tuple(offered.values())
    if spec.type == "kinds":
        known = {key: kind for key, kind in kinds().items() if key != "other"}
        if language != "zh":
            return tuple(known)
        return tuple(
            kind.title["zh"] if match_kinds(kind.title["zh"]) == {key} else kind.aliases[0]
            for key, kind in known.items()
        )
    return _TENURES if spec.name == "tenure" else ()


def _fill_lists(sheet: Worksheet, template: Template) -> dict[tuple[str, str], str]:
    """Write the words of every drop-down; return (layer, column) → the cells that hold them."""
    ranges: dict[tuple[str, str], str] = {}
    known: dict[tuple[str, ...], str] = {}
    for layer in TEMPLATE_LAYERS:
        for spec in template_columns(layer, template):
            offered = vocabulary(layer, spec, template.language)
            if spec.name == "unit" and template.units:
                offered = tuple(name for code, name in template.units if len(code) == _TOWNSHIP)
            if not offered:
                continue
            if offered not in known:
                letter = get_column_letter(len(known) + 1)
                for number, text in enumerate(offered, start=1):
                    put(sheet, number, len(known) + 1, text)
                known[offered] = f"'{sheet.title}'!${letter}$1:${letter}${len(offered)}"
            ranges[layer, spec.name] = known[offered]
    return ranges


def _fill_layer(
    sheet: Worksheet, layer: str, template: Template, ranges: dict[tuple[str, str], str]
) -> None:
    specs = template_columns(layer, template)
    for number, spec in enumerate(specs, start=1):
        letter = get_column_letter(number)
        cell = put(sheet, 1, number, header_of(spec, template.language))
        needed = template.gaps.get(f"{layer}.{spec.name}", ())
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = _REQUIRED if spec.needed or spec.required else _COUNTED if needed else _OTHER
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        cell.comment = Comment(note_of(spec, needed, template.language), "lifecircle", 160, 320)
        wide = 24 if number == 1 else 14  # the mark of the example stands in the first
        sheet.column_dimensions[letter].width = _WIDTHS.get(spec.name, wide)
        if spec.type in {"code", "text"}:
            for row in range(2, _LAST_ROW // 20):
                sheet.cell(row, number).number_format = "@"
        if (layer, spec.name) in ranges:
            _offer(sheet, letter, ranges[layer, spec.name], several=spec.type == "kinds")
    sheet.row_dimensions[1].height = 32
    sheet.freeze_panes = "C2"
    for number, values in enumerate(_rows(layer, template), start=2):
        for column, spec in enumerate(specs, start=1):
            cell = put(sheet, number, column, values.get(spec.name))
            if number == _EXAMPLE_ROW:
                cell.fill, cell.font = _EXAMPLE, Font(italic=True, color="6B7683")
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]


def _offer(sheet: Worksheet, letter: str, cells: str, *, several: bool) -> None:
    """Offer a list of words; where several may stand in a cell others are allowed."""
    offer = DataValidation(type="list", formula1=f"={cells}", allow_blank=True)
    offer.showErrorMessage = not several
    offer.errorStyle = "warning"
    sheet.add_data_validation(offer)
    offer.add(f"{letter}2:{letter}{_LAST_ROW}")


def _rows(layer: str, template: Template) -> Iterator[dict[str, Any]]:
    """Yield the example row, then the lines that are known."""
    yield example_of(layer, template)
    if layer == "units":
        yield from ({"code": code, "name": name} for code, name in template.units)
    if layer == "indicators":
        yield from ({"id": line.id, "name": line.name} for line in template.indicators)
    if layer == "evidence":
        yield from ({"item": line.id, "name": line.name} for line in template.evidence)
