"""The county line: which facilities stand over it (A18)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from lifecircle.model.finding import inclusive, meets
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from lifecircle.model.inputs.study import Study

__all__ = ["border_problems", "over_the_line"]

_COUNTY_DIGITS = 6
_NAMED = 5


def over_the_line(study: Study) -> pd.Series:
    """Return whether each facility stands over the county line, by id.

    Over the line is a code of another county; without a code, a place outside every unit that is
    drawn as a polygon. Without codes and polygons, and without a place, nothing says so.
    """
    frame = study.facilities.frame
    codes = [_county(unit) or _county(home) for unit, home in zip(
        frame["unit"], frame["community"], strict=True)]  # fmt: skip
    coded = pd.Series(codes, frame.index, dtype=object)
    over = coded.notna() & (coded != study.county)
    unsaid = coded.isna() & frame.geometry.notna()
    if not unsaid.any():
        return over
    drawn = None if study.units is None else study.units.frame.geometry
    shapes = np.array([]) if drawn is None else drawn[drawn.notna()].to_numpy()
    shapes = shapes[shapely.area(shapes) > 0] if len(shapes) else shapes
    if not len(shapes):
        return over
    places = shapely.points(shapely.get_coordinates(frame.geometry[unsaid].centroid.to_numpy()))
    hit, _ = shapely.STRtree(shapes).query(places, predicate="dwithin", distance=inclusive(0.0))
    over[unsaid] = ~np.isin(np.arange(len(places)), hit)
    return over


def _county(code: object) -> str | None:
    """Return the county of a division code, None for anything else."""
    if not isinstance(code, str) or not code.isdigit() or len(code) <= _COUNTY_DIGITS:
        return None
    return code[:_COUNTY_DIGITS]


def border_problems(study: Study) -> tuple[Problem, ...]:
    """Return a note for each facility over the line, with the areas it would have covered.

    Those within the reference radius of it, straight line, the nearest first.
    """
    over = over_the_line(study)
    areas = study.residential.frame
    spots = areas.geometry.representative_point()
    found = []
    for facility, row in study.facilities.frame[over].iterrows():
        away = spots.distance(row.geometry) if row.geometry is not None else pd.Series(dtype=float)
        near = away[meets(away, "<=", study.parameters.reference_radius_m)].sort_values()
        names = [str(areas.at[area, "name"]) for area in near.index[:_NAMED]]
        params = {"facility": str(row["name"] or facility), "areas": names, "count": len(near)}
        found.append(Problem(ProblemCode.FACILITY_OVER_LINE, Severity.INFO, params=params))
    return tuple(found)
