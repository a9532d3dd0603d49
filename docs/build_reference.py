"""Write docs/reference.md and docs/reference.zh.md out of the program's own declarations."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from pydantic_core import PydanticUndefined

from lifecircle.intake.settings.schema import (
    AliasList,
    Evidence,
    Heading,
    Indicator,
    LayerOptions,
    MapOptions,
    ResidentialOptions,
    StreetOptions,
    TravelOptions,
    UnitOptions,
)
from lifecircle.model.dictionary import LAYERS, REACH_GROUPS, columns, kinds
from lifecircle.model.inputs.parameters import Parameters, reading_figures
from lifecircle.outputs import COMPARISONS, OUTPUTS
from lifecircle.standards import readings
from lifecircle.texts import LANGUAGES, say, word

FOLDER = Path(__file__).parent
NAMES = {"zh": "reference.zh.md", "en": "reference.md"}
TABLES: dict[str, Any] = {
    "study": Heading,
    "layers.facilities": LayerOptions,
    "layers.residential": ResidentialOptions,
    "layers.units": UnitOptions,
    "layers.streets": StreetOptions,
    "layers.travel": TravelOptions,
    "aliases": AliasList,
    "map": MapOptions,
    "indicators": Indicator,
    "evidence": Evidence,
}
EXITS = {
    "check": (0, 1, 2),
    "assess": (0, 1, 2, 3),
    "review": (0, 1, 2, 3),
    "site": (0, 1, 2),
    "others": (0, 2, 70, 130, 141),
}


def told(code: str, language: str) -> str:
    return say("reference", code, language)


def key_words(table: str, key: str, language: str) -> str:
    """Return what a key means; keys of every layer are worded once."""
    from lifecircle.texts import catalogue  # noqa: PLC0415

    own = f"key.{table}.{key}"
    return told(own if own in catalogue("reference", language) else f"key.layer.{key}", language)


def rows_of(head: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table."""
    escaped = ([cell.replace("|", "\\|") for cell in row] for row in rows)
    lines = [head, ["---"] * len(head), *escaped]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def shown(value: Any) -> str:
    if value is PydanticUndefined or value is None or value in ("", [], {}):
        return ""
    if isinstance(value, bool):
        return "`true`" if value else "`false`"
    return f"`{value:.4g}`" if isinstance(value, float) else f"`{value}`"


def study_keys(language: str) -> str:
    head = [told(f"col.{name}", language) for name in ("key", "required", "default", "says")]
    parts = []
    for table, model in TABLES.items():
        rows = [
            [
                f"`{key}`",
                told("yes", language) if field.is_required() else "",
                shown(field.default),
                key_words(table, key, language),
            ]
            for key, field in model.model_fields.items()
        ]
        parts.append(f"### `[{table}]` {told(f'table.{table}', language)}\n\n{rows_of(head, rows)}")
    return "\n\n".join(parts)


def parameters(language: str) -> str:
    names = ("name", "default", "unit", "says", "source")
    rows = [
        [
            f"`{one.name}`",
            told("none", language) if one.value is None else shown(float(one.value)),
            one.unit,
            say("report", f"parameter.{one.name}", language),
            say("report", f"parameter.{one.name}.source", language),
        ]
        for one in Parameters().records()
    ]
    return rows_of([told(f"col.{name}", language) for name in names], rows)


def reading_rows(language: str) -> str:
    rows, figures = [], reading_figures(())
    for name, spec in readings().items():
        choices = [
            f"`{choice}` {say('standards', f'reading.{name}.{choice}', language, **figures)}"
            for choice in spec.choices
        ]
        switch = " ".join(f"`{choice}`" for choice in spec.switchable)
        asked = say("standards", f"reading.{name}", language)
        rows.append([f"{name} {asked}", "<br>".join(choices), switch])
    head = [told(f"col.{name}", language) for name in ("reading", "choices", "switch")]
    return f"{told('note.readings', language)}\n\n{rows_of(head, rows)}"


def column_rows(language: str) -> str:
    names = ("column", "type", "unit", "required", "says", "aliases")
    head = [told(f"col.{name}", language) for name in names]
    parts = [told("note.columns", language)]
    for layer in LAYERS:
        rows = [
            [
                f"`{spec.name}`",
                spec.type,
                spec.unit or "",
                told("yes", language) if spec.required else "",
                spec.description[language],
                "、".join(spec.aliases) if language == "zh" else ", ".join(spec.aliases),
            ]
            for spec in columns(layer).values()
        ]
        parts.append(f"### {word('layer', layer, language)} `{layer}`\n\n{rows_of(head, rows)}")
    return "\n\n".join(parts)


def kind_rows(language: str) -> str:
    rows = []
    for key, kind in kinds().items():
        if kind.typed:  # no kind of a ledger, but what its names may say
            continue
        groups = [word("reach_group", g, language) for g in REACH_GROUPS if g in kind.reach]
        groups += [
            f"{word('reach_group', g, language)} ({told('yes_service', language)})"
            for g in REACH_GROUPS
            if g in kind.reach_with_service
        ]
        counts = told("yes" if kind.floor_area else "no", language)
        rows.append([f"`{key}`", kind.title[language], "; ".join(groups), counts])
        rows[-1].append("、".join(kind.aliases) if language == "zh" else ", ".join(kind.aliases))
    names = ("kind", "name", "groups", "area", "aliases")
    return rows_of([told(f"col.{name}", language) for name in names], rows)


def exits(language: str) -> str:
    rows = [
        [
            f"`lifecircle {command}`" if command != "others" else "…",
            str(code),
            told(f"exit.{command}.{code}", language),
        ]
        for command, codes in EXITS.items()
        for code in codes
    ]
    return rows_of([told(f"col.{name}", language) for name in ("command", "code", "says")], rows)


def files(language: str) -> str:
    rows = [[f"`{row[0]}`", told(f"file.{name}", language)] for name, row in OUTPUTS.items()]
    rows += [
        [f"`{row[0]}`", told(f"file.compare.{name}", language)] for name, row in COMPARISONS.items()
    ]
    return rows_of([told(f"col.{name}", language) for name in ("file", "says")], rows)


SECTIONS = {
    "keys": study_keys,
    "parameters": parameters,
    "readings": reading_rows,
    "columns": column_rows,
    "kinds": kind_rows,
    "exit": exits,
    "files": files,
}


def page(language: str) -> str:
    """Return the page in a language."""
    parts = [f"# {told('title', language)}", told("intro", language)]
    for name, section in SECTIONS.items():
        parts += [f"## {told(f'head.{name}', language)}", section(language)]
    return "\n\n".join(parts) + "\n"


def main() -> None:
    """Write both pages."""
    for language in LANGUAGES:
        (FOLDER / NAMES[language]).write_text(page(language), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
