"""Claims: which areas place or name speak for, facility by facility, and how well."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from lifecircle.account.sums import in_order, looked_up, rows_of
from lifecircle.model.finding import meets
from lifecircle.model.inputs.layers import ROUNDED
from lifecircle.model.sites import POSITION_OF

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

    import pandas as pd
    from numpy.typing import NDArray

    from lifecircle.model.inputs.parameters import Parameters
    from lifecircle.model.tables import Tables

    Pair = tuple[str, str]

__all__ = [
    "BESIDE",
    "BY_NAME",
    "INSIDE",
    "NAMED",
    "NAMED_AFAR",
    "NEAR",
    "NEAR_POINT",
    "SITE_CHECK_M",
    "SURROUNDINGS_MOST_M",
    "Area",
    "Claim",
    "Heard",
    "around_points",
    "claims_of",
    "rounded_m",
    "surroundings_m",
]

INSIDE, NEAR, NAMED, NEAR_POINT, NAMED_AFAR = range(5)
"""How well place or name speak for a pair, the best first."""
SITE_CHECK_M = 200.0
"""Farther than this from an area's point nobody can tell whether rooms are on its site."""
SURROUNDINGS_MOST_M = 500.0
"""No estate is looked for farther from its point, however many households it has."""
BY_NAME, BESIDE = frozenset({NAMED, NAMED_AFAR}), frozenset({NEAR, NEAR_POINT})
_LAND_M2 = 100.0
"""Land of a household of houses of up to six storeys: 30 m² a person (GB 50180) and some more."""
_PAIR = ("facility", "residential")


class Area(NamedTuple):
    """What is asked of an area: whether it is new, or may be, how it is placed, its content.

    ``unplaced``: none of its phases has a place; ``astray``: one at least has none; ``headless``:
    that which leads, of several. ``within``: in whose outline its point lies, if in one.
    """

    new: bool
    perhaps_new: bool
    unplaced: bool
    astray: bool
    headless: bool
    point: bool
    within: str | None
    content: tuple[Any, ...]


class Claim(NamedTuple):
    """That place or name speak for a pair, and how well.

    ``far``: so far away that a name says nothing; ``out``: that, or off a new area's site;
    ``partly``: its name may mean the area, or another, or none; ``stem``: it means the area without
    saying 小区; ``afar``: it means it, but stands where such a name does not tell by itself.
    ``gap``: metres to its outline, or its point, ``off`` how much it may be less or more;
    ``within``: in whose outline this point lies. ``loose``: beside the point as read, and perhaps
    beyond.
    """

    facility: str
    residential: str
    rank: int
    distance: float
    far: bool
    out: bool
    partly: bool = False
    stem: bool = False
    afar: bool = False
    gap: float = math.nan
    within: str | None = None
    off: float = 0.0
    loose: bool = False

    @property
    def nearest(self) -> float:
        """The least that it may be away."""
        return max(self.gap - self.off, 0.0)

    @property
    def order(self) -> tuple[str, int]:
        """What goes first: of a facility the best."""
        return self.facility, NAMED_AFAR if self.afar else self.rank


class Heard(NamedTuple):
    """What is to be known of names beside whom they mean.

    ``parts``: pairs that a name may mean; ``stems``: those that it means without saying 小区.
    ``kin``: facility → estates that are a part of the one it is named after (花园, 花园北区).
    ``torn``: facilities whose name and address mean different estates; ``strangers``: those whose
    name or address is of an estate that no area is.
    """

    parts: AbstractSet[Pair]
    stems: AbstractSet[Pair]
    kin: Mapping[str, AbstractSet[str]]
    torn: AbstractSet[str]
    strangers: AbstractSet[str]


def rounded_m(rows: pd.DataFrame) -> dict[str, float]:
    """Return areas or facilities of rounded coordinates, and how far off they may be, metres.

    An outline is not rounded; a row that stands where another of its site does is as that one.
    """
    if ROUNDED not in rows:
        return {}
    errors = rows[ROUNDED].astype(float).fillna(0.0)
    if POSITION_OF in rows:
        of = rows[POSITION_OF]
        errors = errors.where(of.isna(), of.map(errors).fillna(0.0))
    if "land_area_m2" in rows:
        errors = errors.where(rows["land_area_m2"].isna(), 0.0)
    return dict(errors[errors > 0].items())


