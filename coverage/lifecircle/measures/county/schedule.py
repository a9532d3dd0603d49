"""Schedule: in which of a plan's steps the day of the assessment lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.measures.frame import COUNTY, measured_frame
from lifecircle.model.finding import holds_on
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    from lifecircle.model.rules.options import ScheduleOptions
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

__all__ = ["schedule"]


def schedule(tables: Tables, rule: Rule[ScheduleOptions], subjects: pd.Index) -> pd.DataFrame:
    """Return which step runs on the rule's day, by its number: the first whose end is not past.

    The last day of a step is in it. After the last step the number is missing.
    """
    del tables, subjects
    steps = rule.options.steps
    number, running = next(
        ((n, s) for n, s in enumerate(steps, 1) if holds_on(s.until, rule.day)), (None, None)
    )
    told = {"day": rule.day.isoformat(), "until": steps[-1].until.isoformat(), "count": len(steps)}
    if running is None:
        reason = Reason(ReasonCode.STEPS_OVER, told)
    else:
        about = {"step": running.name, "number": number, "until": running.until.isoformat()}
        reason = Reason(ReasonCode.STEP_RUNNING, told | about)
    value = np.nan if number is None else float(number)
    return measured_frame(
        pd.Index([COUNTY], name="id"),
        low=[value],
        high=[value],
        required_low=[np.nan],
        reason=[reason],
    )
