"""``lifecircle check``: everything wrong with a study's files, judging nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer
from rich.table import Table
from rich.text import Text

from lifecircle.cli.console import print_json, problem_table, progress, screen
from lifecircle.cli.language import own_language, tell
from lifecircle.cli.run import AsJson, Quiet, StudyPath
from lifecircle.texts import word

if TYPE_CHECKING:
    from lifecircle.model.study import Study

__all__ = ["check"]


def check(study: StudyPath, as_json: AsJson = False, quiet: Quiet = False) -> None:
    """Read everything and report every problem. Exit 0 clean, 1 warnings, 2 errors."""
    path = study / "study.toml" if study.is_dir() else study
    with progress(quiet=quiet or as_json) as step:
        step("loading")
        from lifecircle.intake import check_study  # noqa: PLC0415 - geopandas loads here
        from lifecircle.model.problem import Severity, worst  # noqa: PLC0415

        step("reading")
        found, problems = check_study(path)
    language = own_language() if found is None else found.language
    if as_json:
        print_json(
            {
                "usable": found is not None,
                "inputs": [] if found is None else [_plain(i) for i in found.inputs],
                "problems": [p.to_json() for p in problems],
            }
        )
    else:
        if found is not None:
            _inputs(found, language)
        if problems:
            problem_table(problems, language)
        else:
            screen().print(Text(tell("check.clean", language), style="green"))
    severity = worst(problems)
    raise typer.Exit({None: 0, Severity.WARNING: 1}.get(severity, 2))


def _plain(record: object) -> dict[str, object]:
    return {name: getattr(record, name) for name in type(record).__slots__}  # type: ignore[attr-defined]


def _inputs(study: Study, language: str) -> None:
    table = Table(title=tell("check.inputs", language, study=study.name, crs=study.crs))
    for name in ("layer", "path", "rows", "used", "set_aside"):
        table.add_column(tell(f"check.{name}", language), overflow="fold")
    for record in study.inputs:
        table.add_row(
            word("layer", record.layer, language),
            Text(record.path),
            str(record.rows),
            str(record.used),
            str(record.set_aside),
        )
    screen().print(table)
