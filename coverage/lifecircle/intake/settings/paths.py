"""Where the paths of a study file may lead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["path_mistake"]


def path_mistake(folder: Path, written: str) -> Literal["outside", "path"] | None:
    """Return why a path of a study file is not to be opened, or None.

    A study is handed on as a folder, often by mail. A path out of it (absolute, by ``..``, or
    through a link) reads what the sender chose on the reader's computer: ``outside``. What no
    file system can open (a NUL, a name too long, a loop of links) is ``path``. Whether there is
    such a file is not asked here.
    """
    target = folder / written.replace("\\", "/")
    try:
        home, real = folder.resolve(), target.resolve()
        if not real.is_relative_to(home):
            return "outside"
        target.stat()
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return None
    except (OSError, ValueError, RuntimeError):
        return "path"
    return None
