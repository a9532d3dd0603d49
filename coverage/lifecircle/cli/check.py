"""``lifecircle check``: everything wrong with a study's files, judging nothing."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.table import Table
from rich.text import Text

from lifecircle.cli.console import (
    fail,
    print_json,
    problem_table,
    progress,
    screen,
    shown_path,
    study_file,
)
from lifecircle.cli.homes import default_home
from lifecircle.cli.language import help_text, own_language, tell
from lifecircle.cli.run import AsJson, Quiet
from lifecircle.cli.shell.failures import failure_text
from lifecircle.cli.take import take
from lifecircle.errors import OutputError
from lifecircle.texts import say, word

if TYPE_CHECKING:
    from lifecircle.model.inputs.checkup import Checkup
    from lifecircle.model.inputs.study import Study
    from lifecircle.model.problem import Problem
    from lifecircle.outputs.checkup.ledger_copy import Copies

__all__ = ["check"]


CheckOut = Annotated[Path | None, typer.Option("--out", "-o", help=help_text("out_check"))]


def check(
    study: Annotated[
        Path | None, typer.Argument(help=help_text("check_study"), show_default=False)
    ] = None,
    out: CheckOut = None,
    copy: Annotated[
        Path | None, typer.Option("--take", help=help_text("take"), show_default=False)
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Read everything and report every problem. Exit 0 clean, 1 warnings, 2 errors."""
    if copy is not None:
        take(copy, study, as_json=as_json)
        return
    if study is None:
        fail(tell("check.no_study"))
    if not study_file(study).is_file():
        _missing(study, as_json=as_json)
    with progress(quiet=quiet or as_json) as step:
        step("loading")
        from lifecircle.intake import inspect_study  # noqa: PLC0415 - geopandas loads here
        from lifecircle.model.problem import Severity, by_severity, worst  # noqa: PLC0415
        from lifecircle.outputs import write_checkup  # noqa: PLC0415
        from lifecircle.standards import costs_of  # noqa: PLC0415

        step("reading")
        found = inspect_study(study, own_language())
        more: list[Problem] = []
        if found.study is not None:
            found, more = _beside_the_ledgers(found, found.study)
        if found.as_of is not None:
            more += costs_of(found.standards, found.as_of, found.lacking)
        found = dataclasses.replace(found, problems=by_severity([*found.problems, *more]))
        written: Copies | None = None
        refused: OutputError | None = None
        if out is not None or not as_json:
            step("writing")
            home = out or default_home(found.path, found.language) / "check"
            try:
                written = write_checkup(found, home)
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


def _beside_the_ledgers(found: Checkup, study: Study) -> tuple[Checkup, list[Problem]]:
    """Return what was found with the districts as they are read, and what the ledgers do not say.

    What the standards and the form make of them: borders, hosts, figures, papers and answers.
    """
    from lifecircle.assessing.exemptions import clause_problems  # noqa: PLC0415
    from lifecircle.case.border import border_problems  # noqa: PLC0415 - pandas loads here
    from lifecircle.case.named_hosts import (  # noqa: PLC0415
        districts_read,
        host_problems,
        standards_of,
    )
    from lifecircle.scoring.score import unread_answers  # noqa: PLC0415
    from lifecircle.standards import unasked_figures, unread_papers  # noqa: PLC0415

    standards = standards_of(study)
    figures = unasked_figures(map(str, study.indicators["id"]), standards)
    answers = unread_answers(study, unread_papers(study.materials, standards))
    clauses = clause_problems(study, standards)
    more = [*border_problems(study), *host_problems(study, standards), *figures, *answers, *clauses]
    return dataclasses.replace(found, districts=districts_read(study, standards)), more


def _missing(study: Path, *, as_json: bool) -> NoReturn:
    """Say that there is no study; nothing is written."""
    from lifecircle.intake import inspect_study  # noqa: PLC0415 - geopandas loads here

    found = inspect_study(study, own_language())
    if as_json:
        print_json(found.to_json())
    else:
        problem_table(found.problems, own_language())
    raise typer.Exit(2)


def _say(found: Checkup, written: Copies | None) -> None:
    language = own_language()
    if found.inputs:
        _inputs(found)
    if found.problems:
        problem_table(found.problems, language, rest_in="check")
    else:
        screen().print(Text(tell("check.clean", language), style="green"))
    if written is not None:
        _say_written(written, language)


def _say_written(written: Copies, language: str) -> None:
    """Print where page and copies are, which tables have none, and which copies were left."""
    for name, path in written.items():
        label = tell("check.page" if name == "page" else "check.copy", language)
        screen().print(Text(f"{label}  {path}"), soft_wrap=True)
    if written.unmarked:
        said = say("check", "note.unmarked", language, names=written.unmarked)
        screen().print(Text(said, style="dim"), soft_wrap=True)
    for path in written.left:
        said = tell("check.left", language, copy=shown_path(path))
        screen().print(Text(f"▲ {said}", style="yellow"), soft_wrap=True)


def _inputs(found: Checkup) -> None:
    from lifecircle.outputs.words.sources_read import read_words  # noqa: PLC0415 - with the page

    language = own_language()
    title = tell("check.inputs", language, study=found.name, crs=found.crs or "–")
    table = Table(title=Text(title))
    for name in ("layer", "path", "rows", "used", "set_aside"):
        table.add_column(tell(f"check.{name}", language), overflow="fold")
    for record in found.inputs:
        read = read_words(record, language, found.inputs)
        table.add_row(
            word("layer", record.layer, language),
            Text("\n".join(filter(None, (record.path, read)))),
            str(record.rows),
            str(record.used),
            str(record.set_aside),
        )
    screen().print(table)
