"""Notes: what an area's own rooms rest on, and which rooms near or named do not count, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np

from lifecircle.account.estates.claims import SITE_CHECK_M
from lifecircle.account.sums import looked_up, rows_of
from lifecircle.counting.eligibility import countable_m2, number_of
from lifecircle.model.finding import meets
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pandas as pd

    from lifecircle.account.ownership import Ownership
    from lifecircle.account.records import Doubt
    from lifecircle.model.tables import Tables

__all__ = ["not_its", "notes", "with_distance"]

R = TypeVar("R", "_Place", "_Record", "_Aside")

_MOST = 5
"""Rooms that one area's notes name."""
_WHY = {
    "off_site": ReasonCode.ASIDE_OFF_SITE,
    "of_another": ReasonCode.ASIDE_OF_ANOTHER,
    "recorded": ReasonCode.ASIDE_RECORDED,
    "too_far": ReasonCode.ASIDE_TOO_FAR,
}
_NONE = {ReasonCode.ASIDE_BEDS, ReasonCode.ASIDE_OUTSIDE}


def notes(
    tables: Tables,
    whose: Ownership,
    places: pd.DataFrame,
    recorded: pd.DataFrame,
    limits: Mapping[str, float],
    farthest: Mapping[str, float],
) -> dict[str, tuple[Reason, ...]]:
    """Return, by area, what is to be said of rooms near or named: the largest first.

    Parameters
    ----------
    whose
        Of all facilities, those that do not count too.
    places
        Own rooms that count or may.
    recorded
        Recorded pairs with ``within``, ``m2`` (given for certain) and ``clause``.
    limits
        How far a record reaches, by clause, metres.
    farthest
        The same by area: by the clause of those it is judged under that lets it reach farthest.
    """
    rooms, own = _Rooms(tables), _read(places, _Place)
    found = [
        *_checks(own, rooms, whose),
        *_small(own, rooms),
        *_of_records(_read(recorded, _Record), rooms, limits),
        *_elsewhere(_read(whose.aside, _Aside), rooms),
        *_not_counted(whose, rooms),
        *_own_beyond(whose.own, rooms, farthest),
    ]
    return _by_area(found)


def not_its(tables: Tables, whose: Ownership) -> dict[str, tuple[Reason, ...]]:
    """Return, by area, rooms near or named that are none of its facilities, however large.

    Another's, off its site or too far away; over the county line; or all beds.
    """
    rooms = _Rooms(tables)
    mine = (one for one in _not_counted(whose, rooms) if one[1].code in _NONE)
    return _by_area([*_elsewhere(_read(whose.aside, _Aside), rooms), *mine])


def _by_area(found: Iterable[tuple[str, Reason]]) -> dict[str, tuple[Reason, ...]]:
    """Return what is said by area, once of each room, the largest first."""
    told: dict[str, dict[str, tuple[float, Reason]]] = {}
    for area, reason in found:
        facility = str(reason.params["facility"])
        size = reason.params["m2"]
        told.setdefault(area, {}).setdefault(facility, (-float(size or 0.0), reason))
    return {
        area: tuple(
            reason
            for _, (_, reason) in sorted(by_room.items(), key=lambda one: (one[1][0], one[0]))
        )[:_MOST]
        for area, by_room in told.items()
    }


def with_distance(tables: Tables, pairs: pd.DataFrame) -> pd.DataFrame:
    """Return pairs of facility and area with ``distance_m``: the straight line, NaN unknown.

    To the nearest phase of a project where that is within search, else to the leading one.
    """
    named = ("facility", "residential")
    columns = rows_of(tables.containment, *named, "straight_m")
    near = {(room, area): metres for room, area, metres in columns}
    straight = looked_up(rows_of(pairs, *named), near, np.nan)
    if (far := np.isnan(straight)).any():
        spots = (
            rows[["x", "y"]].reindex(pairs[name][far]).to_numpy(dtype=float)
            for name, rows in zip(named, (tables.facilities, tables.areas), strict=True)
        )
        straight[far] = np.hypot(*np.subtract(*spots).T)
    return pairs.assign(distance_m=straight)


_CLAIM = ("residential", "facility", "basis", "most", "distance")


class _Place(NamedTuple):
    """Own rooms, as :func:`own_places` tells of them."""

    residential: str
    facility: str
    m2_high: float
    basis: str
    distance: float
    credited: bool
    minimum: float


class _Record(NamedTuple):
    """A record: what it names, and what is given."""

    residential: str
    facility: str
    most: float
    distance: float
    within: float
    m2: float
    clause: str
    note: float


class _Aside(NamedTuple):
    """Rooms near or named that are not the area's, and why."""

    residential: str
    facility: str
    why: str
    other: str | None
    distance: float
    most: float


