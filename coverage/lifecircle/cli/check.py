"""``lifecircle check``: everything wrong with a study's files, judging nothing."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from lifecircle.cli.console import fail, print_json, problem_table, progress, screen
from lifecircle.cli.language import help_text, own_language, tell
from lifecircle.cli.run import AsJson, Quiet, StudyPath
from lifecircle.cli.shell.failures import failure_text
from lifecircle.errors import OutputError
from lifecircle.texts import word

if TYPE_CHECKING:
    from lifecircle.model.inputs.checkup import Checkup

__all__ = ["check"]


CheckOut = Annotated[Path | None, typer.Option("--out", "-o", help=help_text("out_check"))]


def check(
    study: StudyPath, out: CheckOut = None, as_json: AsJson = False, quiet: Quiet = False
) -> None:
    """Read everything and report every problem. Exit 0 clean, 1 warnings, 2 errors."""
    with progress(quiet=quiet or as_json) as step:
        step("loading")
        from lifecircle.intake import inspect_study  # noqa: PLC0415 - geopandas loads here
        from lifecircle.model.problem import Severity, by_severity, worst  # noqa: PLC0415
        from lifecircle.outputs import write_checkup  # noqa: PLC0415
        from lifecircle.standards import costs_of  # noqa: PLC0415

        step("reading")
        found = inspect_study(study, own_language())
        if found.as_of is not None:
            costs = costs_of(found.standards, found.as_of, found.lacking)
            found = dataclasses.replace(found, problems=by_severity([*found.problems, *costs]))
        written: dict[str, Path] = {}
        refused: OutputError | None = None
        if out is not None or not as_json:
            step("writing")
            home = found.path.resolve().parent.name
            try:
                written = write_checkup(found, out or Path("maps") / "out" / home / "check")
            except OutputError as error:
                refused = error
    if as_json:
        print_json(found.to_json())
    else:
        _say(found, written)
    if refused is not None:
        fail(failure_text(refused))
    severity = worst(found.problems)
    raise typer.Exit({None: 0, Severity.WARNING: 1}.get(severity, 2))


def _say(found: Checkup, written: dict[str, Path]) -> None:
    language = found.language
    if found.inputs:
        _inputs(found)
    if found.problems:
        problem_table(found.problems, language)
    else:
        screen().print(Text(tell("check.clean", language), style="green"))
    for name, path in written.items():
        label = tell("check.page" if name == "page" else "check.copy", language)
        screen().print(Text(f"{label}  {path}"), soft_wrap=True)


def _inputs(found: Checkup) -> None:
    language = found.language
    title = tell("check.inputs", language, study=found.name, crs=found.crs or "–")
    table = Table(title=Text(title))
    for name in ("layer", "path", "rows", "used", "set_aside"):
        table.add_column(tell(f"check.{name}", language), overflow="fold")
    for record in found.inputs:
        table.add_row(
            word("layer", record.layer, language),
            Text(record.path),
            str(record.rows),
            str(record.used),
            str(record.set_aside),
        )
    screen().print(table)
