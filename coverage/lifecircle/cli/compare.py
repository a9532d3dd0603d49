"""``lifecircle compare``: two assessments side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.table import Table
from rich.text import Text

from lifecircle import texts
from lifecircle.cli.console import (
    STATUS_COLOUR,
    fail,
    print_json_file,
    progress,
    screen,
    shown_path,
)
from lifecircle.cli.homes import Replace, keeper, say_kept
from lifecircle.cli.language import help_text, own_language
from lifecircle.cli.run import AsJson, Quiet
from lifecircle.cli.shell.failures import failure_text
from lifecircle.errors import AssessmentFormatError, LifecircleError
from lifecircle.model.rules.own_checks import is_own_check
from lifecircle.model.status import Flag

if TYPE_CHECKING:
    from lifecircle.model.results.comparison import ClauseChange, Comparison
    from lifecircle.outputs.words.names import Side
    from lifecircle.outputs.words.wording import Wording

__all__ = ["HELP", "compare"]

_MOST = 20
"""Most units in the table on screen."""
_PAPERS = "document"


def _tell(code: str, **params: object) -> str:
    return texts.say("compare", code, own_language(), **params)


HELP = help_text("command", "compare")


def compare(
    before: Annotated[
        Path, typer.Argument(help=help_text("before", "compare"), show_default=False)
    ],
    after: Annotated[Path, typer.Argument(help=help_text("after", "compare"), show_default=False)],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help=help_text("out", "compare"))
    ] = None,
    replace: Replace = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Compare two saved assessments. Exit 0, 2 unreadable."""
    with progress(quiet=quiet or as_json) as step:
        step("loading")
        from lifecircle.comparing.compare import compare as put_together  # noqa: PLC0415 - geopandas loads
        from lifecircle.outputs import read_assessment, write_comparison  # noqa: PLC0415

        failure: tuple[LifecircleError, Path] | None = None
        path = before
        try:
            step("reading")
            old = read_assessment(_folder(before), own_language())
            path = after
            new = read_assessment(_folder(after), own_language())
            step("comparing")
            comparison = put_together(old, new)
            step("writing")
            path = out or Path("maps") / "out" / "compare"
            earlier = keeper(own_language(), replace=replace)
            written = write_comparison(comparison, path, earlier=earlier)
        except LifecircleError as error:
            failure = (error, path)
    if failure is not None:
        _report(*failure)
    if as_json:
        say_kept(earlier, as_json=True)
        print_json_file(written["json"])
        return
    _print(comparison)
    for name, file in written.items():
        line = f"{_tell(f'cli.{name}')}  {shown_path(file)}"
        screen().print(Text(line), soft_wrap=True)
    say_kept(earlier)


def _folder(path: Path) -> Path:
    """Return the folder of a saved assessment; one of its two files stands for it."""
    return path.parent if path.suffix in {".json", ".gpkg"} else path


def _report(error: LifecircleError, path: Path) -> NoReturn:
    study = path if path.name == "study.toml" else path / "study.toml"
    if isinstance(error, AssessmentFormatError):
        if study.is_file():
            fail(_tell("cli.study", path=str(path)))
        fail(_tell("cli.unreadable", detail=str(error)))
    fail(failure_text(error))


def _print(comparison: Comparison) -> None:
    from lifecircle.outputs.words.banners import banner_lines  # noqa: PLC0415
    from lifecircle.outputs.words.changes import (  # noqa: PLC0415
        other_counties,
        side_texts,
        summary_lines,
    )
    from lifecircle.outputs.words.wording import Wording  # noqa: PLC0415 - loads pandas

    words = Wording.of_both(comparison).in_language(own_language())
    console = screen()
    for code, side in zip(("before", "after"), side_texts(comparison, words), strict=True):
        told = f"{words.say(f'side.{code}')}  {side}"
        console.print(Text(told, style="bold"), soft_wrap=True)
    sides = (comparison.before, comparison.after)
    for banner in dict.fromkeys(b for side in sides for b in banner_lines(side, words)):
        console.print(Text(f"▲ {banner}", style="yellow"), soft_wrap=True)
    if (warning := other_counties(comparison, words)) is not None:
        console.print(Text(warning, style="yellow"))
    if comparison.empty:
        console.print(Text(words.say("empty")))
        return
    for text in summary_lines(comparison, words):
        console.print(Text(text), soft_wrap=True)
    layers = [words.word("layer", layer) for layer, names in comparison.uncompared.items() if names]
    if layers:
        told = words.say("cli.uncompared", layers=words.list(layers))
        console.print(Text(told, style="dim"), soft_wrap=True)
    console.print(_clauses(comparison, words))
    if comparison.units:
        console.print(_units(comparison, words))
    rest = len(comparison.units) - _MOST
    if rest > 0:
        console.print(Text(words.say("more", rest=rest), style="dim"))


def _clauses(comparison: Comparison, words: Wording) -> Table:
    """Return the clauses side by side; checks of ours and papers only in the files."""
    from lifecircle.outputs.words.changes import (  # noqa: PLC0415 - loads pandas
        change_text,
        clause_ids,
        clause_title,
    )

    table = Table(title=words.say("cli.table"))
    for name in ("clause", "content", "before", "after", "change"):
        table.add_column(words.say(f"column.{name}"), overflow="fold")
    for change in comparison.clauses:
        one = change.after or change.before
        if one is None or is_own_check(one.id) or one.measure == _PAPERS:
            continue
        table.add_row(
            Text(clause_ids(change, words)),
            Text(clause_title(change, words)),
            _side(change, words, "before"),
            _side(change, words, "after"),
            Text(change_text(change, words)),
        )
    return table


def _side(change: ClauseChange, words: Wording, side: Side) -> Text:
    from lifecircle.outputs.words.changes import (  # noqa: PLC0415 - loads pandas
        flag_words,
        result_text,
        status_word,
    )

    clause = getattr(change, side)
    if clause is None:
        return Text("–")
    status = status_word(clause, clause.status, words)
    flags = flag_words(clause.flags, words)
    if flags is not None:
        status = words.say("flagged", status=status, flags=flags)
    colour = "dim" if Flag.REFERENCE in clause.flags else STATUS_COLOUR.get(clause.status, "dim")
    return Text(f"{status}  {result_text(clause, words, side)}", style=colour)


def _units(comparison: Comparison, words: Wording) -> Table:
    from lifecircle.outputs.words.changes import (  # noqa: PLC0415 - loads pandas
        others,
        percentage_points,
    )

    table = Table(title=words.say("cli.units"))
    for name in ("name", "level", "before", "after", "change", "better", "worse", "otherwise"):
        table.add_column(words.say(f"column.{name}"))
    for unit in comparison.units[:_MOST]:
        table.add_row(
            Text(unit.name),
            words.say(f"level.{unit.level}"),
            words.percent(unit.before),
            words.percent(unit.after),
            percentage_points(unit.change, words),
            str(unit.counts.get("better", 0)),
            str(unit.counts.get("worse", 0)),
            str(others(unit)),
        )
    return table
