"""What a batch prints at its end: states, counties without a whole result, where all is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from lifecircle.cli.console import screen, shown_path
from lifecircle.cli.language import listed, own_language
from lifecircle.model.results.county_run import RunState
from lifecircle.texts import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from lifecircle.model.results.county_run import CountyRun

__all__ = ["print_summary"]

_RESULT = "assessment.json"
_MOST = 30
"""Most counties without a whole result that are named."""


def print_summary(
    runs: Sequence[CountyRun],
    home: Path,
    written: Mapping[str, Path],
    *,
    stopped: bool,
    unread: Sequence[str] = (),
    twice: Sequence[Sequence[str]] = (),
) -> None:
    """Print how many counties came to what, which have no whole result, and where all is.

    ``unread``: columns of the list that mean nothing; ``twice``: names of one county's results.
    """
    console = screen()
    if stopped:
        console.print(Text(_tell("stopped"), style="yellow"), soft_wrap=True)
    console.print(Text(" · ".join(_counts(runs)), style="bold"), soft_wrap=True)
    if unread:
        told = _tell("list_unread", columns=list(unread))
        console.print(Text(f"▲ {told}", style="yellow"), soft_wrap=True)
    for names in twice:
        told = _tell("province.twice", names=listed(names, _MOST))
        console.print(Text(f"▲ {told}", style="yellow"), soft_wrap=True)
    rest = [run for run in runs if run.state is not RunState.DONE]
    if rest:
        console.print(_table(rest[:_MOST]))
    if len(rest) > _MOST:
        console.print(Text(_tell("more", count=len(rest) - _MOST), style="dim"))
    _say_earlier(rest, home)
    for name, file in written.items():
        console.print(Text(f"{_tell(f'output.{name}')}  {shown_path(file)}"), soft_wrap=True)
    console.print(Text(f"{_tell('output.logs')}  {shown_path(home / 'logs')}"), soft_wrap=True)


def _say_earlier(rest: Sequence[CountyRun], home: Path) -> None:
    """Print which counties' folders still hold the result of an earlier run, and not this one's."""
    earlier = [
        run.name for run in rest if not run.has_result and (home / run.name / _RESULT).is_file()
    ]
    if earlier:
        told = _tell("earlier_stands", count=len(earlier), names=listed(earlier, _MOST))
        screen().print(Text(f"▲ {told}", style="yellow"), soft_wrap=True)


def _counts(runs: Sequence[CountyRun]) -> list[str]:
    """Return how many counties are in each state, were there already, were begun twice."""
    counts = {state: sum(run.state is state for run in runs) for state in RunState}
    told = [f"{_tell(f'state.{state}')} {count}" for state, count in counts.items() if count]
    more = {
        "reused": sum(run.reused for run in runs),
        "died": sum(run.attempts > 1 for run in runs),
    }
    return told + [_tell(code, count=count) for code, count in more.items() if count]


def _table(runs: Sequence[CountyRun]) -> Table:
    table = Table()
    for name in ("county", "state", "why"):
        table.add_column(_tell(f"column.{name}"), overflow="fold")
    for run in runs:
        table.add_row(Text(run.name), _tell(f"state.{run.state}"), Text("\n".join(run.lines)))
    return table


def _tell(code: str, **params: object) -> str:
    return say("batch", code, own_language(), **params)
