"""服务小区 that says there is a record and not whom it names: neither for an estate nor against it.

An existing estate of 500 households needs 75 m²; the rooms have 100 and stand in the first estate,
the second is 400 m further. By hand: either may have them, or somebody beyond the list.
"""

from __future__ import annotations

import pytest
from tests.many_worlds import judged

from lifecircle.intake.joins.beyond.unread import kept_or_unread
from lifecircle.intake.ledger.cells.figure_names import DITTO
from lifecircle.model.dictionary import words

MET, SHORT, OPEN = "compliant", "deficient", "not_assessed"
THERE = (
    *(
        "见附件",
        "（见附件）",
        "详见清单",
        "另附",
        "见备注",
        "详见民政系统",
        "纸质档案",
        "其他见附件",
    ),
    *(
        "略",
        "从略",
        "（略）",
        "涉密",
        "暂不公开",
        "以实际为准",
        "据实",
        "已登记",
        "已在民政局备案",
        "在册",
        "有",
        "√",
    ),
    *(
        "另行提供",
        "另行确定",
        "另行公布",
        "待公布",
        "尚未公布",
        "稍后补充",
        "后补",
        "另定",
        "待签订协议",
    ),
    *(
        "字迹不清",
        "无法辨认",
        "字迹模糊，无法辨认",
        "看不清",
        "名称被涂改",
        "协议丢失",
        "原件破损",
        "乱码",
        "……",
        "××小区",
        "#REF!",
    ),
    *("同上", "同上行", "〃", "3个", "若干"),
)
NOT_FILLED = ("", "待补", "暂缺", "未填", "待提供", "不详", "缺失", "待登记", "未登记", "无", "/")
BESIDE = {
    "{1}；略": [OPEN, OPEN],
    "{1}；其余略": [OPEN, OPEN],
    "{1}；其他见附件": [OPEN, OPEN],
    "{0}；另附": [MET, OPEN],  # it stands there, and is named
    "{0}等（名单另附）": [MET, OPEN],
    "{0}": [MET, SHORT],
    "{1}": [SHORT, MET],
    "待定": [MET, OPEN],
    "待确定": [MET, OPEN],
    "月光花园": [OPEN, SHORT],  # a name, and not the second's
}


def told_of(folder, **cells):
    records = [*THERE, *NOT_FILLED, *BESIDE]
    told, _ = judged(folder, [([{}, {}], [cells | {"服务小区": one}]) for one in records])
    return dict(zip(records, told, strict=True))


def test_a_record_that_is_there_and_not_read_may_be_for_any_estate_near(tmp_path):
    wanted = {one: [OPEN, OPEN] for one in THERE} | {one: [MET, SHORT] for one in NOT_FILLED}
    wanted |= BESIDE
    assert told_of(tmp_path) == wanted


def test_too_few_m2_decide_nothing(tmp_path):
    assert all(one == [SHORT, SHORT] for one in told_of(tmp_path, 建筑面积="74").values())


def test_beyond_the_radius_it_opens_nothing(tmp_path):
    """Rooms 700 m west of the first estate, and so 1,300 m of the second: records reach 1,000 m."""
    told = told_of(tmp_path, at=(-700, 100))
    wanted = {one: [OPEN, SHORT] for one in THERE} | {one: [SHORT, SHORT] for one in NOT_FILLED}
    assert {record: told[record] for record in wanted} == wanted


@pytest.mark.parametrize(
    "word", [*words("untold"), "东苑", "二期", "金河湾", "有缘小区", "略阳路小区"]
)
def test_a_blank_and_a_name_are_no_such_record(word):
    assert not kept_or_unread(word)


@pytest.mark.parametrize("word", sorted(DITTO))
def test_as_above_is_a_record_where_nothing_stands_above(word):
    assert kept_or_unread(word)
