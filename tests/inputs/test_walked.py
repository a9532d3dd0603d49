"""What is walked and what is not: streets, gates, squares, drawings, as people hand them in.

Base of most cases: an area R1 at (0, 0), a facility 600 m east, the short way 600 m, the way round
2,600 m; the walk is judged at 15 minutes at 10/9 m/s, 1,000 m.
"""

import dataclasses
import json
import shutil
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from lifecircle.assessing.assess import assess
from lifecircle.case.case import open_case
from lifecircle.intake.ledger.values import is_blank
from lifecircle.intake.streets.lines import read_streets
from lifecircle.intake.study import check_study
from lifecircle.model.dictionary import match_word
from lifecircle.model.finding import meets
from lifecircle.model.inputs.layers import Layer
from lifecircle.model.inputs.parameters import Parameters
from lifecircle.model.inputs.street_words import words
from lifecircle.model.problem import ProblemCode, Severity, describe
from lifecircle.model.reason import ReasonCode
from lifecircle.reach.context import prepare_reach
from lifecircle.reach.leaving import GateDoubt
from lifecircle.reach.mending.gates import crossed_outlines, open_gates
from lifecircle.reach.network.graph import build_network
from lifecircle.reach.table import reach_table
from lifecircle.sources.osm_features import read_osm_features
from lifecircle.sources.streets.lines import tag_frame
from lifecircle.sources.tables.files import read_table

pytestmark = pytest.mark.one_in(2)  # words and layers in many combinations

INPUTS = Path(__file__).parent
CRS = "EPSG:4548"
LIMIT_M = 1000
NEAR = 600
ROUND = 2600


def of_context(context):
    members = np.ones(len(context.facility_ids))
    table = reach_table(context, "g", members, radius_m=1000, walk_m=LIMIT_M)
    return table.frame


def reach_of(name):
    study, problems = check_study(INPUTS / name)
    assert [p for p in problems if p.severity is Severity.ERROR] == []
    return of_context(open_case(study).context), [p for p in problems if p.layer == "streets"]


def verdict(row):
    """Return how a clause on the walk comes out: decided only if worst and best case agree."""
    if meets(row["walk_m"], "<=", LIMIT_M):
        return "compliant"
    return "not_assessed" if meets(row["walk_low_m"], "<=", LIMIT_M) else "deficient"


@pytest.mark.parametrize(
    ("name", "walk_m", "expected"),
    [
        ("gate-locked-on-street", ROUND, "deficient"),
        ("gate-foot-no-on-street", ROUND, "deficient"),
        ("highway-demolished", ROUND, "deficient"),
        ("foot-no-capital", ROUND, "deficient"),
        ("oneway-foot-escalator", ROUND, "deficient"),
        ("josm-deleted-way", ROUND, "deficient"),
        ("square-as-multipolygon", 800, "compliant"),
        ("ok-josm-negative-ids", 300 + 50 + 304.1, "compliant"),
        ("ok-roundabout-oneway", 600 - 60 + 4 * 22.96, "compliant"),
        # the middle piece is none, and what is left are two stubs of 50 m
        ("streets-gdal-other-tags", np.inf, "not_assessed"),
        ("streets-osmnx-list", np.inf, "not_assessed"),
        ("streets-road-class-cn", np.inf, "not_assessed"),
        ("streets-state-cn", np.inf, "not_assessed"),
        ("dxf-contour-as-street", np.inf, "not_assessed"),
        ("streets-not-noded", np.inf, "not_assessed"),
        ("ok-bridge-without-junction", np.inf, "not_assessed"),
    ],
)
def test_the_walk_to_the_one_facility(name, walk_m, expected):
    frame, _ = reach_of(name)
    row = frame.loc["R1"]
    assert row["walk_m"] == pytest.approx(walk_m, abs=1)
    assert verdict(row) == expected


def test_a_private_compound_is_passed_by_its_own_people_alone():
    frame, _ = reach_of("through-a-private-compound")
    # R1 goes round: 900 + 600 + 900; R2 from its middle by its own gate: 100 + 200
    assert frame["walk_m"].tolist() == pytest.approx([2400, 300], abs=1)


def test_a_leg_across_a_lake_names_the_water():
    frame, _ = reach_of("leg-across-a-lake")
    assert (frame.at["R1", "access_barrier"], frame.at["R1", "barrier"]) == ("water", None)


def test_what_is_not_read_of_a_drawing_or_a_layer_is_told():
    _, told = reach_of("dxf-contour-as-street")
    drawn = next(p for p in told if p.code is ProblemCode.STREETS_DRAWN)
    assert (drawn.severity, drawn.params["unknown"]) == (Severity.WARNING, [])
    assert [name.split(" ")[0] for name in drawn.params["street"]] == ["道路中心线"]
    assert [name.split(" ")[0] for name in drawn.params["no"]] == ["等高线"]
    _, told = reach_of("streets-not-noded")
    crossing = next(p for p in told if p.code is ProblemCode.STREETS_UNJOINED)
    assert crossing.params == {"count": 36, "streets": 12}


@pytest.mark.parametrize("name", ["ok-prj-kilometres", "ok-prj-zone-39"])
def test_a_prj_of_esri_is_understood(name):
    study, problems = check_study(INPUTS / name)
    assert [p for p in problems if p.severity is Severity.ERROR] == []
    assert of_context(open_case(study).context).at["R1", "radius_m"] == pytest.approx(50, abs=0.5)


def test_a_prj_that_contradicts_its_coordinates_is_refused_with_the_code_that_fits():
    _, problems = check_study(INPUTS / "ok-prj-cm117-zone-coords")
    (wrong,) = [p for p in problems if p.severity is Severity.ERROR]
    assert wrong.code is ProblemCode.CRS_WRONG
    assert "4527" in str(wrong.params["suggest"])


# -- further inputs: the base case with other tags, written here -----------------------------------

