"""Certain: who is filled in every best distribution, or in none, before anything is searched.

Three things need no search. An area that all its facilities together cannot fill is left out. A
facility with enough for all its neighbours gives to all of them. And of any flow that gives the
most there is to give, whoever cannot be reached from the areas still short is parted from them: by
the theorem of max-flow and min-cut the facilities there fill all areas that they deal with, whoever
is chosen elsewhere, but for pairs that carry all they may across the border. What is left is short
of m² everywhere, and falls into more and smaller parts.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from lifecircle.allocation.exchange import Exchange, most_given

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["certain"]


def certain(exchange: Exchange) -> tuple[NDArray[np.bool_], NDArray[np.bool_], Exchange]:
    """Return who is filled for certain, who is open, and what is then left to have and to need."""
    open_ = np.ones(len(exchange.need), dtype=bool)
    left, open_ = _ample(exchange, open_)
    while True:
        parted = _parted(left, open_)
        if parted is None:
            break
        left, open_ = _ample(parted, open_)
    served = open_ & (left.need == 0)
    return served, open_ & ~served, left


def _ample(exchange: Exchange, open_: NDArray[np.bool_]) -> tuple[Exchange, NDArray[np.bool_]]:
    """Return what is left, and who is open, once no facility has enough for all who ask it."""
    n, m = len(exchange.need), len(exchange.spare)
    need, spare = exchange.need.copy(), exchange.spare.copy()
    by_area = np.argsort(exchange.area, kind="stable")
    while True:
        ask = np.minimum(exchange.most, need[exchange.area])
        could = np.minimum(ask, spare[exchange.facility])
        open_ = open_ & (np.bincount(exchange.area, could, minlength=n) >= need)
        ask = np.where(open_[exchange.area], ask, 0)
        asked = np.bincount(exchange.facility, ask, minlength=m)
        ample = (asked <= spare) & (asked > 0)
        if not ample.any():
            return dataclasses.replace(exchange, need=need, spare=spare), open_
        # an area between two ample facilities takes from the first what it needs
        gift = np.where(ample[exchange.facility], ask, 0)[by_area]
        area = exchange.area[by_area]
        before = np.cumsum(gift) - gift
        first = np.searchsorted(area, area)
        given = np.clip(need[area] - (before - before[first]), 0, gift)
        need -= np.bincount(area, given, minlength=n).astype(np.int64)
        spare[ample] = 0


def _parted(exchange: Exchange, open_: NDArray[np.bool_]) -> Exchange | None:
    """Return what is left once whoever no shortage reaches is filled; None where it reaches all."""
    n, m = len(exchange.need), len(exchange.spare)
    area, facility = exchange.area, exchange.facility
    want = np.where(open_, exchange.need, 0)
    most = np.minimum(exchange.most, want[area])
    deals = (most > 0) & (exchange.spare[facility] > 0)
    if not deals.any():
        return None
    flow = most_given(exchange, want)
    more, back = deals & (flow < most), flow > 0
    short = np.bincount(area, flow, minlength=n) < want
    wanted = np.zeros(m, dtype=bool)  # by whom is short, or by way of who gives back to them
    seen = -1
    while seen < (seen := int(short.sum())):
        wanted[facility[more & short[area]]] = True
        short[area[back & wanted[facility]]] = True
    if not (deals & ~wanted[facility]).any():
        return None
    gift = np.where(wanted[facility], 0, np.minimum(flow, most))
    need = exchange.need - np.bincount(area, gift, minlength=n).astype(np.int64)
    spare = np.where(wanted, exchange.spare, 0)
    return dataclasses.replace(exchange, need=need, spare=spare)
