"""Figures of a proposal that no project can have: 10 m² a dwelling, 130 % of the land built on."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from lifecircle.intake.ledger.values import read_number
from lifecircle.model.dictionary import fold
from lifecircle.model.finding import meets
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lifecircle.intake.ledger.rows import Ledger

__all__ = ["dwelling_problems", "impossible_facts"]

_DWELLING = (20.0, 400.0)
"""m² of a dwelling, as the average of a project, that nobody asks about."""
_MOST_RATIO = 10.0
"""Floor area ratio of a project of dwellings that nobody asks about: towers have 4 to 6."""
_PLAIN_MOST = 5.0
"""Up to here a share without its sign is one of 1: a cell shown as 130% holds 1.3."""
_SHARES = ("building_density", "green_rate")
_ABOUT = re.compile(r"^(≤|≥|<=|>=|<|>|不大于|不小于|不低于|不高于|不超过)")


def dwelling_problems(facts: Mapping[str, Any], homes: float, file: str) -> list[Problem]:
    """Return a warning where the floor area and the number of dwellings cannot both be right.

    Parameters
    ----------
    facts
        Of the project. Without the dwellings' floor area the whole project's tells only that they
        are too many for it.
    homes
        Dwellings of all plots; NaN where one of them does not say.
    """
    own = facts["dwelling_m2"]
    area = facts["total_floor_m2"] if math.isnan(own) else own
    if math.isnan(area) or math.isnan(homes) or homes <= 0:
        return []
    low, high = _DWELLING
    each = area / homes
    if meets(each, ">=", low) and (math.isnan(own) or meets(each, "<=", high)):
        return []
    params = {"m2": area, "households": homes, "each_m2": round(each, 2), "low": low, "high": high}
    code = ProblemCode.DWELLING_SIZE
    return [Problem(code, Severity.WARNING, params, layer="project", file=file)]


def impossible_facts(ledger: Ledger) -> list[Problem]:
    """Return a warning for each of 容积率, 建筑密度 and 绿地率 that no project can have.

    A share of the land beyond 100 %, two that take more than all of it together, a ratio that no
    dwellings reach, and one below the share of the land built on: a building has one floor at least
    that counts.
    """
    frame, found = ledger.frame, []
    shares = {name: _share(frame[name].iloc[0]) for name in _SHARES}
    for name, share in shares.items():
        if share > 1.0 or (share <= 0.0 and name == "building_density"):
            found.append(_said(ledger, ProblemCode.SHARE_IMPOSSIBLE, name))
    built, green = shares.values()
    of = ledger.headers.get("building_density", "building_density")
    params = {"of": of, "other": str(frame["building_density"].iloc[0])}
    ratio = float(frame["floor_area_ratio"].iloc[0])
    if ratio > _MOST_RATIO or ratio <= 0.0:
        code = ProblemCode.RATIO_UNLIKELY
        found.append(_said(ledger, code, "floor_area_ratio", most=_MOST_RATIO))
    elif 0.0 < built <= 1.0 and meets(ratio, "<", built):
        found.append(_said(ledger, ProblemCode.RATIO_BELOW, "floor_area_ratio", **params))
    if built <= 1.0 and green <= 1.0 and meets(built + green, ">", 1.0):
        found.append(_said(ledger, ProblemCode.SHARES_EXCEED, "green_rate", **params))
    return found


def _said(ledger: Ledger, code: ProblemCode, column: str, **params: Any) -> Problem:
    return ledger.problem(code, Severity.WARNING, 0, column, **params)


def _share(cell: Any) -> float:
    """Return the share that a fact's text writes: 30%, 30, 0.3, ≤30%; NaN where it is another."""
    if cell is None:
        return math.nan
    text = _ABOUT.sub("", fold(cell))
    percent = text.endswith("%")
    read = read_number(text.removesuffix("%"))
    if read is None:
        return math.nan
    number = read[0]
    return number / 100 if percent or number > _PLAIN_MOST else number