NODES = {1: (0, 0), 2: (300, 0), 3: (600, 0), 4: (0, 1000), 5: (600, 1000)}
DEGREE_LAT = 1 / 110_940.5
DEGREE_LON = 1 / 91_246.0


def place(x, y):
    return 35.0487385 + y * DEGREE_LAT, 117.0 + x * DEGREE_LON


def osm_text(short, node=None, more=""):
    """The short way (nodes 1, 2, 3) with tags, and the way round; tags of the node amid it."""

    def tags(values):
        return "".join(f'<tag k="{k}" v="{v}"/>' for k, v in values.items())

    parts = ["<osm version='0.6'>"]
    for ref, (x, y) in NODES.items():
        lat, lon = place(x, y)
        inner = tags(node or {}) if ref == 2 else ""
        parts.append(f"<node id='{ref}' version='1' lat='{lat:.7f}' lon='{lon:.7f}'>{inner}</node>")
    ring = "".join(f"<nd ref='{ref}'/>" for ref in (1, 4, 5, 3))
    line = "".join(f"<nd ref='{ref}'/>" for ref in (1, 2, 3))
    parts.append(f"<way id='1' version='1'>{line}{tags(short)}</way>")
    parts.append(f"<way id='2' version='1'>{ring}<tag k='highway' v='residential'/></way>")
    return "".join([*parts, more, "</osm>"])


def point_layer(name, spots):
    xy = [place(x, y)[::-1] for x, y in spots]
    ids = [f"{name[0].upper()}{i + 1}" for i in range(len(spots))]
    frame = gpd.GeoDataFrame({"id": ids}, geometry=[shapely.Point(*p) for p in xy], crs=4326)
    return Layer(name, frame.set_index("id").to_crs(CRS))


def walk_by(path, spots=((0, 0),), to=((600, 0),), **options):
    lines, problems = read_streets(path, crs=CRS, **options)
    assert lines is not None, problems
    homes, goals = point_layer("residential", spots), point_layer("facilities", to)
    return of_context(prepare_reach(homes, goals, Parameters(), streets=lines)), problems


def walk_of(tmp_path, short, node=None, more=""):
    path = tmp_path / "s.osm"
    path.write_text(osm_text(short, node, more), encoding="utf-8")
    return walk_by(path)[0].iloc[0]


STREET = {"highway": "residential"}


@pytest.mark.parametrize(
    ("short", "node", "expected"),
    [
        (STREET, {}, "compliant"),
        (STREET, {"barrier": "bollard"}, "compliant"),
        (STREET, {"barrier": "gate"}, "compliant"),
        (STREET, {"barrier": "gate", "access": "no", "foot": "yes"}, "compliant"),
        (STREET, {"barrier": "gate", "access": "private"}, "deficient"),
        (STREET, {"barrier": "wall"}, "deficient"),
        (STREET, {"barrier": "turnstile", "access": "no"}, "deficient"),
        (STREET, {"barrier": "sliding_gate", "locked": "YES"}, "deficient"),
        (STREET, {"barrier": "gate", "access": "nobody_knows"}, "not_assessed"),
        (STREET, {"barrier": "gate", "locked": "yes", "foot": "yes"}, "not_assessed"),
        ({"highway": "residential", "disused": "yes"}, {}, "deficient"),
        ({"highway": "residential", "construction": "yes"}, {}, "deficient"),
        ({"highway": "residential", "construction": "minor"}, {}, "not_assessed"),
        ({"highway": "footway", "abandoned:highway": "footway"}, {}, "not_assessed"),
        ({"highway": "footway", "abandoned:highway": "track"}, {}, "compliant"),
        ({"highway": "tertiary", "proposed:highway": "primary"}, {}, "compliant"),
        ({"highway": "steps", "conveying": "backward"}, {}, "deficient"),
        ({"highway": "steps", "conveying": "forward"}, {}, "compliant"),
        ({"highway": "steps", "conveying": "reversible"}, {}, "not_assessed"),
        ({"highway": "footway", "oneway": "-1"}, {}, "compliant"),
        ({"highway": "service", "access": "emergency"}, {}, "deficient"),
        ({"highway": "service", "access": "customers"}, {}, "not_assessed"),
        ({"highway": "via_ferrata"}, {}, "deficient"),
        # what holds at times only is not known; what says the same at all times is
        ({**STREET, "foot:conditional": "no @ (22:00-06:00)"}, {}, "not_assessed"),
        ({**STREET, "access:conditional": "no @ (Mo-Fr 07:00-09:00; PH off)"}, {}, "not_assessed"),
        ({**STREET, "foot:conditional": "yes @ (06:00-22:00)"}, {}, "compliant"),
        ({**STREET, "foot": "yes", "access:conditional": "no @ (22:00-06:00)"}, {}, "compliant"),
        ({**STREET, "foot": "no", "foot:conditional": "yes @ daylight"}, {}, "not_assessed"),
        ({**STREET, "access": "no", "access:conditional": "no @ (Su)"}, {}, "deficient"),
        ({**STREET, "access": "no", "foot:conditional": "designated"}, {}, "compliant"),
        ({**STREET, "motor_vehicle:conditional": "no @ (07:00-19:00)"}, {}, "compliant"),
        ({**STREET, "opening_hours": "06:00-22:00"}, {}, "not_assessed"),
        ({**STREET, "opening_hours": "24/7"}, {}, "compliant"),
        ({**STREET, "opening_hours": "off"}, {}, "deficient"),
        ({**STREET, "access": "no", "opening_hours": "06:00-22:00"}, {}, "deficient"),
        (STREET, {"barrier": "gate", "opening_hours": "06:00-22:00"}, "not_assessed"),
        (STREET, {"barrier": "gate", "opening_hours": "24/7"}, "compliant"),
        (
            STREET,
            {"barrier": "gate", "locked": "yes", "opening_hours": "Mo-Su 06:00-22:00"},
            "not_assessed",
        ),
        (STREET, {"barrier": "gate", "access:conditional": "no @ (22:00-05:00)"}, "not_assessed"),
        (
            STREET,
            {"barrier": "gate", "access": "no", "foot:conditional": "yes @ (Sa)"},
            "not_assessed",
        ),
        ({"highway": "lane_of_some_kind"}, {}, "not_assessed"),
    ],
)
def test_tags_of_ways_and_of_the_nodes_on_them(tmp_path, short, node, expected):
    row = walk_of(tmp_path, short, node)
    assert verdict(row) == expected
    assert row["walk_m"] == pytest.approx(NEAR if expected == "compliant" else ROUND, abs=1)
    assert (row["walk_doubt"] is None) == (expected != "not_assessed")


