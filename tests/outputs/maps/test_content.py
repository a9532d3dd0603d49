"""What the map says: read off the data block the page draws from."""

from __future__ import annotations

import math
from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from shapely.geometry import LineString, Point

from lifecircle import texts
from lifecircle.model.finding import Rate
from lifecircle.model.inputs.mapping.basemap import basemap
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.results.assessment import ALLOCATION_COLUMNS, LAYER_COLUMNS
from lifecircle.model.status import Flag, Status
from lifecircle.outputs.maps.draw import map_data


def feature(data, layer, key):
    return next(item for item in data[layer] if item["i"] == key)


def row(data, key):
    """One area as column → value; its statuses in words."""
    areas = data["areas"]
    k = areas["id"].index(key)
    found = {
        name: c[k] for name, c in areas.items() if isinstance(c, list) and len(c) == areas["n"]
    }
    found["status"] = data["status"][found["status"]]
    found["coverage"] = data["coverage"][found["coverage"]]
    return found


def judged(data, clause, key, column="status"):
    """One column of one clause for one area."""
    k = data["areas"]["id"].index(key)
    value = next(c for c in data["clauses"] if c["id"] == clause)[column][k]
    return data["status"][value] if column == "status" else value


def facts(data, item):
    """Popup rows as label → value."""
    return {
        data["labels"][number]: value
        for number, value in zip(item["p"][::2], item["p"][1::2], strict=True)
    }


def overlay(data, name):
    return next(item for item in data["overlays"] if item["id"] == name)["features"]


def with_layer(town, name, frame):
    return replace(town, layers={**town.layers, name: frame})


def test_every_area_is_there_with_its_verdict(town, drawn):
    data = drawn(town)
    assert data["areas"]["id"] == [f"R{n:02}" for n in range(1, 13)]
    assert row(data, "R03")["status"] == "deficient"
    assert row(data, "R03")["coverage"] == "full"
    assert row(data, "R10")["coverage"] == "unknown"
    assert row(data, "R03")["about"] == "城镇 · 已建成 · 已入住 · 雄石街道"


def test_an_area_without_verdict_is_drawn_as_such(town, drawn):
    frame = town.layers["residential"].assign(verdict=None)
    data = drawn(with_layer(town, "residential", frame))
    assert {data["status"][s] for s in data["areas"]["status"]} == {"none"}
    assert data["words"]["status"]["none"] == "无结论"


def test_headline_shows_fraction_unknowns_and_range(town, drawn):
    clause = drawn(town)["clauses"][0]
    headline = clause["scopes"]["county"]
    assert clause["short"] == "CX-07 居住区配建达标率"
    assert headline["rate"] == "50.0 %"
    assert headline["fraction"].startswith("3/6")
    assert "3 个待核实" in headline["lines"][0]
    assert "达标率在 33.3–66.7 %" in headline["lines"][0]
    asked = replace(town.clauses[0], target=None)  # nobody complies with what has no figure
    shown = drawn(replace(town, clauses=(asked, *town.clauses[1:])))["clauses"][0]
    assert "比率在 33.3–66.7 %" in shown["scopes"]["county"]["lines"][0]
    assert headline["target"] == "目标：不低于 90 %"
    # the households of an area are missing: no range, and no "range unknown" either
    assert headline["lines"][1] == (
        "按户数：2,400/4,700 = 51.1 %；另有 2 个居住区待核实或缺户数，不计范围"
    )


def test_every_scope_of_a_clause_has_its_headline(town, drawn):
    street = Rate("areas", "360681001", 2, 3, 0, 2 / 3, 2 / 3, 2 / 3)
    first = replace(town.clauses[0], rates=(*town.clauses[0].rates, street))
    clause = drawn(replace(town, clauses=(first, *town.clauses[1:])))["clauses"][0]
    assert clause["scopes"]["360681001"]["rate"] == "66.7 %"
    assert clause["scopes"]["360681001"]["status"] is None
    # and it colours the unit; the special unit has none
    assert clause["unit_rates"] == [66.7, None]


