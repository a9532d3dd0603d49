"""Planned facilities of a proposal: as a layer of the study, and whom they serve."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.intake.joins.references import SHARING_COLUMNS, sharing
from lifecircle.intake.layers import as_layer
from lifecircle.intake.ledger.rows import texts
from lifecircle.intake.proposal.frames import free_ids, shaped
from lifecircle.intake.said_against import overpromised
from lifecircle.model.dictionary import kinds, unread
from lifecircle.model.inputs.layers import HOUSE, HOUSE_ASTRAY, ROUNDED, Layer
from lifecircle.model.inputs.proposal import Supplement
from lifecircle.model.problem import ProblemCode
from lifecircle.model.sites import SITE_PART

if TYPE_CHECKING:
    from lifecircle.intake.layers import Settled
    from lifecircle.intake.proposal.log import ProposalLog
    from lifecircle.model.inputs.study import Study

__all__ = [
    "facility_gaps",
    "planned_facilities",
    "planned_sharing",
    "record_gaps",
    "room_names",
    "stage_gaps",
]


_NAMES = frozenset({ProblemCode.NAME_NEAR, ProblemCode.REFERENCE_UNKNOWN})


def planned_facilities(
    planned: Settled, homes: list[int | None], area: Layer, study: Study
) -> Layer:
    """Return the planned facilities as a layer: planned, and of the unit their plot is in.

    ``homes``: the position of each one's plot in ``area``, None where it has none.
    """
    frame = planned.ledger.frame
    table = shaped("facilities", frame)
    table["name"] = texts(room_names(frame), table.index)
    table["stage"] = texts(_stages(planned), table.index)
    for column in ("floor", "entrance", "daylight"):
        table[column] = frame[column]
    standing = study.facilities.frame
    taken = standing.index.union(pd.Index(standing["site"].dropna().astype(str)))
    table.index = free_ids(table.index, taken)
    if SITE_PART in frame:
        table[SITE_PART] = frame[SITE_PART].to_numpy(dtype=object)
    if HOUSE in frame:
        ids = dict(zip(frame.index, table.index, strict=True))
        table[HOUSE] = texts(map(ids.get, frame[HOUSE]), table.index)
        recorded = table["serves"].fillna("").groupby(table[HOUSE]).transform("nunique") > 1
        table[HOUSE_ASTRAY] = recorded.to_numpy() | np.array(_astray(table[HOUSE], homes, area))
    keys = list(area.frame.index)
    if ROUNDED in frame or ROUNDED in area.frame:
        table[ROUNDED] = _rounded_m(planned, homes, area)
    plots = [None if h is None or h >= len(keys) else keys[h] for h in homes]
    table["plot"] = texts(plots, table.index)
    for column in ("unit", "community"):
        there = [None if p is None else area.frame.at[p, column] for p in plots]
        table[column] = texts(there, table.index)
    return as_layer("facilities", table, planned.shapes, study.crs)


def _rounded_m(planned: Settled, homes: list[int | None], area: Layer) -> list[float]:
    """Return how far off each room's place may be: its own, or that of the plot it stands on."""
    frame, there = planned.ledger.frame, area.frame.get(ROUNDED)
    own = frame[ROUNDED].tolist() if ROUNDED in frame else [0.0] * len(frame)
    drawn, at = planned.ledger.raw.geometry, planned.ledger.at
    told = frame[["lon", "lat"]].notna().all(axis=1).to_numpy(dtype=bool, copy=True)
    told |= np.array([drawn is not None and drawn[row] is not None for row in at], dtype=bool)
    lent = [
        0.0 if home is None or there is None or home >= len(there) else float(there.iloc[home])
        for home in homes
    ]
    return [one if mine else plot for one, mine, plot in zip(own, told, lent, strict=True)]


def _astray(houses: pd.Series, homes: list[int | None], area: Layer) -> list[bool]:
    """Return which rooms may be one house that two plots have: of other quotas, not of one account.

    The plots of a file are one project, phases of which only another class or setting parts.
    """
    told = area.frame[["age_class", "setting"]].astype(str).itertuples(index=False, name=None)
    kept = dict(enumerate(told))
    whose = pd.Series([kept.get(-1 if home is None else home) for home in homes], houses.index)
    apart: list[bool] = (whose.groupby(houses).transform("nunique") > 1).tolist()
    return apart


