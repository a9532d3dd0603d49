"""The map as a planner sees it: opened from a file in Chromium, the network closed."""

from __future__ import annotations

import shutil

import pytest

from lifecircle.outputs.maps import draw_map

pytestmark = pytest.mark.browser

EVIL = "</script><img src=x onerror=alert(1)>"
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)


@pytest.fixture(scope="module")
def chromium():
    if CHROMIUM is None:
        pytest.skip("no Chromium on the path: apt-get install chromium fonts-noto-cjk")
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


class Opened:
    """A map opened in a tab, and everything it did."""

    def __init__(self, browser, path, size=(1400, 900)):
        self.requests, self.errors, self.blocked = [], [], []
        self.tab = browser.new_page(viewport={"width": size[0], "height": size[1]})
        self.tab.on("request", lambda request: self.requests.append(request.url))
        self.tab.on("console", self._listen)
        self.tab.on("pageerror", lambda error: self.errors.append(str(error)))
        self.tab.on("dialog", lambda dialog: self.errors.append(dialog.message))
        self.tab.route("**/*", self._route)
        self.url = path.as_uri()
        self.tab.goto(self.url)
        self.tab.wait_for_selector("html[data-ready=yes]", timeout=10_000)

    def _listen(self, message):
        if message.type == "error":
            self.errors.append(message.text)

    def _route(self, route):
        if route.request.url.startswith(("file:", "data:", "blob:")):
            route.continue_()
        else:
            self.blocked.append(route.request.url)
            route.abort()

    def search(self, text):
        self.tab.fill("#lc-search", text)
        self.tab.press("#lc-search", "Enter")
        return self.tab.locator(".lc-popup")

    def ink(self):
        """Share of the map's pixels, sampled, that are drawn on in the clickable layer."""
        return self.tab.evaluate(
            """() => {
              const canvas = document.querySelector('.leaflet-data-pane canvas');
              const data = canvas.getContext('2d')
                .getImageData(0, 0, canvas.width, canvas.height).data;
              let drawn = 0, all = 0;
              for (let i = 3; i < data.length; i += 404) { all++; if (data[i] > 0) drawn++; }
              return drawn / all;
            }"""
        )


@pytest.fixture
def opened(chromium, town, tmp_path):
    found = Opened(chromium, draw_map(town, tmp_path / "map.html"))
    yield found
    assert found.requests == [found.url], "the page asked for something else"
    assert found.blocked == []
    assert found.errors == []
    found.tab.close()


def test_opens_without_a_request_or_an_error_and_shows_chinese(opened):
    tab = opened.tab
    assert tab.locator("h1").inner_text() == "贵溪市城区养老服务设施覆盖评估"
    assert tab.locator("#lc-banners").inner_text().split("\n") == [
        "套用外县标准，仅作演示",
        "内部使用，不作划界依据",
    ]
    # a missing glyph is a box of one width; real characters differ in their pixels
    assert tab.evaluate(
        """() => {
          const draw = text => {
            const canvas = document.createElement('canvas'), ink = canvas.getContext('2d');
            ink.font = '32px ' + getComputedStyle(document.body).fontFamily;
            ink.fillText(text, 10, 60);
            return canvas.toDataURL();
          };
          return draw('养') !== draw('老') && draw('养') !== draw('\\uffff');
        }"""
    )
    assert opened.ink() > 0.02
    assert tab.locator(".leaflet-control-attribution").inner_text().startswith("© OpenStreetMap")
    assert tab.locator(".leaflet-control-attribution a").count() == 0


def test_a_click_on_an_area_opens_the_reason(opened):
    box = opened.tab.evaluate(
        """() => {
          const map = map_lifecircle; let found;
          map.eachLayer(l => { if (l.feature && l.feature.i === 'R03') found = l; });
          const p = map.latLngToContainerPoint(found.getBounds().getCenter());
          return [p.x + 30, p.y + 20];
        }"""
    )
    opened.tab.mouse.click(*box)
    popup = opened.tab.locator(".lc-popup")
    assert popup.locator("h3").inner_text() == "象山名邸"
    assert popup.locator(".lc-mark").inner_text() == "示例"
    assert popup.locator(".lc-reason").inner_text() == "应配 180 m²，已配 90 m²，缺 90 m²"
    assert "CX-03" in popup.locator("cite").inner_text()
    assert "每百户不低于15平方米" in popup.locator("blockquote").inner_text()
    popup.locator("summary").click()
    assert popup.locator(".lc-findings tbody tr").count() == 2


