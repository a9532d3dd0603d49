"""Words and columns of the template: headers, notes, the example row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle import texts
from lifecircle.model.dictionary import columns

if TYPE_CHECKING:
    from lifecircle.model.dictionary import ColumnSpec
    from lifecircle.model.inputs.template import Template

__all__ = [
    "example_of",
    "header_of",
    "listed",
    "note_of",
    "say",
    "sheet_name",
    "template_columns",
]

_UNITS = {"m²", "户", "人", "张", "分"}
"""Units a header names; degrees are said by its word."""
_ALWAYS = {"day_service", "illustrative", "open"}
"""Yes-or-no columns that matter whatever the clauses ask."""
_SOFTWARE = {"illustrative"}
"""Columns for studies that ship with the package."""


def say(code: str, language: str, /, **params: object) -> str:
    """Return a text of the domain ``init``."""
    return texts.say("init", code, language, **params)


def sheet_name(layer: str, language: str) -> str:
    """Return the name of a layer's sheet."""
    return say(f"sheet.{layer}", language)


def template_columns(layer: str, template: Template) -> tuple[ColumnSpec, ...]:
    """Return a sheet's columns: all but the flags and dates that no clause of the standard asks."""
    return tuple(
        spec
        for spec in columns(layer).values()
        if spec.name not in _SOFTWARE
        and (
            spec.type not in {"bool", "date"}
            or layer == "exemptions"
            or spec.name in _ALWAYS
            or f"{layer}.{spec.name}" in template.gaps
        )
    )


def header_of(spec: ColumnSpec, language: str) -> str:
    """Return a column's header: its first Chinese name with its unit, or its key."""
    if language != "zh":
        return spec.name
    return f"{spec.aliases[0]}（{spec.unit}）" if spec.unit in _UNITS else spec.aliases[0]


def note_of(spec: ColumnSpec, clauses: tuple[str, ...], language: str) -> str:
    """Return what stands in a header's note: meaning, whether it is needed, what a gap costs."""
    parts = [spec.description[language]]
    if spec.needed or spec.required:
        parts.append(say("note.required", language))
    if clauses:
        parts.append(say("note.gap", language, clauses=listed(clauses, language)))
    return "\n".join(parts)


def listed(names: tuple[str, ...], language: str) -> str:
    """Return several names as one enumeration."""
    return ("、" if language == "zh" else ", ").join(names)


def example_of(layer: str, template: Template) -> dict[str, object]:
    """Return the example row of a sheet, marked as one in its first column."""
    first, *rest = template_columns(layer, template)
    row: dict[str, object] = {first.name: say("example", template.language)}
    for spec in rest:
        code = f"example.{layer}.{spec.name}"
        if texts.known("init", code):
            text = say(code, template.language)
            row[spec.name] = float(text) if spec.type in {"number", "integer"} else text
    return row
