"""The column, kind and word dictionaries, read once from the data files beside this module."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from lifecircle.errors import nearest_name
from lifecircle.model.traditional import simplified
from lifecircle.shipped import shipped_toml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = [
    "INSTITUTIONS",
    "LAYERS",
    "PROPOSAL_PARTS",
    "REACH_GROUPS",
    "ColumnSpec",
    "KindSpec",
    "columns",
    "fold",
    "group_kinds",
    "group_of",
    "is_group",
    "kinds",
    "kinds_apart",
    "match_kinds",
    "match_word",
    "nearest_word",
    "negated",
    "qualified",
    "qualifier",
    "split_kinds",
    "undecided_stage",
    "undivided",
    "unread",
    "words",
    "written_words",
]

LAYERS = (
    "residential",
    "facilities",
    "units",
    "candidates",
    "gates",
    "buildings",
    "exemptions",
    "indicators",
    "evidence",
)
"""Layers with a column dictionary, in reading order (streets and travel have none)."""

PROPOSAL_PARTS = ("project", "plots", "planned")
"""Parts of a development proposal, with a column dictionary each."""

REACH_GROUPS = ("community", "centre", "canteen", "village")
"""Overlapping sets of kinds, the main group first."""


INSTITUTIONS = "set:institutions"
"""Among a clause's ``kinds``: every 养老机构, which hangs on beds and full-time care too (A16)."""


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """One column of one layer: what it is called, holds, and is for."""

    layer: str
    name: str
    type: str
    unit: str | None
    required: bool
    needed: bool
    description: dict[str, str]
    aliases: tuple[str, ...]
    doubtful: bool = False
    """Whether a blank has a meaning of its own: what cannot be read is then kept apart from it."""
    last_day: bool = False
    """Whether a date is the last day of something: a month or a year ends with its last day."""
    dated: bool = False
    """Whether a year may be written as a day or a month, which is kept beside it."""
    more_words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Key → further words for it, in this column only."""

    def header(self, language: str) -> str:
        """Return a header that is understood when read: the first Chinese name, or the key."""
        return self.aliases[0] if language == "zh" and self.aliases else self.name


def unread(column: str) -> str:
    """Return the column that tells which values of another one are there and cannot be read.

    A blank of that column has a meaning of its own, and what cannot be read is not a blank.
    """
    return f"{column}_unread"


def days_of(column: str) -> str:
    """Return the column that has the days (:class:`DaySpan`) that the cell of a year tells."""
    return f"{column}_days"


_GROUP = "group:"


def group_kinds(group: str) -> tuple[str, ...]:
    """Return the ``kinds`` of a clause that speaks of a whole reach group."""
    return (f"{_GROUP}{group}",)


def group_of(kinds: Sequence[str]) -> str | None:
    """Return the reach group that a clause's ``kinds`` name; None where they name kinds."""
    return kinds[0].removeprefix(_GROUP) if len(kinds) == 1 and is_group(kinds[0]) else None


def is_group(kind: str) -> bool:
    """Return whether a word among ``kinds`` names a reach group."""
    return kind.startswith(_GROUP)


def split_kinds(given: Iterable[str]) -> tuple[set[str], set[str]]:
    """Return the kinds, and the reach groups, that the ``kinds`` of a clause name.

    养老机构 as every kind that may be one: beds and full-time care tell which are.
    """
    found = set(given)
    groups = {kind for kind in found if is_group(kind)}
    if INSTITUTIONS in found:
        found |= {key for key, spec in kinds().items() if spec.institution != "never"}
    return found - groups - {INSTITUTIONS}, {kind.removeprefix(_GROUP) for kind in groups}


@dataclass(frozen=True, slots=True)
class KindSpec:
    """One facility kind: its names and what it counts for.

    ``reach``: groups it always belongs to, with a day service, or if typed; told in kinds.toml.
    """

    key: str
    title: dict[str, str]
    level: str
    reach: frozenset[str]
    reach_with_service: frozenset[str]
    reach_if_typed: frozenset[str]
    floor_area: bool
    institution: str
    aliases: tuple[str, ...]
    offered: tuple[str, ...] = ()
    perhaps: str = ""
    typed: frozenset[str] = frozenset()

    @property
    def may_reach(self) -> frozenset[str]:
        """Groups it belongs to, or may with a day or outreach service."""
        return self.reach | self.reach_with_service | self.reach_if_typed

    @property
    def serves(self) -> bool:
        """Whether it is more than meals to people nearby: rooms for them, or within reach."""
        return not self.reach_if_typed and (self.floor_area or bool(self.reach))


