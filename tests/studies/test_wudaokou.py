"""What the README of data/wudaokou claims, worked out again from the raw OSM file.

The oracle (``raw_streets``) reads the XML itself and walks it with networkx; of the package only
the results are used.
"""

from __future__ import annotations

import csv
import dataclasses
import importlib.util
import itertools
import re
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

import lifecircle as lc
from lifecircle.case.ground import prepare_ground

HERE = Path(__file__).parents[2] / "data" / "wudaokou"
CRS = "EPSG:4548"
SPEED_M_MIN = 10 / 9 * 60
COMPOUNDS = {
    "N1": "新林院",
    "N2": "荷清苑教师住宅区",
    "N3": "西院",
    "N4": "西王庄小区",
    "N5": "清华大学西北小区",
    "N6": "华清嘉园小区",
}
OPEN = ("F01", "F02", "F03", "F04", "F07")  # in use and of a kind of the main group
BEYOND_THE_WALK = {"N3", "N4", "C01", "C04"}


def _oracle():
    place = Path(__file__).with_name("raw_streets.py")
    spec = importlib.util.spec_from_file_location("raw_streets", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.RawStreets(HERE / "wudaokou.osm", CRS)


def _middle(shape):
    """Return where an area stands (A14): all of these hold their centroid."""
    assert shape.contains(shape.centroid)
    return shape.centroid


@pytest.fixture(scope="module")
def raw():
    return _oracle()


@pytest.fixture(scope="module")
def areas():
    return gpd.read_file(HERE / "residential.gpkg").set_index("小区编号").to_crs(CRS)


@pytest.fixture(scope="module")
def facilities(raw):
    with (HERE / "facilities.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {r["设施编号"]: raw.point(float(r["经度"]), float(r["纬度"])) for r in rows}


@pytest.fixture(scope="module")
def gates(raw):
    """Where streets pass the outlines of the compounds, from the raw file."""
    found = {}
    for key, name in COMPOUNDS.items():
        land = raw.land(name)
        found[key] = []
        for _, tags, refs in raw.ways:
            line = shapely.LineString([raw.xy[r] for r in refs]) if "highway" in tags else None
            if line is None or line.intersection(land).length < 1 or line.within(land):
                continue
            found[key] += shapely.get_parts(line.intersection(land.exterior)).tolist()
    return found


@pytest.fixture(scope="module")
def study():
    return lc.read_study(HERE)


@pytest.fixture(scope="module")
def assessment(study):
    return lc.assess(study)


@pytest.fixture(scope="module")
def readme():
    """Both languages without thousands separators: what one says the other must say."""
    texts = [(HERE / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh.md")]
    return [text.replace(",", "").replace(" 米", " m") for text in texts]


@pytest.fixture(scope="module")
def walk(raw, facilities):
    """From a place to a facility by the oracle, in metres."""
    fields = {f: raw.field(facilities[f]) for f in OPEN}
    return lambda start, facility: raw.walk(start, facilities[facility], fields[facility])


@pytest.fixture(scope="module")
def walked(walk, areas, facilities, gates):
    """Area → (metres on foot, facility) by the oracle; from the gates where there are any."""
    found = {}
    for key, shape in areas.geometry.items():
        centre = _middle(shape)
        ways = [
            (centre.distance(start) + walk(start, facility), facility)
            for start in gates.get(key) or [centre]
            for facility in OPEN
        ]
        inside = [(centre.distance(facilities[f]), f) for f in OPEN if shape.covers(facilities[f])]
        found[key] = min(ways + inside)
    return found


def _community(assessment):
    reach = assessment.reach
    return reach[reach["reach_group"] == "community"].set_index("residential")


def test_the_walks_are_those_of_networkx(assessment, walked):
    told = _community(assessment)
    assert set(told.index) == set(walked)
    for key, (metres, facility) in walked.items():
        assert told.at[key, "walk_m"] == pytest.approx(metres, abs=0.05), key
        assert told.at[key, "walk_facility"] == facility


def test_all_within_the_radius_ten_within_the_walk(
    assessment, walked, areas, gates, facilities, readme
):
    for key, shape in areas.geometry.items():
        starts = gates.get(key) or [_middle(shape)]
        assert min(s.distance(facilities[f]) for s in starts for f in OPEN) <= 1000, key
    beyond = {key for key, (metres, _) in walked.items() if metres > 15 * SPEED_M_MIN}
    assert beyond == BEYOND_THE_WALK
    lists = assessment.layers["disagreements"]
    told = lists[lists["reach_group"] == "community"]
    assert set(told["residential"]) == beyond
    by_speed = [
        sum(metres <= 15 * 60 * speed for metres, _ in walked.values())
        for speed in (0.8, 1.0, 10 / 9, 1.25)
    ]
    assert by_speed == [6, 10, 10, 12]
    assert [assessment.clause(c).counts["compliant"] for c in ("CX-06", "CX-05")] == [14, 10]
    assert all("14/14" in text and "10/14" in text for text in readme)


def test_the_table_of_disagreements(areas, gates, facilities, walked, readme):
    rows = [
        re.findall(r"^\| (\S+) \| (F\d+) \| (\d+) m \| (\d+) m \|$", text, re.MULTILINE)
        for text in readme
    ]
    assert rows[0] == rows[1]
    assert len(rows[0]) == len(BEYOND_THE_WALK)
    ids = {name: key for key, name in areas["小区名称"].items()}
    for name, facility, straight, metres in rows[0]:
        key = ids[name]
        starts = gates.get(key) or [_middle(areas.geometry[key])]
        assert walked[key][1] == facility
        assert round(walked[key][0]) == int(metres)
        assert round(min(s.distance(facilities[facility]) for s in starts)) == int(straight)


def test_the_railway_lies_between(assessment, raw, gates, facilities):
    (gate,) = gates["N4"]
    sight = shapely.LineString([gate, facilities["F01"]])
    assert any(sight.crosses(rail) for rail in raw.lines("railway", "rail"))
    barrier = assessment.layers["disagreements"].at["community:N4", "barrier_kind"]
    assert barrier == "railway"


def test_gates_by_compound(assessment, gates, raw):
    assert {key: len(found) for key, found in gates.items()} == {
        "N1": 3, "N2": 0, "N3": 5, "N4": 1, "N5": 2, "N6": 0,
    }  # fmt: skip
    told = assessment.layers["gates"]
    for key, found in gates.items():
        mine = told.geometry[told["residential"] == key]
        assert len(mine) == len(found)
        assert all(min(g.distance(f) for f in found) < 0.05 for g in mine)
    centre = _middle(raw.land("西院"))
    assert all(g.y < centre.y and g.x > centre.x - 60 for g in gates["N3"])
    west = _middle(raw.land("西王庄小区"))
    assert all(g.x < west.x for g in gates["N4"])


def test_the_ledger_of_gates_is_what_the_package_would_infer(study, assessment):
    found = prepare_ground(dataclasses.replace(study, gates_from="infer", gates=None))
    inferred, given = found.gates.frame, assessment.layers["gates"]
    for key in COMPOUNDS:
        a, b = (f.geometry[f["residential"] == key].union_all() for f in (inferred, given))
        assert a.is_empty == b.is_empty
        assert a.is_empty or a.hausdorff_distance(b) < 0.05


def test_open_on_all_sides(study, walk, areas, readme):
    told = _community(lc.assess(dataclasses.replace(study, gates_from="none", gates=None)))
    for key, facility, metres in (("N4", "F01", "1264 m"), ("N3", "F03", "1126 m")):
        centre = _middle(areas.geometry[key])
        assert f"{walk(centre, facility):.0f} m" == metres
        assert told.at[key, "walk_m"] == pytest.approx(walk(centre, facility), abs=0.05)
        assert all(metres in text for text in readme)


@pytest.mark.parametrize("best", [("N4", "F01", "se"), ("N3", "F03", "nw")])
def test_one_new_gate(assessment, walk, areas, readme, best):
    key, facility, side = best
    shape = areas.geometry[key]
    centre = _middle(shape)
    tried = []
    for along in np.arange(0, shape.exterior.length, 2.0):
        spot = shape.exterior.interpolate(along)
        tried.append(centre.distance(spot) + walk(spot, facility))
    effect = assessment.layers["gate_effects"].loc[f"community:{key}"]
    assert (effect["facility"], effect["side"], effect["cures"]) == (facility, side, "yes")
    # the package tries every ten metres: no better than the best, no worse by more than a step
    assert min(tried) - 1e-3 <= effect["opened_walk_m"] <= min(tried) + 20
    assert effect["opened_walk_m"] <= 15 * SPEED_M_MIN
    assert all(f"{effect['opened_walk_m']:.0f} m" in text for text in readme)


def test_gate_nodes_of_osm(study, raw, areas, readme):
    kinds = {"gate", "entrance", "lift_gate"}
    spots = [shapely.Point(raw.xy[n]) for n, t in raw.tags.items() if t.get("barrier") in kinds]
    near = {
        key for key, shape in areas.geometry.items() for s in spots
        if shape.exterior.distance(s) <= 20
    }  # fmt: skip
    count = sum(any(a.exterior.distance(s) <= 20 for a in areas.geometry) for s in spots)
    assert (len(spots), count) == (31, 6)
    assert not near & set(COMPOUNDS)
    found = prepare_ground(dataclasses.replace(study, gates_from="osm", gates=None)).gates
    assert len(set(found.frame.geometry)) == count
    assert all(" 31 " in text and " 6 " in text for text in readme)


def test_parts_of_the_street_network(assessment, raw, readme):
    lengths = [raw.length_of(part) for part in raw.parts]
    assert len(lengths) == 29
    assert round(100 * lengths[0] / sum(lengths)) == 97
    assert round(lengths[1]) == 729
    told = assessment.layers["street_diagnosis"]
    fragments = told.loc[told["kind"] == "fragment", "length_m"]
    assert sorted(fragments, reverse=True) == pytest.approx(lengths[1:], abs=0.05)
    assert all("29" in t and "97 %" in t and "729 m" in t for t in readme)
    kinds = told["kind"].value_counts()
    assert (kinds["gap"], kinds["crossing"]) == (61, 5)
    hanging = told[told["verdicts"].notna()]
    assert (hanging["kind"].tolist(), hanging["verdicts"].tolist()) == (["gap"], ["C04"])
    assert round(hanging["length_m"].iloc[0]) == 12


def test_the_gap_that_a_verdict_hangs_on(study, assessment, readme):
    # half a metre beyond 1000 m: 15 minutes at 10/9 m/s
    assert "CX-05:C04" in assessment.layers["close_calls"].index
    assert 1000 < _community(assessment).at["C04", "walk_m"] < 1000.6
    joined = study.parameters.having(repair_gap_m=12.4)
    told = _community(lc.assess(dataclasses.replace(study, parameters=joined)))
    assert all(f"{told.at['C04', 'walk_m']:.0f} m" in text for text in readme)


def _crossings(raw):
    """Edges that join walked streets where they cross on the ground without a common node."""
    streets = []
    for _, tags, refs in raw.ways:
        ground = tags.get("bridge", "no") == tags.get("tunnel", "no") == "no"
        walked = "highway" in tags and all(itertools.starmap(raw.graph.has_edge, _pairs(refs)))
        if ground and walked and tags.get("layer", "0") == "0":
            streets.append(refs)
    lines = [shapely.LineString([raw.xy[r] for r in refs]) for refs in streets]
    joints = []
    for a, b in zip(*shapely.STRtree(lines).query(lines, predicate="crosses"), strict=True):
        common = [shapely.Point(raw.xy[n]) for n in set(streets[a]) & set(streets[b])]
        joints += [
            (spot, streets[a], streets[b])
            for spot in shapely.get_parts(lines[a].intersection(lines[b]))
            if a < b and all(spot.distance(node) > 0.01 for node in common)
        ]
    edges = []
    for i, (spot, *refs) in enumerate(joints):
        for way in refs:
            ends = min(_pairs(way), key=lambda e: raw.piece(*e).distance(spot))
            edges += [(f"x{i}", n, spot.distance(shapely.Point(raw.xy[n]))) for n in ends]
    return len(joints), edges


def _pairs(refs):
    return list(itertools.pairwise(refs))


def test_what_joining_the_crossings_would_change(raw, walk, areas, facilities, readme):
    count, edges = _crossings(raw)
    goal = facilities["F07"]
    joined = raw.field(goal, edges)
    assert count == 5
    for key, before, after in (("C06", 689, 590), ("C07", 790, 691)):
        start = _middle(areas.geometry[key])
        assert round(walk(start, "F07")) == before
        assert round(raw.walk(start, goal, joined)) == after
        assert all(f"{before} m" in t and f"{after} m" in t for t in readme)


def test_floor_area_by_hand(assessment, study):
    """Households x 15 / 100 against the m² typed, area by area."""
    own = {"N1": 5, "N2": 150, "N3": 60, "N6": 114, "C02": 21, "C03": 45, "C04": 210, "C06": 33}
    homes = study.residential.frame["households"]
    met = {key for key, m2 in own.items() if m2 >= homes[key] * 15 / 100} | {"C08"}
    assert homes["C08"] * 15 / 100 <= 400 - 210 - 5  # what F02 has left where it stands
    rows = assessment.findings[assessment.findings["clause"] == "CX-03"].set_index("id")
    assert set(rows.index[rows["status"] == "compliant"]) == met
    assert len(met) == 9
    remedy = assessment.layers["residential"]["remedy"]
    assert "F05" in remedy["N4"].dumps()
    planned = lc.assess(study, view="plan").findings
    row = planned[(planned["clause"] == "CX-03") & (planned["id"] == "N5")]
    assert list(row["status"]) == ["compliant"]  # 90 m² for 520 x 15 / 100 = 78


def test_everything_invented_says_so(assessment):
    assert assessment.layers["facilities"]["illustrative"].all()
    assert assessment.layers["facilities"]["name"].str.startswith("示例·").all()
    assert assessment.layers["residential"]["illustrative"].all()
    assert any("套用外县标准，仅作演示" in banner for banner in assessment.banners)
    assert any("OpenStreetMap" in line for line in assessment.attribution)
    licence = (HERE / "SOURCE.md").read_text(encoding="utf-8")
    assert "© OpenStreetMap contributors" in licence
    assert "ODbL 1.0" in licence


def test_the_build_makes_what_is_shipped(tmp_path):
    for name in ("build.py", "wudaokou.osm"):
        (tmp_path / name).write_bytes((HERE / name).read_bytes())
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-B", "-W", "ignore", str(tmp_path / "build.py")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["areas:", "14", "gates:", "11"]
    for name in ("residential.gpkg", "gates.geojson"):
        made, shipped = (gpd.read_file(folder / name) for folder in (tmp_path, HERE))
        assert made.drop(columns="geometry").equals(shipped.drop(columns="geometry"))
        assert made.geometry.geom_equals_exact(shipped.geometry, 1e-6).all()
