"""Touched: the columns and the areas in which the tables of two benches differ.

What a rule finds of an area hangs on that area's rows alone, where its measure is declared so
(``row_by_row``): of the areas, of its reach, of the m² account, of the findings it speaks of. Then
only the areas of which one of these differs are judged again.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lifecircle.counting.eligibility import members
from lifecircle.counting.projects import leads
from lifecircle.judge.exemptions import of_clause
from lifecircle.model.finding import among, rows_apart
from lifecircle.model.rules.needs import weights_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from lifecircle.model.rules.options import Options
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Account, Tables

    Bools = NDArray[np.bool_]

__all__ = [
    "Differences",
    "changed_columns",
    "moved",
    "restricted",
    "same_exemptions",
    "same_table",
    "touched_areas",
]

_FRAMES = ("areas", "facilities", "units")
_WHOLE = (
    "containment",
    "sharing",
    "likely",
    "journeys",
    "indicators",
    "evidence",
    "candidates",
)
_OF_OTHERS = ("facilities.", "containment", "sharing", "likely")
"""What reaches an area only by its rows of reach and account: both are compared themselves."""
_OF_PHASES = frozenset({"single_minimum"})
"""Measures that read of other phases what may be an area's too: with projects all are judged."""
_MOST = 0.5
"""Share of all areas above which all are judged."""


def touched_areas(
    rule: Rule[Options],
    reads: frozenset[str],
    differences: Differences,
    tables: tuple[Tables, Tables],
    known: Mapping[str, pd.Index],
) -> tuple[pd.Index, pd.Index] | None:
    """Return the areas of which a rule may find something else; None: it may be any.

    Besides, with these, those that weigh otherwise in its rates.

    Parameters
    ----------
    reads
        What of it changed: ``table.column``, whole tables by name.
    differences
        Of the two sets of tables.
    tables
        Now and before, with the reach, the account and the findings that the rule reads.
    known
        ``account``, ``reach``, ``findings`` → the areas of which alone it can differ, where that
        is known: it is not looked at then.
    """
    new, old = tables
    if not rule.spec.row_by_row or not new.areas.index.equals(old.areas.index):
        return None
    if rule.measure in _OF_PHASES and "project" in new.areas and new.areas["project"].notna().any():
        return None
    columns = {name.removeprefix("areas.") for name in reads if name.startswith("areas.")}
    rest = {name for name in reads if not name.startswith(("areas.", *_OF_OTHERS))}
    if rest:
        return None
    found, weighed = _by_columns(rule, columns, differences)
    ids = new.areas.index
    for name, differ in (
        ("reach", _by_reach),
        ("account", _by_account),
        ("findings", _by_findings),
    ):
        more = among(ids, known[name]) if name in known else differ(rule, new, old)
        if more is None:
            return None
        found |= more
    lead = leads(new.areas)
    found |= among(ids, lead[found])  # a phase is judged with the one that leads
    weighed |= found | among(ids, lead[weighed])
    return (ids[found], ids[weighed]) if weighed.mean() <= _MOST else None


def _by_columns(
    rule: Rule[Options], columns: set[str], differences: Differences
) -> tuple[Bools, Bools]:
    """Return the areas of which a rule reads another cell, and those that weigh otherwise."""
    weights = {name.removeprefix("areas.") for name in weights_of(rule)}
    weighed = differences.of_areas(frozenset(columns & weights)).copy()
    found = differences.of_areas(frozenset(columns - weights)).copy()
    if "counted" in columns & weights:  # to an area without households nothing applies
        tables = (differences.new.areas, differences.old.areas)
        homes = (table["counted"].to_numpy(dtype=float) for table in tables)
        found |= np.logical_xor(*(counted == 0 for counted in homes))
    return found, weighed


def restricted(tables: Tables, areas: pd.Index) -> Tables:
    """Return tables of some areas alone, with their rows of the account and of the findings."""
    account, ids = tables.account, tables.areas.index
    if areas.empty:  # nothing will be read of them
        return dataclasses.replace(tables, areas=tables.areas.iloc[:0])
    if account is not None:
        lead = set(leads(tables.areas).loc[areas])
        account = dataclasses.replace(
            account,
            frame=account.frame[account.frame.index.get_level_values("id").isin(lead)],
            places=account.places[account.places["residential"].isin(lead)],
            allocation=account.allocation[account.allocation["residential"].isin(lead)],
            notes={area: told for area, told in account.notes.items() if area in lead},
        )
    return dataclasses.replace(
        tables,
        areas=tables.areas.take(ids.get_indexer(areas)),
        account=account,
        findings={
            name: rows.take(np.flatnonzero(among(rows.index, areas)))
            for name, rows in tables.findings.items()
        },
    )


