"""Records: rooms that are own and pairs that a record names, however a name is read.

A name in a record may nearly agree with an area, or fit several; a facility's own name may fit
several. Each way to read it makes other rooms own and others shared; what holds in all of them is
known, the rest is only perhaps so.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from lifecircle.account.estates.claims import INSIDE, NEAR, NEAR_POINT
from lifecircle.account.sums import added_up, rows_of, within_rooms
from lifecircle.model.inputs.study import ELSEWHERE
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    import pandas as pd

    from lifecircle.account.estates.claims import Area, Claim

    Row = tuple[str, str, float]
    Again = Mapping[str, str]

    Way = tuple[list[Claim], list[tuple[str, str]], Sequence[Row]]
    Ways = Sequence[tuple[Sequence["Own"], Sequence["Record"]]]

__all__ = [
    "Doubt",
    "Own",
    "Record",
    "beside_others",
    "by_record",
    "doubted",
    "in_all",
    "same_in_all",
    "unclear_reason",
]

_NOBODY = {ELSEWHERE}
_AT_HOME = frozenset({INSIDE, NEAR, NEAR_POINT})
_ANY_M2: Mapping[str, float] = MappingProxyType({})
_MOST_WAYS = 64
"""Ways to read one record beyond which its names are read one at a time, and all at once."""


class Own(NamedTuple):
    """A row of ``Ownership.own``; ``if_built``: sure for clauses that speak of no new areas.

    ``nearer``: a phase of which the place is not known may be nearer than ``distance``.
    ``contested``: another area of the record, of unknown place, may be the one the rooms stand by.
    ``least``: m² that it has of them however the record reads, at most ``most``.
    """

    facility: str
    residential: str
    most: float
    shared: bool
    sure: bool
    basis: str
    distance: float
    if_built: bool = False
    nearer: bool = False
    contested: bool = False
    least: float = math.inf


class Record(NamedTuple):
    """A recorded pair with what decides it: ``several`` areas, ``known`` places, ``rank``.

    ``sure``: False where only one way to read the record names the area, or where the rooms may
    stand with somebody beyond the list whom it names too. ``nearer``, ``least``: as for ``Own``.
    """

    facility: str
    residential: str
    most: float
    several: bool
    known: bool
    rank: int | None
    distance: float
    sure: bool = True
    nearer: bool = False
    least: float = math.inf


class Doubt(NamedTuple):
    """A record that can be read in several ways: ``names`` as written, ``areas`` they may mean.

    ``ways``: all pairs that it makes, with their m² (NaN: unsaid), way by way. Without ``names`` it
    is the facility's own name that fits several areas, and no place says which. ``lost``: those of
    the names that nobody has; in one way they mean ``ELSEWHERE``, in another they say nothing.
    """

    names: tuple[str, ...]
    areas: tuple[str, ...]
    ways: Sequence[Sequence[Row]]
    lost: tuple[str, ...] = ()
    by_place: bool = False
    """Whether it is no record and no name: it stands in the outlines of several areas."""
    twice: bool = False
    """Whether the record is plain, but two of its areas may be one, which has both's m² then."""
    near: tuple[tuple[str, float], ...] = ()
    """Areas known as points, and metres to them, of what stands near and may be in one of them."""

    @classmethod
    def of_place(cls, facility: str, areas: Sequence[str]) -> Doubt:
        """Return what is open of a facility that stands in the outlines of several areas."""
        return cls((), tuple(areas), [[(facility, one, math.nan)] for one in areas], by_place=True)

    @classmethod
    def of_name(
        cls, facility: str, meant: Iterable[str], ways: Ways, recorded: Sequence[Row]
    ) -> Doubt:
        """Return what is open of a facility whose name may mean several areas.

        ``ways``: what is own and recorded in each way to read it; ``recorded``: its record.
        """
        areas = dict.fromkeys([*meant, *(row.residential for own, _ in ways for row in own)])
        every = [recorded] if recorded else [[(facility, area, math.nan)] for area in areas]
        return cls((), tuple(areas), every)

    @classmethod
    def of_ways(
        cls, facility: str, meant: Iterable[str], ways: Ways, record: tuple[Sequence[Row], Again]
    ) -> Doubt:
        """Return what is open of a record of areas that may be one (``again``), or of a name."""
        recorded, again = record
        named = {area for _, area, _ in recorded}
        seconds = tuple(area for _, area, _ in recorded if again.get(area) in named)
        if not seconds:
            return cls.of_name(facility, meant, ways, recorded)
        both = dict.fromkeys(one for area in seconds for one in (again[area], area))
        return cls(seconds, tuple(both), [recorded], twice=True)

    @property
    def alone(self) -> bool:
        """Whether it names one area at most, in whichever way it reads."""
        return all(len(way) < 2 for way in self.ways)  # noqa: PLR2004 - two

    @property
    def homeless(self) -> bool:
        """Whether its record is plain, but not which of its areas the rooms stand in."""
        return self.twice or (not self.names and not self.alone)

    @property
    def beyond(self) -> float:
        """How many m² at most may be somebody's beyond the list; inf: nothing is named."""
        ways = [[m2 for _, area, m2 in way if area == ELSEWHERE] for way in self.ways]
        return max((math.inf if math.isnan(sum(way)) else sum(way) for way in ways), default=0.0)

    @property
    def told(self) -> tuple[str, ...]:
        """The names to ask about: those that may mean an area of the list, else all."""
        return tuple(name for name in self.names if name not in self.lost) or self.names

    def reason(self, facility: str) -> Reason:
        """Return what its facility's record would have to say plainly."""
        if not self.names:
            code = ReasonCode.PLACE_UNCLEAR if self.by_place else ReasonCode.NAME_UNCLEAR
            return Reason(code, {"facility": facility, "areas": list(self.areas)})
        params: dict[str, Any] = {"facility": facility, "written": list(self.told)}
        if not self.areas:
            return Reason(ReasonCode.RECORD_BEYOND, params)
        return Reason(ReasonCode.RECORD_UNCLEAR, {**params, "areas": list(self.areas)})


