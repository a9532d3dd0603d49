"""Small counties for batches: one area, one station, no streets; a second each."""

from __future__ import annotations

import multiprocessing
from contextlib import contextmanager

import geopandas as gpd
import pytest
import shapely

from lifecircle.batch import county, pool
from lifecircle.batch.county import run_county
from lifecircle.outputs import OUTPUTS
from lifecircle.outputs.saved.json_text import write_json_text
from lifecircle.outputs.whole import whole_files

STUDY = """
[study]
name = "{name}"
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


def write_county(folder, *, m2="30", households="200"):
    """Write a study of one area of ``households`` and one station of ``m2`` inside it."""
    folder.mkdir(parents=True)
    area = {
        "编号": ["R1"],
        "小区名称": ["甲苑"],
        "户数": [households],
        "类别": ["已建成"],
        "城乡": ["城镇"],
        "阶段": ["入住"],
    }
    box = shapely.box(500_000, 3_850_000, 500_100, 3_850_100)
    gpd.GeoDataFrame(area, geometry=[box], crs="EPSG:4548").to_crs("EPSG:4326").to_file(
        folder / "小区.geojson", driver="GeoJSON"
    )
    rows = [
        "编号,设施名称,设施类型,X,Y,状态,建筑面积",
        f"F1,甲站,社区养老服务站,500050,3850050,运营,{m2}",
    ]
    (folder / "设施.csv").write_text("\n".join(rows), encoding="utf-8")
    (folder / "study.toml").write_text(STUDY.format(name=folder.name), encoding="utf-8")
    return folder


@pytest.fixture
def counties(tmp_path):
    """Return a function that writes counties by name, and gives the folder they are in."""

    def write(*names, **figures):
        for name in names:
            write_county(tmp_path / "counties" / name, **figures)
        return tmp_path / "counties"

    return write


@pytest.fixture
def contents():
    """Return a function: name → bytes of the files of a result, without its manifest."""

    def of(folder):
        files = (file for file in sorted(folder.rglob("*")) if file.is_file())
        return {
            str(file.relative_to(folder)): file.read_bytes()
            for file in files
            if file.name != "manifest.json"
        }

    return of


class Here:
    """An engine that judges in this very process: what befalls it befalls a worker."""

    died = 0

    def __init__(self):
        self.begun = []

    def reach(self):
        pass

    def run(self, errands, order):
        for errand in errands:
            self.begun.append(errand.name)
            yield run_county(errand, order)


@pytest.fixture
def here():
    """Return the class of engines that judge in this very process."""
    return Here


@pytest.fixture
def put_down(monkeypatch):
    """Let counties not be judged but written: their figures, in two files of one run."""

    def written(errand, order, log):
        log.write("judged")
        said = (errand.study.parent / "设施.csv").read_text("utf-8")
        with whole_files(order.home / errand.name, last="assessment.json") as part:
            (part / "report.html").write_text(f"{said}</html>", encoding="utf-8")
            write_json_text({"of": said}, part / "assessment.json")
        return ()

    monkeypatch.setattr(county, "_judged", written)


WORKS_WITH = ["lifecircle.batch.county", "lifecircle.assessing.assess", "lifecircle.intake"]


@contextmanager
def warm_process(*more):
    """Let processes that are begun as ``forkserver`` are be made of one that has imported it all.

    One that begins anew takes two seconds for it. The warm one is waited for at the end: its
    processor time is the tests'.
    """
    from multiprocessing import forkserver  # noqa: PLC0415 - not on every system

    writers = {module for _, module, _ in OUTPUTS.values()}
    forkserver._forkserver._stop()  # another may be there
    multiprocessing.set_forkserver_preload([*WORKS_WITH, *sorted(writers), *more])
    try:
        yield
    finally:
        forkserver._forkserver._stop()


@pytest.fixture(scope="session")
def server():
    """Return how workers are made of one process that has imported all that a county needs."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        yield "spawn"
        return
    with warm_process():
        yield "forkserver"


@pytest.fixture
def forked(server, monkeypatch):
    """Let workers begin quickly, where nothing depends on how they do."""
    monkeypatch.setattr(pool, "_METHOD", server)
