"""The file: whole or absent, the same every time, complete, and closed to the outside."""

from __future__ import annotations

import re
import runpy
from dataclasses import replace
from pathlib import Path

import pytest

from lifecircle import texts
from lifecircle.errors import OutputError
from lifecircle.outputs.maps import draw_map, page

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
EVIL = "</script><img src=x onerror=alert(1)>"


def test_same_assessment_same_bytes(town, tmp_path):
    first = draw_map(town, tmp_path / "a.html").read_bytes()
    assert draw_map(town, tmp_path / "b.html").read_bytes() == first


def test_returns_the_path_and_leaves_nothing_beside_it(town, tmp_path):
    target = tmp_path / "map.html"
    assert draw_map(town, target) == target
    assert [path.name for path in tmp_path.iterdir()] == ["map.html"]


def test_a_map_that_cannot_be_written_leaves_the_old_one(town, tmp_path, monkeypatch):
    target = tmp_path / "map.html"
    target.write_text("old", encoding="utf-8")
    monkeypatch.setattr(page, "vendored", lambda name: f"fetch {name} from elsewhere")

    def refuse(content):
        raise OutputError(content[:6])

    monkeypatch.setattr(page, "refuse_external", refuse)
    with pytest.raises(OutputError):
        draw_map(town, target)
    assert target.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["map.html"]


def test_a_folder_in_the_way_is_an_output_error(town, tmp_path):
    (tmp_path / "map.html").mkdir()
    with pytest.raises(OutputError):
        draw_map(town, tmp_path / "map.html")


def test_small_enough_to_send(town, tmp_path):
    # Leaflet is 147 kB, our scripts and styles 130 kB; a dozen areas must add next to nothing
    assert draw_map(town, tmp_path / "map.html").stat().st_size < 320_000


def test_a_county_with_all_its_clauses_fits_into_a_mail(tmp_path):
    county = runpy.run_path(str(BENCHMARKS / "large_county.py"))["county"]
    path = draw_map(county(3000, 300, clauses=14), tmp_path / "map.html")
    assert path.stat().st_size < 3_000_000


def test_names_from_files_stay_text(town, tmp_path, data_of):
    html = draw_map(town, tmp_path / "map.html").read_text(encoding="utf-8")
    assert "<img src=x" not in html
    names = data_of(tmp_path / "map.html")["areas"]["name"]
    assert EVIL in names
    # folium's templates must not run over the data
    assert "{{ 7 * 7 }}{% raw %} & 'quoted' \"twice\"" in names


def test_a_preview_without_scripts_shows_name_and_banners(town, tmp_path):
    path = draw_map(replace(town, banners=(EVIL,)), tmp_path / "map.html")
    plain = re.search("<noscript>(.*?)</noscript>", path.read_text(encoding="utf-8"))[1]
    assert plain.startswith("<p>贵溪市城区养老服务设施覆盖评估：养老服务设施覆盖地图</p>")
    assert "<p>&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;</p>" in plain
    assert "不作划界依据" in plain


def test_title_is_escaped(town, tmp_path):
    path = draw_map(replace(town, study="<b>甲</b>"), tmp_path / "map.html")
    assert "<title>&lt;b&gt;甲&lt;/b&gt;" in path.read_text(encoding="utf-8")


def test_half_a_character_does_not_stop_the_map(town, tmp_path, data_of):
    path = draw_map(replace(town, study="甲\ud83d"), tmp_path / "map.html")
    assert data_of(path)["title"]["study"] == "甲?"


@pytest.mark.parametrize(("language", "tag"), [("zh", "zh-CN"), ("en", "en")])
def test_language_is_declared(town, tmp_path, language, tag, data_of):
    path = draw_map(replace(town, language=language), tmp_path / "map.html")
    assert f'<html lang="{tag}">' in path.read_text(encoding="utf-8")
    assert data_of(path)["lang"] == tag


def test_no_folium_id_is_left(town, tmp_path):
    html = draw_map(town, tmp_path / "map.html").read_text(encoding="utf-8")
    assert not re.findall(r"_[0-9a-f]{32}", html)


