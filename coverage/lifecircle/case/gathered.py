"""Gathered: tables and what they were made from, so that a later set takes what is the same."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import partial
from operator import is_
from typing import TYPE_CHECKING, Any, cast

import geopandas as gpd
import numpy as np
import pandas as pd

from lifecircle.reach.again import reach_again
from lifecircle.reach.rounded import reach_rounded
from lifecircle.reach.table import reach_table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from lifecircle.case.case import Case
    from lifecircle.counting.weighing import Weighing
    from lifecircle.model.reach import ReachTable
    from lifecircle.model.tables import Tables

__all__ = ["Asked", "Columns", "Gathered", "Reached", "kept", "made_or_kept", "same", "taken"]


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """Whose reach is sought in a case, and how far; ``member``: 1 of the group and open, 0, NaN."""

    case: Case
    member: NDArray[np.float64]
    radius_m: float
    walk_m: float
    widened: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Some columns of a table, of those that it has."""

    table: pd.DataFrame
    names: tuple[str, ...]

    def alike(self, other: Columns) -> bool:
        """Return whether all of them say the same."""
        mine, theirs = self.table, other.table
        return mine is theirs or all(
            mine[name].equals(theirs[name])
            if name in mine and name in theirs
            else (name in mine) == (name in theirs)
            for name in self.names
        )


@dataclass(frozen=True, slots=True, eq=False)
class Gathered:
    """Tables, and what they were made from: a later set takes what is made from the same.

    ``made_from``: name of a part → what decides it; equal parts are equal tables. ``member``: kinds
    → who is one of them and open; ``widened``: where a facility of unknown place may stand;
    ``asked``: how reach is sought; ``rows``: reach group → the areas whose row is another, where
    the rest was taken from an earlier table; ``weighing``: what rates of the areas are made of.
    """

    tables: Tables
    made_from: Mapping[str, tuple[Any, ...]]
    weighing: Weighing
    member: Mapping[tuple[str, ...], NDArray[np.float64]] = field(default_factory=dict)
    widened: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    asked: Mapping[str, Asked] = field(default_factory=dict)
    rows: Mapping[str, pd.Index] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Reached:
    """The reach of one group, to be sought: unless earlier tables have it already."""

    key: str
    asked: Asked
    earlier: Gathered | None
    rows: dict[str, pd.Index]

    @property
    def made_from(self) -> tuple[Any, ...]:
        """What decides the table: of the facilities those of the group, and where they stand."""
        now = self.asked
        rows, case = now.member != 0, now.case
        where = (case.prepared, case.facility_xy[rows], case.study.facilities.frame.index[rows])
        errors = () if case.rounding is None else case.rounding.some(rows)
        return (*where, now.member[rows], now.radius_m, now.walk_m, now.widened, *errors)

    def table(self) -> ReachTable:
        """Seek the group's reach from every area."""
        same_one = taken(self.earlier, f"reach.{self.key}", self.made_from)
        if same_one is not None:
            found: ReachTable = same_one
            return found
        again = self._again()
        if again is not None:
            found, rows = again
            self.rows[self.key] = self.asked.case.study.residential.frame.index[rows]
            return found
        seek: Callable[..., ReachTable] = reach_table
        now = self.asked
        if now.case.rounding is not None:
            seek = partial(reach_rounded, rounded=now.case.rounding)
        return seek(
            now.case.context,
            self.key,
            now.member,
            radius_m=now.radius_m,
            walk_m=now.walk_m,
            widened=now.widened,
        )

    def _again(self) -> tuple[ReachTable, NDArray[np.int64]] | None:
        """Return the table, and the rows that are not the earlier one's; None: seek it whole."""
        was = None if self.earlier is None else self.earlier.asked.get(self.key)
        if was is None or self.earlier is None:
            return None
        now = self.asked
        told = [(one.radius_m, one.walk_m, one.widened) for one in (was, now)]
        if was.case.prepared is not now.case.prepared or not same(*told):
            return None
        return reach_again(
            self.earlier.tables.reach[self.key],
            (was.case.context, was.member),
            (self.asked.case.context, self.asked.member),
            self.asked.widened,
        )


def taken(earlier: Gathered | None, name: str, made_from: tuple[Any, ...]) -> Any:
    """Return the part of earlier tables that was made from the same; None where there is none."""
    if earlier is None or not same(earlier.made_from.get(name), made_from):
        return None
    whole, _, key = name.partition(".")
    part = getattr(earlier.tables, whole)
    return part[key] if key else part


def made_or_kept(
    earlier: Gathered | None,
    made: dict[str, tuple[Any, ...]],
    name: str,
    made_from: tuple[Any, ...],
    make: Callable[[], pd.DataFrame],
) -> pd.DataFrame:
    """Return the earlier table where it was made from the same, or is equal; enter it in ``made``.

    Whether two tables are equal costs more than whether they were made from one layer.
    """
    made[name] = made_from
    if earlier is not None and all(map(_is_same, earlier.made_from[name], made_from)):
        return cast("pd.DataFrame", getattr(earlier.tables, name))
    # copied, columns of one type lie side by side: rows are taken out of a table a hundred times
    return cast("pd.DataFrame", kept(earlier, name, make().copy()))


def _is_same(old: Any, new: Any) -> bool:
    """Return whether two values are one, or equal words, days and sets, or rows of such."""
    if isinstance(old, tuple) and type(old) is type(new):
        return len(old) == len(new) and all(map(_is_same, old, new))
    told: Any = str | bool | dt.date | frozenset
    return old is new or (isinstance(old, told) and type(old) is type(new) and bool(old == new))


def kept(earlier: Gathered | None, name: str, table: Any) -> Any:
    """Return the earlier table where the new one is equal to it."""
    old = None if earlier is None else getattr(earlier.tables, name)
    return old if old is not None and same(old, table) else table


def same(old: Any, new: Any) -> bool:
    """Return whether two values are one, or alike in all they say."""
    if old is new:
        return True
    if type(old) is not type(new):
        return False
    if isinstance(new, gpd.GeoSeries):
        equal = old.index.equals(new.index) and _same_shapes(old, new)
    elif isinstance(new, pd.DataFrame | pd.Series | pd.Index):
        equal = old.equals(new)
    elif isinstance(new, np.ndarray):
        equal = np.array_equal(old, new, equal_nan=new.dtype.kind == "f")
    elif isinstance(new, Columns):
        equal = new.alike(old)
    elif isinstance(new, tuple):
        equal = len(old) == len(new) and all(map(same, old, new))
    else:
        equal = old == new
    return bool(equal)


def _same_shapes(old: gpd.GeoSeries, new: gpd.GeoSeries) -> bool:
    """Return whether two columns of one length have the same shapes: most are the same objects."""
    pair = [np.asarray(column.array, dtype=object).tolist() for column in (old, new)]
    return all(map(is_, *pair)) or all(a is b or a == b for a, b in zip(*pair, strict=True))
