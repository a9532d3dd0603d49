"""Round figures: between what the exact one lies of a cell that says 约200, 200余 or 近200.

And asked ones: 不少于300, ≥300 and 300以上 ask for 300 m², and so do 300㎡（2处）.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from lifecircle.model.dictionary import fold, match_word
from lifecircle.model.problem.round_figures import ROUND_SHARE, ROUND_YEARS

if TYPE_CHECKING:
    from lifecircle.model.dictionary import ColumnSpec

__all__ = ["ABOUT", "AFTER", "asked_figure", "round_span", "says_none"]

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
_AT_LEAST = re.compile(
    r"^(?:(?:应|须|需)?(?:配套|配建|建设|设置|配)?(?:面积|用房)?(?:为|:)?"
    r"(?:不得|应不|不应|不)(?:少|低|小)于|至少|最少|不下于|大于等于|大于或等于|>=|≥|≧|⩾)"
)
_UPWARD = re.compile(r"(?:及|或|和)?(?:以上|之上|起|往上)$")
_PLACES = re.compile(r"[,，]?\(?[共分设]*[\d一二两三四五六七八九十]+[处个](?:用房|站点?|设施)?\)?$")
_SAYS_NONE = re.compile(
    r"(?:规划条件)?(?:中|内)?(?:无|没有|未|暂无)(?:此项|相关|明确|具体|作)*"
    r"(?:要求|规定|约定|明确|注明|载明|提及|此项)|不涉及|未明确"
)
_ASKED, _FALLBACK = frozenset({"required_m2"}), frozenset({"required_m2", "population_planned"})
"""Columns that ask for something, and those that an area may well have nothing of."""
_PLANNED = frozenset({("project", "population"), ("plots", "population")})
"""What the people planned for are called in a proposal."""


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


def asked_figure(spec: ColumnSpec, raw: Any) -> Any:
    """Return the plain figure that a cell of planning conditions asks for; else the cell."""
    if spec.name not in _ASKED or not isinstance(raw, str):
        return raw
    text = fold(raw)
    told = _PLACES.sub("", text)
    told = _UPWARD.sub("", _AT_LEAST.sub("", told if re.search(r"\d", told) else text))
    return raw if told == text else told


def says_none(spec: ColumnSpec, raw: Any) -> bool:
    """Return whether a cell says that there is no such figure: 无, 规划条件未明确."""
    planned = spec.name in _FALLBACK or (spec.layer, spec.name) in _PLANNED
    if not planned or not isinstance(raw, str):
        return False
    return match_word("untold", raw) == "none" or _SAYS_NONE.fullmatch(fold(raw)) is not None
