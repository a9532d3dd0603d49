"""The map as a planner sees it: opened from a file in Chromium, the network closed."""

from __future__ import annotations

import base64
import math
import shutil
import subprocess
import zlib
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from lifecircle.model.inputs.mapping.basemap import basemap
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.results.assessment import ALLOCATION_COLUMNS
from lifecircle.outputs.maps import draw_map
from lifecircle.outputs.saved.assessment_json import document

pytestmark = pytest.mark.browser

APART = "配建情况与处置（按适用于它的配建条款）"
EVIL = "</script><img src=x onerror=alert(1)>"
LINES = """() => { let n = 0; map_lifecircle.eachLayer(l => {
    if (l instanceof L.Polyline && l.options.renderer.options.pane === 'links') n++; });
    return n; }"""
"""How many lines of who serves whom are drawn."""


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

    def click(self, key):
        """Click an area by its id."""
        spot = self.tab.evaluate(f"lifecircle.at('{key}')")
        # beside the middle, where a facility may stand
        self.tab.mouse.click(spot["x"] + 24, spot["y"] + 14)
        return self.tab.locator(".lc-popup")

    def legend(self):
        """Status → (count, households) as the legend prints them."""
        return {
            row.locator("input").get_attribute("data-layer").removeprefix("status:"): tuple(
                row.locator(".lc-count").all_inner_texts()
            )
            for row in self.tab.locator("#lc-legend .lc-row").all()
        }

    def ink(self):
        """Share of the map's pixels, sampled, that are drawn on in the clickable layer."""
        return self.tab.evaluate(
            """() => {
              const canvas = document.querySelector('.leaflet-areas-pane canvas');
              const data = canvas.getContext('2d')
                .getImageData(0, 0, canvas.width, canvas.height).data;
              let drawn = 0, all = 0;
              for (let i = 3; i < data.length; i += 404) { all++; if (data[i] > 0) drawn++; }
              return drawn / all;
            }"""
        )


def output(program, *words):
    """Return what a program prints."""
    found = [shutil.which(program), *map(str, words)]
    return subprocess.run(found, capture_output=True, check=True, encoding="utf-8").stdout  # noqa: S603


@pytest.fixture
def opened(chromium, town_map):
    found = Opened(chromium, town_map)
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
    popup = opened.click("R03")
    assert popup.locator("h3").inner_text() == "象山名邸"
    assert popup.locator(".lc-mark").inner_text() == "示例"
    assert popup.locator(".lc-reason").inner_text() == "应配 180 m²，已配 90 m²，缺 90 m²"
    assert popup.locator(".lc-asked").inner_text() == "CX-07 居住区配建达标率"
    assert popup.locator(".lc-facts").first.locator("div").all_inner_texts() == [
        "要求\n180 m²",
        "现值\n90 m²",
        "缺口\n90 m²",
    ]
    assert popup.locator(".lc-flag").all_inner_texts() == ["可调剂"]
    assert APART not in popup.locator("h4").all_inner_texts()  # the figures are the clause's own
    assert "CX-03" in popup.locator("cite").inner_text()
    assert "每百户不低于15平方米" in popup.locator("blockquote").inner_text()
    assert popup.locator(".lc-reach tbody tr").first.locator("td").all_inner_texts() == [
        "社区养老服务设施",
        "东门社区日间照料中心 / 雄石街道综合养老服务中心",
        "640 米",
        "1,180 米 · 17.7 分钟（到道路 40＋沿道路 1,115＋到设施 25）",
    ]
    popup.locator("summary").click()
    assert popup.locator(".lc-findings tbody tr").count() == 2
    # beyond the search limit is never a number
    assert "超过 3,000 米" in opened.search("冶金新村").locator(".lc-reach").inner_text()


