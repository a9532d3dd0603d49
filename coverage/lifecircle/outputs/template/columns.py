"""Columns of the template and what is said of them: headers, notes, the example row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.model.dictionary import columns

if TYPE_CHECKING:
    from lifecircle.model.dictionary import ColumnSpec
    from lifecircle.model.inputs.template import Template
    from lifecircle.outputs.words.wording import Wording

__all__ = [
    "example_of",
    "gap_of",
    "header_of",
    "note_of",
    "template_columns",
    "worksheet_name",
]

_UNITS = {"m²", "户", "人", "张", "分"}
"""Units a header names; degrees are said by its word."""
_ALWAYS = {"day_service", "illustrative", "open"}
"""Yes-or-no columns that matter whatever the clauses ask."""
_SOFTWARE = {"illustrative"}
"""Columns for studies that ship with the package."""


_STANDS_FOR = {
    ("residential", "households"): "households_planned",
    ("residential", "households_planned"): "households",
    ("residential", "population"): "households",
    ("residential", "population_planned"): "households_planned",
}
"""Column → the one that a quota is counted from where it is blank."""
_BY_PERSONS = frozenset({"population", "population_planned"})
"""Columns for which dwellings stand, if the study says how many people live in one."""


def worksheet_name(layer: str, words: Wording) -> str:
    """Return the name of a layer's worksheet."""
    return words.say(f"sheet.{layer}")


def template_columns(layer: str, template: Template) -> tuple[ColumnSpec, ...]:
    """Return a layer's columns: all but the flags and dates that no clause of the standard asks."""
    return tuple(
        spec
        for spec in columns(layer).values()
        if spec.name not in _SOFTWARE
        and (
            spec.type not in {"bool", "passage", "date"}
            or layer == "exemptions"
            or spec.name in _ALWAYS
            or f"{layer}.{spec.name}" in template.gaps
        )
    )


def header_of(spec: ColumnSpec, language: str) -> str:
    """Return a column's header: its first Chinese name with its unit, or its key."""
    header = spec.header(language)
    return f"{header}（{spec.unit}）" if language == "zh" and spec.unit in _UNITS else header


def note_of(spec: ColumnSpec, clauses: tuple[str, ...], words: Wording) -> str:
    """Return what stands in a header's note: meaning, whether it is needed, what a gap costs."""
    parts = [spec.description[words.language]]
    if spec.needed or spec.required:
        parts.append(words.say("note.required"))
    if clauses:
        parts.append(gap_of(spec, clauses, words, "note.gap"))
    return "\n".join(parts)


def gap_of(spec: ColumnSpec, clauses: tuple[str, ...], words: Wording, code: str) -> str:
    """Return what the lack of a column costs: its clauses, or where another stands for it both.

    ``code``: of the words for a column that nothing stands for.
    """
    told = {"clauses": words.list(clauses)}
    other = _STANDS_FOR.get((spec.layer, spec.name))
    if other is None:
        return words.say(code, **told)
    header = columns(spec.layer)[other].header(words.language)
    both = "both_persons" if spec.name in _BY_PERSONS else "both"
    return words.say(f"{code}_{both}", other=header, **told)


def example_of(layer: str, template: Template, words: Wording) -> dict[str, object]:
    """Return the example row of a worksheet, marked as one in its first column."""
    first, *rest = template_columns(layer, template)
    row: dict[str, object] = {first.name: words.say("example")}
    for spec in rest:
        code = f"example.{layer}.{spec.name}"
        if words.knows(code):
            text = words.say(code)
            row[spec.name] = float(text) if spec.type in {"number", "integer"} else text
    return row
