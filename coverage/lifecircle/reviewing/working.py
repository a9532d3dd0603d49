"""Working: how the floor area that a quota asks of a plot comes about, line by line."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from lifecircle.model.finding import meets, started
from lifecircle.model.results.review import Step

if TYPE_CHECKING:
    import pandas as pd

    from lifecircle.model.inputs.parameters import Parameters
    from lifecircle.model.rules.options import ProvisionOptions
    from lifecircle.model.rules.rule import Rule

__all__ = ["working"]


def working(
    rule: Rule[ProvisionOptions],
    rate: float,
    area: pd.Series,
    required: float,
    parameters: Parameters,
    elsewhere: float = 0.0,
) -> tuple[Step, ...]:
    """Return the arithmetic from an area's figures to ``required`` m²; nothing where it differs.

    Parameters
    ----------
    area
        The plot's row of the areas: ``counted``, ``population_planned``, ``required_m2``.
    elsewhere
        Households of the project's other phases that are among the area's.
    required
        As the account has it. Phases counted together, and what is between two rates, come about
        otherwise: for those no line is better than a wrong one.
    """
    typed = float(area["required_m2"])
    if not math.isnan(typed):
        steps = [Step("working.typed", {"m2": typed})]
        return tuple(steps) if meets(typed, "=", required) else ()
    households, people = float(area["counted"]), float(area["population_planned"])
    persons = parameters.persons_per_household
    if rule.unit != "m2/1000p":
        m2 = rate * households / 100.0
        params = {"households": households, "rate": rate, "m2": m2}
        steps = [Step("working.households", params)]
        if elsewhere > 0:
            own = {"plots": households - elsewhere, "others": elsewhere, "households": households}
            steps.insert(0, Step("working.phases", own))
    elif not math.isnan(people):
        m2 = rate * people / 1000.0
        steps = [Step("working.people", {"people": people, "rate": rate, "m2": m2})]
    elif persons is not None:
        m2 = rate * households * persons / 1000.0
        params = {"households": households, "persons": persons, "rate": rate, "m2": m2}
        steps = [Step("working.persons", params)]
    else:
        return ()
    if rule.readings.get("A5") == "ceil" and rule.unit != "m2/1000p":
        m2 = rate * float(started(households / 100.0))
        steps.append(Step("working.started", {"m2": m2}))
    least = rule.options.minimum_m2
    if meets(least, ">", m2):
        m2 = least
        steps.append(Step("working.minimum", {"m2": least}))
    return tuple(steps) if np.isfinite(required) and meets(m2, "=", required) else ()
