"""Hypothesis searches anew on every run at home, and the same way each time on the build server."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

import lifecircle as lc

os.environ["LIFECIRCLE_STREET_CACHE"] = "off"  # no test leaves anything in the user's folder

settings.register_profile("ci", derandomize=True, database=None)
if os.environ.get("CI"):
    settings.load_profile("ci")

_STUDY = """
[study]
name = "选址小县"
county = "370827"
standard = "caoxian-2023"
as_of = 2024-06-30
crs = "EPSG:4548"
[layers.residential]
path = "小区.csv"
crs = "EPSG:4548"
[layers.facilities]
path = "设施.csv"
crs = "EPSG:4548"
[layers.candidates]
path = "候选.csv"
crs = "EPSG:4548"
"""
_AREAS = """编号,小区名称,户数,类别,城乡,阶段,X,Y
A,甲苑,100,已建成,城镇,入住,500000,3850000
B,乙苑,200,已建成,城镇,入住,500900,3850000
C,丙苑,300,已建成,城镇,入住,503000,3850000
D,丁苑,,已建成,城镇,入住,503500,3850000
E,戊苑,50,已建成,城镇,入住,506000,3850000
G,=己苑<b>,80,已建成,城镇,入住,509000,3850000
"""
_FACILITIES = """编号,设施名称,设施类型,X,Y,状态,建筑面积
F1,一站,社区养老服务站,500000,3850000,运营,200
F2,二站,社区养老服务站,509500,3850000,闲置,150
"""
_CANDIDATES = """编号,名称,类型,建筑面积,X,Y
K1,旧小学,闲置校舍,600,503200,3850000
K2,村西地块,空地,,506000,3850300
"""


@pytest.fixture(scope="session")
def short_county(tmp_path_factory):
    """Return the folder of a study without streets, to plan places for within 1000 m (CX-06).

    F1 serves A and B (300 households). K1 would serve C (300) and D (not known), K2 E (50), and
    F2, idle today, G (80).
    """
    home = tmp_path_factory.mktemp("county") / "小县"
    home.mkdir()
    texts = {
        "study.toml": _STUDY,
        "小区.csv": _AREAS,
        "设施.csv": _FACILITIES,
        "候选.csv": _CANDIDATES,
    }
    for name, text in texts.items():
        (home / name).write_text(text, encoding="utf-8")
    return home


@pytest.fixture(scope="session")
def short_plan(short_county):
    """Return the plan of the two places that serve most households there: K1, then F2."""
    return lc.site(lc.read_study(short_county / "study.toml"), "CX-06", sites=2)


@pytest.fixture(scope="session")
def short_future(short_county, short_plan):
    """Return the county judged with the two places built."""
    return lc.assess(lc.read_study(short_county / "study.toml"), sites=short_plan)
