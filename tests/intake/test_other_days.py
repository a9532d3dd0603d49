"""Days in columns that nothing else is read from, against the day of judging (31 December 2025)."""

from __future__ import annotations

import pytest
from tests.many_worlds import judged
from tests.two_ledgers import WITH_GATES, written

import lifecircle as lc
from lifecircle.case.columns import facility_columns
from lifecircle.intake.study import check_study
from lifecircle.model.dictionary import unread
from lifecircle.model.problem import ProblemCode

pytestmark = pytest.mark.one_in(2)  # words and layers in many combinations

AREA = "R1,东园,500,已建成,城镇,{stage},500000,3850000"
AREAS = "编号,小区名称,户数,类别,城乡,阶段,X,Y"
PLACE = "F1,甲站,日间照料中心,{stage},75,500600,3850000"
PLACES = "编号,设施名称,设施类型,状态,建筑面积,X,Y"
GATE = "g1,东园,{stage},500050,3850000"
GATES = "编号,小区名称,是否开放,X,Y"
ROWS = {"residential": (AREAS, AREA), "facilities": (PLACES, PLACE), "gates": (GATES, GATE)}
FILES = {"residential": "r", "facilities": "f", "gates": "g"}
USED = {"residential": "", "facilities": "运营", "gates": "是"}


@pytest.fixture
def study(tmp_path):
    """Return a function from one cell more of a row to the folder of its study."""

    def write(layer, header, cell, stage=None, day="2025-12-31"):
        tables = {}
        for name, (head, row) in ROWS.items():
            own = USED[name] if stage is None or name != layer else stage
            more = (f",{header}", f",{cell}") if name == layer else ("", "")
            tables[FILES[name]] = f"{head}{more[0]}\n{row.format(stage=own)}{more[1]}\n"
        return written(tmp_path, WITH_GATES.replace("2025-12-31", day), **tables)

    return write


def stage_of(folder, layer):
    """Return the stage of the one row: ``blank``, ``unknown``, or as it is."""
    frame = getattr(check_study(folder)[0], layer).frame
    stage = frame["stage"].iloc[0]
    if isinstance(stage, str):
        return str(stage)
    read = layer == "residential" and not frame[unread("stage")].iloc[0]
    return BLANK if read else UNKNOWN


BUILDING, BLANK, UNKNOWN = "under_construction", "blank", "unknown"
IN_USE, ACCEPTED = "in_use", "accepted"
MET, MISSED, NOT_KNOWN = "compliant", "deficient", "not_assessed"
SERVES_SINCE = ("启用时间", "投用时间", "开业日期")


@pytest.mark.parametrize("header", ["启用时间", "开业日期", "投运时间", "竣工日期", "项目启用年份"])
@pytest.mark.parametrize(
    "cell",
    ["2030", "2030年", "2030-06", "2030.6.1", "2030年底", "47635", "二〇三〇年六月"],
)
def test_what_opens_later_is_being_built(study, header, cell):
    assert stage_of(study("facilities", header, cell), "facilities") == BUILDING


@pytest.mark.parametrize("layer", ["facilities", "residential"])
def test_a_column_that_is_read_is_heard_in_loose_words_too(study, layer):
    header = {"facilities": "投用时间", "residential": "竣工时间"}[layer]
    # a facility's stage says that it is in use, and its day that it was only meant to be
    expected = {"facilities": UNKNOWN, "residential": BUILDING}[layer]
    assert stage_of(study(layer, header, "预计2030年底"), layer) == expected