def room_names(frame: pd.DataFrame) -> list[str]:
    """Return the names of planned facilities: without one, what it is, else its id."""
    specs = kinds()
    titles = (
        "、".join(sorted(specs[k].title["zh"] for k in own)) or str(i)
        for i, own in frame["kinds"].items()
    )
    return [n or t for n, t in zip(frame["name"], titles, strict=True)]


def _stages(planned: Settled) -> list[str | None]:
    """Return the stages: planned where blank, None where it may stand under another heading."""
    said = zip(planned.ledger.frame["stage"], _unread_stages(planned), strict=True)
    return [None if open_ else stage or "planned" for stage, open_ in said]


def _unread_stages(part: Settled) -> list[bool]:
    """Return of each row whether its stage may stand under a heading that nobody knows."""
    frame = part.ledger.frame
    name = unread("stage")
    return [bool(v) for v in frame[name]] if name in frame else [False] * len(frame)


def stage_gaps(layer: str, part: Settled, placed: Layer) -> list[Supplement]:
    """Return the rows whose stage has to be said; ``placed``: those of ``part`` that have a place.

    They stand in the same order, under the ids they were given.
    """
    open_rows = _unread_stages(part)
    if len(placed) != len(open_rows):
        both = zip(open_rows, part.shapes, strict=True)
        open_rows = [open_ for open_, shape in both if shape is not None]
    named = zip(placed.frame.index, placed.frame["name"], open_rows, strict=True)
    return [Supplement(layer, str(key), str(name), "stage") for key, name, open_ in named if open_]


def facility_gaps(facilities: Layer) -> list[Supplement]:
    """Return what the planned facilities do not say and have to: their kind, and any m²."""
    table = facilities.frame
    return [
        Supplement("planned", str(key), name, column)
        for key, name, own, part, whole in zip(
            table.index,
            table["name"],
            table["kinds"],
            table["community_area_m2"],
            table["floor_area_m2"],
            strict=True,
        )
        for column, gap in (
            ("kinds", not own),
            ("floor_area_m2", math.isnan(part) and math.isnan(whole)),
        )
        if gap
    ]


def record_gaps(facilities: Layer, likely: pd.DataFrame) -> list[Supplement]:
    """Return the planned facilities that have to say whom they serve: a name may mean several.

    Asked whatever it decides: a name that stays unclear cannot be held to once the rooms stand.
    ``likely``: as :func:`planned_sharing` returns it.
    """
    names = facilities.frame["name"]
    return [
        Supplement("planned", key, str(names[key]), "serves")
        for key in dict.fromkeys(likely["facility"].astype(str))
    ]


def planned_sharing(
    planned: Settled,
    area: Layer,
    facilities: Layer,
    homes: list[int | None],
    study: Study,
    log: ProposalLog,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return whom the planned facilities serve: their own plot, and whom the file names.

    Besides, whom it may name where a name nearly agrees, or several have it (``Study.likely``): as
    in a study that is a doubt to judge around, not a file to send back.
    """
    everybody = pd.concat([one.frame[["name", "geometry"]] for one in (area, study.residential)])
    relations, likely, found = sharing(planned.ledger, Layer("residential", everybody))
    for problem in found:
        doubt = problem.code in _NAMES and problem.params.get("nearest")
        if doubt:
            log.problems.append(problem)
        else:
            log.tell([problem])
    log.tell(overpromised(planned.ledger, relations, likely))
    ids = dict(zip(planned.ledger.frame.index, facilities.frame.index, strict=True))
    for table in (relations, likely):
        table["facility"] = table["facility"].map(ids)
    more = _own_plots(relations, facilities, homes, list(area.frame.index))
    parts = [p for p in (more, relations) if len(p)] or [relations]
    return pd.concat(parts, ignore_index=True), likely


def _own_plots(
    relations: pd.DataFrame, facilities: Layer, homes: list[int | None], plots: list[str]
) -> pd.DataFrame:
    """Return the planned facilities with their own plots, where their records do not say it."""
    rows = []
    for key, home in zip(facilities.frame.index, homes, strict=True):
        mine = relations[relations["facility"] == key]
        own = None if home is None or home >= len(plots) else plots[home]
        if own is not None and own not in set(mine["residential"]):
            rows.append((key, own, math.nan))
    return pd.DataFrame(rows, columns=list(SHARING_COLUMNS))