def _load(name: str) -> dict[str, Any]:
    return shipped_toml("lifecircle.model", name)


_UNIT_AT_END = re.compile(
    r"[(\[【][^)\]】]*[)\]】]$"
    r"|[/:,;_]?单位:?[万千百]?(m2|平方米|平米|平方|户|套|人|张|个|层|亩|公顷|hm2)$"
    r"|[/:,_]?万?(m2|平方米|平米)$"
    r"|[/:,_][万千百]?(户|套|人|张|个|层|亩|公顷|hm2)$"
)


_IN_BRACKETS = re.compile(r"([^(\[【]+)[(\[【]([^)\]】]*)[)\]】]")
_QUALIFIES = re.compile(
    r"使用|套内|占地|用地|土地|(?<!含)地下|规划|设计|计划|批复|拟|待建|户籍|其中|新增|闲置|空置|已用|率|%"
)
"""Words in a header's brackets by which it is another figure than the one before them."""
_MARKS = re.compile(r"^[*★☆※▲△●○◆■#]+|[*★☆※▲△●○◆■#:;。]+$")
_ASKED = re.compile(
    r"[(\[【]?(必填|选填|必填项|选填项|必录)[)\]】]?$|^[(\[【](必填|选填|必填项|选填项)[)\]】]"
)
_PART = re.compile(
    r"\(?(?:第?[一二三四五六七八九十\d]+期|(?:[一二三四五六七八九十\d]+号?|[a-z东西南北中])区)\)?$"
)
_ENCLOSED = re.compile(r"[\[【〔<《(]([^\[\]【】〔〕<>《》()]+)[\]】〕>》)]")


def fold(text: object) -> str:
    """Return ``text`` as names are compared: half-width, simplified, lower case, nothing unseen.

    What is copied from web pages and chats carries marks of no width (U+200B, U+200E, U+FEFF).
    """
    return _folded(str(text))


def undivided(name: str) -> str:
    """Return a folded name without what says a part of the place at its end: 一期, 东区, 2区."""
    whole = _PART.sub("", name)
    return whole if len(whole) > 1 else name


@lru_cache(maxsize=1 << 16)
def _folded(text: str) -> str:
    """Return what a text folds to; a sheet of 10,000 columns asks for the same a million times."""
    plain = unicodedata.normalize("NFKC", text)
    if not plain.isascii():
        plain = "".join(c for c in plain if unicodedata.category(c) != "Cf")
    return simplified(re.sub(r"\s+", "", plain)).lower()


@lru_cache(maxsize=1 << 16)
def without_unit(folded: str) -> str:
    """Return a folded header without the unit at its end: 建筑面积(㎡) or 户数/户.

    Nor with the marks of forms around what must be filled in: *建筑面积, 【建筑面积】.
    """
    return _UNIT_AT_END.sub("", without_marks(folded))


def qualified(folded: str) -> str | None:
    """Return a header whose brackets say another thing, with that before it; None: they do not.

    建筑面积(地下) is no 建筑面积, 户数(规划) is a 规划户数; 建筑面积(含地下) and 户数(套) say none.
    """
    found = _IN_BRACKETS.fullmatch(without_marks(folded))
    return found[2] + found[1] if found and _QUALIFIES.search(found[2]) else None


def qualifier(folded: str) -> str | None:
    """Return the word of a folded heading that makes what it stands over another figure: 占地.

    其中 does not: below it stands a part, under a name of its own.
    """
    return next((word for word in _QUALIFIES.findall(folded) if word != "其中"), None)


@lru_cache(maxsize=1 << 16)
def without_marks(folded: str) -> str:
    """Return a folded header without stars, colons and brackets around it; 必填 goes too."""
    bare = _MARKS.sub("", folded)
    bare = _ASKED.sub("", bare)
    enclosed = _ENCLOSED.fullmatch(bare)
    return (enclosed[1] if enclosed else bare) or folded


@cache
def columns(layer: str) -> dict[str, ColumnSpec]:
    """Return the columns of a layer, by name, in the dictionary's order."""
    return {
        name: ColumnSpec(
            layer=layer,
            name=name,
            type=spec["type"],
            unit=spec.get("unit"),
            required=spec.get("required", False),
            needed=spec.get("needed", False),
            description=spec["description"],
            aliases=tuple(spec["aliases"]),
            doubtful=spec.get("doubtful", False),
            last_day=spec.get("last_day", False),
            dated=spec.get("dated", False),
            more_words={key: tuple(said) for key, said in spec.get("more_words", {}).items()},
        )
        for name, spec in _load("columns.toml")[layer].items()
    }


