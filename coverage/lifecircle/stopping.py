"""Being asked to stop: Ctrl-C, a polite kill, a window that is closed.

Python raises ``KeyboardInterrupt`` wherever the program happens to be, and a library that meets it
inside may swallow it, or make an error of its own of it that reads like a damaged file. So it is
remembered as well: nothing takes its place of which a part may be missing (``heed``), and nobody
is told of an error that may be none (``asked``).
"""

from __future__ import annotations

import _thread
import os
import signal
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

__all__ = [
    "answered",
    "asked",
    "begin",
    "deafen",
    "heed",
    "listening",
    "of_asking",
    "only_noted",
    "stop_code",
    "undisturbed",
    "unheard_by_children",
    "waiting",
]

_SIGNALS = tuple(
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    if hasattr(signal, name)
)
"""Ctrl-C, a polite kill, a terminal that goes, and on Windows a window that is closed."""
_CTRL_C = 130
_MOMENT_S = 0.05


class _Ears:
    """What was heard, and what is done about it."""

    first: int | None = None
    """The first signal that was heard."""
    waiting = False
    """Whether one was heard that nobody has answered."""
    late = False
    """Whether one was only noted, and is raised as soon as it may be."""
    noting = 0
    """How many blocks are not to be disturbed."""
    running = False
    """Whether a command runs: before, there is nothing that must be left in order."""


_ears = _Ears()


def _hear(number: int, _frame: FrameType | None) -> None:
    if not _ears.running and not _ears.noting:
        os._exit(stop_code(number))  # while modules load; a traceback would be all that is told
    if _ears.first is None:
        _ears.first = number
    _ears.waiting = True
    if _ears.noting:
        _ears.late = True
        return
    raise KeyboardInterrupt


def begin() -> None:
    """Hear what asks to stop from here on; it ends the program at once until a command runs.

    What is ignored stays so: nohup, and what a shell begins in the background.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    for number in _SIGNALS:
        if signal.getsignal(number) in {signal.SIG_DFL, signal.default_int_handler}:
            signal.signal(number, _hear)


def deafen() -> None:
    """Ignore what asks to stop: nothing is left to do but leave."""
    # Python keeps in mind that it was stopped in a text that was executed, as modules do on
    # loading, and would end by a signal of its own instead of the exit code
    exec("")  # noqa: S102
    if threading.current_thread() is not threading.main_thread():
        return
    for number in _SIGNALS:
        if signal.getsignal(number) is _hear:
            signal.signal(number, signal.SIG_IGN)


@contextmanager
def listening() -> Iterator[None]:
    """Remember what asks to stop until the block ends, and raise it as ``KeyboardInterrupt``."""
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    _ears.first, _ears.waiting, _ears.late = None, False, False
    _ears.running = True
    hook, sys.unraisablehook = sys.unraisablehook, _again
    begin()
    try:
        yield
    finally:
        _ears.noting += 1  # else one more could still be raised here
        sys.unraisablehook = hook
        try:
            for number, handler in before.items():
                if signal.getsignal(number) is _hear and handler is not _hear:
                    signal.signal(number, handler)
        finally:
            _ears.running = _ears.waiting = _ears.late = False
            _ears.first = None
            _ears.noting = int(before.get(signal.SIGINT) is _hear)  # until the program is left


def _again(lost: sys.UnraisableHookArgs) -> None:
    """Ask once more where a library met it and could not pass it on."""
    if not isinstance(lost.exc_value, KeyboardInterrupt):
        sys.__unraisablehook__(lost)
        return
    # a moment later: here it would be lost as well
    number = _ears.first or signal.SIGINT
    later = threading.Timer(_MOMENT_S, _thread.interrupt_main, (number,))
    later.daemon = True
    later.start()


def only_noted() -> None:
    """Raise nothing any more until the listening ends."""
    _ears.noting += 1


def asked() -> bool:
    """Return whether anything has asked to stop since the listening began."""
    return _ears.first is not None


def waiting() -> bool:
    """Return whether something asks to stop that nobody has answered yet."""
    return _ears.waiting


def answered() -> None:
    """Take it that what asked has been heard, and what is done now is done about it."""
    _ears.waiting = False


def heed() -> None:
    """Stop here if it is asked for: a library may have kept it to itself.

    Raises
    ------
    KeyboardInterrupt
        It is.
    """
    if _ears.waiting and threading.current_thread() is threading.main_thread():
        raise KeyboardInterrupt


def of_asking(error: BaseException | None) -> bool:
    """Return whether an error is, or may be, nothing but the program being asked to stop."""
    if asked():
        return True
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        if isinstance(error, KeyboardInterrupt):
            return True
        seen.add(id(error))
        error = error.__cause__ or error.__context__
    return False


def stop_code(number: int | None = None) -> int:
    """Return the exit code of a program that was asked to stop, as a shell tells it.

    Parameters
    ----------
    number
        The signal; by default the first one that was heard.
    """
    number = _ears.first if number is None else number
    if number is None or number not in {signal.SIGTERM, getattr(signal, "SIGHUP", None)}:
        return _CTRL_C
    return 128 + int(number)


class undisturbed:  # noqa: N801 - used like a function
    """A block that is done whole: what asks to stop meanwhile is raised at its end."""

    def __init__(self) -> None:
        self._ours = False
        self._before: Any = None
        self._late: FrameType | None = None
        self._heard = False

    def __enter__(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return  # nothing is ever raised there
        now = signal.getsignal(signal.SIGINT)
        self._ours = now is _hear
        if self._ours:
            _ears.noting += 1
        elif callable(now):  # somebody else's program
            self._before = now
            signal.signal(signal.SIGINT, self._note)

    def _note(self, _number: int, frame: FrameType | None) -> None:
        self._heard, self._late = True, frame

    def __exit__(self, *_: object) -> None:
        if self._ours:
            _ears.noting -= 1
            if _ears.late and not _ears.noting:
                _ears.late = False
                raise KeyboardInterrupt
        elif self._before is not None:
            signal.signal(signal.SIGINT, self._before)
            if self._heard:
                self._before(signal.SIGINT, self._late)


@contextmanager
def unheard_by_children() -> Iterator[None]:
    """Let processes that are begun meanwhile never hear Ctrl-C, which a terminal sends to all.

    Their parent ends them. It hears what comes meanwhile at the end of the block.
    """
    with undisturbed():
        if not hasattr(signal, "pthread_sigmask"):
            yield
            return
        # a mask is inherited by threads and processes, and theirs in turn; what is begun with the
        # first of them takes it away again
        from multiprocessing.resource_tracker import ensure_running  # noqa: PLC0415 - seldom

        ensure_running()
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
