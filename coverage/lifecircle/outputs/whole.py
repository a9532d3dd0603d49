"""Files whole or absent: written beside the target, then renamed over it."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from lifecircle.errors import OutputError
from lifecircle.outputs.sole import sole
from lifecircle.stopping import heed, undisturbed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = [
    "Keeper",
    "check_place",
    "refused_by_library",
    "whole_file",
    "whole_files",
    "whole_folder",
]

_STALE_S = 86_400.0
_TURN_S = 60.0
"""How long another run may take to put its files into a folder: it moves them, and no more."""
_REFUSED = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO}
)
"""What a system says that does not let write: of other errors the last one tells more."""
_FULL = "disk is full"
_NO_SPACE = 1 << 16
"""Bytes left on a disk below which a library's odd error while writing means: full."""


def check_place(folder: Path) -> None:
    """Refuse a folder that cannot be written to, before hours of work end there.

    A folder that is not there is not made.

    Raises
    ------
    OutputError
        It is a file, below a file, or may not be written to.
    """
    there = folder
    while not there.exists() and there.parent != there:
        there = there.parent
    try:
        with undisturbed():
            tempfile.TemporaryDirectory(prefix=".", suffix=".part", dir=there).cleanup()
    except OSError as error:
        raise OutputError.of(there, error) from error


def refused_by_library(place: Path, error: Exception) -> OutputError:
    """Return the error of a file that a library could not write.

    Libraries word a full disk in their own way (a failed feature, a failed compression); the disk
    itself is asked instead, unless SQLite has said it: another run may have made room since.
    """
    full = _FULL in str(error)
    with suppress(OSError):
        full = full or shutil.disk_usage(place.parent).free < _NO_SPACE
    refusal = "full" if full else "other"
    return OutputError(f"{place}: {error}", place=place, refusal=refusal)


class Keeper(Protocol):
    """What says which files are not to be lost when others take their places."""

    def places(
        self, folder: Path, new: Path, former: Iterable[Path], last: str | None
    ) -> dict[Path, Path]:
        """Return where files of ``folder`` are kept: name in it → path."""

    def remember(self, places: dict[Path, Path], last: str | None) -> None:
        """Note what ``places`` said once it has been done."""


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """Yield a path to write to; it becomes ``target`` only if the block ends well.

    The folder is made if it is not there. After a failure the former ``target``, if any, stands
    as it was and nothing else is left.

    Raises
    ------
    OutputError
        The file cannot be written or replaced (no space, or open in another program).
    """
    part = target.with_name(f".{target.stem}.{os.getpid()}.part{target.suffix}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target.parent)
        yield part
        heed()
        part.replace(target)
    except OutputError:
        raise
    except OSError as error:
        raise OutputError.of(target, error) from error
    except Exception as error:
        refused = _said_by_library(error, target, target)
        if refused is error:
            raise
        raise refused from error
    finally:
        # SQLite leaves its journal beside a file it could not finish
        beside = (part, *(part.with_name(part.name + s) for s in ("-journal", "-wal", "-shm")))
        with undisturbed():
            for left in beside:
                with suppress(OSError):  # what is wrong with the folder has been said
                    left.unlink(missing_ok=True)


@contextmanager
def whole_files(
    folder: Path,
    *,
    last: str | None = None,
    former: Iterable[Path] = (),
    earlier: Keeper | None = None,
) -> Iterator[Path]:
    """Yield an empty folder to write files to; they move to ``folder`` only if the block ends well.

    The folder is made if it is not there; folders of files keep what else is in them. After a
    failure, be it of the very last file, the former ones stand as they were. Many files are not
    replaced in one instant: where the process is killed between two of them, ``last`` is missing.

    Parameters
    ----------
    folder
        Where the files go.
    last
        The file without which the others are no result: taken away first, put in place last.
    former
        Files inside ``folder`` that go even where no new one takes their place.
    earlier
        Says which of those that go are kept, and where; none by default.

    Raises
    ------
    OutputError
        The folder cannot be made, or a file not be replaced.
    """
    made = not folder.exists()
    done, beside = False, None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        with undisturbed():
            beside = Path(tempfile.mkdtemp(prefix=".", suffix=".part", dir=folder))
        new = beside / "new"
        new.mkdir()
        yield new
        names = _names(new, last)
        going = list(dict.fromkeys([*(file.relative_to(folder) for file in former), *names]))
        keeper = earlier or _Nothing()
        with _in_turn(folder):
            kept = keeper.places(folder, new, going, last)
            old = {name: kept.get(name, beside / "old" / name) for name in going}
            heed()
            with undisturbed():
                _swap(folder, new, names, old)
                done = True
                keeper.remember(kept, last)
    except Exception as error:
        refused = _as_output_error(error, folder, beside)
        if refused is error:
            raise
        raise refused from error
    finally:
        with undisturbed():
            if beside is not None:
                shutil.rmtree(beside if done else beside / "new", ignore_errors=True)
                _drop_empty(beside)
            if made and not done:
                with suppress(OSError):  # never there, or not empty: what is wrong has been said
                    folder.rmdir()


@contextmanager
def _in_turn(folder: Path) -> Iterator[None]:
    """Let of two runs that end at once one put all its files in place, then the other."""
    with sole(folder, _TURN_S) as alone:
        if not alone:
            raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(folder))
        yield


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """Yield an empty folder to write files to; it becomes ``target``, in one instant, or nothing.

    ``target`` is not there yet.

    Raises
    ------
    OutputError
        The folder cannot be made, or a file in it not be written.
    """
    beside = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target.parent)
        with undisturbed():
            beside = Path(tempfile.mkdtemp(prefix=".", suffix=".part", dir=target.parent))
        new = beside / "new"
        new.mkdir()
        yield new
        heed()
        new.rename(target)
    except Exception as error:
        refused = _as_output_error(error, target, beside)
        if refused is error:
            raise
        raise refused from error
    finally:
        if beside is not None:
            with undisturbed():
                shutil.rmtree(beside, ignore_errors=True)


