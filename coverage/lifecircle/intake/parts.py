"""One table of a layer out of all that it stands in: files, sheets, and columns with one value."""

from __future__ import annotations

import dataclasses
import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import pandas as pd

from lifecircle.intake.ledger.columns import map_columns, wanted_headers
from lifecircle.intake.ledger.numbering import id_number, part_labels, town_of
from lifecircle.intake.ledger.rows import texts
from lifecircle.intake.ledger.values import is_blank, read_value, split_serves
from lifecircle.model.dictionary import columns, fold
from lifecircle.model.gazetteer import COMMUNITY_DIGITS, TOWNSHIP_DIGITS, canonical_code
from lifecircle.model.problem import Problem, ProblemCode, Severity
from lifecircle.sources.database import shown_source
from lifecircle.sources.tables.files import SourceError, read_tables
from lifecircle.sources.tables.joined import joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from lifecircle.intake.ledger.rows import Ledger
    from lifecircle.intake.settings.schema import LayerOptions, TravelOptions
    from lifecircle.sources.tables.files import RawTable

__all__ = ["of_their_parts", "read_parts", "with_blanks_named", "with_constants"]

_UNITS = ("unit", "community")
_OF_AN_AREA = {"facilities": "serves", "gates": "residential", "buildings": "residential"}
"""Layer → its column that names areas."""
_M2_BEHIND = re.compile(r"(?P<code>[^()]+?)\((?P<m2>\d+(?:\.\d+)?(?:㎡|平方米|平米|平|m2|m²))\)")


def read_parts(
    sources: Sequence[Path | str], name: str, options: LayerOptions | TravelOptions
) -> tuple[RawTable | None, tuple[Problem, ...]]:
    """Return the rows of a layer from all files and sheets it stands in, as one table.

    None where one of them cannot be read: a layer is whole or not there.
    """
    tables: list[RawTable] = []
    problems: list[Problem] = []
    whole = True
    for source, written in zip(sources, options.paths, strict=True):
        found, said = read_tables(
            source,
            name=name,
            file=shown_source(written),
            sheet=options.sheets,
            layer=getattr(options, "layers", None),
            encoding=options.encoding,
            wanted=wanted_headers(name, options.headers, options.constants),
        )
        tables += found
        problems += said
        whole = whole and bool(found)
    if not whole:
        return None, tuple(problems)
    try:
        names = [_aligned(table, tables[0], options.headers) for table in tables]
        return joined(tables, names), tuple(problems)
    except SourceError as error:
        refusal = Problem(error.code, Severity.ERROR, error.params, name, file=tables[0].file)
        return None, (*problems, refusal)


def _aligned(table: RawTable, first: RawTable, overrides: Mapping[str, str]) -> dict[str, str]:
    """Return header → what the first table calls the column that it holds."""
    if table is first:
        return {}
    own, _ = map_columns(table, overrides)
    there, _ = map_columns(first, overrides)
    taken = {header: there[column] for column, header in own.items() if column in there}
    clash = set(table.frame) - set(taken)  # an unread header must not fall together with one read
    return taken | {header: f"{header}#" for header in clash if header in taken.values()}


def with_constants(raw: RawTable, constants: Mapping[str, Any]) -> tuple[RawTable, dict[str, str]]:
    """Return the table with a column for each value that holds for all rows, and its header."""
    frame = raw.frame.copy(deep=False)
    headers = {}
    for column, value in constants.items():
        header = column
        while header in frame:
            header += "="
        frame[header] = pd.Series([value] * len(raw), dtype=object, index=frame.index)
        headers[column] = header
    return dataclasses.replace(
        raw, frame=frame, constants=(*raw.constants, *headers.values())
    ), headers


def with_blanks_named(
    raw: RawTable, headers: Mapping[str, str], found: Iterable[Problem]
) -> tuple[RawTable, dict[str, str], tuple[Problem, ...]]:
    """Return the table with cells of a town or village filled from its other columns.

    A ledger has 区划代码 and 村居 side by side, and codes for some rows only: the name then says
    what the code would. The column that serves goes first; the others in the order they stand.
    A code of the town (or county) where a village is asked says nothing of the village: the name
    does, and the code goes to the row's town, where that is blank.

    Parameters
    ----------
    headers
        Column → the header that serves it; returned with one more where codes say the towns.
    found
        What was said of the headers: which columns several would serve.
    """
    problems: list[Problem] = []
    served = dict(headers)
    for one in found:
        column = one.params.get("field")
        if one.code is not ProblemCode.COLUMN_MAPPED_TWICE or column not in _UNITS:
            continue
        others = [h for h in one.params["columns"] if h != headers[column]]
        raw, said = _filled(raw, column, headers[column], others)
        problems += said
        if column == "community":
            raw, said = _villages_named(raw, served, others)
            problems += said
    return raw, served, tuple(problems)


def _filled(
    raw: RawTable, column: str, header: str, others: Sequence[str]
) -> tuple[RawTable, list[Problem]]:
    """Return the table with the blank cells of a header filled from others, and what is said."""
    cells = raw.frame[header].tolist()
    told = {at: _named(raw, others, at) for at, cell in enumerate(cells) if is_blank(cell)}
    named = {at: name for at, name in told.items() if name is not None}
    if not named:
        return raw, []
    said: dict[str, Any] = {"field": column, "names": list(others), "count": len(named)}
    problem = raw.problem(ProblemCode.COLUMN_FILLED, Severity.INFO, header=header, **said)
    return _with_cells(raw, header, named), [problem]


