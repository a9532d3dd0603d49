"""What a proposal plans, as the account has it: its places, and the phases it is counted with."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.counting.eligibility import number_of
from lifecircle.counting.projects import leads
from lifecircle.model.inputs.layers import HOUSE
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.results.review import Phase

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lifecircle.model.inputs.proposal import Proposal
    from lifecircle.model.rules.options import ProvisionOptions
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Account, Tables

__all__ = ["Place", "Planned", "left_standing", "open_of"]


def left_standing(facilities: pd.DataFrame, removes: Sequence[str]) -> pd.DataFrame:
    """Return the facilities without those that are pulled down.

    A row that may be the same house as one of those (``HOUSE``), or that its own ``site`` does not
    tell apart from one, perhaps stands no more: it is of no known stage, and of the house that is
    gone.
    """
    left = facilities.drop(index=list(removes))
    none = pd.Series(None, facilities.index, dtype=object)
    houses = facilities.get(HOUSE, none)
    gone = {house: one for one, house in houses.loc[list(removes)].dropna().items()}
    open_ = left.index[houses[left.index].isin([*gone])].union(_in_gone_rooms(facilities, removes))
    if open_.empty:
        return left
    stages = left["stage"].astype(object).mask(left.index.isin(open_), None)
    if HOUSE in facilities:
        told = [gone.get(house, house) for house in left[HOUSE]]
        left = left.assign(**{HOUSE: pd.Series(told, left.index, dtype=object)})
    return left.assign(stage=stages)


def _in_gone_rooms(facilities: pd.DataFrame, removes: Sequence[str]) -> pd.Index[str]:
    """Return the rows that stay of a site and may be in rooms of it that are pulled down.

    Those without m² of their own, and those on the very point of rooms that are as large. A row
    without m² beside one that has them is no rooms: what else its site lists stands.
    """
    m2 = number_of(facilities, "community_area_m2")
    m2 = m2.fillna(number_of(facilities, "floor_area_m2"))
    found = list[str]()
    for site in dict.fromkeys(facilities.loc[list(removes), "site"].dropna()):
        mine = facilities.index[facilities["site"] == site]
        rooms = mine[m2[mine].notna()] if m2[mine].notna().any() else mine
        spots = facilities.geometry[mine]
        for one in rooms.intersection(removes):
            for other in mine.difference(removes):
                away = spots[one] is not None and spots[other] is not None
                away = away and not spots[one].equals(spots[other])
                blank = math.isnan(m2[other])
                alike = m2[one] == m2[other] or (blank and math.isnan(m2[one]))
                if (not away and alike) or (blank and not alike):
                    found.append(str(other))
    return pd.Index(found, dtype=object)


@dataclass(frozen=True, slots=True)
class Place:
    """One planned place (处): the facility that stands for it, its plot, its m² for certain."""

    facility: str
    plot: str
    m2: float
    most_m2: float
    counts: bool


@dataclass(frozen=True, slots=True, eq=False)
class Planned:
    """A proposal under the quotas in force (clause id → rule)."""

    proposal: Proposal
    quotas: Mapping[str, Rule[ProvisionOptions]]

    @property
    def plots(self) -> list[str]:
        """The ids of the plots."""
        return [str(key) for key in self.proposal.plots.frame.index]

    def places(self, account: Account, lead: str, quota: str) -> Iterator[Place]:
        """Yield the places that the proposal plans in a project, as a quota counts them.

        What stands there already, or in another phase, is none of them.
        """
        rows = account.places
        rows = rows[(rows["residential"] == lead) & (rows["clause"] == quota)]
        homes = self.proposal.facilities.frame["plot"]
        own = rows[rows["facility"].isin(homes.index)]
        whole = rows["site"].eq(rows["whole"]).groupby(rows["site"]).all()
        for _, site in own.groupby("site", sort=False):
            first = site.iloc[0]
            plot = homes[first["facility"]]
            yield Place(
                facility=str(first["facility"]),
                plot=str(plot) if plot in self.plots else self.plots[0],
                m2=float(first["place_low"]),
                # of a site that is perhaps several places each part has its own
                most_m2=float(
                    first["place_high"] if whole[first["site"]] else site["m2_high"].sum()
                ),
                counts=bool(first["credited"]),
            )

    def phases(self, tables: Tables, plot: str) -> tuple[Phase, ...]:
        """Return the phases of a plot's project that stand in the study, counted with it (A1)."""
        lead = leads(tables.areas)
        mine = [a for a in lead.index[lead == lead[plot]] if a not in self.plots]
        homes, firm, open_ = (
            tables.areas[name] for name in ("counted", "quota_exempt", "quota_exempt_perhaps")
        )
        return tuple(
            Phase(
                str(a),
                None if pd.isna(homes[a]) else float(homes[a]),
                exempt=bool(firm[a]) or (None if open_[a] else False),
            )
            for a in sorted(mine)
        )


def open_of(facilities: pd.DataFrame, facility: str) -> Reason:
    """Return what leaves it open whether planned rooms serve the community: kind, stage or m²."""
    row = facilities.loc[facility]
    named = {*(row["kinds"] or ())}
    if not named or "other" in named or np.isnan(row["built"]):
        return Reason(ReasonCode.KIND_UNKNOWN)
    told = {"facility": facility, "field": "community_area_m2"}
    return Reason(ReasonCode.FACILITY_UNKNOWN, told)
