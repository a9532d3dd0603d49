"""The sheet of what a plan builds: its places in the order of building, and whom they serve."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.model.cell import text_or_none
from lifecircle.outputs.sheets.contents.content import (
    Content,
    LeftOut,
    Table,
    counted,
    in_class,
    status_shades,
)
from lifecircle.outputs.sheets.looks import STATUS_LOOKS
from lifecircle.outputs.words.quantities import quantity

if TYPE_CHECKING:
    from lifecircle.model.results.assessment import Assessment
    from lifecircle.model.results.siting_plan import PlannedPlace, SitingPlan
    from lifecircle.outputs.words.wording import Wording

__all__ = ["planned_contents"]

_NAMED = 3
"""Areas that a line of the table names, at most."""


def planned_contents(assessment: Assessment, words: Wording) -> tuple[list[Content], list[LeftOut]]:
    """Return the sheet of the planned places; none where nothing is taken as built."""
    plan, title = assessment.sites, words.say("title.planned")
    if plan is None or not plan.places:
        return [], [LeftOut(title, "why.no_plan")]
    areas = assessment.layers["residential"]
    table = assessment.findings
    mine = table[(table["standard"] == plan.standard) & (table["clause"] == plan.clause)]
    found = dict(zip(mine["id"].astype(str), mine["status"].astype(str), strict=True))
    statuses = ((i, text_or_none(found.get(i))) for i in map(str, areas.index))
    classed = in_class(statuses, STATUS_LOOKS)
    served = {one.area for place in plan.places for one in place.serves}
    content = Content(
        group="planned",
        title=title,
        heading=words.say("heading.planned", clause=words.clause(plan.clause)),
        shades=status_shades(classed, counted(areas, classed, words), words),
        classed=classed,
        names={i: words.name(i, "residential") for i in map(str, areas.index) if i in served},
        facilities=_standing(assessment, plan),
        planned=True,
        table=_places(plan, words),
        table_head=words.say("heading.places"),
        notes=(words.say("planned.note"),),
    )
    return [content], []


def _standing(assessment: Assessment, plan: SitingPlan) -> frozenset[str]:
    """Return the facilities that stand: planned ones have marks of their own."""
    planned = {place.facility for place in plan.places}
    return frozenset(map(str, assessment.layers["facilities"].index)) - planned


def _places(plan: SitingPlan, words: Wording) -> Table:
    heads = ("order", "place", "nature", "m2", "serves")
    rows = tuple(
        (
            str(place.sequence),
            place.name,
            words.word("nature", place.nature),
            _size(place, words),
            _serves(place, words),
        )
        for place in plan.places
    )
    return Table(
        tuple(words.say(f"column.{head}") for head in heads),
        (0.09, 0.29, 0.1, 0.14, 0.38),
        rows,
        left=5,
    )


def _size(place: PlannedPlace, words: Wording) -> str:
    """Return what is to be built, else what can be used there."""
    m2 = place.floor_area_m2 if place.size_m2 is None else place.size_m2
    return quantity(m2, words, "m2", 1) or "–"


def _serves(place: PlannedPlace, words: Wording) -> str:
    named = [words.name(one.area, "residential") for one in place.serves[:_NAMED]]
    more = len(place.serves) - len(named)
    listed = words.list(named)
    return words.say("planned.more", names=listed, n=len(place.serves)) if more else listed
