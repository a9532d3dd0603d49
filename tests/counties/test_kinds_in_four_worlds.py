"""What rows say of themselves, an estate a kind, in six ways that a county's ledgers come.

What is expected was written down before it was run: m² (CX-03) and reach (CX-06).
"""

from __future__ import annotations

import pytest
from tests.counties.worlds import WORLDS, Also, C, D, E, Kind, N, areas, one, room, verdicts

from lifecircle.model.problem import ProblemCode as P

KINDS = (
    Kind("春晓小区", (N, N), one(启用时间="待定")),  # in use, and not opened yet
    Kind("夏荷小区", (N, N), one(m2=10), {"交房时间": "待定"}, bare=(N, N)),
    Kind("秋实小区", (D, C), one(m2=10), {"状态": "", "交房时间": "预计2024年6月"}),
    Kind("冬青小区", (N, N), one(状态="", 启用时间="预计2024年6月")),
    Kind("金桂小区", (C, C), one(east=300, 服务小区="金桂小区", 启用时间="预计2024年6月")),
    Kind("银杏小区", (N, N), one(备注="可能停用")),
    Kind("白杨小区", (C, D), one(设施类型="原日间照料中心现助餐点")),  # m², and no reach (A16)
    Kind("红枫小区", (C, C), one(设施类型="日间照料中心（助老食堂已停用）")),
    Kind("翠竹小区", (N, C), one(east=10, 备注="服务青松小区"),
         more=(Also("青松小区", 600, (N, C)),)),
    Kind("海棠小区", (N, N), one(备注="预计2026年启用")),
    Kind("玉兰小区", (C, C), one(备注="原为村小学，已停用，2020年改造为日间照料中心")),
    Kind("牡丹小区", (N, N), one(备注="曾评为示范站，现闲置")),
    # listed twice: one estate whose m² are recorded, or two
    Kind("芍药小区", (N, C), one(east=500, 服务小区="芍药小区"),
         more=(Also("芍药小区", 0, (N, N)),)),
    Kind("月季小区", (D, D), one(状态="规划", 设施名称="月季站") * 2, {"户数": 1000}),
    Kind(
        "丁香小区",  # one house with two signboards, or 150 m²
        (N, C),
        (room(east=5, 设施名称="丁香照料中心"), room(east=5, 设施名称="丁香养老服务站")),
        {"户数": 1000},
    ),
    Kind("茉莉一期", (C, C), one(m2=150, east=200, 服务小区="茉莉一、二期"),
         more=(Also("茉莉二期", 400, (C, C)),)),
    Kind("石榴小区", (E, D), exempt=("", "石榴小区", "1号", ""), bare=(E, D)),
    Kind("枇杷小区", (N, D), exempt=("枇杷小区、北苑九号", "", "1号", ""), bare=(N, D)),
    Kind("樱桃小区", (D, D), exempt=("樱桃小区", "", "1号", "2024年底前")),
    Kind("核桃小区", (E, D), exempt=("核桃小区", "", "1号", "2025年底前"), bare=(E, D)),
    Kind("梅岭小区", (N, D), exempt=("梅岭小区", "", "", ""), bare=(N, D)),
    Kind("板栗小区", (C, C), one(m2="约75")),
    # 1050 by its gate 60 m west, if that is open
    Kind("葡萄小区", (D, N), one(east=990), gates=((-60, {"是否开放": "是", "启用时间": "待定"}),)),
    Kind("柿子小区", (C, C), one(备注="服务柿子小区")),
    Kind("莲花小区", (C, C), one(停用日期="无")),
    Kind("杏林小区", (C, C), one(设施类型="日间照料中心（计划增设助老食堂）")),
    Kind("梨园小区", (C, C), one(east=300, 服务小区="梨园小区")),
    Kind("槐荫小区", (D, D)),
    Kind("榆钱小区", (N, N), one(m2=10), {"备注": "棚改拆迁中"}, bare=(N, N)),
    Kind("柳堤小区", (N, C), one(备注="二楼出租")),
    Kind("雪松小区", (C, D), one(设施类型="日间照料中心→助餐点")),
    Kind("石楠小区", (N, N), one(备注="查无此处")),
    Kind("合欢小区", (N, N), one(m2=10),
         {"类别": "", "状态": "", "交房时间": "预计2024年6月"}, bare=(N, N)),
    Kind("木槿小区", (N, N), one(状态="在建", 启用时间="2024年5月")),
    Kind("凌霄小区", (N, N), one(备注="已停用，计划2026年恢复")),
    Kind("紫藤小区", (N, N), one(状态="停用", 备注="现已开放")),
    Kind("迎春小区", (C, C), one(启用时间="不详")),
)  # fmt: skip


@pytest.mark.parametrize("world", WORLDS)
def test_what_rows_say_comes_to_the_same(tmp_path, world):
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
    assert (P.PARTS_HIDDEN in codes) is (world == "sheets")
