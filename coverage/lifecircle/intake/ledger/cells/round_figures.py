"""Round figures: between what the exact one lies of a cell that says 约200, 200余 or 近200.

Or of one that says that itself: 180-220, 不足75, 75以上.

And asked ones: 不少于300, ≥300 and 300以上 ask for 300 m², and so do 300㎡（2处）.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from lifecircle.model.dictionary import fold, match_word
from lifecircle.model.problem.round_figures import ROUND_SHARE, ROUND_YEARS

if TYPE_CHECKING:
    from lifecircle.model.dictionary import ColumnSpec

__all__ = [
    "ABOUT",
    "AFTER",
    "UNITS",
    "Between",
    "asked_figure",
    "interval",
    "open_side",
    "round_span",
    "says_none",
]

UNITS = {
    "m²": r"个?平方米|个?平米|个?平方|m\^?2|m²|个?平|sq\.?m\.?|squaremet(?:re|er)s?",
    "户": "户|套|家|households?|dwellings?|flats?",
    "人": "人|名|位|口|people|persons?|residents?",
    "张": "张床|张|床|个|beds?",
    "分": "分",
    "层": "层|楼|f",
    "°": "°e|°n|°|度|e|n",
    None: "年|星级|星|级|m|米|分钟|min|户|人次|人|名|家|处|张|项",
}
"""Unit of a column → how it is written behind a number (folded)."""

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
_BOUNDED = frozenset({"m²", "户", "人", "张"})
"""Units of which a cell may tell between what a figure lies."""
_WIDEST = 2.0
"""How many times the least the most of a range is: of 100-500 nothing is known."""
_FEWEST = 10
"""Households or people of a range at least: 1-2 are buildings."""
_UNBOUNDED = 10.0
"""How many times 75 the figure may be of 75以上; and as much less of 不足75."""
_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_LESS, _UP_TO = "不足|不到|不满|未满|低于|少于|小于|<", "不超过|不多于|不大于|至多|最多|<=|≤|≦"
_MORE = "超过|超|大于|多于|高于|>=?|≥|≧|不少于|不低于|至少|最少"
_UP_TO_BEHIND, _MORE_BEHIND = "以下|以内|之内", "(?:及|或)?以上|开外|出头|起"
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


class Between(NamedTuple):
    """A figure of which a cell tells the least and the most; ``read``: what stands for it."""

    read: float
    least: float
    most: float


def interval(raw: str, unit: str | None) -> Between | None:
    """Return between what the figure of a cell lies that says so; None where it says one.

    Of 180-220 what lies half way is read. 不足75 is less, 75以下 no more and 75以上 no less; how
    much nobody says.
    """
    if unit not in _BOUNDED:
        return None
    told = _limits(unit).fullmatch(fold(raw))
    if told is None:
        return None
    first, last = _exact(told["first"], told["first_times"]), told["last"]
    if last is not None:
        times = told["last_times"]
        first = first if told["first_times"] else _exact(told["first"], times)
        return _ranging(first, _exact(last, times), unit)
    if told["more"] or told["more_behind"]:
        return Between(first, first, first * _UNBOUNDED)
    if not (told["less"] or told["up_to"] or told["up_to_behind"]):
        return None
    most = first - (1.0 if unit in _WHOLE else _LEAST) if told["less"] else first
    return None if most <= 0 else Between(most, first / _UNBOUNDED, most)


def open_side(raw: str, unit: str | None) -> Literal["less", "more"] | None:
    """Return to which side a figure is open of which a cell tells one limit only: 75以上."""
    between = interval(raw, unit)
    if between is None:
        return None
    if between.most > between.read * _WIDEST:
        return "more"
    return "less" if between.least * _WIDEST < between.read else None


def _ranging(least: float, most: float, unit: str) -> Between | None:
    """Return a range that tells something."""
    few = least < _FEWEST and unit in {"户", "人"}
    if few or not least < most <= least * _WIDEST:
        return None
    half = (least + most) / 2
    return Between(float(int(half)) if unit in _WHOLE else half, least, most)


def _exact(digits: str, times: str | None) -> float:
    return float(Decimal(digits.replace(",", "")) * _TIMES.get(times or "", 1))


@cache
def _limits(unit: str) -> re.Pattern[str]:
    """Return what tells a range or a limit in a unit, folded."""
    units = rf"\(?(?:{UNITS[unit]})?\)?"
    return re.compile(
        rf"(?:{ABOUT}|共|(?P<less>{_LESS})|(?P<up_to>{_UP_TO})|(?P<more>{_MORE}))?"
        rf"(?P<first>{_NUMBER})(?P<first_times>[万千])?{units}"
        rf"(?:(?:-|~|—|–|至|到)+(?P<last>{_NUMBER})(?P<last_times>[万千])?{units})?"
        rf"(?:(?P<up_to_behind>{_UP_TO_BEHIND})|(?P<more_behind>{_MORE_BEHIND})|左右|上下|之间|不等)?"
        rf"{units}"
    )


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
    raw = asked_figure(spec, raw)  # 不少于300 asks for 300
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
