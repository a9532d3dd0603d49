"""How the program's process ends: at once, without taking apart what goes with it anyway."""

from __future__ import annotations

import atexit
import os
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["run_and_leave"]


def run_and_leave(run: Callable[[], object]) -> None:
    """Run what ends with a code and leave the process with it; who calls this is not returned to.

    The interpreter would take modules and tables apart one by one before it ends, for 0.07 s of a
    small county and more of a large one. What is registered to be done at the end is done. A run
    with other threads that have to be waited for, or whose output is not out, ends as any other.
    """
    try:
        run()
    except SystemExit as leaving:
        if not isinstance(leaving.code, int) or _awaited():
            raise
        atexit._run_exitfuncs()  # noqa: SLF001 - the interpreter's own last step but one
        with suppress(OSError, ValueError):  # what the run said is out; this is of those last steps
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(leaving.code)


def _awaited() -> bool:
    """Return whether a thread is at work that the interpreter would wait for."""
    own = threading.current_thread()
    return any(one is not own and not one.daemon for one in threading.enumerate())
