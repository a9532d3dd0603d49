"""Rows that several counties may have, written so that none has them for certain."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, TypeAlias

from lifecircle.intake.joins.lists import names_listed
from lifecircle.model.dictionary import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from lifecircle.batch.cutting.homes import Known, Shared

__all__ = ["Maybe", "unsettled"]

Maybe: TypeAlias = "Mapping[int, frozenset[str]]"
"""Row → the counties that may have it, where it is none's for certain."""
_HOLDS = ("是否适用", "是否生效", "是否现行有效")
"""Headers under which a county reads whether an exemption holds; the first that is not there."""
_WHOSE = "几个县都有，属于哪个县不明"
"""An answer that is neither yes nor no, and why."""


def unsettled(
    tables: Mapping[str, Shared | None], maybe: Mapping[str, Maybe], known: Known
) -> dict[str, Shared | None]:
    """Return the tables with what leaves such rows open in each county that they are handed to.

    Each county numbers its own. A walk whose people several have is without the facility that it
    names: it may be to any that stands near enough, or nobody's there. An exemption that names
    whom several have does not hold for certain.
    """
    found = dict(tables)
    for name, open_ in (("travel", _without_end), ("exemptions", _perhaps)):
        shared = tables[name]
        if shared is not None and (mine := _named(shared, maybe.get(name, {}), known)):
            frame = open_(shared, shared.raw.frame.astype(object), mine)
            raw = dataclasses.replace(shared.raw, frame=frame)
            found[name] = dataclasses.replace(shared, raw=raw)
    return found


def _named(shared: Shared, maybe: Maybe, known: Known) -> list[int]:
    """Return the rows that several counties may have because each has one of that name."""
    several = [at for at, of in maybe.items() if len(of) > 1]
    if shared.raw.layer == "travel":
        areas = known.referred["residential"]
        return [at for at in several if areas.get(fold(shared.said["demand"][at]))]
    return [at for at in several if maybe[at] != known.listed or _somebody(shared, at, known)]


def _somebody(shared: Shared, at: int, known: Known) -> bool:
    word = shared.said["id"][at]
    each = {fold(one) for one in (word, *names_listed(word))}  # R1、R2, of which each has both
    return any(each & rows.keys() for rows in known.referred.values())


def _without_end(shared: Shared, frame: pd.DataFrame, rows: list[int]) -> pd.DataFrame:
    header = shared.headers.get("facility")
    if header is not None:
        frame.iloc[rows, frame.columns.get_loc(header)] = None
    return frame


def _perhaps(_: Shared, frame: pd.DataFrame, rows: list[int]) -> pd.DataFrame:
    header = next((one for one in _HOLDS if one not in frame), None)
    if header is not None:
        frame[header] = None
        frame.iloc[rows, frame.columns.get_loc(header)] = _WHOSE
    return frame
