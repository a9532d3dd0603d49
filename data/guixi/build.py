"""Build the study of the seat of 贵溪市 from the files in this folder.

Run it with the project's environment: ``python data/guixi/build.py``. It reads ``guixi.osm`` and
``source/``, needs no network, and writes the same bytes every time with the same libraries.

What is real: streets, buildings, places (OpenStreetMap) and the names and codes of units and
communities (NBS 2023). What is derived: the outlines of the blocks and clusters, and their
households, by the formulas printed in ``SOURCE.md``. What is invented, and marked 示例: facilities,
candidate sites, exemption, age classes, stages and the membership of areas in communities.
"""

from __future__ import annotations

import csv
import io
import math
import re
import zipfile
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import osmium
import pandas as pd
import pyogrio
import shapely
from openpyxl.styles import Font, PatternFill
from shapely.geometry import LineString, Point, Polygon
from shapely.ops import polygonize

HERE = Path(__file__).resolve().parent
SOURCE = HERE / "source"
DATA_DAY = datetime(2024, 11, 18)  # noqa: DTZ001 - the day of the OSM data; file formats want it bare
METRIC = "EPSG:4548"  # CGCS2000 3-degree zone of 117° E

# --- The numbers of SOURCE.md: change them there too. -------------------------------------------
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
DENSITY = {"雄石街道": 60.0, "东门街道": 50.0, "花园街道": 40.0, "滨江镇": 20.0}  # 户/ha
FRONT_M = 10.0  # an invented facility stands this far inside its block
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
PERSONS_PER_HOUSEHOLD = 2.7
ELDER_SHARE = 0.19

# OSM quarter or village -> community of the NBS list. By equal name, or (marked *) by reading the
# name of the factory or the hill; the membership of every area is illustrative all the same.
COMMUNITY = {
    "花园社区": "360681001005",
    "白果社区": "360681001001",
    "四建社区": "360681001010",  # * 四冶
    "炼厂社区": "360681001006",  # * 贵冶
    "化肥厂社区": "360681001003",  # * 贵化
    "西街社区": "360681002004",
    "南街社区": "360681002003",
    "东街社区": "360681002002",
    "北街社区": "360681002001",
    "发电厂社区": "360681003008",  # * 贵电
    "木丝岭社区": "360681003006",
    "城北社区": "360681003005",
    "烧箕山社区": "360681003010",  # * 筲箕山
    "江边社区": "360681003003",
    "雄石社区": "360681003002",
    "信江社区": "360681003001",
    "柏里村": "360681111201",
    "黄坑村": "360681111204",
}
NO_COMMUNITY = {"花园村": "360681001", "大岩苏家": "360681111"}  # only the unit is assumed
PREFIX = {"block": "R", "cluster": "C", "point": "P"}
VILLAGES_FROM, SPECIAL_FROM = 200, 400  # last three digits: 居委会 below, 村委会, special above
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
            area.name = area.quarter if area.quarter.endswith("村") else f"{area.quarter}居住点"
        else:
            area.name = named(area, streets, where[area.quarter])
    for area, name in zip(areas, numbered([a.name for a in areas]), strict=True):
        area.name = name
    return areas


