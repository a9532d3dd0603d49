"""Facilities, residential areas, gates and dwellings of an OpenStreetMap file.

A start to edit, no ledger: OpenStreetMap knows few of a county's facilities, and no households.
What a tag does not say stays blank. Columns are named by the column dictionary.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import osmium
import pandas as pd
import shapely
from osmium.filter import KeyFilter

from lifecircle.model.dictionary import columns, kinds, match_kinds
from lifecircle.model.inputs.street_words import LIFE_CYCLE, state_of, words
from lifecircle.model.inputs.walkable import Passage, post_passage
from lifecircle.sources.guards import check_content
from lifecircle.sources.osm_file import osm_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

__all__ = ["OSM_LAYERS", "TAGS_COLUMN", "OsmFeatures", "facility_kinds", "read_osm_features"]

OSM_LAYERS = ("facilities", "residential", "gates", "buildings")
TAGS_COLUMN = "osm_tags"
"""Column with the tags an object was taken for, beside those of the dictionary."""

_KEYS = ("amenity", "social_facility", "landuse", "place", "barrier", "building", "office")
_HOUSES = frozenset(
    [
        "apartments",
        "residential",
        "house",
        "detached",
        "semidetached_house",
        "terrace",
        "bungalow",
        "dormitory",
        "farm",
        "yes",
    ]
)
_GATES = words("posts", "doors", "half")
_OPEN = {Passage.SHUT: "否", Passage.UNKNOWN: "待核实"}
"""What the ledger says of a gate that not everybody who lives there passes; else nothing."""
_ENDED = frozenset({"abandoned", "closed", "closed_permanently", "disused", "out_of_order"})
_GATE_M = 15.0
"""A gate at most this far from an area's outline is the area's, inclusive (metres)."""
_NAMED = frozenset(
    {"social_facility", "nursing_home", "community_centre", "social_centre", "restaurant"}
    | {"canteen", "fast_food", "food_court"}
)
"""Amenities that a name may show to be a facility; an object without amenity may be one too."""
_BY_TAG = {
    "nursing_home": "nursing_institution",
    "group_home": "nursing_institution",
    "assisted_living": "nursing_institution",
    "day_care": "day_care",
}
_ELSEWHERE = frozenset({"health", "health_centre", "other", "family_bed", "meals"})
"""Kinds that no object is taken for: clinics are no care, and a bed at home is no place."""
_OLD = frozenset({"senior", "elderly", "aged"})
_SETTING = {"rural": "乡村", "urban": "城镇"}
_FARTHEST_DEGREES = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class OsmFeatures:
    """What a file holds.

    Parameters
    ----------
    layers
        ``OSM_LAYERS`` → features in EPSG:4326, columns of the dictionary and ``osm_tags``;
        sorted by OSM's type and number, which make the ``id`` (n1, w2, r3).
    gates_left_out
        Gates near no residential area.
    buildings_left_out
        Dwellings in no residential area.
    incomplete
        Areas of which the file lacks a part (the edge of an extract).
    """

    layers: Mapping[str, gpd.GeoDataFrame]
    gates_left_out: int
    buildings_left_out: int
    incomplete: int


@dataclass(slots=True)
class _Object:
    """One object that matters: its id, tags, and shape in degrees."""

    id: str
    tags: Mapping[str, str]
    shape: Any


@dataclass(slots=True)
class _Found:
    facilities: list[_Object] = field(default_factory=list)
    residential: list[_Object] = field(default_factory=list)
    neighbourhoods: list[_Object] = field(default_factory=list)
    gates: list[_Object] = field(default_factory=list)
    buildings: list[_Object] = field(default_factory=list)


def facility_kinds(tags: Mapping[str, str]) -> frozenset[str] | None:
    """Return the kinds of an elderly facility; None if the tags show none.

    The name says more than the tags, which know neither 敬老院 nor 幸福院. Empty: a facility for
    old people of which neither tells the kind.
    """
    whom = {word.strip() for word in tags.get("social_facility:for", "").split(";")} - {""}
    if any(key in tags for key in ("highway", "public_transport", "railway")):
        return None  # the stop in front of a home bears its name
    if whom and not whom & _OLD:
        return None
    return _named_kinds(tags) or _tagged_kinds(tags, for_old=bool(whom))


def _named_kinds(tags: Mapping[str, str]) -> frozenset[str]:
    """Return the kinds that the name says; none where the object can hardly be one."""
    amenity = tags.get("amenity")
    if amenity in _NAMED or (amenity is None and {"building", "office"} & tags.keys()):
        return match_kinds(tags.get("name", "")) - _ELSEWHERE
    return frozenset()


def _tagged_kinds(tags: Mapping[str, str], *, for_old: bool) -> frozenset[str] | None:
    amenity, service = tags.get("amenity"), tags.get("social_facility")
    if service in _BY_TAG and (for_old or amenity in {None, "social_facility"}):
        return frozenset({_BY_TAG[service]})
    if amenity == "nursing_home":
        return frozenset({"nursing_institution"})
    if amenity == "community_centre" and tags.get("community_centre:for") in _OLD:
        return frozenset({"activity_centre"})
    return frozenset() if for_old and (amenity == "social_facility" or service) else None


def read_osm_features(path: Path) -> OsmFeatures:
    """Read an OpenStreetMap file's facilities, residential areas, gates and dwellings.

    A place=neighbourhood that is the only one inside a residential area is that area's name, and
    no row of its own. Gates stand within 15 m of an area's outline, dwellings inside one.

    Raises
    ------
    SourceError
        The file is refused.
    RuntimeError, ValueError, OSError
        The file cannot be read (osmium's message says where).
    """
    check_content(path)
    found, incomplete = _scan(path)
    residential = _residential(found)
    tree = shapely.STRtree(residential.geometry.to_numpy())
    gates = _gates(found.gates, residential, tree)
    buildings = _buildings(found.buildings, residential, tree)
    facilities = _frame("facilities", found.facilities, [_facility(o) for o in found.facilities])
    facilities.geometry = facilities.geometry.map(lambda shape: shape.point_on_surface())
    return OsmFeatures(
        {
            "facilities": facilities,
            "residential": residential,
            "gates": gates,
            "buildings": buildings,
        },
        gates_left_out=len(found.gates) - len(gates),
        buildings_left_out=len(found.buildings) - len(buildings),
        incomplete=incomplete,
    )


def _scan(path: Path) -> tuple[_Found, int]:
    """Return every object that matters, and how many areas are incomplete."""
    found, whole, wanted = _Found(), set(), set()
    as_wkb: Any = osmium.geom.WKBFactory()
    keys = KeyFilter(*_KEYS)
    things: Any = osmium.FileProcessor(osm_file(path)).with_areas(keys).with_filter(keys)
    for thing in things:
        if not thing.is_area() and thing.deleted:
            continue
        tags = dict(thing.tags)
        if thing.is_node():
            _sort(found, f"n{thing.id}", tags, shapely.Point(thing.lon, thing.lat))
        elif thing.is_area():
            own = f"{'w' if thing.from_way() else 'r'}{thing.orig_id()}"
            whole.add(own)
            _sort(
                found, own, tags, shapely.from_wkb(bytes.fromhex(as_wkb.create_multipolygon(thing)))
            )
        elif _is_area(thing, tags):
            wanted.add(f"{'w' if thing.is_way() else 'r'}{thing.id}")
    for objects in (getattr(found, name) for name in _Found.__slots__):
        objects.sort(key=lambda one: (one.id[0], int(one.id[1:])))
    return found, len(wanted - whole)


def _is_area(thing: Any, tags: Mapping[str, str]) -> bool:
    """Return whether a way or relation is an area that we would take."""
    if not (tags.get("landuse") == "residential" or tags.get("building") in _HOUSES):
        return False
    return bool(thing.is_closed() if thing.is_way() else tags.get("type") == "multipolygon")


def _sort(found: _Found, own: str, tags: dict[str, str], shape: Any) -> None:
    """File an object where it belongs; a home's building is the home, no dwelling."""
    if shape.geom_type == "MultiPolygon" and len(shape.geoms) == 1:
        shape = shape.geoms[0]
    one = _Object(own, tags, shape)
    is_area = shape.geom_type != "Point"
    if facility_kinds(tags) is not None:
        found.facilities.append(one)
    elif is_area and tags.get("landuse") == "residential":
        found.residential.append(one)
    elif tags.get("place") == "neighbourhood":
        (found.residential if is_area else found.neighbourhoods).append(one)
    elif (
        is_area
        and tags.get("building") in _HOUSES
        and not {"amenity", "shop", "office"} & tags.keys()
    ):
        found.buildings.append(one)
    elif not is_area and tags.get("barrier") in _GATES and tags.get("foot") != "no":
        found.gates.append(one)


def _facility(one: _Object) -> dict[str, Any]:
    tags = one.tags
    named = facility_kinds(tags) or ()
    titles = [spec.title["zh"] for key, spec in kinds().items() if key in named]
    return {
        "name": _name(tags),
        "kinds": "、".join(titles) or None,
        "stage": _stage(tags),
        "beds": _number(tags.get("beds") or tags.get("capacity:beds")),
        "opened_year": _year(tags.get("start_date")),
    }


def _residential(found: _Found) -> gpd.GeoDataFrame:
    """Return areas, and the neighbourhoods that no area stands for."""
    areas = found.residential
    tree = shapely.STRtree([one.shape for one in areas])
    points = np.array([one.shape for one in found.neighbourhoods], dtype=object)
    inside: dict[int, list[int]] = {}
    for point, area in zip(*tree.query(points, predicate="intersects"), strict=True):
        inside.setdefault(int(area), []).append(int(point))
    alone = {area: held[0] for area, held in inside.items() if len(held) == 1}
    rows = [_area(one) for one in areas]
    for area, point in alone.items():
        rows[area]["name"] = rows[area]["name"] or _name(found.neighbourhoods[point].tags)
    named = set(alone.values())
    rest = [one for at, one in enumerate(found.neighbourhoods) if at not in named]
    return _frame("residential", [*areas, *rest], [*rows, *map(_area, rest)])


def _area(one: _Object) -> dict[str, Any]:
    return {
        "name": _name(one.tags),
        "setting": _SETTING.get(one.tags.get("residential", "")),
        "built_year": _year(one.tags.get("start_date")),
        "basis": "OpenStreetMap",
    }


def _gates(objects: list[_Object], residential: gpd.GeoDataFrame, tree: Any) -> gpd.GeoDataFrame:
    """Return the gates of areas, each with the id of the area whose outline is nearest."""
    metres = residential.estimate_utm_crs() if len(residential) else None
    outlines = residential.boundary.to_crs(metres) if len(residential) else None
    kept, rows = [], []
    for one in objects:
        near = tree.query(one.shape.buffer(_FARTHEST_DEGREES))
        if outlines is None or not len(near):
            continue
        place = gpd.GeoSeries([one.shape], crs=4326).to_crs(metres).iloc[0]
        apart = shapely.distance(outlines.to_numpy()[near], place)
        apart[np.isnan(apart)] = np.inf  # an area known as a point only has no outline
        best = int(np.argmin(apart))
        if apart[best] <= _GATE_M:
            kept.append(one)
            who = Passage(post_passage(pd.DataFrame([one.tags]))[0])
            owner = residential["id"].iloc[int(near[best])]
            rows.append({"residential": owner, "open": _OPEN.get(who)})
    return _frame("gates", kept, rows)


def _buildings(
    objects: list[_Object], residential: gpd.GeoDataFrame, tree: Any
) -> gpd.GeoDataFrame:
    inside = np.array([one.shape.point_on_surface() for one in objects], dtype=object)
    owner: dict[int, int] = {}
    for building, area in zip(*tree.query(inside, predicate="within"), strict=True):
        owner.setdefault(int(building), int(area))
    kept = [objects[at] for at in sorted(owner)]
    rows = [
        {
            "residential": residential["id"].iloc[owner[at]],
            "dwellings": _number(objects[at].tags.get("building:flats")),
            "floors": _number(objects[at].tags.get("building:levels")),
        }
        for at in sorted(owner)
    ]
    return _frame("buildings", kept, rows)


def _frame(
    layer: str, objects: Iterable[_Object], rows: Iterable[Mapping[str, Any]]
) -> gpd.GeoDataFrame:
    """Return a layer with every column of the dictionary but the coordinates'."""
    objects = list(objects)
    filled = [{"id": one.id, **row} for one, row in zip(objects, rows, strict=True)]
    specs = [s for s in columns(layer).values() if s.name not in {"lon", "lat", "illustrative"}]
    data = {
        spec.name: pd.Series(
            [row.get(spec.name) for row in filled],
            dtype=float if spec.type in {"number", "integer"} else object,
        )
        for spec in specs
    }
    data[TAGS_COLUMN] = pd.Series(
        [
            "; ".join(f"{k}={v}" for k, v in sorted(one.tags.items()) if k in _SHOWN)
            for one in objects
        ],
        dtype=object,
    )
    return gpd.GeoDataFrame(data, geometry=[one.shape for one in objects], crs="EPSG:4326")


_OF_FACILITIES = ("social_facility:for", "community_centre:for", "residential")
_OF_PASSAGE = (
    *("access", "access:conditional", "foot", "foot:conditional", "locked", "opening_hours"),
)
_OF_STATES = ("operational_status", "disused", "abandoned", "construction", "end_date")
_SHOWN = frozenset({*_KEYS, *_OF_FACILITIES, *_OF_PASSAGE, *_OF_STATES})


def _stage(tags: Mapping[str, str]) -> str | None:
    """Return the stage of a facility as a ledger has it, where tags tell that it is not open."""
    state = tags.get("operational_status", "").strip().casefold()
    if state in _ENDED or "end_date" in tags:
        return "停用"
    told = state_of({key: value for key, value in tags.items() if key in LIFE_CYCLE})
    if told is None:
        return None
    key = told.split("=")[0]
    return {"construction": "在建", "planned": "规划", "proposed": "规划"}.get(key, "停用")


def _name(tags: Mapping[str, str]) -> str | None:
    return tags.get("name:zh") or tags.get("name") or None


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if np.isfinite(value) and value >= 0 else None


def _year(text: str | None) -> float | None:
    start = (text or "")[:4]
    return float(start) if start.isdigit() and len(start) == 4 else None  # noqa: PLR2004
