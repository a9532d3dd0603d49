"""Build the study of the seat of 贵溪市 from the files in this folder.

Run it with the project's environment: ``python -B data/guixi/build.py``. It reads ``guixi.osm`` and
``source/``, needs no network, and writes the same bytes every time with the same libraries.

What is real: streets, buildings, places (OpenStreetMap) and the names and codes of units and
communities (NBS 2023). What is derived: the outlines of the blocks and clusters, and their
households, by the formulas printed in ``SOURCE.md``. What is invented, and marked 示例: facilities,
candidate sites, exemption, age classes, stages and the membership of areas in communities.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import Counter
from datetime import datetime
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import shapely
from openpyxl.styles import Font, PatternFill
from osm_areas import METRIC, Area, Osm, count_households, find_areas, read_osm
from shapely.geometry import Point, Polygon

HERE = Path(__file__).resolve().parent
SOURCE = HERE / "source"
DATA_DAY = datetime(2024, 11, 18)  # noqa: DTZ001 - the day of the OSM data; file formats want it bare

UNITS_ON_SHEET = {"360681001", "360681002", "360681003", "360681111"}
FRONT_M = 10.0  # an invented facility stands this far inside its block
MARK = "；类别、阶段、社区归属为示例"
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
                "户数来源": f"示例：{own['note']}" if told != households else f"{basis}{MARK}",
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
    front = Polygon(homes.geometry[key].exterior).buffer(-FRONT_M).exterior
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
    """Write ``units.csv``: the three streets and the town on the map sheet, and what is in them.

    The ledgers cover the sheet only; the other 29 units would count as places without a centre.
    """
    with (HERE / "units.csv").open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream, lineterminator="\n")
        out.writerow(["行政区划代码", "名称", "城乡"])
        for row in read_source("units_nbs2023.csv"):
            if row["code"] in UNITS_ON_SHEET:
                out.writerow([row["code"], row["name"], ""])
        for row in read_source("communities_nbs2023.csv"):
            if row["code"][:9] not in UNITS_ON_SHEET:
                continue
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