LISTED = (
    words("highway", "walked", "never", "unless_allowed")
    | words("access", "allowed", "open", "private", "shut")
    | words("posts", "bars", "doors", "half", "low")
    | words("states", "used", "barred")
    | words("hours", "always", "never")
    | {"yes", "no", "true", "false", "none", "reverse", "forward", "backward"}
)
WORDS = st.text("abcdefghijklmnopqrstuvwxyz_ 路桥高", min_size=3, max_size=14)
ON_WAYS = [
    *("highway", "foot", "access", "motorroad", "expressway", "disused", "oneway:foot"),
    *("opening_hours", "foot:conditional", "access:conditional"),
]


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """The streets of the base case, with a gate on the short way."""
    path = tmp_path_factory.mktemp("base") / "s.osm"
    path.write_text(osm_text(STREET, {"barrier": "gate"}), encoding="utf-8")
    return read_streets(path, crs=CRS)[0]


HOMES, GOALS = point_layer("residential", [(0, 0)]), point_layer("facilities", [(600, 0)])


@settings(max_examples=25, deadline=None)
@given(word=WORDS, key=st.sampled_from([*ON_WAYS, "construction", "conveying"]))
def test_no_verdict_is_decided_by_a_word_outside_the_lists(base, word, key):
    assume(word.strip() and word.strip().casefold() not in LISTED)
    rows = [{"highway": "footway", key: word}, STREET]
    lines = dataclasses.replace(base, tags=tag_frame(rows))
    row = of_context(prepare_reach(HOMES, GOALS, Parameters(), streets=lines)).iloc[0]
    assert verdict(row) == "not_assessed"
    assert row["walk_doubt"].code is ReasonCode.WAY_UNKNOWN
    assert row["walk_doubt"].params["walk_m"] == pytest.approx(NEAR, abs=1)


@settings(max_examples=20, deadline=None)
@given(
    word=WORDS,
    key=st.sampled_from(
        ["barrier", "foot", "access", "locked", "opening_hours", "foot:conditional"]
    ),
)
def test_no_verdict_is_decided_by_a_gate_of_a_word_outside_the_lists(base, word, key):
    assume(word.strip() and word.strip().casefold() not in LISTED)
    lines = dataclasses.replace(base, posts=base.posts.assign(**{key: word}))
    row = of_context(prepare_reach(HOMES, GOALS, Parameters(), streets=lines)).iloc[0]
    assert (verdict(row), row["walk_doubt"].code) == ("not_assessed", ReasonCode.WAY_UNKNOWN)


def test_a_gate_at_a_junction_does_not_say_which_way_it_bars(tmp_path):
    branch = (
        "<way id='3' version='1'><nd ref='2'/><nd ref='6'/><tag k='highway' v='service'/></way>"
    )
    lat, lon = place(300, -50)
    more = f"<node id='6' version='1' lat='{lat:.7f}' lon='{lon:.7f}'/>{branch}"
    row = walk_of(tmp_path, STREET, {"barrier": "gate", "locked": "yes"}, more)
    assert (verdict(row), row["walk_m"]) == ("not_assessed", pytest.approx(ROUND, abs=1))


def test_a_facility_behind_a_shut_gate_is_not_reached_over_its_wall(tmp_path):
    # the street runs on from the gate at 300 to the facility at 450, and nowhere else
    path = tmp_path / "s.osm"
    text = osm_text(STREET, {"barrier": "gate", "access": "no"})
    text = text.replace("<nd ref='5'/><nd ref='3'/>", "<nd ref='5'/>")
    path.write_text(text, encoding="utf-8")
    frame, _ = walk_by(path, to=[(450, 0)])
    assert verdict(frame.iloc[0]) == "not_assessed"
    assert frame.iloc[0]["walk_doubt"].code is ReasonCode.WAY_UNKNOWN


def test_a_private_way_is_an_exit_of_the_compound_it_lies_in_and_of_no_other(tmp_path):
    path = tmp_path / "s.osm"
    path.write_text(osm_text({**STREET, "access": "private"}), encoding="utf-8")
    lines, _ = read_streets(path, crs=CRS)
    homes = point_layer("residential", [(300, 0), (0, 0)])
    centre, outside = homes.frame.geometry
    # the compound reaches from x = -10 to 590, and the private way lies in it but for its end
    block = shapely.box(centre.x - 310, centre.y - 250, centre.x + 290, centre.y + 250)
    frame = homes.frame.set_geometry([block, outside])
    goals = point_layer("facilities", [(600, 0)])
    context = prepare_reach(Layer("residential", frame), goals, Parameters(), streets=lines)
    walk = of_context(context)["walk_m"]
    # straight from its middle (x = 290) to the end of the private way: 310 m; others go round
    assert walk.tolist() == pytest.approx([310, ROUND], abs=1)


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        ({"barrier": "gate"}, "compliant"),
        ({"barrier": "gate", "access": "private"}, "compliant"),  # their own
        ({"barrier": "gate", "locked": "yes"}, "not_assessed"),
        ({"barrier": "gate", "access": "whoever"}, "not_assessed"),
    ],
)
def test_an_inferred_gate_is_what_stands_there(tmp_path, node, expected):
    path = tmp_path / "s.osm"
    path.write_text(osm_text(STREET, node).replace("<nd ref='1'/><nd ref='4'/>", ""), "utf-8")
    lines, _ = read_streets(path, crs=CRS)
    gate = point_layer("residential", [(298, 0)]).frame.geometry.iloc[0]
    # the street comes in from the east, and the gate is 2 m beyond the wall
    block = shapely.box(gate.x - 398, gate.y - 100, gate.x, gate.y + 100)
    home = point_layer("residential", [(0, 0)]).frame.set_geometry([block])
    areas = Layer("residential", home)
    found = Layer("gates", crossed_outlines(areas, lines, build_network(lines)))
    assert len(found) == 1
    certain, perhaps = open_gates(found), open_gates(found, possible=True)
    shut_in = frozenset() if len(certain) else frozenset(["R1"])
    doubt = GateDoubt(perhaps if len(perhaps) > len(certain) else None, shut_in)
    goals = point_layer("facilities", [(600, 0)])
    context = prepare_reach(
        areas, goals, Parameters(), streets=lines, gates=certain, gate_doubt=doubt
    )
    row = of_context(context).iloc[0]
    assert verdict(row) == expected
    # from the middle of the block, at x = 99, straight to its gate and on: 501 m
    if expected == "compliant":
        assert row["walk_m"] == pytest.approx(501, abs=1)


