"""Raw tables: what a file says, cell by cell, and where it stands in it.

the functions here are the only reader of vector files and ledgers. It understands nothing: values
stay as written (text from CSV and shapefiles, text, numbers and dates from Excel), so that a later
message can show them and name the row and the cell as the user's own program counts them.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lifecircle.model.problem import Problem, ProblemCode, Severity
from lifecircle.sources.books.opening import BOOK_SUFFIXES, is_book
from lifecircle.sources.database import shown_source
from lifecircle.sources.guards import check_content
from lifecircle.sources.raw import RawTable, SourceError, reader_detail
from lifecircle.sources.tables.choice import ALL, Wanted
from lifecircle.sources.tables.features import FEATURE_SUFFIXES, read_feature_tables
from lifecircle.sources.tables.postgis_extra import postgis
from lifecircle.sources.tables.said import said_of_contents, said_of_deleted
from lifecircle.sources.tables.sheet import read_text, read_workbook
from lifecircle.stopping import heed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lifecircle.sources.tables.choice import Asked

__all__ = [
    "SUFFIXES",
    "RawTable",
    "SourceError",
    "Wanted",
    "fingerprint",
    "read_table",
    "read_tables",
]

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


def read_tables(
    path: Path | str,
    *,
    name: str,
    file: str | None = None,
    sheet: Asked = None,
    layer: Asked = None,
    encoding: str | None = None,
    wanted: Wanted | None = None,
) -> tuple[list[RawTable], tuple[Problem, ...]]:
    """Read the tables of a file that belong to a layer of the study, as they stand.

    Parameters
    ----------
    path
        A file with one of :data:`SUFFIXES`, or a PostGIS database's URL.
    name
        Layer of the study, for messages.
    file
        The file's name in messages; default the last part of ``path``, of a URL no password.
    sheet, layer
        Sheets of a workbook, layers of a vector file, table of a database, as the study names
        them (``*``: all that fit); default chosen by headers among those that are not hidden.
    encoding
        Encoding of a CSV or shapefile; default found in it (shapefile: .cpg, language driver,
        strict UTF-8, GB18030; CSV: UTF-8 with or without mark, GB18030) and reported.
    wanted
        Headers to expect. A ledger may carry title rows and a header of several levels: the
        header is where, in the first twenty rows, most of them stand (the first row if none
        does).

    Returns
    -------
    tuple of RawTables and Problems
        No table when the file cannot be read; the problems then say why.
    """
    file = file or (shown_source(path) if isinstance(path, str) else path.name)
    asked = sheet if sheet is not None else layer
    try:
        if isinstance(path, Path) and path.suffix.lower() in _SHEETS:
            found = _read_sheets(path, encoding, sheet, wanted or Wanted())
        else:
            found = read_feature_tables(path, layer, encoding, wanted or Wanted())
    except SourceError as error:
        shown = asked if asked != ALL and isinstance(asked, str) else None
        refusal = Problem(
            error.code, Severity.ERROR, error.params, layer=name, file=file, sheet=shown
        )
        return [], (refusal,)
    except Exception as error:  # noqa: BLE001 - a damaged file may fail anywhere inside a library
        heed()
        detail = reader_detail(error)
        damaged = ProblemCode.FILE_UNREADABLE
        return [], (Problem(damaged, Severity.ERROR, {"detail": detail}, layer=name, file=file),)
    return _told(found, name, file, asked)


def _told(
    found: Sequence[dict[str, Any]], name: str, file: str, asked: Asked
) -> tuple[list[RawTable], tuple[Problem, ...]]:
    """Return the tables, and what is to be said of how they were read."""
    said = [fields.pop("say_encoding", False) for fields in found]
    unread = dict.fromkeys(kind for fields in found for kind in fields.pop("unread", ()))
    deleted = [one for fields in found for one in fields.pop("deleted", ())]
    tables = [RawTable(layer=name, file=file, **fields) for fields in found]
    chosen = tuple(
        table.problem(ProblemCode.ENCODING_CHOSEN, Severity.INFO, encoding=table.encoding)
        for table, say in zip(tables, said, strict=True)
        if say
    )
    lost = (
        Problem(
            ProblemCode.FEATURES_UNREAD,
            Severity.WARNING,
            {"kinds": list(unread)},
            layer=name,
            file=file,
        ),
    )
    return tables, (
        *chosen,
        *(lost if unread else ()),
        *said_of_deleted(deleted, name, file),
        *said_of_contents(tables, asked=asked),
    )


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
    """Read one table of a file as it stands, as :func:`read_tables` does.

    Returns
    -------
    tuple of RawTable or None, and Problems
        The table is None when the file cannot be read; the problems then say why.
    """
    tables, problems = read_tables(
        path,
        name=name,
        file=file,
        sheet=sheet,
        layer=layer,
        encoding=encoding,
        wanted=Wanted(headers),
    )
    return next(iter(tables), None), problems


def _read_sheets(
    path: Path, encoding: str | None, sheet: Asked, wanted: Wanted
) -> list[dict[str, Any]]:
    if not path.is_file():
        raise SourceError(ProblemCode.FILE_MISSING)
    if path.suffix.lower() in _TEXTS and not is_book(path):
        check_content(path)
        return [read_text(path, encoding, wanted)]
    return read_workbook(path, sheet, encoding, wanted)
