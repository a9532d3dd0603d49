"""``lifecircle standards show JX-13``: one clause with all that is known of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from lifecircle.cli.console import print_json, screen
from lifecircle.cli.language import own_language, tell
from lifecircle.texts import say, word

if TYPE_CHECKING:
    import datetime as dt

    from lifecircle.model.rules.clause import Clause

__all__ = ["show_clause", "target_text"]


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


def _rows(clause: Clause, day: dt.date, language: str) -> dict[str, Any]:
    version, deadline = clause.version_on(day), clause.deadline_on(day)
    sources = [
        f"{ref.title} {ref.clause}"
        + ("" if ref.verified else tell("standards.unverified", language))
        for ref in (version or clause.versions[-1]).references
    ]
    taken = [
        f"{name} {say('standards', f'reading.{name}', language)}: "
        + say("standards", f"reading.{name}.{choice}", language)
        for name, choice in clause.readings.items()
    ]
    rows: dict[str, Any] = {"section": clause.section, "quote": clause.quote}
    rows |= {"force": clause.force, "target": target_text(clause, day, language)}
    if deadline is not None:
        rows["deadline"] = deadline.isoformat()
    for part in ("measure", "needs", "example"):
        rows[part] = say("standards", f"{part}.{clause.measure}", language)
    return {**rows, "readings": taken, "source": sources}
