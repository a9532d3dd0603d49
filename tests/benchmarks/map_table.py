"""Print the map's bars in one run: file sizes, building against geopandas, opening against folium.

    python tests/benchmarks/map_table.py            # 50,000 areas; minutes, most of them folium's
    python tests/benchmarks/map_table.py 10000

Opening is from the address to an idle page, in a headless Chromium with the network closed. The
stock page is ``folium.GeoJson`` with a ``style_function``, on canvas; its Leaflet is handed to it,
the libraries it does not need to draw are handed over empty. Nothing asserts a time.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path

import folium
from large_county import county
from measuring import cpu, line, note
from playwright.sync_api import sync_playwright

from lifecircle.outputs.maps import draw_map
from lifecircle.outputs.maps.page import vendored

MB = 1_000_000
COLOURS = {"compliant": "#2a9d9b", "deficient": "#e2622b", "not_assessed": "#f6d365"}
IDLE = "() => new Promise(done => requestIdleCallback(() => done(performance.now())))"


def stock(layer, path):
    """Write the page everybody would write first."""
    page = folium.Map(tiles=None, prefer_canvas=True)
    shape = layer[["name", "households", "verdict", "required_m2", "own_m2", "geometry"]]
    folium.GeoJson(
        shape.to_crs(4326),
        style_function=lambda f: {
            "fillColor": COLOURS.get(f["properties"]["verdict"], "#d3d6d4"),
            "color": "#444444",
            "weight": 1,
            "fillOpacity": 0.8,
        },
    ).add_to(page)
    west, south, east, north = shape.to_crs(4326).total_bounds
    page.fit_bounds([[south, west], [north, east]])
    page.save(path)


def opened(browser, path):
    """Return the seconds from asking for a page until it is idle."""
    tab = browser.new_page(viewport={"width": 1366, "height": 768})

    def serve(route):
        url = route.request.url
        if url.startswith("file:"):
            route.continue_()
        elif url.endswith("leaflet.js"):
            route.fulfill(body=vendored("leaflet.js"), content_type="text/javascript")
        elif url.endswith("leaflet.css"):
            route.fulfill(body=vendored("leaflet.css"), content_type="text/css")
        else:
            route.fulfill(body="")

    tab.route("**/*", serve)
    tab.set_default_timeout(600_000)
    tab.goto(path.as_uri(), wait_until="load", timeout=600_000)
    milliseconds = tab.evaluate(IDLE)
    tab.close()
    return milliseconds / 1000


def main(areas=50_000):
    assessment = county(areas, 500)
    layer = assessment.layers["residential"]
    plain = layer.assign(reason=[r.dumps() for r in layer["reason"]])
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        ours, theirs = Path(folder) / "map.html", Path(folder) / "stock.html"
        build, write = cpu(
            lambda: draw_map(assessment, ours),
            lambda: plain.to_crs(4326).to_file(Path(folder) / "areas.geojson", driver="GeoJSON"),
        )
        name = f"map of {areas:,} areas"
        line(
            f"{name}, building; geopandas GeoJSON",
            build,
            write,
            build / write,
            2,
            less_is_better=True,
        )
        note(f"{name}, file (≤ 12 MB)", f"{ours.stat().st_size / MB:.1f} MB")
        begin = time.process_time()
        stock(layer, theirs)
        note(
            "stock page",
            f"{theirs.stat().st_size / MB:.1f} MB, {time.process_time() - begin:.1f} s to build",
        )
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        quick = sorted(opened(browser, ours) for _ in range(3))[1]
        slow = opened(browser, theirs)
        line(f"{name}, opening; stock folium.GeoJson", quick, slow, slow / quick, 6)
        browser.close()
        for number, clauses, bar in ((3000, 14, 3), (300, 14, 1)):
            path = draw_map(county(number, 300, clauses), ours)
            size = path.stat().st_size / MB
            note(f"{number:,} areas, {clauses} clauses (≤ {bar} MB)", f"{size:.2f} MB")


if __name__ == "__main__":
    print("| work | ours | peer | ratio | bar | |\n|---|---|---|---|---|---|")
    main(*map(int, sys.argv[1:]))
