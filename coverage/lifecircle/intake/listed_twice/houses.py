"""Facilities that may be one house on two lines: 一套房子两块牌子, or one row typed again.

One figure alone says nothing: rooms are built to the quota, and a county has day-care centres of
300 m² by the dozen. A figure with one place, one address or one name says it: that is rare of two
houses, and the rule of one on two lines. Such rooms are there once for certain, and twice perhaps.
"""

from __future__ import annotations

import dataclasses
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from lifecircle.intake.ledger.rows import texts
from lifecircle.intake.ledger.values import split_serves
from lifecircle.intake.listed_twice.grounds import by_project
from lifecircle.intake.listed_twice.rows import REPEATED_M, differ, plain
from lifecircle.model.dictionary import fold
from lifecircle.model.inputs.layers import HOUSE, HOUSE_ASTRAY, REPEATS
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from lifecircle.intake.ledger.rows import Ledger
    from lifecircle.intake.listed_twice.grounds import Ground
    from lifecircle.model.inputs.parameters import Parameters

    Shapes = NDArray[np.object_]
    Pair = tuple[int, int]
    Row = dict[Hashable, Any]

__all__ = ["with_houses"]


_NAME = "name"
_DOOR_M = 1.0
"""Two rows this near stand at one door: coordinates copied, or rounded the last digit."""
_NAMED_M = 200.0
"""One name and kind within this distance is one place that was put on the map twice."""
_BRACKETED = re.compile(r"[(\[【〔「<《]([^()\[\]【】〔〕「」<>《》]*)[)\]】〕」>》]")
_MARKS = re.compile(r"[()\[\]【】〔〕「」<>《》·・\-—_/、,.]")
_NUMERALS = str.maketrans("一二三四五六七八九", "123456789")
_NUMBER = re.compile(r"\d+")
_PART = re.compile(r"([a-z\d十东西南北负]+)(号楼|楼|层|栋|幢|单元|室|号院|侧|区|期)")
"""Where in a house or yard: 一楼, 3号楼, 东侧."""
_SAME_PARTS = {"楼": "层", "号楼": "栋", "幢": "栋"}
_OFFICE = re.compile(
    r"(街道办事处|街道办|街道|(社区|村)?(居民委员会|村民委员会|居委会|村委会)|社区|镇|乡|村)$"
)


def with_houses(
    ledger: Ledger, shapes: Shapes, areas: Iterable[Ground], parameters: Parameters
) -> tuple[Ledger, tuple[Problem, ...]]:
    """Return facilities with those that may be one house on two lines, and a word on each.

    Rows of one name and kind may be one house, measured twice, where they are no farther apart than
    positions are known (20 m). So may rows of equal m² there, and those that have one address with
    a house number, and not two positions; or one name and kind within 200 m, or where one has no
    position. Rows whose 场所编号 is given on both have said themselves whether they are one place;
    their m² are added (``bonds_written`` warns of equal).

    What parts them is said in the rows: two 场所编号, streets, communities or addresses, another
    floor or building in name or address, other beds away from one door, or whom each serves with
    how many m².

    Parameters
    ----------
    ledger, shapes
        The rows, and their shapes in projected metres (None: place unknown). Other layers are
        returned as they are.
    areas
        The residential areas, and the shape of each (None: place unknown).
    parameters
        Those of the study: how far positions may be off.
    """
    if ledger.raw.layer not in {"facilities", "planned"} or "site" not in ledger.frame:
        return ledger, ()
    rows = _Rows(ledger, shapes, max(parameters.positional_error_m, _DOOR_M))
    pairs = rows.placed_pairs()
    house = _together(pairs)
    for row, other in rows.unplaced_pairs():
        house[row] = house.setdefault(other, min(row, other))
        pairs.append((max(row, other), min(row, other)))
    if not house:
        return ledger, ()
    ids = ledger.frame.index
    named = (str(ids[house[row]]) if row in house else None for row in range(len(ids)))
    apart = _astray(house, shapes, areas)
    told = {HOUSE: texts(named, ids), HOUSE_ASTRAY: np.isin(np.arange(len(ids)), apart)}
    frame = ledger.frame.assign(**told)
    return dataclasses.replace(ledger, frame=frame), tuple(rows.problems(pairs))