@pytest.mark.parametrize(
    ("layer", "stage", "header", "cell", "expected"),
    [
        ("facilities", "运营", "启用时间", "2025年", IN_USE),
        ("facilities", "运营", "计划启用时间", "2024年", IN_USE),  # its stage says that it came
        ("facilities", "运营", "启用时间", "预计2024年", IN_USE),
        (
            "facilities",
            "移交",
            "启用时间",
            "待定",
            "handed_over",
        ),  # not opened yet: no contradiction
        ("facilities", "移交", "投用时间", "待定", "handed_over"),
        ("facilities", "运营", "启用时间", "十四五期间", IN_USE),
        ("residential", "入住", "交付时间", "不详", IN_USE),
        ("facilities", "运营", "运营时间", "8:00-17:00", IN_USE),
        ("facilities", "运营", "运营时间", "2030年3月", BUILDING),
        ("facilities", "运营", "启用时间", "9999-12-31", IN_USE),
        # several days of which some are to come
        ("facilities", "运营", "启用时间", "一层2019年，二层2030年", UNKNOWN),
        ("facilities", "运营", "启用时间", "2019年，2030年改造", IN_USE),
        ("residential", "", "交房时间", "一期2019年，二期2030年", UNKNOWN),
        ("residential", "入住", "交房时间", "一期2019年，二期2030年", UNKNOWN),
        ("residential", "", "交房时间", "一期2019年，二期2021年", BLANK),
        ("residential", "", "交房时间", "9999-12-31", BLANK),
        ("facilities", "运营", "消防验收时间", "2030年", IN_USE),
        ("facilities", "验收", "启用时间", "2030年", ACCEPTED),  # accepted, and not yet in use
        ("facilities", "验收", "竣工时间", "2030年", BUILDING),
        ("facilities", "运营", "计划启用时间", "2030年", UNKNOWN),
        ("facilities", "运营", "启用时间", "预计2030年", UNKNOWN),
        # an end that is past contradicts, one to come does not
        ("facilities", "运营", "停用时间", "2024年5月", UNKNOWN),
        ("facilities", "运营", "停用时间", "45000", UNKNOWN),  # 15 March 2023
        ("facilities", "运营", "停用时间", "二〇二四年", UNKNOWN),
        ("facilities", "运营", "停用时间", "2026年1月", IN_USE),
        ("facilities", "运营", "停用时间", "2024年3月至2024年9月", IN_USE),
        ("facilities", "运营", "停用时间", "2025年3月至2026年9月", UNKNOWN),
        *(("facilities", "运营", "停用时间", cell, IN_USE) for cell in ("无", "在用", "正常运营")),
        ("facilities", "运营", "关闭时间", "17:00", IN_USE),
        # housing whose stage is blank is lived in, unless it is handed over later
        ("residential", "", "交房时间", "2030年", BUILDING),
        ("residential", "", "预计交付时间", "2030年6月", BUILDING),
        ("residential", "入住", "预计交付时间", "2030年6月", UNKNOWN),
        ("residential", "", "交付时间", "待定", UNKNOWN),
        ("residential", "", "交付时间", "2019年", BLANK),
        *(("residential", "", "交付时间", told, BLANK) for told in ("不详", "未登记", "待核实")),
        # a remark of the day, as its header would say it
        ("facilities", "运营", "备注", "预计2030年启用", UNKNOWN),
        ("facilities", "运营", "备注", "装修好，2030年底启用", UNKNOWN),
        ("facilities", "运营", "备注", "2019年启用", IN_USE),
        ("facilities", "运营", "备注", "2030年改造", IN_USE),
        ("facilities", "在建", "备注", "2024年5月启用", UNKNOWN),
        ("facilities", "规划", "备注", "预计2024年启用", "planned"),
        *(
            ("facilities", "运营", "备注", told, UNKNOWN)
            for told in (
                "2030年6月30日启用",
                "2030.6启用",
                "2030-06-30投用",
                "2030年第一季度启用",
                "预计30年启用",
                "2030年春节后启用",
                "2030年6月起运营",
                "2030年6月底前交付使用",
                "启用时间：2030年6月",
                # a reopening is no other: until then it is shut
                "已停用，2030年恢复运营",
                "停业，2030年5月重新开放",
                "疫情期间停业，2030年恢复",
            )
        ),
        *(
            ("facilities", "运营", "备注", told, IN_USE)
            for told in (
                "2023.5启用",
                "启用时间2019年",
                "停业，2021年恢复",
                "二期2030年建成",
                "80年代建成",
            )
        ),
        *(
            ("residential", "", "备注", told, BUILDING)
            for told in (
                "2030.6交房",
                "交房时间2030年6月",
                "已拆除，2030年回迁",
                "拆迁，2030年回迁入住",
            )
        ),
        ("residential", "", "备注", "预计2030年交房", BUILDING),
        ("residential", "入住", "备注", "2030年交房", UNKNOWN),
        ("residential", "", "备注", "2019年交房", BLANK),
        ("residential", "", "拆迁时间", "2030年", BLANK),
        ("residential", "", "拆迁时间", "2021年", UNKNOWN),
    ],
)
def test_a_day_against_a_stage(study, layer, stage, header, cell, expected):
    assert stage_of(study(layer, header, cell, stage), layer) == expected


