"""Silence: keep what a library prints by itself off a program's standard output."""

from __future__ import annotations

import ctypes
import functools
import os
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["silent_stdout"]

_STDOUT = 1
_C_LIBRARY = "ucrtbase" if sys.platform == "win32" else None


@contextmanager
def silent_stdout() -> Iterator[None]:
    """Send whatever is written to the process's standard output in the block to nowhere.

    HiGHS prints a line of its own now and then, past Python and past its own options; it would
    stand in the middle of what ``--json`` hands to a script. Without a standard output (a program
    with windows only) nothing is done.
    """
    try:
        kept = os.dup(_STDOUT)
    except OSError:
        yield
        return
    _flush()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, _STDOUT)
        yield
    finally:
        _flush()  # of the library's buffer, before there is somewhere to print again
        os.dup2(kept, _STDOUT)
        os.close(nowhere)
        os.close(kept)


def _flush() -> None:
    if sys.stdout is not None:
        with suppress(OSError, ValueError):
            sys.stdout.flush()
    with suppress(OSError, AttributeError):
        _c_library().fflush(None)


@functools.cache
def _c_library() -> ctypes.CDLL:
    return ctypes.CDLL(_C_LIBRARY)
