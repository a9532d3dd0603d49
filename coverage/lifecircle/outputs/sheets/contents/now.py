"""The sheet of what there is: areas by age class, every facility with its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.model.status import AgeClass
from lifecircle.outputs.sheets.contents.content import NO_CLASS, Content, Shade, counted, in_class
from lifecircle.outputs.sheets.contents.lists import unit_sums
from lifecircle.outputs.sheets.looks import AGE_LOOKS, NO_LOOK

if TYPE_CHECKING:
    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.words.wording import Wording

__all__ = ["now_content"]


def now_content(assessment: Assessment, words: Wording) -> Content:
    """Return the sheet of what there is: areas by age class, every facility with its name."""
    areas = assessment.layers["residential"]
    classed = in_class(zip(map(str, areas.index), areas["age_class"], strict=True), AgeClass)
    tallies = counted(areas, classed, words)
    present = set(classed.values())
    shades = [
        Shade(str(age), look, words.say(f"area.{age}"), tallies.get(str(age), ""))
        for age, look in AGE_LOOKS.items()
        if str(age) in present
    ]
    if NO_CLASS in present:
        shades.append(Shade(NO_CLASS, NO_LOOK, words.say("area.none"), tallies.get(NO_CLASS, "")))
    facilities = assessment.layers["facilities"]
    return Content(
        group="now",
        title=words.say(f"title.now.{assessment.stage}"),
        heading=words.say("heading.areas"),
        shades=tuple(shades),
        classed=classed,
        facilities=frozenset(map(str, facilities.index)),
        facility_names=True,
        sites=True,
        units=unit_sums(assessment, words),
        units_head=words.say("heading.sums"),
    )
