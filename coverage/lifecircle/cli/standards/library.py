"""``lifecircle standards list|show|check``: the rules, with quotes and values in force."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from lifecircle.cli.console import fail, print_json, screen
from lifecircle.cli.language import Command, help_text, own_language, tell
from lifecircle.cli.run import AsJson
from lifecircle.cli.standards.one_clause import show_clause, target_text, terms_of
from lifecircle.errors import LifecircleError, StandardError, UnknownNameError
from lifecircle.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecircle.model.rules.clause import Clause, Standard

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.command("list", cls=Command, help=help_text("standards_list"))
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
            s.id, Text(s.title[language]), s.number, _date_of(s, language), str(len(s.clauses))
        )
    screen().print(table)


@app.command("show", cls=Command, help=help_text("standards_show"))
def show(
    name: Annotated[str, typer.Argument(help=help_text("standard_name"), show_default=False)],
    as_of: Annotated[
        dt.datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help=help_text("as_of"))
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show a document's clauses with their quotes and the values in force on a day."""
    from lifecircle.standards import read_standard  # noqa: PLC0415

    day = (as_of or dt.datetime.now()).date()  # noqa: DTZ005 - the planner's own day
    clause = _library_clause(name)
    if clause is not None:
        show_clause(clause, day, as_json=as_json)
        return
    try:
        standard = read_standard(name)
    except UnknownNameError as error:
        fail(tell("unknown_name", what=tell("what.standard"), name=name, known=list(error.known)))
    except LifecircleError as error:
        fail("\n".join((str(error), *getattr(error, "mistakes", ()))))
    if as_json:
        print_json([_as_json(clause, day) for clause in standard.clauses.values()])
        return
    language, console = own_language(), screen()
    console.print(Text(f"{standard.title[language]}  {standard.number}", style="bold"))
    for clause in standard.clauses.values():
        target = target_text(clause, day, language)
        console.print()
        console.print(Text(f"{clause.id}  {clause.title[language]}  {target}", style="bold"))
        for line in _lines(clause, day, language):
            console.print(Padding(Text(line), (0, 0, 0, 2)))


def _lines(clause: Clause, day: dt.date, language: str) -> Iterator[str]:
    """Yield what a clause says: its words, their force and day, and whom and what it asks."""
    yield f"{clause.section}「{clause.quote}」" if clause.quote else clause.section
    deadline = clause.deadline_on(day)
    terms = {"force": clause.force, "deadline": deadline.isoformat() if deadline else ""}
    terms |= terms_of(clause, language)
    if "A17" in clause.readings:  # the same word may count another stage in the next clause
        terms["stage"] = say("standards", f"reading.A17.{clause.readings['A17']}", language)
    told = [
        f"{tell(f'standards.{code}', language)} {words}" for code, words in terms.items() if words
    ]
    yield "  ".join(told)


def _library_clause(name: str) -> Clause | None:
    """Return the clause of the library with this id, from the document that it stands in."""
    from lifecircle.standards import library, read_standard  # noqa: PLC0415
    from lifecircle.standards.clauses import CLAUSE_ID  # noqa: PLC0415

    if not CLAUSE_ID.fullmatch(name):
        return None
    for document in library():
        clause = read_standard(document).clauses.get(name)
        if clause is not None and clause.standard == document:
            return clause
    return None


def _date_of(standard: Standard, language: str) -> str:
    """Return the document's date; of one that bears none, the day it is taken to hold from."""
    day = standard.issued.isoformat()
    return tell("standards.undated", language, day=day) if standard.undated else day


def _as_json(clause: Clause, day: dt.date) -> dict[str, Any]:
    """Return a clause as its document's file has it, and what of it is in force on ``day``."""
    from lifecircle.standards.clauses import raw_clause  # noqa: PLC0415

    version = clause.version_on(day)
    return {
        "id": clause.id,
        "standard": clause.standard,
        "comparison": None,
        "readings": {},
        **raw_clause(clause),
        "value": None if version is None else version.value,
        "in_force": version is not None,
        "deadline": clause.deadline_on(day),
        "verified": clause.verified,
    }


@app.command("check", cls=Command, help=help_text("standards_check"))
def check(
    path: Annotated[Path, typer.Argument(help=help_text("standard_file"), show_default=False)],
) -> None:
    """Check a user's own standard. Exit 0 if it can be used, else 2 with every mistake."""
    from lifecircle.standards import check_standard  # noqa: PLC0415

    try:
        mistakes = check_standard(path, own_language())
    except StandardError as error:
        mistakes = error.told(own_language())
    if mistakes:
        fail("\n".join(mistakes))
    screen().print(Text(tell("standards.fine", path=str(path)), style="green"))
