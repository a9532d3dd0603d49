"""Annexed tables, cut and saying so where there are very many rows, and the maps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecircle.model.cell import number_or_none, text_or_none
from lifecircle.model.status import Status
from lifecircle.outputs.office.colours import NO_VERDICT_FILL
from lifecircle.outputs.report.brief.document import fitted
from lifecircle.outputs.report.brief.situation import COVERAGE_LOOK, draw_situation
from lifecircle.outputs.report.brief.told import one_page
from lifecircle.outputs.words.quantities import parts_beside
from lifecircle.outputs.words.ranking import worst_first
from lifecircle.outputs.words.showing import covered_by, gaps_in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.office.paper.manuscript import Manuscript
    from lifecircle.outputs.words.wording import Wording

__all__ = ["LISTED_AREAS", "LISTED_FACILITIES", "annexes", "maps"]

LISTED_AREAS, LISTED_FACILITIES = 500, 500
"""Most rows of the annexed tables; the workbook has all."""
_AREAS = (10.0, 36.0, 21.0, 14.0, 14.0, 14.0, 14.0, 14.0, 16.0, 72.0)
_ASKED = ("required_m2", "deficit_m2", "deficit_if_arranged_m2")
"""m² that a quota asks: marked where no clause in judgment does."""
_FACILITIES = (10.0, 51.0, 50.0, 26.0, 24.0, 20.0, 16.0, 14.0, 14.0)
_PARAMETERS = (92.0, 40.0, 93.0)
_PICTURE = (150.0, 170.0)


def annexes(paper: Manuscript, assessment: Assessment, words: Wording) -> None:
    """Write the areas that fall short, the facilities and the parameters."""
    _areas(paper, assessment, words)
    _facilities(paper, assessment, words)
    paper.heading(2, words.say("head.parameters"))
    report = words.in_domain("report")
    rows = [
        (
            report.say(f"parameter.{p.name}"),
            report.say("parameter.unset")
            if p.value is None
            else f"{words.number(p.value)} {words.word('unit', p.unit) if p.unit else ''}".strip(),
            report.say("source.study")
            if p.source == "study"
            else report.say(f"parameter.{p.name}.source"),
        )
        for p in assessment.parameters
    ]
    header = [words.say(f"column.{code}") for code in ("parameter", "value", "source")]
    paper.table(_PARAMETERS, header, rows, align="lrl", caption=words.say("table.parameters"))


def _areas(paper: Manuscript, assessment: Assessment, words: Wording) -> None:
    paper.heading(2, words.say("head.failing_areas"))
    areas = worst_first(assessment.layers["residential"])
    areas = areas[(areas["verdict"].astype("string") == str(Status.DEFICIENT)).to_numpy(bool)]
    if not len(areas):
        paper.text(words.say("annex.none"))
        return
    if len(areas) > LISTED_AREAS:
        paper.note(words.say("annex.capped", listed=LISTED_AREAS))
    figures = ("households", "required_m2", "own_m2", "recorded_m2", "deficit_m2")
    columns = (*figures, "deficit_if_arranged_m2")
    names = ["unit", *columns, "reason", "remedy"]
    listed = areas.head(LISTED_AREAS)
    lacks = gaps_in_words(assessment, words)
    rows = [
        (
            str(number),
            words.name(area, "residential"),
            words.name(unit, "units"),
            *_figures(str(area), dict(zip(columns, values, strict=True)), lacks, words),
            "\n".join(filter(None, (words.reason(reason), words.remedy(remedy)))),
        )
        for number, (area, (unit, *values, reason, remedy)) in enumerate(
            zip(listed.index, listed[names].itertuples(index=False, name=None), strict=True),
            start=1,
        )
    ]
    codes = ("number", "area", "town", *figures, "left_m2", "remedy")
    header = [words.say(f"column.{code}") for code in codes]
    caption = words.say("table.failing")
    paper.table(_AREAS, header, rows, align="cllrrrrrrl", caption=caption)


def _figures(
    area: str, row: Mapping[str, Any], lacks: Callable[..., str], words: Wording
) -> Iterator[str]:
    """Yield the figures of an area: what it is asked and what it has are told apart."""
    has = {name: row[name] for name in ("own_m2", "recorded_m2")}
    told = parts_beside([*has.values()], row["required_m2"], "", words)
    parts = dict(zip(has, told, strict=True))
    whole = sum(number_or_none(m2) or 0.0 for m2 in has.values())
    for name, value in row.items():
        if name in _ASKED:
            asked = name == "required_m2"
            yield lacks(area, value, lacking=not asked, beside=whole if asked else None)
        else:
            yield parts.get(name) or words.number(value)


def _facilities(paper: Manuscript, assessment: Assessment, words: Wording) -> None:
    paper.heading(2, words.say("head.facility_list"))
    places = assessment.layers["facilities"]
    if not len(places):
        paper.text(words.say("annex.no_facilities"))
        return
    if len(places) > LISTED_FACILITIES:
        paper.note(words.say("annex.facilities_capped", listed=LISTED_FACILITIES))
    listed = places.head(LISTED_FACILITIES)
    names = ["kinds", "stage", "unit", "floor_area_m2", "beds"]
    counts = ["reach_counts", "quota_counts"]
    both = zip(listed.index, listed[names + counts].itertuples(index=False, name=None), strict=True)
    rows = [
        (
            str(number),
            words.name(place, "facilities"),
            words.kinds(kinds),
            words.word("stage", stage),
            words.name(unit, "units"),
            words.number(floor),
            words.number(beds, "beds"),
            *(_answer(one, words) for one in counted),
        )
        for number, (place, (kinds, stage, unit, floor, beds, *counted)) in enumerate(both, 1)
    ]
    codes = ("number", "name", "kind", "stage", "town", "floor", "beds", "reach", "quota")
    header = [words.say(f"column.{code}") for code in codes]
    caption = words.say("table.facilities")
    paper.table(_FACILITIES, header, rows, align="clllcrrcc", caption=caption)


def _answer(value: object, words: Wording) -> str:
    told = text_or_none(value)
    return "–" if told is None else words.say(f"answer.{told}")


def maps(paper: Manuscript, assessment: Assessment, words: Wording) -> None:
    """Write the maps: by verdict, by coverage; and which maps are not here."""
    one = one_page(assessment)
    if one.situation is None:
        paper.text(words.say("map.none"))
        return
    size = fitted(one.situation.width / one.situation.height, _PICTURE)
    caption = words.say("map.verdict")
    paper.picture(one.situation.png, size, caption)
    paper.keys(one.legend)
    for note in one.notes:
        paper.note(note, "center")
    paper.figure(caption)
    drawn = draw_situation(assessment, COVERAGE_LOOK)
    if drawn is not None:
        caption = words.say(f"map.coverage_{covered_by(assessment)}")
        paper.picture(drawn.png, fitted(drawn.width / drawn.height, _PICTURE), caption)
        looks = COVERAGE_LOOK.colours
        paper.keys(
            (
                looks[value][0] if value else NO_VERDICT_FILL,
                words.say(f"coverage.{value or 'unknown'}"),
            )
            for value in reversed(drawn.shown)
        )
        paper.figure(caption)
    paper.note(words.say("map.sheets"))
