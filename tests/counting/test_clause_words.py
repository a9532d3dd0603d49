"""What the clause cell of an exemption means under Caoxian's and Weishan's documents.

Caoxian asks areas for 20 m² (CX-01, new) and 15 m² (CX-03, existing) per 100 households, 四同步
(CX-02), 15 minutes (CX-05), 1000 m (CX-06) and the rate of the quotas (CX-07); all in 三（六）.
"""

from __future__ import annotations

import datetime as dt

import pytest

from lifecircle.counting.clause_words import ClauseWords, is_unsaid
from lifecircle.judge.readings import put_in_force
from lifecircle.standards import read_standard

DAY = dt.date(2025, 6, 30)
ALL = frozenset(f"CX-0{n}" for n in (1, 2, 3, 5, 6, 7))


def words_of(document):
    rules = put_in_force(read_standard(document), DAY, {})
    areas = {rule.id for rule in rules if rule.subject == "residential"}
    return ClauseWords(rules, lambda letters: letters in {"cx", "ws"}), areas


CAOXIAN, WEISHAN = words_of("caoxian-2023"), words_of("weishan-2023")


def meant(cell, words=CAOXIAN):
    """Return the clauses on areas that a cell means, and may mean."""
    told = words[0].meant(cell)
    return told.sure & words[1], told.perhaps & words[1], told.known


EVERY = "全部 所有 所有条款 全部指标 各条 均 全免 本方案全部条款 全部豁免 整体豁免 免除全部条款"
EVERY += " all 三（六） 三(六) （六） ＡＬＬ"


@pytest.mark.parametrize("cell", EVERY.split())
def test_all_is_every_clause_that_asks_an_area(cell):
    assert meant(cell) == (ALL, frozenset(), True)


@pytest.mark.parametrize(
    ("cell", "clauses"),
    [
        *(
            (cell, "06")
            for cell in ("CX-06", "cx06", "ｃｘ－０６", "CX 06", "CX_6", "CX-6", "6", "06")
        ),
        *((cell, "06") for cell in ("第六条", "第6条", "CX-06条", "豁免CX-06", "条款：CX-06")),
        *((cell, "06") for cell in ("免除CX-06", "CX-06免除", "免于执行CX-06", "CX-06不适用")),
        ("步行时间免除", "05"),
        *(
            (cell, "06 07")
            for cell in ("CX-06、CX-07", "CX-06,CX-07", "CX-06；CX-07", "CX-06/CX-07")
        ),
        *((cell, "06 07") for cell in ("CX-06 CX-07", "CX-06\nCX-07", "CX06CX07", "CX-06和CX-07")),
        *((cell, "06 07") for cell in ("6、7", "CX-06、07", "第6、7条", "CX-06、CX-07等2条")),
        *((cell, "05 06 07") for cell in ("CX-05至CX-07", "CX-05~07", "CX-05—CX-07", "5-7")),
        *((cell, "05 06 07") for cell in ("第五条至第七条", "CX-05 到 CX-07", "CX-05－CX-07")),
        *(
            (cell, "01 03")
            for cell in ("配建面积", "全部配建面积", "面积指标", "配建用房面积", "floor area")
        ),
        *((cell, "01") for cell in ("20㎡", "每百户20㎡", "每百户20m2")),
        *((cell, "03") for cell in ("每百户15平方米", "每百户不少于15㎡", "老旧小区配建面积")),
        *(
            (cell, "05")
            for cell in ("步行时间", "15分钟", "十五分钟", "步行15分钟", "15分钟生活圈", "walk")
        ),
        *((cell, "05") for cell in ("15分钟养老生活圈", "15 分钟 生活圈", "15分钟养老服务圈")),
        *(
            (cell, "06")
            for cell in ("服务半径", "1000米", "1000 米", "一公里", "覆盖半径", "radius")
        ),
        *((cell, "06") for cell in ("养老服务设施覆盖半径", "Service radius", "CX-06（服务半径）")),
        *((cell, "06") for cell in ("CX-06 养老服务设施覆盖半径", "CX-06服务半径")),
        ("确保养老服务设施覆盖半径不大于1000米", "06"),
        ("四同步", "02"),
        ("配建达标率", "07"),
        ("配建面积、服务半径", "01 03 06"),
        ("配建面积和服务半径", "01 03 06"),
        ("老旧及已建成小区养老服务设施配置", "03"),
        ("已建成小区养老服务设施配置", "03"),
    ],
)
def test_what_can_be_read_means_these_and_no_others(cell, clauses):
    assert meant(cell) == ({f"CX-{n}" for n in clauses.split()}, frozenset(), True)