def test_a_headline_without_rate_says_so(town, drawn):
    bare = replace(
        town.clauses[0],
        official=None,
        rates=(),
        value=None,
        low=None,
        high=None,
        status=Status.NOT_ASSESSED,
    )
    headline = drawn(replace(town, clauses=(bare,)))["clauses"][0]["scopes"]["county"]
    assert headline["rate"] == "–"
    assert headline["status"] == "not_assessed"


def test_the_headline_is_first_and_documents_are_left_out(town, drawn):
    paper = replace(town.clauses[1], id="CX-13", measure="document", subject="county")
    data = drawn(replace(town, clauses=(paper, *reversed(town.clauses))))
    assert [c["id"] for c in data["clauses"]] == ["CX-07", "CX-01", "CX-03"]
    # the clause that applies to an area is named by its number there
    assert row(data, "R03")["applies"] == 2


def test_a_clause_of_the_county_shows_its_value(town, drawn):
    beds = replace(
        town.clauses[0],
        id="CX-09",
        measure="sum",
        subject="county",
        unit="beds",
        value=420.0,
        target=600.0,
        official=None,
        rates=(),
        counts={Status.DEFICIENT: 1},
    )
    data = drawn(replace(town, clauses=(*town.clauses, beds)))
    assert data["clauses"][-1]["scopes"]["county"]["rate"] == "420 张"
    assert data["clauses"][-1]["scopes"]["county"]["target"] == "目标：不低于 600 张"


def test_reason_is_in_words_with_numbers(town, drawn):
    data = drawn(town)
    assert row(data, "R03")["reason"] == "应配 180 m²，已配 90 m²，缺 90 m²"
    assert row(data, "R10")["reason"] is None


def lacking_at_least(town):
    """The town whose R03 lacks 90 m² at least, not 90 m²."""
    params = {"required_m2": 180.0, "provided_m2": 90.0, "deficit_m2": 90.0}
    least = Reason(ReasonCode.QUOTA_SHORT_AT_LEAST, params)
    areas, findings = town.layers["residential"].copy(), town.findings.copy()
    areas.at["R03", "reason"] = least
    (at,) = findings.index[(findings["id"] == "R03") & (findings["clause"] == "CX-03")]
    findings.at[at, "reason"] = least
    return replace(with_layer(town, "residential", areas), findings=findings)


def test_a_least_gap_is_marked_as_one_beside_its_figures(town, drawn):
    plain, data = drawn(town), drawn(lacking_at_least(town))
    assert (row(plain, "R03")["least"], row(data, "R03")["least"]) == (0, 1)
    assert judged(data, "CX-03", "R03", "least") == 1
    assert not any("least" in clause for clause in plain["clauses"])
    others = [key for key in data["areas"]["id"] if key != "R03"]
    assert {row(data, key)["least"] for key in others} == {0}


def test_provision_is_shown_side_by_side(town, drawn):
    data = drawn(town)
    shown = row(data, "R03")
    names = ("required", "own", "recorded", "arrangeable", "deficit", "deficit_if_arranged")
    assert [shown[f"{name}_m2"] for name in names] == [180, 60, 30, 60, 90, 30]
    assert row(data, "R05")["households"] is None
    assert row(data, "R05")["required_m2"] is None
    assert row(data, "R05")["own_m2"] == math.inf


def test_a_record_that_nearly_names_an_area_is_explained_on_both_cards(town, drawn):
    reason = Reason(
        ReasonCode.RECORD_UNCLEAR, {"facility": "F1", "written": ["西苑2区"], "areas": ["R03"]}
    )
    areas = town.layers["residential"].copy()
    areas.at["R03", "reason"] = reason
    places = town.layers["facilities"].copy()
    places["serves_perhaps"] = None
    places.loc[places.index[0], "serves_perhaps"] = "R03"
    data = drawn(with_layer(with_layer(town, "residential", areas), "facilities", places))
    told = row(data, "R03")["reason"]
    assert "西苑2区" in told
    assert "待核实" in told
    shown = facts(data, feature(data, "facilities", places.index[0]))
    name = row(data, "R03")["name"]
    assert shown["服务小区（名称不符，待核实）"] == name
    others = [facts(data, f) for f in data["facilities"] if f["i"] != places.index[0]]
    assert not any("服务小区（名称不符，待核实）" in one for one in others)


