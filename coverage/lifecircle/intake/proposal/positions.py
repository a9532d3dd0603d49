"""Where a proposal's plots and facilities lie: in the county, apart, and on the plot."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from lifecircle.intake.doubts.overlaps import check_outlines
from lifecircle.intake.doubts.plausibility import astray, outside
from lifecircle.intake.joins.references import IdIndex
from lifecircle.model.finding import TOLERANCE, meets
from lifecircle.model.inputs.places import representative_points
from lifecircle.model.problem import ProblemCode, Severity
from lifecircle.model.sites import places_of_sites

if TYPE_CHECKING:
    from lifecircle.intake.joins.units import UnitIndex
    from lifecircle.intake.layers import Settled
    from lifecircle.model.inputs.study import Study
    from lifecircle.model.problem import Problem

__all__ = ["at_sites", "plot_problems", "with_positions"]

_OVERLAP_M2 = 50.0
_LARGEST_M2 = 1e7
"""10 km²: a plot this large is a town, not a project; itself allowed."""
_OVERLAP_SHARE = 0.01
"""As for residential areas: neighbours drawn by hand overlap by a hair all along their border."""


def plot_problems(
    plots: Settled, study: Study, unit_index: UnitIndex, replaces: tuple[str, ...]
) -> list[Problem]:
    """Return what is wrong with where the plots lie.

    Errors: over 10 km²; outside the county (of its units' polygons; without them, far from every
    residential area); over each other. Warnings: slivers, and plots on a residential area of the
    study that the proposal does not say it takes the place of.
    """
    ledger, shapes = plots.ledger, plots.shapes
    lands = {} if unit_index.unlisted() else unit_index.territories()
    territories = np.array(list(lands.values()), dtype=object)
    areas = study.residential.frame.geometry.to_numpy()
    beyond = outside(ledger, shapes, territories) or astray(ledger, shapes, areas)
    found = [
        dataclasses.replace(p, code=ProblemCode.PLOT_OUTSIDE, severity=Severity.ERROR)
        for p in beyond
    ]
    bad = {ProblemCode.AREAS_OVERLAP, ProblemCode.GEOMETRY_REPEATED}
    for problem in check_outlines(ledger, shapes):
        severity = Severity.ERROR if problem.code in bad else problem.severity
        found.append(dataclasses.replace(problem, severity=severity))
    found += [
        ledger.problem(
            ProblemCode.PLOT_TOO_LARGE,
            Severity.ERROR,
            row,
            "name",
            area_km2=round(shape.area / 1e6, 1),
            most_km2=_LARGEST_M2 / 1e6,
        )
        for row, shape in enumerate(shapes)
        if shape is not None and shape.area > _LARGEST_M2
    ]
    rest = study.residential.frame.drop(index=list(replaces))
    rest = rest[rest.geometry.notna()]
    if not len(rest):
        return found
    tree = shapely.STRtree(rest.geometry.to_numpy())
    for row, shape in enumerate(shapes):
        if shape is None:
            continue
        for at in sorted(tree.query(shape, predicate="intersects")):
            other = rest.geometry.iloc[at]
            common = float(shapely.area(shapely.intersection(shape, other)))
            least = min(_OVERLAP_M2, _OVERLAP_SHARE * min(shape.area, other.area))
            if other.area > 0 and common < max(least, TOLERANCE):
                continue
            params = {"residential": str(rest["name"].iloc[at]), "area_m2": _told_m2(common)}
            found.append(
                ledger.problem(ProblemCode.PLOT_OVER_AREA, Severity.WARNING, row, "name", **params)
            )
    return found


def _told_m2(common: float) -> float | None:
    """Return shared m² as they are told; None of an area that is a point: nobody knows them."""
    return round(common, 1) if common > 0 else None


def with_positions(
    planned: Settled, plots: Settled, limit_m: float, crs: str
) -> tuple[Settled, list[int | None], list[Problem]]:
    """Return the planned facilities with a position each, their plots by position, and problems.

    A facility without a place stands where the other rows of its site do, else on the plot it
    names, or on the only one. One with a place must stand on its plot or within ``limit_m`` of it,
    inclusive (A39): farther is an error.
    """
    planned = at_sites(planned)
    ledger, shapes = planned.ledger, planned.shapes.copy()
    names = IdIndex(pd.DataFrame({"name": plots.ledger.frame["name"]}))
    rows = {key: at for at, key in enumerate(plots.ledger.frame.index)}
    homes: list[int | None] = []
    problems: list[Problem] = []

    def say(code: ProblemCode, row: int, column: str, severity: Severity, **params: Any) -> None:
        problems.append(ledger.problem(code, severity, row, column, **params))

    for row, said in enumerate(ledger.frame["plot"]):
        home = None if said is None else rows.get(names.find(said) or "")
        if said is not None and home is None:
            unknown = ProblemCode.REFERENCE_UNKNOWN
            say(unknown, row, "plot", Severity.ERROR, target="plots")
        home = 0 if home is None and len(rows) == 1 else home
        shape, plot = shapes[row], None if home is None else plots.shapes[home]
        if shape is not None:
            home = _nearest(shape, plots.shapes) if home is None else home
            problems += _off_plot(planned, plots, row, home, limit_m)
        elif plot is not None:
            shapes[row] = shapely.Point(representative_points([plot], crs)[0])
        elif home is None and said is None:
            say(ProblemCode.PLOT_OF_FACILITY, row, "plot", Severity.ERROR)
        homes.append(home)
    return dataclasses.replace(planned, shapes=shapes), homes, problems


def at_sites(planned: Settled) -> Settled:
    """Return planned facilities with the positions that their sites have."""
    shapes = planned.shapes.copy()
    for row, mate in places_of_sites(planned.ledger.frame[["site"]], shapes).taken.items():
        shapes[row] = shapes[mate]
    return dataclasses.replace(planned, shapes=shapes)


def _off_plot(
    planned: Settled, plots: Settled, row: int, home: int | None, limit_m: float
) -> list[Problem]:
    """Return what is to be said of a facility that does not stand on its plot."""
    plot = None if home is None else plots.shapes[home]
    distance = 0.0 if plot is None else float(shapely.distance(plot, planned.shapes[row]))
    if meets(distance, "<=", 0.0):
        return []
    far = meets(distance, ">", limit_m)
    return [
        planned.ledger.problem(
            ProblemCode.FACILITY_OFF_PLOT,
            Severity.ERROR if far else Severity.WARNING,
            row,
            "name",
            plot=str(plots.ledger.frame["name"].iloc[home]),
            distance_m=round(distance, 1),
            limit_m=limit_m,
        )
    ]


def _nearest(shape: shapely.Geometry, plots: np.ndarray[Any, Any]) -> int | None:
    known = [at for at, plot in enumerate(plots) if plot is not None]
    return min(known, key=lambda at: (shapely.distance(plots[at], shape), at), default=None)
