"""Rows that say the same of one spot again: one place on two lines, or two places.

A ledger that has a row for each area that a room serves has the room several times. Nothing in it
tells such rows from two rooms of one size, so that neither is taken for what it is not.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from lifecircle.intake.ledger.rows import texts
from lifecircle.intake.ledger.values import is_blank
from lifecircle.intake.listed_twice.estates import estates_again
from lifecircle.model.dictionary import fold, unread
from lifecircle.model.inputs.layers import REPEATS
from lifecircle.model.problem import Problem, ProblemCode, Severity, lost_of
from lifecircle.model.status import Stage

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    import pandas as pd
    from numpy.typing import NDArray

    from lifecircle.intake.ledger.rows import Ledger

    Shapes = NDArray[np.object_]

__all__ = ["LEAVING_OUT", "REPEATED_M", "differ", "listed_twice", "plain", "twins"]

REPEATED_M = 50.0
"""Rows of one name within this distance stand in one place."""
_SAME = {
    "facilities": ("kinds", "floor_area_m2", "community_area_m2"),
    "planned": ("kinds", "floor_area_m2", "community_area_m2"),
    "residential": ("households", "households_planned"),
}
"""Layer → what a row that is listed again says again, a blank too."""
_AGREEING = {
    "facilities": ("unit", "community", "beds", "family_beds", "opened_year"),
    "planned": ("plot", "floor", "entrance"),
    "residential": ("unit", "community", "age_class", "setting", "built_year", "population"),
}
"""Layer → what tells two rows apart where both say it."""
_WITHOUT_PLACE = ("unit", "community", "address", "serves")
"""What rows without a position must share, blanks too, to stand in one place."""
_TOGETHER = {"facilities": "site", "planned": "site", "residential": "project"}
"""Layer → the column by which rows are said to be several, or of one."""
_AHEAD = frozenset({Stage.PLANNED, Stage.UNDER_CONSTRUCTION})
_ENDED = frozenset({Stage.IDLE, Stage.MISUSED, Stage.CLOSED})
LEAVING_OUT = ("除", "不", "非", "外")
"""Signs of a record that says whom it leaves out: 全县（不包括西园、南园）."""


def twins(ledger: Ledger, shapes: Shapes) -> dict[int, int]:
    """Return row → the first row of which it says again name, size and spot.

    Rows that are told apart by another figure, or that their own ``site`` or ``project`` parts,
    are none; floors of one site of the same size are, the phases of one project are not.
    """
    layer, frame = ledger.raw.layer, ledger.frame
    if layer not in _SAME:
        return {}
    names = frame["name"].tolist()
    told = list(zip(*(map(plain, frame[c].tolist()) for c in _SAME[layer]), strict=True))
    said = _Records(frame)
    firsts: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    found: dict[int, int] = {}
    for row, name in enumerate(names):
        if name is None:
            continue
        mine = firsts[(fold(name), *told[row])]
        one = next((n for n in mine if _one(layer, (said[n], said[row]), (n, row), shapes)), None)
        if one is None:
            mine.append(row)
        else:
            found[row] = one
    return found


class _Records:
    """The rows of a table as dicts, once and only when asked for: most ledgers repeat no name.

    A county has hundreds of 幸福院 that say no m².
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame

    def __getitem__(self, row: int) -> dict[Hashable, Any]:
        return self._all[row]

    @cached_property
    def _all(self) -> list[dict[Hashable, Any]]:
        found: list[dict[Hashable, Any]] = self._frame.to_dict("records")
        return found


