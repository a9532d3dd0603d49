"""The background a study asks for: a name with the user's own key, or an address of tiles."""

from __future__ import annotations

import pytest

from lifecircle.intake.settings.file import read_study_file
from lifecircle.model.inputs.mapping.basemap import basemap
from lifecircle.model.problem import ProblemCode

STUDY = """
[study]
name = "甲县"
county = "370828"
standard = "jinxiang-2023"
as_of = 2025-12-31
[layers.residential]
path = "r.csv"
[layers.facilities]
path = "f.csv"
"""


def read(tmp_path, more):
    path = tmp_path / "study.toml"
    path.write_text(STUDY + more, encoding="utf-8")
    return read_study_file(path)


def test_without_a_setting_there_is_none(tmp_path):
    file, problems = read(tmp_path, '[map]\nprepared_by = "甲所"')
    assert problems == ()
    assert file.basemap is None


def test_tianditu_takes_the_users_key(tmp_path):
    file, _ = read(tmp_path, '[map]\nbasemap = "tianditu"\nbasemap_key = "ab c"')
    assert [url.split("T=")[1][:5] for url in file.basemap.urls] == ["vec_w", "cva_w"]
    assert all(url.endswith("&tk=ab%20c") for url in file.basemap.urls)
    assert file.basemap.origins == tuple(f"https://t{n}.tianditu.gov.cn" for n in range(8))
    assert file.basemap.attribution == "天地图"


def test_any_address_of_tiles_will_do():
    found = basemap("https://{s}.tiles.example:8080/{z}/{x}/{y}.png", attribution="某局")
    assert found.origins == (
        "https://a.tiles.example:8080",
        "https://b.tiles.example:8080",
        "https://c.tiles.example:8080",
    )


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ('basemap = "tianditu"', "map.basemap_key"),
        ('basemap = "https://t.example/{z}/{x}/{y}?k={key}"', "map.basemap_key"),
        ('basemap = "tiandi"', "map.basemap"),
        ('basemap = "https://t.example/tiles.png"', "map.basemap"),
        ('basemap = "file:///c/{z}/{x}/{y}.png"', "map.basemap"),
        ('basemap = "https://t.example:99999999/{z}/{x}/{y}"', "map.basemap"),
        ('basemap = "https://[::1/{z}/{x}/{y}"', "map.basemap"),
        # nothing that could end the page's policy, or name a server beside
        ('basemap = "https://t.example;img-src */{z}/{x}/{y}"', "map.basemap"),
        ('basemap = "https://t.example\' *\\"/{z}/{x}/{y}"', "map.basemap"),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path, more, key):
    file, problems = read(tmp_path, "[map]\n" + more)
    assert file is None
    (problem,) = problems
    assert problem.code == ProblemCode.STUDY_VALUE
    assert problem.params["key"] == key