OPENINGS = {
    "facilities": [
        "启用时间",
        "开业日期",
        "投用时间",
        "投用年份",
        "投入使用时间",
        "竣工时间",
        "建成时间",
    ],
    "residential": [
        "交房时间",
        "住宅交付日期",
        "交付时间",
        "竣工时间",
        "住宅验收日期",
        "入住时间",
        "建成年份",
    ],
    "gates": ["启用时间", "开通日期"],
}
"""Headers of the day on which a row opens, read or only heard: they mean one thing."""


@pytest.mark.one_in(5)
@pytest.mark.parametrize(
    ("word", "contradicts"),
    [
        *dict.fromkeys(
            ["待定", "未定", "另行通知", "时间待定", "待通知", "尚未确定", "暂未投用"], True
        ).items(),
        *dict.fromkeys(["?", "不详", "待补充", "待核实", "未填", "未知", "9999"], False).items(),
    ],
)
def test_a_word_in_place_of_a_day_means_one_thing_in_every_column(study, word, contradicts):
    """待定 is a day that has not come; 不详 is one that nobody wrote down."""
    used = {"facilities": "运营", "residential": "入住"}
    for layer, stage in used.items():
        stages = {stage_of(study(layer, h, word, stage), layer) for h in OPENINGS[layer]}
        assert stages == {UNKNOWN if contradicts else IN_USE}
    # and where a blank stage would be the lenient default
    blanks = {
        stage_of(study("residential", h, word, ""), "residential") for h in OPENINGS["residential"]
    }
    assert blanks == {UNKNOWN if contradicts else BLANK}
    for header in OPENINGS["gates"]:
        frame = check_study(study("gates", header, word, "是"))[0].gates.frame
        assert bool(frame["open_unknown"].iloc[0]) is contradicts


@pytest.mark.one_in(4)
@pytest.mark.parametrize("stage", ["规划", "在建"])
@pytest.mark.parametrize(
    ("cell", "told"), [("2024年5月", UNKNOWN), ("预计2024年5月", None), ("2030年", None)]
)
def test_what_opened_before_the_day_is_neither_planned_nor_being_built(study, cell, told, stage):
    """In whatever column: what was only expected to open may still be built."""
    at = {"规划": "planned", "在建": BUILDING}[stage]
    for header in OPENINGS["facilities"][::2]:
        assert stage_of(study("facilities", header, cell, stage), "facilities") == (told or at)
    area = AREA.replace("已建成", "新建").format(stage=stage)
    for header in OPENINGS["residential"][::3]:
        folder = study("residential", header, cell, stage)
        (folder / "r.csv").write_text(f"{AREAS},{header}\n{area},{cell}\n", encoding="utf-8")
        assert stage_of(folder, "residential") == (told or at), header


