"""The ground under the map: streets by class, what bars the way, and what is within reach."""

from __future__ import annotations

from itertools import compress
from typing import TYPE_CHECKING, Any, TypeAlias

import shapely

from lifecircle.model.cell import number_or_none, text_or_none
from lifecircle.model.dictionary import REACH_GROUPS
from lifecircle.model.reach import STREET_SIDE_M
from lifecircle.outputs.maps import shapes
from lifecircle.outputs.maps.pack import Texts
from lifecircle.outputs.office.map_looks import STREET_CLASSES, street_class
from lifecircle.outputs.words.quantities import measured

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.words.wording import Wording

__all__ = ["barriers", "reach_layers", "streets"]

_MANY_LINES = 2_000
"""Lines above which the surface beside them is drawn as wide lines: its outline is larger."""


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


def reach_layers(assessment: Assessment, words: Wording) -> list[dict[str, Any]]:
    """Return service areas and reached streets: one layer per method, group and threshold.

    The main group's walk is the only one shown from the start. The surface beside very many
    streets is not drawn from its outline: the page draws the streets with its width, ``side`` to
    either side in metres.
    """
    merged: dict[_Key, dict[str, list[Any]]] = {}
    for name, part in (("reached_streets", "streets"), ("service_areas", "areas")):
        frame = assessment.layers.get(name)
        if frame is None:
            continue
        keys = [_key(row) for row in shapes.rows(frame)]
        # an outline of as many vertices is not looked at where its streets are drawn for it
        drawn = [key not in merged or not _wide(merged[key]["streets"]) for key in keys]
        geometries = shapes.located(frame[drawn], assessment.crs)
        for key, geometry in zip(compress(keys, drawn), geometries, strict=True):
            if geometry is not None:
                merged.setdefault(key, {"areas": [], "streets": []})[part].append(geometry)
    order = {group: n for n, group in enumerate(REACH_GROUPS)}
    main = next((key for key in sorted(merged) if key[:2] == ("walk", REACH_GROUPS[0])), None)
    return [
        {
            "id": f"reach:{key[0]}:{key[1]}:{key[2]:g}",
            "method": key[0],
            "group": key[1],
            "label": words.say(
                "reach_label",
                group=_short_group(key[1], words),
                threshold=measured(key[2], key[3], words),
            ),
            "on": key == main,
            **_reached(merged[key]["areas"], merged[key]["streets"]),
        }
        for key in sorted(merged, key=lambda key: (key[0], order.get(key[1], len(order)), key))
    ]


_Key: TypeAlias = "tuple[str, str, float, str]"
"""Method, reach group, threshold and its unit."""


def _key(row: Mapping[str, Any]) -> _Key:
    method = text_or_none(row.get("method")) or "walk"
    group = text_or_none(row.get("reach_group")) or ""
    unit = text_or_none(row.get("unit")) or ""
    return (method, group, number_or_none(row.get("threshold")) or 0.0, unit)


def _wide(streets: list[Any]) -> bool:
    """Return whether streets are so many that they are drawn as wide as the surface beside them."""
    return bool(shapely.get_num_geometries(streets).sum() > _MANY_LINES)


def _reached(areas: list[Any], streets: list[Any]) -> dict[str, Any]:
    wide = _wide(streets)
    return {
        "areas": shapes.table([] if wide else areas, ground=True),
        "streets": shapes.table(streets, ground=True),
        "side": STREET_SIDE_M if wide else None,
    }


def _short_group(group: str, words: Wording) -> str:
    """Return the short word of a reach group, or the whole where there is none."""
    short = words.word_or_none("reach_group_short", group) or ""
    return short if short != group else words.word("reach_group", group)
