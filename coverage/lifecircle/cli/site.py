"""``lifecircle site``: where to build, by a table of costs."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from lifecircle.cli.console import fail, print_json, problem_table, progress, screen
from lifecircle.cli.language import help_text, own_language, tell
from lifecircle.cli.run import AsJson, Quiet
from lifecircle.errors import StudyError
from lifecircle.model.siting.words import SITING_MODELS, TRAVEL_COLUMNS
from lifecircle.texts import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lifecircle.model.results.siting import SitingAnswer
    from lifecircle.model.siting.task import SitingTask

__all__ = ["site"]

_NAMED = 20
_EVERY_S = 0.5
_WITHIN = frozenset({"lscp", "mclp"})


def site(
    travel: Annotated[Path, typer.Option("--travel", help=help_text("site_travel"))],
    demand: Annotated[Path | None, typer.Option("--demand", help=help_text("site_demand"))] = None,
    limit: Annotated[float | None, typer.Option("--limit", help=help_text("site_limit"))] = None,
    sites: Annotated[int | None, typer.Option("--sites", help=help_text("site_sites"))] = None,
    model: Annotated[str, typer.Option("--model", help=help_text("site_model"))] = "mclp",
    budget: Annotated[float | None, typer.Option("--budget", help=help_text("site_budget"))] = None,
    fixed: Annotated[Path | None, typer.Option("--fixed", help=help_text("site_fixed"))] = None,
    candidates: Annotated[
        Path | None, typer.Option("--candidates", help=help_text("site_candidates"))
    ] = None,
    columns: Annotated[
        list[str] | None, typer.Option("--columns", help=help_text("site_columns"))
    ] = None,
    cheapest: Annotated[bool, typer.Option("--cheapest", help=help_text("site_cheapest"))] = False,
    nodes: Annotated[int, typer.Option("--nodes", help=help_text("site_nodes"))] = 4000,
    gap: Annotated[float, typer.Option("--gap", help=help_text("site_gap"))] = 0.0,
    seconds: Annotated[
        float | None, typer.Option("--seconds", help=help_text("site_seconds"))
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Choose sites by a table of costs. Exit 0, 1 not everybody can be reached, 2 unusable."""
    _check(model, limit, sites, budget)
    for option, value in (("--nodes", nodes), ("--gap", gap), ("--seconds", seconds or 0.0)):
        _not_negative(option, value)
    named = _columns(columns or ())
    with progress(quiet=quiet or as_json) as step:
        step("loading")
        from lifecircle.intake.travel import read_siting_task  # noqa: PLC0415 - geopandas loads here

        step("reading")
        task: SitingTask | None = None
        failure: StudyError | None = None
        try:
            task = read_siting_task(
                travel,
                demand=demand,
                fixed=fixed,
                candidates=candidates,
                columns=named,
                language=own_language(),
            )
        except StudyError as error:
            failure = error
    if failure is not None or task is None:
        _refuse(failure, as_json=as_json)
        raise typer.Exit(2)
    from lifecircle.siting.answering import Wanted, choose_sites  # noqa: PLC0415 - loads scipy
    from lifecircle.siting.search.effort import Effort, Watch  # noqa: PLC0415 - with it

    most = math.inf if limit is None else limit
    answer = choose_sites(
        task,
        Wanted(model, most, sites, budget, cheapest),
        Watch(Effort(nodes, gap, seconds), None if quiet else _Steps()),
    )
    if as_json:
        print_json(dataclasses.asdict(answer))
    else:
        _say(answer)
    raise typer.Exit(0 if answer.feasible else 1)


def _check(model: str, limit: float | None, sites: int | None, budget: float | None) -> None:
    if model not in SITING_MODELS:
        fail(tell("site.model_unknown", name=model, names="、".join(SITING_MODELS)))
    for option, value in (("--limit", limit), ("--sites", sites), ("--budget", budget)):
        _not_negative(option, value or 0.0)
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
            fail(tell("site.column_unknown", name=name, names="、".join(TRAVEL_COLUMNS)))
        named[name] = header
    return named


def _refuse(failure: StudyError | None, *, as_json: bool) -> None:
    problems = () if failure is None else failure.problems
    if as_json:
        print_json({"problems": [problem.to_json() for problem in problems]})
    else:
        problem_table(problems)


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
            best=_figure(best),
            bound=_figure(bound),
            gap=apart,
        )
        screen(stderr=True).print(Text(line, style="dim"))


def _figure(value: float | None) -> str:
    return "–" if value is None or not math.isfinite(value) else number(value)


def _names(names: Sequence[str]) -> str:
    shown = "、".join(names[:_NAMED])
    return f"{shown} …" if len(names) > _NAMED else shown


def _say(answer: SitingAnswer) -> None:
    told = []
    if not answer.feasible and answer.objective is None:
        told.append(tell("site.infeasible"))
    if answer.sites:
        told.append(tell("site.chosen", count=len(answer.sites), names=_names(answer.sites)))
    else:
        told.append(tell("site.none"))
    if answer.fixed:
        told.append(tell("site.fixed", count=len(answer.fixed)))
    if answer.objective is not None:
        share = answer.covered_weight / answer.weight if answer.weight else 1.0
        figures = {
            "value": _figure(answer.objective),
            "weight": _figure(answer.weight),
            "share": f"{share:.1%}",
        }
        told.append(tell(f"site.objective.{answer.model}", **figures))
        told.append(_proof(answer))
    if answer.unique is not None:
        told.append(tell("site.unique" if answer.unique else "site.tied"))
    for code, ids in (("unreachable", answer.unreachable), ("uncovered", answer.uncovered)):
        if ids:
            told.append(tell(f"site.{code}", count=len(ids), names=_names(ids)))
    for line in told:
        screen().print(Text(line), soft_wrap=True)


def _proof(answer: SitingAnswer) -> str:
    if answer.proven:
        return tell("site.proven")
    gap = "–" if answer.gap is None else f"{answer.gap:.2%}"
    left = tell("site.open", bound=_figure(answer.bound), gap=gap)
    return f"{left} {tell(f'site.ended.{answer.ended}')}"
