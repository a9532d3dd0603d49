"""What a proposal plans, as the account has it: its places, and the phases it is counted with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from lifecircle.counting.projects import leads
from lifecircle.model.inputs.layers import HOUSE
from lifecircle.model.results.review import Phase

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lifecircle.model.inputs.proposal import Proposal
    from lifecircle.model.rules.options import ProvisionOptions
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Account, Tables

__all__ = ["Place", "Planned", "left_standing"]


def left_standing(facilities: pd.DataFrame, removes: Sequence[str]) -> pd.DataFrame:
    """Return the facilities without those that are pulled down.

    A row that may be the same house as one of those (``HOUSE``) perhaps stands no more: it is of
    no known stage, and of the house that is gone.
    """
    left = facilities.drop(index=list(removes))
    if HOUSE not in facilities:
        return left
    gone = {house: one for one, house in facilities.loc[list(removes), HOUSE].dropna().items()}
    rows = list(zip(left[HOUSE], left["stage"], strict=True))
    told = {
        HOUSE: [gone.get(house, house) for house, _ in rows],
        "stage": [None if house in gone else stage for house, stage in rows],
    }
    return left.assign(**{name: pd.Series(told[name], left.index, dtype=object) for name in told})


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
        for _, site in own.groupby("site", sort=False):
            first = site.iloc[0]
            plot = homes[first["facility"]]
            yield Place(
                facility=str(first["facility"]),
                plot=str(plot) if plot in self.plots else self.plots[0],
                m2=float(first["place_low"]),
                most_m2=float(first["place_high"]),
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
