"""From a file to a layer: read, understand the headers, normalise the rows, place them."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np

from lifecircle.intake.bonds_written import with_bonds
from lifecircle.intake.ledger.cells.pairs import with_pairs_split
from lifecircle.intake.ledger.cells.shut_gates import shut_beside
from lifecircle.intake.ledger.columns import map_columns
from lifecircle.intake.ledger.examples import changed_examples, example_rows, typed_over
from lifecircle.intake.ledger.mojibake import garbled, restored
from lifecircle.intake.ledger.rows import Ledger, read_rows
from lifecircle.intake.ledger.values import UNKNOWN_PASSAGE
from lifecircle.intake.listed_twice import listed_twice
from lifecircle.intake.parts import read_parts, with_blanks_named, with_constants
from lifecircle.intake.positions.locating import POSITION_NEEDED, Positions, locate, reproject
from lifecircle.intake.positions.shapes import settle
from lifecircle.intake.said_against import with_remarks, without_doubted_places
from lifecircle.intake.said_against.named_kinds import with_named_kinds
from lifecircle.model.inputs.layers import Layer
from lifecircle.model.problem import Problem, ProblemCode, Severity, worst

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from lifecircle.intake.settings.schema import LayerOptions, TravelOptions
    from lifecircle.sources.tables.files import RawTable

__all__ = [
    "Draft",
    "Settled",
    "as_layer",
    "read_draft",
    "read_ledger",
    "settle_draft",
    "understood",
]

_NEEDED = frozenset({"residential", "facilities"})
_MAY_BE_BLANK = frozenset(
    {"exemptions", "gates", "travel", "candidates", "buildings", "indicators", "evidence"}
)


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """A layer read but not yet projected."""

    ledger: Ledger
    positions: Positions


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """A layer's usable rows with their shapes in the study's CRS (None: place unknown)."""

    ledger: Ledger
    shapes: NDArray[np.object_]

    def without(self, rows: NDArray[np.bool_]) -> Settled:
        """Return it with the rows of a mask set aside."""
        return Settled(self.ledger.without(rows), self.shapes[~rows])


def read_ledger(
    sources: Sequence[Path | str],
    name: str,
    options: LayerOptions | TravelOptions,
    day: dt.date | None = None,
) -> tuple[Ledger | None, tuple[Problem, ...]]:
    """Return a layer's usable rows on a day; None if it has none. ``sources``: its files."""
    raw, problems = read_parts(sources, name, options)
    if raw is None:
        return None, problems
    if getattr(options, "repair_text", False):
        raw = restored(raw)
    else:
        problems += garbled(raw)
    raw, constant = with_constants(raw, options.constants)
    raw, parted, said = with_pairs_split(
        raw, options.headers, as_written=getattr(options, "swap", False)
    )
    ledger, found = understood(raw, options.headers | constant | parted, day=day)
    return ledger, problems + said + found


def understood(
    raw: RawTable,
    overrides: Mapping[str, str],
    phases: frozenset[int] = frozenset(),
    day: dt.date | None = None,
) -> tuple[Ledger | None, tuple[Problem, ...]]:
    """Return the usable rows of a raw table; None if it cannot be used.

    ``overrides``: column → header, as the study says; ``phases``: of a plan, those that it is.
    ``day``: of judging, if there is one.
    """
    if not len(raw):
        return None, (_without_rows(raw),)
    if (
        raw.layer not in _NEEDED and all(example_rows(raw)) and not any(changed_examples(raw))
    ):  # a sheet of the template, not used
        return None, (raw.problem(ProblemCode.SHEET_UNUSED, Severity.INFO),)
    raw, problems = typed_over(raw)
    headers, found_headers = map_columns(raw, overrides)
    headers, found_headers = _coded_by_name(raw.layer, headers, found_headers)
    problems += found_headers
    if worst(found_headers) is Severity.ERROR:
        return None, problems
    hidden = [header for header in raw.hidden_headers if header in headers.values()]
    if hidden:
        code = ProblemCode.COLUMNS_HIDDEN
        problems += (raw.problem(code, Severity.WARNING, columns=hidden),)
    raw, headers, named = with_blanks_named(raw, headers, found_headers)
    problems += named
    worded = ProblemCode.COLUMN_WORDED
    doubted = {p.params["option"]: str(p.column) for p in found_headers if p.code is worded}
    ledger, found = read_rows(raw, headers, doubted)
    problems += found
    ledger, found = with_remarks(ledger, phases, day)
    problems += found
    ledger, found = _with_shut_gates(ledger)
    problems += found
    ledger, found = with_named_kinds(ledger)
    problems += found
    if not len(ledger.frame):
        problems += (_without_rows(raw, problems),)
        return None, problems
    return ledger, problems


