"""A ready table of walks: which area and which facility each row means, or may mean."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.intake.joins.references import IdIndex, meant, zeros_read
from lifecircle.model.problem import Problem, Severity
from lifecircle.model.reach import TravelTable, perhaps_table

if TYPE_CHECKING:
    from lifecircle.intake.ledger.rows import Ledger
    from lifecircle.intake.settings.schema import AliasList, TravelOptions
    from lifecircle.model.inputs.layers import Layer

    Meant = tuple[list[str], bool]

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
    the cheaper holds.
    """
    problems: list[Problem] = []
    found: list[list[Meant]] = []
    for column, layer in (("demand", residential), ("facility", facilities)):
        names = IdIndex(layer.frame, getattr(aliases, layer.name, None))
        told = [
            _meant(names, layer, ledger, (row, column)) for row in range(len(ledger.frame[column]))
        ]
        found.append([means for means, _ in told])
        problems += [problem for _, said in told for problem in said]
    cost = ledger.frame["cost"].to_numpy(float)
    lost = np.zeros(len(cost), dtype=bool)
    pairs: list[tuple[str, str, float]] = []
    perhaps: list[tuple[int, str, str, float, str, bool]] = []
    for row, ((areas, fit), (places, fits)) in enumerate(zip(*found, strict=True)):
        lost[row] = not (areas and places)
        if lost[row] or not cost[row] <= options.limit:
            continue
        if len(areas) == len(places) == 1 and fit and fits:
            pairs.append((areas[0], places[0], cost[row]))
            continue
        unsure = (("demand", len(areas) == 1 and fit), ("facility", len(places) == 1 and fits))
        written = "、".join(ledger.frame[column].iloc[row] for column, sure in unsure if not sure)
        perhaps += [
            (row, area, place, cost[row], written, fit and fits)
            for area, place in itertools.product(areas, places)
        ]
    frame = pd.DataFrame(pairs, columns=["demand", "facility", "cost"])
    frame = frame.astype({"demand": object, "facility": object, "cost": float})
    frame = frame.groupby(["demand", "facility"], as_index=False, sort=True)["cost"].min()
    table = TravelTable(frame, options.unit, options.limit, "given", perhaps_table(perhaps))
    return table, ledger.without(lost), tuple(problems)


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
