"""Planned facilities of a proposal: as a layer of the study, and whom they serve."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from lifecircle.intake.joins.references import SHARING_COLUMNS, overpromised, sharing
from lifecircle.intake.layers import as_layer
from lifecircle.intake.ledger.rows import texts
from lifecircle.intake.proposal.frames import free_ids, shaped
from lifecircle.model.dictionary import kinds
from lifecircle.model.inputs.layers import Layer
from lifecircle.model.inputs.proposal import Supplement

if TYPE_CHECKING:
    from lifecircle.intake.layers import Settled
    from lifecircle.intake.proposal.log import ProposalLog
    from lifecircle.model.inputs.study import Study

__all__ = ["facility_gaps", "planned_facilities", "planned_sharing"]


def planned_facilities(
    planned: Settled, homes: list[int | None], area: Layer, study: Study
) -> Layer:
    """Return the planned facilities as a layer: planned, and of the unit their plot is in.

    ``homes``: the position of each one's plot in ``area``, None where it has none.
    """
    frame = planned.ledger.frame
    table = shaped("facilities", frame)
    specs = kinds()
    titles = [
        "、".join(sorted(specs[k].title["zh"] for k in own)) or str(i)
        for i, own in frame["kinds"].items()
    ]
    names = [n or t for n, t in zip(frame["name"], titles, strict=True)]
    table["name"] = texts(names, table.index)
    table["stage"] = texts([v or "planned" for v in frame["stage"]], table.index)
    for column in ("floor", "entrance", "daylight"):
        table[column] = frame[column]
    table.index = free_ids(table.index, study.facilities.frame.index)
    keys = list(area.frame.index)
    plots = [None if h is None or h >= len(keys) else keys[h] for h in homes]
    table["plot"] = texts(plots, table.index)
    for column in ("unit", "community"):
        there = [None if p is None else area.frame.at[p, column] for p in plots]
        table[column] = texts(there, table.index)
    return as_layer("facilities", table, planned.shapes, study.crs)


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


def planned_sharing(
    planned: Settled,
    area: Layer,
    facilities: Layer,
    homes: list[int | None],
    study: Study,
    log: ProposalLog,
) -> pd.DataFrame:
    """Return whom the planned facilities serve: their own plot, and whom the file names."""
    everybody = pd.concat([one.frame[["name", "geometry"]] for one in (area, study.residential)])
    relations, _, found = sharing(planned.ledger, Layer("residential", everybody))
    log.tell(found)
    log.tell(overpromised(planned.ledger, relations))
    ids = dict(zip(planned.ledger.frame.index, facilities.frame.index, strict=True))
    relations["facility"] = relations["facility"].map(ids)
    keys = list(area.frame.index)
    rows = []
    for key, home in zip(facilities.frame.index, homes, strict=True):
        mine = relations[relations["facility"] == key]
        own = None if home is None or home >= len(keys) else keys[home]
        if own is not None and own not in set(mine["residential"]):
            rows.append((key, own, math.nan))
    more = pd.DataFrame(rows, columns=list(SHARING_COLUMNS))
    parts = [p for p in (more, relations) if len(p)] or [relations]
    return pd.concat(parts, ignore_index=True)
