"""What headers say in their own words: units (建筑面积（万㎡）), whom rooms serve (覆盖小区)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lifecircle.model.dictionary import fold, without_marks

if TYPE_CHECKING:
    from lifecircle.model.dictionary import ColumnSpec

__all__ = ["UNITS", "header_factor", "may_tell_whom", "tells_whom"]

_ESTATE = r"(?:居住|住宅|居民|生活)*(?:小区|居住区|住宅区|住区)"
_SERVED = re.compile(
    r"(?:所|其|已|可|实际|主要|拟)*(?:服务|覆盖|辐射|惠及|保障|供给?|配建|配套)(?:的|到|范围|对象)*"
    rf"(?:现有|既有|周边)?{_ESTATE}(?:的?(?:编[号码]|代码|名称|名单|清单|列表|范围))?"
)
_PERHAPS_SERVED = re.compile(
    rf"(?:所属|归属|隶属|所在|位于|使用|受益|受惠|移交)的?{_ESTATE}(?:名称|编[号码])?"
)

UNITS = {
    "m²": (
        (r"万(平方米|平米|平方|平|m2)", 10_000.0),
        (r"千(平方米|平米|平方|平|m2)", 1000.0),
        (r"百(平方米|平米|平方|平|m2)", 100.0),
        (r"公顷|hm2|ha", 10_000.0),
        (r"平方公里|平方千米|km2", 1_000_000.0),
        (r"亩", 2000 / 3),
    ),
    "户": ((r"万(户|套)", 10_000.0), (r"千(户|套)", 1000.0), (r"百(户|套)", 100.0)),
    "人": ((r"万人", 10_000.0), (r"千人", 1000.0), (r"百人", 100.0)),
    "张": ((r"万张", 10_000.0), (r"千张", 1000.0), (r"百张", 100.0)),
}
"""Unit of a column → units that headers name instead, and how many of the column's each is."""


def header_factor(spec: ColumnSpec, header: str) -> float:
    """Return how many of a column's units the header's unit is; 1 where it names no other.

    The unit stands at the header's end, in brackets or not: 建筑面积（万㎡）, 人口/万人.
    """
    folded = without_marks(fold(header))
    for pattern, factor in UNITS.get(spec.unit or "", ()):
        if re.search(rf"(?:[(\[【/:,_](?:单位:?)?|(?<=[一-龥]))({pattern})[)\]】]?$", folded):
            return factor
    return 1.0


def tells_whom(header: str) -> bool:
    """Return whether a folded header is of the estates that rooms serve, or were built with."""
    return _SERVED.fullmatch(header) is not None


def may_tell_whom(header: str) -> bool:
    """Return whether it is of an estate that rooms may serve, or only stand in: 所属小区."""
    return _PERHAPS_SERVED.fullmatch(header) is not None