def _by_reach(rule: Rule[Options], new: Tables, old: Tables) -> Bools | None:
    """Return of which areas the rule's reach differs; None where it does as a whole."""
    none = np.zeros(len(new.areas), dtype=bool)
    if rule.measure not in {"radius", "walk"}:
        return none
    mine, theirs = new.reach[rule.reach_key], old.reach[rule.reach_key]
    if mine is theirs:
        return none
    told = [
        (r.radius_m_limit, r.walk_m_limit, dict(r.unplaced), r.spread_m) for r in (mine, theirs)
    ]
    if told[0] != told[1]:
        return None
    return rows_apart(mine.frame, theirs.frame, mine.frame.columns)


def _by_account(rule: Rule[Options], new: Tables, old: Tables) -> Bools | None:
    """Return of which areas, or leading phases, the account differs; None where it does whole."""
    none = np.zeros(len(new.areas), dtype=bool)
    mine, theirs = new.account, old.account
    if mine is theirs or not rule.spec.account:
        return none
    if mine is None or theirs is None or mine.proven != theirs.proven:
        return None
    differ = _rows_of_account(mine, theirs)
    return np.asarray(leads(new.areas).isin(differ) | leads(old.areas).isin(differ), dtype=bool)


def _rows_of_account(mine: Account, theirs: Account) -> set[Any]:
    """Return the areas that two accounts say different things of."""
    told = {*mine.notes, *theirs.notes}
    found: set[Any] = {area for area in told if mine.notes.get(area) != theirs.notes.get(area)}
    if mine.frame.index.equals(theirs.frame.index):
        rows = rows_apart(mine.frame, theirs.frame, mine.frame.columns)
        found |= set(mine.frame.index.get_level_values("id")[rows])
    else:
        both = [one.frame.reset_index() for one in (mine, theirs)]
        found |= _others(both[0], both[1], "id")
    found |= _others(mine.places, theirs.places, "residential")
    return found | _others(mine.allocation, theirs.allocation, "residential")


def _others(one: pd.DataFrame, other: pd.DataFrame, column: str) -> set[Any]:
    """Return whose rows are not the same, in the same order, in both tables."""
    if one is other or one.equals(other):
        return set()
    rows = [_by_key(table[column].tolist(), _plain(table)) for table in (one, other)]
    return {key for key in {*rows[0], *rows[1]} if rows[0].get(key) != rows[1].get(key)}


def _plain(table: pd.DataFrame) -> Iterable[tuple[Any, ...]]:
    """Return rows as tuples that equal each other where they say the same: gaps as None."""
    columns = []
    for name in table.columns:
        cells = table[name].to_numpy(dtype=object, copy=True)
        cells[pd.isna(cells)] = None
        columns.append(cells.tolist())
    return zip(*columns, strict=True)


def _by_key(keys: list[Any], rows: Iterable[tuple[Any, ...]]) -> dict[Any, list[tuple[Any, ...]]]:
    found: dict[Any, list[tuple[Any, ...]]] = {}
    for key, row in zip(keys, rows, strict=True):
        found.setdefault(key, []).append(row)
    return found


def _by_findings(rule: Rule[Options], new: Tables, old: Tables) -> Bools | None:
    """Return of which areas the findings that a rule speaks of differ."""
    del rule
    ids = new.areas.index
    found = np.zeros(len(ids), dtype=bool)
    if new.findings.keys() != old.findings.keys():
        return None
    for name, mine in new.findings.items():
        theirs = old.findings[name]
        if mine is theirs:
            continue
        both = mine.index.intersection(theirs.index)
        rows = rows_apart(mine.loc[both], theirs.loc[both], mine.columns)
        found |= ids.isin(both[rows]) | ids.isin(mine.index.symmetric_difference(theirs.index))
    return found


