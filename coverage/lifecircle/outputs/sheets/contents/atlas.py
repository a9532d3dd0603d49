"""One sheet a street or town: its areas by verdict, numbered, with a list beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from lifecircle.model.cell import number_or_none
from lifecircle.model.status import Status
from lifecircle.outputs.sheets.contents.content import (
    NO_CLASS,
    Content,
    LeftOut,
    Shade,
    counted,
    in_class,
    status_shades,
)
from lifecircle.outputs.sheets.contents.lists import marked, numbered
from lifecircle.outputs.sheets.looks import NEIGHBOUR_LOOK
from lifecircle.outputs.words.ranking import worst_first
from lifecircle.outputs.words.showing import headline, known_gaps, with_doubts

if TYPE_CHECKING:
    import geopandas as gpd

    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.sheets.paper import Bounds
    from lifecircle.outputs.words.wording import Wording

__all__ = ["atlas_contents"]

_NEIGHBOUR = "neighbour"
"""Key of the shade of areas that belong to another unit."""
_SMALLEST = 600.0
"""Metres that a sheet shows at least, so that one small estate is not drawn as large as a town."""


def atlas_contents(assessment: Assessment, words: Wording) -> tuple[list[Content], list[LeftOut]]:
    """Return one sheet a street, town or township that has residential areas on the map."""
    units, areas = assessment.layers["units"], assessment.layers["residential"]
    made, left_out = [], []
    for code in units.index[units["level"] == "township"]:
        mine = worst_first(areas[(areas["unit"] == code).to_numpy(dtype=bool)])
        if mine.empty:
            continue
        title = words.say("title.atlas", unit=words.name(code, "units"))
        bounds = _bounds(mine, units.geometry.loc[code], assessment, str(code))
        if bounds is None:
            left_out.append(LeftOut(title, "why.no_outline.residential"))
            continue
        made.append(_sheet(assessment, words, str(code), mine, title, bounds))
    return made, left_out


def _sheet(
    assessment: Assessment,
    words: Wording,
    code: str,
    mine: gpd.GeoDataFrame,
    title: str,
    bounds: Bounds,
) -> Content:
    classed = in_class(zip(map(str, mine.index), mine["verdict"], strict=True), Status)
    ids = [str(i) for i in mine.index]
    verdicts = {
        i: words.say("no_verdict") if classed[i] == NO_CLASS else words.word("status", classed[i])
        for i in ids
    }
    missing = {str(i): _deficit(value, words) for i, value in known_gaps(mine).items()}
    table = numbered(mine, ids, {"verdict": verdicts, "deficit": missing}, words)
    names, tags = marked(table, ids)
    facilities = assessment.layers["facilities"]
    shades = status_shades(classed, counted(mine, classed, words), words)
    neighbours = _neighbours(assessment, mine, bounds)
    around = [Shade(_NEIGHBOUR, NEIGHBOUR_LOOK, words.say("neighbours"))] if neighbours else []
    return Content(
        group="atlas",
        title=title,
        heading=words.say("heading.verdict"),
        shades=(*shades, *around),
        classed=classed | dict.fromkeys(neighbours, _NEIGHBOUR),
        names=names,
        tags=tags,
        facilities=frozenset(map(str, facilities.index)),
        facility_names=True,
        facts=_facts(assessment, code, words),
        table=table,
        table_head=words.say("heading.list"),
        bounds=bounds,
    )


def _neighbours(assessment: Assessment, mine: gpd.GeoDataFrame, bounds: Bounds) -> list[str]:
    """Return the areas of other units that the sheet may show: paper is wider than the bounds."""
    areas = assessment.layers["residential"]
    west, south, east, north = bounds
    room = max(east - west, north - south)
    near = areas.geometry.intersects(shapely.box(*bounds).buffer(room, join_style="mitre"))
    return [str(i) for i in areas.index[near & ~areas.index.isin(mine.index)]]


def _facts(assessment: Assessment, code: str, words: Wording) -> tuple[str, ...]:
    """Return the headline's rate in the unit."""
    main = headline(assessment)
    if main is None:
        return ()
    basis = main.official.basis if main.official else "areas"
    rates = (r for r in main.rates if r.scope == code and r.basis == basis)
    named = {"clause": main.id, "title": words.title(main.title)}
    told = (words.say("fact.unit", rate=words.rate(rate), **named) for rate in rates)
    return tuple(with_doubts(one, main, words) for one in told)[:1]


def _deficit(value: object, words: Wording) -> str:
    found = number_or_none(value)
    return "–" if found is None else words.number(found, "m2") if found > 0 else "0"


def _bounds(
    mine: gpd.GeoDataFrame, outline: object, assessment: Assessment, code: str
) -> Bounds | None:
    """Return what a unit's sheet shows: its outline, else its areas and its facilities."""
    shapes = [g for g in mine.geometry if g is not None and not g.is_empty]
    if not shapes:
        return None
    if outline is not None and not getattr(outline, "is_empty", True):
        shapes.append(outline)
    else:
        facilities = assessment.layers["facilities"]
        own = facilities.geometry[(facilities["unit"] == code).to_numpy(dtype=bool)]
        near = shapely.box(*shapely.total_bounds(shapes)).buffer(_SMALLEST)
        shapes += [g for g in own if g is not None and near.covers(g)]
    west, south, east, north = map(float, shapely.total_bounds(shapes))
    half = np.maximum([east - west, north - south], _SMALLEST) / 2
    middle = ((west + east) / 2, (south + north) / 2)
    return (
        float(middle[0] - half[0]),
        float(middle[1] - half[1]),
        float(middle[0] + half[0]),
        float(middle[1] + half[1]),
    )
