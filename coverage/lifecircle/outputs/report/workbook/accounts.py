"""Worksheets of the m² account: who shares with whom, the sums by unit, and the four stages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecircle.model.cell import number_or_none, text_or_none
from lifecircle.outputs.office.excel import (
    COUNT,
    M2,
    METRES,
    AtLeast,
    Column,
    Folded,
    frame_of,
    number_cell,
    rows_of,
)
from lifecircle.outputs.words.showing import sums_of_reference

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.office.excel import Rows
    from lifecircle.outputs.words.wording import Wording

__all__ = ["allocation_rows", "provision_columns", "provision_sums", "stage_rows", "sum_cell"]

_ALLOCATION_COLUMNS = [
    Column("facility", 30),
    Column("area", 30),
    Column("m2", 12, M2),
    Column("distance_m", 10, METRES),
    Column("arrangement", 14),
    Column("clause", 10),
]


def allocation_rows(assessment: Assessment, words: Wording) -> Rows:
    """Return what is suggested, then what is recorded; an area's own m² need no arranging."""
    each = (
        row
        for basis in ("suggested", "recorded")
        for _, row in rows_of(assessment.allocation)
        if row["basis"] == basis
    )
    return _ALLOCATION_COLUMNS, (_allocation(row, words) for row in each)


def _allocation(row: Mapping[str, Any], words: Wording) -> list[Any]:
    return [
        words.name_or_none(row["facility"], "facilities"),
        words.name_or_none(row["residential"], "residential"),
        number_cell(row["m2"], words),
        number_cell(row["distance_m"], words),
        words.say(f"allocation.{row['basis']}"),
        text_or_none(row["clause"]),
    ]


_SUMMED = {
    "accounts": "areas",
    "arranged": "deficit_if_arranged_m2",
    "accounts_unknown": "unknown",
}
"""Column → the column of the sums that it shows, where that has another name."""
_LACKING = frozenset({"deficit_m2", "deficit_if_arranged_m2"})
_ASKED_COLUMNS = [
    Column("accounts", 9, COUNT),
    Column("required_m2", 11, M2),
    Column("own_m2", 11, M2),
    Column("recorded_m2", 11, M2),
    Column("deficit_m2", 11, M2),
]
_LESSER_COLUMNS = [
    Column("arrangeable_m2", 11, M2, lesser=True),
    Column("arranged", 12, M2, lesser=True),
    Column("surplus_m2", 12, M2, lesser=True),
    Column("unassigned_m2", 14, M2, lesser=True),
    Column("accounts_unknown", 12, COUNT, lesser=True),
]
_REFERENCE_COLUMNS = [
    Column("reference_areas", 10, COUNT),
    Column("reference_required_m2", 13, M2),
    Column("reference_own_m2", 13, M2),
    Column("reference_recorded_m2", 15, M2),
    Column("reference_deficit_m2", 13, M2),
]
"""What no clause in judgment asks, where there is any."""


def provision_columns(assessment: Assessment) -> list[Column]:
    """Return the columns of the floor area in sum, beside those of a unit."""
    aside = _REFERENCE_COLUMNS if sums_of_reference(assessment) else ()
    return [*_ASKED_COLUMNS, *aside, *_LESSER_COLUMNS]


def provision_sums(assessment: Assessment, words: Wording) -> dict[str, list[Any]]:
    """Return the floor area in sum, as ``provision_columns`` has it; scope → values.

    The county, then streets and towns, then communities; those without any are left out.
    """
    names = [_SUMMED.get(column.code, column.code) for column in provision_columns(assessment)]
    return {
        str(row["scope"]): [sum_cell(row, name, words) for name in names]
        for _, row in rows_of(assessment.provision)
        if any(number_or_none(row[name]) for name in names)
    }


def sum_cell(sums: Mapping[str, Any], name: str, words: Wording) -> Any:
    """Return a figure of the floor area in sum: what is lacking at least, where more may be."""
    least = name in _LACKING and sums["at_least"] == "yes"
    return AtLeast(float(sums[name])) if least else number_cell(sums[name], words)


_STAGE_COLUMNS = [
    Column("area", 26),
    Column("unit", 14),
    Column("clause", 9),
    Column("stage_of_four", 10),
    Column("housing_on", 13),
    Column("care_on", 13),
    Column("days_late", 11, COUNT),
    Column("tolerance_days", 11, COUNT),
    Column("stage_status", 10, status=True),
    Column("stage_note", 30, wrap=True),
]


def stage_rows(assessment: Assessment, words: Wording) -> Rows:
    """Return the four stages of every new project: both dates and the days between them.

    Stages of which neither date is known are folded away.
    """
    units = frame_of(assessment, "residential")["unit"]
    dated: list[list[Any] | Folded] = []
    blank: list[list[Any] | Folded] = []
    for _, row in rows_of(assessment.stages):
        cells = _stage(row, units.get(row["residential"]), words)
        if any(text_or_none(row[f"{end}_on"]) for end in ("housing", "care")):
            dated.append(cells)
        else:
            blank.append(Folded(cells))
    return _STAGE_COLUMNS, iter([*dated, *blank])


def _stage(row: Mapping[str, Any], unit: Any, words: Wording) -> list[Any]:
    missing = [
        words.say(f"stage_missing.{end}")
        for end in ("housing", "care")
        if text_or_none(row[f"{end}_on"]) is None
    ]
    return [
        words.name_or_none(row["residential"], "residential"),
        words.name_or_none(unit, "units"),
        text_or_none(row["clause"]),
        words.say(f"stage_of_four.{row['stage']}"),
        *(text_or_none(row[f"{end}_on"]) for end in ("housing", "care")),
        number_cell(row["days_late"], words),
        number_cell(row["tolerance_days"], words),
        words.word_or_none("status", row["status"]),
        words.say("stage_missing", fields=words.list(missing)) if missing else None,
    ]