def read_source(name: str) -> list[dict[str, str]]:
    """Read one hand-made or downloaded table."""
    with (SOURCE / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def residential_layer(areas: list[Area], osm: Osm) -> gpd.GeoDataFrame:
    """Return the residential layer (index: id; metric CRS) with the ledger's own headers."""
    unit_name = {row["code"]: row["name"] for row in read_source("units_nbs2023.csv")}
    typed = {row["id"]: row for row in read_source("areas.csv")}
    counter: Counter[str] = Counter()
    rows = []
    for area in areas:
        counter[area.kind] += 1
        key = f"{PREFIX[area.kind]}{counter[area.kind]:02d}"
        community = COMMUNITY.get(area.quarter, "")
        unit = unit_name[(community or NO_COMMUNITY[area.quarter])[:9]]
        own = typed.pop(key, {})
        households, basis = count_households(area, unit, osm.buildings)
        told = {"": households, "blank": None}.get(own.get("households", ""), 0)
        lived_in = own.get("stage") not in {"规划", "在建"}
        persons = told if lived_in and own.get("persons") != "blank" else None
        required = own.get("required_m2")
        rows.append(
            {
                "小区编号": key,
                "小区名称": area.name,
                "所属街道": unit,
                "所属社区": community or None,
                "户数": told if lived_in else None,
                "规划户数": told if own.get("planned") else None,
                "人口": persons and round(persons * PERSONS_PER_HOUSEHOLD),
                "60岁以上人口": persons and round(persons * PERSONS_PER_HOUSEHOLD * ELDER_SHARE),
                "小区类别": (own.get("age_class") or None) if own else "已建成",
                "城乡": own.get("setting") or "城镇",
                "建设阶段": (own.get("stage") or None) if own else "入住",
                "规划条件应配面积": float(required) if required else None,
                "户数来源": f"示例：{own['note']}" if told != households else basis,
                "示例": "是",
                "geometry": area.shape,
            }
        )
    if typed:
        raise ValueError(f"areas.csv names areas that are not there: {sorted(typed)}")
    return gpd.GeoDataFrame(rows, crs=METRIC).set_index("小区编号")


def place(row: dict[str, str], homes: gpd.GeoDataFrame, osm: Osm) -> Point | None:
    """Return where an invented row stands (metric), or None where its place is unknown.

    ``osm_way`` names a building; ``anchor`` is an area and metres east and north of its
    representative point, ``R10+-120,40``. A place inside a block or cluster is then drawn to the
    nearest side of it, as rooms for the public stand at the street.
    """
    if row.get("osm_way"):
        return (
            osm.buildings.set_index("osm_id").geometry[int(row["osm_way"])].representative_point()
        )
    if not row["anchor"]:
        return None
    key, _, offset = row["anchor"].partition("+")
    east, north = map(float, offset.split(","))
    start = homes.geometry[key].representative_point()
    at = Point(start.x + east, start.y + north)
    if not homes.geometry[key].contains(at):
        return at
    front = homes.geometry[key].buffer(-FRONT_M).boundary
    return shapely.get_point(shapely.shortest_line(front, at), 0)


def with_lonlat(rows: list[dict[str, str]], homes: gpd.GeoDataFrame, osm: Osm) -> gpd.GeoDataFrame:
    """Return invented rows as points in WGS 84; names carry the mark 示例·."""
    points = gpd.GeoSeries([place(row, homes, osm) for row in rows], crs=METRIC)
    return gpd.GeoDataFrame(pd.DataFrame(rows), geometry=points.to_crs("EPSG:4326"))


def write_residential(homes: gpd.GeoDataFrame) -> None:
    """Write ``residential.gpkg``: polygons and points in one layer."""
    layer = homes.reset_index().to_crs("EPSG:4326")
    layer["geometry"] = layer.set_precision(1e-7)
    for column in ("户数", "规划户数", "人口", "60岁以上人口"):
        layer[column] = layer[column].astype("Int64")
    path = HERE / "residential.gpkg"
    path.unlink(missing_ok=True)
    layer.to_file(path, layer="residential", driver="GPKG", geometry_type="Unknown")


def write_facilities(homes: gpd.GeoDataFrame, osm: Osm) -> None:
    """Write the Excel ledger ``facilities.xlsx``."""
    rows = read_source("facilities.csv")
    where = with_lonlat(rows, homes, osm).geometry
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "设施台账"
    headers = [h for h in rows[0] if h not in {"anchor", "note"}]
    sheet.append([*headers, "经度", "纬度", "示例"])
    for row, at in zip(rows, where, strict=True):
        cells = [cell(header, row[header]) for header in headers]
        cells[headers.index("设施名称")] = f"示例·{row['设施名称']}"
        lonlat = [None, None] if at is None else [round(at.x, 6), round(at.y, 6)]
        sheet.append([*cells, *lonlat, "是"])
    for title in sheet[1]:
        title.font = Font(bold=True)
        title.fill = PatternFill("solid", fgColor="DDEBF7")
        sheet.column_dimensions[title.column_letter].width = 30 if "名称" in title.value else 14
    sheet.freeze_panes = "C2"
    buffer = io.BytesIO()
    book.save(buffer)
    freeze_zip(buffer, HERE / "facilities.xlsx")


def cell(header: str, text: str) -> str | float | None:
    """Return a ledger cell: numbers as numbers, codes as text, blank as nothing."""
    if not text:
        return None
    if re.search("面积|床|星级|年份", header):
        number = float(text)
        return int(number) if number.is_integer() else number
    return text


def freeze_zip(made: io.BytesIO, path: Path) -> None:
    """Write a workbook without the time it was made at."""
    stamp = DATA_DAY.timetuple()[:6]
    iso = DATA_DAY.isoformat() + "Z"
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb">[0-9T:-]+Z<", f">{iso}<".encode(), content)
            new.writestr(zipfile.ZipInfo(name, stamp), content, zipfile.ZIP_DEFLATED)


def write_units() -> None:
    """Write ``units.csv``: the real streets, towns, communities and villages."""
    with (HERE / "units.csv").open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream, lineterminator="\n")
        out.writerow(["行政区划代码", "名称", "城乡"])
        for row in read_source("units_nbs2023.csv"):
            out.writerow([row["code"], row["name"], ""])
        for row in read_source("communities_nbs2023.csv"):
            last = int(row["code"][9:])
            setting = "城镇" if last < VILLAGES_FROM else "乡村" if last < SPECIAL_FROM else ""
            out.writerow([row["code"], row["name"], setting])


def write_candidates(homes: gpd.GeoDataFrame, osm: Osm) -> None:
    """Write ``candidates.geojson``."""
    rows = read_source("candidates.csv")
    sites = with_lonlat(rows, homes, osm).drop(columns=["osm_way", "anchor"])
    sites["资源名称"] = "示例·" + sites["资源名称"]
    sites["可用面积"] = sites["可用面积"].astype(float)
    sites["示例"] = "是"
    path = HERE / "candidates.geojson"
    sites.to_file(path, driver="GeoJSON", COORDINATE_PRECISION=6)


def main() -> None:
    """Build every file of the study and say what was made."""
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": DATA_DAY.isoformat() + ".000Z"})
    osm = read_osm(HERE / "guixi.osm")
    areas = find_areas(osm)
    homes = residential_layer(areas, osm)
    write_residential(homes)
    write_facilities(homes, osm)
    write_units()
    write_candidates(homes, osm)
    for kind, count in Counter(area.kind for area in areas).items():
        print(f"{kind}: {count}")


if __name__ == "__main__":
    main()
