"""Streets of OpenStreetMap are credited, whether the study says so or not."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

import lifecircle as lc

GUIXI = Path("data/guixi")
CREDIT = "© OpenStreetMap contributors, ODbL 1.0"


@pytest.fixture
def study(tmp_path):
    shutil.copytree(GUIXI, tmp_path / "guixi")
    return tmp_path / "guixi" / "study.toml"


def test_once_where_the_study_says_it(study):
    assert sum("OpenStreetMap" in line for line in lc.read_study(study).attribution) == 1


def test_added_where_it_does_not(study):
    text = re.sub(r"(?m)^attribution.*\n", "", study.read_text(encoding="utf-8"))
    study.write_text(text, encoding="utf-8")
    assert lc.read_study(study).attribution == (CREDIT,)


def test_not_without_such_streets(study):
    text = re.sub(r"(?m)^attribution.*\n", "", study.read_text(encoding="utf-8"))
    text = text.replace('[layers.streets]\npath = "guixi.osm"\n', "")
    study.write_text(text, encoding="utf-8")
    assert lc.read_study(study).attribution == ()


def test_an_answer_of_overpass_is_openstreetmap_too(study):
    text = re.sub(r"(?m)^attribution.*\n", "", study.read_text(encoding="utf-8"))
    study.write_text(text.replace('"guixi.osm"', '"guixi.json"'), encoding="utf-8")
    ends = [{"lat": 28.29, "lon": 117.21}, {"lat": 28.29, "lon": 117.22}]
    way = {"type": "way", "id": 1, "nodes": [1, 2], "geometry": ends}
    way["tags"] = {"highway": "residential"}
    whole = {"version": 0.6, "generator": "Overpass API", "elements": [way]}
    (study.parent / "guixi.json").write_text(json.dumps(whole), encoding="utf-8")
    assert lc.read_study(study).attribution == (CREDIT,)
