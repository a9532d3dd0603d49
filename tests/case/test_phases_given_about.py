"""Phases of one project of which the figures are round: judged again with all that they read."""

from __future__ import annotations

from tests.two_ledgers import STUDY, written

import lifecircle as lc

STUDY_JX = STUDY.replace("371721", "370828").replace("caoxian", "jinxiang")
AREAS = """编号,小区名称,项目编号,户数,类别,城乡,X,Y
R1,和苑一期,P1,约300,已建成,城镇,500000,3850000
R2,和苑二期,P1,约300,,城镇,500300,3850000
R3,南园,,500,已建成,城镇,505000,3850000
R4,北园,,500,已建成,城镇,509000,3850000
R5,西园,,500,已建成,城镇,519000,3850000
"""
ROOMS = """编号,设施名称,设施类型,状态,社区服务面积,X,Y
F1,和苑站,日间照料中心,运营,210,500000,3850000
F2,南园站,日间照料中心,运营,100,505000,3850000
"""


def test_the_single_minimum_of_phases_that_may_be_one_is_judged_beside_all_areas(tmp_path):
    """JX-06: 20 m² per 100 households: 100 for 南园. New, 二期 has no place; old, none is asked."""
    found = lc.assess(lc.read_study(written(tmp_path, STUDY_JX, r=AREAS, f=ROOMS))).findings
    told = {(row.clause, row.id): str(row.status) for row in found.itertuples()}
    assert told["JX-06", "R3"] == "compliant"
    assert told["JX-06", "R4"] == "deficient"
    assert told["JX-04", "R2"] == "not_applicable"
