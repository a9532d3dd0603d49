"""Facilities that may be one house on two lines: 一套房子两块牌子, or one row typed again.

One figure alone says nothing: rooms are built to the quota, and a county has day-care centres of
300 m² by the dozen. A figure with one place, one address or one name says it: that is rare of two
houses, and the rule of one on two lines. Such rooms are there once for certain, and twice perhaps.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from lifecircle.intake.ledger.rows import texts
from lifecircle.intake.listed_twice.apart import About, house_numbers, serves_so_much, told_apart
from lifecircle.intake.listed_twice.called import core_of, kinds_alike, named_alike, spelled
from lifecircle.intake.listed_twice.grounds import grounds
from lifecircle.intake.listed_twice.misread import one_misread
from lifecircle.intake.listed_twice.rows import REPEATED_M, differ, plain
from lifecircle.intake.listed_twice.whose import NEAR_M, astray
from lifecircle.model.inputs.layers import HOUSE, HOUSE_ASTRAY, REPEATS
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from lifecircle.intake.ledger.rows import Ledger
    from lifecircle.intake.listed_twice.grounds import Settled
    from lifecircle.model.inputs.parameters import Parameters

    Shapes = NDArray[np.object_]
    Pair = tuple[int, int]
    Row = dict[Hashable, Any]

__all__ = ["with_houses"]


_DOOR_M = 1.0
"""Two rows this near stand at one door: coordinates copied, or rounded the last digit."""

_OF_ONE_NAME = 50
"""Rows beyond which a name is a brand's, and tells no house."""


class _Key(NamedTuple):
    """What rows share that may be one house: an address, a name, its core; with which figure."""

    what: str
    said: Any
    figure: str = ""
    size: float = 0.0


def with_houses(
    ledger: Ledger,
    shapes: Shapes,
    settled: Mapping[str, Settled],
    crs: str,
    parameters: Parameters,
) -> tuple[Ledger, tuple[Problem, ...]]:
    """Return facilities with those that may be one house on two lines, and a word on each.

    Rows of equal m² no farther apart than positions are known (20 m) may be one house, and so may
    rows of equal m² or beds within 200 m, or where one has no position, that have

    - one name and kind; or one name, of whatever kinds;
    - of a ledger: names of one core (:func:`core_of`), where one has no position or they say one
      kind as well;
    - of a ledger: one name, and positions that differ as two datums do (:func:`one_misread`).

    So may rows of equal m² and one address with a house number, and not two positions; and rows of
    one name and kind, measured twice, within 20 m or, of a ledger, where one has no position. Names
    that say a kind only (幸福院) tell of their own kind and equal m² alone. Rows whose 场所编号 is
    given on both have said themselves whether they are one place; their m² are added
    (``bonds_written`` warns of equal).

    What parts them is said in the rows: two 场所编号, streets, communities or addresses, another
    floor or building in name or address, other beds away from one door, or whom each serves with
    how many m².

    Parameters
    ----------
    ledger, shapes, crs
        The rows, and their shapes in projected metres (None: place unknown), of which system. Other
        layers are returned as they are.
    settled
        The layers so far: the residential areas among them.
    parameters
        Those of the study: how far positions may be off.
    """
    if ledger.raw.layer not in {"facilities", "planned"} or "site" not in ledger.frame:
        return ledger, ()
    rows = _Rows(ledger, shapes, max(parameters.positional_error_m, _DOOR_M))
    pairs = rows.placed_pairs(crs)
    house = _together(pairs)
    for row, other in rows.unplaced_pairs():
        house[row] = house.setdefault(other, min(row, other))
        pairs.append((max(row, other), min(row, other)))
    if not house:
        return ledger, ()
    ids = ledger.frame.index
    named = (str(ids[house[row]]) if row in house else None for row in range(len(ids)))
    apart = astray(house, rows.said, shapes, grounds(settled))
    told = {HOUSE: texts(named, ids), HOUSE_ASTRAY: np.isin(np.arange(len(ids)), apart)}
    frame = ledger.frame.assign(**told)
    return dataclasses.replace(ledger, frame=frame), tuple(rows.problems(pairs))