class _Rooms:
    """What a facility has, stands at, and is: asked room by room."""

    def __init__(self, tables: Tables) -> None:
        facilities = tables.facilities
        countable = countable_m2(facilities)
        # m² that nobody knows cannot be used up
        self.known = frozenset(facilities.index[countable["low"].to_numpy() > 0])
        could = countable["high"].to_numpy()
        could = np.where(np.isinf(could), np.nan, could)
        part, floor = (
            number_of(facilities, f"{n}_area_m2").to_numpy() for n in ("community", "floor")
        )
        some = np.isnan(could) | (could > 0) | ((part == 0) & (floor > 0))
        self.some = frozenset(facilities.index[some])
        names = facilities.index.tolist()
        self.m2 = dict(zip(names, np.where(part != 0, could, floor).tolist(), strict=True))
        self.typed_none = dict(zip(names, (part == 0).tolist(), strict=True))
        self.stage, self.built = facilities["stage"].to_dict(), facilities["built"].to_dict()
        self.over_line = number_of(facilities, "over_line").to_dict()
        areas = tables.areas
        plain = areas["land_area_m2"].isna() if "land_area_m2" in areas else areas["x"].isna()
        self.points = frozenset(areas.index[plain])
        self.recorded = frozenset(rows_of(tables.sharing, "facility", "residential"))
        self._spots = {
            **{("f", key): spot for key, spot in _spots(facilities)},
            **{("a", key): spot for key, spot in _spots(tables.areas)},
        }

    def says(self, code: ReasonCode, facility: str, **more: Any) -> Reason:
        m2 = float(self.m2.get(facility, np.nan))
        return Reason(code, {"facility": facility, "m2": None if np.isnan(m2) else m2, **more})

    def stands_with_m2(self, facility: str) -> bool:
        """Return whether a room is sure to be built, and to have m² that count."""
        return self.built.get(facility) == 1 and facility in self.known

    def promised(self, facility: str, most: float) -> float | None:
        """Return the m² that a record promises: what it says, at most what the room has."""
        m2 = float(np.fmin(most, self.m2.get(facility, np.nan)))
        return m2 if np.isfinite(m2) else None

    def has_at_most(self, facility: str, most: float) -> dict[str, float]:
        """Return the m² that a record names of rooms of unknown size: they give no more."""
        unknown = np.isnan(self.m2.get(facility, np.nan)) and np.isfinite(most)
        return {"m2": float(most)} if unknown else {}

    def metres(self, row: _Place | _Record | _Aside) -> float | None:
        """Return the straight line of a pair; pairs beyond search are measured here."""
        return self.between(row.facility, row.residential, row.distance)

    def between(self, facility: str, area: str, distance: float) -> float | None:
        """Return the same of a facility and an area."""
        if np.isfinite(distance):
            return float(distance)
        here, there = self._spots["a", area], self._spots["f", facility]
        metres = float(np.hypot(here[0] - there[0], here[1] - there[1]))
        return None if np.isnan(metres) else metres


def _spots(frame: pd.DataFrame) -> Iterator[tuple[str, tuple[float, float]]]:
    return zip(frame.index, zip(frame["x"], frame["y"], strict=True), strict=True)


def _read(table: pd.DataFrame, row: type[R]) -> list[R]:
    """Return the columns of a table that a row tells of, row by row."""
    return [row(*one) for one in rows_of(table, *row._fields)]


def _checks(
    places: Iterable[_Place], rooms: _Rooms, whose: Ownership
) -> Iterator[tuple[str, Reason]]:
    """Yield what a visit must tell: rooms given by name, or by a record far from a point."""
    named = {(f, a): m2 for f, a, m2 in rows_of(whose.own, "facility", "residential", "most")}
    unsure = {
        one[:2] for one in rows_of(whose.own, "facility", "residential", "sure") if not one[2]
    }

    def most(row: _Place) -> dict[str, float]:
        return rooms.has_at_most(row.facility, named.get((row.facility, row.residential), np.inf))

    own: dict[tuple[str, str], _Place] = {}
    for row in places:
        if row.m2_high > 0:
            own.setdefault((row.residential, row.facility), row)
    for row in own.values():
        doubt = whose.unclear.get(row.facility)
        if doubt is not None and not doubt.names:
            yield from _open(row, doubt, rooms, most(row))
        elif row.basis == "name":
            perhaps = (row.facility, row.residential) in unsure
            yield row.residential, _by_name(row, rooms, most(row), perhaps=perhaps)
    for row in own.values():
        if row.basis == "record" and meets(row.distance, ">", SITE_CHECK_M):
            params = {"distance_m": rooms.metres(row), **most(row)}
            yield row.residential, rooms.says(ReasonCode.OWN_TO_VISIT, row.facility, **params)


def _open(
    row: _Place, doubt: Doubt, rooms: _Rooms, most: Mapping[str, float]
) -> Iterator[tuple[str, Reason]]:
    """Yield that rooms may be another area's too, or stand near a point and may be in the area."""
    others = [area for area in doubt.areas if area != row.residential]
    metres = dict(doubt.near).get(row.residential)
    params: dict[str, Any] = {"areas": others, **most}
    if metres is not None:
        params["distance_m"] = metres
        yield row.residential, rooms.says(ReasonCode.NEAR_POINT, row.facility, **params)
    elif others:
        code = ReasonCode.PLACED_SEVERAL if doubt.by_place else ReasonCode.NAMED_SEVERAL
        yield row.residential, rooms.says(code, row.facility, **params)


