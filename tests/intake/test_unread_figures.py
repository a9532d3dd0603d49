"""Figures with a fallback, in a cell that nobody can read: nothing stands for them. By hand.

Caoxian asks 20 m² of a hundred new households, Pingyin 100 m² of a thousand people.
"""

from __future__ import annotations

import pytest
from tests.two_ledgers import STUDY, written

import lifecircle as lc

MET, SHORT, OPEN = "compliant", "deficient", "not_assessed"


def statuses(folder, clause, cells, *, study=STUDY, m2=210, header="规划条件应配面积"):
    """Return how 1000 new households beside ``m2`` meet a clause, for each cell of a column."""
    homes = f"编号,小区名称,规划户数,类别,城乡,X,Y,{header}\n"
    rooms = "编号,设施名称,设施类型,状态,建筑面积,X,Y\n"
    for number, cell in enumerate(cells, 1):
        x = 500000 + 8000 * number
        homes += f'R{number},第{number}处院,1000,新建,城镇,{x},3850000,"{cell}"\n'
        rooms += f"F{number},站{number},日间照料中心,运营,{m2},{x + 5},3850000\n"
    found = lc.assess(lc.read_study(written(folder, study, r=homes, f=rooms))).findings
    found = found[found["clause"] == clause].set_index("id")["status"]
    return [str(found[f"R{number}"]) for number in range(1, len(cells) + 1)]


def test_planning_conditions_that_nobody_can_read_are_none_of_the_quota(tmp_path):
    cases = {
        "": MET,  # 200 by the households
        "无": MET,
        "规划条件未明确": MET,
        "210": MET,
        "300": SHORT,
        "不少于300": SHORT,
        "≥300": SHORT,
        "300以上": SHORT,
        "300㎡及以上": SHORT,
        "300㎡（2处）": SHORT,
        "不低于210平方米": MET,
        "见出让合同": OPEN,
        "300-350": OPEN,
        "100-300": OPEN,
        "每处300": OPEN,
        "不详": OPEN,
        "-300": OPEN,
        "#REF!": OPEN,
    }
    assert statuses(tmp_path, "CX-01", cases) == list(cases.values())


def test_planned_people_that_nobody_can_read_are_not_those_of_the_dwellings(tmp_path):
    study = STUDY.replace("371721", "370124").replace("caoxian-2023", "pingyin-2022")
    study = study.replace("[layers.res", "[parameters]\npersons_per_household = 2.6\n[layers.res")
    cases = {
        "": MET,  # 2600 people, 260 m²
        "无": MET,
        "2700": MET,
        "3200": SHORT,
        "3200（含公寓）": OPEN,
        "≥3200": OPEN,
        "按3.2人/户": OPEN,
        "见规划": OPEN,
        "3200-3500": OPEN,
    }
    told = statuses(tmp_path, "PY-31", cases, study=study, m2=270, header="规划人口")
    assert told == list(cases.values())


def test_of_a_project_one_phase_is_enough(tmp_path):
    study = STUDY.replace("371721", "370124").replace("caoxian-2023", "pingyin-2022")
    study = study.replace("[layers.res", "[parameters]\npersons_per_household = 2.6\n[layers.res")
    homes = "编号,小区名称,规划户数,规划人口,项目编号,类别,城乡,X,Y\n"
    rooms = "编号,设施名称,设施类型,状态,建筑面积,X,Y\n"
    for number, (one, other) in enumerate([("", ""), ("1300", ""), ("见规划", ""), ("?", "1300")]):
        x = 500000 + 8000 * number
        homes += f"A{number},第{number}处东院,500,{one},P{number},新建,城镇,{x},3850000\n"
        homes += f"B{number},第{number}处西院,500,{other},P{number},新建,城镇,{x + 90},3850000\n"
        rooms += f"F{number},站{number},日间照料中心,运营,270,{x + 5},3850000\n"
    found = lc.assess(lc.read_study(written(tmp_path, study, r=homes, f=rooms))).findings
    found = found[found["clause"] == "PY-31"].set_index("id")["status"]
    for number, expected in enumerate([MET, MET, OPEN, OPEN]):
        assert {str(found[f"{end}{number}"]) for end in "AB"} == {expected}


@pytest.mark.parametrize("cell", ["约一半", "部分", "60/100"])
def test_a_part_that_nobody_can_read_is_not_the_floor(tmp_path, cell):
    homes = "编号,小区名称,户数,类别,城乡,X,Y\nR1,东院,500,已建成,城镇,500000,3850000\n"
    rooms = "编号,设施名称,设施类型,状态,建筑面积,社区服务面积,X,Y\n"
    rooms += f"F1,站,日间照料中心,运营,100,{cell},500005,3850000\n"
    found = lc.assess(lc.read_study(written(tmp_path, STUDY, r=homes, f=rooms))).findings
    row = found[found["clause"] == "CX-03"].iloc[0]
    assert (str(row["status"]), row["low"], row["high"]) == (OPEN, 0.0, 100.0)


def test_conditions_that_nobody_can_read_are_not_said_to_leave_the_place_unsaid(tmp_path):
    """160 m² of an approved area: its quota is known or not, and the 200 m² a place are open."""
    homes, rooms = (
        "编号,小区名称,规划户数,规划条件应配面积,类别,城乡,阶段,X,Y\n",
        ("编号,设施名称,设施类型,状态,建筑面积,X,Y\n"),
    )
    cases = {"见出让合同": "figure_unread", "150": "minimum_open", "": "quota_between"}
    for number, cell in enumerate(cases):
        x = 500000 + 8000 * number
        homes += f"R{number},第{number}处院,500,{cell},已批未建成,城镇,入住,{x},3850000\n"
        rooms += f"F{number},站{number},社区养老服务用房,运营,160,{x + 5},3850000\n"
    study = STUDY.replace("371721", "370828").replace("caoxian-2023", "jinxiang-2023")
    found = lc.assess(lc.read_study(written(tmp_path, study, r=homes, f=rooms))).findings
    found = found[found["clause"] == "JX-04"].set_index("id")
    told = [str(found.at[f"R{number}", "reason"].code) for number in range(len(cases))]
    assert told == list(cases.values())
    assert set(map(str, found["status"])) == {OPEN}
