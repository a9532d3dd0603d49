"""Gates and plots whose coordinates were rounded: what they decide is not certain (by hand).

0.0005° are 55.66 m of latitude, and at 34.8° 45.7 m of longitude: a corner 72.03 m off, told as 73.
"""

from __future__ import annotations

import math

import pytest
from tests.two_ledgers import STUDY, written

import lifecircle as lc
from lifecircle.model.problem import ProblemCode

OF_METRES = 'crs = "EPSG:4548"\n'
IN_DEGREES = STUDY.replace(OF_METRES, "", 1).replace(OF_METRES, 'coordinates = "cgcs2000"\n')
IN_DEGREES += '[layers.gates]\npath = "g.csv"\ncoordinates = "cgcs2000"\n'
MET, SHORT, OPEN = "compliant", "deficient", "not_assessed"
GATES = [(115.512, 34.8), (115.566, 34.801), (115.623, 34.812), (115.678, 34.823)]
METRE = 1 / 111_320 / math.cos(math.radians(34.81))
FINE = (1e-6, 2e-6)
"""What makes a gate one of six decimals, and moves it by a quarter of a metre."""


def radii(folder, far, *, fine, word="是"):
    """Judge estates left by one gate each, with a station so many metres east of the gate."""
    homes, gates = "编号,小区名称,户数,类别,城乡,经度,纬度\n", "编号,小区,是否开放,经度,纬度\n"
    rooms = "编号,设施名称,设施类型,状态,建筑面积,经度,纬度\n"
    for n, ((lon, lat), metres) in enumerate(zip(GATES, far, strict=True)):
        east, north = FINE if n in fine else (0.0, 0.0)
        homes += f"R{n},园{n}号,500,已建成,城镇,{lon + 1.23e-4:.6f},{lat + 1.1e-4:.6f}\n"
        gates += f"G{n},R{n},{word},{lon + east:.6f},{lat + north:.6f}\n"
        rooms += f"F{n},站{n},日间照料中心,运营,80,{lon + metres * METRE:.7f},{lat:.7f}\n"
    rows = [line.split(",") for line in gates.splitlines()]
    gates = "\n".join(",".join([*r[:3], *(_bare(one) for one in r[3:])]) for r in rows) + "\n"
    found = lc.assess(lc.read_study(written(folder, IN_DEGREES, r=homes, f=rooms, g=gates)))
    told = found.findings.query("clause == 'CX-06'")
    return list(map(str, told["status"])), told


def _bare(text):
    """Return a number without the noughts behind it, as Excel writes it."""
    return text.rstrip("0") if "." in text else text


@pytest.mark.parametrize("fine", [(1, 2, 3), (2, 3), ()])
def test_what_a_rounded_gate_decides_within_its_rounding_is_open(tmp_path, fine):
    """990 m as written: 917 to 1063. However many of the gates are rounded."""
    status, told = radii(tmp_path, (990, 990, 920, 1080), fine=fine)
    wanted = [OPEN, OPEN if 1 not in fine else MET, MET, SHORT]
    assert status == wanted
    row = told.iloc[0]
    assert [row["low"], row["high"]] == pytest.approx([917, 1063], abs=2)


def test_clean_gates_decide(tmp_path):
    assert radii(tmp_path, (990, 990, 920, 1010), fine=(0, 1, 2, 3))[0] == [MET, MET, MET, SHORT]


def test_rounded_gates_are_told(tmp_path):
    radii(tmp_path, (990, 990, 920, 1080), fine=(2, 3))
    told = [
        (p.layer, p.params["count"], p.params["unknown"])
        for p in lc.read_study(tmp_path).problems
        if p.code is ProblemCode.POSITION_COARSE
    ]
    assert told == [("gates", 2, 0)]
