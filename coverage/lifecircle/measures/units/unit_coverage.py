"""Administrative coverage: does a unit have a facility of its own (A20, A21, A26, A27, A28)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lifecircle.account.records import doubted, unclear_reason
from lifecircle.counting.eligibility import both, members, number_of
from lifecircle.counting.flags import flag, flags_met
from lifecircle.measures.frame import measured_frame
from lifecircle.measures.units.hosts import host_answer
from lifecircle.measures.units.passed_over import passed_over
from lifecircle.measures.units.placing import (
    homes,
    may_stand_in,
    rounded_units,
    unplaced,
    unplaced_areas,
)
from lifecircle.model.finding import meets
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from lifecircle.model.rules.options import CoverageOptions
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

__all__ = ["coverage_answer", "unit_coverage"]

_CENTRE_WORK = ("full_care", "day_service", "home_service")
"""托养、日间照料、居家: the work of a unit's centre."""

_NEARLY = {
    *(ReasonCode.UNIT_HOME_INSTEAD, ReasonCode.UNIT_TOO_SMALL, ReasonCode.UNIT_UNMET),
    *(ReasonCode.UNIT_OUT_OF_USE, ReasonCode.UNIT_OTHER_KIND),
}
"""Why a unit that has something of the kind has none that counts."""

_Way = tuple[float, float, Reason]
"""Least and most (0 or 1) of whether a unit has a facility in some way, and why."""
_LACKS: _Way = (0.0, 0.0, Reason(ReasonCode.UNIT_LACKS))


def unit_coverage(tables: Tables, rule: Rule[CoverageOptions], subjects: pd.Index) -> pd.DataFrame:
    """Return 1 for a unit with a facility in use of the clause's kinds on its territory, else 0.

    A facility belongs to the unit of its code; a community's facility belongs to the street or
    town above it too. With option ``qualified`` it must meet its standard, with ``all_of`` and
    ``any_of`` it must have those flags, and a blank there leaves the unit open. A village shares a
    happiness home whose record names one of its areas (A27), and may share one whose record names
    an area of which the community is not known. Under reading A20 ``assigned`` a unit
    whose district's host, as the clause asks for it, serves it has one too; under A28
    ``or_radius`` so has a community with one within ``reference_radius_m``, straight line,
    inclusive, of its seat or one of its areas. A facility whose unit is not known may stand in
    any: it leaves open those that lack one. What stands in a unit that lacks one, and why it does
    not count, is told (:func:`passed_over`).
    """
    rows = tables.facilities
    answer = coverage_answer(tables, rule)
    home = homes(rows, subjects)
    over = rounded_units(rows, home, subjects)
    own = _own(answer.mask(answer.index.isin(over), 0.0), home)
    lost = unplaced(rows, answer)
    adrift = _Adrift.of({name: place for name, place in lost.items() if place or name not in over})
    also = [_hosted(tables, rule, answer), _shared(tables, rule, answer)]
    also.append(_over_borders(over, answer))
    also.append(_perhaps_shared(tables, rule, answer, subjects))
    also += [_near(tables, rule, answer, subjects), _too_small(tables, rule, home)]
    missed = passed_over(rows, rule, home)
    also.append({unit: (0.0, 0.0, reason) for unit, reason in missed.items()})
    also.append(_homes_instead(tables, rule, home))
    also = [way for way in also if way]
    low, high, reasons = [], [], []
    for unit in map(str, subjects):
        ways = [own.get(unit, _LACKS), *(way[unit] for way in also if unit in way)]
        if not any(way[1] for way in ways):
            ways += adrift.ways(unit)
        surest = max(ways, key=_surest) if len(ways) > 1 else ways[0]
        low.append(surest[0])
        high.append(max(way[1] for way in ways))
        reasons.append(surest[2])  # of the ways to have one the surest is told, its own first
    return measured_frame(
        subjects, low=low, high=high, required_low=np.ones(len(subjects)), reason=reasons
    )


def coverage_answer(tables: Tables, rule: Rule[CoverageOptions]) -> pd.Series:
    """Return whether each facility is one that covers its unit: 1 yes, 0 no, NaN not known."""
    rows = tables.facilities
    answers = [members(rows, rule.kinds), rows["open"], flags_met(rows, rule.options)]
    if rule.options.qualified:
        answers.append(flag(rows, "qualified"))
    return both(*answers)


def _surest(way: _Way) -> tuple[float, float, bool]:
    return way[0], way[1], way[2].code in _NEARLY


@dataclass(frozen=True, slots=True)
class _Adrift:
    """The facilities of unknown unit: place (``unplaced``) → the first by id, and how many."""

    by_place: Mapping[str, tuple[str, int]]

    @classmethod
    def of(cls, places: Mapping[str, str]) -> _Adrift:
        """Take facilities and where they stand somewhere."""
        numbers = Counter(places.values())
        firsts: dict[str, str] = {}
        for facility, place in sorted(places.items()):
            firsts.setdefault(place, facility)
        return cls({place: (first, numbers[place]) for place, first in firsts.items()})

    def ways(self, unit: str) -> list[_Way]:
        """Return that one of them may stand in a unit, if there is any."""
        here = [told for place, told in self.by_place.items() if may_stand_in(place, unit)]
        if not here:
            return []
        params = {"facility": min(here)[0], "count": sum(count for _, count in here)}
        return [(0.0, 1.0, Reason(ReasonCode.UNIT_UNPLACED, params))]


