"""Parts of rooms that a record gives an area, however they and their m² are written: 东苑-60平方米.

东苑（一半） and the like say that it has a part and not how much: any part of the rooms, or none.
"""

from __future__ import annotations

import dataclasses
import math
import re
import unicodedata
from typing import TYPE_CHECKING, Any

from lifecircle.intake.ledger.cells.round_figures import Between, interval, open_side, round_span
from lifecircle.intake.ledger.values import read_number
from lifecircle.model.dictionary import columns
from lifecircle.model.inputs.layers import M2_MOST
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lifecircle.intake.ledger.rows import Ledger

    Part = tuple[str, str | None]
    Told = tuple[str, str | None, bool]
    """A name, the part that it has, and whether that stood otherwise."""

__all__ = ["run_together", "square_metres", "with_portions"]

_M2_WITHIN = re.compile(
    r"[(（]\s*(?P<round>\d{2,}(?:\.\d+)?)\s*[)）]|(?P<m2>\d+(?:\.\d+)?)\s*(?:平方?米?|㎡|m2|m²)"
)
_APART = re.compile(r"(?:(?<!\d)[,，]|[,，](?!\d{3}(?!\d))|[;；、|\n])+")
"""What parts the pieces of a record, but for the comma of 1,200."""
_ROUGHLY = r"(?:大?约|大概|近|不足|不到|至少|不少于|超过|>=?|≥|~)?"
_DIGITS = r"\d+(?:,\d{3})*(?:\.\d+)?"
_FIGURE = rf"{_ROUGHLY}{_DIGITS}(?:\s*[-~—–至到]+\s*{_DIGITS})?(?:余|多)?"
_M2 = rf"{_FIGURE}\s*个?(?:平方米|平米|平方|平|㎡|m\^?2|m²)(?:左右|上下|以上|以下|以内|多|余)?"
_N = r"[一二两三四五六七八九十\d]"
_SOME = (
    rf"(?:其中)?(?:的)?(?:一半|半数|半|多半|[大小少]半|[大小少]?部分|若干|\d+/\d+|{_N}+分之{_N}+|\d+(?:\.\d+)?%|{_N}成"
    rf"|(?:第?{_N}+|[底顶])[层楼](?:[东西南北]侧|部分)?|[{_N[1:-1]}几]+间(?:房|房间|屋)?|[东西南北]侧)"
    r"(?:的?(?:面积|用房|房间|房屋|场地))?"
)
"""A part of which nobody says how many m² it has."""
_IS = (
    r"(?:[\s:=/—–-]|其中|分[别到给]?|分摊|占用?|为|计|给|共|合计?|面积|建筑|使用|划拨?|拨|用房?"
    r"|配置?|有|是)*+"
)
_TO = r"(?:[\s:=—–-]|为|分?给|划?归|属于?|供|用于|服务于?|的)*+"
_HOUSE = r"(?:\d+号?[楼栋幢](?:\d+单元)?)?"
_HINT = re.compile(r"[\d半侧成间层楼]|部分|若干|分之")
"""What a piece that tells a part has in it."""
_LONGEST = 300
"""Signs of a piece that is taken apart; longer ones are prose."""
_BEHIND = re.compile(
    rf"(?:其中|含|包括)?(?P<name>.+?){_HOUSE}{_IS}[(]?{_IS}(?P<part>{_M2}|{_SOME})\s*[)]?"
)
_BEFORE = re.compile(
    rf"(?:其中)?(?P<part>{_M2}|{_SOME}){_TO}(?:[(](?P<bracketed>[^()]+)[)]|(?P<name>.+))"
)
_BARE = re.compile(rf"(?P<name>.*?[一-鿿])\s*(?:[:=]|为|占|面积|约){_IS}(?P<part>{_FIGURE})")
_DASHED = re.compile(r"(?P<name>.*[一-鿿])\s*[-—–]+\s*(?P<part>\d+(?:\.\d+)?)")
_OF_EACH = re.compile(r"[各均每]")
"""What says that a figure is of each of several (``lists``)."""
_ALONE = re.compile(rf"[(]?{_IS}(?P<part>{_M2}|{_SOME})\s*[)]?")
_SUM = re.compile("共|合计|总")
"""What says that a figure may be of the names before it too."""
_NOBODY_KNOWS = "?"
"""Behind a figure of which it is open what of it an area has."""

_BETWEEN = re.compile(r"\s*(?:[/\\+&]|以及|[和及与])\s*|\s+|(?<=[)）㎡米平²])(?=[^)）])")
"""What stands between two areas; a name may have 和 or a space in it, and goes before. Behind m²
there may be nothing: 东苑（75）西苑（75）."""
_WITH_M2 = re.compile(
    r"(?P<name>.+?)\s*[(（]?\s*(?P<area>(?:大?约)?\d+(?:\.\d+)?\s*(?:㎡|平方米|平米|平方|平|m2|m²))\s*[)）]?"
    r"|(?P<bare>.*[一-鿿])\s*(?:[(（]\s*(?P<only>\d+(?:\.\d+)?)\s*[)）]|(?P<number>\d+(?:\.\d+)?))"
)
"""An area with its m² behind it; without a unit the number is m² where the rooms have so many."""
_WITH_PEOPLE = re.compile(
    r"(?P<name>.+?)\s*[(（]?\s*(?:约|共)?\d+(?:余)?\s*(?:住?户|户居民|人|名|位|栋|幢)[)）]?"
)
"""An area with its households, people or buildings behind it, which say nothing of m²."""
_AFTER_M2 = re.compile(r"(?<=[)）㎡米平²])(?=[^)）])")
_FIGURE_IN = re.compile(r"[\d()（）]")


