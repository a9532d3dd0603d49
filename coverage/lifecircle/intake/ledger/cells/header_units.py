"""Units that headers name instead of their column's: 建筑面积（万㎡）."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lifecircle.model.dictionary import fold, without_marks

if TYPE_CHECKING:
    from lifecircle.model.dictionary import ColumnSpec

__all__ = ["UNITS", "header_factor"]

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
