"""Stages that say of a facility that its rooms are built, and not whether anybody is served there.

已建成 and 竣工 stand in ledgers for what is open and for what waits for its acceptance. The rooms
are there either way.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from lifecircle.model.dictionary import fold
from lifecircle.model.inputs.layers import MAY_SERVE
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from lifecircle.intake.ledger.rows import Ledger

__all__ = ["only_built"]

_BUILT = frozenset({"建成", "已建成", "竣工", "已竣工", "completed"})
"""Words of the stage, folded: 验收, 移交 and 运营 say more."""


def only_built(ledger: Ledger) -> tuple[Ledger, tuple[Problem, ...]]:
    """Return facilities, of those only said to be built unknown whether they serve, and say so."""
    header = ledger.headers.get("stage")
    if ledger.raw.layer != "facilities" or header is None:
        return ledger, ()
    cells = ledger.raw.frame[header].iloc[ledger.at].tolist()
    said = np.array([isinstance(c, str) and fold(c) in _BUILT for c in cells], dtype=bool)
    said &= ledger.frame["stage"].notna().to_numpy()
    if not said.any():
        return ledger, ()
    problems = tuple(
        ledger.problem(ProblemCode.BUILT_ONLY, Severity.WARNING, int(row), "stage")
        for row in np.flatnonzero(said)
    )
    frame = ledger.frame.assign(**{MAY_SERVE: said})
    return dataclasses.replace(ledger, frame=frame), problems
