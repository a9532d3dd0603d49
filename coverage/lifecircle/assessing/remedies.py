"""Remedy: the next step for an area short of floor area (A3, A40), or of a gate."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from lifecircle.counting.eligibility import countable_m2, number_of
from lifecircle.measures.areas.provision import noted
from lifecircle.model.finding import meets, rounded_up
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.status import AgeClass, Stage, Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from lifecircle.model.tables import Tables

__all__ = ["RemedyBook", "gate_remedies"]

_READ = ("verdict", "deficit_m2", "deficit_if_arranged_m2")
"""Columns of the residential layer that say what cures."""


@dataclass(frozen=True, slots=True, eq=False)
class RemedyBook:
    """What could cure deficits of floor area: looked up area by area.

    Parameters
    ----------
    tables
        With their account.
    own
        Whose every facility's rooms are (``Claimed.own``).
    sites
        Candidate sites: index id; ``floor_area_m2``, ``x``, ``y`` (metres).
    radius_m
        How far a candidate site may lie, straight line, inclusive.
    """

    tables: Tables
    own: pd.DataFrame
    sites: pd.DataFrame
    radius_m: float
    idle: dict[str, list[tuple[str, str, float]]] = field(init=False)
    offers: dict[str, list[tuple[str, float]]] = field(init=False)
    places: dict[str, list[tuple[float, str]]] = field(init=False)
    least: dict[str, float] = field(init=False)
    short: dict[str, float] = field(init=False)
    most: dict[str, float] = field(init=False)
    ages: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "idle", _idle(self.tables, self.own))
        object.__setattr__(self, "offers", _offers(self.tables))
        object.__setattr__(self, "places", _own(self.tables))
        object.__setattr__(self, "least", _least(self.tables))
        object.__setattr__(self, "short", _short(self.tables))
        object.__setattr__(self, "most", _most(self.tables))
        object.__setattr__(self, "ages", self.tables.areas["age_class"].to_dict())

    def each(self, residential: pd.DataFrame) -> Iterator[list[Reason]]:
        """Yield the remedies of every row of the residential layer, in its order."""
        rows = residential.reindex(columns=list(_READ)).to_dict("records")
        for area, row in zip(residential.index, rows, strict=True):
            yield self.remedies(str(area), row)

    def remedies(self, area: str, row: Mapping[Any, Any]) -> list[Reason]:
        """Return the steps that would each cure an area's deficit, the cheapest first.

        In order: bring into use what stands idle, misused or unfinished on the spot; arrange
        sharing; under the small-deficit threshold pool it within the neighbourhood; enlarge a place
        it has; convert the nearest candidate site that is large enough; add rooms. New areas must
        have their own rooms (A4): for them nothing is arranged, pooled or converted elsewhere, nor
        for one that may be new, whose class nothing tells.

        Parameters
        ----------
        row
            The area's line of the residential layer (``verdict``, ``deficit_m2`` …).
        """
        if row["verdict"] != Status.DEFICIENT or not meets(
            float(row["deficit_m2"] or 0.0), ">", 0.0
        ):
            return []
        short, least = self.short[area], self.least.get(area, 0.0)
        found = self._revived(area, max(short, least))
        if meets(row["deficit_if_arranged_m2"], "<=", 0.0) and area in self.offers:
            found.append(_arranged(self.offers[area]))
        small = self.tables.parameters.small_deficit_m2
        shares = {AgeClass.EXISTING, AgeClass.OLD}
        own_only = self.ages[area] not in shares
        if meets(short, "<", small) and not own_only:
            params = {"deficit_m2": short, "threshold_m2": small}
            more = meets(self.most[area], ">", short)
            code = ReasonCode.REMEDY_POOL_AT_LEAST if more else ReasonCode.REMEDY_POOL
            return [*found, Reason(code, params)]
        found += self._enlarged(area, short, least)
        # a room below the single minimum would earn nothing
        if not own_only:
            found += self._converted(area, max(short, least))
        notes = () if self.tables.account is None else self.tables.account.notes.get(area, ())
        added = Reason(ReasonCode.REMEDY_ADD, {"deficit_m2": rounded_up(max(short, least))})
        return [*found, noted(added, notes)]

    def _revived(self, area: str, short: float) -> list[Reason]:
        fit = [one for one in self.idle.get(area, ()) if meets(one[2], ">=", short)]
        if not fit:
            return []
        facility, stage, m2 = max(fit, key=lambda one: one[2])
        params = {"facility": facility, "stage": stage, "m2": m2}
        return [Reason(ReasonCode.REMEDY_REVIVE, params)]

    def _enlarged(self, area: str, short: float, least: float) -> list[Reason]:
        """Return which own place to enlarge and by how much: up to the single minimum at least."""
        grown = [
            (short if meets(m2, ">=", least) else max(least, short) - m2, facility, m2)
            for m2, facility in self.places.get(area, ())
        ]
        if not grown:
            return []
        more, facility, m2 = min(grown, key=lambda one: (one[0], -one[2], one[1]))
        params = {"facility": facility, "deficit_m2": rounded_up(more), "place_m2": m2}
        return [Reason(ReasonCode.REMEDY_ENLARGE, params)]

    def _converted(self, area: str, short: float) -> list[Reason]:
        if not len(self.sites):
            return []
        here = self.tables.areas.loc[area, ["x", "y"]].to_numpy(dtype=float)
        away = np.hypot(self.sites["x"] - here[0], self.sites["y"] - here[1])
        room = number_of(self.sites, "floor_area_m2")
        fit = away[meets(room, ">=", short) & (meets(away, "<=", self.radius_m))]
        if not len(fit):
            return []
        site = fit.sort_index().idxmin()
        params = {
            "deficit_m2": rounded_up(short),
            "site": str(site),
            "floor_area_m2": float(room[site]),
            "distance_m": float(fit[site]),
        }
        return [Reason(ReasonCode.REMEDY_CONVERT, params)]


def _idle(tables: Tables, own: pd.DataFrame) -> dict[str, list[tuple[str, str, float]]]:
    """Return what is an area's own and not in use, as the account gives it (A39)."""
    rows = tables.facilities
    rows = rows[(rows["built"] == 0) & rows["stage"].notna() & (rows["stage"] != Stage.CLOSED)]
    rows = rows[number_of(rows, "over_line") != 1]
    m2 = countable_m2(rows)["low"].to_dict()
    own = own[own["sure"] & own["facility"].isin(rows.index)].sort_values("facility")
    found: dict[str, list[tuple[str, str, float]]] = {}
    for facility, area in own[["facility", "residential"]].to_numpy():
        told = (str(facility), str(rows.at[facility, "stage"]), float(m2[facility]))
        found.setdefault(str(area), []).append(told)
    return found


