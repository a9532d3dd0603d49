"""The Study: everything a county handed in, normalised, with what was wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

import pandas as pd

from lifecircle.model.allowed import Count, Like
from lifecircle.model.inputs.contents import Contents
from lifecircle.model.inputs.mapping.map_settings import MapSettings
from lifecircle.model.inputs.parameters import Parameters

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    import geopandas as gpd

    from lifecircle.model.inputs.layers import Layer
    from lifecircle.model.inputs.mapping.basemap import Basemap
    from lifecircle.model.inputs.streets import StreetLines
    from lifecircle.model.problem import Problem
    from lifecircle.model.reach import TravelTable

__all__ = [
    "ANSWER_CELLS",
    "ELSEWHERE",
    "LIKELY_COLUMNS",
    "PLACE_COLUMNS",
    "InputRecord",
    "Study",
    "likely_table",
]

PLACE_COLUMNS = ("in_file", "sheet", "row", "cell", "column")
"""Where a row of exemptions or evidence was written, for problems found once it is judged."""

ANSWER_CELLS = ("value_cell", "value_column", "claimed_cell", "claimed_column")
"""Cell and header of what a row of evidence answers and claims; ``PLACE_COLUMNS`` have its key."""

LIKELY_COLUMNS = ("facility", "residential", "m2", "written", "fits")
"""Of a service record's name that means no one area for certain: one row an area it may mean."""

ELSEWHERE = ""
"""The area of a name that no area has: perhaps somebody beyond the list is served."""


def likely_table(rows: Iterable[tuple[str, str, float, str, bool]] = ()) -> pd.DataFrame:
    """Return rows of :data:`LIKELY_COLUMNS` as a table, typed with rows or without."""
    types = dict(zip(LIKELY_COLUMNS, (object, object, float, object, bool), strict=True))
    return pd.DataFrame(list(rows), columns=list(LIKELY_COLUMNS)).astype(types)


@dataclass(frozen=True, slots=True)
class InputRecord:
    """One file read: rows = used + set aside, always.

    Parameters
    ----------
    path
        Relative to the study; a database's table, or a downloaded place, by its name.
    sha256
        Of its bytes.
    set_aside
        Rows that cannot be used; the problems say why.
    contents
        Which of its sheets, layers and rows were read, and which are hidden; null where a file is
        one table.
    """

    layer: str
    path: str
    sha256: Annotated[str, Like("^[0-9a-f]{64}$")]
    rows: Count
    used: Count
    set_aside: Count
    contents: Contents | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """A county's layers and settings, ready to be judged.

    Parameters
    ----------
    crs
        The one projected CRS (metres) of every layer and of the streets.
    sharing
        Recorded service relations, columns ``facility``, ``residential``, ``m2`` (NaN where the
        record names no figure), one row a pair.
    likely
        Areas that a name in such a record may mean, ``LIKELY_COLUMNS``: ``written`` is the name;
        ``fits`` tells whether it is the area's own, which others have too (one of them is meant),
        or nearly agrees with it only (none may be meant). A name that is nobody's has one row, of
        ``ELSEWHERE``: it means somebody beyond the list, or no other than without it.
    exemptions
        Columns ``id``, ``clause``, ``reason``, ``reference``, ``until`` (date or None), and, where
        they were read from a file, ``PLACE_COLUMNS``, ``written``: the name of which it is open
        whether it means this subject, else None; ``denied``: what its row says against it, else
        None; ``not_held``: whether that decides, so that it exempts nobody.
    indicators
        Columns ``id``, ``numerator``, ``denominator``, ``source``.
    gates_from
        Where the gates come from (``model.layers.GATE_SOURCES``). ``gates`` are the layer handed
        in; those of the street data are found when the study is judged.
    gates_somewhere
        Ids of areas that have, or may have, a gate of which nobody knows where it stands.
    gates_shut
        The same of gates that are shut: where people leave is not known unless another is open.
    gates_perhaps_shut
        Ids of areas that have a shut gate, or none, as a gate of a blank or unclear name is theirs.
    readings
        Reading id → choice set by the study, e.g. ``{"A5": "ceil"}``.
    evidence
        Documentary item → whether it is there; an item not named is not known.
    materials
        What the self-assessment form is filled from, one row a paper: ``item``, ``value``,
        ``claimed`` (points, NaN: none), ``work``, ``title``, ``number``, ``file``, ``note`` (text
        or None), ``PLACE_COLUMNS`` and ``ANSWER_CELLS``; None where nothing was typed.
    homes
        What layers would be were the positions that look like another datum put where that datum
        has them: one choice for each layer of which that is suspected and, of several, all
        together. Layer → its rows that would differ, with ``AS_READ``, geometry and what is found
        by position; of the streets, all of them. None is taken for true.
    banners
        Banner codes or texts to print on every output.
    basemap
        Tiles behind the HTML map; with the user's key, and so in no other output.
    """

    name: str
    county: str
    standards: tuple[str, ...]
    as_of: dt.date
    crs: str
    residential: Layer
    facilities: Layer
    units: Layer | None
    sharing: pd.DataFrame
    exemptions: pd.DataFrame
    indicators: pd.DataFrame
    language: str = "zh"
    parameters: Parameters = field(default_factory=Parameters)
    readings: Mapping[str, str] = field(default_factory=dict)
    candidates: Layer | None = None
    gates: Layer | None = None
    gates_from: str = "given"
    gates_somewhere: tuple[str, ...] = ()
    gates_shut: tuple[str, ...] = ()
    gates_perhaps_shut: tuple[str, ...] = ()
    buildings: Layer | None = None
    streets: StreetLines | None = None
    travel: TravelTable | None = None
    headline: str | None = None
    banners: tuple[str, ...] = ()
    attribution: tuple[str, ...] = ()
    inputs: tuple[InputRecord, ...] = ()
    problems: tuple[Problem, ...] = ()
    path: Path | None = None
    evidence: Mapping[str, bool] = field(default_factory=dict)
    map: MapSettings = field(default_factory=MapSettings)
    basemap: Basemap | None = None
    materials: pd.DataFrame | None = None
    likely: pd.DataFrame = field(default_factory=likely_table)
    homes: tuple[Mapping[str, gpd.GeoDataFrame | StreetLines], ...] = ()
