"""A corrected copy handed back: what was changed in it becomes the ledger's."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openpyxl.packaging.custom import StringProperty

from lifecircle.errors import OutputError
from lifecircle.outputs.checkup.grid import Grid, cells_of, grid_digest, grid_of, open_book
from lifecircle.outputs.checkup.patch import Entry, patched
from lifecircle.outputs.checkup.rows import RowsTold, rows_told
from lifecircle.outputs.whole import whole_file
from lifecircle.stopping import heed
from lifecircle.texts import LANGUAGES, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from openpyxl.workbook import Workbook

__all__ = ["Change", "Taken", "file_digest", "imprint", "origin_of", "take_copy", "worked_in"]

_LEDGER, _CELLS, _PATH = "lifecircle-ledger", "lifecircle-cells", "lifecircle-path"


@dataclass(frozen=True, slots=True)
class Change:
    """One corrected cell: what stood there and what stands there now, None for nothing."""

    sheet: str
    cell: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a copy.

    Attributes
    ----------
    ledger
        The ledger that has the corrections now.
    backup
        The ledger as it was; None where nothing was corrected.
    changes
        The corrected cells.
    new_sheets
        Worksheets that only the copy has, which were left.
    uncomputed
        Formulas of the ledger without a result, since the copy was saved without computing.
    told
        As a reader is told of the changes: where rows were taken out or put in, cells by their
        rows, not by what stood in the place before.
    rows
        Worksheets in which they were.
    """

    ledger: Path
    backup: Path | None
    changes: tuple[Change, ...]
    new_sheets: tuple[str, ...]
    uncomputed: int
    told: tuple[Change, ...] = ()
    rows: tuple[RowsTold, ...] = ()


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def imprint(book: Workbook, ledger: Path, names: Iterable[str], folder: Path) -> None:
    """Note in a copy which ledger it is of, and what stands in it before anybody works in it."""
    try:
        way = Path(os.path.relpath(ledger, folder)).as_posix()
    except ValueError:  # on another drive of Windows
        way = ledger.name
    said = {
        _LEDGER: file_digest(ledger),
        _CELLS: grid_digest(grid_of(book, names)),
        _PATH: way,
    }
    own: Any = book.custom_doc_props  # type: ignore[attr-defined]
    for name in list(own.names):
        if name in said:
            del own[name]
    for name, value in said.items():
        own.append(StringProperty(name=name, value=value))


def worked_in(copy: Path, ledger: Path) -> bool:
    """Return whether somebody has changed a copy since, and the ledger has it not yet.

    A copy that cannot be read, or does not say what it was, counts as changed.
    """
    try:
        book = open_book(copy)
        names = [w.title for w in open_book(ledger).worksheets]
        grid = grid_of(book, names)
        return grid_digest(grid) != _notes(book).get(_CELLS) and grid != grid_of(
            open_book(ledger), names
        )
    except Exception:  # noqa: BLE001 - the library fails in many ways; nothing is lost by keeping
        heed()
        return True


def origin_of(copy: Path, language: str = "zh") -> Path | None:
    """Return the ledger that a copy says it is of; None where it does not, or is not there."""
    said = _notes(_opened(copy, language)).get(_PATH)
    ledger = None if said is None else (copy.parent / said).resolve()
    return ledger if ledger is not None and ledger.is_file() else None


