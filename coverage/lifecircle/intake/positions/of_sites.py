"""Positions of sites: a row without one stands where the other rows of its 场所编号 stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lifecircle.intake.ledger.rows import texts
from lifecircle.model.problem import Problem, ProblemCode, Severity
from lifecircle.model.sites import LENT, POSITION_OF, places_of_sites

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from lifecircle.intake.ledger.rows import Ledger

    Shapes = NDArray[np.object_]

__all__ = ["lent_positions", "marked", "without_told"]

_CODES = ("unit", "community")


def lent_positions(
    ledger: Ledger, frame: pd.DataFrame, shapes: Shapes, *, outlined: bool
) -> tuple[Shapes, dict[int, int], tuple[Problem, ...]]:
    """Return the shapes with what rows take from their sites, row → whose, and what is told.

    Parameters
    ----------
    ledger, shapes
        The rows as written and their shapes in projected metres (None: unknown).
    frame
        The rows with ``unit`` and ``community`` as codes.
    outlined
        Whether units have outlines: then a row's name says no unit against its place.
    """
    lost = np.array([shape is None for shape in shapes], dtype=bool)
    if "site" not in frame or not lost.any():
        return shapes, {}, ()
    written = {name: ledger.frame[name].notna().to_numpy() for name in _CODES}
    said = {"unit": written["unit"] | written["community"], "community": written["community"]}
    known = {
        name: frame[name].where(~lost | said[name], None) if outlined else frame[name]
        for name in _CODES
    }
    found = places_of_sites(frame.assign(**known), shapes)
    shapes = shapes.copy()
    for row, mate in found.taken.items():
        shapes[row] = shapes[mate]
    sites, at = frame["site"].tolist(), ledger.raw.rows[ledger.at]
    problems = [
        ledger.problem(
            ProblemCode.POSITION_OF_SITE,
            Severity.INFO,
            row,
            "site",
            site=sites[row],
            first_row=int(at[mate]),
        )
        for row, mate in found.taken.items()
    ]
    apart, other = ProblemCode.SITE_APART, ProblemCode.SITE_OTHER_UNIT
    problems += [
        ledger.problem(
            apart, Severity.WARNING, row, "site", site=sites[row], distance_m=round(metres)
        )
        for row, metres in found.apart.items()
    ]
    problems += [
        ledger.problem(
            other, Severity.WARNING, row, "site", site=sites[row], first_row=int(at[mate])
        )
        for row, mate in found.other_unit.items()
    ]
    return shapes, found.taken, tuple(problems)


def marked(frame: pd.DataFrame, before: pd.DataFrame, taken: Mapping[int, int]) -> pd.DataFrame:
    """Return a frame that says whose position a row takes, and which codes it has by it.

    ``before``: the frame as it was without these positions.
    """
    names = frame.index.tolist()
    whose = [names[taken[row]] if row in taken else None for row in range(len(names))]
    own = {name: (frame[name].tolist(), before[name].tolist()) for name in _CODES}
    codes = [
        " ".join(name for name, (now, was) in own.items() if now[row] and now[row] != was[row])
        if row in taken
        else ""
        for row in range(len(names))
    ]
    lent = texts((code or None for code in codes), frame.index)
    return frame.assign(**{POSITION_OF: texts(whose, frame.index), LENT: lent})


def without_told(problems: Iterable[Problem], ledger: Ledger, rows: Iterable[int]) -> list[Problem]:
    """Return problems without that rows have no position, of those that stand at their sites."""
    code = ProblemCode.GEOMETRY_MISSING
    told = {_where(ledger.problem(code, Severity.WARNING, row)) for row in rows}
    return [one for one in problems if one.code is not code or _where(one) not in told]


def _where(problem: Problem) -> tuple[object, ...]:
    return problem.layer, problem.file, problem.sheet, problem.row
