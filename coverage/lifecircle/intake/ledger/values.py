"""One value of a ledger, normalised: what it means, and what was wrong with it.

A wrong number must never count. What cannot be read is treated as missing, and said; what was read
with some goodwill (约200, 1,200, 1.2万) is used, and said.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import sys
import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from lifecircle.intake.ledger.cells.cell_value import CellValue
from lifecircle.intake.ledger.cells.dates import DAY_ZERO, SERIALS, past_days, read_date
from lifecircle.intake.ledger.cells.days_written import days_written, open_by_day
from lifecircle.intake.ledger.cells.degrees import read_degrees
from lifecircle.intake.ledger.cells.kinds import nearest_kind, read_kinds
from lifecircle.intake.ledger.cells.round_figures import (
    ABOUT,
    AFTER,
    UNITS,
    asked_figure,
    interval,
    says_none,
)
from lifecircle.model.days import day_in_china
from lifecircle.model.dictionary import (
    fold,
    match_word,
    nearest_word,
    undecided_stage,
    words,
    written_words,
)
from lifecircle.model.problem import ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Callable

    from lifecircle.model.dictionary import ColumnSpec

__all__ = [
    "UNKNOWN_PASSAGE",
    "CellValue",
    "is_blank",
    "missing",
    "read_number",
    "read_under",
    "read_value",
    "split_serves",
]

UNKNOWN_PASSAGE = "?"
"""What a gate's cell says in a word that nobody knows: neither open, closed nor blank."""


_BLANKS = frozenset(
    {"", "-", "--", "—", "——", "/", "\\", "n/a", "na", "nan", "null", "none", "<na>"}
)
"""What ledgers write for "nothing here" (folded). 无 is not among them: it may mean zero."""

_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_BEFORE = re.compile(rf"^({ABOUT}|共计|共)")
_ABOUT = re.compile(rf"^({ABOUT})")
_AFTER = re.compile(rf"({AFTER})$")
_MULTIPLES = {"万": 10_000, "千": 1_000}
_CHINESE_DIGITS = str.maketrans("零一二三四五六七八九", "0123456789")
_ANSWERS = frozenset("是否有无√✓✔☑×✗✘10yn") | {"没有", "1.0", "0.0", "yes", "no", "true", "false"}
_UNRATED = frozenset({"未评定", "未评", "未定级", "无", "无星级"})
_YEARS = (1000, 2999)
_YEAR_OF_DATE = re.compile(
    r"(\d{4})[-/.年]\d{1,2}(?:\D.*|月?)|(\d{4})(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:\.0+)?"
)
_OF_END = re.compile(r"(?<=[年度底末尾初中半])(竣工|建成|完工)$")
"""What stands under 建成年份 and says nothing more than its heading."""
_DATED = re.compile(
    r"^\d{4}年(\d{1,2}月)?|[(,]?(预计|计划|约)?\d{4}(年(\d{1,2}月(\d{1,2}[日号])?)?)?"
    r"(起|初|底|末|前|完工|竣工|建成|交付)*\)?$"
)
"""The date that people write beside a stage: 停用(2023年), 在建(预计2025年12月完工), 2023年停用."""
_ALONE = {**dict.fromkeys(("other", "其他", "其它"), "other"), "活动室": "activity_centre"}
"""Words that mean a kind where nothing stands beside them: 文化活动室 is another."""
_ERROR = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)", re.IGNORECASE)
_CODE = re.compile(r"\d{2,12}")
_EXACT_DIGITS = 2**53
_LARGEST = sys.float_info.max
"""The largest float: an integer of a file may have any number of digits."""
_MOST = {"户": 1e7, "人": 1e8, "张": 1e7, "m²": 1e8}
"""More households, persons, beds or m² (100 km²) than this are a slip; itself allowed."""
_WHOLE = frozenset({"户", "张"})
"""Units of which 500.5 is a slip. Less than one is too (0.02 of 万户), and of 人 (0.2: a share)."""
_MOST_OF_ONE = {
    **dict.fromkeys([("facilities", "张"), ("planned", "张")], 2e4),
    **dict.fromkeys([("facilities", "m²"), ("planned", "m²")], 1e6),
    **dict.fromkeys([("residential", "户"), ("plots", "户")], 2e5),
    **dict.fromkeys([("residential", "人"), ("plots", "人")], 1e6),
}
"""The same of one house or estate, smaller than telephone numbers: there are some of half of it."""
_UNSEEN = frozenset({"Cc", "Cf"})
"""Unicode's control characters, and its marks that have no width."""
_NO_CHARACTERS = "\ufffe\uffff"
"""Code points that XML forbids, besides the control characters."""
_SORT = re.compile(
    r"(普通|高档|一般)?(商品(房|住宅)?|(拆迁|集中)?安置(房|区)?|回迁房?|棚改|棚户区(改造)?|保障(性住)?房|公租房|廉租房|经适房"
    r"|经济适用房|房改房|集资房|(单位)?(宿舍|家属院)|自建房|住宅|(小|中)?高层|多层|洋房|别墅|公寓|商住|封闭式?|开放式?)"
    r"(小区|社区|项目|住宅|楼|类)*"
)
"""What stands under 类别 and is no class of the rules, but a sort of homes."""
_SERVES = re.compile(
    r"(?P<name>[^;；、，,|:：\n]+)"
    r"(?:[:：](?P<area>\s*\d{1,3}(?:,\d{3})+(?!\d)[^;；、，,|\n]*|[^;；、，,|\n]*))?"
)