@pytest.mark.parametrize(
    ("tags", "named"),
    [
        ({"natural": "water"}, "water"),
        ({"natural": "water", "name": "人民湖"}, "人民湖"),
        ({"landuse": "reservoir"}, "water"),
        ({"waterway": "drain"}, "drain"),
        ({"waterway": "ditch", "tunnel": "culvert"}, None),
        ({"barrier": "hedge"}, "hedge"),
        ({"barrier": "retaining_wall"}, "retaining_wall"),
        ({"barrier": "fence"}, "wall"),
        ({"railway": "rail"}, "railway"),
        ({"railway": "rail", "bridge": "yes"}, None),
        ({"highway": "trunk", "motorroad": "yes"}, "motorroad"),
        ({"highway": "motorway", "ref": "G35"}, "G35"),
        ({"natural": "wood"}, None),
    ],
)
def test_the_straight_leg_names_what_it_crosses(tmp_path, tags, named):
    # the facility stands 60 m south of the end of the street, and something 30 m south of it
    inner = "".join(f'<tag k="{k}" v="{v}"/>' for k, v in tags.items())
    more = ""
    for ref, x in ((31, 400), (32, 800)):
        lat, lon = place(x, -30)
        more += f"<node id='{ref}' version='1' lat='{lat:.7f}' lon='{lon:.7f}'/>"
    more += f"<way id='31' version='1'><nd ref='31'/><nd ref='32'/>{inner}</way>"
    path = tmp_path / "s.osm"
    path.write_text(osm_text(STREET, more=more), encoding="utf-8")
    row = walk_by(path, to=[(600, -60)])[0].iloc[0]
    assert (row["walk_m"], row["access_barrier"]) == (pytest.approx(660, abs=1), named)


def test_a_path_on_the_bank_is_on_this_side_of_the_water(tmp_path):
    # the street itself is the bank: the leg to it ends there and crosses nothing
    path = tmp_path / "s.osm"
    path.write_text(osm_text({**STREET, "natural": "water"}), encoding="utf-8")
    assert walk_by(path, to=[(600, -60)])[0].iloc[0]["access_barrier"] is None


def test_people_known_as_a_point_behind_a_private_gate_are_left_undecided(tmp_path):
    # nobody knows whether the compound is theirs: 300 m through its gate, or no way at all
    path = tmp_path / "s.osm"
    text = osm_text(STREET, {"barrier": "gate", "access": "private"})
    path.write_text(text.replace("<nd ref='1'/><nd ref='4'/>", "<nd ref='4'/>"), encoding="utf-8")
    row = walk_by(path, spots=[(100, 0)])[0].iloc[0]
    assert (row["walk_m"], verdict(row)) == (np.inf, "not_assessed")


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"barrier": "gate"}, "compliant"),
        ({"barrier": "gate", "access": "no"}, "deficient"),
        ({"barrier": "gate", "locked": "maybe"}, "not_assessed"),
    ],
)
def test_what_stands_on_the_nodes_of_a_graph_and_on_the_points_of_an_export(
    tmp_path, tags, expected
):
    town = nx.MultiDiGraph(crs="epsg:4326")
    for ref, (x, y) in NODES.items():
        lat, lon = place(x, y)
        town.add_node(ref, x=lon, y=lat, **(tags if ref == 2 else {}))
    for u, v in ((1, 2), (2, 3), (1, 4), (4, 5), (5, 3)):
        town.add_edge(u, v, osmid=f"{u}{v}", highway="residential")
    nx.write_graphml(town, tmp_path / "s.graphml")
    assert verdict(walk_by(tmp_path / "s.graphml")[0].iloc[0]) == expected
    lonlat = {ref: place(*xy)[::-1] for ref, xy in NODES.items()}
    shapes = [shapely.LineString([lonlat[r] for r in refs]) for refs in ((1, 2, 3), (1, 4, 5, 3))]
    frame = gpd.GeoDataFrame(
        {"highway": ["residential", "residential", None]}
        | {key: [None, None, value] for key, value in tags.items()},
        geometry=[*shapes, shapely.Point(lonlat[2])],
        crs=4326,
    )
    frame.to_file(tmp_path / "s.geojson")
    assert verdict(walk_by(tmp_path / "s.geojson")[0].iloc[0]) == expected


# -- line layers -----------------------------------------------------------------------------------


