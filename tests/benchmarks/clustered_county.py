"""One `lifecircle assess` of a large clustered county, beside a script as offices write it.

    python tests/benchmarks/clustered_county.py                       # make, assess, compare
    python tests/benchmarks/clustered_county.py --against ../before   # another checkout too
    python tests/benchmarks/clustered_county.py --stages              # and what each stage costs
    python tests/benchmarks/clustered_county.py --only-make FOLDER    # the files alone

The county is made by chance from one seed, so that every run has the same files: 3,000 areas as
polygons in 26 towns, 600 facilities of five kinds of which two in five record whom they serve, and
a street grid with gaps of 202,500 junctions as a line layer. Both programs run as processes of
their own on the same files, imports included and byte code kept, as an installed program has it;
CPU is user and system time together, the peak that of the process. The script joins the areas to
dissolved circles, searches the streets from all facilities at once, draws a folium map and writes
a sheet: a tenth of what is answered here.
"""

from __future__ import annotations

import argparse
import compileall
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from town import KEPT, STEP_M

ROOT = Path(__file__).parents[2]
CRS = "EPSG:4548"
ORIGIN = np.array([480_000.0, 3_850_000.0])
SIDE, TOWNS, BLOCK_M = 450, 26, 240.0
KINDS = ("日间照料中心", "社区养老服务站", "综合养老服务中心", "幸福院", "长者食堂")

STUDY = f"""
[study]
name = "三千小区县"
county = "371721"
crs = "{CRS}"
standard = "caoxian-2023"
as_of = 2024-06-30

[layers.residential]
path = "areas.gpkg"

[layers.facilities]
path = "facilities.csv"
crs = "{CRS}"

[layers.units]
path = "units.csv"
complete = true

[layers.streets]
path = "streets.gpkg"
"""

SCRIPT = """
import sys
from pathlib import Path
import folium, geopandas as gpd, networkx as nx, numpy as np, pandas as pd
from scipy.spatial import cKDTree
folder, out = Path(sys.argv[1]), Path(sys.argv[2])
areas = gpd.read_file(folder / "areas.gpkg")
table = pd.read_csv(folder / "facilities.csv")
spots = gpd.points_from_xy(table["经度"], table["纬度"])
places = gpd.GeoDataFrame(table, geometry=spots, crs=areas.crs)
circles = gpd.GeoDataFrame(geometry=places.buffer(1000), crs=areas.crs).dissolve()
areas["share"] = 0.0
inside = gpd.overlay(areas[["小区编号", "geometry"]], circles, how="intersection")
share = inside.set_index("小区编号").area / areas.set_index("小区编号").area
areas["share"] = share.reindex(areas["小区编号"]).fillna(0.0).to_numpy()
graph = nx.Graph()
for line in gpd.read_file(folder / "streets.gpkg").geometry:
    ends = list(line.coords)
    graph.add_edge(ends[0], ends[-1], weight=line.length)
nodes = np.array(list(graph.nodes))
tree = cKDTree(nodes)
near = lambda shapes: [tuple(nodes[i]) for i in tree.query(np.c_[shapes.x, shapes.y])[1]]
walk = nx.multi_source_dijkstra_path_length(graph, set(near(places.geometry)), weight="weight")
areas["walk_m"] = [walk.get(node, np.inf) for node in near(areas.representative_point())]
areas["within"] = areas["walk_m"] <= 1000
page = folium.Map()
folium.GeoJson(areas.to_crs(4326), style_function=lambda f: {
    "color": "green" if f["properties"]["within"] else "red"}).add_to(page)
page.save(out / "map.html")
areas.drop(columns="geometry").to_excel(out / "areas.xlsx", index=False)
"""


