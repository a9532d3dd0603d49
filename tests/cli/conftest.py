"""Small studies for the commands, and the commands as functions."""

from __future__ import annotations

import json
import shutil
from contextlib import contextmanager
from functools import partial

import geopandas as gpd
import pytest
import shapely
from tests.cli.verbs import PROPOSAL
from typer.testing import CliRunner

from lifecircle.cli import app
from lifecircle.outputs import OUTPUTS

CRS = "EPSG:4548"
STUDY = """
[study]
name = "小县"
county = "370827"
standard = "caoxian-2023"
as_of = 2024-06-30
crs = "EPSG:4548"
[layers.residential]
path = "小区.geojson"
[layers.facilities]
path = "设施.csv"
crs = "EPSG:4548"
"""


def write_study(folder, *, m2="30", stage="运营", households="200", extra="", study=STUDY):
    places = gpd.GeoDataFrame(
        {
            "编号": ["R1"],
            "小区名称": ["甲苑"],
            "户数": [households],
            "类别": ["已建成"],
            "城乡": ["城镇"],
            "阶段": ["入住"],
        },
        geometry=[shapely.box(500_000, 3_850_000, 500_100, 3_850_100)],
        crs=CRS,
    ).to_crs("EPSG:4326")
    places.to_file(folder / "小区.geojson", driver="GeoJSON")
    rows = [
        "编号,设施名称,设施类型,X,Y,状态,建筑面积",
        f"F1,甲站,社区养老服务站,500050,3850050,{stage},{m2}",
    ]
    (folder / "设施.csv").write_text("\n".join([*rows, extra]), encoding="utf-8")
    (folder / "study.toml").write_text(study, encoding="utf-8")
    return folder / "study.toml"


@pytest.fixture(scope="module")
def two_studies(short_county, tmp_path_factory):
    """Two studies of one county, the new one with more households, and a proposal of each."""
    home = tmp_path_factory.mktemp("two")
    for name, households in (("old", "100"), ("new", "900")):
        study = shutil.copytree(short_county, home / name)
        areas = study / "小区.csv"
        text = areas.read_text("utf-8").replace("甲苑,100", f"甲苑,{households}")
        areas.write_text(text, encoding="utf-8")
        proposal = PROPOSAL.format(which=name, households=households)
        (home / f"{name}.toml").write_text(proposal, "utf-8")
    return home


@pytest.fixture(scope="module")
def two_results(two_studies, speaking):
    """The two studies judged: what ``map``, ``report`` and ``compare`` read."""
    for name in ("old", "new"):
        done = speaking("assess", two_studies / name, "--out", two_studies / f"{name}-out", "-q")
        assert done.exit_code == 0, done.output
    return two_studies


@pytest.fixture
def run(monkeypatch):
    monkeypatch.setenv("LIFECIRCLE_LANG", "zh")
    monkeypatch.setenv("COLUMNS", "200")

    def call(*args):
        return CliRunner().invoke(app, [str(a) for a in args])

    return call


@pytest.fixture
def make_study(tmp_path):
    """Return a function that writes a study: one area of 200 households, one station."""
    return partial(write_study, tmp_path)


@pytest.fixture
def loaded():
    return json.loads


@pytest.fixture(scope="module")
def speaking():
    """Return a function that runs a command, for results that a whole module looks at."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIFECIRCLE_LANG", "zh")
        patch.setenv("COLUMNS", "200")
        yield lambda *args: CliRunner().invoke(app, [str(a) for a in args])


@pytest.fixture(scope="module")
def study_in():
    """Return the function that writes the small study into a folder."""
    return write_study


@pytest.fixture(scope="session")
def writing():
    """Return a context: of all outputs ``assess`` writes only the data and those of these names.

    Four fifths of a small study's time go into its files. Tests of what is said, of exit codes and
    folders make the files they look into; test_commands.py looks at all of them.
    """

    @contextmanager
    def only(*names):
        with pytest.MonkeyPatch.context() as patch:
            kept = {name: OUTPUTS[name] for name in ("json", "gpkg", *names)}
            patch.setattr("lifecircle.outputs.OUTPUTS", kept)
            yield

    return only


@pytest.fixture
def data_alone(writing):
    """Let ``assess`` write only what is read back."""
    with writing():
        yield