def test_a_marker_opens_by_keyboard(opened):
    marker = opened.tab.get_by_role("button", name="雄石街道综合养老服务中心")
    marker.focus()
    marker.press("Enter")
    assert opened.tab.locator(".lc-popup h3").inner_text() == "雄石街道综合养老服务中心"


def test_hostile_names_stay_text(opened):
    assert opened.search("onerror").locator("h3").inner_text() == EVIL
    assert opened.search("raw").locator("h3").inner_text() == (
        "{{ 7 * 7 }}{% raw %} & 'quoted' \"twice\""
    )
    assert opened.tab.locator("img[src=x]").count() == 0
    opened.tab.fill("#lc-search", "onerror")
    assert opened.tab.locator("#lc-hits .lc-hit-name").all_inner_texts() == [EVIL, EVIL]
    assert opened.tab.locator("img[src=x]").count() == 0


def test_layers_switch_by_keyboard(opened):
    tab = opened.tab
    before = opened.ink()
    for verdict in ("compliant", "deficient", "not_assessed"):
        box = tab.locator(f'input[data-layer="areas:{verdict}"]')
        box.focus()
        box.press("Space")
        assert not box.is_checked()
    tab.wait_for_timeout(100)
    assert opened.ink() < before * 0.7

    solid = tab.locator(".leaflet-marker-pane .lc-f")
    assert solid.count() == 7
    tab.locator('input[data-layer="stage:planned"]').uncheck()
    assert solid.count() == 6
    # F1 is a day-care centre and a canteen: it stays while either kind is on
    tab.locator('input[data-layer="kind:canteen"]').uncheck()
    assert solid.count() == 5
    tab.locator('input[data-layer="kind:day_care"]').uncheck()
    assert solid.count() == 4


def test_every_layer_can_be_switched_on_and_off(opened):
    boxes = opened.tab.locator("input[data-layer]")
    # verdicts 6, kinds 7, stages 5, reach 3, checks 5, ground 4
    assert boxes.count() == 30
    assert boxes.evaluate_all("boxes => boxes.every(b => b.closest('label').innerText.trim())")
    before = opened.ink()
    for _ in range(2):
        boxes.evaluate_all("boxes => boxes.forEach(box => box.click())")
    opened.tab.wait_for_timeout(100)
    assert opened.ink() == pytest.approx(before, rel=0.01)


def test_search_finds_zooms_and_shows_what_was_hidden(opened):
    tab = opened.tab
    tab.locator('input[data-layer="areas:deficient"]').uncheck()
    zoom = tab.evaluate("() => map_lifecircle.getZoom()")
    tab.fill("#lc-search", "象 山")
    assert tab.locator("#lc-hits li").all_inner_texts() == [
        "象山名邸\n居住区",
        "象山社区养老服务站\n设施",
    ]
    tab.press("#lc-search", "Enter")
    assert tab.locator(".lc-popup h3").inner_text() == "象山名邸"
    assert tab.evaluate("() => map_lifecircle.getZoom()") > zoom
    assert tab.locator('input[data-layer="areas:deficient"]').is_checked()
    # what has no place is found all the same, in a card that points at nothing
    opened.search("位置不详小区")
    card = tab.locator("#lc-aside")
    assert card.locator("h3").inner_text() == "位置不详小区"
    assert card.locator(".lc-nowhere").inner_text() == "位置不详，未上图"
    tab.wait_for_selector(".leaflet-popup", state="detached")
    opened.search("象 山")
    assert card.is_hidden()
    assert tab.locator(".leaflet-popup .lc-nowhere").count() == 0
    tab.fill("#lc-search", "没有这个名字")
    assert tab.locator("#lc-hits").inner_text() == "没有找到"


@pytest.mark.parametrize("size", [(1400, 900), (1024, 700), (600, 800)])
def test_nothing_hides_the_map(chromium, english, tmp_path, size):
    found = Opened(chromium, draw_map(english, tmp_path / "map.html"), size)
    widths = [
        found.tab.locator(f"#{card}").bounding_box()["width"]
        for card in ("lc-summary", "lc-layers")
    ]
    assert size[0] - sum(widths) > 200
    assert found.ink() > 0.005
    assert found.errors == []
    found.tab.close()


def test_an_empty_map_opens_too(chromium, nothing, tmp_path):
    found = Opened(chromium, draw_map(nothing, tmp_path / "map.html"))
    assert "没有可上图的数据" in found.tab.locator("#lc-summary").inner_text()
    assert found.errors == []
    found.tab.close()