class _Rows:
    """The facilities of a ledger, looked up by what two rows of one house share."""

    def __init__(self, ledger: Ledger, shapes: Shapes, error_m: float) -> None:
        frame = ledger.frame
        m2 = frame["community_area_m2"].fillna(frame["floor_area_m2"]).to_numpy(dtype=float)
        self._ledger, self._shapes, self._error_m = ledger, shapes, error_m
        self._planned = ledger.raw.layer == "planned"
        # what a plan draws in two places of one name is two: nobody put it on a map twice
        self._named_m = error_m if self._planned else NEAR_M
        self._m2, self._known = m2, np.flatnonzero(np.nan_to_num(m2) > 0)
        self._placed = np.array([shape is not None for shape in shapes], dtype=bool)
        self.said: list[Row] = frame.to_dict("records") if len(frame) > 1 else []
        # a plan's rooms are called after what they are: of those the whole names are to be equal
        self._cores = [None if self._planned else core_of(said) for said in self.said]
        keyed: dict[_Key, list[int]] = defaultdict(list)
        for row in range(len(self.said)):
            for key in self._keys(row):
                keyed[key].append(row)
        self._shared = {
            key: rows
            for key, rows in keyed.items()
            if 1 < len(rows) <= (_OF_ONE_NAME if key.what in {"called", "core"} else len(rows))
        }

    def _keys(self, row: int) -> Iterator[_Key]:
        """Yield what a row shares with another that is the same house."""
        said, m2 = self.said[row], float(self._m2[row])
        sized = m2 > 0
        figures = [("m2", m2)] if sized else []
        if sized and (numbers := house_numbers(said)):
            yield _Key("address", numbers, *figures[0])
        if plain(said.get("name")) is None:
            if sized and (serves := plain(said.get("serves"))):
                yield _Key("name", f"\0{serves}", *figures[0])
            return
        names = dict.fromkeys(spelled(said["name"])[:2])
        for name in names:
            if sized:
                yield _Key("name", name, *figures[0])
            if not self._planned:  # nobody has measured what a plan draws
                yield _Key("placed", name)
        if (core := self._cores[row]) is not None:
            for name in names:
                yield _Key("called", name)
            beds = plain(said.get("beds"))
            figures += [("beds", float(beds))] if beds is not None and beds > 0 else []
            for figure in figures:
                yield _Key("core", core.core, *figure)

    def placed_pairs(self, crs: str) -> list[Pair]:
        """Return the pairs of rows with a position that may be one house, the later row first."""
        at = self._known[self._placed[self._known]]
        near, written = self._within(at, self._error_m, equal=True), list["NDArray[np.int64]"]()
        for key, rows in self._shared.items():
            if key.what in {"address", "called"}:
                continue
            spots = np.array([row for row in rows if self._placed[row]], dtype=np.int64)
            metres = self._error_m if key.what == "placed" else self._named_m
            near |= {p for p in self._within(spots, metres) if self._named(key.what, *p)}
            if key.figure and not self._planned:
                written.append(spots)
        beyond = one_misread(written, self._shapes, crs, self._error_m)
        near |= {pair for pair in beyond if named_alike(*map(self.said.__getitem__, pair))}
        return [pair for pair in sorted(near) if self._one(*pair)]

    def unplaced_pairs(self) -> Iterator[Pair]:
        """Yield each row without a position with one that it may be: one that has one, if any.

        It is joined to no second one: those may be two houses for certain.
        """
        every = {row for rows in self._shared.values() for row in rows}
        lost: dict[int, list[tuple[str, About]]] = {
            row: [] for row in sorted(every) if not self._placed[row]
        }
        for key, rows in self._shared.items():
            if key.what == "placed" or not (mine := lost.keys() & {*rows}):
                continue
            about = About(self.said, rows)
            for row in mine:
                lost[row].append((key.what, about))
        for row, groups in lost.items():
            others = (
                (not self._placed[other], not self._as_large(row, other), other)
                for what, about in groups
                for other in self._alike(row, what, about)
            )
            if (found := min(others, default=None)) is not None:
                yield row, found[-1]

    def _alike(self, row: int, what: str, about: About) -> Iterator[int]:
        """Yield the first with a position and the first before that a row may be, of some."""
        wanted = {True, False}
        for other in about.near(self.said[row]):
            place = bool(self._placed[other])
            if place not in wanted or not (place or other < row):
                continue
            if self._named(what, row, other) and self._one(row, other):
                wanted.discard(place)
                yield other
                if place:
                    return

    def _named(self, what: str, row: int, other: int) -> bool:
        """Return whether what two rows share says that they may be one house."""
        if what == "address":
            return True
        alike = named_alike(self.said[row], self.said[other])
        kinds = kinds_alike(self.said[row], self.said[other])
        if what in {"placed", "called"}:
            return alike and self._measured_twice(what, row, other, kinds=kinds)
        return (alike and kinds) or self._of_one_core(row, other, alike=alike, kinds=kinds)

    def _measured_twice(self, what: str, row: int, other: int, *, kinds: bool) -> bool:
        """Return whether rows of one name say nothing of two but their m².

        Rooms of other kinds are two services' where both say how many m².
        """
        one, two = self.said[row], self.said[other]
        if any(differ(one.get(name), two.get(name)) for name in ("serves", "beds", "site")):
            return False
        sized = bool(self._m2[row] > 0 and self._m2[other] > 0)
        return sized and kinds if what == "placed" else kinds or not sized

    def _of_one_core(self, row: int, other: int, *, alike: bool, kinds: bool) -> bool:
        """Return whether rows of equal m² or beds are called after one place, and may be there.

        Two signs with a record or a position each, of names that differ, are two.
        """
        mine, theirs = self._cores[row], self._cores[other]
        if mine is None or theirs is None or mine.core != theirs.core:
            return False
        if alike:
            return not differ(mine.town, theirs.town)
        serves = (self.said[at].get("serves") for at in (row, other))
        if differ(mine.town, theirs.town) or differ(*serves):
            return False
        placed = bool(self._placed[row] and self._placed[other])
        return not placed or (kinds and mine.kind == theirs.kind)

    def _as_large(self, row: int, other: int) -> bool:
        return bool(self._m2[row] == self._m2[other])

    def _within(self, rows: NDArray[np.int64], metres: float, *, equal: bool = False) -> set[Pair]:
        """Return the pairs of rows (of ``equal`` m²) within a distance, the later row first."""
        if len(rows) < 2:  # noqa: PLR2004 - a pair
            return set()
        shapes = self._shapes[rows]
        one, other = rows[shapely.STRtree(shapes).query(shapes, "dwithin", metres)]
        kept = (other < one) & (not equal or (self._m2[one] == self._m2[other]))
        return {*zip(one[kept].tolist(), other[kept].tolist(), strict=True)}

    def _apart_m(self, row: int, other: int) -> float:
        """Return how far two rows are apart; inf where one has no position."""
        one, two = self._shapes[row], self._shapes[other]
        return np.inf if one is None or two is None else float(one.distance(two))

    def _one(self, row: int, other: int) -> bool:
        """Return whether two rows do not say that they are two houses, or two parts of one."""
        one, two = self.said[row], self.said[other]
        if told_apart(one, two) or None not in (plain(one.get("site")), plain(two.get("site"))):
            return False
        named = named_alike(one, two) and kinds_alike(one, two)
        if not named and serves_so_much(one) and serves_so_much(two):
            return False
        beds = [one.get("beds"), two.get("beds")]
        both = all(figure is not None and figure > 0 for figure in beds)
        return not (both and beds[0] != beds[1] and not self._apart_m(row, other) <= _DOOR_M)

    def problems(self, pairs: Iterable[Pair]) -> Iterator[Problem]:
        """Yield a warning on each later row of a pair that is not told in other words."""
        first: dict[int, int] = {}
        for row, other in pairs:
            first[row] = min(other, first.get(row, other))
        ledger = self._ledger
        for row, other in sorted(first.items()):
            if not self._told_otherwise(row, other):
                yield ledger.problem(
                    ProblemCode.ONE_HOUSE,
                    Severity.WARNING,
                    row,
                    "floor_area_m2",
                    first_row=int(ledger.raw.rows[ledger.at[other]]),
                    first=self.said[other]["name"] or str(ledger.frame.index[other]),
                )

    def _told_otherwise(self, row: int, other: int) -> bool:
        """Return whether two rows are near by one name, or repeated.

        See ``plausibility.repeated`` and ``rows``.
        """
        one, two = self.said[row], self.said[other]
        if one.get(REPEATS) or two.get(REPEATS):
            return True
        name = plain(one.get("name"))
        alike = name is not None and name == plain(two.get("name"))
        return alike and self._apart_m(row, other) <= REPEATED_M


def _together(pairs: Iterable[Pair]) -> dict[int, int]:
    """Return row → the first of the rows that are its house by any of the pairs."""
    house: dict[int, int] = {}

    def root(row: int) -> int:
        while house.setdefault(row, row) != row:
            house[row] = row = house[house[row]]
        return row

    for one, other in pairs:
        first, second = sorted((root(one), root(other)))
        house[second] = first
    return {row: root(row) for row in sorted(house)}
