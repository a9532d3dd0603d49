"""What each sheet shows is what the Assessment says."""

import dataclasses
import re
from itertools import combinations
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import Point

import lifecircle
from lifecircle.model.status import Flag, Status
from lifecircle.outputs.maps.areas import area_columns
from lifecircle.outputs.office.colours import MAP_FILLS, MAP_LINES, REACH_COLOURS
from lifecircle.outputs.sheets.contents.gap import class_edges
from lifecircle.outputs.sheets.contents.order import contents_of
from lifecircle.outputs.sheets.drawing.inset import enlarged, town_bounds
from lifecircle.outputs.sheets.drawing.labels import Labels
from lifecircle.outputs.sheets.looks import STATUS_LOOKS
from lifecircle.outputs.sheets.paper import Box, Window
from lifecircle.outputs.sheets.projection import scale_text, system_text
from lifecircle.outputs.words.wording import Wording


@pytest.fixture
def made(sample):
    return contents_of(sample, Wording.of(sample, "sheets"))[0]


def one(made, group, n=0):
    return [c for c in made if c.group == group][n]


def test_the_gap_sheet_sorts_areas_by_what_they_lack(made):
    gap = one(made, "gap")
    # R03 lacks 170, R05 60, R12 50 and R04 4.5 m²; borders below 170 are 20, 50 and 100
    assert [row[1] for row in gap.table.rows][1:3] == ["小区5", "小区12"]
    assert [row[-1] for row in gap.table.rows] == ["170", "60", "50", "4.5"]
    # the sheet's own numbers are not the ledger's 编号
    assert [row[0] for row in gap.table.rows] == ["1", "2", "3", "4"]
    assert gap.table.heads[0] == "图上序号"
    assert {i: gap.classed[i] for i in ("R03", "R04", "R05", "R12")} == {
        "R03": "m2:3",
        "R04": "m2:0",
        "R05": "m2:2",
        "R12": "m2:1",  # 50 m²: the border belongs to the class below
    }
    assert gap.classed["R01"] == "compliant"
    assert gap.classed["R06"] == "not_assessed"
    assert gap.classed["R08"] == "not_applicable"


def test_a_sheet_says_on_whose_figures_it_rests(made, sample):
    """Of the clause that is told, of the one that asks for the m² that are missing."""
    told = "数据来源未核实"
    assert one(made, "gap").facts == ()
    doubted = [
        dataclasses.replace(clause, flags=(*clause.flags, Flag.UNVERIFIED))
        for clause in sample.clauses
    ]
    others = dataclasses.replace(sample, clauses=tuple(doubted))
    found = contents_of(others, Wording.of(others, "sheets"))[0]
    assert one(found, "gap").facts == ("CX-03 已建成居住区配建（数据来源未核实）",)
    for group in ("atlas", "reach", "clause"):
        facts = [c.facts for c in found if c.group == group and c.facts]
        assert facts
        assert all(any(told in f or f.startswith("参考核算") for f in fact) for fact in facts)


@pytest.mark.parametrize("verdict", ["exempt", "not_assessed"])
def test_what_is_exempt_or_open_is_no_gap(sample, verdict):
    """R03 lacks 170 m²; let off, or not known to lack them, it is in no class and no list."""
    areas = sample.layers["residential"].copy()
    areas.loc["R03", "verdict"] = verdict
    let_off = dataclasses.replace(sample, layers={**sample.layers, "residential": areas})
    (gap,) = contents_of(let_off, Wording.of(let_off, "sheets"), ("gap",))[0]
    assert gap.classed["R03"] == verdict
    assert [row[-1] for row in gap.table.rows] == ["60", "50", "4.5"]
    assert verdict in {shade.key for shade in gap.shades}
    (town,) = contents_of(let_off, Wording.of(let_off, "sheets"), ("atlas",))[0]
    (row,) = [row for row in town.table.rows if "cmd()" in row[1]]
    assert row[-1] == "–"  # beside its verdict no m² that somebody might take for missing
    page = area_columns(let_off, Wording.of(let_off, "map"), {})
    shown = dict(zip(areas.index, page["deficit_m2"].values, strict=True))
    assert np.isnan(shown["R03"])
    assert shown["R05"] == 60