def is_blank(raw: Any) -> bool:
    """Return whether a cell says nothing."""
    if raw is None or (isinstance(raw, float) and math.isnan(raw)):
        return True
    return isinstance(raw, str) and fold(raw) in _BLANKS


def missing(kind: str) -> Any:
    """Return the missing value of a column type."""
    if kind in {"number", "integer"}:
        return math.nan
    return frozenset() if kind == "kinds" else None


def read_under(spec: ColumnSpec, header: str, raw: Any, factor: float = 1.0) -> CellValue:
    """Return the normalised value of a cell under a header of the file.

    Yes or no answers a header that asks (是否新建), and says nothing under one that names what
    there are several of (类别, 机构性质).
    """
    answer = _of_kind(spec, fold(header)) and not is_blank(raw) and fold(raw) in _ANSWERS
    return _no_word(spec, raw, of_kind=True) if answer else read_value(spec, raw, factor)


def _of_kind(spec: ColumnSpec, header: str) -> bool:
    """Return whether a header names a kind, of which yes and no are none."""
    if spec.type == "age_class":
        return not re.search("是否|新建", header)
    return spec.type == "bool" and re.search("(类别|性质|类型|属性)$", header) is not None


def read_value(spec: ColumnSpec, raw: Any, factor: float = 1.0) -> CellValue:
    """Return the normalised value of one cell of a column.

    Parameters
    ----------
    spec
        The column; its type decides how the cell is read.
    raw
        The cell as the file holds it.
    factor
        How many of the column's units the header's unit is: 10,000 for 建筑面积（万㎡）.

    Returns
    -------
    CellValue
        By type: text, code, stage, age_class, setting, tenure, serves: str or None; number: float,
        integer: whole float, NaN missing; date: ``datetime.date`` or None; bool: True, False or
        None; kinds: frozenset of keys, empty where blank.
    """
    if is_blank(raw):
        return CellValue(missing(spec.type))
    if isinstance(raw, str) and _ERROR.fullmatch(raw.strip()):
        lost = raw.strip() if spec.type == "serves" else missing(spec.type)  # whom it served
        return CellValue(lost, ProblemCode.CELL_ERROR)
    if factor != 1.0:
        return _scaled(spec, raw, factor)
    return _READERS[spec.type](spec, raw)


def _scaled(spec: ColumnSpec, raw: Any, factor: float) -> CellValue:
    """Read a number in the header's unit; one that names a unit itself cannot be told."""
    read = read_number(raw, spec.unit)
    return _judged(spec, (read[0] * factor, True) if read and read[1] else None)


def _text(_spec: ColumnSpec, raw: Any) -> CellValue:
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    if isinstance(raw, dt.datetime):
        raw = day_in_china(raw)
    # What is no character cannot be written to Excel or XML, and what has no width says nothing.
    text = "".join(
        c
        for c in str(raw)
        if c in "\n\t" or (unicodedata.category(c) not in _UNSEEN and c not in _NO_CHARACTERS)
    )
    return CellValue(" ".join(text.split()) or None)


def _code(spec: ColumnSpec, raw: Any) -> CellValue:
    """Read a division code as digits; a name stays a name, for the units layer to resolve."""
    text = fold(raw).strip("'’")  # the mark that makes a spreadsheet take digits for text
    if isinstance(raw, int) and not isinstance(raw, bool):
        return CellValue(text)
    if _CODE.fullmatch(text):
        return CellValue(text)
    if not isinstance(raw, float) and not _PLAIN.fullmatch(text):
        return _text(spec, raw)
    # 3.70828E+11 has lost digits; 370828001001.0 has not.
    number = Decimal(text)
    digits = len(number.normalize().as_tuple().digits)
    whole = number == number.to_integral_value() and 0 <= number < _EXACT_DIGITS
    kept = "e" not in text or digits == number.adjusted() + 1
    read = str(int(number)) if whole and kept else None
    return CellValue(read, ProblemCode.CODE_FLOAT, Severity.WARNING, {"read": read})