def listed_twice(ledger: Ledger, shapes: Shapes) -> tuple[Ledger, tuple[Problem, ...]]:
    """Return the ledger with the rows that may be another again not known to be there.

    Of such rows, and of those that may be one estate (:mod:`.estates`), one counts: the one that is
    in use, else the first. It serves whom any of them
    names, and as much of it is let or idle as any of them says. Where one of them is shut, or its
    stage is not known (a remark: 已停用), none of the others is known to be in use. Who
    names one of the others may mean either (``REPEATS``: the one that counts).
    """
    exact = twins(ledger, shapes)
    again = _chained({**exact, **estates_again(ledger, shapes)})
    places: dict[int, list[int]] = {}
    for row, first in again.items():
        places.setdefault(first, [first]).append(row)
    if not places:
        return ledger, ()
    frame, hidden = ledger.frame.copy(), unread("stage")
    stages = frame["stage"].tolist()
    lost, problems = dict[int, str](), list[Problem]()
    for rows in places.values():
        kept, doubted = _parted(ledger, rows)
        if planned := _planned(ledger, rows):
            problems += [_told(ledger, row, planned[0], "floor_area_m2") for row in planned[1:]]
            frame = _of_unknown_size(_serving_all(frame, planned), planned[1:])
        if not doubted:
            continue
        for row in doubted:
            say = _told if exact.get(row, row) == exact.get(kept[0], kept[0]) else _alike
            problems.append(say(ledger, row, kept[0]))
        lost |= dict.fromkeys(doubted, str(frame.index[kept[0]]))
        if stages[kept[0]] not in _ENDED and "serves" in frame:
            frame = _serving_all(frame, [*kept, *doubted])
            frame = _as_little(frame, [*kept, *doubted])
    told = (None if row in lost else stage for row, stage in enumerate(stages))
    frame["stage"] = texts(told, frame.index)
    frame[REPEATS] = texts(map(lost.get, range(len(frame))), frame.index)
    if hidden in frame:  # of a facility a blank stage is not known as it is
        frame[hidden] |= np.isin(np.arange(len(frame)), [*lost])
    return dataclasses.replace(ledger, frame=frame), tuple(problems)


def _chained(again: dict[int, int]) -> dict[int, int]:
    """Return row → the first of all that it is again, through the rows between."""
    found: dict[int, int] = {}
    for row in sorted(again):
        found[row] = found.get(again[row], again[row])
    return found


def _parted(ledger: Ledger, rows: Iterable[int]) -> tuple[list[int], list[int]]:
    """Return of the rows of a place the one that counts, or one that may be shut, and the doubted.

    The one whose stage tells most, then the first. What is planned has nothing to do with it.
    """
    layer, stages = ledger.raw.layer, {row: ledger.frame["stage"].iloc[row] for row in rows}
    ended = [row for row in rows if stages[row] in _ENDED]
    there = [row for row in rows if stages[row] not in _AHEAD | _ENDED]
    hidden = [row for row in there if stages[row] is None and _is_doubted(ledger, row)]
    first = (ended or hidden or sorted(there, key=lambda row: (_rank(layer, stages[row]), row)))[:1]
    return first, [row for row in there if row not in first]


def _is_doubted(ledger: Ledger, row: int) -> bool:
    """Return whether a row without a stage has one that cannot be read, or is contradicted."""
    if (mark := unread("stage")) in ledger.frame:
        return bool(ledger.frame[mark].iloc[row])
    header = ledger.headers.get("stage")
    return header is not None and not is_blank(ledger.raw.frame[header].iloc[ledger.at[row]])


def _planned(ledger: Ledger, rows: Iterable[int]) -> list[int]:
    """Return the rows of planned rooms that may be one of them; none where it is one."""
    stages = ledger.frame["stage"]
    planned = [row for row in rows if stages.iloc[row] in _AHEAD]
    return planned if ledger.raw.layer == "facilities" and len(planned) > 1 else []


def _of_unknown_size(frame: pd.DataFrame, rows: Iterable[int]) -> pd.DataFrame:
    """Return facilities with m² that are not known of some: planned rooms that may not be any.

    A stage that is not known would say of them that they may stand.
    """
    at = [frame.columns.get_loc(name) for name in ("floor_area_m2", "community_area_m2")]
    for row in rows:
        frame.iloc[row, at] = float("nan")
        frame.iloc[row, frame.columns.get_loc(unread("floor_area_m2"))] = True
    return frame


