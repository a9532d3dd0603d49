"""Texts that ship with the package, parsed once: catalogues, dictionaries, page templates.

They are kept as they stand for whoever edits them (``.po``, ``.toml``, ``.j2``), and parsing them
costs a short run more than judging it. So what a parser made of one is kept where Python keeps
what it made of a module, and under the same terms: in ``__pycache__``, or below
``PYTHONPYCACHEPREFIX``; not at all under ``PYTHONDONTWRITEBYTECODE`` or where nobody may write. A
kept one is taken only for the very bytes it was made of.
"""

from __future__ import annotations

import importlib.util
import marshal
import os
import sys
import tomllib
import zlib
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable
    from importlib.resources.abc import Traversable

__all__ = ["parsed", "shipped_toml"]

_T = TypeVar("_T")


def parsed(file: Traversable, by: str, parse: Callable[[bytes], _T]) -> _T:
    """Return what ``parse`` makes of a file that ships with the package.

    Parameters
    ----------
    file
        One of the package's own, never a user's: code may be made of it.
    by
        The parser, in words that change when what it makes does. Python's own needs no version.
    parse
        Bytes → what ``marshal`` holds (texts, numbers, lists, dictionaries, code); of anything
        else nothing is kept.

    Returns
    -------
    Any
        The caller's own: nobody else has it.

    Raises
    ------
    FileNotFoundError
        There is no such file. What ``parse`` raises comes through too.
    """
    source = file.read_bytes()
    if not isinstance(file, Path):  # in an archive: there is nothing beside it
        return parse(source)
    place = _place(file)
    mark = importlib.util.MAGIC_NUMBER + importlib.util.source_hash(by.encode() + b"\0" + source)
    kept = _kept(place, mark)
    made: Any
    if kept is not None:
        made = marshal.loads(kept)  # noqa: S302 - as Python reads its modules
        return cast("_T", made)
    made = parse(source)
    if not sys.dont_write_bytecode:
        with suppress(OSError, ValueError):  # nobody may write there, or it is of another type
            _keep(place, mark, marshal.dumps(made))
    return cast("_T", made)


def shipped_toml(room: str, name: str) -> dict[str, Any]:
    """Return the content of a TOML file that ships in a room of the package."""
    return parsed(files(room) / name, "tomllib", lambda raw: tomllib.loads(raw.decode()))


def _place(file: Path) -> Path:
    """Return where what is made of a file is kept: never under the name of a module's."""
    beside = Path(importlib.util.cache_from_source(str(file.with_suffix(".py"))))
    return beside.with_name(f"{file.name}.{sys.implementation.cache_tag}.parsed")


def _kept(place: Path, mark: bytes) -> bytes | None:
    """Return what is kept, if it is whole and of that mark."""
    try:
        content = place.read_bytes()
    except OSError:
        return None
    made = content[len(mark) + 4 :]
    sound = zlib.crc32(made).to_bytes(4, "little") == content[len(mark) : len(mark) + 4]
    return made if sound and content.startswith(mark) else None


def _keep(place: Path, mark: bytes, made: bytes) -> None:
    """Write it beside its place and put it there in one instant: others may read it now."""
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        part.write_bytes(mark + zlib.crc32(made).to_bytes(4, "little") + made)
        part.replace(place)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
