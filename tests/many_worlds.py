"""Many small worlds in one study, 6 km apart: an area or two, and rooms; judged at once."""

from __future__ import annotations

import csv

import geopandas as gpd
import shapely

import lifecircle as lc

APART_M, AREAS_APART_M, SIDE_M = 6000, 600, 200
_SIGNS = (
    "琅琨珩珺瑜瑶璋璐琦琳琬瑾璟珊珞瑛璨玮璞瑄翊翎翙翚翯耘耜耦聃聆聿胤脩舜舸艮芃芄芊芩"
    "芮芷苒苓茉茗荃荇荻莞莳菁菡菱萱葳"
)
_ENDS = ("花园", "苑")
_STUDY = """[study]
name = "试验县"
county = "371721"
standard = "{standard}"
as_of = 2025-12-31
crs = "EPSG:4548"
[layers.residential]
path = "r.gpkg"
[layers.facilities]
path = "f.csv"
crs = "EPSG:4548"
"""
_AREA = {"户数": "500", "类别": "已建成", "城乡": "城镇", "阶段": "入住"}
_ROOMS = {"设施类型": "日间照料中心", "状态": "运营", "建筑面积": "100"}


def judged(folder, worlds, *, standard="caoxian-2023", clause="CX-03"):
    """Return the status of each area of each world under a clause, and the result.

    ``worlds``: pairs of areas and rooms, each a list of cells that differ from an existing estate
    of 500 households and a day care of 100 m² in use, which stands in the first area (``at``:
    metres from its corner). ``{0}`` and ``{1}`` in a cell are the names of the areas of its world.
    """
    areas, rooms = [], []
    for at, (estates, houses) in enumerate(worlds):
        x, y = 500_000 + at % 8 * APART_M, 3_850_000 + at // 8 * APART_M
        names = [_name(at, n) for n in range(2)]
        for n, cells in enumerate(estates):
            left = x + n * AREAS_APART_M
            shape = shapely.box(left, y, left + SIDE_M, y + SIDE_M)
            own = {"编号": f"R{at:03}{'AB'[n]}", "小区名称": names[n], "geometry": shape}
            areas.append(_AREA | own | _said(cells, names))
        for n, cells in enumerate(houses):
            own = {"编号": f"F{at:03}{'AB'[n]}", "设施名称": f"便民{at}{'甲乙'[n]}站"}
            east, north = cells.get("at", (50, 50))
            own |= {"X": x + east, "Y": y + north}
            rooms.append(_ROOMS | own | _said(cells, names))
    gpd.GeoDataFrame(areas, crs=4548).to_file(folder / "r.gpkg")
    with (folder / "f.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, dict.fromkeys(key for one in rooms for key in one), "")
        out.writeheader()
        out.writerows(rooms)
    (folder / "study.toml").write_text(_STUDY.format(standard=standard), encoding="utf-8")
    result = lc.assess(lc.read_study(folder / "study.toml"))
    found = result.findings[result.findings["clause"] == clause].set_index("id")["status"]
    told = [
        [str(found[f"R{at:03}{'AB'[n]}"]) for n in range(len(estates))]
        for at, (estates, _) in enumerate(worlds)
    ]
    return told, result


def _name(at, n):
    lap, number = divmod(2 * at + n, len(_SIGNS))
    other = (number + 17 + 11 * lap) % len(_SIGNS)
    return f"{_SIGNS[number]}{_SIGNS[other]}{_ENDS[n]}"


def _said(cells, names):
    return {key: cell.format(*names) for key, cell in cells.items() if key != "at"}
