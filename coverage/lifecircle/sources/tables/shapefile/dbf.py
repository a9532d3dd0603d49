"""The table of a shapefile, byte by byte (dBASE III): what fills a field, what is no number.

The library that reads it says neither: a text that was cut looks whole, and what is no number is
nought (``#####``, ``abc``), or what stands before (``1,200`` is 1).
"""

from __future__ import annotations

import codecs
import re
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lifecircle.sources.raw import FullField

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["DbfTable", "shapefile_encoding"]

_HEAD, _FIELD = 32, 32
"""Bytes of the header before its fields, and of each."""
_END_OF_FIELDS = 0x0D
_DRIVER = 29
_LANGUAGE_DRIVERS = {0x4D: "gbk", 0x7A: "gbk", 0x4F: "big5", 0x78: "big5"}
"""dBASE language driver id (byte 29) → encoding, where it says one that Chinese files use."""
_DELETED, _SPACE, _NUL = b"*"[0], b" "[0], 0
_NUMBER = re.compile(rb"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_LEGAL = np.zeros(256, dtype=bool)
_LEGAL[list(b" 0123456789+-.eE\0")] = True


class _Field(NamedTuple):
    """A field: its name, its type (C: text, N or F: a number), where it starts, its bytes."""

    name: bytes
    kind: bytes
    start: int
    width: int


class DbfTable:
    """The table of a shapefile.

    Parameters
    ----------
    raw
        The bytes of the .dbf; of one that is damaged nothing is known.
    """

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self.fields = list(_fields(raw))

    @classmethod
    def beside(cls, shapes: Path) -> DbfTable:
        """Return the table of a .shp; one without anything where there is none."""
        paths = shapes.parent.glob(f"{shapes.stem}.*")
        path = next((p for p in paths if p.suffix.lower() == ".dbf"), None)
        return cls(b"" if path is None else path.read_bytes())

    @property
    def driver(self) -> str | None:
        """Return the encoding that its language driver declares."""
        return _LANGUAGE_DRIVERS.get(self._raw[_DRIVER]) if len(self._raw) > _DRIVER else None

    @cached_property
    def _records(self) -> NDArray[np.uint8]:
        """Return the bytes of each record that is there, whatever the header claims."""
        if len(self._raw) < _HEAD:
            return np.zeros((0, 1), dtype=np.uint8)
        start, length = (int.from_bytes(self._raw[at : at + 2], "little") for at in (8, 10))
        body = self._raw[start:]
        count = min(int.from_bytes(self._raw[4:8], "little"), len(body) // max(length, 1))
        found = np.frombuffer(body[: count * length], dtype=np.uint8)
        return found.reshape(count, max(length, 1))

    @property
    def deleted(self) -> int:
        """Return how many records are marked as deleted, and not yet packed."""
        return int((self._records[:, 0] == _DELETED).sum())

    def deleted_texts(self, encoding: str) -> list[dict[str, str]]:
        """Return the texts of each record that is marked as deleted, by the name of the field."""
        rows = self._records[self._records[:, 0] == _DELETED]
        texts: list[dict[str, str]] = [{} for _ in range(len(rows))]
        for field in self.fields:
            name = field.name.decode(encoding, "replace")
            for told, cell in zip(texts, self._cells(rows, field), strict=True):
                raw = cell.tobytes().split(b"\0", 1)[0].strip(b" ")
                told[name] = raw.decode(encoding, "ignore")
        return texts

    def texts(self) -> Iterator[bytes]:
        """Yield the names of its fields, and its texts."""
        for field in self.fields:
            yield field.name
            if field.kind == b"C":
                for row in self._cells(self._records, field):
                    yield row.tobytes().strip(b" \0")

    def full(self, encoding: str) -> dict[int, dict[int, FullField]]:
        """Return number of a field → number of a row → that its text fills it.

        Also where the next character would have had no room, and so was left out whole. Rows that
        are marked as deleted do not count.
        """
        slack = len("中".encode(encoding, "replace")) - 1
        found: dict[int, dict[int, FullField]] = {}
        rows = self._used
        for number, field in enumerate(self.fields):
            if field.kind != b"C" or not field.width:
                continue
            cells = self._cells(rows, field)
            tail = cells[:, -slack - 1 :]  # padded with spaces, or with NUL and whatever was there
            for row in np.flatnonzero(((tail != _SPACE) & (tail != _NUL)).any(axis=1)).tolist():
                text = cells[row].tobytes().split(b"\0", 1)[0].rstrip(b" ")
                short = field.width - len(text)
                if short <= (0 if text.isascii() else slack):
                    halved = _halved(text, encoding)
                    found.setdefault(number, {})[row] = FullField(field.width, halved)
        return found

    def no_numbers(self, encoding: str) -> dict[int, dict[int, str]]:
        """Return number of a field of numbers → number of a row → what stands there, and is none.

        A blank is none of them, nor are asterisks: some programs (GDAL) write them for a blank,
        others for a figure too long for its field, and neither is known.
        """
        found: dict[int, dict[int, str]] = {}
        rows = self._used
        for number, field in enumerate(self.fields):
            if field.kind not in {b"N", b"F"} or not field.width:
                continue
            cells = self._cells(rows, field)
            said = (cells != _SPACE) & (cells != _NUL)
            last = field.width - said[:, ::-1].argmax(axis=1)
            parted = said.sum(axis=1) < last - said.argmax(axis=1)
            odd = ~_LEGAL[cells].all(axis=1) | (parted & said.any(axis=1))
            for row in np.flatnonzero(odd).tolist():
                text = cells[row].tobytes().split(b"\0", 1)[0].strip(b" ")
                if text.strip(b"*") and not _NUMBER.fullmatch(text):
                    found.setdefault(number, {})[row] = text.decode(encoding, "replace")
        return found

    @property
    def _used(self) -> NDArray[np.uint8]:
        kept: NDArray[np.uint8] = self._records[self._records[:, 0] != _DELETED]
        return kept

    def _cells(self, rows: NDArray[np.uint8], field: _Field) -> NDArray[np.uint8]:
        return rows[:, field.start : field.start + field.width]


def _fields(raw: bytes) -> Iterator[_Field]:
    """Yield the fields that lie inside the records."""
    start, length = (int.from_bytes(raw[at : at + 2], "little") for at in (8, 10))
    at, offset = _HEAD, 1
    while at + _FIELD <= min(start, len(raw)) and raw[at] != _END_OF_FIELDS:
        name, kind, width = raw[at : at + 11], raw[at + 11 : at + 12], raw[at + 16]
        if offset + width > length:
            return
        yield _Field(name.split(b"\0", 1)[0], kind, offset, width)
        offset, at = offset + width, at + _FIELD


def _halved(text: bytes, encoding: str) -> bool:
    """Return whether a text ends in the middle of a character."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    decoder.decode(text)
    return bool(decoder.getstate()[0])


def shapefile_encoding(path: Path, table: DbfTable) -> tuple[str, bool]:
    """Return the encoding of a shapefile's text and whether the file itself declares it.

    In this order: the .cpg, the language driver id, strict UTF-8, GB18030. A declaration that
    the bytes contradict is passed over.
    """
    texts = list(table.texts())
    if all(text.isascii() for text in texts):
        return "utf-8", True
    for name in (_cpg(path), table.driver):
        if name is not None and _decodes(texts, name):
            return name, True
    return ("utf-8" if _decodes(texts, "utf-8") else "gb18030"), False


def _cpg(path: Path) -> str | None:
    page = next((p for p in path.parent.glob(f"{path.stem}.*") if p.suffix.lower() == ".cpg"), None)
    if page is None:
        return None
    word = page.read_text(encoding="latin-1").strip()
    # ArcGIS writes bare code page numbers and "OEM 936".
    for name in (word, f"cp{word.rsplit(' ', maxsplit=1)[-1]}"):
        try:
            found = codecs.lookup(name).name
        except LookupError:
            continue
        # Latin-1 decodes anything: as a declaration in a Chinese file it says nothing.
        return None if found in {"iso8859-1", "cp1252"} else found
    return None


def _decodes(texts: list[bytes], encoding: str) -> bool:
    try:
        for text in texts:
            codecs.getincrementaldecoder(encoding)("strict").decode(text)
    except (UnicodeDecodeError, LookupError):
        return False
    return True
