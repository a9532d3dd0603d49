"""Cells of a workbook changed in place: everything else in the file stays byte for byte.

A spreadsheet library writes a workbook anew and loses what it does not know (charts, pictures,
extensions). Here only the cells asked for are changed in the XML of their worksheets.
"""

from __future__ import annotations

import copy
import io
import posixpath
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lxml import etree
from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, to_excel

from lifecircle.outputs.office.excel import plain_text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping
    from pathlib import Path

__all__ = ["Entry", "patched"]

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)
_CUSTOM_FORMATS = 164
"""Number formats with a smaller number are built in."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a cell is to hold.

    Attributes
    ----------
    value
        None: nothing. Text, numbers, truth, dates and times.
    formula
        The formula without its "=", or None; ``value`` is then its result, None if not computed.
    number_format
        Another number format than the cell has; None leaves it.
    """

    value: Any
    formula: str | None = None
    number_format: str | None = None


def patched(
    source: Path,
    entries: Mapping[str, Mapping[str, Entry]],
    results: Mapping[str, Mapping[str, Any]],
    formulas: Mapping[str, Mapping[str, str]],
    blocks: Mapping[str, Iterable[str]],
) -> bytes:
    """Return a workbook with some cells changed.

    Parameters
    ----------
    source
        An .xlsx or .xlsm file; only read.
    entries
        Worksheet → cell → what it is to hold.
    results
        Worksheet → cell → the result of a formula that stays; None if not computed.
    formulas
        Worksheet → cell → every formula there is now, without "=": formulas stored in common with
        one that goes are written out.
    blocks
        Worksheet → its merged blocks, where they change.
    """
    with zipfile.ZipFile(source) as archive:
        parts = {item.filename: archive.read(item) for item in archive.infolist()}
        order = archive.infolist()
    book = _parsed(parts["xl/workbook.xml"])
    paths = _worksheets(parts, book)
    styles = _Styles(parts.get("xl/styles.xml"))
    for name in dict.fromkeys([*entries, *results, *blocks]):
        sheet = _Sheet(_parsed(parts[paths[name]]), styles, _first_day(book))
        own = entries.get(name, {})
        if any(sheet.has_formula(cell) for cell in own):
            sheet.write_out(formulas.get(name, {}))
        for cell, entry in own.items():
            sheet.set(cell, entry)
        for cell, value in results.get(name, {}).items():
            sheet.result(cell, value)
        if name in blocks:
            sheet.merge(list(blocks[name]))
        parts[paths[name]] = _text(sheet.root)
    _compute_on_opening(book)
    parts["xl/workbook.xml"] = _text(book)
    if styles.changed:
        parts["xl/styles.xml"] = _text(styles.root)
    _without_chain(parts)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for item in order:
            if item.filename in parts:
                archive.writestr(item, parts[item.filename], compress_type=item.compress_type)
    return target.getvalue()


class _Sheet:
    """The XML of one worksheet."""

    def __init__(self, root: Any, styles: _Styles, first_day: dt.datetime) -> None:
        self.root, self.styles, self.first_day = root, styles, first_day
        self.space = root.tag.partition("}")[0] + "}"
        self.data = root.find(f"{self.space}sheetData")
        self.rows: dict[int, Any] = {}
        self.cells: dict[str, Any] = {}
        number = 0
        for row in self.data:
            number = int(row.get("r", number + 1))
            self.rows[number] = row
            column = 0
            for cell in row:
                if cell.tag == f"{self.space}c":
                    said = cell.get("r")
                    column = column + 1 if said is None else coordinate_to_tuple(said)[1]
                    cell.set("r", f"{get_column_letter(column)}{number}")
                    self.cells[cell.get("r")] = cell

    def has_formula(self, address: str) -> bool:
        cell = self.cells.get(address)
        return cell is not None and cell.find(f"{self.space}f") is not None

    def write_out(self, formulas: Mapping[str, str]) -> None:
        """Give each cell that shares a formula its own."""
        for address, cell in self.cells.items():
            shared = cell.find(f"{self.space}f")
            if shared is not None and shared.get("t") == "shared" and address in formulas:
                shared.attrib.clear()
                shared.text = formulas[address]

    def set(self, address: str, entry: Entry) -> None:
        """Let a cell hold something; its looks stay."""
        cell = self.cells.get(address)
        if cell is None:
            if entry.value is None and entry.formula is None:
                return
            cell = self._new(address)
        for part in ("f", "v", "is"):
            for old in cell.findall(f"{self.space}{part}"):
                cell.remove(old)
        if entry.number_format is not None:
            cell.set("s", self.styles.with_format(int(cell.get("s", 0)), entry.number_format))
        if entry.formula is not None:
            etree.SubElement(cell, f"{self.space}f").text = plain_text(entry.formula)
        self._value(cell, entry.value, computed=entry.formula is not None)

    def result(self, address: str, value: Any) -> None:
        """Store what a formula comes to."""
        cell = self.cells[address]
        for old in cell.findall(f"{self.space}v"):
            cell.remove(old)
        self._value(cell, value, computed=True)

    def merge(self, blocks: list[str]) -> None:
        """Let the worksheet have these merged blocks and no others."""
        old = self.root.find(f"{self.space}mergeCells")
        if old is not None:
            self.root.remove(old)
        if not blocks:
            return
        new = etree.Element(f"{self.space}mergeCells", count=str(len(blocks)))
        for block in blocks:
            etree.SubElement(new, f"{self.space}mergeCell", ref=block)
        before = [self.root.find(f"{self.space}{name}") for name in _BEFORE_BLOCKS]
        last = max((e for e in before if e is not None), key=self.root.index)
        last.addnext(new)

    def _value(self, cell: Any, value: Any, *, computed: bool) -> None:
        cell.attrib.pop("t", None)
        if value is None:
            return
        if isinstance(value, str) and not computed:
            cell.set("t", "inlineStr")
            text = etree.SubElement(etree.SubElement(cell, f"{self.space}is"), f"{self.space}t")
            text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            text.text = plain_text(value)
            return
        kind, said = _stored(value, self.first_day)
        if kind is not None:
            cell.set("t", kind)
        etree.SubElement(cell, f"{self.space}v").text = said

    def _new(self, address: str) -> Any:
        """Put a new cell at its place, in a new row if need be."""
        number, column = coordinate_to_tuple(address)
        row = self.rows.get(number)
        if row is None:
            row = self.rows[number] = etree.Element(f"{self.space}row", r=str(number))
            self.data.insert(sum(n < number for n in self.rows), row)
        row.attrib.pop("spans", None)
        cell = self.cells[address] = etree.Element(f"{self.space}c", r=address)
        left = [c for c in row if coordinate_to_tuple(c.get("r", "A1"))[1] < column]
        row.insert(len(left), cell)
        return cell


