"""``lifecircle site``: where to build, in a study or by a table of costs."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from lifecircle.cli.console import (
    fail,
    print_json,
    print_json_file,
    problem_table,
    progress,
    screen,
    shown_path,
    study_file,
)
from lifecircle.cli.homes import Replace, default_home, keeper, say_kept
from lifecircle.cli.language import help_text, own_language, tell
from lifecircle.cli.run import AsJson, Quiet, report_failure
from lifecircle.cli.shell.site_plan import figure, show_answer, show_plan
from lifecircle.errors import LifecircleError, StudyError
from lifecircle.model.problem import Severity
from lifecircle.model.siting.words import SITING_MODELS, TRAVEL_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lifecircle.model.problem import Problem
    from lifecircle.model.siting.task import SitingTask

__all__ = ["site"]

_EVERY_S = 0.5
_WITHIN = frozenset({"lscp", "mclp"})


_Study = Annotated[Path | None, typer.Argument(help=help_text("study"), show_default=False)]
_Clause = Annotated[str | None, typer.Option("--clause", "-c", help=help_text("site_clause"))]
_Everybody = Annotated[bool, typer.Option("--all", help=help_text("site_all"))]
_Sites = Annotated[int | None, typer.Option("--sites", help=help_text("site_sites"))]
_Budget = Annotated[float | None, typer.Option("--budget", help=help_text("site_budget"))]
_Model = Annotated[str | None, typer.Option("--model", help=help_text("site_model"))]
_Weight = Annotated[str, typer.Option("--weight", help=help_text("site_weight"))]
_Kind = Annotated[str | None, typer.Option("--kind", help=help_text("site_kind"))]
_Stage = Annotated[str, typer.Option("--stage", help=help_text("stage"))]
_Standard = Annotated[str | None, typer.Option("--standard", "-s", help=help_text("site_standard"))]
_IncludeUndecided = Annotated[
    bool, typer.Option("--include-undecided", help=help_text("site_undecided"))
]
_Out = Annotated[Path | None, typer.Option("--out", "-o", help=help_text("site_out"))]
_Travel = Annotated[Path | None, typer.Option("--travel", help=help_text("site_travel"))]
_Demand = Annotated[Path | None, typer.Option("--demand", help=help_text("site_demand"))]
_Limit = Annotated[float | None, typer.Option("--limit", help=help_text("site_limit"))]
_Fixed = Annotated[Path | None, typer.Option("--fixed", help=help_text("site_fixed"))]
_Candidates = Annotated[
    Path | None, typer.Option("--candidates", help=help_text("site_candidates"))
]
_Columns = Annotated[list[str] | None, typer.Option("--columns", help=help_text("site_columns"))]
_Cheapest = Annotated[bool, typer.Option("--cheapest", help=help_text("site_cheapest"))]
_Generate = Annotated[bool, typer.Option("--generate", help=help_text("site_generate"))]
_Close = Annotated[bool, typer.Option("--close", help=help_text("site_close"))]
_Nodes = Annotated[int, typer.Option("--nodes", help=help_text("site_nodes"))]
_Gap = Annotated[float, typer.Option("--gap", help=help_text("site_gap"))]
_Seconds = Annotated[float | None, typer.Option("--seconds", help=help_text("site_seconds"))]


def site(
    study: _Study = None,
    clause: _Clause = None,
    everybody: _Everybody = False,
    sites: _Sites = None,
    budget: _Budget = None,
    model: _Model = None,
    weight: _Weight = "households",
    kind: _Kind = None,
    stage: _Stage = "now",
    standard: _Standard = None,
    include_undecided: _IncludeUndecided = False,
    out: _Out = None,
    travel: _Travel = None,
    demand: _Demand = None,
    limit: _Limit = None,
    fixed: _Fixed = None,
    candidates: _Candidates = None,
    columns: _Columns = None,
    cheapest: _Cheapest = False,
    generate: _Generate = False,
    close: _Close = False,
    nodes: _Nodes = 4000,
    gap: _Gap = 0.0,
    seconds: _Seconds = None,
    replace: Replace = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Choose sites. Exit 0, 1 not everybody can be reached, 2 unusable."""
    if (study is None) == (travel is None):
        fail(tell("site.one_of_both"))
    given = (("--nodes", nodes), ("--gap", gap), ("--seconds", seconds), ("--limit", limit))
    for option, value in (*given, ("--sites", sites), ("--budget", budget)):
        _not_negative(option, value or 0.0)
    search = (nodes, gap, seconds)
    if study is not None:
        if clause is None:
            fail(tell("site.clause_needed"))
        asked = {
            **_amount(sites, budget, everybody=everybody, close=close),
            "model": model,
            "weight": weight,
            "kind": kind,
            "view": stage,
            "standard": standard,
            "include_undecided": include_undecided,
            "cheapest": cheapest,
            "generate": generate,
            "close": close,
        }
        where = (study_file(study), out, replace)
        _plan(where, clause, asked, search, as_json=as_json, quiet=quiet)
    elif travel is not None:
        files = {"demand": demand, "fixed": fixed, "candidates": candidates}
        named = _columns(columns or ())
        model = model or "mclp"
        _check(model, limit, sites, budget)
        task = _read(travel, files, named, as_json=as_json, quiet=quiet)
        most = math.inf if limit is None else limit
        _choose(task, (model, most, sites, budget, cheapest), search, as_json=as_json, quiet=quiet)