def line_layer(path, columns, middle=None, **options):
    """Three pieces, 50 + 600 + 50 m, and the way round; ``columns``: name → four values."""
    centre = point_layer("residential", [(0, 0)]).frame.geometry.iloc[0]
    x, y = centre.x, centre.y
    courses = [
        [(x - 50, y), (x, y)],
        [(x, y), (x + 600, y)],
        [(x + 600, y), (x + 650, y)],
        [(x, y), (x, y + 1000), (x + 600, y + 1000), (x + 600, y)],
    ]
    shapes = [shapely.LineString(course) for course in courses]
    if middle is not None:
        shapes[1] = middle(courses[1])
    frame = gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)
    path.unlink(missing_ok=True)
    if path.suffix == ".dxf":
        frame.to_file(path, driver="DXF")
    else:
        if path.suffix == ".shp":  # ten bytes of a name, whole characters
            frame = frame.rename(
                columns=lambda name: name.replace(":", "_").encode()[:10].decode(errors="ignore")
            )
        frame.to_file(path)
    return walk_by(path, **options)


@pytest.mark.parametrize(
    ("column", "words", "expected", "unread"),
    [
        # a column of any name whose words are classes is read
        ("RD_TYPE", ("支路", "高速路", "支路", "国道"), "deficient", []),
        ("F7", ("主干道", "铁路", "支路", "支路"), "deficient", []),
        ("F7", ("主干道", "新词", "支路", "支路"), "not_assessed", []),
        # one in which a word may bar, among others, is told
        ("备注", ("沥青", "高速公路", "水泥", "水泥"), "compliant", ["备注"]),
        ("进度", ("已完工", "在建", "已完工", "已完工"), "compliant", ["进度"]),
        ("FUNC_CLASS", ("1", "5", "5", "5"), "compliant", ["FUNC_CLASS"]),
        ("路面", ("沥青", "水泥", "水泥", "水泥"), "compliant", []),
    ],
)
def test_classes_and_states_in_columns_of_any_name(tmp_path, column, words, expected, unread):
    frame, told = line_layer(tmp_path / "s.gpkg", {column: list(words)})
    assert verdict(frame.iloc[0]) == expected
    found = [p.params["columns"] for p in told if p.code is ProblemCode.STREETS_COLUMN_UNREAD]
    assert found == ([unread] if unread else [])


def two_layers(folder):
    """A GeoPackage of streets, those planned, and the houses beside them."""
    path = folder / "路网.gpkg"
    line = shapely.LineString([(500_000, 3_880_000), (500_100, 3_880_000)])
    for name, shapes in (
        ("现状道路", [line]),
        ("规划道路", [line, line]),
        ("房屋", [line.buffer(5)]),
    ):
        frame = gpd.GeoDataFrame({"id": range(len(shapes))}, geometry=shapes, crs=CRS)
        frame.to_file(path, layer=name)
    return path


def test_the_street_layer_that_was_read_is_said_and_what_else_may_be_one(tmp_path):
    path = two_layers(tmp_path)
    lines, told = read_streets(path, crs=CRS)
    assert lines.contents.read == ("现状道路",)
    assert [(one.name, one.rows) for one in lines.contents.left_out] == [
        ("规划道路", 2),
        ("房屋", 1),
    ]
    (unread,) = [p for p in told if p.code is ProblemCode.PARTS_UNREAD]
    assert unread.params == {"read": ["现状道路"], "names": ["规划道路 (2)"]}
    assert "layers.streets" in describe(unread, "zh")["remedy"]
    lines, told = read_streets(path, crs=CRS, layer="规划道路")
    assert (lines.contents.read, len(lines)) == (("规划道路",), 2)
    assert ProblemCode.PARTS_UNREAD not in {p.code for p in told}


def test_the_inputs_of_a_study_name_its_street_layer(tmp_path):
    folder = tmp_path / "s"
    shutil.copytree(INPUTS / "streets-state-cn", folder)
    text = (folder / "study.toml").read_text("utf-8")
    two_layers(tmp_path).replace(folder / "路网.gpkg")
    (folder / "study.toml").write_text(text.replace('"s.geojson"', '"路网.gpkg"'), encoding="utf-8")
    study, told = check_study(folder)
    assert study is not None, told
    (record,) = [one for one in study.inputs if one.layer == "streets"]
    assert record.contents.read == ("现状道路",)


def values(word, other="支路"):
    return [other, word, other, other]


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".shp"])
@pytest.mark.parametrize(
    ("column", "word", "other", "expected"),
    [
        ("道路等级", "支路", "主干路", "compliant"),
        ("道路等级", "高速公路", "支路", "deficient"),
        ("道路等级", "快速路", "支路", "not_assessed"),
        ("类型", "铁路", "道路", "deficient"),
        ("highway", "高速公路", "支路", "deficient"),
        ("highway", "街巷", "支路", "compliant"),
        ("CLASS", "motorway", "residential", "deficient"),
        ("type", "motorway", "primary", "deficient"),
        ("fclass", "track_grade3", "residential", "compliant"),
        ("fclass", "unknown", "residential", "not_assessed"),
        ("DLMC", "农村道路", "公路用地", "compliant"),
        ("DLMC", "沟渠", "农村道路", "deficient"),
        ("建设状态", "在建", "现状", "deficient"),
        ("通车状态", "未通车", "已通车", "deficient"),
        ("状态", "废弃", "正常", "deficient"),
        ("建设状态", "二期", "现状", "not_assessed"),
        ("access", "['yes', 'no']", "yes", "deficient"),
        ("foot", "No", "yes", "deficient"),
    ],
)
def test_classes_and_states_in_the_words_of_a_layer(
    tmp_path, suffix, column, word, other, expected
):
    frame, _ = line_layer(tmp_path / f"s{suffix}", {column: values(word, other)})
    assert verdict(frame.iloc[0]) == expected