class _Rows:
    """The facilities of a ledger with m², looked up by what two rows of one house share."""

    def __init__(self, ledger: Ledger, shapes: Shapes, error_m: float) -> None:
        frame = ledger.frame
        m2 = frame["community_area_m2"].fillna(frame["floor_area_m2"]).to_numpy(dtype=float)
        known = np.flatnonzero(np.nan_to_num(m2) > 0)
        self._ledger, self._shapes, self._error_m = ledger, shapes, error_m
        # what a plan draws in two places of one name is two: nobody put it on a map twice
        self._named_m = error_m if ledger.raw.layer == "planned" else _NAMED_M
        self._m2, self._known = m2, known
        self._placed = np.array([shape is not None for shape in shapes], dtype=bool)
        self._said: list[Row] = frame.to_dict("records") if len(known) > 1 else []
        keyed: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        for row in known.tolist() if self._said else ():
            for key in _keys(self._said[row]):
                keyed[(*key, m2[row])].append(row)
        self._shared = {key: rows for key, rows in keyed.items() if len(rows) > 1}
        named: dict[Any, set[int]] = defaultdict(set)
        for (what, name, _), rows_ in keyed.items():
            named[name if what == _NAME else None].update(rows_)
        self._named = [sorted(rows) for name, rows in named.items() if name and len(rows) > 1]

    def placed_pairs(self) -> list[Pair]:
        """Return the pairs of rows with a position that may be one house, the later row first."""
        near = self._within(self._known[self._placed[self._known]], self._error_m)
        for (what, *_), rows in self._shared.items():
            if what == _NAME:
                named = self._within(np.array([r for r in rows if self._placed[r]]), self._named_m)
                near |= {pair for pair in named if _named_alike(*map(self._said.__getitem__, pair))}
        planned = self._ledger.raw.layer == "planned"  # nobody has measured what a plan draws
        for rows in () if planned else self._named:  # measured twice, 100 and 110 m²
            spots = np.array([row for row in rows if self._placed[row]], dtype=np.int64)
            named = self._within(spots, self._error_m, equal=False)
            near |= {pair for pair in named if self._measured_twice(*pair)}
        return [pair for pair in sorted(near) if self._one(*pair)]

    def unplaced_pairs(self) -> Iterator[Pair]:
        """Yield each row without a position with one that it may be: one that has one, if any.

        It is joined to no second one: those may be two houses for certain.
        """
        every = {row for rows in self._shared.values() for row in rows}
        lost: dict[int, list[tuple[str, _About]]] = {
            row: [] for row in sorted(every) if not self._placed[row]
        }
        for key, rows in self._shared.items():
            about = _About(self._said, rows)
            for row in lost.keys() & {*rows}:
                lost[row].append((key[0], about))
        for row, groups in lost.items():
            others = (
                (not self._placed[other], other)
                for what, about in groups
                for other in self._alike(row, what, about)
            )
            if (found := min(others, default=None)) is not None:
                yield row, found[1]

    def _alike(self, row: int, what: str, about: _About) -> Iterator[int]:
        """Yield the first with a position and the first before that a row may be, of some."""
        mine, wanted = self._said[row], {True, False}
        for other in about.near(mine):
            place = bool(self._placed[other])
            if place not in wanted or not (place or other < row):
                continue
            if what == _NAME and not _named_alike(mine, self._said[other]):
                continue
            if self._one(row, other):
                wanted.discard(place)
                yield other
                if place:
                    return

    def _measured_twice(self, row: int, other: int) -> bool:
        """Return whether two rows of one name and kind say nothing else that tells them apart."""
        one, two = self._said[row], self._said[other]
        said = any(differ(one.get(name), two.get(name)) for name in ("serves", "beds", "site"))
        return not said and _named_alike(one, two)

    def _within(self, rows: NDArray[np.int64], metres: float, *, equal: bool = True) -> set[Pair]:
        """Return the pairs of some rows of equal m² within a distance, the later row first."""
        if len(rows) < 2:  # noqa: PLR2004 - a pair
            return set()
        shapes = self._shapes[rows]
        one, other = rows[shapely.STRtree(shapes).query(shapes, "dwithin", metres)]
        kept = (other < one) & ((self._m2[one] == self._m2[other]) == equal)
        return {*zip(one[kept].tolist(), other[kept].tolist(), strict=True)}

    def _apart_m(self, row: int, other: int) -> float:
        """Return how far two rows are apart; inf where one has no position."""
        one, two = self._shapes[row], self._shapes[other]
        return np.inf if one is None or two is None else float(one.distance(two))

    def _one(self, row: int, other: int) -> bool:
        """Return whether two rows do not say that they are two houses, or two parts of one."""
        one, two = self._said[row], self._said[other]
        if _told_apart(one, two) or None not in (plain(one.get("site")), plain(two.get("site"))):
            return False
        named = _named_alike(one, two)
        if not named and _full(one) and _full(two):
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
                    first=self._said[other]["name"] or str(ledger.frame.index[other]),
                    m2=float(self._m2[row]),
                )

    def _told_otherwise(self, row: int, other: int) -> bool:
        """Return whether two rows are near by one name, or repeated.

        See ``plausibility.repeated`` and ``rows``.
        """
        one, two = self._said[row], self._said[other]
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


def _astray(house: Mapping[int, int], shapes: Shapes, areas: Iterable[Ground]) -> list[int]:
    """Return the rows of houses that stand by one area on one line and by another on the next."""
    by_house: dict[int, list[int]] = defaultdict(list)
    for row, first in house.items():
        if shapes[row] is not None:
            by_house[first].append(row)
    rows = [row for mine in by_house.values() if len(mine) > 1 for row in mine]
    outlines, names = by_project(areas) if rows else ([], [])
    if not outlines:
        return []
    tree, asked = shapely.STRtree(outlines), np.array(rows)
    which, area = tree.query_nearest(shapes[asked], max_distance=_NAMED_M)
    nearest: dict[int, set[object]] = defaultdict(set)
    for at, one in zip(asked[which].tolist(), area.tolist(), strict=True):
        nearest[at].add(names[one])
    return [
        row
        for mine in by_house.values()
        if any(nearest[one] != nearest[mine[0]] for one in mine)
        for row in mine
    ]


