"""Raw tables: what a file says, cell by cell, and where it stands in it.

:func:`read_table` is the only reader of vector files and ledgers. It understands nothing: values
stay as written (text from CSV and shapefiles, text, numbers and dates from Excel), so that a later
message can show them and name the row and the cell as the user's own program counts them.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from lifecircle.model.problem import Problem, ProblemCode, Severity
from lifecircle.sources.tables_raw import RawTable, SourceError
from lifecircle.sources.tables_sheet import read_csv, read_workbook
from lifecircle.sources.tables_vector import read_shapefile, read_vector

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["SUFFIXES", "RawTable", "SourceError", "fingerprint", "read_table"]

SUFFIXES = (".gpkg", ".geojson", ".json", ".shp", ".csv", ".xlsx", ".xlsm", ".xls", ".ods")
"""File name endings that :func:`read_table` reads."""

_WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".ods"})
_SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def fingerprint(path: Path) -> str:
    """Return the SHA-256 of a file; of a shapefile, of its parts one after the other."""
    digest = hashlib.sha256()
    parts = [path]
    if path.suffix.lower() == ".shp":
        beside = {p.suffix.lower(): p for p in path.parent.glob(f"{path.stem}.*")}
        parts = [beside[suffix] for suffix in _SHAPEFILE_PARTS if suffix in beside]
    for part in parts:
        with part.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def read_table(
    path: Path,
    *,
    name: str,
    file: str | None = None,
    sheet: str | None = None,
    layer: str | None = None,
    encoding: str | None = None,
    headers: frozenset[str] = frozenset(),
) -> tuple[RawTable | None, tuple[Problem, ...]]:
    """Read one table of a file as it stands.

    Parameters
    ----------
    path
        A file with one of :data:`SUFFIXES`.
    name
        Layer of the study, for messages.
    file
        The file's name in messages; default the last part of ``path``.
    sheet, layer
        Sheet of a workbook, layer of a vector file; default the first.
    encoding
        Encoding of a CSV or shapefile; default found in it (shapefile: .cpg, language driver,
        strict UTF-8, GB18030; CSV: UTF-8 with or without mark, GB18030) and reported.
    headers
        Folded headers to expect. A ledger may carry title rows and a header of several levels:
        the header is where, in the first twenty rows, most of them stand (the first row if none
        does).

    Returns
    -------
    tuple of RawTable or None, and Problems
        The table is None when the file cannot be read; the problems then say why.
    """
    file = path.name if file is None else file
    suffix = path.suffix.lower()
    try:
        _check_file(path)
        if suffix == ".csv":
            fields = read_csv(path, encoding, headers)
        elif suffix in _WORKBOOKS:
            fields = read_workbook(path, sheet, headers)
        elif suffix == ".shp":
            fields = read_shapefile(path, encoding)
        else:
            fields = read_vector(path, layer)
    except SourceError as error:
        return None, (
            Problem(
                error.code,
                Severity.ERROR,
                error.params,
                layer=name,
                file=file,
                sheet=sheet or layer,
            ),
        )
    except Exception as error:  # noqa: BLE001 - a damaged file may fail anywhere inside a library
        detail = " ".join(str(error).split()) or type(error).__name__
        return None, (
            Problem(
                ProblemCode.FILE_UNREADABLE,
                Severity.ERROR,
                {"detail": detail},
                layer=name,
                file=file,
            ),
        )
    said = fields.pop("say_encoding", False)
    table = RawTable(layer=name, file=file, **fields)
    chosen = ProblemCode.ENCODING_CHOSEN
    found = (table.problem(chosen, Severity.INFO, encoding=table.encoding),) if said else ()
    return table, found


def _check_file(path: Path) -> None:
    if path.suffix.lower() not in SUFFIXES:
        raise SourceError(ProblemCode.FORMAT_UNKNOWN, suffix=path.suffix or path.name)
    if not path.is_file():
        raise SourceError(ProblemCode.FILE_MISSING)
