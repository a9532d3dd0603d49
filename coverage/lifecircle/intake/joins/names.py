"""Names as planners write them: one place under several spellings, and near misses.

Three degrees are told apart. The *same* name: equal but for width, case and white space. The same
*stem*: equal but for the words around it (曹县青菏街道办事处, 青菏街道 and 青菏 are one; 大集乡 is
大集镇 since it became a town). A *near* name: one character off (青荷街道, 青菏街道). The first is
used, the second is used and said, the third is only proposed: one character may part two places.
"""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from lifecircle.model.dictionary import fold, undivided

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["NameIndex", "kind_said", "stem"]

_COMMITTEE = re.compile(r"(居民委员会|村民委员会|居委会|村委会)$")
_OFFICE = re.compile(r"(人民政府|政府|办事处|(?<=街道)办)$")
_ABOVE = re.compile(r"^.*(?:省|市|县|(?<![社小])区)(?=..)")
"""Names of the levels above, written before a name; not where less than two characters follow.
社区 and 小区 are no 区."""
_ENDINGS = {
    "township": re.compile(r"(街道|镇|乡)$"),
    "community": re.compile(r"(社区|行政村|村)$"),
    "residential": re.compile(r"(住宅小区|居住小区|小区|社区)$"),
}
_ESTATE = re.compile(r"(小区|花园|家园|花苑|新村|新区|公寓|住宅)")
_SAYS_LITTLE = re.compile(
    r"(住宅|居住|家属|职工|老旧|新建|商品|安置|回迁)*(小?区|[^.]*社区|花园|家园|花苑|新村|新区|公寓|住宅|宿舍|家属院|家属楼|大院|楼|院|村|房)"
    r"|第?[\d一二三四五六七八九十东西南北中a-z]+(期|区|号院?|号?楼|院)"
)
_BRACKETS = re.compile(r"[(\[〔【][^()\[\]〔〕【】]*[)\]〕】]$")
"""What is said beside a name at its end: 真武小区（老旧）, folded to half-width brackets."""
_LOOSE = re.compile(
    r"[()\[\]〔〕【】·・•‧∙.\-—\s]|(?<=.)(?:小区|居住区|住宅区)"
    r"|第(?=[\d〇零一二三四五六七八九十]+(?:期|区|号|组团))"
)
_NUMERALS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_TENS = re.compile(
    r"(?P<tens>[一二三四五六七八九]?)(?P<ten>十|廿|卅)(?P<ones>[一二三四五六七八九]?)(?=期|区|号|组团)"
)
"""Numbers of parts above nine: 东苑二十期 is 东苑20期, and 东苑廿一期 东苑21期."""
_KINDS = {
    "township": {"街道": "street", "镇": "town", "乡": "township"},
    "community": {
        "社区": "community",
        "居委会": "community",
        "居民委员会": "community",
        "村": "village",
        "村委会": "village",
        "村民委员会": "village",
    },
}
_NAMED_AFTER = re.compile(r"[花家嘉佳名雅景新]?[园苑城居郡府墅庭邸湾]|新村|公寓|住宅|家属院|宿舍")
"""Endings without which an estate is often called: 丽景 of 丽景花园."""
_OF_PARTS = re.compile(
    r"(?:小区)?(?:(?:[前后全各]?[两二三四五六几多]?个?期|大?部分)|(?:\([^()]+\)){2,}"
    r"|[\d一二三四五六七八九十]+(?:#|号?楼|[栋幢]).*|.*期\(?[含及和](?!.*[:：]).+期\)?)"
)
"""What is said of several parts of an estate, or of what may lie in any: 前两期, 部分, 2#."""
_RUN_TOGETHER = re.compile(r"第?(?P<each>\d{2,4})(?:期|区|号院?|组团)$")
_LAST_NUMBER = re.compile(r"(\d+)\D*$")
"""Digits that may be the numbers of several parts: 东苑12期 of two that have no twelfth."""
_SIDES = re.compile(
    r"(?P<of>.*?)(?P<each>[东南西北中]{2,4})(?:[两三四]个?)?(?P<end>[^东南西北中].*)"
)
"""Sides that share the rest of a name: 东西苑."""
_ROMAN = {roman: str(n) for n, roman in enumerate("ⅰⅱⅲⅳⅴⅵⅶⅷⅸ", start=1)}
_ROMAN |= {roman: str(n) for n, roman in enumerate(("i", "ii", "iii", "iv"), start=1)}
_ROMAN_PART = re.compile(r"(?<![a-z])(?:iv|i{1,3}|[ⅰ-ⅸ])(?=期|区|号)")
_SIGNS = re.compile(
    r"[“”‘’\"'《》「」『』()\[\]〔〕【】·•‧∙]|第(?=[\d〇零一二三四五六七八九十]+(?:期|区|号|组团))"
)
_NO_NAME = ("各", "全县", "全区", "全市", "乡镇", "镇街", "虚拟")
_SHORTEST_STEM = 2
_SHORTEST_NEAR = 3
_KNOWN_NAMES = 1 << 15
"""Names whose spellings are kept: a county's list of villages is read several times a run."""