def read_number(raw: Any, unit: str | None = None) -> tuple[float, bool] | None:
    """Return the number a cell means and whether it was written plainly; None if unreadable.

    Goodwill covers full-width digits, thousands separators, 约 and 左右, 万 and 千, and the
    column's own unit behind the number. Another unit (3亩) is unreadable, and so is what says that
    nobody has counted: a range or a limit (180-220, 不足75, 75以上; :func:`interval`).
    """
    if isinstance(raw, bool | dt.date):
        return None
    if isinstance(raw, int | float):
        return (float(raw), True) if abs(raw) <= _LARGEST else None
    text = str(raw).strip()
    if _PLAIN.fullmatch(text.lower()) and text.isascii():
        return (float(text), True) if math.isfinite(float(text)) else None
    if interval(text, unit) is not None:
        return None
    text = _AFTER.sub("", _BEFORE.sub("", fold(text)))
    text = re.sub(rf"\(?({UNITS.get(unit, UNITS[None])})\)?$", "", text)
    text = _AFTER.sub("", text)
    multiple = _MULTIPLES.get(text[-1:], 1)
    text = text[:-1] if multiple > 1 else text
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    if not _PLAIN.fullmatch(text) or not math.isfinite(float(text)):
        return None
    return float(Decimal(text) * multiple), False


def _number(spec: ColumnSpec, raw: Any) -> CellValue:
    if says_none(spec, raw):
        return CellValue(math.nan)
    read = read_number(asked := asked_figure(spec, raw), spec.unit)
    read = read and (read[0], read[1] and asked is raw)
    if read is None and spec.unit == "°" and isinstance(raw, str):
        degrees = read_degrees(raw)
        read = None if degrees is None else (degrees, False)
    return _judged(spec, read)


def _judged(spec: ColumnSpec, read: tuple[float, bool] | None) -> CellValue:
    if read is None:
        return CellValue(math.nan, ProblemCode.NUMBER_UNREADABLE)
    number, plain = read
    if number < 0 and spec.unit != "°":
        return CellValue(math.nan, ProblemCode.NUMBER_NEGATIVE, Severity.ERROR)
    unit = spec.unit or ""
    most = _MOST_OF_ONE.get((spec.layer, unit), _MOST.get(unit, math.inf))
    if number > most:
        params = {"most": most, "unit": spec.unit}
        return CellValue(math.nan, ProblemCode.NUMBER_TOO_LARGE, Severity.ERROR, params)
    if 0 < number < 1 and unit in _WHOLE | {"人"}:
        return CellValue(math.nan, ProblemCode.NUMBER_TOO_SMALL, Severity.ERROR, {"unit": unit})
    if not plain:  # a year is told as one: 2026, not 2,026
        told = str(int(number)) if spec.name.endswith("_year") else number
        return CellValue(number, ProblemCode.NUMBER_READ_AS, Severity.INFO, {"read": told})
    parted = unit in _WHOLE and not math.isclose(number, round(number))
    return CellValue(number, ProblemCode.NUMBER_PARTED if parted else None, params={"unit": unit})


def _integer(spec: ColumnSpec, raw: Any) -> CellValue:
    if spec.name.endswith("_year"):
        read = _year(spec, raw)
        if read is None and spec.name == "built_year" and (days := past_days(raw)):
            told = {"first": str(days.first.year), "last": str(days.last.year)}
            return CellValue(math.nan, ProblemCode.DATE_TO_MONTH, params=told)
    elif isinstance(raw, str):
        text = fold(raw)
        if spec.name == "star":
            text = "0" if text in _UNRATED else text.translate(_CHINESE_DIGITS)
        read = _respelled(spec, raw, text)
    else:
        read = read_number(raw, spec.unit)
    return _judged(spec, read if read and read[0].is_integer() else None)


def _respelled(spec: ColumnSpec, raw: str, text: str) -> tuple[float, bool] | None:
    """Return the number of a cell's text as respelled: plain only where it stood so."""
    read = read_number(text, spec.unit)
    return read and (read[0], read[1] and text == raw.strip())


