"""``--help`` answers at once: nothing geospatial is imported for it."""

import os
import re
import subprocess
import sys

import pytest

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


def test_a_check_loads_neither_maps_nor_graphs_nor_solvers(tmp_path):
    ran = subprocess.run(  # noqa: S603 - our own program
        [
            *(sys.executable, "-X", "importtime", "-m", "lifecircle", "check"),
            *("data/guixi", "--quiet", "--out", str(tmp_path)),
        ],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    modules = set(re.findall(r"^import time:.*\| +(\S+)$", ran.stderr, re.MULTILINE))
    assert "geopandas" in modules  # the study was read
    unasked = {"osmnx", "networkx", "folium", "matplotlib", "docx", "scipy.optimize"}
    unasked |= {"scipy.spatial", "scipy.special"}  # thirty facilities are looked at one by one
    unasked |= {"numpy.f2py.f2py2e", "numpy.testing._private"}  # SciPy looks at all that NumPy has
    unasked |= {"PIL._imaging"}  # of openpyxl, which puts pictures into workbooks
    assert modules & unasked == set()


def test_words_need_no_parser_to_be_loaded_where_they_are_kept_parsed():
    asked = "import sys, lifecircle.texts; print('babel' in sys.modules)"
    ran = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True
    )
    assert ran.stdout.split() == ["False"]


def test_what_is_loaded_when_asked_is_whole_when_asked():
    told = """
from lifecircle.cli.shell.spared import load_when_asked
load_when_asked()
import sys, scipy.sparse, scipy.spatial, openpyxl
inner = ("numpy.f2py.f2py2e", "numpy.testing._private", "scipy.spatial.transform._rotation")
print(*(name in sys.modules for name in (*inner, "PIL._imaging")))
load_when_asked()
import numpy, numpy.f2py, numpy.testing
numpy.testing.assert_allclose(1.0, 1.0)
print(callable(numpy.f2py.run_main), numpy.f2py is sys.modules["numpy.f2py"])
from scipy.spatial.transform import Rotation
import PIL.Image
print(len(Rotation.identity(3)), PIL.Image.new("L", (2, 3)).size == (2, 3))
"""
    ran = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", told], capture_output=True, text=True, check=True
    )
    assert ran.stdout.split() == [*["False"] * 4, "True", "True", "3", "True"]


@pytest.mark.parametrize(
    ("said", "then"),
    [
        ({}, "1 None"),
        ({"OPENBLAS_NUM_THREADS": "3"}, "3 None"),
        ({"OMP_NUM_THREADS": "3"}, "None 3"),  # which OpenBLAS goes by too
    ],
)
def test_linear_algebra_begins_no_threads_unless_the_user_says_so(said, then):
    told = """
import os, sys
from lifecircle.cli import main
sys.argv = ["lifecircle", "--version"]
try:
    main()
finally:
    print(os.environ.get("OPENBLAS_NUM_THREADS"), os.environ.get("OMP_NUM_THREADS"))
    print("numpy" in sys.modules)  # by then it would be too late
"""
    names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")
    rest = {name: value for name, value in os.environ.items() if name not in names}
    ran = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", told], capture_output=True, text=True, check=True, env=rest | said
    )
    assert ran.stdout.splitlines()[1:] == [then, "False"]
