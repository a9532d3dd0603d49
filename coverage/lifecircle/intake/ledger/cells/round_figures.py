"""Round figures: between what the exact one lies of a cell that says 约200, 200余 or 近200."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from lifecircle.model.dictionary import fold
from lifecircle.model.problem.round_figures import ROUND_SHARE, ROUND_YEARS

if TYPE_CHECKING:
    from lifecircle.model.dictionary import ColumnSpec

__all__ = ["ABOUT", "AFTER", "round_span"]

_BELOW = r"将近|近|nearly"
_EITHER = r"大约|大概|约|about|approximately|approx\.?|around|circa|ca\.|~|≈"
ABOUT = rf"{_EITHER}|{_BELOW}"
"""What stands before a round figure (folded)."""
_ABOVE = r"余|多|\+"
AFTER = rf"左右|上下|{_ABOVE}"
"""What stands behind one."""

_BEFORE = re.compile(rf"^(?:(?P<below>{_BELOW})|{_EITHER})")
_BEHIND = re.compile(rf"(?:(?P<above>{_ABOVE})|左右|上下)$")
_UNIT_LETTERS = "平方米㎡户套人名位口张床个²m()"
_FIGURE = re.compile(r"(?P<digits>\d+(?:,\d{3})*(?:\.\d+)?)(?P<times>[万千]?)")
_WHOLE = frozenset({"户", "人", "张"})
_LEAST = 0.01
"""How much less than the next round figure 200余 is at least, of what has parts."""
_TIMES = {"万": 10_000, "千": 1_000}


def round_span(spec: ColumnSpec, raw: Any, read: float) -> tuple[float, float] | None:
    """Return between what the figure lies that a cell tells roundly; None: the cell tells it.

    约200 and 200左右 are 5 % to either side, 近200 is that much less and never more. 200余, 200多
    and 200+ go up to the next figure as round: 299 households; of 250余 it is 259, of 1.2万余
    12,999.
    约2005年 is some years to either side.

    Parameters
    ----------
    read
        The number that the cell is read as.
    """
    if not isinstance(raw, str):
        return None
    text = fold(raw)
    before, behind = _BEFORE.match(text), _BEHIND.search(text.rstrip(_UNIT_LETTERS))
    if before is None and behind is None:
        return None
    off = float(ROUND_YEARS) if spec.name.endswith("_year") else read * ROUND_SHARE
    above = behind is not None and behind["above"] is not None
    either = (before is not None and before["below"] is None) or (behind is not None and not above)
    least = read - off if before is not None or either else read
    most = read + off if either else read
    if above:
        step = _step(text)
        most = max(most, read + step - (1.0 if spec.unit in _WHOLE and step > 1 else _LEAST))
    return least, most


def _step(text: str) -> float:
    """Return what the last figure of a number that is not 0 is worth: 100 in 200, 10 in 250."""
    found = _FIGURE.search(text)
    if found is None:
        return 1.0
    number = Decimal(found["digits"].replace(",", "")) * _TIMES.get(found["times"], 1)
    exponent = number.normalize().as_tuple().exponent if number else 0
    return float(Decimal(10) ** int(exponent))
