"""The difference map: which areas changed their verdict, which facilities came, went or moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lifecircle import texts
from lifecircle.model.results.comparison import Direction
from lifecircle.outputs.maps import ground, shapes
from lifecircle.outputs.maps.labels import one_line, page_words
from lifecircle.outputs.maps.pack import Codes, Texts, packed
from lifecircle.outputs.maps.page import render
from lifecircle.outputs.office.page import write_page
from lifecircle.outputs.words.banners import banner_lines
from lifecircle.outputs.words.causes import causes_text
from lifecircle.outputs.words.changes import (
    change_text,
    clause_ids,
    clause_title,
    figure_text,
    other_counties,
    percentage_points,
    side_texts,
    status_word,
    subject_text,
    summary_lines,
)
from lifecircle.outputs.words.wording import Wording

if TYPE_CHECKING:
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

    from lifecircle.model.results.comparison import AreaChange, Comparison, SubjectChange

__all__ = ["SCRIPTS", "WAYS", "difference_data", "draw_difference"]

SCRIPTS = (
    "pack.js",
    "style.js",
    "compact.js",
    "labels.js",
    "panels.js",
    "search.js",
    "layers.js",
    "paper.js",
    "difference.js",
)
WAYS = (
    *("better", "worse", "met_anew", "missed_anew", "decided", "undecided", "other"),
    *("added", "removed", "figures", "same"),
)
"""Classes of areas on the map; ``figures``: the same verdict, and some finding that changed."""
_UNITS = 10
"""Most units in the card: the workbook has all."""


def draw_difference(comparison: Comparison, path: Path) -> Path:
    """Write the difference map of ``comparison`` as one HTML file and return the path.

    Like the gap map it opens by double click and asks the network for nothing; the same
    comparison gives the same bytes.

    Raises
    ------
    OutputError
        The file cannot be written, or the page would load something from outside.
    """
    words = Wording.of_both(comparison)
    data = difference_data(comparison, words)
    content = render(
        packed(data),
        heading=f"{words.say('title')} · {comparison.after.study}",
        language=data["lang"],
        plain=[*data["banners"], texts.say("map", "no_script", words.language)],
        scripts=SCRIPTS,
    )
    return write_page(content, path)


def difference_data(comparison: Comparison, words: Wording | None = None) -> dict[str, Any]:
    """Return everything the page draws: plain values and columns, without NaN."""
    words = words or Wording.of_both(comparison)
    sides = (comparison.before, comparison.after)
    homes = _geometries(comparison, "residential")
    drawn = [_of(homes, area.id_before, area.id_after) for area in comparison.areas]
    geometries = np.array(drawn, dtype=object)
    ways = [_way(area) for area in comparison.areas]
    places = [g for side in _geometries(comparison, "facilities") for g in side.values()]
    extent = shapes.together(geometries, np.array(places, dtype=object))
    if not len(extent):
        extent = shapes.located(sides[1].layers.get("streets"), sides[1].crs)
    return {
        **_said(comparison, words),
        "ways": [
            {"key": way, "label": _way_label(way, words), "count": ways.count(way)} for way in WAYS
        ],
        "areas": {
            "n": len(comparison.areas),
            "shape": shapes.table(geometries),
            "at": shapes.inner_points(geometries),
            "name": Texts([area.name for area in comparison.areas]),
            "way": Codes(np.array([WAYS.index(way) for way in ways], dtype=np.int64)),
            "told": [_told(comparison, area, words) for area in comparison.areas],
        },
        "facilities": _facilities(comparison, words),
        "streets": ground.streets(sides[1]),
        "barriers": ground.barriers(sides[1]),
        "bounds": shapes.bounds(extent),
    }


def _said(comparison: Comparison, words: Wording) -> dict[str, Any]:
    """Return what the page says of the whole: its own words, both sides, what changed."""
    sides = (comparison.before, comparison.after)
    banners = [b for side in sides for b in banner_lines(side, words)]
    banners.append(texts.say("map", "internal_use", words.language))
    if (warning := other_counties(comparison, words)) is not None:
        banners.append(warning)
    rest = len(comparison.units) - _UNITS
    return {
        "lang": words.tag,
        "text": page_words(words, "compare"),
        "title": words.say("title"),
        "sides": [
            [words.say(f"side.{code}"), told]
            for code, told in zip(("before", "after"), side_texts(comparison, words), strict=True)
        ],
        "banners": list(dict.fromkeys(banners)),
        "attribution": list(dict.fromkeys(line for side in sides for line in side.attribution)),
        "facts": summary_lines(comparison, words),
        "headline": _headline(comparison, words),
        "units": [
            [
                unit.name,
                words.percent(unit.before),
                words.percent(unit.after),
                percentage_points(unit.change, words),
            ]
            for unit in comparison.units[:_UNITS]
        ],
        "more": words.say("more", rest=rest) if rest > 0 else "",
    }


def _geometries(comparison: Comparison, layer: str) -> list[dict[str, BaseGeometry | None]]:
    """Return id → geometry (WGS 84) of a layer on both sides."""
    found = []
    for side in (comparison.before, comparison.after):
        frame = side.layers[layer]
        located = shapes.located(frame, side.crs)
        found.append(dict(zip(map(str, frame.index), located, strict=True)))
    return found


def _of(
    sides: list[dict[str, BaseGeometry | None]], before: str | None, after: str | None
) -> BaseGeometry | None:
    return sides[1].get(after) if after is not None else sides[0].get(str(before))


def _way(area: AreaChange) -> str:
    if area.id_before is None:
        return "added"
    if area.id_after is None:
        return "removed"
    if area.direction is Direction.SAME and area.findings:
        return "figures"
    return str(area.direction)


def _way_label(way: str, words: Wording) -> str:
    own = {"figures": "map.figures", "same": "map.unchanged", "added": "map.added"}
    own["removed"] = "map.removed"
    return words.say(own.get(way, f"direction.{way}"))


def _told(comparison: Comparison, area: AreaChange, words: Wording) -> dict[str, Any] | None:
    """Return an area's popup; None where nothing changed."""
    if _way(area) == "same":
        return None
    verdicts = [None if v is None else words.word("status", v) for v in (area.before, area.after)]
    rows = []
    for number in area.findings:
        finding = comparison.findings[number]
        clause = comparison.clauses[finding.clause]
        states = []
        for judged, state in (
            (clause.before, finding.before),
            (clause.after, finding.after),
        ):
            status = status_word(judged, None if state is None else state.status, words)
            figure = figure_text(judged, state, words, measured=True)
            states.append(one_line((status, figure)) or "–")
        name = f"{clause_ids(clause, words)} {clause_title(clause, words)}"
        rows.append([name, *states, causes_text(finding.causes, words)])
    return {"v": [v or "–" for v in verdicts], "f": rows}


