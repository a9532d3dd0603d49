"""Proposal files: one development proposal as raw tables, whatever format it comes in.

A proposal is one file with up to three parts: ``project`` (its facts), ``plots`` and ``planned``
(facilities). A workbook has a sheet for each, a GeoPackage a layer, a GeoJSON file marks its
features and carries the facts beside them, a TOML file has a table for each.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from lifecircle.model.dictionary import PROPOSAL_PARTS, columns, fold, match_kinds
from lifecircle.model.problem import Problem, ProblemCode, Severity
from lifecircle.sources.guarded_toml import TomlError, parse_toml, toml_bytes
from lifecircle.sources.guards import check_content
from lifecircle.sources.proposal_layers import (
    BOOKS,
    LABEL,
    NAMES,
    PART_OF,
    VALUE,
    refusal,
    tables_of_layers,
)
from lifecircle.sources.raw import SourceError, reader_detail
from lifecircle.sources.tables.files import RawTable, read_table
from lifecircle.stopping import heed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from lifecircle.model.inputs.contents import Contents

__all__ = ["SUFFIXES", "Parts", "read_parts"]

SUFFIXES = (".gpkg", ".geojson", ".json", *BOOKS, ".toml")
"""File name endings that :func:`read_parts` reads."""

_FEATURES = ("plots", "planned")
_MARK = frozenset(map(fold, ("图层", "要素", "layer", "part")))
"""Property of a feature that says which part it belongs to."""
_UNIT = tuple(map(fold, ("单位", "计量单位", "unit")))
_OUTLINE = "outline"
_CORNERS = 3
_LARGEST = 1 << 24
"""Bytes of a text file; a proposal needs a thousandth of it."""


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """The parts of a proposal as they stand in its file.

    Parameters
    ----------
    tables
        Part → raw table; a part that the file does not have is absent.
    spots
        Header of ``project`` → row and cell, where the facts stand one a line.
    contents
        Which of the file's sheets or layers were read.
    """

    tables: Mapping[str, RawTable]
    spots: Mapping[str, tuple[int, str | None]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    contents: Contents | None = None


def read_parts(path: Path) -> tuple[Parts | None, tuple[Problem, ...]]:
    """Read a proposal's file; None and why where it cannot be read.

    Parameters
    ----------
    path
        A file with one of :data:`SUFFIXES`.
    """
    try:
        tables, problems = _read(path, path.suffix.lower())
    except SourceError as error:
        return None, (refusal(path, error.code, error.params),)
    except Exception as error:  # noqa: BLE001 - a damaged file may fail anywhere inside a library
        heed()
        detail = {"detail": reader_detail(error)}
        return None, (refusal(path, ProblemCode.FILE_UNREADABLE, detail),)
    failed = any(p.severity is Severity.ERROR for p in problems)
    parts, twice = _facts_turned(tables)
    problems += twice
    sheeted = [raw for part in tables.values() for raw in part if raw.contents.read]
    if sheeted:
        parts = dataclasses.replace(parts, contents=sheeted[0].contents)
    return (None if failed else parts), problems


def _read(path: Path, suffix: str) -> tuple[dict[str, list[RawTable]], tuple[Problem, ...]]:
    if suffix not in SUFFIXES:
        raise SourceError(ProblemCode.FORMAT_UNKNOWN, suffix=path.suffix or path.name)
    if not path.is_file():
        raise SourceError(ProblemCode.FILE_MISSING)
    if suffix == ".toml":
        return _of_toml(path), ()
    check_content(path)
    if suffix in {".geojson", ".json"}:
        return _of_geojson(path)
    return tables_of_layers(path, suffix)


def _of_geojson(path: Path) -> tuple[dict[str, list[RawTable]], tuple[Problem, ...]]:
    """Return the features by the part they say they are, and the facts beside them.

    A feature that does not say is a facility if it has a kind, else a plot.
    """
    text = _text(path)
    content = json.loads(text)
    raw, problems = read_table(path, name="plots")
    if raw is None:
        return {}, problems
    marks = [h for h in raw.frame if fold(h) in _MARK]
    marked, unknown = _marked_parts(raw, marks)
    problems += unknown
    parts = [
        part or ("planned" if kind else "plots")
        for part, kind in zip(marked, _with_kind(raw), strict=True)
    ]
    tables: dict[str, list[RawTable]] = {
        part: [_taken(raw, part, [i for i, p in enumerate(parts) if p == part], marks)]
        for part in _FEATURES
        if part in parts
    }
    if facts := [v for k, v in content.items() if _is_facts(k, v)]:
        tables["project"] = [_records("project", path, [one]) for one in facts]
    return tables, problems


def _is_facts(name: str, value: Any) -> bool:
    return PART_OF.get(fold(name)) == "project" and isinstance(value, dict)


def _marked_parts(
    raw: RawTable, marks: Sequence[str]
) -> tuple[list[str | None], tuple[Problem, ...]]:
    """Return the part that each feature says it is of, by the first of ``marks`` filled in."""
    parts: list[str | None] = []
    problems = []
    for row in range(len(raw)):
        mark = next((h for h in marks if raw.frame[h].iloc[row]), None)
        said = None if mark is None else raw.frame[mark].iloc[row]
        part = None if said is None else PART_OF.get(fold(said))
        if said is not None and part not in _FEATURES:
            part = None
            problems.append(
                raw.problem(
                    ProblemCode.WORD_UNKNOWN,
                    Severity.WARNING,
                    at=row,
                    header=mark,
                    value=said,
                    allowed=[NAMES[name][0] for name in _FEATURES],
                )
            )
        parts.append(part)
    return parts, tuple(problems)


def _with_kind(raw: RawTable) -> list[bool]:
    """Return which features name a kind of facility."""
    names = {fold(a) for a in (*columns("planned")["kinds"].aliases, "kinds")}
    told = [h for h in raw.frame if fold(h) in names]
    return [any(match_kinds(raw.frame[h].iloc[row] or "") for h in told) for row in range(len(raw))]


def _taken(raw: RawTable, part: str, rows: Sequence[int], marks: Sequence[str]) -> RawTable:
    """Return some features of a table as a part, without the columns that are blank in all."""
    frame = raw.frame.iloc[list(rows)].reset_index(drop=True).drop(columns=list(marks))
    frame = frame.loc[:, frame.notna().any()]
    shapes = None if raw.geometry is None else raw.geometry[list(rows)]
    return dataclasses.replace(
        raw, layer=part, frame=frame, rows=raw.rows[list(rows)], geometry=shapes
    )


def _text(path: Path) -> str:
    data = path.read_bytes()
    if len(data) > _LARGEST:
        raise SourceError(ProblemCode.FILE_UNREADABLE, detail="too_large")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(ProblemCode.FILE_UNREADABLE, detail="not_utf8") from error


def _of_toml(path: Path) -> dict[str, list[RawTable]]:
    """Return the tables of a TOML file: ``[project]``, ``[[plots]]``, ``[[facilities]]``."""
    try:
        content = parse_toml(toml_bytes(path, largest=_LARGEST), largest=_LARGEST)
    except TomlError as error:
        line = {} if error.line is None else {"line": error.line}
        raise SourceError(ProblemCode.FILE_UNREADABLE, detail=error.detail, **line) from error
    said: dict[str, tuple[str, list[dict[str, Any]]]] = {}
    for name, value in content.items():
        part = PART_OF.get(fold(name))
        rows = [value] if isinstance(value, dict) else value
        if part is None or not isinstance(rows, list) or not all(isinstance(r, dict) for r in rows):
            raise SourceError(ProblemCode.PROPOSAL_PART, part=name)
        if rows:  # [[facilities]] and [[设施]] are one part, whichever a row stands under
            said.setdefault(part, (name, []))[1].extend(rows)
    return {
        part: [
            _records(part, path, one, name)
            for one in ([[row] for row in rows] if part == "project" else [rows])
        ]
        for part, (name, rows) in said.items()
    }


def _records(part: str, path: Path, rows: list[dict[str, Any]], name: str = "") -> RawTable:
    """Return mappings as a table; ``outline``, a list of corners, is their geometry.

    ``name``: what the file calls it.
    """
    names = list(dict.fromkeys(str(k) for row in rows for k in row if k != _OUTLINE))
    frame = pd.DataFrame(
        {n: pd.Series([_cell(row.get(n)) for row in rows], dtype=object) for n in names},
        index=pd.RangeIndex(len(rows)),
    )
    shapes = None
    if any(_OUTLINE in row for row in rows):
        shapes = np.full(len(rows), None, dtype=object)
        shapes[:] = [_polygon(row[_OUTLINE]) if _OUTLINE in row else None for row in rows]
    return RawTable(
        layer=part,
        file=path.name,
        frame=frame,
        rows=np.arange(1, len(rows) + 1, dtype=np.int64),
        geometry=shapes,
        sheet=None if part == "project" else name or part,
    )


def _cell(value: Any) -> Any:
    if isinstance(value, list) and all(isinstance(v, str) for v in value):
        return ";".join(value) or None
    return (str(value) if isinstance(value, list | dict) else value) if value != "" else None


def _polygon(corners: Any) -> shapely.Geometry | None:
    try:
        xy = np.array(corners, dtype=float)
    except (TypeError, ValueError):
        return None
    return shapely.Polygon(xy) if xy.ndim == 2 and len(xy) >= _CORNERS else None  # noqa: PLR2004


def _facts_turned(tables: Mapping[str, Sequence[RawTable]]) -> tuple[Parts, tuple[Problem, ...]]:
    """Return one table a part, and an error for each fact that is said twice and differently.

    Facts that stand one a line become one row.
    """
    twice: list[Problem] = []
    spots: dict[str, tuple[int, str | None]] = {}
    cells: dict[str, Any] = {}
    found = {part: tables[part][0] for part in PROPOSAL_PARTS[1:] if tables.get(part)}
    for raw in tables.get("project", ()):
        for header, value, row, letter in _facts(raw):
            if header in cells:
                if value is not None and cells[header] is not None and value != cells[header]:
                    twice.append(_contradiction(raw, header, value, row, spots, cells[header]))
                if cells[header] is not None or value is None:
                    continue
            cells[header] = value
            spots[header] = row, None if letter is None else f"{letter}{row}"
    if tables.get("project"):
        first = tables["project"][0]
        frame = pd.DataFrame({h: pd.Series([v], dtype=object) for h, v in cells.items()})
        found["project"] = RawTable(
            layer="project",
            file=first.file,
            frame=frame,
            rows=np.array([1], dtype=np.int64),
            sheet=first.sheet,
        )
    return Parts(found, spots), tuple(twice)


def _contradiction(
    raw: RawTable,
    header: str,
    value: Any,
    row: int,
    spots: Mapping[str, tuple[int, str | None]],
    first: Any,
) -> Problem:
    return Problem(
        ProblemCode.FACT_TWICE,
        Severity.ERROR,
        {"first": str(first), "first_row": spots[header][0]},
        layer="project",
        file=raw.file,
        sheet=raw.sheet,
        row=row,
        column=header,
        value=str(value),
    )


def _facts(raw: RawTable) -> list[tuple[str, Any, int, str | None]]:
    """Return header, value, row and column letter of every fact of a table."""
    by_name = {fold(h): h for h in raw.frame}
    label, value, unit = (
        next((by_name[n] for n in names if n in by_name), None) for names in (LABEL, VALUE, _UNIT)
    )
    if label is None or value is None:
        row = int(raw.rows[0]) if len(raw) else 1
        return [
            (h, raw.frame[h].iloc[0] if len(raw) else None, row, raw.letters.get(h))
            for h in raw.frame
        ]
    rows = []
    for at in range(len(raw)):
        name, said = raw.frame[label].iloc[at], raw.frame[value].iloc[at]
        if name is None:
            continue
        of = raw.frame[unit].iloc[at] if unit is not None else None
        header = f"{name}（{of}）" if of and said is not None else str(name)
        rows.append((header, said, int(raw.rows[at]), raw.letters.get(value)))
    return rows
