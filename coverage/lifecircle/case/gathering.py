"""Gathering: from a Study to the tables that are judged: reach done, geometry left behind."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.case.columns import area_columns, facility_columns
from lifecircle.case.journeys import host_journeys
from lifecircle.counting.eligibility import both, members, number_of
from lifecircle.measures.areas.extent import reach_key
from lifecircle.model.dictionary import REACH_GROUPS, columns
from lifecircle.model.tables import Tables
from lifecircle.reach.areas.shares import containment
from lifecircle.reach.table import reach_table
from lifecircle.standards import form_of, read_form

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from lifecircle.model.inputs.study import Study
    from lifecircle.model.reach import ReachTable
    from lifecircle.model.rules.clause import Clause, Standard
    from lifecircle.model.status import StageView
    from lifecircle.reach.context import ReachContext

__all__ = [
    "Thresholds",
    "account_tables",
    "gather",
    "gathered_anew",
    "group_membership",
    "neighbourhood",
    "walk_limit_m",
    "with_reach",
]

Thresholds = dict[str, tuple[float, float]]
"""Reach key → radius (m) and walk (min) of a standard's clauses, or the reference ones."""

_EXTRA_UNIT_COLUMNS = ("unit_type", "level", "parent")


def gather(study: Study, context: ReachContext, standard: Standard, view: StageView) -> Tables:
    """Return the tables of one study under one standard: derived columns and reach."""
    tables = account_tables(study, standard, view, context.centre, context.facility_xy)
    tables = with_reach(tables, study, context, standard)
    journeys = host_journeys(study, standard, tables.units, tables.areas, tables.facilities)
    return dataclasses.replace(tables, journeys=journeys)


def account_tables(
    study: Study,
    standard: Standard,
    view: StageView,
    centre: NDArray[np.float64],
    facility_xy: NDArray[np.float64],
) -> Tables:
    """Return the tables without reach: all that the m² account needs.

    ``centre`` and ``facility_xy``: representative points of areas and facilities, (n, 2), metres.
    """
    farthest = max(
        [
            study.parameters.own_tolerance_m,
            study.parameters.sharing_radius_m or 0.0,
            study.parameters.recorded_sharing_note_m,
            *(float(c.options.get("sharing_radius_m", 0.0)) for c in standard.clauses.values()),
        ]
    )
    return Tables(
        areas=_areas(study, centre, view, study.readings),
        facilities=_facilities(study, facility_xy, view, study.readings),
        units=_units(study),
        containment=containment(study.residential, study.facilities, farthest),
        sharing=study.sharing,
        parameters=study.parameters,
        indicators=study.indicators,
        evidence=_papers(study.evidence, standard),
    )


def with_reach(tables: Tables, study: Study, context: ReachContext, standard: Standard) -> Tables:
    """Return the tables with the reach of every group and of the standard's clauses."""
    kinds: dict[str, tuple[str, ...]] = {g: (f"group:{g}",) for g in REACH_GROUPS}
    kinds |= {reach_key(c): c.kinds for c in _reach_clauses(standard)}
    limits = _thresholds(study, standard)
    reach = _reach(study, context, tables.facilities, tables.areas, kinds, limits)
    return dataclasses.replace(tables, reach=reach, reach_kinds=kinds)


def gathered_anew(
    tables: Tables,
    study: Study,
    context: ReachContext,
    standard: Standard,
    view: StageView,
    readings: Mapping[str, str],
) -> Tables:
    """Return the tables under other readings of the tables (A6, A17, A26); the same where equal.

    Reach is searched again only for the groups whose facilities are others then.
    """
    areas = _areas(study, context.centre, view, readings)
    facilities = _facilities(study, context.facility_xy, view, readings)
    if areas.equals(tables.areas) and facilities.equals(tables.facilities):
        return tables
    kinds = {
        key: wanted
        for key, wanted in tables.reach_kinds.items()
        if not _membership(facilities, wanted).equals(_membership(tables.facilities, wanted))
    }
    limits = _thresholds(study, standard)
    found = _reach(study, context, facilities, areas, kinds, limits)
    journeys = tables.journeys
    if not facilities["open"].equals(tables.facilities["open"]):
        journeys = host_journeys(study, standard, tables.units, areas, facilities)
    return dataclasses.replace(
        tables,
        areas=areas,
        facilities=facilities,
        reach={**tables.reach, **found},
        journeys=journeys,
        account=None,
    )


def _areas(
    study: Study, centre: NDArray[np.float64], view: StageView, readings: Mapping[str, str]
) -> pd.DataFrame:
    """Return the areas' table with its derived columns, by readings A6 and A26."""
    surface = study.residential.frame.geometry.area
    return area_columns(
        pd.DataFrame(study.residential.frame.drop(columns="geometry")),
        view,
        households=readings.get("A6", "by_age_class"),
        setting=readings.get("A26", "statistical_code"),
    ).assign(x=centre[:, 0], y=centre[:, 1], land_area_m2=surface.where(surface > 0.0))


