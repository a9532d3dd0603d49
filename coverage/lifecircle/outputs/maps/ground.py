"""The ground under the map: streets by class, and what bars the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapely

from lifecircle.model.cell import text_or_none
from lifecircle.outputs.maps import shapes
from lifecircle.outputs.maps.pack import Texts
from lifecircle.outputs.words.map_looks import STREET_CLASSES, street_class

if TYPE_CHECKING:
    import geopandas as gpd

    from lifecircle.model.results.assessment import Assessment

__all__ = ["barriers", "streets"]


def streets(assessment: Assessment) -> dict[str, Any]:
    """Return the street base: lines with their class and name, wider classes first.

    Of streets with one name the longest piece comes first, and is the one that is named.
    """
    frame = assessment.layers.get("streets")
    lines = shapes.located(frame, assessment.crs)
    if frame is None:
        return {"shape": shapes.table(lines), "class": Texts([]), "name": Texts([])}
    classes = [street_class(text_or_none(highway) or "") for highway in _column(frame, "highway")]
    names = [text_or_none(name) for name in _column(frame, "name")]
    lengths = shapely.length(lines)
    rank = {name: n for n, name in enumerate(STREET_CLASSES)}
    order = sorted(
        (k for k in range(len(frame)) if shapely.get_dimensions(lines[k]) == 1),
        key=lambda k: (rank[classes[k]], names[k] or "", -lengths[k], k),
    )
    return {
        "shape": shapes.table(lines[order], ground=True),
        "class": Texts([classes[k] for k in order]),
        "name": Texts([names[k] for k in order]),
    }


def barriers(assessment: Assessment) -> dict[str, Any]:
    """Return rivers, railways, motorways and walls, waters first."""
    frame = assessment.layers.get("barriers")
    lines = shapes.located(frame, assessment.crs)
    if frame is None:
        return {"shape": shapes.table(lines), "kind": Texts([]), "name": Texts([])}
    kinds = [text_or_none(kind) or "wall" for kind in _column(frame, "barrier")]
    names = [text_or_none(name) for name in _column(frame, "name")]
    order = sorted(
        (k for k in range(len(frame)) if shapely.get_dimensions(lines[k]) > 0),
        key=lambda k: kinds[k] != "river",
    )
    return {
        "shape": shapes.table(lines[order]),
        "kind": Texts([kinds[k] for k in order]),
        "name": Texts([names[k] for k in order]),
    }


def _column(frame: gpd.GeoDataFrame, name: str) -> list[Any]:
    return list(frame[name]) if name in frame.columns else [None] * len(frame)
