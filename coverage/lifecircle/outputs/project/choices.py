"""What else could be chosen: the next best, asked otherwise, what could close, districts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecircle.model.results.siting_plan import Alternative, SitingPlan
    from lifecircle.outputs.words.wording import Wording

__all__ = [
    "NUMBERED",
    "choice_columns",
    "told_choice",
    "told_closing",
    "told_districts",
    "told_variants",
    "worth_of",
]

NUMBERED = 12
"""Most names or numbers that one sentence has."""


def worth_of(plan: SitingPlan) -> str:
    """Return the column that says what a choice is worth: m², minutes, or what its model counts."""
    if plan.districts is not None:
        return "objective_districts"
    return "objective_m2" if plan.answer is None else f"objective_{plan.answer.model}"


def choice_columns(plan: SitingPlan) -> tuple[str, ...]:
    """Return the columns of other choices: their worth, places, cost, who gains and who loses."""
    first = (worth_of(plan), "instead_of", "besides")
    if plan.districts is not None:  # nothing is built
        return (*first, "less_travel", "more_travel")
    return (*first, "cost", "choice_gains", "choice_loses")


def told_choice(plan: SitingPlan, one: Alternative, words: Wording) -> tuple[str, ...]:
    """Return what is said of another choice, column by column."""
    gains, loses = (_some(plan, ids, words) for ids in (one.gains, one.loses))
    said = {
        worth_of(plan): _worth(plan, one, words),
        "instead_of": words.list(one.instead_of) or "–",
        "besides": words.list([*one.besides, *_moves(plan, one, words)]) or "–",
        "cost": "–" if one.cost is None else words.number(one.cost),
        **dict.fromkeys(("choice_gains", "less_travel"), gains),
        **dict.fromkeys(("choice_loses", "more_travel"), loses),
    }
    return tuple(said[column] for column in choice_columns(plan))


def _worth(plan: SitingPlan, one: Alternative, words: Wording) -> str:
    """Return what another choice is worth; of m² with the number of places, which goes first."""
    worth = words.number(one.objective)
    if plan.provision is None:
        return worth
    return words.say("choice.m2", m2=worth, n=len(one.sites))


def _some(plan: SitingPlan, ids: tuple[str, ...], words: Wording) -> str:
    """Return names of areas or of units, the first of many with how many there are."""
    units = {} if plan.districts is None else {one.unit: one.name for one in plan.districts.units}
    names = [units.get(one) or words.name(one, "residential") for one in ids[:NUMBERED]]
    listed = words.list(names) or "–"
    return listed if len(ids) <= NUMBERED else words.say("many", names=listed, count=len(ids))


def _moves(plan: SitingPlan, one: Alternative, words: Wording) -> Iterator[str]:
    """Yield which unit of service districts goes to which host instead."""
    for unit, host in one.moves.items():
        yield words.say("choice.move", unit=_some(plan, (unit,), words), host=host)


def told_variants(plan: SitingPlan, words: Wording) -> Iterator[tuple[str, str, str]]:
    """Yield how it was asked otherwise, which places stay, which do not."""
    for one in plan.variants:
        left = [name for name in plan.chosen if name not in one.stay]
        asked = words.say(f"variant.{one.asked}", value=words.number(one.value))
        if one.unmet is not None:
            m2, unmet = words.value(one.objective, "m2"), words.value(one.unmet, "m2")
            asked = words.say("variant.sites_m2", value=words.number(one.value), m2=m2, unmet=unmet)
        fresh = [site for site in one.sites if site not in one.stay]
        if fresh:
            asked = words.say("variant.fresh", asked=asked, names=words.list(fresh))
        yield asked, words.list(one.stay) or "–", words.list(left) or "–"


def told_closing(plan: SitingPlan, words: Wording) -> Iterator[tuple[str, str, str, str]]:
    """Yield places in use, whom closing each would lose and their weight, whom it leaves open."""
    for one in plan.closing:
        lost, open_ = (
            words.list(words.name(area, "residential") for area in areas) or "–"
            for areas in (one.loses, one.undecided)
        )
        yield f"{one.facility} {one.name}", lost, words.number(one.lost_weight), open_


def told_districts(plan: SitingPlan, words: Wording) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield units, their host and minutes there, the document's own host and minutes."""
    if plan.districts is None:
        return
    names = {host.facility: f"{host.facility} {host.name}" for host in plan.districts.hosts}
    for one in plan.districts.units:
        yield (
            one.name,
            names.get(one.host or "", one.host or "–"),
            words.number(one.minutes, "min"),
            names.get(one.planned_host or "", one.planned_host or "–"),
            words.number(one.planned_minutes, "min"),
        )
