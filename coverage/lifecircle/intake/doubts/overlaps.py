"""Outlines of residential areas against each other: slivers, repeats, overlaps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.intake.ledger.rows import Ledger

__all__ = ["check_outlines"]

_SLIVER_M2 = 100.0
_SLIVER_WIDTH_M = 2.0
_REPEAT_SHARE = 0.98
"""Two outlines that share this much of both are one."""
_OVERLAP_M2 = 50.0
_OVERLAP_SHARE = 0.01
"""An overlap is told from this area or this share of the smaller outline on: neighbours drawn by
hand overlap by a hair all along their border."""


def check_outlines(ledger: Ledger, shapes: NDArray[np.object_]) -> tuple[Problem, ...]:
    """Return what is wrong with the polygons of residential areas.

    Parameters
    ----------
    ledger
        The rows.
    shapes
        Their shapes in projected metres; points and None are passed over.

    Returns
    -------
    tuple of Problem
        Slivers (under 100 m², or 2 m wide by 2 x area / perimeter), outlines that repeat an
        earlier one, and pairs that overlap, each at the later row with the earlier one named.
    """
    rows = np.flatnonzero([s is not None and s.area > 0 for s in shapes])
    if not len(rows):
        return ()
    outlines = shapes[rows]
    areas = shapely.area(outlines)
    widths = 2 * areas / shapely.length(outlines)
    problems = [
        ledger.problem(
            ProblemCode.GEOMETRY_SLIVER,
            Severity.WARNING,
            int(rows[i]),
            area_m2=round(float(areas[i]), 1),
            width_m=round(float(widths[i]), 1),
        )
        for i in np.flatnonzero((areas < _SLIVER_M2) | (widths < _SLIVER_WIDTH_M))
    ]
    later, earlier = shapely.STRtree(outlines).query(outlines, predicate="intersects")
    pairs = later > earlier
    later, earlier = later[pairs], earlier[pairs]
    common = shapely.area(shapely.intersection(outlines[later], outlines[earlier]))
    smaller = np.minimum(areas[later], areas[earlier])
    larger = np.maximum(areas[later], areas[earlier])
    told = (common > 0) & ((common >= _OVERLAP_M2) | (common >= _OVERLAP_SHARE * smaller))
    for i in np.lexsort((earlier, later)):
        if told[i]:
            same = common[i] >= _REPEAT_SHARE * larger[i]
            problems.append(
                _pair(ledger, int(rows[later[i]]), int(rows[earlier[i]]), same=bool(same))
                if same
                else _pair(
                    ledger,
                    int(rows[later[i]]),
                    int(rows[earlier[i]]),
                    same=False,
                    area_m2=round(float(common[i]), 1),
                    percent=round(100 * float(common[i] / smaller[i]), 1),
                )
            )
    return tuple(problems)


def _pair(ledger: Ledger, row: int, other: int, *, same: bool, **params: Any) -> Problem:
    return ledger.problem(
        ProblemCode.GEOMETRY_REPEATED if same else ProblemCode.AREAS_OVERLAP,
        Severity.WARNING,
        row,
        "name",
        other=str(ledger.frame["name"].iloc[other]),
        first_row=int(ledger.raw.rows[ledger.at[other]]),
        **params,
    )
