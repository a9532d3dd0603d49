"""A small study of two ledgers on metres, r.csv and f.csv, and tables beside them."""

from __future__ import annotations

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
