"""Build the study of 清华园—五道口 from ``wudaokou.osm``.

Run it with the project's environment: ``python -B data/wudaokou/build.py``. It needs no network
and writes the same bytes every time with the same libraries. ``facilities.csv`` is typed by hand
and all invented; every number here is printed in ``SOURCE.md`` too: change them together.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import osmium
import pyogrio
import shapely
from shapely.geometry import LineString

HERE = Path(__file__).resolve().parent
METRIC = "EPSG:4548"  # CGCS2000 3-degree zone of 117° E
DATA_DAY = "2017-06-24"

HOMES = ("residential", "apartments")
CLUSTER_REACH_M = 25.0  # buildings nearer than twice this to each other are one group
CLUSTER_SHRINK_M = 10.0  # of that, drawn back in: the outline runs 15 m outside the walls
STREET_HALF_M = 5.0  # named streets part the groups
CLUSTER_FOOTPRINT_M2 = 1400.0  # together, and at least two buildings
HALL_M2 = 6000.0  # a larger outline is no single house of flats
BUNGALOW_M2 = 430.0  # up to this footprint a house has one floor, above it six
FLOORS = {True: 1.0, False: 6.0}  # by: is a bungalow
DWELLING_SHARE = 0.9
DWELLING_M2 = 100.0
DENSITY = {"西院": 60.0, "华清嘉园小区": 150.0}  # 户/ha where no house is mapped
INSIDE_M = 1.0  # a street enters a compound where more of it than this runs inside
SIDES = ("东", "东北", "北", "西北", "西", "西南", "南", "东南")
OLD = {"新林院", "西院"}  # age class 老旧, illustrative; all others 已建成


@dataclass
class Osm:
    """What is used of the OSM file, projected to ``METRIC``."""

    streets: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame
    compounds: gpd.GeoDataFrame


def read_osm(path: Path) -> Osm:
    """Read streets, buildings and the named residential land."""
    rows: dict[str, list[dict[str, Any]]] = {"way": [], "house": [], "land": []}
    wkb = osmium.geom.WKBFactory()
    for thing in osmium.FileProcessor(path).with_locations().with_areas():
        tags = dict(thing.tags)
        if thing.is_way() and "highway" in tags:
            points = [(n.lon, n.lat) for n in thing.nodes if n.location.valid()]
            if len(points) > 1:
                common = {"osm_id": thing.id, "name": tags.get("name")}
                rows["way"].append(common | {"geometry": LineString(points)})
        elif thing.is_area() and ("building" in tags or tags.get("landuse") == "residential"):
            shape = shapely.from_wkb(bytes.fromhex(wkb.create_multipolygon(thing)))
            common = {"osm_id": thing.orig_id(), "name": tags.get("name"), "geometry": shape}
            if "building" in tags:
                rows["house"].append(common | {"building": tags["building"]})
            else:
                rows["land"].append(common)

    def frame(key: str) -> gpd.GeoDataFrame:
        made = gpd.GeoDataFrame(rows[key], crs="EPSG:4326").to_crs(METRIC)
        return made.sort_values("osm_id", ignore_index=True)

    return Osm(frame("way"), frame("house"), frame("land"))


def groups_of_homes(osm: Osm) -> list[shapely.Polygon]:
    """Return outlines of groups of homes outside the named compounds, parted by named streets."""
    spot = osm.buildings.representative_point()
    compounds = osm.compounds.union_all()
    own = osm.buildings.building.isin(HOMES) & (osm.buildings.area <= HALL_M2)
    homes = osm.buildings[own & ~spot.within(compounds)]
    street = osm.streets[osm.streets.name.notna()].union_all().buffer(STREET_HALF_M)
    land = homes.union_all().buffer(CLUSTER_REACH_M).buffer(-CLUSTER_SHRINK_M)
    found = []
    for part in shapely.get_parts(land.difference(street).difference(compounds)):
        inside = homes[homes.representative_point().within(part)]
        if len(inside) > 1 and inside.area.sum() >= CLUSTER_FOOTPRINT_M2:
            found.append(shapely.Polygon(part.exterior).simplify(0.5))
    return sorted(found, key=lambda p: (p.centroid.x // 500, -p.centroid.y))


def count_households(
    name: str, shape: shapely.Polygon, houses: gpd.GeoDataFrame
) -> tuple[int, str]:
    """Return the households of an area, to the nearest ten, and where the number comes from."""
    if name in DENSITY:
        ha, density = shape.area / 1e4, DENSITY[name]
        return round(ha * density, -1), f"估算：{ha:.1f} ha × {density:g} 户/ha；类别为示例"
    inside = houses[
        houses.building.isin((*HOMES, "yes"))
        & (houses.area <= HALL_M2)
        & houses.representative_point().within(shape)
    ]
    floors = (inside.area <= BUNGALOW_M2).map(FLOORS)
    dwellings = (inside.area * floors).sum() * DWELLING_SHARE / DWELLING_M2
    text = (
        f"估算：OSM楼栋基底 {inside.area.sum():.0f} m² × 层数 × {DWELLING_SHARE:g}"
        f" ÷ {DWELLING_M2:g} m²/户；类别为示例"
    )
    return round(dwellings, -1), text


def residential_layer(osm: Osm) -> gpd.GeoDataFrame:
    """Return the residential layer (metric CRS) with the ledger's own headers."""
    land = zip(osm.compounds.name, osm.compounds.geometry, strict=True)
    areas = [(f"N{i}", name, shape) for i, (name, shape) in enumerate(land, 1)]
    named = osm.streets[osm.streets.name.notna()]
    seen: Counter[str] = Counter()
    for i, shape in enumerate(groups_of_homes(osm), 1):
        street = str(named.name[named.distance(shape).idxmin()])
        seen[street] += 1
        areas.append((f"C{i:02d}", f"{street}住宅楼群{seen[street]}", shape))
    rows = []
    for key, name, shape in areas:
        households, basis = count_households(name, shape, osm.buildings)
        (outline,) = shapely.get_parts(shape)
        rows.append(
            {
                "小区编号": key,
                "小区名称": name,
                "户数": households,
                "小区类别": "老旧" if name in OLD else "已建成",
                "城乡": "城镇",
                "建设阶段": "入住",
                "户数来源": basis,
                "示例": "是",
                "geometry": outline,
            }
        )
    layer = gpd.GeoDataFrame(rows, crs=METRIC)
    layer["户数"] = layer["户数"].astype("int64")
    return layer


