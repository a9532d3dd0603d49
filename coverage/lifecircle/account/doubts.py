"""Doubts: how far what is not known could lift an area's m², and what it is that is missing."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from lifecircle.account.estates.cures import cured_by, housed, missing_of
from lifecircle.account.records import unclear_reason
from lifecircle.account.sums import added, rows_of
from lifecircle.account.terms import place_m2
from lifecircle.counting.eligibility import number_of
from lifecircle.counting.neighbourhood import without_place
from lifecircle.counting.projects import unread_conditions
from lifecircle.model.finding import meets
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.sites import SITE_PART

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    from lifecircle.account.ownership import Ownership
    from lifecircle.model.tables import Tables

    Pair = tuple[str, str]

__all__ = [
    "best_recorded",
    "cloudy_areas",
    "join_perhaps",
    "together",
    "widen",
]


def best_recorded(
    frame: pd.DataFrame,
    recorded: pd.DataFrame,
    taking: pd.DataFrame,
    high: pd.Series,
    cloudy: AbstractSet[str],
) -> pd.Series:
    """Return the best case of recorded m²: as settled, or all of it where something is unknown.

    Parameters
    ----------
    frame
        The account, with ``recorded_low``.
    recorded
        Recorded pairs, with ``within`` (1 in reach, 0 not, NaN not known) and ``most``.
    taking
        The rows that may take shared m², by area.
    high
        Countable m² by facility at best.
    cloudy
        Of :func:`cloudy_areas`.
    """
    best = frame["recorded_low"].copy()
    if not cloudy:
        return best
    has, key = high.to_dict(), taking["key"]
    pairs = [_Pair(*one) for one in rows_of(recorded, *_Pair._fields)]
    mine = [pair for pair in pairs if pair.residential in cloudy and pair.within != 0]
    more = added(
        (key[pair.residential] for pair in mine),
        (float(np.minimum(has.get(pair.facility, np.nan), pair.most)) for pair in mine),
    )
    found = zip(frame.index, best.tolist(), strict=True)
    wide = [max(settled, more.get(account, settled)) for account, settled in found]
    return pd.Series(wide, frame.index, dtype=float)


class _Pair(NamedTuple):
    """A record: whether it is within reach (1, 0, NaN not known), and what it gives at most."""

    facility: str
    residential: str
    within: float
    most: float


def cloudy_areas(
    recorded: pd.DataFrame,
    taking: pd.DataFrame,
    low: pd.Series,
    high: pd.Series,
    *,
    perhaps: Iterable[str] = (),
    homes: Iterable[Pair] = (),
) -> set[str]:
    """Return the areas that something unknown can reach, over whatever facilities they share.

    Parameters
    ----------
    recorded
        Recorded pairs, with ``within`` (1 in reach, 0 not, NaN not known), ``least`` and ``most``.
    taking
        The rows that may take shared m², by area.
    low, high
        Countable m² by facility.
    perhaps
        Areas that would share otherwise if all were known of them.
    homes
        Facilities and the areas that they are for first, before they share.
    """
    if recorded.empty:
        return set()
    links = list(rows_of(recorded, "facility", "residential"))
    spread = recorded["least"] < recorded["most"]
    unsure = recorded["facility"][recorded["within"].isna() | spread]
    least, most, own_low, own_high = (
        taking[name].to_numpy(dtype=float)
        for name in ("required_low", "required_high", "own_low", "own_high")
    )
    with np.errstate(invalid="ignore"):  # infinite on both sides is no difference that is known
        open_ = meets(np.abs(least - most), ">", 0.0) | meets(np.abs(own_low - own_high), ">", 0.0)
        gap = np.abs(low.to_numpy(dtype=float) - high.to_numpy(dtype=float))
    cloudy = {*taking.index[open_], *perhaps}
    fog = meets(np.where(np.isnan(gap), np.inf, gap), ">", 0.0)
    doubt, links = {*low.index[fog], *unsure}, [*links, *homes]
    grown = True
    while grown:  # doubt spreads along shared facilities: one allocation settles them all
        hit = [(room, area) for room, area in links if room in doubt or area in cloudy]
        size = len(doubt), len(cloudy)
        doubt |= {room for room, _ in hit}
        cloudy |= {area for _, area in hit}
        grown = size != (len(doubt), len(cloudy))
    return cloudy


def widen(
    tables: Tables,
    frame: pd.DataFrame,
    owned: Ownership,
    recorded: pd.DataFrame,
    high: pd.Series,
    beside: Mapping[str, tuple[str, ...]],
) -> None:
    """Widen the areas around facilities without a place, and say what is missing where.

    What may stand in an area may count for those that may be one project with it (``beside``).
    """
    area = frame.index.get_level_values("id")
    pairs = _unsure(tables, owned, recorded, high)
    adrift = _for_phases_too(together(owned.drifting), beside)
    missing = cache(
        partial(missing_of, tables, owned.unclear, housed(tables.facilities))
    )  # one facility may be to blame for a whole county
    for name, column in _loose(tables, frame, adrift, missing).items():
        frame[name] = column
    loose = _adrift(tables, frame, adrift, high)
    # of several rooms that go by the area the first by its id is named
    blame = {residential: facility for facility, residential in sorted(pairs, reverse=True)}
    unclear: dict[str, list[str]] = {}
    for facility, residential in pairs:
        if facility in owned.unclear:
            unclear.setdefault(residential, []).append(facility)
    lost, off = _lost(tables.areas), _rounded(recorded)
    named = [blame.get(name) or other for name, other in zip(area, loose, strict=True)]
    frame["unknown"] = [
        reason
        if reason is not None or not facility
        else cured_by(tables, unclear_reason(owned.unclear, unclear.get(name, [facility])))
        if facility in owned.unclear
        else off.get((facility, name)) or missing(facility, lost_area=lost.get(name))
        for name, facility, reason in zip(area, named, frame["unknown"], strict=True)
    ]


def _rounded(recorded: pd.DataFrame) -> dict[Pair, Reason]:
    """Return recorded pairs of which rounded coordinates leave open whether they are in reach."""
    some = recorded[recorded["near_m"].notna()]
    found = {}
    for facility, area, near, far in rows_of(some, "facility", "residential", "near_m", "far_m"):
        ends = {"facility": facility, "near_m": float(near), "distance_m": float(far)}
        found[facility, area] = Reason(ReasonCode.SHARING_ROUNDED, ends)
    return found


def _unsure(
    tables: Tables, owned: Ownership, recorded: pd.DataFrame, high: pd.Series
) -> list[Pair]:
    """Return the rooms and areas of which it is open whether they go together, or how many m²."""
    known = tables.facilities["quota_m2_low"].to_numpy(float) == high.to_numpy(float)
    fog, pair = set(tables.facilities.index[~known]), ("facility", "residential")
    if SITE_PART in tables.facilities:  # whether they are one place
        fog |= set(tables.facilities.index[tables.facilities[SITE_PART].notna()])
    own, claims = rows_of(owned.own, *pair, "sure"), rows_of(recorded, *pair, "within")
    spread = (t[t["least"] < t["most"]] for t in (owned.own, owned.recorded))
    found = [(room, area) for room, area, sure in own if not sure]
    found += [(room, area) for room, area, within in claims if np.isnan(within)]
    found += [one for table in spread for one in rows_of(table, *pair)]
    for table in (owned.own, owned.recorded):
        found += [one for one in rows_of(table, *pair) if one[0] in fog]
    return found


def _for_phases_too(
    adrift: list[tuple[tuple[str, ...], list[str]]], beside: Mapping[str, tuple[str, ...]]
) -> list[tuple[tuple[str, ...], list[str]]]:
    """Return rooms of unknown whereabouts, of areas and of what may be one project with them."""
    if not beside:
        return adrift
    return [
        (tuple(dict.fromkeys(n for area in areas for n in (area, *beside.get(area, ())))), rooms)
        for areas, rooms in adrift
    ]


def _adrift(
    tables: Tables,
    frame: pd.DataFrame,
    adrift: Sequence[tuple[tuple[str, ...], list[str]]],
    high: pd.Series,
) -> NDArray[np.object_]:
    """Widen own m² by rooms of unknown whereabouts; return, by account, the largest of them.

    The largest decides most, and one too small to earn credit decides nothing: whoever finds out
    where it stands is no further. None where no such room could count.
    """
    told: NDArray[np.object_] = np.full(len(frame), None, dtype=object)
    if not adrift:
        return told
    area, most = frame.index.get_level_values("id"), np.zeros(len(frame))
    least = frame.get("least_place", frame["minimum"])
    place = pd.Series(place_m2(tables.facilities)["high"])
    for areas, facilities in adrift:
        here = area.isin(areas)
        credit = _credited(high[facilities], place[facilities], least[here])
        frame.loc[here, "own_high"] += credit
        largest = max(facilities, key=lambda f: (place[f], high[f]))
        counts = here & meets(place[largest], ">=", least.to_numpy(dtype=float))
        counts &= high[largest] > most
        told[counts], most[counts] = largest, high[largest]
    return told


def join_perhaps(
    tables: Tables,
    frame: pd.DataFrame,
    beside: Mapping[str, tuple[str, ...]],
    best: pd.DataFrame,
) -> None:
    """Widen the accounts of areas that may be phases of one project: then they are one account.

    It asks for no more than both together, and for one minimum; each alone is the other end. It
    may have more than both: a record of both is one of one area then, whose m² nothing limits
    where one of them is unsaid, and reaches as far as the nearer of them. So of rooms that a record
    gives to any of them all that it names may be theirs.

    Parameters
    ----------
    beside
        Area → those that may be one with it.
    best
        Own m² in the best case: ``facility``, ``residential``, ``clause``, ``m2``.
    """
    if not beside:
        return
    rows = {key: row for row, key in enumerate(frame.index)}
    names = ("own_high", "recorded_high", "required_high", "rated")
    alone = {name: frame[name].to_numpy(dtype=float) for name in names}
    wide = {name: column.copy() for name, column in alone.items()}
    unknown = frame["unknown"].tolist()
    most = _all_recorded(tables, best)
    typed = tables.areas.index[number_of(tables.areas, "required_m2").notna()]
    typed = set(typed) - set(unread_conditions(tables.areas))
    for (area, clause), row in rows.items():
        others = [one for one in beside.get(area, ()) if (one, clause) in rows]
        for other in others:
            at = rows[other, clause]
            for name in names[:2]:
                wide[name][row] += alone[name][at]
            # with one whose conditions tell a figure it is one only if those of the other do
            wide["rated"][row] += alone["required_high" if area in typed else "rated"][at]
            unknown[row] = unknown[row] or _not_told(tables.areas, area, other)
        if others:
            wide["required_high"][row] = max(wide["required_high"][row], wide["rated"][row])
            recorded = wide["recorded_high"]
            recorded[row] = max(recorded[row], most((area, *others), clause))
    for name in names[:3]:
        frame[name] = wide[name]
    frame["unknown"] = pd.Series(unknown, frame.index, dtype=object)


def _all_recorded(tables: Tables, best: pd.DataFrame) -> Callable[[Sequence[str], str], float]:
    """Return what tells how many m² records can give some areas as one, beside own m² (``best``).

    Of each place what it has, or less where that is all they name for these areas together; a
    name that is unclear may mean all. What is own of it is not told twice.
    """
    high = tables.facilities["quota_m2_high"].to_dict()
    own = added(
        zip(*(best[name].tolist() for name in ("facility", "residential", "clause")), strict=True),
        best["m2"].tolist(),
    )
    pair = ("facility", "residential")
    told: dict[str, list[tuple[str, float]]] = {}
    plain = rows_of(tables.sharing, *pair, "m2")
    for facility, area, m2 in (*plain, *((*one, np.nan) for one in rows_of(tables.likely, *pair))):
        if high.get(facility, 0.0) > 0:
            told.setdefault(area, []).append((facility, np.inf if np.isnan(m2) else m2))

    def most(areas: Sequence[str], clause: str) -> float:
        named = [one for area in areas for one in told.get(area, ())]
        total = added((room for room, _ in named), (m2 for _, m2 in named))
        left = 0.0
        for room, m2 in total.items():
            mine = sum(own.get((room, area, clause), 0.0) for area in areas)
            # without bound on both sides nothing is left to add: own m² have none then
            left += max(0.0, min(m2, high[room]) - mine) if np.isfinite(mine) else 0.0
        return left

    return most


def _not_told(areas: pd.DataFrame, area: str, other: str) -> Reason:
    """Return what is missing of two areas that may be phases of one project."""
    for field in ("age_class", "setting"):
        for one in (other, area):
            if pd.isna(areas.at[one, field]):
                return Reason(ReasonCode.PHASE_UNKNOWN, {"residential": one, "field": field})
    written = unread_conditions(areas).intersection([other, area], sort=False)
    if len(written):
        told = {"residential": str(written[0]), "field": "required_m2"}
        return Reason(ReasonCode.PHASE_UNKNOWN, told)
    unread = [one for one in (other, area) if pd.isna(areas.at[one, "lived_in"])]
    if unread:
        return Reason(ReasonCode.PHASE_UNKNOWN, {"residential": unread[0], "field": "stage"})
    return Reason(ReasonCode.PHASE_UNKNOWN, {"residential": other, "field": "project"})


def _loose(
    tables: Tables,
    frame: pd.DataFrame,
    adrift: Sequence[tuple[tuple[str, ...], list[str]]],
    missing: Callable[..., Reason],
) -> dict[str, pd.Series | NDArray[np.float64]]:
    """Return, of every account, the rooms that may stand in its area or elsewhere.

    ``loose_low``, ``loose_high``: m² of the smallest such place, and of the largest (NaN: none);
    ``loose``: what is missing of the first, or None.
    """
    least, most = (tables.facilities[f"quota_m2_{end}"].to_dict() for end in ("low", "high"))
    whole = place_m2(tables.facilities)["high"] if adrift else most
    found: dict[str, tuple[float, float, str]] = {}
    for areas, rooms in adrift:
        size = min(least[f] for f in rooms), max(whole[f] for f in rooms), rooms[0]
        for area in areas:
            was = found.get(area, size)
            found[area] = min(was[0], size[0]), max(was[1], size[1]), min(was[2], size[2])
    told = [found.get(area) for area in frame.index.get_level_values("id")]
    why = [None if one is None else missing(one[2], lost_area=None) for one in told]
    return {
        "loose_low": np.array([np.nan if one is None else one[0] for one in told], dtype=float),
        "loose_high": np.array([np.nan if one is None else one[1] for one in told], dtype=float),
        "loose": pd.Series(why, frame.index, dtype=object),
    }


def _credited(m2: pd.Series, place: pd.Series, least: pd.Series) -> NDArray[np.float64]:
    """Return, for every single minimum in ``least``, the m² in places of that size or more."""
    order = np.argsort(place.to_numpy(dtype=float), kind="stable")
    sizes = place.to_numpy(dtype=float)[order]
    left = np.append(np.cumsum(m2.to_numpy(dtype=float)[order][::-1])[::-1], 0.0)
    small = ~meets(sizes[None, :], ">=", least.to_numpy(dtype=float)[:, None])
    return np.asarray(left[small.sum(axis=1)], dtype=np.float64)


def together(drifting: dict[str, tuple[str, ...]]) -> list[tuple[tuple[str, ...], list[str]]]:
    """Return the facilities of one whereabouts together: a whole county may be one."""
    found: dict[int, tuple[tuple[str, ...], list[str]]] = {}
    for facility in sorted(drifting):
        areas = drifting[facility]
        found.setdefault(id(areas), (areas, []))[1].append(facility)
    return list(found.values())


def _lost(areas: pd.DataFrame) -> dict[str, str]:
    """Return the areas of which some phase has no place, and which: itself where it has none."""
    some, _ = without_place(areas)
    found: dict[str, str] = {}
    for area, x, others in zip(
        areas.index[some], areas["x"][some], areas.get("beside", areas["x"])[some], strict=True
    ):
        lost = () if np.isnan(x) else (phase for *_, one, phase in others if np.isnan(one))
        found[str(area)] = next(iter(lost), str(area))
    return found
