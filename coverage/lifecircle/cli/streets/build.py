"""``lifecircle streets build``: a street file into one that needs no parsing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from lifecircle.cli.console import fail, print_json, progress, screen, shown_path
from lifecircle.cli.language import Command, help_text, tell
from lifecircle.cli.run import AsJson, Quiet, report_failure
from lifecircle.errors import LifecircleError, OutputError

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, add_completion=False)
_SUFFIX = ".streets"


@app.callback()
def _root() -> None:
    """Keep ``build`` a command of its own, although it is the only one."""


@app.command("build", cls=Command, help=help_text("streets_build"))
def build(
    file: Annotated[Path, typer.Argument(help=help_text("streets_file"), show_default=False)],
    out: Annotated[Path | None, typer.Option("--out", "-o", help=help_text("streets_out"))] = None,
    layer: Annotated[str | None, typer.Option("--layer", help=help_text("streets_layer"))] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Write a street file that needs no parsing. Exit 0, 2 unreadable."""
    target = out or file.with_name(file.name.removesuffix(_SUFFIX) + _SUFFIX)
    if not target.name.lower().endswith(_SUFFIX):
        fail(tell("streets.suffix", path=shown_path(target)))
    failure: LifecircleError | None = None
    taken = False
    with progress(quiet=quiet or as_json) as step:
        step("building")
        from lifecircle.intake.streets.building import build_streets  # noqa: PLC0415

        try:
            lines = build_streets(file, target, layer)
        except FileExistsError:
            taken = True
        except LifecircleError as error:
            failure = error
        except OSError as error:
            failure = OutputError.of(target, error)
    if taken:
        fail(tell("streets.exists", path=shown_path(target)))
    if failure is not None:
        report_failure(failure, as_json=as_json)
    size = target.stat().st_size
    told = {"ways": len(lines), "vertices": len(lines.vertex_xy)}
    if as_json:
        print_json({"file": str(target), "bytes": size, **told})
        return
    counts = {key: f"{value:,}" for key, value in told.items()}
    text = tell(
        "streets.built",
        path=shown_path(target),
        size=f"{size / 1e6:.1f}",
        name=target.name,
        **counts,
    )
    screen().print(Text(text), soft_wrap=True)