def unclear_reason(doubts: Mapping[str, Doubt], facilities: Iterable[str]) -> Reason:
    """Return what the records of some facilities of ``doubts`` would have to say plainly, all."""
    first, *others = named = sorted(set(facilities))
    if not others:
        return doubts[first].reason(first)
    both = [doubts[facility] for facility in named]
    areas = list(dict.fromkeys(area for one in both for area in one.areas))
    params: dict[str, Any] = {"facility": first, "facilities": named}
    if not all(one.names for one in both):
        return Reason(ReasonCode.NAMES_UNCLEAR, {**params, "areas": areas})
    params["written"] = list(dict.fromkeys(name for one in both for name in one.told))
    if not areas:
        return Reason(ReasonCode.RECORDS_BEYOND, params)
    return Reason(ReasonCode.RECORDS_UNCLEAR, {**params, "areas": areas})


def doubted(
    likely: pd.DataFrame,
    exact: Iterable[Row],
    areas: AbstractSet[str],
    rooms: Mapping[str, float] = _ANY_M2,
) -> dict[str, Doubt]:
    """Return the facilities whose records can be read in several ways.

    Parameters
    ----------
    likely
        As ``Tables.likely``.
    exact
        What the records say plainly: facility, area, m².
    areas
        Those that there are.
    rooms
        m² by facility at most; without them any.

    Notes
    -----
    A name that nearly agrees may mean no area at all, or all that it nearly agrees with, as an
    estate's its phases; one that several areas have means one. One that nobody has may mean
    somebody beyond the list: in that way its row is of ``ELSEWHERE``.
    """
    plain: dict[str, list[Row]] = defaultdict(list)
    for row in exact:
        plain[row[0]].append(row)
    found: dict[str, dict[str, dict[Row, None]]] = defaultdict(lambda: defaultdict(dict))
    fits: dict[tuple[str, str], bool] = {}
    columns = ("facility", "residential", "m2", "written", "fits")
    for facility, area, m2, written, whole in rows_of(likely, *columns):
        if area in areas or area == ELSEWHERE:
            found[facility][written][facility, area, m2] = None
            fits[facility, written] = whole
    told = {}
    for facility, names in sorted(found.items()):
        read = [
            _meanings(list(rows), whole=fits[facility, written]) for written, rows in names.items()
        ]
        ways = [added_up([*plain[facility], *way]) for way in _ways(read)]
        told[facility] = Doubt(
            tuple(names),
            tuple(dict.fromkeys(one for rows in names.values() for _, one, _ in rows if one)),
            within_rooms(ways, rooms.get(facility, math.inf)),
            tuple(name for name, rows in names.items() if {one for _, one, _ in rows} == _NOBODY),
        )
    return told