def _year(spec: ColumnSpec, raw: Any) -> tuple[float, bool] | None:
    """Return the year that a cell means, written alone, in a date, or as a date's number."""
    if isinstance(raw, dt.datetime):
        raw = day_in_china(raw)
    if isinstance(raw, str | int | float):
        text = fold(raw)
        found = None if text.endswith("前") else _YEAR_OF_DATE.fullmatch(text)  # 2024年12月前
        if spec.name == "built_year":
            text = _OF_END.sub("", text)
        # by half, quarter, beginning or end: its days are told beside it (``days_of_year``)
        days = None if found or _PLAIN.fullmatch(text) else days_written(_ABOUT.sub("", text))
        told = str(days.first.year) if days else text
        told = next(filter(None, found.groups())) if found else told
        read = _respelled(spec, str(raw), told)
    else:
        read = (float(raw.year), True) if isinstance(raw, dt.date) else None
    if read and SERIALS[0] <= read[0] <= SERIALS[1]:
        read = float((DAY_ZERO + dt.timedelta(days=int(read[0]))).year), False
    return read if read and _YEARS[0] <= read[0] <= _YEARS[1] else None


def _kinds(_spec: ColumnSpec, raw: Any) -> CellValue:
    found, other = read_kinds(raw), frozenset({"other"})
    if found.keys and not (found.over or found.listed):
        if not found.services:
            return CellValue(found.keys)
        params = {"services": "、".join(found.services)}
        return CellValue(found.keys, ProblemCode.KIND_PERHAPS, Severity.INFO, params)
    if found.listed:  # an item of a list that nobody knows may be any kind that clauses ask for
        params = {"named": "、".join(found.names), "over": "、".join((*found.over, *found.listed))}
        return CellValue(found.keys | other, ProblemCode.KIND_LISTED, Severity.WARNING, params)
    if found.keys:
        params = {"named": "、".join(found.names), "over": "、".join(found.over)}
        return CellValue(found.keys, ProblemCode.KIND_READ_AS, Severity.INFO, params)
    if (alone := _ALONE.get(fold(raw))) is not None:
        return CellValue(frozenset({alone}))
    unknown = ProblemCode.KIND_UNKNOWN
    return CellValue(other, unknown, Severity.WARNING, {"nearest": nearest_kind(raw)})


def _word(spec: ColumnSpec, raw: Any) -> CellValue:
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    found = match_word(spec.type, raw) or _more(spec).get(fold(raw))
    if found is not None:
        yes_no = {"true": True, "false": False}
        return CellValue(yes_no[found] if spec.type in {"bool", "passage"} else found)
    if spec.type == "passage" and open_by_day(fold(raw)):
        return CellValue(True, ProblemCode.HOURS_READ_AS, Severity.INFO)  # noqa: FBT003 - it is open
    if spec.type == "stage":
        known = [*words(spec.type), *_more(spec)]
        undated = _DATED.sub("", fold(raw))
        near = undated if undated in known else nearest_word(raw, known)
        params: dict[str, Any] = {"nearest": near}
        params |= dict.fromkeys(undecided_stage(raw), True)
        return CellValue(None, ProblemCode.STAGE_UNKNOWN, Severity.WARNING, params)
    return _no_word(spec, raw)


def _no_word(spec: ColumnSpec, raw: Any, *, of_kind: bool = False) -> CellValue:
    # of a gate a word is not the same as none: blank is open
    # and how rooms are held a document may call by a word of its own
    value = {"passage": UNKNOWN_PASSAGE, "tenure": " ".join(str(raw).split())}.get(spec.type)
    more = [said[0] for said in spec.more_words.values()]
    allowed = more if of_kind and more else [*written_words(spec.type), *more]
    aside = of_kind or (spec.type == "age_class" and _SORT.fullmatch(fold(raw)) is not None)
    told = {"allowed": allowed}
    return CellValue(value, ProblemCode.WORD_UNKNOWN, Severity.WARNING, told, aside=aside)


def _more(spec: ColumnSpec) -> dict[str, str]:
    return {fold(word): key for key, said in spec.more_words.items() for word in said}


_READERS: dict[str, Callable[[ColumnSpec, Any], CellValue]] = {
    "text": _text,
    "serves": _text,
    "code": _code,
    "number": _number,
    "integer": _integer,
    "date": read_date,
    "kinds": _kinds,
    **dict.fromkeys(("stage", "age_class", "setting", "bool", "passage", "tenure"), _word),
}


def split_serves(text: str) -> list[tuple[str, str | None]]:
    """Return the parts of a 服务小区 cell: the area's id or name, and the m² as written.

    Parts are separated by ``; ； 、 , ，`` or ``|``; m² stand after a colon of either width:
    ``R03:60；R04`` → ``[("R03", "60"), ("R04", None)]``. In ``R03:60,104`` the comma may group
    thousands or part two areas: the m² is then returned as written, for the caller to refuse.
    """
    return [
        (part["name"].strip(), (part["area"] or "").strip() or None)
        for part in _SERVES.finditer(text)
        if part["name"].strip()
    ]
