"""Files whole or absent: written beside the target, then renamed over it."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from lifecircle.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["whole_file", "whole_files"]


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
        yield part
        part.replace(target)
    except OutputError:
        raise
    except OSError as error:
        raise OutputError(f"{target}: {error.strerror or error}") from error
    finally:
        # SQLite leaves its journal beside a file it could not finish
        for left in (part, *(part.with_name(part.name + s) for s in ("-journal", "-wal", "-shm"))):
            with suppress(OSError):  # what is wrong with the folder has been said
                left.unlink(missing_ok=True)


@contextmanager
def whole_files(folder: Path) -> Iterator[Path]:
    """Yield an empty folder to write files to; they move to ``folder`` only if the block ends well.

    The folder is made if it is not there. After a failure the former files stand as they were.

    Raises
    ------
    OutputError
        The folder cannot be made, or a file not be replaced.
    """
    part = folder / f".{os.getpid()}.part"
    made = not folder.exists()
    done = False
    try:
        part.mkdir(parents=True)
        yield part
        for file in sorted(part.iterdir()):
            file.replace(folder / file.name)
        done = True
    except OutputError:
        raise
    except OSError as error:
        raise OutputError(f"{folder}: {error.strerror or error}") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
        if made and not done:
            with suppress(OSError):  # never there, or not empty: what is wrong has been said
                folder.rmdir()