def _offers(tables: Tables) -> dict[str, list[tuple[str, float]]]:
    """Return the suggested sharing by area, the largest giver first."""
    if tables.account is None:
        return {}
    given = tables.account.allocation
    given = given[given["basis"] == "suggested"]
    given = given.sort_values(["m2", "facility"], ascending=[False, True])
    found: dict[str, list[tuple[str, float]]] = {}
    for area, facility, m2 in given[["residential", "facility", "m2"]].to_numpy():
        found.setdefault(str(area), []).append((str(facility), float(m2)))
    return found


def _own(tables: Tables) -> dict[str, list[tuple[float, str]]]:
    """Return an area's own places: m² of the place and its largest room, the largest first."""
    if tables.account is None:
        return {}
    places = tables.account.places
    places = places[places["m2_low"] > 0].sort_values(
        ["m2_low", "facility"], ascending=[False, True]
    )
    found: dict[str, list[tuple[float, str]]] = {}
    for area, m2, facility in places.drop_duplicates(["residential", "site"])[
        ["residential", "place_low", "facility"]
    ].to_numpy():
        found.setdefault(str(area), []).append((float(m2), str(facility)))
    return found


def _least(tables: Tables) -> dict[str, float]:
    """Return the single minimum (A8) of the areas that have one."""
    if tables.account is None:
        return {}
    least = tables.account.frame["minimum"].groupby(level="id").max()
    return {str(area): float(m2) for area, m2 in least[least > 0].items()}


def _most(tables: Tables) -> dict[str, float]:
    """Return the m² that an area may lack, at most."""
    if tables.account is None:
        return {}
    rows = tables.account.frame
    surely = rows["required_high"] - rows["own_low"] - rows["recorded_low"]
    return {str(area): float(m2) for area, m2 in surely.groupby(level="id").max().items()}


def _short(tables: Tables) -> dict[str, float]:
    """Return the m² that must yet earn credit, by area: at least, where not all is known.

    Of an area between two quotas (已批未建成, or of unknown class) what cures it under either: the
    least of the range would leave it open.
    """
    if tables.account is None:
        return {}
    rows = tables.account.frame
    short = rows["required_low"] - rows["own_high"] - rows["recorded_high"]
    between = rows["unknown"].isna() & np.isfinite(rows["required_high"])
    between &= meets(rows["required_high"], ">", rows["required_low"])
    surely = rows["required_high"] - rows["own_low"] - rows["recorded_low"]
    short = short.mask(between & meets(short, ">", 0.0), surely)
    return {str(area): float(m2) for area, m2 in short.groupby(level="id").max().items()}


def _arranged(offers: list[tuple[str, float]]) -> Reason:
    """Return with whom sharing is to be arranged: the largest giver, and how many there are."""
    facility, m2 = offers[0]
    params: dict[str, Any] = {"facility": facility, "m2": m2}
    if len(offers) == 1:
        return Reason(ReasonCode.REMEDY_ARRANGE, params)
    params |= {"count": len(offers), "total_m2": sum(m2 for _, m2 in offers)}
    return Reason(ReasonCode.REMEDY_ARRANGE_SEVERAL, params)


def gate_remedies(effects: pd.DataFrame, group: str) -> dict[str, Reason]:
    """Return area → the gate that brings its walk within the limit.

    ``effects``: the layer ``gate_effects``.
    """
    found = {}
    rows = effects[(effects["reach_group"] == group) & (effects["cures"] == "yes")]
    for _, row in rows.iterrows():
        params = {
            "facility": row["facility"],
            "walk_m": float(row["opened_walk_m"]),
            "walk_min": float(row["opened_walk_min"]),
        }
        if isinstance(row["gate"], str):
            reason = Reason(ReasonCode.REMEDY_OPEN_GATE, {"gate": row["gate"], **params})
        else:
            reason = Reason(ReasonCode.REMEDY_NEW_GATE, {"side": row["side"], **params})
        found[str(row["residential"])] = reason
    return found