def _by_name(row: _Place, rooms: _Rooms, most: Mapping[str, float], *, perhaps: bool) -> Reason:
    """Return that a name gives rooms, and how far off: a site of which only a point is known.

    ``perhaps``: it is open whether they are the area's, as of a new one whose site is drawn.
    """
    if perhaps:
        return rooms.says(ReasonCode.OWN_NAMED_PERHAPS, row.facility, **most)
    if (metres := rooms.metres(row)) is None:
        both = (row.facility, row.residential) in rooms.recorded
        code = ReasonCode.OWN_BY_RECORD_AND_NAME if both else ReasonCode.OWN_BY_NAME
        return rooms.says(code, row.facility, **most)
    near = row.residential in rooms.points and meets(metres, "<=", SITE_CHECK_M)
    code = ReasonCode.OWN_NAMED_NEAR if near else ReasonCode.OWN_NAMED_FAR
    return rooms.says(code, row.facility, distance_m=metres, **most)


def _small(places: Iterable[_Place], rooms: _Rooms) -> Iterator[tuple[str, Reason]]:
    """Yield places below the single minimum."""
    for row in places:
        if not row.credited and row.m2_high > 0:
            params = {"minimum_m2": float(row.minimum)}
            yield row.residential, rooms.says(ReasonCode.ASIDE_SMALL, row.facility, **params)


def _of_records(
    recorded: Iterable[_Record], rooms: _Rooms, limits: Mapping[str, float]
) -> Iterator[tuple[str, Reason]]:
    """Yield records out of reach, those far though in reach, and those that have nothing left."""
    for row in recorded:
        limit, promised = limits[row.clause], {"m2": rooms.promised(row.facility, row.most)}
        if row.within == 0 and meets(row.distance, ">", limit):
            params = promised | {"distance_m": rooms.metres(row), "limit_m": limit}
            yield row.residential, rooms.says(ReasonCode.ASIDE_BEYOND, row.facility, **params)
        elif row.within == 1 and meets(row.m2, ">", 0.0) and meets(row.distance, ">", row.note):
            params = promised | {"distance_m": rooms.metres(row), "limit_m": row.note}
            yield row.residential, rooms.says(ReasonCode.RECORD_FAR, row.facility, **params)
        elif row.within == 1 and meets(row.m2, "<=", 0.0) and rooms.stands_with_m2(row.facility):
            yield row.residential, rooms.says(ReasonCode.ASIDE_USED, row.facility, **promised)


def _own_beyond(
    own: pd.DataFrame, rooms: _Rooms, farthest: Mapping[str, float]
) -> Iterator[tuple[str, Reason]]:
    """Yield rooms that a record makes an area's own, of one known as a point, out of its reach."""
    for area, facility, basis, most, metres in rows_of(own[~own["nearer"]], *_CLAIM):
        limit = farthest.get(area, np.inf)
        if basis == "record" and facility in rooms.some and meets(metres, ">", limit):
            told = {"m2": rooms.promised(facility, most), "limit_m": limit}
            told["distance_m"] = rooms.between(facility, area, metres)
            yield area, rooms.says(ReasonCode.ASIDE_BEYOND, facility, **told)


def _elsewhere(aside: Iterable[_Aside], rooms: _Rooms) -> Iterator[tuple[str, Reason]]:
    """Yield rooms near or named that are another's, or not on the site."""
    for row in aside:
        if row.facility not in rooms.some:
            continue
        more: dict[str, Any] = {"distance_m": rooms.metres(row)}
        if row.other is not None:
            more = {"residential": row.other}
        more["m2"] = rooms.promised(row.facility, row.most)
        yield row.residential, rooms.says(_WHY[row.why], row.facility, **more)


def _not_counted(whose: Ownership, rooms: _Rooms) -> Iterator[tuple[str, Reason]]:
    """Yield rooms that are the area's, but stand idle, are not built, or serve no community."""
    mine = [
        pair
        for table in (whose.own, whose.recorded)
        for pair in rows_of(table, "facility", "residential", "most")
        if pair[0] in rooms.some
    ]
    for facility, area, most in mine:
        stage, told = rooms.stage[facility], {"m2": rooms.promised(facility, most)}
        if rooms.over_line[facility] == 1:
            yield area, rooms.says(ReasonCode.ASIDE_OUTSIDE, facility, **told)
        elif rooms.built[facility] == 0 and isinstance(stage, str):
            yield area, rooms.says(ReasonCode.ASIDE_STAGE, facility, stage=str(stage), **told)
        elif rooms.typed_none[facility]:
            yield area, rooms.says(ReasonCode.ASIDE_BEDS, facility, **told)
