"""Ownership: whose a facility's rooms are before sharing (A4, A8, A38, A39).

One rule. A recorded service relation; else the place: the area it stands in, else one within the
own-tolerance; else a name, for a facility without a position or in and near no area. A position
says little of an area that is known as a point only: there the record and the name go first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.account.naming import named_areas
from lifecircle.counting.neighbourhood import Neighbourhood
from lifecircle.model.finding import meets
from lifecircle.model.status import AgeClass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecircle.account.naming import Names
    from lifecircle.model.tables import Tables

__all__ = ["OWN_COLUMNS", "SITE_CHECK_M", "Claimed", "Ownership", "claimed", "ownership"]

OWN_COLUMNS = ("facility", "residential", "most", "shared", "sure", "basis", "distance")
_RECORDED = ("facility", "residential", "most", "distance")
_ASIDE = ("facility", "residential", "why", "other", "distance")
_TYPES = {"most": float, "shared": bool, "sure": bool, "distance": float}

SITE_CHECK_M = 200.0
"""Farther than this from an area's point nobody can tell whether rooms are on its site."""

_INSIDE, _NEAR, _NAMED, _NEAR_POINT, _NAMED_AFAR = range(5)
_BASIS = {_INSIDE: "site", _NEAR: "near", _NEAR_POINT: "near"}


@dataclass(frozen=True, slots=True, eq=False)
class Ownership:
    """Who owns and who shares what. Every facility is looked at, whether its m² count or not.

    Parameters
    ----------
    own
        ``facility``, ``residential``, ``most`` (m² the record names, inf if none), ``shared``
        (True: its record names other areas too, so it is own up to the requirement only),
        ``sure`` (False: a position is missing that decides it), ``basis`` (record | site | near |
        name), ``distance`` (m to the representative point, inf beyond search, NaN unknown).
    recorded
        ``facility``, ``residential``, ``most``, ``distance``: pairs of records that are not own.
    drifting
        Facility id → areas it may belong to: nothing says which. Facilities of one whereabouts
        have one tuple.
    aside
        Pairs near or named that are not the area's: ``facility``, ``residential``, ``why``
        (off_site: a new area's rooms must stand on its site; of_another: it is the area
        ``other``'s; too_far: named alike, but out of reach), ``other``, ``distance``.
    """

    own: pd.DataFrame
    recorded: pd.DataFrame
    drifting: dict[str, tuple[str, ...]]
    aside: pd.DataFrame


@dataclass(frozen=True, slots=True, eq=False)
class Claimed:
    """What place, record and name say of every facility, whoever pools: ``own`` and ``drifting``.

    ``rest`` are the recorded pairs that are not own, of new areas too; ``claims`` what speaks for
    a pair, the best first of each facility. ``known`` holds who owns what, by who pools: quotas
    that ask another number of m² leave it as it is.
    """

    own: pd.DataFrame
    drifting: dict[str, tuple[str, ...]]
    rest: pd.DataFrame
    claims: pd.DataFrame
    known: dict[frozenset[str], Ownership] = field(default_factory=dict)

    def pooled(self, pooling: frozenset[str] = frozenset()) -> Ownership:
        """Return who owns and who shares what, where the areas ``pooling`` share though new."""
        if pooling not in self.known:
            recorded, refused = _shared(self.rest, pooling)
            self.known[pooling] = Ownership(
                own=self.own,
                recorded=recorded.reset_index(drop=True),
                drifting=self.drifting,
                aside=_aside(self.claims, self.own, recorded, refused),
            )
        return self.known[pooling]


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
    areas = _facts(tables)
    placed = tables.facilities["x"].notna()
    named = _agreeing(tables, named_areas(tables.facilities, tables.areas, names))
    claims = _claims(tables, areas, named)
    records = _records(tables, areas, claims)
    free = ~tables.facilities.index.isin(records["facility"])

    homes = _first(claims[claims["facility"].isin(tables.facilities.index[free])])
    lost = named[named["facility"].isin(tables.facilities.index[free & ~placed])]
    alone = lost[~lost["facility"].duplicated(keep=False)]
    own = pd.concat([_by_record(records), _by_place(homes), _by_name(alone, areas)])
    settled = {*own["facility"], *records["facility"]}
    return Claimed(
        own=own.reset_index(drop=True),
        drifting=dict(_drifting(tables, areas, lost, settled)),
        rest=_not_own(records, own),
        claims=claims,
    )


