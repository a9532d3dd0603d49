"""The sheets of one Assessment, in the order of a file: now, reach, gap, clauses, one a town."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from lifecircle.outputs.sheets.contents.atlas import atlas_contents
from lifecircle.outputs.sheets.contents.clauses import clause_contents
from lifecircle.outputs.sheets.contents.gap import gap_contents
from lifecircle.outputs.sheets.contents.now import now_content
from lifecircle.outputs.sheets.contents.reach import reach_contents

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import geopandas as gpd

    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.sheets.contents.content import Content, LeftOut
    from lifecircle.outputs.sheets.paper import Bounds
    from lifecircle.outputs.words.wording import Wording

__all__ = ["GROUPS", "contents_of", "whole_bounds"]

GROUPS = ("now", "reach", "gap", "clause", "atlas")
"""Groups of sheets, in their order."""

_FAR = 2.0
"""Facilities may widen the sheet up to this many times the areas' own extent."""


def contents_of(
    assessment: Assessment, words: Wording, groups: Iterable[str] = GROUPS
) -> tuple[list[Content], list[LeftOut]]:
    """Return what each sheet shows, and which sheets cannot be made."""
    chosen = set(groups)
    made: list[Content] = []
    left_out: list[LeftOut] = []
    if "now" in chosen:
        made.append(now_content(assessment, words))
    for group, build in (
        ("reach", reach_contents),
        ("gap", gap_contents),
        ("clause", clause_contents),
        ("atlas", atlas_contents),
    ):
        if group in chosen:
            found, missing = build(assessment, words)
            made += found
            left_out += missing
    return made, left_out


def whole_bounds(assessment: Assessment) -> Bounds | None:
    """Return the bounds (metres) of what the county-wide sheets show; None: nothing has a position.

    The user's boundaries and the areas, widened by the facilities unless one lies far off (it is
    a mistake of the ledger, or lies outside the county); streets only where there is nothing
    else.
    """
    home = [_extent(assessment.layers.get(name)) for name in ("units", "residential")]
    inner = _joined([b for b in home if b is not None])
    outer = _extent(assessment.layers.get("facilities"))
    if inner is None:
        return outer or _extent(assessment.layers.get("streets"))
    if outer is None:
        return inner
    both = _joined([inner, outer])
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
