"""120 m² of 社区服务面积 in 80 m² of 建筑面积: one of the two is wrong, and nobody knows which."""

from __future__ import annotations

from tests.many_worlds import judged
from tests.two_ledgers import STUDY, written

import lifecircle as lc

CASES = [
    # households → 15 m² each hundred: whether any, all or some of 0 to 120 m² are enough
    (300, "not_assessed"),  # 45
    (800, "not_assessed"),  # 120
    (801, "deficient"),  # 120.15
]


def test_neither_figure_is_known_and_the_ledger_keeps_its_own(tmp_path):
    homes = "编号,小区名称,户数,类别,城乡,X,Y\n"
    rooms = "编号,设施名称,设施类型,状态,建筑面积,社区服务面积,X,Y\n"
    for n, (households, _) in enumerate(CASES):
        at = f"{500_000 + 3000 * n},3850000"
        homes += f"R{n},园{n}号,{households},已建成,城镇,{at}\n"
        rooms += f"F{n},站{n},日间照料中心,运营,80,120,{at}\n"
    rooms += "F9,远站,日间照料中心,运营,80,60,540000,3850000\n"
    study = lc.read_study(written(tmp_path, STUDY, r=homes, f=rooms))
    assert (*study.facilities.frame["floor_area_m2"],) == (80, 80, 80, 80)
    found = lc.assess(study).findings
    rows = found[found["clause"] == "CX-03"].set_index("id")
    for n, (_, status) in enumerate(CASES):
        row = rows.loc[f"R{n}"]
        assert (str(row["status"]), row["low"], row["high"]) == (status, 0, 120)


def test_a_part_of_such_rooms_may_be_as_large_as_the_larger_figure(tmp_path):
    """733 households ask for 109.95 m², more than 100 and less than 120; 833 for 124.95."""
    rooms = {"建筑面积": "100", "社区服务面积": "120"}
    records = ["{0}:75以上", "{0}:不少于75", "{0}"]
    worlds = [
        ([{"户数": homes}], [rooms | {"服务小区": record}])
        for homes in ("733", "833")
        for record in records
    ]
    told, _ = judged(tmp_path, worlds)
    assert told == [["not_assessed"]] * 3 + [["deficient"]] * 3
