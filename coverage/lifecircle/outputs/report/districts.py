"""Service districts: each unit's fixed host beside the nearest, for the page and the workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecircle.model.cell import number_or_none
from lifecircle.model.finding import meets
from lifecircle.outputs.office.excel import METRES, MINUTES, Column

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecircle.model.reason import Reason
    from lifecircle.model.results.assessment import Assessment, HostJourney
    from lifecircle.outputs.words.wording import Wording

__all__ = ["HOST_COLUMNS", "ferry_wait", "host_cards", "host_rows"]

_LONG_WALK_MIN = 60.0

HOST_COLUMNS = [
    Column("clause", 10),
    Column("district", 12),
    Column("unit", 14),
    Column("host", 26),
    Column("status", 11, status=True),
    Column("start", 16),
    Column("straight_m", 12, METRES),
    Column("drive_min", 12, MINUTES),
    Column("walk_min", 12, MINUTES),
    Column("journey_note", 30, wrap=True),
    Column("nearest_straight", 26),
    Column("nearest_m", 12, METRES),
    Column("nearest_drive", 26),
    Column("nearest_drive_min", 12, MINUTES),
    Column("nearest_walk", 26),
    Column("nearest_walk_min", 12, MINUTES),
]
"""Columns of the worksheet ``hosts``; of several villages the figures are those of the farthest."""


def ferry_wait(assessment: Assessment) -> str:
    """Return the minutes that the study waits for a ferry, as a text."""
    found = (p.value for p in assessment.parameters if p.name == "ferry_wait_min")
    return f"{next(found, 0.0) or 0.0:g}"


def host_rows(assessment: Assessment, words: Wording) -> Iterator[list[Any]]:
    """Yield a row a unit, as the worksheet ``hosts`` wants them."""
    for row in assessment.hosts:
        yield [
            words.clause(row.clause),
            row.district,
            words.name(row.unit, "units"),
            words.host(row.host, row.host_name),
            words.word("status", str(row.status)),
            _start(row, words),
            row.straight_far_m,
            row.drive_far_min,
            row.walk_far_min,
            _note(row, words),
            words.name_or_none(row.nearest, "facilities"),
            row.nearest_m,
            words.name_or_none(row.nearest_drive, "facilities"),
            row.nearest_drive_min,
            words.name_or_none(row.nearest_walk, "facilities"),
            row.nearest_walk_min,
        ]


def host_cards(assessment: Assessment, words: Wording) -> list[dict[str, Any]]:
    """Return the lines of the report's table on service districts."""
    return [
        {
            "district": row.district,
            "unit": words.name(row.unit, "units"),
            "host": words.host(row.host, row.host_name),
            "status": row.status,
            "start": _start(row, words),
            "straight": _span(row.straight_m, row.straight_far_m, "m", words),
            "drive": _span(row.drive_min, row.drive_far_min, "min", words),
            "walk": _walked(row, words),
            "note": _note(row, words),
            "nearest": _nearest(row.nearest, row.nearest_m, "m", words),
            "nearest_drive": _nearest(row.nearest_drive, row.nearest_drive_min, "min", words),
            "same": row.nearest_drive == row.host if row.nearest_drive else row.nearest == row.host,
        }
        for row in assessment.hosts
    ]


def _start(row: HostJourney, words: Wording) -> str:
    code = "start.unknown" if row.start is None else f"start.{row.start}"
    return words.in_domain("districts").say(code, n=row.starts)


def _span(low: float | None, high: float | None, unit: str, words: Wording) -> str:
    """Return the figure, or the nearest and the farthest of several villages."""
    if low is None:
        return "–"
    if high is None:
        return words.in_domain("districts").say("from", low=words.value(low, unit))
    if words.number(low, unit) == words.number(high, unit):
        return words.value(high, unit)
    return f"{words.number(low, unit)}–{words.value(high, unit)}"


def _walked(row: HostJourney, words: Wording) -> str:
    """Return the minutes on foot; of more than an hour that alone, since nobody walks it."""
    if row.walk_min is not None and meets(row.walk_min, ">", _LONG_WALK_MIN):
        return words.in_domain("districts").say("walk.long")
    return _span(row.walk_min, row.walk_far_min, "min", words)


def _nearest(facility: str | None, figure: float | None, unit: str, words: Wording) -> str:
    if facility is None or number_or_none(figure) is None:
        return "–"
    told = {"facility": words.name(facility, "facilities"), "figure": words.value(figure, unit)}
    return words.in_domain("districts").say("nearest", **told)


def _note(row: HostJourney, words: Wording) -> str:
    """Return what stands beside the times: ferries taken, and why a time is not known."""
    say = words.in_domain("districts").say
    told = [say("ferry.only")] if row.ferry_only else []
    if row.drive_unknown is not None and row.drive_unknown == row.walk_unknown:
        return words.phrases(
            [*told, say(f"way.{row.drive_unknown.code}", **row.drive_unknown.params)]
        )
    for way in ("drive", "walk"):
        why: Reason | None = getattr(row, f"{way}_unknown")
        if why is not None:
            code = f"{way}.{why.code}"
            told.append(words.in_domain("districts").say(code, **why.params))
        elif getattr(row, f"{way}_ferry") and not row.ferry_only:
            told.append(words.in_domain("districts").say(f"{way}.ferry"))
    return words.phrases(told)