@lru_cache(maxsize=_KNOWN_NAMES)
def stem(text: str, level: str) -> str:
    """Return a name without the words around it.

    Parameters
    ----------
    text
        The name, folded or not.
    level
        ``township``, ``community`` or ``residential``: which endings say the kind of place only.

    Returns
    -------
    str
        At least two characters; shorter stems keep their ending (夏镇 is not 夏).
    """
    short = _OFFICE.sub("", fold(text))
    if level == "community":
        short = _COMMITTEE.sub("", short)
    bare = _ENDINGS[level].sub("", short)
    return bare if len(bare) >= _SHORTEST_STEM else short


def kind_said(text: str, level: str) -> str | None:
    """Return the ``unit_type`` that the name of a unit ends with; None where it says none.

    ``level``: ``township`` or ``community``. A word for many of a kind (各乡镇) is no name.
    """
    short = _OFFICE.sub("", fold(text))
    if any(word in short for word in _NO_NAME):
        return None
    said = (kind for ending, kind in _KINDS[level].items() if short.endswith(ending))
    kind = next(said, None)
    bare = _COMMITTEE.sub("", short) if level == "community" else short
    return kind if kind and len(bare) >= _SHORTEST_STEM and bare not in _KINDS[level] else None


def _called_short(name: str) -> list[str]:
    """Return what an estate may be called without its ending: 丽景 of 丽景花园."""
    cuts = range(_SHORTEST_STEM, len(name))
    return [name[:at] for at in cuts if _NAMED_AFTER.fullmatch(name[at:])]


def _counted(folded: str) -> str:
    """Return a name with its numbers as digits and without brackets and quotation marks."""
    plain = _ROMAN_PART.sub(lambda said: _ROMAN[said[0]], _SIGNS.sub("", folded))
    return _TENS.sub(_in_tens, plain).translate(_NUMERALS)


def _in_tens(said: re.Match[str]) -> str:
    tens = said["tens"] or {"十": "一", "廿": "二", "卅": "三"}[said["ten"]]
    return f"{tens}{said['ones'] or '〇'}"


class _Spelled(NamedTuple):
    """What a name of a level is looked up by: as it is compared, and three looser ways."""

    plain: str
    stem: str
    loose: str
    numbered: str


@lru_cache(maxsize=_KNOWN_NAMES)
def _spelled(name: str, level: str) -> _Spelled:
    loose = _loosely(name)
    return _Spelled(_plain(name, level), stem(name, level), loose, _counted(loose))


def _plain(text: str, level: str) -> str:
    """Return a name as it is compared: 居民委员会 and the like at its end do not matter."""
    folded = fold(text)
    return folded if level == "residential" else _COMMITTEE.sub("", folded)


