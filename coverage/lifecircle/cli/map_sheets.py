"""``lifecircle map``: the gap map again, or map sheets on paper."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from lifecircle.cli.console import print_json, progress, screen, shown_path
from lifecircle.cli.handing.results import result_of
from lifecircle.cli.homes import Replace, keeper, say_kept
from lifecircle.cli.language import help_text, own_language, tell
from lifecircle.cli.run import AsJson, Quiet, report_failure
from lifecircle.errors import LifecircleError

if TYPE_CHECKING:
    from lifecircle.outputs.sheets import SheetSet

__all__ = ["map_"]


def map_(
    source: Annotated[Path, typer.Argument(help=help_text("map_source"), show_default=False)],
    pdf: Annotated[bool, typer.Option("--pdf", help=help_text("map_pdf"))] = False,
    png: Annotated[bool, typer.Option("--png", help=help_text("map_png"))] = False,
    svg: Annotated[bool, typer.Option("--svg", help=help_text("map_svg"))] = False,
    single: Annotated[bool, typer.Option("--single", help=help_text("map_single"))] = False,
    only: Annotated[list[str] | None, typer.Option("--only", help=help_text("map_only"))] = None,
    font: Annotated[
        Path | None, typer.Option("--font", help=help_text("map_font"), show_default=False)
    ] = None,
    dpi: Annotated[int, typer.Option("--dpi", min=50, max=1200, help=help_text("map_dpi"))] = 300,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help=help_text("map_out"), show_default=False)
    ] = None,
    replace: Replace = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Draw the map page, or with a format map sheets on A3. Exit 0, 2 where it cannot be done."""
    formats = [
        name for name, wanted in (("pdf", pdf or single), ("png", png), ("svg", svg)) if wanted
    ]
    with progress(quiet=quiet or as_json) as step:
        step("loading")
        from lifecircle.outputs import check_sheets, write_map, write_sheets  # noqa: PLC0415

        try:
            groups, language = {"groups": only} if only else {}, own_language()
            if formats:  # what cannot be drawn is refused before anything is judged
                check_sheets(formats, language, font=font, **groups)
            assessment, home, background = result_of(source, step)
            earlier = keeper(assessment.language, replace=replace)
            if formats:
                drawn = write_sheets(
                    assessment,
                    out or home / "sheets",
                    formats,
                    earlier=earlier,
                    single=single,
                    font=font,
                    dpi=dpi,
                    language=language,
                    progress=lambda n, of: step("sheet", n=n, of=of),
                    **groups,
                )
            else:
                step("writing")
                page = _page(out, home)
                write_map(assessment, page, basemap=background, earlier=earlier)
        except LifecircleError as error:
            failure: LifecircleError | None = error
        else:
            failure = None
    if failure is not None:
        report_failure(failure, as_json=as_json)
    if formats:
        _tell_sheets(drawn, language, as_json=as_json)
    elif as_json:
        print_json({"files": [str(page)]})
    else:
        screen().print(Text(f"{tell('output.map')}  {shown_path(page)}"), soft_wrap=True)
    say_kept(earlier, as_json=as_json)


def _page(out: Path | None, home: Path) -> Path:
    """Return where the map page goes: ``--out`` may name the file or its folder."""
    if out is not None and out.suffix.lower() in {".html", ".htm"}:
        return out
    return (out or home) / "map.html"


def _tell_sheets(drawn: SheetSet, language: str, *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "files": [str(path) for path in drawn.files],
                "sheets": list(drawn.titles),
                "left_out": [
                    {"title": one.title, "why": one.told(language)} for one in drawn.left_out
                ],
                "font": drawn.font,
                "unprintable": list(drawn.unprintable),
            }
        )
        return
    console = screen()
    title = tell("sheets.title", language, count=len(drawn.titles), font=drawn.font)
    table = Table(title=Text(title))
    table.add_column(tell("sheets.number", language), justify="right")
    table.add_column(tell("sheets.name", language), overflow="fold")
    for n, title in enumerate(drawn.titles, start=1):
        table.add_row(str(n), Text(title))
    console.print(table)
    for one in drawn.left_out:
        line = tell("sheets.left_out", language, title=one.title, why=one.told(language))
        console.print(Text(line, style="yellow"), soft_wrap=True)
    if drawn.unprintable:
        lost = "".join(drawn.unprintable)
        console.print(Text(tell("sheets.unprintable", language, lost=lost), style="yellow"))
    for path in drawn.files:
        console.print(Text(shown_path(path)), soft_wrap=True)
