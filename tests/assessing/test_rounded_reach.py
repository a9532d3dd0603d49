"""Radius between positions of three decimals: firm only beyond what both ends may be off.

0.001° of latitude are 111 m, and a place of three decimals lies up to 73 m off here (56 m north,
46 m east).
"""

from __future__ import annotations

import pytest
from tests.two_ledgers import STUDY, written

import lifecircle as lc

OF_METRES = 'crs = "EPSG:4548"\n'
IN_DEGREES = STUDY.replace(OF_METRES, "", 1).replace(OF_METRES, 'coordinates = "cgcs2000"\n')
MET, SHORT, OPEN = "compliant", "deficient", "not_assessed"
STEPS = [7, 8, 9, 10, 11]
"""777, 888, 999, 1110 and 1221 m, in thousandths of a degree."""


def judged(folder, homes, rooms):
    """Judge twenty areas 4 km apart, each with a room so many steps north, to so many decimals."""
    r, f = (
        "编号,小区名称,户数,类别,城乡,经度,纬度\n",
        "编号,设施名称,设施类型,状态,建筑面积,经度,纬度\n",
    )

    def at(lon, lat, decimals):
        return f"{lon:.{decimals}f},{lat:.{decimals}f}{'1' * (decimals > 3)}"

    for n in range(20):
        lon, lat = 115.343 + 0.05 * (n % 10), 34.623 + 0.1 * (n // 10)
        r += f"R{n},园{n}号,500,已建成,城镇,{at(lon, lat, homes)}\n"
        north = lat + 0.001 * STEPS[n % len(STEPS)]
        f += f"F{n},站{n},日间照料中心,运营,80,{at(lon, north, rooms)}\n"
    found = lc.assess(lc.read_study(written(folder, IN_DEGREES, r=r, f=f)))
    rows = found.findings[found.findings["clause"] == "CX-06"].set_index("id")
    return found, rows.loc[[f"R{n}" for n in range(len(STEPS))]]


@pytest.mark.parametrize(
    ("homes", "rooms", "status"),
    [
        (3, 3, [MET, OPEN, OPEN, OPEN, SHORT]),
        (6, 3, [MET, MET, OPEN, SHORT, SHORT]),
        (3, 6, [MET, MET, OPEN, SHORT, SHORT]),
        (6, 6, [MET, MET, MET, SHORT, SHORT]),
    ],
)
def test_a_radius_is_firm_beyond_the_rounding_alone(tmp_path, homes, rooms, status):
    found, rows = judged(tmp_path, homes, rooms)
    assert list(map(str, rows["status"])) == status
    off = 73 * ((homes < 4) + (rooms < 4))
    assert (rows["high"] - rows["low"]).tolist() == pytest.approx([2 * off] * 5)
    open_ = [reason for reason, told in zip(rows["reason"], status, strict=True) if told == OPEN]
    assert {str(reason.code) for reason in open_} <= {"reach_rounded"}
    reach = found.reach[found.reach["reach_group"] == "community"]
    reach = reach.set_index("residential").loc[rows.index]
    assert list(map(str, reach["radius_status"])) == status
    assert reach["radius_m"].tolist() == pytest.approx([777, 888, 999, 1110, 1221], abs=2)
