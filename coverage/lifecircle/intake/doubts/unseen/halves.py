"""Would it show if half of a ledger lay in another datum? Tried on the ledgers themselves.

That nothing is told may mean that all rows lie right, or that nothing would show it: rows that stay
within their unit wherever they lie, that stand beside nothing and of which nobody recorded whom
they serve. So half of the rows are put where they would have been read had they been written in
another datum, and the same is asked of these ledgers as was of the study's own: of either ledger,
of both, in each datum, a few fixed halves each. Half a ledger would be seen if each of them is told
exactly, and the rows as they lie speak against it. What is told in part, asked about, or told of
another ledger is near to being missed: of eight districts in which a half had passed in silence
none was without such a one. That each is told is no proof where half was moved already: what is
left to move lies otherwise. Then the rows themselves rather speak for it, or do not tell.

The halves depend on where rows lie, not on their order. Most need not be asked in full: some rows
moved are likelier than none by far more, or by less, than decides.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from lifecircle.intake.doubts.ledgers import Ledgers
from lifecircle.intake.doubts.links import positions
from lifecircle.intake.doubts.paired import found_of
from lifecircle.intake.doubts.suspicion import Shifts, datums_but, real_datum

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from lifecircle.intake.doubts.crowd import Crowd
    from lifecircle.intake.doubts.links import Link
    from lifecircle.intake.doubts.weights import Weight
    from lifecircle.model.inputs.layers import Layer

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

__all__ = ["Halves"]

_DRAWN = 3
"""Halves of the rows that are tried, of each choice of ledgers and each datum."""
_PLAIN, _PLAIN_BESIDE = 16.0, 5.0
"""How much likelier (natural logarithm) some rows of a ledger are moved than none, and those of a
second one beside it, where it need not be asked whether that is told: of 400 halves none that was
not told exactly came above 15.1 and 3.3, but for two beside which another ledger was told as well.
"""
_FAINT, _FAINT_BESIDE = 9.0, 0.0
"""The same below which it may as well be missed, and need not be asked either: the eight ledgers of
which half had passed in silence came to less in one of the halves, or were not told in one."""
_NOT_DENIED = 0.0
"""How much likelier some rows of a ledger as they are may be moved than none, and it is not told:
half of them may be. Of 190 pairs that lie right five came above, to 1.9; a half of facilities that
was neither told nor noted, every other half of the same being told, to 1.7."""
_AMPLE = 2.5
"""How many times as plain one half is where no other is tried: they come to half of it at least."""
_TRIED = 3
"""Halves of which it is asked in full whether they are told, in each datum: those that say least.
"""


@dataclass(frozen=True, slots=True, eq=False)
class Halves:
    """The ledgers of a study, to be read as if half of them were in another datum.

    Parameters
    ----------
    layers
        Layer → the layer, finished, in ``crs``.
    links
        The rows that say where they belong.
    linked
        Layers → the links of them to areas, which move along with these.
    declared
        Layer → datum it was read in.
    crs
        The study's CRS.
    typed, sure, crowd
        As ``paired`` has them.
    """

    layers: Mapping[str, Layer]
    links: Sequence[Link]
    linked: Callable[[Mapping[str, Layer]], Iterator[Link]]
    declared: Mapping[str, str]
    crs: str
    typed: frozenset[str]
    sure: frozenset[str]
    crowd: Crowd | None
    shifts: Shifts = field(init=False)

    def __post_init__(self) -> None:
        """Make what knows how points move."""
        object.__setattr__(self, "shifts", Shifts(self.crs))

    def unseen(self, free: Mapping[str, Mask]) -> tuple[str, ...]:
        """Return the datums in which half of some ledger could lie without being told.

        Parameters
        ----------
        free
            Ledger → which of its rows (n,) may lie in another datum: nobody said theirs.
        """
        own = self._ledgers([*self.links], self.crowd, roughly=True)
        return tuple(
            real for real in datums_but() if self._open(own, free, real) or self._missed(free, real)
        )

    def _open(self, own: Ledgers, free: Mapping[str, Mask], real: str) -> bool:
        """Return whether rows of a ledger as they lie do not say that half of it is not so.

        Rows of which half was moved already are no ground to try halves on: those left would tell.
        """
        names = [name for name in free if real_datum(self.declared[name]) != real]
        return any(gain > _NOT_DENIED for name in names for gain in own.gained((name,), real))

    def _missed(self, free: Mapping[str, Mask], real: str) -> bool:
        """Return whether half of any of these ledgers, or of both, could be so without being told.

        What one ledger says of the other is weighed with it: where one may be missed, both may.
        """
        names = [name for name in sorted(free) if real_datum(self.declared[name]) != real]
        if names and (self.sure & {*names} or not self._asked(names)):
            return True
        ways = [some for n in range(1, len(names) + 1) for some in combinations(names, n)]
        asked = []
        for some in ways:
            for turn in range(_DRAWN):
                moves = {name: self._half(name, free[name], turn, real) for name in some}
                world = self._read(moves)
                strong = _strong(self._ledgers(*world, roughly=True).gained(some, real))
                if strong < 0:
                    return True
                if strong < 1:
                    asked.append((strong, some, turn, world))
                elif strong >= _AMPLE:
                    break  # no other half of so many would say too little
        weakest = sorted(asked, key=lambda one: one[:3])[:_TRIED]
        return not all(self._told(some, real, *world) for _, some, _, world in weakest)

    def _told(self, some: Sequence[str], real: str, links: list[Link], crowd: Crowd | None) -> bool:
        """Return whether just these ledgers are told to be in a datum with some of their rows."""
        found, asked = found_of(self._ledgers(links, crowd))
        return not asked and {*some} == {name for name, one in found.items() if _is(one, real)}

    def _asked(self, names: Sequence[str]) -> bool:
        """Return whether anything says of each of these ledgers where its rows belong."""
        known = {name for link in self.links for name in (link.layer, link.other)}
        return {*names} <= (known | ({*self.crowd.rows} if self.crowd is not None else set()))

    def _ledgers(self, links: list[Link], crowd: Crowd | None, *, roughly: bool = False) -> Ledgers:
        given = (links, self.declared, self.shifts, self.typed, self.sure, crowd)
        return Ledgers(*given, roughly=roughly)

    def _half(self, name: str, free: Mask, turn: int, real: str) -> Floats:
        """Return how far from where they are half of the rows would be read (n, 2), the others 0.

        In the datum ``real``, as one was declared. Rows at one place go together.
        """
        xy = positions(self.layers[name])
        drawn = np.array([_number(spot, turn) for spot in xy.tolist()])
        half = free & (drawn <= np.median(drawn[free]))
        moves = np.zeros_like(xy)
        moves[half] = -self.shifts.vectors(xy[half], real_datum(self.declared[name]), real)
        return moves

    def _read(self, moves: Mapping[str, Floats]) -> tuple[list[Link], Crowd | None]:
        """Return the links and the crowd with rows of some ledgers read elsewhere."""
        links = [link for link in self.links if link.other == "units"]
        areas = [link for link in self.links if link.other != "units"]
        if areas and "residential" in moves:
            areas = [*self.linked({**self.layers, **dict(self._moved(moves))})]
        elif areas:
            areas = [_elsewhere(link, moves) for link in areas]
        crowd = self.crowd
        if crowd is not None:
            points = {
                name: xy + moves[name][crowd.rows[name]] if name in moves else xy
                for name, xy in crowd.points.items()
            }
            crowd = replace(crowd, points=points)
        return [*(_elsewhere(link, moves) for link in links), *areas], crowd

    def _moved(self, moves: Mapping[str, Floats]) -> Iterator[tuple[str, Layer]]:
        """Yield the ledgers with rows at other places."""
        for name, ways in moves.items():
            frame = self.layers[name].frame
            shapes: NDArray[Any] = frame.geometry.to_numpy()
            at = shapely.get_coordinates(shapes, return_index=True)[1]
            there = shapely.transform(shapes, lambda xy, way=ways[at]: xy + way)
            yield name, replace(self.layers[name], frame=frame.set_geometry(there, crs=frame.crs))


def _elsewhere(link: Link, moves: Mapping[str, Floats]) -> Link:
    """Return a link with the rows of its own layer read elsewhere."""
    if link.layer not in moves:
        return link
    return replace(link, points=link.points + moves[link.layer][link.rows])


def _is(one: Weight, real: str) -> bool:
    """Return whether it is told of any rows of a ledger that they are in a datum."""
    return one.mixed and one.datum == real and one.sent is None


def _strong(gains: Sequence[float]) -> float:
    """Return how plain it is that a half would be told, by what the rows themselves say.

    From 1 on it need not be asked; below 0 it may as well be missed; 0 where they say nothing.
    """
    plain, faint = (
        [first, *[more] * len(gains)]
        for first, more in ((_PLAIN, _PLAIN_BESIDE), (_FAINT, _FAINT_BESIDE))
    )
    if any(gain < least for gain, least in zip(gains, faint, strict=False)):
        return -1.0
    return min((gain / least for gain, least in zip(gains, plain, strict=False)), default=0.0)


def _number(spot: Sequence[float], turn: int) -> int:
    """Return a number that is drawn by a place alone, another one in each turn."""
    words = f"{turn} {spot[0]:.2f} {spot[1]:.2f}"
    return int.from_bytes(hashlib.blake2b(words.encode(), digest_size=6).digest())
