"""Classes: areas that differ in nothing a choice can tell, counted instead of named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.allocation.exchange import Exchange

__all__ = ["Classes"]


class _Alike(NamedTuple):
    """What the areas of a class have in common; ``deals``: facility, and limit of the pair."""

    need: int
    first: float
    second: float
    deals: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Classes:
    """The areas of one part by class: same need, gains, facilities and limits of their pairs.

    Parameters
    ----------
    need, size, first, second
        By class: what one member needs (whole units), how many there are, the gains of one.
    kind, facility, limit
        By pair of class and facility: its ends, and what one member may carry over it at most.
    spare
        By facility.
    members
        By class: the areas, the nearest to their facilities first; they are filled in this order.
    """

    need: NDArray[np.int64]
    size: NDArray[np.int64]
    first: NDArray[np.float64]
    second: NDArray[np.float64]
    kind: NDArray[np.int64]
    facility: NDArray[np.int64]
    limit: NDArray[np.int64]
    spare: NDArray[np.int64]
    members: list[NDArray[np.int64]]

    @classmethod
    def of(cls, part: Exchange, first: NDArray[np.float64], second: NDArray[np.float64]) -> Classes:
        """Return the classes of a part, in the order of their first area."""
        order = np.lexsort((part.distance, part.area))
        starts = np.searchsorted(part.area[order], np.arange(len(part.need) + 1))
        found: dict[_Alike, list[int]] = {}
        near = np.zeros(len(part.need))
        for area in range(len(part.need)):
            mine = order[starts[area] : starts[area + 1]]
            near[area] = part.distance[mine].sum()
            limits = np.minimum(part.most[mine], part.need[area])
            deals = tuple(sorted(zip(part.facility[mine].tolist(), limits.tolist(), strict=True)))
            alike = _Alike(int(part.need[area]), float(first[area]), float(second[area]), deals)
            found.setdefault(alike, []).append(area)
        areas = np.array([mine[0] for mine in found.values()])
        deals_of = [alike.deals for alike in found]
        return cls(
            need=part.need[areas],
            size=np.array([len(mine) for mine in found.values()]),
            first=first[areas],
            second=second[areas],
            kind=np.repeat(np.arange(len(areas)), [len(d) for d in deals_of]),
            facility=np.array([f for d in deals_of for f, _ in d], dtype=np.int64),
            limit=np.array([u for d in deals_of for _, u in d], dtype=np.int64),
            spare=part.spare,
            members=[np.array(sorted(m, key=lambda a: (near[a], a))) for m in found.values()],
        )

    def areas(self, numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return the areas filled, where so many of each class are."""
        served = np.zeros(int(self.size.sum()), dtype=bool)
        for mine, number in zip(self.members, numbers, strict=True):
            served[mine[: int(number)]] = True
        return served
