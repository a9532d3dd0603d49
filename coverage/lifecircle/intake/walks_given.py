"""A ready table of walks: which area and which facility each row means, or may mean."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from lifecircle.intake.joins.references import IdIndex, meant, zeros_read
from lifecircle.intake.ledger.values import is_blank
from lifecircle.model.problem import Problem, Severity
from lifecircle.model.reach import TravelTable, perhaps_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from lifecircle.intake.ledger.rows import Ledger
    from lifecircle.intake.settings.schema import AliasList, TravelOptions
    from lifecircle.model.inputs.layers import Layer

    Meant = tuple[list[str], bool]
    _Perhaps = tuple[int, str, str, float, str, bool, bool]

__all__ = ["travelled"]


def travelled(
    ledger: Ledger,
    residential: Layer,
    facilities: Layer,
    options: TravelOptions,
    aliases: AliasList | None = None,
) -> tuple[TravelTable, Ledger, tuple[Problem, ...]]:
    """Return a ready travel table by ids, the rows that are used, and what is to be said.

    An id that lost its zeros is read as the only one of its number. A row whose area or facility
    nearly agrees with one or fits several says which pairs it may mean; one that means none is set
    aside. A pair beyond the limit is absent, as the table's contract says; of a pair given twice
    the cheaper holds. Of one whose cost is blank or cannot be read, any may be true.
    """
    said: list[_Cells] = []
    for column, layer in (("demand", residential), ("facility", facilities)):
        names = IdIndex(layer.frame, getattr(aliases, layer.name, None))
        texts = [str(text) for text in ledger.frame[column]]
        told = [_meant(names, layer, ledger, (row, column)) for row in range(len(texts))]
        means, problems = zip(*told, strict=True) if told else ((), ())
        said.append(_Cells(texts, means, [one for some in problems for one in some]))
    demand, facility = said
    lost = np.array(
        [not (a and f) for (a, _), (f, _) in zip(demand.means, facility.means, strict=True)],
        dtype=bool,
    )
    cost = ledger.frame["cost"].to_numpy(float)
    used = np.flatnonzero(~lost & (cost <= options.limit))
    pairs, perhaps = _pairs(demand, facility, cost, used)
    perhaps += _unread(ledger, demand, facility, np.flatnonzero(np.isnan(cost)).tolist())
    frame = pd.DataFrame(pairs, columns=["demand", "facility", "cost"])
    frame = frame.astype({"demand": object, "facility": object, "cost": float})
    frame = frame.groupby(["demand", "facility"], as_index=False, sort=True)["cost"].min()
    table = TravelTable(frame, options.unit, options.limit, "given", perhaps_table(perhaps))
    return table, ledger.without(lost), (*demand.problems, *facility.problems)


class _Cells(NamedTuple):
    """A column of the table: what is written, what it may mean, and what is to be said."""

    texts: Sequence[str]
    means: Sequence[Meant]
    problems: Sequence[Problem]

    def sure(self, row: int) -> bool:
        keys, fits = self.means[row]
        return fits and len(keys) == 1


def _pairs(
    demand: _Cells, facility: _Cells, cost: NDArray[np.float64], used: Iterable[int]
) -> tuple[list[tuple[str, str, float]], list[_Perhaps]]:
    """Return the pairs of some rows, and those that rows of unclear names may mean."""
    pairs: list[tuple[str, str, float]] = []
    perhaps: list[_Perhaps] = []
    for row in used:
        (areas, fit), (places, fits) = demand.means[row], facility.means[row]
        walk = float(cost[row])
        unsure = [one.texts[row] for one in (demand, facility) if not one.sure(row)]
        if not unsure:
            pairs.append((areas[0], places[0], walk))
        else:
            perhaps += [
                (int(row), area, place, walk, "、".join(unsure), fit and fits, False)
                for area, place in itertools.product(areas, places)
            ]
    return pairs, perhaps


def _unread(
    ledger: Ledger, demand: _Cells, facility: _Cells, rows: Iterable[int]
) -> list[_Perhaps]:
    """Return what rows without a cost that can be read may say: the place itself, or no walk."""
    return [
        (row, area, place, 0.0, _cost_written(ledger, row), False, True)
        for row in rows
        for area, place in itertools.product(demand.means[row][0], facility.means[row][0])
    ]


def _cost_written(ledger: Ledger, row: int) -> str:
    cell = ledger.raw.frame[ledger.headers["cost"]].iloc[int(ledger.at[row])]
    return "–" if is_blank(cell) else str(cell)


def _meant(
    names: IdIndex, layer: Layer, ledger: Ledger, at: tuple[int, str]
) -> tuple[Meant, list[Problem]]:
    """Return the rows of a layer that a cell may mean, whether it is one of them, and problems."""
    row, column = at
    text = str(ledger.frame[column].iloc[row])
    if (key := names.find(text)) is not None:
        return ([key], True), []
    if (key := names.of_number(text)) is not None:
        return ([key], True), [zeros_read(ledger, row, column, layer.name, key)]
    keys, fits = names.perhaps(text)
    severity = Severity.WARNING if keys else Severity.ERROR
    key, problems = meant(names, text, ledger, row, column, severity, layer=layer.name)
    return ([key], True) if key else (keys, fits), problems
