"""Neighbourhood: where a facility of unknown place may stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["neighbourhood"]


def neighbourhood(facility: pd.Series, areas: pd.DataFrame) -> tuple[str, ...]:
    """Return the areas of the facility's community, else of its unit, else none."""
    for column in ("community", "unit"):
        code = facility.get(column)
        if isinstance(code, str) and code:
            return tuple(areas.index[areas[column] == code])
    return ()
