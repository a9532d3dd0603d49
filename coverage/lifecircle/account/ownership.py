"""Ownership: whose a facility's rooms are before sharing (A4, A8, A38, A39).

One rule. A recorded service relation; else the place: the area it stands in, else one within the
own-tolerance; else a name, for a facility without a position or in and near no area. A position
says little of an area that is known as a point only: there the record and the name go first.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from lifecircle.account.naming import agreeing, named_areas
from lifecircle.account.records import Doubt, Own, Record, doubted, in_all
from lifecircle.account.sums import rows_of, table_of
from lifecircle.counting.neighbourhood import Neighbourhood
from lifecircle.model.finding import meets
from lifecircle.model.status import AgeClass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    import pandas as pd

    from lifecircle.account.naming import Names
    from lifecircle.model.tables import Tables

    Pair = tuple[str, str]

__all__ = ["OWN_COLUMNS", "SITE_CHECK_M", "Claimed", "Ownership", "claimed", "ownership"]

OWN_COLUMNS = ("facility", "residential", "most", "shared", "sure", "basis", "distance")
_PAIR = ("facility", "residential")
_RECORDED = ("facility", "residential", "most", "distance", "sure")
_ASIDE = ("facility", "residential", "why", "other", "distance", "most")

SITE_CHECK_M = 200.0
"""Farther than this from an area's point nobody can tell whether rooms are on its site."""

_INSIDE, _NEAR, _NAMED, _NEAR_POINT, _NAMED_AFAR, _NO_RANK = range(6)
_ALONE = False
"""Not shared with other areas."""
_BASIS = {_INSIDE: "site", _NEAR: "near", _NEAR_POINT: "near"}


@dataclass(frozen=True, slots=True, eq=False)
class Ownership:
    """Who owns and who shares what. Every facility is looked at, whether its m² count or not.

    Parameters
    ----------
    own
        ``facility``, ``residential``, ``most`` (m² the record names, inf if none), ``shared``
        (True: its record names other areas too, so it is own up to the requirement only),
        ``sure`` (False: a position, or how a record reads, decides), ``basis`` (record | site |
        near | name), ``distance`` (m to the representative point, inf beyond search, NaN unknown).
    recorded
        ``facility``, ``residential``, ``most``, ``distance``: pairs of records that are not own;
        ``sure``: False where only one way to read the record names the area.
    drifting
        Facility id → areas it may belong to: nothing says which. Facilities of one whereabouts
        have one tuple.
    aside
        Pairs near or named that are not the area's: ``facility``, ``residential``, ``why``
        (off_site: a new area's rooms must stand on its site; of_another: it is the area
        ``other``'s; too_far: named alike, but out of reach), ``other``, ``distance``, ``most``.
    unclear
        Facility id → how its record can be read, where that is not plain.
    """

    own: pd.DataFrame
    recorded: pd.DataFrame
    drifting: dict[str, tuple[str, ...]]
    aside: pd.DataFrame
    unclear: Mapping[str, Doubt]


class _Area(NamedTuple):
    """What is asked of an area: whether it is new, how it is placed, its content."""

    new: bool
    unclassed: bool
    unplaced: bool
    point: bool
    content: tuple[Any, ...]