@pytest.mark.parametrize(
    ("cell", "sure", "perhaps"),
    [
        ("覆盖", "", "05 06"),
        ("距离", "", "05 06"),
        ("500米", "", "06"),  # the document says 1000
        ("20米", "", "06"),
        ("CX-01或CX-03", "", "01 03"),
        ("CX-06（改造困难）", "", "06"),
        ("CX-06（CX-03）", "", "03 06"),  # one of the two is a mistake
        ("配建", "01 03", "02"),  # whether the four stages too
        ("养老服务用房", "01 03", "02"),
        # an id beside the words of another clause, with brackets or without
        ("CX-06步行", "", "05 06"),
        ("面积 CX-06", "", "01 03 06"),
        # lowered, or let off
        ("配建面积减免", "", "01 03"),
        ("减免CX-06", "", "06"),
    ],
)
def test_what_may_mean_several_means_each_perhaps(cell, sure, perhaps):
    want = tuple({f"CX-{n}" for n in side.split()} for side in (sure, perhaps))
    assert meant(cell) == (*want, True)


UNREAD = "无 不详 ？ 某某 部分条款 CX-66 XX-77 CX-06减半 除CX-06外全部 CX-06等 不豁免 新建小区"
UNREAD += " 不免除CX-06 免除除CX-06外各条"
UNREAD += " 第六款 第三条第六款 3.6 三（六）1 第六项"
UNREAD += " 老旧小区改造 改造 老旧小区改造项目 已完成老旧小区改造"  # a reason
UNREAD += " 配建面积减半 见批文 CX-07至CX-05 9 设施 、"


@pytest.mark.parametrize("cell", ["", None, *UNREAD.split()])
def test_what_cannot_be_read_may_mean_any_and_none_for_certain(cell):
    assert meant(cell) == (frozenset(), ALL, False)


def test_what_is_named_beside_what_cannot_be_read_stands():
    for cell in ("CX-06、CX-66", "CX-06等3条"):
        assert meant(cell) == ({"CX-06"}, ALL - {"CX-06"}, False)


def test_the_clause_of_another_document_is_none_of_this_one():
    assert meant("WS-03") == (frozenset(), frozenset(), True)
    assert meant("CX-03", WEISHAN) == (frozenset(), frozenset(), True)
    assert meant("CX-06、WS-03") == ({"CX-06"}, frozenset(), True)


def test_words_mean_the_clauses_of_the_document_that_is_judged():
    """Weishan's own clauses ask for a facility, and the province's for m²."""
    assert meant("配建面积", WEISHAN) == ({"SD-01", "SD-02"}, {"WS-03", "WS-30b"}, True)
    assert meant("30b", WEISHAN)[0] == {"WS-30b"}
    assert meant("新建小区配建率", WEISHAN)[0] == {"WS-03"}


@pytest.mark.parametrize(
    "document", ["caoxian-2023", "weishan-2023", "jinxiang-2023", "pingyin-2022"]
)
def test_every_clause_is_known_by_its_id_and_by_its_title(document):
    rules = put_in_force(read_standard(document), DAY, {})
    words = ClauseWords(rules, lambda _: False)
    for rule in rules:
        for cell in (rule.id, rule.id.lower().replace("-", ""), f"豁免{rule.id}条款"):
            told = words.meant(cell)
            assert (told.sure, told.perhaps, told.known) == ({rule.id}, frozenset(), True), cell
        for title in rule.clause.title.values():
            told = words.meant(title)
            alike = {r.id for r in rules if title in r.clause.title.values()}
            assert (told.sure, told.perhaps) == (alike, frozenset()), title


def test_what_says_nothing():
    assert all(
        is_unsaid(cell)
        for cell in (
            None,
            "",
            "  ",
            "无",
            "不详",
            "待补充",
            "？",
            float("nan"),
            "待核实",
            "暂缺",
            "没有",
        )
    )
    assert not is_unsaid("全部")
