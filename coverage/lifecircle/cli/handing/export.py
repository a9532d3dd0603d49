"""``lifecircle export``: files for towns, archives and other systems."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from lifecircle.cli.console import print_json, progress, screen, shown_path
from lifecircle.cli.handing.results import result_of
from lifecircle.cli.homes import Replace, keeper, say_kept
from lifecircle.cli.language import help_text, own_language, tell
from lifecircle.cli.run import AsJson, Quiet, report_failure
from lifecircle.errors import LifecircleError

__all__ = ["export"]

_PARTS = ("field", "schedule", "evidence", "csv", "shapefile", "gdb")
_MOST = 200


def export(
    source: Annotated[Path, typer.Argument(help=help_text("map_source"), show_default=False)],
    field: Annotated[bool, typer.Option("--field", help=help_text("export_field"))] = False,
    schedule: Annotated[
        bool, typer.Option("--schedule", help=help_text("export_schedule"))
    ] = False,
    evidence: Annotated[
        bool, typer.Option("--evidence", help=help_text("export_evidence"))
    ] = False,
    findings: Annotated[bool, typer.Option("--csv", help=help_text("export_csv"))] = False,
    shapefile: Annotated[
        bool, typer.Option("--shapefile", help=help_text("export_shapefile"))
    ] = False,
    gdb: Annotated[bool, typer.Option("--gdb", help=help_text("export_gdb"))] = False,
    most: Annotated[int, typer.Option("--most", min=1, help=help_text("export_most"))] = _MOST,
    font: Annotated[
        Path | None, typer.Option("--font", help=help_text("map_font"), show_default=False)
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help=help_text("export_out"), show_default=False)
    ] = None,
    replace: Replace = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Write files for towns, archives and other systems. Exit 0, 2 where it cannot be done."""
    asked = (field, schedule, evidence, findings, shapefile, gdb)
    chosen = [name for name, wanted in zip(_PARTS, asked, strict=True) if wanted]
    how: dict[str, Any] = {"only": chosen} if chosen else {}
    with progress(quiet=quiet or as_json) as step:
        step("loading")
        from lifecircle.outputs import check_sheets, write_handover  # noqa: PLC0415

        try:
            if field or not chosen:  # what cannot be drawn is refused before anything is judged
                check_sheets(("pdf",), own_language(), font=font)
            assessment, home, _ = result_of(source, step)
            step("writing")
            earlier = keeper(assessment.language, replace=replace)
            how |= {"font": font, "most": most, "earlier": earlier, "progress": step}
            written = write_handover(assessment, out or home / "handover", **how)
        except LifecircleError as error:
            failure: LifecircleError | None = error
        else:
            failure = None
    if failure is not None:
        report_failure(failure, as_json=as_json)
    if as_json:
        print_json({"files": {name: str(path) for name, path in written.items()}})
    else:
        for name, path in written.items():
            line = f"{tell(f'output.handover.{name}')}  {shown_path(path)}"
            screen().print(Text(line), soft_wrap=True)
    say_kept(earlier, as_json=as_json)
