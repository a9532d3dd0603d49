"""Sheets of the m² account: who shares with whom, the sums by place, and the four stages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from lifecircle.outputs.office.excel import (
    COUNT,
    M2,
    Column,
    frame_of,
    name_cell,
    number_cell,
    word_cell,
)
from lifecircle.outputs.words.wording import text_or_none

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.words.wording import Wording

__all__ = ["allocation_rows", "provision_rows", "stage_rows"]

_Rows: TypeAlias = "tuple[list[Column], Iterator[list[Any]]]"

_ALLOCATION_COLUMNS = [
    Column("facility", 30),
    Column("area", 30),
    Column("m2", 12, M2),
    Column("arrangement", 14),
    Column("clause", 10),
]


def allocation_rows(assessment: Assessment, words: Wording) -> _Rows:
    """Return what is suggested, then what is recorded; an area's own m² need no arranging."""

    def rows() -> Iterator[list[Any]]:
        for basis in ("suggested", "recorded"):
            for _, row in assessment.allocation.iterrows():
                if row["basis"] == basis:
                    yield [
                        name_cell(row["facility"], words, "facilities"),
                        name_cell(row["residential"], words, "residential"),
                        number_cell(row["m2"], words),
                        words.say(f"allocation.{basis}"),
                        text_or_none(row["clause"]),
                    ]

    return _ALLOCATION_COLUMNS, rows()


_PROVISION_COLUMNS = [
    Column("scope_code", 15),
    Column("scope_name", 20),
    Column("accounts", 9, COUNT),
    Column("required_m2", 12, M2),
    Column("own_m2", 12, M2),
    Column("recorded_m2", 12, M2),
    Column("deficit_m2", 12, M2),
    Column("arrangeable_m2", 12, M2),
    Column("arranged", 12, M2),
    Column("surplus_m2", 12, M2),
    Column("unassigned_m2", 14, M2),
    Column("accounts_unknown", 12, COUNT),
]


def provision_rows(assessment: Assessment, words: Wording) -> _Rows:
    """Return the floor area in sum: the county, then streets and towns, then communities."""
    numbers = ["areas", "required_m2", "own_m2", "recorded_m2", "deficit_m2", "arrangeable_m2"]
    numbers += ["deficit_if_arranged_m2", "surplus_m2", "unassigned_m2", "unknown"]

    def rows() -> Iterator[list[Any]]:
        for _, row in assessment.provision.iterrows():
            county = row["scope"] == "county"
            yield [
                assessment.county if county else row["scope"],
                words.say("account.county") if county else name_cell(row["scope"], words, "units"),
                *(number_cell(row[name], words) for name in numbers),
            ]

    return _PROVISION_COLUMNS, rows()


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


def stage_rows(assessment: Assessment, words: Wording) -> _Rows:
    """Return the four stages of every new project: both dates and the days between them."""
    units = frame_of(assessment, "residential")["unit"]

    def rows() -> Iterator[list[Any]]:
        for _, row in assessment.stages.iterrows():
            missing = [
                words.say(f"stage_missing.{end}")
                for end in ("housing", "care")
                if text_or_none(row[f"{end}_on"]) is None
            ]
            yield [
                name_cell(row["residential"], words, "residential"),
                name_cell(units.get(row["residential"]), words, "units"),
                text_or_none(row["clause"]),
                words.say(f"stage_of_four.{row['stage']}"),
                *(text_or_none(row[f"{end}_on"]) for end in ("housing", "care")),
                number_cell(row["days_late"], words),
                number_cell(row["tolerance_days"], words),
                word_cell("status", row["status"], words),
                words.say("stage_missing", fields=words.list(missing)) if missing else None,
            ]

    return _STAGE_COLUMNS, rows()
