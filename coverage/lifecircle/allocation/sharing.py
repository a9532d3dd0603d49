"""Allocation: who gets whose spare m², the same whatever order the rows come in.

The aims are lexicographic: the official gain of the areas fully served (their number, unless said
otherwise), then the households in them, then most m² given, then the shortest way. Which areas are
served is chosen in :mod:`served`, with a proof or with a bound; from there on the answer is exact,
in whole hundredths of a square metre (:mod:`exchange`). Rows are sorted by content first, so that
relabelling or reordering the input changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lifecircle.allocation.exchange import Exchange, routed
from lifecircle.allocation.served import choose

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["FINEST_M2", "Allocation", "allocate"]

_UNITS = (0.01, 1.0, 100.0, 10_000.0)
"""m² of the whole number in which is reckoned; coarser ones only where there is too much."""
_MOST_UNITS = 2**31 - 1
FINEST_M2 = _UNITS[0] * _MOST_UNITS
"""m² up to which every part is reckoned in the finest unit, whatever else there is."""


@dataclass(frozen=True, slots=True)
class Allocation:
    """m² per pair (row order of the pairs given), and how good that is.

    ``served`` areas of ``short`` are filled. ``gain`` is the official gain reached and ``bound``
    what it can be at most; ``households`` and ``households_bound`` the same for the second aim (no
    bound while the first is open). ``work``: search nodes x pairs it took.
    """

    m2: NDArray[np.float64]
    short: int = 0
    served: int = 0
    gain: float = 0.0
    bound: float = 0.0
    households: float = 0.0
    households_bound: float | None = 0.0
    proven: bool = True
    work: int = 0


def allocate(pairs: pd.DataFrame, areas: pd.DataFrame, capacity: pd.Series) -> Allocation:
    """Share out spare m².

    Parameters
    ----------
    pairs
        ``facility``, ``residential``, ``distance`` (m), ``most`` (m² this pair may carry; inf: no
        limit of its own).
    areas
        Index residential id: ``need`` (m² still short, > 0), ``weight`` (households), ``x``, ``y``
        and, where the official rate does not count areas, ``gain`` (their weight in it).
    capacity
        Spare m² by facility id.
    """
    given = np.zeros(len(pairs))
    spare = pairs["facility"].map(capacity).astype(float)
    usable = (pairs["residential"].isin(areas.index) & (spare > 0)).to_numpy()
    if not usable.any():
        return Allocation(given, short=len(areas))
    work = pairs[usable].assign(spare=spare[usable], row=np.flatnonzero(usable))
    work = _by_content(work.join(areas, on="residential"))
    exchange, rows = _exchange(work)
    first_row = np.unique(exchange.area, return_index=True)[1]
    households = np.nan_to_num(rows["weight"].to_numpy(dtype=float)[first_row])
    official = np.ones(len(households))
    if "gain" in rows:
        official = np.nan_to_num(rows["gain"].to_numpy(dtype=float)[first_row])
    choice = choose(exchange, official, households)
    flow = np.zeros(len(rows), dtype=np.int64)
    for here in exchange.components():
        part, numbers = exchange.part(here)
        flow[here] = routed(part, choice.served[numbers])
    given[rows["row"].to_numpy()] = flow * rows.attrs["unit"]
    filled = np.bincount(exchange.area, flow, minlength=len(exchange.need)) >= exchange.need
    return Allocation(
        m2=given,
        short=len(areas),
        served=int(filled.sum()),
        # what is left over may fill areas that no one aimed at
        gain=max(choice.gain, float(official[filled].sum())),
        bound=choice.bound,
        households=float(households[filled].sum()),
        households_bound=choice.second_bound,
        proven=choice.proven,
        work=choice.work,
    )


def _by_content(work: pd.DataFrame) -> pd.DataFrame:
    """Sort pairs by what areas and facilities are, not by what they are called.

    An area is its households, need and place, then the facilities around it; a facility is what
    it has, then the areas around it. Labels decide only between what is the same in all of that.
    """
    own = ["weight", "need", "x", "y"]
    area = work.groupby(own, dropna=False, sort=True).ngroup()
    work = work.assign(area_rank=area, facility_rank=work.groupby("spare", sort=True).ngroup())
    for end, other in (("facility", "area"), ("residential", "facility")):
        mine = "facility_rank" if end == "facility" else "area_rank"
        deals = work[[f"{other}_rank", "distance", "most"]].to_numpy(dtype=float)
        around: dict[str, list[tuple[float, ...]]] = {}
        for name, deal in zip(work[end], map(tuple, np.nan_to_num(deals, nan=-1.0)), strict=True):
            around.setdefault(name, []).append(deal)
        keys = {
            name: (rank, tuple(sorted(around[name])))
            for name, rank in zip(work[end], work[mine], strict=True)
        }
        place = {key: number for number, key in enumerate(sorted(set(keys.values())))}
        work = work.assign(**{mine: [place[keys[name]] for name in work[end]]})
    order = ["area_rank", "residential", "facility_rank", "facility"]
    return work.sort_values(order, ignore_index=True)


def _exchange(work: pd.DataFrame) -> tuple[Exchange, pd.DataFrame]:
    """Return the exchange of sorted pairs, in the finest unit that it fits into."""
    area = work["residential"].factorize()[0].astype(np.int64)
    facility = work["facility"].factorize()[0].astype(np.int64)
    area_row = np.unique(area, return_index=True)[1]
    facility_row = np.unique(facility, return_index=True)[1]
    for unit in _UNITS:
        need = np.ceil(work["need"].to_numpy(dtype=float)[area_row] / unit - 1e-6)
        spare = np.floor(work["spare"].to_numpy(dtype=float)[facility_row] / unit + 1e-6)
        most = np.minimum(np.floor(work["most"].to_numpy(dtype=float) / unit + 1e-6), need[area])
        spare = np.minimum(spare, np.bincount(facility, most))  # more than all ask for is no use
        if spare.sum() <= _MOST_UNITS:
            break
    else:
        raise OverflowError("more spare floor area than any country has")
    reach = np.bincount(area, np.minimum(most, spare[facility]))
    exchange = Exchange(
        need=np.minimum(need, reach + 1.0).astype(np.int64),  # beyond reach is beyond reach
        spare=spare.astype(np.int64),
        area=area,
        facility=facility,
        most=most.astype(np.int64),
        distance=np.nan_to_num(work["distance"].to_numpy(dtype=float), posinf=1e6),
    )
    work.attrs["unit"] = unit
    return exchange, work