class _Claim(NamedTuple):
    """That place or name speak for a pair, and how well; ``out``: too far, or off its site."""

    facility: str
    residential: str
    rank: int
    distance: float
    out: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """What is known of areas, which facilities are ``placed``, how far pairs are apart.

    ``straight``: metres of the pairs within search.
    """

    areas: Mapping[str, _Area]
    placed: AbstractSet[str]
    straight: Mapping[Pair, float]

    def record(self, row: tuple[str, str, float], rank: int | None, *, several: bool) -> Record:
        """Return a recorded pair with what decides it; ``rank``: of what else speaks for it."""
        facility, home, m2 = row
        area = self.areas[home]
        known = facility in self.placed and not area.unplaced
        metres = self.straight.get((facility, home), np.inf) if known else np.nan
        # of several points a record names, the one it stands by: 50 m are no test of an estate
        if rank is None and several and area.point and meets(metres, "<=", SITE_CHECK_M):
            rank = _NEAR_POINT
        rank = None if rank == _NAMED_AFAR or not known else rank
        return Record(facility, home, np.inf if np.isnan(m2) else m2, several, known, rank, metres)


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
    claims: Sequence[_Claim]
    new: AbstractSet[str]
    unclear: Mapping[str, Doubt]
    known: dict[frozenset[str], Ownership] = field(default_factory=dict)

    def pooled(self, pooling: frozenset[str] = frozenset()) -> Ownership:
        """Return who owns and who shares what, where the areas ``pooling`` share though new."""
        if pooling not in self.known:
            alone = self.new - pooling
            recorded = [r for r in self.rest if r.residential not in alone]
            refused = [r for r in self.rest if r.residential in alone]
            rows = ((r.facility, r.residential, r.most, r.distance, r.sure) for r in recorded)
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
        own = list(
            zip(self.own["facility"].tolist(), self.own["residential"].tolist(), strict=True)
        )
        seen = {*own, *(row[:2] for row in self.rest)}
        # of several the first is named, and an owner before who shares
        has = dict(reversed([*own, *(row[:2] for row in recorded)]))
        for row in refused:
            yield (*row[:2], "off_site", None, row.distance, row.most)
        for one in self.claims:
            if one[:2] not in seen:
                seen.add(one[:2])
                its = has.get(one.facility)
                why = "off_site" if one.residential in self.new else "too_far"
                yield (*one[:2], why if its is None else "of_another", its, one.distance, np.inf)


def ownership(tables: Tables, pooling: frozenset[str] = frozenset()) -> Ownership:
    """Assign every facility to its own area, its record, or the neighbourhood it may stand in.

    * A record of one area makes the rooms its own within the own-tolerance; of a new area known
      as a point, wherever they stand. Else it is recorded sharing, which new areas have no part in
      (A4) unless they pool (``pooling``, A8).
    * A record of several makes them own for the one they stand in, up to what it requires.
    * Without a record: inside beats near, nearer beats farther, then more households, then
      coordinates. An area known as a point that the name speaks of goes before one that is near.
    * A new area drawn as a polygon owns what stands on its site or within the tolerance, no more.
    """
    return claimed(tables).pooled(pooling)


def claimed(tables: Tables, names: Names | None = None) -> Claimed:
    """Return whose every facility is, by :func:`ownership`'s rule, before anything is pooled.

    ``names``: of all areas of the study, where the tables are a part of it.
    """
    seen = _seen(tables)
    areas, placed = seen.areas, seen.placed
    named = agreeing(tables, rows_of(named_areas(tables.facilities, tables.areas, names), *_PAIR))
    claims = _claims(tables, seen, [pair for pair in named if pair[0] in placed])
    lost = [pair for pair in named if pair[0] not in placed]
    there = set(tables.facilities.index)
    told = rows_of(tables.sharing.astype({"m2": float}), *_PAIR, "m2")
    rows = [row for row in told if row[0] in there and row[1] in areas]
    likely = tables.likely[tables.likely["facility"].isin(there)]
    unclear = doubted(likely, rows, areas.keys())

    own, rest, settled = _however_read(seen, _Spoken(claims, lost), rows, there, unclear)
    return Claimed(
        own=table_of(own, OWN_COLUMNS),
        drifting=dict(
            _drifting(tables, lost, settled, {row[:2] for row in own} | {r[:2] for r in rest})
        ),
        rest=rest,
        claims=claims,
        new={area for area, facts in areas.items() if facts.new},
        unclear=unclear,
    )


class _Spoken(NamedTuple):
    """What place and name say of facilities: ``claims`` of those with a place, else ``lost``."""

    claims: Sequence[_Claim]
    lost: Sequence[Pair]

    def of(self, facilities: AbstractSet[str]) -> _Spoken:
        """Return what is said of some facilities."""
        claims = [claim for claim in self.claims if claim.facility in facilities]
        return _Spoken(claims, [pair for pair in self.lost if pair[0] in facilities])


