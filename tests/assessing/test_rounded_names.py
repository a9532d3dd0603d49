"""Rooms of three decimals by an estate: firm where their name or record is the estate's own."""

from __future__ import annotations

from tests.two_ledgers import in_degrees

import lifecircle as lc

UP = 0.00027
"""Degrees of latitude for 30 m: as read within the 50 m of own rooms, and perhaps beyond."""
CASES = [
    # estate, the rooms' name, 服务小区 → whether they are the estate's for certain
    ("金河湾", "人民社区养老服务站", "", False),  # of a community, although there is a 人民小区
    ("银河湾", "便民养老服务站", "", False),
    ("青河湾", "人民养老服务站", "", False),  # or a brand's: 人民小区 is not here
    ("白河湾", "人民小区对面养老服务站", "", False),
    ("红河湾", "红河湾社区养老服务站", "", False),
    ("紫河湾", "紫河湾养老服务站", "", True),
    ("绿河湾小区", "绿河湾小区日间照料中心", "", True),
    ("黄河湾", "便民养老服务站", "黄河湾", True),
]


def test_only_a_name_that_is_plainly_an_estates_settles_whose_rounded_rooms_are(tmp_path):
    homes = [("P", "人民小区", 1000, "已建成", "城镇", "", 115.5301, 34.9001)]
    rooms = []
    for n, (estate, name, serves, _) in enumerate(CASES):
        lon, lat = 115.512, round(34.812 + 0.03 * n, 3)
        homes.append((f"R{n}", estate, 1000, "已建成", "城镇", "", 115.51201, lat + UP))
        rooms.append((f"F{n}", name, "社区养老服务站", "运营", 150, "", serves, lon, lat))
    found = lc.assess(lc.read_study(in_degrees(tmp_path, homes, rooms))).findings
    rows = found[found["clause"] == "CX-03"].set_index("id")
    told = {estate: str(rows.at[f"R{n}", "status"]) for n, (estate, *_) in enumerate(CASES)}
    assert told == {estate: "compliant" if firm else "not_assessed" for estate, *_, firm in CASES}
