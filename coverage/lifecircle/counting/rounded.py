"""Round figures of the county: its typed figures and its units' at the ends that are tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.model.problem.round_figures import taken

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from lifecircle.model.problem.round_figures import RoundFigure
    from lifecircle.model.tables import Tables

__all__ = ["at_ends"]


def at_ends(
    tables: Tables,
    name: str,
    cells: Mapping[tuple[str, str], Sequence[RoundFigure]],
    tried: Mapping[tuple[str, str], str],
) -> pd.DataFrame:
    """Return a table of figures of the county with its round ones at the ends that are tried.

    Parameters
    ----------
    name
        ``indicators`` or ``units``.
    cells
        Table and column → the round figures of its rows.
    tried
        The same → ``least`` or ``most``.
    """
    table: pd.DataFrame = getattr(tables, name)
    table = table.set_index("id", drop=False) if name == "indicators" else table
    found = table
    for key, end in tried.items():
        if key[0] == name:
            found = found.assign(**{key[1]: taken(table, key[1], cells[key], end)})
    return _within(table, found) if name == "indicators" else found


def _within(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return figures that are no more of a whole than all of it, where they were not before."""
    (was, whole), (top, bottom) = (
        (table["numerator"].astype(float), table["denominator"].astype(float))
        for table in (before, after)
    )
    beyond = (was <= whole) & (top > bottom)
    # the one that was moved gives way
    return after.assign(
        numerator=top.mask(beyond & (top != was), bottom),
        denominator=bottom.mask(beyond & (top == was), top),
    )
