"""Gates without a place, or of an area that nobody knows: it is not known where people leave."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely
from tests.two_ledgers import WITH_GATES, written

import lifecircle as lc
from lifecircle.intake.study import check_study

STREETS = WITH_GATES + '[layers.streets]\npath = "s.gpkg"\n'
AREAS = (
    "编号,小区名称,户数,类别,城乡,X,Y\n"
    "R1,东方花园,100,已建成,城镇,500000,3850000\n"
    "R2,远园,100,已建成,城镇,520000,3850000\n"
)
GATES = "编号,小区名称,是否开放,X,Y\ng0,远园,是,520000,3850000\n"


@pytest.fixture
def verdict(tmp_path):
    """Return a function from gates and how far R1's facility is to where its gates may be."""

    def read(gates, east):
        row = f"F1,甲站,日间照料中心,运营,15,{500_000 + east},3850000\n"
        facilities = f"编号,设施名称,设施类型,状态,建筑面积,X,Y\n{row}"
        files = {"r.csv": AREAS, "f.csv": facilities, "g.csv": GATES + gates}
        for name, text in {"study.toml": WITH_GATES, **files}.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        study, _ = check_study(tmp_path)
        findings = lc.assess(study).findings.set_index(["clause", "id"])
        return study.gates_somewhere, str(findings.loc[("CX-06", "R1"), "status"])

    return read


@pytest.mark.one_in(4)
# an estate known as a point reaches 300 m from it at most: 1000 m are met for certain up to
# 700 m, and missed for certain from 1300 m
@pytest.mark.parametrize(
    ("gate", "east", "expected"),
    [
        ("", 900, ((), "compliant")),
        ("g1,东方花园,是,500050,3850000\n", 900, ((), "compliant")),
        ("g1,东方花园,是,,\n", 900, (("R1",), "not_assessed")),
        ("g1,东方花园,,,\n", 900, (("R1",), "not_assessed")),
        ("g1,东方花园,是,,\n", 690, (("R1",), "compliant")),
        ("g1,东方花园,是,,\n", 1100, (("R1",), "not_assessed")),
        ("g1,东方花园,是,,\n", 1310, (("R1",), "deficient")),
        # a gate of known place is surely left by: the other may only be nearer
        ("g1,东方花园,是,500050,3850000\ng2,东方花园,是,,\n", 900, (("R1",), "compliant")),
        ("g1,东方花园,是,499950,3850000\ng2,东方花园,是,,\n", 990, (("R1",), "not_assessed")),
        ("g1,东方花园,否,,\ng2,东方花园,是,500050,3850000\n", 900, ((), "compliant")),
        # a name that is nearly the area's may mean it
        ("g1,东方花圆,是,500050,3850000\n", 900, (("R1",), "not_assessed")),
        # one of a name that nobody has is perhaps the area's by which it stands: 900 m from its
        # middle are 1050 from there, 1050 are 900; 850 m are within 1000 by either
        ("g1,毫不相干,是,500050,3850000\n", 900, ((), "compliant")),
        ("g1,毫不相干,是,499850,3850000\n", 900, ((), "not_assessed")),
        ("g1,毫不相干,,500150,3850000\n", 1050, ((), "not_assessed")),
        ("g1,毫不相干,否,500150,3850000\n", 1050, ((), "deficient")),
        ("g1,,否,500150,3850000\n", 1050, ((), "deficient")),
        ("g1,毫不相干,是,500350,3850000\n", 1050, ((), "deficient")),  # too far to be its own
        # so is one of no name; without a place too nobody knows anything of it
        ("g1,,是,500050,3850000\n", 900, ((), "compliant")),
        ("g1,,是,499850,3850000\n", 900, ((), "not_assessed")),
        ("g1,,,500150,3850000\n", 1050, ((), "not_assessed")),
        ("g1,,是,500350,3850000\n", 1050, ((), "deficient")),
        ("g1,,是,,\n", 900, ((), "compliant")),
        # beside a gate that is surely left by it may only be the nearer one
        ("g1,毫不相干,是,499850,3850000\ng2,东方花园,是,500000,3850000\n", 900, ((), "compliant")),
    ],
)
def test_a_gate_of_unknown_place_may_stand_anywhere_on_the_outline(verdict, gate, east, expected):
    assert verdict(gate, east) == expected


@pytest.mark.parametrize(
    ("gate", "perhaps"),
    [
        ("500100,3850000", ["R1"]),
        ("500000,3850000", ["R1"]),
        ("500140,3850000", ["R1", "R2"]),  # 40 m from either
        ("500149,3850000", ["R1", "R2"]),
        ("500230,3850000", ["R2"]),  # in it, and no other's
        ("499800,3850000", []),
    ],
)
def test_a_gate_that_names_nobody_is_perhaps_of_each_area_it_stands_at(tmp_path, gate, perhaps):
    # two blocks 80 m apart, and a point 90 m from the first gate
    blocks = [(499_900, 500_100), (500_180, 500_380)]
    shapes = [shapely.box(west, 3_849_900, east, 3_850_100) for west, east in blocks]
    rows = {
        "编号": ["R1", "R2", "R3"],
        "小区名称": ["东方花园", "远园", "北苑"],
        "户数": [100] * 3,
        "类别": ["已建成"] * 3,
        "城乡": ["城镇"] * 3,
    }
    spots = [*shapes, shapely.Point(500_100, 3_850_190)]
    gpd.GeoDataFrame(rows, geometry=spots, crs=4548).to_file(tmp_path / "r.gpkg")
    written(
        tmp_path,
        WITH_GATES.replace('"r.csv"', '"r.gpkg"'),
        f="编号,设施名称,设施类型,状态,建筑面积,X,Y\nF1,甲站,日间照料中心,运营,15,500000,3850000\n",
        g=f"编号,小区名称,是否开放,X,Y\ng0,北苑,是,500100,3850190\ng1,毫不相干,是,{gate}\n",
    )
    gates = lc.read_study(tmp_path).gates.frame
    assert sorted(gates["residential"][gates["open_unknown"]]) == perhaps
    for name, open_, said in (("", "是", perhaps), ("毫不相干", "否", []), ("", "否", [])):
        row = f"g1,{name},{open_},{gate}\n"
        text = f"编号,小区名称,是否开放,X,Y\ng0,北苑,是,500100,3850190\n{row}"
        (tmp_path / "g.csv").write_text(text, encoding="utf-8")
        study = lc.read_study(tmp_path)
        gates = study.gates.frame
        assert sorted(gates["residential"][gates["open_unknown"]]) == said
        assert study.gates_perhaps_shut == tuple(perhaps if open_ == "否" else ())


