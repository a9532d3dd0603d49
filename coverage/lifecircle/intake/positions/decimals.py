"""Degrees with too few decimals: 117.03 is anywhere within half a kilometre."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.intake.ledger.rows import Ledger

__all__ = ["coarse", "decimals_of"]

_METRES = 111_320.0
"""Of a degree of latitude; one of longitude is shorter, so that this is the error's most."""
_TOLD_M, _LOST_M = 50.0, 100.0
_ENOUGH = 20
"""Places of which as good as none is at a round figure by chance."""
_NAMES_SHOWN = 10
_PLAIN = re.compile(r"[+-]?\d+(?:\.(\d*))?")


def coarse(
    ledger: Ledger, placed: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], tuple[Problem, ...]]:
    """Return the rows whose position in degrees is too rounded to be one, and a warning.

    The decimals of a row are those of the finer of its two numbers: a program leaves out noughts
    at the end. A few round figures prove nothing, so they are rounded only where most rows of the
    layer are finer, or where the layer has twenty places or more; else they are used, with the
    doubt said. Degrees with minutes are not judged.

    Parameters
    ----------
    ledger
        Rows with ``lon`` and ``lat`` in degrees.
    placed
        The rows whose position is known.

    Returns
    -------
    unknown, problems
        The rows that are more than 100 m off; one warning of all that may be more than 50 m.
    """
    unknown = np.zeros(len(placed), dtype=bool)
    errors = _errors(ledger, placed)
    total = int(placed.sum())
    few = 2 * len(errors) >= total and total < _ENOUGH
    lost = {row: half for row, half in errors.items() if half > _LOST_M}
    if few:  # fifty metres are no doubt worth saying of a place that is perhaps exact
        errors = lost
    else:
        unknown[list(lost)] = True
    if not errors:
        return unknown, ()
    ids = [str(one) for one in ledger.frame.index]
    names = ledger.frame["name"].tolist() if "name" in ledger.frame else ids
    named = [one if isinstance(one, str) else ids[row] for row, one in enumerate(names)]
    warning = ledger.problem(
        ProblemCode.POSITION_ROUND if few else ProblemCode.POSITION_COARSE,
        Severity.WARNING,
        next(iter(errors)),
        "lon",
        count=len(errors),
        total=total,
        error_m=round(max(errors.values())),
        **({} if few else {"unknown": int(unknown.sum())}),
        names=[named[row] for row in errors][:_NAMES_SHOWN],
    )
    return unknown, (warning,)


def _errors(ledger: Ledger, placed: NDArray[np.bool_]) -> dict[int, float]:
    """Return row → metres that its position may be off, of those that may be more than 50."""
    columns = [ledger.raw.frame[ledger.headers[name]].to_numpy() for name in ("lon", "lat")]
    errors = {}
    for row in np.flatnonzero(placed):
        found = [decimals_of(column[ledger.at[row]]) for column in columns]
        said = [number for number in found if number is not None]
        half = _METRES * 0.5 * 10.0 ** -max(said) if len(said) == len(found) else 0.0
        if half > _TOLD_M:
            errors[int(row)] = half
    return errors


def decimals_of(cell: Any) -> int | None:
    """Return how many decimals a cell has as written; None where it is no plain number."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int):
        return 0
    if isinstance(cell, float):
        exponent = Decimal(repr(cell)).normalize().as_tuple().exponent
        return max(-exponent, 0) if isinstance(exponent, int) else None
    found = _PLAIN.fullmatch(cell.strip()) if isinstance(cell, str) else None
    return None if found is None else len(found[1] or "")