def _homes_instead(tables: Tables, rule: Rule[CoverageOptions], home: pd.Series) -> dict[str, _Way]:
    """Return unit → its care home that does the work of a centre but is not listed as one (A38).

    It covers nothing: whether it is also the unit's centre is for the county to say.
    """
    if "township_centre" not in rule.kinds or "care_home" in rule.kinds:
        return {}
    rows = tables.facilities
    works = [flag(rows, name) for name in _CENTRE_WORK]
    answers = [members(rows, ("care_home",)), rows["open"], flags_met(rows, rule.options), *works]
    if rule.options.qualified:
        answers.append(flag(rows, "qualified"))
    found = home[(both(*answers) == 1) & home.notna()]
    return {
        str(unit): (0.0, 0.0, Reason(ReasonCode.UNIT_HOME_INSTEAD, {"facility": str(facility)}))
        for facility, unit in sorted(found.items(), reverse=True)
    }


def _too_small(tables: Tables, rule: Rule[CoverageOptions], home: pd.Series) -> dict[str, _Way]:
    """Return unit → its largest facility of the kinds that is smaller than the clause asks."""
    least = rule.options.floor_area_at_least
    if least is None:
        return {}
    rows = tables.facilities
    m2 = number_of(rows, "floor_area_m2")
    kind = both(members(rows, rule.kinds), rows["open"])
    short = m2[(kind == 1) & meets(m2, "<", least) & home.notna()].sort_values(kind="stable")
    return {
        str(home[facility]): (
            0.0,
            0.0,
            Reason(
                ReasonCode.UNIT_TOO_SMALL,
                {"facility": str(facility), "place_m2": float(size), "minimum_m2": least},
            ),
        )
        for facility, size in short.items()
    }


def _own(answer: pd.Series, home: pd.Series) -> dict[str, _Way]:
    """Return unit → whether it has one, or may have one, on its territory, and why."""
    found: dict[str, _Way] = {}
    told = sorted(zip(answer.index, answer.tolist(), home.tolist(), strict=True), key=_sure_first)
    for facility, taken, unit in told:
        if taken == 0 or not isinstance(unit, str) or unit in found:
            continue
        sure = taken == 1
        code = ReasonCode.UNIT_HAS if sure else ReasonCode.UNIT_QUALIFIED_MISSING
        found[unit] = float(sure), 1.0, Reason(code, {"facility": str(facility)})
    return found


def _sure_first(told: tuple[str, float, Any]) -> tuple[bool, str]:
    """Order facilities: those that cover their unit, then those that may, by their ids."""
    return told[1] != 1, told[0]


def _shared(tables: Tables, rule: Rule[CoverageOptions], answer: pd.Series) -> dict[str, _Way]:
    """Return community → whether a facility's record names, or may name, one of its areas (A27)."""
    if "A27" not in rule.readings:
        return {}
    found: dict[str, _Way] = {}
    at = tables.areas["community"].to_dict()
    doubts = doubted(tables.likely, (), at.keys())
    unclear: dict[str, list[str]] = {}
    for facility, doubt in doubts.items():
        if answer.get(facility, 0.0) != 0:
            for code in filter(lambda code: isinstance(code, str), map(at.get, doubt.areas)):
                unclear.setdefault(str(code), []).append(facility)
    for code, facilities in unclear.items():
        found[code] = 0.0, 1.0, unclear_reason(doubts, facilities)
    if tables.sharing.empty:
        return found
    village = tables.sharing["residential"].map(tables.areas["community"])
    for code, part in tables.sharing.groupby(village):
        mine = answer.reindex(part["facility"]).sort_index()
        sure, open_ = mine[mine == 1], mine[mine.isna()]
        if len(sure) or len(open_):
            first = (sure if len(sure) else open_).index[0]
            reason = Reason(ReasonCode.UNIT_SHARES, {"facility": str(first)})
            found[str(code)] = (float(len(sure) > 0), 1.0, reason)
    return found


def _perhaps_shared(
    tables: Tables, rule: Rule[CoverageOptions], answer: pd.Series, subjects: pd.Index
) -> dict[str, _Way]:
    """Return community → that an area which a record names, or may name, may be one of its (A27).

    The area's community is not known: it may be any of its street or town, or any at all.
    """
    if "A27" not in rule.readings:
        return {}
    places = unplaced_areas(tables.areas)
    named = list(zip(tables.sharing["facility"], tables.sharing["residential"], strict=True))
    named += list(zip(tables.likely["facility"], tables.likely["residential"], strict=True))
    first: dict[str, tuple[str, str]] = {}
    for facility, area in sorted(named):
        if area in places and answer.get(facility, 0.0) != 0:
            first.setdefault(places[area], (facility, area))
    found: dict[str, _Way] = {}
    for place, (facility, area) in first.items():
        params = {"facility": facility, "residential": area}
        way = (0.0, 1.0, Reason(ReasonCode.UNIT_MAY_SHARE, params))
        found |= {str(unit): way for unit in subjects if may_stand_in(place, str(unit))}
    return found