def _facilities(
    study: Study, facility_xy: NDArray[np.float64], view: StageView, readings: Mapping[str, str]
) -> pd.DataFrame:
    """Return the facilities' table with its derived columns, by reading A17."""
    return facility_columns(
        pd.DataFrame(study.facilities.frame.drop(columns="geometry")),
        view,
        stage=readings.get("A17"),
    ).assign(x=facility_xy[:, 0], y=facility_xy[:, 1])


def _membership(facilities: pd.DataFrame, kinds: tuple[str, ...]) -> pd.Series:
    """Return 1 for facilities in use of some kinds, 0 for others, NaN where it is not known."""
    return both(members(facilities, kinds), facilities["open"])


def _papers(answers: Mapping[str, bool], standard: Standard) -> Mapping[str, bool]:
    """Return what is answered, with the papers that an answer to the form is the same as.

    ``2.1c`` of the form and ``layout_plan`` of a clause are one question; what is said of the
    paper itself holds.
    """
    form = form_of(standard.id) if any(name[:1].isdigit() for name in answers) else None
    if form is None:
        return answers
    parts = read_form(form).parts.values()
    same = {p.document: answers[p.id] for p in parts if p.document and p.id in answers}
    return {**same, **answers}


def walk_limit_m(study: Study, minutes: float) -> float:
    """Return the metres of level walking in ``minutes`` at the study's speed."""
    return minutes * 60.0 * study.parameters.walk_speed_m_s


def neighbourhood(facility: pd.Series, areas: pd.DataFrame, named: list[str]) -> tuple[str, ...]:
    """Return the areas a facility of unknown place may serve: as recorded, else its unit's.

    Its record's areas, else its community's, else its street's or town's, else none.
    """
    if named:
        return tuple(named)
    for column in ("community", "unit"):
        code = facility[column]
        if isinstance(code, str) and code:
            return tuple(areas.index[areas[column] == code])
    return ()


def group_membership(tables: Tables, group: str) -> NDArray[np.float64]:
    """Return 1 for facilities in use of a group, 0 for others, NaN where it is not known."""
    answer: NDArray[np.float64] = _membership(
        tables.facilities, tables.reach_kinds[group]
    ).to_numpy(dtype=float)
    return answer


def _reach(
    study: Study,
    context: ReachContext,
    facilities: pd.DataFrame,
    areas: pd.DataFrame,
    kinds: dict[str, tuple[str, ...]],
    limits: Thresholds,
) -> dict[str, ReachTable]:
    lost = facilities[facilities["x"].isna()]
    records = {str(f): list(p["residential"]) for f, p in study.sharing.groupby("facility")}
    widened = {
        str(f): neighbourhood(row, areas, records.get(str(f), [])) for f, row in lost.iterrows()
    }
    tables = {}
    for key, wanted in kinds.items():
        radius, minutes = limits[key]
        tables[key] = reach_table(
            context,
            key,
            _membership(facilities, wanted).to_numpy(dtype=np.float64),
            radius_m=radius,
            walk_m=walk_limit_m(study, minutes),
            widened=widened,
        )
    return tables


def _reach_clauses(standard: Standard) -> list[Clause]:
    return [c for c in standard.clauses.values() if c.measure in {"radius", "walk"}]


def _thresholds(study: Study, standard: Standard) -> Thresholds:
    """Return the thresholds of every reach key: the clauses' in force, else the reference ones."""
    plain = (study.parameters.reference_radius_m, study.parameters.reference_walk_min)
    limits: Thresholds = dict.fromkeys(REACH_GROUPS, plain)
    for clause in _reach_clauses(standard):
        value = _value_on(clause, study.as_of)
        radius, minutes = limits.get(reach_key(clause), plain)
        if clause.measure == "radius":
            radius = radius if value is None else value
        else:
            minutes = minutes if value is None else value
        limits[reach_key(clause)] = (radius, minutes)
    return limits


def _value_on(clause: Clause, day: dt.date) -> float | None:
    version = clause.version_on(day)
    return None if version is None else version.value


def _units(study: Study) -> pd.DataFrame:
    """Return the units with their seats (``seat_x``, ``seat_y``), and ``x``, ``y``.

    ``x``, ``y`` are the seat's, where it is not known a point on the unit's surface.
    """
    if study.units is None:
        names = [*columns("units"), *_EXTRA_UNIT_COLUMNS, "x", "y", "seat_x", "seat_y"]
        return pd.DataFrame(columns=names, index=pd.Index([], name="id"))
    frame = pd.DataFrame(study.units.frame.drop(columns="geometry"))
    seat_x, seat_y = number_of(frame, "seat_x"), number_of(frame, "seat_y")
    surface = study.units.frame.geometry.representative_point()
    x, y = seat_x.fillna(surface.x), seat_y.fillna(surface.y)
    return frame.assign(x=x, y=y, seat_x=seat_x, seat_y=seat_y)
