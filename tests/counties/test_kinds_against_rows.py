"""What rows say against themselves, and lists of whom rooms serve, in six ways that ledgers come.

What is expected was written down before it was run: m² (CX-03) and reach (CX-06).
"""

from __future__ import annotations

import pytest
from tests.counties.worlds import (
    WORLDS,
    Also,
    C,
    D,
    Kind,
    N,
    areas,
    in_degrees,
    one,
    room,
    verdicts,
)

from lifecircle.errors import StudyError
from lifecircle.model.problem import ProblemCode as P

PAST, AHEAD = "2024年5月", "2026年6月"
HALF, WHOLE = {"户数": 250}, {"户数": 1000}
KINDS = (
    # numbers of projects that are one number: 75 m² for both; A1 and A-1 are two
    Kind("杉木苑", (C, C), one(), HALF | {"项目编号": "1"},
         more=(Also("柏树苑", 400, (C, C), {"项目编号": "01"}),)),
    Kind("楠竹苑", (C, C), one(m2=40), HALF | {"项目编号": "A1"},
         more=(Also("檀香苑", 400, (D, C), {"项目编号": "A-1"}),)),
    # handed over or accepted, and opened since, perhaps: m² count as they did
    Kind("香樟苑", (C, N), one(状态="验收", 启用时间=PAST)),
    Kind("乌桕苑", (C, N), one(状态="移交", 备注=f"{PAST}启用")),
    Kind("黄杨苑", (C, D), one(状态="验收")),
    Kind("重阳苑", (C, D), one(状态="验收", 启用时间=AHEAD)),
    # figures of remarks
    Kind("苦楝苑", (N, C), one(备注="实测60")),
    Kind("水曲苑", (C, C), one(备注="实测75㎡")),
    Kind("栾树苑", (N, C), one(), {"备注": "实际800户"}, bare=(N, D)),
    Kind("构树苑", (N, C), one(), {"备注": "户数待核实"}, bare=(N, D)),
    Kind("朴树苑", (N, C), one(备注="面积与实际不符")),
    # a stage that says no beside a word that says open
    Kind("榉木苑", (N, N), one(状态="停用", 是否运营="是")),
    Kind("黄栌苑", (N, N), one(状态="规划", 经营状态="正常运营")),
    Kind("栓皮苑", (D, D), one(状态="停用", 备注="2020年已启用")),
    Kind("麻栎苑", (D, D), one(状态="闲置", 备注="曾正常运营")),
    Kind("锥栗苑", (D, D), one(状态="停用", 备注="周边站点正常运营")),
    Kind("青冈苑", (N, N), one(m2=10), {"状态": "规划", "备注": "已入住"}, bare=(N, N)),
    # days of opening in other columns
    Kind("鹅掌苑", (N, N), one(状态="在建", 移交时间=PAST)),
    Kind("含笑苑", (N, N), one(状态="规划", 开业日期=PAST)),
    Kind("厚朴苑", (D, D), one(状态="在建", 开业日期=AHEAD)),
    Kind("瑞香苑", (N, N), one(备注=f"启用时间：{AHEAD}")),
    Kind("结香苑", (N, N), one(备注="已停用，2026年恢复运营")),
    Kind("溲疏苑", (N, N), one(m2=10), {"备注": "2026.6交房"}, bare=(N, N)),
    # whom rooms serve
    Kind("绣线苑", (N, C), one(east=300, 服务小区="全部小区")),
    Kind("桦林A区", (C, C), one(m2=150, east=200, 服务小区="桦林A、B区"),
         more=(Also("桦林B区", 400, (C, C)),)),
    Kind("桤木一期", (N, C), one(m2=225, east=300, 服务小区="桤木前两期"),
         more=(Also("桤木二期", 400, (N, C)), Also("桤木三期", 700, (N, C)))),
    Kind("蔷薇苑", (C, C), one(m2=150, east=200, 服务小区="1.蔷薇苑 2.木香苑"),
         more=(Also("木香苑", 400, (C, C)),)),
    Kind("棣棠苑", (C, C), one(m2=150, east=200, 服务小区="棣棠苑、金露苑各75"),
         more=(Also("金露苑", 400, (C, C)),)),
    Kind("珍珠苑", (C, C), one(east=150, 服务小区="珍珠苑", 设施名称="珍珠苑日间照料中心")),
    # being set up, or not yet approved
    Kind("风箱苑", (N, N), one(设施类型="日间照料中心筹建处")),
    Kind("白鹃苑", (N, N), one(设施名称="白鹃日间照料中心（筹）")),
    Kind("悬钩苑", (N, D), exempt=("", "悬钩苑", "拟报县政府批准", ""), bare=(N, D)),
    # what ends a place, or doubts it, in more words
    Kind("火棘苑", (N, N), one(备注="停用整改")),
    Kind("枸骨苑", (N, N), one(备注="疫情后未再开放")),
    Kind("卫矛苑", (N, C), one(备注="被社区办公占用一半")),
    Kind("黄芩苑", (N, N), one(备注="定位偏移约500米", 服务小区="黄芩苑")),
    Kind("丝棉苑", (N, N), one(m2=10), {"备注": "已并入西园"}, bare=(N, N)),
    Kind("南蛇苑", (N, N), one(m2=10), {"备注": "商业项目，无住宅"}, bare=(N, N)),
    Kind("雷公苑", (C, C), one(备注="老板跑了再没人理会")),
    # what is to open, in more words, and what is not: of another thing, or past
    Kind("青荚苑", (N, N), one(备注="预计6月底投入使用")),
    Kind("鞘柄苑", (N, N), one(备注="验收合格后启用")),
    Kind("吊钟苑", (N, N), one(备注="筹备中")),
    Kind("珊瑚苑", (N, N), one(备注="暂未对外开放")),
    Kind("接骨苑", (C, C), one(备注="食堂未对外开放")),
    Kind("忍冬苑", (C, C), one(备注="2023年验收合格后启用")),
    Kind("锦带苑", (N, C), one(备注="面积存疑")),
    Kind("六道苑", (C, C), one(备注="面积已核实")),
    # positions: none, one that a record contradicts by 50 km, one that was looked at
    Kind("鼠李苑", (N, N), one(east=None, 服务小区="鼠李苑")),
    Kind("枳椇苑", (C, N), one(east=None, 服务小区="枳椇苑", 设施名称="枳椇苑日间照料中心")),
    Kind("猫乳苑", (N, N), one(east=50_000, 服务小区="猫乳苑")),
    Kind("雀梅苑", (D, D), one(east=50_000, 服务小区="雀梅苑", 备注="坐标已核实")),
    # rows that may be one place
    Kind("蛇莓苑", (N, C), one(设施名称="蛇莓站") * 2, WHOLE),
    Kind("水杨苑", (N, C), (room(设施名称="水杨站"),
         room(设施名称="水杨站", 设施类型="助老食堂")), WHOLE),
    Kind("白檀苑", (C, C), (room(设施名称="白檀站", 场所编号="7"),
         room(设施名称="白檀助餐站", 设施类型="助老食堂", 场所编号="8")), WHOLE),
    # gates: shut for certain, open since, one of two shut
    Kind("山矾苑", (D, N), one(east=960), gates=((-65, {"是否封闭": "是"}),)),
    Kind("野柿苑", (D, D), one(east=960), gates=((-65, {"是否开放": "是", "启用时间": PAST}),)),
    Kind("君迁苑", (D, C), one(east=1020),
         gates=((-30, {"备注": "已封闭"}), (30, {"是否开放": "是"}))),
    # a gate that is not there yet is none: from the middle, as where the only one is shut by 否
    Kind("老鸦苑", (D, C), one(east=960), gates=((-65, {"是否开放": "是", "启用时间": AHEAD}),)),
    # beside one of its own town that has no place (a town of its own, the last of the sheets)
    Kind("勾儿苑", (N, C), one(east=30), more=(Also("马甲苑", None, (N, N), bare=(D, N)),),
         town="青菏街道"),
)  # fmt: skip


