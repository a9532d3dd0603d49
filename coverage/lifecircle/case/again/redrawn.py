"""Redrawn: the m² account of the part of a county that a change can touch, and of nothing else."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lifecircle.account.estates.names import Names
from lifecircle.account.parts import Links, cut, linked_to
from lifecircle.allocation.served import NODE_WORK
from lifecircle.allocation.sharing import FINEST_M2
from lifecircle.case.gathered import Columns
from lifecircle.counting.projects import leads
from lifecircle.judge.clauses import prepared_account, settled_account
from lifecircle.model.finding import rows_apart
from lifecircle.model.rules.measures import ACCOUNT_READS
from lifecircle.model.rules.needs import SUBJECT_READS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

    import pandas as pd

    from lifecircle.model.rules.options import Options
    from lifecircle.model.rules.rule import Rule, Rules
    from lifecircle.model.tables import Account, Tables

    Said = dict[str, dict[str, tuple[object, ...]]]

__all__ = ["Footing", "Redrawn", "footing_of", "quota_reads", "redrawn"]

_NEAR = {"facility": object, "residential": object, "to_area_m": float, "straight_m": float}
_BY_WHICH = ("name", "lead", "home", "x", "unit", "community")
"""Columns of the areas that say which facilities are linked to them."""
_MOST = 0.5
"""Share of all areas above which the whole account is drawn up."""


@dataclass(frozen=True, slots=True, eq=False)
class Footing:
    """What the account of a study stands on, for the next change of it.

    ``proven``: whether all that is shared by record is a proven best, which took ``work`` at most;
    only then a part stands for itself, whatever the search of the others took. ``said``: leading
    phase → clause → all that the account says of the two (:func:`_said`).
    """

    links: Links
    proven: bool
    work: int
    said: Said


@dataclass(frozen=True, slots=True, eq=False)
class Redrawn:
    """The account of some areas, of which alone it may be another one.

    ``areas``: all phases, in the order of the tables; ``account``: None where there are none;
    ``others``: clause → those of which it says something else under it than before.
    """

    areas: pd.Index
    account: Account | None
    footing: Footing
    others: Mapping[str, pd.Index]

    def areas_of(self, rule: Rule[Options]) -> pd.Index:
        """Return the areas of which a rule may read something else in the account.

        A quota reads what is said under itself, other rules what stands there and near it too.
        """
        if rule.measure != "provision":
            return self.areas
        return self.others.get(rule.id, self.areas[:0])


def footing_of(tables: Tables, account: Account) -> Footing:
    """Return the footing of a whole account."""
    links = Links.of(tables, Names.of_tables(tables))
    return Footing(links, account.proven, account.work, _said(account))


def quota_reads(rules: Rules) -> frozenset[str]:
    """Return ``table.column``, and tables by name, of all that an account of quotas looks at."""
    where = {f"areas.{field}" for rule in rules.of("provision") for field in rule.where}
    return frozenset({*ACCOUNT_READS, *SUBJECT_READS["residential"], *where})


def redrawn(tables: Tables, rules: Rules, changes: frozenset[str], old: Footing) -> Redrawn | None:
    """Return the account of the part that changes can touch; None: draw up the whole.

    Parameters
    ----------
    tables
        Changed, without account.
    rules
        With the quotas that the earlier account was drawn up for.
    changes
        ``table.column``, and tables by name, in which the tables differ from the earlier ones, of
        what the account reads.
    old
        Of the earlier account.

    Notes
    -----
    It equals the same rows of the whole account. What could be arranged is left out of it.
    """
    before = old.links.tables
    whole_m2 = float(tables.facilities["quota_m2_low"].sum())
    if not old.proven or not whole_m2 <= FINEST_M2:
        return None
    seeds = _touched(tables, before, changes)
    if seeds is None:
        return None
    links = _links(tables, old, seeds[1])
    part = linked_to(*seeds, tables, (old.links, links))
    if len(part.areas) > _MOST * len(tables.areas):
        return None
    if part.areas.empty:
        footing = Footing(links, proven=True, work=old.work, said=old.said)
        return Redrawn(part.areas, None, footing, {})
    prepared = prepared_account(cut(tables, part), rules, None, links.names)
    account = settled_account(prepared, rules, arranging=False)
    work = old.work + account.work
    if not account.proven or work > NODE_WORK:
        return None
    was, now = {area: old.said[area] for area in part.areas if area in old.said}, _said(account)
    said = {area: told for area, told in old.said.items() if area not in was} | now
    others = _others(tables, part.areas, was, now)
    return Redrawn(part.areas, account, Footing(links, proven=True, work=work, said=said), others)


def _said(account: Account) -> Said:
    """Return all that an account says of each area (leading phase) under each clause.

    What is equal says the same.
    """
    found: dict[str, dict[str, list[object]]] = defaultdict(lambda: defaultdict(list))
    for (area, clause), told in zip(account.frame.index, _cells(account.frame), strict=True):
        found[area][clause] += [told, account.notes.get(area)]
    for table in (account.places, account.allocation):
        names = (table[name].tolist() for name in ("residential", "clause"))
        for area, clause, told in zip(*names, _cells(table), strict=True):
            found[area][clause].append(told)
    return {area: {c: tuple(told) for c, told in by.items()} for area, by in found.items()}


def _cells(table: pd.DataFrame) -> Iterable[tuple[Any, ...]]:
    """Return the rows of a table as tuples, numbers by their bits: so a gap equals a gap."""
    columns = (column.to_numpy() for _, column in table.items())
    plain = [(cells.view(np.int64) if cells.dtype.kind == "f" else cells) for cells in columns]
    return zip(*(cells.tolist() for cells in plain), strict=True)


def _others(tables: Tables, areas: pd.Index, was: Said, now: Said) -> dict[str, pd.Index]:
    """Return, by clause, of which of ``areas`` two accounts say other things under it."""
    lead = leads(tables.areas).loc[areas]
    clauses = {clause for said in (was, now) for told in said.values() for clause in told}
    none: dict[str, tuple[object, ...]] = {}
    return {
        clause: areas[[was.get(a, none).get(clause) != now.get(a, none).get(clause) for a in lead]]
        for clause in clauses
    }


def _links(tables: Tables, old: Footing, facilities: AbstractSet[str]) -> Links:
    """Return the links of tables; all but those of the ``facilities``, if areas are as before."""
    mine, theirs = (Columns(one.areas, _BY_WHICH) for one in (tables, old.links.tables))
    if not mine.alike(theirs):
        return Links.of(tables, Names.of_tables(tables))
    return Links.of(tables, old.links.names, old.links, facilities)


def _touched(new: Tables, old: Tables, changes: frozenset[str]) -> tuple[set[str], set[str]] | None:
    """Return the areas and facilities whose own rows or records differ; None: it may be any."""
    if not new.areas.index.equals(old.areas.index):
        return None
    columns = {
        table: {name.removeprefix(f"{table}.") for name in changes if name.startswith(f"{table}.")}
        for table in ("areas", "facilities")
    }
    rest = {name for name in changes if not name.startswith(("areas.", "facilities."))}
    if rest - {"containment", "sharing"}:
        return None
    areas = set(new.areas.index[rows_apart(new.areas, old.areas, columns["areas"])])
    mine, theirs = new.facilities, old.facilities
    both = mine.index.intersection(theirs.index)
    facilities = {*mine.index, *theirs.index}.difference(both)
    one, other = (rows if rows.index.equals(both) else rows.loc[both] for rows in (mine, theirs))
    facilities |= set(both[rows_apart(one, other, columns["facilities"])])
    if "sharing" in rest:
        records = [_records(tables) for tables in (new, old)]
        for facility, area, _ in records[0] ^ records[1]:
            facilities.add(facility)
            areas.add(area)
    if "containment" in rest and not _same_beside(new, old, facilities):
        return None
    return areas, facilities


def _records(tables: Tables) -> set[tuple[str, str, float]]:
    """Return the recorded relations; of a blank number of m² as -1, which equals itself."""
    rows = tables.sharing[["facility", "residential", "m2"]]
    m2 = rows["m2"].astype(float).fillna(-1.0)
    return set(zip(rows["facility"].tolist(), rows["residential"].tolist(), m2, strict=True))


def _same_beside(new: Tables, old: Tables, facilities: Iterable[str]) -> bool:
    """Return whether who is near whom is the same of all facilities but some."""
    gone = list(facilities)
    sides = [(t.containment, ~t.containment["facility"].isin(gone).to_numpy()) for t in (new, old)]
    return all(
        np.array_equal(*(table[name].to_numpy(dtype=kind)[stays] for table, stays in sides))
        for name, kind in _NEAR.items()
    )