def _amount(
    sites: int | None, budget: float | None, *, everybody: bool, close: bool
) -> dict[str, float | None]:
    """Return how many places may be added, or for how much; neither: as many as it takes."""
    if everybody:
        return {"sites": None, "budget": None}
    if sites is None and budget is None:
        if not close:
            fail(tell("site.how_many"))
        sites = 0  # nothing is to be built
    return {"sites": sites, "budget": budget}


def _plan(
    where: tuple[Path, Path | None, bool],
    clause: str,
    asked: dict[str, Any],
    search: tuple[int, float, float | None],
    *,
    as_json: bool,
    quiet: bool,
) -> None:
    """Plan for a clause of a study, write the plan's files and print it.

    ``where``: the study, the folder that was named, and whether files there may go.
    """
    study, out, replace = where
    if asked["view"] not in {"now", "plan"}:
        fail(tell("stage_unknown", given=asked["view"]))
    if asked["model"] is not None:
        _check(asked["model"], math.inf, asked["sites"], asked["budget"])
    failure: LifecircleError | None = None
    with progress(quiet=quiet or as_json) as step:
        step("loading")
        from lifecircle.intake import read_study  # noqa: PLC0415 - geopandas loads here
        from lifecircle.outputs import write_sites  # noqa: PLC0415
        from lifecircle.outputs.whole import check_place  # noqa: PLC0415
        from lifecircle.siting.planning import site as planned  # noqa: PLC0415
        from lifecircle.siting.search.effort import Effort, Watch  # noqa: PLC0415

        try:
            step("reading")
            found = read_study(study)
            check_place(out or Path("maps") / "out")
            step("choosing")
            plan = planned(found, clause, watch=Watch(Effort(*search)), **asked)
            step("writing")
            home = out or default_home(study, found.language, stage=plan.stage)
            earlier = keeper(found.language, replace=replace)
            written = write_sites(plan, home, earlier=earlier)
        except LifecircleError as error:
            failure = error
    if failure is not None:
        report_failure(failure, as_json=as_json)
    if as_json:
        say_kept(earlier, as_json=True)
        print_json_file(written["json"])
    else:
        if not quiet:
            _tell_doubts(found.problems)
        show_plan(plan)
        if plan.answer is not None:
            show_answer(plan.answer, asked["sites"])
        for name, path in written.items():
            line = f"{tell(f'output.sites.{name}')}  {shown_path(path)}"
            screen().print(Text(line), soft_wrap=True)
        say_kept(earlier)
        if plan.places and not quiet:
            told = tell("site.next", study=shown_path(study), plan=shown_path(home))
            screen().print(Text(told, style="dim"), soft_wrap=True)
    raise typer.Exit(0 if plan.complete else 1)


