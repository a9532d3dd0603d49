"""Ownership: whose a facility's rooms are before sharing (A4, A8, A38, A39).

One rule. A recorded service relation; else the place: the area it stands in, else one within the
own-tolerance; else a name, for a facility without a position or in and near no area. A position
says little of an area that is known as a point only: there the record and the name go first, and
what stands round about its point may be in it. Where place and name, or name and address, differ,
and where two areas may be where rooms stand, it is open whose they are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from lifecircle.account.estates.claims import (
    INSIDE,
    NAMED,
    NAMED_AFAR,
    NEAR,
    NEAR_POINT,
    SITE_CHECK_M,
    Area,
    around_points,
    claims_of,
)
from lifecircle.account.estates.names import Names, named_areas, partly_named_areas
from lifecircle.account.estates.twice import Again, once_or_twice, repeats
from lifecircle.account.naming import Spoken
from lifecircle.account.records import (
    Doubt,
    Own,
    Record,
    beside_others,
    by_record,
    doubted,
    in_all,
    same_in_all,
)
from lifecircle.account.sums import added_up, in_order, rows_of, table_of
from lifecircle.counting.neighbourhood import (
    Codes,
    hidden_around,
    may_stand,
    near_as_read,
    without_place,
)
from lifecircle.model.finding import meets
from lifecircle.model.inputs.study import ELSEWHERE
from lifecircle.model.status import AgeClass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    import pandas as pd

    from lifecircle.account.estates.claims import Claim
    from lifecircle.account.records import Row, Way
    from lifecircle.model.tables import Tables

    Pair = tuple[str, str]

__all__ = ["OWN_COLUMNS", "Claimed", "Ownership", "claimed", "ownership"]

OWN_COLUMNS = Own._fields
_PAIR = ("facility", "residential")
_RECORDED = ("facility", "residential", "most", "distance", "sure", "nearer", "least")
_ASIDE = ("facility", "residential", "why", "other", "distance", "most")

_NO_RANK = NAMED_AFAR + 1
_ALONE = False  # not shared with other areas
_BASIS = {INSIDE: "site", NEAR: "near", NEAR_POINT: "near"}


@dataclass(frozen=True, slots=True, eq=False)
class Ownership:
    """Who owns and who shares what. Every facility is looked at, whether its m² count or not.

    Parameters
    ----------
    own
        ``facility``, ``residential``, ``most`` (m² the record names, inf if none), ``shared``
        (True: its record names other areas too, so it is own up to the requirement only),
        ``sure`` (False: a position, a class, or how a record reads, decides; ``if_built``: the
        class alone, sure if the area is no new one), ``basis`` (record | site | near | name),
        ``distance`` (m to its point, inf beyond search, NaN unknown; ``nearer``: at most, since a
        phase of it has no place).
    recorded
        ``facility``, ``residential``, ``most``, ``distance``, ``nearer``: pairs of records that are
        not own; ``sure``: False where only one way to read the record names the area.
    drifting
        Facility id → areas it may belong to: nothing says which. Facilities of one whereabouts
        have one tuple.
    aside
        Pairs near or named that are not the area's: ``facility``, ``residential``, ``why``
        (off_site: a new area's rooms must stand on its site; of_another: it is the area
        ``other``'s; recorded: its record names that; too_far: named alike, but out of reach),
        ``other``, ``distance``, ``most``.
    unclear
        Facility id → how its record, or its name, can be read, where that is not plain.
    """

    own: pd.DataFrame
    recorded: pd.DataFrame
    drifting: dict[str, tuple[str, ...]]
    aside: pd.DataFrame
    unclear: Mapping[str, Doubt]

    def unread(self) -> set[str]:
        """Return the facilities of which it is open whom they serve at all."""
        return {facility for facility, doubt in self.unclear.items() if not doubt.homeless}


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """What is known of areas, which facilities are ``placed``, how far pairs are apart.

    ``straight``: metres of the pairs within search; ``again``: area → which it may be again.
    """

    areas: Mapping[str, Area]
    placed: AbstractSet[str]
    straight: Mapping[Pair, float]
    again: Again

    def record(self, row: Row, rank: int | None, *, several: bool) -> Record:
        """Return a recorded pair with what decides it; ``rank``: of what else speaks for it."""
        facility, home, m2 = row
        area = self.areas[home]
        known = facility in self.placed and not area.unplaced
        metres = self.straight.get((facility, home), np.inf) if known else np.nan
        # 50 m are no test of an estate: of several points a record names the one it stands by, of
        # one that its name means too this one; said twice it is no less its own than said once
        if area.point and rank is (None if several else NAMED):
            rank = NEAR_POINT if meets(metres, "<=", SITE_CHECK_M) else rank
        rank = None if rank == NAMED_AFAR or not known else rank
        most = np.inf if np.isnan(m2) else m2
        nearer = known and area.astray and rank not in _BASIS
        return Record(facility, home, most, several, known, rank, metres, nearer=nearer)


@dataclass(frozen=True, slots=True, eq=False)
class Claimed:
    """What place, record and name say of every facility, whoever pools: ``own`` and ``drifting``.

    ``rest`` are the recorded pairs that are not own, of new areas too; ``claims`` what speaks for
    a pair, the best first of each facility; ``new`` the areas that are. ``known`` holds who owns
    what, by who pools: quotas that ask another number of m² leave it as it is.
    """

    own: pd.DataFrame
    drifting: dict[str, tuple[str, ...]]
    rest: Sequence[Record]
    claims: Sequence[Claim]
    new: AbstractSet[str]
    unclear: Mapping[str, Doubt]
    known: dict[frozenset[str], Ownership] = field(default_factory=dict)

    def pooled(self, pooling: frozenset[str] = frozenset()) -> Ownership:
        """Return who owns and who shares what, where the areas ``pooling`` share though new."""
        if pooling not in self.known:
            alone = self.new - pooling
            recorded = [r for r in self.rest if r.residential not in alone]
            refused = [r for r in self.rest if r.residential in alone]
            rows = ([getattr(row, name) for name in _RECORDED] for row in recorded)
            self.known[pooling] = Ownership(
                own=self.own,
                recorded=table_of(rows, _RECORDED),
                drifting=self.drifting,
                aside=table_of(self._aside(recorded, refused), _ASIDE),
                unclear=self.unclear,
            )
        return self.known[pooling]

    def _aside(
        self, recorded: Sequence[Record], refused: Sequence[Record]
    ) -> Iterator[tuple[str, str, str, str | None, float, float]]:
        """Yield the pairs near or named that are not the area's, why, and whose the rooms are."""
        own = list(rows_of(self.own, *_PAIR))
        theirs = {*own}
        seen = {*own, *(row[:2] for row in self.rest)}
        # of several the first is named: an owner, who shares, whom a record names in vain
        has = dict(reversed([*own, *(row[:2] for row in (*recorded, *refused))]))
        open_ = {facility for facility, doubt in self.unclear.items() if not doubt.names}
        for row in refused:
            yield (*row[:2], "off_site", None, row.distance, row.most)
        for one in self.claims:
            if one[:2] not in seen and not one.partly:
                seen.add(one[:2])
                # of what is nobody's for certain it is said why it is not here
                its = None if one.out and one.facility in open_ else has.get(one.facility)
                why = "off_site" if one.residential in self.new else "too_far"
                other = "of_another" if (one.facility, its) in theirs else "recorded"
                yield (*one[:2], why if its is None else other, its, one.distance, np.inf)


def ownership(tables: Tables, pooling: frozenset[str] = frozenset()) -> Ownership:
    """Assign every facility to its own area, its record, or the neighbourhood it may stand in.

    * A record of one area makes the rooms its own within the own-tolerance; of a new area known as
      a point, anywhere. Else it is shared, but with new areas (A4) only if they pool (``pooling``).
    * A record of several makes them own for the one they stand in, up to what it requires.
    * Without a record: inside beats near, nearer beats farther, unless a position may be as much
      off, the name is another's, or another's point is near. An area known as a point whose whole
      name is said goes before one that is near; what no area is near may be of points round about.
    * A new area drawn as a polygon owns what stands on its site or within the tolerance, no more.
    """
    return claimed(tables).pooled(pooling)


def claimed(tables: Tables, names: Names | None = None) -> Claimed:
    """Return whose every facility is, by :func:`ownership`'s rule, before anything is pooled.

    ``names``: of all areas of the study, where the tables are a part of it.
    """
    seen, codes, names = _seen(tables), Codes(tables), names or Names.of_tables(tables)
    areas, named = seen.areas, named_areas(tables.facilities, tables.areas, names)
    partly = partly_named_areas(tables.facilities, tables.areas, names)
    whole, parts = (codes.agreeing(rows_of(told, *_PAIR)) for told in (named, partly))
    placed = [pair for pair in (*whole, *parts) if pair[0] in seen.placed]
    near = tables.containment
    near = near[meets(near["to_area_m"], "<=", tables.parameters.own_tolerance_m)]
    heard = names.heard(tables.facilities, set(parts), rows_of(near, *_PAIR))
    claims = claims_of(tables, areas, placed, heard)
    seen_at = {*seen.placed, *near_as_read(tables.facilities, tables.areas)}  # by place, or not
    unplaced = [pair for pair in whole if pair[0] not in seen_at]
    error = tables.parameters.positional_error_m
    said = (claims, unplaced, codes, hidden_around(tables), around_points(tables, areas))
    spoken = Spoken(*said, heard=heard, error=error, again=seen.again)
    there = set(tables.facilities.index)
    told = rows_of(tables.sharing, *_PAIR, "m2")
    rows = [row for row in told if row[0] in there and row[1] in areas]
    unsure = tables.likely[tables.likely["facility"].isin(there)]
    more, likely = spoken.told_apart(unsure[unsure["residential"].isin({*areas, ELSEWHERE})])
    has, rows = tables.facilities["quota_m2_high"].to_dict(), added_up([*rows, *more])
    doubts = doubted(likely, rows, areas.keys(), has)
    own, rest, unsettled, unclear = _however_read(seen, spoken, rows, doubts)
    pairs = {row[:2] for row in own} | {row[:2] for row in rest}
    known = {facility for facility, _ in pairs} - unsettled
    return Claimed(
        own=table_of(own, OWN_COLUMNS),
        drifting=dict(may_stand(tables, known, pairs)),
        rest=rest,
        claims=claims,
        new={area for area, facts in areas.items() if facts.new},
        unclear=unclear,
    )


def _however_read(
    seen: _Seen, spoken: Spoken, rows: Iterable[Row], unclear: Mapping[str, Doubt]
) -> tuple[list[Own], list[Record], set[str], dict[str, Doubt]]:
    """Return what is own and recorded however records and names are read, and what leaves it open.

    Besides the facilities that some way leaves without an area.
    """
    recorded: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        recorded[row[0]].append(row)
    claims: list[Claim] = []
    lost: list[Pair] = []
    plain: list[Row] = []
    several: dict[str, list[tuple[list[Own], list[Record]]]] = {}
    unsettled, doubts = set[str](), dict(unclear)
    for facility in dict.fromkeys((*recorded, *spoken, *unclear)):
        mine, open_ = recorded.get(facility, []), unclear.get(facility)
        ways, doubt = _ways(seen, spoken, facility, mine, open_)
        ways = once_or_twice(ways, seen.again)
        if len(ways) == 1:
            claims += ways[0][0]
            lost += ways[0][1]
            plain += ways[0][2]
        else:
            found = several[facility] = [_whose(seen, *way) for way in ways]
            if not all(any(its) or way[2] for its, way in zip(found, ways, strict=True)):
                unsettled.add(facility)  # who is beyond the list stands nowhere on it
            if open_ is doubt is None and not same_in_all(found):
                meant = (*spoken.meant(facility), *spoken.hidden(facility))
                doubt = Doubt.of_ways(facility, meant, found, (mine, seen.again))
                doubt = doubt._replace(near=() if mine else spoken.metres(facility))
        if doubt is not None:
            doubts[facility] = doubt
    own, rest = _whose(seen, claims, lost, plain)
    for more in map(in_all, several.values()):
        own, rest = own + more[0], rest + more[1]
    return own, rest, unsettled, doubts


def _ways(
    seen: _Seen, spoken: Spoken, facility: str, mine: Sequence[Row], unclear: Doubt | None
) -> tuple[list[Way], Doubt | None]:
    """Return what is said of a facility in each way to read it, or that it may stand in several."""
    records = [mine] if unclear is None else unclear.ways
    named = [{area for _, area, _ in record} for record in records]
    each = zip(named, records, strict=True)
    written = unclear is not None
    ways = [
        (*said, its)
        for areas, its in each
        for said in spoken.ways(facility, areas, written=written)
    ]
    if not mine and unclear is None and len(inside := spoken.within(facility)) > 1:
        return ways, Doubt.of_place(facility, inside)
    if unclear is not None or len(ways) == 1 or len(mine) < 2:  # noqa: PLR2004 - of several
        return ways, None
    bare, every = (*spoken.without_name(facility), mine), [_whose(seen, *way) for way in ways]
    if same_in_all(every):
        return ways[:1], None
    meant = spoken.meant(facility, named[0])
    return [bare], None if _whose(seen, *bare)[0] else Doubt.of_name(facility, meant, (), mine)


def _whose(
    seen: _Seen, claims: Sequence[Claim], lost: Iterable[Pair], rows: Iterable[Row]
) -> tuple[list[Own], list[Record]]:
    """Return what is own and what is recorded beside it, of facilities with these records."""
    rows = list(rows)
    records, recorded = _records(seen, rows, claims), {row[0] for row in rows}
    alone = {row[:2]: row.most for row in records if row.sure and not (row.several or row.known)}
    own = [*by_record(records, seen.areas), *_by_place(claims, seen.areas, recorded)]
    own += [
        Own(*pair, most, _ALONE, not area.perhaps_new, "name", np.nan, if_built=True)
        for pair, area, most in ((p, seen.areas[p[1]], alone.get(p, np.inf)) for p in lost)
        if pair[0] not in recorded or (pair in alone and not area.new)  # a new area's only perhaps
    ]
    theirs = {row[:2] for row in own}
    return own, [row for row in records if row[:2] not in theirs]


def _seen(tables: Tables) -> _Seen:
    """Return what is known of areas, places and distances."""
    areas, near = tables.areas, tables.containment
    unknown, (astray, nowhere) = areas["x"].isna(), without_place(areas)
    point = areas["land_area_m2"].isna() if "land_area_m2" in areas else unknown
    new = areas["age_class"].isin([AgeClass.NEW, AgeClass.APPROVED])
    found = (nowhere, astray, unknown & ~nowhere)
    told = (new, new | areas["age_class"].isna(), *found, point | unknown)
    plain = zip(*(column.tolist() for column in told), _around(areas), strict=True)
    order = (-areas["counted"].astype(float), areas["x"], areas["y"])
    content = zip(*(column.tolist() for column in order), strict=True)
    return _Seen(
        areas={
            area: Area._make((*facts, in_order(*more)))
            for area, facts, more in zip(areas.index, plain, content, strict=True)
        },
        placed=set(tables.facilities.index[tables.facilities["x"].notna()]),
        straight=dict(zip(rows_of(near, *_PAIR), near["straight_m"].tolist(), strict=True)),
        again=repeats(areas),
    )


def _around(areas: pd.DataFrame) -> list[str | None]:
    """Return in whose outline each area's point lies; phases are told by the one that leads."""
    if "stands_in" not in areas:
        return [None] * len(areas)
    beside = areas["beside"].items() if "beside" in areas else ()
    lead = {phase: area for area, others in beside for *_, phase in others}
    return [lead.get(one, one) for one in areas["stands_in"].tolist()]


def _records(seen: _Seen, rows: Sequence[Row], claims: Iterable[Claim]) -> list[Record]:
    """Return the records of facilities and areas that there are, the home first of each."""
    best = dict(reversed([(claim[:2], claim.rank) for claim in claims if not claim.out]))
    times = Counter(facility for facility, _, _ in rows)
    found = [
        seen.record(row, best.get(row[:2]), several=times[row[0]] > 1)
        for row in rows
        if row[1] != ELSEWHERE
    ]
    found = beside_others(found, rows)
    found.sort(
        key=lambda one: (
            one.facility,
            _NO_RANK if one.rank is None else one.rank,
            in_order(one.distance),
            seen.areas[one.residential].content,
        )
    )
    return found


def _by_place(
    claims: Sequence[Claim], areas: Mapping[str, Area], recorded: AbstractSet[str]
) -> Iterator[Own]:
    """Yield what stands in or near an area, or is named after one and near none."""
    seen = set(recorded)
    for claim in claims:
        if claim.out or claim.facility in seen:
            continue
        seen.add(claim.facility)
        area, basis = areas[claim.residential], _BASIS.get(claim.rank, "name")
        # a new area owns nothing off its site; a point has the site its name says
        off_site = basis == "name" and not area.point
        sure = not (area.perhaps_new and (off_site or area.unplaced))
        yield Own(*claim[:2], np.inf, _ALONE, sure, basis, claim.distance, if_built=True)
