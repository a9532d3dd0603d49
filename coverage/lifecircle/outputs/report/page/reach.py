"""Rows of the report's tables on reach: lists to look into, gates, streets."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from lifecircle.model.cell import listed
from lifecircle.model.dictionary import REACH_GROUPS
from lifecircle.model.status import Setting
from lifecircle.outputs.office.excel import frame_of
from lifecircle.outputs.report.page.rows import Row, table_rows
from lifecircle.outputs.words.quantities import beside

if TYPE_CHECKING:
    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.words.wording import Wording

__all__ = ["close_calls", "diagnosis", "disagreements", "gate_effects"]


def disagreements(assessment: Assessment, words: Wording) -> list[Row]:
    """Return the areas inside the radius but beyond the walk, the greatest detour first.

    The group that an area lives by comes before the others: the village's in villages, the
    community's elsewhere.
    """
    frame = frame_of(assessment, "disagreements").sort_values(
        "detour", ascending=False, kind="stable"
    )
    setting = assessment.layers["residential"]["setting"]
    rural = frame["residential"].map(setting) == str(Setting.RURAL)
    main = frame["reach_group"] == rural.map({True: "village", False: REACH_GROUPS[0]})
    frame = frame.loc[main.sort_values(ascending=False, kind="stable").index]
    return [
        row
        | {
            "facility": words.name(row["facility"], "facilities"),
            "name": words.name(row["residential"], "residential"),
            "detour": _detour(row, words),
            "barrier": _barrier(row, words),
        }
        for row in table_rows(frame)
    ]


def close_calls(assessment: Assessment, words: Wording) -> list[Row]:
    """Return the verdicts that would flip within the positional error or 1 % of a quota."""
    return [
        row
        | {
            "name": _whose(row, words),
            "facility": words.name(row["facility"], "facilities"),
            "measured": beside(row["measured"], row["required"], row["unit"], words),
            "required": beside(row["required"], row["measured"], row["unit"], words),
            "margin": words.margin(row["margin"], row["unit"]),
            "clause": words.clause(row["clause"]),
        }
        for row in table_rows(frame_of(assessment, "close_calls"))
    ]


def _whose(row: Row, words: Wording) -> str:
    """Return the area of a close call; of one without an area its unit, else the county."""
    if row["residential"] is not None:
        return words.name(row["residential"], "residential")
    return row["name"] or words.word("scope", "county")


def gate_effects(assessment: Assessment, words: Wording) -> list[Row]:
    """Return the gates that would shorten a walk, those that bring it within the limit first."""
    frame = frame_of(assessment, "gate_effects")
    return [
        row
        | {
            "name": words.name(row["residential"], "residential"),
            "gate": words.gate(row["gate"], row["side"]),
            "facility": words.name(row["facility"], "facilities"),
        }
        for row in table_rows(frame.sort_values("cures", ascending=False, kind="stable"))
    ]


def diagnosis(assessment: Assessment, words: Wording) -> dict[str, Any]:
    """Return the findings on the streets that bear on a verdict, and how many do not.

    What the repair joined, areas without a street and facilities off them are always told.
    """
    told, others = [], 0
    for row in table_rows(frame_of(assessment, "street_diagnosis").reset_index(names="id")):
        if row["verdicts"] is None and row["kind"] not in {"joined", "no_street", "facility"}:
            others += 1
            continue
        named = (words.name(area, "residential") for area in listed(row["verdicts"]))
        told.append(row | {"verdicts": words.list(named)})
    return {"told": told, "others": others}


def _detour(row: Row, words: Wording) -> str:
    """Return the detour; beyond the search limit it is the least it can be."""
    shown = words.number(row["detour"])
    endless = row["walk_m"] is not None and math.isinf(row["walk_m"])
    return words.say("at_least", n=shown) if endless and row["detour"] is not None else shown


def _barrier(row: Row, words: Wording) -> str:
    """Return the barrier by its name and kind, or by its kind alone."""
    named = words.word("barrier", row["barrier"])
    kind = words.word("barrier", row["barrier_kind"])
    return named if kind in {"–", named} else f"{named} ({kind})"