def make(
    folder: Path, seed: int = 7, *, areas: int = 3000, towns: int = TOWNS, side: int = SIDE
) -> None:
    """Write the county's files and its ``study.toml`` into a folder; a facility to five areas."""
    chance = np.random.default_rng(seed)
    centre = ORIGIN + STEP_M * side * chance.uniform(0.06, 0.94, (towns, 2))
    codes = np.array([f"3717211{n:02}" for n in range(towns)])
    units = pd.DataFrame({"行政区划代码": codes, "名称": [f"第{n}镇" for n in range(towns)]})
    units.to_csv(folder / "units.csv", index=False)
    homes = _areas(chance, centre, codes, areas, side)
    homes.to_file(folder / "areas.gpkg")
    places = _facilities(chance, centre, codes, homes, areas // 5, side)
    places.to_csv(folder / "facilities.csv", index=False)
    _streets(chance, side).to_file(folder / "streets.gpkg")
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")


def _spread(chance, centre, count, side):
    """Return places in clusters and the town of each: most near its centre, some far out."""
    town = chance.integers(0, len(centre), count)
    wide = np.where(chance.random(count) < 0.75, 900.0, 2500.0)[:, None]
    xy = centre[town] + wide * chance.standard_normal((count, 2))
    return np.clip(xy, ORIGIN + 150.0, ORIGIN + STEP_M * side - 150.0), town


def _blocks(chance, centre, count, side):
    """Return middles of blocks that do not overlap, denser near the towns, and the town of each."""
    blocks = np.arange(int(STEP_M * side // BLOCK_M))
    at = np.stack(np.meshgrid(blocks, blocks), axis=-1).reshape(-1, 2) + 0.5
    xy = ORIGIN + BLOCK_M * at
    away = np.linalg.norm(xy[:, None] - centre, axis=2)
    near = away.min(axis=1)
    wish = 3.0 * np.exp(-((near / 900.0) ** 2)) + np.exp(-((near / 2500.0) ** 2)) + 1e-4
    chosen = np.sort(chance.choice(len(xy), count, replace=False, p=wish / wish.sum()))
    return xy[chosen] + chance.uniform(-10, 10, (count, 2)), away.argmin(axis=1)[chosen]


def _areas(chance, centre, codes, count, side):
    at, town = _blocks(chance, centre, count, side)
    turn = (np.arange(8) + chance.uniform(0.1, 0.9, (count, 8))) * np.pi / 4
    out = chance.uniform(50, 110, (count, 8))
    rings = at[:, None] + np.stack([out * np.cos(turn), out * np.sin(turn)], axis=-1)
    homes = chance.integers(80, 2500, count)
    return gpd.GeoDataFrame(
        {
            "小区编号": [f"R{n:04}" for n in range(count)],
            "小区名称": [f"{'东南西北中'[n % 5]}苑{n}号小区" for n in range(count)],
            "所属镇街": codes[town],
            "户数": homes,
            "人口": (homes * 2.7).round(),
            "60岁以上人口": (homes * 0.5).round(),
            "小区类别": chance.choice(["已建成", "老旧", "新建"], count, p=[0.6, 0.2, 0.2]),
            "城乡": chance.choice(["城镇", "乡村"], count, p=[0.8, 0.2]),
            "建设阶段": "入住",
        },
        geometry=shapely.polygons(rings),
        crs=CRS,
    )


def _facilities(chance, centre, codes, areas, count, side):
    at, town = _spread(chance, centre, count, side)
    kind = np.array(KINDS)[chance.choice(len(KINDS), count, p=[0.3, 0.3, 0.1, 0.15, 0.15])]
    middle = shapely.get_coordinates(shapely.centroid(areas.geometry.to_numpy()))
    served = []
    for n in range(count):
        near = np.argsort(np.hypot(*(middle - at[n]).T))[: chance.integers(2, 6)]
        told = "；".join(areas["小区编号"].iloc[np.sort(near)])
        served.append(told if chance.random() < 0.4 else "")
    return pd.DataFrame(
        {
            "设施编号": [f"F{n:03}" for n in range(count)],
            "设施名称": [f"第{n}{kind[n]}" for n in range(count)],
            "设施类型": kind,
            "状态": chance.choice(["运营", "闲置"], count, p=[0.95, 0.05]),
            "所属镇街": codes[town],
            "建筑面积": chance.integers(60, 900, count),
            "床位数": chance.integers(0, 60, count),
            "服务小区": served,
            "经度": at[:, 0].round(2),
            "纬度": at[:, 1].round(2),
        }
    )


def _streets(chance, side):
    """Return a grid of side x side junctions moved by chance, a good two thirds of its streets."""
    at = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).reshape(-1, 2)
    xy = ORIGIN + STEP_M * (at + chance.uniform(-0.2, 0.2, at.shape))
    number = np.arange(side * side).reshape(side, side)
    across = np.stack([number[:, :-1].ravel(), number[:, 1:].ravel()], axis=1)
    up = np.stack([number[:-1].ravel(), number[1:].ravel()], axis=1)
    pair = np.concatenate([across, up])
    pair = pair[chance.random(len(pair)) < KEPT]
    names = np.where(chance.random(len(pair)) < 0.3, "人民路", None)
    return gpd.GeoDataFrame(
        {"name": names, "highway": "residential"}, geometry=shapely.linestrings(xy[pair]), crs=CRS
    )


def spent(command: list[str], **env: str) -> tuple[float, float]:
    """Return seconds of CPU (user and system) and the peak in GiB of one process."""
    child = subprocess.Popen(command, env={**os.environ, **env})  # noqa: S603
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{command[0]} ended with {child.returncode}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024**2


def assessed(tree: Path, study: Path, out: Path, cache: Path) -> tuple[float, float]:
    """Assess the county with a checkout's own program; what is kept of streets is in ``cache``."""
    command = [sys.executable, "-m", "lifecircle", "assess", str(study), "--out", str(out), "-q"]
    return spent(command, PYTHONPATH=str(tree / "coverage"), LIFECIRCLE_CACHE=str(cache))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--against", type=Path, help="another checkout")
    parser.add_argument("--stages", action="store_true", help="print what each stage costs")
    parser.add_argument("--only-make", type=Path, metavar="FOLDER", help="write the files and stop")
    asked = parser.parse_args()
    if asked.only_make:
        asked.only_make.mkdir(parents=True, exist_ok=True)
        make(asked.only_make)
        return
    with tempfile.TemporaryDirectory() as spare:
        study, out = Path(spare) / "county", Path(spare) / "out"
        study.mkdir()
        out.mkdir()
        make(study)
        for tree in filter(None, (ROOT, asked.against)):
            compileall.compile_dir(tree / "coverage", quiet=1)
        rows = {
            "a script as offices write it": spent(
                [sys.executable, "-c", SCRIPT, str(study), str(out)]
            )
        }
        kept = Path(spare) / "kept"
        if asked.against:
            for name in ("lifecircle assess, before, first time", "before, streets kept"):
                rows[name] = assessed(asked.against, study, out / "before", kept / "before")
        rows["lifecircle assess, first time"] = assessed(ROOT, study, out / "now", kept / "now")
        rows["again, streets kept"] = assessed(ROOT, study, out / "again", kept / "now")
        print("| work | s CPU | peak GiB |\n|---|---|---|")
        for name, (seconds, peak) in rows.items():
            print(f"| {name} | {seconds:.1f} | {peak:.2f} |")
        for file in (
            "assessment.gpkg",
            "map.html",
            "report.html",
            "report.xlsx",
            "assessment.json",
        ):
            print(f"{file}: {(out / 'now' / file).stat().st_size / 1e6:.1f} MB")
        if asked.stages:
            stages = [sys.executable, str(Path(__file__).with_name("stages.py"))]
            told = {"PYTHONPATH": str(ROOT / "coverage"), "LIFECIRCLE_CACHE": str(kept / "stages")}
            spent([*stages, str(study), str(out / "stages")], **told)


if __name__ == "__main__":
    main()
