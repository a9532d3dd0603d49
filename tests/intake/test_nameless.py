"""Rows without a name that are places all the same."""

from __future__ import annotations

import pytest
from tests.two_ledgers import STUDY, written

import lifecircle as lc
from lifecircle.model.problem import ProblemCode as P

AREAS = "编号,小区名称,户数,类别,城乡,X,Y\nR1,东园,500,已建成,城镇,500000,3850000\n"
ROOMS = "编号,设施名称,设施类型,状态,建筑面积,X,Y\nF1,甲站,日间照料中心,运营,75,500010,3850000\n"


def judged(folder, areas="", rooms=""):
    """Return the study, and the status of the compliance rate."""
    path = written(folder, STUDY, r=AREAS + areas, f=ROOMS + rooms) / "study.toml"
    study = lc.read_study(path)
    rate = {one.id: str(one.status) for one in lc.assess(study).clauses}["CX-07"]
    return study, rate


@pytest.mark.parametrize(("own", "called"), [("R2", "R2"), ("", "#3")])
def test_an_estate_without_a_name_is_in_the_rate(tmp_path, own, called):
    study, rate = judged(tmp_path, f"{own},,500,已建成,城镇,509000,3850000\n")
    assert rate == "deficient"  # 75 m² are asked of it, and there are none
    assert study.residential.frame["name"].tolist() == ["东园", called]
    assert [p.params["called"] for p in study.problems if p.code is P.NAMED_BY_ID] == [called]


def test_rooms_without_a_name_count(tmp_path):
    estate = "R2,西园,500,已建成,城镇,509000,3850000\n"
    _, rate = judged(tmp_path, estate, "F2,,日间照料中心,运营,75,509010,3850000\n")
    assert rate == "compliant"


def test_a_row_of_nothing_is_no_place(tmp_path):
    study, rate = judged(tmp_path, "R2,,,,,509000,3850000\n")
    assert (len(study.residential.frame), rate) == (1, "compliant")
