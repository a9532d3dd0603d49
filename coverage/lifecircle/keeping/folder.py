"""What is kept between runs in the user's cache folder, under keys, within a bound.

``LIFECIRCLE_CACHE`` sets the folder, ``LIFECIRCLE_STREET_CACHE=off`` keeps and uses nothing of
what is made out of streets, ``LIFECIRCLE_STREET_CACHE_MB`` bounds it (2048): the longest unused
goes first. The folder's place is told by the platform's custom in ten lines; the package that
others use for it would be one more dependency for those.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import sys
import time
from contextlib import suppress
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from lifecircle.keeping.arrays import Arrays, DamagedError, read_arrays, write_arrays

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

__all__ = ["cache_folder", "is_on", "keep", "kept", "key_of"]

_T = TypeVar("_T")
_SUFFIX = ".arrays"
_MOST_MB = 2048
_STALE_S = 86_400.0
_MADE_BY = ("numpy", "pandas", "shapely", "pyproj", "pyogrio", "scipy", "osmium", "geopandas")
"""Packages whose version may change what a file is read as."""
_LOG = logging.getLogger("lifecircle.keeping")


def cache_folder() -> Path:
    """Return the folder for what is kept: ``LIFECIRCLE_CACHE``, else one in the user's cache."""
    given = os.environ.get("LIFECIRCLE_CACHE")
    if given:
        return Path(given)
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "lifecircle"


def is_on() -> bool:
    """Return whether anything is kept: unless ``LIFECIRCLE_STREET_CACHE`` is off, no, 0 or 否."""
    said = os.environ.get("LIFECIRCLE_STREET_CACHE", "").strip().casefold()
    return said not in {"off", "no", "0", "false", "否"}


def key_of(**about: Any) -> str:
    """Return the key of what is made out of ``about`` (plain JSON, and sets) by this very program.

    Other code, data files or packages that it is made with are another key.
    """
    told = {"about": about, "program": _program()}
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, default=sorted)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def kept(key: str, read: Callable[[Arrays], _T]) -> _T | None:
    """Return what ``read`` makes of what is kept under a key; None: nothing that can be used.

    ``read`` raises ``DamagedError`` (or any error of a value) for what it does not believe. What
    is damaged goes, and is told at debug level.
    """
    path, made, damaged = _place(key), None, None
    try:
        made = _read(path, key, read)
    except FileNotFoundError:
        _LOG.debug("not kept: %s", path.name)
        return None
    except OSError as error:
        _LOG.debug("kept, cannot be read: %s (%s)", path.name, error)
        return None
    except (DamagedError, ValueError, TypeError, KeyError, IndexError, LookupError) as error:
        damaged = str(error)
    if damaged is not None:  # and nothing holds it any more: Windows removes no file that is mapped
        _LOG.debug("kept, damaged, made anew: %s (%s)", path.name, damaged)
        with suppress(OSError):
            path.unlink(missing_ok=True)
        return None
    if made is None:
        _LOG.debug("kept under a name that is not its own: %s", path.name)
        return None
    _LOG.debug("kept, used: %s", path.name)
    with suppress(OSError):
        os.utime(path)
    return made


def _read(path: Path, key: str, read: Callable[[Arrays], _T]) -> _T | None:
    found = read_arrays(path)
    return read(found) if found.about.get("key") == key else None


def keep(key: str, about: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bool:
    """Keep arrays under a key, and let go of the longest unused; return whether they are kept.

    A folder that cannot be written to keeps nothing: that costs time, never a result.
    """
    most = _most_bytes()
    if sum(np.asarray(a).nbytes for a in arrays.values()) > most:
        _LOG.debug("larger than all that may be kept: %s", key)
        return False
    path = _place(key)
    try:
        write_arrays(path, {**about, "key": key}, arrays)
        _let_go(path, most)
    except (OSError, ValueError) as error:
        _LOG.debug("cannot be kept: %s (%s)", path.name, error)
        return False
    _LOG.debug("kept: %s", path.name)
    return True


def _place(key: str) -> Path:
    return cache_folder() / "ready" / f"{key}{_SUFFIX}"


def _most_bytes() -> int:
    try:
        told = float(os.environ["LIFECIRCLE_STREET_CACHE_MB"])
        return max(int(told * 1e6), 0)
    except (KeyError, ValueError, OverflowError):
        return int(_MOST_MB * 1e6)


def _let_go(new: Path, most: int) -> None:
    """Remove the longest unused until all fit, and what killed runs left a day ago."""
    found = []
    for file in new.parent.iterdir():
        with suppress(OSError):  # another process may have removed it
            state = file.stat()
            if file.suffix == _SUFFIX:
                found.append((file != new, -state.st_mtime_ns, file.name, state.st_size, file))
            elif file.suffix == ".part" and time.time() - state.st_mtime > _STALE_S:
                file.unlink()
    held = 0
    for *_, size, file in sorted(found):
        held += size
        if held > most:
            _LOG.debug("let go: %s", file.name)
            with suppress(OSError):
                file.unlink()


@cache
def _program() -> str:
    """Return the digest of the code and data that streets go through, and of their packages."""
    home = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    rooms = ("keeping", "sources", "intake/streets", "intake/positions", "reach/network", "model")
    for room in rooms:
        for file in sorted((home / room).rglob("*")):
            if file.suffix in {".py", ".toml"}:
                digest.update(file.relative_to(home).as_posix().encode() + b"\0")
                digest.update(file.read_bytes())
    for name in _MADE_BY:
        with suppress(metadata.PackageNotFoundError):
            digest.update(f"{name} {metadata.version(name)}\0".encode())
    return digest.hexdigest()
