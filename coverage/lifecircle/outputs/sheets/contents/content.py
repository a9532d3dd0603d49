"""What one sheet shows, before anything is drawn."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lifecircle.model.cell import number_or_none, text_or_none
from lifecircle.outputs.sheets.looks import NO_LOOK, STATUS_LOOKS, Look
from lifecircle.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import geopandas as gpd

    from lifecircle.outputs.sheets.paper import Bounds
    from lifecircle.outputs.words.wording import Wording

__all__ = [
    "NO_CLASS",
    "Content",
    "LeftOut",
    "Shade",
    "Table",
    "counted",
    "in_class",
    "status_shades",
]

NO_CLASS = "none"
"""Key of what the Assessment says nothing of."""


@dataclass(frozen=True, slots=True)
class Shade:
    """One class of surfaces: how it is drawn and what the legend says of it."""

    key: str
    look: Look
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows printed beside the map; ``shares`` of the width, one a column.

    The first ``left`` columns begin left, the others (figures) end right.
    """

    heads: tuple[str, ...]
    shares: tuple[float, ...]
    rows: tuple[tuple[str, ...], ...]
    left: int = 2


@dataclass(frozen=True, slots=True)
class Content:
    """What one sheet shows.

    Parameters
    ----------
    group
        ``now``, ``reach``, ``gap``, ``planned``, ``clause`` or ``atlas``.
    classed
        Id of each area (unit) drawn → key of its shade.
    names, tags
        Id → what is printed at it: the full text, and the short one where that does not fit.
    facilities
        Ids of the facilities drawn; ``facility_names``: with their names.
    service
        Ids of the service areas drawn.
    sites, planned
        Whether candidate sites, and places of a plan with lines to whom they serve, are drawn.
    units, table
        Rates by street and town; areas by number, as many as the sheet has room for.
    bounds
        What the map shows, metres; None: the whole study.
    """

    group: str
    title: str
    layer: str = "residential"
    heading: str = ""
    shades: tuple[Shade, ...] = ()
    classed: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    facilities: frozenset[str] = frozenset()
    facility_names: bool = False
    service: tuple[str, ...] = ()
    service_label: str = ""
    sites: bool = False
    planned: bool = False
    facts: tuple[str, ...] = ()
    quote: str = ""
    section: str = ""
    notes: tuple[str, ...] = ()
    units: Table | None = None
    units_head: str = ""
    table: Table | None = None
    table_head: str = ""
    bounds: Bounds | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A sheet that could not be made: its title in the result's language, and why, as a code.

    ``why``: a text of the domain ``sheets`` with its parameters, worded by whoever tells it.
    """

    title: str
    why: str
    about: Mapping[str, str] = field(default_factory=dict)

    def told(self, language: str) -> str:
        """Return why the sheet could not be made."""
        return say("sheets", self.why, language, **self.about)


def counted(frame: gpd.GeoDataFrame, classed: Mapping[str, str], words: Wording) -> dict[str, str]:
    """Return shade key → how many there are, with their households: ``37 个，18,240 户``.

    This counts what is drawn, so that the legend agrees with the map.
    """
    numbers, households, unknown = Counter[str](), Counter[str](), Counter[str]()
    columns = frame["households"] if "households" in frame else [None] * len(frame)
    for key, value in zip(map(str, frame.index), columns, strict=True):
        if key not in classed:
            continue
        shade, found = classed[key], number_or_none(value)
        numbers[shade] += 1
        households[shade] += 0 if found is None else round(found)
        unknown[shade] += found is None
    return {
        shade: _tally(n, households[shade], unknown[shade], words) for shade, n in numbers.items()
    }


def _tally(number: int, households: float, unknown: int, words: Wording) -> str:
    """Return how many areas there are, with their households."""
    found = words.say("tally.areas", n=number)
    if unknown == number:
        return found
    code = "tally.households_at_least" if unknown else "tally.households"
    return words.say("tally.both", areas=found, households=words.say(code, n=households))


def status_shades(
    classed: Mapping[str, str],
    tallies: Mapping[str, str],
    words: Wording,
    vocabulary: str = "status",
) -> tuple[Shade, ...]:
    """Return the shades of the statuses that occur, in the order of the legend.

    ``vocabulary`` is that of domain ``sheets``: ``status`` (达标 …) or ``covered`` (覆盖 …).
    """
    present = set(classed.values())
    found = [
        Shade(key, look, _status_label(key, vocabulary, words), tallies.get(key, ""))
        for key, look in ((str(status), look) for status, look in STATUS_LOOKS.items())
        if key in present
    ]
    if NO_CLASS in present:
        found.append(Shade(NO_CLASS, NO_LOOK, words.say("no_verdict"), tallies.get(NO_CLASS, "")))
    return tuple(found)


def _status_label(status: str, vocabulary: str, words: Wording) -> str:
    """Return the word of a status: 达标, or with ``covered`` 覆盖."""
    code = f"{vocabulary}.{status}"
    return words.say(code) if words.knows(code) else words.word("status", status)


def in_class(values: Iterable[tuple[str, object]], known: Iterable[str]) -> dict[str, str]:
    """Return id → key for the values that are known keys, ``NO_CLASS`` for the others."""
    keys = set(map(str, known))
    texts = ((i, text_or_none(value)) for i, value in values)
    return {i: found if found is not None and found in keys else NO_CLASS for i, found in texts}