@pytest.mark.parametrize(
    ("header", "stage", "day", "reached", "told"),
    [
        *((h, s, "2024-05-01", NOT_KNOWN, True) for h in SERVES_SINCE for s in ("移交", "验收")),
        ("投用时间", "移交", "2024", NOT_KNOWN, True),
        *(
            (h, "移交", "2024-05-01", MISSED, False)
            for h in ("建成时间", "移交时间", "计划启用时间")
        ),
        ("启用时间", "移交", "2030-05-01", MISSED, False),
        ("备注", "移交", "2024年5月启用", NOT_KNOWN, True),
        ("备注", "移交", "2030年5月启用", MISSED, False),
        *(  # that it was built and handed over is what its stage says
            ("备注", s, f"2024年5月{word}", MISSED, False)
            for s in ("移交", "验收")
            for word in ("竣工", "建成", "移交")
        ),
        *(
            (h, "移交", day, NOT_KNOWN, True)
            for h in SERVES_SINCE
            for day in ("2025", "2025-12-31")
        ),
        *((h, "运营", "2024-05-01", MET, False) for h in ("启用时间", "建成时间")),
    ],
)
def test_what_is_handed_over_and_opened_before_the_day_may_serve(
    study, header, stage, day, reached, told
):
    read, problems = check_study(study("facilities", header, day, stage))
    found = lc.assess(read).findings.query("id == 'R1'").set_index("clause")["status"]
    assert str(found["CX-06"]) == reached
    if told:  # its rooms stand, and count
        assert read.facilities.frame["stage"].iloc[0] in {ACCEPTED, "handed_over"}
    assert [p.column for p in problems if p.code is ProblemCode.MAY_SERVE] == [header] * told


def test_a_trial_that_shuts_what_may_serve_shuts_it(study):
    """A stage that somebody tries is heard for itself: no day opens what it calls idle."""
    facilities = check_study(study("facilities", "启用时间", "2024-05-01", "移交"))[0].facilities
    ends = {
        stage: facility_columns(facilities.frame.assign(stage=stage))["open"].tolist()
        for stage in ("accepted", "in_use", "idle", "closed", "planned")
    }
    assert [stage for stage, open_ in ends.items() if open_ == [1.0]] == ["in_use"]
    assert [stage for stage, open_ in ends.items() if open_ == [0.0]] == [
        *("idle", "closed", "planned")
    ]


@pytest.mark.parametrize(
    ("stage", "remark", "expected"),
    [
        ("移交", "2030年6月移交", UNKNOWN),
        ("验收", "2030年6月竣工", UNKNOWN),
        ("验收", "2030年6月移交", ACCEPTED),
        ("验收", "2030年6月启用", ACCEPTED),
        ("规划", "2024年6月竣工", UNKNOWN),
        ("运营", "2024年6月竣工", IN_USE),
    ],
)
def test_a_remark_of_a_day_is_heard_as_a_column_of_it_is(study, stage, remark, expected):
    assert stage_of(study("facilities", "备注", remark, stage), "facilities") == expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [("交房时间", UNKNOWN), ("实际入住时间", UNKNOWN), ("验收时间", ACCEPTED)],
)
def test_housing_that_was_handed_over_is_not_only_accepted(study, header, expected):
    folder = study("residential", header, "2024年5月", "验收")
    area = AREA.replace("已建成", "新建").format(stage="验收")
    (folder / "r.csv").write_text(f"{AREAS},{header}\n{area},2024年5月\n", encoding="utf-8")
    assert stage_of(folder, "residential") == expected


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("预计交付时间", "2024年6月"),
        ("交付时间", "预计2024年6月"),
        ("住宅交付日期", "预计2024年6月"),
        ("竣工时间", "计划2024年"),
        ("计划竣工时间", "2024-06-01"),
    ],
)
@pytest.mark.parametrize(
    ("area_class", "more", "expected"),
    [
        ("新建", "", UNKNOWN),  # nobody says that it came about
        ("", "", UNKNOWN),
        ("已建成", "", BLANK),  # its class says that it stands
        ("新建", "2024-09-30", BLANK),  # and so does a day that was not only expected
        ("新建", "2024年", BLANK),
        ("新建", "不详", UNKNOWN),
    ],
)
def test_an_expected_day_that_is_past_says_nothing(
    tmp_path, header, cell, area_class, more, expected
):
    area = AREA.replace("已建成", area_class).format(stage="")
    tables = {
        "f": f"{PLACES}\n{PLACE.format(stage='运营')}\n",
        "g": f"{GATES}\n{GATE.format(stage='')}\n",
    }
    head = f"{AREAS},{header},实际入住时间"
    folder = written(tmp_path, WITH_GATES, r=f"{head}\n{area},{cell},{more}\n", **tables)
    assert stage_of(folder, "residential") == expected