def _agreeing(tables: Tables, named: pd.DataFrame) -> pd.DataFrame:
    """Return the named pairs without those that places cannot tell apart but codes do.

    Estates of other towns have the same names. A blank code contradicts nothing.
    """
    placed = [
        named[name].map(frame["x"]).notna()
        for name, frame in (("facility", tables.facilities), ("residential", tables.areas))
    ]
    agree = placed[0] & placed[1]
    same = pd.Series(data=True, index=named.index)
    for column in ("unit", "community"):
        if column in tables.areas and column in tables.facilities:
            here = named["facility"].map(tables.facilities[column])
            there = named["residential"].map(tables.areas[column])
            same &= (here == there) | here.isna() | there.isna()
    return named[agree | same]


def _facts(tables: Tables) -> pd.DataFrame:
    """Return what is asked of an area: whether it is new, how it is placed, its content."""
    areas = tables.areas
    unknown = areas["x"].isna()
    point = areas["land_area_m2"].isna() if "land_area_m2" in areas else unknown
    return pd.DataFrame(
        {
            "new": areas["age_class"].isin([AgeClass.NEW, AgeClass.APPROVED]),
            "unclassed": areas["age_class"].isna(),
            "unplaced": unknown,
            "point": point | unknown,
            "counted": areas["counted"].astype(float),
            "at_x": areas["x"],
            "at_y": areas["y"],
        }
    )


def _claims(tables: Tables, areas: pd.DataFrame, named: pd.DataFrame) -> pd.DataFrame:
    """Return pairs that place or name speak for, by ``rank``: the best first of each facility."""
    here = _keyed(tables.containment)
    close = here[meets(here["to_area_m"], "<=", tables.parameters.own_tolerance_m)]
    close = close.join(areas, on="residential")
    inside = (meets(close["to_area_m"], "<=", 0.0)) & ~close["point"]
    close["rank"] = np.select([inside, ~close["point"]], [_INSIDE, _NEAR], _NEAR_POINT)
    placed = named[named["facility"].map(tables.facilities["x"]).notna()]
    called = placed.merge(here, on=["facility", "residential"], how="left")
    called = called.join(areas, on="residential")
    far = ~(meets(called["straight_m"], "<=", tables.parameters.recorded_sharing_note_m))
    called["out"] = (far & ~called["unplaced"]) | (~called["point"] & called["new"])
    called["rank"] = np.where(called["point"], _NAMED, _NAMED_AFAR)
    called["to_area_m"] = called["straight_m"]
    close["out"] = False
    pairs = pd.concat([close, called], ignore_index=True)
    pairs["distance"] = pairs["straight_m"].astype(float)
    pairs.loc[pairs["distance"].isna() & ~pairs["unplaced"].astype(bool), "distance"] = np.inf
    return pairs.sort_values(
        ["facility", "rank", "to_area_m", "counted", "at_x", "at_y"],
        ascending=[True, True, True, False, True, True],
        kind="stable",
    )