def test_every_clause_has_its_findings(town, drawn):
    data = drawn(town)
    assert row(data, "R03")["applies"] == [c["id"] for c in data["clauses"]].index("CX-03")
    assert judged(data, "CX-03", "R03") == "deficient"
    assert judged(data, "CX-03", "R03", "measured") == 90
    assert judged(data, "CX-03", "R03", "required") == 180
    assert judged(data, "CX-03", "R03", "deficit") == 90
    assert judged(data, "CX-03", "R03", "flags") == "可调剂"
    assert judged(data, "CX-03", "R03", "reason") == "应配 180 m²，已配 90 m²，缺 90 m²"
    assert judged(data, "CX-01", "R03", "measured") == math.inf
    assert judged(data, "CX-03", "R07") == "not_applicable"
    # nobody judged this one
    assert judged(data, "CX-03", "R01") == "none"
    assert data["clauses"][1]["quote"].startswith("老城区")


def test_reach_starts_with_the_main_group(town, drawn):
    data = drawn(town)
    assert [r["group"] for r in data["reach_of"]] == ["community", "centre"]
    main, k = data["reach_of"][0], data["areas"]["id"].index("R03")
    names = [f["n"] for f in data["facilities"]]
    assert names[main["radius_facility"][k]] == "东门社区日间照料中心"
    assert names[main["walk_facility"][k]] == "雄石街道综合养老服务中心"
    assert (main["radius_m"][k], main["walk_m"][k], main["walk_min"][k]) == (640, 1180, 17.7)
    # the way along the streets is what is left: 1180 − 40 − 25
    assert (main["access_m"][k], main["egress_m"][k]) == (40, 25)
    # beyond the search limit is never a number, and an unknown walk is no walk
    k = data["areas"]["id"].index("R04")
    assert (main["walk_m"][k], main["walk_facility"][k]) == (math.inf, -1)
    assert data["search_limit"] == "超过 3,000 米"
    assert main["walk_m"][0] is None


def test_who_provides_for_whom_is_named_by_rows(town, drawn):
    table = pd.DataFrame(
        [
            ("F1", "R01", 120.0, "own", "CX-03", "caoxian-2023", 640.0),
            ("F2", "R03", 30.25, "recorded", "CX-03", "caoxian-2023", 640.0),
            ("gone", "R03", 60.0, "suggested", "CX-03", "caoxian-2023", 640.0),
        ],
        columns=list(ALLOCATION_COLUMNS),
    )
    links = drawn(replace(town, allocation=table))["links"]
    assert links["facility"] == [0, 1, -1]
    assert links["area"] == [0, 2, 2]
    assert links["m2"] == [120, 30.2, 60]  # as every output prints 30.25: half to even
    assert [links["bases"][b] for b in links["basis"]] == ["own", "recorded", "suggested"]


def test_facility_says_what_it_counts_for(town, drawn):
    data = drawn(town)
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
def test_stage_decides_the_look(town, drawn, key, look):
    assert feature(drawn(town), "facilities", key)["st"] == look


def test_kinds_are_counted_once_per_facility_that_names_them(town, drawn):
    kinds = {kind["key"]: kind["count"] for kind in drawn(town)["kinds"]}
    assert kinds["canteen"] == 3
    assert kinds["day_care"] == 1
    assert kinds["unknown"] == 1


def test_a_facility_and_an_area_with_one_id_keep_their_names(town, drawn):
    homes = town.layers["residential"].rename(index={"R01": "F1"})
    reason = Reason(
        ReasonCode.WITHIN_RADIUS, {"facility": "F1", "distance_m": 450.0, "limit_m": 1000.0}
    )
    homes["reason"] = pd.Series([reason] * len(homes), index=homes.index, dtype=object)
    assert row(drawn(with_layer(town, "residential", homes)), "F1")["reason"].startswith(
        "最近设施东门社区日间照料中心直线距离 450 米"
    )