@pytest.fixture
def walks(tmp_path):
    """Return a function from gates to R1's walk, to a station some metres along the street."""

    def read(gates, east=400):
        row = f"F1,甲站,日间照料中心,运营,15,{500_000 + east},3850000\n"
        facilities = f"编号,设施名称,设施类型,状态,建筑面积,X,Y\n{row}"
        written(tmp_path, STREETS, r=AREAS, f=facilities, g=GATES + gates)
        road = [shapely.LineString([(499_900, 3_850_000), (502_500, 3_850_000)])]
        streets = gpd.GeoDataFrame({"highway": ["residential"]}, geometry=road, crs=4548)
        streets.to_file(tmp_path / "s.gpkg")
        found = lc.assess(lc.read_study(tmp_path)).findings.set_index(["clause", "id"])
        return str(found.loc[("CX-05", "R1"), "status"])

    return read


def test_a_gate_that_is_shut_says_without_a_place_what_it_says_with_one(walks):
    assert walks("") == "compliant"  # from any side
    assert walks("g1,东方花园,否,500100,3850000\n") == "not_assessed"
    assert walks("g1,东方花园,否,,\n") == "not_assessed"
    assert walks("g1,东方花园,否,,\ng2,东方花园,是,500050,3850000\n") == "compliant"


@pytest.mark.one_in(4)
@pytest.mark.parametrize(
    ("gate", "more", "east"),
    [
        (",否", "", 400),
        ("东方花圆,否", "", 400),
        (",否", "g2,东方花园,是,500050,3850000\n", 400),
        ("东方花圆,否", "g2,东方花园,是,500050,3850000\n", 400),
        (",是", "", 1050),
        (",是", "g2,东方花园,是,500050,3850000\n", 1050),
        (",看情况", "", 400),
        (",看情况", "", 2000),
    ],
)
def test_a_walk_by_a_gate_of_nobody_known_is_firm_only_where_it_is_either_way(
    walks, gate, more, east
):
    # it is the area's, or somebody else's; of a word nobody knows it is open or shut besides
    open_ = gate.split(",")[1]
    words = ["是", "否"] if open_ == "看情况" else [open_]
    where = f"500150,3850000\n{more}"
    ways = {walks(f"g1,{of},{one},{where}", east) for one in words for of in ("东方花园", "远园")}
    assert walks(f"g1,{gate},{where}", east) == (ways.pop() if len(ways) == 1 else "not_assessed")


TWO = (
    "编号,小区名称,户数,类别,城乡,X,Y\n"
    "R1,东方花园,100,已建成,城镇,500000,3850000\n"
    "R2,东方花园,100,已建成,城镇,510000,3850000\n"
)


@pytest.mark.parametrize(
    ("x", "name", "owned", "somewhere"),
    [
        (500_050, "东方花园", {"g1": "R1"}, ()),
        (510_050, "东方花园", {"g1": "R2"}, ()),
        (505_000, "东方花园", {}, ("R1", "R2")),  # at none of them
        ("", "东方花园", {}, ("R1", "R2")),
    ],
)
def test_a_gate_of_a_name_of_two_is_of_the_one_it_stands_at(tmp_path, x, name, owned, somewhere):
    y = 3_850_000 if x else ""
    gates = f"编号,小区名称,是否开放,X,Y\ng1,{name},是,{x},{y}\n"
    rooms = (
        "编号,设施名称,设施类型,状态,建筑面积,X,Y\nF1,甲站,日间照料中心,运营,15,500900,3850000\n"
    )
    study, problems = check_study(written(tmp_path, WITH_GATES, r=TWO, f=rooms, g=gates))
    assert study.gates.frame["residential"].to_dict() == owned
    assert study.gates_somewhere == somewhere
    told = {str(p.code) for p in problems if p.layer == "gates" and p.column == "小区名称"}
    assert told == ({"name_read_as"} if owned else {"reference_unknown"} if x else set())


def test_the_id_of_a_row_that_may_be_another_again_is_told_by_no_place(tmp_path):
    twice = TWO.replace("510000", "500000")
    gates = "编号,小区名称,是否开放,X,Y\ng1,R2,是,500050,3850000\n"
    rooms = (
        "编号,设施名称,设施类型,状态,建筑面积,X,Y\nF1,甲站,日间照料中心,运营,15,500900,3850000\n"
    )
    study, _ = check_study(written(tmp_path, WITH_GATES, r=twice, f=rooms, g=gates))
    assert not len(study.gates.frame)
    assert study.gates_somewhere == ("R1", "R2")