def test_a_clause_changes_map_legend_and_headline_together(opened, town):
    """Whatever is chosen, the numbers are those of assessment.json."""
    tab, clauses = opened.tab, {c["id"]: c for c in document(town)["clauses"]}
    labels = tab.locator("#lc-clause option").all_inner_texts()
    assert [label.split()[0] for label in labels] == ["CX-07", "CX-03", "CX-01"]
    before = opened.ink()
    for n, label in enumerate(labels):
        tab.select_option("#lc-clause", str(n))
        official = clauses[label.split()[0]]["official"]
        assert tab.locator("#lc-headline h2").inner_text() == label
        assert tab.locator(".lc-figure b").inner_text() == f"{100 * official['rate']:.1f} %"
        fraction = f"{official['numerator']:.0f}/{official['denominator']:.0f}"
        assert tab.locator(".lc-figure span").inner_text().startswith(fraction)
    # CX-01 has one finding: R03, 1,200 households
    assert opened.legend()["deficient"] == ("1", "1,200")
    assert opened.legend()["none"][0] == "11"
    assert opened.click("R03").locator(".lc-asked").inner_text() == "CX-01 服务半径"
    assert tab.locator(".lc-popup .lc-facts").first.locator("div").first.inner_text() == (
        "要求\n1,000 米"
    )
    # a radius has no m²: the bar and the remedy below are said to be another clause's
    assert APART in tab.locator(".lc-popup h4").all_inner_texts()
    tab.select_option("#lc-clause", "0")
    tab.wait_for_selector(".lc-popup", state="detached")
    assert opened.ink() == pytest.approx(before, rel=0.01)


def test_a_least_gap_is_one_on_the_card_under_its_clause_and_under_another(
    chromium, town, tmp_path
):
    params = {"required_m2": 180.0, "provided_m2": 90.0, "deficit_m2": 90.0}
    areas, findings = town.layers["residential"].copy(), town.findings.copy()
    (at,) = findings.index[(findings["id"] == "R03") & (findings["clause"] == "CX-03")]
    for table, row in ((areas, "R03"), (findings, at)):
        table.at[row, "reason"] = Reason(ReasonCode.QUOTA_SHORT_AT_LEAST, params)
    changed = replace(town, layers={**town.layers, "residential": areas}, findings=findings)
    opened = Opened(chromium, draw_map(changed, tmp_path / "least.html"))
    labels = opened.tab.locator("#lc-clause option").all_inner_texts()
    for clause in ("CX-03", "CX-01"):
        label = next(one for one in labels if one.startswith(clause))
        opened.tab.select_option("#lc-clause", label=label)
        card = opened.click("R03").inner_text()
        assert "缺口\n≥ 90" in card
    assert opened.errors == []
    opened.tab.close()


def test_a_headline_about_units_leaves_the_areas_their_own_clauses(chromium, town, tmp_path):
    street = town.findings.iloc[:1].assign(
        clause="CX-17", layer="units", id="360681001", status="deficient", reason=None
    )
    first = replace(
        town.clauses[0],
        id="CX-17",
        measure="unit_coverage",
        subject="units",
        counts={"deficient": 1},
    )
    changed = replace(
        town,
        headline_clause="CX-17",
        clauses=(first, *town.clauses[1:]),
        findings=pd.concat([street, town.findings], ignore_index=True),
    )
    found = Opened(chromium, draw_map(changed, tmp_path / "map.html"))
    assert found.legend() == {
        "compliant": ("0",),
        "deficient": ("1",),
        "not_assessed": ("0",),
    }
    assert "不达标：雄石街道" in found.tab.locator("#lc-legend").inner_text()
    popup = found.click("R03")
    assert popup.locator(".lc-asked").inner_text().startswith("CX-03")
    assert popup.locator(".lc-reason").inner_text() == "应配 180 m²，已配 90 m²，缺 90 m²"
    # the unit tells of the clause that is about it
    assert found.search("雄石街道").locator(".lc-asked").inner_text().startswith("CX-17")
    assert found.errors == []
    found.tab.close()


def test_legend_counts_areas_and_households(opened):
    # R01, R02, R09 · R03 1200, R04 800, R08 300 · R05 has no households, R10 and R12 have 800
    assert opened.legend() == {
        "compliant": ("3", "2,400"),
        "deficient": ("3", "2,300"),
        "not_assessed": ("3", "≥ 1,600"),
        "not_applicable": ("1", "800"),
        "exempt": ("1", "800"),
        "reported": ("1", "800"),
    }


def test_what_is_open_is_drawn_and_told_as_no_figure(chromium, town, tmp_path):
    """Own m² of 象山名邸 are not known, and its coverage is not: no bar, and no share in per cent.

    An area whose whole name is asked for stands before a unit whose name begins so.
    """
    frame = town.layers["residential"].copy()
    frame.loc["R03", ["own_m2", "coverage", "walk_share"]] = [math.nan, "unknown", 0.0]
    frame.loc["R03", "name"] = "雄石"
    changed = replace(town, layers={**town.layers, "residential": frame})
    found = Opened(chromium, draw_map(changed, tmp_path / "map.html"))
    card = found.search("雄石")
    assert card.locator("h3").inner_text() == "雄石"
    assert card.locator(".lc-bar").count() == 0
    told = dict(row.split("\n") for row in card.locator(".lc-facts > div").all_inner_texts())
    assert told["步行覆盖"] == "待核实"
    assert found.search("冶金新村").locator(".lc-bar").count() == 1
    assert found.errors == []
    found.tab.close()