class _Neighbours:
    """Which of some folded names are near one, by tables: records ask of thousands of names.

    ``level``: as in :func:`stem`.
    """

    def __init__(self, names: Iterable[str], level: str) -> None:
        self._level = level
        self._names = frozenset(names)
        self._found: dict[tuple[object, ...], list[str]] = {}
        for name in self._names:
            for sign in self._signs(name):
                self._found.setdefault(sign, []).append(name)
            for at in range(len(name)):
                self._found.setdefault(_left_out(name, at), []).append(name)
            for short in _called_short(name) if level == "residential" else ():
                self._found.setdefault(("ending", short), []).append(name)

    def of(self, folded: str) -> set[str]:
        """Return the names that are near one, itself where it differs in signs or a remark."""
        asked = self._signs(folded)
        if self._level == "residential":
            whole, parted = _estate(folded)
            asked = [sign for sign in asked if sign[0] != "part"]
            asked += [("part", whole, not parted), ("ending", stem(folded, self._level))]
        found = {name for sign in asked for name in self._found.get(sign, ())}
        if self._level == "residential":
            found |= self._names.intersection(_called_short(stem(folded, self._level)))
            found |= self._parts_said(folded) | self._parts_run_together(folded)
            found |= self._sides_run_together(folded)
            if not parted and ("part", whole, True) in self._found:
                return found  # the very name of an estate in parts is no slip of another's
        return found | self._one_off(folded)

    def _parts_said(self, folded: str) -> set[str]:
        """Return the parts of an estate that a text says some of: 东苑前两期."""
        cuts = (at for at in range(1, len(folded)) if _OF_PARTS.fullmatch(folded[at:]))
        found = {name for at in cuts for name in self._found.get(("part", folded[:at], True), ())}
        whole = undivided(folded)  # of one part alone, no other
        return {name for name in found if whole == folded or undivided(name) != whole}

    def _parts_run_together(self, folded: str) -> set[str]:
        """Return the parts of an estate whose numbers a text may have without a mark: 东苑12期."""
        said = _RUN_TOGETHER.search(folded)
        if said is None or said.start() == 0:
            return set()
        parts = self._found.get(("part", stem(folded[: said.start()], self._level), True), ())
        numbers = {name: _LAST_NUMBER.search(_counted(name)) for name in parts}
        return {name for name, of in numbers.items() if of and of[1] in [*said["each"]]}

    def _sides_run_together(self, folded: str) -> set[str]:
        """Return the estates that a text may name by their sides: 东园 and 西园 of 东西园."""
        said = _SIDES.fullmatch(folded)
        if said is None:
            return set()
        each = [f"{said['of']}{side}{said['end']}" for side in said["each"]]
        found = [self._found.get(("bare", stem(one, self._level)), []) for one in each]
        return {name for names in found for name in names} if all(found) else set()

    def _signs(self, name: str) -> list[tuple[object, ...]]:
        """Return what tells a name: its numbers counted, its stem but for a remark, its estate."""
        bare = stem(_BRACKETS.sub("", name), self._level)
        signs: list[tuple[object, ...]] = [("counted", _counted(name))]
        signs += [("bare", bare)] if bare else []
        return [*signs, ("part", *_estate(name))] if self._level == "residential" else signs

    def _one_off(self, folded: str) -> set[str]:
        """Return the names of which one character was replaced, added or left out."""
        if len(folded) < _SHORTEST_NEAR:
            return set()
        replaced = [_left_out(folded, at) for at in range(len(folded))]
        added = [(at, folded) for at in range(len(folded) + 1)]
        found = {name for one in (*replaced, *added) for name in self._found.get(one, ())}
        return (found | self._names.intersection(one for _, one in replaced)) - {folded}


def _left_out(name: str, at: int) -> tuple[int, str]:
    return at, name[:at] + name[at + 1 :]


def _estate(name: str) -> tuple[str, bool]:
    """Return the stem of a name without its part, and whether it has one: 西苑 of 西苑二期."""
    whole = undivided(name)
    return stem(whole, "residential"), whole != name


