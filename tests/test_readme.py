"""What the two READMEs promise a first reader: where things are, and where to go on from there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = {"README.md": "", "README.zh.md": ".zh"}
NO_STREETS = {
    # where streets come from without a network; what is left out without any, and what is not
    "README.md": (
        "On a computer without a network",
        "Geofabrik",
        "walking times are not assessed",
        "judged all the same",
    ),
    "README.zh.md": ("不联网的电脑", "Geofabrik", "步行时间", "待核实", "照常评价"),
}


def text_of(page):
    return (ROOT / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_to_files_and_headings_that_are_there(page):
    text = text_of(page)
    targets = [one for one in re.findall(r"\]\(([^)]+)\)", text) if "://" not in one]
    assert targets
    for target in targets:
        path, _, heading = target.partition("#")
        assert not path or (ROOT / path).exists(), target
        if heading and not path:
            slugs = {
                re.sub(r"[^\w一-鿿 -]", "", line.lstrip("# ")).strip().replace(" ", "-").lower()
                for line in text.splitlines()
                if line.startswith("#")
            }
            assert heading in slugs, target


@pytest.mark.parametrize(("page", "tail"), PAGES.items())
def test_a_county_beyond_those_that_ship_and_a_drawing_find_their_pages(page, tail):
    text = text_of(page)
    for name in ("own-rules", "dwg-to-dxf", "streets", "review", "sheets", "map"):
        assert f"docs/{name}{tail}.md" in text, name


@pytest.mark.parametrize("page", PAGES)
def test_it_is_said_how_to_start_it_and_what_to_say_of_coordinates_and_folders(page):
    text = text_of(page)
    # on no PATH after an installation: here, and on Windows
    assert ".venv/bin/lifecircle" in text
    assert r".venv\Scripts\lifecircle" in text
    (init,) = [line for line in text.splitlines() if line.startswith("lifecircle init ")]
    assert "--coordinates gcj02" in init  # read off 高德, as officers do
    for word in ("`-o`", "--stage plan", "--replace", "[parameters]", "repair_gap_m"):
        assert word in text, word


@pytest.mark.parametrize("page", PAGES)
def test_streets_without_a_network_and_what_is_lost_without_them(page):
    text = text_of(page)
    for words in (*NO_STREETS[page], "node_crossings = true", ".osm.pbf", ".graphml"):
        assert words in text, words
