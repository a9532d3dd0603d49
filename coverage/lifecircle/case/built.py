"""What a siting plan builds, as rows of the study: the future that can be judged like today."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from lifecircle.case.rows import with_rows
from lifecircle.errors import SitingError
from lifecircle.model.inputs.layers import Layer
from lifecircle.model.status import Stage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lifecircle.model.inputs.study import Study
    from lifecircle.model.results.siting_plan import PlannedRecord, SitingPlan

__all__ = ["Built", "with_built", "with_plan", "with_records"]

_STANDING = frozenset({"expand", "reuse"})
"""Natures of places that are facilities already."""
_M2 = ("floor_area_m2", "community_area_m2")


@dataclass(frozen=True, slots=True)
class Built:
    """One place as built.

    Parameters
    ----------
    facility
        Id of its row: of a new one, or of the facility that is enlarged or put back into use.
    m2
        Floor area for the community; of one that is enlarged, what is added. None: not known, or
        as it is.
    x, y
        In the study's CRS, metres.
    """

    facility: str
    nature: str
    name: str
    kind: str
    unit: str | None
    community: str | None
    m2: float | None
    x: float
    y: float


def with_plan(study: Study, plan: SitingPlan) -> Study:
    """Return the study with all places of a plan in use, and the service relations it rests on.

    What is built is no candidate any more.

    Raises
    ------
    SitingError
        A facility that the plan changes is no longer there, or the id of one that it adds is taken:
        the plan is of another state of the ledger.
    """
    here = study.facilities.crs
    spots = gpd.points_from_xy([p.x for p in plan.places], [p.y for p in plan.places], crs=plan.crs)
    moved = gpd.GeoSeries(spots, crs=plan.crs).to_crs(here)
    built = [
        Built(
            facility=place.facility,
            nature=place.nature,
            name=place.name,
            kind=place.kind,
            unit=place.unit,
            community=place.community,
            m2=place.floor_area_m2 if place.size_m2 is None else place.size_m2,
            x=float(spot.x),
            y=float(spot.y),
        )
        for place, spot in zip(plan.places, moved, strict=True)
    ]
    known = set(study.facilities.frame.index)
    wrong = [b.facility for b in built if (b.facility in known) != (b.nature in _STANDING)]
    wrong += [r.facility for r in plan.records if r.existing and r.facility not in known]
    if wrong:
        raise SitingError("plan_ids", names=sorted(set(wrong)), count=len(set(wrong)))
    offered = study.candidates
    if offered is not None:
        taken = offered.frame.index.isin([place.candidate for place in plan.places])
        offered = Layer(offered.name, offered.frame[~taken])
    return dataclasses.replace(
        study,
        facilities=with_built(study, built),
        sharing=with_records(study.sharing, plan.records),
        candidates=offered,
    )


def with_built(study: Study, built: Iterable[Built]) -> Layer:
    """Return the facility layer with places in use: rows of their own, back in use, or larger."""
    frame = study.facilities.frame.copy()
    rows: list[Built] = []
    for one in built:
        if one.nature == "expand":
            for name in _M2:  # a blank stays blank: the other column counts then
                frame.loc[one.facility, name] += one.m2 or 0.0
        elif one.nature == "reuse":
            frame.loc[one.facility, "stage"] = Stage.IN_USE
        else:
            rows.append(one)
    if rows:
        spots = [(one.x, one.y) for one in rows]
        frame = with_rows(frame, [one.facility for one in rows], _columns(rows), spots)
    return Layer("facilities", frame)


def with_records(sharing: pd.DataFrame, records: Iterable[PlannedRecord]) -> pd.DataFrame:
    """Return the service relations with a plan's in place of all those of the same facilities."""
    records = list(records)
    if not records:
        return sharing
    fresh = pd.DataFrame(
        {
            "facility": [one.facility for one in records],
            "residential": [one.residential for one in records],
            "m2": [np.nan if one.m2 is None else one.m2 for one in records],
        }
    ).astype({"m2": float})
    kept = sharing[~sharing["facility"].isin(fresh["facility"])]
    if not len(kept):
        return fresh
    return pd.concat([kept[list(fresh.columns)], fresh], ignore_index=True)


def _columns(rows: list[Built]) -> dict[str, list[Any]]:
    """Return what the ledger says of places that are new."""
    return {
        "name": [one.name for one in rows],
        "kinds": [frozenset({one.kind}) for one in rows],
        "stage": [Stage.IN_USE for _ in rows],
        "unit": [one.unit for one in rows],
        "community": [one.community for one in rows],
        "floor_area_m2": [np.nan if one.m2 is None else one.m2 for one in rows],
    }
