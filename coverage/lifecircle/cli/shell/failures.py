"""What the commands say when something cannot be written or printed, or was not foreseen.

Each has an exit code of its own that no command uses for a result: a script that reads 1 as
"warnings" must never read a program's fault so.
"""

from __future__ import annotations

import os
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TextIO

import typer

from lifecircle.cli.language import tell
from lifecircle.errors import (
    FILE_REFUSALS,
    OutputError,
    fault_place,
    file_refusal,
    out_of_memory,
)
from lifecircle.stopping import (
    asked,
    listening,
    of_asking,
    only_noted,
    stop_code,
    waiting,
)

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "FAULT",
    "PIPE_CLOSED",
    "TROUBLE",
    "failure_text",
    "guarded",
    "settle_streams",
]

TROUBLE = 2
"""Exit code of what the user can mend: a full disk, a file in use, too little memory."""
FAULT = 70
"""Exit code of a fault of the program itself (EX_SOFTWARE of sysexits.h)."""
PIPE_CLOSED = 141
"""Exit code where the reader of the output went away, as a shell tells it (128 + SIGPIPE)."""
_DEBUG = "LIFECIRCLE_DEBUG"
_PROBE = "县"
"""What a stream must be able to say; one that is no screen is set to UTF-8 otherwise."""


def failure_text(error: Exception) -> str:
    """Return what to tell of an error: in words where the system refused a file."""
    if isinstance(error, OutputError) and error.refusal is not None:
        what = tell(f"file_refused.{error.refusal}", place=_shown(error.place))
        if error.aside is not None:
            return f"{what}\n{tell('file_refused.aside', folder=_shown(error.aside))}"
        return f"{what}\n{tell('file_refused.stands')}"
    return str(error)


def settle_streams() -> None:
    """Make stdout and stderr streams that take any character, and that are there at all.

    A console that cannot say ``²`` says ``?``; a file or pipe in a code page without Chinese is
    written as UTF-8, or nothing of the text would be left. Programs without a console (pythonw,
    some schedulers) have no streams: what is printed goes nowhere, files are written.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
        elif hasattr(stream, "reconfigure"):
            lossy = not stream.isatty() and not _can_say(stream)
            stream.reconfigure(errors="replace", **({"encoding": "utf-8"} if lossy else {}))


def _can_say(stream: TextIO) -> bool:
    try:
        _PROBE.encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def guarded(run: Callable[[], object]) -> NoReturn:
    """Run the command line to its end and leave with its code; nothing escapes as a traceback.

    Once it is asked to stop, whatever else it ends with is the end that was asked for: a library
    that is interrupted inside tells of it in its own way. What was done all the same is done.
    """
    code = FAULT
    with listening():
        try:
            try:
                run()
                code = 0
            finally:
                only_noted()  # what is said from here on is said to its end
        except SystemExit as leaving:
            code = _code(leaving)
        except BrokenPipeError:
            code = PIPE_CLOSED
        except typer.Abort:
            code = stop_code()
        except BaseException as error:  # noqa: BLE001 - the last one to hear of it
            code = stop_code() if of_asking(error) else _told(error)
        code = _flushed(code)
        if asked() and code != 0:
            code = stop_code()
            if waiting():
                _say(tell("failure.stopped"), code)
    sys.exit(code)


def _code(leaving: SystemExit) -> int:
    if leaving.code is None:
        return 0
    return leaving.code if isinstance(leaving.code, int) else 1


def _told(error: BaseException) -> int:
    """Say what stopped the program, and return the exit code."""
    if os.environ.get(_DEBUG):
        with suppress(Exception):
            traceback.print_exception(error)
    if out_of_memory(error):
        return _say(tell("failure.memory"), TROUBLE)
    if isinstance(error, OSError):
        place = error.filename
        known = file_refusal(error)
        if place is not None and known in FILE_REFUSALS:
            return _say(
                tell(f"file_refused.{known}", place=_shown(Path(os.fsdecode(place)))), TROUBLE
            )
        if known == "full":
            return _say(tell("failure.stdout"), TROUBLE)
    return _say(tell("failure.fault", where=fault_place(error), debug=_DEBUG), FAULT)


def _shown(path: Path | None) -> str:
    from lifecircle.cli.console import shown_path  # noqa: PLC0415 - loads rich

    return "–" if path is None else shown_path(path)


def _say(message: str, code: int) -> int:
    with suppress(Exception):
        typer.echo(message, err=True)
    return code


def _flushed(code: int) -> int:
    """Return the code once all output is out; a stream that takes no more has one of its own."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            code = PIPE_CLOSED
        except OSError:
            code = _say(tell("failure.stdout"), TROUBLE)
        else:
            continue
        with suppress(Exception):  # or the interpreter says it once more on leaving
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    return code
