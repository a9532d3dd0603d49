"""Rooms and areas of three decimals: whose they are, and whom they serve, holds only beyond those.

0.001° of latitude are 111 m, and a place of three decimals lies up to 73 m off here. Areas are
points with 500 households (75 m²), 4 km apart, each with rooms of 80 m² so many metres north.
"""

from __future__ import annotations

import pytest
from tests.two_ledgers import STUDY, written

import lifecircle as lc

OF_METRES = 'crs = "EPSG:4548"\n'
IN_DEGREES = STUDY.replace(OF_METRES, "", 1).replace(OF_METRES, 'coordinates = "cgcs2000"\n')
STEP = 110.945
CASES = [
    # decimals of area and rooms, metres, whether a record names the area; 1,000 m are in reach
    (7, 7, 990, "record", "+"),
    (7, 7, 1010, "record", "-"),
    (7, 3, 8 * STEP, "record", "+"),  # 887 + 73
    (7, 3, 9 * STEP, "record", "?"),  # 999
    (7, 3, 10 * STEP, "record", "-"),  # 1110 - 73
    (3, 7, 920, "record", "+"),
    (3, 7, 930, "record", "?"),
    (3, 7, 1070, "record", "?"),
    (3, 7, 1080, "record", "-"),
    (3, 3, 7 * STEP, "record", "+"),  # 777 + 146
    (3, 3, 8 * STEP, "record", "?"),
    (3, 3, 10 * STEP, "record", "?"),
    (3, 3, 11 * STEP, "record", "-"),  # 1221 - 146
    # without a record: within 50 m of a point its own, within 200 m perhaps
    (7, 7, 30, "", "+"),
    (7, 7, 190, "", "?"),
    (7, 7, 210, "", "-"),
    (3, 7, 0, "", "?"),
    (3, 7, 45, "", "?"),
    (3, 3, 0, "", "?"),
    (3, 7, 270, "", "?"),
    (3, 7, 280, "", "-"),
    (7, 3, 2 * STEP, "", "?"),  # 222
    (7, 3, 3 * STEP, "", "-"),  # 333 - 73
    (3, 3, 3 * STEP, "", "?"),  # 333 - 146
    (3, 3, 4 * STEP, "", "-"),
    # named after the area they are its own, as far as such a name tells
    (3, 7, 45, "name", "+"),
    (7, 3, 0, "name", "+"),
]
PLAIN = [(7, 7, 500, "record", "+")] * 14
SIGNS = {"compliant": "+", "deficient": "-", "not_assessed": "?"}


def at(lon, lat, decimals):
    fine = decimals > 3
    return f"{lon + 3e-7 * fine:.{decimals}f},{lat:.{decimals}f}"


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """Return the findings of every case."""
    r, f = (
        "编号,小区名称,户数,类别,城乡,经度,纬度\n",
        "编号,设施名称,设施类型,状态,建筑面积,服务小区,经度,纬度\n",
    )
    for n, (home, room, metres, told_by, _) in enumerate([*CASES, *PLAIN]):
        lon, lat, called = 115.343 + 0.05 * (n % 8), 34.623 + 0.05 * (n // 8), f"园{n + 100}号"
        r += f"R{n},{called},500,已建成,城镇,{at(lon, lat, home)}\n"
        north = lat + metres / (STEP * 1000)
        name = f"{called}小区养老站" if told_by == "name" else f"和睦站{chr(0x4E00 + 5 * n)}"
        serves = called if told_by == "record" else ""
        f += f"F{n},{name},日间照料中心,运营,80,{serves},{at(lon, north, room)}\n"
    folder = tmp_path_factory.mktemp("rounded")
    found = lc.assess(lc.read_study(written(folder, IN_DEGREES, r=r, f=f)))
    return found.findings[found.findings["clause"] == "CX-03"].set_index("id")


@pytest.mark.parametrize("n", range(len(CASES)), ids=[str(case[:4]) for case in CASES])
def test_what_is_firm_is_so_wherever_they_lie(told, n):
    home, room, metres, told_by, sign = CASES[n]
    row = told.loc[f"R{n}"]
    assert SIGNS[str(row["status"])] == sign
    if (told_by, sign) == ("record", "?"):
        off = 73 * ((home < 4) + (room < 4))
        assert row["reason"].code == "sharing_rounded"
        ends = row["reason"].params
        assert ends["near_m"] == pytest.approx(metres - off, abs=2)
        assert ends["distance_m"] == pytest.approx(metres + off, abs=2)
