"""What the map says: read off the data block the page draws from."""

from __future__ import annotations

import math
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Transformer
from shapely.geometry import GeometryCollection, LineString, Point, box

from lifecircle.model.assessment import LAYER_COLUMNS
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.status import Flag, Status
from lifecircle.outputs.maps import shapes
from lifecircle.outputs.maps.draw import map_data


def feature(data, layer, key):
    return next(item for item in data[layer] if item["i"] == key)


def facts(data, item):
    """Popup rows as label → value."""
    return {
        data["labels"][number]: value
        for number, value in zip(item["p"][::2], item["p"][1::2], strict=True)
    }


def overlay(data, name):
    return next(item for item in data["overlays"] if item["id"] == name)["features"]


def decoded(flat):
    """Sum the steps of a line, as the page does."""
    return np.cumsum(np.array(flat).reshape(-1, 2), axis=0) / 1e6


def test_every_area_is_there_with_its_verdict(town):
    data = map_data(town)
    assert [area["i"] for area in data["areas"]] == [f"R{n:02}" for n in range(1, 13)]
    assert feature(data, "areas", "R03")["v"] == "deficient"
    assert feature(data, "areas", "R03")["w"] == "不达标"
    assert feature(data, "areas", "R03")["c"] == "full"
    assert feature(data, "areas", "R10")["c"] == "unknown"


def test_legend_counts_what_is_drawn(town):
    legend = {item["verdict"]: item for item in map_data(town)["legend"]}
    # R01, R02, R09 with 800 households each
    assert legend["compliant"]["areas"] == 3
    assert legend["compliant"]["households_text"] == "2,400"
    # R03 1200, R04 800, R08 300
    assert legend["deficient"]["households_text"] == "2,300"
    # R05 has no households, R10 and R12 have 800
    assert legend["not_assessed"]["households_text"] == "≥ 1,600"
    assert "not_in_force" not in legend
    assert sum(item["areas"] for item in legend.values()) == 12


def test_an_area_without_verdict_is_drawn_as_such(town):
    frame = town.layers["residential"].assign(verdict=None)
    data = map_data(replace(town, layers={**town.layers, "residential": frame}))
    assert {area["v"] for area in data["areas"]} == {"none"}
    assert data["legend"][-1]["word"] == "无结论"


def test_headline_shows_fraction_unknowns_and_range(town):
    headline = map_data(town)["headline"]
    assert headline["title"] == "CX-07 居住区配建达标率"
    assert headline["rate"] == "50.0 %"
    assert headline["fraction"].startswith("3/6")
    assert "3 个待核实" in headline["lines"][0]
    assert "33.3–66.7 %" in headline["lines"][0]
    assert "2,400/4,700" in headline["lines"][1]
    assert headline["target"] == "目标：不低于 90 %"


def test_a_headline_without_rate_says_so(town):
    bare = replace(town.clauses[0], official=None, rates=(), status=Status.NOT_ASSESSED)
    headline = map_data(replace(town, clauses=(bare,)))["headline"]
    assert headline["rate"] == "–"
    assert headline["status"] == "not_assessed"


def test_reason_is_in_words_with_numbers(town):
    data = map_data(town)
    assert feature(data, "areas", "R03")["r"] == "应配 180 m²，已配 90 m²，缺 90 m²"
    assert "r" not in feature(data, "areas", "R10")


def test_provision_is_shown_side_by_side(town):
    data = map_data(town)
    area = feature(data, "areas", "R03")
    shown = facts(data, area)
    assert shown["应配面积"] == "180 m²"
    assert shown["自有"] == "60 m²"
    assert shown["已登记共享"] == "30 m²"
    assert shown["可调剂"] == "60 m²"
    assert shown["调剂后缺口"] == "30 m²"
    assert {k: area["b"][k] for k in ("required", "own", "recorded", "arrangeable")} == {
        "required": 180.0,
        "own": 60.0,
        "recorded": 30.0,
        "arrangeable": 60.0,
    }
    # nothing required, nothing to draw a bar against
    assert "b" not in feature(data, "areas", "R05")
    assert facts(data, feature(data, "areas", "R05"))["户数"] == "缺失"


