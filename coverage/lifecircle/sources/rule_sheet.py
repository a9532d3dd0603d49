"""Rules of a user's own county in an Excel workbook: the same keys as in the TOML file.

Sheet ``标准`` (``standard``): two columns, key and value. Sheet ``条款`` (``clauses``): one row a
clause, columns named as the keys are, dots for tables below (``options.minimum_m2``); a second row
with the same ``id`` is a further version of it.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from openpyxl.utils import get_column_letter

from lifecircle.sources.books.opening import open_book
from lifecircle.sources.raw import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from lifecircle.sources.books.page import Book

__all__ = ["COLUMN_NAMES", "read_rule_sheet"]

COLUMN_NAMES = {
    "编号": "id",
    "替代": "overrides",
    "重述": "repeats",
    "中文标题": "title.zh",
    "英文标题": "title.en",
    "章节": "section",
    "原文": "quote",
    "类别": "category",
    "力度用语": "force",
    "度量": "measure",
    "对象": "subject",
    "单位": "unit",
    "新旧类别": "where.age_class",
    "城乡": "where.setting",
    "设施类型": "kinds",
    "比较": "comparison",
    "依据标准": "inherits",
    "发文机关": "issuer",
    "文号": "number",
    "县代码": "county",
    "发文日期": "issued",
    "核对日期": "compared_on",
    "率的口径": "official",
    "期限": "deadline",
    "生效日期": "valid_from",
    "数值": "value",
    "说明": "note",
    "出处名称": "reference.title",
    "出处条款": "reference.clause",
}
"""Chinese column names → keys; the keys themselves are column names too."""

_SHEETS = {"standard": ("标准", "standard"), "clauses": ("条款", "clauses")}
_LISTS = ("kinds", "take", "where.", "options.clauses", "options.of_clauses", "options.all_of")
_MORE_LISTS = ("options.any_of", "options.near_kinds", "options.indicators", "options.items")
_VERSION = ("valid_from", "value", "note", "repealed")
_FLAGS = {"是": True, "否": False, "true": True, "false": False}


def read_rule_sheet(path: Path) -> dict[str, Any]:
    """Return the workbook's rules as the tables that a TOML file of the same rules would hold.

    Raises
    ------
    OSError
        The file is not there or cannot be opened.
    ValueError
        It is no workbook, lacks one of the two sheets, or has a formula that no program computed;
        the message names what is missing.
    """
    try:
        with open_book(path) as book:
            rows = {name: _rows(book, names) for name, names in _SHEETS.items()}
    except SourceError as error:
        raise ValueError("xlsx") from error
    found: dict[str, Any] = {}
    for key, value, *_ in rows["standard"]:
        if key is not None and value is not None:
            _put(found, _key(key), value)
    header, *body = rows["clauses"] or [()]
    keys = [None if name is None else _key(name) for name in header]
    for row in body:
        _add_clause(found.setdefault("clauses", {}), dict(zip(keys, row, strict=False)))
    return found


def _rows(book: Book, names: tuple[str, ...]) -> list[tuple[Any, ...]]:
    titles = [tab.title for tab in book.tabs]
    for name in names:
        if name in titles:
            page = book.page(name)
            if page.uncomputed:  # a figure that is not there must not pass for none
                row, column = min(page.uncomputed)
                cell = f"{get_column_letter(column + 1)}{row + 1}"
                raise ValueError(f"{name} {cell}: {page.uncomputed[row, column]}")
            rows = [tuple(row) for row in page.records]
            return [(*row, None, None) for row in rows if any(cell is not None for cell in row)]
    raise ValueError(" / ".join(names))


def _key(name: Any) -> str:
    text = str(name).strip()
    return COLUMN_NAMES.get(text, text)


def _add_clause(clauses: dict[str, Any], row: dict[str | None, Any]) -> None:
    """Add one row: a new clause, or a further version of the one with its id."""
    given = {key: value for key, value in row.items() if key is not None and value is not None}
    name = str(given.pop("id", "")).strip()
    if not name:
        return
    clause = clauses.setdefault(name, {})
    version: dict[str, Any] = {}
    reference: dict[str, Any] = {}
    for key, value in given.items():
        if key in _VERSION:
            _put(version, key, value)
        elif key.startswith("reference."):
            _put(reference, key.removeprefix("reference."), value)
        else:
            _put(clause, key, value)
    if version or reference:
        clause.setdefault("versions", []).append(
            {**version, **({"references": [reference]} if reference else {})}
        )


def _put(table: dict[str, Any], key: str, value: Any) -> None:
    *above, last = key.split(".")
    for part in above:
        table = table.setdefault(part, {})
    table[last] = _cell(key, value)


def _cell(key: str, value: Any) -> Any:
    """Return a cell as TOML would have it: dates without a time, lists split, yes and no."""
    if isinstance(value, dt.datetime):
        return value.date()
    if key.startswith((*_LISTS, *_MORE_LISTS)):
        return _split(str(value))
    if isinstance(value, str):
        return _FLAGS.get(value.strip(), value.strip())
    if key in {"county", "number"}:  # Excel makes numbers of codes
        return str(value)
    return value


def _split(text: str) -> list[str]:
    parts: Iterable[str] = text.replace("；", ";").replace("、", ";").replace(",", ";").split(";")
    return [part.strip() for part in parts if part.strip()]
