"""A ready table of walks: which area and which facility each row means, or may mean."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import shapely

from lifecircle.intake.joins.references import IdIndex, meant, zeros_read
from lifecircle.intake.ledger.cells.round_figures import round_span
from lifecircle.intake.ledger.values import is_blank
from lifecircle.model.dictionary import columns
from lifecircle.model.problem import Problem, ProblemCode, Severity
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

_FASTEST_M_MIN = 120.0
"""Metres a minute that nobody walks faster than: two a second."""
_ROUNDED_MIN = 0.5
_ESTATE_M, _OFF_M = 300.0, 50.0
"""How much nearer people may live than the point of their estate, or its outline as it is drawn."""
_PLACED_M = 100.0
"""By how much two places may lie off together."""
_LEAST = 1e-6


def travelled(
    ledger: Ledger,
    residential: Layer,
    facilities: Layer,
    options: TravelOptions,
    aliases: AliasList | None = None,
) -> tuple[TravelTable, Ledger, tuple[Problem, ...]]:
    """Return a ready travel table by ids, the rows that are used, and what is to be said.

    An id that lost its zeros is read as the only one of its number. A row whose area or facility
    nearly agrees with one or fits several says which pairs it may mean. So does one that names
    none, or leaves one of them blank: those that stand near enough for the walk and have no row of
    their own. A pair beyond the limit is absent, as the table's contract says; of a pair given
    twice the cheaper holds. Of one whose cost is blank or cannot be read, any may be true; so of
    one that is shorter than the straight line, since the row or a place is wrong.
    """
    demand, facility = (
        _cells(ledger, column, layer, aliases)
        for column, layer in (("demand", residential), ("facility", facilities))
    )
    cost = ledger.frame["cost"].to_numpy(float)
    means = zip(demand.means, facility.means, strict=True)
    lost = np.array([not (areas and places) for (areas, _), (places, _) in means], dtype=bool)
    short = {
        row: slip
        for row in np.flatnonzero(~lost & (cost <= options.limit)).tolist()
        if (slip := _too_short(ledger, row, (demand, facility), (residential, facilities), options))
    }
    out = lost.copy()
    out[list(short)] = True
    frame, perhaps = _walks(demand, facility, np.where(out, np.inf, cost), options.limit)
    perhaps += [
        # 0 would be a cost that cannot be read
        (row, area, place, max(float(cost[row]), _LEAST), _cost_written(ledger, row), False, True)
        for row in short
        for area, place in itertools.product(demand.means[row][0], facility.means[row][0])
    ]
    perhaps += _unread(ledger, demand, facility, np.flatnonzero(np.isnan(cost)).tolist())
    near = _Near(residential, facilities, options)
    nobody = near.pairs(ledger, demand, facility, np.flatnonzero(lost & ~(cost > options.limit)))
    lost[[row for row, *_ in nobody]] = False
    table = TravelTable(
        frame,
        options.unit,
        options.limit,
        "given",
        perhaps_table([*perhaps, *nobody]),
        tuple(
            _walks(demand, facility, np.where(out, np.inf, end), options.limit)[0]
            for end in _round_costs(ledger, cost)
        ),
    )
    return table, ledger.without(lost), (*demand.problems, *facility.problems, *short.values())


def _cells(ledger: Ledger, column: str, layer: Layer, aliases: AliasList | None) -> _Cells:
    names = IdIndex(layer.frame, getattr(aliases, layer.name, None))
    texts = ["–" if text is None else str(text) for text in ledger.frame[column]]
    told = [_meant(names, layer, ledger, (row, column)) for row in range(len(texts))]
    means, problems = zip(*told, strict=True) if told else ((), ())
    return _Cells(texts, means, [one for some in problems for one in some])


def _walks(
    demand: _Cells, facility: _Cells, cost: NDArray[np.float64], limit: float
) -> tuple[pd.DataFrame, list[_Perhaps]]:
    """Return the walks within the limit, the cheapest of each pair, and those of unclear names."""
    pairs, perhaps = _pairs(demand, facility, cost, np.flatnonzero(cost <= limit))
    frame = pd.DataFrame(pairs, columns=["demand", "facility", "cost"])
    frame = frame.astype({"demand": object, "facility": object, "cost": float})
    return frame.groupby(["demand", "facility"], as_index=False, sort=True)["cost"].min(), perhaps


def _round_costs(ledger: Ledger, cost: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Return the costs with those told roundly (约15) at their least and at their most, if any."""
    header, spec = ledger.headers["cost"], columns("travel")["cost"]
    cells = ledger.raw.frame[header].to_numpy(object)[ledger.at]
    spans = [
        None if np.isnan(read) else round_span(spec, cell, float(read))
        for cell, read in zip(cells, cost, strict=True)
    ]
    if not any(spans):
        return []
    told = [(read, read) if span is None else span for span, read in zip(spans, cost, strict=True)]
    return [np.array(end, dtype=np.float64) for end in zip(*told, strict=True)]


