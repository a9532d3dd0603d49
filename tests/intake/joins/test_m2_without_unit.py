"""m² in a record without their unit, and parts of estates numbered in another way. By hand.

Two existing estates of 500 households need 75 m² each; the rooms have 150.
"""

from __future__ import annotations

import pytest
from tests.two_ledgers import STUDY, written

import lifecircle as lc

MET, SHORT, OPEN = "compliant", "deficient", "not_assessed"


def judged(folder, record, names=("东园", "西园"), *, m2="150", community="", homes=500):
    """Return how two estates 300 m apart meet CX-03, the rooms beside the first."""
    areas = "编号,小区名称,户数,类别,城乡,X,Y\n"
    for number, name in enumerate(names, 1):
        areas += f"R{number},{name},{homes},已建成,城镇,{500000 + 300 * number},3850000\n"
    rooms = "编号,设施名称,设施类型,状态,建筑面积,社区服务面积,服务小区,X,Y\n"
    rooms += f'F1,便民站,日间照料中心,运营,{m2},{community},"{record}",500330,3850000\n'
    found = lc.assess(lc.read_study(written(folder, STUDY, r=areas, f=rooms))).findings
    found = found[found["clause"] == "CX-03"].set_index("id")["status"]
    return [str(found[f"R{number}"]) for number in range(1, len(names) + 1)]


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ("东园(60)、西园(90)", [SHORT, MET]),
        ("东园（60）", [SHORT, SHORT]),  # all 150 were its
        ("东园100，西园50", [MET, SHORT]),
        ("东园90；西园约60平米", [MET, SHORT]),
        ("东园60㎡、西园90㎡", [SHORT, MET]),
        ("东园(500)、西园(800)", [OPEN, OPEN]),  # more than there are: households, perhaps
        ("东园（500户）", [MET, SHORT]),
    ],
)
def test_a_number_behind_a_name_is_its_m2(tmp_path, record, expected):
    assert judged(tmp_path, record) == expected


@pytest.mark.parametrize(
    ("name", "other", "record"),
    [
        ("花园1期", "花园2期", "花园一期"),
        ("花园一期", "花园二期", "花园1期"),
        ("东园二区", "东园三区", "东园2区"),
    ],
)
def test_a_part_is_one_in_digits_and_in_words(tmp_path, name, other, record):
    assert judged(tmp_path, record, (name, other)) == [MET, SHORT]


@pytest.mark.parametrize(("homes", "expected"), [(500, OPEN), (600, OPEN), (900, SHORT)])
def test_a_part_larger_than_its_whole_leaves_both_open(tmp_path, homes, expected):
    # 80 m² of which 120 serve: 75, 90 or 135 are asked
    told = judged(tmp_path, "", ("东园",), m2="80", community="120", homes=homes)
    assert told == [expected]
