"""The sheet of the m² that are missing, by area."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from lifecircle.model.cell import number_or_none, text_or_none
from lifecircle.model.status import Status
from lifecircle.outputs.sheets.contents.content import (
    Content,
    LeftOut,
    Shade,
    counted,
    status_shades,
)
from lifecircle.outputs.sheets.contents.lists import marked, numbered
from lifecircle.outputs.sheets.looks import DEFICIT_LOOKS, NONE_MISSING
from lifecircle.outputs.words.showing import NO_GAP, doubts_of, known_gaps, with_doubts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import geopandas as gpd

    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.words.wording import Wording

__all__ = ["class_edges", "gap_contents"]

_CLASS = "m2:"
"""Beginning of the keys of the classes of m²."""


def gap_contents(assessment: Assessment, words: Wording) -> tuple[list[Content], list[LeftOut]]:
    """Return the sheet of the m² that are missing, by area."""
    areas = assessment.layers["residential"]
    title = words.say("title.gap")
    missing = {
        str(i): found
        for i, v in known_gaps(areas).items()
        if (found := number_or_none(v)) is not None
    }
    if not missing:
        return [], [LeftOut(title, "why.no_quota")]
    edges = class_edges(max(missing.values()))
    classed = _classed(areas, missing, edges)
    short = sorted((i for i, value in missing.items() if value > 0), key=lambda i: (-missing[i], i))
    cells = {i: words.number(missing[i], "m2") for i in short}
    table = numbered(areas, short, {"deficit": cells}, words)
    names, tags = marked(table, short)
    facilities = assessment.layers["facilities"]
    counting = facilities.index[facilities["quota_counts"].isin(["yes", "unknown"])]
    content = Content(
        group="gap",
        title=title,
        heading=words.say("heading.gap"),
        shades=_shades(classed, edges, counted(areas, classed, words), words),
        classed=classed,
        names=names,
        tags=tags,
        table=table if short else None,
        table_head=words.say("heading.short"),
        facilities=frozenset(map(str, counting)),
        sites=True,
        notes=(words.say("gap.note"),),
        facts=_doubted(assessment, areas.loc[list(missing), "clause"], words),
    )
    return [content], []


def _doubted(assessment: Assessment, asking: Iterable[object], words: Wording) -> tuple[str, ...]:
    """Return the clauses by which m² are missing that rest on doubtful figures, a line each."""
    mine = {clause.id: clause for clause in reversed(assessment.clauses)}
    asked = [mine[name] for name in dict.fromkeys(map(str, asking)) if name in mine]
    return tuple(
        with_doubts(f"{clause.id} {words.title(clause.title)}", clause, words)
        for clause in asked
        if doubts_of((clause,), words)
    )


def _classed(
    areas: gpd.GeoDataFrame, missing: Mapping[str, float], edges: Sequence[float]
) -> dict[str, str]:
    """Return area → the key of its class: of m², or of a status where none are missing."""
    classed = {}
    for i, verdict in zip(map(str, areas.index), areas["verdict"], strict=True):
        deficit = missing.get(i)
        if deficit is None:
            told = text_or_none(verdict)
            classed[i] = str(told if told in NO_GAP else Status.NOT_APPLICABLE)
        elif deficit <= 0:
            classed[i] = str(Status.COMPLIANT)
        else:
            classed[i] = f"{_CLASS}{int(np.searchsorted(edges, deficit))}"
    return classed


def _shades(
    classed: Mapping[str, str],
    edges: Sequence[float],
    tallies: Mapping[str, str],
    words: Wording,
) -> tuple[Shade, ...]:
    """Return the classes of m² that occur, the smallest first, then the statuses."""
    present = set(classed.values())
    spans = [(0.0, edges[0]), *pairwise(edges), (edges[-1], None)]
    shades = []
    for n, (low, high) in enumerate(spans):
        key = f"{_CLASS}{n}"
        if key in present:
            label = _span_label(low, high, words)
            shades.append(Shade(key, DEFICIT_LOOKS[n], label, tallies.get(key, "")))
    others = {i: k for i, k in classed.items() if not k.startswith(_CLASS)}
    return (
        *shades,
        *(
            replace(shade, look=NONE_MISSING) if shade.key == Status.COMPLIANT else shade
            for shade in status_shades(others, tallies, words, "gap")
        ),
    )


def _span_label(low: float, high: float | None, words: Wording) -> str:
    if high is None:
        return words.say("gap.above", low=low)
    return words.say("gap.between", low=low, high=high) if low else words.say("gap.to", high=high)


def class_edges(largest: float) -> list[float]:
    """Return three round class borders below ``largest``, of the series 1, 2, 5, 10."""
    series = [step * 10.0**power for power in range(-1, 9) for step in (1, 2, 5)]
    last = max((n for n, edge in enumerate(series) if edge < largest), default=2)
    last = max(last, 2)
    return series[last - 2 : last + 1]
