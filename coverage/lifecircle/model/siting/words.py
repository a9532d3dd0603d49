"""Which models siting knows, and what the columns of its tables are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["COVERING", "SITING_MODELS", "TRAVEL_COLUMNS"]

SITING_MODELS = ("lscp", "mclp", "p-median", "p-center")
"""Cover all, cover most, least walking, worst-off first."""

COVERING = frozenset({"lscp", "mclp"})
"""Models that ask who is within the limit; the others ask how far everybody walks."""

TRAVEL_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "demand": ("demand", "demand_id", "需求点", "需求", "小区", "小区编号", "居住区"),
    "facility": ("facility", "facility_id", "site", "设施", "设施编号", "候选点", "地点"),
    "cost": ("cost", "距离", "步行距离", "时间", "成本"),
    "weight": ("weight", "权重", "户数", "人口", "人数"),
    "price": ("price", "造价", "投资", "费用", "建设成本"),
    "forbidden": ("forbidden", "不可建", "禁止建设"),
}
"""Column → headers that mean it, the strongest first."""
