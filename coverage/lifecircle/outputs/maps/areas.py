"""What the map says of residential areas: columns, one value an area, in the layer's order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lifecircle.model.dictionary import REACH_GROUPS
from lifecircle.model.finding import TOLERANCE
from lifecircle.model.status import Coverage, Status
from lifecircle.outputs.maps import shapes
from lifecircle.outputs.maps.pack import Codes, Figures, Texts
from lifecircle.outputs.maps.wording import text, yes
from lifecircle.outputs.words.showing import covered_by

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping

    import geopandas as gpd
    from numpy.typing import NDArray

    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.maps.wording import Words

__all__ = [
    "COVERAGES",
    "NONE",
    "STATUSES",
    "Places",
    "area_columns",
    "links",
    "numbered",
    "numbers",
    "percents",
    "reach_columns",
    "said",
    "statuses",
]

STATUSES = (*map(str, Status), "none")
"""Order of the verdicts in the page; the last is that of an area the Assessment gives none."""
COVERAGES = tuple(map(str, Coverage))
NONE = 255
"""Number of nothing: no facility, no clause."""

_FIGURES = {
    "households": 0,
    "population": 0,
    "elders": 0,
    "required_m2": 1,
    "own_m2": 1,
    "recorded_m2": 1,
    "arrangeable_m2": 1,
    "deficit_m2": 1,
    "deficit_if_arranged_m2": 1,
}
"""Columns of numbers, and the decimals they are shown with."""
_LINKS = ("own", "recorded", "suggested")
"""Bases of an allocation, in the page's order."""


class Places:
    """Ids of a layer → row numbers, as columns name the things they speak of."""

    def __init__(self, frame: gpd.GeoDataFrame | None) -> None:
        self.ids = [] if frame is None else [str(key) for key in frame.index]
        self._rows = {key: row for row, key in enumerate(self.ids)}

    def of(self, keys: Iterable[Any]) -> Codes:
        """Return the row number of every id, -1 where there is none."""
        return Codes(np.array([self._rows.get(key, -1) for key in keys], dtype=np.int64))

    def __len__(self) -> int:
        return len(self.ids)


def numbers(frame: pd.DataFrame, name: str) -> NDArray[np.float64]:
    """Return a column as numbers; NaN where it is missing, or no number at all."""
    if name not in frame:
        return np.full(len(frame), np.nan)
    column = pd.to_numeric(frame[name], errors="coerce")
    return np.asarray(column.astype("float64").to_numpy(na_value=np.nan), dtype=float)


def said(values: Iterable[Any], word: Callable[[Any], str | None]) -> Texts:
    """Return ``word`` of every value, found once for each that occurs; None for an empty cell."""
    found: dict[Hashable, str | None] = {}
    out = []
    for value in values:
        key = value if isinstance(value, str) else text(value)
        if key not in found:
            found[key] = None if key is None else word(key)
        out.append(found[key])
    return Texts(out)


def statuses(values: Iterable[Any]) -> Codes:
    """Return statuses by their number in ``STATUSES``; whatever else is ``none``."""
    return Codes(numbered(values, STATUSES, len(STATUSES) - 1))


def numbered(values: Iterable[Any], order: tuple[str, ...], other: int) -> NDArray[np.int64]:
    """Return the place of every value in ``order``; ``other`` where it is not in it."""
    known = {key: number for number, key in enumerate(order)}
    return np.array([known.get(v, other) if isinstance(v, str) else other for v in values], int)


def area_columns(
    assessment: Assessment, words: Words, clauses: Mapping[str, int]
) -> dict[str, Any]:
    """Return the residential layer as the page holds it.

    Parameters
    ----------
    clauses
        Id of a clause of the first document → its number in the page.
    """
    frame = assessment.layers["residential"]
    places = shapes.located(frame, assessment.crs)
    share = f"{covered_by(assessment)}_share"
    names = [text(name) or str(key) for key, name in zip(frame.index, frame["name"], strict=True)]
    return {
        "n": len(frame),
        "shape": shapes.table(places),
        "at": shapes.inner_points(places),
        "id": Texts([str(key) for key in frame.index]),
        "name": Texts(names),
        "unit": said(frame["unit"], str),
        "community": said(frame["community"], str),
        "setting": said(frame["setting"], str),
        "about": _about(frame, words),
        "project": said(frame["project"], str),
        "illustrative": Codes(np.array([yes(v) for v in frame["illustrative"]], dtype=int)),
        "status": statuses(frame["verdict"]),
        "applies": Codes(np.array([clauses.get(text(c) or "", NONE) for c in frame["clause"]])),
        "coverage": Codes(numbered(frame["coverage"], COVERAGES, COVERAGES.index("unknown"))),
        "share": Figures(percents(numbers(frame, share)), 1),
        "remedy": Texts([words.remedy(v) for v in frame["remedy"]]),
        "reason": Texts(words.reasons(frame["reason"])),
        **{name: Figures(numbers(frame, name), digits) for name, digits in _FIGURES.items()},
    }


def percents(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return shares [0, 1] in per cent, one decimal; 100 and 0 only where they are exact (A2)."""
    exact = 100.0 * shares
    nearly = (exact >= 99.95) & (exact < 100.0 - TOLERANCE)  # noqa: PLR2004
    hardly = (exact <= 0.05) & (exact > TOLERANCE)  # noqa: PLR2004
    return np.where(nearly, 99.9, np.where(hardly, 0.1, exact))


def reach_columns(
    assessment: Assessment, areas: Places, facilities: Places
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
                "walk_facility": facilities.of(mine["walk_facility"]),
                "rural_only": group == "village",
            }
        )
    return found


def links(assessment: Assessment, areas: Places, facilities: Places) -> dict[str, Any]:
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


def _about(frame: gpd.GeoDataFrame, words: Words) -> Texts:
    """Return setting, age class, stage and unit of every area as one line."""
    found: dict[tuple[Any, ...], str] = {}
    columns = [frame[name] for name in ("setting", "age_class", "stage", "community", "unit")]
    lines = []
    for row in zip(*(map(text, column) for column in columns), strict=True):
        if row not in found:
            setting, age, stage, community, unit = row
            found[row] = words.join(
                [
                    words.word("setting", setting),
                    words.word("age_class", age),
                    words.word("housing_stage", stage),
                    words.place(community, unit),
                ]
            )
        lines.append(found[row])
    return Texts(lines)
