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

    from lifecircle.intake.layers import Settled
    from lifecircle.intake.ledger.rows import Ledger

__all__ = [
    "figure_problems",
    "floor_problems",
    "land_problems",
    "people_of_plots",
    "people_problems",
]

_SLACK = 0.05
"""Share by which ratio x land may exceed the total: the two are often of different drafts."""
_UNDER_GROUND = 2.0
"""Total floor area as a multiple of what the ratio gives above ground that nobody asks about."""
_DRAWN = 0.2
"""Share by which stated land may differ from its outline: roads that are handed over, a sketch."""
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
    found: list[Problem] = _ratio_built(facts, file)
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


def _ratio_built(facts: Mapping[str, Any], file: str) -> list[Problem]:
    """Return a warning where the floor area ratio is not what is built above ground by the land.

    By over 5 % either way; where only the total is stated, which holds what is under ground too,
    where it is more than twice as much.
    """
    land, ratio = facts["land_area_m2"], facts["floor_area_ratio"]
    above, total = facts["above_ground_m2"], facts["total_floor_m2"]
    asked = ratio * land
    if not asked > 0:
        return []
    if meets(abs(above - asked), ">", _SLACK * asked):
        code, built = ProblemCode.RATIO_ABOVE, above
    elif math.isnan(above) and meets(total, ">", _UNDER_GROUND * asked):
        code, built = ProblemCode.RATIO_WHOLE, total
    else:
        return []
    params = {"ratio": ratio, "land_m2": land, "m2": built, "built": round(built / land, 2)}
    return [Problem(code, Severity.WARNING, params, layer="project", file=file)]


def land_problems(facts: Mapping[str, Any], plots: Settled, file: str) -> list[Problem]:
    """Return a warning where the land that is stated is not that of the outlines, by over 20 %.

    Of the project, and of plots that say their own.
    """
    drawn = np.array([0.0 if shape is None else shape.area for shape in plots.shapes], dtype=float)
    land = facts["land_area_m2"]
    frame, found = plots.ledger.frame, []
    if drawn.all() and _unlike(land, drawn.sum()):
        params = {"land_m2": land, "drawn_m2": round(float(drawn.sum()))}
        code = ProblemCode.LAND_DIFFERS
        found.append(Problem(code, Severity.WARNING, params, layer="project", file=file))
    found += [
        plots.ledger.problem(
            ProblemCode.LAND_DIFFERS,
            Severity.WARNING,
            row,
            "land_area_m2",
            land_m2=float(own),
            drawn_m2=round(float(m2)),
        )
        for row, (own, m2) in enumerate(zip(frame["land_area_m2"], drawn, strict=True))
        if m2 > 0 and _unlike(own, m2)
    ]
    return found


def _unlike(one: float, other: float) -> bool:
    return bool(meets(abs(one - other), ">", _DRAWN * max(one, other)))


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