@pytest.mark.parametrize(
    ("largest", "edges"),
    [(170, [20, 50, 100]), (100, [10, 20, 50]), (0.05, [0.1, 0.2, 0.5]), (1e6, [1e5, 2e5, 5e5])],
)
def test_class_borders_are_round_and_below_the_largest(largest, edges):
    assert class_edges(largest) == pytest.approx(edges)


def test_the_legend_counts_what_is_drawn(made):
    for content in made:
        counts = {s.key: int(re.match(r"(\d+) 个", s.note).group(1)) for s in content.shades}
        expected = pd.Series(content.classed).value_counts().to_dict()
        assert counts == expected, content.title


def test_reach_sheets_follow_the_findings(made, sample):
    walk = one(made, "reach")
    findings = sample.findings[sample.findings["clause"] == "REF-walk-community"]
    assert walk.classed == dict(zip(findings["id"], findings["status"].astype(str), strict=True))
    assert "参考核算" in walk.facts[0]
    assert [s.label for s in walk.shades][:2] == ["在范围内", "在范围外"]


def test_a_clause_about_units_needs_their_outlines(sample):
    units = sample.layers["units"]
    findings = sample.findings.iloc[:2].assign(
        layer="units", id=list(units.index), clause="CX-17", status=["compliant", "deficient"]
    )
    clause = dataclasses.replace(
        sample.clauses[0], id="CX-17", subject="units", measure="unit_coverage", kinds=()
    )
    told = dataclasses.replace(
        sample,
        clauses=(clause,),
        findings=pd.concat([sample.findings, findings]),
        headline_clause="CX-17",
    )
    made, left_out = contents_of(told, Wording.of(told, "sheets"), ("clause",))
    assert made[0].classed == {"370828001": "compliant", "370828101": "deficient"}
    assert made[0].layer == "units"
    bare = units.set_geometry([None] * len(units), crs=units.crs)
    bare = dataclasses.replace(told, layers={**told.layers, "units": bare})
    made, left_out = contents_of(bare, Wording.of(bare, "sheets"), ("clause",))
    assert made == []
    assert [one.told("zh") for one in left_out] == ["镇街、社区只有代码，没有边界图形"]


def test_an_atlas_has_one_sheet_a_town_with_areas(made, sample):
    atlas = [c for c in made if c.group == "atlas"]
    assert [c.title for c in atlas] == ["金乡街道养老服务设施核查分图"]  # the town has no area
    assert len(atlas[0].table.rows) == 12
    verdicts = dict(
        zip(sample.layers["residential"].index, atlas[0].classed.values(), strict=False)
    )
    assert len(verdicts) == 12
    assert [row[0] for row in atlas[0].table.rows] == [str(n) for n in range(1, 13)]
    assert atlas[0].table.rows[0][3] == "不达标"


def test_an_atlas_shows_what_stands_around_a_town_without_judging_it(sample):
    """An area goes to the other town: judged there, it is ground on the first town's sheet."""
    areas = sample.layers["residential"]
    units = sample.layers["units"]
    other = units.index[units["level"] == "township"][1]
    moved = areas.index[0]
    areas.loc[moved, "unit"] = other
    made, _ = contents_of(sample, Wording.of(sample, "sheets"))
    sheets = {c.title: c for c in made if c.group == "atlas"}
    assert len(sheets) == 2
    (mine,) = [c for c in sheets.values() if len(c.table.rows) == 11]
    assert mine.classed[moved] == "neighbour"
    assert sorted(mine.classed.values()).count("neighbour") == 1
    assert mine.shades[-1].label == "相邻镇街的居住区（不在本图评价）"
    assert moved not in mine.names
    (others,) = [c for c in sheets.values() if len(c.table.rows) == 1]
    assert others.classed[moved] == areas.loc[moved, "verdict"]
    assert set(others.classed.values()) == {areas.loc[moved, "verdict"], "neighbour"}


def test_paper_and_screen_have_the_same_colours():
    style = Path(lifecircle.__file__).parent / "outputs" / "maps" / "assets" / "style.js"
    text = style.read_text(encoding="utf-8")
    for status in Status:
        found = re.search(rf'{status}: \{{fill: "(#\w+)", line: "(#\w+)"', text)
        assert found.groups() == (MAP_FILLS[status], MAP_LINES[status]), status
    for group, colour in REACH_COLOURS.items():
        assert f'{group}: "{colour}"' in text


