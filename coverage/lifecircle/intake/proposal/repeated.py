"""Planned rooms that may be in a proposal twice: one row again, or one house under two names."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from lifecircle.intake.bonds_written import same_site_same_area
from lifecircle.intake.ledger.rows import texts
from lifecircle.intake.listed_twice import twins, with_houses
from lifecircle.intake.proposal.rooms import room_names
from lifecircle.model.inputs.layers import HOUSE
from lifecircle.model.problem import ProblemCode, Severity

if TYPE_CHECKING:
    from lifecircle.intake.layers import Settled
    from lifecircle.model.inputs.parameters import Parameters
    from lifecircle.model.problem import Problem

__all__ = ["rooms_once"]


def rooms_once(planned: Settled, parameters: Parameters, crs: str) -> tuple[Settled, list[Problem]]:
    """Return planned rooms with those that may be one house marked (``HOUSE``), and what is told.

    As of a ledger: rows that nothing tells apart are one place on two lines or two, and so are
    rows on one point with equal m². Such rooms are there once for certain, and at best each by
    itself. ``planned``: with the positions that the rows themselves say, in ``crs``.
    """
    ledger, shapes = planned.ledger, planned.shapes
    named = ledger.frame.assign(name=texts(room_names(ledger.frame), ledger.frame.index))
    ledger = dataclasses.replace(ledger, frame=named)
    again = twins(ledger, shapes)
    rows = ledger.raw.rows[ledger.at]
    told = [
        ledger.problem(
            ProblemCode.ROW_REPEATED, Severity.WARNING, row, "name", first_row=int(rows[first])
        )
        for row, first in again.items()
    ]
    repeated = {int(rows[row]) for row in again}
    told += [p for p in same_site_same_area(ledger) if p.row not in repeated]
    marked, twice = with_houses(ledger, shapes, {}, crs, parameters)
    told += [p for p in twice if p.row not in repeated]
    frame = marked.frame
    if again:
        houses = list(frame[HOUSE]) if HOUSE in frame else [None] * len(frame)
        for row, first in again.items():
            houses[first] = houses[row] = houses[first] or str(frame.index[first])
        frame = frame.assign(**{HOUSE: texts(houses, frame.index)})
    if HOUSE not in frame:
        return planned, told
    frame = planned.ledger.frame.assign(**{HOUSE: frame[HOUSE]})
    ledger = dataclasses.replace(planned.ledger, frame=frame)
    return dataclasses.replace(planned, ledger=ledger), told
