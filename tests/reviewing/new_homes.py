"""A plan of homes beside an estate, as a file: what neighbours lose by it is asked of several."""

from __future__ import annotations

__all__ = ["LET_OFF", "PLAN", "ROOMS", "X0", "Y0"]

X0, Y0 = 365_000.0, 3_855_000.0
"""The estate's point, metres in EPSG:4548; the plot is 280 to 425 m off."""
ROOMS = "编号,设施名称,设施类型,X,Y,状态,社区服务面积\n"
LET_OFF = "对象,条款,依据,理由,截止日期\n"
PLAN = """
[project]
"项目名称" = "新苑"
"坐标系" = "EPSG:4548"
"城乡" = "城镇"
{project}
[[plots]]
id = "D1"
outline = [[365200, 3855200], [365300, 3855200], [365300, 3855300], [365200, 3855300]]
"规划户数" = 500
[[facilities]]
"设施名称" = "用房"
"设施类型" = "社区养老服务用房"
"建筑面积" = {m2}
"""
