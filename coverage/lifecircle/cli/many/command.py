"""``lifecircle batch``: judge many counties."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from lifecircle.cli.console import fail, print_json_file, shown_path
from lifecircle.cli.homes import Replace
from lifecircle.cli.language import help_text, own_language
from lifecircle.cli.many.bar import county_bar
from lifecircle.cli.many.summary import print_summary
from lifecircle.cli.run import AsJson, Quiet, report_failure
from lifecircle.errors import BatchError, LifecircleError
from lifecircle.model.results.county_run import RunState
from lifecircle.stopping import answered, of_asking
from lifecircle.texts import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from lifecircle.model.results.county_run import CountyRun

__all__ = ["HELP", "batch"]

_MIB_PER_GIB = 1024
_STOPPED = 130
HELP = help_text("batch", "batch")


def _help(name: str) -> str:
    return help_text(name, "batch")


_List = Annotated[Path, typer.Argument(metavar="LIST", help=_help("list"), show_default=False)]
_Out = Annotated[Path | None, typer.Option("--out", "-o", help=_help("out"))]
_Scheduler = Annotated[str | None, typer.Option("--scheduler", help=_help("scheduler"))]
_Workers = Annotated[int | None, typer.Option("--workers", "-w", min=1, help=_help("workers"))]
_Memory = Annotated[float | None, typer.Option("--memory", min=0.25, help=_help("memory"))]
_Stage = Annotated[str, typer.Option("--stage", help=help_text("stage"))]
_Standard = Annotated[
    list[str] | None, typer.Option("--standard", "-s", help=help_text("standard"))
]
_Scenario = Annotated[Path | None, typer.Option("--scenario", help=help_text("scenario"))]
_RetryFailed = Annotated[bool, typer.Option("--retry-failed", help=_help("retry_failed"))]


def batch(
    counties: _List,
    out: _Out = None,
    scheduler: _Scheduler = None,
    workers: _Workers = None,
    memory: _Memory = None,
    stage: _Stage = "now",
    standard: _Standard = None,
    scenario: _Scenario = None,
    retry_failed: _RetryFailed = False,
    replace: Replace = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Judge many counties. Exit 0, 1 some have no whole result, 2 unusable."""
    if stage not in {"now", "plan"}:
        fail(say("cli", "stage_unknown", own_language(), given=stage))
    asked = {"standards": standard or (), "stage": stage, "scenario": scenario}
    engine = (scheduler, workers, None if memory is None else memory * _MIB_PER_GIB)
    home = out or Path("maps") / "out" / "batch"
    failure: LifecircleError | None = None
    with county_bar(quiet=quiet or as_json) as tell:
        try:
            with _alone(home):
                runs, written, stopped, told = _run(
                    counties, asked, engine, home, tell, retry_failed=retry_failed, replace=replace
                )
        except LifecircleError as error:
            failure = error
    if failure is not None:
        _report(failure, as_json=as_json)
    if as_json:
        print_json_file(home / "batch.json")
    else:
        print_summary(runs, home, written, stopped=stopped, **told)
    whole = all(run.state is RunState.DONE for run in runs)
    raise typer.Exit(_STOPPED if stopped else 0 if whole else 1)


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Keep a second batch from the folder of one that runs: its sums would be of both.

    Raises
    ------
    BatchError
        Another one is there.
    """
    from lifecircle.outputs.sole import sole  # noqa: PLC0415 - geopandas loads

    made = not home.exists()
    with suppress(OSError):  # said where it is written to
        home.mkdir(parents=True, exist_ok=True)
    try:
        with sole(home) as alone:
            if not alone:
                raise BatchError("busy", place=shown_path(home))
            yield
    finally:
        if made:
            with suppress(OSError):  # not empty: what was to be written is there
                home.rmdir()


def _run(
    counties: Path,
    asked: dict[str, Any],
    engine: tuple[str | None, int | None, float | None],
    home: Path,
    tell: Callable[[CountyRun | None, int], None],
    **how: bool,
) -> tuple[Sequence[CountyRun], dict[str, Path], bool, dict[str, Any]]:
    """Judge all; return what became of each, the files of the whole, and whether it was stopped.

    Last what is told besides: ``unread`` columns of the list, counties that are there ``twice``.
    """
    from lifecircle.batch.batch import (  # noqa: PLC0415 - geopandas loads
        PROVINCE,
        choose_engine,
        run_batch,
    )
    from lifecircle.batch.cutting.cut import STUDIES  # noqa: PLC0415
    from lifecircle.batch.cutting.telling import LEFT_OUT, OF_TWO  # noqa: PLC0415
    from lifecircle.batch.province import gather_province  # noqa: PLC0415
    from lifecircle.batch.record import read_record  # noqa: PLC0415
    from lifecircle.batch.roster import read_roster, unread_columns  # noqa: PLC0415
    from lifecircle.outputs.province.folder import write_province  # noqa: PLC0415

    language = own_language()
    errands = read_roster(counties, **asked, language=language, home=home)
    chosen = choose_engine(*engine)
    tell(None, len(errands))
    stopped = False
    try:
        runs = run_batch(errands, home, chosen, language=language, progress=tell, **how)
    except (KeyboardInterrupt, Exception) as error:
        if not of_asking(error):
            raise
        answered()
        known = read_record(home)
        runs = tuple(known[one.name] for one in errands if one.name in known)
        stopped = True
    studies = {errand.name: errand.study for errand in errands}
    province = gather_province(home, runs, language, studies)
    written = write_province(province, home / PROVINCE, language)
    if any(errand.study.is_relative_to((home / STUDIES).resolve()) for errand in errands):
        written["left_out"] = home / STUDIES / LEFT_OUT
        written["of_two"] = home / STUDIES / OF_TWO
    told = {"unread": unread_columns(counties, language), "twice": province.counted_twice}
    return runs, written, stopped, told


def _report(error: LifecircleError, *, as_json: bool) -> NoReturn:
    if not isinstance(error, BatchError):
        report_failure(error, as_json=as_json)
    language = own_language()
    lines = [say("batch", f"refused.{error.code}", language, **error.params)]
    lines += [say("batch", f"mistake.{code}", language, **about) for code, about in error.mistakes]
    fail("\n".join(lines))