def test_flags_clause_and_findings_come_with_the_area(town):
    data = map_data(town)
    area = feature(data, "areas", "R03")
    assert area["f"] == ["可调剂"]
    assert area["k"] == "CX-03"
    assert data["clauses"]["CX-03"]["quote"].startswith("老城区")
    assert [row[0] for row in area["e"]] == ["CX-03", "CX-01"]
    assert area["e"][0][1:] == ["90 m²", "180 m²", "deficient"]
    assert area["e"][1][1] == "无"
    # a clause that is not about the area is not listed
    assert "e" not in feature(data, "areas", "R07")


def test_reach_rows_start_with_the_main_group(town):
    data = map_data(town)
    rows = feature(data, "areas", "R03")["t"]
    assert [row[0] for row in rows] == ["community", "centre"]
    assert rows[0][1] == "东门社区日间照料中心 / 雄石街道综合养老服务中心"
    assert rows[0][2:] == ["640 米", "1,180 米 · 17.7 分钟"]
    # beyond the search limit is never a number
    assert feature(data, "areas", "R04")["t"][0][3] == "超过 3,000 米"


def test_facility_says_what_it_counts_for(town):
    data = map_data(town)
    shown = facts(data, feature(data, "facilities", "F1"))
    assert shown["服务居住区"] == "雄石花园、东门里"
    assert shown["服务覆盖类别"] == "社区养老服务设施"
    assert shown["计入服务覆盖"] == "计入"
    assert facts(data, feature(data, "facilities", "F3"))["可计入配建"] == "0–320 m²"
    assert facts(data, feature(data, "facilities", "F7"))["计入服务覆盖"] == "待核实"


@pytest.mark.parametrize(
    ("key", "look"),
    [
        ("F1", "open"),
        ("F4", "off"),
        ("F5", "planned"),
        ("F6", "built"),
        ("F7", "unknown"),
        ("F8", "planned"),
    ],
)
def test_stage_decides_the_look(town, key, look):
    assert feature(map_data(town), "facilities", key)["st"] == look


def test_kinds_are_counted_once_per_facility_that_names_them(town):
    kinds = {kind["key"]: kind["count"] for kind in map_data(town)["kinds"]}
    assert kinds["canteen"] == 3
    assert kinds["day_care"] == 1
    assert kinds["unknown"] == 1


def test_a_facility_and_an_area_with_one_id_keep_their_names(town):
    homes = town.layers["residential"].rename(index={"R01": "F1"})
    data = map_data(replace(town, layers={**town.layers, "residential": homes}))
    assert feature(data, "areas", "R03")["t"][0][1].startswith("东门社区日间照料中心")


def test_places_that_are_not_known_are_counted(town):
    data = map_data(town)
    assert "g" not in feature(data, "areas", "R12")
    assert "g" not in feature(data, "facilities", "F8")
    assert data["notes"][0].startswith("2 个对象")


def test_only_the_main_walk_is_shown_from_the_start(town):
    reach = map_data(town)["reach"]
    assert [(r["method"], r["group"], r["on"]) for r in reach] == [
        ("radius", "community", False),
        ("radius", "centre", False),
        ("walk", "community", True),
    ]
    walk = reach[-1]
    assert len(walk["areas"]) == len(walk["streets"]) == 1


def test_streets_have_classes_and_names(town):
    data = map_data(town)
    assert set(data["streets"]) == {"major", "middle", "minor", "path"}
    assert ["雄石路", "major"] in [name[:2] for name in data["street_names"]]
    assert [b["kind"] for b in data["barriers"]] == ["river", "river", "railway"]


