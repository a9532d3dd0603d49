"""Naming: which estates a facility's name or address speaks of, the longest name that fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from lifecircle.model.dictionary import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["named_areas"]

_SHORTEST_NAME = 2
"""A name of one character names no estate."""
_GENERIC = ("住宅小区", "居民小区", "居住小区", "居住区", "小区")
"""Ends of estates' names that say no more than what they are, the longest first."""


def named_areas(facilities: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Return pairs ``facility``, ``residential``: whose name is the longest that it holds.

    An estate is known by its name with and without 小区, a project by the names of all its
    phases (``names``). Where a facility's name holds none, its address is asked. Of several names
    equally long all are told: which it is, places decide.
    """
    names: dict[str, set[str]] = {}
    called = areas["names"] if "names" in areas else areas["name"].map(lambda name: (name,))
    for area, phases in called.items():
        for name in {one for phase in phases for one in _forms(phase)}:
            names.setdefault(name, set()).add(str(area))
    longest = max(map(len, names), default=0)
    blank = pd.Series(None, facilities.index, dtype=object)
    address = facilities.get("address", blank)
    found = [
        (facility, area)
        for facility, name, street in zip(
            facilities.index, facilities["name"], address, strict=True
        )
        for area in sorted(_held(name, names, longest) or _held(street, names, longest))
    ]
    return pd.DataFrame(found, columns=["facility", "residential"], dtype=object)


def _forms(name: object) -> Iterator[str]:
    """Yield an estate's name as it may stand in another one."""
    if not isinstance(name, str):
        return
    folded = fold(name)
    stem = next((folded.removesuffix(end) for end in _GENERIC if folded.endswith(end)), folded)
    yield from (form for form in (folded, stem) if len(form) >= _SHORTEST_NAME)


def _held(text: object, names: dict[str, set[str]], longest: int) -> Iterable[str]:
    """Return the areas of the longest names that ``text`` holds."""
    if not isinstance(text, str):
        return ()
    folded = fold(text)
    for length in range(min(longest, len(folded)), _SHORTEST_NAME - 1, -1):
        parts = {folded[at : at + length] for at in range(len(folded) - length + 1)}
        hits = [names[part] for part in parts & names.keys()]
        if hits:
            return set().union(*hits)
    return ()
