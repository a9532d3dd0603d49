"""A siting plan on screen: what to build in which order, and the rates before and after."""

from __future__ import annotations

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
    from lifecircle.model.results.siting_plan import SitingPlan

__all__ = ["show_plan"]

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
