"""Worksheets on reach: what to check on site, what the streets may have wrong, gates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecircle.model.cell import is_missing, listed, text_or_none
from lifecircle.outputs.office.excel import (
    COUNT,
    DEGREES,
    METRES,
    MINUTES,
    VALUE,
    Column,
    frame_of,
    number_cell,
    rows_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.office.excel import Rows
    from lifecircle.outputs.words.wording import Wording

__all__ = ["diagnosis_rows", "disagreement_rows", "field_check_rows", "gate_rows"]

_FIELD_CHECK_COLUMNS = [
    Column("id", 10),
    Column("area", 26),
    Column("clause", 12),
    Column("measured", 10, VALUE),
    Column("required", 10, VALUE),
    Column("measure_unit", 9),
    Column("margin", 16),
    Column("facility", 26),
    Column("distance_m", 11, METRES),
    Column("margin_m", 16),
    Column("lon", 12, DEGREES),
    Column("lat", 11, DEGREES),
    Column("field_result", 24),
    Column("field_checker", 12),
    Column("field_date", 12),
    Column("facility_lon", 12, DEGREES, lesser=True),
    Column("facility_lat", 11, DEGREES, lesser=True),
]
_TO_FILL = 3
"""Columns of the field check that are filled in on site."""


def field_check_rows(assessment: Assessment, words: Wording) -> Rows:
    """Return the close calls with both positions, and blank columns for what is found on site."""
    each = rows_of(frame_of(assessment, "close_calls"))
    return _FIELD_CHECK_COLUMNS, (_field_check(row, words) for _, row in each)


def _field_check(row: Mapping[str, Any], words: Wording) -> list[Any]:
    return [
        text_or_none(row["residential"]),
        text_or_none(row["name"]) or _county(row, words),
        words.clause(row["clause"]),
        *(number_cell(row[c], words, row["unit"]) for c in ("measured", "required")),
        words.word_or_none("unit", row["unit"]),
        words.margin(row["margin"], row["unit"]),
        words.name_or_none(row["facility"], "facilities"),
        number_cell(row["distance_m"], words),
        _margin_m(row, words),
        *(number_cell(row[c], words) for c in ("lon", "lat")),
        *[None] * _TO_FILL,
        *(number_cell(row[c], words) for c in ("facility_lon", "facility_lat")),
    ]


def _county(row: Mapping[str, Any], words: Wording) -> str | None:
    """Return the county's word for a verdict on the county as a whole."""
    return words.word("scope", "county") if is_missing(row["residential"]) else None


def _margin_m(row: Mapping[str, Any], words: Wording) -> str | None:
    return None if is_missing(row["margin_m"]) else words.margin(row["margin_m"], "m")


_DISAGREEMENT_COLUMNS = [
    Column("id", 10),
    Column("area", 26),
    Column("reach_group", 22),
    Column("facility", 26),
    Column("radius_m", 11, METRES),
    Column("walk_m", 11, METRES),
    Column("walk_min", 11, MINUTES),
    Column("detour", 10, VALUE),
    Column("barrier", 16),
    Column("barrier_kind", 10),
]


def disagreement_rows(assessment: Assessment, words: Wording) -> Rows:
    """Return the areas inside the radius whose walk is too long."""
    each = rows_of(frame_of(assessment, "disagreements"))
    rows = (_disagreement(row, words) for _, row in each)
    return _DISAGREEMENT_COLUMNS, rows


def _disagreement(row: Mapping[str, Any], words: Wording) -> list[Any]:
    return [
        text_or_none(row["residential"]),
        text_or_none(row["name"]),
        words.word_or_none("reach_group", row["reach_group"]),
        words.name_or_none(row["facility"], "facilities"),
        *(number_cell(row[c], words) for c in ("radius_m", "walk_m", "walk_min")),
        number_cell(row["detour"], words),
        words.word_or_none("barrier", row["barrier"]),
        words.word_or_none("barrier", row["barrier_kind"]),
    ]


_GATE_COLUMNS = [
    Column("id", 10),
    Column("area", 26),
    Column("reach_group", 22),
    Column("gate_to_open", 24),
    Column("facility", 26),
    Column("walk_m", 11, METRES),
    Column("walk_min", 11, MINUTES),
    Column("opened_walk_m", 13, METRES),
    Column("opened_walk_min", 13, MINUTES),
    Column("cures", 10),
]


def gate_rows(assessment: Assessment, words: Wording) -> Rows:
    """Return the gates that would shorten a walk, those that bring it within the limit first."""
    frame = frame_of(assessment, "gate_effects")
    each = rows_of(frame.sort_values("cures", ascending=False, kind="stable"))
    rows = (_gate(row, words) for _, row in each)
    return _GATE_COLUMNS, rows


def _gate(row: Mapping[str, Any], words: Wording) -> list[Any]:
    return [
        text_or_none(row["residential"]),
        text_or_none(row["name"]),
        words.word_or_none("reach_group", row["reach_group"]),
        words.gate(row["gate"], row["side"]),
        words.name_or_none(row["facility"], "facilities"),
        *(number_cell(row[c], words) for c in ("walk_m", "walk_min")),
        *(number_cell(row[c], words) for c in ("opened_walk_m", "opened_walk_min")),
        words.say(f"answer.{row['cures']}"),
    ]


_DIAGNOSIS_COLUMNS = [
    Column("id", 12),
    Column("finding", 28),
    Column("place_name", 26),
    Column("length_m", 12, VALUE),
    Column("areas", 11, COUNT),
    Column("facilities", 10, COUNT),
    Column("verdicts", 44, wrap=True),
    Column("households", 12, COUNT),
]


def diagnosis_rows(assessment: Assessment, words: Wording) -> Rows:
    """Return what may be wrong with the streets, and whose verdict hangs on it."""
    each = rows_of(frame_of(assessment, "street_diagnosis"))
    rows = (_diagnosis(id_, row, words) for id_, row in each)
    return _DIAGNOSIS_COLUMNS, rows


def _diagnosis(id_: Any, row: Mapping[str, Any], words: Wording) -> list[Any]:
    return [
        id_,
        words.word_or_none("street_diagnosis", row["kind"]),
        text_or_none(row["name"]),
        *(number_cell(row[c], words) for c in ("length_m", "areas", "facilities")),
        words.list(words.name(area, "residential") for area in listed(row["verdicts"])) or None,
        number_cell(row["households"], words),
    ]
