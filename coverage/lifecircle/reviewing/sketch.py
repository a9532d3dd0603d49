"""The sketch of an opinion: the plots, the radius round them, and which facilities count (A37)."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd
import shapely

from lifecircle.counting.eligibility import both, countable_m2, has_rooms, members
from lifecircle.counting.projects import leads
from lifecircle.model.dictionary import group_kinds
from lifecircle.model.finding import meets
from lifecircle.model.results.review import Sketch, SketchPlace, Standing
from lifecircle.model.status import Stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from lifecircle.judge.clauses import JudgedClause
    from lifecircle.model.inputs.proposal import Proposal
    from lifecircle.model.inputs.study import Study
    from lifecircle.model.reason import Reason
    from lifecircle.model.results.review import ReviewedClause
    from lifecircle.model.tables import Tables

__all__ = ["sketched"]

_MOST = 12
"""Facilities that one sketch numbers."""
_ROUND = 300.0
"""Metres round the plots where nothing gives a radius."""
_ROOMS = ("own", "recorded")
_WORKS = {Stage.IN_USE, Stage.PLANNED, Stage.UNDER_CONSTRUCTION}


def sketched(
    study: Study,
    proposal: Proposal,
    tables: Tables,
    rows: Iterable[ReviewedClause],
    judged: Mapping[str, JudgedClause],
) -> Sketch:
    """Return what the sketch of a review shows.

    Parameters
    ----------
    study
        With the proposal in it.
    tables
        Its tables, everything planned built, with the account.
    rows, judged
        The reviewed clauses, and all that were judged.
    """
    plots = [str(plot) for plot in proposal.plots.frame.index]
    rows = tuple(rows)
    reach = next((row for row in rows if row.measure == "radius" and row.target is not None), None)
    radius = None if reach is None else reach.target
    kinds = group_kinds("community") if reach is None else judged[reach.id].rule.kinds
    centres = tables.areas.loc[plots, ["x", "y"]].to_numpy(dtype=float)
    quotas = [row.id for row in rows if row.measure == "provision" and row.decides]
    places = _places(proposal, tables, quotas, kinds, centres, radius)
    homes = study.residential.frame
    window = _window(homes.geometry.loc[plots].to_list(), centres, radius)
    others = homes.geometry.drop(index=plots)
    return Sketch(
        plots=tuple(homes.geometry.loc[plots]),
        areas=_within(others.to_numpy(), window),
        streets=_streets(study, window),
        centres=tuple((float(x), float(y)) for x, y in centres),
        radius_m=radius,
        clause="" if reach is None else reach.id,
        places=places[:_MOST],
        more=max(len(places) - _MOST, 0),
    )


def _places(
    proposal: Proposal,
    tables: Tables,
    quotas: list[str],
    kinds: tuple[str, ...],
    centres: NDArray[np.float64],
    radius: float | None,
) -> tuple[SketchPlace, ...]:
    """Return every facility of community kind or rooms that is planned, counts or stands near."""
    facilities = tables.facilities
    standing, m2 = _standing(tables, quotas, kinds, [str(p) for p in proposal.plots.frame.index])
    reasons = _reasons(proposal, tables)
    spots = facilities[["x", "y"]].to_numpy(dtype=float)
    far = np.hypot(*(spots[:, None, :] - centres[None, :, :]).transpose(2, 0, 1)).min(axis=1)
    away = pd.Series(far, facilities.index)
    planned = pd.Series(facilities.index.isin(proposal.facilities.frame.index), facilities.index)
    works = (members(facilities, kinds) != 0) | (has_rooms(facilities) != 0)
    near = works & meets(away, "<=", _ROUND if radius is None else radius)
    counted = standing == Standing.COUNTED
    shown = (planned | counted | near | facilities.index.isin(list(reasons))) & away.notna()
    order = pd.DataFrame({"old": ~planned, "aside": ~counted, "away": away})
    order = order[shown].sort_index().sort_values(["old", "aside", "away"], kind="stable")
    return tuple(
        SketchPlace(
            number=number,
            facility=str(name),
            x=float(facilities.at[name, "x"]),
            y=float(facilities.at[name, "y"]),
            planned=bool(planned[name]),
            standing=standing[name],
            m2=None if pd.isna(m2[name]) else float(m2[name]),
            distance_m=float(away[name]),
            stage=_stage(facilities.at[name, "stage"]),
            reason=None if standing[name] == Standing.COUNTED else reasons.get(str(name)),
        )
        for number, name in enumerate(order.index, start=1)
    )


def _standing(
    tables: Tables, quotas: list[str], kinds: tuple[str, ...], plots: list[str]
) -> tuple[pd.Series, pd.Series]:
    """Return how each facility stands to the plots, and the m² that are told of it."""
    facilities = tables.facilities
    serves = both(members(facilities, kinds), facilities["reaches"])
    found = pd.Series(Standing.ASIDE, facilities.index, dtype=object)
    found[serves.isna()] = Standing.OPEN
    found[serves == 1] = Standing.NEAR
    could = countable_m2(facilities)
    m2 = could["high"].where(could["high"] == could["low"])
    if tables.account is None:
        return found, m2
    mine = set(leads(tables.areas)[plots])
    own = tables.account.places
    own = own[own["residential"].isin(mine) & own["clause"].isin(quotas) & own["credited"]]
    maybe = own.loc[own["m2_high"] > own["m2_low"], "facility"]
    found[found.index.isin(maybe)] = Standing.OPEN
    given = tables.account.allocation
    given = given[given["residential"].isin(mine) & given["clause"].isin(quotas)]
    given = given[given["basis"].isin(_ROOMS) & (given["m2"] > 0)]
    # several quotas may ask for the same rooms: what one of them credits is told once
    credit = given.groupby(["facility", "clause"])["m2"].sum().groupby("facility").max()
    found[found.index.isin(credit.index)] = Standing.COUNTED
    return found, credit.reindex(m2.index).fillna(m2)


def _reasons(proposal: Proposal, tables: Tables) -> dict[str, Reason]:
    """Return facility → why its rooms, near or named, do not count for the plots."""
    notes = {} if tables.account is None else tables.account.notes
    lead = leads(tables.areas)
    told: dict[str, Reason] = {}
    for plot in proposal.plots.frame.index:
        for reason in notes.get(lead[plot], ()):
            told.setdefault(str(reason.params["facility"]), reason)
    return told


def _stage(stage: object) -> str | None:
    return None if pd.isna(stage) or stage in _WORKS else str(cast("Stage", stage))


def _window(
    plots: list[BaseGeometry], centres: NDArray[np.float64], radius: float | None
) -> BaseGeometry:
    """Return the box that a sketch shows: the plots and the radius round each."""
    reach = _ROUND if radius is None else radius
    around = shapely.buffer(shapely.points(centres), reach)
    return shapely.box(*shapely.total_bounds([*plots, *around])).buffer(reach / 5, join_style=2)


def _within(shapes: NDArray[np.object_], window: BaseGeometry) -> tuple[BaseGeometry, ...]:
    known = np.isfinite(shapely.bounds(shapes)).all(axis=1)
    return tuple(shapes[known & shapely.intersects(window, shapes)])


def _streets(study: Study, window: BaseGeometry) -> tuple[BaseGeometry, ...]:
    """Return the streets that have a vertex in the window, cut to it."""
    lines = study.streets
    if lines is None or not len(lines.way_vertex):
        return ()
    west, south, east, north = window.bounds
    x, y = lines.vertex_xy[lines.way_vertex].T
    way = np.repeat(np.arange(len(lines.way_start) - 1), np.diff(lines.way_start))
    inside = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    kept = np.isin(way, way[inside])
    _, number = np.unique(way[kept], return_inverse=True)
    found = shapely.linestrings(np.column_stack([x[kept], y[kept]]), indices=number)
    return tuple(shapely.intersection(np.atleast_1d(found), window))