def test_walks_with_their_legs_leave_room_for_the_names(chromium, town, tmp_path):
    """The table of what is nearest lies within the card, none of its columns a letter wide."""
    walks = {"walk_m": 1481.0, "walk_min": 22.2, "access_m": 171.0, "egress_m": 118.0}
    reach = town.reach.assign(**walks)
    found = Opened(chromium, draw_map(replace(town, reach=reach), tmp_path / "map.html"))
    card = found.search("冶金新村")
    assert "沿道路 1,192" in card.locator(".lc-reach").inner_text()
    widths, inside = card.evaluate(
        """card => {
          const table = card.querySelector('.lc-reach'), edge = card.getBoundingClientRect().right;
          const cells = [...table.querySelectorAll('tbody td')];
          const within = one => one.getBoundingClientRect().right <= edge + 1
            && one.scrollWidth <= one.clientWidth + 1;
          return [cells.map(cell => cell.clientWidth), [table, ...cells].every(within)];
        }"""
    )
    assert min(widths) > 40
    assert inside
    assert found.errors == []
    found.tab.close()


@pytest.mark.parametrize("edge", ["left", "right"])
def test_a_name_by_the_edge_is_written_whole(opened, edge):
    """A point area that stands five pixels within the window: its name is not cut off."""
    told, width = opened.tab.evaluate(
        """edge => {
          const pen = CanvasRenderingContext2D.prototype, move = pen.translate, fill = pen.fillText;
          const wide = map_lifecircle.getSize().x, told = [];
          let at = 0;
          pen.translate = function (x) { at = x; return move.apply(this, arguments); };
          pen.fillText = function (words) {
            const half = this.measureText(words).width / 2;
            told.push([words, at - half, at + half]);
            return fill.apply(this, arguments);
          };
          const x = lifecircle.at('R09').x;
          map_lifecircle.panBy([edge === 'left' ? x - 5 : x - wide + 5, 0], {animate: false});
          return [told, wide];
        }""",
        edge,
    )
    ends = [(first, last) for words, first, last in told if words.startswith("花园老小区")]
    assert ends
    assert all(first >= 0 and last <= width for first, last in ends)


def test_a_place_can_be_chosen(chromium, town, tmp_path):
    homes = town.layers["residential"].copy()
    homes.loc[["R01", "R03"], "unit"] = "360681900"
    moved = replace(town, layers={**town.layers, "residential": homes})
    found = Opened(chromium, draw_map(moved, tmp_path / "map.html"))
    tab = found.tab
    assert tab.locator("#lc-scope option").all_inner_texts() == ["全部", "雄石街道", "虚拟单元"]
    tab.select_option("#lc-scope", "360681900")
    assert found.legend()["compliant"] == ("1", "800")
    assert found.legend()["deficient"] == ("1", "1,200")
    assert tab.locator("#lc-headline h2").inner_text().endswith(" · 虚拟单元")
    # no rate was judged for it
    assert tab.locator("#lc-headline .lc-note").inner_text() == "该范围没有此条款的评价对象"
    assert found.errors == []
    tab.close()


def test_pointing_shows_who_serves_whom(chromium, town, tmp_path):
    table = pd.DataFrame(
        [
            ("F1", "R03", 30.0, "recorded", "CX-03", "caoxian-2023", 640.0),
            ("F2", "R03", 60.0, "suggested", "CX-03", "caoxian-2023", 640.0),
        ],
        columns=list(ALLOCATION_COLUMNS),
    )
    found = Opened(chromium, draw_map(replace(town, allocation=table), tmp_path / "map.html"))
    tab = found.tab
    spot = tab.evaluate("lifecircle.at('R03')")
    tab.mouse.move(spot["x"] + 24, spot["y"] + 14)
    tab.wait_for_selector(".lc-tip")
    assert tab.locator(".lc-tip").inner_text().split("\n") == [
        "象山名邸",
        "不达标",
        "最近：雄石街道综合养老服务中心（1,180 米 · 17.7 分钟）",
    ]
    # two shares of m², the nearest on foot, the nearest in a straight line
    assert tab.evaluate(LINES) == 4
    tab.get_by_role("button", name="东门社区日间照料中心").locator(".lc-f").hover()
    tab.wait_for_function("document.querySelector('.lc-tip b').innerText.startsWith('东门社区')")
    assert "服务：象山名邸" in tab.locator(".lc-tip").inner_text()
    tab.mouse.move(700, 860)
    tab.wait_for_function(f"({LINES})() === 0")
    for entry, count in (("links:recorded", 1), ("links:suggested", 2)):
        tab.locator(f'input[data-layer="{entry}"]').evaluate("box => box.click()")
        assert tab.evaluate(LINES) == count
    assert found.errors == []
    tab.close()


