"""Figures of a proposal that contradict each other, and floors that a person has to look at."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

import numpy as np

from lifecircle.intake.doubts.wholes import people_problem
from lifecircle.model.dictionary import fold
from lifecircle.model.finding import meets
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from lifecircle.intake.ledger.rows import Ledger

__all__ = ["figure_problems", "floor_problems", "people_of_plots", "people_problems"]

_SLACK = 0.05
"""Share by which ratio x land may exceed the total: the two are often of different drafts."""
_UNDERGROUND = re.compile(r"地下|负|^-\d|^b\d|basement|cellar|underground|belowground|lowerground")
_FLOOR = re.compile(
    r"(地上|第|首|底)?([1-9]\d?|1\d\d|[一二三四五六七八九十]+)?(层|楼|f)?"
    r"|(ground|first|second|third|fourth|fifth|[1-9]\d?(st|nd|rd|th)?)(floor|storey|story|level)?"
    r"|(floor|level)[1-9]\d?"
)
"""A storey, in Chinese or English, folded: 首层, 3f, groundfloor, 2ndfloor."""
_BETWEEN = re.compile(r"[-~～—至到、,，;；/及和&]|(?<!s)to|and")


def figure_problems(facts: Mapping[str, Any], ledger: Ledger, file: str) -> list[Problem]:
    """Return where the floor areas of a proposal contradict each other.

    Error: the care rooms' m² together exceed the stated total floor area. Warning: the floor area
    ratio times the land gives over 5 % more than the stated total, which holds what is under
    ground besides.
    """
    frame = ledger.frame
    rooms = float(frame["community_area_m2"].fillna(frame["floor_area_m2"]).sum())
    total, land = facts["total_floor_m2"], facts["land_area_m2"]
    ratio = facts["floor_area_ratio"]
    found: list[Problem] = []
    if math.isnan(total):
        return found
    if meets(rooms, ">", total):
        params = {"rooms_m2": rooms, "total_m2": total}
        found.append(
            Problem(ProblemCode.ROOMS_EXCEED, Severity.ERROR, params, layer="project", file=file)
        )
    if meets(ratio * land, ">", total * (1 + _SLACK)):
        params = {
            "ratio": ratio,
            "land_m2": land,
            "ratio_m2": round(ratio * land, 2),
            "total_m2": total,
        }
        found.append(
            Problem(ProblemCode.RATIO_DIFFERS, Severity.WARNING, params, layer="project", file=file)
        )
    return found


def people_problems(
    facts: Mapping[str, Any], plots: Ledger, persons: float | None, file: str
) -> list[Problem]:
    """Return where the planned people contradict the dwellings planned for them.

    Error: fewer people than dwellings, or plots that do not add up to the project's people (one
    plot too; where some have none, others that leave nobody for them): one of the two is a slip,
    and a quota per 1000 people would be counted from it. Warning: people per dwelling unlike what
    the study sets (``persons``), or unlike any town's where it sets nothing.
    """
    frame, total = plots.frame, facts["population"]
    blank, left = frame["population"].isna(), people_of_plots(frame, total)
    found = []
    for row, (people, homes) in enumerate(zip(left, frame["households_planned"], strict=True)):
        told = people_problem(float(people), float(homes), persons)
        # of what is left to a plot the project is told, unless other plots took too much
        if told is None or (blank.iloc[row] and (told[1] is Severity.WARNING or blank.all())):
            continue
        code, severity, params = told
        params["plot"] = str(frame["name"].iloc[row])
        found.append(plots.problem(code, severity, row, "population", **params))
    if math.isnan(total):
        return found
    added = float(frame["population"].sum())
    if meets(added, ">=", total) if blank.any() else abs(added - total) >= 1.0:
        params = {"total": total, "added": added}
        found.append(
            Problem(ProblemCode.PEOPLE_DIFFER, Severity.ERROR, params, layer="plots", file=file)
        )
    told = people_problem(total, float(frame["households_planned"].sum()), persons)
    if told is not None and not found:
        code, severity, params = told
        params["plot"] = str(facts["name"] or file)
        found.append(Problem(code, severity, params, layer="project", file=file))
    return found


def people_of_plots(frame: pd.DataFrame, total: float) -> pd.Series:
    """Return the people of the plots: those without have what is left of the project's ``total``.

    By their dwellings, in whole people that add up (A9: planned people go before dwellings).
    Nothing is given out where plots are of several projects: nobody says whose they are.
    """
    people = frame["population"].astype(float)
    blank, homes = people.isna(), frame["households_planned"].astype(float)
    left, share = total - people.sum(), homes[blank].sum(skipna=False)
    several = len(set(frame["project"])) > 1
    if several or not (blank.any() and left > 0 and share > 0):
        return people
    until = np.floor(left * homes[blank].cumsum() / share + 0.5)
    until.iloc[-1] = left
    return people.mask(blank, until.diff().fillna(until.iloc[0]).reindex(people.index))


def floor_problems(ledger: Ledger) -> list[Problem]:
    """Return a warning for each floor that is under ground, or that cannot be told."""
    found = []
    for row, said in enumerate(ledger.frame["floor"]):
        if said is None:
            continue
        text = fold(said)
        if _UNDERGROUND.search(text):
            code = ProblemCode.FLOOR_UNDERGROUND
        elif all(part and _FLOOR.fullmatch(part) for part in _BETWEEN.split(text)):
            continue
        else:
            code = ProblemCode.FLOOR_UNREADABLE
        found.append(ledger.problem(code, Severity.WARNING, row, "floor", said=str(said)))
    return found
