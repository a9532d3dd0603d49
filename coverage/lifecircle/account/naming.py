"""Naming: which estates a facility's name or address speaks of, the longest name that fits.

A name that several estates have speaks of one of them. A place within the own-tolerance of one
says which, else codes do; else it may be any, and nobody knows whose the rooms are.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from lifecircle.account.sums import rows_of
from lifecircle.counting.projects import homes
from lifecircle.model.dictionary import fold, undivided

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence

    from lifecircle.counting.neighbourhood import Codes

    Pair = tuple[str, str]

__all__ = [
    "INSIDE",
    "NAMED",
    "NAMED_AFAR",
    "NEAR",
    "NEAR_POINT",
    "Claim",
    "Names",
    "Spoken",
    "named_areas",
    "partly_named_areas",
]

INSIDE, NEAR, NAMED, NEAR_POINT, NAMED_AFAR = range(5)
"""How well place or name speak for a pair, the best first."""
_BY_NAME, _BESIDE = frozenset({NAMED, NAMED_AFAR}), frozenset({NEAR, NEAR_POINT})

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
_KNOWN_NAMES = 1 << 14
"""Names whose forms are kept: a county's are asked for again and again."""


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
    return _pairs(found, facilities, names)


def partly_named_areas(
    facilities: pd.DataFrame, areas: pd.DataFrame, names: Names | None = None
) -> pd.DataFrame:
    """Return pairs ``facility``, ``residential`` of areas of which a name holds all but the part.

    书香苑养老服务站 may be of 书香苑一期, or of 书香苑东区, or of neither. Of facilities whose name
    and address hold no area's whole name; see :func:`named_areas`.
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


class Names:
    """The names of estates, looked up in what facilities are called: each text once.

    Parameters
    ----------
    areas
        With ``name``, or ``names`` of all phases; ``lead`` and ``home``, where there are projects.
    """

    def __init__(self, areas: pd.DataFrame) -> None:
        self._names: dict[str, set[str]] = {}
        called = areas["names"] if "names" in areas else areas["name"].map(lambda name: (name,))
        said = [(name, str(area)) for area, phases in called.items() for name in set(phases)]
        whole = {form for name, _ in said for form in _forms(name)}
        for name, area in said:
            bare = _forms_without_remarks(name)
            for form in {*_forms(name), *(one for one in bare if one not in whole)}:
                self._names.setdefault(form, set()).add(area)
        self._parts: dict[str, set[str]] = {}
        for name, theirs in self._names.items():
            estate = undivided(name)
            for form in _plain_forms(estate) if estate != name else ():
                self._parts.setdefault(form, set()).update(theirs)
        self._longest = max(map(len, self._names), default=0)
        self._held: dict[tuple[object, object, bool], tuple[str, ...]] = {}
        self.lead_of: Mapping[Hashable, Hashable] = homes(areas).to_dict()

    def of(self, facilities: pd.DataFrame) -> dict[str, tuple[str, ...]]:
        """Return facility → the areas its name, else its address, speaks of, by id."""
        return {one: self._areas(*texts, parts=False) for one, *texts in _texts(facilities)}

    def partly(self, facilities: pd.DataFrame) -> dict[str, tuple[str, ...]]:
        """Return facility → the areas all but whose part (一期, 东区) its name or address holds.

        Of those that hold no area's name as it is.
        """
        if not self._parts:
            return {}
        return {
            one: self._areas(*texts, parts=True)
            for one, *texts in _texts(facilities)
            if not self._areas(*texts, parts=False)
        }

    def _areas(self, name: str | None, street: str | None, *, parts: bool) -> tuple[str, ...]:
        """Return the areas of one text, or of another that is asked where it holds none."""
        key, names = (name, street, parts), self._parts if parts else self._names
        if key not in self._held:
            held = (_held(text, names, self._longest) for text in (name, street))
            self._held[key] = tuple(sorted(next(filter(None, held), ())))
        return self._held[key]


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
def _forms(name: object) -> tuple[str, ...]:
    """Return an estate's name as it may stand in another one."""
    return _plain_forms(_plain(name))


