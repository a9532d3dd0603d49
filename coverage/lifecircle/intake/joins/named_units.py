"""Rows whose unit is left blank, and whose own name says it: 化雨镇综合养老服务中心."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.intake.joins.units import canonical_code
from lifecircle.intake.ledger.rows import texts
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from shapely import Geometry

    from lifecircle.intake.joins.units import UnitIndex
    from lifecircle.intake.ledger.rows import Ledger

__all__ = ["with_named_units"]

_TOWNSHIP = 9


def with_named_units(
    ledger: Ledger, frame: pd.DataFrame, shapes: Sequence[Geometry | None], units: UnitIndex
) -> tuple[pd.DataFrame, tuple[Problem, ...]]:
    """Return the frame with the units that the rows' names say, where nothing else says one.

    Parameters
    ----------
    ledger, shapes
        The rows as written and their shapes; residential areas are tied to no community, for
        estates are called after villages that they are not in.
    frame
        The rows with ``unit`` and ``community`` as codes, by code, name or position.
    units
        The units.

    Returns
    -------
    frame, problems
        Each row tied by its name is told; a name that fits several units is only proposed, and so
        is the one street or town that an address holds: it may only say the way. What stands
        outside the outlines of all streets and towns is of none of them.
    """
    towns, locals_ = frame["unit"].tolist(), frame["community"].tolist()
    problems: list[Problem] = []
    facilities, outlined = ledger.raw.layer != "residential", units.outlined
    cells = zip(ledger.frame["unit"].tolist(), ledger.frame["community"].tolist(), strict=True)
    for row, (name, shape, written) in enumerate(zip(frame["name"], shapes, cells, strict=True)):
        if not isinstance(name, str) or (shape is not None and outlined):
            continue
        if towns[row] is None and written == (None, None):
            found = units.by_name(name, "township")
            towns[row], told = _tied(found, ledger, row, "unit", units)
            problems += told
        if facilities and locals_[row] is None and written[1] is None:
            found = units.by_name(name, "community", towns[row])
            locals_[row], told = _tied(found, ledger, row, "community", units)
            problems += told
            local = locals_[row]
            if towns[row] is None and local is not None and canonical_code(local):
                towns[row] = local[:_TOWNSHIP]
        if towns[row] is None and written == (None, None):
            problems += _in_address(ledger, row, units)
    return frame.assign(unit=texts(towns, frame.index), community=texts(locals_, frame.index)), (
        tuple(problems)
    )


def _in_address(ledger: Ledger, row: int, units: UnitIndex) -> list[Problem]:
    """Return that the address of a row without a unit holds the name of one street or town."""
    address = ledger.frame["address"].iloc[row] if "address" in ledger.frame else None
    found = units.by_name(address, "township") if isinstance(address, str) else []
    if len(found) != 1:
        return []
    told = {"unit": units.name(found[0]), "key": found[0]}
    code, severity = ProblemCode.UNIT_IN_ADDRESS, Severity.WARNING
    at = "unit" if "unit" in ledger.headers else "address"
    named = str(ledger.frame["name"].iloc[row])
    return [ledger.problem(code, severity, row, at, name=named, **told)]


def _tied(
    found: list[str], ledger: Ledger, row: int, column: str, units: UnitIndex
) -> tuple[str | None, list[Problem]]:
    """Return the one unit found, None where it is none or several, and what is to be said."""
    if not found:
        return None, []
    names = [units.name(code) for code in found]
    if len(found) > 1:
        code, severity = ProblemCode.UNIT_NAMED_SEVERAL, Severity.WARNING
        listed = [f"{name}（{one}）" for name, one in zip(names, found, strict=True)]
        return None, [_told(ledger, row, column, code, severity, names=listed)]
    told = _told(
        ledger, row, column, ProblemCode.UNIT_BY_NAME, Severity.INFO, unit=names[0], key=found[0]
    )
    return found[0], [told]


def _told(
    ledger: Ledger, row: int, column: str, code: ProblemCode, severity: Severity, **params: object
) -> Problem:
    """Return a problem at the cell to fill; where the table has no such column, at the name's."""
    named = str(ledger.frame["name"].iloc[row])
    at = column if column in ledger.headers else "name"
    return ledger.problem(code, severity, row, at, name=named, **params)
