"""Names: which estates a facility's name or address speaks of, the longest name that fits."""

from __future__ import annotations

import itertools
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from lifecircle.account.estates.beside import (
    NUMERALS,
    PART,
    ends_estate,
    estates_told,
    is_of_care,
    is_road,
    plainly,
    says_estate,
    thing_of_its_own,
)
from lifecircle.account.estates.claims import Heard
from lifecircle.counting.projects import homes
from lifecircle.model.dictionary import fold, undivided

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from lifecircle.model.tables import Tables

__all__ = ["Names", "named_areas", "partly_named_areas"]

_SHORTEST_NAME = 2
"""A name of one character names no estate."""
_GENERIC = ("住宅小区", "居民小区", "居住小区", "居住区", "小区")
"""Ends of estates' names that say no more than what they are, the longest first."""
_BRACKETED = re.compile(
    rf"[(\[〔【](第?[0-9a-z〇零一二三四五六七八九十东南西北中]+{PART})[)\]〕】]"
)
"""A part of an estate, put in brackets: 东方(一区) is 东方一区."""
_REMARK = re.compile(r"[(\[〔【][^()\[\]〔〕【】]*[)\]〕】]")
"""What else is said beside a name: 阳光花园(原一中家属院)."""
_IN_REMARK = re.compile(r"[(\[〔【]([^()\[\]〔〕【】]*)[)\]〕】]")
_FORMERLY = re.compile(r"^(?:原名?为?|又名|曾用名|别名|旧称|俗称|老)[:]?")
_LISTED = re.compile(r"[、,;/|+]")
_SOUNDS = str.maketrans("嘉佳苑", "家家园")
"""Ends of names that are written in several ways: 家园, 嘉园, 佳苑."""
_SHORTEST_OTHER = 3
_OF_UNIT = re.compile(
    r"(?:街道办事处|街道办|街道|办事处|镇|乡|(?:社区|村)?(?:居委会|村委会|(?:居民|村民)?委员会)|社区|村|县|区|市)$"
)
"""Ends of units' names: 曹城 of 曹城街道 is no estate's, although there is a 曹城小区."""
_NUMERAL = re.compile(rf"[{NUMERALS}](?={PART})")
_NUMERALS = str.maketrans(NUMERALS, "00123456789")
_LONGEST_VILLAGE = 6
_KNOWN_NAMES = 1 << 14
"""Names whose forms are kept: a county's are asked for again and again."""
_NOBODY = frozenset[str]()


def named_areas(
    facilities: pd.DataFrame, areas: pd.DataFrame, names: Names | None = None
) -> pd.DataFrame:
    """Return pairs ``facility``, ``residential``: whose name is the longest that it holds.

    An estate is known by its name with and without 小区, however its parts are written (东方(一区),
    东方一区, 东方1区), and without a remark in brackets where that is no other's name; a project by
    the names of all its phases (``names``). What stands beside the name must leave it the estate's
    (:mod:`.beside`). Where a facility's name holds none, its address is asked. Of several names
    equally long all are told: which it is, places decide.

    ``names``: of all areas of the study, where ``areas`` are some of them, leading phases only.
    """
    known = names or Names(areas)
    found = [(one, area) for one, told in known.of(facilities).items() for area in told]
    return _pairs(found, facilities, names)


def partly_named_areas(
    facilities: pd.DataFrame, areas: pd.DataFrame, names: Names | None = None
) -> pd.DataFrame:
    """Return pairs ``facility``, ``residential`` of areas that a name or an address may mean.

    书香苑养老服务站 may be of 书香苑一期, or of 书香苑东区, or of neither; 人民社区养老服务站 of
    人民小区, or of any other estate there. Of facilities whose name and address hold no area's name
    for certain; see :func:`named_areas`.
    """
    known = names or Names(areas)
    found = [(one, area) for one, told in known.partly(facilities).items() for area in told]
    return _pairs(found, facilities, names)


def _pairs(
    found: list[tuple[Any, Any]], facilities: pd.DataFrame, names: Names | None
) -> pd.DataFrame:
    """Return pairs as a table, of leading phases where ``names`` are of all areas."""
    if names is not None:
        found = sorted({(one, str(names.lead_of[area])) for one, area in found})
        at = {name: row for row, name in enumerate(facilities.index)}
        found.sort(key=lambda pair: at[pair[0]])
    return pd.DataFrame(found, columns=["facility", "residential"], dtype=object)