@cache
def kinds() -> dict[str, KindSpec]:
    """Return the kinds, by key."""
    return {
        key: KindSpec(
            key=key,
            title=spec["title"],
            level=spec["level"],
            reach=frozenset(spec.get("reach", ())),
            reach_with_service=frozenset(spec.get("reach_with_service", ())),
            reach_if_typed=frozenset(spec.get("reach_if_typed", ())),
            floor_area=spec["floor_area"],
            institution=spec.get("institution", "never"),
            aliases=tuple(spec["aliases"]),
            offered=tuple(spec.get("offered", ())),
            perhaps=spec.get("perhaps", ""),
            typed=frozenset(spec.get("typed", ())),
        )
        for key, spec in _load("kinds.toml").items()
    }


@cache
def _kind_aliases() -> tuple[tuple[str, str], ...]:
    """Return (folded alias, kind), longest first; ties by the dictionary's order."""
    pairs = [
        (fold(alias), key)
        for key, spec in kinds().items()
        for alias in (*spec.aliases, key)
        if key != "other" and not spec.typed
    ]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def match_kinds(text: object) -> frozenset[str]:
    """Return every kind named in ``text``, longest alias first; empty if none is known.

    A stretch of text is used once, so that 区域性养老服务中心 is not also an 养老机构, while
    夏镇街道区域性养老服务中心（原敬老院） is both a regional centre and a care home (A38).
    """
    return frozenset(key for key, _ in kinds_apart(text)[0])


def kinds_apart(text: object) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """Return the kinds named in ``text`` with their names, in its order, and the text around them.

    All is folded. One stretch more than names: before, between and behind them, empty or not.
    """
    folded = rest = fold(text)
    spans = []
    for alias, key in _kind_aliases():
        while alias in rest:
            at = rest.index(alias)
            spans.append((at, at + len(alias), key))
            rest = rest[:at] + "\0" * len(alias) + rest[at + len(alias) :]
    spans.sort()
    ends = [0, *(end for _, end, _ in spans)]
    starts = [*(start for start, _, _ in spans), len(rest)]
    around = tuple(rest[end:start] for end, start in zip(ends, starts, strict=True))
    return tuple((key, folded[start:end]) for start, end, key in spans), around


@cache
def words(vocabulary: str) -> dict[str, str]:
    """Return folded word → key of a closed vocabulary (stage, age_class, setting, bool)."""
    return {
        fold(word): key
        for key, spellings in _load("words.toml")[vocabulary].items()
        for word in (*spellings, key)
    }


def written_words(vocabulary: str) -> list[str]:
    """Return the words of a closed vocabulary as a reader may write them, a key's one by one.

    Of each language the first of a key, without commas; figures and signs stand for themselves.
    """
    found: list[str] = []
    for spellings in _load("words.toml")[vocabulary].values():
        plain = [word for word in spellings if "," not in word]
        english = next((w for w in plain if w.isascii() and w[:1].isalpha()), None)
        chinese = next((w for w in plain if not w.isascii() and w[:1].isalpha()), None)
        found += [word for word in (chinese, english) if word is not None]
        found += [word for word in plain if word[:1].isdigit() and len(word) > 1][:9]
    return found


def match_word(vocabulary: str, text: object) -> str | None:
    """Return the key that ``text`` means in a vocabulary, or None."""
    return words(vocabulary).get(fold(text))


_UNDECIDED = (
    (
        "trial",
        re.compile(r"(已|正在|处于)?试(运营|营业|运行|运转|开业|开放|用|点运营)(中|期|阶段)?"),
    ),
    (
        "unopened",
        re.compile(r"(暂|尚|还)?(未|没有|没)(正式)?(启用|投用|投入使用|运营|营业|开业|开放)"),
    ),
)
"""Stages that planners write and no document places: who asks for one says what to answer."""


def undecided_stage(text: object) -> tuple[str, ...]:
    """Return what a stage is that no document places: ``trial``, ``unopened``; else nothing."""
    return tuple(name for name, said in _UNDECIDED if said.fullmatch(fold(text)))


_NEGATIONS = re.compile(
    r"[未非不无没停歇否]|暂缓|暂停|待|拟|关闭|关停|撤销|注销|拆除|^un(?!der)|^no[tn]|closed"
)


def negated(text: object) -> bool:
    """Return whether a word says no, not yet or no longer (未运营), like 已运营, which says yes."""
    return _NEGATIONS.search(fold(text)) is not None


def nearest_word(text: object, known: Iterable[str]) -> str | None:
    """Return the folded word most like ``text`` that does not say the opposite; None: none is."""
    said = negated(text)
    return nearest_name(fold(text), [word for word in known if negated(word) == said])
