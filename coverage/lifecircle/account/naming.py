"""Naming: what place, name and record say of a facility, and in how many ways names are read."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from lifecircle.account.estates.claims import (
    BESIDE,
    BY_NAME,
    INSIDE,
    NEAR,
    NEAR_POINT,
    Heard,
)
from lifecircle.account.sums import rows_of
from lifecircle.model.dictionary import fold
from lifecircle.model.finding import meets

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    import pandas as pd

    from lifecircle.account.estates.claims import Claim
    from lifecircle.counting.neighbourhood import Codes

    Pair = tuple[str, str]

__all__ = ["Spoken"]


def _wherever(claims: list[Claim], area: str) -> Iterator[list[Claim]]:
    """Yield what place and name say wherever ``area``, that the name means, lies.

    Of one that has no place it is not known: the facility may stand on its land, or far from it.
    That decides for one that stands beside another area. Where it stands in none's neighbourhood
    the name is all there is, and on another's land the place is enough.
    """
    own = next((c for c in claims if c.residential == area and c.rank in BY_NAME), None)
    ranks = {claim.rank for claim in claims}
    unplaced = own is not None and not own.far and math.isnan(own.distance)
    if own is None or not unplaced or INSIDE in ranks or not ranks & {NEAR, NEAR_POINT}:
        yield claims
        return
    rest = [claim for claim in claims if claim is not own]
    yield [own, *rest]
    yield rest


def _surely_named(claims: Iterable[Claim]) -> set[str]:
    return {c.residential for c in claims if c.rank in BY_NAME and not (c.partly or c.afar)}


def _gaps(claims: Iterable[Claim], ranks: Collection[int]) -> dict[str, float]:
    """Return the areas of claims of some ranks, and metres to their outlines or points."""
    return {c.residential: c.gap for c in claims if c.rank in ranks}


def _inside(claims: Collection[Claim], first: Claim, around: Iterable[Claim]) -> set[str]:
    """Return whose a room may be that stands in the outline of the best of its claims.

    ``around``: of areas known as points that it is round about. Such a point in the outline is of
    an estate within it: what is near that may be its.
    """
    sure, beside = _surely_named(claims), set(_gaps(claims, BESIDE))
    if first.residential in sure:
        return {first.residential}
    inner = {c.residential for c in (*claims, *around) if c.within == first.residential}
    if named := inner & sure:
        return named
    return sure & beside | (set() if sure else inner) | {first.residential}


def _outside(
    claims: Collection[Claim], first: Claim, around: Iterable[str], error: float
) -> set[str]:
    """Return whose a room may be that stands beside areas, and in none.

    ``first``: the best of its claims; ``around``: areas known as points that it is round about;
    ``error``: as of :class:`Spoken`.
    """
    sure, beside = _surely_named(claims), _gaps(claims, BESIDE)
    next_to = [claim for claim in claims if claim.rank in BESIDE]
    least = min(claim.gap + claim.off for claim in next_to)
    alike = {c.residential for c in next_to if meets(c.nearest - least, "<", error)}
    alike.add(first.residential)
    if any(meets(beside.get(area, math.inf), "<=", min(beside.values())) for area in sure):
        return alike & sure
    # one that its name means, however far, contradicts the place
    named = {c.residential for c in claims if c.rank in BY_NAME and not c.partly}
    if not named and not meets(least, "<=", error):
        alike |= set(around)
    return alike | named | (_gaps(claims, BY_NAME).keys() & beside.keys())


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
    heard
        What is to be known of names beside whom they mean.
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
        heard: Heard,
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
        self._around, self._heard, self._error, self._again = around, heard, error, again

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
        near = [c.residential for c in self._claims.get(facility, ()) if c.rank not in BY_NAME]
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
        found = [claim.residential for claim in claims if claim.rank in BY_NAME and not claim.far]
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
            read = [c for c in claims if c.rank not in BY_NAME or c.far or c.residential == area]
            ways += [(said, its) for said in _wherever(read, area)]
        return [*ways, ([], [])] if self.hidden(facility) and not recorded else ways

    def _by_place(self, facility: str, *, written: bool) -> list[tuple[list[Claim], list[Pair]]]:
        """Return the same where it is the place that leaves open whose it is; else nothing."""
        if inside := self.within(facility):
            return [self.placed_in(facility, area) for area in inside]
        claims = self._claims.get(facility, ())
        round_about, near = self._round_about(facility), {} if written else self.around(facility)
        if either := self.between(facility, round_about):
            nobody = self.hidden(facility) or facility in self._heard.strangers
            nobody = nobody or any(claim.loose for claim in near.values())
            return [*self._each_of(facility, either), *([([], [])] if nobody else [])]
        if near:
            also = [c for c in claims if not c.far and c.residential not in near]
            return [*(([c], []) for c in (*near.values(), *also)), ([], [])]
        return []

    def _each_of(
        self, facility: str, either: Sequence[str]
    ) -> list[tuple[list[Claim], list[Pair]]]:
        """Return what speaks for each of some areas: place, name, or that it is round about."""
        said: dict[str, list[Claim]] = defaultdict(list)
        for claim in self._claims.get(facility, ()):
            said[claim.residential].append(claim)
        around = self._round_about(facility)
        return [(said[area] or [around[area]], []) for area in either]

    def _each_meant(self, facility: str, recorded: Collection[str]) -> list[str]:
        """Return the areas that a name may mean, one a way to read it; an empty one: no area."""
        meant, claims = self.meant(facility, recorded), self._claims.get(facility, ())
        if any(claim.partly for claim in claims):
            return [""] if recorded else [*meant, ""]
        if not recorded and any(claim.afar and not claim.far for claim in claims):
            return [*meant, ""]
        return [*meant] or [""]

    def hidden(self, facility: str) -> Sequence[str]:
        """Return the area that a facility is beside and those, without a place, it may stand in.

        One whose name speaks of an area, or that stands on the land of one, stands in no other.
        """
        claims = [c for c in self._claims.get(facility, ()) if not (c.far or c.partly)]
        if not claims or any(claim.rank not in BESIDE for claim in claims):
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
        off may be in it, where neither place nor name says for certain that it is another's. So may
        what stands nearer only as rounded coordinates are read.
        """
        said = self._claims.get(facility, ())
        if any(not (one.far or one.partly or one.afar or one.loose) for one in said):
            return {}
        beside = {claim.residential: claim for claim in said if claim.loose}
        return beside | self._round_about(facility)

    def _round_about(self, facility: str) -> dict[str, Claim]:
        """Return the areas known as points that it stands round about, and is not beside.

        Where one of them has the facility's code of community, those that have another have not.
        """
        claims = {claim.residential: claim for claim in self._around.get(facility, ())}
        beside = _gaps(self._claims.get(facility, ()), BESIDE)
        told = self._codes.of_its_community(facility, [*beside, *claims])
        return {area: claim for area, claim in claims.items() if area in told}

    def metres(self, facility: str) -> tuple[tuple[str, float], ...]:
        """Return the areas known as points that it may stand in, and how far off they are."""
        said = {claim.residential for claim in self._claims.get(facility, ())}
        around = self._round_about(facility)
        return tuple((area, one.gap) for area, one in around.items() if area not in said)

    def between(self, facility: str, around: Mapping[str, Claim]) -> list[str]:
        """Return of which areas a facility beside several, or named after one near, may be.

        None: what goes before by the order of claims is plain. A room that stands outside all
        outlines may be of any that is hardly farther than the nearest, its name says which. Where
        place and name contradict each other, or name and address, it may be of either. ``around``:
        areas known as points that it stands round about, and may be in too.
        """
        claims = [c for c in self._claims.get(facility, ()) if not c.far]
        first = next((c for c in claims if not (c.out or c.partly)), None)
        if first is None:
            return []
        told = self._whose(claims, first, around)
        told = {area for area in told if self._again.get(area) not in told}
        either = [c.residential for c in (*claims, *around.values()) if c.residential in told]
        either = list(dict.fromkeys(either))
        strange = first.rank in BESIDE and facility in self._heard.strangers
        return [] if either == [first.residential] and not strange else either

    def _whose(
        self, claims: Sequence[Claim], first: Claim, around: Mapping[str, Claim]
    ) -> set[str]:
        """Return of which areas a facility may be, by claims of which this is the best."""
        if first.rank == INSIDE:
            return _inside(claims, first, around.values())
        named = self._named(first.facility)
        if first.facility in self._heard.torn and len(named) > 1:
            return {first.residential, *named}
        if first.rank in BY_NAME:
            return self._nearer(claims, first, around)
        return _outside(claims, first, around, self._error)

    def _nearer(
        self, claims: Iterable[Claim], first: Claim, around: Mapping[str, Claim]
    ) -> set[str]:
        """Return whose a room may be that is named after one area, and stands nearer to others.

        A name without 小区 may be a brand's, and tells nothing against any of them; one of an
        estate nothing against its parts.
        """
        if first.afar or math.isnan(first.gap):
            return {first.residential}
        kin = self._heard.kin.get(first.facility, ())
        found = {first.residential}
        for claim in (c for c in (*claims, *around.values()) if c.rank in BESIDE):
            gap, area = claim.nearest - claim.off, claim.residential
            if (first.stem or area in kin) and meets(gap - first.gap, "<", self._error):
                found.add(area)
        return found

    def placed_in(self, facility: str, area: str) -> tuple[list[Claim], list[Pair]]:
        """Return what place and name say of a facility if that outline is the one it stands in."""
        claims = self._claims.get(facility, ())
        return [c for c in claims if c.rank != INSIDE or c.residential == area], []

    def without_name(self, facility: str) -> tuple[list[Claim], list[Pair]]:
        """Return what the place of a facility says alone."""
        return [c for c in self._claims.get(facility, ()) if c.rank not in BY_NAME], []