def _as_output_error(error: Exception, folder: Path, beside: Path | None) -> Exception:
    """Return what to raise of an error while writing: places are where the files would lie."""
    if isinstance(error, OutputError):
        new = None if beside is None else beside / "new"
        if new is None or str(new) not in str(error):
            return error
        place = error.place
        if place is not None and place.is_relative_to(new):
            place = folder / place.relative_to(new)
        said = str(error).replace(str(new), str(folder))
        return OutputError(said, place=place, refusal=error.refusal, aside=error.aside)
    if isinstance(error, OSError):
        return OutputError.of(_named_by(error, folder, beside), error)
    return _said_by_library(error, folder / "_", folder)


def _named_by(error: OSError, folder: Path, beside: Path | None) -> Path:
    """Return the file that the system named, where it will lie; the folder if it is none of it."""
    if not isinstance(error.filename, str):
        return folder
    file = Path(error.filename)
    if beside is not None and file.is_relative_to(beside / "new"):
        file = folder / file.relative_to(beside / "new")
    inside = file.is_relative_to(folder) and file != folder
    hidden = inside and any(part.startswith(".") for part in file.relative_to(folder).parts)
    return file if inside and not hidden else folder


def _said_by_library(error: Exception, file: Path, place: Path) -> Exception:
    """Return what to raise of a library's own error: the system's refusal if that lies behind it.

    A library that is stopped by a full disk may fail once more as it closes its file, and only the
    second error arrives; the first is its context.
    """
    behind: BaseException | None = error
    while behind is not None:
        if isinstance(behind, OSError) and behind.errno in _REFUSED:
            return OutputError.of(place, behind)
        behind = behind.__cause__ or behind.__context__
    refused = refused_by_library(file, error)
    if refused.refusal != "full":
        return error
    return OutputError(str(refused), place=place, refusal="full")


def _sweep(folder: Path) -> None:
    """Remove what runs that were killed left of unfinished files, a day ago or longer.

    A run of today may still be writing. Former files that could not be put back are never touched.
    """
    for left in folder.glob(".*.part*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime < _STALE_S:
                continue
            if left.is_dir():
                shutil.rmtree(left / "new", ignore_errors=True)
                _drop_empty(left)
            else:
                left.unlink()


class _Nothing:
    """Keeps nothing."""

    def places(self, *_: object) -> dict[Path, Path]:
        return {}

    def remember(self, *_: object) -> None:
        pass


def _names(new: Path, last: str | None) -> list[Path]:
    """Return the files in ``new`` in the order in which they take their places."""
    names = sorted(file.relative_to(new) for file in new.rglob("*") if file.is_file())
    return sorted(names, key=lambda name: str(name) == last)


def _swap(folder: Path, new: Path, names: Iterable[Path], old: Mapping[Path, Path]) -> None:
    """Move files of ``folder`` to where ``old`` says and those of ``new`` there, or undo it all."""
    moves = [(folder / n, old[n]) for n in reversed(list(old)) if (folder / n).exists()]
    moves += [(new / name, folder / name) for name in names]
    moved: list[tuple[Path, Path]] = []
    stopped = (new, folder)
    try:
        for stopped in moves:  # a full disk has no room for a folder, and still moves files
            stopped[1].parent.mkdir(parents=True, exist_ok=True)
        for stopped in moves:
            _move(*stopped)
            moved.append(stopped)
    except BaseException as error:
        aside = _put_back(moved, folder, new)
        for _, target in moves:
            with suppress(OSError):  # not empty, or not made
                _rise(target.parent, folder)
        if isinstance(error, OSError):
            place = stopped[1] if new in stopped[0].parents else stopped[0]
            raise OutputError.of(place, error, aside) from error
        raise


def _put_back(moved: list[tuple[Path, Path]], folder: Path, new: Path) -> Path | None:
    """Undo moves, the last first; return where a former file lies that would not go back."""
    aside = None
    for source, target in reversed(moved):
        try:
            source.parent.mkdir(parents=True, exist_ok=True)  # it went with what was new in it
            target.replace(source)
        except OSError:  # it stays where it is, and what holds it is not removed
            aside = aside if source.is_relative_to(new) else target.parent
            continue
        with suppress(OSError):
            _rise(target.parent, folder)
    return aside


def _rise(inner: Path, folder: Path) -> None:
    """Remove the empty folders from ``inner`` up to ``folder``, which stays."""
    while inner != folder:
        inner.rmdir()
        inner = inner.parent


def _move(source: Path, target: Path) -> None:
    if source.is_dir():  # a folder of somebody's where a file should go
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    source.replace(target)


def _drop_empty(folder: Path) -> None:
    """Remove a folder and those in it; one that holds a file stays."""
    if not folder.is_dir():
        return
    for inner in folder.iterdir():
        if inner.is_dir():
            _drop_empty(inner)
    with suppress(OSError):
        folder.rmdir()
