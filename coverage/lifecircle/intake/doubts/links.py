"""Rows that say where they belong, and how likely they are to lie where they do."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from lifecircle.intake.doubts.strays import DRAWN_M, NEAR_M

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

__all__ = ["Link", "likelier"]

_SLIP = 0.05
"""Share of rows that may say a wrong unit or area."""
_PARTS = np.linspace(0.05, 0.95, 19)


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """Rows of a layer and where each of them belongs.

    Parameters
    ----------
    layer, other
        The layer of the rows, and the one whose shapes they name.
    rows
        Shape (n,), position of each row in its layer.
    points
        Shape (n, 2), in the study's CRS.
    targets
        Shape (n,), the shape each row belongs at.
    reach
        Shape (n,), metres from it within which a row fits.
    """

    layer: str
    other: str
    rows: NDArray[np.int64]
    points: Floats
    targets: NDArray[np.object_]
    reach: Floats

    def fits(self, shift: Floats, slack: float = 0.0) -> Mask:
        """Return which rows fit when moved by ``shift`` (n, 2), ``slack`` metres given."""
        moved = shapely.points(self.points + shift)
        near: Mask = shapely.dwithin(self.targets, moved, self.reach + slack)
        return near

    def told(self, shift: Floats) -> Floats:
        """Return the log likelihood of each row moved by ``shift``: it fits but for a slip."""
        fit = self.fits(shift, DRAWN_M)
        return np.where(fit, math.log(1 - _SLIP), math.log(_SLIP))

    def beyond(self, shift: Floats) -> Floats:
        """Return metres (n,) that each row moved by ``shift`` lies beyond the border of its target.

        Negative within it.
        """
        moved = shapely.points(self.points + shift)
        borders = {id(one): shapely.boundary(one) for one in self.targets}
        away = shapely.distance([borders[id(one)] for one in self.targets], moved)
        signed: Floats = np.where(shapely.intersects(self.targets, moved), -away, away)
        return signed

    def bands(self, shift: Floats) -> NDArray[np.int64]:
        """Return how far each row moved by ``shift`` lies from where it belongs (``strays``)."""
        out = ~self.fits(shift, DRAWN_M)
        band = out.astype(np.int64)
        if out.any():
            moved = shapely.points(self.points[out] + shift[out])
            band[out] += ~shapely.dwithin(self.targets[out], moved, self.reach[out] + NEAR_M)
        return band


def likelier(gain: Floats, *, mixed: bool) -> float:
    """Return the log likelihood of rows in another datum, over that of rows that lie right.

    Parameters
    ----------
    gain
        Shape (n,), log likelihood of each row there over here. Rows that fit either way, or no
        way, say nothing (0).
    mixed
        Each row is in the one or in the other, in whatever parts are likeliest.
    """
    if not mixed:
        return float(gain.sum())
    parts = _PARTS[:, None]
    return float(np.logaddexp(np.log(1 - parts), np.log(parts) + gain).sum(axis=1).max())
