"""What is asked when places need a size: deficits in m², and what each site could offer."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

__all__ = ["Offer", "ProvisionTask", "provision_task"]


@dataclass(frozen=True, slots=True)
class Offer:
    """What one site can give.

    Parameters
    ----------
    most_m2
        The site offers no more; inf where nothing limits it.
    least_m2
        The single minimum: a place there is no smaller. 0 without one.
    fixed
        Price of a place there, whatever its size.
    per_m2
        Price of each m².
    existing
        Spare m² of a place that exists: free, of any size, no new place.
    standing_m2
        What stands there already and serves nobody until the place is used: it need not be built,
        and the place is no smaller.
    counts
        As how many places it counts where the fewest are asked for.
    """

    most_m2: float = math.inf
    least_m2: float = 0.0
    fixed: float = 0.0
    per_m2: float = 0.0
    existing: bool = False
    standing_m2: float = 0.0
    counts: int = 1

    def sound(self) -> bool:
        """Whether every figure is a number of 0 or more; ``most_m2``, which may be inf, is most."""
        figures = (self.least_m2, self.fixed, self.per_m2, self.standing_m2, self.counts)
        enough = self.most_m2 >= self.standing_m2  # what stands is offered
        return (
            enough and self.most_m2 >= 0 and all(math.isfinite(one) and one >= 0 for one in figures)
        )


@dataclass(frozen=True, slots=True, eq=False)
class ProvisionTask:
    """Deficits, offers, and which site may serve which area.

    Parameters
    ----------
    demand
        Ids of areas short of m², in their own order.
    deficit
        float64 (demand,), m², above 0.
    sites, offers
        Ids in their own order, and what each can give.
    row, column
        int64 (pairs,): which area each site may serve; a pair stands once.
    serve
        float64 (pairs,): price of serving one m² there; 0 unless walking is paid for.
    """

    demand: tuple[str, ...]
    deficit: NDArray[np.float64]
    sites: tuple[str, ...]
    offers: tuple[Offer, ...]
    row: NDArray[np.int64]
    column: NDArray[np.int64]
    serve: NDArray[np.float64]


def provision_task(
    deficits: Mapping[str, float],
    offers: Mapping[str, Offer],
    pairs: Iterable[tuple[str, str] | tuple[str, str, float]],
) -> ProvisionTask:
    """Return the task of deficits and offers.

    Parameters
    ----------
    deficits
        Area → m² it is short of. Areas short of nothing are left out.
    offers
        Site → what it can give.
    pairs
        Area and site within the sharing radius, and the price of serving one m² if there is one.

    Raises
    ------
    ValueError
        A figure is negative or missing, or a pair names what is not listed.
    """
    if not all(math.isfinite(m2) and m2 >= 0 for m2 in deficits.values()):
        raise ValueError("deficits are numbers of 0 or more")
    if not all(offer.sound() for offer in offers.values()):
        raise ValueError("figures of an offer are numbers of 0 or more")
    served = _cheapest(deficits, offers, pairs)
    demand = tuple(sorted(area for area, m2 in deficits.items() if m2 > 0))
    sites = tuple(sorted(offers))
    at_row = {area: i for i, area in enumerate(demand)}
    at_column = {site: i for i, site in enumerate(sites)}
    listed = sorted((at_row[a], at_column[s], one) for (a, s), one in served.items() if a in at_row)
    table = np.array(listed, dtype=np.float64).reshape(len(listed), 3)
    return ProvisionTask(
        demand=demand,
        deficit=np.array([deficits[area] for area in demand], dtype=np.float64),
        sites=sites,
        offers=tuple(offers[site] for site in sites),
        row=table[:, 0].astype(np.int64),
        column=table[:, 1].astype(np.int64),
        serve=table[:, 2].copy(),
    )


def _cheapest(
    deficits: Mapping[str, float],
    offers: Mapping[str, Offer],
    pairs: Iterable[tuple[str, str] | tuple[str, str, float]],
) -> dict[tuple[str, str], float]:
    """Return area and site → the least price named for serving one m² there."""
    served: dict[tuple[str, str], float] = {}
    for area, site, *price in pairs:
        if area not in deficits or site not in offers:
            raise ValueError(f"the pair {area}, {site} names what is not listed")
        one = price[0] if price else 0.0
        if not (math.isfinite(one) and one >= 0):
            raise ValueError("prices of serving are numbers of 0 or more")
        served[area, site] = min(one, served.get((area, site), math.inf))
    return served
