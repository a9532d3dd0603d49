"""Derive residential areas from OpenStreetMap: blocks, clusters of houses, places.

Every number here is printed in ``SOURCE.md`` too: change them together.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import osmium
import pandas as pd
import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.ops import polygonize

if TYPE_CHECKING:
    from pathlib import Path

METRIC = "EPSG:4548"  # CGCS2000 3-degree zone of 117° E

STREET_INSET_M = 8.0  # half of a street with its pavements: blocks end there
OPENING_M = 12.0  # tongues narrower than twice this are no land to live on
BLOCK_HA = (0.5, 40.0)
BLOCK_WIDTH_M = 50.0  # widest circle inside; the strips between two carriageways are narrower
FACE_LAND_SHARE = 0.5  # a face mostly of other land (the power station) holds no block
BLOCK_STREET_SHARE = 0.55  # of the outline, along streets: drops the triangles of the railway yard
STREET_NEAR_M = 30.0
POINT_APART_M = 200.0  # a quarter whose node is farther from every outline is an area of its own
CLUSTER_GAP_M = 80.0  # buildings nearer than this to each other are one cluster
CLUSTER_MARGIN_M = 15.0
CLUSTER_FOOTPRINT_M2 = 1400.0  # together, and at least two buildings
HALL_M2 = 6000.0  # a larger building is a hall, not housing
MAPPED_SHARE = 0.05  # footprints of flats over block area: from here on buildings count as mapped
FLOORS = {"apartments": 6.0, "yes": 3.0}
DWELLING_SHARE = {"apartments": 0.9, "yes": 0.5}
DWELLING_M2 = 100.0
DENSITY = {"雄石街道": 60.0, "东门街道": 50.0, "花园街道": 40.0}  # 户/ha
POINT_HOUSEHOLDS = {
    "花园村": 180,
    "黄坑村": 260,
    "柏里村": 240,
    "大岩苏家": 70,
    "炼厂社区": 620,
    "化肥厂社区": 540,
    "雄石社区": 410,
    "白果社区": 380,
}

DIRECTIONS = ("东", "东北", "北", "西北", "西", "西南", "南", "东南")


@dataclass
class Osm:
    """What is used of the OSM file, projected to ``METRIC``."""

    streets: gpd.GeoDataFrame
    rails: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame
    places: gpd.GeoDataFrame
    other_land: shapely.Geometry


@dataclass
class Area:
    """One residential area before its attributes are known."""

    shape: shapely.Geometry  # polygon, or point
    kind: str  # block | cluster | point
    quarter: str
    name: str = ""


def read_osm(path: Path) -> Osm:
    """Read streets, railways, buildings, places and land that is not for living on."""
    rows: dict[str, list[dict[str, Any]]] = {k: [] for k in ("way", "rail", "house", "place")}
    land: list[shapely.Geometry] = []
    wkb = osmium.geom.WKBFactory()
    for thing in osmium.FileProcessor(path).with_locations().with_areas():
        tags = dict(thing.tags)
        if thing.is_node() and tags.get("place") in {"quarter", "village"}:
            where = Point(thing.lon, thing.lat)
            rows["place"].append({"name": tags["name"], "place": tags["place"], "geometry": where})
        elif thing.is_way():
            points = [(n.lon, n.lat) for n in thing.nodes if n.location.valid()]
            common = {"osm_id": thing.id, "name": tags.get("name")}
            if "highway" in tags:
                line = LineString(points)
                rows["way"].append(common | {"highway": tags["highway"], "geometry": line})
            elif tags.get("railway") == "rail":
                rows["rail"].append(common | {"geometry": LineString(points)})
            elif "building" in tags:
                ring = Polygon(points)
                rows["house"].append(common | {"building": tags["building"], "geometry": ring})
        elif thing.is_area() and (
            tags.get("natural") == "water"
            or tags.get("landuse") in {"industrial", "railway"}
            or tags.get("leisure") in {"park", "pitch"}
            or tags.get("amenity") == "school"
        ):
            land.append(shapely.from_wkb(bytes.fromhex(wkb.create_multipolygon(thing))))

    def frame(key: str) -> gpd.GeoDataFrame:
        return gpd.GeoDataFrame(rows[key], crs="EPSG:4326").to_crs(METRIC)

    other = gpd.GeoSeries(land, crs="EPSG:4326").to_crs(METRIC).union_all()
    return Osm(frame("way"), frame("rail"), frame("house"), frame("place"), other)


def parts(shape: shapely.Geometry) -> list[Polygon]:
    """Return the polygons of a shape."""
    return [p for p in shapely.get_parts(shape).tolist() if p.geom_type == "Polygon"]


def blocks(osm: Osm) -> list[Polygon]:
    """Return the blocks that streets (and here and there a railway) enclose.

    The faces of the street and railway lines, drawn in by half a street, without water, parks,
    industry, railway land, school grounds and sports pitches.
    """
    street = osm.streets.geometry.union_all()
    beside_street = street.buffer(STREET_INSET_M * 2)
    found = []
    for face in polygonize(shapely.union_all([street, osm.rails.geometry.union_all()])):
        land = face.buffer(-STREET_INSET_M, join_style="mitre").difference(osm.other_land)
        if land.area < FACE_LAND_SHARE * face.area:
            continue
        opened = land.buffer(-OPENING_M, join_style="mitre").buffer(OPENING_M, join_style="mitre")
        for block in parts(opened.intersection(land)):
            if not BLOCK_HA[0] <= block.area / 1e4 <= BLOCK_HA[1]:
                continue
            if 2 * shapely.maximum_inscribed_circle(block).length < BLOCK_WIDTH_M:
                continue
            outline = block.exterior
            if outline.intersection(beside_street).length >= BLOCK_STREET_SHARE * outline.length:
                found.append(block.simplify(0.5))
    return found


def clusters(osm: Osm, taken: shapely.Geometry) -> list[Polygon]:
    """Return the outlines of groups of houses that stand outside every block."""
    spot = osm.buildings.representative_point()
    houses = osm.buildings[
        osm.buildings.building.isin(FLOORS)
        & (osm.buildings.area < HALL_M2)
        & ~spot.within(taken)
        & ~spot.within(osm.other_land)
    ]
    found = []
    for group in parts(houses.buffer(CLUSTER_GAP_M / 2).union_all()):
        own = houses[houses.representative_point().within(group)]
        if len(own) == 1 or own.area.sum() < CLUSTER_FOOTPRINT_M2:
            continue
        hull = own.geometry.union_all().convex_hull.buffer(CLUSTER_MARGIN_M, join_style="mitre")
        rest = parts(hull.difference(taken.buffer(1)).difference(osm.other_land))
        found.append(max(rest, key=lambda p: p.area).simplify(0.5))
    return found


def nearest(places: gpd.GeoDataFrame, shape: shapely.Geometry) -> str:
    """Return the name of the place nearest to a shape's representative point."""
    return str(places.name[places.distance(shape.representative_point()).idxmin()])