def test_places_that_are_not_known_are_counted(town, drawn):
    data = drawn(town)
    assert data["areas"]["shape"]["dim"] == [2] * 8 + [0, 2, 2, 255]
    assert "at" not in feature(data, "facilities", "F8")
    assert data["notes"][0].startswith("2 个对象")


def test_only_the_main_walk_is_shown_from_the_start(town, drawn):
    reach = drawn(town)["reach"]
    assert [(r["method"], r["group"], r["on"]) for r in reach] == [
        ("radius", "community", False),
        ("radius", "centre", False),
        ("walk", "community", True),
    ]
    assert reach[-1]["areas"]["n"] == reach[-1]["streets"]["n"] == 1
    assert reach[0]["streets"]["n"] == 0


def test_streets_have_classes_and_names(town, drawn):
    data = drawn(town)
    streets = data["streets"]
    assert streets["class"] == sorted(
        streets["class"], key=["major", "middle", "minor", "path"].index
    )
    assert ("雄石路", "major") in zip(streets["name"], streets["class"], strict=True)
    assert data["barriers"]["kind"] == ["river", "river", "railway"]
    assert streets["shape"]["n"] == len(streets["class"]) == 9


def test_checks_and_sites_are_layers(town, drawn):
    data = drawn(town)
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


def test_the_way_of_a_walk_is_drawn_with_its_streets(town, drawn):
    home, place = (
        town.layers[n].geometry[k] for n, k in (("residential", "R04"), ("facilities", "F1"))
    )
    values = {
        "residential": "R04",
        "name": "冶金新村",
        "reach_group": "community",
        "facility": "F1",
        "walk_m": 1640.0,
        "walk_min": 24.6,
        "access_m": 31.2,
        "network_m": 1600.4,
        "egress_m": 8.4,
        "streets": "建设路、雄石路",
        "steps_m": 12.4,
        "ferry_m": 0.0,
    }
    ways = gpd.GeoDataFrame(
        [values], index=["d1"], geometry=[LineString([home.centroid, place])], crs=town.crs
    )
    data = drawn(with_layer(town, "routes", ways))
    shown = facts(data, overlay(data, "routes")[0])
    assert shown["途经"] == "建设路、雄石路"
    assert shown["步行"] == "1,640 米 · 24.6 分钟"
    assert shown["分段"] == "到道路 31 米，沿道路 1,600 米，到设施 8 米"
    assert shown["其中台阶"] == "12 米"
    assert "其中轮渡" not in shown


def test_areas_in_radius_are_counted_once_and_by_the_main_group(town, drawn):
    first = town.layers["disagreements"].loc["d1"]
    more = [
        ("d2", "R03", "canteen"),  # another group: a layer of its own
        ("d3", "R07", "village"),  # of a village the village's group is the main one
        ("d4", "R07", "community"),
    ]
    frame = town.layers["disagreements"]
    for key, area, group in more:
        frame.loc[key] = first.to_dict() | {"residential": area, "reach_group": group}
    shown = {o["id"]: o for o in drawn(town)["overlays"] if o["id"].startswith("disag")}
    assert {key: [f["i"] for f in o["features"]] for key, o in shown.items()} == {
        "disagreements": ["d1", "d3"],
        "disagreements:community": ["d4"],
        "disagreements:canteen": ["d2"],
    }
    assert shown["disagreements:canteen"]["label"] == "半径内但步行超时（助老食堂）"
    calls = town.layers["close_calls"]
    calls.loc["c2"] = calls.loc["c1"].to_dict() | {"clause": "CX-03"}
    assert next(o for o in drawn(town)["overlays"] if o["id"] == "close_calls")["count"] == 1


