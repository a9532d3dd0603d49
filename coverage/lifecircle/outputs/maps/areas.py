"""What the map says of residential areas: columns, one value an area, in the layer's order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lifecircle.model.cell import is_yes, text_or_none
from lifecircle.model.dictionary import REACH_GROUPS
from lifecircle.model.problem import unread_remarks
from lifecircle.outputs.maps import shapes
from lifecircle.outputs.maps.columns import (
    COVERAGES,
    NONE,
    numbered,
    numbers,
    percents,
    reasons,
    said,
    statuses,
)
from lifecircle.outputs.maps.labels import home_unit, one_line
from lifecircle.outputs.maps.pack import Codes, Figures, Texts
from lifecircle.outputs.words.problems import Unread
from lifecircle.outputs.words.showing import covered_by, is_least, known_gaps, of_reference

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.maps.columns import RowNumbers
    from lifecircle.outputs.words.wording import Wording

__all__ = ["area_columns", "links", "reach_columns"]

_FIGURES = {
    "households": 0,
    "population": 0,
    "elders": 0,
    "required_m2": 1,
    "own_m2": 1,
    "recorded_m2": 1,
    "arrangeable_m2": 1,
}
"""Columns of numbers, and the decimals they are shown with."""
_GAPS = {"deficit_m2": 1, "deficit_if_arranged_m2": 1}
"""The same, told of areas that lack m² for certain."""
_LINKS = ("own", "recorded", "suggested")
"""Bases of an allocation, in the page's order."""


def area_columns(
    assessment: Assessment, words: Wording, clauses: Mapping[str, int]
) -> dict[str, Any]:
    """Return the residential layer as the page holds it.

    Parameters
    ----------
    clauses
        Id of a clause of the first document → its number in the page.
    """
    frame = assessment.layers["residential"]
    geometries = shapes.located(frame, assessment.crs)
    share = f"{covered_by(assessment)}_share"
    names = [words.name(key, "residential") for key in frame.index]
    aside = of_reference(assessment)
    unread = Unread.of(assessment.problems, "residential", words.language)
    remarks = unread_remarks(assessment.problems, "residential")
    return {
        "n": len(frame),
        "shape": shapes.table(geometries),
        "at": shapes.inner_points(geometries),
        "id": Texts([str(key) for key in frame.index]),
        "name": Texts(names),
        "unit": said(frame["unit"], str),
        "community": said(frame["community"], str),
        "setting": said(frame["setting"], str),
        "about": _about(frame, words),
        "project": said(frame["project"], str),
        "illustrative": Codes(np.array([is_yes(v) for v in frame["illustrative"]], dtype=int)),
        "status": statuses(frame["verdict"]),
        "applies": Codes(
            np.array([clauses.get(text_or_none(c) or "", NONE) for c in frame["clause"]])
        ),
        "aside": Codes(np.array([str(key) in aside for key in frame.index], dtype=int)),
        "least": Codes(np.array([is_least(one) for one in frame["reason"]], dtype=int)),
        "coverage": Codes(numbered(frame["coverage"], COVERAGES, COVERAGES.index("unknown"))),
        "share": Figures(percents(numbers(frame, share)), 1),
        "remedy": Texts([words.remedy(v) or None for v in frame["remedy"]]),
        "reason": reasons(frame["reason"], words),
        "unread": Texts([unread.all(key) for key in frame.index]),
        "remark": Texts([remarks.get(str(key)) for key in frame.index]),
        **{name: Figures(numbers(frame, name), digits) for name, digits in _FIGURES.items()},
        **{
            name: Figures(known_gaps(frame, name).to_numpy(), digits)
            for name, digits in _GAPS.items()
        },
    }


def reach_columns(
    assessment: Assessment, areas: RowNumbers, facilities: RowNumbers
) -> list[dict[str, Any]]:
    """Return what is nearest to every area, one entry a reach group, the main group first."""
    table = assessment.reach
    found = []
    for group in REACH_GROUPS:
        mine = table[table["reach_group"] == group] if len(table) else table
        if mine.empty:
            continue
        mine = mine.drop_duplicates("residential").set_index("residential").reindex(areas.ids)
        found.append(
            {
                "group": group,
                "radius_m": Figures(numbers(mine, "radius_m")),
                "radius_facility": facilities.of(mine["radius_facility"]),
                "walk_m": Figures(numbers(mine, "walk_m")),
                "walk_min": Figures(numbers(mine, "walk_min"), 1),
                "access_m": Figures(numbers(mine, "access_m")),
                "egress_m": Figures(numbers(mine, "egress_m")),
                "walk_facility": facilities.of(mine["walk_facility"]),
                "rural_only": group == "village",
            }
        )
    return found


def links(assessment: Assessment, areas: RowNumbers, facilities: RowNumbers) -> dict[str, Any]:
    """Return who serves whom in m²: facility, area, m², basis, one entry an allocation."""
    table = assessment.allocation
    if table is None or table.empty:
        table = pd.DataFrame(columns=["facility", "residential", "m2", "basis"])
    return {
        "facility": facilities.of(table["facility"]),
        "area": areas.of(table["residential"]),
        "m2": Figures(numbers(table, "m2"), 1),
        "basis": Codes(numbered(table["basis"], _LINKS, len(_LINKS))),
        "bases": list(_LINKS),
    }


def _about(frame: gpd.GeoDataFrame, words: Wording) -> Texts:
    """Return setting, age class, stage and unit of every area as one line."""
    found: dict[tuple[Any, ...], str] = {}
    columns = [frame[name] for name in ("setting", "age_class", "stage", "community", "unit")]
    lines = []
    for row in zip(*(map(text_or_none, column) for column in columns), strict=True):
        if row not in found:
            setting, age, stage, community, unit = row
            found[row] = one_line(
                [
                    words.word_or_none("setting", setting),
                    words.word_or_none("age_class", age),
                    words.word_or_none("housing_stage", stage),
                    home_unit((community, unit), words),
                ]
            )
        lines.append(found[row])
    return Texts(lines)