def test_checks_and_sites_are_layers(town):
    data = map_data(town)
    assert [o["id"] for o in data["overlays"]] == [
        "gates",
        "street_diagnosis",
        "close_calls",
        "disagreements",
        "sites",
    ]
    shown = facts(data, overlay(data, "disagreements")[0])
    assert shown["直线距离"] == "880 米"
    assert shown["步行"] == "超过 3,000 米"
    assert shown["阻隔"] == "铁路"
    assert "绕行系数" not in shown
    assert overlay(data, "sites")[0]["x"] == 1
    assert facts(data, overlay(data, "close_calls")[0])["余量"] == "超出 10 米"


def test_areas_in_radius_are_counted_once_and_by_the_main_group(town):
    row = town.layers["disagreements"].loc["d1"]
    more = [
        ("d2", "R03", "canteen"),  # another group: a layer of its own
        ("d3", "R07", "village"),  # of a village the village's group is the main one
        ("d4", "R07", "community"),
    ]
    frame = town.layers["disagreements"]
    for key, area, group in more:
        frame.loc[key] = row.to_dict() | {"residential": area, "reach_group": group}
    drawn = {o["id"]: o for o in map_data(town)["overlays"] if o["id"].startswith("disag")}
    assert {key: [f["i"] for f in o["features"]] for key, o in drawn.items()} == {
        "disagreements": ["d1", "d3"],
        "disagreements:community": ["d4"],
        "disagreements:canteen": ["d2"],
    }
    assert drawn["disagreements:canteen"]["label"] == "半径内但步行超时（助老食堂）"
    calls = town.layers["close_calls"]
    calls.loc["c2"] = calls.loc["c1"].to_dict() | {"clause": "CX-03"}
    assert next(o for o in map_data(town)["overlays"] if o["id"] == "close_calls")["count"] == 1


def test_coverage_says_by_which_measure(town):
    data = map_data(town)
    assert data["legend_coverage"] == "图面符号：步行覆盖"
    assert facts(data, feature(data, "areas", "R02"))["步行覆盖"] == "部分覆盖 · 范围内占 62.0 %"
    frame = town.layers["residential"].assign(walk_share=math.nan, radius_share=0.4)
    data = map_data(replace(town, layers={**town.layers, "residential": frame}))
    assert data["legend_coverage"] == "图面符号：半径覆盖"
    assert facts(data, feature(data, "areas", "R02"))["半径覆盖"] == "部分覆盖 · 范围内占 40.0 %"


def test_reference_checks_are_named_so_and_have_no_id(town):
    check = replace(town.clauses[2], id="REF-radius-community", flags=(Flag.REFERENCE,))
    findings = town.findings.replace({"clause": {"CX-01": "REF-radius-community"}})
    findings["flags"] = [
        (Flag.REFERENCE,) if c.startswith("REF") else () for c in findings["clause"]
    ]
    data = map_data(replace(town, clauses=(*town.clauses[:2], check), findings=findings))
    row = feature(data, "areas", "R03")["e"][1]
    assert row[3:] == ["deficient", "参考：未达到"]
    assert data["clauses"]["REF-radius-community"]["short"] == "参考 服务半径"


def test_yes_or_no_has_no_figures(town):
    findings = town.findings.assign(clause="CX-07", measured=0.0, required=1.0, unit="%")
    row = feature(map_data(replace(town, findings=findings)), "areas", "R03")["e"][0]
    assert row == ["CX-07", "", "", "deficient"]


def test_a_site_says_for_whom_it_is_named(town):
    def convert(m2):
        return Reason(
            ReasonCode.REMEDY_CONVERT,
            {"site": "P1", "deficit_m2": m2, "floor_area_m2": 860.0, "distance_m": 90.0},
        )

    frame = town.layers["residential"].assign(remedy=None).astype({"remedy": object})
    frame.at["R03", "remedy"], frame.at["R04", "remedy"] = convert(90.0), convert(40.5)
    data = map_data(replace(town, layers={**town.layers, "residential": frame}))
    shown = facts(data, overlay(data, "sites")[0])
    assert shown["建议改建用于"] == "象山名邸（90 m²）、冶金新村（40.5 m²）"
    assert shown["合计补足"] == "130.5 m²"


