"""Where a study could build: its candidates, and facilities to be put back into use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from lifecircle.case.tables import walk_limit_m
from lifecircle.counting.eligibility import members
from lifecircle.errors import SitingError
from lifecircle.model.dictionary import group_of, kinds
from lifecircle.model.inputs.layers import Layer
from lifecircle.reach.areas.demand import positions
from lifecircle.reach.table import reach_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from lifecircle.case.bench import Bench
    from lifecircle.model.inputs.study import Study
    from lifecircle.model.rules.options import Options
    from lifecircle.model.rules.rule import Rule

__all__ = ["Candidate", "candidates_of", "costs_of", "kind_for", "with_built"]

_BACK_INTO_USE = ("idle", "misused")
_IDLE = "闲置"
_SMALLEST = ("day_care", "canteen", "happiness_home", "township_centre")
"""The least that serves each reach group: what is planned unless another kind is asked for."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One place where something could be built or put back into use.

    Parameters
    ----------
    facility
        Id of its row in the facility layer once it is built.
    """

    id: str
    facility: str
    name: str
    nature: str
    unit: str | None
    community: str | None
    floor_area_m2: float | None
    x: float
    y: float


def kind_for(rule: Rule[Options], wanted: str | None = None) -> str:
    """Return the kind to plan for a clause: the wanted one, else the least that it counts.

    Raises
    ------
    SitingError
        The clause does not count the wanted kind.
    """
    group = group_of(rule.kinds)
    known = tuple(rule.kinds)
    if group is not None:
        known = tuple(one.key for one in kinds().values() if group in one.reach)
    if wanted is None:
        return next((one for one in _SMALLEST if one in known), known[0])
    if wanted not in known:
        raise SitingError("kind", kind=wanted, names=list(known))
    return wanted


def candidates_of(study: Study, bench: Bench, rule: Rule[Options]) -> tuple[Candidate, ...]:
    """Return where a clause's facility could stand, in the order of their ids.

    Places without a position are left out. Facilities that are idle or misused are candidates
    where their kinds are certainly the clause's.
    """
    found = [*_listed(study), *_unused(study, bench, rule)]
    return tuple(sorted(found, key=lambda one: one.id))


def _listed(study: Study) -> Iterable[Candidate]:
    if study.candidates is None:
        return
    taken = set(study.facilities.frame.index)
    frame, xy = study.candidates.frame, positions(study.candidates)
    for (name, row), (x, y) in zip(frame.iterrows(), xy, strict=True):
        if np.isnan(x):
            continue
        own = str(name)
        while own in taken:  # a candidate may bear the id of a facility
            own = f"{own}'"
        idle = _IDLE in str(_text(row["type"]) or "") or _IDLE in str(row["name"])
        m2 = float(row["floor_area_m2"])
        yield Candidate(
            id=own,
            facility=own,
            name=str(row["name"]),
            nature="convert" if idle else "new",
            unit=_text(row["unit"]),
            community=_text(row["community"]),
            floor_area_m2=None if np.isnan(m2) else m2,
            x=float(x),
            y=float(y),
        )


def _unused(study: Study, bench: Bench, rule: Rule[Options]) -> Iterable[Candidate]:
    frame, xy = study.facilities.frame, positions(study.facilities)
    mine = (members(bench.bare.facilities, bench.bare.reach_kinds[rule.reach_key]) == 1).to_numpy()
    unused = frame["stage"].isin(_BACK_INTO_USE).to_numpy() & mine & ~np.isnan(xy[:, 0])
    for at in np.flatnonzero(unused):
        row = frame.iloc[at]
        m2 = float(row["floor_area_m2"])
        yield Candidate(
            id=str(frame.index[at]),
            facility=str(frame.index[at]),
            name=str(row["name"]),
            nature="reuse",
            unit=_text(row["unit"]),
            community=_text(row["community"]),
            floor_area_m2=None if np.isnan(m2) else m2,
            x=float(xy[at, 0]),
            y=float(xy[at, 1]),
        )


def _text(value: Any) -> str | None:
    return None if pd.isna(value) else str(value)


def with_built(study: Study, built: Iterable[Candidate], kind: str) -> Layer:
    """Return the facility layer with candidates in use: rows of their own, or back in use."""
    frame = study.facilities.frame.copy()
    rows: list[Candidate] = []
    for one in built:
        if one.nature == "reuse":
            frame.loc[one.facility, "stage"] = "in_use"
        else:
            rows.append(one)
    if rows:
        frame = _with_rows(frame, rows, kind)
    return Layer("facilities", frame)


def _with_rows(frame: gpd.GeoDataFrame, rows: list[Candidate], kind: str) -> gpd.GeoDataFrame:
    """Return the layer with rows added; every column keeps its type, what is not known is blank."""
    index = pd.Index([*frame.index, *(one.facility for one in rows)], name=frame.index.name)
    given: dict[str, list[Any]] = {
        "name": [one.name for one in rows],
        "kinds": [frozenset({kind}) for _ in rows],
        "stage": ["in_use" for _ in rows],
        "unit": [one.unit for one in rows],
        "community": [one.community for one in rows],
        "floor_area_m2": [
            np.nan if one.floor_area_m2 is None else one.floor_area_m2 for one in rows
        ],
    }
    columns: dict[str, Any] = {}
    for name in frame.columns:
        if name == frame.geometry.name:
            continue
        old = frame[name]
        blank = np.nan if old.dtype.kind == "f" else None
        fresh = given.get(name, [False if old.dtype.kind == "b" else blank] * len(rows))
        columns[name] = pd.Series([*old, *fresh], index=index, dtype=old.dtype)
    spots = gpd.points_from_xy([one.x for one in rows], [one.y for one in rows], crs=frame.crs)
    geometry = gpd.GeoSeries([*frame.geometry, *spots], index=index, crs=frame.crs)
    return gpd.GeoDataFrame(columns, geometry=geometry, crs=frame.crs)[list(frame.columns)]


def costs_of(
    bench: Bench, rule: Rule[Options], candidates: tuple[Candidate, ...], kind: str
) -> Mapping[str, pd.Series]:
    """Return each candidate's cost from every area, in the clause's unit, as the judgement walks.

    Every candidate's reach is sought alone, with the same legs, gates, barriers and speeds as a
    facility's; inf: beyond the search limit.
    """
    study = bench.case.study
    context = bench.changed(
        facilities=with_built(study, candidates, kind), arranging=False
    ).case.context
    minutes = rule.value if rule.measure == "walk" and rule.value is not None else 0.0
    radius = rule.value if rule.measure == "radius" and rule.value is not None else 0.0
    found: dict[str, pd.Series] = {}
    for one in candidates:
        alone: NDArray[np.float64] = np.asarray(
            context.facility_ids == one.facility, dtype=np.float64
        )
        table = reach_table(
            context, rule.reach_key, alone, radius_m=radius, walk_m=walk_limit_m(study, minutes)
        ).frame
        if rule.measure == "radius":
            found[one.id] = table["radius_m"].astype(float)
        else:
            walk = table["walk_m"].astype(float).where(table["walk_unknown"].isna(), np.inf)
            found[one.id] = walk / (study.parameters.walk_speed_m_s * 60.0)
    return found