def test_proposed_sites_are_laid_over_the_map(town, drawn):
    table = gpd.GeoDataFrame(
        {"name": ["东门小学改建"], "way": ["改建"], "m2": [860.0], "serves": ["R03;R04"]},
        index=["S1"],
        geometry=[town.layers["sites"].geometry.iloc[0]],
        crs=town.crs,
    )
    data = drawn(town, proposed=table)
    layer = data["overlays"][-1]
    assert (layer["id"], layer["label"], layer["on"]) == ("proposed", "拟建设施点", True)
    shown = facts(data, layer["features"][0])
    assert shown["拟建面积"] == "860 m²"
    assert shown["服务居住区"] == "象山名邸、冶金新村"
    assert layer["features"][0]["to"] == [2, 3]
    assert layer["shape"]["dim"] == [0]


def test_coverage_says_by_which_measure(town, drawn):
    data = drawn(town)
    assert data["legend_coverage"] == "图面符号：步行覆盖"
    assert row(data, "R02")["share"] == 62
    # areas too far by the line alone have a walk of 0 % even where no street is known
    far = [0.0, *[math.nan] * (len(town.layers["residential"]) - 1)]
    frame = town.layers["residential"].assign(walk_share=far, radius_share=0.4)
    data = drawn(replace(with_layer(town, "residential", frame), streets="absent"))
    assert data["legend_coverage"] == "图面符号：半径覆盖"
    assert row(data, "R02")["share"] == 40


def test_nearly_all_is_not_all(town, drawn):
    frame = town.layers["residential"].copy()
    frame["walk_share"] = [1.0, 0.9999, 0.0001, 0.0] + [math.nan] * 8
    assert drawn(with_layer(town, "residential", frame))["areas"]["share"][:5] == [
        100,
        99.9,
        0.1,
        0,
        None,
    ]


def test_reference_checks_are_named_so_and_have_no_id(town, drawn):
    check = replace(town.clauses[2], id="REF-radius-community", flags=(Flag.REFERENCE,))
    findings = town.findings.replace({"clause": {"CX-01": "REF-radius-community"}})
    findings["flags"] = [
        (Flag.REFERENCE,) if c.startswith("REF") else () for c in findings["clause"]
    ]
    data = drawn(replace(town, clauses=(*town.clauses[:2], check), findings=findings))
    assert data["clauses"][-1]["reference"] is True
    assert data["clauses"][-1]["short"] == "参考 服务半径"
    assert judged(data, "REF-radius-community", "R03") == "deficient"
    # its colour says so; it needs no flag
    assert judged(data, "REF-radius-community", "R03", "flags") is None
    assert data["words"]["reference"]["deficient"] == "参考：未达到"


def test_yes_or_no_has_no_figures(town, drawn):
    findings = town.findings.assign(clause="CX-07", measured=0.0, required=1.0, unit="%")
    clause = drawn(replace(town, findings=findings))["clauses"][0]
    assert "status" in clause
    assert not {"measured", "required", "deficit"} & clause.keys()


def test_a_site_says_for_whom_it_is_named(town, drawn):
    def convert(m2):
        return Reason(
            ReasonCode.REMEDY_CONVERT,
            {"site": "P1", "deficit_m2": m2, "floor_area_m2": 860.0, "distance_m": 90.0},
        )

    frame = town.layers["residential"].assign(remedy=None).astype({"remedy": object})
    frame.at["R03", "remedy"], frame.at["R04", "remedy"] = convert(90.0), convert(40.5)
    data = drawn(with_layer(town, "residential", frame))
    shown = facts(data, overlay(data, "sites")[0])
    assert shown["建议改建用于"] == "象山名邸（90 m²）、冶金新村（40.5 m²）"
    assert shown["合计补足"] == "130.5 m²"


def test_households_of_a_unit_with_gaps_are_at_least(town, drawn):
    # R05 of 雄石街道 has no households
    data = drawn(town)
    assert facts(data, data["units"]["features"][0])["户数"] == "≥ 8,700 户"


