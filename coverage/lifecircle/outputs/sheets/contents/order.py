"""The sheets of one Assessment, in the order of a file: now, reach, gap, clauses, one a town."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import shapely

from lifecircle.model.status import AgeClass, Status
from lifecircle.outputs.maps.wording import real, text
from lifecircle.outputs.sheets.contents.atlas import atlas_contents
from lifecircle.outputs.sheets.contents.clauses import clause_contents
from lifecircle.outputs.sheets.contents.content import (
    NO_CLASS,
    Content,
    LeftOut,
    Shade,
    counted,
    in_class,
    status_shades,
)
from lifecircle.outputs.sheets.contents.lists import marked, numbered, unit_sums
from lifecircle.outputs.sheets.contents.reach import reach_contents
from lifecircle.outputs.sheets.looks import AGE_LOOKS, DEFICIT_LOOKS, NO_LOOK, NONE_MISSING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import geopandas as gpd

    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.sheets.paper import Bounds
    from lifecircle.outputs.sheets.wording import SheetWords

__all__ = ["GROUPS", "contents_of", "whole_bounds"]

GROUPS = ("now", "reach", "gap", "clause", "atlas")
"""Groups of sheets, in their order."""

_FAR = 2.0
"""Facilities may widen the sheet up to this many times the areas' own extent."""


def contents_of(
    assessment: Assessment, words: SheetWords, groups: Iterable[str] = GROUPS
) -> tuple[list[Content], list[LeftOut]]:
    """Return what each sheet shows, and which sheets cannot be made."""
    chosen = set(groups)
    made: list[Content] = []
    left_out: list[LeftOut] = []
    if "now" in chosen:
        made.append(_now(assessment, words))
    for group, build in (
        ("reach", reach_contents),
        ("gap", _gap),
        ("clause", clause_contents),
        ("atlas", atlas_contents),
    ):
        if group in chosen:
            found, missing = build(assessment, words)
            made += found
            left_out += missing
    return made, left_out


def whole_bounds(assessment: Assessment) -> Bounds | None:
    """Return the bounds (metres) of what the county-wide sheets show; None: nothing has a place.

    The user's boundaries and the areas, widened by the facilities unless one lies far off (it is
    a mistake of the ledger, or a place outside the county); streets only where there is nothing
    else.
    """
    home = [_extent(assessment.layers.get(name)) for name in ("units", "residential")]
    inner = _joined([b for b in home if b is not None])
    places = _extent(assessment.layers.get("facilities"))
    if inner is None:
        return places or _extent(assessment.layers.get("streets"))
    if places is None:
        return inner
    both = _joined([inner, places])
    assert both is not None  # noqa: S101 - two bounds were joined
    sizes = [max(b[2] - b[0], b[3] - b[1]) for b in (inner, both)]
    return both if sizes[1] <= _FAR * max(sizes[0], 1.0) else inner


def _extent(frame: gpd.GeoDataFrame | None) -> Bounds | None:
    if frame is None or not frame.geometry.notna().any():
        return None
    west, south, east, north = shapely.total_bounds(frame.geometry.dropna().array)
    return None if np.isnan(west) else (float(west), float(south), float(east), float(north))


def _joined(bounds: Sequence[Bounds]) -> Bounds | None:
    if not bounds:
        return None
    sides = np.array(bounds)
    low, high = sides[:, :2].min(axis=0), sides[:, 2:].max(axis=0)
    return (float(low[0]), float(low[1]), float(high[0]), float(high[1]))


def _now(assessment: Assessment, words: SheetWords) -> Content:
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


def _gap(assessment: Assessment, words: SheetWords) -> tuple[list[Content], list[LeftOut]]:
    """Return the sheet of the m² that are missing, by area."""
    areas = assessment.layers["residential"]
    title = words.say("title.gap")
    missing = {
        str(i): found for i, v in areas["deficit_m2"].items() if (found := real(v)) is not None
    }
    if not missing:
        return [], [LeftOut(title, words.say("why.no_quota"))]
    edges = _edges(max(missing.values()))
    classed = {}
    for i, verdict in zip(map(str, areas.index), areas["verdict"], strict=True):
        deficit = missing.get(i)
        if deficit is None:
            undecided = text(verdict) == Status.NOT_ASSESSED
            classed[i] = str(Status.NOT_ASSESSED if undecided else Status.NOT_APPLICABLE)
        elif deficit <= 0:
            classed[i] = str(Status.COMPLIANT)
        else:
            classed[i] = f"m2:{int(np.searchsorted(edges, deficit))}"
    tallies = counted(areas, classed, words)
    present = set(classed.values())
    spans = [(0.0, edges[0]), *pairwise(edges), (edges[-1], None)]
    shades = [
        Shade(
            f"m2:{n}",
            DEFICIT_LOOKS[n],
            words.say("gap.above", low=low)
            if high is None
            else words.say("gap.between", low=low, high=high)
            if low
            else words.say("gap.to", high=high),
            tallies.get(f"m2:{n}", ""),
        )
        for n, (low, high) in enumerate(spans)
        if f"m2:{n}" in present
    ]
    others = {i: k for i, k in classed.items() if not k.startswith("m2:")}
    shades += [
        replace(shade, look=NONE_MISSING) if shade.key == Status.COMPLIANT else shade
        for shade in status_shades(others, tallies, words, "gap")
    ]
    short = sorted((i for i, value in missing.items() if value > 0), key=lambda i: (-missing[i], i))
    cells = {i: words.common.number(missing[i], "m2") for i in short}
    table = numbered(areas, short, {"deficit": cells}, words)
    names, tags = marked(table, short)
    facilities = assessment.layers["facilities"]
    counting = facilities.index[facilities["quota_counts"].isin(["yes", "unknown"])]
    content = Content(
        group="gap",
        title=title,
        heading=words.say("heading.gap"),
        shades=tuple(shades),
        classed=classed,
        names=names,
        tags=tags,
        table=table if short else None,
        table_head=words.say("heading.short"),
        facilities=frozenset(map(str, counting)),
        sites=True,
        notes=(words.say("gap.note"),),
    )
    return [content], []


def _edges(largest: float) -> list[float]:
    """Return three round class borders below ``largest``, of the series 1, 2, 5, 10."""
    series = [step * 10.0**power for power in range(-1, 9) for step in (1, 2, 5)]
    last = max((n for n, edge in enumerate(series) if edge < largest), default=2)
    last = max(last, 2)
    return series[last - 2 : last + 1]