def gates_layer(areas: gpd.GeoDataFrame, osm: Osm) -> gpd.GeoDataFrame:
    """Return a gate wherever a street passes the outline of a named compound.

    Gates are named by the side of the compound and counted from west to east.
    """
    rows = []
    compounds = areas[areas["小区编号"].str.startswith("N")]
    for key, shape in zip(compounds["小区编号"], compounds.geometry, strict=True):
        inner = osm.streets.intersection(shape).length
        ways = osm.streets[(inner > INSIDE_M) & ~osm.streets.within(shape)]
        spots = [
            (spot, way)
            for way, line in zip(ways.osm_id, ways.geometry, strict=True)
            for spot in shapely.get_parts(line.intersection(shape.boundary))
        ]
        centre = shape.representative_point()
        seen: Counter[str] = Counter()
        for spot, way in sorted(spots, key=lambda s: s[0].x):
            turn = math.atan2(spot.y - centre.y, spot.x - centre.x) / math.tau
            side = SIDES[round(turn * len(SIDES)) % len(SIDES)]
            seen[side] += 1
            rows.append(
                {
                    "所属小区": key,
                    "大门名称": f"{side}侧{seen[side]}号口",
                    "是否开放": "是",
                    "来源": f"OSM way {way}",
                    "geometry": spot,
                }
            )
    return gpd.GeoDataFrame(rows, crs=METRIC)


def main() -> None:
    """Build both layers of the study and say what was made."""
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{DATA_DAY}T00:00:00.000Z"})
    osm = read_osm(HERE / "wudaokou.osm")
    areas = residential_layer(osm)
    gates = gates_layer(areas, osm)
    layer = areas.to_crs("EPSG:4326")
    layer["geometry"] = layer.set_precision(1e-7)
    path = HERE / "residential.gpkg"
    path.unlink(missing_ok=True)
    layer.to_file(path, layer="residential", driver="GPKG")
    gates.to_crs("EPSG:4326").to_file(
        HERE / "gates.geojson", driver="GeoJSON", COORDINATE_PRECISION=7
    )
    print(f"areas: {len(areas)}\ngates: {len(gates)}")


if __name__ == "__main__":
    main()