def test_units_can_be_coloured_by_their_rate(opened):
    tab = opened.tab
    assert tab.locator("#lc-rates").inner_text() == ""
    tab.locator("summary", has_text="底图").click()
    # nothing was judged by unit here but the county's own rate
    assert tab.locator('input[data-layer="rates"]').count() == 0


def test_the_choropleth_has_a_legend_of_its_own(chromium, town, tmp_path):
    street = replace(town.clauses[0].official, scope="360681001", rate=0.5)
    first = replace(town.clauses[0], rates=(*town.clauses[0].rates, street))
    found = Opened(
        chromium,
        draw_map(replace(town, clauses=(first, *town.clauses[1:])), tmp_path / "map.html"),
    )
    found.tab.locator("summary", has_text="底图").click()
    found.tab.locator('input[data-layer="rates"]').check()
    assert found.tab.locator("#lc-rates li").nth(2).inner_text().split("\n") == ["40–60 %", "1"]
    assert found.errors == []
    found.tab.close()


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
    opened.tab.keyboard.press("Escape")
    opened.tab.keyboard.press("Escape")
    opened.tab.evaluate("map_lifecircle.closePopup()")
    spot = opened.tab.evaluate("lifecircle.at('R08')")
    opened.tab.mouse.move(spot["x"] + 24, spot["y"] + 14)
    opened.tab.wait_for_selector(".lc-tip")
    assert opened.tab.locator(".lc-tip b").inner_text() == EVIL
    assert opened.tab.locator("img[src=x]").count() == 0


def test_hostile_names_stay_text_in_every_panel(chromium, town, tmp_path):
    """Title, banners, sources, clause, unit, legend, headline, sites, sources of the page."""
    units = town.layers["units"].assign(name=EVIL)
    sites = town.layers["sites"].assign(name=EVIL, type=EVIL)
    homes = town.layers["residential"].copy()
    homes.loc[["R01"], "unit"] = "360681900"
    hostile = replace(
        town,
        study=EVIL,
        banners=(EVIL,),
        attribution=(EVIL,),
        clauses=tuple(replace(c, title={"zh": EVIL}, quote=EVIL) for c in town.clauses),
        layers={**town.layers, "units": units, "sites": sites, "residential": homes},
    )
    found = Opened(chromium, draw_map(hostile, tmp_path / "map.html"))
    tab = found.tab
    assert tab.locator("h1").inner_text() == EVIL
    assert tab.locator("#lc-banners li").first.inner_text() == EVIL
    assert EVIL in tab.locator(".leaflet-control-attribution").inner_text()
    tab.select_option("#lc-clause", "1")
    tab.select_option("#lc-scope", "360681001")
    assert tab.locator("#lc-headline h2").inner_text() == f"CX-03 {EVIL} · {EVIL}"
    found.search("P1")
    assert tab.locator(".lc-popup h3").inner_text() == EVIL
    assert tab.locator("img[src=x]").count() == 0
    assert found.errors == []
    tab.close()


def test_layers_switch_by_keyboard(opened):
    tab = opened.tab
    before = opened.ink()
    for verdict in ("compliant", "deficient", "not_assessed"):
        box = tab.locator(f'input[data-layer="status:{verdict}"]')
        box.focus()
        box.press("Space")
        assert not box.is_checked()
    tab.wait_for_timeout(100)
    assert opened.ink() < before * 0.7

    solid = tab.locator(".leaflet-marker-pane .lc-f")
    assert solid.count() == 7
    tab.locator("summary", has_text="设施阶段").click()
    tab.locator('input[data-layer="stage:planned"]').uncheck()
    assert solid.count() == 6
    # F1 is a day-care centre and a canteen: it stays while either kind is on
    tab.locator('input[data-layer="kind:canteen"]').uncheck()
    assert solid.count() == 5
    tab.locator('input[data-layer="kind:day_care"]').uncheck()
    assert solid.count() == 4