def _however_read(
    seen: _Seen,
    spoken: _Spoken,
    rows: Iterable[tuple[str, str, float]],
    there: AbstractSet[str],
    unclear: Mapping[str, Doubt],
) -> tuple[list[Own], list[Record], set[str]]:
    """Return what is own and recorded, and the facilities it settles, however records read."""
    plain = [row for row in rows if row[0] not in unclear]
    own, rest = _whose(seen, spoken.of(there - unclear.keys()), plain)
    settled = {row.facility for table in (own, rest) for row in table}
    spoken = spoken.of(unclear.keys())
    for facility, doubt in unclear.items():
        mine = spoken.of({facility})
        ways = [_whose(seen, mine, way) for way in doubt.ways]
        if all(map(any, ways)):
            settled.add(facility)
        more = in_all(ways)
        own, rest = own + more[0], rest + more[1]
    return own, rest, settled


def _whose(
    seen: _Seen, spoken: _Spoken, rows: Iterable[tuple[str, str, float]]
) -> tuple[list[Own], list[Record]]:
    """Return what is own and what is recorded beside it, of facilities with these records."""
    records = _records(seen, rows, spoken.claims)
    recorded = {row.facility for row in records}
    lost = [pair for pair in spoken.lost if pair[0] not in recorded]
    own = [
        *_by_record(records, seen.areas),
        *_by_place(spoken.claims, seen.areas, recorded),
        *_by_name(lost, seen.areas),
    ]
    theirs = {row[:2] for row in own}
    return own, [row for row in records if row[:2] not in theirs]


def _seen(tables: Tables) -> _Seen:
    """Return what is known of areas, places and distances."""
    areas, near = tables.areas, tables.containment
    unknown = areas["x"].isna()
    point = areas["land_area_m2"].isna() if "land_area_m2" in areas else unknown
    new = areas["age_class"].isin([AgeClass.NEW, AgeClass.APPROVED])
    told = (new, areas["age_class"].isna(), unknown, point | unknown)
    content = (-areas["counted"].astype(float), areas["x"], areas["y"])
    columns = (column.tolist() for column in (*told, *content))
    return _Seen(
        areas={
            area: _Area(one, unclassed, unplaced, spot, _in_order(*more))
            for area, one, unclassed, unplaced, spot, *more in zip(
                areas.index, *columns, strict=True
            )
        },
        placed=set(tables.facilities.index[tables.facilities["x"].notna()]),
        straight=dict(zip(rows_of(near, *_PAIR), near["straight_m"].tolist(), strict=True)),
    )


def _in_order(*numbers: float) -> tuple[tuple[bool, float], ...]:
    """Return a key that sorts by some numbers, gaps last."""
    return tuple((n != n, 0.0 if n != n else n) for n in numbers)  # noqa: PLR0124 - NaN


def _claims(tables: Tables, seen: _Seen, named: Iterable[Pair]) -> list[_Claim]:
    """Return what place or name speak for, the best first of each facility.

    ``named``: of facilities that have a place.
    """
    near, parameters = tables.containment, tables.parameters
    near = near[meets(near["to_area_m"], "<=", parameters.own_tolerance_m)]
    found: list[tuple[Any, _Claim]] = []
    for facility, home, to_area, metres in rows_of(near, *_PAIR, "to_area_m", "straight_m"):
        area = seen.areas[home]
        rank = _INSIDE if meets(to_area, "<=", 0.0) else _NEAR
        claim = _Claim(facility, home, _NEAR_POINT if area.point else rank, metres, out=False)
        found.append((to_area, claim))
    for facility, home in named:
        area, metres = seen.areas[home], seen.straight.get((facility, home), np.nan)
        far = not meets(metres, "<=", parameters.recorded_sharing_note_m)
        out = (far and not area.unplaced) or (not area.point and area.new)
        rank = _NAMED if area.point else _NAMED_AFAR
        beyond = np.inf if np.isnan(metres) and not area.unplaced else metres
        found.append((metres, _Claim(facility, home, rank, beyond, out=out)))
    content = {area: facts.content for area, facts in seen.areas.items()}
    found.sort(key=lambda one: (one[1][0], one[1].rank, _in_order(one[0]), content[one[1][1]]))
    return [claim for _, claim in found]