def _meanings(rows: list[Row], *, whole: bool) -> list[list[Row]]:
    """Return what one name may mean: one of its areas; if it only nearly agrees, none or all."""
    more = [] if whole else [[], *([rows] if len(rows) > 1 else [])]
    return [*([row] for row in rows), *more]


def _ways(read: Sequence[Sequence[Sequence[Row]]]) -> list[list[Row]]:
    """Return every way to read the names of a record, each in one of its meanings."""
    if math.prod(map(len, read)) <= _MOST_WAYS:
        return [[row for rows in way for row in rows] for way in itertools.product(*read)]
    every = list(dict.fromkeys(row for meanings in read for rows in meanings for row in rows))
    return [[], *([row] for row in every), every]


def same_in_all(ways: Ways) -> bool:
    """Return whether the same areas own a facility, and share it, whichever way holds."""
    own, rest = ([{row[:2] for row in way[side]} for way in ways] for side in (0, 1))
    return all(one == own[0] for one in own) and all(one == rest[0] for one in rest)


def in_all(ways: Ways) -> tuple[list[Own], list[Record]]:
    """Return what is own and what is recorded, whichever way holds; ``sure`` where all say it."""
    own: dict[tuple[str, str], list[Own]] = defaultdict(list)
    rest: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for mine, others in ways:
        for one in mine:
            own[one[:2]].append(one)
        for row in others:
            rest[row[:2]].append(row)
    whole = len(ways)
    return (
        [_one_own(rows, rest.get(pair, ()), whole) for pair, rows in own.items()],
        [_one_record(rows, whole) for pair, rows in rest.items() if pair not in own],
    )


def _least(rows: Sequence[Own | Record], ways: int) -> float | None:
    """Return the m² that rows of every way agree on; None: of some way it is not known."""
    named = {row.most for row in rows}
    if len(rows) < ways:
        return None
    return min(named) if len(named) == 1 or (0 not in named and math.inf not in named) else None


def _one_own(rows: Sequence[Own], others: Sequence[Record], ways: int) -> Own:
    most = max([*(row.most for row in rows), *(row.most for row in others)])
    if all(row.sure for row in rows) and (least := _least(rows, ways)) is not None:
        shared = any(row.shared for row in rows)
        return rows[0]._replace(most=most, least=least, shared=shared)
    shared = all(row.shared for row in rows)
    return rows[0]._replace(most=most, shared=shared, sure=False, if_built=False)


def _one_record(rows: Sequence[Record], ways: int) -> Record:
    least, most = _least(rows, ways), max(row.most for row in rows)
    sure = least is not None
    return rows[0]._replace(most=most, sure=sure, least=most if least is None else least)


def beside_others(records: Iterable[Record], rows: Iterable[Row]) -> list[Record]:
    """Return records, not sure where the rooms may stand with somebody beyond the list instead.

    What stands in an area is its own first, whoever is named beside.
    """
    beyond = {facility for facility, area, _ in rows if area == ELSEWHERE}
    return [row._replace(sure=row.facility not in beyond or row.rank == INSIDE) for row in records]


def _speaking(row: Record, area: Area, *, first: bool) -> tuple[bool, bool]:
    """Return whether rooms stand where their record is the area's, and whether it has them."""
    if row.several:
        placed = row.rank is not None
        return placed, placed and first
    placed = row.rank in _AT_HOME
    return placed, placed or (row.known and area.point and area.perhaps_new)


def by_record(records: Sequence[Record], areas: Mapping[str, Area]) -> Iterator[Own]:
    """Yield what records make own: of one area within the tolerance, of several the home."""
    seen: set[str] = set()
    lost = {row[:2] for row in records if row.nearer or not row.known}
    astray = Counter(facility for facility, _ in lost)
    for row in records:
        area, first = areas[row.residential], row.facility not in seen
        seen.add(row.facility)
        placed, mine = _speaking(row, area, first=first)
        if mine or (area.new and row[:2] in lost):
            # which of its phases leads, drawn or a point, is that without a place
            sure = mine and row.known and row.sure and (placed or not area.headless)
            others = astray[row.facility] - (row[:2] in lost)
            yield Own(
                *(row.facility, row.residential, row.most),
                shared=row.several,
                sure=sure,
                basis="record",
                distance=row.distance,
                nearer=row.nearer,
                contested=row.several and row.rank != INSIDE and others > 0,
            )