@lru_cache(maxsize=_KNOWN_NAMES)
def _forms_without_remarks(name: object) -> tuple[str, ...]:
    """Return the same without what brackets say but a part of it."""
    return _plain_forms(_plain(_REMARK.sub("", _plain(name))))


def _plain_forms(plain: str) -> tuple[str, ...]:
    stem = next((plain.removesuffix(end) for end in _GENERIC if plain.endswith(end)), plain)
    return tuple(form for form in (plain, stem) if len(form) >= _SHORTEST_NAME)


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


class Claim(NamedTuple):
    """That place or name speak for a pair, and how well.

    ``far``: so far away that a name says nothing; ``out``: that, or off a new area's site;
    ``partly``: its name is that of an estate of which the area is a part, and may mean another.
    """

    facility: str
    residential: str
    rank: int
    distance: float
    far: bool
    out: bool
    partly: bool = False


def _wherever(claims: list[Claim], area: str) -> Iterator[list[Claim]]:
    """Yield what place and name say wherever ``area``, that the name means, lies.

    Of one that has no place it is not known: the facility may stand on its land, or far from it.
    That decides for one that stands beside another area. Where it stands in none's neighbourhood
    the name is all there is, and on another's land the place is enough.
    """
    own = next((c for c in claims if c.residential == area and c.rank in _BY_NAME), None)
    ranks = {claim.rank for claim in claims}
    unplaced = own is not None and not own.far and math.isnan(own.distance)
    if own is None or not unplaced or INSIDE in ranks or not ranks & {NEAR, NEAR_POINT}:
        yield claims
        return
    rest = [claim for claim in claims if claim is not own]
    yield [own, *rest]
    yield rest