def test_every_status_can_be_told_without_colour():
    shown = [s for s in Status if s is not Status.NOT_APPLICABLE]
    hatches = [STATUS_LOOKS[s].hatch for s in shown]
    assert len(set(hatches)) == len(hatches)
    symbols = [look.symbol for look in STATUS_LOOKS.values()]
    assert len(set(symbols)) == len(symbols)


@pytest.mark.parametrize(
    ("crs", "words"),
    [
        ("EPSG:4548", ("3°带", "第39带", "117°E", "不含带号")),
        ("EPSG:4527", ("3°带", "第39带", "117°E", "含带号")),
        ("EPSG:4498", ("6°带", "第20带", "117°E", "含带号")),
        ("EPSG:32650", ("WGS 84 / UTM zone 50N",)),
    ],
)
def test_the_system_is_told_with_its_zone(crs, words):
    text = system_text(crs, "zh")
    assert [w for w in words if w not in text] == []


def test_scales_are_written_with_spaces():
    assert [scale_text(n) for n in (500, 25_000, 1_200_000)] == ["1:500", "1:25 000", "1:1 200 000"]


# Names


class Fixed:
    def width(self, text, size):
        return size * len(text)


@given(
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(0, 40), st.integers(1, 8), st.booleans()),
        max_size=12,
    )
)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # on a busy machine too
def test_names_hide_nothing_and_stay_on_the_map(things):
    frame = Box(0, 0, 60, 40)
    labels, taken = Labels(Fixed(), frame), []
    for x, y, letters, inside in things:
        put = labels.fit(x, y, ["字" * letters], 2.0, reach=(1, 1), inside=inside)
        if put is None:
            continue
        width, height = 2.0 * letters, 2.0 * 1.22
        taken.append(Box(put.x - width / 2, put.y - height / 2, width, height))
    for a, b in combinations(taken, 2):
        assert a.right <= b.x or b.right <= a.x or a.top <= b.y or b.top <= a.y
    for a in taken:
        assert a.x >= 0 <= a.y
        assert a.right <= 60
        assert a.top <= 40


def test_a_street_name_is_never_upside_down():
    labels = Labels(Fixed(), Box(0, 0, 100, 100))
    assert labels.along("东大街", 2.0, (90, 50, 10, 50))[2] == pytest.approx(0)
    assert labels.along("东大街", 2.0, (50, 90, 50, 89)) is None  # longer than its line


# The inset


def urban(places, setting="urban"):
    return gpd.GeoDataFrame(
        {"setting": [setting] * len(places), "households": [100.0] * len(places)},
        geometry=[Point(p) for p in places],
        index=[f"R{n}" for n in range(len(places))],
        crs="EPSG:4548",
    )


def shown(frame, window):
    middles = {i: (p.x, p.y) for i, p in frame.geometry.items()}
    return town_bounds(frame, middles, window)


def test_a_small_town_gets_an_inset():
    wide = Window(Box(0, 0, 300, 230), 300_000, 0.0, 0.0)  # 90 km by 69 km
    town = [(1000.0 * n, 500.0 * n) for n in range(6)]
    far = [(40_000.0, 0.0), (-40_000.0, 0.0)]
    assert shown(urban([*town, *far]), wide) == (0.0, 0.0, 5000.0, 2500.0)
    near = Window(Box(0, 0, 300, 230), 40_000, 0.0, 0.0)  # 12 km by 9.2 km: more than a third
    assert shown(urban(town), near) is None
    assert shown(urban(town[:4]), wide) is None  # too few to be a town
    assert shown(urban(town, "rural"), wide) is None
    apart = [(1501.0 * n, 0.0) for n in range(6)]
    assert shown(urban(apart), wide) is None  # a chain breaks beyond 1500 m
    assert np.isfinite(shown(urban([(1500.0 * n, 0.0) for n in range(6)]), wide)).all()


@pytest.mark.parametrize(
    ("scale", "expected"),
    [(300_000, 50_000), (75_000, 50_000), (60_000, None), (50_000, None), (40_000, None)],
)
def test_an_inset_enlarges_or_there_is_none(scale, expected):
    # 2.6 km in 54 mm: 48,149, so 50,000; it enlarges 75,000 by one half and 60,000 by less
    town, box = (0.0, 0.0, 2400.0, 2600.0), Box(0, 0, 88, 62)
    found = enlarged(town, box, Window(Box(0, 0, 300, 230), scale, 0.0, 0.0))
    assert (None if found is None else found.scale) == expected
