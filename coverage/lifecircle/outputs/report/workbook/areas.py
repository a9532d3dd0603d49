"""The worksheet of residential areas: what is printed first, the rest grouped behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecircle.model.cell import is_missing, number_or_none, text_or_none
from lifecircle.model.problem import unread_remarks
from lifecircle.model.reach import LEGS
from lifecircle.model.status import Status
from lifecircle.outputs.office.excel import (
    COUNT,
    M2,
    METRES,
    MINUTES,
    SHARE,
    AtLeast,
    Column,
    frame_of,
    marked,
    number_cell,
    rows_of,
)
from lifecircle.outputs.words.changes import flag_words
from lifecircle.outputs.words.problems import Unread
from lifecircle.outputs.words.ranking import worst_first
from lifecircle.outputs.words.showing import (
    NO_GAP,
    asked_figure,
    covered_by,
    headline,
    is_least,
    marks_of,
    of_reference,
    reference_mark,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.office.excel import Rows
    from lifecircle.outputs.words.wording import Wording

__all__ = ["UNREAD_COLUMN", "answer_cell", "area_rows", "with_remarks"]


UNREAD_COLUMN = Column("unread", 44, wrap=True, lesser=True)
"""What is written in a row and not used; of a ledger that has such a row."""
_REMARK_COLUMN = Column("remark", 30, wrap=True)
"""What a row remarks of itself and nothing has understood; of a ledger that has such a row."""

_MARKED = 8
"""How much wider a column of m² is where a mark stands behind some."""


def _columns(measure: str, *, marked: bool) -> list[Column]:
    """Return the columns.

    ``measure`` is what the coverage is judged by; ``marked``: some m² are of reference.
    """
    more = _MARKED if marked else 0
    return [
        Column("id", 7),
        Column("name", 34),
        Column("unit", 11, wrap=True),
        Column("age_class", 8),
        Column("households", 9, COUNT),
        Column("required_m2", 10 + more, M2),
        Column("provided_m2", 10, M2),
        Column("deficit_m2", 10 + more, M2),
        Column("nearest", 32),
        Column("radius_m", 9, METRES),
        Column("walk_m", 9, METRES),
        Column("walk_min", 9, MINUTES),
        Column("verdict", 9, status=True),
        Column("flags", 12, wrap=True),
        Column("reason", 50, wrap=True),
        Column("remedy", 40, wrap=True, lesser=True),
        Column("community", 14, wrap=True, lesser=True),
        Column("clause", 9, lesser=True),
        Column("setting_class", 8, lesser=True),
        Column("stage", 11, lesser=True),
        Column("population", 10, COUNT, lesser=True),
        Column("elders", 10, COUNT, lesser=True),
        Column("data_basis", 24, wrap=True, lesser=True),
        Column("own_m2", 11, M2, lesser=True),
        Column("recorded_m2", 11, M2, lesser=True),
        Column("arrangeable_m2", 11, M2, lesser=True),
        Column("arranged", 12 + more, M2, lesser=True),
        Column(f"coverage_{measure}", 10, lesser=True),
        Column("radius_facility", 22, lesser=True),
        Column("radius_share", 11, SHARE, lesser=True),
        Column("radius_status", 11, status=True, lesser=True),
        Column("walk_facility", 22, lesser=True),
        Column("walk_share", 11, SHARE, lesser=True),
        Column("walk_status", 11, status=True, lesser=True),
        *(Column(leg, 9, METRES, lesser=True) for leg in LEGS),
        Column("illustrative", 8, lesser=True),
    ]


def area_rows(assessment: Assessment, words: Wording) -> Rows:
    """Return the residential areas, worst first."""
    measure, aside = covered_by(assessment), of_reference(assessment)
    each = rows_of(worst_first(frame_of(assessment, "residential")))
    mark = reference_mark(words)
    unread = Unread.of(assessment.problems, "residential", words.language)
    flags = _flags(assessment)
    rows = (
        [
            *_area(
                id_, row, measure, words, mark if str(id_) in aside else None, flags.get(str(id_))
            ),
            *([unread.all(id_)] if unread else []),
        ]
        for id_, row in each
    )
    columns = _columns(measure, marked=bool(aside))
    columns += [UNREAD_COLUMN] if unread else []
    return with_remarks(columns, rows, unread_remarks(assessment.problems, "residential"))


def with_remarks(
    columns: Sequence[Column], rows: Iterator[list[Any]], remarks: Mapping[str, str]
) -> Rows:
    """Return a table with what its rows remark, behind the last column that is printed.

    Parameters
    ----------
    remarks
        Id, as the first cell of a row has it → what nothing has understood; without any the table
        is as it was.
    """
    if not remarks:
        return columns, rows
    at = sum(not column.lesser for column in columns)
    told = ([*row[:at], remarks.get(str(row[0])), *row[at:]] for row in rows)
    return [*columns[:at], _REMARK_COLUMN, *columns[at:]], told


def _flags(assessment: Assessment) -> dict[str, dict[str, None]]:
    """Return area → the marks of its verdict: those of the headline and of the clause it names."""
    frame, first = frame_of(assessment, "residential"), headline(assessment)
    named = {str(area): {clause} for area, clause in frame["clause"].items()}
    if first is not None:
        named = {area: {*clauses, first.id} for area, clauses in named.items()}
    clauses = {(clause.standard, clause.id): clause for clause in assessment.clauses}
    some = {clause for mine in named.values() for clause in mine}
    found = assessment.findings[assessment.findings["clause"].isin(some)]
    told: dict[str, dict[str, None]] = {}
    columns = (found[name] for name in ("standard", "clause", "id", "status", "flags"))
    for standard, clause, area, status, flags in zip(*columns, strict=True):
        if clause in named.get(str(area), ()):
            marks = marks_of(status, flags, clauses[standard, clause])
            told.setdefault(str(area), {}).update(dict.fromkeys(marks))
    return told


def _area(
    id_: Any,
    row: Mapping[str, Any],
    measure: str,
    words: Wording,
    mark: str | None,
    flags: Iterable[str] | None,
) -> list[Any]:
    def asked(name: str) -> Any:
        """Return m² that a quota asks: marked where no clause in judgment does.

        Of an area that is 待核实, or exempt, no gap is told: nobody knows that there is one.
        """
        if name != "required_m2" and text_or_none(row["verdict"]) in NO_GAP:
            return None
        held = marked(number_cell(row[name], words, "m2"), mark)
        if held is None:
            return asked_figure(row["reason"], None, words) if name == "required_m2" else None
        least = name != "required_m2" and is_least(row["reason"]) and mark is None
        return AtLeast(row[name]) if least else held

    return [
        id_,
        text_or_none(row["name"]),
        words.name_or_none(row["unit"], "units"),
        words.word_or_none("age_class", row["age_class"]),
        number_cell(row["households"], words),
        asked("required_m2"),
        _provided(row, words),
        asked("deficit_m2"),
        words.name_or_none(row[f"{measure}_facility"], "facilities"),
        *(number_cell(row[c], words) for c in ("radius_m", "walk_m", "walk_min")),
        words.word_or_none("status", row["verdict"]),
        flag_words(flags or (), words),
        words.reason(row["reason"]) or None,
        words.remedy(row["remedy"]) or None,
        words.name_or_none(row["community"], "units"),
        text_or_none(row["clause"]),
        words.word_or_none("setting", row["setting"]),
        words.word_or_none("housing_stage", row["stage"]),
        *(number_cell(row[c], words) for c in ("population", "elders")),
        text_or_none(row["basis"]),
        *(number_cell(row[c], words) for c in ("own_m2", "recorded_m2")),
        number_cell(row["arrangeable_m2"], words),
        asked("deficit_if_arranged_m2"),
        words.word_or_none("coverage", row["coverage"]),
        words.name_or_none(row["radius_facility"], "facilities"),
        _share(row, "radius", words),
        words.word_or_none("status", row["radius_status"]),
        words.name_or_none(row["walk_facility"], "facilities"),
        _share(row, "walk", words),
        words.word_or_none("status", row["walk_status"]),
        *(number_cell(row[leg], words) for leg in LEGS),
        answer_cell(row["illustrative"], words),
    ]


def _share(row: Mapping[str, Any], by: str, words: Wording) -> float | str | None:
    """Return the share that is reached; nothing where more may be: the result has the least."""
    open_ = text_or_none(row[f"{by}_status"]) == Status.NOT_ASSESSED
    return None if open_ else number_cell(row[f"{by}_share"], words)


def _provided(row: Mapping[str, Any], words: Wording) -> float | str | None:
    """Return own and recorded m² together; nothing where either is open."""
    own, recorded = number_or_none(row["own_m2"]), number_or_none(row["recorded_m2"])
    return None if own is None or recorded is None else number_cell(own + recorded, words)


def answer_cell(value: Any, words: Wording) -> str | None:
    """Return yes or no in words; None for an empty cell."""
    return None if is_missing(value) else words.say("answer.yes" if value else "answer.no")
