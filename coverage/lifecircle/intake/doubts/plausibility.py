"""Places that can hardly be right: outside, far off, entered twice; the county of nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from lifecircle.intake.listed_twice import REPEATED_M, estates_again, twins
from lifecircle.model.dictionary import fold
from lifecircle.model.gazetteer import county_of
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from lifecircle.intake.joins.units import UnitIndex
    from lifecircle.intake.ledger.rows import Ledger
    from lifecircle.model.inputs.layers import Layer

    Shapes = NDArray[np.object_]

__all__ = ["astray", "county_of_none", "elsewhere", "outside", "repeated"]

_FAR_M = 20_000.0
"""A place farther than this from every residential area (but itself) is worth a look."""
_OUTSIDE_M = 200.0
"""Borders of units are drawn for maps of a whole county; a place may stand this far over them."""


def county_of_none(
    layers: Mapping[str, Layer | None], county: str, file: str
) -> tuple[Problem, ...]:
    """Return a warning where the study's county is that of no code in any layer.

    Every facility with a code is over the county line then and counts for nothing (A18), which
    rather says that the county is mistyped.

    Parameters
    ----------
    layers
        With ``unit`` and ``community`` as codes; ids of units are codes. Units that are the
        county's shipped list are none: they are of the county that was typed, whichever it is.
    county
        Its 6 digits; ``file``: where it stands.
    """
    facilities = _counties_of(layers["facilities"], ("unit", "community"))
    others = _counties_of(layers["residential"], ("unit", "community"))
    others += _counties_of(layers.get("units"), ())
    if not facilities or county in {*facilities, *others}:
        return ()
    params = {
        "county": county,
        "others": sorted({*facilities, *others}),
        "count": len(facilities),
    }
    problem = Problem(
        ProblemCode.COUNTY_OF_NONE, Severity.WARNING, params=params, file=file, value=county
    )
    return (problem,)


def _counties_of(layer: Layer | None, columns: tuple[str, ...]) -> list[str]:
    """Return the county of every row that has a code; of its id where no columns are named."""
    if layer is None:
        return []
    frame = layer.frame
    cells = [frame[column] for column in columns] or [frame.index]
    counties = (
        next(filter(None, map(county_of, map(str, row))), None) for row in zip(*cells, strict=True)
    )
    return [county for county in counties if county is not None]


def astray(ledger: Ledger, shapes: Shapes, areas: Shapes) -> tuple[Problem, ...]:
    """Return a warning for each place far from every residential area.

    Parameters
    ----------
    ledger, shapes
        The rows and their shapes in projected metres (None: unknown).
    areas
        Shapes of the residential areas; where they are ``shapes`` itself, each is compared with
        the others.
    """
    known = np.flatnonzero([s is not None for s in shapes])
    others = areas[[s is not None for s in areas]]
    itself = areas is shapes
    if not len(known) or len(others) <= itself:
        return ()
    known = known[~_in_company(shapes[known], others)]
    if not len(known):
        return ()
    tree = shapely.STRtree(others)
    found, distance = tree.query_nearest(
        shapes[known], exclusive=itself, return_distance=True, all_matches=False
    )
    # Only equal shapes have no other beside them: those are not far from each other.
    return tuple(
        ledger.problem(
            ProblemCode.GEOMETRY_OUTSIDE,
            Severity.WARNING,
            int(known[i]),
            distance_m=round(float(d)),
        )
        for i, d in zip(found[0], distance, strict=True)
        if d > _FAR_M
    )


def _in_company(shapes: Shapes, others: Shapes) -> NDArray[np.bool_]:
    """Return which shapes surely have one of the others, and not their like, within ``_FAR_M``.

    It has one whose first vertex is in the same square as theirs, and whose bounds are others:
    most of a county needs no tree.
    """
    xy, of = shapely.get_coordinates(np.concatenate([shapes, others]), return_index=True)
    of, first = np.unique(of, return_index=True)  # an empty shape is in no square
    square = np.floor(xy[first] * (1.5 / _FAR_M))  # its diagonal is shorter than _FAR_M
    at = np.full(len(shapes) + len(others), -1)
    at[of] = np.unique(square, axis=0, return_inverse=True)[1].ravel()
    bounds = shapely.bounds(others)
    low, high = np.full((2, at.max() + 2, 4), np.inf) * [[[1]], [[-1]]]
    np.minimum.at(low, at[len(shapes) :], bounds)
    np.maximum.at(high, at[len(shapes) :], bounds)
    mine, own = at[: len(shapes)], shapely.bounds(shapes)
    unlike: NDArray[np.bool_] = (low[mine] != own).any(axis=1) | (high[mine] != own).any(axis=1)
    met: NDArray[np.bool_] = np.isfinite(low[mine]).all(axis=1) & (mine >= 0)
    return unlike & met


def outside(ledger: Ledger, shapes: Shapes, territories: Shapes) -> tuple[Problem, ...]:
    """Return a warning for each place outside every administrative unit (none: no polygons)."""
    known = np.flatnonzero([s is not None for s in shapes])
    if not len(known) or not len(territories):
        return ()
    tree = shapely.STRtree(territories)
    found, distance = tree.query_nearest(shapes[known], return_distance=True, all_matches=False)
    return tuple(
        ledger.problem(
            ProblemCode.OUTSIDE_UNITS, Severity.WARNING, int(known[i]), distance_m=round(float(d))
        )
        for i, d in zip(found[0], distance, strict=True)
        if d > _OUTSIDE_M
    )


def elsewhere(
    ledger: Ledger, frame: pd.DataFrame, shapes: Shapes, unit_index: UnitIndex
) -> tuple[Problem, ...]:
    """Return a warning for each place that is not where the unit it names is.

    ``frame`` has the units as codes, as found; the community is asked before the township. Only
    what the ledger itself says is compared.
    """
    lands = unit_index.territories()
    columns: list[tuple[str, list[Any], list[Any]]] = [
        (column, ledger.frame[column].tolist(), frame[column].tolist())
        for column in ("community", "unit")
    ]
    problems = []
    for row, shape in enumerate(shapes if lands else ()):
        if shape is None:
            continue
        for column, written, codes in columns:
            land = lands.get(codes[row]) if written[row] is not None else None
            if land is None:
                continue
            distance = land.distance(shape)
            if distance > _OUTSIDE_M:
                problems.append(
                    ledger.problem(
                        ProblemCode.UNIT_ELSEWHERE,
                        Severity.WARNING,
                        row,
                        column,
                        unit=unit_index.name(codes[row]),
                        distance_m=round(float(distance)),
                    )
                )
            break
    return tuple(problems)


def repeated(ledger: Ledger, shapes: Shapes) -> tuple[Problem, ...]:
    """Return a warning for each row that has the name of an earlier one within 50 m of it.

    Rows of one ``site`` are one place on purpose. What says the same of the place again is told
    by itself (:mod:`lifecircle.intake.listed_twice`).
    """
    sites = _sites(ledger)
    again = {**twins(ledger, shapes), **estates_again(ledger, shapes)}
    rows: dict[str, list[int]] = {}
    problems = []
    for row, (name, shape) in enumerate(zip(ledger.frame["name"], shapes, strict=True)):
        if shape is None or name is None:
            continue
        for first in rows.setdefault(fold(name), []):
            distance = shape.distance(shapes[first])
            if distance <= REPEATED_M and sites[row] != sites[first] and row not in again:
                problems.append(
                    ledger.problem(
                        ProblemCode.PLACE_REPEATED,
                        Severity.WARNING,
                        row,
                        "name",
                        first_row=int(ledger.raw.rows[ledger.at[first]]),
                        distance_m=round(float(distance)),
                    )
                )
                break
        else:
            rows[fold(name)].append(row)
    return tuple(problems)


def _sites(ledger: Ledger) -> list[str]:
    """Return what tells places apart: the site id, else the row."""
    ids = [f"\0{row}" for row in range(len(ledger.frame))]
    if "site" not in ledger.frame:
        return ids
    return [site or own for site, own in zip(ledger.frame["site"], ids, strict=True)]