def _tell_doubts(problems: Sequence[Problem]) -> None:
    """Print what is wrong with rows of the candidates: it decides which could be chosen."""
    doubted = [
        one for one in problems if one.layer == "candidates" and one.severity is not Severity.INFO
    ]
    if doubted:
        problem_table(doubted)


def _read(
    travel: Path,
    files: dict[str, Path | None],
    named: dict[str, str],
    *,
    as_json: bool,
    quiet: bool,
) -> SitingTask:
    with progress(quiet=quiet or as_json) as step:
        step("loading")
        from lifecircle.intake.travel import read_siting_task  # noqa: PLC0415 - geopandas loads here

        step("reading")
        try:
            return read_siting_task(travel, **files, columns=named, language=own_language())
        except StudyError as error:
            problems = error.problems
    if as_json:
        print_json({"problems": [problem.to_json() for problem in problems]})
    else:
        problem_table(problems)
    raise typer.Exit(2)


def _choose(
    task: SitingTask,
    wanted: tuple[str, float, int | None, float | None, bool],
    search: tuple[int, float, float | None],
    *,
    as_json: bool,
    quiet: bool,
) -> None:
    from lifecircle.siting.answering import Wanted, choose_sites  # noqa: PLC0415 - loads scipy
    from lifecircle.siting.search.effort import Effort, Watch  # noqa: PLC0415 - with it

    watch = Watch(Effort(*search), None if quiet else _Steps())
    answer = choose_sites(task, Wanted(*wanted), watch)
    if as_json:
        print_json(dataclasses.asdict(answer))
    else:
        show_answer(answer, wanted[2], offered=bool(task.open_to_choice.any()))
    raise typer.Exit(0 if answer.feasible else 1)


def _check(model: str, limit: float | None, sites: int | None, budget: float | None) -> None:
    if model not in SITING_MODELS:
        fail(tell("site.model_unknown", name=model, names=list(SITING_MODELS)))
    if limit is None and model in _WITHIN:
        fail(tell("site.limit_needed", model=model))
    if sites is None and budget is None and model != "lscp":
        fail(tell("site.amount_needed", model=model))


def _not_negative(option: str, value: float) -> None:
    if not value >= 0:
        fail(tell("site.number_wrong", option=option))


def _columns(given: Sequence[str]) -> dict[str, str]:
    """Return column → header of ``column=header,column=header`` texts."""
    named: dict[str, str] = {}
    for text in (part for one in given for part in one.split(",") if part.strip()):
        name, sign, header = (part.strip() for part in text.partition("="))
        if not sign or not name or not header:
            fail(tell("site.columns_form", text=text))
        if name not in TRAVEL_COLUMNS:
            fail(tell("site.column_unknown", name=name, names=list(TRAVEL_COLUMNS)))
        named[name] = header
    return named


class _Steps:
    """Prints to stderr how the proof grows, twice a second at most."""

    def __init__(self) -> None:
        self.last = 0.0

    def __call__(self, seconds: float, best: float | None, bound: float | None) -> None:
        if seconds - self.last < _EVERY_S:
            return
        self.last = seconds
        apart = "–"
        if best is not None and bound is not None and best:
            apart = f"{abs(bound - best) / abs(best):.2%}"
        line = tell(
            "site.step",
            seconds=f"{seconds:.1f}",
            best=figure(best),
            bound=figure(bound),
            gap=apart,
        )
        screen(stderr=True).print(Text(line, style="dim"))
