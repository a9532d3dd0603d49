"""Files whole or absent: written beside the target, then renamed over it."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from lifecircle.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["whole_file"]


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
