"""A bar of the counties of a batch, with the time left."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from lifecircle.cli.console import screen
from lifecircle.cli.language import own_language
from lifecircle.texts import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lifecircle.model.results.county_run import CountyRun

__all__ = ["county_bar"]


@contextmanager
def county_bar(*, quiet: bool) -> Iterator[Callable[[CountyRun | None, int], None]]:
    """Show on stderr how many counties are done; yields the function that tells of each.

    It takes a county that ended, or None at first, and how many are left.
    """
    if quiet:
        yield lambda _run, _left: None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn(_tell("progress.left")),
        TimeRemainingColumn(),
    )
    failed = 0
    with Progress(*columns, console=screen(stderr=True), transient=True) as bar:
        task = bar.add_task(_tell("progress.reading"), total=None)

        def told(run: CountyRun | None, left: int) -> None:
            nonlocal failed
            failed += run is not None and run.state == "failed"
            words = _tell("progress.judging", failed=failed)
            if run is None:
                bar.update(task, total=left, description=words)
            else:
                bar.update(task, advance=1, description=words)

        yield told


def _tell(code: str, **params: object) -> str:
    return say("batch", code, own_language(), **params)
