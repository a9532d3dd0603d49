"""What the self-assessment form is filled from: typed in the study file, or in sheets."""

import math

import openpyxl
import pytest

from lifecircle.intake import check_study
from lifecircle.intake.settings.file import read_study_file
from lifecircle.model.problem import ProblemCode as P
from lifecircle.model.problem import Severity
from lifecircle.texts import catalogue


def workbook(folder, name, **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(folder / name)


EVIDENCE = [
    ["条目编号", "填报结果", "自评得分", "工作名称", "材料名称", "文号", "材料文件", "说明"],
    ["1.1a", "是", None, None, "联席会议制度", "微政办字〔2023〕5号", "1-1.pdf", None],
    ["1.1b", "主要负责同志", None, None, None, None, None, None],
    [4.3, None, "2.5分", None, "覆盖率统计表", None, None, "已覆盖八成社区"],
    ["7.1a", "省级媒体", None, "助老食堂", "大众日报", None, None, None],
    ["layout_plan", "有", None, None, None, None, None, None],
]


def test_a_sheet_of_evidence(county):
    workbook(county.folder, "台账.xlsx", 佐证材料=EVIDENCE)
    county.layers["evidence"] = 'path = "台账.xlsx"\nsheet = "佐证材料"'
    study, problems = check_study(county.finish())
    rows = study.materials
    assert rows["item"].tolist() == ["1.1a", "1.1b", "4.3", "7.1a", "layout_plan"]
    assert rows["value"].tolist() == ["是", "主要负责同志", None, "省级媒体", "有"]
    assert rows["claimed"].tolist()[2] == 2.5
    assert [math.isnan(x) for x in rows["claimed"]] == [True, True, False, True, True]
    assert rows.loc[0, ["title", "number", "file"]].tolist() == [
        "联席会议制度",
        "微政办字〔2023〕5号",
        "1-1.pdf",
    ]
    assert rows.loc[3, ["in_file", "sheet", "row", "cell"]].tolist() == [
        "台账.xlsx",
        "佐证材料",
        5,
        "A5",
    ]
    assert study.evidence == {"1.1a": True, "layout_plan": True}
    record = next(i for i in study.inputs if i.layer == "evidence")
    assert (record.rows, record.used, record.set_aside) == (5, 5, 0)
    assert [p.code for p in problems if p.layer == "evidence"] == [P.NUMBER_READ_AS]


def test_evidence_in_the_study_file(county):
    county.extra = """
[evidence]
layout_plan = true
"1.1b" = "主要负责同志"
"4.3" = { claimed = 2.5, note = "已覆盖八成社区" }
"7.1a" = [
  { work = "助老食堂", value = "省级媒体", title = "大众日报" },
  { work = "医养结合", value = 2 },
]
"""
    study, _ = check_study(county.finish())
    rows = study.materials
    assert rows["item"].tolist() == ["layout_plan", "1.1b", "4.3", "7.1a", "7.1a"]
    assert rows["value"].tolist() == ["true", "主要负责同志", None, "省级媒体", "2"]
    assert rows["work"].tolist() == [None, None, None, "助老食堂", "医养结合"]
    assert rows["in_file"].tolist() == ["study.toml"] * 5
    assert study.evidence == {"layout_plan": True}


def test_both_together_and_neither(county):
    study, _ = check_study(county.finish())
    assert (len(study.materials), study.evidence) == (0, {})
    workbook(county.folder, "台账.xlsx", 佐证材料=EVIDENCE)
    county.layers["evidence"] = 'path = "台账.xlsx"'
    county.extra = "[evidence]\nlayout_plan = false\n"
    study, _ = check_study(county.finish())
    assert study.materials["item"].tolist()[:2] == ["layout_plan", "1.1a"]
    assert study.evidence["layout_plan"] is True  # one of its papers is there


@pytest.mark.parametrize(
    ("text", "code", "params"),
    [
        ('"1.1a" = { valeu = true }', P.STUDY_KEY_UNKNOWN, {"nearest": "value"}),
        ('"1.1a" = { claimed = -1 }', P.STUDY_VALUE, {"detail": "number_range"}),
        ('"1.1a" = { claimed = "两分" }', P.STUDY_VALUE, {"detail": "float"}),
    ],
)
def test_a_wrong_key_of_the_evidence(county, text, code, params):
    county.extra = f"[evidence]\n{text}\n"
    file, (problem,) = read_study_file(county.finish())
    assert file is None
    assert problem.code == code
    assert params.items() <= problem.params.items()


def test_a_figure_without_a_code_is_taken_by_its_name(county):
    """The name as the template has it says which figure it is; one that is nobody's does not."""
    name = catalogue("words", "zh")["indicator.staff_training"]
    visits = catalogue("words", "en")["indicator.monthly_visits"]
    rows = [
        ["指标代码", "指标名称", "分子", "分母", "来源"],
        [None, name, 95, 100, "县人社局"],
        [visits, None, 9, 10, "县民政局"],  # the name where the code should stand
        [None, "某某率", 1, 2, "县民政局"],
        ["homes_adapted_2023", name, 190, None, "县民政局"],  # a code goes before a name
    ]
    workbook(county.folder, "台账.xlsx", 指标=rows)
    county.layers["indicators"] = 'path = "台账.xlsx"'
    study, problems = check_study(county.finish())
    ids = ["staff_training", "monthly_visits", "homes_adapted_2023"]
    assert study.indicators["id"].tolist() == ids
    assert study.indicators["numerator"].tolist() == [95, 9, 190]
    told = [(p.code, p.row, p.params.get("read")) for p in problems if p.layer == "indicators"]
    assert sorted(told, key=lambda one: one[1]) == [
        (P.INDICATOR_BY_NAME, 2, "staff_training"),
        (P.INDICATOR_BY_NAME, 3, "monthly_visits"),
        (P.VALUE_MISSING, 4, None),
    ]


def test_a_sheet_of_indicators(county):
    rows = [
        ["指标代码", "指标名称", "分子", "分母", "来源"],
        ["staff_training", "培训率", 95, 100, "县人社局2025年报"],
        ["homes_adapted_2023", "适老化改造户数", 190, None, "县民政局"],
        ["monthly_visits", "月探访率", None, None, None],
        ["skill_certificates", "鉴定率", 9, 10, None],
        ["registered", "登记备案率", 1, 2, "x"],
        ["registered", "登记备案率", 2, 2, "y"],
        ["social_workers", "社工", 3, 4, "z"],
    ]
    workbook(county.folder, "台账.xlsx", 指标=rows)
    county.layers["indicators"] = 'path = "台账.xlsx"'
    county.extra = (
        '[indicators]\nsocial_workers = { numerator = 1, denominator = 2, source = "民政局" }\n'
    )
    study, problems = check_study(county.finish())
    assert study.indicators["id"].tolist() == [
        "social_workers",
        "staff_training",
        "homes_adapted_2023",
        "skill_certificates",
        "registered",
    ]
    assert study.indicators["numerator"].tolist() == [1, 95, 190, 9, 1]
    assert math.isnan(study.indicators["denominator"][2])
    assert study.indicators["source"].tolist()[3] == ""
    found = [(p.code, p.severity, p.row) for p in problems if p.layer == "indicators"]
    assert found == [
        (P.ID_DUPLICATE, Severity.ERROR, 7),
        (P.VALUE_MISSING, Severity.WARNING, 5),
        (P.INDICATOR_TWICE, Severity.WARNING, 8),
    ]
