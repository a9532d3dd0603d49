"""A siting plan in words: one row a project, and what is still to be settled.

What nobody has said is told as 待定 (to be settled), beside its reason; it is never a zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lifecircle import texts
from lifecircle.model.status import Status
from lifecircle.outputs.words.names import Names
from lifecircle.outputs.words.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecircle.model.finding import Rate
    from lifecircle.model.results.siting_plan import (
        Alternative,
        PlannedPlace,
        ServedArea,
        SitingPlan,
    )

__all__ = [
    "COLUMNS",
    "PlanTold",
    "ProjectRow",
    "RateRow",
    "choice_columns",
    "plan_told",
    "plan_words",
    "worth_of",
]

COLUMNS = (
    "number",
    "project",
    "position",
    "nature",
    "land",
    "floor",
    "beds",
    "served",
    "cost",
    "sequence",
    "office",
)
"""Columns of the table of projects, in the order of the form 近期建设项目表."""
_OPEN = ("land", "floor", "beds", "cost")
"""Columns with a figure that the candidate's row may not say."""
_REFERENCE = "REF-"
_WHOLE = frozenset({"county", "urban", "rural"})
_NUMBERED = 12
"""Most projects that a note names by number."""


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """One project. A figure that is None is to be settled.

    Parameters
    ----------
    land, floor
        m²; ``floor_note``: what could be used there, where no size is planned.
    cost
        10,000 yuan.
    served
        One text an area, with its households and m².
    households
        Of all of them, in words.
    """

    number: int
    project: str
    position: str
    nature: str
    land: float | None
    floor: float | None
    floor_note: str | None
    beds: float | None
    served: tuple[str, ...]
    households: str
    cost: float | None
    sequence: str

    def figure(self, column: str) -> float | None:
        """Return the figure of one of the columns that may be open."""
        found: float | None = getattr(self, column)
        return found


@dataclass(frozen=True, slots=True)
class RateRow:
    """A rate of the plan's clause, without and with its places.

    ``whole``: of the county, its towns or its villages, and not of a unit.
    """

    whole: bool
    scope: str
    basis: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PlanTold:
    """What the files of a plan say.

    Parameters
    ----------
    arranged
        Place in use, area and m²: what is shared out before anything is built.
    notes
        What is to be settled or checked, and why.
    choices
        The next best choices, best first, in the columns of :func:`choice_columns`.
    gains
        How many places, what they are worth at best, what the last adds, whether that pays.
    variants
        Asked otherwise (more, fewer, slower): which places stay, which do not.
    districts
        Of service districts: unit, host and minutes there, the document's own host and minutes.
    closing
        Place in use, whom closing it would lose and their weight, for whom it would be open.
    """

    title: str
    banner: str
    facts: tuple[tuple[str, str], ...]
    rows: tuple[ProjectRow, ...]
    rates: tuple[RateRow, ...]
    arranged: tuple[tuple[str, str, float], ...]
    notes: tuple[str, ...]
    choices: tuple[tuple[str, ...], ...]
    gains: tuple[tuple[int, str, str, str], ...]
    variants: tuple[tuple[str, str, str], ...]
    closing: tuple[tuple[str, str, str, str], ...]
    districts: tuple[tuple[str, str, str, str, str], ...]
    attribution: tuple[str, ...]


def plan_words(plan: SitingPlan) -> Wording:
    """Return the words for a plan: its language, and its own names of areas and units."""
    origin = plan.origin
    named = {one.id: one.name for one in origin.areas}
    language = origin.language if origin.language in texts.LANGUAGES else texts.LANGUAGES[0]
    return Wording(language, "sites", Names({"residential": named, "units": dict(origin.units)}))


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


