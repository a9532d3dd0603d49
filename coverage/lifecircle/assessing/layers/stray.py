"""Stray facilities: those the streets do not tell of, and the walks that hang on each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lifecircle.assessing.sensitivity import concerned
from lifecircle.case.tables import group_membership
from lifecircle.model.finding import meets
from lifecircle.model.problem import Problem, ProblemCode, Severity
from lifecircle.model.reason import ReasonCode
from lifecircle.model.status import Status
from lifecircle.reach.doubts import stray_reason

if TYPE_CHECKING:
    import pandas as pd

    from lifecircle.model.inputs.study import Study
    from lifecircle.model.reason import Reason
    from lifecircle.model.tables import Tables
    from lifecircle.reach.context import ReachContext

__all__ = ["Stray", "stray_facilities", "stray_problems"]


@dataclass(frozen=True, slots=True)
class Stray:
    """One facility that walks may lead to and the streets do not tell of.

    ``row`` is that of the facility layer; ``reason`` says how it lies (its distance is 0: that of
    nobody); ``areas`` are those whose walk is not found compliant and would be, if it were as long
    as the straight line.
    """

    row: int
    id: str
    name: str
    reason: Reason
    areas: frozenset[str]


def stray_facilities(
    context: ReachContext, tables: Tables, reach: pd.DataFrame
) -> tuple[Stray, ...]:
    """Return the facilities off the streets that any reach group may count, in their order."""
    if context.network is None or context.travel is not None:
        return ()
    stray = context.only_straight
    status = reach.set_index(["reach_group", "residential"])["walk_status"]
    ids = tables.areas.index
    hanging: dict[int, set[str]] = {}
    for group, table in tables.reach.items():
        open_ = concerned(tables, group) & (status.loc[group].reindex(ids) != Status.COMPLIANT)
        for row in np.flatnonzero(stray & (group_membership(tables, group) != 0)):
            straight = np.hypot(*(context.centre - context.facility_xy[row]).T)
            near = open_.to_numpy(dtype=bool) & meets(straight, "<=", table.walk_m_limit)
            hanging.setdefault(int(row), set()).update(map(str, ids[near]))
    names = tables.facilities["name"]
    return tuple(
        Stray(
            row,
            str(context.facility_ids[row]),
            _name(names.iloc[row], context.facility_ids[row]),
            stray_reason(context, row, 0.0),
            frozenset(hanging[row]),
        )
        for row in sorted(hanging)
    )


def _name(name: object, facility: str) -> str:
    return name if isinstance(name, str) and name else facility


def stray_problems(study: Study, strays: tuple[Stray, ...]) -> tuple[Problem, ...]:
    """Return what there is to say of each: a warning where a walk hangs on it."""
    found = []
    for one in strays:
        params = {"id": one.id, "name": one.name, "count": len(one.areas)}
        if one.reason.code == ReasonCode.FACILITY_OFF_STREETS:
            code = ProblemCode.FACILITY_OFF_STREETS
            params |= {"limit_m": study.parameters.snap_limit_m}
            params |= {"nearest_m": one.reason.params["nearest_m"]}
        else:
            code = ProblemCode.FACILITY_ON_FRAGMENT
            params |= {"fragment_m": one.reason.params["fragment_m"]}
        severity = Severity.WARNING if one.areas else Severity.INFO
        found.append(Problem(code, severity, params, layer="facilities"))
    return tuple(found)
