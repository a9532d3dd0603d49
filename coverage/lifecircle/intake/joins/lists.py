"""Lists of names in a cell: their pieces, and the names that share a beginning or an end."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from typing import TYPE_CHECKING

import pandas as pd

from lifecircle.intake.ledger.numbering import id_number, one_spelling
from lifecircle.intake.ledger.values import split_serves
from lifecircle.intake.listed_twice.rows import LEAVING_OUT
from lifecircle.model.dictionary import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence


__all__ = [
    "ITSELF",
    "NONE",
    "by_project",
    "each_name",
    "names_listed",
    "plainly_listed",
    "records",
]

_BRACKET = re.compile(r"[()（）]")
_LISTED = re.compile(r"[、，,;；/\n]+")
_QUOTES = re.compile(r"[“”‘’\"'《》「」『』]")
_NUMBERED_OFF = re.compile(r"(?:^|(?<=[\s;；、，,。]))[(（]?(\d{1,2})[.．、)）](?=\s*[^\s\d])")
_LABEL = re.compile(r"^\s*(服务|覆盖|辐射)(的)?(小区|居住区|范围|对象|名单)?[:：]\s*")
_CIRCLED = re.compile(r"[①-⑳]")
_EACH_M2 = re.compile(
    r"(?P<names>.+?)[\s，,:：(（]*各(?:自|为|有|配|占|是|服务)*\s*(?P<m2>\d+(?:\.\d+)?)\s*(?:平方?米?|㎡|m2|m²)?\s*[)）]?"
)
_M2_BEHIND = re.compile(r"(?P<name>.+?)\s*(?P<m2>\d+(?:\.\d+)?)\s*(?:平方?米?|㎡|m2|m²)")
_DIGITS = "一二三四五六七八九十"
_ROMAN = "ⅠⅡⅢⅣⅤⅥⅦⅧⅨ"
_ORDERS = (
    "abcdefghijklmnopqrstuvwxyz",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "甲乙丙丁戊",
    _ROMAN,
)
_TYPED = ("I", "II", "III", "IV")
_TYPED_ROMAN, _TYPED_I = re.compile("II|IV"), re.compile("IV|I{1,3}")
_COUNTED = {*_DIGITS, *"0123456789"}
_SIDES = "东南西北中"
_N = (
    rf"(?:\d{{1,2}}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九{_ROMAN}]|IV|I{{1,3}}"
    r"|[A-Za-z甲乙丙丁戊东南西北中])"
)
_KIND = r"(?:期|区|号(?:院|楼|小区|地块?)?|组团)"
_AND = r"(?:\s*[、，,和及与/至到~～—–.+&-]\s*|\s+)第?"
_NEXT = rf"(?:{_AND}|(?<=[一二三四五六七八九])(?=[一二三四五六七八九])){_N}"
_OF_PHASES = re.compile(
    rf"(?<![^\s；;、，,|/])(?P<of>[^\s；;、，,|/:：()（）]+?)(?<!\d(?=\d))(?!(?<=[期区院楼])\d{{2}})[(（]?第?"
    rf"(?P<each>{_N}{_KIND}?(?:{_NEXT}{_KIND}?)*{_NEXT})(?P<kind>{_KIND})[)）]?(?P<m2>\s*[:：(（]?\s*\d)?"
)
"""Phases of one estate that share its name: 东苑一、二期, 东苑（1-3期）, 东苑A-C区. What follows a
phase may be its m² (东苑一期50), and no number begins within another."""
_RUN_TOGETHER = re.compile(rf"{_N}(?P<kind>期|区)(?=第?{_N}(?P=kind))")
"""A phase that another one follows with nothing between: 东苑一期二期."""
_BOTH = re.compile(rf"(?<=[\dA-Za-z{_DIGITS}{_SIDES}])两个?(?=[^\s；;、，,|/\d])")
"""What counts those that a list names: 东苑一、二两期, 东、西两园."""
_PIECE_OF_ONE = re.compile(rf"第?{_N}{_KIND}?")
_MARKS = re.compile(r"[、，,;；/\s]+")
_APART = re.compile(rf"{_MARKS.pattern}|和|与|及")
"""What parts the names of a list; 和平小区 is one name where it is known."""
_ALL_OF_IT = re.compile(r"[(（]?(全部|所有|整体|全期|全小区)[)）]?$")
_LONGEST_SHARED = 12
"""Signs that a piece of a list has at most that shares its beginning or end with another one."""
_NEXT_FEW = 20
"""Names behind a piece among which the one is that has the end which they share."""
_EACH = re.compile(rf"(?P<to>[至到~～—–-]\s*第?)?(?P<number>{_N})")
ITSELF = re.compile(
    r"(?:本|该|所在|所属|本身|自身|自有|内部)(?:居住|住宅|居民)?(?:小区|住区|院区?|楼|园区?|项目|机构|单位|站|中心)?内?"
)
"""What a record says that means where the rooms are: 本小区."""
NONE = re.compile(
    r"(?:暂|尚|暂时)?(?:无|没有)(?:服务小区|服务对象)?"
    r"|(?:暂|均)?不(?:服务|面向|辐射|覆盖)(?:于)?(?:其他|其它|别的|外部?|周边)(?:的)?(?:小区|居住区|住区|社区)?"
    r"|(?:暂)?不对外(?:服务|开放|提供(?:服务)?)?"
)
"""What says that nobody else is served: no more than a blank does."""
_ITS_OWN = re.compile(
    rf"(?:仅限?|只限?|专门?)?(?:供|为|给|面向|服务于?|覆盖)?(?:{ITSELF.pattern})"
    r"(?:的?(?:居民|业主|住户|老年?人))?(?:使用|服务)?"
)
"""What says that only those are served where the rooms are: 仅本小区, 只服务本小区居民."""


def names_listed(text: str) -> list[str]:
    """Return the pieces of a cell that may list several names or ids; of one name itself."""
    return [piece for piece in _LISTED.split(text) if piece.strip()]


def plainly_listed(cell: str, known: Callable[[str], bool]) -> str:
    """Return a record without quotation marks, the numbers of its list, and one figure for each.

    “东园” and 服务小区：东园 are 东园, 1.东园 2.西园 and ①东园②西园 are 东园；西园, 东园、西园各75
    is 东园:75；西园:75.
    As written where the names are not ``known`` then.
    """
    cell = _LABEL.sub("", cell)
    text = _QUOTES.sub("", cell)
    numbers = [int(one) for one in _NUMBERED_OFF.findall(text)]
    if numbers and numbers == list(range(1, len(numbers) + 1)):
        text = _NUMBERED_OFF.sub("；", text)
    text = _CIRCLED.sub("；", text)
    each = _EACH_M2.fullmatch(text.strip())
    names = _plain_names(text if each is None else each["names"], known)
    if not names:
        return cell
    if each is not None:
        return "；".join(f"{name}:{each['m2']}" for name in names)
    return text if text == cell else "；".join(names)


def _plain_names(listed: str, known: Callable[[str], bool]) -> list[str]:
    """Return the names of a list, all of them ``known``; none where one is not."""
    ways = ([*filter(str.strip, apart.split(listed))] for apart in (_MARKS, _APART))
    return next((way for way in ways if way and all(map(known, way))), [])


def each_name(cell: str, known: Callable[[str], bool], meant: Callable[[str], bool]) -> str:
    """Return a record with the names of a list that share a beginning or an end written out.

    东苑一、二期 as 东苑一期；东苑二期, and so 东苑A、B区, 东苑A区；B区, 城建、建业花园 and R1、2.
    Of R12、3 the second may be R13 or R3, and is written so: R13或R3.
    As written where nothing is found so. m² behind an end that names share are of all of them,
    which stay together then: a name that may mean each.

    Parameters
    ----------
    known
        Whether a text is the name or id of one area.
    meant
        Whether it may be, or nearly is.
    """

    def likely(one: str) -> bool:
        return known(one) or meant(one)

    same = _EACH_M2.fullmatch(cell.strip())
    if same is not None:  # one figure for each: whose names are no more open than without it
        names = [one for one, m2 in split_serves(each_name(same["names"], known, meant)) if not m2]
        if len(names) > 1 and all(map(likely, names)):
            return "；".join(f"{one}:{same['m2']}" for one in names)
    cell = _without_count(_each_phase(cell, known, likely), likely)
    if any(word in cell for word in LEAVING_OUT):
        return cell
    parts = [_with_m2(name, m2, known) for name, m2 in split_serves(cell)]
    names = [_whole(name, meant) for name, _ in parts]
    groups = _complete(names, known, meant)
    if names == [name for name, _ in parts]:
        return cell
    return "；".join(_written_out(names, [m2 for _, m2 in parts], groups))


def _without_count(cell: str, meant: Callable[[str], bool]) -> str:
    """Return a list without what counts its names (东、西两园), where they are names without it."""
    plain = _BOTH.sub("", cell)
    if plain == cell:
        return cell
    names = [one for one, _ in split_serves(each_name(plain, meant, meant))]
    return plain if len(names) > 1 and all(map(meant, names)) else cell


def _with_m2(name: str, m2: str | None, known: Callable[[str], bool]) -> tuple[str, str | None]:
    """Return a piece of a record and its m², those that stand behind it without a colon too."""
    said = None if m2 is not None or known(name) else _M2_BEHIND.fullmatch(name)
    return (name, m2) if said is None else (said["name"], said["m2"])


def _complete(
    names: list[str], known: Callable[[str], bool], meant: Callable[[str], bool]
) -> list[int]:
    """Complete names by what they share with their neighbours; return which share something."""
    groups, last = [*range(len(names))], ""
    for n, name in enumerate(names):
        if known(name) or len(name) > _LONGEST_SHARED:
            last = name if known(name) else ""
            continue
        near = meant(name)
        after = names[n + 1 : n + 1 + _NEXT_FEW]
        behind = [one for one in after if not (near if known(one) else meant(one))]
        found = _either(name, filter(known, _shared(name, "" if near else last, behind)))
        names[n] = "或".join(found) or name
        last = last if len(found) > 1 else found[0] if found else ""
        if found and n + 1 < len(names) and not names[n].endswith(name):
            groups[n + 1] = groups[n]  # m² behind it are of both
    return groups


def _either(name: str, found: Iterable[str]) -> list[str]:
    """Return the name that a piece is, or the ids that a number may be: R13 or R3 of R12、3."""
    each: dict[str, str] = {}
    for one in found:
        each.setdefault(id_number(one) or one, one)
    return [*each.values()] if name.isdigit() else [*each.values()][:1]


def _whole(name: str, meant: Callable[[str], bool]) -> str:
    """Return a name without a bracket that a list of it tore, and without 全部 behind it."""
    torn = _BRACKET.sub("", name) if len(_BRACKET.findall(name)) % 2 else name
    bare = _ALL_OF_IT.sub("", torn)
    return bare if bare not in {"", torn} and not meant(torn) and meant(bare) else torn


def _shared(name: str, before: str, behind: Iterable[str]) -> Iterator[str]:
    """Yield what a piece of a list may be: with the beginning of the name before it, or an end."""
    begun = [before[:n] for n in range(len(before), 0, -1) if _begins(before, n, name)]
    ends = ["", *(one[n:] for one in behind for n in range(1, len(one)))]
    numbered = name[-1:].isdigit()
    ends = [end for end in ends if not (numbered and end[:1].isdigit())]
    yield from (f"{one}{name.removeprefix('第')}{end}" for end in ends for one in (*begun, ""))


def _begins(before: str, n: int, name: str) -> bool:
    """Return whether a piece may have the first ``n`` signs of the name before it for its own.

    Of a number those before as many digits as it has (R101、102, R101、2, never R113 of R12、13).
    One sign that names share is chance (大王村、李村), but for ids and parts: R1、2, 东1区、2区.
    """
    if n == 1 and not (before[0].isascii() or _PIECE_OF_ONE.fullmatch(name)):
        return False
    if not (name[:1].isdigit() and before[n - 1].isdigit()):
        return True
    return len(_digits(before[n:])) == len(_digits(name))


def _digits(text: str) -> str:
    """Return the digits that a text begins with."""
    return "".join(itertools.takewhile(str.isdigit, text))


def _written_out(
    names: Sequence[str], areas: Sequence[str | None], groups: Sequence[int]
) -> Iterator[str]:
    """Yield the pieces of a record, those of one group that have m² behind the last as one."""
    for group in dict.fromkeys(groups):
        mine = [n for n, one in enumerate(groups) if one == group]
        *first, last = mine
        if first and areas[last] is not None and all(areas[n] is None for n in first):
            yield f"{''.join(names[n] for n in mine)}:{areas[last]}"
        else:
            yield from (names[n] if areas[n] is None else f"{names[n]}:{areas[n]}" for n in mine)


def _each_phase(cell: str, known: Callable[[str], bool], meant: Callable[[str], bool]) -> str:
    """Return a record with the phases of one name written out, as far as any is an area's.

    Buildings of an area (东苑1-5号楼) stay together, unless one of them is an area by itself.
    """
    parted = _RUN_TOGETHER.sub(r"\g<0>、", _BOTH.sub("", cell))

    def out(said: re.Match[str]) -> str:
        each = [f"{said['of']}{number}{said['kind']}" for number in _numbers(said["each"])]
        houses = said["kind"].endswith("楼") and known(said["of"]) and meant(said[0])
        if not any(map(known if houses else meant, each)):
            return said[0]
        return f"{''.join(each)}{said['m2']}" if said["m2"] else "；".join(each)

    read = _OF_PHASES.sub(out, parted)
    return _OF_PHASES.sub(out, cell) if read == parted else read


def _numbers(text: str) -> list[str]:
    """Return the numbers of a list, each of those from one to another; none: it counts down."""
    numbers = list[str]()
    if _TYPED_ROMAN.search(text):  # a letter is I alone
        text = _TYPED_I.sub(lambda one: _ROMAN[_TYPED.index(one[0])], text)
    for one in _EACH.finditer(text):
        order = next((o for o in (*_ORDERS, _SIDES) if one["number"] in o), None)
        if order is not None:
            more = _lettered(order, numbers[-1] if one["to"] and numbers else None, one)
            if not more:
                return []
            numbers += more
            continue
        last, write = _number(one["number"]), str if one["number"].isdigit() else _written
        counted = one["to"] and numbers and set(numbers[-1]) <= _COUNTED
        first = _number(numbers[-1]) + 1 if counted else last
        if first > last:
            return []
        numbers += map(write, range(first, last + 1))
    return numbers


def _lettered(order: str, after: str | None, one: re.Match[str]) -> list[str]:
    """Return a letter or a side of the sky; of letters all that follow another, up to it.

    None, where they go backwards: nobody knows how many are meant.
    """
    if after is None or order == _SIDES or after not in order:
        return [one["number"]]
    return list(order[order.index(after) + 1 : order.index(one["number"]) + 1])


def _number(text: str) -> int:
    """Return 12 of 12 and of 十二, 20 of 二十."""
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    more = _DIGITS.index(ones) + 1 if ones else 0
    return more + (10 * (_DIGITS.index(tens or "一") + 1) if ten else 0)


def _written(number: int) -> str:
    tens, ones = divmod(number, 10)
    ten = f"{_DIGITS[tens - 1] if tens > 1 else ''}十" if tens else ""
    return ten + (_DIGITS[ones - 1] if ones else "")


def _of_nobody_else(cell: str, find: Callable[[str], str | None]) -> bool:
    """Return whether a record says no more than a blank: 无, 仅本小区, 不服务其他小区."""
    pieces = [fold(f"{name}:{area}" if area else name) for name, area in split_serves(cell)]
    said = (any(words.fullmatch(one) for words in (NONE, _ITS_OWN)) for one in pieces)
    return find(cell) is None and all(said)


def by_project(areas: pd.DataFrame) -> Mapping[str, list[str]]:
    """Return the areas of each project, by its name."""
    found: dict[str, list[str]] = defaultdict(list)
    for key, called in areas.get("project", pd.Series(dtype=object)).dropna().items():
        found[one_spelling(called)].append(str(key))
    return found


def records(cells: pd.Series, find: Callable[[str], str | None]) -> Iterator[tuple[int, str, str]]:
    """Yield row, facility and record of those that say more than a blank."""
    for row, (facility, cell) in enumerate(cells.items()):
        if cell is not None and not _of_nobody_else(cell, find):
            yield row, str(facility), cell
