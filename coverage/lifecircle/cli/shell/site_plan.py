"""A siting plan on screen: what to build in which order, and the rates before and after."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from lifecircle.cli.console import screen
from lifecircle.cli.language import listed, own_language, tell
from lifecircle.model.dictionary import kinds
from lifecircle.texts import number, word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lifecircle.model.finding import Rate
    from lifecircle.model.results.siting import Districts, ProvisionAnswer, SitingAnswer
    from lifecircle.model.results.siting_plan import Alternative, SitingPlan, Variant

__all__ = ["figure", "names_of", "show_answer", "show_plan"]

_NAMED = 20
_BASES = ("areas", "households")


def show_plan(plan: SitingPlan) -> None:
    """Print the places in the order of building, then what the judgement says of them."""
    from lifecircle.outputs.words.wording import Wording  # noqa: PLC0415

    language = own_language()
    words = Wording(language, "cli")
    if plan.places:
        screen().print(_table(plan))
    for basis in _BASES:
        before, after = (_county(rates, basis) for rates in (plan.before, plan.after))
        if before is not None and after is not None:
            named = word("basis", basis, language)
            _print(
                tell("site.rate", basis=named, before=words.rate(before), after=words.rate(after))
            )
    if plan.provision is not None:
        _show_quota(plan, plan.provision)
    if plan.districts is not None:
        _show_districts(plan.districts)
    for note in plan.notes:
        params = {"count": len(note.ids), "names": names_of(note.ids)}
        _print(tell(f"site.note.{note.code}", None, **params))
    _show_robust(plan)
    for other in plan.alternatives:
        _show_other(plan, other)


def _show_other(plan: SitingPlan, other: Alternative) -> None:
    """Print what another choice is worth and what tells it from the plan."""
    by = "other_m2"
    told = {
        "without": listed(other.instead_of),
        "instead": listed(other.besides),
    }
    if plan.districts is not None:
        by = "other_districts"
        told["moves"] = names_of([f"{unit} → {host}" for unit, host in other.moves.items()])
        told |= {"less": names_of(other.gains), "more": names_of(other.loses)}
    elif plan.answer is not None:
        by = f"other.{_measured(plan.answer.model, other.objective, other.sites)}"
    line = tell(f"site.{by}", objective=number(other.objective), count=len(other.sites), **told)
    _print(line, style="dim")
    if plan.districts is None:
        _show_apart(plan, other)


def _show_apart(plan: SitingPlan, other: Alternative) -> None:
    """Print what another choice costs, and who meets the clause with it alone, or no longer."""
    if other.cost is not None:
        own = figure(plan.cost)
        _print(f"  {tell('site.other_cost', cost=figure(other.cost), own=own)}", style="dim")
    if other.gains or other.loses:
        told = {"more": len(other.gains), "less": len(other.loses)}
        names = {"gains": names_of(other.gains), "loses": names_of(other.loses)}
        _print(f"  {tell('site.other_met', **told, **names)}", style="dim")


def _show_robust(plan: SitingPlan) -> None:
    """Print where a further place stops paying, what stays if asked otherwise, what may close."""
    idle = [point.sites for point in plan.curve if not point.pays]
    if idle:
        _print(tell("site.stops_paying", count=idle[0]))
    for one in plan.variants:
        _show_variant(plan, one)
    for shut in plan.closing:
        lost = names_of(shut.loses)
        weight = number(shut.lost_weight)
        name = f"{shut.facility} {shut.name}"
        _print(tell("site.closing", name=name, names=lost, weight=weight))


def _show_variant(plan: SitingPlan, one: Variant) -> None:
    left = [name for name in plan.chosen if name not in one.stay]
    told = {
        "value": f"{one.value:.2f}" if one.asked == "speed" else number(one.value),
        "stay": names_of(one.stay),
        "gone": names_of(left),
        "fresh": names_of([site for site in one.sites if site not in one.stay]),
    }
    if one.asked == "hosts":
        _print(tell("site.variant.hosts", minutes=figure(one.objective), **told))
    elif one.unmet is None:
        _print(tell(f"site.variant.{one.asked}", **told))
    else:
        m2, unmet = figure(one.objective), number(one.unmet)
        _print(tell("site.variant.sites_m2", m2=m2, unmet=unmet, **told))


def _print(line: str, style: str = "") -> None:
    screen().print(Text(line, style=style), soft_wrap=True)


def _table(plan: SitingPlan) -> Table:
    language = own_language()
    table = Table(title=tell("site.plan", clause=plan.clause, study=plan.study))
    sized = plan.provision is not None
    columns = ("order", "name", "nature", "kind", "floor_area")
    for name in (*columns, *(("size", "serves") if sized else ("gains",)), "gained"):
        table.add_column(tell(f"site.column.{name}"), overflow="fold")
    for place in plan.places:
        served = [f"{one.area} {figure(one.m2)}" for one in place.serves]
        table.add_row(
            str(place.sequence),
            Text(f"{place.candidate} {place.name}"),
            tell(f"site.nature.{place.nature}"),
            kinds()[place.kind].title[language],
            figure(place.floor_area_m2),
            *((figure(place.size_m2), Text(listed(served) if served else "–")) if sized else ()),
            *(() if sized else (Text(listed(place.gains) if place.gains else "–"),)),
            number(place.gained_weight),
        )
    return table


def _show_districts(found: Districts) -> None:
    """Print every unit's host and way beside the document's own, then the sums."""
    table = Table()
    for name in ("unit", "host", "minutes", "planned_host", "planned_minutes"):
        table.add_column(tell(f"site.column.{name}"), overflow="fold")
    for one in found.units:
        ways = (figure(one.minutes), figure(one.planned_minutes))
        names = (one.host or "–", one.planned_host or "–")
        table.add_row(Text(f"{one.unit} {one.name}"), names[0], ways[0], names[1], ways[1])
    screen().print(table)
    for host in found.hosts:
        figures = {"beds": figure(host.beds), "load": number(host.load)}
        _print(tell("site.host", name=f"{host.facility} {host.name}", **figures))
    _print(tell("site.districts", here=figure(found.objective), planned=figure(found.planned)))
    for code, kept in (("borders", found.borders), ("room", found.room)):
        if not kept:
            _print(tell(f"site.districts.{code}"))
    if found.unreachable:
        names_ = names_of(found.unreachable)
        _print(tell("site.unreachable", count=len(found.unreachable), names=names_))


def _show_quota(plan: SitingPlan, answer: ProvisionAnswer) -> None:
    """Print places and m² beside what building area by area would take, and what stays short."""
    spare = sum(answer.spare.values())
    if spare:
        _print(tell("site.arranged", count=len(answer.spare), m2=number(spare)))
    _print(tell("site.to_build", count=len(plan.places), m2=number(answer.m2)))
    if plan.area_by_area is not None:
        places, m2 = plan.area_by_area
        _print(tell("site.area_by_area", count=places, m2=number(m2)))
    if answer.unmet:
        short = [f"{area} {number(m2)}" for area, m2 in answer.unmet.items()]
        _print(tell("site.unmet", count=len(short), names=names_of(short)))
    if answer.proven:
        _print(tell("site.proven"))
    else:
        gap, ended = f"{answer.gap:.2%}", tell(f"site.ended.{answer.ended}")
        _print(f"{tell('site.open_m2', gap=gap)} {ended}")


def _county(rates: Sequence[Rate], basis: str) -> Rate | None:
    found = (rate for rate in rates if (rate.scope, rate.basis) == ("county", basis))
    return next(found, None)


def figure(value: float | None) -> str:
    """Return a number as read, a dash where there is none."""
    return "–" if value is None or not math.isfinite(value) else number(value)


def names_of(names: Sequence[str]) -> str:
    """Return ids in a line, the first twenty of many; of none the word for that."""
    return listed(names, _NAMED)


def show_answer(answer: SitingAnswer, most: int | None = None, *, offered: bool = True) -> None:
    """Print which sites were chosen, what they are worth, and how sure that is.

    Parameters
    ----------
    most
        How many could be added at most; None: no number was asked for.
    offered
        Whether there is any place where something could be built.
    """
    told = _chosen(answer, most, offered=offered)
    if answer.fixed:
        told.append(tell("site.fixed", count=len(answer.fixed)))
    if answer.objective is not None:
        share = answer.covered_weight / answer.weight if answer.weight else None
        figures = {
            "value": figure(answer.objective),
            "weight": figure(answer.weight),
            "share": "–" if share is None else f"{share:.1%}",
        }
        by = _measured(answer.model, answer.objective, answer.sites)
        told.append(tell(f"site.objective.{by}", **figures))
        told.append(_proof(answer))
    if answer.unique is not None:
        told.append(tell("site.unique" if answer.unique else "site.tied"))
    for code, ids in (("unreachable", answer.unreachable), ("uncovered", answer.uncovered)):
        if ids:
            told.append(tell(f"site.{code}", count=len(ids), names=names_of(ids)))
    for line in told:
        screen().print(Text(line), soft_wrap=True)


def _measured(model: str, objective: float, sites: Sequence[str]) -> str:
    """Return in what a choice is worth ``objective``, as a code: the model, or sites or a price.

    To cover all, a figure that is the number of its sites is that, whatever was asked for.
    """
    if model != "lscp":
        return model
    return "sites" if objective == len(sites) else "price"


def _chosen(answer: SitingAnswer, most: int | None, *, offered: bool) -> list[str]:
    """Return which sites were chosen, or why none."""
    told = []
    if not answer.feasible and answer.objective is None:
        told.append(tell("site.infeasible"))
    if not answer.sites:
        return [*told, tell(f"site.none.{_why_none(answer, most, offered=offered)}")]
    told.append(tell("site.chosen", count=len(answer.sites), names=names_of(answer.sites)))
    if answer.proven and most is not None and most > len(answer.sites):
        told.append(tell("site.fewer", asked=most, count=len(answer.sites)))
    return told


def _why_none(answer: SitingAnswer, most: int | None, *, offered: bool) -> str:
    """Return why nothing is added, as a code."""
    if not answer.uncovered:
        return "covered"
    if not offered:
        return "nowhere"
    if most == 0:
        return "asked"
    if not answer.weight and answer.model in {"mclp", "p-median"}:
        return "weightless"
    return "no_gain" if answer.feasible else "too_few"


def _proof(answer: SitingAnswer) -> str:
    if answer.proven:
        return tell("site.proven")
    gap = "–" if answer.gap is None else f"{answer.gap:.2%}"
    left = tell("site.open", bound=figure(answer.bound), gap=gap)
    return f"{left} {tell(f'site.ended.{answer.ended}')}"
