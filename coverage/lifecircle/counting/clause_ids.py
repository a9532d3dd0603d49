"""Ids of clauses as people write them: CX06, ｃｘ－６, 第六条, CX-05至CX-07, CX-01和CX-03."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from lifecircle.model.dictionary import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lifecircle.model.rules.rule import Rule

    AnyRule = Rule[Any]

__all__ = ["IdIndex", "Said", "clause_key", "key_parts"]

_DASH = re.compile(r"(?<=[a-z])[-_.]+(?=\d)")
_KEY = re.compile(r"([a-z]{1,6})(\d{1,3})([a-z]?)")
_NUMERALS = "零一二三四五六七八九"
_HAN = rf"[{_NUMERALS}十]+"
_LETTERED = r"[a-z]{1,6}[-_.]?\d{1,3}(?:[a-z](?![a-z]))?"
_PLAIN = r"\d{1,3}(?:[a-z](?![a-z]))?(?:条款?)?(?![\d米分平公])"
_NUMBERED = rf"第(?:\d{{1,3}}|{_HAN})(?:条款?|款|项)?|{_PLAIN}"
_TO = r"至|到|~|--?"
_AND = r"和|及|与|以及|[&+.]"
_TOKEN = re.compile(rf"(?P<id>{_LETTERED}|{_NUMBERED})|(?P<to>{_TO})|(?P<and>{_AND})|(?P<or>或者?)")
"""What a list of ids is made of."""


_OF_A_CHAPTER = re.compile(rf"(?<![a-z\d._-])\d+\.\d|第(?:\d{{1,3}}|{_HAN})(?:款|项)|条第|\dm2")
"""Numbers within a document (3.6, 第三条第六款), and m²: no list of ids."""


class Said(NamedTuple):
    """Clauses that a text means: ``sure`` those it names, ``perhaps`` those it may mean.

    ``known``: it was read; a clause of another document is known, and none of these.
    """

    sure: frozenset[str] = frozenset()
    perhaps: frozenset[str] = frozenset()
    known: bool = True

    def doubted(self) -> Said:
        """Return the same with nothing sure."""
        return Said(frozenset(), self.sure | self.perhaps, self.known)

    def also(self, other: Said) -> Said:
        """Return what two texts of one list mean together."""
        sure = self.sure | other.sure
        perhaps = (self.perhaps | other.perhaps) - sure
        return Said(sure, perhaps, self.known and other.known)


def clause_key(written: object) -> str:
    """Return a clause's id in one case and width, and without the dash before its number: cx01."""
    return _DASH.sub("", fold(written), count=1)


def key_parts(written: object) -> tuple[str, int, str] | None:
    """Return letters, number and what follows of a clause's id: WS-30b is ("ws", 30, "b")."""
    found = _KEY.fullmatch(clause_key(written))
    return None if found is None else (found[1], int(found[2]), found[3])


class IdIndex:
    """The ids of a document's clauses.

    Parameters
    ----------
    rules
        Of the document, with those that it inherits.
    elsewhere
        Whether some letters are those of another document's ids.
    """

    def __init__(self, rules: Iterable[AnyRule], elsewhere: Callable[[str], bool]) -> None:
        self._elsewhere = elsewhere
        rules = tuple(rules)
        names = [rule.id for rule in rules]
        self._whole_county = {rule.id for rule in rules if rule.subject == "county"}
        self._exact = {clause_key(name): name for name in names}
        self._parts = {parts: name for name in names if (parts := key_parts(name)) is not None}
        letters = Counter(parts[0] for parts in self._parts)
        self._own = letters.most_common(1)[0][0] if letters else ""
        self._letters = set(letters)

    def read(self, text: str) -> Said | None:
        """Return the clauses of a folded text that is nothing but ids; None: it is more, or less.

        A plain number is that of the document's own clauses, but of one on the whole county, from
        which nobody can be exempt. An id that the document does not have may be mistyped: it is not
        ``known``, unless its letters are another document's.
        """
        if clause_key(text) in self._exact:
            return Said(frozenset({self._exact[clause_key(text)]}))
        if _OF_A_CHAPTER.search(text) is not None:
            return None
        tokens, at = [], 0
        while at < len(text):
            found = _TOKEN.match(text, at)
            if found is None or found.lastgroup is None:
                return None
            tokens.append((found.lastgroup, found[0]))
            at = found.end()
        return self._listed(tokens)

    def _listed(self, tokens: list[tuple[str, str]]) -> Said | None:
        kinds = [kind for kind, _ in tokens]
        if any(a != "id" != b for a, b in pairwise(("to", *kinds, "to"))):
            return None  # it begins, ends or goes on with a word between
        told, letters, number, ranging = Said(), self._own, 0, False
        for kind, text in tokens:
            if kind == "id":
                parts = _parts_of(text, letters)
                if not ranging:
                    found = self._one(parts)
                elif parts[0] == letters and parts[1] >= number:
                    found = self._between(letters, number, parts[1])
                else:
                    return None
                if key_parts(text) is None and found.sure <= self._whole_county:
                    found = Said(known=False)
                told, (letters, number, _) = told.also(found), parts
            ranging = kind == "to"
        return told.doubted() if "or" in kinds else told

    def _one(self, parts: tuple[str, int, str]) -> Said:
        name = self._parts.get(parts)
        if name is not None:
            return Said(frozenset({name}))
        return Said(known=parts[0] not in self._letters and self._elsewhere(parts[0]))

    def _between(self, letters: str, first: int, last: int) -> Said:
        named = {
            name
            for (own, number, _), name in self._parts.items()
            if own == letters and first <= number <= last
        }
        whole = (letters, last, "") in self._parts or letters not in self._letters
        return Said(frozenset(named), known=whole)


def _parts_of(token: str, letters: str) -> tuple[str, int, str]:
    """Return letters, number and rest of one id; a number alone has the letters before it."""
    if (parts := key_parts(token)) is not None:
        return parts
    plain = re.sub(r"^第|(条款?|款|项)$", "", token)
    if (found := re.fullmatch(r"(\d+)([a-z]?)", plain)) is not None:
        return letters, int(found[1]), found[2]
    return letters, _han(plain), ""


def _han(text: str) -> int:
    """Return a number below 100 in Chinese: 六, 十二, 二十三."""
    tens, ten, ones = text.rpartition("十")
    unit = _NUMERALS.find(ones[-1:]) if ones else 0
    return unit if not ten else 10 * (_NUMERALS.find(tens) if tens else 1) + unit
