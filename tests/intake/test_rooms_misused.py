"""Remarks that rooms in use are turned over, shut or never opened (a table by hand).

``NOBODY``: the row says two things of itself, and is not known to be in use. ``PART``: some of its
rooms, whose m² are open. ``SILENT``: of another thing, another time, or denied.
"""

from __future__ import annotations

import pytest

from lifecircle.intake.ledger.cells.ended import contradicted
from lifecircle.intake.ledger.cells.remarked import _part_out
from lifecircle.model.status import Stage

NOBODY = """
装修中 未启用 停业整顿 未运营 待验收 尚未装修 现被挪作棋牌室 挪作他用 挪作仓库
已挪作他用 被挪作他用 房屋挪作办公用房 改作仓库 已改作仓库使用 改为超市 改成麻将馆
改做棋牌室 改建为幼儿园 改造成宿舍 被占用 已被占用 被物业占用 被村委会占用办公
用房被社区占用 被居委会长期占用 大门常年关闭 大门长期关闭 常年关门 常年大门紧锁
长期锁门 检查时大门紧闭 检查时未开门 检查时关门 多次检查均未开门 现场检查时锁门
未实际开展服务 未开展养老服务 未开展服务 未开展实质性服务 实际未开展服务
未提供养老服务 未提供服务 无服务开展 无实际服务 名存实亡 形同虚设 有牌无实 有名无实
只挂牌未运营 挂牌但未开展服务 空挂牌 空壳 荒废 已荒废 废弃 长期废弃 长期闲置
常年闲置无人使用 长期无人使用 闲置多年 一直闲置 至今未启用 建成后一直未启用
建成后未投入使用 从未使用 从未启用过 从未开放 从未投入使用 从未对外开放 整体出租
已整体出租 全部出租给商户 出租给超市 对外出租经营 被用作仓库 被用于堆放杂物 堆放杂物
用于存放物资 内部堆满杂物 被改造成办公室 被私人占用 被个人侵占 被侵占 被挪用 已挪用
存在挪用现象 存在闲置现象 存在闲置情况 处于闲置状态 处于停用状态 属于闲置 基本闲置
基本处于闲置状态 大部分时间闲置 被查封 被征用 已征收 已拆除 被征收拆除 作为仓库使用
现作为会议室使用 实际为棋牌室 实为超市 实际用途为仓库 现为社区办公室
已收回，不再出租 被占用，尚未腾退 出租给超市，租期至2030年 现已收回 闲置，已整改
作为棋牌室使用 改变用途 未装修、闲置 存在部分闲置现象 擅自改变用途 违规改变房屋用途
"""
PART = """
一层改作仓库 部分挪作他用 部分被占用 二楼被占用 部分房间闲置 有两间被挪作仓库
部分房间堆放杂物 一楼出租给超市
"""
SILENT = """
尚未开展日间照料服务 没有开展活动 无人管理 待拆除 已列入拆迁范围 未被挪用 无挪用
未挪作他用 无挪用现象 未发现挪用现象 不存在挪用、占用情况 没有被占用 无闲置
无闲置现象 无闲置房屋 未改作他用 未改变用途 不得挪作他用 严禁挪作他用 不得改变用途
不再出租 已不再出租 原为棋牌室 原为仓库 原系闲置校舍 由闲置校舍改建 利用闲置厂房改建
由闲置村小学改造而成 隔壁闲置 隔壁被占用 旁边超市已关闭 对面学校闲置 楼上出租
2019年前闲置，现已启用 曾被占用，现已收回 曾挪作仓库，现已恢复
前期被占用，现已腾退并恢复运营 此前改作仓库，已整改恢复使用 被占用问题已整改
挪用问题已整改 闲置问题已整改到位 已整改，正常运营 已清退占用，恢复服务 整改前被占用
整改前挪作他用 门前道路被占用 门前停车位被占用 消防通道被占用 占用消防通道
消防未通过 与社区共用 与村委会共用 与社区合署办公 改作养老用房 由仓库改作养老服务站
改造为日间照料中心 内设棋牌室 设有棋牌室、阅览室 晚上大门关闭 夜间关闭 大门朝南
厨房停用 电梯停用 设备闲置 床位闲置 部分床位闲置 床位空置率高 服务时间8:00-17:00
周末关闭 节假日关闭 冬季关闭 午休时间关门 正常运营 老年人较少 未开展助餐服务
未提供助浴服务 没有开展日托 挪作仓库，已整改到位 被占用，现已腾退 不占用消防通道
未占用 无占用 作为社区食堂使用 作为老年活动室 提供棋牌室 用于老年人活动
存放老年人物品 存放轮椅 存放器材 未开放夜间服务 周日未开门 未建食堂 门口堆放杂物
楼道堆放杂物 院内堆放杂物 未关闭 没有关闭 不存在改变用途 未擅自改变用途 无占用、闲置
不存在闲置、挪用、占用情况 无挪用、无闲置 挪用情况
"""


def heard(remark, stage=Stage.IN_USE):
    if contradicted(stage, remark, layer="facilities") is not None:
        return "nobody"
    return "silent" if _part_out(stage, remark) is None else "part"


@pytest.mark.parametrize(
    ("remarks", "wanted"), [(NOBODY, "nobody"), (PART, "part"), (SILENT, "silent")]
)
def test_what_a_remark_says_of_rooms_in_use(remarks, wanted):
    assert {one: heard(one) for one in remarks.split() if heard(one) != wanted} == {}


def test_what_others_have_is_no_quota_either():
    """Rooms handed over count for the quota unless they are misused; never opened is no matter."""
    turned_over = ("现被挪作棋牌室", "改变用途", "实为超市", "整体出租")
    for stage in (Stage.ACCEPTED, Stage.HANDED_OVER):
        assert [heard(one, stage) for one in turned_over] == ["nobody"] * 4
        assert [heard(one, stage) for one in ("至今未启用", "未开展服务活动")] == ["silent"] * 2


def test_an_estate_is_no_facility():
    """Its gate is shut, it has no services: people live there."""
    for remark in ("大门常年关闭", "未实际开展服务", "改变用途"):
        assert contradicted(None, remark, layer="residential") is None, remark
