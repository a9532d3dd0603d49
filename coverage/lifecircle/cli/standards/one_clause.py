"""``lifecircle standards show JX-13``: one clause with all that is known of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from lifecircle.cli.console import print_json, screen
from lifecircle.cli.language import own_language, tell
from lifecircle.cli.standards.option_words import (
    enumerated,
    kind_text,
    options_told,
    unit_name,
)
from lifecircle.model.inputs.parameters import reading_figures
from lifecircle.texts import say, word

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from lifecircle.model.rules.clause import Clause, Version

__all__ = ["show_clause", "target_text", "terms_of"]


def show_clause(clause: Clause, day: dt.date, *, as_json: bool) -> None:
    """Print a clause: title, words, value on ``day``, readings, measure, needs and an example."""
    language = own_language()
    rows = _rows(clause, day, language)
    if as_json:
        print_json({"id": clause.id, "standard": clause.standard, **rows})
        return
    table = Table(show_header=False, box=None)
    for code, value in rows.items():
        lines = value if isinstance(value, list) else [value]
        table.add_row(Text(tell(f"standards.{code}", language), style="dim"), "\n".join(lines))
    console = screen()
    title = f"{clause.id}  {clause.title[language]}  {clause.standard}"
    console.print(Text(title, style="bold"))
    console.print(table)


def target_text(clause: Clause, day: dt.date, language: str) -> str:
    """Return what a clause asks on a day: ``不低于 15 m²/百户``, or that it asks no number."""
    version = clause.version_on(day)
    if version is None:
        return word("status", "not_in_force", language)
    if clause.comparison is None or version.value is None:
        return word("status", "reported", language)
    sign = word("comparison", clause.comparison, language)
    return f"{sign} {version.value:g} {word('unit', clause.unit, language)}"


def terms_of(clause: Clause, language: str) -> dict[str, str]:
    """Return what a clause is about and under which terms: code of the term → its words.

    ``kinds``, ``where``, ``official``, ``options``, ``expires``, ``marks``: only those that it has.
    """
    marks = [
        tell("standards.reference", language) * clause.reference,
        word("flag", "unverified", language) * (not clause.verified),
    ]
    found = {
        "kinds": enumerated((kind_text(kind, language) for kind in clause.kinds), language),
        "where": enumerated(
            (_where_text(field, values, language) for field, values in clause.where.items()),
            language,
            apart=True,
        ),
        "official": word("basis", clause.official, language) if clause.official else "",
        "options": enumerated(options_told(clause, language), language, apart=True),
        "expires": clause.expires.isoformat() if clause.expires else "",
        "marks": enumerated(filter(None, marks), language),
    }
    return {code: told for code, told in found.items() if told}


def _where_text(field: str, values: Iterable[str], language: str) -> str:
    named = (unit_name(v) if field == "unit" else word(field, v, language) for v in values)
    return f"{word('field', field, language)} = {enumerated(named, language)}"


def _version_text(version: Version, clause: Clause, language: str) -> str:
    """Return a version: the day from which it holds, what it asks, its own deadline."""
    asked = target_text(clause, version.valid_from, language)
    own = version.deadline
    until = "" if own is None else f"  {tell('standards.deadline', language)} {own.isoformat()}"
    return f"{version.valid_from.isoformat()}  {asked}{until}"


def _rows(clause: Clause, day: dt.date, language: str) -> dict[str, Any]:
    version, deadline = clause.version_on(day), clause.deadline_on(day)
    sources = [
        f"{ref.title} {ref.clause}"
        + ("" if ref.verified else tell("standards.unverified", language))
        for ref in (version or clause.versions[-1]).references
    ]
    figures = reading_figures(())
    taken = [
        f"{name} {say('standards', f'reading.{name}', language)}: "
        + say("standards", f"reading.{name}.{choice}", language, **figures)
        for name, choice in clause.readings.items()
    ]
    rows: dict[str, Any] = {"section": clause.section, "quote": clause.quote}
    rows |= {"force": clause.force, "target": target_text(clause, day, language)}
    if deadline is not None:
        rows["deadline"] = deadline.isoformat()
    rows |= terms_of(clause, language)
    rows["versions"] = [_version_text(one, clause, language) for one in clause.versions]
    for part in ("measure", "needs", "example"):
        rows[part] = say("standards", f"{part}.{clause.measure}", language)
    return {**rows, "readings": taken, "source": sources}
