"""One table of a layer out of all that it stands in: files, sheets, and columns with one value."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pandas as pd

from lifecircle.intake.ledger.columns import map_columns, wanted_headers
from lifecircle.model.problem import Problem, Severity
from lifecircle.sources.database import shown_source
from lifecircle.sources.tables.files import SourceError, read_tables
from lifecircle.sources.tables.joined import joined

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from lifecircle.intake.settings.schema import LayerOptions, TravelOptions
    from lifecircle.sources.tables.files import RawTable

__all__ = ["read_parts", "with_constants"]


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