def test_every_layer_can_be_switched_on_and_off(opened):
    boxes = opened.tab.locator("input[data-layer]")
    # statuses 6, kinds 7, stages 5, reach 3, checks 5, ground 6
    assert boxes.count() == 32
    assert boxes.evaluate_all("boxes => boxes.every(b => b.closest('label').textContent.trim())")
    before = opened.ink()
    for _ in range(2):
        boxes.evaluate_all("boxes => boxes.forEach(box => box.click())")
    opened.tab.wait_for_timeout(100)
    assert opened.ink() == pytest.approx(before, rel=0.01)


def test_search_finds_zooms_and_shows_what_was_hidden(opened):
    tab = opened.tab
    tab.locator('input[data-layer="status:deficient"]').uncheck()
    zoom = tab.evaluate("() => map_lifecircle.getZoom()")
    tab.fill("#lc-search", "象 山")
    assert tab.locator("#lc-hits li").all_inner_texts() == [
        "象山名邸\n居住区",
        "象山社区养老服务站\n设施",
    ]
    tab.press("#lc-search", "Enter")
    assert tab.locator(".lc-popup h3").inner_text() == "象山名邸"
    assert tab.evaluate("() => map_lifecircle.getZoom()") > zoom
    assert tab.locator('input[data-layer="status:deficient"]').is_checked()
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


def test_speeds_and_curves_stand_in_a_panel(chromium, town_with_curves, tmp_path):
    found = Opened(chromium, draw_map(town_with_curves, tmp_path / "map.html"))
    panel = found.tab.locator("#lc-variants")
    assert panel.is_hidden()
    found.tab.locator("#lc-open-variants").click()
    assert panel.locator("svg.lc-chart polyline").count() == 1
    assert panel.locator("td.lc-number").all_inner_texts() == ["63.6 %"]
    found.tab.keyboard.press("Escape")
    assert panel.is_hidden()
    assert found.tab.evaluate("document.activeElement.id") == "lc-open-variants"
    assert found.errors == []
    found.tab.close()


def test_a_proposed_site_opens_with_lines_to_whom_it_serves(chromium, town, tmp_path):
    table = town.layers["sites"].assign(name=EVIL, m2=860.0, serves="R03;R04;nobody")
    found = Opened(chromium, draw_map(town, tmp_path / "map.html", proposed=table))
    assert found.tab.locator(".leaflet-marker-pane .lc-proposed").count() == 1
    found.tab.locator(".leaflet-marker-pane .lc-proposed").click()
    assert found.tab.locator(".lc-popup h3").inner_text() == EVIL
    assert found.tab.evaluate(LINES) == 2
    assert found.tab.locator("img[src=x]").count() == 0
    assert found.errors == []
    found.tab.close()


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
def test_prints_as_one_sheet_with_title_legend_and_map(opened, tmp_path):
    sheet = tmp_path / "map.pdf"
    opened.tab.pdf(path=sheet, prefer_css_page_size=True, print_background=True)
    told = output("pdftotext", sheet, "-")
    # the title may break over two lines
    assert "贵溪市城区养老服务设施覆盖评估" in "".join(told.split())
    assert "不作划界依据" in told
    # the legend, and names that only the map has
    assert {"不达标", "待核实", "滨江国际"} <= set(told.split())
    assert told.count("\f") == 1
    assert "(A3)" in output("pdfinfo", sheet)
    # afterwards the page is as it was
    assert opened.tab.evaluate("document.querySelector('#lc-paper')") is None
    assert opened.ink() > 0.02


def test_a_basemap_that_cannot_be_reached_is_switched_off(chromium, town, tmp_path):
    tiles = basemap("https://tiles.example/{z}/{x}/{y}.png?k={key}", key="a&b", attribution="<b>甲")
    found = Opened(chromium, draw_map(town, tmp_path / "map.html", basemap=tiles))
    found.tab.wait_for_selector(".lc-notice")
    assert found.tab.locator(".lc-notice").inner_text().startswith("背景地图连接不上")
    assert {url.split("/")[2] for url in found.blocked} == {"tiles.example"}
    assert found.blocked[0].endswith("?k=a%26b")
    assert found.ink() > 0.02
    # the browser tells of tiles that do not load; nothing else is wrong
    assert {error.split(":")[-1] for error in found.errors} == {"ERR_FAILED"}
    found.tab.close()