class _Said(NamedTuple):
    """The areas that a text speaks of: for certain, of those by a name without 小区; perhaps.

    ``kin``: parts of an estate of which it speaks; ``torn``: name and address speak of others.
    """

    plain: frozenset[str] = _NOBODY
    stems: frozenset[str] = _NOBODY
    perhaps: frozenset[str] = _NOBODY
    kin: frozenset[str] = _NOBODY
    torn: bool = False


class Names:
    """The names of estates, looked up in what facilities are called: each text once.

    Parameters
    ----------
    areas
        With ``name``, or ``names`` of all phases; ``lead`` and ``home``, where there are projects.
    units
        Names of towns and communities: they are called as many an estate without 小区.
    """

    def __init__(self, areas: pd.DataFrame, units: Iterable[object] = ()) -> None:
        self._names: dict[str, set[str]] = {}
        self._whole = set[tuple[str, str]]()
        called = areas["names"] if "names" in areas else areas["name"].map(lambda name: (name,))
        said = [(name, str(area)) for area, phases in called.items() for name in set(phases)]
        whole = {form for name, _ in said for form in _forms(name)}
        for name, area in said:
            bare = _forms_without_remarks(name)
            for form in {*_forms(name), *(one for one in bare if one not in whole)}:
                self._names.setdefault(form, set()).add(area)
            self._whole |= {(form, area) for form in (*_forms(name)[:1], *bare[:1])}
        self._parts = _by_form(_of_estates(self._names))
        self._others = _by_form((form, area) for name, area in said for form in _other_forms(name))
        tables = self._names, self._parts, self._others
        self._lengths, self._lengths_of_parts, self._lengths_of_others = map(_lengths, tables)
        self._units = set(map(_without_kind, units))
        self._called = {area: "|".join(map(_plain, phases)) for area, phases in called.items()}
        self._held: dict[tuple[object, object], _Said] = {}
        self.lead_of: Mapping[Hashable, Hashable] = homes(areas).to_dict()

    @classmethod
    def of_tables(cls, tables: Tables) -> Names:
        """Return the names of a study's areas, beside those of its towns and communities."""
        # where no list has them, communities stand as rows name them
        sides = (side.get("community", ()) for side in (tables.areas, tables.facilities))
        return cls(tables.areas, {*tables.units.get("name", ()), *itertools.chain(*sides)})

    def of(self, facilities: pd.DataFrame) -> dict[str, tuple[str, ...]]:
        """Return facility → the areas its name, else its address, speaks of, by id."""
        return {one: tuple(sorted(self._said(*texts).plain)) for one, *texts in _texts(facilities)}

    def partly(self, facilities: pd.DataFrame) -> dict[str, tuple[str, ...]]:
        """Return facility → the areas that its name or its address may mean, or another thing.

        All but whose part (一期, 东区) it holds, or whose name it holds beside what may make it
        another's. Of those that hold no area's name for certain.
        """
        found = ((one, self._said(*texts)) for one, *texts in _texts(facilities))
        return {one: tuple(sorted(said.perhaps)) for one, said in found if said.perhaps}

    def heard(
        self,
        facilities: pd.DataFrame,
        parts: AbstractSet[tuple[str, str]],
        near: Iterable[tuple[str, str]] = (),
    ) -> Heard:
        """Return what is to be known of names beside whom they mean.

        ``parts``: pairs that a name may mean; ``near``: facilities and areas they are beside.
        """
        found = [(str(one), self._said(*texts), texts) for one, *texts in _texts(facilities)]
        strange = {
            one: words for one, said, texts in found if (words := self._strange(said, texts))
        }
        for one, area in near:
            if any(word in self._called[area] for word in strange.get(one, ())):
                del strange[one]  # it may be this one, called another way
        return Heard(
            parts,
            {(one, self._lead(area)) for one, said, _ in found for area in said.stems},
            {one: {self._lead(area) for area in said.kin} for one, said, _ in found if said.kin},
            {one for one, said, _ in found if said.torn},
            strange.keys(),
        )

    def _lead(self, area: str) -> str:
        return str(self.lead_of[area])

    def _strange(self, said: _Said, texts: Iterable[str | None]) -> tuple[str, ...]:
        """Return what is told apart in names of estates that no area has; of the first text."""
        if said.plain or said.perhaps:
            return ()
        told = (estates_told(_plain(text)) for text in texts if text is not None)
        return next((words for words in told if words), ())

    def _said(self, name: str | None, street: str | None) -> _Said:
        """Return what a name says, or an address that is asked where it says nothing for certain.

        What both say perhaps is told where neither is certain.
        """
        key = name, street
        if key not in self._held:
            self._held[key] = self._first_sure(name, street)
        return self._held[key]

    def _first_sure(self, *texts: str | None) -> _Said:
        told = [self._read(text) for text in texts if text is not None]
        sure = [said for said in told if said.plain]
        if len(sure) > 1:
            return self._of_both(*sure)
        perhaps = _NOBODY.union(*(said.perhaps for said in told))
        return sure[0] if sure else _Said(perhaps=perhaps)

    def _of_both(self, name: _Said, street: _Said) -> _Said:
        """Return what a name and an address say that both speak of estates for certain.

        Mostly of one, or the address says which part of it. A name without 小区 may be a brand's.
        """
        whose, where = ({self._lead(area) for area in said.plain} for said in (name, street))
        if whose & where or name.plain & street.kin:
            return name
        if street.plain & name.kin or (name.plain == name.stems and street.plain != street.stems):
            return street
        plain, stems, kin = (
            getattr(name, what) | getattr(street, what) for what in ("plain", "stems", "kin")
        )
        return _Said(plain, stems, kin=kin, torn=True)

    def _anothers(self, form: str) -> bool:
        """Return whether a name without 小区 is another thing's, or a town's or community's too."""
        return thing_of_its_own(form) or form in self._units

    def _read(self, text: str) -> _Said:
        """Return what one text says: of names that are part of a longer one the longer."""
        plain = _plain(text)
        sure: dict[str, bool] = {}
        perhaps: list[str] = []
        kin = set[str]()
        held = list(_found(plain, self._names, self._lengths))
        begins = {start for start, _ in held}  # 人民 before 中心小区 is not 人民小区
        doubled = self._side_by_side(plain, held)
        for start, end in held:
            form = plain[start:end]
            of_community = says_estate(form) and form not in self._units
            beside = (start, end) not in doubled
            beside = beside and plainly(plain, start, end, of_community=of_community)
            for area in self._names[form]:
                stem = (form, area) not in self._whole and not says_estate(form)
                anothers = stem and (end in begins or self._anothers(form))
                if beside and not anothers:
                    sure[area] = sure.get(area, True) and stem
                    kin |= self._parts.get(form, _NOBODY)
                else:
                    perhaps.append(area)
        if sure:
            stems = frozenset(area for area, stem in sure.items() if stem)
            return _Said(frozenset(sure), stems, kin=frozenset(kin - sure.keys()))
        return _Said(perhaps=frozenset([*perhaps, *self._nearly(plain)]))

    def _nearly(self, plain: str) -> Iterator[str]:
        """Yield the areas of which a text names the whole, and those that only sound alike."""
        for start, end in _found(plain, self._parts, self._lengths_of_parts):
            yield from self._parts[plain[start:end]]
        sound = plain.translate(_SOUNDS)
        for start, end in _found(sound, self._others, self._lengths_of_others):
            yield from self._others[sound[start:end]]

    def _side_by_side(self, plain: str, held: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
        """Return the names right behind another estate's, or before one: 丽水小区丽华小区.

        What ends as estates do and is no area's is one too, unless it is a village's: 张新村. But
        丽水小区北门 is its gate, although there is a 北门小区.
        """
        told = {span for span in held if self._estates(plain[slice(*span)])}
        starts, ends = {start for start, _ in told}, {end for _, end in told}
        behind = {span for span in held if span[0] in ends or self._other_ends(plain[: span[0]])}
        return behind | {span for span in told if span[1] in starts}

    def _other_ends(self, before: str) -> bool:
        """Return whether a text ends in an estate's name, whoever's, and not in a village's."""
        if not ends_estate(before):
            return False
        return not any(before[-n:-1] in self._units for n in range(2, _LONGEST_VILLAGE + 1))

    def _estates(self, form: str) -> bool:
        """Return whether a name is an estate's and nothing else's, as it is typed or by its end."""
        whole = any((form, area) in self._whole for area in self._names[form])
        return says_estate(form) or (whole and not thing_of_its_own(form))


def _of_estates(names: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, str]]:
    """Yield what the estates are called of which names say a part, and the areas of these."""
    for name, theirs in names.items():
        if (estate := undivided(name)) != name:
            yield from ((form, area) for form in _plain_forms(estate) for area in theirs)