def test_gates_to_open_can_be_drawn(town, drawn):
    values = {"residential": "R03", "name": "象山名邸", "reach_group": "community", "side": "n"}
    frame = town.layers["gates"].iloc[:1].reset_index(drop=True)
    frame = frame.reindex(columns=[*LAYER_COLUMNS["gate_effects"], "geometry"]).assign(
        **values, cures="yes"
    )
    frame.index = ["g"]
    data = drawn(with_layer(town, "gate_effects", frame))
    assert facts(data, overlay(data, "gate_effects")[0])["拟开放"] == "北侧增开出入口"


def test_two_documents_say_whose_colours_they_are(town, drawn):
    both = replace(town, standards=("caoxian-2023", "jinxiang-2023"))
    assert drawn(both)["title"]["lines"][-1] == (
        "图上颜色按第一个文件《曹县养老服务设施专项规划（2023）》"
    )


def test_speeds_and_thresholds_come_with_their_curves(town_with_curves, drawn):
    panel = drawn(town_with_curves)["variants"]
    table = panel["tables"][0]
    assert table["columns"] == ["15 分钟 · 0.8 米/秒"]
    assert table["rows"] == [
        [
            "社区养老服务设施",
            "居住区个数",
            [["63.6 %", "7/11 = 63.6 %（待核实 1，范围 58.3–66.7 %）"]],
        ]
    ]
    assert len(panel["curves"]) == 1
    assert panel["curves"][0]["lines"][0]["name"] == "社区养老服务设施"


def test_without_speeds_there_is_no_panel(town, drawn):
    assert drawn(town)["variants"] is None


def test_english_is_english(english, drawn):
    data = drawn(english)
    assert data["words"]["status"]["deficient"] == "deficient"
    assert data["glyphs"]["day_care"] == "D"
    assert data["banners"] == [
        "Another county's standard, demonstration only",
        "Internal use; no authority on boundaries",
    ]


def test_the_surface_beside_very_many_streets_is_drawn_as_wide_lines(town, drawn):
    few = {r["id"]: r for r in drawn(town)["reach"]}["reach:walk:community:15"]
    assert (few["side"], few["areas"]["n"]) == (None, 1)
    one = town.layers["reached_streets"].geometry.iloc[0]
    many = shapely.MultiLineString([shapely.get_parts(one)[0]] * 2001)
    frame = town.layers["reached_streets"].set_geometry([many])
    wide = {r["id"]: r for r in drawn(with_layer(town, "reached_streets", frame))["reach"]}
    assert wide["reach:walk:community:15"]["side"] == 25
    assert wide["reach:walk:community:15"]["areas"]["n"] == 0
    assert wide["reach:walk:community:15"]["streets"]["rings"] == [2001]
    assert wide["reach:radius:community:1000"]["areas"]["n"] == 1


def test_missing_values_of_every_kind_are_blank(town, drawn):
    frame = town.layers["residential"].assign(population=pd.NA, elders=None, illustrative=pd.NA)
    data = drawn(with_layer(town, "residential", frame))
    assert set(data["areas"]["population"]) == set(data["areas"]["elders"]) == {None}
    assert set(data["areas"]["illustrative"]) == {0}


def test_a_layer_without_crs_takes_the_assessments(town, drawn):
    frame = town.layers["sites"].copy()
    frame = gpd.GeoDataFrame(
        pd.DataFrame(frame.drop(columns="geometry")), geometry=[Point(519_000, 3_131_000)]
    )
    start = drawn(with_layer(town, "sites", frame))["overlays"][-1]["shape"]["start"]
    assert [round(v / 1e6, 2) for v in start] == [28.29, 117.19]


def test_without_anything_behind_it_says_where_a_base_comes_from(town):
    told = texts.say("map", "no_base", "zh")
    assert told not in map_data(town)["notes"]
    bare = replace(town, layers={k: v for k, v in town.layers.items() if k != "streets"})
    assert told in map_data(bare)["notes"]
    assert told not in map_data(bare, basemap=basemap("https://t.example/{z}/{x}/{y}.png"))["notes"]