def take_copy(copy: Path, ledgers: Iterable[Path], language: str) -> Taken:
    """Make the corrections of a marked copy its ledger's.

    Only the cells that were changed are changed in the ledger; its looks, formulas, drop-downs and
    everything else stay. The ledger as it was is kept beside it.

    Parameters
    ----------
    copy
        A copy that ``check`` wrote, corrected.
    ledgers
        The ledgers it may be of.
    language
        Of the words in which it is refused, and of the name of the ledger that is kept.

    Raises
    ------
    OutputError
        It is no such copy; the ledger was changed since, is not there, or cannot be written; or
        a worksheet is missing in the copy. Nothing is changed then.
    """
    marked = _opened(copy, language)
    notes = _notes(marked)
    if _LEDGER not in notes:
        raise OutputError(say("check", "take.no_copy", language, copy=str(copy)))
    name = Path(notes.get(_PATH, "")).name
    ledger = _ledger_of(marked, notes[_LEDGER], name, tuple(ledgers))
    if ledger is None:
        raise OutputError(say("check", "take.changed", language, copy=str(copy), ledger=name))
    original = open_book(ledger)
    names = [worksheet.title for worksheet in original.worksheets]
    missing = [name for name in names if name not in marked.sheetnames]
    if missing:
        raise OutputError(say("check", "take.sheets", language, copy=str(copy), sheets=missing))
    front = {say("check", "copy.sheet", one) for one in ("zh", "en")}
    extra = tuple(n for n in marked.sheetnames if n not in names and n.rstrip("1") not in front)
    old, new = grid_of(original, names), grid_of(marked, names)
    changes = _changes(old, new, original, marked)
    blocks = _blocks(original, marked, names)
    if not changes and not blocks:
        return Taken(ledger, None, (), extra, 0)
    content, uncomputed = _corrected(copy, ledger, original, marked, changes, blocks)
    rows = _moved(changes, old, new)
    told = _told(changes, rows, original, marked)
    kept = _replaced(ledger, content, language)
    return Taken(ledger, kept, changes, extra, uncomputed, told, rows)


def _ledger_of(marked: Workbook, digest: str, name: str, ledgers: Sequence[Path]) -> Path | None:
    """Return the ledger that a copy was made of, or the one that has its corrections already.

    Of the latter the copy was handed back before: it may have further ones. Nobody else has touched
    that ledger since, and the copy has all that was handed back, so that nothing is undone.
    """
    for ledger in ledgers:
        if file_digest(ledger) == digest:
            return ledger
    for ledger in (one for one in ledgers if one.name == name):
        original = open_book(ledger)
        sheets = [worksheet.title for worksheet in original.worksheets]
        there = set(sheets) <= set(marked.sheetnames)
        if not there:
            continue
        now, mine = grid_of(original, sheets), grid_of(marked, sheets)
        if now == mine:
            return ledger
        first = _first(ledger, digest)
        if first is not None:
            was = grid_of(open_book(first), sheets)
            taken = [place for place in {**was, **now} if was.get(place) != now.get(place)]
            if all(mine.get(place) != was.get(place) for place in taken):
                return ledger
    return None


def _first(ledger: Path, digest: str) -> Path | None:
    """Return the original of a digest that a ledger came of by corrections handed back alone.

    None: there is no such original beside it, or somebody has changed the ledger otherwise.
    """
    endings = {say("check", "take.backup", one) for one in LANGUAGES}
    kept = sorted(
        path
        for ending in endings
        for path in ledger.parent.glob(f"{escape(ledger.stem + ending)}*{ledger.suffix}")
    )
    now = ledger
    while kept:
        before = next((one for one in kept if _came_of(now, one)), None)
        if before is None or file_digest(before) == digest:
            return before
        kept.remove(before)
        now = before
    return None


def _came_of(now: Path, before: Path) -> bool:
    """Return whether a ledger is, byte for byte, another with what differs in it put in."""
    try:
        original, corrected = open_book(before), open_book(now)
        names = [worksheet.title for worksheet in original.worksheets]
        changes = _changes(grid_of(original, names), grid_of(corrected, names), original, corrected)
        blocks = _blocks(original, corrected, names)
        if not changes and not blocks:
            return False
        content, _ = _corrected(now, before, original, corrected, changes, blocks)
        return content == now.read_bytes()
    except Exception:  # noqa: BLE001 - the library fails in many ways; what is not sure is refused
        heed()
        return False


def _opened(copy: Path, language: str) -> Workbook:
    try:
        return open_book(copy)
    except OSError:
        raise  # it may be a copy: the system does not open it
    except Exception as error:
        heed()
        raise OutputError(say("check", "take.no_copy", language, copy=str(copy))) from error


def _notes(book: Workbook) -> dict[str, str]:
    own: Any = book.custom_doc_props  # type: ignore[attr-defined]
    return {one.name: str(one.value) for one in own.props}