@pytest.mark.parametrize(
    ("layer", "days", "expected"),
    [
        ("facilities", {"停用时间": "2020年", "启用时间": "2030年"}, BUILDING),
        ("facilities", {"计划启用时间": "2030年", "开业日期": "2030年"}, BUILDING),
        ("residential", {"交付时间": "待定", "交房时间": "2030年"}, BUILDING),
        ("residential", {"拆迁时间": "2021年", "预计交付时间": "2030年"}, BUILDING),
        ("gates", {"封闭时间": "2020年", "启用时间": "2030年"}, (False, False)),
    ],
)
def test_what_opens_later_is_not_there_in_whichever_order_its_columns_stand(
    study, layer, days, expected
):
    for told in (days, dict(reversed(days.items()))):
        folder = study(layer, ",".join(told), ",".join(told.values()))
        if layer == "gates":
            frame = check_study(folder)[0].gates.frame
            assert (frame["open"].iloc[0], bool(frame["open_unknown"].iloc[0])) == expected
        else:
            assert stage_of(folder, layer) == expected


@pytest.mark.parametrize(
    ("open_", "header", "cell", "expected"),
    [
        ("", "启用时间", "2030年", (False, False)),
        ("是", "启用时间", "2030年", (False, False)),
        ("", "预计开通时间", "2030年", (False, False)),
        ("是", "预计开通时间", "2030年", (None, True)),
        ("", "启用时间", "2026", (False, False)),
        ("", "启用时间", "待定", (None, True)),
        ("是", "启用时间", "待定", (None, True)),  # two things of one gate
        ("是", "启用时间", "不详", (True, False)),
        ("是", "预计开通时间", "2024年", (True, False)),
        ("", "预计开通时间", "2024年", (None, True)),
        ("", "启用时间", "2019年", (None, False)),
        ("", "启用时间", "2025", (None, False)),
        ("", "封闭时间", "2020年", (None, True)),
        ("是", "封闭时间", "2020年", (None, True)),
        ("", "封闭时间", "2030年", (None, False)),
        ("", "封闭时间", "长期", (None, True)),
        ("否", "启用时间", "2019年", (False, False)),
    ],
)
def test_a_day_of_a_gate(study, open_, header, cell, expected):
    frame = check_study(study("gates", header, cell, open_))[0].gates.frame
    shown, unknown = frame["open"].iloc[0], bool(frame["open_unknown"].iloc[0])
    assert (None if shown is None else bool(shown), unknown) == expected


@pytest.mark.one_in(4)
@pytest.mark.parametrize(
    ("layer", "header"),
    [("facilities", "启用时间"), ("residential", "交房时间"), ("gates", "启用时间")],
)
@pytest.mark.parametrize("cell", ["2030-06-30", "2030年", "预计2030年底", "2030年上半年"])
def test_past_the_day_all_is_as_without_it(study, layer, header, cell):
    """Moving the day of judging behind the date gives what a row without one gives."""

    def verdicts(*row, day):
        findings = lc.assess(lc.read_study(study(*row, day=day) / "study.toml")).findings
        return findings[["clause", "id", "status", "low", "high"]].astype(str).to_numpy().tolist()

    without = verdicts(layer, header, "", day="2031-01-01")
    if not cell.startswith("预计"):  # what was planned is not known to have come about
        assert verdicts(layer, header, cell, day="2031-01-01") == without
    before = verdicts(layer, header, cell, day="2025-12-31")
    if layer == "facilities":
        assert [row[2] for row in before].count("compliant") < [r[2] for r in without].count(
            "compliant"
        )


