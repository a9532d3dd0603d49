"""The sheets of a proposal's workbook, or the layers of its GeoPackage, by what they are called."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pyogrio

from lifecircle.model.dictionary import PROPOSAL_PARTS, columns, fold, without_unit
from lifecircle.model.inputs.contents import Contents, LeftOut
from lifecircle.model.problem import Problem, ProblemCode, Severity
from lifecircle.sources.books.opening import open_book
from lifecircle.sources.books.page import Tab
from lifecircle.sources.raw import SourceError
from lifecircle.sources.tables.files import RawTable, Wanted, read_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

__all__ = ["BOOKS", "LABEL", "NAMES", "PART_OF", "VALUE", "refusal", "tables_of_layers"]

BOOKS = (".xlsx", ".xlsm", ".xls", ".et", ".ods")
"""Endings of workbooks that may hold a proposal."""

NAMES = {
    "project": ("项目", "项目信息", "项目概况", "基本情况", "经济技术指标", "指标", "project"),
    "plots": ("地块", "地块信息", "用地", "居住区", "plots", "plot"),
    "planned": ("设施", "养老设施", "配套设施", "养老服务设施", "用房", "facilities", "facility"),
}
PART_OF = {fold(name): part for part, names in NAMES.items() for name in (*names, part)}
"""What sheets, layers and tables are called, folded → the part they hold."""
LABEL = tuple(map(fold, ("指标", "指标名称", "事项", "item")))
VALUE = tuple(map(fold, ("数值", "指标值", "值", "内容", "value")))


def _headers(part: str) -> frozenset[str]:
    """Return the folded headers to look for in a sheet."""
    known = {fold(n) for name, spec in columns(part).items() for n in (name, *spec.aliases)}
    return frozenset(known | {*LABEL, *VALUE} if part == "project" else known)


def refusal(path: Path, code: ProblemCode, params: Mapping[str, Any]) -> Problem:
    """Return an error of a proposal's whole file."""
    return Problem(code, Severity.ERROR, params, layer="proposal", file=path.name)


def tables_of_layers(
    path: Path, suffix: str
) -> tuple[dict[str, list[RawTable]], tuple[Problem, ...]]:
    """Return part → tables, of a workbook's sheets or a GeoPackage's layers.

    Nothing that the applicant's file hides decides an opinion, for or against: it goes back.
    """
    sheets = suffix in BOOKS
    tabs = _tabs(path) if sheets else [Tab(str(name)) for name, _ in pyogrio.list_layers(path)]
    names = _sheet_parts(tabs) if sheets else _layer_parts(path)
    if not names:
        raise SourceError(ProblemCode.PROPOSAL_PART, part="、".join(tab.title for tab in tabs))
    hidden = {tab.title for tab in tabs if tab.hidden}
    read = tuple(name for name in names if name not in hidden)
    contents = _contents(tabs, read)
    tables: dict[str, list[RawTable]] = {}
    problems = _of_hidden(path, read, [name for name in names if name in hidden])
    for name in read:
        raw, told = _part(path, name, names[name], sheets=sheets)
        problems += told
        if raw is not None:
            said = dataclasses.replace(raw, contents=contents, uncomputed={}, hidden_headers=())
            tables.setdefault(names[name], []).append(said)
    return tables, (*problems, *(_like_parts(path, read, tabs) if sheets else ()))


def _like_parts(path: Path, read: Sequence[str], tabs: Sequence[Tab]) -> tuple[Problem, ...]:
    """Return a warning of the sheets that have a part's columns and are called otherwise."""
    names = []
    for title in (tab.title for tab in tabs if not tab.hidden and tab.title not in read):
        for part in PROPOSAL_PARTS[1:]:
            raw, _ = read_table(path, name=part, sheet=title, headers=_headers(part))
            if raw is not None and len(raw) and Wanted(_headers(part)).fits(list(raw.frame)):
                names.append(f"{title} ({len(raw)})")
                break
    params = {"read": list(read), "names": names}
    unread = refusal(path, ProblemCode.PARTS_UNREAD, params)
    return (dataclasses.replace(unread, severity=Severity.WARNING),) if names else ()


def _contents(tabs: Sequence[Tab], read: tuple[str, ...]) -> Contents:
    left = (LeftOut(tab.title, tab.hidden) for tab in tabs if tab.title not in read)
    return Contents(read, left_out=tuple(left))


def _of_hidden(path: Path, read: Sequence[str], names: list[str]) -> tuple[Problem, ...]:
    params = {"read": list(read), "names": names}
    return (refusal(path, ProblemCode.PARTS_HIDDEN, params),) if names else ()


def _sheet_parts(tabs: Sequence[Tab]) -> dict[str, str]:
    return {t.title: PART_OF[fold(t.title)] for t in tabs if fold(t.title) in PART_OF}


def _part(
    path: Path, name: str, part: str, *, sheets: bool
) -> tuple[RawTable | None, tuple[Problem, ...]]:
    raw, told = read_table(
        path,
        name=part,
        sheet=name if sheets else None,
        layer=None if sheets else name,
        headers=_headers(part),
    )
    if any(problem.code is ProblemCode.LAYER_EMPTY for problem in told):
        told = ()
    unseen = () if raw is None else tuple(_unseen(raw))
    return raw, (*map(_strictly, told), *unseen)


def _strictly(problem: Problem) -> Problem:
    """Return a problem of rows that are hidden or struck through as an error."""
    hidden = problem.code in {ProblemCode.ROWS_HIDDEN, ProblemCode.ROWS_STRUCK}
    return dataclasses.replace(problem, severity=Severity.ERROR) if hidden else problem


def _unseen(raw: RawTable) -> Iterator[Problem]:
    """Yield an error of the columns that are hidden, and of each formula never computed."""
    known = _headers(raw.layer)
    hidden = [header for header in raw.hidden_headers if fold(without_unit(fold(header))) in known]
    if hidden:
        yield raw.problem(ProblemCode.COLUMNS_HIDDEN, Severity.ERROR, columns=hidden)
    for (at, header), formula in raw.uncomputed.items():
        code = ProblemCode.FORMULA_EMPTY
        yield raw.problem(code, Severity.ERROR, at=at, header=header, value=formula)


def _tabs(path: Path) -> list[Tab]:
    with open_book(path) as book:
        return list(book.tabs)


def _layer_parts(path: Path) -> dict[str, str]:
    """Return layer → part: by its name, else the only one of polygons holds the plots."""
    kinds = {str(name): str(kind or "") for name, kind in pyogrio.list_layers(path)}
    found = {name: PART_OF[fold(name)] for name in kinds if fold(name) in PART_OF}
    for part, wanted in (("plots", "Polygon"), ("planned", "Point")):
        rest = [n for n, kind in kinds.items() if wanted in kind and n not in found]
        if part not in found.values() and len(rest) == 1:
            found[rest[0]] = part
    return found