_BEFORE_BLOCKS = (
    *("sheetData", "sheetCalcPr", "sheetProtection", "protectedRanges", "scenarios"),
    *("autoFilter", "sortState", "dataConsolidate", "customSheetViews"),
)


class _Styles:
    """The cell formats of a workbook; one with another number format is added when asked for."""

    def __init__(self, content: bytes | None) -> None:
        self.root: Any = None if content is None else _parsed(content)
        self.changed = False
        self.made: dict[tuple[int, str], str] = {}

    def with_format(self, style: int, code: str) -> str:
        """Return the number of the format that is like ``style`` with another number format."""
        if self.root is None:
            return str(style)
        if (style, code) not in self.made:
            self.changed = True
            space = self.root.tag.partition("}")[0] + "}"
            formats = self.root.find(f"{space}cellXfs")
            new = copy.deepcopy(formats[style])
            new.set("numFmtId", str(self._number(space, code)))
            new.set("applyNumberFormat", "1")
            formats.append(new)
            formats.set("count", str(len(formats)))
            self.made[style, code] = str(len(formats) - 1)
        return self.made[style, code]

    def _number(self, space: str, code: str) -> int:
        from openpyxl.styles.numbers import builtin_format_id  # noqa: PLC0415 - a helper of one use

        built_in = builtin_format_id(code)
        if built_in is not None:
            return int(built_in)
        table = self.root.find(f"{space}numFmts")
        if table is None:
            table = etree.Element(f"{space}numFmts")
            self.root.insert(0, table)
        taken = [int(one.get("numFmtId")) for one in table if one.get("numFmtId")]
        same = [one for one in table if one.get("formatCode") == code]
        if same:
            return int(same[0].get("numFmtId"))
        number = max([_CUSTOM_FORMATS - 1, *taken]) + 1
        etree.SubElement(table, f"{space}numFmt", numFmtId=str(number), formatCode=code)
        table.set("count", str(len(table)))
        return number


def _stored(value: Any, first_day: dt.datetime) -> tuple[str | None, str]:
    """Return the type and the text in which a cell stores a value."""
    if isinstance(value, bool):
        return "b", str(int(value))
    if isinstance(value, int | float):
        return None, repr(value)
    if isinstance(value, str):
        return ("e" if value.startswith("#") else "str"), plain_text(value)
    serial: Any = to_excel(value, first_day)  # type: ignore[no-untyped-call]
    return None, repr(serial)


def _parsed(content: bytes) -> Any:
    return etree.fromstring(content, _PARSER)


def _text(root: Any) -> bytes:
    found: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return found


def _worksheets(parts: Mapping[str, bytes], book: Any) -> dict[str, str]:
    """Return worksheet → the part it stands in."""
    relations = _parsed(parts["xl/_rels/workbook.xml.rels"])
    targets = {one.get("Id"): one.get("Target") for one in relations}
    return {
        sheet.get("name"): posixpath.normpath(
            posixpath.join("/xl", targets[sheet.get(_RELATION)])
        ).lstrip("/")
        for sheet in book.iter("{*}sheet")
    }


def _first_day(book: Any) -> dt.datetime:
    """Return the day from which a workbook counts: those made on old Macs from 1904."""
    settings = book.find("{*}workbookPr")
    old = settings is not None and settings.get("date1904") in {"1", "true"}
    return MAC_EPOCH if old else WINDOWS_EPOCH


def _compute_on_opening(book: Any) -> None:
    settings = book.find("{*}calcPr")
    if settings is not None:
        settings.set("fullCalcOnLoad", "1")


def _without_chain(parts: dict[str, bytes]) -> None:
    """Take away the order of computing, which names cells that no longer have a formula."""
    if parts.pop("xl/calcChain.xml", None) is None:
        return
    for name, key in (
        ("[Content_Types].xml", "PartName"),
        ("xl/_rels/workbook.xml.rels", "Target"),
    ):
        root = _parsed(parts[name])
        for one in list(root):
            if str(one.get(key, "")).endswith("calcChain.xml"):
                root.remove(one)
        parts[name] = _text(root)