@pytest.mark.parametrize(
    ("packed", "expected"),
    [
        ('"foot"=>"no"', "deficient"),
        ('"access"=>"private","surface"=>"asphalt"', "deficient"),
        ('{"foot": "no"}', "deficient"),
        ('"name:zh"=>"甲\\"乙","foot"=>"yes"', "compliant"),
        ('"disused"=>"yes"', "deficient"),
    ],
)
def test_tags_that_gdal_packs_into_one_column(tmp_path, packed, expected):
    columns = {"highway": ["residential"] * 4, "other_tags": [None, packed, None, None]}
    frame, _ = line_layer(tmp_path / "s.gpkg", columns)
    assert verdict(frame.iloc[0]) == expected


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".shp"])
@pytest.mark.parametrize(
    ("column", "word", "expected"),
    [
        ("opening_hours", "06:00-22:00", "not_assessed"),
        ("开放时间", "全天", "compliant"),
        ("foot_conditional", "no @ (22:00-06:00)", "not_assessed"),
        ("access:conditional", "no @ (22:00-06:00)", "not_assessed"),
        ("oneway_foot", "-1", "deficient"),
    ],
)
def test_tags_whose_names_a_converter_changes_or_cuts(tmp_path, suffix, column, word, expected):
    columns = {"highway": ["footway"] * 4, column: values(word, None)}
    frame, _ = line_layer(tmp_path / f"s{suffix}", columns)
    assert verdict(frame.iloc[0]) == expected


def test_hours_can_be_explained(tmp_path):
    for at, (key, word) in enumerate(
        [("opening_hours", "Mo-Fr 06:00-22:00; Sa off"), ("foot_conditional", "no @ (Mo; Su)")]
    ):
        columns = {"highway": ["footway"] * 4, key: values(word, None)}
        for use, expected in ((True, "compliant"), (False, "deficient")):
            frame, told = line_layer(tmp_path / f"{at}{use}.gpkg", columns, walk_words={word: use})
            assert verdict(frame.iloc[0]) == expected
            assert ProblemCode.STREETS_WORDS_UNKNOWN not in {p.code for p in told}


def test_a_column_whose_words_nobody_knows_is_told_and_can_be_explained(tmp_path):
    columns = {"类型": values("新增线路", "一期")}
    frame, told = line_layer(tmp_path / "a.gpkg", columns)
    assert verdict(frame.iloc[0]) == "compliant"  # a column that may say anything is not read
    assert [(p.code, p.params) for p in told if p.code is ProblemCode.STREETS_COLUMN_UNREAD] == [
        (ProblemCode.STREETS_COLUMN_UNREAD, {"columns": ["类型"]})
    ]
    columns = {"道路等级": values("快速路")}
    frame, told = line_layer(tmp_path / "b.gpkg", columns)
    (word,) = [p for p in told if p.code is ProblemCode.STREETS_WORDS_UNKNOWN]
    assert word.params == {"count": 1, "words": ["highway=快速路 (1)"]}
    for use, expected in ((True, "compliant"), (False, "deficient")):
        path = tmp_path / f"{use}.gpkg"
        frame, told = line_layer(path, columns, walk_words={" 快速路": use})
        assert verdict(frame.iloc[0]) == expected
        assert ProblemCode.STREETS_WORDS_UNKNOWN not in {p.code for p in told}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("等高线", "deficient"),
        ("JMD", "deficient"),
        ("规划道路", "deficient"),
        ("道路边线", "deficient"),
        ("道路中线2", "compliant"),
        ("图层7", "not_assessed"),
    ],
)
def test_the_layers_of_a_drawing_by_their_names(tmp_path, name, expected):
    path = tmp_path / "s.dxf"
    columns = {"Layer": values(name, "道路中心线")}
    frame, told = line_layer(path, columns, source_crs=CRS)
    assert verdict(frame.iloc[0]) == expected
    (drawn,) = [p for p in told if p.code is ProblemCode.STREETS_DRAWN]
    assert sum(len(drawn.params[kind]) for kind in ("street", "no", "unknown")) == 2
    frame, told = line_layer(path, columns, source_crs=CRS, layer="道路中心线")
    assert frame.iloc[0]["walk_m"] == pytest.approx(ROUND, abs=1)
    assert ProblemCode.STREETS_DRAWN not in {p.code for p in told}
    lines, (problem,) = read_streets(path, crs=CRS, source_crs=CRS, layer="道路")
    assert lines is None
    assert (problem.code, problem.params["sheets"]) == (
        ProblemCode.SHEET_MISSING,
        sorted({name, "道路中心线"}),
    )


@pytest.mark.parametrize(
    ("side", "rim", "expected"),
    [
        (150, 750, "compliant"),  # 600 across; 600 + 150 round its corners
        (420, 1020, "not_assessed"),  # the rim is too long, straight across is not
        (1100, 1700, "not_assessed"),
    ],
)
@pytest.mark.parametrize("form", ["way", "multipolygon", "geojson"])
def test_a_square_is_walked_along_its_rim_and_perhaps_across(tmp_path, side, rim, expected, form):
    # streets end at the middle of its western and eastern sides, 100 and 500 m from the area
    ring = [(100, 0), (100, -side / 2), (500, -side / 2), (500, 0), (500, side / 2)]
    ring += [(100, side / 2)]
    west, east = [(0, 0), (100, 0)], [(500, 0), (600, 0)]
    path = tmp_path / ("s.geojson" if form == "geojson" else "s.osm")
    if form == "geojson":
        lonlat = [[place(*xy)[::-1] for xy in way] for way in (west, east, [*ring, ring[0]])]
        shapes = [*map(shapely.LineString, lonlat[:2]), shapely.Polygon(lonlat[2])]
        kinds = ["residential", "residential", "pedestrian"]
        gpd.GeoDataFrame({"highway": kinds}, geometry=shapes, crs=4326).to_file(path)
    else:
        path.write_text(square_text(ring, form), encoding="utf-8")
    row = walk_by(path)[0].iloc[0]
    assert row["walk_m"] == pytest.approx(rim, abs=1)
    assert verdict(row) == expected
    if expected == "not_assessed":
        assert row["walk_doubt"].code is ReasonCode.WAY_UNKNOWN
        assert row["walk_doubt"].params["walk_m"] == pytest.approx(600, abs=1)


