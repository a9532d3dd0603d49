"""One at a time in a folder: two programs that write there at once would mix their files.

The lock is the system's own, on a hidden file: it ends with the process, however that ends, so
that a run that was killed hinders no later one.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from lifecircle.stopping import undisturbed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["sole"]

_NAME = ".lifecircle.lock"
_LOOK_EVERY_S = 0.05
_UNTOLD = -1
"""Instead of a file: this system or disk cannot say who is there."""


@contextmanager
def sole(folder: Path, wait_s: float = 0.0) -> Iterator[bool]:
    """Yield whether nobody else is in a folder; nobody is until the block ends.

    Where the system cannot tell (no locks on that disk, or no right to write), the answer is yes.

    Parameters
    ----------
    folder
        It is there.
    wait_s
        How long another one is waited for.
    """
    file = folder / _NAME
    until = time.monotonic() + wait_s
    held: int | None = None
    try:
        while held is None:
            with undisturbed():
                held, busy = _held(file)
            if held is None and busy and time.monotonic() >= until:
                break
            if held is None:
                time.sleep(_LOOK_EVERY_S)
        yield held is not None
    finally:
        if held is not None and held != _UNTOLD:
            with undisturbed():
                _left(file, held)


def _held(file: Path) -> tuple[int | None, bool]:
    """Return the open file that is locked, ``_UNTOLD``, or None; and whether another one has it."""
    try:
        number = os.open(file, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError:  # what is wrong with the folder is said where it is written to
        return _UNTOLD, False
    mine = _locked(number)
    if mine and _stands(file, number):
        return number, False
    os.close(number)
    return (_UNTOLD if mine is None else None), mine is False


def _locked(number: int) -> bool | None:
    """Lock an open file; False where another one has it, None where it cannot be locked at all."""
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - of one system

            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415 - of the others

            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return None
    return True


def _stands(file: Path, number: int) -> bool:
    """Whether a file is still the one that was opened: who had it before may have removed it."""
    try:
        return os.path.samestat(os.fstat(number), file.stat())
    except OSError:
        return False


def _left(file: Path, number: int) -> None:
    if sys.platform != "win32":  # there an open file cannot be removed
        with suppress(OSError):
            file.unlink()
    os.close(number)
    if sys.platform == "win32":
        with suppress(OSError):  # the next one has it open
            file.unlink()