def test_households_of_a_unit_with_gaps_are_at_least(town):
    # R05 of 雄石街道 has no households
    data = map_data(town)
    assert facts(data, feature(data, "units", "360681001"))["户数"] == "≥ 8,700 户"


def test_gates_to_open_can_be_drawn(town):
    values = {"residential": "R03", "name": "象山名邸", "reach_group": "community", "side": "n"}
    frame = town.layers["gates"].iloc[:1].reset_index(drop=True)
    frame = frame.reindex(columns=[*LAYER_COLUMNS["gate_effects"], "geometry"]).assign(
        **values, cures="yes"
    )
    frame.index = ["g"]
    data = map_data(replace(town, layers={**town.layers, "gate_effects": frame}))
    assert facts(data, overlay(data, "gate_effects")[0])["拟开放"] == "北侧增开出入口"


def test_two_documents_say_whose_colours_they_are(town):
    both = replace(town, standards=("caoxian-2023", "jinxiang-2023"))
    assert map_data(both)["legend_title"] == "居住区达标情况（按第一个文件）"
    assert map_data(town)["legend_title"] == "居住区达标情况"
    assert map_data(both)["title"]["lines"][-1] == (
        "图上颜色按第一个文件《曹县养老服务设施专项规划（2023）》"
    )


def test_english_is_english(english):
    data = map_data(english)
    assert feature(data, "areas", "R03")["w"] == "deficient"
    assert data["glyphs"]["day_care"] == "D"
    assert data["banners"] == [
        "Another county's standard, demonstration only",
        "Internal use; no authority on boundaries",
    ]


def test_coordinates_survive_the_steps(town):
    area = feature(map_data(town), "areas", "R01")
    ring = decoded(area["g"][1][0][0])
    to_degrees = Transformer.from_crs("EPSG:4548", "EPSG:4326", always_xy=True)
    wanted = shapely.get_coordinates(town.layers["residential"].geometry["R01"])
    lon, lat = to_degrees.transform(wanted[:, 0], wanted[:, 1])
    # whole numbers of 1e-6 degree: half of it at most
    assert np.abs(ring[:, 0] - lat).max() <= 0.5e-6 + 1e-12
    assert np.abs(ring[:, 1] - lon).max() <= 0.5e-6 + 1e-12


def test_shapes_keep_their_kind():
    hole = box(0, 0, 4, 4).difference(box(1, 1, 2, 2))
    dimension, parts = shapes.encode(hole)
    assert (dimension, len(parts), len(parts[0])) == (2, 1, 2)
    assert shapes.encode(Point(116.5, 35.25)) == [0, [[35_250_000, 116_500_000]]]
    # lat, lon, then steps; a vertex that falls on the one before is left out
    line = LineString([(116.0, 35.0), (116.0, 35.0), (116.1, 35.2)])
    assert shapes.encode(line) == [1, [[35_000_000, 116_000_000, 200_000, 100_000]]]
    mixed = GeometryCollection([Point(0, 0), GeometryCollection([box(0, 0, 1, 1)])])
    assert shapes.encode(mixed)[0] == 2
    assert shapes.encode(None) is None


def test_a_layer_without_crs_takes_the_assessments():
    frame = gpd.GeoDataFrame({"name": ["甲"]}, index=["a"], geometry=[Point(519_000, 3_131_000)])
    place = shapes.located(frame, "EPSG:4548")["a"]
    assert (round(place.x, 2), round(place.y, 2)) == (117.19, 28.29)


def test_places_off_the_globe_are_left_out():
    far = [Point(math.inf, math.inf), Point(519_000, 3_131_000), None, Point()]
    frame = gpd.GeoDataFrame(index=list("abcd"), geometry=far, crs="EPSG:4548")
    assert list(shapes.located(frame, "EPSG:4548")) == ["b"]


def test_missing_values_of_every_kind_are_blank(town):
    frame = town.layers["residential"].assign(population=pd.NA, elders=None, illustrative=pd.NA)
    data = map_data(replace(town, layers={**town.layers, "residential": frame}))
    assert "人口" not in facts(data, data["areas"][0])
    assert "x" not in data["areas"][0]