def plan_told(plan: SitingPlan) -> PlanTold:
    """Return what the files of a plan say, in its study's language."""
    words = plan_words(plan)
    rows = tuple(_row(place, words) for place in plan.places)
    return PlanTold(
        title=words.say("title", study=plan.study),
        banner=words.say("banner"),
        facts=tuple(_facts(plan, words)),
        rows=rows,
        rates=tuple(_rates(plan, words)),
        arranged=tuple((one.name, one.area_name, one.m2) for one in plan.origin.arranged),
        notes=tuple(_notes(plan, rows, words)),
        choices=tuple(_choice(plan, one, words) for one in plan.alternatives),
        gains=tuple(
            (
                point.sites,
                words.number(point.objective),
                words.number(point.gain),
                words.say("yes" if point.pays else "no"),
            )
            for point in plan.curve
        ),
        variants=tuple(_variants(plan, words)),
        closing=tuple(_closing(plan, words)),
        districts=tuple(_districts(plan, words)),
        attribution=plan.origin.attribution,
    )


def _row(place: PlannedPlace, words: Wording) -> ProjectRow:
    usable = place.floor_area_m2 if place.size_m2 is None else None
    return ProjectRow(
        number=place.sequence,
        project=words.say(f"project.{place.nature}", name=place.name, kind=words.kind(place.kind)),
        position=_position(place, words),
        nature=words.word("nature", place.nature),
        land=place.land_m2,
        floor=place.size_m2,
        floor_note=None if usable is None else words.say("usable", m2=words.value(usable, "m2")),
        beds=place.beds,
        served=tuple(_served(one, words) for one in place.serves),
        households=_households(place, words),
        cost=place.cost,
        sequence=words.say("sequence", n=place.sequence),
    )


def _position(place: PlannedPlace, words: Wording) -> str:
    """Return the unit and community by name, and where it is."""
    homes = [words.name(code, "units") for code in (place.unit, place.community) if code]
    spot = words.say("position", lon=f"{place.lon:.5f}", lat=f"{place.lat:.5f}")
    return words.phrases([*(["".join(homes)] if homes else []), spot])


def _served(one: ServedArea, words: Wording) -> str:
    households = (
        words.say("served.unknown")
        if one.households is None
        else words.say("served.households", n=words.number(one.households))
    )
    figures = [households] if one.m2 is None else [households, words.value(one.m2, "m2")]
    return f"{one.name}{words.say('colon')}{words.list(figures)}"


def _households(place: PlannedPlace, words: Wording) -> str:
    missing = any(one.households is None for one in place.serves)
    return words.say(
        "served.at_least" if missing else "served.sum",
        count=len(place.serves),
        n=words.number(place.households),
    )


def _facts(plan: SitingPlan, words: Wording) -> Iterator[tuple[str, str]]:
    title = words.title(plan.origin.clause_title)
    clause = title if plan.clause.startswith(_REFERENCE) else f"{plan.clause} {title}"
    document = words.title(plan.origin.standard_title, plan.standard)
    yield words.say("fact.study"), plan.study
    yield words.say("fact.date"), f"{plan.as_of.isoformat()} · {_view(plan, words)}"
    yield words.say("fact.clause"), clause
    yield words.say("fact.standard"), document
    yield words.say("fact.places"), words.say("places", n=len(plan.places))
    if plan.provision is not None:
        yield words.say("fact.m2"), words.value(plan.provision.m2, "m2")
    yield words.say("fact.proof"), _proof(plan, words)


def _view(plan: SitingPlan, words: Wording) -> str:
    return words.word("stage_view", plan.stage)


def _proof(plan: SitingPlan, words: Wording) -> str:
    """Return how the places were chosen, and whether anything could be better."""
    found = plan.answer if plan.answer is not None else plan.provision
    if found is None:
        return words.say("proof.none")
    model = "provision" if plan.answer is None else plan.answer.model
    chosen = words.say(f"model.{model}")
    gap = found.gap
    if found.proven:
        told = words.say("proof.proven")
    elif gap is None:
        told = words.say("proof.open")
    else:
        told = words.say("proof.gap", gap=words.percent(gap))
    return words.phrases((chosen, told))