def _records(
    seen: _Seen, rows: Iterable[tuple[str, str, float]], claims: Iterable[_Claim]
) -> list[Record]:
    """Return the records of facilities and areas that there are, the home first of each."""
    best = dict(reversed([(claim[:2], claim.rank) for claim in claims if not claim.out]))
    rows = list(rows)
    times = Counter(facility for facility, _, _ in rows)
    found = [seen.record(row, best.get(row[:2]), several=times[row[0]] > 1) for row in rows]
    found.sort(
        key=lambda one: (
            one.facility,
            _NO_RANK if one.rank is None else one.rank,
            _in_order(one.distance),
            seen.areas[one.residential].content,
        )
    )
    return found


def _by_record(records: Sequence[Record], areas: Mapping[str, _Area]) -> Iterator[Own]:
    """Yield what records make own: of one area within the tolerance, of several the home."""
    seen: set[str] = set()
    for row in records:
        area, first = areas[row.residential], row.facility not in seen
        seen.add(row.facility)
        near = row.rank in {_INSIDE, _NEAR, _NEAR_POINT}
        trusted = row.known and area.point and (area.new or area.unclassed)
        mine = (first and row.rank is not None) if row.several else (near or trusted)
        if mine or (not row.known and area.new):
            yield Own(*row[:2], row.most, row.several, row.known, "record", row.distance)


def _by_place(
    claims: Sequence[_Claim], areas: Mapping[str, _Area], recorded: AbstractSet[str]
) -> Iterator[Own]:
    """Yield what stands in or near an area, or is named after one and near none."""
    seen = set(recorded)
    for claim in claims:
        if claim.out or claim.facility in seen:
            continue
        seen.add(claim.facility)
        area = areas[claim.residential]
        sure, basis = not (area.new and area.unplaced), _BASIS.get(claim.rank, "name")
        yield Own(*claim[:2], np.inf, _ALONE, sure, basis, claim.distance)


def _by_name(lost: Sequence[Pair], areas: Mapping[str, _Area]) -> Iterator[Own]:
    """Yield facilities without a position whose name fits one area: a new one's only perhaps."""
    times = Counter(facility for facility, _ in lost)
    for facility, home in lost:
        if times[facility] == 1:
            yield Own(facility, home, np.inf, _ALONE, not areas[home].new, "name", np.nan)


def _drifting(
    tables: Tables, lost: Iterable[Pair], settled: AbstractSet[str], told: AbstractSet[Pair]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield where a facility that nothing places may stand: of its namesakes, else round about.

    One that has a place, but in no area that has one, may stand in one that has none. A pair of
    which something is ``told`` is left out.
    """
    alike: dict[str, tuple[str, ...]] = {}
    for facility, area in lost:
        alike[facility] = (*alike.get(facility, ()), area)
    left = ~(rows := tables.facilities).index.isin(list(settled))
    if not left.any():  # mostly whose they are is plain
        return
    rows = rows.loc[left, rows.columns.intersection(["x", "unit", "community"])]
    everywhere = Neighbourhood(tables.areas)
    nowhere = Neighbourhood(tables.areas, lost=True)
    for facility, row in rows.iterrows():
        around = everywhere if np.isnan(row["x"]) else nowhere
        found = alike.get(str(facility)) or around.of(row)
        apart = tuple(area for area in found if (facility, area) not in told)
        found = found if len(apart) == len(found) else apart  # one tuple a whereabouts
        if found:
            yield str(facility), found
