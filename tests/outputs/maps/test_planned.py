"""The map of a future: planned places, whom they serve, and the switch to how it is today."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lifecircle.outputs.maps import draw_map
from lifecircle.outputs.maps.draw import map_data

STATUSES = ("compliant", "deficient", "not_assessed")
LINES = """() => { let n = 0; map_lifecircle.eachLayer(l => {
    if (l instanceof L.Polyline && l.options.renderer.options.pane === 'links') n++; });
    return n; }"""
"""How many lines of who serves whom are drawn."""


class Opened:
    """A map opened in a tab without a network, and what it asked for or complained of."""

    def __init__(self, browser, path, size):
        self.requests, self.errors = [], []
        self.url = path.as_uri()
        self.tab = browser.new_page(viewport={"width": size[0], "height": size[1]})
        self.tab.on("request", lambda request: self.requests.append(request.url))
        self.tab.on("console", self._listen)
        self.tab.on("pageerror", lambda error: self.errors.append(str(error)))
        self.tab.goto(self.url)
        self.tab.wait_for_selector("html[data-ready=yes]", timeout=10_000)

    def _listen(self, message):
        if message.type == "error":
            self.errors.append(message.text)

    def count(self, status):
        row = self.tab.locator(
            "#lc-legend .lc-row", has=self.tab.locator(f"[data-layer='status:{status}']")
        )
        return row.locator(".lc-count").first.inner_text()


@pytest.fixture(scope="module")
def data(short_future):
    return map_data(short_future)


def facts(data, feature):
    flat = feature["p"]
    return {data["labels"][flat[k]]: flat[k + 1] for k in range(0, len(flat), 2)}


def test_places_say_what_is_known_and_what_is_to_be_settled(data):
    layer = data["overlays"][-1]
    assert (layer["label"], layer["on"], layer["count"]) == ("规划建议点位", True, 2)
    first, second = layer["features"]
    assert (first["n"], first["seq"], first["to"], second["to"]) == ("旧小学", 1, [2, 3], [5])
    told = facts(data, first)
    assert told["建设次序"] == "1（共 2）"
    assert (told["建设性质"], told["建筑面积"]) == ("改建", "可用 600 m²")
    assert (told["用地面积"], told["床位"], told["投资"]) == ("待定", "待定", "待定")
    assert (told["服务居住区"], told["服务户数"]) == ("丙苑、丁苑", "≥ 300 户")  # one is not known
    assert facts(data, second)["服务户数"] == "80 户"


def test_the_switch_has_every_clause_as_it_is_today(data):
    planned = data["planned"]
    shown = data["clauses"]
    assert shown[planned["clause"]]["id"] == "CX-06"
    assert planned["built"] == [2]  # K1; F2 stands, idle
    (before,) = [one for one in planned["clauses"] if shown[one["n"]]["id"] == "CX-06"]
    now = shown[planned["clause"]]
    code = {key: n for n, key in enumerate(data["status"])}
    assert [data["status"][n] for n in now["status"].values] == [
        *["compliant"] * 4, "deficient", "compliant",
    ]  # fmt: skip
    assert [data["status"][n] for n in before["status"].values] == [
        *["compliant"] * 2, *["deficient"] * 4,
    ]  # fmt: skip
    assert before["rows"].values.tolist() == [2, 3, 5]
    # to F1 at 0, of areas at 0, 900, 3000, 3500, 6000 and 9000 m
    assert before["measured"].values.tolist() == [0, 900, 3000, 3500, 6000, 9000]
    assert before["deficit"].values[2:].tolist() == [2000, 2500, 5000, 8000]
    assert now["measured"].values.tolist() == [0, 900, 200, 300, 2800, 500]
    assert planned["touched"].values.tolist() == [2, 3, 4, 5]
    assert (before["block"]["rate"], before["block"]["fraction"]) == (
        "33.3 %",
        "2/6（按居住区个数）",
    )
    assert now["scopes"]["county"]["rate"] == "83.3 %"
    assert code["deficient"] == before["status"].values[4]


def test_a_result_without_a_plan_has_nothing_of_it(short_future, tmp_path):
    now = replace(short_future, sites=None)
    assert "planned" not in map_data(now)
    page = draw_map(now, tmp_path / "map.html").read_text(encoding="utf-8")
    assert "lc-switch" not in page
    assert "lc-switch" in draw_map(short_future, tmp_path / "f.html").read_text(encoding="utf-8")


@pytest.mark.one_in(4)
@pytest.mark.browser
@pytest.mark.parametrize("size", [(1400, 900), (390, 844)])
def test_the_switch_turns_colours_counts_and_headline(chromium, short_future, tmp_path, size):
    found = Opened(chromium, draw_map(short_future, tmp_path / "map.html"), size)
    tab, figure = found.tab, found.tab.locator("#lc-headline .lc-figure b")
    places = tab.locator(".leaflet-marker-pane .lc-proposed")
    assert places.all_inner_texts() == ["1", "2"]
    assert figure.inner_text() == "83.3 %"
    after = tab.evaluate("lifecircle.state.clause")
    places.first.hover()
    assert tab.evaluate(LINES) == 2
    assert "服务：丙苑、丁苑" in tab.locator(".lc-tip").inner_text()
    places.first.click()
    assert tab.locator(".lc-popup h3").inner_text() == "旧小学"
    box, top = (
        tab.locator(".leaflet-popup").bounding_box(),
        tab.locator("#lc-banners").bounding_box(),
    )
    assert box["y"] >= top["y"] + top["height"]
    tab.evaluate("map_lifecircle.closePopup()")
    tab.click("#lc-before")
    assert (figure.inner_text(), places.count()) == ("33.3 %", 0)
    assert tab.locator("#lc-before").get_attribute("aria-pressed") == "true"
    assert tab.locator("#lc-side").text_content() == "图上为建成前"
    if size[0] > 1000:
        assert [found.count(status) for status in STATUSES] == ["2", "4", "0"]
        tab.fill("#lc-search", "丙苑")
        tab.press("#lc-search", "Enter")
        told = tab.locator(".lc-popup").inner_text()
        assert "建成前的结论和数字" in tab.locator(".lc-popup .lc-reason").inner_text()
        assert "3,000 米" in told  # to F1; the planned K1 is 200 m away
        assert "200 米" not in told
        assert "旧小学" not in told
        assert "覆盖" not in told.split("缺口")[1].split("CX-06")[0]
        tab.evaluate("map_lifecircle.closePopup()")
        tab.fill("#lc-search", "甲苑")
        tab.press("#lc-search", "Enter")
        told = tab.locator(".lc-popup").inner_text()
        assert "前后结论相同" in told  # F1 is nearest then as now
        assert "一站" in told
        tab.evaluate("map_lifecircle.closePopup()")
        tab.click("#lc-after")
        tab.fill("#lc-search", "丙苑")
        tab.press("#lc-search", "Enter")
        told = tab.locator(".lc-popup").inner_text()
        assert "旧小学" in told
        assert "200 米" in told
        tab.evaluate("map_lifecircle.closePopup()")
    tab.click("#lc-after")
    assert (figure.inner_text(), places.count()) == ("83.3 %", 2)
    assert tab.evaluate("lifecircle.state.clause") == after
    assert (found.errors, found.requests) == ([], [found.url])
    tab.close()