def _without_rows(raw: RawTable, found: tuple[Problem, ...] = ()) -> Problem:
    """Return what is said of a layer without a usable row.

    A county may have nothing to list in some: without exemptions nothing is exempt. ``found``: of
    its rows; one that could not be used is none of nothing.
    """
    if raw.layer in _MAY_BE_BLANK and worst(found) is not Severity.ERROR:
        return raw.problem(ProblemCode.LAYER_BLANK, Severity.INFO)
    return raw.problem(ProblemCode.LAYER_EMPTY, Severity.ERROR)


def _with_shut_gates(ledger: Ledger) -> tuple[Ledger, tuple[Problem, ...]]:
    """Return gates with those unknown to be open that another cell calls shut, and say which."""
    raw, frame = ledger.raw, ledger.frame
    if raw.layer != "gates":
        return ledger, ()
    said = shut_beside(raw, ledger.headers.values(), ledger.headers.get("name"))
    # 否 is shut already, and a word that nobody knows is told
    rows = [
        (row, at)
        for row, (at, shown) in enumerate(zip(ledger.at.tolist(), frame["open"], strict=True))
        if at in said and (shown is None or shown is True)
    ]
    if not rows:
        return ledger, ()
    told = frame["open"].astype(object).copy()
    told.iloc[[row for row, _ in rows]] = UNKNOWN_PASSAGE
    code, severity = ProblemCode.GATE_SHUT_BESIDE, Severity.WARNING
    problems = tuple(
        raw.problem(code, severity, at=at, header=said[at][0], value=said[at][1], said=said[at][1])
        for _, at in rows
    )
    return dataclasses.replace(ledger, frame=frame.assign(open=told)), problems


def _coded_by_name(
    layer: str, headers: dict[str, str], found: tuple[Problem, ...]
) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """Return headers and problems of units without a column of codes, told by their names then."""
    lacking = [
        one
        for one in found
        if one.code is ProblemCode.COLUMN_MISSING and one.params["field"] == "code"
    ]
    if layer != "units" or "name" not in headers or not lacking:
        return headers, found
    return {**headers, "code": headers["name"]}, tuple(p for p in found if p not in lacking)


def read_draft(
    sources: Sequence[Path | str], name: str, options: LayerOptions, day: dt.date | None = None
) -> tuple[Draft | None, tuple[Problem, ...]]:
    """Return a layer's rows and positions as the file has them; None if the layer is unusable."""
    ledger, problems = read_ledger(sources, name, options, day)
    if ledger is None:
        return None, problems
    positions, found = locate(ledger, options)
    problems += found
    return (None if positions is None else Draft(ledger, positions)), problems


def settle_draft(draft: Draft, crs: str) -> tuple[Settled, tuple[Problem, ...]]:
    """Return a layer projected and repaired; rows that are nothing but a place need one."""
    shapes, problems = settle(draft.ledger, reproject(draft.positions, crs), crs)
    shapes, doubted = without_doubted_places(draft.ledger, shapes)
    ledger, found = with_bonds(draft.ledger, shapes)
    ledger, again = listed_twice(ledger, shapes)
    settled = Settled(ledger, shapes)
    if draft.ledger.raw.layer in POSITION_NEEDED:
        settled = settled.without(np.array([s is None for s in shapes], dtype=bool))
    return settled, (*problems, *doubted, *found, *again)


def as_layer(name: str, frame: pd.DataFrame, shapes: NDArray[np.object_], crs: str) -> Layer:
    """Return the model's layer of a frame indexed by id and its shapes."""
    geometry = gpd.GeoSeries(shapes, index=frame.index, crs=crs)
    return Layer(name, gpd.GeoDataFrame(frame, geometry=geometry, crs=crs))