def test_an_empty_assessment_still_draws(nothing, tmp_path, data_of):
    data = data_of(draw_map(nothing, tmp_path / "map.html"))
    assert data["bounds"] is None
    assert data["areas"]["n"] == 0
    assert data["clauses"] == data["facilities"] == data["overlays"] == data["reach"] == []
    assert data["notes"] == [texts.say("map", "empty_map", "zh")]


def test_layers_that_are_not_there_are_no_error(town, tmp_path, data_of):
    few = {name: town.layers[name] for name in ("residential", "facilities")}
    data = data_of(draw_map(replace(town, layers=few), tmp_path / "map.html"))
    assert data["areas"]["n"] == 12
    assert data["units"]["features"] == []
    assert data["barriers"]["kind"] == []


def test_the_page_may_ask_no_server_for_anything(town, tmp_path):
    html = draw_map(town, tmp_path / "map.html").read_text(encoding="utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)[1]
    assert "default-src 'none'; img-src data:;" in policy
    assert "http" not in policy


@pytest.mark.parametrize(
    "inside",
    [
        '<script src="https://cdn.example/leaflet.js"></script>',
        "<script src='//cdn.example/leaflet.js'></script>",
        '<link rel="stylesheet" href="http://cdn.example/a.css"/>',
        '<img srcset="https://cdn.example/a.png 2x">',
        "<style>@import 'https://cdn.example/a.css';</style>",
        "<style>@font-face { src: url( 'https://cdn.example/a.woff2' ) }</style>",
        "<style>b { background: URL(//cdn.example/a.png) }</style>",
        '<b style="background: url(https://cdn.example/a.png)">甲</b>',
        '<a href="https://example.org">甲</a>',
    ],
)
def test_anything_external_is_refused(inside):
    with pytest.raises(OutputError, match="outside"):
        page.refuse_external(f"<html><body>{inside}</body></html>")


@pytest.mark.parametrize(
    "inside",
    [
        "<p>https://www.openstreetmap.org/copyright</p>",
        '<script>var a = "http://www.w3.org/2000/svg";</script>',
        "<style>b { background: url(data:image/png;base64,AAAA) }</style>",
        '<a href="#close">甲</a>',
        '<script type="application/json">{"n":"href=https://example.org url(https://a)"}</script>',
    ],
)
def test_addresses_in_plain_text_are_left_alone(inside):
    page.refuse_external(f"<html><body>{inside}</body></html>")


def test_an_asset_that_is_not_vendored_is_refused():
    with pytest.raises(OutputError, match=r"jquery\.js"):
        page.vendored("jquery.js")


def test_every_text_the_page_asks_for_exists(town, tmp_path, data_of):
    data = data_of(draw_map(town, tmp_path / "map.html"))
    scripts = "".join(page.vendored(name) for name in page.SCRIPTS)
    wanted = set(re.findall(r"\b(?:T|D\.text)\.(\w+)", scripts))
    assert wanted <= set(data["text"])
    # and none is kept that nothing asks for; these are put together: "legend_" + subject
    made = re.compile(
        "(legend|subject|scope|links|figure|label|value)_|^(own|recorded|arrangeable|required)$"
    )
    assert [name for name in set(data["text"]) - wanted if not made.match(name)] == []


def test_both_languages_say_the_same():
    zh, en = texts.catalogue("map", "zh"), texts.catalogue("map", "en")
    assert zh.keys() == en.keys()
    for code, template in zh.items():
        # English may name a number again for the word that agrees with it
        assert set(re.findall(r"{(\w+)", template)) == set(re.findall(r"{(\w+)", en[code])), code


@pytest.mark.parametrize("scripts", [page.SCRIPTS, ("pack.js", "difference.js")])
def test_the_page_around_the_map_is_what_folium_writes(scripts):
    """Rewrite it with ``make frame`` where this fails: folium was changed, or our cards were."""
    assert page.frame(scripts) == page.folium_frame(scripts)