def _over_borders(over: Mapping[str, Sequence[str]], answer: pd.Series) -> dict[str, _Way]:
    """Return unit → that a facility stands in it or over its border, by rounded coordinates."""
    return {
        unit: (0.0, 1.0, Reason(ReasonCode.UNIT_ROUNDED, {"facility": facility}))
        for facility, units in sorted(over.items(), reverse=True)
        for unit in units
        if answer[facility] != 0
    }


def _near(
    tables: Tables, rule: Rule[CoverageOptions], answer: pd.Series, subjects: pd.Index
) -> dict[str, _Way]:
    """Return community → whether one stands within the radius of it (A28 ``or_radius``).

    An area whose community is not known may be of any of its street or town, or of any at all;
    one whose place is not known may be near any facility.
    """
    if rule.readings.get("A28") != "or_radius":
        return {}
    may, limit = (answer != 0).to_numpy(), tables.parameters.reference_radius_m
    names, sure = answer.index[may].to_numpy(dtype=object), (answer == 1).to_numpy()[may]
    fx, fy = (tables.facilities[name].to_numpy(dtype=float)[may] for name in ("x", "y"))
    spots = _Spots.of(tables.areas)
    found: dict[str, _Way] = {}
    units = tables.units.loc[subjects]
    units = units[units["level"] == "community"]
    seats = (units[name].astype(float).tolist() for name in ("x", "y"))
    for unit, x, y in zip(map(str, units.index), *seats, strict=True):
        mine, also = np.vstack([spots.of_unit(unit), (x, y)]), spots.perhaps(unit)
        nearest = _least(mine, fx, fy)
        within = meets(nearest, "<=", limit)
        told = within & sure
        certain = bool(told.any())
        if not certain:
            nowhere = np.isnan(nearest)  # nothing is known of it, whoever else may be of it
            nearest = _least(np.vstack([mine, also]), fx, fy)
            told = meets(nearest, "<=", limit) | nowhere
            lost = bool(np.isnan(np.vstack([mine[:-1], also])).any())  # but its seat may be blank
            if lost and not told.any():
                nearest, told = np.full(len(names), np.nan), np.full(len(names), fill_value=True)
        if told.any():
            at = _nearest_of(names, nearest, np.flatnonzero(told))
            params = {"facility": str(names[at]), "distance_m": float(nearest[at])}
            reason = Reason(ReasonCode.UNIT_NEAR, {**params, "limit_m": limit})
            found[unit] = (float(certain), 1.0, reason)
    return found


def _least(
    xy: NDArray[np.float64], fx: NDArray[np.float64], fy: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return how far each facility is from the nearest of some places; NaN: nobody knows."""
    away = np.hypot(xy[:, :1] - fx, xy[:, 1:] - fy)
    return np.asarray(np.fmin.reduce(away, axis=0), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class _Spots:
    """Where the areas of communities are.

    ``home``: their communities; ``adrift``: row → its street or town (blank: not known) of those
    whose community is not known.
    """

    home: NDArray[np.object_]
    adrift: Mapping[int, str]
    xy: NDArray[np.float64]

    @classmethod
    def of(cls, areas: pd.DataFrame) -> _Spots:
        """Take the places of areas."""
        places, names = unplaced_areas(areas), map(str, areas.index)
        adrift = {row: places[name] for row, name in enumerate(names) if name in places}
        home = areas["community"].to_numpy(dtype=object)
        return cls(home, adrift, areas[["x", "y"]].to_numpy(dtype=float))

    def of_unit(self, unit: str) -> NDArray[np.float64]:
        """Return where the areas are that are a community's for certain, (n, 2)."""
        found: NDArray[np.float64] = self.xy[self.home == unit]
        return found

    def perhaps(self, unit: str) -> NDArray[np.float64]:
        """Return where those are that may be its, (n, 2)."""
        rows = [row for row, place in self.adrift.items() if may_stand_in(place, unit)]
        found: NDArray[np.float64] = self.xy[rows]
        return found


def _nearest_of(names: NDArray[np.object_], away: NDArray[np.float64], rows: Any) -> int:
    """Return the nearest of some rows, the first of equals; of unknown places the first by id."""
    if np.isnan(away[rows]).all():
        return int(min(rows, key=lambda row: str(names[row])))
    return int(rows[np.nanargmin(away[rows])])


def _hosted(tables: Tables, rule: Rule[CoverageOptions], answer: pd.Series) -> dict[str, _Way]:
    """Return unit → whether its district's host serves it, under reading A20 ``assigned``.

    The host must be all that the clause asks of a facility: only where it stands is read wider.
    """
    if rule.readings.get("A20") != "assigned":
        return {}
    return {
        str(unit): host_answer(tables.facilities, answer, district)
        for district in rule.options.districts
        for unit in district.units
    }
