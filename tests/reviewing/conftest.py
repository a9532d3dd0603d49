"""A county of three estates along one street, and proposals as an applicant writes them.

Metres from (500000, 3850000) in EPSG:4548; the street runs along y = -20::

    E3 (-2500)                         E2 (-600)      E1 (0)   S1 (250)   plot (400…600)
"""

from __future__ import annotations

from functools import lru_cache, partial

import geopandas as gpd
import pandas as pd
import pytest
import shapely

import lifecircle as lc
from lifecircle.reviewing import review as reviewing

X0, Y0, CRS = 500_000.0, 3_850_000.0, "EPSG:4548"
STREET = "370828001"

AREAS = [("E1", "东苑", 0, 400), ("E2", "西苑", -600, 200), ("E3", "远苑", -2500, 200)]
FACILITIES = [
    "编号,设施名称,设施类型,X,Y,状态,建筑面积,服务小区",
    f"F1,东苑站,社区养老服务站,{X0 + 50},{Y0 + 50},运营,30,",
    f"F2,西苑站,社区养老服务站,{X0 - 550},{Y0 + 50},运营,30,",
    f"F3,远苑站,社区养老服务站,{X0 - 2450},{Y0 + 50},运营,30,",
    f"S1,共享站,日间照料中心,{X0 + 250},{Y0},运营,80,E1:30;E2:50",
]
STUDY = """
[study]
name = "审查县"
county = "370828"
standard = "{standard}"
as_of = 2024-06-30
crs = "EPSG:4548"
{extra}
[layers.residential]
path = "小区.gpkg"
[layers.facilities]
path = "设施.csv"
crs = "EPSG:4548"
[layers.units]
path = "镇街.gpkg"
complete = true
[layers.streets]
path = "道路.gpkg"
"""


@pytest.fixture(scope="session", autouse=True)
def _studies_stay_open():
    """Keep every study opened for review; the program keeps the last, as proposals come in batches.

    Tests go back and forth between a dozen of them, and opening one takes as long as a review.
    """
    kept = lru_cache(maxsize=None)(reviewing._before.__wrapped__)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reviewing, "_before", kept)
        yield


def box(x, y, width=100.0, height=100.0):
    return shapely.box(X0 + x, Y0 + y, X0 + x + width, Y0 + y + height)


def corners(x, y, width=200.0, height=100.0):
    return [[float(a), float(b)] for a, b in box(x, y, width, height).exterior.coords]


def write_study(folder, standard, extra=""):
    folder.mkdir(parents=True, exist_ok=True)
    areas = gpd.GeoDataFrame(
        {
            "编号": [a[0] for a in AREAS],
            "小区名称": [a[1] for a in AREAS],
            "户数": [a[3] for a in AREAS],
            "类别": "已建成",
            "城乡": "城镇",
            "阶段": "入住",
        },
        geometry=[box(a[2], 0) for a in AREAS],
        crs=CRS,
    )
    areas.to_file(folder / "小区.gpkg", layer="小区")
    (folder / "设施.csv").write_text("\n".join(FACILITIES), encoding="utf-8")
    gpd.GeoDataFrame(
        {"行政区划代码": [STREET], "名称": ["东街道"]},
        geometry=[box(-5000, -5000, 10_000, 10_000)],
        crs=CRS,
    ).to_file(folder / "镇街.gpkg", layer="镇街")
    street = shapely.LineString([(X0 + x, Y0 - 20) for x in range(-3000, 3001, 500)])
    gpd.GeoDataFrame(geometry=[street], crs=CRS).to_file(folder / "道路.gpkg", layer="道路")
    (folder / "study.toml").write_text(
        STUDY.format(standard=standard, extra=extra), encoding="utf-8"
    )
    return folder / "study.toml"


@pytest.fixture(scope="session")
def study_of(tmp_path_factory):
    """Return a function: standard and settings → the study, read once."""
    read = {}

    def study(standard="caoxian-2023", extra=""):
        key = (standard, extra)
        if key not in read:
            folder = tmp_path_factory.mktemp(standard)
            text = extra.replace("[parameters]", "")
            path = write_study(folder / "审查县", standard)
            if text:
                with path.open("a", encoding="utf-8") as stream:
                    stream.write(f"\n[parameters]\n{text}\n")
            read[key] = lc.read_study(path)
        return read[key]

    return study