def _rates(plan: SitingPlan, words: Wording) -> Iterator[RateRow]:
    after = {(rate.scope, rate.basis): rate for rate in plan.after}
    for rate in plan.before:
        yield RateRow(
            whole=rate.scope in _WHOLE,
            scope=_scope(rate, words),
            basis=words.word("basis", rate.basis),
            before=words.rate(rate),
            after=words.rate(after.get((rate.scope, rate.basis))),
        )


def _worth(plan: SitingPlan, one: Alternative, words: Wording) -> str:
    """Return what another choice is worth; of m² with the number of places, which goes first."""
    worth = words.number(one.objective)
    if plan.provision is None:
        return worth
    return words.say("choice.m2", m2=worth, n=len(one.sites))


def _choice(plan: SitingPlan, one: Alternative, words: Wording) -> tuple[str, ...]:
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


def _some(plan: SitingPlan, ids: tuple[str, ...], words: Wording) -> str:
    """Return names of areas or of units, the first of many with how many there are."""
    units = {} if plan.districts is None else {one.unit: one.name for one in plan.districts.units}
    names = [units.get(one) or words.name(one, "residential") for one in ids[:_NUMBERED]]
    listed = words.list(names) or "–"
    return listed if len(ids) <= _NUMBERED else words.say("many", names=listed, count=len(ids))


def _moves(plan: SitingPlan, one: Alternative, words: Wording) -> Iterator[str]:
    """Yield which unit of service districts goes to which host instead."""
    for unit, host in one.moves.items():
        yield words.say("choice.move", unit=_some(plan, (unit,), words), host=host)


def _variants(plan: SitingPlan, words: Wording) -> Iterator[tuple[str, str, str]]:
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


def _closing(plan: SitingPlan, words: Wording) -> Iterator[tuple[str, str, str, str]]:
    for one in plan.closing:
        lost, open_ = (
            words.list(words.name(area, "residential") for area in areas) or "–"
            for areas in (one.loses, one.undecided)
        )
        yield f"{one.facility} {one.name}", lost, words.number(one.lost_weight), open_


def _districts(plan: SitingPlan, words: Wording) -> Iterator[tuple[str, str, str, str, str]]:
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


def _scope(rate: Rate, words: Wording) -> str:
    code = f"scope.{rate.scope}"
    return words.say(code) if words.knows(code) else words.name(rate.scope, "units")


def _notes(plan: SitingPlan, rows: tuple[ProjectRow, ...], words: Wording) -> Iterator[str]:
    if rows:
        yield words.say("note.open")
        yield from _open_figures(rows, words)
        yield words.say("note.office")
        numbered = (f"{place.sequence} = {place.candidate}" for place in plan.places)
        yield words.say("note.ids", numbers=words.list(numbered))
    yield from _to_check(plan, words)
    left = [area for area, (_, after) in plan.statuses.items() if after == Status.DEFICIENT]
    if left:
        names = words.list(words.name(area, "residential") for area in left)
        yield words.say("note.left", count=len(left), names=names)
    for note in plan.notes:
        params = {"count": len(note.ids), "names": words.list(note.ids)}
        yield texts.say("cli", f"site.note.{note.code}", words.language, **params)


def _open_figures(rows: tuple[ProjectRow, ...], words: Wording) -> Iterator[str]:
    """Yield which figures are to be settled, column by column."""
    for column in _OPEN:
        numbers = [str(row.number) for row in rows if row.figure(column) is None]
        if numbers:
            named = words.list(numbers[:_NUMBERED]) + (" …" if len(numbers) > _NUMBERED else "")
            yield words.say(f"note.{column}", numbers=named)


def _to_check(plan: SitingPlan, words: Wording) -> Iterator[str]:
    """Yield what may rule a place out, and whose households are not given."""
    for place in plan.places:
        if place.to_check:
            listed = words.list(words.word("to_check", one) for one in place.to_check)
            yield words.say("note.to_check", n=place.sequence, what=listed)
    unknown = [one.name for place in plan.places for one in place.serves if one.households is None]
    if unknown:
        yield words.say("note.households", names=words.list(dict.fromkeys(unknown)))