def square_text(ring, form):
    """Two streets (nodes 1 to 4) at a square (nodes 2, 11, 12, 3, 13, 14), as way or relation."""
    spots = dict(zip((2, 11, 12, 3, 13, 14), ring, strict=True)) | {1: (0, 0), 4: (600, 0)}
    nodes = []
    for ref, xy in spots.items():
        lat, lon = place(*xy)
        nodes.append(f"<node id='{ref}' version='1' lat='{lat:.7f}' lon='{lon:.7f}'/>")
    said = "<tag k='highway' v='pedestrian'/><tag k='area' v='yes'/>"
    own, relation = said, ""
    if form == "multipolygon":
        own = ""
        relation = "<relation id='9' version='1'><member type='way' ref='3' role='outer'/>"
        relation += f"<tag k='type' v='multipolygon'/>{said}</relation>"
    street = "<tag k='highway' v='residential'/>"
    ways = [((1, 2), street), ((3, 4), street), ((2, 11, 12, 3, 13, 14, 2), own)]
    drawn = []
    for number, (refs, tags) in enumerate(ways, start=1):
        course = "".join(f"<nd ref='{ref}'/>" for ref in refs)
        drawn.append(f"<way id='{number}' version='1'>{course}{tags}</way>")
    return "".join(["<osm version='0.6'>", *nodes, *drawn, relation, "</osm>"])


@pytest.mark.parametrize("listed", [["yes", "no"], ["no", "yes"], ["permissive", "private"]])
def test_every_value_of_a_merged_edge_is_heard(tmp_path, listed):
    town = nx.MultiDiGraph(crs="epsg:4326")
    for ref, (x, y) in NODES.items():
        lat, lon = place(x, y)
        town.add_node(ref, x=lon, y=lat)
    town.add_edge(1, 3, osmid="[1, 2]", highway="residential", access=str(listed))
    for u, v in ((1, 4), (4, 5), (5, 3)):
        town.add_edge(u, v, osmid="3", highway="residential")
    nx.write_graphml(town, tmp_path / "s.graphml")
    frame, _ = walk_by(tmp_path / "s.graphml")
    assert verdict(frame.iloc[0]) == "deficient"


# -- editors and exports ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "mark", ["action='delete' visible='true'", 'visible="true" action="delete"']
)
def test_what_josm_marks_deleted_is_not_there(tmp_path, mark):
    path = tmp_path / "s.osm"
    text = osm_text(STREET).replace("<way id='1'", f"<way id='1' {mark}")
    path.write_text(text, encoding="utf-8")
    frame, _ = walk_by(path)
    assert (verdict(frame.iloc[0]), frame.iloc[0]["walk_m"]) == (
        "deficient",
        pytest.approx(ROUND, abs=1),
    )
    path.write_text(osm_text(STREET | {"note": "action='delete'"}), encoding="utf-8")
    assert verdict(walk_by(path)[0].iloc[0]) == "compliant"


def overpass(form, tags=STREET):
    """An answer of Overpass: ``body`` (nodes apart), ``geom`` (both), ``bare`` (places only)."""
    elements = []
    for ref, refs, said in ((1, (1, 2, 3), tags), (2, (1, 4, 5, 3), STREET)):
        way = {"type": "way", "id": ref, "tags": said}
        if form != "bare":
            way["nodes"] = list(refs)
        if form != "body":
            places = (place(*NODES[r]) for r in refs)
            way["geometry"] = [{"lat": round(a, 7), "lon": round(b, 7)} for a, b in places]
        elements.append(way)
    if form == "body":
        for ref, spot in NODES.items():
            lat, lon = place(*spot)
            elements.append({"type": "node", "id": ref, "lat": lat, "lon": lon})
    return {"version": 0.6, "generator": "Overpass API", "elements": elements}


@pytest.mark.parametrize("form", ["body", "geom", "bare"])
@pytest.mark.parametrize(("tags", "walk_m"), [(STREET, NEAR), ({**STREET, "foot": "no"}, ROUND)])
def test_an_answer_of_overpass_is_read_as_streets(tmp_path, form, tags, walk_m):
    path = tmp_path / "s.json"
    path.write_text(json.dumps(overpass(form, tags)), encoding="utf-8")
    frame, _ = walk_by(path)
    assert frame.iloc[0]["walk_m"] == pytest.approx(walk_m, abs=1)


def test_an_answer_of_overpass_without_places_is_refused_in_plain_words(tmp_path):
    path = tmp_path / "s.json"
    whole = overpass("body")
    whole["elements"] = [one for one in whole["elements"] if one["type"] == "way"]
    for one in whole["elements"]:
        del one["nodes"]
    path.write_text(json.dumps(whole), encoding="utf-8")
    lines, (problem,) = read_streets(path, crs=CRS)
    assert lines is None
    assert (problem.code, problem.params) == (
        ProblemCode.CONTENT_REFUSED,
        {"detail": "overpass_incomplete"},
    )


def test_a_whole_study_says_what_hangs_on_an_unknown_word(tmp_path):
    source = INPUTS / "highway-demolished"
    for file in source.iterdir():
        text = file.read_bytes().replace(b"demolished", b"abgebrochen")
        (tmp_path / file.name).write_bytes(text)
    study, problems = check_study(tmp_path)
    (told,) = [p for p in problems if p.code is ProblemCode.STREETS_WORDS_UNKNOWN]
    assert told.params["words"] == ["highway=abgebrochen (1)"]
    assessment = assess(study)
    assert assessment.layers["residential"].at["R1", "walk_status"] == "not_assessed"
    diagnosis = assessment.layers["street_diagnosis"]
    (row,) = diagnosis[diagnosis["kind"] == "unknown_way"].itertuples()
    assert (row.name, row.verdicts) == ("highway=abgebrochen", "R1")
    assert row.length_m == pytest.approx(600, abs=1)


# -- gates of the ledger ---------------------------------------------------------------------------


