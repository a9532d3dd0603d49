"""One operator: is all of a street's community care entrusted to one (一体化托管运营)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lifecircle.counting.eligibility import both, members
from lifecircle.counting.flags import flag
from lifecircle.measures.frame import measured_frame
from lifecircle.measures.units.placing import homes, may_stand_in, unplaced
from lifecircle.model.cell import text_or_none
from lifecircle.model.dictionary import fold
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    import pandas as pd

    from lifecircle.model.rules.options import OperatorOptions
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

__all__ = ["one_operator"]

_Answer = tuple[float, float, Reason]
"""Least and most (0 or 1) of whether a unit is run by one, and why."""


def one_operator(tables: Tables, rule: Rule[OperatorOptions], subjects: pd.Index) -> pd.DataFrame:
    """Return 1 for a unit whose facilities of the clause's kinds one organisation runs, else 0.

    All that are in use are entrusted (``entrusted``) to the same ``operator``, by its name: white
    space, width and traditional characters aside. One that is known not to be entrusted, or two
    known names, are a no whatever else is blank; so is a unit without any such facility. A blank
    in either column, or a facility that may be one or may stand in the unit, leaves a yes open.
    """
    rows = tables.facilities
    answer = both(members(rows, rule.kinds), rows["open"])
    home = homes(rows, subjects)
    adrift = unplaced(rows, answer)
    found = []
    for unit in subjects:
        here = answer.index[(home == unit).to_numpy(dtype=bool) & (answer != 0).to_numpy()]
        lost = [f for f, where in adrift.items() if may_stand_in(where, str(unit))]
        found.append(_unit(rows, answer, list(here), lost))
    return measured_frame(
        subjects,
        low=[low for low, _, _ in found],
        high=[high for _, high, _ in found],
        required_low=np.ones(len(subjects)),
        reason=[reason for _, _, reason in found],
    )


def _unit(rows: pd.DataFrame, answer: pd.Series, here: list[str], lost: list[str]) -> _Answer:
    """Return the answer of one unit.

    ``here``: its facilities, sure and perhaps; ``lost``: those that may stand in it.
    """
    sure = [f for f in here if answer[f] == 1]
    entrusted = flag(rows, "entrusted")
    runs = {f: fold(text_or_none(rows["operator"].get(f)) or "") for f in [*here, *lost]}
    named = {runs[f]: f for f in reversed(sure) if runs[f]}
    no = _no(sure, entrusted, named)
    if no is not None or not runs:
        return 0.0, 0.0, no or Reason(ReasonCode.UNIT_LACKS)
    only = next(iter(named), "")
    unsaid = [f for f, name in runs.items() if not only or name != only or entrusted[f] != 1]
    if unsaid:
        params = {"facility": unsaid[0], "count": len(unsaid), "fields": ["operator", "entrusted"]}
        return 0.0, 1.0, Reason(ReasonCode.OPERATOR_UNKNOWN, params)
    told = {"operator": str(rows.at[named[only], "operator"]), "count": len(sure)}
    return 1.0, 1.0, Reason(ReasonCode.OPERATOR_ONE, told)


def _no(sure: list[str], entrusted: pd.Series, named: dict[str, str]) -> Reason | None:
    """Return why a unit is not run by one for certain; None where it may be."""
    own = next((f for f in sure if entrusted[f] == 0), None)
    if own is not None:
        return Reason(ReasonCode.OPERATOR_NONE, {"facility": own})
    if len(named) > 1:
        params = {"count": len(named), "facilities": sorted(named.values())}
        return Reason(ReasonCode.OPERATORS_SEVERAL, params)
    return None
