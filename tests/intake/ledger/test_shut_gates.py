"""Gates that another cell of their row calls shut, or that stand far from their area."""

from __future__ import annotations

import pytest
from tests.two_ledgers import WITH_GATES, written

import lifecircle as lc
from lifecircle.intake.study import check_study
from lifecircle.model.problem import ProblemCode as P

AREAS = "编号,小区名称,户数,类别,城乡,X,Y\nR1,东园,100,已建成,城镇,500000,3850000\n"
PLACES = "编号,设施名称,设施类型,状态,建筑面积,X,Y\nF1,甲站,日间照料中心,运营,15,500960,3850000\n"


@pytest.fixture
def county(tmp_path):
    """Return a function that writes a study with these gates (header and rows): its folder."""

    def write(*gates):
        written(tmp_path, WITH_GATES, r=AREAS, f=PLACES, g="\n".join(gates))
        return tmp_path

    return write


def asked(problems, code):
    return [(p.row, p.column, p.params.get("said")) for p in problems if p.code is code]


@pytest.mark.parametrize(
    ("header", "cell", "said"),
    [
        ("备注", "已封闭", "已封闭"),
        ("备注", "修路，平时不开", "平时不开"),
        ("备注", "曾封闭，已恢复", None),
        ("备注", "主出入口", None),
        ("备注", "无", None),
        *(("备注", one, None) for one in ("未封闭", "24小时开放，不上锁", "没有封闭", "从未停用")),
        *(("备注", one, None) for one in ("封闭管理", "封闭式小区主门", "禁止机动车", "禁止停车")),
        ("备注", "22:00后关闭", "22:00后关闭"),
        ("备注", "禁止通行", "禁止通行"),
        ("出入口类型", "消防门", "消防门"),
        ("出入口类型", "车行", "车行"),
        ("出入口类型", "人行", None),
        ("是否封闭", "是", "是"),
        ("是否封闭", "不清楚", "不清楚"),
        ("是否封闭", "否", None),
        ("是否常闭", "√", "√"),
        ("出入口名称", "东门（常闭）", "常闭"),
        ("出入口名称", "消防门", "消防门"),
        ("出入口名称", "封闭小区东门", None),
    ],
)
def test_a_gate_that_another_cell_calls_shut_is_not_known_to_be_open(county, header, cell, said):
    gates = (
        f"编号,小区名称,{header},X,Y",
        f'g1,东园,"{cell}",499950,3850000',
        f"g2,东园,{'否' if header.startswith('是否') else '主门'},500050,3850000",
    )
    study, problems = check_study(county(*gates))
    told = asked(problems, P.GATE_SHUT_BESIDE)
    assert told == ([] if said is None else [(2, header, said)])
    assert study.gates.frame["open_unknown"].tolist() == [said is not None, False]
    unused = [name for p in problems if p.code is P.COLUMN_UNKNOWN for name in p.params["columns"]]
    assert header not in unused  # it is heard, whatever it says


@pytest.mark.parametrize(
    ("typed", "unknown"), [("是", True), ("", True), ("否", False), ("不知道", True)]
)
def test_a_typed_answer_is_contradicted_only_where_it_is_yes(county, typed, unknown):
    gates = "编号,小区名称,是否开放,备注,X,Y", f"g1,东园,{typed},常闭,499950,3850000"
    study, problems = check_study(county(*gates))
    assert study.gates.frame["open_unknown"].tolist() == [unknown]
    assert len(asked(problems, P.GATE_SHUT_BESIDE)) == (typed in {"是", ""})


@pytest.mark.parametrize(("east", "far"), [(999, False), (1001, True), (-5000, True)])
@pytest.mark.parametrize("typed", ["是", "", "否"])
def test_a_gate_far_from_its_area_is_not_known_to_be_its_gate(county, east, far, typed):
    gates = "编号,小区名称,是否开放,X,Y", f"g1,东园,{typed},{500_000 + east},3850000"
    study, problems = check_study(county(*gates))
    assert [p.row for p in problems if p.code is P.GATE_FAR] == ([2] if far else [])
    assert study.gates.frame["open_unknown"].tolist() == [far and typed != "否"]


@pytest.mark.parametrize(
    ("east", "cell", "status"),
    [
        (-30, "", "compliant"),  # 990 m from the gate
        (-60, "", "deficient"),  # 1020 m
        (-60, "常闭", "not_assessed"),  # by that gate or on any side
        (-5000, "", "not_assessed"),  # 5960 m from where it cannot be, 960 m from the middle
    ],
)
def test_no_verdict_rests_on_a_gate_that_may_be_none(county, east, cell, status):
    gates = "编号,小区名称,备注,X,Y", f"g1,东园,{cell},{500_000 + east},3850000"
    found = lc.assess(lc.read_study(county(*gates))).findings
    assert [str(s) for s in found.loc[found["clause"] == "CX-06", "status"]] == [status]
