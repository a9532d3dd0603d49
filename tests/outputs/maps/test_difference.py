"""The difference map: what it shows, and that it asks the network for nothing."""

from __future__ import annotations

import dataclasses

import pytest

import lifecircle as lc
from lifecircle.outputs.maps.difference import WAYS, difference_data, draw_difference
from lifecircle.outputs.maps.page import refuse_external

EVIL = "</script><svg onload=alert(1)>{{ 7 * 7 }}"


@pytest.fixture
def comparison(town):
    """The town, and the town a year on: an area gone, verdicts exchanged, a facility renamed."""
    layers = dict(town.layers)
    areas = layers["residential"].copy()
    verdicts = areas["verdict"].map(
        {"compliant": "deficient", "deficient": "compliant", "not_assessed": "compliant"}
    )
    areas["verdict"] = verdicts.fillna(areas["verdict"])
    layers["residential"] = areas.drop(index=areas.index[-1])
    places = layers["facilities"].copy()
    first, second = places.index[:2]
    places.loc[first, "name"] = EVIL
    places.loc[first, "stage"] = "closed"
    layers["facilities"] = places.drop(index=second)
    return lc.compare(town, dataclasses.replace(town, layers=layers))


def test_every_area_is_drawn_by_how_it_went(town, comparison):
    data = difference_data(comparison)
    before = town.layers["residential"]["verdict"]
    counts = {way["key"]: way["count"] for way in data["ways"]}
    kept = before.iloc[:-1]
    assert counts["removed"] == 1
    assert counts["worse"] == (kept == "compliant").sum()
    assert counts["better"] == (kept == "deficient").sum()
    assert counts["decided"] == (kept == "not_assessed").sum()
    assert sum(counts.values()) == data["areas"]["n"] == len(before)
    told = data["areas"]["told"]
    for way, entry in zip(data["areas"]["way"].values, told, strict=True):
        assert (entry is None) == (WAYS[way] == "same")


def test_facilities_that_went_or_changed_are_marked(comparison):
    marks = difference_data(comparison)["facilities"]
    ways = [mark["w"] for mark in marks]
    assert (ways.count("removed"), ways.count("changed"), ways.count("added")) == (1, 1, 0)
    assert marks[ways.index("changed")]["n"] == EVIL


def test_nothing_changed_is_drawn_as_unchanged(town):
    data = difference_data(lc.compare(town, town))
    counts = {way["key"]: way["count"] for way in data["ways"] if way["count"]}
    assert counts == {"same": len(town.layers["residential"])}
    assert set(data["areas"]["told"]) == {None}
    assert {mark["w"] for mark in data["facilities"]} <= {"same"}


def test_the_page_is_whole_and_the_same(comparison, tmp_path):
    one = draw_difference(comparison, tmp_path / "one.html").read_bytes()
    two = draw_difference(comparison, tmp_path / "two.html").read_bytes()
    assert one == two
    refuse_external(one.decode("utf-8"))
    assert EVIL.encode() not in one


@pytest.mark.browser
def test_in_the_browser(comparison, chromium, tmp_path):
    path = draw_difference(comparison, tmp_path / "compare.html")
    page = chromium.new_page(viewport={"width": 1366, "height": 768})
    wrong, asked = [], []
    page.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    assert page.locator("#lc-summary h1").text_content() == "两次评价对比"
    rows = page.locator('#lc-layers [data-layer^="way:"]').count()
    assert rows == sum(way["count"] > 0 for way in difference_data(comparison)["ways"])
    page.fill("#lc-search", "<svg")
    page.press("#lc-search", "Enter")
    assert page.locator(".lc-popup h3").text_content() == EVIL
    assert "停用" in page.locator(".lc-popup").text_content()
    assert page.locator("svg[onload]").count() == 0
    page.close()
    assert not wrong
    assert asked == [path.as_uri()]


@pytest.mark.browser
def test_an_area_known_as_a_point_is_not_hidden_by_its_own_rooms(town, chromium, tmp_path):
    """The ring of a facility that changed stood on the diamond whose colour is the news."""
    areas, places = town.layers["residential"].copy(), town.layers["facilities"].copy()
    areas["geometry"] = areas.geometry.representative_point()
    spot = areas.geometry.iloc[0]
    places.loc[places.index[0], "geometry"] = spot
    one = dataclasses.replace(
        town, layers={**town.layers, "residential": areas, "facilities": places}
    )
    path = draw_difference(
        lc.compare(one, dataclasses.replace(one, language="en")), tmp_path / "c.html"
    )
    page = chromium.new_page(viewport={"width": 1366, "height": 768})
    page.goto(path.as_uri())
    moved = page.eval_on_selector_all(
        ".lc-diff-same, .lc-diff-changed",
        "nodes => nodes.map(n => n.closest('.lc-icon')).filter(Boolean)"
        ".map(n => Math.hypot(...['marginLeft', 'marginTop']"
        ".map(side => parseFloat(n.style[side]) || 0)))",
    )
    page.close()
    assert max(moved) > 13