def _keyed(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return pairs whose ids are objects, as those of an empty table are not."""
    return pairs.astype({"facility": object, "residential": object})


def _first(claims: pd.DataFrame) -> pd.DataFrame:
    """Return the best claim of each facility."""
    return claims[~claims["out"].astype(bool)].drop_duplicates("facility")


def _records(tables: Tables, areas: pd.DataFrame, claims: pd.DataFrame) -> pd.DataFrame:
    """Return recorded pairs with what decides them: ``several``, ``known`` places, ``home``."""
    known = tables.sharing["residential"].isin(areas.index)
    known &= tables.sharing["facility"].isin(tables.facilities.index)
    pairs = _keyed(tables.sharing[known]).join(areas, on="residential")
    pairs["most"] = pairs["m2"].astype(float).fillna(np.inf)
    pairs["several"] = pairs["facility"].duplicated(keep=False)
    placed = pairs["facility"].map(tables.facilities["x"]).notna()
    pairs["known"] = placed & ~pairs["unplaced"]
    pair = ["facility", "residential"]
    best = claims[~claims["out"].astype(bool)].drop_duplicates(pair)[[*pair, "rank"]]
    pairs = pairs.merge(best, on=pair, how="left")
    pairs = pairs.merge(_keyed(tables.containment)[[*pair, "straight_m"]], on=pair, how="left")
    pairs["distance"] = pairs["straight_m"].where(pairs["straight_m"].notna(), np.inf)
    pairs["distance"] = pairs["distance"].where(pairs["known"])
    # of several points a record names, the one it stands by: 50 m are no test of an estate
    by = pairs["several"] & pairs["point"] & (meets(pairs["distance"], "<=", SITE_CHECK_M))
    pairs.loc[pairs["rank"].isna() & by, "rank"] = _NEAR_POINT
    pairs.loc[(pairs["rank"] == _NAMED_AFAR) | ~pairs["known"], "rank"] = np.nan
    return pairs.sort_values(
        ["facility", "rank", "distance", "counted", "at_x", "at_y"],
        ascending=[True, True, True, False, True, True],
        kind="stable",
    )


def _by_record(records: pd.DataFrame) -> pd.DataFrame:
    """Return what records make own: of one area within the tolerance, of several the home."""
    several, known = records["several"], records["known"]
    near = records["rank"].isin([_INSIDE, _NEAR, _NEAR_POINT])
    trusted = known & records["point"] & (records["new"] | records["unclassed"])
    home = records["rank"].notna() & ~records["facility"].duplicated()
    unsure = ~known & records["new"]
    own = records[(~several & (near | trusted)) | (several & home) | unsure]
    return _owned(own.assign(sure=own["known"], shared=own["several"]), "record")


def _by_place(homes: pd.DataFrame) -> pd.DataFrame:
    """Return what stands in or near an area, or is named after one and near none."""
    basis = homes["rank"].map(_BASIS).fillna("name")
    sure = ~(homes["new"].astype(bool) & homes["unplaced"].astype(bool))
    return _owned(homes.assign(sure=sure, shared=False, most=np.inf), basis)


def _by_name(alone: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Return facilities without a position whose name fits one area: a new one's only perhaps."""
    new = alone["residential"].map(areas["new"]).astype(bool)
    own = alone.assign(sure=~new, shared=False, most=np.inf, distance=np.nan)
    return _owned(own, "name")


def _owned(pairs: pd.DataFrame, basis: pd.Series | str) -> pd.DataFrame:
    return pairs.assign(basis=basis)[list(OWN_COLUMNS)].astype(_TYPES)


def _not_own(records: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """Return the recorded pairs that are not own."""
    pair = ["facility", "residential"]
    return records[~records.set_index(pair).index.isin(own.set_index(pair).index)]


def _shared(rest: pd.DataFrame, pooling: frozenset[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the recorded pairs that are shared, and those of new areas that do not pool."""
    shared = ~rest["new"].astype(bool) | rest["residential"].isin(pooling)
    columns = {"most": float, "distance": float}
    return rest.loc[shared, list(_RECORDED)].astype(columns), rest[~shared]


def _drifting(
    tables: Tables, areas: pd.DataFrame, lost: pd.DataFrame, settled: set[str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield where a facility that nothing places may stand: of its namesakes, else round about.

    A facility that has a place, but in no area that has one, may stand in one that has none.
    """
    alike = {str(f): tuple(rows) for f, rows in lost.groupby("facility")["residential"]}
    everywhere = Neighbourhood(tables.areas)
    nowhere = Neighbourhood(tables.areas[areas["unplaced"]])
    for facility, row in tables.facilities.iterrows():
        if facility in settled:
            continue
        around = everywhere if np.isnan(row["x"]) else nowhere
        found = alike.get(str(facility)) or around.of(row)
        if found:
            yield str(facility), found


def _aside(
    claims: pd.DataFrame, own: pd.DataFrame, recorded: pd.DataFrame, refused: pd.DataFrame
) -> pd.DataFrame:
    """Return the pairs near or named that are not the area's, and why."""
    home = own.drop_duplicates("facility").set_index("facility")["residential"]
    served = recorded.drop_duplicates("facility").set_index("facility")["residential"]
    has = home.combine_first(served)
    pair = ["facility", "residential"]
    taken = pd.concat([own[pair], recorded[pair], refused[pair]]).set_index(pair).index
    rest = claims[~claims.set_index(pair).index.isin(taken)].drop_duplicates(pair)
    other = rest["facility"].map(has).astype(object)
    why = np.where(other.notna(), "of_another", np.where(rest["new"], "off_site", "too_far"))
    found = [
        refused.assign(why="off_site", other=None),
        rest.assign(why=why, other=other.where(other.notna(), None)),
    ]
    return pd.concat([one[list(_ASIDE)] for one in found], ignore_index=True).astype(
        {"distance": float}
    )