def west_to_east(shape: shapely.Geometry) -> tuple[int, int]:
    """Return a sort key in columns of 500 m from the west, each from the north."""
    at = shape.representative_point()
    return int(at.x // 500), -round(at.y)


def direction(start: Point, end: Point, names: tuple[str, ...]) -> str:
    """Return the compass direction from ``start`` to ``end``; ``names`` run east, north, west."""
    turn = math.atan2(end.y - start.y, end.x - start.x) / math.tau
    return names[round(turn * len(names)) % len(names)]


def named(area: Area, streets: gpd.GeoDataFrame, place: Point) -> str:
    """Name an area after the real streets around it and the nearest real quarter.

    Two streets bound it: A—B街坊; one: A北侧街坊; none: the direction from the quarter's node.
    """
    centre = area.shape.representative_point()
    near = streets.assign(along=streets.intersection(area.shape.buffer(STREET_NEAR_M)).length)
    along = near[near.along >= 2 * STREET_NEAR_M].sort_values("along", ascending=False)
    around = list(along.name[:2])
    if area.kind == "cluster":
        street = streets.name[streets.distance(centre).idxmin()]
        return f"{street}住宅楼群（{area.quarter}）"
    if len(around) == 2:  # noqa: PLR2004
        return f"{around[0]}—{around[1]}街坊（{area.quarter}）"
    if around:
        foot = shapely.get_point(shapely.shortest_line(along.geometry.iloc[0], centre), 0)
        side = direction(foot, centre, DIRECTIONS[::2])
        return f"{around[0]}{side}侧街坊（{area.quarter}）"
    return f"{area.quarter}{direction(place, centre, DIRECTIONS)}街坊"


def numbered(names: list[str]) -> list[str]:
    """Make names unique: the second and later of a name get 二, 三, … before the bracket."""
    seen: Counter[str] = Counter()
    result = []
    for name in names:
        seen[name] += 1
        head, bracket, rest = name.partition("（")
        more = "" if seen[name] == 1 else "一二三四五六七八九十"[seen[name] - 1]
        result.append(f"{head}{more}{bracket}{rest}")
    return result


def count_households(area: Area, unit: str, buildings: gpd.GeoDataFrame) -> tuple[int, str]:
    """Return the households of an area, to the nearest ten, and where the number comes from."""
    if area.kind == "point":
        return POINT_HOUSEHOLDS[area.quarter], "示例户数：OSM地名点，无楼栋可测"
    inside = buildings[buildings.representative_point().within(area.shape)]
    flats = inside[inside.building == "apartments"]
    if area.kind == "block" and flats.area.sum() < MAPPED_SHARE * area.shape.area:
        ha, density = area.shape.area / 1e4, DENSITY[unit]
        return round(ha * density, -1), f"估算：{ha:.1f} ha × {density:g} 户/ha"
    dwellings = sum(
        inside.area[inside.building == use].sum() * floors * DWELLING_SHARE[use] / DWELLING_M2
        for use, floors in FLOORS.items()
    )
    text = f"估算：OSM楼栋基底 {inside.area.sum():.0f} m² × 层数 × 住宅比例 ÷ {DWELLING_M2:g} m²/户"
    return round(dwellings, -1), text


def find_areas(osm: Osm) -> list[Area]:
    """Return every residential area with shape, quarter, name and households, in order of id."""
    solid = blocks(osm)
    groups = clusters(osm, shapely.union_all(solid))
    housed = shapely.union_all([*solid, *groups])
    quarters = osm.places[osm.places.place == "quarter"]
    villages = osm.places[osm.places.place == "village"]
    alone = pd.concat([villages, quarters[quarters.distance(housed) > POINT_APART_M]])
    areas = [Area(s, "block", nearest(quarters, s)) for s in solid]
    areas += [Area(s, "cluster", nearest(osm.places, s)) for s in groups]
    areas += [Area(p, "point", n) for n, p in zip(alone.name, alone.geometry, strict=True)]
    order = {"block": 0, "cluster": 1, "point": 2}
    areas.sort(key=lambda a: (order[a.kind], *west_to_east(a.shape)))
    streets = osm.streets[osm.streets.name.notna()].dissolve("name", as_index=False)
    where = osm.places.set_index("name").geometry
    for area in areas:
        if area.kind == "point":
            is_village = area.quarter in set(villages.name)
            area.name = area.quarter if is_village else f"{area.quarter}居住点"
        else:
            area.name = named(area, streets, where[area.quarter])
    for area, name in zip(areas, numbered([a.name for a in areas]), strict=True):
        area.name = name
    return areas
