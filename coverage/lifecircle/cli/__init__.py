"""The command line: parse, call one function, say what came of it.

Geospatial packages are imported inside the commands, so that ``--help`` answers at once; and of
the commands themselves only the one that was asked for.
"""

from __future__ import annotations

import gc
import importlib
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lifecircle import __version__
from lifecircle.cli.language import Command, Group, help_text
from lifecircle.cli.shell.failures import guarded, settle_streams
from lifecircle.cli.shell.spared import calculate_in_one_thread

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["app", "main"]

_COMMANDS = {
    "demo": ("run", "demo"),
    "init": ("init", "init"),
    "check": ("check", "check"),
    "assess": ("run", "assess"),
    "map": ("map_sheets", "map_"),
    "report": ("handing.report", "report"),
    "score": ("score", "score"),
    "explain": ("explain", "explain"),
    "compare": ("compare", "compare"),
    "review": ("review", "review"),
    "site": ("site", "site"),
    "export": ("handing.export", "export"),
    "batch": ("many.command", "batch"),
    "from-osm": ("from_osm", "from_osm"),
}
"""Command → module and function, in the order of the help."""
_GROUPS = {"standards": "standards.library", "streets": "streets.build"}
"""Command that has commands → the module of its ``app``."""


def _program(names: Iterable[str]) -> typer.Typer:
    """Return the program with some of its commands."""
    made = typer.Typer(
        cls=Group,
        name="lifecircle",
        help=help_text("app"),
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    made.callback()(root)
    for name in names:
        place = _GROUPS.get(name) or _COMMANDS[name][0]
        module = importlib.import_module(f"lifecircle.cli.{place}")
        if name in _GROUPS:
            made.add_typer(module.app, cls=Group, name=name, help=help_text(name))
            continue
        told = getattr(module, "HELP", None) or help_text(name.replace("-", "_"))
        made.command(name, cls=Command, help=told)(getattr(module, _COMMANDS[name][1]))
    return made


def __getattr__(name: str) -> Any:
    if name != "app":
        raise AttributeError(f"module 'lifecircle.cli' has no attribute {name!r}")
    whole = globals()["app"] = _program([*_COMMANDS, *_GROUPS])
    return whole


def _version(*, show: bool) -> None:
    if show:
        typer.echo(f"lifecircle {__version__}")
        raise typer.Exit


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
    """Run the command line, and leave with its code."""
    gc.set_threshold(*_FEW_COLLECTIONS)
    calculate_in_one_thread()
    settle_streams()
    asked = [name for name in sys.argv[1:2] if name in _COMMANDS or name in _GROUPS]

    def run() -> None:  # loading the command is part of it
        _program(asked or [*_COMMANDS, *_GROUPS])()

    try:
        guarded(run)
    finally:
        gc.freeze()  # what is still there goes with the process, and need not be looked through
