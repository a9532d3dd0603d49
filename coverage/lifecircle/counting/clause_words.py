"""What the clause cell of an exemption means: ids, 全部, 配建面积, 步行时间, a title, a section.

Words that name clauses mean these; those that may mean several mean each perhaps. What cannot be
read, and a blank, may mean any clause that asks something.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from lifecircle.counting.clause_ids import IdIndex, Said
from lifecircle.model.dictionary import fold, match_word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from lifecircle.model.rules.rule import Rule

    AnyRule = Rule[Any]

__all__ = ["ClauseWords", "is_unsaid"]

_UNSAID = frozenset(("", "待定", "-", "--", "/"))
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−―", "-") | dict.fromkeys("～〜〰∼", "~"))
_HARD = re.compile(r"(?:[、,;\n|。]+|/(?!\d))(?![^(\[〔【]*[)\]〕】])")
_SOFT = re.compile(r"\s+")
_ID_GAP = re.compile(r"(?<=[A-Za-z])\s+(?=\d)|\s+(?=[-~至到和及与或])|(?<=[-~至到和及与或])\s+")
_STUCK = re.compile(
    r"(?<![A-Za-z])([A-Za-z]{1,6}[-_.]?\d{1,3}[a-z]?)(?=[^\W\d_a-zA-Z至到和及与以或等])"
)
_BRACKETS = re.compile(r"[(\[〔【](?P<said>[^()\[\]〔〕【】]*)[)\]〕】]")
_LEFT_OUT = re.compile(r"(?<!免)除|不含|不包括|不包含|以外|之外|例外|不豁免|不免|非|except|but|not")
_SOME = re.compile(r"等(?!\d)(条款|条|项|指标)?|etc")
_COUNTED = re.compile(r"等(\d+)个?(?:条款|条|项|款|指标)")
_CHAPTER = re.compile(r"第[^第]+[款项]$")
_DOCUMENT = r"(?:本|该|此|上述|以上|县)?(?:实施)?(?:方案|办法|文件|意见|规定|标准)?的?"
_ITEM = r"(?:条款|指标|要求|规定|内容|标准|任务|考核|评定|事项|clauses?|条|款|项|的)"
_LET_OFF = r"(?:豁免|免除|减免|免于(?:执行|考核|评定)?|免|不执行|不适用|不考核|不作?要求|不评定)"
_ALL = re.compile(
    rf"{_LET_OFF}?{_DOCUMENT}(?:全部|所有|一切|任何|全体|整体|完全|各|均|都|全|all|every|any|everything|\*)+"
    rf"(?:项|条|款)?{_ITEM}*(?:均|都|全部|全)?(?:予以)?{_LET_OFF}*"
)
_ALL_OF = re.compile(r"^(?:全部|所有|一切|各项|各类|all)(?:的)?")
_NOISE = re.compile(
    rf"{_LET_OFF}|{_ITEM}|对应|涉及|关于|有关|相关|按照?|城镇|城市|社区|居家|住宅|居住区|小区|养老|为老|老年人?"
    r"|服务|设施|场所|全县|本县|the|of"
)
_AGES = (
    (re.compile(r"新建成?|已批未建成?|已批|new"), frozenset({"new", "approved"})),
    (
        re.compile(r"(?:已建成|既有|现有|现状|老旧|旧|existing|old)(?:及|和|与|、)?"),
        frozenset({"existing", "old"}),
    ),
)
_OF_WALKS = (
    r"(?=.*(?:步行|生活|圈|时间|时长|walk|circle))"
    r"(?:步行|生活|可达|时间|距离|路程|时长|圈|walking|walk|time|circle|性)+"
)
_FAMILIES: tuple[tuple[str, str, str], ...] = (
    (
        r"(?:配建|配置|配套|建设|人均|每?百户|每?千人|建筑|用房)*面积|每?百户|每?千人|配建(?:定额|规模)|(?:floor)?areas?|quotas?",
        "provision",
        "single_minimum has_facility",
    ),
    (
        r"(?:配建|配置|配套|建设|规划)*用房(?:配建|配置|建设)?|(?:配建|配套|配置|建设)+|rooms?",
        "provision has_facility",
        "single_minimum stages",
    ),
    (
        _OF_WALKS,
        "walk",
        "",
    ),
    (r"(?:覆盖)?半径(?:覆盖)?(?:距离|范围)?|直线距离|(?:service)?radius", "radius", ""),
    (r"(?:覆盖|可达|距离|范围|辐射|率|面|性|coverage|distance)+", "", "radius walk unit_coverage"),
    (r"[四4]?(?:个)?同步(?:建设|机制)?", "stages", ""),
    (r"(?:配建)?达标率|compliancerate", "compliance_rate", ""),
    (r"配建率|有无", "has_facility", ""),
    (r"(?:单处|每处|单个|单体|最小|最低)(?:建筑)?面积", "single_minimum", ""),
    (r"改造", "renovated", ""),
)
"""Core of a word → measures that it means, and those that it may mean besides."""
_OFTEN_A_REASON = "renovated"
"""A measure whose word (老旧小区改造) people also write for the reason of an exemption."""
_ON_ROOMS = ("provision", "has_facility", "single_minimum", "compliance_rate")
"""Measures of a document of which one may be called as another is."""
_FIGURE = re.compile(r"(\d+(?:\.\d+)?)(平方米|平米|m2|平|公里|千米|km|米|m|分钟|分|min(?:utes?)?)")
_UNITS = {"平": ("provision single_minimum", 1.0), "m2": ("provision single_minimum", 1.0)} | {
    **dict.fromkeys(("米", "m"), ("radius", 1.0)),
    **dict.fromkeys(("公里", "千米", "km"), ("radius", 1000.0)),
    **dict.fromkeys(("分", "min"), ("walk", 1.0)),
}
_BESIDE = re.compile(
    r"(?:以?内|不[大少低]于|不超过|[≥≤<>=]|每?百户|每?千人|每处|单处|半径|覆盖|范围|步行|可达|生活|路程|圈|配建|配置"
    r"|用房|建筑|面积|直线|距离|时间|walk|circle|radius)*"
)
_LEAST_TITLE, _LEAST_QUOTE = 4, 8


def is_unsaid(cell: object) -> bool:
    """Return whether the clause, paper or reason of an exemption is none: blank, 无, 不详, 待定."""
    return (
        not isinstance(cell, str) or fold(cell) in _UNSAID or match_word("untold", cell) is not None
    )


class ClauseWords:
    """The clauses of one document, by whatever they are called.

    Parameters
    ----------
    rules
        The document's on its day, with those that it inherits.
    elsewhere
        Whether some letters (ws) are those of another document's ids.
    """

    def __init__(self, rules: Iterable[AnyRule], elsewhere: Callable[[str], bool]) -> None:
        self._rules = tuple(rules)
        self._ids = IdIndex(self._rules, elsewhere)
        self._subjects = tuple(rule for rule in self._rules if rule.subject != "county")
        self._titles = {
            rule.id: [fold(_plain(title)) for title in rule.clause.title.values()]
            for rule in self._rules
        }
        self._sections: dict[str, frozenset[str]] = {}
        for rule in self._rules:
            if section := fold(rule.clause.section):
                self._sections[section] = self._sections.get(section, frozenset()) | {rule.id}
        self._asking = frozenset(
            rule.id for rule in self._subjects if rule.clause.comparison is not None
        )

    def meant(self, cell: object) -> Said:
        """Return the clauses that a cell means for certain, and those that it may mean."""
        if is_unsaid(cell):
            return Said(perhaps=self._asking, known=False)
        text = _plain(str(cell))
        told = self._whole(fold(text))
        if told is None:
            told = self._list(text)
            if _LEFT_OUT.search(fold(text)) is not None:
                told = Said(perhaps=self._asking, known=False)
        count = _COUNTED.search(fold(text))
        if count is not None and int(count[1]) > len(told.sure):  # CX-06等3条: two are not said
            told = told._replace(known=False)
        if "减免" in text:  # lowered, or let off
            told = told.doubted()
        return told if told.known else self._open(told)

    def _open(self, told: Said) -> Said:
        """Return what a cell may mean of which a part cannot be read."""
        return Said(told.sure, (self._asking | told.perhaps) - told.sure, known=False)

    def _whole(self, text: str) -> Said | None:
        """Return what a text means as it stands: all, a title, a section; None: it is none."""
        if _ALL.fullmatch(text) is not None:
            return Said(self._asking)
        titled = {name for name, titles in self._titles.items() if text in titles}
        if titled:
            return Said(frozenset(titled))
        return self._section(text)

    def _section(self, text: str) -> Said | None:
        """Return the clauses of a section as the document counts it: 三(六), or (六) alone."""
        if text in self._sections:
            return Said(self._sections[text])
        ends = [section for section in self._sections if section.endswith(text)]
        if not ends or not text.startswith("("):
            return None
        within = Said(frozenset[str]().union(*(self._sections[section] for section in ends)))
        return within if len(ends) == 1 else within.doubted()

    def _list(self, text: str) -> Said:
        """Return what the entries of a list mean together."""
        items = [item for item in _HARD.split(text) if fold(item)]
        told = Said(known=bool(items))
        for item in items:
            told = told.also(self._item(item))
        return told

    def _item(self, item: str) -> Said:
        """Return what one entry of a list means: its words, and what stands in brackets."""
        told = self._whole(fold(item))
        if told is not None:
            return told
        beside = [self._list(found["said"]) for found in _BRACKETS.finditer(item)]
        plain = _STUCK.sub(r"\1 ", _BRACKETS.sub(" ", item))
        words = [fold(word) for word in _SOFT.split(plain) if fold(word)]
        parts = [self._part(word) for word in words]
        if not parts:
            parts, beside = beside, []
        if any(not part.known for part in parts):  # one word perhaps: 15 分钟 生活圈
            joined = self._part("".join(words))
            parts = [joined] if joined.known else parts
        told = Said()
        for part in parts:
            told = told.also(part)
        if not told.known or self._at_odds(words, parts):
            return told.doubted()
        return _beside(told, beside)

    def _at_odds(self, words: list[str], parts: list[Said]) -> bool:
        """Return whether a word beside an id speaks of other clauses: CX-06 步行."""
        if len(words) != len(parts):
            return False
        are_ids = [self._ids.read(word) is not None for word in words]
        named = {
            name for part, is_id in zip(parts, are_ids, strict=True) if is_id for name in part.sure
        }
        meant = [
            part.sure | part.perhaps
            for part, is_id in zip(parts, are_ids, strict=True)
            if not is_id
        ]
        return bool(named) and any(one and not one & named for one in meant)

    def _part(self, text: str) -> Said:
        """Return what a folded word means."""
        some = _SOME.search(text)
        if some is not None:
            return self._part(text[: some.start()])._replace(known=False)
        if _CHAPTER.search(text) is not None:  # of which article, or of which section
            return Said(known=False)
        text = re.sub(rf"^(?:{_LET_OFF}|条款|条文|对应|依据|:)+", "", text) or text
        text = re.sub(rf"等\d+(?:条款|条|项)$|(?:条款|条|款|项|{_LET_OFF})+$", "", text) or text
        if text.startswith("ref-"):
            return Said(frozenset({_reference(text)}))
        found = self._ids.read(text) or self._figures(text) or self._words(text)
        if found is None and (more := _ALL_OF.sub("", text)) != text:
            found = self._words(more)
        found = found or self._titled(text) or self._joined(text)
        return found or self._partly(text)

    def _joined(self, text: str) -> Said | None:
        """Return what words joined by 和 or 及 mean, where each is read."""
        words = re.split(r"以及|和|及|与|或|[&+]", text)
        if len(words) == 1 or not all(words):
            return None
        told = Said()
        for word in words:
            told = told.also(self._part(word))
        if not told.known:
            return None
        return told.doubted() if "或" in text else told

    def _partly(self, text: str) -> Said:
        """Return the clauses that stand in a text of which more cannot be read."""
        ids = re.findall(r"[a-z]{1,6}[-_.]?\d{1,3}[a-z]?", text)
        named = [said for each in ids if (said := self._ids.read(each)) is not None]
        found = frozenset[str]().union(*(said.sure for said in named))
        return Said(perhaps=found, known=False)

    def _figures(self, text: str) -> Said | None:
        """Return the clauses of a figure (1000米半径, 每百户15平方米): those that say it."""
        text = text.replace("十五分", "15分").replace("一千米", "1000米").replace("一公里", "1公里")
        found = _FIGURE.search(text)
        if found is None:
            return None
        rest, ages = _core(text[: found.start()] + text[found.end() :])
        if _BESIDE.fullmatch(rest) is None:
            return None
        unit = "m2" if found[2][:1] == "平" else found[2].removesuffix("钟")
        unit = "min" if unit.startswith("min") else unit
        measures, factor = _UNITS[unit]
        value = float(found[1]) * factor
        several = self._of(measures, ages)
        said = frozenset(r.id for r in self._rules if r.id in several and r.value == value)
        return Said(said) if said else Said(perhaps=several, known=bool(several))

    def _words(self, text: str) -> Said | None:
        """Return the clauses of a word by what it speaks of; None: it is none of those."""
        core, ages = _core(text)
        for words, means, may in _FAMILIES:
            if core and re.fullmatch(words, core):
                sure = self._of(means, ages)
                told = Said(sure, self._of(may, ages) - sure)
                if means == _OFTEN_A_REASON and not (sure or told.perhaps):
                    return None  # what the document does not ask is why, not from what
                alike = means in _ON_ROOMS and not (sure or told.perhaps)
                return Said(perhaps=self._of(" ".join(_ON_ROOMS), ages)) if alike else told
        return None

    def _titled(self, text: str) -> Said | None:
        """Return the clauses whose words a text quotes, or whose title it shortens or lengthens."""
        if not _core(text)[0]:
            return None
        quoted = {r.id for r in self._subjects if text in fold(r.clause.quote)}
        if quoted and len(text) >= _LEAST_QUOTE:
            return _one_of(quoted)
        titles = {rule.id: self._titles[rule.id] for rule in self._subjects}
        if (longer := _lengthens(text, titles)) is not None:
            return longer
        if len(text) < _LEAST_TITLE:
            return None
        within = {name for name, told in titles.items() if any(text in title for title in told)}
        return _one_of(within or {n for n, told in titles.items() if _shortens(text, told)})

    def _of(self, measures: str, ages: frozenset[str] | None) -> frozenset[str]:
        """Return the clauses of some measures; ``ages``: of those that ask such areas."""
        named = measures.split()
        found = {
            rule.id
            for rule in self._rules
            if rule.clause.measure in named
            and (ages is None or not (own := rule.clause.where.get("age_class")) or ages & set(own))
        }
        if "radius" in named or "walk" in named:  # what is looked at though no clause asks it
            found |= {f"REF-{name}-community" for name in named if name in {"radius", "walk"}}
        return frozenset(found)


def _beside(told: Said, brackets: list[Said]) -> Said:
    """Return what words mean beside what stands in brackets."""
    for part in brackets:
        if not part.known:  # it may qualify what it stands beside
            told = told.doubted()
        elif not part.sure & told.sure:
            told = told.also(part).doubted()
    return told


def _plain(text: str) -> str:
    """Return a text in half width, with one dash, and ids without gaps in them."""
    half = unicodedata.normalize("NFKC", text.translate(_DASHES)).strip()
    return _ID_GAP.sub("", half)


def _core(text: str) -> tuple[str, frozenset[str] | None]:
    """Return a word without what many clauses have in common, and the areas that it speaks of."""
    ages: frozenset[str] | None = None
    for words, own in _AGES:
        text, found = words.subn("", text)
        if found:
            ages = own if ages is None else ages | own
    return re.sub(r"[\"'“”‘’:《》]", "", _NOISE.sub("", text)), ages


def _lengthens(text: str, titles: Mapping[str, list[str]]) -> Said | None:
    """Return the clauses whose title stands in a text, for certain if nothing else does."""
    rests = {(n, text.replace(t, "")) for n, told in titles.items() for t in told if t in text}
    held = frozenset(name for name, _ in rests)
    plain = held <= {name for name, rest in rests if not _core(rest)[0]}
    return None if not held else Said(held) if plain else Said(perhaps=held, known=False)


def _shortens(text: str, titles: Iterable[str]) -> bool:
    """Return whether a text has half of the characters of one of the titles, in its order."""
    halves = (iter(title) for title in titles if 2 * len(text) >= len(title))
    return any(all(char in rest for char in text) for rest in halves)


def _one_of(names: set[str]) -> Said | None:
    """Return the one clause for certain, of several each perhaps; None: there is none."""
    told = Said(frozenset(names))
    return None if not names else told if len(names) == 1 else told.doubted()


def _reference(text: str) -> str:
    return f"REF-{text.removeprefix('ref-')}"