def gate_study(tmp_path, words, header="是否开放"):
    """The case of an east gate (600 m to the facility) and a west one (2,520 m), as they say."""
    source = INPUTS / "gate-word-closed"
    for file in source.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    places = ("117.0006576", "116.9993424")
    rows = [f"G{i + 1},R1,{word},{places[i]},35.0487385" for i, word in enumerate(words)]
    text = "\n".join([f"编号,居住区,{header},经度,纬度", *rows])
    (tmp_path / "g.csv").write_text(text, encoding="utf-8")
    study, problems = check_study(tmp_path)
    assert [p for p in problems if p.severity is Severity.ERROR] == []
    return of_context(open_case(study).context).loc["R1"], {str(p.code) for p in problems}


def test_a_gate_that_is_closed_in_words_is_closed():
    frame, _ = reach_of("gate-word-closed")
    assert frame.at["R1", "walk_m"] == pytest.approx(2520, abs=1)
    assert verdict(frame.loc["R1"]) == "deficient"


@pytest.mark.parametrize(
    ("words", "expected", "walk_m"),
    [
        (("是", "是"), "compliant", 600),
        (("", "是"), "compliant", 600),  # blank is open
        (("人车混行", "常闭"), "compliant", 600),
        *(
            ((word, "是"), "deficient", 2520)
            for word in ("不开放", "封闭", "关闭", "消防通道（常闭）", "仅车行")
        ),
        (("定时开放", "是"), "not_assessed", 2520),
        (("看情况", "常闭"), "not_assessed", np.inf),  # the only gate that may be open
    ],
)
def test_what_the_ledger_says_of_a_gate(tmp_path, words, expected, walk_m):
    row, codes = gate_study(tmp_path, words)
    assert (verdict(row), row["walk_m"]) == (expected, pytest.approx(walk_m, abs=1))
    assert ("word_unknown" in codes) == any(w in {"定时开放", "看情况"} for w in words)


@pytest.mark.parametrize("header", ["状态", "开放情况", "通行状态"])
def test_the_headers_under_which_a_ledger_says_it(tmp_path, header):
    row, _ = gate_study(tmp_path, ("封闭", "是"), header)
    assert (verdict(row), row["walk_m"]) == ("deficient", pytest.approx(2520, abs=1))


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(word=WORDS)
def test_no_gate_is_passed_for_certain_by_a_word_that_is_not_known(tmp_path, word):
    assume(match_word("passage", word) is None and not is_blank(word))
    row, _ = gate_study(tmp_path, (word, "是"))
    assert (verdict(row), row["walk_m"]) == ("not_assessed", pytest.approx(2520, abs=1))


# -- ledgers out of OpenStreetMap ------------------------------------------------------------------


def test_what_is_shut_or_closed_is_handed_on_as_such():
    layers = read_osm_features(INPUTS / "from-osm-locked-gate" / "a.osm").layers
    gates = layers["gates"].set_index("id")["open"]
    assert gates.to_dict() == {"n910": "否", "n911": "否", "n914": None}
    (home,) = layers["facilities"].itertuples()
    assert (home.id, home.stage) == ("n904", "停用")
    assert "operational_status=closed" in home.osm_tags


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ('k="barrier" v="turnstile"', None),
        ('k="barrier" v="gate"/><tag k="access" v="private"', None),
        ('k="barrier" v="gate"/><tag k="access" v="whoever"', "待核实"),
        ('k="barrier" v="swing_gate"/><tag k="locked" v="yes"', "待核实"),
        ('k="barrier" v="kissing_gate"/><tag k="locked" v="yes"', "否"),
    ],
)
def test_gates_of_openstreetmap_by_the_list(tmp_path, tags, expected):
    text = (INPUTS / "from-osm-locked-gate" / "a.osm").read_text(encoding="utf-8")
    path = tmp_path / "a.osm"
    path.write_text(text.replace('k="barrier" v="wicket_gate"', tags), encoding="utf-8")
    gates = read_osm_features(path).layers["gates"].set_index("id")
    assert gates.at["n914", "open"] == expected


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ('k="disused" v="yes"', "停用"),
        ('k="end_date" v="2021-03"', "停用"),
        ('k="construction" v="yes"', "在建"),
        ('k="operational_status" v="operational"', None),
    ],
)
def test_the_stage_of_a_facility_of_openstreetmap(tmp_path, tags, expected):
    text = (INPUTS / "from-osm-locked-gate" / "a.osm").read_text(encoding="utf-8")
    path = tmp_path / "a.osm"
    text = text.replace('k="operational_status" v="closed"', tags)
    path.write_text(text, encoding="utf-8")
    assert read_osm_features(path).layers["facilities"]["stage"].tolist() == [expected]


def test_what_josm_marks_deleted_is_handed_on_to_nobody(tmp_path):
    text = (INPUTS / "from-osm-locked-gate" / "a.osm").read_text(encoding="utf-8")
    path = tmp_path / "a.osm"
    path.write_text(text.replace('<node id="904"', '<node id="904" action="delete"'), "utf-8")
    layers = read_osm_features(path).layers
    assert (len(layers["facilities"]), len(layers["residential"])) == (0, 1)
    path.write_text(text.replace('<way id="1"', '<way action="delete" id="1"'), "utf-8")
    layers = read_osm_features(path).layers
    assert (len(layers["facilities"]), len(layers["residential"])) == (1, 0)


def test_an_answer_of_overpass_is_handed_on_too(tmp_path):
    elements = [
        {"type": "node", "id": 1, "lat": 35.0, "lon": 117.0, "tags": {"name": "甲敬老院"}},
        {"type": "node", "id": 2, "lat": 35.0, "lon": 117.1},
    ]
    elements[0]["tags"]["amenity"] = "nursing_home"
    whole = {"version": 0.6, "generator": "Overpass API", "elements": elements}
    path = tmp_path / "a.json"
    path.write_text(json.dumps(whole), encoding="utf-8")
    assert read_osm_features(path).layers["facilities"]["name"].tolist() == ["甲敬老院"]
    table, (problem,) = read_table(path, name="facilities")
    assert (table, problem.code, problem.params) == (
        None,
        ProblemCode.CONTENT_REFUSED,
        {"detail": "overpass"},
    )