class _Near:
    """Which rows of a layer stand near enough to a place that a walk may lead there from it.

    A walk is no shorter than the straight line, and nobody walks two metres a second. Rows of
    unknown place may stand anywhere.
    """

    def __init__(self, residential: Layer, facilities: Layer, options: TravelOptions) -> None:
        self._shapes = {
            column: layer.frame.geometry.where(layer.located, None)
            for column, layer in (("demand", residential), ("facility", facilities))
        }
        self._metres = _FASTEST_M_MIN if options.unit == "min" else 1.0
        self._limit = options.limit
        self._away: dict[tuple[str, str], NDArray[np.float64]] = {}

    def pairs(
        self, ledger: Ledger, demand: _Cells, facility: _Cells, rows: Iterable[int]
    ) -> list[_Perhaps]:
        """Return the pairs that rows may mean of which one name, and one alone, tells nothing.

        Without those that a row is surely about; of a pair that several may mean the cheapest.
        """
        cost = ledger.frame["cost"].to_numpy(float)
        sure = [row for row in range(len(cost)) if demand.sure(row) and facility.sure(row)]
        own = {(demand.means[row][0][0], facility.means[row][0][0]) for row in sure}
        found: dict[tuple[str, str], _Perhaps] = {}
        for row in rows:
            unread = bool(np.isnan(cost[row]))
            walk = 0.0 if unread else float(cost[row])
            said = f"{demand.texts[row]}→{facility.texts[row]}"
            written = _cost_written(ledger, row) if unread else said
            far = (self._limit if unread else walk) * self._metres
            for pair in self._meant(demand.means[row][0], facility.means[row][0], far):
                if pair not in own and (pair not in found or walk < found[pair][3]):
                    found[pair] = (int(row), *pair, walk, written, False, unread)
        return list(found.values())

    def _meant(
        self, areas: Sequence[str], places: Sequence[str], far: float
    ) -> list[tuple[str, str]]:
        """Return the pairs of known areas, or of known facilities, with what stands near."""
        of = [(one, it) for one in areas for it in self._within("facility", "demand", one, far)]
        return of + [
            (it, to) for to in places for it in self._within("demand", "facility", to, far)
        ]

    def _within(self, column: str, other: str, key: str, far: float) -> list[str]:
        """Return the rows of a column that stand within ``far`` of a row of the other column."""
        shapes = self._shapes[column]
        if (column, key) not in self._away:
            areas = shapes if column == "demand" else self._shapes[other][[key]]
            point = shapely.get_dimensions(areas.to_numpy()) == 0
            away = shapely.distance(shapes.to_numpy(), self._shapes[other][key])
            away = away - np.where(point, _ESTATE_M, _OFF_M)
            self._away[column, key] = np.where(np.isnan(away), 0.0, away)
        return [str(one) for one in shapes.index[self._away[column, key] <= far]]


def _too_short(
    ledger: Ledger,
    row: int,
    cells: tuple[_Cells, _Cells],
    layers: tuple[Layer, Layer],
    options: TravelOptions,
) -> Problem | None:
    """Return a warning on a walk shorter than the straight line can be; None: it is not.

    Minutes may be rounded, and taken at another speed; places have their tolerance and extent.
    """
    if not all(one.sure(row) for one in cells):
        return None
    area, place = (
        layer.frame.geometry.get(one.means[row][0][0])
        for layer, one in zip(layers, cells, strict=True)
    )
    if area is None or place is None or area.is_empty or place.is_empty:
        return None
    straight, cost = float(area.distance(place)), float(ledger.frame["cost"].iloc[row])
    longest = (cost + _ROUNDED_MIN) * _FASTEST_M_MIN if options.unit == "min" else cost
    if straight <= longest + _PLACED_M:
        return None
    told = {"straight_m": round(straight), "unit": options.unit}
    return ledger.problem(ProblemCode.WALK_SHORTER, Severity.WARNING, row, "cost", **told)


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
    text = ledger.frame[column].iloc[row]
    if text is None:  # told as a blank cell
        return ([], False), []
    if (key := names.find(text)) is not None:
        return ([key], True), []
    if (key := names.of_number(text)) is not None:
        return ([key], True), [zeros_read(ledger, row, column, layer.name, key)]
    keys, fits = names.perhaps(text)
    severity = Severity.WARNING if keys else Severity.ERROR
    key, problems = meant(names, text, ledger, row, column, severity, layer=layer.name)
    return ([key], True) if key else (keys, fits), problems
