"""One table of a layer out of all that it stands in: files, sheets, and columns with one value."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pandas as pd

from lifecircle.intake.ledger.columns import map_columns, wanted_headers
from lifecircle.intake.ledger.values import is_blank
from lifecircle.model.problem import Problem, ProblemCode, Severity
from lifecircle.sources.database import shown_source
from lifecircle.sources.tables.files import SourceError, read_tables
from lifecircle.sources.tables.joined import joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from lifecircle.intake.settings.schema import LayerOptions, TravelOptions
    from lifecircle.sources.tables.files import RawTable

__all__ = ["read_parts", "with_blanks_named", "with_constants"]

_UNITS = ("unit", "community")


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
    return dataclasses.replace(raw, frame=frame, constants=tuple(headers.values())), headers


def with_blanks_named(
    raw: RawTable, headers: Mapping[str, str], found: Iterable[Problem]
) -> tuple[RawTable, tuple[Problem, ...]]:
    """Return the table with blank cells of a town or village filled from its other columns.

    A ledger has 区划代码 and 村居 side by side, and codes for some rows only: the name then says
    what the code would. The column that serves goes first; the others in the order they stand.

    Parameters
    ----------
    headers
        Column → the header that serves it.
    found
        What was said of the headers: which columns several would serve.
    """
    problems = []
    frame = raw.frame
    for one in found:
        column = one.params.get("field")
        if one.code is not ProblemCode.COLUMN_MAPPED_TWICE or column not in _UNITS:
            continue
        header = headers[column]
        cells, others = frame[header].tolist(), [h for h in one.params["columns"] if h != header]
        filled = [
            at
            for at, cell in enumerate(cells)
            if is_blank(cell) and not all(is_blank(frame[other].iloc[at]) for other in others)
        ]
        for at in filled:
            cells[at] = next(c for h in others if not is_blank(c := frame[h].iloc[at]))
        if filled:
            frame = frame.assign(**{header: pd.Series(cells, index=frame.index, dtype=object)})
            said = {"field": column, "names": others, "count": len(filled)}
            code = ProblemCode.COLUMN_FILLED
            problems.append(raw.problem(code, Severity.INFO, header=header, **said))
    return dataclasses.replace(raw, frame=frame), tuple(problems)
