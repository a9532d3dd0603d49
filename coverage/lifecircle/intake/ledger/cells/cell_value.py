"""What reading one cell gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from lifecircle.model.problem import ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CellValue"]


@dataclass(frozen=True, slots=True)
class CellValue:
    """A normalised value, with the problem met in reading it, if any."""

    value: Any
    code: ProblemCode | None = None
    severity: Severity = Severity.WARNING
    params: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    aside: bool = False
    """Whether it tells another thing than is asked (商品房 under 类别): as good as a blank."""