def _headline(comparison: Comparison, words: Wording) -> dict[str, Any] | None:
    """Return the main clause's rate on both sides."""
    wanted = comparison.after.headline_clause
    found = [c for c in comparison.clauses if c.after is not None and c.after.id == wanted]
    if not found:
        return None
    change = found[0]
    sides = ["–" if c is None else words.clause_value(c) for c in (change.before, change.after)]
    told = change_text(change, words)
    if told == "–":  # where a side has no figure nothing is to be verified by that
        told = words.say("map.change_none" if "–" in sides else "map.change_open")
    return {
        "name": f"{clause_ids(change, words)} {clause_title(change, words)}",
        "before": sides[0],
        "after": sides[1],
        "change": told,
    }


def _facilities(comparison: Comparison, words: Wording) -> list[dict[str, Any]]:
    """Return the facilities that came, went, moved or changed, then all others."""
    spots: list[dict[str, Any]] = [
        dict(zip(side, shapes.spots(np.array(list(side.values()), dtype=object)), strict=True))
        for side in _geometries(comparison, "facilities")
    ]
    found, told = [], set()
    for subject in comparison.subjects:
        if subject.layer == "facilities":
            found.append(_facility(subject, spots, words))
            told.add(subject.id_after)
    for key, at in spots[1].items():
        if key not in told and at is not None:
            name = words.name(key, "facilities", "after")
            found.append({"n": name, "w": "same", "at": at, "from": None, "s": ""})
    return found


def _facility(
    subject: SubjectChange, spots: list[dict[str, Any]], words: Wording
) -> dict[str, Any]:
    old = None if subject.id_before is None else spots[0].get(subject.id_before)
    new = None if subject.id_after is None else spots[1].get(subject.id_after)
    change = "changed" if subject.change == "renumbered" else subject.change
    return {
        "n": subject.name,
        "w": change,
        "at": new if new is not None else old,
        "from": old if "place" in subject.columns and new is not None else None,
        "s": subject_text(subject, words),
    }
