"""Where two assessments differ: settings, files, and the rows of their layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from lifecircle.comparing.pairing import Pairs, pair_subjects
from lifecircle.model.cell import is_missing, listed
from lifecircle.model.dictionary import columns
from lifecircle.model.finding import meets
from lifecircle.model.results.comparison import SettingChange, SubjectChange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import geopandas as gpd

    from lifecircle.model.results.assessment import Assessment

__all__ = [
    "COMPARED",
    "MOVED_M",
    "pair_layers",
    "same",
    "setting_changes",
    "subject_changes",
    "uncompared",
]

_HANDED_IN = ("name", "unit", "community", "stage", "illustrative")
COMPARED: Mapping[str, tuple[str, ...]] = {
    "residential": (
        *_HANDED_IN,
        "project",
        "age_class",
        "setting",
        "built_year",
        "households",
        "population",
        "elders",
        "basis",
    ),
    "facilities": (
        *_HANDED_IN,
        "kinds",
        "site",
        "floor_area_m2",
        "community_area_m2",
        "beds",
        "nursing_beds",
        "family_beds",
        "star",
        "reach_groups",
        "serves",
    ),
    "units": ("name", "unit_type", "level", "setting", "population", "elders"),
}
"""Columns of each layer that were handed in, or say what a row is; not those judged."""

_PLACED = {"id", "code", "lon", "lat", "datum", "address", "illustrative"}


def uncompared(layer: str) -> tuple[str, ...]:
    """Return the columns of a ledger that a result does not keep, so that nobody compares them."""
    known = {*COMPARED[layer], *_PLACED}
    return tuple(name for name in columns(layer) if name not in known)


MOVED_M = 0.5
"""A place that moved less lies where it was: coordinates are kept to decimetres."""
_RETAKEN_M, _ONE_HOUSE_M = 2_000.0, 100.0
"""What lies farther apart was not one place taken twice: BD-09 lies some 1200 m off WGS 84; nor
is it one house."""
_SETTINGS = ("study", "county", "standards", "scenario", "stage", "as_of", "crs")


def same(a: Any, b: Any) -> bool:
    """Return whether two cells say the same; numbers within the tolerance, missing is missing."""
    if is_missing(a) or is_missing(b):
        return is_missing(a) and is_missing(b)
    if isinstance(a, int | float) and isinstance(b, int | float):
        return bool(a == b or meets(a, "=", b))
    return bool(a == b)


def setting_changes(before: Assessment, after: Assessment) -> Iterator[SettingChange]:
    """Return settings, input files, parameters and readings that differ."""
    for name in _SETTINGS:
        a, b = getattr(before, name), getattr(after, name)
        if a != b:
            yield SettingChange("setting", name, _plain(a), _plain(b))
    plans = [_plan(side) for side in (before, after)]
    if plans[0] != plans[1]:
        yield SettingChange("setting", "sites", *plans)
    yield from _file_changes(before, after)
    values = [{p.name: p.value for p in side.parameters} for side in (before, after)]
    for name in dict.fromkeys([*values[0], *values[1]]):
        a, b = (side.get(name) for side in values)
        if not same(a, b):
            yield SettingChange("parameter", name, a, b)
    choices = [{(r.clause, r.id): r.choice for r in side.readings} for side in (before, after)]
    for key in choices[0]:
        if key in choices[1] and choices[0][key] != choices[1][key]:
            yield SettingChange("reading", " ".join(key), choices[0][key], choices[1][key])


def _plan(side: Assessment) -> str | None:
    """Return the clause of a plan that is taken as built, and its places."""
    if side.sites is None:
        return None
    return f"{side.sites.clause}: {', '.join(place.candidate for place in side.sites.places)}"


def _file_changes(before: Assessment, after: Assessment) -> Iterator[SettingChange]:
    files = [
        {layer: _files(side, layer) for layer in dict.fromkeys(i.layer for i in side.inputs)}
        for side in (before, after)
    ]
    for layer in dict.fromkeys([*files[0], *files[1]]):
        old, new = (side.get(layer, {}) for side in files)
        if sorted(old.values()) != sorted(new.values()):
            yield SettingChange("input", layer, _told(old, new), _told(new, old))


def pair_layers(before: Assessment, after: Assessment) -> dict[str, Pairs]:
    """Pair the areas, facilities and units of both sides; units by code alone."""
    found = {}
    for layer in COMPARED:
        names = [side.layers[layer]["name"] for side in (before, after)]
        if layer == "units":
            names = [pd.Series(n.index.astype(str), index=n.index) for n in names]
        told = _apart(before, after, layer), _in_place(before, after, layer)
        found[layer] = pair_subjects(names[0], names[1], *told)
    return found


def _in_place(before: Assessment, after: Assessment, layer: str) -> Callable[[str, str], bool]:
    """Return what tells whether the middles of two rows lie in the same place."""
    frames = before.layers[layer], after.layers[layer].to_crs(before.layers[layer].crs)
    middles = [dict(zip(f.index.astype(str), f.geometry.centroid, strict=True)) for f in frames]

    def in_place(old: str, new: str) -> bool:
        one, other = middles[0].get(old), middles[1].get(new)
        if one is None or other is None or one.is_empty or other.is_empty:
            return False
        return bool(meets(one.distance(other), "<=", MOVED_M))

    return in_place


def _apart(before: Assessment, after: Assessment, layer: str) -> Callable[[str], bool]:
    """Return what tells whether an id under another name is of something else, by its place.

    It is where it lies farther off than any slip or other datum puts it, and of facilities where
    it is another place for another use. A home that moved kept its name, one that was renamed or
    raised to something better its place.
    """
    frames = before.layers[layer], after.layers[layer].to_crs(before.layers[layer].crs)

    def apart(key: str) -> bool:
        old, new = (frame.geometry.get(key) for frame in frames)
        if old is None or new is None or old.is_empty or new.is_empty:
            return False
        metres = old.distance(new)
        kinds = [set(listed(frame.at[key, "kinds"])) for frame in frames if "kinds" in frame]
        other_use = len(kinds) > 1 and not kinds[0] & kinds[1]
        return bool(metres > (_ONE_HOUSE_M if other_use else _RETAKEN_M))

    return apart


def subject_changes(
    before: Assessment, after: Assessment, pairs: Mapping[str, Pairs]
) -> dict[tuple[str, int], SubjectChange]:
    """Return (layer, row of the pairs) → what is new, gone or described otherwise there."""
    found = {}
    for layer, compared in COMPARED.items():
        sides = [before.layers[layer], after.layers[layer].to_crs(before.layers[layer].crs)]
        rows = [_rows(side, compared) for side in sides]
        moved = _moved(sides, pairs[layer])
        areas = pairs["residential"].before, pairs["residential"].after
        for n, ids in enumerate(pairs[layer].rows):
            old, new = (side.get(key or "") for side, key in zip(rows, ids, strict=True))
            change = _subject_change(layer, ids, old, new, areas, moved.get(n))
            if change is not None:
                found[layer, n] = change
    return found


def _subject_change(
    layer: str,
    ids: tuple[str | None, str | None],
    old: Mapping[str, Any] | None,
    new: Mapping[str, Any] | None,
    areas: tuple[Mapping[str, int], Mapping[str, int]],
    moved_m: float | None,
) -> SubjectChange | None:
    """Return what became of one subject, None where nothing did.

    ``areas``: id of an area → its row of the pairs, on each side.
    """
    a, b = ids
    if old is None or new is None:
        change = "added" if old is None else "removed"
        return SubjectChange(layer, change, a, b, _name(new if old is None else old, a or b))
    changed: dict[str, tuple[Any, Any]] = {
        c: (_plain(old[c]), _plain(new[c]))
        for c in COMPARED[layer]
        if not same(_comparable(c, old[c], areas[0]), _comparable(c, new[c], areas[1]))
    }
    if moved_m is not None:
        found, gone = moved_m == np.inf, moved_m == -np.inf
        changed["place"] = (None if found else 0.0, None if gone else 0.0 if found else moved_m)
    if not changed and a == b:
        return None
    change = "changed" if changed else "renumbered"
    return SubjectChange(layer, change, a, b, _name(new, b), changed)


def _rows(frame: gpd.GeoDataFrame, compared: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    table = pd.DataFrame(frame[list(compared)])
    return {str(key): row for key, row in zip(table.index, table.to_dict("records"), strict=True)}


def _moved(sides: list[gpd.GeoDataFrame], pairs: Pairs) -> dict[int, float]:
    """Return row of the pairs → metres that a place moved: how far its farthest point is off.

    ``inf``: it was not known, ``-inf``: it is no longer known.
    """
    shapes = [
        dict(zip(side.index.astype(str), side.geometry.to_numpy(), strict=True)) for side in sides
    ]
    both = [(n, a, b) for n, (a, b) in enumerate(pairs.rows) if a is not None and b is not None]
    old = np.array([shapes[0][a] for _, a, _ in both], dtype=object)
    new = np.array([shapes[1][b] for _, _, b in both], dtype=object)
    empty = [shapely.is_missing(s) | shapely.is_empty(s) for s in (old, new)]
    far = np.where(empty[0] & empty[1], 0.0, shapely.hausdorff_distance(old, new))
    far = np.where(empty[0] & ~empty[1], np.inf, np.where(empty[1] & ~empty[0], -np.inf, far))
    return {
        n: round(float(metres), 1)
        for (n, _, _), metres in zip(both, far, strict=True)
        if abs(metres) > MOVED_M
    }


def _files(side: Assessment, layer: str) -> dict[str, str]:
    return {i.path: i.sha256 for i in side.inputs if i.layer == layer}


def _told(mine: Mapping[str, str], other: Mapping[str, str]) -> str | None:
    """Return which files of a side the other has not: path and the start of its checksum."""
    differing = [f"{path} ({sha[:8]})" for path, sha in mine.items() if sha not in other.values()]
    return ", ".join(differing) or None


def _name(row: Mapping[str, Any] | None, key: str | None) -> str:
    name = None if row is None else row["name"]
    return name if isinstance(name, str) and name.strip() else str(key)


def _comparable(column: str, value: Any, areas: Mapping[str, int]) -> Any:
    """Return a cell so that equal is the same on both sides.

    Lists of kinds are sets, as their order tells nothing. Served areas are rows of the pairs,
    as the same area may have another id on the other side, and another area this one.
    """
    if column == "serves" and isinstance(value, str):
        return frozenset(areas.get(key, key) for key in value.split(";"))
    return frozenset(value.split(";")) if isinstance(value, str) and ";" in value else value


def _plain(value: Any) -> Any:
    """Return a cell as a plain value: numpy's numbers as Python's, NaN as None."""
    value = value.item() if hasattr(value, "item") else value
    if is_missing(value):
        return None
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return value if isinstance(value, bool | int | float | str) else str(value)