def _changes(old: Grid, new: Grid, original: Workbook, marked: Workbook) -> tuple[Change, ...]:
    where = [place for place in {**old, **new} if old.get(place) != new.get(place)]
    order = {name: n for n, name in enumerate(original.sheetnames)}
    where.sort(key=lambda p: (order[p[0]], original[p[0]][p[1]].row, original[p[0]][p[1]].column))
    return tuple(
        Change(sheet, cell, original[sheet][cell].value, marked[sheet][cell].value)
        for sheet, cell in where
    )


def _moved(changes: Iterable[Change], old: Grid, new: Grid) -> tuple[RowsTold, ...]:
    """Return the worksheets in which rows were taken out or put in, in their order."""
    found = (rows_told(old, new, name) for name in dict.fromkeys(one.sheet for one in changes))
    return tuple(one for one in found if one is not None)


def _told(
    changes: Iterable[Change], rows: Sequence[RowsTold], original: Workbook, marked: Workbook
) -> tuple[Change, ...]:
    """Return the changes as a reader is told them: by row where rows stand elsewhere now."""
    moved = {one.sheet for one in rows}
    told = [one for one in changes if one.sheet not in moved]
    for one in rows:
        for column, was, now in one.cells:
            before = original[one.sheet][f"{column}{was}"].value
            after = marked[one.sheet][f"{column}{now}"].value
            told.append(Change(one.sheet, f"{column}{now}", before, after))
    return tuple(told)


def _blocks(original: Workbook, marked: Workbook, names: Iterable[str]) -> dict[str, list[str]]:
    """Return the merged blocks of the worksheets whose blocks were changed."""
    found = {}
    for name in names:
        old, new = (sorted(map(str, b[name].merged_cells.ranges)) for b in (original, marked))
        if old != new:
            found[name] = new
    return found


def _corrected(
    copy: Path,
    ledger: Path,
    original: Workbook,
    marked: Workbook,
    changes: Iterable[Change],
    blocks: Mapping[str, list[str]],
) -> tuple[bytes, int]:
    """Return the ledger with the corrections, and how many formulas have no result there.

    Formulas have the results that the copy has: its program computed them from the corrections.
    """
    computed, before = open_book(copy, values=True), open_book(ledger, values=True)
    entries: dict[str, dict[str, Entry]] = {}
    for one in changes:
        entries.setdefault(one.sheet, {})[one.cell] = _entry(one, original, marked, computed)
    formulas: dict[str, dict[str, str]] = {}
    results: dict[str, dict[str, Any]] = {}
    for worksheet in original.worksheets:
        name = worksheet.title
        for cell in cells_of(worksheet):
            if cell.data_type != "f" or not isinstance(cell.value, str):
                continue
            formulas.setdefault(name, {})[cell.coordinate] = cell.value[1:]
            result = computed[name][cell.coordinate].value
            if cell.coordinate in entries.get(name, {}):
                continue
            if result != before[name][cell.coordinate].value:
                results.setdefault(name, {})[cell.coordinate] = result
    own = [*(result for cells in results.values() for result in cells.values())]
    own += [e.value for cells in entries.values() for e in cells.values() if e.formula is not None]
    content = patched(ledger, entries, results, formulas, blocks)
    return content, sum(value is None for value in own)


def _entry(one: Change, original: Workbook, marked: Workbook, computed: Workbook) -> Entry:
    cell = marked[one.sheet][one.cell]
    code = str(cell.number_format)
    other = None if code == original[one.sheet][one.cell].number_format else code
    if cell.data_type == "f" and isinstance(cell.value, str):
        return Entry(computed[one.sheet][one.cell].value, cell.value[1:], other)
    return Entry(computed[one.sheet][one.cell].value, None, other)


def _replaced(ledger: Path, content: bytes, language: str) -> Path:
    """Keep a ledger under another name, put its new content in its place, return that name."""
    ending = say("check", "take.backup", language)
    number, backup = 1, ledger.with_name(f"{ledger.stem}{ending}{ledger.suffix}")
    while backup.exists():
        number += 1
        backup = ledger.with_name(f"{ledger.stem}{ending}{number}{ledger.suffix}")
    try:
        with whole_file(backup) as part:
            part.write_bytes(ledger.read_bytes())
        with whole_file(ledger) as part:
            part.write_bytes(content)
    except OutputError:
        with suppress(OSError):
            backup.unlink(missing_ok=True)  # the ledger stands as it was
        raise
    return backup