class Spoken:
    """What place and name say of facilities, and in how many ways a name can be read.

    Parameters
    ----------
    claims
        Of facilities that have a place, the best first of each.
    lost
        Facilities without a place, and the areas that their names speak of.
    hidden
        Facility → the areas without a place that it may stand in, whatever it is beside.
    """

    def __init__(
        self,
        claims: Iterable[Claim],
        lost: Iterable[Pair],
        codes: Codes,
        hidden: Mapping[str, Sequence[str]],
    ) -> None:
        self._claims: dict[str, list[Claim]] = defaultdict(list)
        self._lost: dict[str, list[str]] = defaultdict(list)
        for claim in claims:
            self._claims[claim.facility].append(claim)
        for facility, area in lost:
            self._lost[facility].append(area)
        self._codes, self._hidden = codes, hidden

    def __iter__(self) -> Iterator[str]:
        """Yield the facilities of which something is said."""
        return iter(dict.fromkeys([*self._claims, *self._lost]))

    def meant(self, facility: str, recorded: Collection[str] = ()) -> Sequence[str]:
        """Return the areas that a facility's name may mean, as far as nothing else says which.

        ``recorded``: what its record names, which goes before what it does not name.
        """
        named = list(self._named(facility))
        named = [area for area in named if area in recorded] or named
        if len(named) < 2:  # noqa: PLR2004 - two
            return named
        return self._of_several(facility, named)

    def _of_several(self, facility: str, named: Sequence[str]) -> Sequence[str]:
        """Return which of the areas of one name place or codes say, as far as they do."""
        near = [c.residential for c in self._claims.get(facility, ()) if c.rank not in _BY_NAME]
        here = [area for area in near if area in named]
        return here[:1] or [a for a in named if self._codes.agree(facility, a)] or named

    def told_apart(self, likely: pd.DataFrame) -> tuple[list[tuple[str, str, float]], pd.DataFrame]:
        """Return what records say by names that several areas have, where places or codes tell.

        Of ``likely`` (``Tables.likely``) as facility, area and m²; and what stays unclear. An id
        says its own row, or the one that this may be again: no place tells.
        """
        columns = ("facility", "residential", "m2", "written", "fits")
        rows = list(rows_of(likely, *columns))
        meant: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
        for facility, area, m2, written, fits in rows:
            if fits:
                meant[facility, written][area] = m2
        told = {
            key: self._of_several(key[0], list(areas))
            for key, areas in meant.items()
            if len(areas) > 1 and fold(key[1]) not in map(fold, areas)
        }
        plain = [(f, one[0], meant[f, w][one[0]]) for (f, w), one in told.items() if len(one) == 1]
        open_ = [
            not fits
            or (facility, written) not in told
            or (len(told[facility, written]) > 1 and area in told[facility, written])
            for facility, area, _, written, fits in rows
        ]
        return plain, likely[np.array(open_, dtype=bool)]

    def _named(self, facility: str) -> list[str]:
        """Return the areas of a facility's name, without those that are too far away."""
        claims = self._claims.get(facility, ())
        found = [claim.residential for claim in claims if claim.rank in _BY_NAME and not claim.far]
        return found or self._lost.get(facility, [])

    def ways(
        self, facility: str, recorded: Collection[str] = ()
    ) -> list[tuple[list[Claim], list[Pair]]]:
        """Return what is said of a facility in each way to read its name: claims, or what is lost.

        Once where its name speaks of one area, or of none; an estate's name may mean none of its
        parts. Beside another area it is for its own only if that lies there: of one without a place
        nobody knows. Where no name speaks, it may stand in one that has no place. What no record is
        about is in one of the outlines that it stands in.
        """
        if not recorded and (inside := self.within(facility)):
            return [self.placed_in(facility, area) for area in inside]
        claims, lost = self._claims.get(facility, ()), set(self._lost.get(facility, ()))
        if recorded and len(self.meant(facility)) > 1:  # the record alone says which
            lost = set()
        ways: list[tuple[list[Claim], list[Pair]]] = []
        for area in self._each_meant(facility, recorded):
            its = [(facility, area)] if area in lost else []
            read = [c for c in claims if c.rank not in _BY_NAME or c.far or c.residential == area]
            ways += [(said, its) for said in _wherever(read, area)]
        return [*ways, ([], [])] if self.hidden(facility) and not recorded else ways

    def _each_meant(self, facility: str, recorded: Collection[str]) -> list[str]:
        """Return the areas that a name may mean, one a way to read it; an empty one: no area."""
        meant = self.meant(facility, recorded)
        if any(claim.partly for claim in self._claims.get(facility, ())):
            return [""] if recorded else [*meant, ""]
        return [*meant] or [""]

    def hidden(self, facility: str) -> Sequence[str]:
        """Return the area that a facility is beside and those, without a place, it may stand in.

        One whose name speaks of an area, or that stands on the land of one, stands in no other.
        """
        claims = [claim for claim in self._claims.get(facility, ()) if not claim.far]
        if not claims or any(claim.rank not in _BESIDE for claim in claims):
            return ()
        either = dict.fromkeys((claims[0].residential, *self._hidden.get(facility, ())))
        return tuple(either) if len(either) > 1 else ()

    def within(self, facility: str) -> list[str]:
        """Return of which outlines that it stands in a facility may be; none: it is not in several.

        Outlines that lie one within the other, or overlap, are each where it stands, as far as
        name and codes do not say which.
        """
        claims = self._claims.get(facility, ())
        inside = [c.residential for c in claims if c.rank == INSIDE and not c.out]
        if len(inside) < 2:  # noqa: PLR2004 - two
            return []
        named = [area for area in self._named(facility) if area in inside]
        here = named or inside
        return [area for area in here if self._codes.agree(facility, area)] or here

    def placed_in(self, facility: str, area: str) -> tuple[list[Claim], list[Pair]]:
        """Return what place and name say of a facility if that outline is the one it stands in."""
        claims = self._claims.get(facility, ())
        return [c for c in claims if c.rank != INSIDE or c.residential == area], []

    def without_name(self, facility: str) -> tuple[list[Claim], list[Pair]]:
        """Return what the place of a facility says alone."""
        return [c for c in self._claims.get(facility, ()) if c.rank not in _BY_NAME], []
