"""The command line: parse, call one function, say what came of it.

Geospatial packages are imported inside the commands, so that ``--help`` answers at once.
"""

from __future__ import annotations

import gc
from typing import Annotated

import typer

from lifecircle import __version__
from lifecircle.cli import (
    check,
    compare,
    explain,
    from_osm,
    init,
    map_sheets,
    review,
    run,
    score,
    site,
)
from lifecircle.cli.handing.export import export
from lifecircle.cli.handing.report import report
from lifecircle.cli.language import Command, Group, help_text
from lifecircle.cli.many import command
from lifecircle.cli.shell.failures import guarded, settle_streams
from lifecircle.cli.standards import library
from lifecircle.cli.streets import build

__all__ = ["app", "main"]

app = typer.Typer(
    cls=Group,
    name="lifecircle",
    help=help_text("app"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("demo", cls=Command, help=help_text("demo"))(run.demo)
app.command("init", cls=Command, help=help_text("init"))(init.init)
app.command("check", cls=Command, help=help_text("check"))(check.check)
app.command("assess", cls=Command, help=help_text("assess"))(run.assess)
app.command("map", cls=Command, help=help_text("map"))(map_sheets.map_)
app.command("report", cls=Command, help=help_text("report"))(report)
app.command("score", cls=Command, help=help_text("score"))(score.score)
app.command("explain", cls=Command, help=help_text("explain"))(explain.explain)
app.command("compare", cls=Command, help=compare.HELP)(compare.compare)
app.command("review", cls=Command, help=help_text("review"))(review.review)
app.command("site", cls=Command, help=help_text("site"))(site.site)
app.command("export", cls=Command, help=help_text("export"))(export)
app.command("batch", cls=Command, help=command.HELP)(command.batch)
app.command("from-osm", cls=Command, help=help_text("from_osm"))(from_osm.from_osm)
app.add_typer(library.app, cls=Group, name="standards", help=help_text("standards"))
app.add_typer(build.app, cls=Group, name="streets", help=help_text("streets"))


def _version(*, show: bool) -> None:
    if show:
        typer.echo(f"lifecircle {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=lambda v: _version(show=v), help=help_text("version")),
    ] = False,
) -> None:
    """Hold the options that stand before a command."""
    del version


_FEW_COLLECTIONS = (500_000, 20, 100)
"""Objects after which Python looks for circles of them, and how often for older ones. A run makes
millions that stay to its end: with the defaults it spends a tenth of its time looking."""


def main() -> None:
    """Run the command line; the console script and ``python -m lifecircle`` come here."""
    gc.set_threshold(*_FEW_COLLECTIONS)
    settle_streams()
    try:
        guarded(app)
    finally:
        gc.freeze()  # what is still there goes with the process, and need not be looked through
