"""Degrees with too few decimals: 117.03 is anywhere within half a kilometre."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from lifecircle.intake.ledger.cells.degrees import degrees_decimals
from lifecircle.intake.ledger.cells.round_figures import ABOUT
from lifecircle.model.dictionary import fold
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lifecircle.intake.ledger.rows import Ledger

__all__ = ["coarse", "decimals_of", "half_m", "rounded_beside_fine", "rounded_decimals"]

_METRES = 111_320.0
"""Of a degree of latitude; one of longitude is shorter, so that this is the error's most."""
_TOLD_M, _LOST_M = 50.0, 100.0
_ENOUGH = 20
"""Places of which as good as none is at a round figure by chance."""
_FINE, _SEVERAL = 5, 3
"""Decimals of a place that is known to a metre, and rows that show that a study has such ones."""
_NAMES_SHOWN = 10
_ABOUT = re.compile(rf"^(?:{ABOUT})|(?:左右|上下)$")
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
    few = _few(len(errors), total)
    lost = {row: half for row, half in errors.items() if half > _LOST_M}
    if few:  # fifty metres are no doubt worth saying of a place that is perhaps exact
        errors = lost
    else:
        unknown[list(lost)] = True
    if not errors:
        return unknown, ()
    code = ProblemCode.POSITION_ROUND if few else ProblemCode.POSITION_COARSE
    more = {} if few else {"unknown": int(unknown.sum())}
    return unknown, (_warning(ledger, code, errors, total, **more),)


def rounded_beside_fine(ledger: Ledger, beside: Ledger) -> tuple[Problem, ...]:
    """Return a warning of the rows that are rounded as the rows of another ledger show.

    Those that :func:`coarse` does not tell: of few, some fifty metres off.
    """
    degrees = _in_degrees(ledger)
    errors = _errors(ledger, degrees) if degrees.any() else {}
    total = int(degrees.sum())
    if not errors or not _few(len(errors), total) or not _fine(beside):
        return ()
    errors = {row: half for row, half in errors.items() if half <= _LOST_M}
    code = ProblemCode.POSITION_COARSE
    return (_warning(ledger, code, errors, total, unknown=0),) if errors else ()


def _warning(
    ledger: Ledger, code: ProblemCode, errors: dict[int, float], total: int, **more: int
) -> Problem:
    """Return a warning of rows (row → metres off) of which the first is shown."""
    ids = [str(one) for one in ledger.frame.index]
    names = ledger.frame["name"].tolist() if "name" in ledger.frame else ids
    named = [one if isinstance(one, str) else ids[row] for row, one in enumerate(names)]
    return ledger.problem(
        code,
        Severity.WARNING,
        next(iter(errors)),
        "lon",
        count=len(errors),
        total=total,
        error_m=round(max(errors.values())),
        **more,
        names=[named[row] for row in errors][:_NAMES_SHOWN],
    )


def _in_degrees(ledger: Ledger) -> NDArray[np.bool_]:
    """Return the rows whose columns tell a place in degrees, 0, 0 being none."""
    if not {"lon", "lat"} <= ledger.headers.keys():
        return np.zeros(len(ledger.frame), dtype=bool)
    xy = ledger.frame[["lon", "lat"]].to_numpy(float)
    given: NDArray[np.bool_] = (np.abs(xy) <= [180, 90]).all(axis=1) & (xy != 0).any(axis=1)
    return given


def _fine(ledger: Ledger) -> bool:
    """Return whether most rows of a ledger tell a place to a metre or so."""
    rows = np.flatnonzero(_in_degrees(ledger))
    cells = [ledger.raw.frame[ledger.headers[name]] for name in ("lon", "lat") if len(rows)]
    said = [[decimals_of(cell.iloc[ledger.at[row]]) or 0 for cell in cells] for row in rows]
    fine = sum(max(one) >= _FINE for one in said)
    return fine >= _SEVERAL and 2 * fine > len(rows)


def _few(rounded: int, total: int) -> bool:
    """Return whether rounded places are too few, and finer ones too, to prove anything."""
    return 2 * rounded >= total and total < _ENOUGH


def _errors(ledger: Ledger, placed: NDArray[np.bool_]) -> dict[int, float]:
    """Return row → metres that its position may be off, of those that may be more than 50."""
    columns = [ledger.raw.frame[ledger.headers[name]].to_numpy() for name in ("lon", "lat")]
    errors = {}
    for row in np.flatnonzero(placed):
        said = _decimals([column[ledger.at[row]] for column in columns])
        half = 0.0 if said is None else half_m(said)
        if half > _TOLD_M:
            errors[int(row)] = half
    return errors


def _decimals(cells: Sequence[Any]) -> int | None:
    """Return the decimals of a place: of the finer number, but of one that is told about."""
    found = [decimals_of(cell) for cell in cells]
    said = [one for one in found if one is not None]
    about = [one is not None and _is_about(cell) for cell, one in zip(cells, found, strict=True)]
    if len(said) < len(found):
        return None
    loose = [one for one, is_about in zip(said, about, strict=True) if is_about]
    return min(loose) if loose else max(said)


def _is_about(cell: object) -> bool:
    return isinstance(cell, str) and _ABOUT.search(fold(cell)) is not None


def half_m(decimals: int) -> float:
    """Return how far a position may be off each way that is rounded to some decimals, metres."""
    return _METRES * 0.5 * 10.0**-decimals


def rounded_decimals(ledger: Ledger, beside: Ledger | None) -> dict[int, tuple[int, str]]:
    """Return row → decimals and coordinates as written, of rows in degrees rounded to 50 m or more.

    Only of a ledger that shows that it is rounded: most rows are finer, or it has twenty or more,
    or the rows of the one ``beside`` it are finer. Of the plots of a proposal, which has none
    beside it, three do.
    """
    degrees = _in_degrees(ledger)
    errors = _errors(ledger, degrees) if degrees.any() else {}
    few = _few(len(errors), int(degrees.sum()))
    if beside is None:
        few = few and len(errors) < _SEVERAL
    if not errors or (few and not (beside and _fine(beside))):
        return {}
    cells = [ledger.raw.frame[ledger.headers[name]].to_numpy() for name in ("lon", "lat")]
    found = {}
    for row in errors:
        written = [column[ledger.at[row]] for column in cells]
        found[row] = (_decimals(written) or 0, "，".join(map(str, written)))
    return found


def decimals_of(cell: Any) -> int | None:
    """Return how many decimals of a degree a cell has as written; None where it is no number."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int):
        return 0
    if isinstance(cell, float):
        exponent = Decimal(repr(cell)).normalize().as_tuple().exponent
        return max(-exponent, 0) if isinstance(exponent, int) else None
    if not isinstance(cell, str):
        return None
    cell = _ABOUT.sub("", fold(cell)) if _is_about(cell) else cell
    found = _PLAIN.fullmatch(cell.strip())
    return degrees_decimals(cell) if found is None else len(found[1] or "")
