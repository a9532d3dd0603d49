"""What the archive of an ``.xlsx`` workbook holds beside its worksheets: names, words, formats.

Elements are known by their local names: the strict and the transitional form of the standard
differ in namespaces alone. Formats are asked one thing, whether a number is a date; whatever else
is odd in them is nobody's business here.
"""

from __future__ import annotations

import contextlib
import posixpath
import re
import zipfile
from typing import IO, TYPE_CHECKING
from xml.etree import ElementTree as ET

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from lifecircle.model.problem import ProblemCode
from lifecircle.sources.guards import refused
from lifecircle.sources.raw import SourceError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Parts", "Sheet", "local", "unescaped"]

_ROOT = "xl/workbook.xml"
_SHOWN_UNIT = re.compile(
    r"""(?:[0#?]|General)[\s"\\_]*(亩|公顷|平方公里|万(?:㎡|平方米|平米|m2|m²|户|人|元)?)[\s"\\]*$""",
    re.IGNORECASE,
)
"""The end of a format that writes a larger unit behind a number without scaling it (``0,"万"``)."""
_CHINESE_DATES = frozenset({*range(27, 37), *range(50, 59)})
"""Built-in formats that only East Asian programs have (yyyy年m月); all of them show dates."""
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Sheet:
    """One sheet as the workbook lists it."""

    __slots__ = ("hidden", "member", "title")

    def __init__(self, title: str, member: str, *, hidden: bool) -> None:
        self.title, self.member, self.hidden = title, member, hidden


def local(name: str) -> str:
    """Return a qualified name without its namespace."""
    return name.rsplit("}", 1)[-1]


def unescaped(text: str) -> str:
    """Return text with ``_x000D_`` and the like as the characters they stand for."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


class Parts:
    """The parts of a workbook's archive, found as Excel and WPS find them.

    Raises
    ------
    SourceError
        The archive is no workbook of this kind.
    zipfile.BadZipFile, ElementTree.ParseError
        It is damaged.
    """

    def __init__(self, path: Path) -> None:
        self._archive = zipfile.ZipFile(path)
        try:
            self._read()
        except BaseException:
            self._archive.close()
            raise

    def _read(self) -> None:
        # Some programs write backslashes, some other capitals than the list of parts has.
        self._members = {_plain(name): name for name in self._archive.namelist()}
        root = next(self._related("", "/officeDocument"), _ROOT)
        if _plain(root) not in self._members:
            raise SourceError(ProblemCode.FILE_UNREADABLE, detail="no_workbook")
        self._targets = self._relations(root)
        book = self._tree(root)
        told = {local(element.tag): element for element in book}
        setup = told.get("workbookPr")
        in_1904 = setup is not None and setup.get("date1904") in {"1", "true", "on"}
        self.epoch: dt.datetime = CALENDAR_MAC_1904 if in_1904 else CALENDAR_WINDOWS_1900
        self.sheets = list(self._sheets(book))

    def close(self) -> None:
        """Let the file go."""
        self._archive.close()

    def stream(self, member: str) -> IO[bytes]:
        """Open a part to be read as it is unpacked."""
        return self._archive.open(self._members[_plain(member)])

    def strings(self) -> list[str]:
        """Return the shared strings."""
        member = next(self._of_kind("/sharedStrings"), None)
        if member is None:
            return []
        found = []
        with self.stream(member) as stream:
            for _, element in ET.iterparse(_Guarded(stream)):  # noqa: S314 - guarded
                if local(element.tag) == "si":
                    found.append(unescaped("".join(_words(element))))
                    element.clear()
        return found

    def date_styles(self) -> frozenset[int]:
        """Return the cell styles whose numbers are shown as dates; none where none can be read."""
        member = next(self._of_kind("/styles"), None)
        if member is None:
            return frozenset()
        with contextlib.suppress(ET.ParseError, ValueError, zipfile.BadZipFile):
            return frozenset(_dated(self._tree(member)))
        return frozenset()

    def unit_styles(self) -> dict[int, str]:
        """Return cell style → the larger unit that its numbers are shown with: 3 shown as 3亩."""
        member = next(self._of_kind("/styles"), None)
        if member is not None:
            with contextlib.suppress(ET.ParseError, ValueError, zipfile.BadZipFile):
                return dict(_with_units(self._tree(member)))
        return {}

    def struck_styles(self) -> frozenset[int]:
        """Return the cell styles whose text is struck through; none where none can be read."""
        member = next(self._of_kind("/styles"), None)
        if member is not None:
            with contextlib.suppress(ET.ParseError, ValueError, zipfile.BadZipFile):
                return frozenset(_struck(self._tree(member)))
        return frozenset()

    def _sheets(self, book: ET.Element) -> Iterator[Sheet]:
        for element in book.iter():
            if local(element.tag) != "sheet":
                continue
            link = next((v for k, v in element.items() if k != "id" and local(k) == "id"), "")
            kind, member = self._targets.get(link, ("", ""))
            if kind.endswith("/worksheet") and _plain(member) in self._members:
                hidden = element.get("state", "visible") != "visible"
                yield Sheet(element.get("name", ""), member, hidden=hidden)

    def _of_kind(self, kind: str) -> Iterator[str]:
        for found, member in self._targets.values():
            if found.endswith(kind) and _plain(member) in self._members:
                yield member

    def _related(self, source: str, kind: str) -> Iterator[str]:
        for found, member in self._relations(source).values():
            if found.endswith(kind):
                yield member

    def _relations(self, source: str) -> dict[str, tuple[str, str]]:
        """Return relation → its kind and the part it leads to, of one part or of the archive."""
        folder, name = posixpath.split(source.replace("\\", "/"))
        listed = posixpath.join(folder, "_rels", f"{name}.rels")
        if _plain(listed) not in self._members:
            return {}
        found = {}
        for element in self._tree(listed):
            target = element.get("Target", "").replace("\\", "/")
            whole = target if target.startswith("/") else posixpath.join(folder, target)
            member = posixpath.normpath(whole).lstrip("/")
            found[element.get("Id", "")] = element.get("Type", ""), member
        return found

    def _tree(self, member: str) -> ET.Element:
        with self.stream(member) as stream:
            return ET.parse(_Guarded(stream)).getroot()  # noqa: S314 - guarded


class _Guarded:
    """A stream that refuses a DOCTYPE: entities need one, and no workbook has any."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise refused("xml_entities")
        return data


