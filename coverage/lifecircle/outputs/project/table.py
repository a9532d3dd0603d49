"""The table of projects, 近期建设项目表: one row a project, in the columns of the form.

What nobody has said is told as 待定 (to be settled), beside its reason; it is never a zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lifecircle.model.results.siting_plan import PlannedPlace, ServedArea, SitingPlan
    from lifecircle.outputs.words.wording import Wording

__all__ = ["CENTRED", "COLUMNS", "ProjectRow", "project_rows", "project_texts"]

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
CENTRED = frozenset({"number", "nature", "land", "floor", "beds", "cost", "sequence", "office"})
"""Columns that stand in the middle on paper: figures beside 待定, and short words."""


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


def project_rows(plan: SitingPlan, words: Wording) -> tuple[ProjectRow, ...]:
    """Return a row a place of the plan, in its order."""
    return tuple(_row(place, words) for place in plan.places)


def project_texts(row: ProjectRow, words: Wording) -> list[str]:
    """Return a row as every paper prints it, one text a column of ``COLUMNS``."""
    open_ = words.say("open")
    floor = open_ if row.floor is None else words.number(row.floor)
    if row.floor_note is not None:
        floor = f"{floor}\n{row.floor_note}"
    return [
        str(row.number),
        row.project,
        row.position,
        row.nature,
        open_ if row.land is None else words.number(row.land),
        floor,
        open_ if row.beds is None else words.number(row.beds, "beds"),
        "\n".join([*row.served, row.households]),
        open_ if row.cost is None else words.number(row.cost),
        row.sequence,
        open_,
    ]


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
