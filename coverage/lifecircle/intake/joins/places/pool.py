"""The rows of areas and facilities together, and what is said of where one of them belongs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from lifecircle.intake.layers import Settled

__all__ = ["LAYERS", "Pool", "Tie"]

LAYERS = ("residential", "facilities")


class Tie(NamedTuple):
    """What is said of where a row belongs, and how far that is: a row of the pool, or a unit."""

    row: int
    distance: float
    other: int | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """The rows of areas and facilities, one after the other: their shapes (n), None: unknown."""

    parts: tuple[Settled, Settled]
    shapes: NDArray[np.object_]

    @classmethod
    def of(cls, settled: Mapping[str, Settled]) -> Pool:
        """Return the rows of both layers."""
        areas, facilities = (settled[name] for name in LAYERS)
        return cls((areas, facilities), np.concatenate([areas.shapes, facilities.shapes]))

    @property
    def first(self) -> int:
        """The row of the first facility."""
        return len(self.parts[0].shapes)

    def at(self, row: int) -> tuple[int, int]:
        """Return the part of a row, and its row there."""
        return (1, row - self.first) if row >= self.first else (0, row)

    def called(self, row: int) -> str:
        """Return the name of a row, else its id."""
        part, at = self.at(row)
        frame = self.parts[part].ledger.frame
        return str(frame["name"].iloc[at] or frame.index[at])