def _plain(member: str) -> str:
    return member.replace("\\", "/").lstrip("/").lower()


def _words(element: ET.Element) -> Iterator[str]:
    """Yield the runs of a text; how it is pronounced is not among them."""
    for part in element:
        name = local(part.tag)
        if name == "t":
            yield part.text or ""
        elif name == "r":
            yield from _words(part)


def _with_units(styles: ET.Element) -> Iterator[tuple[int, str]]:
    codes = {
        element.get("numFmtId"): element.get("formatCode", "")
        for element in styles.iter()
        if local(element.tag) == "numFmt"
    }
    cells = next((part for part in styles if local(part.tag) == "cellXfs"), ())
    for at, element in enumerate(cells):
        shown = _SHOWN_UNIT.search(codes.get(element.get("numFmtId"), "").split(";")[0])
        if shown:
            yield at, shown[1]


def _struck(styles: ET.Element) -> Iterator[int]:
    told = {local(part.tag): part for part in styles}
    fonts = {
        str(at)
        for at, font in enumerate(told.get("fonts", ()))
        for mark in font
        if local(mark.tag) == "strike" and mark.get("val", "1") not in {"0", "false", "off"}
    }
    for at, element in enumerate(told.get("cellXfs", ())):
        if element.get("fontId") in fonts:
            yield at


def _dated(styles: ET.Element) -> Iterator[int]:
    codes = dict(BUILTIN_FORMATS)
    for element in styles.iter():
        if local(element.tag) == "numFmt":
            codes[int(element.get("numFmtId", "-1"))] = element.get("formatCode", "")
    cells = next((part for part in styles if local(part.tag) == "cellXfs"), ())
    for at, element in enumerate(cells):
        number = int(element.get("numFmtId", "0"))
        dated = is_date_format(codes[number]) if number in codes else number in _CHINESE_DATES
        if dated:
            yield at