@pytest.mark.one_in(2)
@pytest.mark.parametrize("world", WORLDS)
def test_what_rows_say_against_themselves_comes_to_the_same(tmp_path, world):
    result = WORLDS[world](tmp_path, KINDS)
    told = [
        (row["小区名称"], half if world == "halves" else all_) for row, all_, half in areas(KINDS)
    ]
    named = [(name, one) for (name, _), one in zip(told, verdicts(result), strict=True)]
    assert [pair for pair in zip(named, told, strict=True) if pair[0] != pair[1]] == []
    codes = {p.code for p in result.problems}
    assert not codes & {P.DATUM_SUSPECTED, P.DATUM_MIXED, P.DATUM_ASKED}
    # every column is read, or held against its row
    assert not codes & {P.COLUMN_UNKNOWN, P.COLUMN_LIKELY}


ASKING = {P.DATUM_SUSPECTED, P.DATUM_MIXED, P.DATUM_ASKED}


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_a_datum_that_is_not_the_one_declared_is_told(tmp_path, datum):
    """Facilities as GCJ-02 or BD-09 has them, under CGCS2000: the verdicts are others."""
    result = in_degrees(["cgcs2000"], [datum], said=["cgcs2000"])(tmp_path, KINDS)
    expected = [all_ for _, all_, _ in areas(KINDS)]
    assert verdicts(result) != expected
    assert [p.layer for p in result.problems if p.code in ASKING] == ["facilities"]


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_a_datum_that_nobody_says_is_asked_for(tmp_path, datum):
    with pytest.raises(StudyError) as told:
        in_degrees(["cgcs2000"], [datum], said=[""])(tmp_path, KINDS)
    asked = [p.layer for p in told.value.problems if p.code is P.COORDINATES_UNDECLARED]
    assert asked == ["facilities"]


NAMED = tuple(kind for kind in KINDS if any(said.get("服务小区") for _, said in kind.rooms))
HEADERS = ("服务小区名称", "服务小区名单", "服务的小区", "所服务小区")
HEADERS += ("覆盖小区", "配建小区", "辐射居住区")


@pytest.mark.one_in(4)
@pytest.mark.parametrize("header", HEADERS)
def test_whom_rooms_serve_is_read_under_each_header(tmp_path, header):
    world = in_degrees(["wgs84"], ["gcj02"], renamed={"服务小区": header})
    assert verdicts(world(tmp_path, NAMED)) == [all_ for _, all_, _ in areas(NAMED)]
