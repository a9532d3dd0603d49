"""Which unit the cells of a row say, whatever its position: what lies wrong says nothing here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from lifecircle.intake.ledger.rows import texts
from lifecircle.model.gazetteer import COMMUNITY_DIGITS, TOWNSHIP_DIGITS, canonical_code

if TYPE_CHECKING:
    from lifecircle.intake.joins.units import UnitIndex

__all__ = ["said_units"]


def said_units(frame: pd.DataFrame, units: UnitIndex) -> pd.DataFrame:
    """Return the units that rows say, as codes.

    Parameters
    ----------
    frame
        The rows as written, with ``unit`` and ``community``: names or codes. Either may hold the
        code of the other: a village's code says its town, wherever it stands. A layer without one
        of the columns (gates, candidates) says nothing there.
    units
        The units.

    Returns
    -------
    said
        ``unit`` and ``community`` (n,): codes, None where no cell says one that is known.
    """
    nothing = [None] * len(frame)
    cells = (frame[name].tolist() if name in frame else nothing for name in ("unit", "community"))
    said = [_said(unit, community, units) for unit, community in zip(*cells, strict=True)]
    columns = {
        "unit": texts([town for town, _ in said], frame.index),
        "community": texts([local for _, local in said], frame.index),
    }
    return pd.DataFrame(columns, index=frame.index)


def _said(
    unit: str | None, community: str | None, units: UnitIndex
) -> tuple[str | None, str | None]:
    town = units.code(unit, "township") if unit else None
    local = units.code(community, "community", town) if community else None
    for cell in (community, unit):
        code = canonical_code(cell) if cell else None
        if code is not None and len(code) == COMMUNITY_DIGITS:
            local = local or units.code(code, "community")
            town = town or units.code(code, "township")
        elif code is not None:
            town = town or units.code(code, "township")
    if town is None and local is not None and canonical_code(local):
        town = local[:TOWNSHIP_DIGITS]
    return town, local
