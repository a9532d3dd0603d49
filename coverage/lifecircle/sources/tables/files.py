"""Raw tables: what a file says, cell by cell, and where it stands in it.

:func:`read_table` is the only reader of vector files and ledgers. It understands nothing: values
stay as written (text from CSV and shapefiles, text, numbers and dates from Excel), so that a later
message can show them and name the row and the cell as the user's own program counts them.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from lifecircle.model.problem import Problem, ProblemCode, Severity
from lifecircle.sources.books.opening import BOOK_SUFFIXES
from lifecircle.sources.database import shown_source
from lifecircle.sources.guards import check_content
from lifecircle.sources.raw import RawTable, SourceError, reader_detail
from lifecircle.sources.tables.features import FEATURE_SUFFIXES, read_features
from lifecircle.sources.tables.postgis_extra import postgis
from lifecircle.sources.tables.sheet import read_text, read_workbook

__all__ = ["SUFFIXES", "RawTable", "SourceError", "fingerprint", "read_table"]

_TEXTS = (".csv", ".tsv", ".txt")
SUFFIXES = (*FEATURE_SUFFIXES, *_TEXTS, *BOOK_SUFFIXES)
"""File name endings that :func:`read_table` reads."""

_SHEETS = frozenset({*_TEXTS, *BOOK_SUFFIXES})
_SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def fingerprint(path: Path | str, layer: str | None = None) -> str:
    """Return the SHA-256 of a source.

    Of a shapefile or folder, of its parts one after the other; of a database's table, of what
    stands in it, in whatever order.
    """
    if isinstance(path, str):
        return str(postgis().table_digest(path, layer))
    digest = hashlib.sha256()
    parts = [path]
    if path.is_dir():
        parts = sorted(p for p in path.rglob("*") if p.is_file() and p.suffix != ".lock")
    if path.suffix.lower() == ".shp":
        beside = {p.suffix.lower(): p for p in path.parent.glob(f"{path.stem}.*")}
        parts = [beside[suffix] for suffix in _SHAPEFILE_PARTS if suffix in beside]
    for part in parts:
        with part.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def read_table(
    path: Path | str,
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
        A file with one of :data:`SUFFIXES`, or a PostGIS database's URL.
    name
        Layer of the study, for messages.
    file
        The file's name in messages; default the last part of ``path``, of a URL no password.
    sheet, layer
        Sheet of a workbook, layer of a vector file, table of a database; default the first.
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
    if file is None:
        file = shown_source(path) if isinstance(path, str) else path.name
    try:
        if isinstance(path, Path) and path.suffix.lower() in _SHEETS:
            fields = _read_sheet(path, encoding, sheet, headers)
        else:
            fields = read_features(path, layer, encoding)
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
        return None, (
            Problem(
                ProblemCode.FILE_UNREADABLE,
                Severity.ERROR,
                {"detail": reader_detail(error)},
                layer=name,
                file=file,
            ),
        )
    said = fields.pop("say_encoding", False)
    table = RawTable(layer=name, file=file, **fields)
    chosen = ProblemCode.ENCODING_CHOSEN
    found = (table.problem(chosen, Severity.INFO, encoding=table.encoding),) if said else ()
    return table, found


def _read_sheet(
    path: Path, encoding: str | None, sheet: str | None, headers: frozenset[str]
) -> dict[str, Any]:
    if not path.is_file():
        raise SourceError(ProblemCode.FILE_MISSING)
    if path.suffix.lower() in _TEXTS:
        check_content(path)
        return read_text(path, encoding, headers)
    return read_workbook(path, sheet, encoding, headers)
