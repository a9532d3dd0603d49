"""The GeoPackage in a real QGIS: every layer opens, every style loads and draws every row."""

import dataclasses
import json
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import geopandas as gpd
import pytest
import shapely

from lifecircle.model.results.result_columns import LAYER_COLUMNS
from lifecircle.outputs.saved.geopackage import write_geopackage
from lifecircle.outputs.saved.qgis_styles import style_rows

_PYTHON = shutil.which("python3", path="/usr/bin:/usr/local/bin") or "python3"
_PROGRAM = Path(__file__).with_name("in_qgis.py")


@pytest.fixture(scope="module")
def qgis():
    """Run a program in the Python that has QGIS; its environment is not ours."""
    clean = {"PATH": "/usr/bin:/bin", "QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C.UTF-8"}
    tried = subprocess.run(  # noqa: S603 - the system's own Python
        [_PYTHON, "-c", "import qgis.core"], capture_output=True, check=False, env=clean
    )
    if tried.returncode:
        pytest.skip("no QGIS: apt-get install --no-install-recommends python3-qgis (1 GB)")

    def run(*args):
        ran = subprocess.run(  # noqa: S603 - our own program
            [_PYTHON, str(_PROGRAM), *map(str, args)],
            capture_output=True,
            check=True,
            env=clean,
            encoding="utf-8",
        )
        return json.loads(ran.stdout), ran.stderr

    return run


@pytest.mark.parametrize("result", ["sample", "short_future"])
def test_every_layer_opens_and_every_style_draws_every_row(qgis, request, result, tmp_path):
    path = write_geopackage(request.getfixturevalue(result), tmp_path / "assessment.gpkg")
    planned = ("planned_sites", "planned_links") if result == "short_future" else ()
    told, warned = qgis(path, *LAYER_COLUMNS, *planned)
    assert all(one["valid"] for one in told.values())
    for name, one in told.items():
        assert one["styles"], name
        for style, loaded, why, unseen in one["styles"]:
            assert (loaded, unseen) == (True, 0), (name, style, why)
    # layers of one kind of shape look right as soon as they are opened
    assert [
        name for name in ("residential", "facilities", "routes") if not told[name]["default"]
    ] == []
    assert "partially supported" not in warned
    assert "Non-conformant" not in warned


def test_only_a_host_bears_the_name_of_the_host(sample):
    spots = [shapely.Point(x, 0) for x in (0, 100)]
    rows = {
        "district": ["North"] * 2,
        "number": [0.0] * 2,
        "role": ["unit", "host"],
        "host_name": ["Home"] * 2,
    }
    districts = gpd.GeoDataFrame(rows, geometry=spots, crs=sample.layers["residential"].crs)
    styles = style_rows(
        dataclasses.replace(sample, layers={**sample.layers, "districts": districts})
    )
    (style,) = styles.loc[styles["f_table_name"] == "districts", "styleQML"]
    (label,) = ET.fromstring(style).iter("text-style")  # noqa: S314 - our own
    assert label.get("isExpression") == "1"
    assert label.get("fieldName") == """if("role" = 'host', "host_name", '')"""
