"""A file of arrays: a checked header, then the numbers as they lie in memory.

Nothing in it is ever executed. A file is taken only where its header is what was written (SHA-256),
its length is right, every array lies inside it and outside the others, and the numbers of each are
what was written (CRC-32: at memory speed, against damage). What indexes mean is for the reader of
a kind of file to check.
"""

from __future__ import annotations

import hashlib
import json
import math
import mmap
import os
import uuid
import zlib
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lifecircle.stopping import heed, undisturbed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["MAGIC", "Arrays", "DamagedError", "read_arrays", "write_arrays"]

MAGIC = b"lifecircle arrays 1\n"
"""First bytes of every file; the number is that of the form."""
_ALIGNED = 64
_MOST_HEADER = 1 << 26
_DTYPES = frozenset({"<f8", "<i8", "<i4", "<u4", "<u2", "|u1", "|b1"})
_DIGEST = hashlib.sha256().digest_size
_FRONT = len(MAGIC) + 8 + _DIGEST


class DamagedError(Exception):
    """A file is not what was written, or of another kind."""


@dataclass(frozen=True, slots=True)
class Arrays:
    """What a file of arrays holds.

    Parameters
    ----------
    about
        What was said of them: plain JSON.
    arrays
        Name → array, mapped: changes stay in memory and never reach the file.
    """

    about: dict[str, Any]
    arrays: dict[str, NDArray[Any]]


def write_arrays(path: Path, about: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write a file of arrays beside ``path``, then put it in place in one instant.

    Two processes may write the same one: each writes its own, the last one stays.

    Raises
    ------
    OSError
        The file cannot be written.
    ValueError
        An array is of a type that such files do not hold, or ``about`` is no JSON.
    """
    listed: list[Any] = []
    offset, parts = 0, list[memoryview]()
    for name, given in arrays.items():
        array = np.ascontiguousarray(given)
        if array.dtype.str not in _DTYPES:
            raise ValueError(f"{name}: {array.dtype}")
        flat = array.reshape(-1).view(np.uint8).data
        listed.append([name, array.dtype.str, list(array.shape), offset, zlib.crc32(flat)])
        parts.append(flat)
        offset += math.ceil(array.nbytes / _ALIGNED) * _ALIGNED
    header = {"about": dict(about), "arrays": listed, "bytes": offset}
    text = json.dumps(header, ensure_ascii=False, allow_nan=False).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    # with the rights that a new file of the user has: others of the office read it too
    part = path.with_name(f".{uuid.uuid4().hex}.part")
    try:
        with part.open("xb") as stream:
            stream.write(MAGIC + len(text).to_bytes(8, "little") + hashlib.sha256(text).digest())
            stream.write(text)
            stream.write(bytes(-(_FRONT + len(text)) % _ALIGNED))
            for part_bytes in parts:
                stream.write(part_bytes)
                stream.write(bytes(-len(part_bytes) % _ALIGNED))
        heed()
        part.replace(path)
    finally:
        with suppress(OSError), undisturbed():
            part.unlink(missing_ok=True)


def read_arrays(path: Path) -> Arrays:
    """Return what a file of arrays holds, mapped into memory.

    Raises
    ------
    OSError
        It cannot be opened.
    DamagedError
        It is not a whole file as :func:`write_arrays` leaves it.
    """
    with path.open("rb") as stream:
        size = os.fstat(stream.fileno()).st_size
        front = stream.read(_FRONT)
        if len(front) < _FRONT or not front.startswith(MAGIC):
            raise DamagedError("no such file of arrays")
        length = int.from_bytes(front[len(MAGIC) : len(MAGIC) + 8], "little")
        if length > min(_MOST_HEADER, size):
            raise DamagedError("length of the header")
        text = stream.read(length)
        if hashlib.sha256(text).digest() != front[-_DIGEST:]:
            raise DamagedError("header")
        begin = math.ceil((_FRONT + length) / _ALIGNED) * _ALIGNED
        try:
            header = json.loads(text)
            about, listed, held = dict(header["about"]), list(header["arrays"]), header["bytes"]
            if size != begin + held:
                raise DamagedError("length")
            whole = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_COPY)
            return Arrays(about, _mapped(whole, begin, size, listed))
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
            raise DamagedError("header") from error


def _mapped(whole: mmap.mmap, begin: int, size: int, listed: list[Any]) -> dict[str, NDArray[Any]]:
    arrays: dict[str, NDArray[Any]] = {}
    free = begin
    for name, code, shape, offset, told in listed:
        if code not in _DTYPES or not all(isinstance(n, int) and n >= 0 for n in (*shape, offset)):
            raise DamagedError(str(name))
        dtype, count = np.dtype(code), math.prod(shape)
        start = begin + offset
        if start < free or start % _ALIGNED or start + count * dtype.itemsize > size:
            raise DamagedError(str(name))
        free = start + count * dtype.itemsize
        flat = np.frombuffer(whole, dtype, count, start) if count else np.empty(0, dtype)
        if zlib.crc32(flat.view(np.uint8).data) != told:
            raise DamagedError(str(name))
        arrays[str(name)] = flat.reshape(shape)
    return arrays
