"""Close calls over a border, and at the end of a record's reach (20 m positional error)."""

import geopandas as gpd
import pytest
from shapely import box

import lifecircle as lc
from lifecircle.model.status import Flag

EAST = 3000.0
X0, Y0 = 500_000.0, 3_880_000.0
AREA = "编号,小区名称,户数,类别,城乡,X,Y\n"
ROOM = "编号,设施名称,设施类型,建筑面积,状态,服务小区,X,Y\n"
STUDY = """[study]
name = "县"
county = "{county}"
standard = "{standard}"
as_of = 2025-12-31
[layers.residential]
path = "r.csv"
crs = "EPSG:4548"
[layers.facilities]
path = "f.csv"
crs = "EPSG:4548"
"""


@pytest.fixture
def judge(tmp_path):
    """Return a function: areas and facilities at metres east → an Assessment."""

    def run(county, standard, areas, rooms, extra=""):
        lines = [f"{n},{n},400,已建成,城镇,{X0 + x},{Y0}\n" for n, x in areas.items()]
        (tmp_path / "r.csv").write_text(AREA + "".join(lines), encoding="utf-8")
        lines = [
            f"{n},{n},{kind},{m2},运营,{serves},{X0 + x},{Y0}\n" for n, x, kind, m2, serves in rooms
        ]
        (tmp_path / "f.csv").write_text(ROOM + "".join(lines), encoding="utf-8")
        units = {
            "行政区划代码": [f"{county}101", f"{county}102"],
            "名称": ["甲镇", "乙镇"],
        }
        west, east = (
            box(X0 - EAST, Y0 - EAST, X0, Y0 + EAST),
            box(X0, Y0 - EAST, X0 + EAST, Y0 + EAST),
        )
        gpd.GeoDataFrame(units, geometry=[west, east], crs=4548).to_file(tmp_path / "u.gpkg")
        text = STUDY.format(county=county, standard=standard) + extra
        (tmp_path / "study.toml").write_text(text, encoding="utf-8")
        return lc.assess(lc.read_study(tmp_path))

    return run


UNITS = '[layers.units]\npath = "u.gpkg"\ncomplete = true\n'
CENTRE = "镇综合养老服务中心"


def close(result, clause):
    rows = result.findings[result.findings["clause"] == clause]
    return {
        i for i, flags in zip(rows["id"], rows["flags"], strict=True) if Flag.CLOSE_CALL in flags
    }


@pytest.mark.parametrize(
    ("metres", "expected"),
    [
        ([0.5], {"101", "102"}),  # over the border it would be the other town's
        ([-20.0], {"101", "102"}),
        ([20.1], set()),
        # another stands well inside: the east keeps its centre, and the west still lacks one
        ([0.5, 500.0], {"101"}),
        # each has one of its own: nothing changes
        ([0.5, 500.0, -500.0], set()),
    ],
)
def test_a_centre_at_the_border_of_two_towns(judge, metres, expected):
    rooms = [(f"F{n}", x, CENTRE, 900, "") for n, x in enumerate(metres)]
    result = judge("370828", "jinxiang-2023", {"A": -900}, rooms, UNITS)
    assert close(result, "JX-13") == {f"370828{unit}" for unit in expected}
    layer = result.layers["close_calls"]
    told = layer[layer["clause"] == "JX-13"]
    assert sorted(told["name"]) == sorted({"101": "甲镇", "102": "乙镇"}[u] for u in expected)
    assert set(told["facility"]) <= {"F0"}


def test_a_centre_whose_unit_is_written_is_at_no_border(judge, tmp_path):
    judge("370828", "jinxiang-2023", {"A": -900}, [("F", 0.5, CENTRE, 900, "")], UNITS)
    path = tmp_path / "f.csv"
    head, row = path.read_text(encoding="utf-8").splitlines()
    path.write_text(f"{head},所属街道\n{row},370828102\n", encoding="utf-8")
    assert close(lc.assess(lc.read_study(tmp_path)), "JX-13") == set()


@pytest.mark.parametrize(
    ("metres", "status", "near"),
    [
        (979.0, "compliant", False),
        (981.0, "compliant", True),  # 400 x 15 / 100 = 60 m², all of them from 981 m away
        (1000.0, "compliant", True),
        (1019.0, "deficient", True),
        (1021.0, "deficient", False),
    ],
)
def test_a_record_that_ends_at_the_sharing_radius(judge, metres, status, near):
    areas = {"E": 0, "G": metres}
    result = judge("371721", "caoxian-2023", areas, [("F", 0, "日间照料中心", 300, "E；G")])
    row = result.findings.set_index(["clause", "id"]).loc[("CX-03", "G")]
    assert row["status"] == status
    assert close(result, "CX-03") == ({"G"} if near else set())


def test_what_it_has_beside_the_record_keeps_an_area_from_a_close_call(judge):
    areas = {"E": 0, "G": 990}
    rooms = [("F", 0, "日间照料中心", 300, "E；G"), ("H", 990, "日间照料中心", 100, "")]
    assert close(judge("371721", "caoxian-2023", areas, rooms), "CX-03") == set()
