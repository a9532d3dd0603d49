"""Naming: which estates a facility's name or address speaks of, the longest name that fits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from lifecircle.account.sums import rows_of
from lifecircle.counting.projects import leads
from lifecircle.model.dictionary import fold

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

    from lifecircle.model.tables import Tables

    Pair = tuple[str, str]

__all__ = ["Names", "agreeing", "named_areas"]

_SHORTEST_NAME = 2
"""A name of one character names no estate."""
_GENERIC = ("住宅小区", "居民小区", "居住小区", "居住区", "小区")
"""Ends of estates' names that say no more than what they are, the longest first."""
_PART = r"(?:期|区|园|苑|院|号院|组团|街坊|地块|标段)"
_BRACKETED = re.compile(
    rf"[(\[〔【](第?[0-9a-z〇零一二三四五六七八九十东南西北中]+{_PART})[)\]〕】]"
)
"""A part of an estate, put in brackets: 东方(一区) is 东方一区."""
_REMARK = re.compile(r"[(\[〔【][^()\[\]〔〕【】]*[)\]〕】]")
"""What else is said beside a name: 阳光花园(原一中家属院)."""
_NUMERAL = re.compile(rf"[〇零一二三四五六七八九](?={_PART})")
_NUMERALS = str.maketrans("〇零一二三四五六七八九", "00123456789")


def named_areas(
    facilities: pd.DataFrame, areas: pd.DataFrame, names: Names | None = None
) -> pd.DataFrame:
    """Return pairs ``facility``, ``residential``: whose name is the longest that it holds.

    An estate is known by its name with and without 小区, however its parts are written (东方(一区),
    东方一区, 东方1区), and without a remark in brackets where that is no other's name; a project by
    the names of all its phases (``names``). Where a facility's name holds none, its address is
    asked. Of several names equally long all are told: which it is, places decide.

    ``names``: of all areas of the study, where ``areas`` are some of them, leading phases only.
    """
    known = names or Names(areas)
    found = [(one, area) for one, told in known.of(facilities).items() for area in told]
    if names is not None:
        found = sorted({(one, str(names.lead_of[area])) for one, area in found})
        at = {name: row for row, name in enumerate(facilities.index)}
        found.sort(key=lambda pair: at[pair[0]])
    return pd.DataFrame(found, columns=["facility", "residential"], dtype=object)


class Names:
    """The names of estates, looked up in what facilities are called: each text once.

    Parameters
    ----------
    areas
        With ``name``, or ``names`` of all phases; ``lead``, where there are projects.
    """

    def __init__(self, areas: pd.DataFrame) -> None:
        self._names: dict[str, set[str]] = {}
        called = areas["names"] if "names" in areas else areas["name"].map(lambda name: (name,))
        said = [(name, str(area)) for area, phases in called.items() for name in set(phases)]
        whole = {form for name, _ in said for form in _forms(_plain(name))}
        for name, area in said:
            bare = _forms(_without_remarks(name))
            for form in {*_forms(_plain(name)), *(one for one in bare if one not in whole)}:
                self._names.setdefault(form, set()).add(area)
        self._longest = max(map(len, self._names), default=0)
        self._held: dict[tuple[object, object], tuple[str, ...]] = {}
        self.lead_of: Mapping[Hashable, Hashable] = leads(areas).to_dict()

    def of(self, facilities: pd.DataFrame) -> dict[str, tuple[str, ...]]:
        """Return facility → the areas its name, else its address, speaks of, by id."""
        blank = pd.Series(None, facilities.index, dtype=object)
        told = zip(
            facilities.index.tolist(),
            facilities["name"].tolist(),
            facilities.get("address", blank).tolist(),
            strict=True,
        )
        return {
            one: self._areas(*(text if isinstance(text, str) else None for text in texts))
            for one, *texts in told
        }

    def _areas(self, name: str | None, street: str | None) -> tuple[str, ...]:
        """Return the areas of one text, or of another that is asked where it holds none."""
        if (name, street) not in self._held:
            held = (_held(text, self._names, self._longest) for text in (name, street))
            self._held[name, street] = tuple(sorted(next(filter(None, held), ())))
        return self._held[name, street]


def _plain(text: object) -> str:
    """Return a text as names are looked up in it; empty where it is none."""
    folded = _BRACKETED.sub(r"\1", fold(text)) if isinstance(text, str) else ""
    return _NUMERAL.sub(lambda one: one[0].translate(_NUMERALS), folded)


def _without_remarks(text: object) -> str:
    """Return a text as names are looked up in it, without its brackets and what is in them."""
    return _plain(_REMARK.sub("", fold(text))) if isinstance(text, str) else ""


def _forms(plain: str) -> Iterator[str]:
    """Yield an estate's name as it may stand in another one."""
    stem = next((plain.removesuffix(end) for end in _GENERIC if plain.endswith(end)), plain)
    yield from (form for form in (plain, stem) if len(form) >= _SHORTEST_NAME)


def _held(text: object, names: dict[str, set[str]], longest: int) -> Iterable[str]:
    """Return the areas of the longest names that ``text`` holds."""
    if not isinstance(text, str):
        return ()
    plain = _plain(text)
    for length in range(min(longest, len(plain)), _SHORTEST_NAME - 1, -1):
        parts = {plain[at : at + length] for at in range(len(plain) - length + 1)}
        hits = [names[part] for part in parts & names.keys()]
        if hits:
            return set().union(*hits)
    return ()


def agreeing(tables: Tables, named: Iterable[Pair]) -> list[Pair]:
    """Return the named pairs without those that places cannot tell apart but codes do.

    Estates of other towns have the same names. A blank code contradicts nothing.
    """
    sides = tables.facilities, tables.areas
    codes = [name for name in ("unit", "community") if all(name in side for side in sides)]
    here, there = (dict(zip(side.index, rows_of(side, "x", *codes), strict=True)) for side in sides)
    return [pair for pair in named if _may_be_one(here[pair[0]], there[pair[1]])]


def _may_be_one(here: Sequence[Any], there: Sequence[Any]) -> bool:
    """Return whether both have a place, or no code of one contradicts the other's."""
    told = [(a, b, bool(pd.isna(a) or pd.isna(b))) for a, b in zip(here, there, strict=True)]
    return not told[0][2] or all(a == b or gap for a, b, gap in told[1:])
