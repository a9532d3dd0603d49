"""Round figures: a verdict that they turn is marked so, and one whose count alone they turn."""

import openpyxl
import pytest
from tests.two_ledgers import STUDY, written

import lifecircle as lc
from lifecircle.model.status import Flag
from lifecircle.outputs.report.brief.told import one_page

AREAS = """编号,小区名称,户数,类别,城乡,阶段,x,y
R1,东苑,200,已建成,城镇,入住,500000,3850000
R2,西园,200,已建成,城镇,入住,505000,3850000
"""
ROOMS = """编号,设施名称,设施类型,状态,建筑面积,x,y
F1,东苑站,社区养老服务站,运营,约31,500000,3850000
F2,西园站,社区养老服务站,运营,{second},505000,3850000
"""
TURNS, COUNTS = Flag.APPROXIMATE, Flag.APPROXIMATE_PARTS


@pytest.fixture(params=[("20", COUNTS), ("40", TURNS)], ids=["stands", "turns"])
def judged(request, tmp_path):
    """约31 of the 30 m² that 东苑 needs may be 29.45; 西园 misses for certain, or does not."""
    second, mark = request.param
    folder = written(tmp_path, STUDY, r=AREAS, f=ROOMS.format(second=second))
    return lc.assess(lc.read_study(folder)), mark


def test_a_verdict_that_stands_is_not_said_to_turn(judged):
    result, mark = judged
    for name in ("CX-03", "CX-07"):
        clause = result.clause(name)
        assert clause.status == ("deficient" if mark is COUNTS else "compliant")
        assert {TURNS, COUNTS} & set(clause.flags) == {mark}
    flags = result.findings.set_index(["clause", "id"])["flags"]
    assert TURNS in flags["CX-03", "R1"]
    assert not {TURNS, COUNTS} & set(flags["CX-03", "R2"])


def test_on_one_page_the_mark_is_of_the_result(judged):
    """No document asks for a round figure: the demand has no such mark."""
    result, mark = judged
    rows = [r for r in one_page(result).fails if r.clause.startswith(("CX-03", "CX-07"))]
    assert len(rows) == (2 if mark is COUNTS else 0)
    for row in rows:
        assert "约数" not in row.required
        assert "计数含约数" in row.result


def test_the_sheet_of_areas_has_the_marks_of_their_verdicts(judged, tmp_path):
    result, _ = judged
    lc.write_outputs(result, tmp_path / "out")
    sheet = openpyxl.load_workbook(tmp_path / "out" / "report.xlsx")["居住区"]
    head, *rows = sheet.iter_rows(values_only=True)
    told = {row[0]: row[head.index("标记")] for row in rows}
    assert "取约数，据实可能翻转" in told["R1"]
    assert told["R2"] is None