@dataclass(frozen=True, eq=False)
class Differences:
    """In what two sets of bare tables differ."""

    new: Tables
    old: Tables

    @cached_property
    def names(self) -> frozenset[str]:
        """``table.column`` of all columns that differ, and other tables by name."""
        new, old = self.new, self.old
        found = {name for name in _WHOLE if not same_table(getattr(new, name), getattr(old, name))}
        for name in _FRAMES:
            found |= changed_columns(name, getattr(new, name), getattr(old, name))
        for field in dataclasses.fields(new.parameters):
            if getattr(new.parameters, field.name) != getattr(old.parameters, field.name):
                found.add(f"parameters.{field.name}")
        return frozenset(found)

    def of_areas(self, columns: frozenset[str]) -> Bools:
        """Return the areas in which some columns differ: asked once each, many clauses read one."""
        if columns not in self._areas:
            self._areas[columns] = rows_apart(self.new.areas, self.old.areas, columns)
        return self._areas[columns]

    @cached_property
    def _areas(self) -> dict[frozenset[str], Bools]:
        return {}

    @cached_property
    def facilities(self) -> tuple[pd.DataFrame, pd.DataFrame] | None:
        """The facilities that are others now, and were before; None: the rest changed places."""
        new, old = self.new.facilities, self.old.facilities
        at = old.index.get_indexer(new.index)
        stays = at >= 0
        if (np.diff(at[stays]) < 0).any():
            return None
        if new.index.equals(old.index):  # what is the same in whole columns is known already
            differ = [name for name in self.names if name.startswith("facilities.")]
            columns = [name.removeprefix("facilities.") for name in differ]
            same = ~rows_apart(new, old, columns)
        else:
            columns = [*new.columns.union(old.columns)]
            same = ~rows_apart(new[stays], old.take(at[stays]), columns)
        gone = np.ones(len(old), dtype=bool)
        gone[at[stays][same]] = False
        stays[stays] = same
        return new[~stays], old[gone]

    def looked_past(self, rule: Rule[Options], touched: frozenset[str]) -> bool:
        """Return whether all that changed are facilities that a rule does not look at.

        They, and what is recorded of them. ``touched``: what of the rule's reads changed.
        """
        columns = {name for name in touched if name.startswith("facilities.")}
        spec, rows = rule.spec, self.facilities
        if not spec.only_kinds or not rule.kinds or not touched - columns <= {"sharing"}:
            return False
        kinds = (*rule.kinds, *spec.also_kinds)
        if rows is None or not self._none_of(kinds, rows):
            return False
        return "sharing" not in touched or self._same_records

    def _none_of(self, kinds: tuple[str, ...], rows: tuple[pd.DataFrame, pd.DataFrame]) -> bool:
        """Return whether the facilities that are others are none of some kinds: asked once each."""
        if kinds not in self._strangers:
            none = all((members(one, kinds) == 0).all() for one in rows if len(one))
            self._strangers[kinds] = none
        return self._strangers[kinds]

    @cached_property
    def _strangers(self) -> dict[tuple[str, ...], bool]:
        return {}

    @cached_property
    def _same_records(self) -> bool:
        """Whether the same is recorded of all facilities but those that are others."""
        gone = [one for rows in self.facilities or () for one in rows.index]
        rest = [t.sharing[~t.sharing["facility"].isin(gone)] for t in (self.new, self.old)]
        return bool(rest[0].reset_index(drop=True).equals(rest[1].reset_index(drop=True)))


def moved(reads: frozenset[str]) -> bool:
    """Return whether an area may be of another unit or setting: ``reads`` that changed."""
    return not reads.isdisjoint({"areas.unit", "areas.setting"})


def changed_columns(name: str, new: pd.DataFrame, old: pd.DataFrame) -> set[str]:
    """Return the columns in which two tables differ: all where their rows are others."""
    if new is old:
        return set()
    columns = {*new.columns, *old.columns}
    if new.index.equals(old.index):
        theirs = dict(old.items())
        columns -= {c for c, mine in new.items() if c in theirs and mine.equals(theirs[c])}
    return {f"{name}.{column}" for column in columns}


def same_table(new: Any, old: Any) -> bool:
    """Return whether two tables, or what stands for them, say the same."""
    if new is old:
        return True
    if isinstance(new, pd.DataFrame) and isinstance(old, pd.DataFrame):
        return bool(new.equals(old))
    return type(new) is type(old) and bool(new == old)


def same_exemptions(one: pd.DataFrame, other: pd.DataFrame, clause: str) -> bool:
    """Return whether two studies exempt the same subjects of a clause."""
    if one is other:
        return True
    mine = (table[of_clause(table, clause)] for table in (one, other))
    return same_table(*mine)
