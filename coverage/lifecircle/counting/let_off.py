"""Let off: which areas are exempt from the floor-area quota that asks about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Where = Mapping[str, Sequence[str]]

__all__ = ["LetOff", "let_off"]

_ASKED_BY = ("age_class", "setting")
"""Columns by which a quota asks about an area, or not."""


class LetOff(NamedTuple):
    """An area that is exempt from a clause; ``perhaps``: or is not."""

    area: str
    clause: str
    perhaps: bool


def let_off(
    areas: pd.DataFrame, exempt: Iterable[LetOff], quotas: Mapping[str, Where]
) -> tuple[frozenset[str], frozenset[str]]:
    """Return the areas that are exempt from a quota that asks about them, and those that may be.

    An exemption from a quota of another class, or of the countryside, is none. Of an area of
    unknown class or setting it is open, unless it is exempt from all quotas that may ask about it.

    Parameters
    ----------
    areas
        With ``age_class`` and ``setting``.
    quotas
        Id of every floor-area quota → the areas that it asks about: column → values.
    """
    told: dict[str, dict[str, bool]] = {}
    for area, clause, perhaps in exempt:
        told.setdefault(area, {})[clause] = perhaps
    firm, open_ = set[str](), set[str]()
    for area in told.keys() & set(areas.index):
        row = {name: areas.at[area, name] for name in _ASKED_BY}
        asks = {clause: _asks(row, where) for clause, where in quotas.items()}
        some = [clause for clause, answer in asks.items() if answer is not False]
        sure = [clause for clause in some if told[area].get(clause) is False]
        if any(asks[clause] for clause in sure) or (some and sure == some):
            firm.add(area)
        elif not told[area].keys().isdisjoint(some):
            open_.add(area)
    return frozenset(firm), frozenset(open_)


def _asks(row: Mapping[str, object], where: Where) -> bool | None:
    """Return whether a quota asks about an area; None: it is not known."""
    answers = [
        None if pd.isna(row[name]) else row[name] in where[name]
        for name in _ASKED_BY
        if name in where
    ]
    return False if False in answers else None if None in answers else True
