"""Exemptions whose own row says that they do not hold, or may not."""

from __future__ import annotations

import pytest
from tests.two_ledgers import WITH_EXEMPTIONS, written

import lifecircle as lc
from lifecircle.intake.study import check_study
from lifecircle.model.problem import ProblemCode as P

AREAS = "编号,小区名称,户数,类别,城乡,X,Y\nR1,东园,100,已建成,城镇,500000,3850000\n"
# 5 km off: R1 misses the 1000 m of CX-06 unless it is exempt
PLACES = "编号,设施名称,设施类型,状态,建筑面积,X,Y\nF1,甲站,日间照料中心,运营,15,505000,3850000\n"


@pytest.fixture
def county(tmp_path):
    """Return a function that writes a study with this table of exemptions: its folder."""

    def write(header, row):
        written(tmp_path, WITH_EXEMPTIONS, r=AREAS, f=PLACES, e=f"{header}\n{row}\n")
        return tmp_path

    return write


def held(folder):
    """Return what is read of the one exemption, and what is said of it."""
    study, problems = check_study(folder)
    listed = study.exemptions
    denied = listed.loc[~listed["not_held"].astype(bool), "denied"].notna().tolist()
    told = [p.code for p in problems if p.code in {P.EXEMPTION_NOT_HELD, P.EXEMPTION_DENIED}]
    return denied, told


HELD = ([False], [])
NOT_HELD = ([], [P.EXEMPTION_NOT_HELD])
DOUBTED = ([True], [P.EXEMPTION_DENIED])


@pytest.mark.parametrize(
    ("header", "cell", "expected"),
    [
        ("是否有效", "是", HELD),
        ("是否有效", "", HELD),
        ("是否有效", "否", NOT_HELD),
        ("是否有效", "已失效", NOT_HELD),
        ("是否有效", "待定", NOT_HELD),
        ("是否有效", "说不清", DOUBTED),
        ("是否仍有效", "×", NOT_HELD),
        ("是否批准", "否", NOT_HELD),
        ("是否已撤销", "是", NOT_HELD),
        ("是否已撤销", "否", HELD),
        ("批准状态", "已批准", HELD),
        ("批准状态", "待批", NOT_HELD),
        ("批准状态", "未批", NOT_HELD),
        ("审批状态", "申请中", NOT_HELD),
        ("审批情况", "尚未批复", NOT_HELD),
        ("审批结果", "不同意", NOT_HELD),
        ("审批进度", "豁免申请已上报,省厅未批复", NOT_HELD),
        ("状态", "有效", HELD),
        ("状态", "已撤销", NOT_HELD),
        ("生效日期", "2026-01-01", NOT_HELD),
        ("生效日期", "2025-12-31", HELD),
        ("生效日期", "2025年12月", HELD),
        ("生效日期", "2026年", NOT_HELD),
        ("起始日期", "2026/3/1", NOT_HELD),
        ("生效日期", "自批复之日起", HELD),
        ("生效日期", "另行通知", DOUBTED),
        *(
            ("生效日期", told, HELD)
            for told in ("2023年起", "自2023年1月1日起", "约2020年", "长期")
        ),
        *(("执行时间", told, HELD) for told in ("2023年至2027年", "2024年12月-2027年12月")),
        ("执行时间", "2020年至2024年", DOUBTED),
        *(("生效日期", told, NOT_HELD) for told in ("2026年起", "预计2026年", "2026年至2028年")),
        ("生效日期", "计划2025年", DOUBTED),  # nobody knows whether it did
        ("批准日期", "2020-05-01", HELD),
        ("备注", "已失效", DOUBTED),
        ("备注", "已撤销", DOUBTED),
        ("备注", "2024年3月作废", DOUBTED),
        ("备注", "该文件已被微政发〔2024〕5号废止", DOUBTED),
        ("备注", "豁免申请待批", DOUBTED),
        ("备注", "有效期至2024年底", DOUBTED),
        ("备注", "有效期至2026年底", HELD),
        ("备注", "未失效", HELD),
        ("备注", "到期后取消", HELD),
        ("备注", "曾撤销，已恢复", HELD),
        ("备注", "原村委会撤销，并入东关社区", HELD),
        ("备注", "未办理产权证", HELD),
        ("备注", "老旧小区，无用房", HELD),
        ("经办人", "未批", HELD),
    ],
)
def test_a_row_that_says_it_does_not_hold_exempts_nobody(county, header, cell, expected):
    told = f"编号,条款,理由,依据,{header}", f'R1,CX-06,拆迁,微政〔2020〕5号,"{cell}"'
    assert held(county(*told)) == expected


@pytest.mark.parametrize(
    ("why", "paper", "expected"),
    [
        ("拆迁", "微政〔2020〕5号", HELD),
        ("拆迁", "待批", DOUBTED),
        ("拆迁", "微政〔2020〕5号（已废止）", DOUBTED),
        ("申请中", "微政〔2020〕5号", DOUBTED),
        ("拆迁", "拟报县政府批准", DOUBTED),
        ("拟提请县政府常务会议研究", "微政〔2020〕5号", DOUBTED),
        ("原社区撤销", "微政〔2020〕5号（2020年印发）", HELD),
    ],
)
def test_a_paper_that_is_none_is_told(county, why, paper, expected):
    assert held(county("编号,条款,理由,依据", f"R1,CX-06,{why},{paper}")) == expected


@pytest.mark.parametrize(
    ("rows", "status", "reason"),
    [
        ("R1,CX-06,拆迁,1号,", "exempt", "exempted"),
        ("R1,CX-06,拆迁,1号,已失效", "not_assessed", "exemption_denied"),
        # where a clear one holds nobody asks what another means
        ("R1,CX-06,拆迁,1号,已失效\nR1,CX-06,拆迁,2号,", "exempt", "exempted"),
    ],
)
def test_a_remark_leaves_open_who_is_exempt(county, rows, status, reason):
    found = lc.assess(check_study(county("编号,条款,理由,依据,备注", rows))[0])
    finding = found.findings.set_index(["clause", "id"]).loc[("CX-06", "R1")]
    assert (str(finding["status"]), finding["reason"].code) == (status, reason)


def test_one_that_is_not_in_force_is_left_out_and_counted(county):
    rows = "R1,CX-06,拆迁,1号,否\nR1,CX-03,拆迁,1号,是"
    study, _ = check_study(county("编号,条款,理由,依据,是否有效", rows))
    (source,) = [one for one in study.inputs if one.layer == "exemptions"]
    assert (source.rows, source.used) == (2, 1)
    findings = lc.assess(study).findings.set_index(["clause", "id"])
    assert str(findings.loc[("CX-06", "R1"), "status"]) == "deficient"
    assert str(findings.loc[("CX-03", "R1"), "status"]) == "exempt"
