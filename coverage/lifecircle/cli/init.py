"""``lifecircle init``: an empty study, with a workbook to fill in."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from lifecircle import texts
from lifecircle.cli.console import fail, print_json, screen
from lifecircle.cli.language import help_text, own_language, tell
from lifecircle.cli.run import AsJson
from lifecircle.cli.shell.failures import failure_text
from lifecircle.errors import OutputError, StandardError, UnknownNameError

__all__ = ["init"]

_DATUMS = ("cgcs2000", "wgs84", "gcj02", "bd09")


def init(
    folder: Annotated[Path, typer.Argument(help=help_text("init_folder"), show_default=False)],
    standard: Annotated[
        str | None, typer.Option("--standard", "-s", help=help_text("init_standard"))
    ] = None,
    county: Annotated[str | None, typer.Option("--county", help=help_text("init_county"))] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help=help_text("init_as_of"))] = None,
    coordinates: Annotated[
        str, typer.Option("--coordinates", help=help_text("init_coordinates"))
    ] = "cgcs2000",
    proposal: Annotated[bool, typer.Option("--proposal", help=help_text("init_proposal"))] = False,
    language: Annotated[str, typer.Option("--language", help=help_text("init_language"))] = "zh",
    as_json: AsJson = False,
) -> None:
    """Write study.toml and a workbook with drop-downs and notes. Exit 0, 2 nothing written."""
    from lifecircle.outputs.template.files import write_template  # noqa: PLC0415
    from lifecircle.standards import template_of  # noqa: PLC0415

    _check_options(language, coordinates)
    if proposal:
        _proposal(folder, language, coordinates, as_json=as_json)
        return
    if standard is None:
        fail(_said("standard_missing"))
    own = Path(standard) if standard.lower().endswith((".toml", ".xlsx")) else None
    day = _day(as_of)
    try:
        template = template_of(
            standard, day, county=county, language=language, coordinates=coordinates
        )
        if not re.fullmatch(r"[0-9]{6}", template.county) or template.county.endswith("0000"):
            fail(_said("county"))
        study, book = write_template(template, folder, own)
    except StandardError as error:
        fail("\n".join(error.told(own_language())))
    except UnknownNameError as error:
        fail(tell("unknown_name", what=tell("what.standard"), name=error.name, known=error.known))
    except OutputError as error:
        fail(_refused(error, folder))
    if as_json:
        print_json({"study": str(study), "workbook": str(book), "units": len(template.units)})
        return
    console = screen()
    console.print(Text(_said("done", study=str(study), book=str(book)), style="green"))
    known = _said("units", count=len(template.units))
    lost = Text(f"▲ {_said('no_units', county=template.county)}", style="yellow")
    console.print(Text(known) if template.units else lost)
    console.print(Text(_read_in("read_in", coordinates)))
    console.print(Text(_said("next", book=book.name, folder=str(folder))))


def _said(code: str, **params: object) -> str:
    return texts.say("init", code, own_language(), **params)


def _check_options(language: str, coordinates: str) -> None:
    """Refuse a language or a datum that nobody knows."""
    if language not in texts.LANGUAGES:
        fail(tell("unknown_name", what="--language", name=language, known=list(texts.LANGUAGES)))
    if coordinates not in _DATUMS:
        fail(_said("datum", value=coordinates, known=list(_DATUMS)))


def _day(as_of: str | None) -> dt.date:
    """Return the day said, else today: the user's own."""
    try:
        return dt.date.today() if as_of is None else dt.date.fromisoformat(as_of)  # noqa: DTZ011
    except ValueError:
        fail(_said("as_of_date", value=str(as_of)))


def _proposal(folder: Path, language: str, coordinates: str, *, as_json: bool) -> None:
    """Write the workbook of a proposal and say what comes next."""
    from lifecircle.outputs.template.proposal import write_proposal_template  # noqa: PLC0415

    day = dt.date.today()  # noqa: DTZ011 - only in the file's properties
    try:
        book = write_proposal_template(folder, day, language=language, coordinates=coordinates)
    except OutputError as error:
        taken = error.refusal is None
        fail(_said("proposal.taken", path=str(error)) if taken else failure_text(error))
    if as_json:
        print_json({"workbook": str(book)})
        return
    console = screen()
    done, read_in, comes = (
        Text(_said("proposal.done", book=str(book)), style="green"),
        Text(_read_in("proposal.read_in", coordinates)),
        Text(_said("proposal.next", book=str(book))),
    )
    for line in (done, read_in, comes):
        console.print(line, soft_wrap=True)


def _read_in(code: str, coordinates: str) -> str:
    """Return which datum the coordinates are read in: nobody else says so before they are wrong."""
    return _said(code, datum=texts.say("words", f"datum.{coordinates}", own_language()))


def _refused(error: OutputError, folder: Path) -> str:
    """Return why the folder is not written, in words."""
    if str(error) != str(folder):
        return failure_text(error)
    code = "not_empty" if folder.is_dir() else "is_file"
    return _said(code, path=str(folder))