def with_portions(
    cell: str, known: Callable[[str], bool], like: Callable[[str], bool], most: float
) -> str:
    """Return a record with the part of the rooms that each area has behind its name and a colon.

    东苑-60平方米, 60㎡（东苑） and 东苑，60㎡ are 东苑:60平方米 and so on; 东苑（一半） is
    东苑:一半, which says no figure. As written where no part is told so, or the name is no area's.

    Parameters
    ----------
    known, like
        Whether a text is the name or id of one area; whether it is, or nearly.
    most
        m² that the rooms have: a number without a unit that is more is none.
    """
    if known(cell):
        return cell
    pieces = [piece.strip() for piece in _APART.split(cell) if piece.strip()]
    if not any(map(_HINT.search, pieces)):
        return cell
    read = [_told(piece, known, like, most) for piece in pieces]
    if not any(changed for *_, changed in read):
        return cell
    each = [one for piece, told in zip(pieces, read, strict=True) for one in _summed(piece, told)]
    told = _of_whom([piece for piece, *_ in each], [(name, part) for _, name, part in each])
    return "；".join(name if part is None else f"{name}:{part}" for name, part in told)


def _told(
    piece: str, known: Callable[[str], bool], like: Callable[[str], bool], most: float
) -> Told:
    """Return the name of a piece, the part that it tells, and whether it stood otherwise.

    No name where it tells a part alone.
    """
    if known(piece) or len(piece) > _LONGEST or not _HINT.search(piece):
        return piece, None, False
    text = unicodedata.normalize("NFKC", piece)
    if alone := _ALONE.fullmatch(text):
        return "", alone["part"], True
    before = _BEFORE.fullmatch(text)
    name = before and (before["name"] or before["bracketed"])
    if before and name and like(name):
        return name, before["part"], True
    if ":" in text:
        name, _, part = piece.replace("：", ":").partition(":")
        return name, part, False
    return (piece, None, False) if _OF_EACH.search(text) else _behind(piece, text, like, most)


def _behind(piece: str, text: str, like: Callable[[str], bool], most: float) -> Told:
    """Return the name of a piece and the part behind it."""
    found = _BEHIND.fullmatch(text)
    if found and like(found["name"]):
        return found["name"], found["part"], True
    bare = _BARE.fullmatch(text)
    if bare and like(bare["name"]):
        figure = re.search(r"\d+(?:\.\d+)?", bare["part"].replace(",", ""))
        fits = figure is not None and float(figure[0]) <= most
        return bare["name"], bare["part"] if fits else f"{bare['part']}{_NOBODY_KNOWS}", True
    dashed = _DASHED.fullmatch(text)  # a house of the estate, perhaps
    if dashed and like(dashed["name"]):
        return dashed["name"], f"{dashed['part']}{_NOBODY_KNOWS}", True
    return piece, None, False


def _summed(piece: str, told: Told) -> list[tuple[str, str, str | None]]:
    """Return a piece with its name and part; of a sum (西苑共150㎡) the two as own pieces."""
    name, part, changed = told
    around = unicodedata.normalize("NFKC", piece).replace(name, "", 1)
    if changed and name and part is not None and _SUM.search(around):
        return [(name, name, None), (part, "", part)]
    return [(piece, name, part)]


def _of_whom(
    pieces: Sequence[str], read: Sequence[tuple[str, str | None]]
) -> list[tuple[str, str | None]]:
    """Return the pieces with a part that stands alone put to the names before it, or behind it.

    Of several names nobody says how much of it each has.
    """
    turned = -1 if not read[0][0] else 1  # 60㎡，东苑
    found: list[tuple[str, str | None]] = []
    start = 0
    for piece, (name, part) in list(zip(pieces, read, strict=True))[::turned]:
        free = found[start:]
        if not name and free:
            much = part if len(free) == 1 else f"{part}{_NOBODY_KNOWS}"
            found[start:] = [(one, much) for one, _ in free]
        else:
            found.append((name, part) if name else (piece, None))
        start = start if name and part is None else len(found)
    return found[::turned]


def run_together(text: str, known: Callable[[str], bool], most: float) -> list[Part]:
    """Return the areas of a piece that stand one after the other, with their m² as written.

    Every piece is an area's, or has m² behind it as one of them has; none where that is not so.
    """
    return _read(text, known, {}, most) or _each_behind(text, known, most)


