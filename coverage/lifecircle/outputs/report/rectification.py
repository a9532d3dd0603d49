"""整改清单: what every town has to put right, as a worksheet and as a file a town."""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

from openpyxl.styles import Alignment

from lifecircle.model.cell import is_yes, number_or_none, text_or_none
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.status import Flag, Status
from lifecircle.outputs.earlier import no_device
from lifecircle.outputs.office.excel import (
    BANNER_FONT,
    COUNT,
    M2,
    SOFT_FONT,
    TITLE_FONT,
    AtLeast,
    Column,
    fill_worksheet,
    first_worksheet,
    frame_of,
    marked,
    new_book,
    number_cell,
    put,
    rows_of,
    write_book,
)
from lifecircle.outputs.words.banners import banner_lines, named_future
from lifecircle.outputs.words.ranking import worst_first
from lifecircle.outputs.words.showing import (
    ROUND,
    asked_figure,
    doubts_of,
    is_least,
    of_reference,
    reference_mark,
)
from lifecircle.outputs.words.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    import pandas as pd
    from openpyxl import Workbook

    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.office.excel import Rows

_Short: TypeAlias = "tuple[Any, dict[str, Any]]"
"""An area short of floor area: its id and its row."""

__all__ = ["former_lists", "rectification_rows", "write_rectification"]

_COLUMNS = [
    Column("rectify_no", 6, COUNT),
    Column("rectify_unit", 12, wrap=True),
    Column("rectify_community", 14, wrap=True),
    Column("rectify_area", 20, wrap=True),
    Column("rectify_built", 9, "0"),
    Column("rectify_households", 8, COUNT),
    Column("rectify_required", 10, M2),
    Column("rectify_provided", 10, M2),
    Column("rectify_deficit", 10, M2),
    Column("rectify_remedy", 36, wrap=True),
    Column("rectify_premises", 24, wrap=True),
    Column("rectify_office", 12),
    Column("rectify_due", 11),
    Column("rectify_note", 36, wrap=True),
]
_MARKED = {"rectify_required": 18, "rectify_deficit": 18}
"""Widths where a mark stands behind some m²."""
_FORBIDDEN = re.compile(r'[\x00-\x1f<>:"/\\|?*\ud800-\udfff]')
_LONGEST_NAME = 60
_LONGEST_PROPERTIES = 65_536
_STAMP = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_TITLE_ROW, _HEADER_ROW = 1, 3


def rectification_rows(assessment: Assessment, words: Wording) -> Rows:
    """Return every area short of floor area with what is to be done, town by town, worst first.

    The office in charge is left to be filled in; the date is the document's own, where it has one.
    """
    areas = _Areas(assessment)
    return _columns(areas), _rows(areas, words, rows_of(_short(assessment)))


def _columns(areas: _Areas) -> list[Column]:
    wider = _MARKED if areas.aside else {}
    return [replace(column, width=wider.get(column.code, column.width)) for column in _COLUMNS]


def write_rectification(assessment: Assessment, folder: Path) -> Path:
    """Write one workbook a street or town into ``folder`` and return the folder.

    A town without anything to put right has a list without rows. Areas of no known town stand in
    a list of their own.

    Raises
    ------
    OutputError
        A file cannot be written; each is whole or as it was.
    """
    words, areas = Wording.of(assessment), _Areas(assessment)
    of_town: dict[str, list[_Short]] = {}
    for id_, row in rows_of(_short(assessment)):
        of_town.setdefault(text_or_none(row["unit"]) or "", []).append((id_, row))
    everywhere = {text_or_none(c) or "" for c in frame_of(assessment, "residential")["unit"]}
    for code in sorted(everywhere):
        name = words.name(code, "units") if code else words.say("rectify.no_unit")
        rows = of_town.get(code, [])
        path = folder / f"{_file_name(code, name)}.xlsx"
        write_book(_book(areas, words, name, rows), path, assessment.as_of)
    return folder


