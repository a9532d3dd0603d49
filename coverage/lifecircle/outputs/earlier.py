"""Results that are there already and would be lost: kept in a folder beside the new ones.

The same input gives the same bytes. So a file that differs from the one that takes its place is
another run's (of another day, other data, other options), or somebody has worked in it since.
Either is kept; what is the same is replaced without a word.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from lifecircle.errors import AssessmentFormatError
from lifecircle.outputs.saved.digests import contents_digests
from lifecircle.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["DEVICES", "Earlier", "Kept", "no_device", "safe_name"]

_FORBIDDEN = re.compile(r'[\x00-\x1f<>:"/\\|?*\ud800-\udfff]')
_LONGEST_NAME = 60
DEVICES = frozenset({"con", "prn", "aux", "nul", "conin$", "conout$"}) | {
    f"{port}{number}" for port in ("com", "lpt") for number in "123456789¹²³"
}
"""Names of which Windows makes no file or folder, whatever stands behind their first dot."""
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_DAY = re.compile(r'"as_of": ?"(\d{4}-\d\d-\d\d)"')


def safe_name(text: str) -> str:
    """Return a text as the name of a file or folder, without what Windows does not take."""
    return no_device(_FORBIDDEN.sub("_", text)[:_LONGEST_NAME].strip(" .") or "_")


def no_device(name: str) -> str:
    """Return a name as it is, or with a mark before it where Windows means a device by it."""
    return f"_{name}" if name.partition(".")[0].rstrip().lower() in DEVICES else name


@dataclass(frozen=True, slots=True)
class Kept:
    """Files that would have been lost.

    Attributes
    ----------
    folder
        Where they are now.
    names
        Their names in it, and before in the folder of the results.
    whole
        A whole result of another run; else single files that somebody worked in, or that were
        written with other options.
    """

    folder: Path
    names: tuple[Path, ...]
    whole: bool


@dataclass(slots=True)
class Earlier:
    """Keeps what a run would take the place of, and remembers what it kept.

    Attributes
    ----------
    language
        Of the folder's name.
    kept
        What was kept, in order.
    """

    language: str
    kept: list[Kept] = field(default_factory=list)

    def places(
        self, folder: Path, new: Path, former: Iterable[Path], last: str | None
    ) -> dict[Path, Path]:
        """Return where files of ``folder`` are kept: name in it → path; the others may go.

        Parameters
        ----------
        folder
            The results that are there.
        new
            The folder of those that come.
        former
            Names in ``folder`` that would go: replaced, or without a successor.
        last
            The file that tells one run from another: where it differs, all of them are kept.
        """
        there = [name for name in former if (folder / name).is_file()]
        told = folder / str(last)
        other = told.is_file() and not _same(told, new / str(last))
        lost = there if other else [name for name in there if _differs(folder / name, new / name)]
        if not lost:
            return {}
        day = _day_of(told) if other else None
        label = day or say("cli", "earlier.saved", self.language, day=_saved_on(folder, lost))
        home = _free(folder / say("cli", "earlier.folder", self.language), label)
        return {name: home / name for name in lost}

    def remember(self, places: dict[Path, Path], last: str | None) -> None:
        """Note what ``places`` said once it has been done."""
        if places:
            name, path = next(iter(places.items()))
            home = path.parents[len(name.parts) - 1]
            whole = last is not None and Path(last) in places
            self.kept.append(Kept(home, tuple(sorted(places)), whole))


def _same(old: Path, new: Path) -> bool:
    if not new.is_file():
        return False
    if old.stat().st_size == new.stat().st_size and old.read_bytes() == new.read_bytes():
        return True
    if old.suffix.lower() != ".gpkg":
        return False
    try:  # QGIS changes the bytes of a GeoPackage by looking at it
        return contents_digests(old) == contents_digests(new)
    except AssessmentFormatError:
        return False


def _differs(old: Path, new: Path) -> bool:
    """Return whether another file takes its place; one nobody has touched may go without."""
    return new.is_file() and not _same(old, new)


def _day_of(document: Path) -> str | None:
    """Return the day a saved result is of; None where it does not say."""
    text = document.read_text(encoding="utf-8", errors="replace")
    try:
        day = json.loads(text).get("as_of")
    except (ValueError, AttributeError):
        found = _DAY.search(text)
        day = None if found is None else found[1]
    return safe_name(day) if isinstance(day, str) and day else None


def _saved_on(folder: Path, names: Iterable[Path]) -> str:
    return _day_at(max((folder / name).stat().st_mtime for name in names))


def _day_at(seconds: float) -> str:
    """Return the planner's own day of a file's time, whatever clock has set that."""
    with suppress(OSError, ValueError, OverflowError):  # Windows knows no local time before 1970
        return dt.datetime.fromtimestamp(seconds).date().isoformat()  # noqa: DTZ006 - local
    with suppress(ValueError, OverflowError):
        return (_EPOCH + dt.timedelta(seconds=seconds)).date().isoformat()
    return _EPOCH.date().isoformat()  # no year that a calendar has


def _free(parent: Path, label: str) -> Path:
    """Return the first folder of that label that is not there: what is kept is of one run."""
    number = 1
    home = parent / label
    while home.exists():
        number += 1
        home = parent / f"{label} ({number})"
    return home
