"""The workbook of an empty study: a guide, a worksheet a layer with drop-downs and notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from lifecircle.model.dictionary import kinds, match_kinds
from lifecircle.model.dictionary import words as spellings
from lifecircle.model.inputs.template import TEMPLATE_LAYERS
from lifecircle.outputs.office.excel import book_bytes, fit_page, new_book, put
from lifecircle.outputs.template.columns import (
    example_of,
    header_of,
    note_of,
    template_columns,
    worksheet_name,
)
from lifecircle.outputs.template.guide import fill_guide
from lifecircle.outputs.words.wording import Wording
from lifecircle.texts import word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from openpyxl.worksheet.worksheet import Worksheet

    from lifecircle.model.dictionary import ColumnSpec, KindSpec
    from lifecircle.model.inputs.template import Template

__all__ = ["fill_of", "offer_words", "template_bytes", "vocabulary"]

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
_NO_HOUSING = "misused"
"""The stage of a facility that housing is never in."""
_ENGLISH = {"true": "yes", "false": "no"}
_UNOFFERED = {"自有"}
"""How rooms are held that no document names: understood, and not offered."""


def template_bytes(template: Template) -> bytes:
    """Return the workbook of a template, the same bytes for the same template."""
    words = Wording(template.language, "init")
    book = new_book()
    fill_guide(book.worksheets[0], template, words)
    lists = book.create_sheet(words.say("sheet.lists"))
    ranges = _fill_lists(lists, template)
    for layer in TEMPLATE_LAYERS:
        position = len(book.sheetnames) - 1
        worksheet = book.create_sheet(worksheet_name(layer, words), position)
        _fill_layer(worksheet, layer, template, ranges, words)
    lists.sheet_state = "hidden"
    return book_bytes(book, template.as_of)


def vocabulary(layer: str, spec: ColumnSpec, language: str) -> tuple[str, ...]:
    """Return the words offered for a column, each of which is understood when it is read."""
    if spec.type in {"stage", "age_class", "setting", "bool", "passage", "tenure"}:
        offered: dict[str, str] = {}
        for spelling, key in spellings(spec.type).items():
            if key not in _UNOFFERED:
                offered.setdefault(key, spelling)
        if spec.type == "stage" and layer == "residential":
            offered |= _HOUSING
            offered.pop(_NO_HOUSING, None)
        if language != "zh":
            return _translated(layer, spec, offered, language)
        return tuple(offered.values())
    if spec.type == "kinds":
        known = {key: kind for key, kind in kinds().items() if key != "other" and not kind.perhaps}
        if language != "zh":
            return tuple(kind.title[language] for kind in known.values())
        return tuple(name for kind in known.values() for name in _offered(kind))
    return ()


def _translated(
    layer: str, spec: ColumnSpec, keys: Iterable[str], language: str
) -> tuple[str, ...]:
    """Return the words of keys in another language than the documents', as outputs print them."""
    housing = spec.type == "stage" and layer == "residential"
    spoken = "housing_stage" if housing else spec.type
    return tuple(_ENGLISH.get(key) or word(spoken, key, language) for key in keys)


def _offered(kind: KindSpec) -> tuple[str, ...]:
    """Return the names of a kind that are offered: its title where that names no other kind."""
    title = kind.title["zh"]
    return title if match_kinds(title) == {kind.key} else kind.aliases[0], *kind.offered


def _fill_lists(worksheet: Worksheet, template: Template) -> dict[tuple[str, str], str]:
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
                    put(worksheet, number, len(known) + 1, text)
                known[offered] = f"'{worksheet.title}'!${letter}$1:${letter}${len(offered)}"
            ranges[layer, spec.name] = known[offered]
    return ranges


def _fill_layer(
    worksheet: Worksheet,
    layer: str,
    template: Template,
    ranges: dict[tuple[str, str], str],
    words: Wording,
) -> None:
    specs = template_columns(layer, template)
    for number, spec in enumerate(specs, start=1):
        letter = get_column_letter(number)
        cell = put(worksheet, 1, number, header_of(spec, template.language))
        needed = template.gaps.get(f"{layer}.{spec.name}", ())
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = fill_of(required=bool(spec.needed or spec.required), counted=bool(needed))
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        cell.comment = Comment(note_of(spec, needed, words), "lifecircle", 160, 320)
        wide = 24 if number == 1 else 14  # the mark of the example stands in the first
        worksheet.column_dimensions[letter].width = _WIDTHS.get(spec.name, wide)
        if spec.type in {"code", "text"}:
            for row in range(2, _LAST_ROW // 20):
                worksheet.cell(row, number).number_format = "@"
        if (layer, spec.name) in ranges:
            span = f"{letter}2:{letter}{_LAST_ROW}"
            offer_words(worksheet, span, ranges[layer, spec.name], several=spec.type == "kinds")
    worksheet.row_dimensions[1].height = 32
    worksheet.freeze_panes = "C2"
    for number, values in enumerate(_rows(layer, template, words), start=2):
        for column, spec in enumerate(specs, start=1):
            cell = put(worksheet, number, column, values.get(spec.name))
            if number == _EXAMPLE_ROW:
                cell.fill, cell.font = _EXAMPLE, Font(italic=True, color="6B7683")
    fit_page(worksheet)


def fill_of(*, required: bool, counted: bool) -> PatternFill:
    """Return the colour of a header: red where a row needs it, blue where clauses do."""
    return _REQUIRED if required else _COUNTED if counted else _OTHER


def offer_words(worksheet: Worksheet, span: str, cells: str, *, several: bool) -> None:
    """Offer a list of words in ``span``; where several may stand in a cell others are allowed."""
    offer = DataValidation(type="list", formula1=f"={cells}", allow_blank=True)
    offer.showErrorMessage = not several
    offer.errorStyle = "warning"
    worksheet.add_data_validation(offer)
    offer.add(span)


def _rows(layer: str, template: Template, words: Wording) -> Iterator[dict[str, Any]]:
    """Yield the example row, then the lines that are known."""
    yield example_of(layer, template, words)
    if layer == "units":
        yield from ({"code": code, "name": name} for code, name in template.units)
    if layer == "indicators":
        yield from ({"id": line.id, "name": line.name} for line in template.indicators)
    if layer == "evidence":
        yield from ({"item": line.id, "name": line.name} for line in template.evidence)
