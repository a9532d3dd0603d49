"""A walk of a travel table is no shorter than the straight line, and ends at the table's limit."""

from __future__ import annotations

import pytest
from tests.two_ledgers import STUDY, written

import lifecircle as lc
from lifecircle.model.problem import ProblemCode as P
from lifecircle.model.reason import ReasonCode

AREAS = "编号,小区名称,户数,类别,城乡,X,Y\nR1,东园,500,已建成,城镇,500000,3850000\n"
PLACES = "编号,设施名称,设施类型,状态,建筑面积,X,Y\nF1,甲站,日间照料中心,运营,75,{x},3850000\n"


@pytest.fixture
def walked(tmp_path):
    """Return a function from F1's distance, the unit and rows to R1's walk and rows told."""

    def read(metres, unit, rows, limit=60):
        travel = f'[layers.travel]\npath = "t.csv"\nunit = "{unit}"\nlimit = {limit}\n'
        tables = {"r": AREAS, "f": PLACES.format(x=500_000 + metres)}
        tables["t"] = f"居住区,设施,成本\n{rows}"
        result = lc.assess(lc.read_study(written(tmp_path, STUDY + travel, **tables)))
        found = result.findings.query("id == 'R1' and clause == 'CX-05'").iloc[0]
        told = [p.row for p in result.problems if p.code is P.WALK_SHORTER]
        return str(found["status"]), found["reason"], told

    return read


# 1 minute is less than 1.5, and 180 m at two metres a second; 100 m more for two places
@pytest.mark.parametrize(
    ("metres", "unit", "cost"), [(400, "min", 1), (290, "min", 1), (1200, "m", 1), (400, "min", 0)]
)
def test_a_walk_shorter_than_the_straight_line_decides_nothing(walked, metres, unit, cost):
    status, reason, told = walked(metres, unit, f"R1,F1,{cost}\n", limit=3000)
    assert (status, told) == ("not_assessed", [2])
    assert reason.code in {ReasonCode.WALK_TOO_SHORT, ReasonCode.WALK_COST_UNREAD}


@pytest.mark.parametrize(
    ("metres", "unit", "cost"), [(270, "min", 1), (400, "min", 5), (400, "m", 300), (0, "min", 0)]
)
def test_a_walk_that_can_be_is_taken(walked, metres, unit, cost):
    status, _, told = walked(metres, unit, f"R1,F1,{cost}\n", limit=3000)
    assert (status, told) == ("compliant", [])


def test_no_row_is_told_by_the_limit_of_the_table(walked):
    for unit, limit, minutes in (("min", 30, 30), ("m", 2000, 30)):  # 10/9 m/s
        status, reason, _ = walked(3000, unit, "R9,F1,1\n", limit=limit)
        assert (status, reason.code) == ("deficient", ReasonCode.BEYOND_TABLE)
        assert reason.params["limit_min"] == pytest.approx(minutes)
