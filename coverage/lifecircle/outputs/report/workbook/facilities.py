"""Worksheets of places: facilities, and why one does not count; candidate sites."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from lifecircle.model.cell import listed, number_or_none, text_or_none
from lifecircle.model.problem import unread_remarks
from lifecircle.outputs.office.excel import (
    COUNT,
    M2,
    Column,
    frame_of,
    number_cell,
    rows_of,
)
from lifecircle.outputs.report.workbook.areas import UNREAD_COLUMN, answer_cell, with_remarks
from lifecircle.outputs.report.workbook.uncounted import why_uncounted
from lifecircle.outputs.words.problems import Unread
from lifecircle.outputs.words.site_uses import site_uses

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.office.excel import Rows
    from lifecircle.outputs.words.wording import Wording

__all__ = ["facility_rows", "site_rows"]

_FACILITY_COLUMNS = [
    Column("id", 8),
    Column("name", 38),
    Column("kinds", 26),
    Column("stage", 9),
    Column("unit", 12),
    Column("community", 16),
    Column("floor_area_m2", 11, M2),
    Column("community_area_m2", 11, M2),
    Column("quota_m2_low", 11, M2),
    Column("quota_m2_high", 11, M2),
    Column("beds", 8, COUNT),
    Column("reach_counts", 9),
    Column("quota_counts", 9),
    Column("why_uncounted", 50, wrap=True),
    Column("site", 10, lesser=True),
    Column("position_of", 24, lesser=True),
    Column("nursing_beds", 11, COUNT, lesser=True),
    Column("family_beds", 13, COUNT, lesser=True),
    Column("star", 7, COUNT, lesser=True),
    Column("serves", 36, wrap=True, lesser=True),
    Column("serves_perhaps", 36, wrap=True, lesser=True),
    Column("illustrative", 8, lesser=True),
]


def facility_rows(assessment: Assessment, words: Wording) -> Rows:
    """Return the facilities, as they stand in the ledger, and why one does not count."""
    layer = assessment.layers["facilities"]
    placed = ~(layer.geometry.isna() | layer.geometry.is_empty)
    each = zip(rows_of(frame_of(assessment, "facilities")), placed, strict=True)
    unread = Unread.of(assessment.problems, "facilities", words.language)

    def why(id_: Any, row: Mapping[str, Any], placed: Any) -> str | None:
        written = partial(unread.under, id_)
        return why_uncounted(row, assessment.stage, words, placed=bool(placed), written=written)

    rows = (
        [
            *_facility(id_, row, why(id_, row, at), words),
            *([unread.all(id_)] if unread else []),
        ]
        for (id_, row), at in each
    )
    columns = [*_FACILITY_COLUMNS, *([UNREAD_COLUMN] if unread else [])]
    return with_remarks(columns, rows, unread_remarks(assessment.problems, "facilities"))


def _facility(id_: Any, row: Mapping[str, Any], why: str | None, words: Wording) -> list[Any]:
    return [
        id_,
        text_or_none(row["name"]),
        words.kinds(row["kinds"]),
        words.word_or_none("stage", row["stage"]),
        words.name_or_none(row["unit"], "units"),
        words.name_or_none(row["community"], "units"),
        *(number_cell(row[c], words) for c in ("floor_area_m2", "community_area_m2")),
        *(number_cell(row[c], words, "m2") for c in ("quota_m2_low", "quota_m2_high", "beds")),
        *(_reply(row[c], words) for c in ("reach_counts", "quota_counts")),
        why,
        text_or_none(row["site"]),
        words.name_or_none(row["position_of"], "facilities"),
        *(number_cell(row[c], words) for c in ("nursing_beds", "family_beds", "star")),
        *(
            words.list(words.name(area, "residential") for area in listed(row[name])) or None
            for name in ("serves", "serves_perhaps")
        ),
        answer_cell(row["illustrative"], words),
    ]


def _reply(value: Any, words: Wording) -> str | None:
    found = text_or_none(value)
    return None if found is None else words.say(f"answer.{found}")


_SITE_COLUMNS = [
    Column("id", 8),
    Column("site_name", 32, wrap=True),
    Column("site_type", 20, wrap=True),
    Column("floor_area_m2", 13, M2),
    Column("unit", 14),
    Column("community", 18),
    Column("site_uses", 60, wrap=True),
    Column("illustrative", 8),
]


def site_rows(assessment: Assessment, words: Wording) -> Rows:
    """Return the candidate sites, and the areas for which remedies name them."""
    return _SITE_COLUMNS, _sites(assessment, words)


def _sites(assessment: Assessment, words: Wording) -> Iterator[list[Any]]:
    uses = site_uses(assessment)
    for id_, row in rows_of(frame_of(assessment, "sites")):
        told = [
            words.say("sites.use", area=words.name(area, "residential"), m2=m2)
            for area, m2 in uses.get(str(id_), ())
        ]
        yield [
            id_,
            text_or_none(row["name"]),
            text_or_none(row["type"]),
            number_or_none(row["floor_area_m2"]),
            words.name_or_none(row["unit"], "units"),
            words.name_or_none(row["community"], "units"),
            words.list(told) or None,
            answer_cell(row["illustrative"], words),
        ]
