"""``--help`` answers at once: nothing geospatial is imported for it."""

import re
import subprocess
import sys

HEAVY = {
    "geopandas",
    "shapely",
    "pyproj",
    "pyogrio",
    "scipy",
    "osmnx",
    "osmium",
    "folium",
    "pandas",
    "numpy",
    "networkx",
    "openpyxl",
    "pydantic",
}


def test_help_imports_no_geo_package():
    ran = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "lifecircle", "--help"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert "assess" in ran.stdout
    modules = re.findall(r"^import time:.*\| +(\S+)$", ran.stderr, re.MULTILINE)
    assert "lifecircle.cli" in modules  # the log was understood
    assert {name.partition(".")[0] for name in modules} & HEAVY == set()