def claims_of(
    tables: Tables,
    areas: Mapping[str, Area],
    named: Iterable[Pair],
    heard: Heard,
) -> list[Claim]:
    """Return what place or name (``named``) speak for, best first.

    A name that does not say 小区 (人民 of 人民小区) is a brand's too, and far off it does not tell.
    Nor does any that stands far outside of the outline it means: one of both is wrong.
    """
    named = list(named)
    near, parameters = tables.containment, tables.parameters
    theirs = near[near["facility"].isin({facility for facility, _ in named})]
    away = {row[:2]: row[2:] for row in rows_of(theirs, *_PAIR, "to_area_m", "straight_m")}
    near = near[meets(near["to_area_m"], "<=", parameters.own_tolerance_m)]
    rooms, homes = rounded_m(tables.facilities), rounded_m(tables.areas)
    found: list[tuple[Any, Claim]] = []
    for facility, home, to_area, metres in rows_of(near, *_PAIR, "to_area_m", "straight_m"):
        rank = NEAR_POINT if areas[home].point else INSIDE if meets(to_area, "<=", 0.0) else NEAR
        claim = _by_place(facility, home, rank, metres, to_area, areas[home])
        if rank == NEAR_POINT and (off := rooms.get(facility, 0.0) + homes.get(home, 0.0)):
            loose = not meets(to_area + off, "<=", parameters.own_tolerance_m)
            claim = claim._replace(off=off, loose=loose)
        found.append((to_area, claim))
    for pair in named:
        claim = _by_name(pair, areas[pair[1]], away.get(pair, (np.nan, np.nan)), heard, parameters)
        found.append((away.get(pair, (np.nan, np.nan))[1], claim))
    found.sort(key=lambda one: (one[1].order, in_order(one[0]), areas[one[1].residential].content))
    return [claim for _, claim in found]


def _by_name(
    pair: Pair, area: Area, away: tuple[float, float], heard: Heard, parameters: Parameters
) -> Claim:
    """Return what a name speaks for; ``away``: metres to the area, and to where it is shown."""
    gap, metres = away
    far = not (area.unplaced or meets(metres, "<=", parameters.recorded_sharing_note_m))
    out = far or (not area.point and area.new)
    partly, stem = pair in heard.parts, pair in heard.stems
    rank = NAMED if area.point and not partly else NAMED_AFAR
    afar = (stem or not area.point) and not (partly or _at_hand(area, gap))
    return Claim(*pair, rank, _beyond(area, metres), far, out, partly, stem, afar, gap)


def _by_place(facility: str, home: str, rank: int, metres: float, gap: float, area: Area) -> Claim:
    within = area.within if rank == NEAR_POINT else None
    return Claim(facility, home, rank, metres, far=False, out=False, gap=gap, within=within)


def _beyond(area: Area, metres: float) -> float:
    """Return how far rooms are from an area; inf beyond what is looked for."""
    return np.inf if np.isnan(metres) and not area.unplaced else metres


def _at_hand(area: Area, gap: float) -> bool:
    """Return whether rooms so far from an area may be on its site: of unknown place they may."""
    return bool(area.unplaced or meets(gap, "<=", SITE_CHECK_M))


def surroundings_m(areas: pd.DataFrame) -> pd.Series:
    """Return how far from the point of each area rooms may be in it, if that is all that is known.

    From the middle of a square of 100 m² of land a household to its corner; 200 m at least, as the
    point may be a gate, the row a part of the estate, or its households not known.
    """
    homes = areas["counted"].astype(float)
    return (
        (homes * _LAND_M2 / 2).pow(0.5).clip(SITE_CHECK_M, SURROUNDINGS_MOST_M).fillna(SITE_CHECK_M)
    )


def around_points(tables: Tables, areas: Mapping[str, Area]) -> dict[str, list[Claim]]:
    """Return facility → the areas of which only a point is known that it is near, the next first.

    Beyond the tolerance of a point, and not so far that nobody would look for it there.
    """
    near = tables.containment
    away = near["to_area_m"].to_numpy(dtype=float)
    most: NDArray[np.float64] = (
        surroundings_m(tables.areas).reindex(near["residential"]).to_numpy(dtype=float)
    )
    off = looked_up(near["facility"], rounded_m(tables.facilities))
    off += looked_up(near["residential"], rounded_m(tables.areas))
    some = meets(away - off, "<=", most) & ~meets(away, "<=", tables.parameters.own_tolerance_m)
    found: dict[str, list[Claim]] = defaultdict(list)
    near = near.assign(off=off)[some]
    for facility, home, metres, error in rows_of(near, *_PAIR, "straight_m", "off"):
        if areas[home].point and not areas[home].unplaced:
            claim = _by_place(facility, home, NEAR_POINT, metres, metres, areas[home])
            found[facility].append(claim._replace(off=error))
    for claims in found.values():
        claims.sort(key=lambda one: (in_order(one.gap), areas[one.residential].content))
    return found
