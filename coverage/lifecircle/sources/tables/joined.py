"""Several tables as one: a layer that stands in several files, sheets, layers or folders."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from pyproj import CRS
from pyproj.exceptions import CRSError

from lifecircle.model.problem import ProblemCode
from lifecircle.sources.raw import Part, RawTable, SourceError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lifecircle.sources.raw import FullField

__all__ = ["joined"]


def joined(tables: Sequence[RawTable], names: Sequence[Mapping[str, str]]) -> RawTable:
    """Return the rows of several tables one after the other, each with where it stands.

    Parameters
    ----------
    tables
        One or more.
    names
        Of each table, header → header of the whole, where they differ.

    Raises
    ------
    SourceError
        Two of them have shapes in different coordinate systems.
    """
    if len(tables) == 1:
        return tables[0]
    crs = _one_crs(tables)
    renamed = [t.renamed(n) for t, n in zip(tables, names, strict=True)]
    frame = pd.concat([t.frame for t in renamed], ignore_index=True).astype(object)
    starts = np.cumsum([0, *(len(t) for t in tables)])[:-1].tolist()
    parts = tuple(
        Part(start, t.file, t.sheet, t.letters, t.contents)
        for start, t in zip(starts, renamed, strict=True)
    )
    placed = any(t.geometry is not None for t in tables)
    return dataclasses.replace(
        renamed[0],
        frame=frame.where(frame.notna(), None),
        rows=np.concatenate([t.rows for t in tables]),
        geometry=np.concatenate([_shapes(t) for t in tables]) if placed else None,
        crs=crs,
        sheet=None,
        parts=parts,
        **_moved(renamed, starts),
    )


def _one_crs(tables: Sequence[RawTable]) -> str | None:
    said = list(dict.fromkeys(t.crs for t in tables if t.geometry is not None))
    if len(said) < 2:  # noqa: PLR2004
        return said[0] if said else tables[0].crs
    try:
        systems = [None if text is None else CRS.from_user_input(text) for text in said]
        same = all(one == systems[0] for one in systems)
    except CRSError:
        same = False
    if not same:
        raise SourceError(ProblemCode.PARTS_DIFFER, names=[t.sheet or t.file for t in tables])
    return said[0]


def _shapes(table: RawTable) -> Any:
    if table.geometry is not None:
        return table.geometry
    return np.full(len(table), None, dtype=object)


def _moved(tables: Sequence[RawTable], starts: Sequence[int]) -> dict[str, Any]:
    """Return what is said of rows by their position, from the first of all tables."""
    shared: dict[str, dict[int, tuple[int, int]]] = {}
    full: dict[str, dict[int, FullField]] = {}
    hidden: set[int] = set()
    headers: dict[str, None] = {}
    repeats: dict[str, str] = {}
    uncomputed: dict[tuple[int, str], str] = {}
    uneven: dict[int, tuple[Any, ...]] = {}
    for start, table in zip(starts, tables, strict=True):
        for header, rows in table.shared.items():
            shared.setdefault(header, {}).update(
                {start + at: (start + first, count) for at, (first, count) in rows.items()}
            )
        for header, filled in table.full.items():
            full.setdefault(header, {}).update({start + at: one for at, one in filled.items()})
        hidden |= {start + at for at in table.hidden}
        repeats |= table.repeats
        if table.width == tables[0].width:  # else nothing is known of where its cells belong
            uneven |= {start + at: cells for at, cells in table.uneven.items()}
        headers |= dict.fromkeys(table.hidden_headers)
        uncomputed |= {(start + at, name): said for (at, name), said in table.uncomputed.items()}
    return {
        "shared": shared,
        "full": full,
        "blanks": frozenset().union(*(table.blanks for table in tables)),
        "hidden": frozenset(hidden),
        "hidden_headers": tuple(headers),
        "uncomputed": uncomputed,
        "repeats": repeats,
        "uneven": uneven,
    }