def _told(ledger: Ledger, row: int, other: int, column: str = "stage") -> Problem:
    """Return the warning on a row that may be another one again."""
    return ledger.problem(
        ProblemCode.ROW_REPEATED,
        Severity.WARNING,
        row,
        "name",
        first_row=int(ledger.raw.rows[ledger.at[other]]),
        **lost_of(ledger.frame.index[row], column),
    )


def _alike(ledger: Ledger, row: int, other: int) -> Problem:
    """Return the warning on a row that may be the estate of another one, by name and place."""
    return ledger.problem(
        ProblemCode.ESTATE_REPEATED,
        Severity.WARNING,
        row,
        "name",
        other=str(ledger.frame["name"].iloc[other]),
        first_row=int(ledger.raw.rows[ledger.at[other]]),
        **lost_of(ledger.frame.index[row], "stage"),
    )


def _rank(layer: str, stage: object) -> int:
    """Return how late a row's stage is, the latest first: it tells most of the place."""
    if stage == Stage.IN_USE or (stage is None and layer == "residential"):
        return 0
    return {Stage.HANDED_OVER: 1, Stage.ACCEPTED: 2}.get(stage, 3)  # type: ignore[call-overload, no-any-return]


def _serving_all(frame: pd.DataFrame, rows: Iterable[int]) -> pd.DataFrame:
    """Return facilities with whom any of ``rows`` names named by the first of them.

    One that names nobody serves where it stands, and one that leaves somebody out does not say
    who is left: how much of the rooms is for whom is not known then.
    """
    first, *_ = rows = [*rows]
    records = dict.fromkeys(frame["serves"].iloc[row] for row in rows)
    if len(records) < 2:  # noqa: PLR2004 - two that differ
        return frame
    frame = frame.copy()
    named = [record for record in records if record]
    at = frame.columns.get_loc
    if len(named) == len(records) and not any(sign in one for one in named for sign in LEAVING_OUT):
        frame.iloc[first, at("serves")] = "；".join(named)
        return frame
    typed = frame["community_area_m2"].iloc[first]
    if typed == typed:  # noqa: PLR0124 - NaN
        frame.iloc[first, at("floor_area_m2")] = typed
        frame.iloc[first, at("community_area_m2")] = float("nan")
    frame.iloc[first, at(unread("floor_area_m2"))] = True
    return frame


def _as_little(frame: pd.DataFrame, rows: Iterable[int]) -> pd.DataFrame:
    """Return facilities with as much of the first of ``rows`` open as of any of them."""
    mark = unread("floor_area_m2")
    if mark not in frame:
        return frame
    first, *_ = rows = [*rows]
    at = frame.columns.get_loc(mark)
    frame.iloc[first, at] = bool(frame.iloc[rows, at].any())
    return frame


def _one(
    layer: str, said: tuple[dict[Hashable, Any], ...], rows: tuple[int, int], shapes: Shapes
) -> bool:
    """Return whether two rows of one name and size stand in one place, as far as they say."""
    place, other = (shapes[row] for row in rows)
    if place is not None and other is not None:
        return place.distance(other) <= REPEATED_M and not _told_apart(layer, said)
    mine, theirs = ([plain(one.get(column)) for column in _WITHOUT_PLACE] for one in said)
    return place is other and mine == theirs and not _told_apart(layer, said)


def _told_apart(layer: str, said: tuple[dict[Hashable, Any], ...]) -> bool:
    """Return whether the site or project of two rows, or a figure, says that they are two."""
    together = [one[_TOGETHER[layer]] for one in said]
    if all(together) and (layer == "residential" or together[0] != together[1]):
        return True
    return any(differ(*(one.get(column) for one in said)) for column in _AGREEING[layer])


def differ(one: Any, other: Any) -> bool:
    """Return whether two cells that both say something say different things."""
    one, other = plain(one), plain(other)
    return one is not None and other is not None and one != other


def plain(value: Any) -> Any:
    """Return a value that equals itself: None where there is none."""
    if value is None or value != value:  # noqa: PLR0124 - NaN
        return None
    return fold(value) if isinstance(value, str) else value
