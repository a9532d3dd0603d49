"""``lifecircle standards list|show|check``: the rules, with quotes and values in force."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Annotated

import typer
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from lifecircle.cli.console import fail, print_json, screen
from lifecircle.cli.language import help_text, own_language, tell
from lifecircle.cli.one_clause import show_clause
from lifecircle.cli.run import AsJson
from lifecircle.errors import LifecircleError, StandardError

__all__ = ["app"]

_CLAUSE = re.compile(r"[A-Z]{2,6}-\d{2,3}[a-z]?")

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.command("list", help=help_text("standards_list"))
def list_(as_json: AsJson = False) -> None:
    """List the documents of the library."""
    from lifecircle.standards import library, read_standard  # noqa: PLC0415

    found = [read_standard(name) for name in library()]
    if as_json:
        rows = [
            {"id": s.id, "title": dict(s.title), "number": s.number, "clauses": len(s.clauses)}
            for s in found
        ]
        print_json(rows)
        return
    language = own_language()
    table = Table()
    for name in ("id", "document", "number", "issued", "clauses"):
        table.add_column(tell(f"standards.{name}", language), overflow="fold")
    for s in found:
        table.add_row(
            s.id, Text(s.title[language]), s.number, s.issued.isoformat(), str(len(s.clauses))
        )
    screen().print(table)


@app.command("show", help=help_text("standards_show"))
def show(
    name: Annotated[str, typer.Argument(help=help_text("standard_name"), show_default=False)],
    as_of: Annotated[
        dt.datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help=help_text("as_of"))
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show a document's clauses with their quotes and the values in force on a day."""
    from lifecircle.standards import library, read_standard  # noqa: PLC0415
    from lifecircle.texts import word  # noqa: PLC0415

    if _CLAUSE.fullmatch(name):
        found = [(read_standard(s), s) for s in library()]
        for standard, own in found:
            if name in standard.clauses and standard.clauses[name].standard == own:
                show_clause(standard.clauses[name], as_of, as_json=as_json)
                return
    try:
        standard = read_standard(name)
    except LifecircleError as error:
        fail("\n".join((str(error), *getattr(error, "mistakes", ()))))
    day = (as_of or dt.datetime.now()).date()  # noqa: DTZ005 - the planner's own day
    versions = {c.id: c.version_on(day) for c in standard.clauses.values()}
    if as_json:
        print_json(
            [
                {
                    "id": c.id,
                    "title": dict(c.title),
                    "section": c.section,
                    "quote": c.quote,
                    "measure": c.measure,
                    "comparison": c.comparison,
                    "value": v.value if (v := versions[c.id]) else None,
                    "in_force": versions[c.id] is not None,
                    "unit": c.unit,
                    "readings": dict(c.readings),
                }
                for c in standard.clauses.values()
            ]
        )
        return
    language, console = own_language(), screen()
    console.print(Text(f"{standard.title[language]}  {standard.number}", style="bold"))
    for clause in standard.clauses.values():
        version = versions[clause.id]
        if version is None:
            target = word("status", "not_in_force", language)
        elif clause.comparison is None or version.value is None:
            target = word("status", "reported", language)
        else:
            sign = word("comparison", clause.comparison, language)
            target = f"{sign} {version.value:g} {word('unit', clause.unit, language)}"
        console.print()
        console.print(Text(f"{clause.id}  {clause.title[language]}  {target}", style="bold"))
        console.print(Padding(Text(f"{clause.section}「{clause.quote}」"), (0, 0, 0, 2)))


@app.command("check", help=help_text("standards_check"))
def check(
    path: Annotated[Path, typer.Argument(help=help_text("standard_file"), show_default=False)],
) -> None:
    """Check a user's own standard. Exit 0 if it can be used, else 2 with every mistake."""
    from lifecircle.standards import check_standard  # noqa: PLC0415

    try:
        mistakes = check_standard(path, own_language())
    except StandardError as error:
        mistakes = (str(error), *error.mistakes)
    if mistakes:
        fail("\n".join(mistakes))
    screen().print(Text(tell("standards.fine", path=str(path)), style="green"))
