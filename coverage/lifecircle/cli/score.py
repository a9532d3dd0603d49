"""``lifecircle score``: the 100-point self-assessment form, filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from lifecircle.cli.console import (
    fail,
    print_json_file,
    problem_table,
    progress,
    screen,
    shown_path,
    study_file,
)
from lifecircle.cli.homes import Replace, default_home, keeper, say_kept
from lifecircle.cli.language import help_text, own_language, tell
from lifecircle.cli.run import AsJson, Out, Quiet, StudyPath, report_failure, stop_at_refused
from lifecircle.errors import LifecircleError, UnknownNameError

if TYPE_CHECKING:
    from lifecircle.model.results.score import Score

__all__ = ["score"]

_ITEM_WIDTH = 34


def score(
    study: StudyPath,
    form: Annotated[str | None, typer.Option("--form", "-f", help=help_text("form"))] = None,
    out: Out = None,
    replace: Replace = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Fill in the 100-point form of a study. Exit 0, or 2 where it cannot be used."""
    path = study_file(study)
    with progress(quiet=quiet or as_json) as step:
        step("loading")
        from lifecircle.assessing.assess import assess  # noqa: PLC0415
        from lifecircle.intake import read_study  # noqa: PLC0415 - geopandas loads here
        from lifecircle.outputs import write_score  # noqa: PLC0415
        from lifecircle.scoring.score import own_form  # noqa: PLC0415
        from lifecircle.scoring.score import score as fill_in  # noqa: PLC0415
        from lifecircle.standards import read_form  # noqa: PLC0415

        try:
            if form is not None:
                read_form(form)  # what cannot be filled in is refused before anything is judged
            step("reading")
            read = read_study(path)
            chosen = form or own_form(read.standards[0])
            judged = assess(read, progress=step)
            result = fill_in(read, judged, chosen)
            step("writing")
            earlier = keeper(read.language, replace=replace)
            folder = out or default_home(path, read.language)
            written = write_score(result, folder, earlier=earlier)
        except LifecircleError as error:
            failure: LifecircleError | None = error
        else:
            failure = None
    if isinstance(failure, UnknownNameError) and failure.what == "form_of":
        fail(tell("form_needed", name=failure.name, known=list(failure.known)))
    if failure is not None:
        report_failure(failure, as_json=as_json)
    if as_json:
        say_kept(earlier, as_json=True)
        print_json_file(written["json"])
    else:
        _print(result)
        if result.problems and not quiet:
            problem_table(result.problems)
        for name, file in written.items():
            line = f"{tell(f'output.score_{name}')}  {shown_path(file)}"
            screen().print(Text(line), soft_wrap=True)
        say_kept(earlier)
    stop_at_refused(judged)


def _print(result: Score) -> None:
    """Print the items with their points, and what they come to."""
    from lifecircle.outputs.form.phrases import (  # noqa: PLC0415
        marks_line,
        origin_line,
        points_span,
        points_text,
        total_line,
    )
    from lifecircle.outputs.words.banners import banner_lines  # noqa: PLC0415
    from lifecircle.outputs.words.wording import Wording  # noqa: PLC0415 - loads pandas

    words = Wording(own_language(), "score")
    console = screen()
    title = words.say(
        "screen.title",
        study=result.study,
        form=words.title(result.form.title),
        as_of=result.as_of.isoformat(),
    )
    console.print(Text(title, style="bold"))
    if result.borrowed:
        borrowed = words.say("form.borrowed", number=result.form.number)
        console.print(Text(f"▲ {borrowed}", style="yellow"))
    for banner in banner_lines(result, words):
        console.print(Text(f"▲ {banner}", style="yellow"), soft_wrap=True)
    table = Table()
    for name in ("part", "screen.item", "full", "score"):
        table.add_column(words.say(name if "." in name else f"column.{name}"), overflow="fold")
    for one in result.items:
        settled = one.score is not None
        points = points_text(one.low) if settled else points_span(one.low, one.high, words)
        text = one.item.words
        short = text if len(text) <= _ITEM_WIDTH else f"{text[: _ITEM_WIDTH - 1]}…"
        table.add_row(
            Text(one.item.id),
            Text(short),
            Text(points_text(one.item.points)),
            Text(points, style="" if settled else "yellow"),
        )
    console.print(table)
    for one_origin in result.origins:
        console.print(Text(origin_line(one_origin, words)))
    console.print(Text(total_line(result, words), style="bold"))
    if (told := marks_line(result, words)) is not None:
        console.print(Text(told), soft_wrap=True)
