"""``lifecircle report``: page, Word and PDF of a study or of results that are there."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from lifecircle.cli.console import print_json, progress, screen, shown_path
from lifecircle.cli.handing.results import result_of
from lifecircle.cli.homes import Replace, keeper, say_kept
from lifecircle.cli.language import help_text, own_language, tell
from lifecircle.cli.run import AsJson, Out, Quiet, report_failure
from lifecircle.errors import LifecircleError

__all__ = ["report"]


def report(
    source: Annotated[Path, typer.Argument(help=help_text("map_source"), show_default=False)],
    pdf: Annotated[bool, typer.Option("--pdf", help=help_text("report_pdf"))] = False,
    out: Out = None,
    replace: Replace = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Write the report and its one page. Exit 0, 2 where it cannot be done."""
    with progress(quiet=quiet or as_json) as step:
        step("loading")
        from lifecircle.outputs.report.papers import (  # noqa: PLC0415 - python-docx loads
            check_browser,
            write_papers,
        )

        try:
            if pdf:  # what cannot be printed is refused before anything is judged
                check_browser(own_language())
            assessment, home, _ = result_of(source, step)
            step("writing")
            earlier = keeper(assessment.language, replace=replace)
            written = write_papers(assessment, out or home, pdf=pdf, earlier=earlier)
        except LifecircleError as error:
            failure: LifecircleError | None = error
        else:
            failure = None
    if failure is not None:
        report_failure(failure, as_json=as_json)
    if as_json:
        print_json({"files": [str(path) for path in written.values()]})
    else:
        for name, path in written.items():
            line = f"{tell(f'output.{name}')}  {shown_path(path)}"
            screen().print(Text(line), soft_wrap=True)
    say_kept(earlier, as_json=as_json)