class NameIndex:
    """Names of one level, to be found by what a cell says.

    Parameters
    ----------
    names
        (key, name) pairs; several keys may have one name.
    level
        As in :func:`stem`.
    """

    def __init__(self, names: Iterable[tuple[str, str]], level: str) -> None:
        self._level = level
        self._pairs = list(names)
        self._written = dict(self._pairs)
        self._tables: dict[str, dict[str, list[str]]] = {}
        self._read: dict[str, list[str]] = {}

    def __len__(self) -> int:
        return len(self._written)

    @property
    def written(self) -> Mapping[str, str]:
        """Return key → name as written."""
        return self._written

    def _by(self, way: str) -> dict[str, list[str]]:
        """Return spelling → keys, of one of the ways of :class:`_Spelled`; made when first asked.

        Most studies name no village: the shipped lists have hundreds.
        """
        if way not in self._tables:
            table = self._tables[way] = {}
            for key, name in self._pairs:
                table.setdefault(getattr(_spelled(name, self._level), way), []).append(key)
        return self._tables[way]

    @property
    def _names(self) -> dict[str, list[str]]:
        return self._by("plain")

    @property
    def _stems(self) -> dict[str, list[str]]:
        return self._by("stem")

    def _below(self, text: str) -> str:
        """Return a name without those of the levels above before it; 小区 is no 区 above."""
        folded = fold(text)
        return folded if self._level == "residential" else _ABOVE.sub("", folded)

    def same(self, text: str) -> list[str]:
        """Return the keys of exactly this name."""
        return self._names.get(_plain(text, self._level), [])

    def alike(self, text: str) -> list[str]:
        """Return the keys of this stem, with or without the names of the levels above.

        Of an estate also those of which brackets, dashes and 小区 alone part it: 东苑（一期）,
        东苑小区一期 and 东苑一期; or how a number is written: 东苑1期.
        """
        found = self._stems.get(stem(text, self._level), [])
        below = self._below(text)
        found = found or self.same(below) or self._stems.get(stem(below, self._level), [])
        if found or self._level != "residential":
            return found
        loose = _loosely(text)
        return self._by("loose").get(loose) or self._by("numbered").get(_counted(loose), [])

    def near(self, text: str) -> list[str]:
        """Return the keys whose name is one character off; a name of two says too little.

        Also those of the same name or stem but for a remark in brackets, of either: it may say
        the state of the place (老旧) or part it (二期); of an estate and its parts too (西苑,
        西苑二期, 西苑前两期), and of one called without its ending (丽景, 丽景花园). Those that
        differ only in how a number is written, or in signs (西苑2区, 西苑Ⅱ区, 西苑（二区）), go
        before all others.
        """
        if text not in self._read:
            self._read[text] = self._nearest(text)
        return [*self._read[text]]

    def _nearest(self, text: str) -> list[str]:
        folded = _plain(_OFFICE.sub("", self._below(text)), self._level)
        counted = _counted(folded)
        named = self._neighbours.of(folded)
        found = [key for name, keys in self._names.items() if name in named for key in keys]
        numbered = [k for k in found if _counted(fold(self._written[k])) == counted]
        return numbered or found

    @cached_property
    def _neighbours(self) -> _Neighbours:
        return _Neighbours(self._names, self._level)

    def abbreviated(self, text: str) -> list[str]:
        """Return the keys whose names begin or end with a text, or its stem: 东苑 of 东苑花园.

        A figure or a letter says too little, as does the kind of an estate (花园) or part (二期).
        """
        bare = stem(text, self._level)
        if len(bare) < _SHORTEST_STEM or bare.isascii() or _SAYS_LITTLE.fullmatch(bare):
            return []
        return [
            key
            for name, keys in self._stems.items()
            if name != bare and (name.startswith(bare) or name.endswith(bare))
            for key in keys
        ]

    def held(self, text: str) -> list[str]:
        """Return the keys of the names that a text holds, of one within another the longer.

        Only names that end as their kind does: 化雨镇 in 化雨镇综合养老服务中心, never 化雨 alone.
        """
        folded = fold(text)
        ending = _ENDINGS[self._level]
        said = [name for name in self._names if name in folded and ending.search(name)]
        found = []
        for name in said:
            rest = folded
            for longer in said:
                if name in longer and name != longer:
                    rest = rest.replace(longer, "|")  # 大王庄镇 says nothing of 王庄镇
            if name in rest:
                found += self._names[name]
        return found

    def leading(self, text: str) -> list[str]:
        """Return the keys of the longest name with which a text begins, after those above it.

        Not where the name goes on as an estate's: 西村小区 is no word on 西村.
        """
        folded = self._below(text)
        starts = (folded[:end] for end in range(len(folded), _SHORTEST_STEM - 1, -1))
        said = (name for name in starts if _ENDINGS[self._level].search(name))
        longest = next((name for name in said if name in self._names), "")
        if _ESTATE.match(folded[len(longest) :]):
            return []
        return self._names.get(longest, [])


def _loosely(text: str) -> str:
    return _LOOSE.sub("", stem(text, "residential"))
