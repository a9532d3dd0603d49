"""What says where the rows of one town belong: its outline, and how its facilities stand.

How likely rows lie beyond a border is taken from all other towns (``strays``): rough places and
borders drawn otherwise show there too. A village that was written to the neighbour lies as rows
moved there would, all of it: rows in one neighbour say no more together than that is likely.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
import shapely

from lifecircle.intake.doubts import strays
from lifecircle.intake.doubts.links import spin
from lifecircle.intake.doubts.towns.company import Company

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from lifecircle.intake.doubts.crowd import Crowd
    from lifecircle.intake.doubts.links import Link
    from lifecircle.intake.doubts.models import Moves

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]

__all__ = ["EXACTLY", "Evidence"]

_NEIGHBOUR, _MANY = 5.0, 8.0
"""What rows in one neighbour say together at most: a village was written to it in one county of
some. The second where it would be a large part of the town."""
_MANY_ROWS, _MANY_SHARE = 4, 0.2
"""Rows that are a large part of a town, and share of its rows."""
_ONE_OFFICE = 0.8
"""How likely both ledgers were taken in one way: to ten metres, or to some hundred."""
EXACTLY = np.array([1.0, 0.0, 0.0, 0.0, 0.0])
"""How likely each way of taking places is where all are taken exactly."""


@dataclass(frozen=True, slots=True, eq=False)
class _Ledger:
    """The rows of a ledger (n), beside the units whose codes they bear.

    ``towns`` (n,): their codes; ``points`` (n, 2): where they lie; ``link``: their outlines, which
    lie ``apart`` (n, 2) from where they were read, or None; ``within`` (ways, n): how likely each
    is within in truth, by how its place was taken; ``lies`` (n,): the outline in which each is, -1
    for none.
    """

    towns: NDArray[np.str_]
    points: Floats
    link: Link | None
    apart: Floats
    within: Floats
    lies: Ints

    @property
    def home(self) -> Mask:
        """Which rows are in their unit."""
        inside: Mask = self.within[0] > 0
        return inside


class Evidence:
    """What says where the rows of each town of two ledgers belong.

    Parameters
    ----------
    test
        How places move.
    links
        Rows in units, and facilities at the areas that they serve or are named after.
    crowd
        The places of homes and facilities, and the unit that each bears.
    start
        Layer → the datum in which it lies.
    """

    def __init__(
        self, test: Moves, links: Sequence[Link], crowd: Crowd, start: Mapping[str, str]
    ) -> None:
        self._test, self.start, self.crowd = test, start, crowd
        units = {one.layer: one for one in links if one.other == "units"}
        shapes = list({id(one): one for link in units.values() for one in link.targets}.values())
        self._many = max(len(shapes), 1)
        self.ledgers = {name: self._ledger(name, units.get(name), shapes) for name in crowd.rows}
        bonds = [one for one in links if (one.layer, one.other) == ("facilities", "residential")]
        self.company = Company(
            {name: (one.towns, one.points) for name, one in self.ledgers.items()},
            crowd.rows,
            bonds,
        )
        self._moved: dict[tuple[str, float], dict[str, Floats]] = {}

    def _ledger(self, name: str, link: Link | None, shapes: Sequence[object]) -> _Ledger:
        read = self.crowd.points[name]
        own = self._test.vectors(read, name, self.start[name])
        lies, beyond, apart = np.full(len(read), -1), np.full(len(read), -np.inf), np.zeros((1, 2))
        if link is not None:
            shift = self._test.shift(link, self.start[name], self.start["units"])
            apart, beyond = shift - own, link.beyond(shift)
            row, shape = shapely.STRtree(shapes).query(shapely.points(read + shift), "intersects")
            lies[row] = shape
        towns = self.crowd.units[name].astype(str)
        return _Ledger(towns, read + own, link, apart, strays.within(beyond), lies)

    @property
    def codes(self) -> list[str]:
        """The codes of the towns of which rows are asked."""
        codes = {code for one in self.ledgers.values() for code in np.unique(one.towns).tolist()}
        return sorted(codes - {"None"})

    def ways(self, code: str) -> list[tuple[str, ...]]:
        """Return the ledgers that a town may have sent in another datum: all it has, or one."""
        names = tuple(name for name, one in self.ledgers.items() if code in one.towns)
        return [*dict.fromkeys([names, *((name,) for name in names)])]

    def moves(self, real: str, turn: float) -> dict[str, Floats]:
        """Return how the rows of each ledger move to a datum, or as far in another direction."""
        if (real, turn) not in self._moved:
            self._moved[real, turn] = {
                name: (
                    self._test.vectors(xy, name, real)
                    - self._test.vectors(xy, name, self.start[name])
                )
                @ spin(turn)
                for name, xy in self.crowd.points.items()
            }
        return self._moved[real, turn]

    def crossing(self, codes: Sequence[str], name: str, real: str) -> tuple[int, int] | None:
        """Return how many rows of towns come into their unit and how many leave it, if moved."""
        ledger = self.ledgers[name]
        if ledger.link is None:
            return None
        rows = np.flatnonzero(np.isin(ledger.towns, codes))
        home, there = ledger.home[rows], self._home(name, rows, real, 0.0)
        return int((~home & there).sum()), int((home & ~there).sum())

    def taken(self, code: str, layer: str) -> Floats:
        """Return how likely each way of taking places is, by the rows of all other towns."""
        told = {
            name: strays.ways(one.within[:, one.towns != code], self._many)
            for name, one in self.ledgers.items()
            if one.link is not None
        }
        if layer not in told:
            return EXACTLY
        both = np.sum([*told.values()], axis=0) - (len(told) - 1) * strays.TAKEN
        both, own = (np.exp(one - np.logaddexp.reduce(one)) for one in (both, told[layer]))
        likely: Floats = _ONE_OFFICE * both + (1 - _ONE_OFFICE) * own
        return likely

    def borders(
        self,
        code: str,
        real: str,
        layers: tuple[str, ...],
        taken: Mapping[str, Floats],
        turn: float = 0.0,
    ) -> float:
        """Return what the outlines say of a town's rows moved, over the same as they lie."""
        said = dict[int, float]()
        count, come, lost, left = 0, 0, 0.0, 0
        for name in layers:
            ledger = self.ledgers[name]
            rows = np.flatnonzero(ledger.towns == code)
            count += len(rows)
            if ledger.link is None or not len(rows):
                continue
            home, there = ledger.home[rows], self._home(name, rows, real, turn)
            others = ~ledger.home[ledger.towns != code]
            slips = float(strays.wrong(others.sum(), len(others)))
            out, fits = np.log(strays.told(slips, np.array([0.0, 1.0]), self._many))
            now = np.log(taken[name] @ strays.told(slips, ledger.within[:, rows], self._many))
            for row in np.flatnonzero(~home & there).tolist():
                lies = int(ledger.lies[rows[row]])
                said[lies] = said.get(lies, 0.0) + float(fits - now[row])
            gone = int((home & ~there).sum())
            come, left, lost = (
                come + int((~home & there).sum()),
                left + gone,
                lost + gone * (fits - out),
            )
        many = come - left >= max(_MANY_ROWS, _MANY_SHARE * count)
        return sum(min(one, _MANY if many else _NEIGHBOUR) for one in said.values()) - float(lost)

    def _home(self, name: str, rows: Ints, real: str, turn: float) -> Mask:
        """Return which rows are in their unit if they were moved."""
        ledger = self.ledgers[name]
        targets = cast("Link", ledger.link).targets[rows]
        moved = (ledger.points + ledger.apart + self.moves(real, turn)[name])[rows]
        inside: Mask = shapely.dwithin(targets, shapely.points(moved), strays.DRAWN_M)
        return inside
