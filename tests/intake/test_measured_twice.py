"""Two rows of one name and kind in one place with unequal m²: measured twice, or two rooms."""

from __future__ import annotations

from tests.two_ledgers import STUDY, written

import lifecircle as lc

X, Y = 500_000, 3_850_000
CASES = [
    # the second of 100 m² at 东苑站: what it says otherwise, how far east → certain and at most
    ({}, 0, (100, 210)),
    ({}, 15, (100, 210)),
    ({}, 300, (150, 150)),  # 100 of its own, and by record up to the 150 that are asked
    ({"设施名称": "西苑站"}, 0, (210, 210)),
    ({"设施类型": "社区养老服务站", "床位数": ""}, 0, (210, 210)),
    ({"设施类型": "社区养老服务站"}, 0, (100, 210)),  # with the beds of the other
    ({"详细地址": "二楼"}, 0, (210, 210)),
    ({"床位数": "20"}, 0, (210, 210)),
]


def test_rooms_of_one_name_in_one_place_count_once_for_certain(tmp_path):
    homes = "编号,小区名称,户数,类别,城乡,X,Y\n"
    header = ["编号", "设施名称", "设施类型", "状态", "建筑面积", "详细地址", "床位数"]
    rooms = ",".join([*header, "服务小区", "X", "Y"]) + "\n"
    for n, (other, east, _) in enumerate(CASES):
        at = X + 3000 * n
        homes += f"R{n},园{n}号,1000,已建成,城镇,{at},{Y}\n"
        plain = {"设施名称": f"东苑站{n}", "设施类型": "日间照料中心", "状态": "运营"}
        first = {"编号": f"F{n}", "建筑面积": "100", "详细地址": "一楼", "床位数": "10"}
        second = first | {"编号": f"G{n}", "建筑面积": "110"} | other
        for row, x in ((first, at), (second, at + east)):
            told = plain | row
            rooms += ",".join([*(told[name] for name in header), f"R{n}", str(x), str(Y)]) + "\n"
    found = lc.assess(lc.read_study(written(tmp_path, STUDY, r=homes, f=rooms))).findings
    rows = found[found["clause"] == "CX-03"].set_index("id")
    told = {n: (rows.at[f"R{n}", "low"], rows.at[f"R{n}", "high"]) for n in range(len(CASES))}
    assert told == {n: ends for n, (*_, ends) in enumerate(CASES)}
