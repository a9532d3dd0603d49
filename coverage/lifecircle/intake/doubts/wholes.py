"""Wholes: figures of a row of which one is a part of the other, and the larger."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING

from lifecircle.model.dictionary import unread
from lifecircle.model.finding import meets
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from lifecircle.intake.ledger.rows import Ledger

__all__ = ["parts_within_wholes"]

_PARTS = {
    "facilities": (
        ("nursing_beds", "beds"),
        ("public_beds", "beds"),
        ("community_area_m2", "floor_area_m2"),
    ),
    "planned": (("community_area_m2", "floor_area_m2"),),
    "project": (("above_ground_m2", "total_floor_m2"), ("dwelling_m2", "total_floor_m2")),
    "residential": (("elders", "population"),),
    "units": (("elders", "population"),),
}
"""Layer → its figures that are a part of another figure of the row."""


def parts_within_wholes(ledger: Ledger) -> tuple[Ledger, tuple[Problem, ...]]:
    """Return the ledger with parts larger than their whole taken as not known, and a word on each.

    120 nursing beds of 100 are no 120 %: one of the two is wrong, and the part is anything up to
    the whole.
    """
    frame, problems = ledger.frame.copy(), []
    for part, whole in _PARTS.get(ledger.raw.layer, ()):
        for row, (some, all_) in enumerate(zip(frame[part], frame[whole], strict=True)):
            if not meets(some, ">", all_):
                continue
            problems.append(
                ledger.problem(
                    ProblemCode.PART_EXCEEDS,
                    Severity.WARNING,
                    row,
                    part,
                    part=float(some),
                    whole=float(all_),
                    of=ledger.headers.get(whole, whole),
                )
            )
            frame.iloc[row, frame.columns.get_loc(part)] = math.nan
            if (flag := unread(part)) in frame:
                frame.iloc[row, frame.columns.get_loc(flag)] = True
    return dataclasses.replace(ledger, frame=frame), tuple(problems)
