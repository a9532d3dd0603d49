"""Why a facility does not count, or may not: read from its row, never judged again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecircle.model.cell import listed, number_or_none, text_or_none
from lifecircle.model.dictionary import kinds as kind_specs
from lifecircle.model.status import Stage, StageView

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lifecircle.outputs.words.wording import Wording

__all__ = ["why_uncounted"]

_GIVEN_UP = {Stage.IDLE, Stage.MISUSED, Stage.CLOSED}
_READ_FROM = {
    "stage_unknown": "stage",
    "kind_unknown": "kinds",
    "service_unknown": "day_service",
    "m2_unknown": "floor_area_m2",
    "m2_part": "community_area_m2",
}
"""Why it may not count → the column that would say."""
_BUILT = {Stage.ACCEPTED, Stage.HANDED_OVER, Stage.IN_USE}


def why_uncounted(
    row: Mapping[str, Any],
    view: str,
    words: Wording,
    *,
    placed: bool = True,
    written: Callable[[str], str | None] = lambda _: None,
) -> str | None:
    """Return in words why a facility counts neither way or only one way; None: it counts.

    Parameters
    ----------
    row
        A row of the result's layer ``facilities``.
    view
        What is judged: ``now`` or ``plan``.
    placed
        Whether it has a position.
    written
        Column → what is written there and could not be read: it is told instead of "not given".
    """
    told = []
    for purpose, why in (("reach", _reach(row, view)), ("quota", _quota(row, view, written))):
        answer = text_or_none(row[f"{purpose}_counts"])
        if answer in {"no", "unknown"}:
            lost = written(_READ_FROM[why]) if why in _READ_FROM else None
            told.append((answer, purpose, lost or _words(why, row, words)))
    if len(told) > 1 and told[0][::2] == told[1][::2]:
        told = [(told[0][0], "both", told[0][2])]
    lines = [words.say(f"uncounted.{purpose}.{answer}", why=why) for answer, purpose, why in told]
    if not placed and text_or_none(row["reach_counts"]) != "no":
        lines.append(words.say("uncounted.unplaced"))
    return words.phrases(lines) or None


def _reach(row: Mapping[str, Any], view: str) -> str:
    stage = text_or_none(row["stage"])
    if stage is None:
        return "stage_unknown" if text_or_none(row["reach_counts"]) == "unknown" else "kind"
    closed = stage in _GIVEN_UP or (view == StageView.NOW and stage != Stage.IN_USE)
    if closed and (listed(row["reach_groups"]) or stage in _GIVEN_UP):
        return "stage"
    if text_or_none(row["reach_counts"]) == "no":
        return "kind"
    return "kind_unknown" if _nameless(row) else "service_unknown"


def _quota(row: Mapping[str, Any], view: str, written: Callable[[str], str | None]) -> str:
    stage = text_or_none(row["stage"])
    if stage is not None and (
        stage in _GIVEN_UP or (view == StageView.NOW and stage not in _BUILT)
    ):
        return "stage"
    if text_or_none(row["quota_counts"]) == "no":
        return "m2_none"
    if stage is None:
        return "stage_unknown"
    return "kind_unknown" if _nameless(row) else _m2(row, written)


def _m2(row: Mapping[str, Any], written: Callable[[str], str | None]) -> str:
    """Return why the m² of a row in a stage and of a kind that count may not."""
    if number_or_none(row["community_area_m2"]) is None:
        if number_or_none(row["floor_area_m2"]) is None:
            return "m2_unknown"
        specs = kind_specs()
        unread = written("floor_area_m2") or written("community_area_m2")
        if unread or not all(specs[kind].floor_area for kind in listed(row["kinds"])):
            return "m2_part"
    return "m2_again"  # how much counts is known; whether another row has the same rooms is not


def _nameless(row: Mapping[str, Any]) -> bool:
    named = listed(row["kinds"])
    return not named or "other" in named


def _words(why: str, row: Mapping[str, Any], words: Wording) -> str:
    stage = words.word("stage", row["stage"])
    return words.say(f"uncounted.{why}", stage=stage, kinds=words.kinds(row["kinds"]))
