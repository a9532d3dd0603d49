"""What is looked at before a file is opened: files that would harm whoever reads them.

GDAL, osmium, openpyxl and networkx believe what they are given. An archive that unpacks to a
thousand times its size, an XML file whose entities multiply, or one that calls itself ``.json``
and names other files to open are refused here, before they see it.
"""

from __future__ import annotations

import bz2
import contextlib
import gzip
import re
import sqlite3
import zipfile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from lifecircle.model.problem import ProblemCode
from lifecircle.sources.raw import SourceError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["ARCHIVE_LIMIT", "WORKBOOK_LIMIT", "check_archive", "check_content", "refused"]

WORKBOOK_LIMIT = 1 << 29
"""Bytes a workbook may unpack to: 512 MiB, seven times a ledger of 70,000 rows."""
ARCHIVE_LIMIT = 1 << 32
"""Bytes a GIS archive may unpack to: 4 GiB, what a shapefile can hold."""
_MEMBERS = 10_000
_RATIO = 250
"""Unpacked bytes per packed byte. A .dbf of blank columns reaches 150, deflate's end is 1032."""
_RATIO_FROM = 1 << 24
"""Members smaller than 16 MiB harm nobody, however tightly packed."""

_PROLOG = 1 << 20
"""Bytes within which an XML file's first element must begin."""
_ROOTS = {
    ".kml": {"kml"},
    ".gpx": {"gpx"},
    ".osm": {"osm", "osmChange"},
    ".graphml": {"graphml"},
    ".gml": None,  # every application schema has its own
}
"""XML endings and the root elements they may have (None: any that is no list of other files)."""
_LISTS = frozenset({"OGRVRTDataSource", "VRTDataset", "OGRWFSDataSource", "GDAL_WMS"})
_SQLITE = b"SQLite format 3\x00"
_RECURSIVE = "SELECT 1 FROM sqlite_master WHERE type = 'view' AND sql LIKE '%recursive%' LIMIT 1"
_VIEWS = "SELECT name FROM sqlite_master WHERE type = 'view'"
_STEPS, _MOST_STEPS = 100_000, 100_000_000
"""Steps of the database between two looks, and those a view may take: some seconds."""
_PACKED = {".gz": gzip.open, ".bz2": bz2.open}
_XML_WORDS = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)


def refused(detail: str) -> SourceError:
    """Return the error of a file that is not opened; ``detail`` is a word of the catalogue."""
    return SourceError(ProblemCode.CONTENT_REFUSED, detail=detail)


def check_content(path: Path) -> None:
    """Refuse a file that is not what its ending says, or that would harm its reader.

    Archives are looked at without unpacking, XML up to its first element.

    Raises
    ------
    SourceError
        With code ``content_refused``.
    OSError
        The file cannot be read.
    """
    if path.is_dir():
        home = path.resolve()
        if any(not part.resolve().is_relative_to(home) for part in path.rglob("*")):
            raise refused("linked")
        return
    suffixes = [s.lower() for s in path.suffixes[-2:]]
    opened = _PACKED.get(suffixes[-1] if suffixes else "")
    ending = suffixes[0] if opened and len(suffixes) > 1 else path.suffix.lower()
    if opened is None and zipfile.is_zipfile(path) and _begins(path, b"PK"):
        limit = ARCHIVE_LIMIT if ending in {".zip", ".kmz"} else WORKBOOK_LIMIT
        check_archive(path, limit)
        return
    head = _head(path, opened)
    if head.startswith(_SQLITE):
        _check_views(path)
    if ending in _ROOTS:
        _check_xml(head, _ROOTS[ending])
    elif head.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<"):
        # GDAL looks at the content: an XML list of other files opens under any name
        raise refused("disguised")


def _check_views(path: Path) -> None:
    """Refuse a GeoPackage with a view that calls itself, or joins tables without a condition.

    Reading it may never end. How long is counted in steps of the database, not by the clock: the
    same file is refused on every machine. A view that SQLite alone cannot run is left to GDAL.
    """
    try:
        with contextlib.closing(
            sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        ) as db:
            found = db.execute(_RECURSIVE).fetchone()
            names = [] if found else [name for (name,) in db.execute(_VIEWS)]
            endless = any(_endless(db, name) for name in names)
    except sqlite3.Error:  # damaged: the reader will say so
        return
    if found is not None:
        raise refused("recursive_view")
    if endless:
        raise refused("endless_view")


def _endless(db: sqlite3.Connection, view: str) -> bool:
    """Return whether counting the rows of a view takes more steps than any ledger's would."""
    calls = iter(range(_MOST_STEPS // _STEPS))
    db.set_progress_handler(lambda: next(calls, None) is None, _STEPS)
    quoted = view.replace('"', '""')
    try:
        db.execute(f'SELECT count(*) FROM "{quoted}"').fetchone()  # noqa: S608 - a quoted name
    except sqlite3.Error:
        return next(calls, None) is None
    finally:
        db.set_progress_handler(None, 0)
    return False


def check_archive(path: Path, limit: int) -> None:
    """Refuse a zip archive that unpacks to too much, or that leads out of itself.

    Python's reader never unpacks a member beyond the size that is checked here.

    Raises
    ------
    SourceError
        With code ``content_refused``.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile as error:
        raise refused("archive_damaged") from error
    if len(members) > _MEMBERS:
        raise refused("archive_members")
    if any(member.flag_bits & 1 for member in members):
        raise refused("archive_encrypted")
    if any(_leads_out(member) for member in members):
        raise refused("archive_path")
    if sum(member.file_size for member in members) > limit:
        raise refused("archive_size")
    for member in members:
        tight = member.file_size > _RATIO * max(member.compress_size, 1)
        if tight and member.file_size > _RATIO_FROM:
            raise refused("archive_ratio")


def _leads_out(member: zipfile.ZipInfo) -> bool:
    name = PurePosixPath(member.filename.replace("\\", "/"))
    drive = bool(re.match(r"[A-Za-z]:", member.filename))
    is_link = (member.external_attr >> 28) == 0xA  # noqa: PLR2004 - S_IFLNK of a Unix archive
    return name.is_absolute() or ".." in name.parts or drive or is_link


def _begins(path: Path, mark: bytes) -> bool:
    with path.open("rb") as stream:
        return stream.read(len(mark)) == mark


def _head(path: Path, opened: Any) -> bytes:
    try:
        with (opened or open)(path, "rb") as stream:
            head: bytes = stream.read(_PROLOG)
            return head
    except (EOFError, ValueError) as error:
        raise OSError(str(error)) from error


def _check_xml(head: bytes, roots: set[str] | None) -> None:
    """Refuse XML with a DOCTYPE (entities need one), and XML of another kind."""
    found: list[str] = []
    parser = expat.ParserCreate(namespace_separator="\n")

    def doctype(*_: Any) -> None:
        raise refused("xml_entities")

    def element(name: str, _: Any) -> None:
        found.append(name.rsplit("\n", 1)[-1])
        parser.StartElementHandler = None

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = element
    # damaged, or in an encoding expat does not know: the reader will say so
    with contextlib.suppress(expat.ExpatError, ValueError, LookupError):
        parser.Parse(head, False)  # noqa: FBT003 - not the end: the rest is not looked at
    # where expat gave up early, a DOCTYPE may stand behind
    if not found and _XML_WORDS.search(head.replace(b"\0", b"")):
        raise refused("xml_entities")
    if found and (found[0] in _LISTS or (roots is not None and found[0] not in roots)):
        raise refused("disguised")
