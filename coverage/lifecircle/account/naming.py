"""Naming: what place, name and record say of a facility, and in how many ways names are read."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from lifecircle.account.sums import in_order, rows_of
from lifecircle.model.dictionary import fold
from lifecircle.model.finding import meets

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    import pandas as pd

    from lifecircle.counting.neighbourhood import Codes
    from lifecircle.model.tables import Tables

    Pair = tuple[str, str]

__all__ = [
    "INSIDE",
    "NAMED",
    "NAMED_AFAR",
    "NEAR",
    "NEAR_POINT",
    "SITE_CHECK_M",
    "Area",
    "Claim",
    "Spoken",
    "around_points",
    "claims_of",
]

INSIDE, NEAR, NAMED, NEAR_POINT, NAMED_AFAR = range(5)
"""How well place or name speak for a pair, the best first."""
SITE_CHECK_M = 200.0
"""Farther than this from an area's point nobody can tell whether rooms are on its site."""
_PAIR = ("facility", "residential")
_BY_NAME, _BESIDE = frozenset({NAMED, NAMED_AFAR}), frozenset({NEAR, NEAR_POINT})


class Area(NamedTuple):
    """What is asked of an area: whether it is new, or may be, how it is placed, its content.

    ``unplaced``: none of its phases has a place; ``astray``: one at least has none; ``headless``:
    that which leads, of several.
    """

    new: bool
    perhaps_new: bool
    unplaced: bool
    astray: bool
    headless: bool
    point: bool
    content: tuple[Any, ...]


class Claim(NamedTuple):
    """That place or name speak for a pair, and how well.

    ``far``: so far away that a name says nothing; ``out``: that, or off a new area's site;
    ``partly``: its name may mean the area, or another, or none; ``stem``: it means the area without
    saying 小区, and stands far from it. ``gap``: metres to its outline, or its point.
    """

    facility: str
    residential: str
    rank: int
    distance: float
    far: bool
    out: bool
    partly: bool = False
    stem: bool = False
    gap: float = math.nan

    @property
    def order(self) -> tuple[str, int]:
        """What goes first: of a facility the best."""
        return self.facility, NAMED_AFAR if self.stem else self.rank


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


def _surely_named(claims: Iterable[Claim]) -> set[str]:
    return {c.residential for c in claims if c.rank in _BY_NAME and not (c.partly or c.stem)}


def _stems_of_points(claims: Iterable[Claim]) -> set[str]:
    return {c.residential for c in claims if c.stem and c.rank == NAMED}


def _close(named: Mapping[str, float], sure: set[str]) -> set[str]:
    return {area for area in sure if meets(named[area], "<=", SITE_CHECK_M)}


def _inside(claims: Iterable[Claim], first: Claim) -> set[str]:
    """Return whose a room may be that stands in the outline of the best of its claims."""
    sure = _surely_named(claims)
    beside = {c.residential for c in claims if c.rank in _BESIDE}
    return {first.residential} if first.residential in sure else sure & beside | {first.residential}


