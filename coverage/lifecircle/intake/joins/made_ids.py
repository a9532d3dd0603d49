"""References to ids that the program made of row numbers: they mean another row once one is added.

A ledger without codes is read all the same, its rows numbered as the user sees them: R3 is row 3.
Written in another table, such a number says where a place stood, not which place is meant.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.intake.joins.references import IdIndex, each_subject, zeros_read
from lifecircle.intake.ledger.rows import texts
from lifecircle.intake.ledger.values import is_blank, split_serves
from lifecircle.model.dictionary import fold
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from lifecircle.intake.ledger.rows import Ledger
    from lifecircle.model.inputs.layers import Layer

__all__ = ["exempt_by_name", "exempt_perhaps", "made_ids", "made_references"]

_COLUMNS = {
    "facilities": {"serves": "residential"},
    "gates": {"residential": "residential"},
    "buildings": {"residential": "residential"},
    "travel": {"demand": "residential", "facility": "facilities"},
}
"""Layer → its columns that name rows of another layer → which layer."""


def made_ids(ledger: Ledger) -> dict[str, str]:
    """Return the ids of a ledger that its file does not give, folded → the name of the row."""
    frame = ledger.frame
    if frame.index.name != "id":
        return {}
    header = ledger.headers.get("id")
    cells = None if header is None else ledger.raw.frame[header].to_numpy()[ledger.at]
    return {
        fold(key): str(frame["name"].iloc[row] or key) if "name" in frame else str(key)
        for row, key in enumerate(frame.index)
        if cells is None or is_blank(cells[row])
    }


def made_references(
    ledgers: Iterable[Ledger], made: Mapping[str, Mapping[str, str]]
) -> tuple[Problem, ...]:
    """Return a warning for each cell that names a row by an id that the program made.

    The reference is followed: it is right as long as the rows stay as they are.

    Parameters
    ----------
    ledgers
        The tables that may name rows of others.
    made
        Layer → what :func:`made_ids` says of it.
    """
    return tuple(
        _warning(ledger, row, column, made[target][fold(part)], part)
        for ledger in ledgers
        for column, target in _COLUMNS.get(ledger.raw.layer, {}).items()
        if made.get(target)
        for row, cell in enumerate(ledger.frame[column])
        if cell is not None
        for part, _ in ([(cell, None)] if column != "serves" else split_serves(cell))
        if fold(part) in made[target]
    )


def exempt_by_name(
    ledger: Ledger, layers: Iterable[Layer], made: Mapping[str, Mapping[str, str]]
) -> tuple[Ledger, tuple[Problem, ...]]:
    """Return the exemptions with names as ids, and without those of ids that the program made.

    A name serves where one row of all layers has it, and a number that lost its zeros where one
    id of all layers is that number. An exemption of a made id is refused: who was meant would be
    judged another year, and somebody else exempt.
    """
    layers = tuple(layers)
    known = {str(key) for layer in layers for key in layer.frame.index}
    names = [IdIndex(layer.frame) for layer in layers]
    numbers = {key: name for one in made.values() for key, name in one.items()}
    refused = np.zeros(len(ledger.frame), dtype=bool)
    ids, problems = ledger.frame["id"].tolist(), []
    for row, said in enumerate(ids):
        if said is None:
            continue
        if fold(said) in numbers:
            refused[row] = True
            problems.append(_warning(ledger, row, "id", numbers[fold(said)], said))
        elif said not in known:
            found = {key for one in names if (key := one.find(said)) is not None}
            lost = [] if found else _of_number(said, names, layers)
            if len(lost) == 1:
                found = {lost[0][0]}
                problems.append(zeros_read(ledger, row, "id", lost[0][1], lost[0][0]))
            ids[row] = found.pop() if len(found) == 1 else said
    frame = ledger.frame.assign(id=texts(ids, ledger.frame.index))
    return dataclasses.replace(ledger, frame=frame).without(refused), tuple(problems)


def _of_number(
    said: str, names: Iterable[IdIndex], layers: Iterable[Layer]
) -> list[tuple[str, str]]:
    """Return the ids that are the number said, each with its layer."""
    each = zip(names, layers, strict=True)
    return [(key, layer.name) for one, layer in each if (key := one.of_number(said)) is not None]


def exempt_perhaps(
    table: pd.DataFrame, layers: Iterable[Layer], made: Container[str] = ()
) -> pd.DataFrame:
    """Return exemptions with a row for each place that an unclear name may mean, and ``written``.

    A cell that lists several (R1、R2) means each of them; not by ids that the program ``made``.
    Of a name that several rows have one is exempt, of one that nearly agrees perhaps none:
    ``written`` is that name, None where it is plain who is exempt, or nobody can be meant.
    """
    layers = tuple(layers)
    known = {str(key) for layer in layers for key in layer.frame.index}
    names = [IdIndex(layer.frame) for layer in layers]
    rows: list[tuple[int, str, str | None]] = []
    for row, said in enumerate(map(str, table["id"])):
        plain = [] if said in known else each_subject(names, said, made)
        meant = [] if said in known or plain else _may_mean(names, said)
        rows += [(row, key, None) for key in plain]
        rows += [(row, key, said) for key in meant]
        rows += [] if plain or meant else [(row, said, None)]
    found = table.iloc[[row for row, _, _ in rows]].reset_index(drop=True)
    ids, written = ([row[side] for row in rows] for side in (1, 2))
    columns = {"id": pd.Series(ids, found.index, dtype=object)}
    return found.assign(**columns, written=pd.Series(written, found.index, dtype=object))


def _may_mean(names: Iterable[IdIndex], said: str) -> list[str]:
    """Return the rows of all layers that a name fits, else those that it nearly agrees with."""
    may = [one.perhaps(said) for one in names]
    told = [keys for keys, fits in may if fits] or [keys for keys, _ in may]
    return list(dict.fromkeys(key for keys in told for key in keys))


def _warning(ledger: Ledger, row: int, column: str, name: str, said: str) -> Problem:
    code = ProblemCode.REFERENCE_MADE
    problem = ledger.problem(code, Severity.WARNING, row, column, name=name)
    return dataclasses.replace(problem, value=said)
