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
from lifecircle.errors import OutputError, StandardError, UnknownNameError

__all__ = ["init"]

_DATUMS = ("cgcs2000", "wgs84", "gcj02", "bd09")


def init(
    folder: Annotated[Path, typer.Argument(help=help_text("init_folder"), show_default=False)],
    standard: Annotated[
        str, typer.Option("--standard", "-s", help=help_text("init_standard"), show_default=False)
    ],
    county: Annotated[str | None, typer.Option("--county", help=help_text("init_county"))] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help=help_text("init_as_of"))] = None,
    coordinates: Annotated[
        str, typer.Option("--coordinates", help=help_text("init_coordinates"))
    ] = "cgcs2000",
    language: Annotated[str, typer.Option("--language", help=help_text("init_language"))] = "zh",
    as_json: AsJson = False,
) -> None:
    """Write study.toml and a workbook with drop-downs and notes. Exit 0, 2 nothing written."""
    from lifecircle.outputs.template.files import write_template  # noqa: PLC0415
    from lifecircle.standards import template_of  # noqa: PLC0415

    if language not in texts.LANGUAGES:
        fail(tell("unknown_name", what="--language", name=language, known=list(texts.LANGUAGES)))

    def said(code: str, **params: object) -> str:
        return texts.say("init", code, own_language(), **params)

    if coordinates not in _DATUMS:
        fail(said("datum", value=coordinates, known=list(_DATUMS)))
    own = Path(standard) if standard.lower().endswith((".toml", ".xlsx")) else None
    try:
        day = dt.date.today() if as_of is None else dt.date.fromisoformat(as_of)  # noqa: DTZ011 - the user's own day
    except ValueError:
        fail(said("as_of_date", value=str(as_of)))
    try:
        template = template_of(
            standard, day, county=county, language=language, coordinates=coordinates
        )
        if not re.fullmatch(r"[0-9]{6}", template.county) or template.county.endswith("0000"):
            fail(said("county"))
        study, book = write_template(template, folder, own)
    except StandardError as error:
        fail("\n".join(error.mistakes) or str(error))
    except UnknownNameError as error:
        fail(tell("unknown_name", what=tell("what.standard"), name=error.name, known=error.known))
    except OutputError as error:
        fail(_refused(str(error), folder))
    if as_json:
        print_json({"study": str(study), "workbook": str(book), "units": len(template.units)})
        return
    console = screen()
    console.print(Text(said("done", study=str(study), book=str(book)), style="green"))
    known = said("units", count=len(template.units))
    lost = Text(f"▲ {said('no_units', county=template.county)}", style="yellow")
    console.print(Text(known) if template.units else lost)
    console.print(Text(said("next", book=book.name, folder=str(folder))))


def _refused(error: str, folder: Path) -> str:
    """Return why the folder is not written, in words."""
    if error != str(folder):
        return error
    code = "not_empty" if folder.is_dir() else "is_file"
    return texts.say("init", code, own_language(), path=str(folder))