def _read(
    text: str,
    known: Callable[[str], bool],
    seen: dict[str, list[Part]],
    most: float,
) -> list[Part]:
    if text not in seen:
        one = _one(text, known, most)
        seen[text] = [] if one is None else [one]
        for cut in () if one else _BETWEEN.finditer(text):
            first = _one(text[: cut.start()], known, most)
            rest = _read(text[cut.end() :], known, seen, most) if first else []
            if first and rest:
                seen[text] = [first, *rest]
                break
    return seen[text]


def _one(text: str, known: Callable[[str], bool], most: float) -> Part | None:
    """Return the one area of a piece, with m² behind it or without."""
    if known(text):
        return text, None
    told = _WITH_M2.fullmatch(text)
    if told and told["name"] and known(told["name"]):
        return told["name"], told["area"]
    bare = told and (told["only"] or told["number"])
    if told and bare and known(told["bare"]) and float(bare) <= most:
        return told["bare"], bare
    peopled = _WITH_PEOPLE.fullmatch(text)
    return (peopled["name"], None) if peopled and known(peopled["name"]) else None


def _each_behind(text: str, known: Callable[[str], bool], most: float) -> list[Part]:
    """Return the names of a piece, each with its m² behind it: of 东苑（60）东湖（90） both."""
    each = [_named_with_m2(piece, most) for piece in _AFTER_M2.split(text)]
    told = [one for one in each if one is not None]
    whole = len(told) == len(each) > 1
    return told if whole and any(known(name) for name, _ in told) else []


def _named_with_m2(piece: str, most: float) -> Part | None:
    """Return a name without a figure in it and the m² behind it."""
    told = _WITH_M2.fullmatch(piece)
    if told is None or told["number"]:
        return None
    name, m2 = told["name"] or told["bare"], told["area"] or told["only"]
    fits = told["only"] is None or float(m2) <= most
    return (name, m2) if fits and not _FIGURE_IN.search(name) else None


def square_metres(
    name: str, written: str | None, facilities: Ledger, row: int
) -> tuple[float, tuple[float, ...], list[Problem]]:
    """Return the m² that a record says of an area, between what they lie, and what is said.

    Of a round figure it is said between what the exact one lies. Where none can be read (NaN) it
    may be any part of the rooms, or none, as where it stands in a name that nobody has
    (东苑（60）楼下); of a range (80-90) any in it, where a limit is told (75以上) any beyond it.
    """
    if written is None:
        any_part = (0.0, _rooms_m2(facilities, row))
        return math.nan, any_part if _holds_m2(name, facilities, row) else (math.nan,), []
    if (between := interval(written, "m²")) is not None:
        return _any_between(name, written, between, facilities, row)
    read = None if "," in written else read_number(written, "m²")
    rooms = _rooms_m2(facilities, row)
    if read is not None and read[0] >= 0:
        span = round_span(columns("facilities")["floor_area_m2"], written, read[0])
        if span is None:
            return read[0], (read[0],), []
        # no more than all rooms, where it is read as less
        most = span[1] if math.isnan(rooms) else min(span[1], max(rooms, read[0]))
        told: dict[str, Any] = {"read": read[0], "least": span[0], "most": most}
        told |= {"approximate": "serves", "of": str(facilities.frame.index[row])}
        said = facilities.problem(ProblemCode.NUMBER_READ_AS, Severity.INFO, row, "serves", **told)
        return read[0], (read[0],), [dataclasses.replace(said, value=f"{name}:{written}")]
    code = ProblemCode.NUMBER_UNREADABLE if read is None else ProblemCode.NUMBER_NEGATIVE
    problem = facilities.problem(code, Severity.WARNING, row, "serves")
    return math.nan, (0.0, rooms), [dataclasses.replace(problem, value=f"{name}:{written}")]


def _any_between(
    name: str, written: str, between: Between, facilities: Ledger, row: int
) -> tuple[float, tuple[float, ...], list[Problem]]:
    """Return that the m² of a record may be any between two: no more than all rooms have."""
    rooms, side = _rooms_m2(facilities, row), open_side(written, "m²")
    least = 0.0 if side == "less" else between.least
    most = between.most if math.isnan(rooms) else min(between.most, max(rooms, between.read))
    told = {"read": between.read, "least": least, "most": most, "open": side or "either"}
    said = facilities.problem(ProblemCode.NUMBER_READ_AS, Severity.WARNING, row, "serves", **told)
    return math.nan, (least, most), [dataclasses.replace(said, value=f"{name}:{written}")]


def _holds_m2(name: str, facilities: Ledger, row: int) -> bool:
    """Return whether a name has a figure in it that may be m² of these rooms."""
    rooms = _rooms_m2(facilities, row)
    found = (float(one["round"] or one["m2"]) for one in _M2_WITHIN.finditer(name))
    return any(not m2 > rooms for m2 in found)


def _rooms_m2(facilities: Ledger, row: int) -> float:
    """Return how many m² all rooms of a row have; NaN where none are told."""
    names = [n for n in ("floor_area_m2", "community_area_m2", M2_MOST) if n in facilities.frame]
    cells = (float(facilities.frame[name].iloc[row]) for name in names)
    return max((m2 for m2 in cells if not math.isnan(m2)), default=math.nan)
