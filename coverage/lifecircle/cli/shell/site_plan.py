"""A siting plan on screen: what to build in which order, and the rates before and after."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from lifecircle.cli.console import screen
from lifecircle.cli.language import own_language, tell
from lifecircle.model.dictionary import kinds
from lifecircle.texts import number, word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lifecircle.model.finding import Rate
    from lifecircle.model.results.siting import SitingAnswer
    from lifecircle.model.results.siting_plan import SitingPlan

__all__ = ["figure", "names_of", "show_answer", "show_plan"]

_NAMED = 20
_BASES = ("areas", "households")


def show_plan(plan: SitingPlan) -> None:
    """Print the places in the order of building, then what the judgement says of them."""
    language = own_language()
    table = Table(title=tell("site.plan", clause=plan.clause, study=plan.study))
    columns = ("order", "name", "nature", "kind", "floor_area", "gains", "gained")
    for name in columns:
        table.add_column(tell(f"site.column.{name}"), overflow="fold")
    for order, place in enumerate(plan.places, start=1):
        m2 = place.floor_area_m2
        table.add_row(
            str(order),
            Text(f"{place.candidate} {place.name}"),
            tell(f"site.nature.{place.nature}"),
            kinds()[place.kind].title[language],
            "–" if m2 is None else number(m2),
            Text("、".join(place.gains)),
            number(place.gained_weight),
        )
    if plan.places:
        screen().print(table)
    for basis in _BASES:
        before, after = (_county(rates, basis) for rates in (plan.before, plan.after))
        if before is not None and after is not None:
            line = tell(
                "site.rate",
                basis=word("basis", basis, language),
                before=_told(before),
                after=_told(after),
            )
            screen().print(Text(line), soft_wrap=True)
    for note in plan.notes:
        params = {"count": len(note.ids), "names": names_of(note.ids)}
        screen().print(Text(tell(f"site.note.{note.code}", None, **params)), soft_wrap=True)
    for other in plan.alternatives:
        line = tell(
            "site.other",
            objective=number(other.objective),
            without="、".join(other.instead_of) or "–",
            instead="、".join(other.besides) or "–",
        )
        screen().print(Text(line, style="dim"), soft_wrap=True)


def _county(rates: Sequence[Rate], basis: str) -> Rate | None:
    found = (rate for rate in rates if (rate.scope, rate.basis) == ("county", basis))
    return next(found, None)


def _told(rate: Rate) -> str:
    share = "–" if rate.rate is None else f"{rate.rate:.1%}"
    return f"{number(rate.numerator)}/{number(rate.denominator)} ({share})"


def figure(value: float | None) -> str:
    """Return a number as read, a dash where there is none."""
    return "–" if value is None or not math.isfinite(value) else number(value)


def names_of(names: Sequence[str]) -> str:
    """Return ids in a line, the first twenty of many."""
    shown = "、".join(names[:_NAMED])
    return f"{shown} …" if len(names) > _NAMED else shown


def show_answer(answer: SitingAnswer) -> None:
    """Print which sites were chosen, what they are worth, and how sure that is."""
    told = []
    if not answer.feasible and answer.objective is None:
        told.append(tell("site.infeasible"))
    if answer.sites:
        told.append(tell("site.chosen", count=len(answer.sites), names=names_of(answer.sites)))
    else:
        told.append(tell("site.none"))
    if answer.fixed:
        told.append(tell("site.fixed", count=len(answer.fixed)))
    if answer.objective is not None:
        share = answer.covered_weight / answer.weight if answer.weight else 1.0
        figures = {
            "value": figure(answer.objective),
            "weight": figure(answer.weight),
            "share": f"{share:.1%}",
        }
        told.append(tell(f"site.objective.{answer.model}", **figures))
        told.append(_proof(answer))
    if answer.unique is not None:
        told.append(tell("site.unique" if answer.unique else "site.tied"))
    for code, ids in (("unreachable", answer.unreachable), ("uncovered", answer.uncovered)):
        if ids:
            told.append(tell(f"site.{code}", count=len(ids), names=names_of(ids)))
    for line in told:
        screen().print(Text(line), soft_wrap=True)


def _proof(answer: SitingAnswer) -> str:
    if answer.proven:
        return tell("site.proven")
    gap = "–" if answer.gap is None else f"{answer.gap:.2%}"
    left = tell("site.open", bound=figure(answer.bound), gap=gap)
    return f"{left} {tell(f'site.ended.{answer.ended}')}"