@pytest.mark.parametrize(
    ("header", "cell", "told"),
    [
        ("撤并时间", "2019年", True),
        ("撤销日期", "2025-06-30", True),
        ("撤并时间", "2026年", False),
        ("设立时间", "2026年", True),
        ("成立时间", "1984年", False),
        ("撤并时间", "", False),
    ],
)
def test_a_unit_that_is_no_more_is_told(tmp_path, header, cell, told):
    """It counts as listed: who made the list is asked."""
    tables = {
        FILES[name]: f"{head}\n{row.format(stage=USED[name])}\n"
        for name, (head, row) in ROWS.items()
    }
    units = f"行政区划代码,名称,{header}\n371721001,甲街道,{cell}\n371721100,乙镇,\n"
    study = WITH_GATES + '[layers.units]\npath = "u.csv"\n'
    _, problems = check_study(written(tmp_path, study, u=units, **tables))
    rows = [p.value for p in problems if p.code is ProblemCode.UNIT_OTHER_DAY]
    assert rows == ([cell] if told else [])


@pytest.mark.parametrize(
    ("cell", "stage"),
    [
        ("2026年6月停用", IN_USE),
        ("自2026年6月起停用", IN_USE),
        ("2026.6.30拆除", IN_USE),
        ("停用于2026年6月", IN_USE),
        ("2026年6月停用，已公告", IN_USE),
        ("2026年6月停用，现已闲置", UNKNOWN),
        ("2025年12月停用", UNKNOWN),  # of that month some days are past
        ("2025年停用", UNKNOWN),
        ("2024年6月停用", UNKNOWN),
        ("停用", UNKNOWN),
        ("2026年6月启用", UNKNOWN),  # what opens later is not there
    ],
)
@pytest.mark.parametrize("layer", ["facilities", "residential"])
def test_a_remark_of_an_end_after_the_day_of_judging_ends_nothing_yet(study, layer, cell, stage):
    if layer == "facilities":
        assert stage_of(study(layer, "备注", cell), layer) == stage
    elif stage is IN_USE:
        assert stage_of(study(layer, "备注", cell, stage="入住"), layer) == IN_USE


@pytest.mark.parametrize(
    ("stage", "reached", "told"),
    [
        *((word, NOT_KNOWN, True) for word in ("已建成", "建成", "竣工", "已竣工")),
        *((word, MISSED, False) for word in ("移交", "竣工验收", "验收合格")),
        *((word, MET, False) for word in ("建成运营", "已建成投用", "运营")),
    ],
)
def test_what_is_only_said_to_be_built_may_serve(study, stage, reached, told):
    """Its 75 m² are there either way: what 500 households ask for."""
    for header, day in (("联系人", ""), ("启用时间", "2024-05-01")):
        read, problems = check_study(study("facilities", header, day, stage))
        found = lc.assess(read).findings.query("id == 'R1'").set_index("clause")["status"]
        assert str(found["CX-06"]) == (NOT_KNOWN if day and reached == MISSED else reached)
        assert read.facilities.frame["stage"].iloc[0] in {ACCEPTED, "handed_over", IN_USE}
        codes = [problem.code for problem in problems]
        assert (ProblemCode.BUILT_ONLY in codes) == told


def test_what_is_built_as_above_may_serve_too(tmp_path):
    """同上 is what the row above says, in all that its words mean, and a row below it again."""
    stages = ["运营", "同上", "建成", "同上", "〃", "移交", "同上"]
    told, _ = judged(tmp_path, [([{}], [{"状态": stage}]) for stage in stages], clause="CX-06")
    assert told == [[MET]] * 2 + [[NOT_KNOWN]] * 3 + [[MISSED]] * 2