def _villages_named(
    raw: RawTable, headers: dict[str, str], others: Sequence[str]
) -> tuple[RawTable, list[Problem]]:
    """Return the table with villages named where their column has a town's code; add to headers.

    The towns go to the column of towns: to its blank cells, or to one made for them.
    """
    header, spec = headers["community"], columns(raw.layer)["community"]
    named: dict[int, Any] = {}
    towns: dict[int, str] = {}
    for at, cell in enumerate(raw.frame[header].tolist()):
        code = None if is_blank(cell) else canonical_code(str(read_value(spec, cell).value))
        if code is None or len(code) == COMMUNITY_DIGITS:
            continue
        if (name := _named(raw, others, at)) is None:
            continue
        named[at] = name
        if len(code) == TOWNSHIP_DIGITS:
            towns[at] = code
    if not named:
        return raw, []
    said: dict[str, Any] = {"field": "community", "names": list(others), "count": len(named)}
    problem = raw.problem(ProblemCode.COLUMN_BROAD, Severity.INFO, header=header, **said)
    raw = _with_cells(raw, header, named)
    if "unit" not in headers:
        raw, made = with_constants(raw, {"unit": None})
        headers |= made
    blank = {at for at, cell in enumerate(raw.frame[headers["unit"]]) if is_blank(cell)}
    own = {at: code for at, code in towns.items() if at in blank}
    return _with_cells(raw, headers["unit"], own), [problem]


def _named(raw: RawTable, others: Sequence[str], at: int) -> Any:
    """Return what the first of some headers says that says anything in a row; else None."""
    return next((c for h in others if not is_blank(c := raw.frame[h].iloc[at])), None)


def _with_cells(raw: RawTable, header: str, cells: Mapping[int, Any]) -> RawTable:
    """Return the table with some cells of a header replaced."""
    told = [cells.get(at, cell) for at, cell in enumerate(raw.frame[header].tolist())]
    column = pd.Series(told, index=raw.frame.index, dtype=object)
    return dataclasses.replace(raw, frame=raw.frame.assign(**{header: column}))


def of_their_parts(ledgers: Mapping[str, Ledger]) -> dict[str, Ledger]:
    """Return the tables that name areas by codes which begin anew, with the codes they mean.

    A row that says its town (所属镇街) means the town's, else one on a sheet of the same name, or
    of the same town, that sheet's. What is of neither, or names a code of no such sheet, stays as
    it is written, and may mean any of them (``IdIndex.perhaps``).
    """
    areas, found = ledgers.get("residential"), dict(ledgers)
    numbered = {} if areas is None else _numbered(areas)
    for name, column in _OF_AN_AREA.items() if numbered else ():
        if name in found:
            found[name] = _meaning(found[name], column, numbered)
    return found


def _numbered(areas: Ledger) -> dict[tuple[str, str], str | None]:
    """Return (sheet or town, code) → the id that was made of it; None where several are meant."""
    raw, found = areas.raw, dict[tuple[str, str], str | None]()
    labels = part_labels(raw) if len(raw.parts) > 1 else []
    ids = {fold(key) for key in areas.frame.index}
    units = areas.frame["unit"] if "unit" in areas.frame else [None] * len(areas.frame)
    for key, at, unit in zip(areas.frame.index, areas.at.tolist(), units, strict=True):
        label = labels[raw.part_of(at)] if labels else ""
        plain = fold(str(key).removeprefix(f"{label}-"))
        if not label or plain == fold(key) or plain in ids:
            continue
        code = _code(plain)
        for called in {fold(label), town_of(label), fold(unit) if unit else None} - {None}:
            known = found.setdefault((str(called), code), str(key))
            found[str(called), code] = known if known == key else None
    return found


def _code(text: str) -> str:
    """Return a code as it is looked up: 1 of 01, 1.0, 1号 and 1#."""
    plain = fold(text).removesuffix("#").removesuffix("号")
    return id_number(plain) or plain


def _with_m2(name: str, area: str | None) -> tuple[str, str | None]:
    """Return a code and the m² behind it in brackets: 1（75㎡）."""
    told = None if area else _M2_BEHIND.fullmatch(fold(name))
    return (name, area) if told is None else (told["code"], told["m2"])


def _with_codes(
    cell: str, called: Sequence[str | None], numbered: Mapping[tuple[str, str], str | None]
) -> str:
    """Return a cell with the codes of the sheets or towns that are called so; else as written."""

    def meant(name: str) -> str:
        keys = (numbered.get((one, _code(name))) for one in called if one)
        return next(filter(None, keys), name)

    parts = [_with_m2(*part) for part in split_serves(cell)]
    named = [(meant(name), m2) for name, m2 in parts]
    same = [name for name, _ in named] == [name for name, _ in parts]
    return cell if same else "；".join(f"{n}:{m2}" if m2 else n for n, m2 in named)


def _meaning(ledger: Ledger, column: str, numbered: Mapping[tuple[str, str], str | None]) -> Ledger:
    """Return a table with the codes of its own sheets or towns in a column that names areas."""
    raw, frame = ledger.raw, ledger.frame
    labels = part_labels(raw) if raw.parts else [raw.sheet or PurePath(raw.file).stem]
    units = frame["unit"] if "unit" in frame else [None] * len(frame)
    cells: list[str | None] = []
    for cell, at, unit in zip(frame[column], ledger.at.tolist(), units, strict=True):
        label = labels[raw.part_of(at)]
        called = [fold(unit)] if unit else [fold(label), town_of(label)]

        cells.append(None if cell is None else _with_codes(cell, called, numbered))
    frame = frame.assign(**{column: texts(cells, frame.index)})
    return dataclasses.replace(ledger, frame=frame)