def former_lists(folder: Path) -> tuple[Path, ...]:
    """Return the lists in ``folder`` that an earlier run wrote and nobody has saved since.

    What others put there is theirs, as is a list that somebody filled in: office programs write
    into a workbook who saved it, and when.
    """
    return tuple(path for path in sorted(folder.glob("*.xlsx")) if _untouched(path))


def _untouched(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive, archive.open("docProps/core.xml") as member:
            said = member.read(_LONGEST_PROPERTIES)
    except (OSError, KeyError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error):
        return False  # no workbook, or held by another program: not ours to take away
    saved_once = len(set(_STAMP.findall(said))) == 1 and b"lastModifiedBy" not in said
    return b">lifecircle</dc:creator>" in said and saved_once


def _book(areas: _Areas, words: Wording, town: str, short: list[_Short]) -> Workbook:
    book, assessment = new_book(), areas.assessment
    worksheet = first_worksheet(book, words.say("sheet.rectification"))
    put(worksheet, _TITLE_ROW, 1, words.say("rectify.title", town=town)).font = TITLE_FONT
    facts = {"study": assessment.study, "date": assessment.as_of.isoformat(), "count": len(short)}
    told = put(worksheet, _TITLE_ROW + 1, 1, words.say("rectify.facts", **facts))
    told.font = SOFT_FONT
    told.alignment = Alignment(vertical="center")
    header = _HEADER_ROW
    if named_future(assessment, words) is not None:
        for banner in banner_lines(assessment, words):
            put(worksheet, header, 1, banner).font = BANNER_FONT
            header += 1
    rows = _rows(areas, words, short)
    fill_worksheet(worksheet, _columns(areas), rows, words, first_row=header)
    worksheet.freeze_panes = f"E{header + 1}"
    return book


def _short(assessment: Assessment) -> pd.DataFrame:
    """Return the areas whose own verdict is a lack of floor area; a project once."""
    areas = worst_first(frame_of(assessment, "residential"))
    quota = areas["reason"].map(
        lambda reason: isinstance(reason, Reason) and reason.code is ReasonCode.QUOTA_SHORT
    )
    lacks = areas["deficit_m2"].astype("float64").fillna(0.0) > 0
    once = areas["counted_with"].isna()
    found = areas[(areas["verdict"] == str(Status.DEFICIENT)) & once & (lacks | quota)]
    return found.sort_values("unit", kind="stable", key=lambda s: s.fillna("~").astype(str))


class _Areas:
    """What the lists of all towns say of areas, gathered once."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        self.ways: dict[str, list[Any]] = {}
        """Area → remedies, best first."""
        self.aside = of_reference(assessment)
        """Areas whose missing m² are of reference only."""
        told = assessment.remedies.sort_values(["residential", "rank"])
        for area, remedy in zip(told["residential"], told["remedy"], strict=True):
            self.ways.setdefault(str(area), []).append(remedy)
        frame = frame_of(assessment, "residential")
        self.phases: dict[str, list[str]] = {}
        """Area → the other areas of its project."""
        for area, lead in frame["counted_with"].dropna().items():
            self.phases.setdefault(str(lead), []).append(str(area))
        self._homes = dict(zip(map(str, frame.index), frame["households"].tolist(), strict=True))
        self._clauses = {clause.id: clause for clause in reversed(assessment.clauses)}
        self._rounded = frozenset(_rounded(assessment))

    def due(self, clause: str) -> str | None:
        """Return the day by which a clause is to be met, where its document sets one."""
        found = self._clauses.get(clause)
        return None if found is None or found.deadline is None else found.deadline.isoformat()

    def doubts(self, area: str, clause: str, words: Wording) -> str:
        """Return on whose figures it rests that an area misses a clause; empty: on sound ones."""
        found = self._clauses.get(clause)
        if found is None:
            return ""
        mine = (clause, area) in self._rounded
        flags = tuple(flag for flag in found.flags if flag not in ROUND)
        flags = (*flags, *([Flag.APPROXIMATE] if mine else []))
        return doubts_of((replace(found, flags=flags),), words)

    def homes(self, area: str) -> float | None:
        """Return the households of an area and of the other phases of its project, if known."""
        each = [number_or_none(self._homes[one]) for one in (area, *self.phases.get(area, ()))]
        known = [number for number in each if number is not None]
        return sum(known) if len(known) == len(each) else None


def _rounded(assessment: Assessment) -> Iterator[tuple[str, str]]:
    """Yield clause and subject of the findings that hang on a round figure."""
    some = {clause.id for clause in assessment.clauses if ROUND & set(clause.flags)}
    if some:
        found = assessment.findings[assessment.findings["clause"].isin(some)]
        for clause, area, flags in zip(found["clause"], found["id"], found["flags"], strict=True):
            if Flag.APPROXIMATE in flags:
                yield str(clause), str(area)


def _rows(areas: _Areas, words: Wording, short: Iterable[_Short]) -> Iterator[list[Any]]:
    for number, (id_, row) in enumerate(short, start=1):
        area, clause = str(id_), str(row["clause"])
        mine = areas.ways.get(area, [])
        first = mine[0] if mine else row["remedy"]
        phases = [words.name(phase, "residential") for phase in areas.phases.get(area, [])]
        yield [
            number,
            words.name_or_none(row["unit"], "units"),
            words.name_or_none(row["community"], "units"),
            text_or_none(row["name"]),
            number_or_none(row["built_year"]),
            number_cell(areas.homes(area), words),
            *_cells(row, words, of_reference=area in areas.aside),
            words.remedy(first) or None,
            _premises(first, words),
            None,
            areas.due(clause),
            words.phrases(
                filter(
                    None,
                    (
                        _doubted(clause, areas.doubts(area, clause, words), words),
                        _note(row, phases, mine[1:], words, of_reference=area in areas.aside),
                    ),
                )
            )
            or None,
        ]


def _cells(row: Mapping[str, Any], words: Wording, *, of_reference: bool) -> list[Any]:
    """Return required, provided and lacking m² as cells; what nobody asks is marked."""
    figures = _figures(row)
    required, provided, lacking = (number_cell(v, words, "m2") for v in figures)
    if is_least(row["reason"]) and not of_reference:
        asked = asked_figure(row["reason"], None, words) if required is None else required
        return [asked, provided, AtLeast(figures[2])]
    mark = reference_mark(words) if of_reference else None
    return [marked(required, mark), provided, marked(lacking, mark)]


def _figures(row: Mapping[str, Any]) -> tuple[Any, Any, Any]:
    """Return required, provided and lacking m²: the account's, else those of the reason."""
    if number_or_none(row["deficit_m2"]) is not None:
        return row["required_m2"], row["own_m2"] + row["recorded_m2"], row["deficit_m2"]
    params = row["reason"].params
    return params["required_m2"], params["provided_m2"], params["deficit_m2"]


def _premises(remedy: Any, words: Wording) -> str | None:
    """Return the premises a remedy speaks of: a facility's or a candidate site's name."""
    if not isinstance(remedy, Reason):
        return None
    for param, layer in (("facility", "facilities"), ("site", "sites")):
        if param in remedy.params:
            return words.name(remedy.params[param], layer)
    return None


def _doubted(clause: str, marks: str, words: Wording) -> str | None:
    return words.say("rectify.marked", clause=clause, marks=marks) if marks else None


def _note(
    row: Mapping[str, Any],
    phases: list[str],
    others: list[Any],
    words: Wording,
    *,
    of_reference: bool,
) -> str | None:
    told = [words.say("rectify.of_reference")] if of_reference else []
    told += [words.say("rectify.phases", names=words.list(phases))] if phases else []
    if others:
        ways = words.phrases(map(words.remedy, others))
        told.append(words.say("rectify.others", ways=ways))
    if is_yes(row["illustrative"]):
        told.append(words.say("rectify.illustrative"))
    return words.phrases(told) or None


def _file_name(code: str, name: str) -> str:
    """Return a file name that every system can hold: the code keeps equal names apart."""
    label = _FORBIDDEN.sub("_", name).strip(" .")[:_LONGEST_NAME].rstrip(" .")
    safe = _FORBIDDEN.sub("_", code).strip(" .")
    return no_device(f"{safe}-{label}" if safe and label != safe else label or "-")
