"""A small study of two ledgers, r.csv and f.csv, metres or degrees, and tables beside them."""

from __future__ import annotations

import csv

STUDY = """
[study]
name = "试验县"
county = "371721"
standard = "caoxian-2023"
as_of = 2025-12-31
crs = "EPSG:4548"
[layers.residential]
path = "r.csv"
crs = "EPSG:4548"
[layers.facilities]
path = "f.csv"
crs = "EPSG:4548"
"""
WITH_GATES = STUDY + '[layers.gates]\npath = "g.csv"\ncrs = "EPSG:4548"\n'
WITH_EXEMPTIONS = STUDY + '[layers.exemptions]\npath = "e.csv"\n'


def written(folder, study, **tables):
    """Write a study and its tables (name without .csv → text); return the folder."""
    (folder / "study.toml").write_text(study, encoding="utf-8")
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


HOMES = ["编号", "小区名称", "户数", "类别", "城乡", "所属街道", "经度", "纬度"]
ROOMS = [
    *("编号", "设施名称", "设施类型", "状态", "建筑面积"),
    *("所属街道", "服务小区", "经度", "纬度"),
]


def in_degrees(
    folder,
    homes,
    rooms,
    *,
    county="371721",
    standard="caoxian-2023",
    declared="cgcs2000",
    beside=(),
):
    """Write a study of homes in CGCS2000 and rooms in the datum ``declared``; return its file.

    ``homes``: rows under ``HOMES``; ``rooms``: rows under ``ROOMS``, and the headers ``beside``.
    """
    for name, header, rows in (("r", HOMES, homes), ("f", [*ROOMS, *beside], rooms)):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])
    text = STUDY.replace("371721", county).replace("caoxian-2023", standard)
    for datum in ("", 'coordinates = "cgcs2000"\n', f'coordinates = "{declared}"\n'):
        text = text.replace('crs = "EPSG:4548"\n', datum, 1)
    path = folder / "study.toml"
    path.write_text(text, encoding="utf-8")
    return path