def _keys(said: Row) -> Iterator[tuple[str, Any]]:
    """Yield what a row shares with another that is the same house: its address, its name."""
    if numbers := _NUMBER.findall(_as_compared(said.get("address")) or ""):
        yield "address", tuple(numbers)
    if plain(said.get("name")) is None:
        if serves := plain(said.get("serves")):
            yield _NAME, f"\0{serves}"
        return
    for name in dict.fromkeys(_called(said["name"])[:2]):
        yield _NAME, name


class _About:
    """Rows by the house number and the community that each names: who says nothing may be any."""

    def __init__(self, said: Sequence[Row], rows: Iterable[int]) -> None:
        self._rows: dict[str | None, dict[str | None, list[int]]] = {}
        for row in rows:
            number, community = self._where(said[row])
            self._rows.setdefault(number, {}).setdefault(community, []).append(row)

    def near(self, said: Row) -> Iterator[int]:
        """Yield the rows that name neither another number nor another community."""
        number, community = self._where(said)
        numbers = (number, None) if number else (*self._rows,)
        for by_community in (self._rows.get(one, {}) for one in numbers):
            for one in (community, None) if community else (*by_community,):
                yield from by_community.get(one, ())

    @staticmethod
    def _where(said: Row) -> tuple[str | None, str | None]:
        numbers = _NUMBER.search(_as_compared(said.get("address")) or "")
        return numbers and numbers[0], _office(said.get("community"))


def _called(name: str) -> tuple[str, str, str]:
    """Return a name without brackets, without what stands in them, and that.

    What says a part of the house in brackets (二楼, 东区) is said of the place.
    """
    folded = fold(name)
    inside = [text for text in _BRACKETED.findall(folded) if not _PART.search(_digits(text))]
    short = _BRACKETED.sub(lambda one: "" if one[1] in inside else one[1], folded)
    return _MARKS.sub("", folded), _MARKS.sub("", short), "".join(inside)


def _named_alike(one: Row, other: Row) -> bool:
    """Return whether two rows have one name and kind, but for brackets; or neither has a name."""
    if not _kinds_alike(one, other):
        return False
    names = [plain(row.get("name")) for row in (one, other)]
    if None in names:
        return names == [None, None]
    mine, theirs = (_called(str(name)) for name in names)
    return mine[0] == theirs[0] or (mine[1] == theirs[1] and not (mine[2] and theirs[2]))


def _kinds_alike(one: Row, other: Row) -> bool:
    """Return whether two rows are of the same kinds, or one of a kind that is not known."""
    mine, theirs = (frozenset(row.get("kinds") or {"other"}) for row in (one, other))
    return mine == theirs or "other" in mine or "other" in theirs


def _told_apart(one: Row, other: Row) -> bool:
    """Return whether site, unit, community, address, or a part of the house is another one."""
    if differ(one.get("site"), other.get("site")):
        return True
    if any(differ(*(_office(r.get(name)) for r in (one, other))) for name in ("unit", "community")):
        return True
    mine, theirs = (_as_compared(row.get("address")) for row in (one, other))
    if mine and theirs and not (_within_address(mine, theirs) or _within_address(theirs, mine)):
        return True
    parts, others = _parts(one), _parts(other)
    return any(parts[kind] != others[kind] for kind in parts.keys() & others.keys())


def _office(cell: object) -> str | None:
    """Return a unit or community as two rows write it alike: 东关社区 and 东关社区居委会."""
    text = plain(cell)
    return None if text is None else _OFFICE.sub("", str(text)) or str(text)


def _as_compared(address: object) -> str | None:
    text = plain(address)
    return None if text is None else _MARKS.sub("", _digits(str(text)))


def _digits(text: str) -> str:
    return text.translate(_NUMERALS)


def _within_address(short: str, whole: str) -> bool:
    """Return whether an address is another with less around it: 和平路3号, 和平路3号院内."""
    at = whole.find(short)
    while at >= 0:
        before, after = whole[:at][-1:], whole[at + len(short) :][:1]
        if not (before.isdigit() and short[0].isdigit()) and not (
            after.isdigit() and short[-1].isdigit()
        ):
            return True
        at = whole.find(short, at + 1)
    return False


def _parts(row: Row) -> dict[str, set[str]]:
    """Return the floors and buildings that a row names, by which of these they are."""
    found: dict[str, set[str]] = defaultdict(set)
    for column in ("name", "address", "floor"):
        for which, kind in _PART.findall(_digits(str(plain(row.get(column)) or ""))):
            found[_SAME_PARTS.get(kind, kind)].add(which)
    return found


def _full(row: Row) -> bool:
    """Return whether a row says of all whom it serves with how many m²."""
    named = split_serves(row.get("serves") or "")
    return bool(named) and all(m2 for _, m2 in named)
