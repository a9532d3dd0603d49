"""Codes that begin anew on every sheet or file: whose is a bare 1, and are two rows one place?"""

from __future__ import annotations

import pytest
from tests.two_ledgers import STUDY, written

import lifecircle as lc
from lifecircle.model.problem import ProblemCode as P

AREAS = "编号,小区名称,户数,类别,城乡,所属镇街,X,Y\n"
ROOMS = "编号,设施名称,设施类型,状态,建筑面积,服务小区,所属镇街,X,Y\n"
SPLIT = STUDY.replace('"r.csv"', '["曹城街道小区.csv", "磐石街道小区.csv"]')
BY_TOWN = SPLIT.replace('"f.csv"', '["曹城街道设施.csv", "磐石街道设施.csv"]')
MET, SHORT, OPEN = "compliant", "deficient", "not_assessed"


def area(i, name, x, households=500, town=""):
    return f"{i},{name},{households},已建成,城镇,{town},{x},3850000\n"


def room(i, serves, x, *, name=None, town=""):
    """Return a station of 75 m², as 500 households ask for, which stands 300 m from the area."""
    return f"{i},{name or i + '站'},日间照料中心,运营,75,{serves},{town},{x},3850000\n"


TOWNS = {
    "曹城街道小区": AREAS + area(1, "东园", 500_000) + area(2, "西园", 503_000),
    "磐石街道小区": AREAS + area(1, "南园", 510_000) + area(2, "北园", 513_000),
}


def verdicts(folder, study, **files):
    result = lc.assess(lc.read_study(written(folder, study, **files)))
    found = result.findings.query("clause == 'CX-03'")
    return {row.id: str(row.status) for row in found.itertuples()}, result.problems


def test_a_code_is_that_of_the_sheet_of_its_town(tmp_path):
    """One station in each town for its 1: the 2 of neither town has rooms."""
    rooms = {
        "曹城街道设施": ROOMS + room("F1", "1", 500_300),
        "磐石街道设施": ROOMS + room("F9", "1", 510_300),
    }
    found, problems = verdicts(tmp_path, BY_TOWN, **TOWNS, **rooms)
    assert found == {
        "曹城街道小区-1": MET,
        "曹城街道小区-2": SHORT,
        "磐石街道小区-1": MET,
        "磐石街道小区-2": SHORT,
    }
    assert not [p for p in problems if p.code is P.REFERENCE_UNKNOWN]


@pytest.mark.parametrize(
    ("serves", "town", "x", "expected"),
    [
        ("1", "曹城街道", 500_300, (MET, SHORT)),  # the town of the row
        ("1", "磐石街道", 510_300, (SHORT, MET)),
        ("1:75", "磐石街道", 510_300, (SHORT, MET)),
        *((one, "曹城街道", 500_300, (MET, SHORT)) for one in ("01", "1.0", "1号", "1（75㎡）")),
        ("1", "", 500_010, (MET, SHORT)),  # stands at one of them
        ("1", "", 500_300, (OPEN, SHORT)),  # nothing tells; the other is out of reach
        ("01", "", 500_300, (OPEN, SHORT)),
        ("南园", "", 510_300, (SHORT, MET)),  # a name that one has
        ("3", "曹城街道", 505_000, (SHORT, SHORT)),  # nobody's
    ],
)
def test_a_code_in_one_list_of_all_towns(tmp_path, serves, town, x, expected):
    rooms = ROOMS + room("F1", serves, x, town=town)
    found, _ = verdicts(tmp_path, SPLIT, **TOWNS, f=rooms)
    assert (found["曹城街道小区-1"], found["磐石街道小区-1"]) == expected


@pytest.mark.parametrize(
    ("other", "count"),
    [
        (area(1, "阳光花园", 510_000), 2),  # 10 km off, on another town's sheet
        (area(1, "阳光花园", 500_000), 1),  # a row on two sheets
        (area(1, "阳光花园", 500_300), 1),  # may be the same, typed anew
        (area(1, "阳光花园", 500_000, town="磐石街道"), 2),
    ],
)
def test_estates_of_one_name_in_two_towns(tmp_path, other, count):
    town = "曹城街道" if "磐石" in other else ""
    files = {
        "曹城街道小区": AREAS + area(1, "阳光花园", 500_000, town=town),
        "磐石街道小区": AREAS + other,
    }
    found, problems = verdicts(tmp_path, SPLIT, **files, f=ROOMS + room("F1", "", 500_010))
    assert len(found) == count
    assert any(p.code is P.ID_DUPLICATE or p.code is P.ID_DISPUTED for p in problems) == (count < 2)


def test_a_gate_is_of_its_own_sheet(tmp_path):
    gates = '[layers.gates]\npath = ["曹城街道门.csv", "磐石街道门.csv"]\ncrs = "EPSG:4548"\n'
    head = "编号,所属小区,X,Y\n"
    files = {
        "曹城街道门": head + "G1,1,500010,3850000\n",
        "磐石街道门": head + "G2,1,510010,3850000\n",
    }
    written(tmp_path, SPLIT + gates, **TOWNS, **files, f=ROOMS + room("F1", "", 500_010))
    frame = lc.read_study(tmp_path).gates.frame
    assert frame["residential"].to_dict() == {"G1": "曹城街道小区-1", "G2": "磐石街道小区-1"}