def _outside(claims: Iterable[Claim], first: Claim, error: float) -> set[str]:
    """Return whose a room may be that stands beside areas, and in none.

    ``first``: the best of its claims; ``error``: as of :class:`Spoken`.
    """
    sure = _surely_named(claims)
    named = {c.residential: c.gap for c in claims if c.rank in _BY_NAME}
    beside = {c.residential: c.gap for c in claims if c.rank in _BESIDE}
    least = min(beside.values())
    alike = {a for a, gap in beside.items() if meets(gap - least, "<", error)}
    alike.add(first.residential)
    if any(meets(beside.get(area, math.inf), "<=", least) for area in sure):
        return alike & sure
    # an outline goes before a name far off
    stems = _stems_of_points(claims) if first.rank == NEAR_POINT else set[str]()
    return alike | stems | _close(named, sure) | (named.keys() & beside.keys())


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
    around
        Facility → what would speak for it if it stood in an area of which it is near the point.
    error, again
        Metres by which a position may be off; area → the one that its row may say again.
    """

    def __init__(
        self,
        claims: Iterable[Claim],
        lost: Iterable[Pair],
        codes: Codes,
        hidden: Mapping[str, Sequence[str]],
        around: Mapping[str, Sequence[Claim]],
        *,
        error: float,
        again: Mapping[str, str],
    ) -> None:
        self._claims: dict[str, list[Claim]] = defaultdict(list)
        self._lost: dict[str, list[str]] = defaultdict(list)
        for claim in claims:
            self._claims[claim.facility].append(claim)
        for facility, area in lost:
            self._lost[facility].append(area)
        self._codes, self._hidden = codes, hidden
        self._around, self._error, self._again = around, error, again

    def __iter__(self) -> Iterator[str]:
        """Yield the facilities of which something is said."""
        return iter(dict.fromkeys([*self._claims, *self._lost, *self._around]))

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
        self, facility: str, recorded: Collection[str] = (), *, written: bool = False
    ) -> list[tuple[list[Claim], list[Pair]]]:
        """Return what is said of a facility in each way to read its name: claims, or what is lost.

        Once where its name speaks of one area, or of none; an estate's name may mean none of its
        parts. Beside another area it is for its own only if that lies there: of one without a place
        nobody knows. Where no name speaks, it may stand in one that has no place. What no record is
        about is in one of the outlines that it stands in. ``written``: it has a record, that may
        mean others than this: that tells, and no point somewhat farther off.
        """
        if not recorded and (placed := self._by_place(facility, written=written)):
            return placed
        claims, lost = self._claims.get(facility, ()), set(self._lost.get(facility, ()))
        if recorded and len(self.meant(facility)) > 1:  # the record alone says which
            lost = set()
        ways: list[tuple[list[Claim], list[Pair]]] = []
        for area in self._each_meant(facility, recorded):
            its = [(facility, area)] if area in lost else []
            read = [c for c in claims if c.rank not in _BY_NAME or c.far or c.residential == area]
            ways += [(said, its) for said in _wherever(read, area)]
        return [*ways, ([], [])] if self.hidden(facility) and not recorded else ways

    def _by_place(self, facility: str, *, written: bool) -> list[tuple[list[Claim], list[Pair]]]:
        """Return the same where it is the place that leaves open whose it is; else nothing."""
        if inside := self.within(facility):
            return [self.placed_in(facility, area) for area in inside]
        claims = self._claims.get(facility, ())
        if either := self.between(facility):
            every = [[c for c in claims if c.residential == area] for area in either]
            return [*((one, []) for one in every), *([([], [])] if self.hidden(facility) else [])]
        if near := {} if written else self.around(facility):
            also = [c for c in claims if not c.far and c.residential not in near]
            return [*(([c], []) for c in (*near.values(), *also)), ([], [])]
        return []

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
        claims = [c for c in self._claims.get(facility, ()) if not (c.far or c.partly)]
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

    def around(self, facility: str) -> dict[str, Claim]:
        """Return the areas known as points that a facility may stand in, and what spoke for it.

        50 m are no test of an estate of which only a point is known: what stands somewhat farther
        off may be in it, where neither place nor name says for certain that it is another's.
        """
        said = self._claims.get(facility, ())
        if any(not (claim.far or claim.partly) for claim in said):
            return {}
        return {claim.residential: claim for claim in self._around.get(facility, ())}

    def between(self, facility: str) -> list[str]:
        """Return of which areas a facility beside several, or named after one near, may be.

        None: what goes before by the order of claims is plain. A room that stands outside all
        outlines may be of any that is hardly farther than the nearest, its name says which. Where
        place and name contradict each other it may be of either.
        """
        claims = [c for c in self._claims.get(facility, ()) if not c.far]
        first = next((c for c in claims if not (c.out or c.partly)), None)
        if first is None or first.rank in _BY_NAME:
            return []
        told = (
            _inside(claims, first) if first.rank == INSIDE else _outside(claims, first, self._error)
        )
        told = {area for area in told if self._again.get(area) not in told}
        either = list(dict.fromkeys(c.residential for c in claims if c.residential in told))
        return [] if either == [first.residential] else either

    def placed_in(self, facility: str, area: str) -> tuple[list[Claim], list[Pair]]:
        """Return what place and name say of a facility if that outline is the one it stands in."""
        claims = self._claims.get(facility, ())
        return [c for c in claims if c.rank != INSIDE or c.residential == area], []

    def without_name(self, facility: str) -> tuple[list[Claim], list[Pair]]:
        """Return what the place of a facility says alone."""
        return [c for c in self._claims.get(facility, ()) if c.rank not in _BY_NAME], []


def claims_of(
    tables: Tables,
    areas: Mapping[str, Area],
    named: Iterable[Pair],
    less: tuple[AbstractSet[Pair], AbstractSet[Pair]],
) -> list[Claim]:
    """Return what place or name (``named``) speak for, best first.

    ``less``: the pairs that a name may mean, and those that it means without saying 小区. Far from
    a point that says no more than what stands near another one: it may be either's.
    """
    named, (parts, stems) = list(named), less
    near, parameters = tables.containment, tables.parameters
    theirs = near[near["facility"].isin({facility for facility, _ in named})]
    away = {row[:2]: row[2:] for row in rows_of(theirs, *_PAIR, "to_area_m", "straight_m")}
    near = near[meets(near["to_area_m"], "<=", parameters.own_tolerance_m)]
    found: list[tuple[Any, Claim]] = []
    for facility, home, to_area, metres in rows_of(near, *_PAIR, "to_area_m", "straight_m"):
        rank = NEAR_POINT if areas[home].point else INSIDE if meets(to_area, "<=", 0.0) else NEAR
        claim = Claim(facility, home, rank, metres, far=False, out=False, gap=to_area)
        found.append((to_area, claim))
    for facility, home in named:
        area, (gap, metres) = areas[home], away.get((facility, home), (np.nan, np.nan))
        far = not (area.unplaced or meets(metres, "<=", parameters.recorded_sharing_note_m))
        out = far or (not area.point and area.new)
        partly = (facility, home) in parts
        rank = NAMED if area.point and not partly else NAMED_AFAR
        stem = (facility, home) in stems and not _at_hand(area, metres)
        claim = Claim(facility, home, rank, _beyond(area, metres), far, out, partly, stem, gap)
        found.append((metres, claim))
    found.sort(key=lambda one: (one[1].order, in_order(one[0]), areas[one[1].residential].content))
    return [claim for _, claim in found]


def _beyond(area: Area, metres: float) -> float:
    """Return how far rooms are from an area; inf beyond what is looked for."""
    return np.inf if np.isnan(metres) and not area.unplaced else metres


def _at_hand(area: Area, metres: float) -> bool:
    """Return whether rooms so far from an area may be on its site: of unknown place they may."""
    return bool(area.unplaced or meets(metres, "<=", SITE_CHECK_M))


def around_points(tables: Tables, areas: Mapping[str, Area]) -> dict[str, list[Claim]]:
    """Return facility → the areas of which only a point is known that it is near, the next first.

    Beyond the tolerance of a point, and not so far that nobody would look for it there.
    """
    near = tables.containment
    away = near["to_area_m"].to_numpy(dtype=float)
    some = meets(away, "<=", SITE_CHECK_M) & ~meets(away, "<=", tables.parameters.own_tolerance_m)
    found: dict[str, list[Claim]] = defaultdict(list)
    for facility, home, metres in rows_of(near[some], *_PAIR, "straight_m"):
        if areas[home].point and not areas[home].unplaced:
            claim = Claim(facility, home, NEAR_POINT, metres, far=False, out=False, gap=metres)
            found[facility].append(claim)
    for claims in found.values():
        claims.sort(key=lambda one: (in_order(one.gap), areas[one.residential].content))
    return found