def test_the_inflater_reads_what_zlib_writes(opened):
    """Stored, fixed and dynamic blocks, long repeats, and more than a window of noise."""
    noise = np.random.default_rng(7).bytes(150_000)
    for content in (
        b"",
        b"a",
        b"ab" * 70_000,
        noise,
        b"".join(noise[k : k + 9] * 5 for k in range(9000)),
    ):
        for level in (0, 1, 6, 9):
            for strategy in (zlib.Z_DEFAULT_STRATEGY, zlib.Z_FIXED):
                coder = zlib.compressobj(level, zlib.DEFLATED, 15, 9, strategy)
                text = base64.b64encode(coder.compress(content) + coder.flush()).decode()
                got = opened.tab.evaluate(
                    """text => { const given = Uint8Array.from(atob(text), c => c.charCodeAt(0));
                    const out = lifecircle.inflate(given); let sum = 0;
                    for (const b of out) sum = (sum * 31 + b) % 1000000007;
                    return [out.length, sum]; }""",
                    text,
                )
                total = 0
                for byte in content:
                    total = (total * 31 + byte) % 1_000_000_007
                assert got == [len(content), total]


@pytest.mark.parametrize("size", [(1400, 900), (1024, 700), (390, 844)])
def test_nothing_hides_the_map(chromium, english, tmp_path, size):
    found = Opened(chromium, draw_map(english, tmp_path / "map.html"), size)
    boxes = [found.tab.locator(f"#{card}").bounding_box() for card in ("lc-summary", "lc-layers")]
    hidden = sum(box["width"] * box["height"] for box in boxes)
    assert hidden < 0.6 * size[0] * size[1]
    # no card leaves the window, and neither lies on the other
    assert boxes[0]["x"] + boxes[0]["width"] <= boxes[1]["x"]
    assert boxes[1]["x"] + boxes[1]["width"] <= size[0]
    assert found.ink() > 0.005
    assert found.errors == []
    found.tab.close()


def test_an_empty_map_opens_too(chromium, nothing, tmp_path):
    found = Opened(chromium, draw_map(nothing, tmp_path / "map.html"))
    assert "没有可上图的数据" in found.tab.locator("#lc-summary").inner_text()
    assert found.errors == []
    found.tab.close()


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)])
def test_a_facility_in_an_area_known_as_a_point_hides_neither_its_sign_nor_the_cards(
    chromium, town, tmp_path, size
):
    areas = town.layers["residential"].copy()
    areas["geometry"] = areas.geometry.representative_point()
    facilities = town.layers["facilities"].copy()
    spots = areas.geometry.dropna()
    placed = facilities.index[facilities.geometry.notna()][: len(spots)]
    # two in the westernmost area, one in the easternmost, the others where they were
    west, east = spots[spots.x.idxmin()], spots[spots.x.idxmax()]
    for facility, place in zip(placed, (west, west, east), strict=False):
        facilities.loc[facility, "geometry"] = place
    layers = {**town.layers, "residential": areas, "facilities": facilities}
    found = Opened(chromium, draw_map(replace(town, layers=layers), tmp_path / "m.html"), size)
    apart = found.tab.evaluate(
        """() => {
        const corner = document.querySelector('.leaflet-container').getBoundingClientRect();
        const badges = [...document.querySelectorAll('.leaflet-marker-pane .lc-f')].map(
            (node) => node.getBoundingClientRect());
        const panels = ['lc-summary', 'lc-layers'].map(
            (id) => document.getElementById(id).getBoundingClientRect());
        const inside = (box, x, y) =>
            x > box.left && x < box.right && y > box.top && y < box.bottom;
        const touch = (a, b) =>
            a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
        const middles = MIDDLES.map((p) => map_lifecircle.latLngToContainerPoint(p)).map(
            (p) => [p.x + corner.left, p.y + corner.top]);
        const beside = badges.filter((box) => middles.some(
            (p) => Math.hypot(p[0] - (box.left + box.right) / 2,
                              p[1] - (box.top + box.bottom) / 2) < 25));
        return [beside.length >= 3,
                middles.filter((p) => badges.some((box) => inside(box, p[0], p[1]))).length,
                beside.filter((box) => panels.some((panel) => touch(box, panel))).length];
    }""".replace("MIDDLES", str([[p.y, p.x] for p in spots.to_crs(4326)]))
    )
    assert apart == [True, 0, 0]
    assert found.errors == []
    found.tab.close()