@pytest.fixture(scope="session")
def phased(tmp_path_factory):
    """A county where phase 1 of project PJ1 stands: 300 dwellings, 210 m² in use (Jinxiang)."""
    folder = tmp_path_factory.mktemp("phased") / "审查县"
    path = write_study(folder, "jinxiang-2023")
    homes = gpd.read_file(folder / "小区.gpkg")
    more = {"编号": "P1", "小区名称": "和苑一期", "户数": 300, "规划户数": 300, "类别": "新建"}
    more |= {"城乡": "城镇", "阶段": "入住", "项目编号": "PJ1"}
    phase = gpd.GeoDataFrame([more], geometry=[box(100, 300)], crs=CRS)
    pd.concat([homes, phase]).to_file(folder / "小区.gpkg", layer="小区")
    station = f"F9,一期站,社区养老服务站,{X0 + 150},{Y0 + 350},运营,210,P1"
    (folder / "设施.csv").write_text("\n".join([*FACILITIES, station]), encoding="utf-8")
    return lc.read_study(path)


@pytest.fixture(scope="session")
def quarters(tmp_path_factory):
    """西苑二区 (200 households, 30 m² required) beside the plot, its station to be pulled down."""
    folder = tmp_path_factory.mktemp("quarters") / "审查县"
    path = write_study(folder, "caoxian-2023")
    homes = gpd.read_file(folder / "小区.gpkg")
    homes["小区名称"] = homes["小区名称"].replace("西苑", "西苑二区")
    homes.to_file(folder / "小区.gpkg", layer="小区")
    return lc.read_study(path)


def toml(
    rooms=((200, "1"),),
    *,
    households=600,
    project="",
    plot="",
    at=(400, 0),
    kind="社区养老服务用房",
    head='name = "新苑"\n"坐标系" = "EPSG:4548"\n"城乡" = "城镇"\n',
):
    """Return a proposal of one plot: ``rooms`` are (m², site or None) or whole TOML lines."""
    homes = "" if households is None else f'"规划户数" = {households}\n'
    parts = [
        f"[project]\n{head}{project}\n",
        f'[[plots]]\nid = "D1"\noutline = {corners(*at)}\n{homes}{plot}\n',
    ]
    for number, room in enumerate(rooms, start=1):
        if isinstance(room, str):
            parts.append(f"[[facilities]]\n{room}\n")
            continue
        m2, site = room
        where = "" if site is None else f'"场所编号" = "{site}"\n'
        name = f'id = "N{number}"\n"设施名称" = "用房{number}"\n"设施类型" = "{kind}"\n'
        size = "" if m2 is None else f'"建筑面积" = {m2}\n'
        parts.append(f"[[facilities]]\n{name}{size}{where}")
    return "\n".join(parts)


@pytest.fixture
def propose(tmp_path):
    """Return a function that writes a proposal and returns its path."""

    def write(*args, file="方案.toml", **words):
        path = tmp_path / file
        path.parent.mkdir(exist_ok=True)
        path.write_text(toml(*args, **words), encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="session")
def reviewed_in(study_of):
    """Return a function: folder, standard and proposal → the review."""

    def judge(folder, standard, *args, extra="", file="方案.toml", **words):
        study, path = study_of(standard, extra), folder / file
        path.write_text(toml(*args, **words), encoding="utf-8")
        return lc.review(study, lc.read_proposal(path, study))

    return judge


@pytest.fixture
def reviewed(reviewed_in, tmp_path):
    """Return a function: standard and proposal → the review."""
    return partial(reviewed_in, tmp_path)


@pytest.fixture
def row():
    """Return a function: the row of a clause of a review."""

    def find(review, clause):
        found = [c for c in review.clauses if c.id == clause]
        assert len(found) == 1, [c.id for c in review.clauses]
        return found[0]

    return find