def _by_form(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """Return form of a name → the areas that are called so."""
    found: dict[str, set[str]] = {}
    for form, area in pairs:
        found.setdefault(form, set()).add(area)
    return found


def _lengths(names: Mapping[str, object]) -> tuple[int, ...]:
    """Return how long names are, the longest first."""
    return tuple(sorted({len(name) for name in names}, reverse=True))


def _found(
    plain: str, names: Mapping[str, object], lengths: tuple[int, ...]
) -> Iterator[tuple[int, int]]:
    """Yield where a text holds names that are no road's: of one within a longer one the longer."""
    taken = [False] * len(plain)
    for length in lengths:
        starts = range(len(plain) - length + 1)
        for start in [at for at in starts if plain[at : at + length] in names]:
            end = start + length
            if not all(taken[start:end]):
                taken[start:end] = [True] * length
                if not is_road(plain, end):
                    yield start, end


def _texts(facilities: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """Yield facility, name and address; None where one is blank."""
    blank = pd.Series(None, facilities.index, dtype=object)
    columns = (facilities["name"].tolist(), facilities.get("address", blank).tolist())
    for one, *texts in zip(facilities.index.tolist(), *columns, strict=True):
        yield one, *(text if isinstance(text, str) else None for text in texts)


def _plain(text: object) -> str:
    """Return a text as names are looked up in it; empty where it is none."""
    folded = _BRACKETED.sub(r"\1", fold(text)) if isinstance(text, str) else ""
    return _NUMERAL.sub(lambda one: one[0].translate(_NUMERALS), folded)


@lru_cache(maxsize=_KNOWN_NAMES)
def _without_kind(unit: object) -> str:
    """Return the name of a town or community as it may stand in another one's."""
    return _OF_UNIT.sub("", _plain(unit))


@lru_cache(maxsize=_KNOWN_NAMES)
def _forms(name: object) -> tuple[str, ...]:
    """Return an estate's name as it may stand in another one, first as it is typed."""
    return _plain_forms(_plain(name))


@lru_cache(maxsize=_KNOWN_NAMES)
def _forms_without_remarks(name: object) -> tuple[str, ...]:
    """Return the same without what brackets say but a part of it."""
    return _plain_forms(_plain(_REMARK.sub("", _plain(name))))


def _plain_forms(plain: str) -> tuple[str, ...]:
    stem = next((plain.removesuffix(end) for end in _GENERIC if plain.endswith(end)), plain)
    told = (plain,) if is_of_care(stem) else (plain, stem)
    return tuple(form for form in told if len(form) >= _SHORTEST_NAME)


@lru_cache(maxsize=_KNOWN_NAMES)
def _other_forms(name: object) -> tuple[str, ...]:
    """Return what else an estate may be called: by each of several names, a former one, by ear."""
    plain = _plain(name)
    bare = _REMARK.sub("", plain)
    remarks = [part for text in _IN_REMARK.findall(plain) for part in _LISTED.split(text)]
    others = [_FORMERLY.sub("", text) for text in remarks]
    others = [text for text in others if estates_told(text)]
    parts = _LISTED.split(bare)
    told = {_FORMERLY.sub("", text).translate(_SOUNDS) for text in (*parts, *others)}
    found = {form for text in told for form in (text, *_plain_forms(text)[1:])}
    return tuple(sorted(form for form in found if len(form) >= _SHORTEST_OTHER))
