"""A rate of areas that are perhaps no subjects at all: no verdict for certain.

500 existing households of Caoxian need 75 m²; 城乡 of A is blank, B is urban. A may be outside
CX-03, and then CX-07 is about nobody (不适用): it was 达标 for certain, 100 % (1/1), beside a CX-03
that is 待核实. Where B counts and meets it, A changes nothing either way.
"""

from __future__ import annotations

import pytest
from tests.two_ledgers import STUDY, written

import lifecircle as lc

HOMES = "编号,小区名称,户数,类别,城乡,阶段,X,Y\n{}"
ROOMS = """编号,设施名称,设施类型,状态,建筑面积,服务小区,X,Y
F1,甲站,社区养老服务站,运营,{a},甲苑,500010,3850000
F2,乙站,社区养老服务站,运营,{b},乙苑,504010,3850000
"""
A = "A,甲苑,500,已建成,,入住,500000,3850000\n"
B = "B,乙苑,500,已建成,城镇,入住,504000,3850000\n"


@pytest.mark.parametrize(
    ("homes", "a", "b", "expected"),
    [
        (A, 80, 80, "not_assessed"),  # 100 % or about nobody
        (A, 60, 80, "not_assessed"),  # 0 % or about nobody
        (A + B, 80, 80, "compliant"),  # 2/2 or 1/1
        (A + B, 60, 80, "not_assessed"),  # 1/2 or 1/1
        (A + B, 80, 60, "deficient"),  # 1/2 or 0/1
    ],
)
def test_what_is_perhaps_about_nobody(tmp_path, homes, a, b, expected):
    folder = written(tmp_path, STUDY, r=HOMES.format(homes), f=ROOMS.format(a=a, b=b))
    result = lc.assess(lc.read_study(folder / "study.toml"))
    found = {one.id: str(one.status) for one in result.clauses}
    assert (found["CX-03"], found["CX-07"]) == (expected, expected)
