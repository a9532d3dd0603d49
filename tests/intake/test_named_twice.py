"""What is said of the second row of an estate listed twice may be said of the first: it is one.

Every verdict that is firm holds if the two rows are one estate, and if they are two.
"""

from __future__ import annotations

import os

import pytest
from tests.two_ledgers import STUDY, WITH_EXEMPTIONS, WITH_GATES, written

import lifecircle as lc
from lifecircle.model.problem import ProblemCode as P

AREAS = "编号,小区名称,户数,类别,城乡,X,Y\n"
ROOMS = "编号,设施名称,设施类型,状态,建筑面积,服务小区,X,Y\n"
OPEN, MET, SHORT, EXEMPT = "not_assessed", "compliant", "deficient", "exempt"
WITH_WALKS = STUDY + '[layers.travel]\npath = "t.csv"\nunit = "m"\nlimit = 2000\n'


def area(i, x, name="东园"):
    return f"{i},{name},500,已建成,城镇,{x},3850000\n"


def judged(folder, areas, served, x, m2=75, *, study=STUDY, clause="CX-03", **tables):
    """Return the verdict of every area, 75 m² asked of each, and what is told of the cells."""
    folder.mkdir(exist_ok=True)
    room = f"F1,甲站,日间照料中心,运营,{m2},{served},{x},{3850000 if x else ''}\n"
    files = {"r": AREAS + "".join(areas), "f": ROOMS + room, **tables}
    result = lc.assess(lc.read_study(written(folder, study, **files)))
    found = result.findings[result.findings["clause"] == clause]
    return {row.id: str(row.status) for row in found.itertuples()}, result


TWICE = [area("R1", 500_000), area("R2", 500_000)]
BESIDE = [area("R1", 500_000), area("R2", 500_030)]


@pytest.mark.parametrize(
    ("served", "x", "m2", "first"),
    [
        ("R2", 500_500, 75, OPEN),  # the estate's 75 m², or the other estate's
        ("R2", "", 75, OPEN),
        ("R1", 500_500, 75, MET),
        ("R1；R2", 500_500, 75, OPEN),  # 75 m² of one, or for two that need 75 each
        ("R1；R2", 500_500, 150, MET),
        ("R1:40；R2:35", 500_500, 75, OPEN),  # 75 of one, 40 of two
        ("R2；西园", 500_005, 75, OPEN),  # it stands by both rows
        ("东园", 500_500, 75, OPEN),
    ],
)
def test_a_record_of_the_second_row(tmp_path, served, x, m2, first):
    found, result = judged(tmp_path, [*TWICE, area("R3", 503_000, "西园")], served, x, m2)
    assert (found["R1"], found["R2"]) == (first, OPEN)
    told = [p for p in result.problems if p.code is P.REFERENCE_UNKNOWN]
    assert {p.params["nearest"] for p in told} <= {"R1、R2"}


@pytest.mark.parametrize(("x", "first"), [(500_005, MET), (500_035, OPEN)])
def test_rooms_by_the_second_row_are_the_estate_s_if_it_is_one(tmp_path, x, first):
    """By the row 30 m off they are the second's, if there is a second; by the first its own."""
    assert judged(tmp_path, BESIDE, "", x)[0] == {"R1": first, "R2": OPEN}


def test_an_exemption_of_the_second_row_is_perhaps_the_first_s(tmp_path):
    for said, first in (("R2", OPEN), ("R1", EXEMPT)):
        exempt = f"编号,条款,理由,依据\n{said},CX-03,一事一议,纪要1号\n"
        found, _ = judged(tmp_path, TWICE, "西园", 505_000, study=WITH_EXEMPTIONS, e=exempt)
        assert found["R1"] == first


def test_a_gate_of_the_second_row_is_perhaps_the_first_s(tmp_path):
    """1050 m from the gate, 990 from the middle: 1000 m is met if the gate is the other estate's.

    (Of a gate that is perhaps theirs nobody knows where people leave.)
    """
    for owner, first in (("R2", OPEN), ("R1", SHORT)):
        gates = f"编号,所属小区,是否开放,X,Y\nG1,{owner},是,499940,3850000\n"
        found, _ = judged(tmp_path, TWICE, "", 500_990, study=WITH_GATES, clause="CX-06", g=gates)
        assert found["R1"] == first


def test_a_walk_of_the_second_row_is_perhaps_the_first_s(tmp_path):
    for named, first in (("R2", OPEN), ("R1", MET)):
        walks = f"小区编号,设施编号,距离\n{named},F1,700\n"
        found, _ = judged(tmp_path, TWICE, "", 500_600, study=WITH_WALKS, clause="CX-05", t=walks)
        assert found["R1"] == first


DRAWN = [
    (areas, served, x, m2)
    for areas in (TWICE, BESIDE)
    for x in (500_000, 500_035, 500_300, "")
    for served in ("", "R1", "R2", "R1；R2", "R2；R3", "R1:40；R2:35", "R2:75；R3:75")
    for m2 in (75, 150)
]


@pytest.mark.one_in(4)
@pytest.mark.parametrize(
    ("areas", "served", "x", "m2"), DRAWN if os.environ.get("LARGE") else DRAWN[3::19]
)
def test_what_is_firm_holds_for_one_estate_and_for_two(tmp_path, areas, served, x, m2):
    third = area("R3", 500_400, "西园")
    said, result = judged(tmp_path / "a", [*areas, third], served, x, m2)
    one, first = judged(tmp_path / "b", [areas[0], third], served.replace("R2", "R1"), x, m2)
    two, second = judged(
        tmp_path / "c", [areas[0], areas[1].replace("东园", "南园"), third], served, x, m2
    )
    for name in ("R1", "R3"):
        if said[name] != OPEN:
            assert {one[name], two[name]} == {said[name]}
    rates = [
        {c.id: c for c in found.clauses}["CX-07"].rates[0] for found in (result, first, second)
    ]
    assert rates[0].low <= min(rates[1].low, rates[2].low) + 1e-9
    assert rates[0].high >= max(rates[1].high, rates[2].high) - 1e-9
